#ifndef SECG_ECG_AVERAGE_LOOP_H
#define SECG_ECG_AVERAGE_LOOP_H

#include "base/wide.h"

/* Weighted sums over beats of up to SECG_AVERAGE_ROWS rows that all of them have; x: the first of these
 * rows in each beat, row_step cells before the next; weight: of each beat.  Leads from k on, in
 * counts: sums [rows][SECG_STRIDE_MAX]; total of the weights. */
enum { SECG_AVERAGE_ROWS = 8 };
SECG_WIDE_DECLARE(void, secg_average_sum_loop, const int16_t *const *x, const float *const *weight,
                  size_t beats, size_t rows, size_t row_step, size_t k, float *sums, float *total);

/* Sum of the squares of a beat's distance from a mean over some rows, leads from where x, mean and sum
 * begin: row_step cells between rows. */
SECG_WIDE_DECLARE(void, secg_average_square_loop, const int16_t *x, const float *mean, size_t rows,
                  size_t row_step, float *sum);

/* The least and the largest count over some rows. */
SECG_WIDE_DECLARE(void, secg_average_range_loop, const int16_t *x, size_t rows, size_t row_step,
                  int16_t *low, int16_t *high);

#endif
