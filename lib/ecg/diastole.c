/* Between T and P the heart is silent.  Motion in step with it is not: an average whose line there is
 * not what it was before the noise began tells of motion that no spread over the beats can show.  ST is
 * then off by as much as that line is, in the mean over the phases at which motion may stand.
 *
 *     off^2 = mean over points between T end and P onset of (x(t) - x_quiet(t))^2,
 *
 * x against the isoelectric level, x_quiet of the last average that was quiet at about this rate
 * (15 %): a U wave or a sloping line are the heart's own and were there before.  Ends of T and P in noise
 * are not to be trusted: only points count that lie outside both averages' waves.  ST itself is not
 * looked at, so its changes, which are to be measured, do not count as noise. */
#include "ecg/diastole.h"

#include "base/lead_value.h"
#include "ecg/cut.h"

#include <math.h>
#include <string.h>

enum { FEWEST_POINTS = 4 };

static const double apart_ms = 20, margin_ms = 20, usual_pr_ms = 160;
static const float same_rate_part = 0.15f;

void secg_diastole_forget(secg_diastole *d)
{
    d->rr_ms = 0;
}

static double point_ms(int point)
{
    return -SECG_GRID_PRE_MS + apart_ms * point;
}

static float p_onset_of(const secg_marks *m)
{
    return m->p_onset_ms == m->p_onset_ms ? m->p_onset_ms : m->qrs_onset_ms - (float)usual_pr_ms;
}

static void isoelectric(const secg_average *a, const secg_marks *m, float *mv)
{
    const secg_grid *g = &a->grid;
    size_t from = secg_grid_near(g, (double)m->isoelectric_from_ms);
    size_t to = secg_grid_near(g, (double)m->isoelectric_to_ms);
    for (size_t k = 0; k < g->stride; k++) {
        mv[k] = 0;
        for (size_t r = from; r <= to; r++)
            mv[k] += a->mean[r * g->stride + k];
        mv[k] /= (float)(to - from + 1);
    }
}

/* A point of the average, [stride], against its isoelectric level. */
static void line_at(const secg_average *a, const float *zero_mv, int point, float *mv)
{
    const float *x = a->mean + secg_grid_near(&a->grid, point_ms(point)) * a->grid.stride;
    for (size_t k = 0; k < a->grid.stride; k++)
        mv[k] = x[k] - zero_mv[k];
}

void secg_diastole_keep(secg_diastole *d, const secg_average *a, const secg_marks *m, float rr_ms)
{
    float zero_mv[SECG_STRIDE_MAX], mv[SECG_STRIDE_MAX];
    if (!(m->t_end_ms == m->t_end_ms))
        return;
    d->rr_ms = rr_ms;
    d->t_end_ms = m->t_end_ms;
    d->p_onset_ms = p_onset_of(m);
    isoelectric(a, m, zero_mv);
    for (int i = 0; i < SECG_DIASTOLE_POINTS; i++) {
        line_at(a, zero_mv, i, mv);
        secg_cut_store(mv, a->grid.stride, d->counts + (size_t)i * a->grid.stride);
    }
}

/* 1 between a T wave and the next P wave, whichever beat of the two the time is counted from. */
static int is_silent(double ms, double rr_ms, double t_end_ms, double p_onset_ms)
{
    double before = ms < 0 ? ms + rr_ms : ms;
    return before > t_end_ms + margin_ms && before < rr_ms + p_onset_ms - margin_ms;
}

void secg_diastole_compare(const secg_diastole *d, const secg_average *a, const secg_marks *m,
                           float rr_ms, float *off_mv)
{
    float zero_mv[SECG_STRIDE_MAX];
    size_t stride = a->grid.stride;
    int known = fabsf(rr_ms - d->rr_ms) <= same_rate_part * d->rr_ms && d->rr_ms > 0;
    double t_end_ms =
        fmax((double)d->t_end_ms, (double)m->t_end_ms); /* of one known, if only one */
    double p_onset_ms = fmin((double)d->p_onset_ms, (double)p_onset_of(m));
    isoelectric(a, m, zero_mv);
    for (int i = 0; i < SECG_DIASTOLE_POINTS; i++, off_mv += stride) {
        const int16_t *quiet = d->counts + (size_t)i * stride;
        int silent = known && is_silent(point_ms(i), (double)rr_ms, t_end_ms, p_onset_ms);
        line_at(a, zero_mv, i, off_mv);
        for (size_t k = 0; k < stride; k++)
            off_mv[k] = silent && quiet[k] != SECG_GRID_GAP
                            ? off_mv[k] - (float)quiet[k] * SECG_GRID_MV
                            : NAN;
    }
}

float secg_diastole_off(const secg_grid *g, const float *off_mv, const secg_lead_source *s)
{
    float sum = 0, points = 0;
    for (int i = 0; i < SECG_DIASTOLE_POINTS; i++, off_mv += g->stride) {
        float off = secg_lead_value(s, off_mv);
        sum += off == off ? off * off : 0;
        points += off == off;
    }
    return points >= FEWEST_POINTS ? sqrtf(sum / points) : 0;
}
