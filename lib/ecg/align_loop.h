#ifndef SECG_ECG_ALIGN_LOOP_H
#define SECG_ECG_ALIGN_LOOP_H

#include "base/wide.h"

/* Products of a pattern with so many places of x, `lag_step` cells apart, summed in eight lanes, cell i
 * in lane i % 8, whatever the width: sums [lags][8].  cells is a multiple of four. */
enum { SECG_ALIGN_LAGS = 4, SECG_ALIGN_LANES = 2 * SECG_QUAD };
SECG_WIDE_DECLARE(void, secg_align_loop, const float *x, const float *pattern, size_t cells,
                  size_t lag_step, float *sums);

#endif
