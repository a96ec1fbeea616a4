/* ST of one lead, read off its average complex.
 *
 * A level is the mean over 16 ms about its point, never reaching before J (at J itself: the 8 ms
 * after it), less the mean over the 20 ms isoelectric window that ends 4 ms before QRS onset
 * (domain.md 3.1 asks for 8 to 20 ms).  16 ms are one period of 60 Hz; what they cost where the segment
 * bends, curvature * (16 ms)^2 / 24, is 1 uV at 100 mV/s^2, the foot of a T wave.
 *
 * Slope: least squares over every row from J to the point, b = sum (t - tm) x / sum (t - tm)^2.
 *
 * All are linear in the rows, and are kept as such: the same weights that give the level of the
 * average give its spread over the beats (ecg/spread.c). */
#include "ecg/st.h"

#include <math.h>
#include <string.h>

static const double level_half_ms = 8, integral_ms = 80, shortest_slope_ms = 20;
static const float change_bpm = 120, hysteresis_bpm = 5;

secg_st_point secg_st_choose(secg_st_point configured, secg_st_point before, float bpm)
{
    if (configured != SECG_ST_AUTO)
        return configured;
    float limit = before == SECG_ST_J60 ? change_bpm - hysteresis_bpm : change_bpm;
    return bpm >= limit ? SECG_ST_J60 : SECG_ST_J80;
}

float secg_st_after_j_ms(secg_st_point point, float bpm)
{
    switch (point) {
    case SECG_ST_J:
        return 0;
    case SECG_ST_J60:
        return 60;
    case SECG_ST_JRR16:
        return 60000 / bpm / 16;
    default:
        return 80;
    }
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* How much of a row lies between two rows; whole rows lie half a row to either side of themselves. */
static double part_of(double r, double from, double to)
{
    return greater(0, lesser(r + 0.5, to) - greater(r - 0.5, from));
}

typedef struct row_span { /* rows between two times; those at the ends count by the part inside */
    double from, to, total;
    size_t first, end;
} row_span;

static row_span span_of(const secg_grid *g, double from_ms, double to_ms)
{
    row_span s = {.from = secg_grid_row(g, from_ms), .to = secg_grid_row(g, to_ms)};
    double first = greater(0, ceil(s.from - 0.5));
    double last = lesser((double)g->rows - 1, floor(s.to + 0.5));
    s.first = (size_t)first;
    s.end = last < first ? s.first : (size_t)last + 1;
    s.total = greater(0, lesser((double)s.end - 0.5, s.to) - greater(first - 0.5, s.from));
    return s;
}

/* Weight of a row of the span in its mean. */
static float share_of(const row_span *s, size_t r, double gain)
{
    return (float)(gain * part_of((double)r, s->from, s->to) / s->total);
}

/* Adds `gain` times the mean between two times to a form. */
static void add_mean(const secg_grid *g, double from_ms, double to_ms, double gain, float *form)
{
    row_span s = span_of(g, from_ms, to_ms);
    for (size_t r = s.first; r < s.end; r++)
        form[r] += share_of(&s, r, gain);
}

/* The same of x at once: for the few rows that count there is no need to look at all of a form. */
static double mean_of(const secg_grid *g, double from_ms, double to_ms, double gain, const float *x)
{
    row_span s = span_of(g, from_ms, to_ms);
    double sum = 0;
    for (size_t r = s.first; r < s.end; r++) {
        float share = share_of(&s, r, gain);
        if (share != 0.0f)
            sum += (double)share * (double)x[r];
    }
    return sum;
}

static double isoelectric_of(const secg_grid *g, const secg_marks *m, double gain, const float *x)
{
    return mean_of(g, (double)m->isoelectric_from_ms, (double)m->isoelectric_to_ms, gain, x);
}

static void clear(const secg_grid *g, float *form)
{
    memset(form, 0, g->rows * sizeof *form);
}

void secg_st_level_form(const secg_grid *g, const secg_marks *m, float after_ms, float *form)
{
    double j = (double)m->j_ms, at = j + (double)after_ms;
    clear(g, form);
    add_mean(g, fmax(j, at - level_half_ms), at + level_half_ms, 1, form);
    add_mean(g, (double)m->isoelectric_from_ms, (double)m->isoelectric_to_ms, -1, form);
}

void secg_st_slope_form(const secg_grid *g, const secg_marks *m, float after_ms, float *form)
{
    double span = fmax((double)after_ms, shortest_slope_ms), below = 0;
    size_t first = secg_grid_near(g, (double)m->j_ms);
    size_t last = secg_grid_near(g, (double)m->j_ms + span);
    double centre = 0.5 * (double)(first + last);
    clear(g, form);
    for (size_t r = first; r <= last; r++)
        below += ((double)r - centre) * ((double)r - centre);
    for (size_t r = first; r <= last && below > 0; r++)
        form[r] = (float)(((double)r - centre) / below * g->rate_hz);
}

int secg_st_fits(const secg_grid *g, const secg_marks *m, float bpm)
{
    double last_ms = fmax(integral_ms, 60000 / (double)bpm / 16) + level_half_ms;
    return (double)m->isoelectric_from_ms >= secg_grid_ms(g, 0) &&
           (double)m->j_ms + last_ms <= secg_grid_ms(g, (double)g->rows - 1);
}

float secg_st_isoelectric(const secg_grid *g, const secg_marks *m, const float *x)
{
    double from = secg_grid_row(g, (double)m->isoelectric_from_ms);
    double to = secg_grid_row(g, (double)m->isoelectric_to_ms), total = 0, sum = 0;
    for (double r = fmax(0, ceil(from - 0.5)); r <= floor(to + 0.5); r++) {
        double part = fmax(0, fmin(r + 0.5, to) - fmax(r - 0.5, from));
        total += part;
        sum += part * (double)x[(size_t)r];
    }
    return (float)(sum / total);
}

float secg_st_steepness(const secg_grid *g, const secg_marks *m, float after_ms, const float *x)
{
    double at = (double)m->j_ms + (double)after_ms;
    size_t from = secg_grid_near(g, at - level_half_ms), to = secg_grid_near(g, at + level_half_ms);
    return (x[to] - x[from]) / (float)(to - from) * (float)g->rate_hz;
}

/* From what the isoelectric segment takes off. */
static float level_of(const secg_grid *g, const secg_marks *m, double base, float after_ms,
                      const float *x)
{
    double j = (double)m->j_ms, at = j + (double)after_ms;
    return (float)(base + mean_of(g, greater(j, at - level_half_ms), at + level_half_ms, 1, x));
}

static float slope_of(const secg_grid *g, const secg_marks *m, float after_ms, float *form,
                      const float *x)
{
    double sum = 0, span_ms = greater((double)after_ms, shortest_slope_ms);
    size_t last = secg_grid_near(g, (double)m->j_ms + span_ms);
    secg_st_slope_form(g, m, after_ms, form);
    for (size_t r = secg_grid_near(g, (double)m->j_ms); r <= last; r++)
        if (form[r] != 0.0f)
            sum += (double)form[r] * (double)x[r];
    return (float)sum;
}

void secg_st_measure(const secg_grid *g, const secg_marks *m, const float *x, float *scratch,
                     secg_st *st)
{
    float after_ms[] = {secg_st_after_j_ms((secg_st_point)st->point, st->bpm), 0, 60, 80,
                        60000 / st->bpm / 16};
    float *level[] = {&st->level_mv, &st->level_j_mv, &st->level_j60_mv, &st->level_j80_mv,
                      &st->level_jrr16_mv};
    double base = isoelectric_of(g, m, -1, x);
    for (size_t i = 0; i < sizeof level / sizeof *level; i++)
        *level[i] = level_of(g, m, base, after_ms[i], x);
    st->slope_mv_s = slope_of(g, m, after_ms[0] > 0 ? after_ms[0] : 60, scratch, x);
    st->integral_mv_s =
        (float)(isoelectric_of(g, m, -integral_ms / 1000, x) +
                mean_of(g, (double)m->j_ms, (double)m->j_ms + integral_ms, integral_ms / 1000, x));
}

void secg_st_blank(secg_st *st, secg_why why)
{
    st->why = (uint8_t)why;
    st->level_mv = st->sigma_mv = st->slope_mv_s = st->slope_sigma_mv_s = NAN;
    st->level_j_mv = st->level_j60_mv = st->level_j80_mv = st->level_jrr16_mv = NAN;
    st->integral_mv_s = NAN;
}
