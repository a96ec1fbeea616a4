/* Beats are the path through the candidates that is most probable as a whole:
 *
 *     P(path) ~ exp sum over its beats i of z(i | j),
 *
 * j: the beat before i on the path, at first the last beat that was reported.  What is no beat adds
 * nothing.  The best path is found by dynamic programming over pairs (Viterbi) among at most 32
 * candidates, three or four as a rule.  So a candidate is judged by what it makes of those around it,
 * before and after: a T wave is no beat when that leaves the next QRS too early, a small beat is one
 * when without it there would be a pause, and of a P wave and its QRS complex, which cannot both be
 * beats, the likelier is taken.  Search-back needs no case of its own.
 *
 * Probability is shared out among whole paths, as in a conditional random field (Lafferty, McCallum
 * and Pereira 2001), not to each candidate by itself: there "no beat so soon after the one before" costs
 * nothing, so a tall P wave that is taken for a beat excludes its QRS complex for free.  In records
 * that had no part in fitting that was the most frequent error.
 *
 * z is linear in the evidence x below and in eight bent sums of it,
 *
 *     z = b + l . x + sum_h o_h u_h / (1 + |u_h|),     u = c + A x:
 *
 * in a clean signal an odd shape may be a beat, in noise it is not; a T wave is told by height,
 * width and distance together.  The part of x that does not depend on the beat before is summed up
 * once for each candidate.  z is worked out anew only when something has changed that x comes from.
 *
 * Weights: maximum likelihood of the true paths, L2, on the 22 MIT-BIH records of the usual training
 * half (lead 1, lead 2, both, and both played 15 % slower and 18 % faster), 41 records of the QT
 * Database, both with electrode motion or muscle noise added at 6 or 8 dB and with their two leads mixed
 * into leads of other axes, 100 twelve-lead records of LUDB in two leads each, repeated to 75 s, record
 * 118 with electrode motion, moving patients with atrial fibrillation, and 160 made tracings with T
 * waves up to 1.4 times the QRS complex and rates to 250 bpm.  Candidates were collected along the true
 * path and, several times in turn, along the path that the fitted weights chose, so that the detector
 * knows the state after its own errors. */
#include "ecg/decision.h"

#include "base/log.h"
#include "base/quad.h"
#include "ecg/decision_loop.h"

#include <math.h>
#include <string.h>

static const double REFRACTORY_MS = 180;
static const float NEIGHBOUR_S = 0.3f; /* P and T waves lie within this of their QRS complex */
static const float FIRST_NOISE_HEIGHT = 0.1f, FIRST_RR_S = 0.8f;
static const float LEAST_LOG_PART = -4.605f; /* of 0.01 */
static const float LEAST_TALLEST = -4;

void secg_decision_init(secg_decision *d, double rate_hz, int search_back)
{
    *d = (secg_decision){.rate_hz = (float)rate_hz, .search_back = search_back};
    d->refractory = (float)lround(REFRACTORY_MS * 1e-3 * rate_hz);
    d->neighbourhood = (int32_t)ceilf(NEIGHBOUR_S * d->rate_hz);
    secg_decision_set_rr(d, FIRST_RR_S * d->rate_hz);
    d->noise_height = FIRST_NOISE_HEIGHT;
    d->log_noise_height = secg_log(d->noise_height);
}

void secg_decision_cut_adrift(secg_decision *d)
{
    d->is_adrift = 1;
    d->width = 0;
    d->noise_height = FIRST_NOISE_HEIGHT;
    d->log_noise_height = secg_log(d->noise_height);
    secg_decision_set_rr(d, FIRST_RR_S * d->rate_hz);
}

void secg_decision_set_rr(secg_decision *d, float rr_typical)
{
    d->changes++;
    d->rr_typical = rr_typical;
    d->log_rr_typical_s = secg_log(rr_typical / d->rate_hz);
}

void secg_decision_drop(secg_decision *d, int32_t count)
{
    d->changes++;
    d->candidates -= count;
    memmove(d->candidate, d->candidate + count, (size_t)d->candidates * sizeof *d->candidate);
}

secg_candidate *secg_decision_add(secg_decision *d)
{
    if (d->candidates == SECG_CANDIDATES)
        secg_decision_drop(d, 1);
    secg_candidate *c = &d->candidate[d->candidates++];
    c->weighed = d->changes - 1; /* not yet */
    return c;
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}

void secg_decision_reject(secg_decision *d, const secg_candidate *c)
{
    float height = clip(secg_exp(c->height), 0.02f, 1);
    d->changes++;
    d->noise_height += 0.125f * (height - d->noise_height);
    d->log_noise_height = secg_log(d->noise_height);
    d->rejected += d->rejected < 1000;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

/* From sums over leads, of log as a mean. */
static void measure_sums(secg_candidate *c, float height, float wide, float log)
{
    secg_quad both = secg_quad_log((secg_quad){greater(height, 0.001f), 0.001f + wide, 1, 1});
    c->height = both[0];
    c->wide = both[1];
    c->width = c->wide - c->height;
    c->unity = log - c->height;
}

/* Of one lead, which has all of the share. */
static void measure_one(secg_candidate *c, const secg_levels *l, const float *log_beat)
{
    int in = (c->usable & 1) && l->gain[0] > 0;
    float gain = in ? l->gain[0] : 0;
    float log_part = in ? c->log_part[0] - log_beat[0] : LEAST_TALLEST;
    c->tallest = greater(log_part, LEAST_TALLEST);
    measure_sums(c, gain * c->part_mv[0], gain * c->wide_mv[0],
                 in ? greater(log_part, LEAST_LOG_PART) : 0);
}

/* Over leads that are usable and known: those with a gain.  Rows are 0 beyond the channels. */
static void measure_leads(secg_candidate *c, const secg_levels *l, const float *log_beat)
{
    secg_quad height = {0}, wide = {0}, logs = {0}, shares = {0},
              tallest = secg_quad_all(LEAST_TALLEST);
    for (size_t k = 0; k < l->channels; k += SECG_QUAD) {
        const int32_t bit = (int32_t)(c->usable >> k);
        secg_quad gain = secg_quad_load(l->gain + k);
        secg_quad_mask in = (secg_quad_mask){bit & 1, bit & 2, bit & 4, bit & 8} != 0;
        in &= gain > 0.0f;
        gain = secg_quad_keep(in, gain);
        secg_quad share = secg_quad_keep(in, secg_quad_load(l->share + k));
        secg_quad log_part = secg_quad_load(c->log_part + k) - secg_quad_load(log_beat + k);
        height += gain * secg_quad_load(c->part_mv + k);
        wide += gain * secg_quad_load(c->wide_mv + k);
        tallest = secg_quad_pick(in & (log_part > tallest), log_part, tallest);
        logs += share * secg_quad_max(log_part, secg_quad_all(LEAST_LOG_PART));
        shares += share;
    }
    c->tallest = greater(greater(tallest[0], tallest[1]), greater(tallest[2], tallest[3]));
    float log = secg_quad_total(logs), share = secg_quad_total(shares);
    measure_sums(c, secg_quad_total(height), secg_quad_total(wide), share > 0 ? log / share : 0);
}

/* Most looks find all candidates measured: this and what changes with the levels are kept out of their way. */
SECG_OUT_OF_LINE static void measure(secg_candidate *c, const secg_levels *l, const float *log_beat)
{
    c->version = l->version;
    if (l->channels == 1)
        measure_one(c, l, log_beat);
    else
        measure_leads(c, l, log_beat);
}

static float tallest_after(const secg_decision *d, int32_t i)
{
    int64_t to = d->candidate[i].time + d->neighbourhood;
    float highest = SECG_DECISION_LEAST_HEIGHT;
    for (int32_t j = i + 1; j < d->candidates && d->candidate[j].time < to; j++)
        highest = greater(highest, d->candidate[j].height);
    return highest;
}

/* Candidate i after each beat that may be the one before, where it is not known yet. */
SECG_INLINE void weigh(secg_decision *d, int32_t i)
{
    secg_candidate *c = &d->candidate[i];
    float after = tallest_after(d, i);
    if (c->weighed == d->changes && c->after == after)
        return;
    c->weighed = d->changes;
    c->after = after;
    SECG_WIDE(secg_decision_weigh_loop, 2 * SECG_QUAD)(d, i);
}

/* Paths through the candidates, which are weighed: the best that ends in each of them. */
typedef struct paths {
    float score[SECG_CANDIDATES];
    int32_t begin[SECG_CANDIDATES]; /* its first beat */
} paths;

/* Finds those that end in candidate i or a later one, with none through `without`, when those before are
 * known.  Returns the last candidate of the best, or -1 when none is better than no path. */
static int32_t find_paths(const secg_decision *d, paths *p, int32_t i, int32_t without, float *best)
{
    int32_t last = -1;
    for (; i < d->candidates; i++) {
        const float *odds = d->odds[i];
        float most = odds[0];
        int32_t begin = i;
        for (int32_t j = 0; j < i; j++)
            if (p->score[j] + odds[j + 1] > most) {
                most = p->score[j] + odds[j + 1];
                begin = p->begin[j];
            }
        p->score[i] = i == without ? -INFINITY : most;
        p->begin[i] = begin;
        if (p->score[i] > *best) {
            *best = p->score[i];
            last = i;
        }
    }
    return last;
}

SECG_OUT_OF_LINE static void take_levels(secg_decision *d, const secg_levels *levels)
{
    d->changes++;
    d->version = levels->version;
    d->noise = clip(secg_log(secg_levels_fused_noise(levels)) + 2.5f, -1, 2);
    for (size_t k = 0; k < levels->channels; k++)
        d->log_beat[k] = secg_log(greater(levels->beat_mv[k], 1e-6f));
}

/* What the levels make of the candidates, where it is not known yet: of all, or of the latest. */
static void measure_all(secg_decision *d, const secg_levels *levels)
{
    if (d->version != levels->version)
        take_levels(d, levels);
    for (int32_t i = d->candidates - 1; i >= 0; i--) {
        if (d->candidate[i].version == levels->version)
            return;
        measure(&d->candidate[i], levels, d->log_beat);
    }
}

int secg_decision_expects(secg_decision *d, const secg_levels *levels, int32_t i)
{
    int32_t before = 0;
    for (int32_t j = 0; j < i; j++)
        if (d->candidate[j].is_expected)
            before = j + 1;
    measure_all(d, levels);
    weigh(d, i);
    return d->odds[i][before] > 0;
}

int32_t secg_decision_find(secg_decision *d, const secg_levels *levels, float *margin)
{
    paths p;
    float best = 0, other = 0;
    measure_all(d, levels);
    for (int32_t i = 0; i < d->candidates; i++)
        weigh(d, i);
    int32_t last = find_paths(d, &p, 0, -1, &best), first = last < 0 ? -1 : p.begin[last];
    for (int32_t i = 0; i < first; i++) /* these stay as they are without it */
        other = greater(other, p.score[i]);
    if (first >= 0)
        find_paths(d, &p, first, first, &other);
    *margin = best - other;
    return first;
}
