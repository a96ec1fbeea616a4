#include "ecg/align_loop.h"

enum { VECTORS = SECG_ALIGN_LANES / SECG_WIDE_LANES };

static void add_last_quad(const float *x, const float *pattern, float *sum)
{
    secg_quad product = secg_quad_load(x) * secg_quad_load(pattern);
    secg_quad_store(sum, secg_quad_load(sum) + product);
}

void SECG_WIDE_NAME(secg_align_loop)(const float *x, const float *pattern, size_t cells,
                                     size_t lag_step, float *sums)
{
    secg_wide sum[SECG_ALIGN_LAGS][VECTORS] = {{{0}}};
    for (; cells >= SECG_ALIGN_LANES; cells -= SECG_ALIGN_LANES) {
        for (size_t v = 0; v < VECTORS; v++) {
            secg_wide p = secg_wide_load(pattern + v * SECG_WIDE_LANES);
            for (size_t l = 0; l < SECG_ALIGN_LAGS; l++)
                sum[l][v] += p * secg_wide_load(x + l * lag_step + v * SECG_WIDE_LANES);
        }
        x += SECG_ALIGN_LANES;
        pattern += SECG_ALIGN_LANES;
    }
    for (size_t l = 0; l < SECG_ALIGN_LAGS; l++) {
        for (size_t v = 0; v < VECTORS; v++)
            secg_wide_store(sums + l * SECG_ALIGN_LANES + v * SECG_WIDE_LANES, sum[l][v]);
        if (cells > 0)
            add_last_quad(x + l * lag_step, pattern, sums + l * SECG_ALIGN_LANES);
    }
}
