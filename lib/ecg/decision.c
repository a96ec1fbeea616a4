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
 * once for each candidate.
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
static const float MOST_ODDS = 30, FIRST_NOISE_HEIGHT = 0.1f, FIRST_RR_S = 0.8f;
static const float LOG_EARLY = -0.28768f /* of 0.75 */, LOG_LATE = 0.22314f /* of 1.25 */;
static const float LEAST_LOG_PART = -4.605f /* of 0.01 */, LEAST_LOG_HEIGHT = -3.912f /* of 0.02 */;
static const float LEAST_TALLEST = -4;
/* A T wave follows every beat, so once some candidates have been rejected its height is known.  What
 * stands e^1.3 (3.7 times) over that is no T wave for being wide: it is an early ventricular beat. */
enum { REJECTED_KNOWN = 12 };
static const float USUAL_T = 1.3f;

/* Evidence of a candidate by itself. */
enum {
    HEIGHT,      /* log, against typical beats                                               */
    OVER_NOISE,  /* log, against rejected candidates                                         */
    OVER_BEFORE, /* log, against the largest candidate within 0.3 s before                   */
    OVER_AFTER,  /* and after                                                                */
    WIDE,        /* log height in the wide band                                              */
    WIDTH,       /* log of wide over narrow, against typical beats                           */
    TALLEST,     /* log height in the lead where it is largest                               */
    UNITY,       /* how far leads agree on the height                                        */
    AGREEMENT,   /* with the best shape                                                      */
    UNLIKE,      /* the same where it is below 0.5                                           */
    NOISE,       /* log, between beats                                                       */
    OWN
};
_Static_assert((int)OWN == (int)SECG_DECISION_OWN, "the network has weights for all of it");

/* Evidence from the beat before. */
enum {
    EARLY,        /* log of 0.75 over RR / typical RR, above 0                               */
    LATE,         /* log of RR / typical RR over 1.25, above 0                               */
    ON_TIME,      /* 1 at the typical RR, 0.6 at 10 % from it                                */
    T_HEIGHT,     /* lower than the beat before, within 0.2 .. 0.4 s of it                   */
    T_WIDTH,      /* wider than the beat before, within 0.25 .. 0.45 s of it                 */
    LOG_RR,       /* log of RR in seconds                                                    */
    DROP,         /* log height of the beat before over this one                             */
    WIDER,        /* log of width over that of the beat before                               */
    BEFORE_WIDTH, /* log of the width of the beat before, against typical beats              */
    TIMING
};
_Static_assert((int)TIMING == (int)SECG_DECISION_TIMING, "the network has weights for all of it");

void secg_decision_init(secg_decision *d, double rate_hz, int search_back)
{
    *d = (secg_decision){.rate_hz = rate_hz, .search_back = search_back};
    d->refractory = (int32_t)lround(REFRACTORY_MS * 1e-3 * rate_hz);
    secg_decision_set_rr(d, FIRST_RR_S * (float)rate_hz);
    d->noise_height = FIRST_NOISE_HEIGHT;
    d->log_noise_height = secg_log(d->noise_height);
}

void secg_decision_cut_adrift(secg_decision *d)
{
    d->is_adrift = 1;
    d->width = 0;
    d->noise_height = FIRST_NOISE_HEIGHT;
    d->log_noise_height = secg_log(d->noise_height);
    secg_decision_set_rr(d, FIRST_RR_S * (float)d->rate_hz);
}

void secg_decision_set_rr(secg_decision *d, float rr_typical)
{
    d->rr_typical = rr_typical;
    d->log_rr_typical_s = secg_log(rr_typical / (float)d->rate_hz);
}

void secg_decision_drop(secg_decision *d, int32_t count)
{
    d->candidates -= count;
    memmove(d->candidate, d->candidate + count, (size_t)d->candidates * sizeof *d->candidate);
}

secg_candidate *secg_decision_add(secg_decision *d)
{
    if (d->candidates == SECG_CANDIDATES)
        secg_decision_drop(d, 1);
    return &d->candidate[d->candidates++];
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}

void secg_decision_reject(secg_decision *d, const secg_candidate *c)
{
    float height = clip(secg_exp(c->height), 0.02f, 1);
    d->noise_height += 0.125f * (height - d->noise_height);
    d->log_noise_height = secg_log(d->noise_height);
    d->rejected += d->rejected < 1000;
}

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static void measure_sums(secg_candidate *c, float height, float wide, float logs, float shares)
{
    c->height = secg_log(greater(height, 0.001f));
    c->wide = secg_log(0.001f + wide);
    c->unity = (shares > 0 ? logs / shares : 0) - c->height;
}

/* Of one lead. */
static void measure_one(secg_candidate *c, const secg_levels *l, const float *log_beat)
{
    float log_part = c->log_part[0] - log_beat[0], share = l->share[0], gain = l->gain[0];
    int in = (c->usable & 1) && gain > 0;
    c->tallest = in ? greater(log_part, LEAST_TALLEST) : LEAST_TALLEST;
    measure_sums(c, in ? gain * c->part_mv[0] : 0, in ? gain * c->wide_mv[0] : 0,
                 in ? share * greater(log_part, LEAST_LOG_PART) : 0, in ? share : 0);
}

/* Over leads that are usable and known: those with a gain.  Rows are 0 beyond the channels. */
static void measure(secg_candidate *c, const secg_levels *l, const float *log_beat)
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
    measure_sums(c, secg_quad_total(height), secg_quad_total(wide), secg_quad_total(logs),
                 secg_quad_total(shares));
}

static int follows_last(const secg_decision *d)
{
    return d->has_last && !d->is_adrift;
}

static float tallest_before(const secg_decision *d, int32_t i, float reach)
{
    float highest = LEAST_LOG_HEIGHT;
    int64_t time = d->candidate[i].time;
    if (follows_last(d) && (float)(time - d->last.time) < reach)
        highest = d->last.height;
    for (int32_t j = 0; j < i; j++)
        if ((float)(time - d->candidate[j].time) < reach)
            highest = greater(highest, d->candidate[j].height);
    return highest;
}

static float tallest_after(const secg_decision *d, int32_t i, float reach)
{
    float highest = LEAST_LOG_HEIGHT;
    int64_t time = d->candidate[i].time;
    for (int32_t j = i + 1; j < d->candidates; j++)
        if ((float)(d->candidate[j].time - time) < reach)
            highest = greater(highest, d->candidate[j].height);
    return highest;
}

static void set_timing(const secg_decision *d, const secg_candidate *c,
                       const secg_candidate *before, float *x)
{
    float rr = (float)(c->time - before->time), rr_s = rr / (float)d->rate_hz;
    float log_ratio = secg_log(rr / d->rr_typical), off = log_ratio / 0.1f;
    float width = c->wide - c->height, width_before = before->wide - before->height;
    x[EARLY] = clip(LOG_EARLY - log_ratio, 0, 2);
    x[LATE] = d->search_back ? clip(log_ratio - LOG_LATE, 0, 1.5f) : 0;
    x[ON_TIME] = fabsf(off) < 5 ? secg_exp(-0.5f * off * off) : 0;
    x[T_HEIGHT] = clip((0.4f - rr_s) / 0.2f, 0, 1) * clip(before->height - c->height, 0, 2);
    x[T_WIDTH] = clip((0.45f - rr_s) / 0.2f, 0, 1) * clip(width - width_before, 0, 1.5f);
    if (d->rejected >= REJECTED_KNOWN)
        x[T_WIDTH] *= clip(USUAL_T - (c->height - d->log_noise_height), 0, 1);
    x[LOG_RR] = clip(log_ratio + d->log_rr_typical_s, -1.8f, 1);
    x[DROP] = clip(before->height - c->height, -2, 3);
    x[WIDER] = clip(width - width_before, -2, 2);
    x[BEFORE_WIDTH] = clip(width_before - d->width, -2, 2);
}

static void set_own(const secg_decision *d, int32_t i, float noise, float *x)
{
    const secg_candidate *c = &d->candidate[i];
    float reach = NEIGHBOUR_S * (float)d->rate_hz;
    x[HEIGHT] = clip(c->height, -4, 1.5f);
    x[OVER_NOISE] = clip(c->height - d->log_noise_height, -1, 4);
    x[OVER_BEFORE] = clip(c->height - tallest_before(d, i, reach), -2.5f, 2.5f);
    x[OVER_AFTER] = clip(c->height - tallest_after(d, i, reach), -2.5f, 2.5f);
    x[WIDE] = clip(c->wide, -4, 2);
    x[WIDTH] = clip(c->wide - c->height - d->width, -2, 2);
    x[TALLEST] = clip(c->tallest, -4, 2);
    x[UNITY] = clip(c->unity, -3, 0);
    x[AGREEMENT] = c->match.agreement;
    x[UNLIKE] = clip(c->match.agreement - 0.5f, -2, 0);
    x[NOISE] = noise;
}

static void weigh_own(const float *x, secg_candidate *c)
{
    c->own = SECG_WIDE(secg_decision_own_loop, SECG_DECISION_HIDDEN)(x, c->hidden);
}

/* Log odds of c when x is the evidence from the beat before. */
static float weigh_timing(const float *x, const secg_candidate *c)
{
    return SECG_WIDE(secg_decision_timing_loop, SECG_DECISION_HIDDEN)(x, c->own, c->hidden);
}

/* Log odds of c when `before`, or no beat yet, is the beat before it. */
static float log_odds(const secg_decision *d, const secg_candidate *c, const secg_candidate *before)
{
    float x[TIMING] = {0};
    if (before && c->time - before->time < d->refractory)
        return -MOST_ODDS;
    if (before)
        set_timing(d, c, before, x);
    return clip(weigh_timing(x, c), -MOST_ODDS, MOST_ODDS);
}

/* Log odds of each candidate given each possible last beat before it. */
static void set_pairs(secg_decision *d)
{
    for (int32_t i = 0; i < d->candidates; i++) {
        const secg_candidate *c = &d->candidate[i];
        d->odds[0][i] = log_odds(d, c, follows_last(d) ? &d->last : NULL);
        for (int32_t j = 0; j < i; j++)
            d->odds[j + 1][i] = log_odds(d, c, &d->candidate[j]);
    }
}

/* Best path over all candidates but `without`; its last, or -1 when none is better. */
static int32_t find_path(secg_decision *d, int32_t without, float *best_score)
{
    int32_t best = -1;
    float score[SECG_CANDIDATES];
    *best_score = 0;
    for (int32_t i = 0; i < d->candidates; i++) {
        score[i] = d->odds[0][i];
        d->candidate[i].from = -1;
        for (int32_t j = 0; j < i; j++)
            if (j != without && score[j] + d->odds[j + 1][i] > score[i]) {
                score[i] = score[j] + d->odds[j + 1][i];
                d->candidate[i].from = j;
            }
        if (i != without && score[i] > *best_score) {
            *best_score = score[i];
            best = i;
        }
    }
    return best;
}

static void weigh_by_itself(secg_decision *d, int32_t i)
{
    float x[OWN];
    set_own(d, i, d->noise, x);
    weigh_own(x, &d->candidate[i]);
}

static void take_levels(secg_decision *d, const secg_levels *levels)
{
    d->version = levels->version;
    d->noise = clip(secg_log(secg_levels_fused_noise(levels)) + 2.5f, -1, 2);
    for (size_t k = 0; k < levels->channels; k++)
        d->log_beat[k] = secg_log(greater(levels->beat_mv[k], 1e-6f));
}

/* What the levels make of the candidates, where it is not known yet. */
static void measure_all(secg_decision *d, const secg_levels *levels)
{
    if (d->version != levels->version)
        take_levels(d, levels);
    for (int32_t i = 0; i < d->candidates; i++) {
        secg_candidate *c = &d->candidate[i];
        if (c->version != levels->version && levels->channels == 1)
            measure_one(c, levels, d->log_beat);
        else if (c->version != levels->version)
            measure(c, levels, d->log_beat);
        c->version = levels->version;
    }
}

int secg_decision_expects(secg_decision *d, const secg_levels *levels, int32_t i)
{
    const secg_candidate *before = follows_last(d) ? &d->last : NULL;
    for (int32_t j = 0; j < i; j++)
        if (d->candidate[j].is_expected)
            before = &d->candidate[j];
    measure_all(d, levels);
    weigh_by_itself(d, i);
    return log_odds(d, &d->candidate[i], before) > 0;
}

int32_t secg_decision_find(secg_decision *d, const secg_levels *levels, float *margin)
{
    float best, other;
    measure_all(d, levels);
    for (int32_t i = 0; i < d->candidates; i++)
        weigh_by_itself(d, i);
    set_pairs(d);
    int32_t first = find_path(d, -1, &best);
    while (first >= 0 && d->candidate[first].from >= 0)
        first = d->candidate[first].from;
    *margin = 0;
    if (first < 0)
        return -1;
    find_path(d, first, &other);
    *margin = best - other;
    return first;
}
