/* QRS is looked for on rows 2 to 2.7 ms apart, while a beat is kept on up to 4 ms (ecg/grid.h): the mean has
 * nothing above half of its own rate, so that the rows between are known from those around them
 * (Shannon); eight of these give them to 0.5 % up to 0.3 of the rate (dsp/interpolate.c).  Ends of waves
 * are where their speed falls under a limit, and a limit is crossed between rows: on 4 ms the place
 * would depend on where the rows happen to lie, by up to 2 ms. */
#include "ecg/delineate_fine.h"

#include "dsp/interpolate.h"
#include "ecg/cut_loop.h"

#include <math.h>
#include <string.h>

static const double coarse_hz = 375, before_ms = 184, after_ms = 224;

void secg_fine_init(secg_fine *f, const secg_grid *g)
{
    *f = (secg_fine){.on = *g};
    if (g->rate_hz >= coarse_hz)
        return;
    size_t before = (size_t)ceil(before_ms * g->rate_hz / 1000);
    size_t after = (size_t)ceil(after_ms * g->rate_hz / 1000);
    f->first = g->r_row - before;
    f->on.rate_hz = 2 * g->rate_hz;
    f->on.r_row = 2 * before;
    f->on.rows = 2 * (before + after) + 1;
    secg_interpolate_weights(0.5, 1, SECG_FINE_TAPS, f->weight);
}

void secg_fine_lay_out(secg_fine *f, secg_arena *arena, const secg_grid *g)
{
    secg_fine_init(f, g);
    if (f->on.rows != g->rows)
        f->mv = secg_take(arena, f->on.rows * g->stride, sizeof *f->mv);
}

const float *secg_fine_rows(const secg_fine *f, const float *mean)
{
    return f->mv ? f->mv : mean;
}

/* Rows of one lead alone are not filled up to quads. */
static void read_one(const float *weight, const float *x, size_t count, float *mv)
{
    for (size_t i = 0; i < count; i++) {
        float sum = 0;
        for (size_t j = 0; j < SECG_FINE_TAPS; j++)
            sum += weight[j] * x[i + j];
        mv[2 * i] = sum;
    }
}

void secg_fine_read(const secg_fine *f, const float *mean, size_t stride, size_t row, size_t count)
{
    float *mv = f->mv + row * stride;
    const float *x = mean + (f->first + row / 2) * stride,
                *around = x - (SECG_FINE_TAPS / 2 - 1) * stride;
    size_t between = count / 2;
    for (size_t i = 0; i < count - between; i++)
        memcpy(mv + 2 * i * stride, x + i * stride, stride * sizeof *mv);
    if (stride < SECG_QUAD) {
        read_one(f->weight, around, between, mv + stride);
        return;
    }
    secg_cut_rows run = {f->weight, SECG_FINE_TAPS, 1, between, stride, 2 * stride};
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_cut_weigh_loop, stride - k)(&run, around + k, mv + stride + k);
}
