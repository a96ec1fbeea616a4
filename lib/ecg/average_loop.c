#include "ecg/average_loop.h"

#include "ecg/grid.h"

/* `rows` is a constant where this is used, so that sums stay in registers. */
SECG_INLINE void add_rows(const int16_t *const *x, const float *const *weight, size_t beats,
                          size_t offset, size_t rows, size_t row_step, size_t k, float *sums,
                          float *total)
{
    secg_wide at[SECG_AVERAGE_ROWS] = {{0}}, all = secg_wide_all(0);
    for (size_t i = 0; i < beats; i++) {
        const int16_t *row = x[i] + offset;
        secg_wide w = secg_wide_load(weight[i] + k);
        for (size_t r = 0; r < rows; r++, row += row_step)
            at[r] += w * secg_wide_from_counts(row);
        all += w;
    }
    for (size_t r = 0; r < rows; r++)
        secg_wide_store(sums + r * SECG_STRIDE_MAX + k, at[r]);
    secg_wide_store(total + k, all);
}

void SECG_WIDE_NAME(secg_average_sum_loop)(const int16_t *const *x, const float *const *weight,
                                           size_t beats, size_t rows, size_t row_step, size_t k,
                                           float *sums, float *total)
{
    if (rows == SECG_AVERAGE_ROWS)
        add_rows(x, weight, beats, k, SECG_AVERAGE_ROWS, row_step, k, sums, total);
    else
        for (size_t r = 0; r < rows; r++)
            add_rows(x, weight, beats, r * row_step + k, 1, row_step, k, sums + r * SECG_STRIDE_MAX,
                     total);
}

void SECG_WIDE_NAME(secg_average_torn_loop)(const int16_t *x, size_t rows, size_t row_step,
                                            const float *weight, float *sums, float *totals)
{
    const secg_wide gap = secg_wide_all(SECG_GRID_GAP), all = secg_wide_load(weight);
    for (; rows > 0; rows--, x += row_step, sums += SECG_STRIDE_MAX, totals += SECG_STRIDE_MAX) {
        secg_wide count = secg_wide_from_counts(x), w = secg_wide_keep(count != gap, all);
        secg_wide_store(sums, secg_wide_load(sums) + w * count);
        secg_wide_store(totals, secg_wide_load(totals) + w);
    }
}

void SECG_WIDE_NAME(secg_average_mean_loop)(const float *sums, const float *totals,
                                            size_t total_step, size_t rows, size_t row_step,
                                            float *mean)
{
    for (; rows > 0; rows--, sums += SECG_STRIDE_MAX, totals += total_step, mean += row_step)
        secg_wide_store(mean, secg_wide_load(sums) / secg_wide_load(totals) * SECG_GRID_MV);
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

void SECG_WIDE_NAME(secg_average_range_loop)(const int16_t *x, size_t rows, size_t row_step,
                                             int16_t *low, int16_t *high)
{
    secg_wide_count least = secg_wide_load_counts(x), most = least;
    for (; rows > 1; rows--) {
        x += row_step;
        secg_wide_count now = secg_wide_load_counts(x);
        least = secg_wide_min_counts(least, now);
        most = secg_wide_max_counts(most, now);
    }
    memcpy(low, &least, SECG_WIDE_LANES * sizeof *low);
    memcpy(high, &most, SECG_WIDE_LANES * sizeof *high);
}
