/* What was known before the present window, for signals so noisy that 20 s of beats do not tell
 * enough.
 *
 * What stays in an average of 20 s at peak effort is motion, which hardly falls with better weights:
 * it falls with time.  But a longer window mixes workloads.  So what the window before came to is
 * kept, and counts for as much as it agrees with the present one: with levels L0, L1 and their
 * uncertainties s0, s1 in each lead, at the point that is shown,
 *
 *     Q = mean over leads of (L1 - L0)^2 / (s0^2 + s1^2),      L = (1 - b) L0 + b L1,
 *     b = s0^2 / (s0^2 + s1^2) of each channel, at most 0.6, times 1 up to Q = 2, down to nothing at Q = 4.
 *
 * Q is 1 where nothing has changed but noise.  This is Lepski's choice of a window (1991): the
 * longest whose result cannot be told from that of the shorter one.  A change of ST that Q does not
 * show is one that the present window alone would not have shown either; it enters by 0.4 at
 * once and by the rest later.  Windows of another heart rate (4 %) belong to another workload.
 *
 * What is kept is L and not L0: in a steady stage the past counts by 0.6 of 0.6, and so on.  That
 * has the variance of 80 s of equal weights and, as they, beats 40 s old in the mean; what is kept is
 * one window's worth of memory.  Derived leads are made of what their channels come to, so
 * III = II - I holds.
 *
 * sigma falls with the beats and adds up in squares; what keeps step with the heart for a whole
 * window does so in the next one, and adds up as it is.
 *
 * Precision: kept at 1 uV like beats.  A step is a few rows. */
#include "ecg/past.h"

#include "base/lead_value.h"
#include "ecg/cut.h"

#include <math.h>
#include <string.h>

enum { ROWS_PER_STEP = 16 };

static const float same_rate_part = 0.04f, agree = 2.0f, differ = 4.0f, most_share = 0.6f;

void secg_past_lay_out(secg_past *p, secg_arena *arena, const secg_grid *grid)
{
    *p = (secg_past){.grid = *grid};
    for (int i = 0; i < SECG_PAST_WINDOWS; i++)
        p->window[i].counts = secg_take(arena, grid->rows * grid->stride, sizeof(int16_t));
    secg_past_forget(p);
}

void secg_past_forget(secg_past *p)
{
    p->kept = 0;
    for (int i = 0; i < SECG_PAST_WINDOWS; i++)
        p->window[i].sample = SECG_NO_SAMPLE;
}

/* Variance of a lead derived from two channels whose parts in it are a and b, out of its variance
 * with parts one and one: that tells how the channels' errors go together. */
static float derived_variance(const secg_lead_source *s, const float *sigma, size_t lead, float a,
                              float b)
{
    float i = s->from_i * sigma[s->channel_i], ii = s->from_ii * sigma[s->channel_ii];
    float both = sigma[lead] * sigma[lead] - i * i - ii * ii;
    return a * a * i * i + b * b * ii * ii + a * b * both;
}

static float free_spread(const secg_past_window *w, const secg_spread *spread, const float *share,
                         int form, size_t lead)
{
    const secg_lead_source *s = &spread->lead[lead];
    const float *now = spread->sigma[form], *past = w->sigma[form];
    float i = share[s->channel >= 0 ? s->channel : s->channel_i];
    if (s->channel >= 0)
        return i > 0 ? hypotf((1 - i) * now[lead], i * past[lead]) : now[lead];
    float ii = share[s->channel_ii];
    if (!(i > 0) && !(ii > 0))
        return now[lead];
    return sqrtf(fmaxf(0, derived_variance(s, now, lead, 1 - i, 1 - ii) +
                              derived_variance(s, past, lead, i, ii)));
}

static float locked_spread(const secg_past_window *w, const secg_spread *spread, const float *share,
                           int form, size_t lead)
{
    const secg_lead_source *s = &spread->lead[lead];
    float part =
        s->channel >= 0 ? share[s->channel] : 0.5f * (share[s->channel_i] + share[s->channel_ii]);
    float now = spread->locked[form][lead];
    return part > 0 ? now + part * (w->locked[form][lead] - now) : now;
}

float secg_past_spread(const secg_past_window *w, const secg_spread *spread, const float *share,
                       int form, size_t lead)
{
    return hypotf(free_spread(w, spread, share, form, lead),
                  locked_spread(w, spread, share, form, lead));
}

/* w may be what counts beside. */
static void keep_sigma(secg_past_window *w, const secg_spread *spread,
                       const secg_past_window *beside, const float *share)
{
    for (int f = 0; f < SECG_SPREAD_FORMS; f++)
        for (size_t k = 0; k < spread->leads; k++) {
            float sigma = beside ? free_spread(beside, spread, share, f, k) : spread->sigma[f][k];
            float locked =
                beside ? locked_spread(beside, spread, share, f, k) : spread->locked[f][k];
            w->sigma[f][k] = sigma;
            w->locked[f][k] = locked;
        }
}

void secg_past_begin(secg_past *p, int64_t sample, float rr_ms, const secg_spread *spread,
                     const secg_past_window *beside, const float *share)
{
    const secg_average *a = spread->average;
    secg_past_window *w = &p->window[p->kept++ % SECG_PAST_WINDOWS];
    for (size_t k = 0; k < p->grid.stride; k++) {
        float part = beside ? share[k] : 0;
        float noise_mv = secg_past_noise(beside, a, part, k);
        w->beats[k] = secg_past_beats(beside, a, part, k);
        w->noise_mv[k] = noise_mv;
        p->share[k] = part;
    }
    keep_sigma(w, spread, beside, share);
    w->sample = sample;
    w->rr_ms = rr_ms;
    p->beside = beside;
    p->row = 0;
}

/* Cell by cell: the window may be written over that which counts beside. */
static void keep_row(const secg_past *p, const secg_average *average, size_t row,
                     secg_past_window *w)
{
    float mv[SECG_STRIDE_MAX];
    size_t cell = row * p->grid.stride;
    for (size_t k = 0; k < p->grid.stride; k++)
        mv[k] = secg_past_mixed_mv(p->beside, cell + k, average->mean[cell + k], p->share[k]);
    secg_cut_store(mv, p->grid.stride, w->counts + cell);
}

int secg_past_step(secg_past *p, const secg_average *average)
{
    size_t left = p->grid.rows - p->row, rows = left < ROWS_PER_STEP ? left : ROWS_PER_STEP;
    secg_past_window *w = &p->window[(p->kept - 1) % SECG_PAST_WINDOWS];
    for (size_t i = 0; i < rows; i++)
        keep_row(p, average, p->row++, w);
    return p->row == p->grid.rows;
}

const secg_past_window *secg_past_find(const secg_past *p, int64_t from, int64_t to, float rr_ms)
{
    const secg_past_window *best = NULL;
    for (int i = 0; i < SECG_PAST_WINDOWS; i++) {
        const secg_past_window *w = &p->window[i];
        int in_time = w->sample != SECG_NO_SAMPLE && w->sample >= from && w->sample <= to;
        int same_rate = fabsf(w->rr_ms - rr_ms) <= same_rate_part * rr_ms;
        if (in_time && same_rate && (!best || w->sample > best->sample))
            best = w;
    }
    return best;
}

float secg_past_mv(const secg_past_window *w, size_t cell)
{
    int16_t count = w->counts[cell];
    return count == SECG_GRID_GAP ? NAN : (float)count * SECG_GRID_MV;
}

float secg_past_mixed_mv(const secg_past_window *w, size_t cell, float now_mv, float share)
{
    float past = share > 0 ? secg_past_mv(w, cell) : NAN;
    return past == past ? now_mv + share * (past - now_mv) : now_mv;
}

float secg_past_noise(const secg_past_window *w, const secg_average *a, float share, size_t k)
{
    float now = a->noise_mv[k];
    return share > 0 ? hypotf((1 - share) * now, share * w->noise_mv[k]) : now;
}

uint16_t secg_past_beats(const secg_past_window *w, const secg_average *a, float share, size_t k)
{
    float now = a->beats[k], past = share > 0 ? w->beats[k] : 0;
    if (!(now > 0) || !(past > 0))
        return a->beats[k];
    return (uint16_t)(1 / ((1 - share) * (1 - share) / now + share * share / past) + 0.5f);
}

static float lead_mv(const secg_past_window *w, const secg_lead_source *s, size_t cell)
{
    if (s->channel >= 0)
        return secg_past_mv(w, cell + (size_t)s->channel);
    return s->from_i * secg_past_mv(w, cell + (size_t)s->channel_i) +
           s->from_ii * secg_past_mv(w, cell + (size_t)s->channel_ii);
}

/* The level of a lead in the window less that in the present average. */
static float difference(const secg_past *p, const secg_past_window *w, const secg_spread *spread,
                        const secg_lead_source *s)
{
    const float *form = spread->form[0];
    float sum = 0;
    for (size_t r = spread->first; r < spread->last; r++) {
        const float *mean = spread->average->mean + r * p->grid.stride;
        if (form[r] == 0.0f)
            continue;
        sum += form[r] * (lead_mv(w, s, r * p->grid.stride) - secg_lead_value(s, mean));
    }
    return sum;
}

static float uncertainty(const secg_spread *spread, float sigma, const float *noise_mv, size_t lead)
{
    return secg_spread_uncertainty(sigma, secg_lead_noise(&spread->lead[lead], noise_mv));
}

void secg_past_weigh(const secg_past *p, const secg_past_window *w, const secg_spread *spread,
                     float *share)
{
    float quotients = 0, leads = 0;
    memset(share, 0, p->grid.stride * sizeof *share);
    for (size_t k = 0; k < spread->leads; k++) {
        const secg_lead_source *s = &spread->lead[k];
        float s0 = uncertainty(spread, secg_spread_of(spread, 0, k), spread->average->noise_mv, k);
        float s1 = uncertainty(spread, hypotf(w->sigma[0][k], w->locked[0][k]), w->noise_mv, k);
        float off = difference(p, w, spread, s), variance = s0 * s0 + s1 * s1;
        if (!(off == off) || !(variance == variance))
            continue;
        quotients += off * off / variance;
        leads++;
        if (s->channel >= 0)
            share[s->channel] = fminf(most_share, s0 * s0 / variance);
    }
    float trust = leads > 0 ? (differ - quotients / leads) / (differ - agree) : 0;
    for (size_t k = 0; k < p->grid.stride; k++)
        share[k] *= fmaxf(0, fminf(1, trust));
}
