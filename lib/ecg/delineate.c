/* Marks on a mean complex: over all leads together, or in one lead near those of all.
 *
 * Spatial speed: v(r) = sqrt(sum_k w_k (x_k(r + h) - x_k(r - h))^2), w_k the inverse noise
 * variance of a lead, h = 6 ms for QRS and P and 20 ms for T.  It needs no choice of lead, sees a
 * QRS that ends in V2 only, and its noise falls as leads are added.
 *
 * QRS onset: from the first row as steep as 0.3 of the largest speed back to where v stays below
 * sqrt((0.03 vmax)^2 + q^2) for 10 ms, q being the largest speed in the quietest 10 ms nearby: what
 * else moves there, a sloping segment or noise, goes another way than the wave, so their squares
 * add.  J: the same forwards with 0.06 vmax, and then on, by a few ms at most, to where the wave's own
 * speed would come down to nothing.  Annotators' J lies sooner: from there back to where v was over
 * 0.09 vmax last, so that the last of one lead, or an ST that slopes, counts for less, while rests
 * within a QRS of two humps are still bridged.  Where v crosses the limit is read between rows.
 * In one lead, J is looked for from 4 ms outside the common one inwards, to where v reaches its limit;
 * where the lead does not rest near the common J, a late wave that the others hardly show, as far out
 * as that of all leads together.
 * A pacer's spike (ecg/delineate_spike.c) is no part of QRS.  Annotators let QRS begin where it leaves
 * what the spike left behind: so does the search, 6 ms behind the spike at the earliest, and where
 * nothing comes to rest there, QRS begins where the leads stand stillest.  The isoelectric level is
 * that before the spike.
 *
 * J is looked for no later than half an RR interval after R: at 190 bpm that is 158 ms, on the
 * near side of the T wave; none there, none at all.
 *
 * The rows of QRS are 2 to 2.7 ms apart (ecg/delineate_fine.c).
 *
 * P: the farthest point from the isoelectric level in 220 ms (or a third of RR) before QRS, as the
 * leads' common direction there, where it is five standard deviations of the mean's noise away;
 * its ends are where the projection's slope falls to 0.3 of its steepest.
 * T: of the flanks after J, weighed by steepness, by how far they lead back to the isoelectric
 * level, and by how usual their time is at this rate, the last with 0.5 of the most; T end is where
 * its speed has fallen to 0.2 of its largest, T peak where the leads stand still before it.  What still
 * moves 85 ms after the flank is U or wander: T ends there at the latest.  A flank and not a peak is
 * looked for, since T may be biphasic.  T may end on the next P wave's rise: after an early beat it
 * does, so flanks are looked for until the top of that wave is near, and where T ends the speed is
 * least between the two.
 *
 * The constants were fitted to every other record of LUDB and QTDB; how the marks compare with the
 * annotators', there and on the other half, is printed by `./dev bench st` (bench/README.md).
 * A step is eight rows, or one search through rows already computed. */
#include "ecg/delineate_loop.h"
#include "ecg/delineate_spike.h"

#include <math.h>
#include <string.h>

enum { ROWS_PER_STEP = 8 };
enum {
    STAGE_FINE,
    STAGE_SPEED,
    STAGE_TURN,
    STAGE_QRS,
    STAGE_SIZE,
    STAGE_P_PEAK,
    STAGE_P_ALONG,
    STAGE_P,
    STAGE_SLOW_SPEED,
    STAGE_T_FLANK,
    STAGE_T,
    STAGE_DONE
};

static const double speed_ms = 6, slow_speed_ms = 20, quiet_ms = 10;
static const double near_ms = 25, outside_ms = 4, near_j_ms = 30, qrs_over_ms = 25, p_rise_ms = 40,
                    p_reach_ms = 220, p_flank_ms = 90, margin_ms = 30, t_fall_ms = 85;
static const float steep_part = 0.3f, onset_part = 0.03f, j_part = 0.06f, j_last_part = 0.09f;
static const float last_part = 0.025f, last_rests = 1.5f;
static const double last_least_ms = 4, last_most_ms = 8, last_reach_ms = 7;
static const float p_part = 0.3f, t_flank_part = 0.5f, t_end_part = 0.2f, t_onset_part = 0.3f;
static const float p_least_sigmas = 5, inward_part = 0.2f, t_least_sigmas = 4,
                   least_noise_mv = 0.003f;

static int is(float mark)
{
    return mark == mark;
}

secg_marks secg_marks_none(void)
{
    return (secg_marks){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

secg_wave_marks secg_marks_public(const secg_marks *m)
{
    return (secg_wave_marks){m->p_onset_ms, m->p_peak_ms,  m->p_end_ms,  m->qrs_onset_ms,
                             m->j_ms,       m->t_onset_ms, m->t_peak_ms, m->t_end_ms};
}

void secg_marks_set_isoelectric(secg_marks *m)
{
    m->isoelectric_to_ms = (is(m->spike_from_ms) ? m->spike_from_ms : m->qrs_onset_ms) - 4;
    m->isoelectric_from_ms = m->isoelectric_to_ms - 20;
}

size_t secg_delineator_rows(const secg_grid *grid)
{
    secg_fine fine;
    secg_fine_init(&fine, grid);
    return fine.on.rows > grid->rows ? fine.on.rows : grid->rows;
}

void secg_delineator_lay_out(secg_delineator *d, secg_arena *arena, const secg_grid *grid)
{
    size_t rows = secg_delineator_rows(grid);
    *d = (secg_delineator){.grid = *grid, .stage = STAGE_DONE, .marks = secg_marks_none()};
    secg_fine_lay_out(&d->fine, arena, grid);
    d->speed = secg_take(arena, rows, sizeof *d->speed);
    d->size = secg_take(arena, grid->rows, sizeof *d->size);
    d->along = secg_take(arena, rows, sizeof *d->along);
}

void secg_delineator_begin(secg_delineator *d, const secg_marks_input *in)
{
    d->mean = in->mean;
    d->channels = in->channels;
    d->stride = in->stride;
    memset(d->weight, 0, sizeof d->weight);
    for (size_t k = 0; k < in->channels; k++) {
        d->weight[k] = in->weight[k] > 0 ? in->weight[k] : 0;
        d->noise_mv[k] = in->noise_mv[k] > least_noise_mv ? in->noise_mv[k] : least_noise_mv;
    }
    d->rr_ms = is(in->rr_ms) ? in->rr_ms : 1000;
    d->pace_ms = in->pace_ms > 0 ? in->pace_ms : d->rr_ms;
    d->whole_qrs = in->whole_qrs;
    d->has_global = in->global != NULL;
    if (in->global)
        d->global = *in->global;
    d->marks = secg_marks_none();
    d->stage = d->fine.mv ? STAGE_FINE : STAGE_SPEED;
    d->row = 0;
}

/* ---- one value per row ------------------------------------------------------------------- */

static void take_roots(const float *sums, size_t rows, float *v)
{
    for (size_t r = 0; r < rows; r++)
        v[r] = sqrtf(secg_quad_total(secg_quad_load(sums + r * SECG_QUAD)));
}

/* Rows in which each lead stands alone are not filled up to quads. */
static float one_lead_speed(const secg_delineator *d, const float *before, size_t apart, float part)
{
    const float *after = before + apart;
    float rise = after[0] - before[0] + part * ((after[1] - after[0]) - (before[-1] - before[0]));
    return rise == rise ? sqrtf(d->weight[0] * rise * rise) : 0;
}

/* Speed over some time to either side; values between rows are read off a straight line. */
static void find_speeds(const secg_delineator *d, const secg_grid *g, const float *x, size_t row,
                        size_t rows, double reach_ms, float *v)
{
    double reach = reach_ms * g->rate_hz / 1000;
    float sums[ROWS_PER_STEP * SECG_QUAD] = {0}, part = (float)(reach - floor(reach));
    size_t whole = (size_t)reach, end = row + rows, stride = d->stride, apart = 2 * whole * stride;
    for (; row < end && row < whole + 1; row++)
        *v++ = 0;
    for (; end > row && end + whole >= g->rows; end--)
        v[end - 1 - row] = 0;
    if (row == end)
        return;
    const float *before = x + (row - whole) * stride;
    if (stride < SECG_QUAD) {
        for (; row < end; row++, before++)
            *v++ = one_lead_speed(d, before, apart, part);
        return;
    }
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_delineate_speed_loop, stride - k)
    (before + k, apart, part, d->weight + k, end - row, stride, sums);
    take_roots(sums, end - row, v);
}

/* Distance from the isoelectric level. */
static void find_sizes(const secg_delineator *d, size_t row, size_t rows, float *v)
{
    float sums[ROWS_PER_STEP * SECG_QUAD] = {0};
    size_t stride = d->stride;
    const float *x = d->mean + row * stride;
    if (stride < SECG_QUAD) {
        for (size_t r = 0; r < rows; r++) {
            float y = x[r] - d->zero[0];
            v[r] = y == y ? sqrtf(d->weight[0] * y * y) : 0;
        }
        return;
    }
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_delineate_size_loop, stride - k)
    (x + k, d->zero + k, d->weight + k, rows, stride, sums);
    take_roots(sums, rows, v);
}

static float along_at(const secg_delineator *d, size_t r)
{
    const float *x = d->mean + r * d->stride;
    float sum = 0;
    for (size_t k = 0; k < d->channels; k++) {
        float y = d->direction[k] * (x[k] - d->zero[k]);
        sum += y == y ? y : 0.0f;
    }
    return sum;
}

/* What this stage makes of a few rows. */
static void make(secg_delineator *d, size_t row, size_t rows)
{
    const secg_grid *g = &d->grid, *fine = &d->fine.on;
    switch (d->stage) {
    case STAGE_FINE:
        secg_fine_read(&d->fine, d->mean, d->stride, row, rows);
        break;
    case STAGE_SPEED:
        find_speeds(d, fine, secg_fine_rows(&d->fine, d->mean), row, rows, speed_ms,
                    d->speed + row);
        break;
    case STAGE_TURN:
        for (size_t r = row; r < row + rows; r++)
            d->along[r] = secg_spike_turn(d, r);
        break;
    case STAGE_SIZE:
        find_sizes(d, row, rows, d->size + row);
        break;
    case STAGE_SLOW_SPEED:
        find_speeds(d, g, d->mean, row, rows, slow_speed_ms, d->along + row);
        break;
    default:
        for (size_t r = row; r < row + rows; r++)
            d->along[r] = along_at(d, r);
    }
}

/* The rows that searches after QRS is found look at: before it for P, behind it for T. */
static size_t p_from(const secg_delineator *d)
{
    double ms = (double)d->marks.qrs_onset_ms - p_reach_ms;
    if (d->has_global && is(d->global.p_onset_ms))
        ms = fmin(ms, (double)d->global.p_onset_ms);
    return secg_grid_near(&d->grid, ms - p_flank_ms - margin_ms);
}

static size_t p_end(const secg_delineator *d)
{
    return secg_grid_near(&d->grid, (double)d->marks.qrs_onset_ms + margin_ms) + 1;
}

static size_t t_from(const secg_delineator *d)
{
    return secg_grid_near(&d->grid, (double)d->marks.j_ms + qrs_over_ms - margin_ms);
}

static size_t next_looked_at(const secg_delineator *d, size_t row)
{
    size_t from = row;
    if (d->stage == STAGE_SIZE && row >= p_end(d))
        from = t_from(d);
    else if (d->stage == STAGE_SLOW_SPEED)
        from = t_from(d);
    else if (d->stage == STAGE_P_ALONG)
        from = row < p_end(d) ? p_from(d) : d->grid.rows;
    return row > from ? row : from;
}

/* A few rows; 1 when the last is done. */
static int make_rows(secg_delineator *d)
{
    size_t all = d->stage <= STAGE_TURN ? d->fine.on.rows : d->grid.rows;
    size_t row = next_looked_at(d, d->row), left = all - row;
    size_t rows = left < ROWS_PER_STEP ? left : ROWS_PER_STEP;
    make(d, row, rows);
    d->row = next_looked_at(d, row + rows);
    if (d->row < all)
        return 0;
    d->row = 0;
    return 1;
}

/* ---- searches ---------------------------------------------------------------------------- */

static size_t rows_of(const secg_grid *g, double ms, size_t least)
{
    size_t rows = (size_t)(ms * g->rate_hz / 1000);
    return rows > least ? rows : least;
}

/* The last of the largest. */
static size_t place_of_largest(const float *v, size_t from, size_t to)
{
    size_t best = from;
    for (size_t r = from + 1; r < to; r++)
        best = v[r] >= v[best] ? r : best;
    return best;
}

/* Least over places of the largest value in `span` rows.  What is not less than the least so far ends
 * the search for all places that hold it. */
static float quietest(const float *v, size_t from, size_t to, size_t span)
{
    float least = INFINITY;
    for (size_t r = from, first = from; r < to; r++) {
        if (v[r] >= least) {
            first = r + 1;
        } else if (r + 1 - first == span) {
            r = place_of_largest(v, first, r + 1);
            least = v[r];
            first = r + 1;
        }
    }
    return least < INFINITY ? least : 0;
}

/* Walks from a row to `end` until v has stayed under a limit for `span` rows; the time at which
 * it fell under, between rows, or NaN. */
static float falls_under(const secg_grid *g, const float *v, size_t from, size_t end, float limit,
                         size_t span)
{
    int way = end > from ? 1 : -1;
    size_t run = 0, r = from;
    for (; r != end; r = way > 0 ? r + 1 : r - 1) {
        run = v[r] < limit ? run + 1 : 0;
        if (run == span)
            break;
    }
    if (run < span)
        return NAN;
    size_t last = way > 0 ? r - (span - 1) : r + (span - 1);
    size_t before = way > 0 ? last - (last > 0) : last + 1;
    float part = v[before] > v[last] ? (limit - v[last]) / (v[before] - v[last]) : 0;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    return (float)secg_grid_ms(g, (double)last - way * (double)part);
}

/* From outside inwards, since in one lead a small last wave of QRS may stand apart from the rest;
 * `otherwise` where the outside is too restless to begin from. */
static float rises_over(const secg_grid *g, const float *v, size_t from, size_t to, float limit,
                        float otherwise)
{
    int way = to > from ? 1 : -1;
    size_t r = from;
    if (from == to || v[from] >= limit)
        return otherwise;
    while (r != to && v[r] < limit)
        r = way > 0 ? r + 1 : r - 1;
    size_t before = way > 0 ? r - 1 : r + 1;
    float part = v[r] > v[before] ? (limit - v[before]) / (v[r] - v[before]) : 0;
    return (float)secg_grid_ms(g, (double)before + way * (double)part);
}

static void set_zero(secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    size_t from = secg_grid_near(g, (double)d->marks.isoelectric_from_ms);
    size_t to = secg_grid_near(g, (double)d->marks.isoelectric_to_ms);
    for (size_t k = 0; k < d->channels; k++) {
        float sum = 0;
        for (size_t r = from; r <= to; r++)
            sum += d->mean[r * d->stride + k];
        d->zero[k] = sum / (float)(to - from + 1);
    }
}

/* A wave that ends softly ends later than its speed falls under any limit: where the speed would
 * come down to nothing if it went on as it crosses the limit at a time.  v^2 is the square of the
 * wave's own speed, `part` there, plus that of what else moves: so the own one falls by
 * v v' / part per unit of time. */
static float edge(const secg_grid *g, const float *v, float at_ms, int way, float limit, float part,
                  double most_ms)
{
    size_t outer = secg_grid_near(g, (double)at_ms), inner = way > 0 ? outer - 2 : outer + 2;
    if (outer < 2 || outer + 2 >= g->rows)
        return at_ms;
    double fall = (double)(v[inner] - v[outer]) / 2 * g->rate_hz / 1000;
    double further = fall > 0 ? (double)(part * part / limit) / fall : most_ms;
    return at_ms + (float)(way * fmin(further, most_ms));
}

/* Where QRS itself ends, after its speed has fallen under the limit of J at j_ms.  The end of a wave of
 * finite length is a (E - t)^2, a cosine's is, so speed taken over h to either side is a (E + h - t)^2 once
 * nothing else reaches it, and E lies 2 v / v' - h further on.  That is read as far out as the rest allows,
 * where an ST segment that begins before E has its own speed no more.  h is 6 ms and, since straight lines
 * between rows blur the wave, one more: so the ends of cosines and of the simulator's waves come out right
 * (tests/analyzer/j_point_test.c). */
static float last_of_qrs(const secg_grid *g, const float *v, float j_ms, float most, float rest)
{
    float own = fmaxf(last_part * most, fminf(j_part * most, last_rests * rest));
    float limit = hypotf(own, rest);
    float at_ms = falls_under(g, v, secg_grid_near(g, (double)j_ms), g->rows - 2, limit, 1);
    if (!is(at_ms))
        return j_ms;
    size_t at = secg_grid_near(g, (double)at_ms);
    double fall = (double)(v[at - 1] - v[at + 1]) * 0.5 * g->rate_hz / 1000;
    double before_end = fall > 0 ? 2 * (double)(own * own / limit) / fall : last_most_ms;
    return at_ms + (float)(fmax(last_least_ms, fmin(last_most_ms, before_end)) - last_reach_ms);
}

static double latest_j_ms(const secg_delineator *d)
{
    return fmin(200, 0.5 * (double)d->rr_ms);
}

/* The span in which QRS may lie, but for a late last wave. */
static void qrs_limits(const secg_delineator *d, double *from_ms, double *to_ms)
{
    *from_ms = -160;
    *to_ms = latest_j_ms(d);
    if (!d->has_global)
        return;
    *from_ms = fmax(*from_ms, (double)d->global.qrs_onset_ms - near_ms);
    *to_ms = fmin(*to_ms, (double)d->global.j_ms + near_j_ms);
}

static float largest(const float *v, size_t from, size_t to)
{
    float most = 0;
    for (size_t r = from; r < to; r++)
        most = v[r] > most ? v[r] : most;
    return most;
}

/* A lead's spike is that of all leads together. */
static void find_spike(secg_delineator *d)
{
    const secg_grid *g = &d->fine.on;
    float most = largest(d->speed, secg_grid_near(g, -60), secg_grid_near(g, 60));
    if (!d->has_global) {
        secg_spike_find(g, d->along, most, &d->marks);
        return;
    }
    d->marks.spike_from_ms = d->global.spike_from_ms;
    d->marks.spike_to_ms = d->global.spike_to_ms;
}

/* Where the leads stand stillest from a row on, before they reach a speed. */
static float stillest(const secg_grid *g, const float *v, size_t from, size_t to)
{
    size_t still = from;
    for (size_t r = from; r < to; r++)
        if (v[r] < v[still])
            still = r;
    return (float)secg_grid_ms(g, (double)still);
}

static void find_qrs(secg_delineator *d)
{
    const secg_grid *g = &d->fine.on;
    const float *v = d->speed;
    double from_ms, to_ms, rr = (double)d->rr_ms;
    qrs_limits(d, &from_ms, &to_ms);
    find_spike(d);
    if (is(d->marks.spike_to_ms))
        from_ms = fmax(from_ms, secg_spike_over_ms(g, v, speed_ms, &d->marks));
    float most = largest(v, secg_grid_near(g, fmax(-60, from_ms)), secg_grid_near(g, 60));
    if (!(most > 0))
        return;
    size_t span = rows_of(g, quiet_ms, 2);
    size_t first = secg_grid_near(g, fmax(from_ms, -90));
    size_t last = secg_grid_near(g, fmin(to_ms, fmin(110, 0.33 * rr)));
    while (first < g->r_row && v[first] < steep_part * most)
        first++;
    while (last > g->r_row && v[last] < steep_part * most)
        last--;
    float rest_onset = quietest(v, secg_grid_near(g, -140), first, span);
    float rest_j = quietest(v, last, secg_grid_near(g, fmin(160, 0.4 * rr)), span);
    if (fmaxf(rest_onset, rest_j) > (steep_part - j_part) * most)
        return; /* nothing stands out: no QRS */
    float limit_onset = hypotf(onset_part * most, rest_onset);
    float limit_j = hypotf(j_part * most, rest_j);
    float onset = falls_under(g, v, first, secg_grid_near(g, from_ms), limit_onset, span);
    float j = falls_under(g, v, last, secg_grid_near(g, latest_j_ms(d)), limit_j, span);
    float part_j = j_part;
    if (d->has_global) {
        size_t before = secg_grid_near(g, (double)d->global.qrs_onset_ms - outside_ms);
        size_t after = secg_grid_near(g, (double)d->global.j_ms + outside_ms);
        onset = is(onset) ? onset : rises_over(g, v, before, first, limit_onset, onset);
        j = rises_over(g, v, after, last, limit_j, j);
    } else if (is(j) && !d->whole_qrs) {
        part_j = j_last_part;
        limit_j = hypotf(part_j * most, rest_j);
        j = rises_over(g, v, secg_grid_near(g, (double)j) + 1, last, limit_j, j);
    }
    if (!is(onset) && is(d->marks.spike_to_ms))
        onset = stillest(g, v, secg_grid_near(g, from_ms), first);
    if (!is(onset) || !(j > onset))
        return;
    d->marks.qrs_onset_ms = onset;
    float most_ms = d->whole_qrs ? SECG_MARKS_EDGE_WHOLE_MS : SECG_MARKS_EDGE_SEEN_MS;
    d->marks.j_ms = edge(g, v, j, 1, limit_j, part_j * most, (double)most_ms);
    if (d->whole_qrs)
        d->marks.j_ms = fminf(d->marks.j_ms, last_of_qrs(g, v, j, most, rest_j));
    secg_marks_set_isoelectric(&d->marks);
    set_zero(d);
}

/* The unit vector in which the leads stand at a row. */
static void point_at(secg_delineator *d, size_t row)
{
    const float *x = d->mean + row * d->stride;
    float length = 0;
    for (size_t k = 0; k < d->channels; k++) {
        float y = d->weight[k] > 0 ? d->weight[k] * (x[k] - d->zero[k]) : 0.0f;
        d->direction[k] = y == y ? y : 0.0f;
        length += d->direction[k] * d->direction[k];
    }
    length = length > 0 ? 1 / sqrtf(length) : 0;
    for (size_t k = 0; k < d->channels; k++)
        d->direction[k] *= length;
}

/* How far the leads stand from the isoelectric level in the direction of `at`, in standard
 * deviations of that sum.  What disturbs a mean, the waves of atrial fibrillation or motion, is
 * common to the leads, so their deviations add up and not their squares. */
static float sigmas(const secg_delineator *d, size_t at)
{
    float noise = 0;
    for (size_t k = 0; k < d->channels; k++)
        noise += d->direction[k] != 0.0f ? fabsf(d->direction[k]) * d->noise_mv[k] : 0.0f;
    return noise > 0 ? fabsf(along_at(d, at)) / noise : 0;
}

/* The highest local maximum of the distance before QRS, where it stands out of the noise. */
static int find_p_peak(secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    float spike = d->marks.spike_from_ms;
    double onset = (double)(is(spike) ? spike : d->marks.qrs_onset_ms);
    size_t arm = rows_of(g, 20, 1), best = 0;
    double from_ms = onset - fmin(p_reach_ms, 0.33 * (double)d->rr_ms), to_ms = onset - 30;
    if (d->has_global) {
        if (!is(d->global.p_onset_ms))
            return 0;
        from_ms = (double)d->global.p_onset_ms;
        to_ms = fmin((double)d->global.p_end_ms, onset);
    }
    size_t from = secg_grid_near(g, from_ms), to = secg_grid_near(g, to_ms);
    for (size_t r = from > arm ? from : arm; r < to; r++)
        if (d->size[r] >= d->size[r - arm] && d->size[r] >= d->size[r + arm] &&
            (best == 0 || d->size[r] > d->size[best]))
            best = r;
    if (best == 0)
        return 0;
    d->p_peak = best;
    point_at(d, best);
    return sigmas(d, best) > p_least_sigmas;
}

/* From a row outwards: the steepest flank of the projection within 90 ms, then on to where its
 * slope has fallen to a part of that.  Rows, or 0. */
static size_t flank_end(const secg_delineator *d, size_t peak, int way, size_t limit)
{
    size_t h = rows_of(&d->grid, 8, 1), steep = peak, r;
    const float *p = d->along;
    float most = 0;
    for (r = peak; r != limit; r = way > 0 ? r + 1 : r - 1) {
        float fall = way > 0 ? p[r - h] - p[r + h] : p[r + h] - p[r - h];
        if (fall > most)
            most = fall, steep = r;
    }
    for (r = steep; r != limit; r = way > 0 ? r + 1 : r - 1) {
        float fall = way > 0 ? p[r - h] - p[r + h] : p[r + h] - p[r - h];
        if (fall < p_part * most)
            break;
    }
    return most > 0 ? r : 0;
}

static void find_p(secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    size_t peak = d->p_peak, h = rows_of(g, 8, 1);
    double peak_ms = secg_grid_ms(g, (double)peak);
    size_t low = secg_grid_near(g, peak_ms - p_flank_ms);
    size_t high = secg_grid_near(g, fmin(peak_ms + p_flank_ms, (double)d->marks.qrs_onset_ms));
    size_t from = flank_end(d, peak, -1, low > h ? low : h), to = flank_end(d, peak, 1, high);
    if (from == 0 || to == 0)
        return;
    d->marks.p_peak_ms = (float)peak_ms;
    d->marks.p_onset_ms = (float)secg_grid_ms(g, (double)from);
    d->marks.p_end_ms = (float)secg_grid_ms(g, (double)to);
}

/* How likely a flank of T lies `ms` after QRS onset: 0.35 s sqrt(RR / 1 s) is usual (Bazett 1920,
 * less the 40 ms from the flank to T end). */
static float usual(const secg_delineator *d, double ms)
{
    double want = 350 * sqrt((double)d->pace_ms / 1000);
    double off = (ms - (double)d->marks.qrs_onset_ms - want) / (0.25 * want);
    return (float)exp(-0.5 * off * off);
}

/* Steepness times likelihood of a flank at a row; 0: none.  Only flanks on which the leads come back to
 * the isoelectric level count: the other flank of T leads away from it. */
static float flank_score(const secg_delineator *d, size_t r, size_t arm, size_t reach)
{
    const float *v = d->along;
    if (v[r] < v[r - arm] || v[r] < v[r + arm])
        return 0;
    float inward = fmaxf(0, d->size[r - reach] - d->size[r + reach]) / v[r];
    inward = inward_part + (1 - inward_part) * fminf(1, inward);
    return inward * v[r] * usual(d, secg_grid_ms(&d->grid, (double)r));
}

/* The last steep flank before a limit; 0: none.  Scores are kept in the place of the speeds, which QRS,
 * now found, was looked for by. */
static size_t last_flank(secg_delineator *d, size_t from, size_t to)
{
    float *score = d->speed, most = 0, highest = 0;
    size_t arm = rows_of(&d->grid, 10, 1), reach = rows_of(&d->grid, slow_speed_ms, 1), best = 0;
    to = to + reach < d->grid.rows ? to : d->grid.rows - reach;
    for (size_t r = from; r < to; r++) {
        score[r] = flank_score(d, r, arm, reach);
        most = score[r] > most ? score[r] : most;
    }
    for (size_t r = from; r < to; r++)
        if (score[r] > t_flank_part * most && (best == 0 || r - best > arm || score[r] > highest))
            best = r, highest = score[r];
    return best;
}

/* Back from a flank to where the leads stand still. */
static size_t still_before(const secg_delineator *d, size_t flank, size_t first)
{
    const float *v = d->along;
    size_t arm = rows_of(&d->grid, 10, 1), r = flank;
    for (; r > first + arm; r--)
        if (v[r] <= v[r - arm] && v[r] <= v[r + arm] && v[r] < 0.7f * v[flank])
            break;
    return r;
}

/* Back from the T peak: its steepest flank, then on to where that has flattened out. */
static float t_onset(const secg_delineator *d, size_t peak, size_t first)
{
    const float *v = d->along;
    size_t steep = peak, r;
    for (r = peak; r > first; r--)
        if (v[r] > v[steep])
            steep = r;
    for (r = steep; r > first && v[r] > t_onset_part * v[steep]; r--)
        ;
    return (float)secg_grid_ms(&d->grid, (double)r);
}

/* T has ended by then, and no speed is known beyond. */
static double t_limit_ms(const secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    float p_onset = d->has_global ? d->global.p_onset_ms : d->marks.p_onset_ms;
    double next_ms = (double)d->rr_ms + (is(p_onset) ? (double)p_onset + p_rise_ms
                                                     : (double)d->marks.qrs_onset_ms - 60);
    double end_ms = secg_grid_ms(g, (double)g->rows) - slow_speed_ms - slow_speed_ms / 2;
    return fmin(fmin(next_ms, (double)d->marks.j_ms + 560), end_ms);
}

static int find_t_flank(secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    double to_ms = fmin(t_limit_ms(d), 0.6 * (double)d->rr_ms + 80);
    size_t from = secg_grid_near(g, (double)d->marks.j_ms + 60);
    d->t_flank = last_flank(d, from, secg_grid_near(g, to_ms));
    return d->t_flank > 0;
}

static void find_t(secg_delineator *d)
{
    const secg_grid *g = &d->grid;
    size_t to = secg_grid_near(g, t_limit_ms(d)), flank = d->t_flank;
    float rest = quietest(d->along, flank, to, rows_of(g, 20, 2));
    float limit = rest + t_end_part * d->along[flank];
    float end = falls_under(g, d->along, flank, to, limit, 1);
    if (!is(end))
        return;
    size_t first = secg_grid_near(g, (double)d->marks.j_ms + qrs_over_ms);
    size_t peak = still_before(d, flank, first);
    point_at(d, peak);
    if (!(sigmas(d, peak) > t_least_sigmas))
        return;
    d->marks.t_onset_ms = t_onset(d, peak, first);
    d->marks.t_peak_ms = (float)secg_grid_ms(g, (double)peak);
    d->marks.t_end_ms = fminf(end, (float)(secg_grid_ms(g, (double)flank) + t_fall_ms));
}

int secg_delineator_step(secg_delineator *d)
{
    switch (d->stage) {
    case STAGE_SPEED:
        if (make_rows(d))
            d->stage = d->has_global ? STAGE_QRS : STAGE_TURN;
        break;
    case STAGE_FINE:
    case STAGE_TURN:
    case STAGE_SIZE:
    case STAGE_P_ALONG:
    case STAGE_SLOW_SPEED:
        d->stage += make_rows(d);
        break;
    case STAGE_QRS:
        find_qrs(d);
        d->stage = is(d->marks.j_ms) ? STAGE_SIZE : STAGE_DONE;
        break;
    case STAGE_P_PEAK:
        d->stage = find_p_peak(d) ? STAGE_P_ALONG : STAGE_SLOW_SPEED;
        break;
    case STAGE_P:
        find_p(d);
        d->stage = STAGE_SLOW_SPEED;
        break;
    case STAGE_T_FLANK:
        d->stage = find_t_flank(d) ? STAGE_T : STAGE_DONE;
        break;
    case STAGE_T:
        find_t(d);
        d->stage = STAGE_DONE;
        break;
    default:
        break;
    }
    return d->stage == STAGE_DONE;
}
