#include "ecg/shapes_loop.h"

static inline secg_wide scaled(const int32_t *x, float scale)
{
    return __builtin_convertvector(secg_wide_load_whole(x), secg_wide) * scale;
}

void SECG_WIDE_NAME(secg_shapes_weigh_loop)(const int32_t *bump, size_t rows, size_t channels,
                                            float scale, const float *weight, float *weighed,
                                            float *products)
{
    secg_wide w = secg_wide_load(weight);
    for (; rows > 0; rows--, bump += channels, weighed += channels, products += channels) {
        secg_wide v = scaled(bump, scale), product = w * v;
        secg_wide_store(weighed, product);
        secg_wide_store(products, product * v);
    }
}

void SECG_WIDE_NAME(secg_shapes_approach_loop)(float *cell, const int32_t *x, size_t rows,
                                               size_t channels, float scale, const float *base,
                                               float part, float *energy)
{
    secg_wide sum = secg_wide_all(0), level = secg_wide_load(base);
    for (; rows > 0; rows--, cell += channels, x += channels) {
        secg_wide t = secg_wide_load(cell);
        t += part * (scaled(x, scale) - level - t);
        sum += t * t;
        secg_wide_store(cell, t);
    }
    secg_wide_store(energy, sum);
}

/* As secg_main_deflection(). */
static inline secg_wide deflection(const float *plain, size_t channels, int32_t row)
{
    secg_wide mv = secg_wide_load(plain + (size_t)row * channels);
    return secg_wide_max(mv, SECG_SHAPES_DOWNWARD * -mv);
}

void SECG_WIDE_NAME(secg_shapes_main_loop)(const float *plain, int32_t first, int32_t rows,
                                           int32_t middle, size_t channels, int32_t *best)
{
    secg_wide largest = deflection(plain, channels, middle);
    secg_wide_mask at = (secg_wide_mask){0} + middle;
    for (int32_t r = first; r < first + rows; r++) {
        secg_wide size = deflection(plain, channels, r);
        secg_wide_mask more = size > largest;
        largest = secg_wide_max(size, largest);
        at = (more & r) | (~more & at);
    }
    secg_wide_store_whole(best, at);
}
