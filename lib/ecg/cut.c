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

#include "ecg/cut_loop.h"

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
    c->curve.until = -INFINITY;
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

/* One row whose frames lie on both sides of the ring's end, or are not held. */
static void weigh_torn(const secg_history *h, const secg_cut_rows *run, int64_t first, float *mv)
{
    if (!secg_history_holds(h, first, first + (int64_t)run->taps)) {
        for (size_t k = 0; k < run->stride; k++)
            mv[k] = NAN;
        return;
    }
    size_t side, place = secg_history_place(h, first, &side);
    for (size_t k = 0; k < run->stride; k += SECG_QUAD) {
        const float *x = h->mv + place * run->stride + k;
        secg_quad sum = secg_quad_all(0);
        for (size_t i = 0; i < run->taps; i++, x += run->stride) {
            x = i == side ? h->mv + k : x;
            sum += run->weight[i] * secg_quad_load(x);
        }
        secg_quad_store(mv + k, sum);
    }
}

/* How many of the rows from one on lie in one piece; 0: not one. */
static size_t rows_in_one(const secg_history *h, const secg_cut_rows *run, int64_t first,
                          const float **x)
{
    size_t side, span = (run->count - 1) * run->down + run->taps;
    if (!secg_history_holds(h, first, first + (int64_t)span))
        return 0;
    *x = h->mv + secg_history_place(h, first, &side) * run->stride;
    if (side >= span)
        return run->count;
    return side < run->taps ? 0 : (side - run->taps) / run->down + 1;
}

/* Every `up`-th row from `row` on: they share their weights. */
static void cut_phase(const secg_cut *c, const secg_history *h, size_t row, size_t count, float *mv)
{
    size_t up = (size_t)c->grid.up, stride = c->grid.stride, down = (size_t)c->grid.down;
    int64_t first = c->first_frame[row % up] + (int64_t)(row / up * down);
    secg_cut_rows run = {.weight = c->weight[row % up],
                         .taps = c->taps,
                         .down = down,
                         .count = (count + up - 1) / up,
                         .stride = stride,
                         .row_step = up * stride};
    for (size_t left = run.count, done; left > 0; left -= done) {
        const float *x;
        run.count = left;
        run.count = done = rows_in_one(h, &run, first, &x);
        if (done == 0)
            weigh_torn(h, &run, first, mv), done = 1;
        else
            for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
                SECG_WIDE(secg_cut_weigh_loop, stride - k)(&run, x + k, mv + k);
        first += (int64_t)(done * down);
        mv += done * run.row_step;
    }
}

void secg_cut_raw(const secg_cut *c, const secg_history *h, size_t row, size_t count, float *mv)
{
    for (size_t phase = 0; phase < (size_t)c->grid.up && phase < count; phase++)
        cut_phase(c, h, row + phase, count - phase, mv + phase * c->grid.stride);
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* Adds to the curve's terms of order m `w` times how far a level lies off the own one, `off`. */
static void add_term(secg_cut_curve *curve, int m, size_t k, double w, secg_quad off)
{
    secg_quad_store(curve->c[m] + k, secg_quad_load(curve->c[m] + k) + (float)w * off);
}

static void add_line(const secg_cut *c, secg_cut_curve *curve)
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
    for (int j = 0; j <= SECG_CUT_ORDER; j++) {
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

static void add_cubic(const secg_cut *c, secg_cut_curve *curve)
{
    const secg_cut_level *level[] = {&c->before, &c->own, &c->after, &c->second};
    double at[SECG_CUT_ORDER + 1], w[SECG_CUT_ORDER + 1][SECG_CUT_ORDER + 1];
    for (int i = 0; i <= SECG_CUT_ORDER; i++)
        at[i] = level[i]->frame;
    for (int i = 0; i <= SECG_CUT_ORDER; i++)
        cubic_weights(at, i, curve->frame, w[i]);
    curve->until = lesser(curve->until, c->after.frame);
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad own = secg_quad_load(c->own.mv + k), off[SECG_CUT_ORDER + 1],
                  all = secg_quad_all(0);
        for (int i = 0; i <= SECG_CUT_ORDER; i++)
            all += off[i] = secg_quad_load(level[i]->mv + k) - own;
        for (int m = 0; m <= SECG_CUT_ORDER; m++) {
            secg_quad sum = secg_quad_load(curve->c[m] + k);
            for (int i = 0; i <= SECG_CUT_ORDER; i++)
                sum += (float)w[i][m] * secg_quad_keep(all == all, off[i]);
            secg_quad_store(curve->c[m] + k, sum);
        }
    }
}

/* The curve through the levels from a frame on. */
static void find_curve(const secg_cut *c, double frame, secg_cut_curve *curve)
{
    *curve = (secg_cut_curve){.frame = frame, .until = INFINITY};
    memcpy(curve->c[0], c->own.mv, sizeof curve->c[0]);
    if (c->before.known && c->after.known && c->second.known && frame >= c->own.frame &&
        frame < c->after.frame)
        add_cubic(c, curve);
    else
        add_line(c, curve);
}

/* The same curve in powers of the frames since a later one. */
static void move_curve(const secg_cut_curve *from, double frame, size_t stride, secg_cut_curve *to)
{
    float s = (float)(frame - from->frame);
    to->frame = frame;
    to->until = from->until;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_cut_move_loop, stride - k)(from->c[0] + k, s, to->c[0] + k);
}

static void add_wander(const secg_cut *c, const secg_history *h, secg_cut_curve *curve)
{
    float level[SECG_STRIDE_MAX], rise[SECG_STRIDE_MAX];
    if (!(c->share > 0))
        return;
    curve->until =
        lesser(curve->until, secg_baseline_line(&h->baseline, curve->frame, level, rise));
    for (size_t k = 0; k < c->grid.stride; k += SECG_QUAD) {
        secg_quad c0 = secg_quad_load(curve->c[0] + k), c1 = secg_quad_load(curve->c[1] + k);
        secg_quad_store(curve->c[0] + k, c0 + c->share * secg_quad_load(level + k));
        secg_quad_store(curve->c[1] + k, c1 + c->share * secg_quad_load(rise + k));
    }
}

/* What to subtract from a frame on. */
static void find_level(secg_cut *c, const secg_history *h, double frame, secg_cut_curve *level)
{
    if (!(frame >= c->curve.frame && frame < c->curve.until))
        find_curve(c, frame, &c->curve);
    move_curve(&c->curve, frame, c->grid.stride, level);
    add_wander(c, h, level);
}

void secg_cut_levelled(secg_cut *c, const secg_history *h, size_t row, size_t count, float *mv)
{
    double begin = frame_of_row(c, (double)row), step = (double)c->grid.down / c->grid.up;
    size_t stride = c->grid.stride, i = 0;
    secg_cut_raw(c, h, row, count, mv);
    while (i < count) {
        secg_cut_curve level;
        double frame = begin + step * (double)i;
        find_level(c, h, frame, &level);
        double reach = lesser(ceil((level.until - frame) / step), (double)(count - i));
        size_t rows = reach > 1 ? (size_t)reach : 1;
        for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
            SECG_WIDE(secg_cut_level_loop, stride - k)
        (level.c[0] + k, (float)step, mv + k, rows, stride);
        mv += rows * stride;
        i += rows;
    }
}

void secg_cut_store(const float *mv, size_t cells, int16_t *counts)
{
    for (size_t lanes, done; cells > 0; cells -= done, mv += done, counts += done) {
        lanes = secg_wide_lanes(cells);
        done = cells - cells % lanes;
        SECG_WIDE(secg_cut_store_loop, cells)(mv, done, counts);
    }
}
