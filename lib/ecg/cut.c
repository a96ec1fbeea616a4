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

/* One row of `quads` quads: eight taps at a time, that being what a thinner sample is made of
 * (interpolate.h).  Counts are constants where this is used, so that sums stay in registers. */
SECG_INLINE void weigh_row(const secg_quad *weight, size_t taps, const float *x, float *mv,
                           size_t quads)
{
    secg_quad sum[SECG_QUADS_MOST] = {{0}};
    for (size_t i = 0; i < taps; i += 8)
        for (size_t j = i; j < i + 8; j++, x += quads * SECG_QUAD)
            for (size_t q = 0; q < quads; q++)
                sum[q] += weight[j] * secg_quad_load(x + q * SECG_QUAD);
    for (size_t q = 0; q < quads; q++)
        secg_quad_store(mv + q * SECG_QUAD, sum[q]);
}

/* Rows that share their weights: `count` of them, the frames of each `down` after those of the one
 * before, all side by side. */
typedef struct row_run {
    secg_quad weight[SECG_INTERPOLATE_TAPS_MAX];
    size_t taps, down, count;
    const float *x;
    float *mv; /* the rows, `apart` floats between them                    */
    size_t apart;
} row_run;

SECG_INLINE void weigh_rows(const row_run *run, size_t quads)
{
    const float *x = run->x;
    float *mv = run->mv;
    size_t taps = run->taps, next = run->down * quads * SECG_QUAD, apart = run->apart;
    if (taps == 8)
        for (size_t i = run->count; i > 0; i--, x += next, mv += apart)
            weigh_row(run->weight, 8, x, mv, quads);
    else
        for (size_t i = run->count; i > 0; i--, x += next, mv += apart)
            weigh_row(run->weight, taps, x, mv, quads);
}

/* One row whose frames lie on both sides of the ring's end, or are not held. */
static void weigh_torn(const secg_cut *c, const secg_history *h, const row_run *run, int64_t first,
                       float *mv)
{
    for (size_t k = 0; k < c->grid.stride; k++)
        mv[k] = secg_history_holds(h, first, first + (int64_t)c->taps) ? 0 : NAN;
    for (size_t i = 0; i < c->taps; i++) {
        const float *x = secg_history_frame(h, first + (int64_t)i);
        for (size_t k = 0; x && k < c->grid.stride; k++)
            mv[k] += run->weight[i][0] * x[k];
    }
}

/* Every `up`-th row from `row` on: they share their weights. */
static void cut_phase(const secg_cut *c, const secg_history *h, size_t row, size_t count, float *mv)
{
    size_t up = (size_t)c->grid.up, stride = c->grid.stride, down = (size_t)c->grid.down, side;
    int64_t first = c->first_frame[row % up] + (int64_t)(row / up * down);
    size_t rows = (count + up - 1) / up, span = (rows - 1) * down + c->taps;
    row_run run; /* not cleared: most of its weights are never looked at */
    run.taps = c->taps;
    run.down = down;
    run.count = rows;
    run.mv = mv;
    run.apart = up * stride;
    for (size_t i = 0; i < c->taps; i++)
        run.weight[i] = secg_quad_all(c->weight[row % up][i]);
    if (secg_history_holds(h, first, first + (int64_t)span)) {
        run.x = h->mv + secg_history_place(h, first, &side) * stride;
        if (side >= span) {
            SECG_WITH_QUADS(stride / SECG_QUAD, weigh_rows, &run);
            return;
        }
    }
    for (size_t i = 0; i < rows; i++, first += (int64_t)down)
        weigh_torn(c, h, &run, first, mv + i * run.apart);
}

void secg_cut_raw(const secg_cut *c, const secg_history *h, size_t row, size_t count, float *mv)
{
    for (size_t phase = 0; phase < (size_t)c->grid.up && phase < count; phase++)
        cut_phase(c, h, row + phase, count - phase, mv + phase * c->grid.stride);
}

/* The level under a beat between two places where it bends, as a polynomial of the frames since
 * its own: level.c[m] s^m. */
enum { ORDER = 3 };
typedef struct level_curve {
    double frame, until;
    int order; /* 1: the rest of c is not set                            */
    float c[ORDER + 1][SECG_STRIDE_MAX];
} level_curve;

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* Adds to the curve's terms of order m `w` times how far a level lies off the own one, `off`. */
static void add_term(level_curve *curve, int m, size_t k, double w, secg_quad off)
{
    secg_quad_store(curve->c[m] + k, secg_quad_load(curve->c[m] + k) + (float)w * off);
}

static void add_line(const secg_cut *c, level_curve *curve)
{
    const secg_cut_level *own = &c->own, *other = own;
    double frame = curve->frame, part = 0, per_frame = 0;
    if (frame >= own->frame && c->after.known)
        other = &c->after;
    else if (frame < own->frame && c->before.known)
        other = &c->before;
    if (frame < own->frame)
        curve->until = lesser(curve->until, own->frame);
    if (other != own) {
        double length = other->frame - own->frame;
        part = lesser(1, (frame - own->frame) / length);
        if (part < 1 || (length < 0 && frame == other->frame))
            per_frame = 1 / length;
        if (other->frame > frame)
            curve->until = lesser(curve->until, other->frame);
    }
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad off = secg_quad_load(other->mv + k) - secg_quad_load(own->mv + k);
        off = secg_quad_keep(off == off, off);
        add_term(curve, 0, k, part, off);
        add_term(curve, 1, k, per_frame, off);
    }
}

/* The cubic that is 1 at level i and 0 at the other three, in powers of the frames since `frame`. */
static void cubic_weights(const double *at, int i, double frame, double *w)
{
    int order = 0;
    w[0] = 1;
    for (int j = 0; j <= ORDER; j++) {
        if (j == i)
            continue;
        double scale = 1 / (at[i] - at[j]), off = (frame - at[j]) * scale;
        w[order + 1] = w[order] * scale;
        for (int m = order; m > 0; m--)
            w[m] = w[m] * off + w[m - 1] * scale;
        w[0] *= off;
        order++;
    }
}

static void add_cubic(const secg_cut *c, level_curve *curve)
{
    const secg_cut_level *level[] = {&c->before, &c->own, &c->after, &c->second};
    double at[ORDER + 1], w[ORDER + 1][ORDER + 1];
    for (int i = 0; i <= ORDER; i++)
        at[i] = level[i]->frame;
    for (int i = 0; i <= ORDER; i++)
        cubic_weights(at, i, curve->frame, w[i]);
    curve->order = ORDER;
    curve->until = lesser(curve->until, c->after.frame);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad own = secg_quad_load(c->own.mv + k), off[ORDER + 1], all = secg_quad_all(0);
        for (int i = 0; i <= ORDER; i++)
            all += off[i] = secg_quad_load(level[i]->mv + k) - own;
        for (int m = 0; m <= ORDER; m++) {
            secg_quad sum = secg_quad_load(curve->c[m] + k);
            for (int i = 0; i <= ORDER; i++)
                sum += (float)w[i][m] * secg_quad_keep(all == all, off[i]);
            secg_quad_store(curve->c[m] + k, sum);
        }
    }
}

static void add_wander(const secg_cut *c, const secg_history *h, level_curve *curve)
{
    if (!(c->share > 0))
        return;
    curve->until = secg_baseline_line(&h->baseline, curve->frame, curve->c[0], curve->c[1]);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD)
        for (int m = 0; m <= 1; m++)
            secg_quad_store(curve->c[m] + k, c->share * secg_quad_load(curve->c[m] + k));
}

/* What to subtract from a frame on. */
static void find_curve(const secg_cut *c, const secg_history *h, double frame, level_curve *curve)
{
    curve->frame = frame;
    curve->until = INFINITY;
    curve->order = 1;
    memset(curve->c, 0, sizeof curve->c);
    add_wander(c, h, curve);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD)
        add_term(curve, 0, k, 1, secg_quad_load(c->own.mv + k));
    if (c->before.known && c->after.known && c->second.known && frame >= c->own.frame &&
        frame < c->after.frame)
        add_cubic(c, curve);
    else
        add_line(c, curve);
}

/* `count` rows from the curve's own frame on, `step` frames apart. */
SECG_INLINE void subtract(const level_curve *curve, float step, float *mv, size_t count,
                          size_t quads)
{
    for (size_t i = 0; i < count; i++, mv += quads * SECG_QUAD) {
        secg_quad s = secg_quad_all(step * (float)i);
        for (size_t q = 0; q < quads; q++) {
            size_t k = q * SECG_QUAD;
            secg_quad slope = secg_quad_load(curve->c[1] + k);
            if (curve->order > 1)
                slope +=
                    s * (secg_quad_load(curve->c[2] + k) + s * secg_quad_load(curve->c[3] + k));
            secg_quad level = secg_quad_load(curve->c[0] + k) + s * slope;
            secg_quad_store(mv + k, secg_quad_load(mv + k) - level);
        }
    }
}

void secg_cut_levelled(const secg_cut *c, const secg_history *h, size_t row, size_t count,
                       float *mv)
{
    double begin = frame_of_row(c, (double)row), step = (double)c->grid.down / c->grid.up;
    size_t stride = c->grid.stride, i = 0;
    secg_cut_raw(c, h, row, count, mv);
    while (i < count) {
        level_curve curve;
        double frame = begin + step * (double)i;
        find_curve(c, h, frame, &curve);
        double reach = lesser(ceil((curve.until - frame) / step), (double)(count - i));
        size_t rows = reach > 1 ? (size_t)reach : 1;
        SECG_WITH_QUADS(stride / SECG_QUAD, subtract, &curve, (float)step, mv, rows);
        mv += rows * stride;
        i += rows;
    }
}

void secg_cut_store(const float *mv, size_t cells, int16_t *counts)
{
    const secg_quad most = secg_quad_all(32767), gap = secg_quad_all(SECG_GRID_GAP);
    for (size_t i = 0; i < cells; i += SECG_QUAD) {
        secg_quad x = secg_quad_load(mv + i) * (1 / SECG_GRID_MV);
        secg_quad held = secg_quad_max(-most, secg_quad_min(most, x));
        secg_quad_to_counts(counts + i, secg_quad_pick(x == x, held, gap));
    }
}
