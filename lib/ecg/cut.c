#include "ecg/cut.h"

#include <math.h>
#include <string.h>

void secg_history_lay_out(secg_history *h, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s)
{
    *h = (secg_history){.stride = stride, .channels = channels};
    h->frames = (size_t)ceil(history_s * rate_hz);
    h->mv = secg_take(arena, h->frames * stride, sizeof *h->mv);
    secg_baseline_lay_out(&h->baseline, arena, rate_hz, channels, stride, lag_s, history_s);
}

void secg_history_reset(secg_history *h)
{
    h->pushed = 0;
    secg_baseline_reset(&h->baseline);
}

void secg_history_push(secg_history *h, const float *mv)
{
    memcpy(h->mv + (size_t)(h->pushed % (int64_t)h->frames) * h->stride, mv,
           h->channels * sizeof *mv);
    secg_baseline_push(&h->baseline, mv);
    h->pushed++;
}

static const float *frame_at(const secg_history *h, int64_t frame)
{
    int held = frame >= 0 && frame < h->pushed && frame >= h->pushed - (int64_t)h->frames;
    return held ? h->mv + (size_t)(frame % (int64_t)h->frames) * h->stride : NULL;
}

void secg_history_level(const secg_history *h, double centre, double half, float *level)
{
    int64_t first = (int64_t)ceil(centre - half), last = (int64_t)floor(centre + half);
    float wander[SECG_STRIDE_MAX];
    for (size_t k = 0; k < h->stride; k++)
        level[k] = 0;
    for (int64_t n = first; n <= last; n++) {
        const float *mv = frame_at(h, n);
        for (size_t k = 0; k < h->stride; k++)
            level[k] += mv ? mv[k] : NAN;
    }
    secg_baseline_at(&h->baseline, centre, wander);
    float scale = 1.0f / (float)(last - first + 1);
    for (size_t k = 0; k < h->stride; k++)
        level[k] = level[k] * scale - wander[k];
}

void secg_cut_lay_out(secg_cut *c, secg_arena *arena, const secg_grid *grid)
{
    *c = (secg_cut){.grid = *grid, .taps = secg_interpolate_taps(grid->down)};
    c->qrs = secg_take(arena, grid->rows * grid->stride, sizeof *c->qrs);
}

/* Rows that are `up` apart lie at the same fraction between frames: a set of weights for each. */
void secg_cut_at(secg_cut *c, double r_frame)
{
    c->r_frame = r_frame;
    for (int phase = 0; phase < c->grid.up; phase++) {
        double frame =
            r_frame + ((double)phase - (double)c->grid.r_row) * c->grid.down / c->grid.up;
        double whole = floor(frame);
        c->first_frame[phase] = (int64_t)whole - (int64_t)c->taps / 2 + 1;
        secg_interpolate_weights(frame - whole, c->grid.down, c->taps, c->weight[phase]);
    }
}

/* The line through the isoelectric levels of the beats around a time. */
static void subtract_line(const secg_cut *c, double frame, float *mv)
{
    float part = 0;
    const float *other = c->own;
    if (frame > c->own_frame && c->has_after) {
        other = c->after;
        part = (float)fmin(1, (frame - c->own_frame) / (c->after_frame - c->own_frame));
    } else if (frame < c->own_frame && c->has_before) {
        other = c->before;
        part = (float)fmin(1, (c->own_frame - frame) / (c->own_frame - c->before_frame));
    }
    for (size_t k = 0; k < c->grid.stride; k++)
        mv[k] -= c->own[k] + part * (other[k] - c->own[k]);
}

void secg_cut_row(const secg_cut *c, const secg_history *h, size_t row, float *mv)
{
    size_t up = (size_t)c->grid.up, phase = row % up;
    int64_t first = c->first_frame[phase] + (int64_t)(row / up) * c->grid.down;
    const float *weight = c->weight[phase];
    float sum[SECG_STRIDE_MAX] = {0}, wander[SECG_STRIDE_MAX];
    for (size_t i = 0; i < c->taps; i++) {
        const float *x = frame_at(h, first + (int64_t)i);
        if (!x) {
            for (size_t k = 0; k < c->grid.stride; k++)
                mv[k] = NAN;
            return;
        }
        for (size_t k = 0; k < c->grid.stride; k++)
            sum[k] += weight[i] * x[k];
    }
    double frame = c->r_frame + ((double)row - (double)c->grid.r_row) * c->grid.down / c->grid.up;
    secg_baseline_at(&h->baseline, frame, wander);
    for (size_t k = 0; k < c->grid.stride; k++)
        mv[k] = sum[k] - wander[k];
    subtract_line(c, frame, mv);
}
