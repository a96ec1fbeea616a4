#ifndef SECG_ECG_DELINEATE_LOOP_H
#define SECG_ECG_DELINEATE_LOOP_H

#include "base/wide.h"

/* Weighted squares of some rows, summed over leads in four lanes, lead k in lane k % 4, one after the
 * other: added to sums [rows][4].  All begin at the first lead; what is not known does not count. */

/* Of how far two places, `apart` cells from each other, differ: read between a row and the next outer
 * one, `part` of the way. */
SECG_WIDE_DECLARE(void, secg_delineate_speed_loop, const float *before, size_t apart, float part,
                  const float *weight, size_t rows, size_t stride, float *sums);

/* Of how far they lie from a level. */
SECG_WIDE_DECLARE(void, secg_delineate_size_loop, const float *x, const float *zero,
                  const float *weight, size_t rows, size_t stride, float *sums);

#endif
