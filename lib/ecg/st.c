#include "ecg/st.h"

#include <math.h>
#include <string.h>

static const float level_half_ms = 8;

secg_st_point secg_st_choose(secg_st_point configured, secg_st_point before, float bpm)
{
    if (configured != SECG_ST_AUTO)
        return configured;
    float limit = before == SECG_ST_J60 ? 115.0f : 120.0f;
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

/* Adds `gain` times the mean of the signal between two times to a form; ends are weighted by the
 * part of their row that lies inside. */
static void add_mean(const secg_grid *g, double from_ms, double to_ms, float gain, float *weight)
{
    double from = secg_grid_row(g, from_ms), to = secg_grid_row(g, to_ms), total = 0;
    double first = fmax(0, ceil(from - 0.5)), last = fmin((double)g->rows - 1, floor(to + 0.5));
    for (double r = first; r <= last; r++)
        total += fmax(0, fmin(r + 0.5, to) - fmax(r - 0.5, from));
    for (double r = first; r <= last; r++)
        weight[(size_t)r] +=
            gain * (float)(fmax(0, fmin(r + 0.5, to) - fmax(r - 0.5, from)) / total);
}

void secg_st_form(const secg_grid *g, const secg_marks *m, float ms, float *weight)
{
    memset(weight, 0, g->rows * sizeof *weight);
    add_mean(g, ms - level_half_ms, ms + level_half_ms, 1, weight);
    add_mean(g, m->isoelectric_from_ms, m->isoelectric_to_ms, -1, weight);
}

static float mean_between(const secg_grid *g, const float *x, size_t stride, double from_ms,
                          double to_ms)
{
    double from = secg_grid_row(g, from_ms), to = secg_grid_row(g, to_ms), total = 0, sum = 0;
    double first = fmax(0, ceil(from - 0.5)), last = fmin((double)g->rows - 1, floor(to + 0.5));
    for (double r = first; r <= last; r++) {
        double part = fmax(0, fmin(r + 0.5, to) - fmax(r - 0.5, from));
        total += part;
        sum += part * (double)x[(size_t)r * stride];
    }
    return total > 0 ? (float)(sum / total) : NAN;
}

float secg_st_isoelectric(const secg_grid *g, const secg_marks *m, const float *x, size_t stride)
{
    return mean_between(g, x, stride, m->isoelectric_from_ms, m->isoelectric_to_ms);
}

static float level(const secg_grid *g, const float *x, size_t stride, float ms)
{
    return mean_between(g, x, stride, ms - level_half_ms, ms + level_half_ms);
}

static float slope(const secg_grid *g, const float *x, size_t stride, float from_ms, float to_ms)
{
    size_t first = secg_grid_near(g, from_ms), last = secg_grid_near(g, to_ms);
    double centre = 0.5 * (double)(first + last), above = 0, below = 0;
    for (size_t r = first; r <= last; r++) {
        double t = (double)r - centre;
        above += t * (double)x[r * stride];
        below += t * t;
    }
    return below > 0 ? (float)(above / below * g->rate_hz) : NAN;
}

void secg_st_levels(const secg_grid *g, const secg_marks *m, const float *x, size_t stride,
                    secg_st *st)
{
    float zero = secg_st_isoelectric(g, m, x, stride), j = m->j_ms;
    st->level_j_mv = level(g, x, stride, j) - zero;
    st->level_j60_mv = level(g, x, stride, j + 60) - zero;
    st->level_j80_mv = level(g, x, stride, j + 80) - zero;
    st->level_jrr16_mv = level(g, x, stride, j + 60000 / st->bpm / 16) - zero;
    float after = secg_st_after_j_ms(st->point, st->bpm);
    st->level_mv = level(g, x, stride, j + after) - zero;
    st->slope_mv_s = slope(g, x, stride, j, j + (after > 0 ? after : 60));
    st->integral_mv_s = (mean_between(g, x, stride, j, j + 80) - zero) * 0.080f;
}
