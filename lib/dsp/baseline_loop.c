#include "dsp/baseline_loop.h"

enum { TOGETHER = 4 }; /* rows between which nothing is counted */

void SECG_WIDE_NAME(secg_baseline_add_loop)(const float *x, size_t rows, size_t stride, float *sum)
{
    secg_wide all = secg_wide_load(sum);
    for (; rows >= TOGETHER; rows -= TOGETHER, x += TOGETHER * stride)
        for (size_t n = 0; n < TOGETHER; n++)
            all += secg_wide_load(x + n * stride);
    for (; rows > 0; rows--, x += stride)
        all += secg_wide_load(x);
    secg_wide_store(sum, all);
}

/* `rows` to either side of the centre, from the nearest on; a constant where this is used. */
SECG_INLINE secg_wide add_sides(secg_wide sum, const float *kernel, const float *before,
                                const float *after, size_t rows, size_t stride)
{
    for (size_t j = 1; j <= rows; j++)
        sum += secg_wide_all(kernel[j]) *
               (secg_wide_load(before - j * stride) + secg_wide_load(after + j * stride));
    return sum;
}

void SECG_WIDE_NAME(secg_baseline_mean_loop)(const float *centre, const float *kernel, size_t half,
                                             float total, size_t stride, float *mean)
{
    const float *before = centre, *after = centre;
    secg_wide sum = secg_wide_all(*kernel) * secg_wide_load(centre);
    for (; half >= TOGETHER; half -= TOGETHER, kernel += TOGETHER) {
        sum = add_sides(sum, kernel, before, after, TOGETHER, stride);
        before -= TOGETHER * stride;
        after += TOGETHER * stride;
    }
    for (; half > 0; half--, kernel++, before -= stride, after += stride)
        sum = add_sides(sum, kernel, before, after, 1, stride);
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
