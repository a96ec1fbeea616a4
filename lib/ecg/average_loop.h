#ifndef SECG_ECG_AVERAGE_LOOP_H
#define SECG_ECG_AVERAGE_LOOP_H

#include "base/wide.h"

/* Weighted sums over beats of up to SECG_AVERAGE_ROWS rows that all of them have; x: the first of these
 * rows in each beat, row_step cells before the next; weight: of each beat.  Leads from k on, in
 * counts: sums [rows][SECG_STRIDE_MAX]; total of the weights. */
enum { SECG_AVERAGE_ROWS = 8 };
SECG_WIDE_DECLARE(void, secg_average_sum_loop, const int16_t *const *x, const float *const *weight,
                  size_t beats, size_t rows, size_t row_step, size_t k, float *sums, float *total);

/* Adds one beat's rows to such sums, each row with its total; gaps do not count.  All begin at the first
 * lead. */
SECG_WIDE_DECLARE(void, secg_average_torn_loop, const int16_t *x, size_t rows, size_t row_step,
                  const float *weight, float *sums, float *totals);

/* Such sums over their totals as rows of a mean in mV, row_step apart; total_step is 0 where all rows
 * have the same.  sums, totals and mean begin at the first lead. */
SECG_WIDE_DECLARE(void, secg_average_mean_loop, const float *sums, const float *totals,
                  size_t total_step, size_t rows, size_t row_step, float *mean);

/* Sum of the squares of a beat's distance from a mean over some rows, leads from where x, mean and sum
 * begin: row_step cells between rows. */
SECG_WIDE_DECLARE(void, secg_average_square_loop, const int16_t *x, const float *mean, size_t rows,
                  size_t row_step, float *sum);

/* The least and the largest count over some rows. */
SECG_WIDE_DECLARE(void, secg_average_range_loop, const int16_t *x, size_t rows, size_t row_step,
                  int16_t *low, int16_t *high);

#endif
