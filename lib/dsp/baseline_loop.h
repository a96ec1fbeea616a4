#ifndef SECG_DSP_BASELINE_LOOP_H
#define SECG_DSP_BASELINE_LOOP_H

#include "base/wide.h"

/* Some rows added to sum; x and sum begin at the first lead. */
SECG_WIDE_DECLARE(void, secg_baseline_add_loop, const float *x, size_t rows, size_t stride,
                  float *sum);

/* kernel[0] times the row at centre and kernel[j] times those j rows before and after it, over a
 * total. */
SECG_WIDE_DECLARE(void, secg_baseline_mean_loop, const float *centre, const float *kernel,
                  size_t half, float total, size_t stride, float *mean);

/* Some rows, each with its weight, over their total. */
SECG_WIDE_DECLARE(void, secg_baseline_weigh_loop, const float *x, const float *weight, size_t rows,
                  float total, size_t stride, float *mean);

#endif
