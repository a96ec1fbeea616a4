/* Levelling: the baseline of a beat runs through its own isoelectric (PR) level and those of its
 * neighbours, on top of a share of the slow wander: from a level to the next a cubic through these
 * two and the ones beside them, a line where one of those is not known or in the half before.
 *
 *     y(t) = x(t) - wander(t) - sum_j L_j prod_{i != j} (t - t_i) / (t_j - t_i)
 *
 * A line through two points a distance T apart errs by a(1 - a)/2 T^2 times the curvature of the
 * wander, a the part of the way: 27 uV at most for 1 mV p-p at 0.3 Hz and 170 bpm; the cubic by
 * (1 + a) a (1 - a) (2 - a)/24 T^4 times the fourth derivative, 1 uV.  They ask nothing of the
 * spectrum between the points: no area of a QRS, a T wave or an ectopic beat moves them, which no
 * filter can say.  At 50 bpm the line errs by 170 uV; there the zero-phase wander (dsp/baseline.c)
 * is taken away first, `share` of it.  A step of electrode motion makes the cubic ring: such a
 * beat's level lies off the line of its neighbours', by which its weight falls (level_doubt).
 *
 * Weights over the noise: at the point ST lies, about half way at peak exercise, the
 * variance of line and cubic is half to 0.65 of that of one level alone. */
#include "ecg/cut.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

void secg_cut_init(secg_cut *c, const secg_grid *grid)
{
    *c = (secg_cut){.grid = *grid, .taps = secg_interpolate_taps(grid->down)};
}

static double frame_of_row(const secg_cut *c, double row)
{
    return c->r_frame + (row - (double)c->grid.r_row) * c->grid.down / c->grid.up;
}

/* Rows that are `up` apart lie at the same fraction between frames: a set of weights for each. */
void secg_cut_at(secg_cut *c, double r_frame)
{
    c->r_frame = r_frame;
    for (int phase = 0; phase < c->grid.up; phase++) {
        double frame = frame_of_row(c, phase), whole = floor(frame);
        c->first_frame[phase] = (int64_t)whole - (int64_t)c->taps / 2 + 1;
        secg_interpolate_weights(frame - whole, c->grid.down, c->taps, c->weight[phase]);
    }
}

static void subtract_wander(const secg_cut *c, const secg_history *h, double frame, float *mv)
{
    float wander[SECG_STRIDE_MAX];
    if (!(c->share > 0))
        return;
    secg_baseline_at(&h->baseline, frame, wander);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD)
        secg_quad_store(mv + k, secg_quad_load(mv + k) - c->share * secg_quad_load(wander + k));
}

void secg_cut_measure_level(const secg_cut *c, const secg_history *h, double frame, double half,
                            secg_cut_level *level)
{
    int64_t first = (int64_t)ceil(frame - half), last = (int64_t)floor(frame + half);
    float scale = 1.0f / (float)(last - first + 1);
    *level = (secg_cut_level){.known = 1, .frame = 0.5 * (double)(first + last)};
    for (int64_t n = first; n <= last; n++) {
        const float *mv = secg_history_frame(h, n);
        for (size_t k = 0; k < c->grid.stride; k++)
            level->mv[k] += mv ? mv[k] : NAN;
    }
    for (size_t k = 0; k < c->grid.stride; k++)
        level->mv[k] *= scale;
    subtract_wander(c, h, level->frame, level->mv);
}

void secg_cut_level_doubt(const secg_cut *c, float *mv2)
{
    const secg_cut_level *a = &c->before, *b = &c->after;
    memset(mv2, 0, c->grid.stride * sizeof *mv2);
    if (!a->known || !b->known)
        return;
    float part = (float)((c->own.frame - a->frame) / (b->frame - a->frame));
    for (size_t k = 0; k < c->grid.stride; k++) {
        float off = c->own.mv[k] - a->mv[k] - part * (b->mv[k] - a->mv[k]);
        mv2[k] = off == off ? off * off : 0;
    }
}

/* Adds weight[i] times frame i of a run of frames, four leads of it. */
static secg_quad weighted(secg_quad sum, const float *weight, const float *x, size_t count,
                          size_t stride)
{
    for (size_t i = 0; i < count; i++, x += stride)
        sum += weight[i] * secg_quad_load(x);
    return sum;
}

void secg_cut_raw(const secg_cut *c, const secg_history *h, size_t row, float *mv)
{
    size_t up = (size_t)c->grid.up, stride = c->grid.stride;
    int64_t first = c->first_frame[row % up] + (int64_t)(row / up) * c->grid.down;
    const float *weight = c->weight[row % up];
    if (!secg_history_holds(h, first, first + (int64_t)c->taps)) {
        for (size_t k = 0; k < stride; k++)
            mv[k] = NAN;
        return;
    }
    size_t at = (size_t)(first % (int64_t)h->frames);
    size_t run = h->frames - at < c->taps ? h->frames - at : c->taps;
    for (size_t k = 0; k < stride; k += SECG_QUAD) {
        secg_quad sum = weighted(secg_quad_all(0), weight, h->mv + at * stride + k, run, stride);
        sum = weighted(sum, weight + run, h->mv + k, c->taps - run, stride);
        secg_quad_store(mv + k, sum);
    }
}

/* Weights of the four levels for a time, so that a cubic runs through all of them. */
static void cubic_weights(const secg_cut *c, double frame, float *weight)
{
    const double at[4] = {c->before.frame, c->own.frame, c->after.frame, c->second.frame};
    for (int i = 0; i < 4; i++) {
        double w = 1;
        for (int j = 0; j < 4; j++)
            if (j != i)
                w *= (frame - at[j]) / (at[i] - at[j]);
        weight[i] = (float)w;
    }
}

static void subtract_cubic(const secg_cut *c, double frame, float *mv)
{
    float w[4];
    cubic_weights(c, frame, w);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad own = secg_quad_load(c->own.mv + k), level = own;
        secg_quad before = secg_quad_load(c->before.mv + k) - own;
        secg_quad after = secg_quad_load(c->after.mv + k) - own;
        secg_quad second = secg_quad_load(c->second.mv + k) - own;
        secg_quad bend = w[0] * before + w[2] * after + w[3] * second;
        level += secg_quad_keep(bend == bend, bend);
        secg_quad_store(mv + k, secg_quad_load(mv + k) - level);
    }
}

static void subtract_line(const secg_cut *c, double frame, float *mv)
{
    const secg_cut_level *own = &c->own, *other = own;
    float part = 0;
    if (frame > own->frame && c->after.known)
        other = &c->after;
    else if (frame < own->frame && c->before.known)
        other = &c->before;
    if (other != own)
        part = (float)fmin(1, (frame - own->frame) / (other->frame - own->frame));
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad level = secg_quad_load(own->mv + k);
        secg_quad rise = secg_quad_load(other->mv + k) - level;
        level += secg_quad_keep(rise == rise, part * rise);
        secg_quad_store(mv + k, secg_quad_load(mv + k) - level);
    }
}

void secg_cut_levelled(const secg_cut *c, const secg_history *h, size_t row, float *mv)
{
    double frame = frame_of_row(c, (double)row);
    secg_cut_raw(c, h, row, mv);
    subtract_wander(c, h, frame, mv);
    if (c->before.known && c->after.known && c->second.known && frame > c->own.frame &&
        frame < c->after.frame)
        subtract_cubic(c, frame, mv);
    else
        subtract_line(c, frame, mv);
}
