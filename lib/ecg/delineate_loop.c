#include "ecg/delineate_loop.h"

/* In the order of the leads, whatever the width. */
static inline void add_squares(float *sum, secg_wide weight, secg_wide y)
{
    secg_wide square = secg_wide_keep(y == y, weight * y * y);
    float lane[SECG_WIDE_LANES];
    secg_wide_store(lane, square);
    secg_quad all = secg_quad_load(sum);
    for (size_t k = 0; k < SECG_WIDE_LANES; k += SECG_QUAD)
        all += secg_quad_load(lane + k);
    secg_quad_store(sum, all);
}

void SECG_WIDE_NAME(secg_delineate_speed_loop)(const float *before, size_t apart, float part,
                                               const float *weight, size_t rows, size_t stride,
                                               float *sums)
{
    const float *earlier = before - stride, *after = before + apart, *further = after + stride;
    secg_wide w = secg_wide_load(weight);
    for (size_t i = 0; rows > 0; rows--, i += stride, sums += SECG_QUAD) {
        secg_wide from = secg_wide_load(before + i), to = secg_wide_load(after + i);
        secg_wide outer = (secg_wide_load(further + i) - to) - (secg_wide_load(earlier + i) - from);
        add_squares(sums, w, to - from + part * outer);
    }
}

void SECG_WIDE_NAME(secg_delineate_size_loop)(const float *x, const float *zero,
                                              const float *weight, size_t rows, size_t stride,
                                              float *sums)
{
    secg_wide w = secg_wide_load(weight), level = secg_wide_load(zero);
    for (; rows > 0; rows--, x += stride, sums += SECG_QUAD)
        add_squares(sums, w, secg_wide_load(x) - level);
}
