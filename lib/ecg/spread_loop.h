#ifndef SECG_ECG_SPREAD_LOOP_H
#define SECG_ECG_SPREAD_LOOP_H

#include "base/wide.h"

/* Two forms of how far the rows of a beat lie from those of a mean; x and mean begin at the first
 * lead.  Rows in which both forms are zero do not count, whatever they hold. */
SECG_WIDE_DECLARE(void, secg_spread_loop, const int16_t *x, const float *mean, const float *level,
                  const float *slope, size_t rows, size_t stride, float *level_sum,
                  float *slope_sum);

#endif
