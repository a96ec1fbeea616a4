/* ST against heart rate (domain.md 3.1, st.h): a line through stage ends, the difference of two, and
 * the area of the loop.
 *
 * The loop is the path integral of level over rate, in the order of time,
 *
 *     area = sum_i (y_i + y_{i+1}) / 2 (x_{i+1} - x_i),
 *
 * with what lies below the recovery's lowest rate cut off: rates rise in exercise and fall in
 * recovery, so it comes to the mean difference of the two levels times the width of the loop. */
#include "base/memory.h"

#include <stressecg/st.h>

#include <math.h>

enum { MOST_POINTS = 64, FEWEST_POINTS = 3 };

static const double recovery_s = 180, longest_gap_s = 60, alike = 4;

static secg_value none(secg_why why)
{
    return (secg_value){.why = why, .value = NAN};
}

static secg_value measured(double value, double sigma)
{
    return (secg_value){.value = (float)value, .sigma = (float)sigma};
}

/* ---- points ------------------------------------------------------------------------------ */

typedef struct point {
    double bpm, level_uv, sigma_uv;
} point;

static int take_point(const secg_st *st, point *p)
{
    if (!st || st->why != SECG_MEASURED || !isfinite(st->level_j60_mv) || !isfinite(st->bpm))
        return 0;
    *p = (point){(double)st->bpm, 1000 * (double)st->level_j60_mv, 1000 * (double)st->sigma_mv};
    return 1;
}

static int stage_point(const secg_summary *s, size_t stage, size_t lead, point *p)
{
    const secg_stage_summary *row = &s->stage[stage];
    return row->st && take_point(&row->st[lead], p);
}

/* Ends of the last exercise stages between which the rate only rose, last first. */
static int rising_points(const secg_summary *s, size_t lead, point *points)
{
    int n = 0;
    for (size_t i = s->stages; i-- > 0 && n < MOST_POINTS;) {
        point p;
        if (s->stage[i].phase != SECG_PHASE_EXERCISE || !stage_point(s, i, lead, &p))
            continue;
        if (n > 0 && !(p.bpm < points[n - 1].bpm))
            break;
        points[n++] = p;
    }
    return n;
}

/* ---- slope ------------------------------------------------------------------------------- */

/* Student's t that 2.5 % exceed; above 10 degrees of freedom 1.96 + 2.4 / f + 3 / f^2, within
 * 0.3 %. */
static double student(int freedom)
{
    static const double table[] = {12.706, 4.303, 3.182, 2.776, 2.571,
                                   2.447,  2.365, 2.306, 2.262, 2.228};
    double f = freedom;
    return freedom <= 10 ? table[freedom - 1] : 1.96 + 2.4 / f + 3 / (f * f);
}

typedef struct line {
    double slope, sigma, correlation;
    int significant;
} line;

static line fit(const point *p, int n)
{
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < n; i++) {
        x += p[i].bpm / n;
        y -= p[i].level_uv / n;
    }
    for (int i = 0; i < n; i++) {
        double dx = p[i].bpm - x, dy = -p[i].level_uv - y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    double rest = fmax(0, yy - xy * xy / xx);
    line l = {.slope = xy / xx, .sigma = sqrt(rest / (n - 2) / xx)};
    l.correlation = yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
    l.significant = yy > 0 && fabs(l.slope) > student(n - 2) * l.sigma;
    return l;
}

static void find_slope(const secg_summary *s, size_t lead, secg_st_rate *out)
{
    point p[MOST_POINTS];
    int n = rising_points(s, lead, p);
    out->slope_uv_bpm = none(n < FEWEST_POINTS ? SECG_WHY_NOT_APPLICABLE : SECG_WHY_NOISE);
    for (int take = FEWEST_POINTS; take <= n; take++) {
        line l = fit(p, take);
        int found = out->slope_uv_bpm.why == SECG_MEASURED;
        if (!l.significant || (found && l.slope <= (double)out->slope_uv_bpm.value))
            continue;
        out->slope_uv_bpm = measured(l.slope, l.sigma);
        out->correlation = (float)l.correlation;
        out->points = take;
    }
}

/* ---- index ------------------------------------------------------------------------------- */

/* The last stage of a phase, measured or not. */
static int last_stage(const secg_summary *s, secg_phase phase, size_t *stage)
{
    for (size_t i = s->stages; i-- > 0;)
        if (s->stage[i].phase == phase) {
            *stage = i;
            return 1;
        }
    return 0;
}

static secg_value find_index(const secg_summary *s, size_t lead)
{
    size_t at_rest, at_peak;
    point rest, peak;
    if (!last_stage(s, SECG_PHASE_PRETEST, &at_rest) ||
        !last_stage(s, SECG_PHASE_EXERCISE, &at_peak) || !stage_point(s, at_rest, lead, &rest) ||
        !stage_point(s, at_peak, lead, &peak) || !(peak.bpm > rest.bpm))
        return none(SECG_WHY_NOT_APPLICABLE);
    double rise = peak.bpm - rest.bpm;
    return measured((rest.level_uv - peak.level_uv) / rise,
                    hypot(rest.sigma_uv, peak.sigma_uv) / rise);
}

/* ---- loop -------------------------------------------------------------------------------- */

typedef struct loop {
    int64_t from, turn, to, gap; /* samples: exercise, its end, three minutes later */
    double lowest, highest;
} loop;

/* The next table of the lead in the loop after item *i; 0: no more. */
static int next_in_loop(const secg_summary *s, const loop *l, size_t lead, size_t *i, point *p)
{
    for (; *i < s->trends; ++*i) {
        const secg_trend_point *t = &s->trend[*i];
        secg_memory_rest(&s->memory, *i);
        if (t->sample > l->to)
            return 0;
        if (t->sample > l->from && take_point(&t->st[lead], p))
            return 1;
    }
    return 0;
}

/* Lowest rate of recovery and highest of exercise; 0 when there are gaps or no way back. */
static int measure_loop(const secg_summary *s, size_t lead, loop *l)
{
    point p;
    int64_t before = l->from;
    l->lowest = INFINITY;
    l->highest = 0;
    for (size_t i = 0; next_in_loop(s, l, lead, &i, &p); i++) {
        int64_t sample = s->trend[i].sample;
        if (sample - before > l->gap)
            return 0;
        before = sample;
        if (sample > l->turn)
            l->lowest = fmin(l->lowest, p.bpm);
        else
            l->highest = fmax(l->highest, p.bpm);
    }
    return l->to - before <= l->gap && l->highest > l->lowest;
}

/* The part of a step that lies above the loop's lowest rate. */
static double area_above(double lowest, point a, point b)
{
    double low = fmin(a.bpm, b.bpm), high = fmax(a.bpm, b.bpm);
    if (high <= lowest || high <= low)
        return 0;
    double way = b.bpm - a.bpm, from = fmax(low, lowest);
    double at_from = a.level_uv + (b.level_uv - a.level_uv) * (from - a.bpm) / way;
    double at_high = b.bpm > a.bpm ? b.level_uv : a.level_uv;
    return 0.5 * (at_from + at_high) * (high - from) * (way > 0 ? 1 : -1);
}

static secg_value find_loop(const secg_summary *s, size_t lead)
{
    double rate_hz = s->signal->rate_hz, area = 0, variance = 0;
    if (s->exercise_start == SECG_NO_SAMPLE || s->exercise_end == SECG_NO_SAMPLE)
        return none(SECG_WHY_NOT_APPLICABLE);
    loop l = {.from = s->exercise_start,
              .turn = s->exercise_end,
              .to = s->exercise_end + (int64_t)(recovery_s * rate_hz),
              .gap = (int64_t)(longest_gap_s * rate_hz)};
    if (s->recovery_end == SECG_NO_SAMPLE || s->recovery_end < l.to || !measure_loop(s, lead, &l))
        return none(SECG_WHY_NOT_APPLICABLE);
    point before, p;
    size_t i = 0;
    if (!next_in_loop(s, &l, lead, &i, &before))
        return none(SECG_WHY_NOT_APPLICABLE);
    for (i++; next_in_loop(s, &l, lead, &i, &p); i++) {
        double step = fmax(p.bpm, l.lowest) - fmax(before.bpm, l.lowest);
        variance += step * step * p.sigma_uv * p.sigma_uv;
        area += area_above(l.lowest, before, p);
        before = p;
    }
    double width = l.highest - l.lowest;
    return measured(area / width, sqrt(alike * variance) / width);
}

/* ---- all ---------------------------------------------------------------------------------- */

secg_status secg_summary_st_rate(const secg_summary *summary, size_t lead, secg_st_rate *rate)
{
    if (!summary || !rate || lead >= summary->leads)
        return SECG_E_ARGUMENT;
    *rate = (secg_st_rate){.lead = (int32_t)lead, .correlation = NAN};
    find_slope(summary, lead, rate);
    rate->index_uv_bpm = find_index(summary, lead);
    rate->loop_uv = find_loop(summary, lead);
    return SECG_OK;
}

static int is_looked_at(secg_lead lead)
{
    return lead != SECG_LEAD_AVR && lead != SECG_LEAD_AVL && lead != SECG_LEAD_V1;
}

secg_status secg_summary_st_rate_greatest(const secg_summary *summary, secg_st_rate *rate)
{
    if (!summary || !rate)
        return SECG_E_ARGUMENT;
    secg_value no = none(SECG_WHY_NOT_APPLICABLE);
    secg_st_rate best = {-1, 0, no, NAN, no, no};
    size_t at = 0;
    for (size_t k = 0; k < summary->leads; k++) {
        secg_st_rate one = {.correlation = NAN};
        if (!is_looked_at((secg_lead)summary->lead[k].lead))
            continue;
        find_slope(summary, k, &one);
        if (one.slope_uv_bpm.why != SECG_MEASURED)
            continue;
        if (best.lead < 0 || one.slope_uv_bpm.value > best.slope_uv_bpm.value) {
            best = one;
            best.lead = (int32_t)k;
            at = k;
        }
    }
    if (best.lead >= 0)
        return secg_summary_st_rate(summary, at, rate);
    *rate = best;
    return SECG_OK;
}
