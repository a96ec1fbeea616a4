/* Beats are the path through the candidates that is most probable as a whole:
 *
 *     sum over candidates i of  log p(i | j)  if i is a beat,  log (1 - p(i | j))  if not,
 *
 * j: the last beat on the path before i.  It is found by dynamic programming over pairs (Viterbi),
 * at most 32 candidates, three or four as a rule.  So a candidate is judged by what it makes of
 * those around it, before and after: a T wave is no beat when that leaves the next QRS too early,
 * a small beat is one when without it there would be a pause.  Search-back needs no case of its
 * own.
 *
 * p = 1 / (1 + exp(-z)), z linear in the evidence x below, with weights that are themselves a
 * straight line in the log noise between beats: in a clean signal an odd shape may be a beat, in
 * noise it is not.  Weights: logistic regression (L2, prior variance 1) on the candidates of the
 * 22 MIT-BIH records of the usual training half, lead 1, lead 2 and both, record 118 with electrode
 * motion, the same records with electrode motion or muscle noise added at 8 dB, moving patients
 * with atrial fibrillation, and 160 made tracings with T waves up to 1.4 times the QRS complex and
 * rates to 250 bpm.  Candidates were collected along the true path and, in turn, along the path
 * that the fitted weights chose, so that the detector knows the state after its own errors. */
#include "ecg/decision.h"

#include <math.h>
#include <string.h>

static const double REFRACTORY_MS = 180;
static const float NEIGHBOUR_S = 0.3f; /* P and T waves lie within this of their QRS complex */
static const float MOST_LOGIT = 15;
/* A T wave follows every beat, so once some candidates have been rejected its height is known.  What
 * stands e^1.3 (3.7 times) over that is no T wave for being wide: it is an early ventricular beat. */
enum { REJECTED_KNOWN = 12 };
static const float USUAL_T = 1.3f;

enum {
    ONE,         /* constant                                                                 */
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
    EARLY,       /* log of 0.75 over RR / typical RR, above 0                                */
    LATE,        /* log of RR / typical RR over 1.25, above 0                                */
    ON_TIME,     /* 1 at the typical RR, 0.6 at 10 % from it                                 */
    T_HEIGHT,    /* lower than the beat before, within 0.2 .. 0.4 s of it                    */
    T_WIDTH,     /* wider than the beat before, within 0.25 .. 0.45 s of it                  */
    EVIDENCE
};

static const float WEIGHT[EVIDENCE] = {-5.90f, 2.30f, 1.57f,  0.57f, 1.20f,  -0.12f,
                                       0.93f,  0.91f, 3.32f,  6.47f, -7.51f, -3.29f,
                                       1.17f,  2.15f, -2.77f, -7.88f};
static const float WEIGHT_BY_NOISE[EVIDENCE] = {-0.49f, -0.11f, -0.26f, -0.44f, 0.21f,  0.57f,
                                                -1.20f, 1.33f,  0.52f,  0.42f,  -1.78f, 0.65f,
                                                1.28f,  1.27f,  0.97f,  -1.29f};

void secg_decision_init(secg_decision *d, double rate_hz, int search_back)
{
    *d = (secg_decision){.rate_hz = rate_hz, .search_back = search_back};
    d->refractory = (int32_t)lround(REFRACTORY_MS * 1e-3 * rate_hz);
    d->rr_typical = 0.8f * (float)rate_hz;
    d->noise_height = 0.1f;
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
    return x < low ? low : x > high ? high : x;
}

static void measure(secg_candidate *c, const secg_levels *l)
{
    float height = 0, wide = 0.001f, logs = 0, shares = 0;
    c->tallest = -4;
    for (size_t k = 0; k < l->channels; k++) {
        if (!(c->usable >> k & 1) || l->gain[k] <= 0)
            continue;
        float share = l->gain[k] * l->beat_mv[k], part = c->part_mv[k] / l->beat_mv[k];
        height += l->gain[k] * c->part_mv[k];
        wide += l->gain[k] * c->wide_mv[k];
        c->tallest = fmaxf(c->tallest, logf(part));
        logs += share * logf(fmaxf(part, 0.01f));
        shares += share;
    }
    c->height = logf(fmaxf(height, 0.001f));
    c->wide = logf(wide);
    c->unity = (shares > 0 ? logs / shares : 0) - c->height;
}

static float tallest_before(const secg_decision *d, int32_t i, float reach)
{
    float highest = logf(0.02f);
    int64_t time = d->candidate[i].time;
    if (d->has_last && (float)(time - d->last.time) < reach)
        highest = d->last.height;
    for (int32_t j = 0; j < i; j++)
        if ((float)(time - d->candidate[j].time) < reach)
            highest = fmaxf(highest, d->candidate[j].height);
    return highest;
}

static float tallest_after(const secg_decision *d, int32_t i, float reach)
{
    float highest = logf(0.02f);
    int64_t time = d->candidate[i].time;
    for (int32_t j = i + 1; j < d->candidates; j++)
        if ((float)(d->candidate[j].time - time) < reach)
            highest = fmaxf(highest, d->candidate[j].height);
    return highest;
}

static void set_timing(const secg_decision *d, const secg_candidate *c,
                       const secg_candidate *before, float *x)
{
    float rr = (float)(c->time - before->time), rr_s = rr / (float)d->rate_hz;
    float ratio = rr / d->rr_typical, off = logf(ratio) / 0.1f;
    x[EARLY] = clip(logf(0.75f / ratio), 0, 2);
    x[LATE] = d->search_back ? clip(logf(ratio / 1.25f), 0, 1.5f) : 0;
    x[ON_TIME] = expf(-0.5f * off * off);
    x[T_HEIGHT] = clip((0.4f - rr_s) / 0.2f, 0, 1) * clip(before->height - c->height, 0, 2);
    x[T_WIDTH] = clip((0.45f - rr_s) / 0.2f, 0, 1) *
                 clip((c->wide - c->height) - (before->wide - before->height), 0, 1.5f);
    if (d->rejected >= REJECTED_KNOWN)
        x[T_WIDTH] *= clip(USUAL_T - (c->height - logf(d->noise_height)), 0, 1);
}

static void set_evidence(const secg_decision *d, int32_t i, float *x)
{
    const secg_candidate *c = &d->candidate[i];
    float reach = NEIGHBOUR_S * (float)d->rate_hz;
    x[ONE] = 1;
    x[HEIGHT] = clip(c->height, -4, 1.5f);
    x[OVER_NOISE] = clip(c->height - logf(d->noise_height), -1, 4);
    x[OVER_BEFORE] = clip(c->height - tallest_before(d, i, reach), -2.5f, 2.5f);
    x[OVER_AFTER] = clip(c->height - tallest_after(d, i, reach), -2.5f, 2.5f);
    x[WIDE] = clip(c->wide, -4, 2);
    x[WIDTH] = clip(c->wide - c->height - d->width, -2, 2);
    x[TALLEST] = c->tallest;
    x[UNITY] = clip(c->unity, -3, 0);
    x[AGREEMENT] = c->agreement;
    x[UNLIKE] = clip(c->agreement - 0.5f, -2, 0);
}

static float weigh(const float *x, int32_t first, int32_t end, float noise)
{
    float sum = 0;
    for (int32_t e = first; e < end; e++)
        sum += (WEIGHT[e] + noise * WEIGHT_BY_NOISE[e]) * x[e];
    return sum;
}

/* What timing adds to the log odds when j, or the last beat, is the beat before i. */
static float timing(const secg_decision *d, int32_t i, int32_t j, float noise)
{
    const secg_candidate *c = &d->candidate[i], *before = j < 0 ? &d->last : &d->candidate[j];
    if (j < 0 && !d->has_last)
        return 0;
    if (c->time - before->time < d->refractory)
        return -INFINITY;
    float x[EVIDENCE];
    set_timing(d, c, before, x);
    return weigh(x, EARLY, EVIDENCE, noise);
}

/* log(1 + e^x) */
static float softplus(float x)
{
    return x > 0 ? x + log1pf(expf(-x)) : log1pf(expf(x));
}

/* Log probabilities of each candidate given each possible last beat before it. */
static void set_pairs(secg_decision *d)
{
    float noise = clip(logf(d->noise) + 2.5f, -1, 2);
    for (int32_t i = 0; i < d->candidates; i++) {
        float x[EVIDENCE];
        set_evidence(d, i, x);
        float own = weigh(x, 0, EARLY, noise);
        for (int32_t j = -1; j < i; j++) {
            float z = clip(own + timing(d, i, j, noise), -MOST_LOGIT, MOST_LOGIT);
            d->no[j + 1][i] = -softplus(z);
            d->yes[j + 1][i] = z + d->no[j + 1][i]; /* log p = z + log (1 - p) */
        }
    }
}

/* Best path over all candidates but `without`; its last candidate, or -1. */
static int32_t find_path(secg_decision *d, int32_t without, float *best_score)
{
    int32_t best = -1;
    *best_score = -INFINITY;
    for (int32_t i = 0; i < d->candidates; i++)
        d->candidate[i].score = -INFINITY;
    for (int32_t j = -1; j < d->candidates; j++) {
        float score = j < 0 ? 0 : d->candidate[j].score;
        for (int32_t i = j + 1; i < d->candidates; i++) {
            if (i != without && score + d->yes[j + 1][i] > d->candidate[i].score) {
                d->candidate[i].score = score + d->yes[j + 1][i];
                d->candidate[i].from = j;
            }
            score += d->no[j + 1][i];
        }
        if (score > *best_score) {
            *best_score = score;
            best = j;
        }
    }
    return best;
}

int32_t secg_decision_find(secg_decision *d, const secg_levels *levels, float *margin)
{
    float best, other;
    for (int32_t i = 0; i < d->candidates; i++)
        measure(&d->candidate[i], levels);
    d->noise = secg_levels_fused_noise(levels);
    set_pairs(d);
    int32_t first = find_path(d, -1, &best);
    while (first >= 0 && d->candidate[first].from >= 0)
        first = d->candidate[first].from;
    *margin = 0;
    if (first >= 0) {
        find_path(d, first, &other);
        *margin = best - other;
    }
    return first;
}
