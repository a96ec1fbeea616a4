#include "dsp/baseline_loop.h"

void SECG_WIDE_NAME(secg_baseline_add_loop)(const float *x, size_t rows, size_t stride, float *sum)
{
    secg_wide all = secg_wide_load(sum);
    for (; rows > 0; rows--, x += stride)
        all += secg_wide_load(x);
    secg_wide_store(sum, all);
}

void SECG_WIDE_NAME(secg_baseline_mean_loop)(const float *centre, const float *kernel, size_t half,
                                             float total, size_t stride, float *mean)
{
    const float *before = centre, *after = centre;
    secg_wide sum = secg_wide_all(*kernel) * secg_wide_load(centre);
    for (; half > 0; half--) {
        before -= stride;
        after += stride;
        sum += secg_wide_all(*++kernel) * (secg_wide_load(before) + secg_wide_load(after));
    }
    secg_wide_store(mean, sum / total);
}

void SECG_WIDE_NAME(secg_baseline_weigh_loop)(const float *x, const float *weight, size_t rows,
                                              float total, size_t stride, float *mean)
{
    secg_wide sum = secg_wide_all(0);
    for (; rows > 0; rows--, x += stride, weight++)
        sum += secg_wide_all(*weight) * secg_wide_load(x);
    secg_wide_store(mean, sum / total);
}
