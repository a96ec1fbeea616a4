#include "ecg/average_loop.h"

#include "ecg/grid.h"

void SECG_WIDE_NAME(secg_average_sum_loop)(const int16_t *const *x, const float *const *weight,
                                           size_t beats, size_t row_step, size_t k, float *sums,
                                           float *total)
{
    secg_wide at[SECG_AVERAGE_ROWS] = {{0}}, all = secg_wide_all(0);
    for (size_t i = 0; i < beats; i++) {
        const int16_t *row = x[i] + k;
        secg_wide w = secg_wide_load(weight[i] + k);
        for (size_t r = 0; r < SECG_AVERAGE_ROWS; r++, row += row_step)
            at[r] += w * secg_wide_from_counts(row);
        all += w;
    }
    for (size_t r = 0; r < SECG_AVERAGE_ROWS; r++)
        secg_wide_store(sums + r * SECG_STRIDE_MAX + k, at[r]);
    secg_wide_store(total + k, all);
}

void SECG_WIDE_NAME(secg_average_square_loop)(const int16_t *x, const float *mean, size_t rows,
                                              size_t row_step, float *sum)
{
    secg_wide squares = secg_wide_all(0);
    for (; rows > 0; rows--, x += row_step, mean += row_step) {
        secg_wide d = secg_wide_from_counts(x) * SECG_GRID_MV - secg_wide_load(mean);
        squares += d * d;
    }
    secg_wide_store(sum, squares);
}
