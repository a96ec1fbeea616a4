#include "ecg/cut_loop.h"

#include "ecg/grid.h"

/* Eight taps at a time: one row of them where there are no more, so that the weights stay at hand. */
enum { TAPS = 8 };

SECG_INLINE secg_wide add_taps(secg_wide sum, const float *weight, const float *x, size_t stride,
                               size_t from)
{
    for (size_t i = from; i < TAPS; i++)
        sum += secg_wide_all(weight[i]) * secg_wide_load(x + i * stride);
    return sum;
}

SECG_INLINE secg_wide weigh_taps(const float *weight, const float *x, size_t stride)
{
    return add_taps(secg_wide_all(weight[0]) * secg_wide_load(x), weight, x, stride, 1);
}

static void weigh_many(const secg_cut_rows *rows, const float *x, float *mv)
{
    size_t taps = rows->taps, stride = rows->stride, next = rows->down * stride;
    for (size_t i = rows->count; i > 0; i--, x += next, mv += rows->row_step) {
        secg_wide sum = weigh_taps(rows->weight, x, stride);
        for (size_t j = TAPS; j < taps; j += TAPS)
            sum = add_taps(sum, rows->weight + j, x + j * stride, stride, 0);
        secg_wide_store(mv, sum);
    }
}

void SECG_WIDE_NAME(secg_cut_weigh_loop)(const secg_cut_rows *rows, const float *x, float *mv)
{
    size_t stride = rows->stride, next = rows->down * stride, row_step = rows->row_step;
    float weight[TAPS];
    if (rows->taps != TAPS) {
        weigh_many(rows, x, mv);
        return;
    }
    memcpy(weight, rows->weight, sizeof weight);
    for (size_t i = rows->count; i > 0; i--, x += next, mv += row_step)
        secg_wide_store(mv, weigh_taps(weight, x, stride));
}

void SECG_WIDE_NAME(secg_cut_move_loop)(const float *curve, float s, float *moved)
{
    secg_wide c0 = secg_wide_load(curve), c1 = secg_wide_load(curve + SECG_STRIDE_MAX);
    secg_wide c2 = secg_wide_load(curve + 2 * SECG_STRIDE_MAX);
    secg_wide c3 = secg_wide_load(curve + 3 * SECG_STRIDE_MAX);
    secg_wide_store(moved, c0 + s * (c1 + s * (c2 + s * c3)));
    secg_wide_store(moved + SECG_STRIDE_MAX, c1 + s * (2.0f * c2 + 3.0f * s * c3));
    secg_wide_store(moved + 2 * SECG_STRIDE_MAX, c2 + 3.0f * s * c3);
    secg_wide_store(moved + 3 * SECG_STRIDE_MAX, c3);
}

void SECG_WIDE_NAME(secg_cut_level_loop)(const float *curve, float step, float *mv, size_t count,
                                         size_t stride)
{
    secg_wide c0 = secg_wide_load(curve), c1 = secg_wide_load(curve + SECG_STRIDE_MAX);
    secg_wide c2 = secg_wide_load(curve + 2 * SECG_STRIDE_MAX);
    secg_wide c3 = secg_wide_load(curve + 3 * SECG_STRIDE_MAX);
    float s = 0;
    for (; count > 0; count--, s += step, mv += stride) {
        secg_wide at = secg_wide_all(s), level = c0 + at * (c1 + at * (c2 + at * c3));
        secg_wide_store(mv, secg_wide_load(mv) - level);
    }
}

void SECG_WIDE_NAME(secg_cut_store_loop)(const float *mv, size_t cells, int16_t *counts)
{
    const secg_wide most = secg_wide_all(32767);
    for (; cells >= SECG_WIDE_LANES; cells -= SECG_WIDE_LANES) {
        secg_wide x = secg_wide_load(mv) * (1 / SECG_GRID_MV);
        secg_wide_to_counts(counts, secg_wide_max(-most, secg_wide_min(most, x)));
        mv += SECG_WIDE_LANES;
        counts += SECG_WIDE_LANES;
    }
}
