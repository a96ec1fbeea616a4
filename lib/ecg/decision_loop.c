#include "ecg/decision_loop.h"

#include "base/log.h"

#include <math.h>

static const float MOST_ODDS = 30;
static const float LOG_EARLY = -0.28768f /* of 0.75 */, LOG_LATE = 0.22314f /* of 1.25 */;
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

enum { HIDDEN = 8, HIDDEN_WIDES = HIDDEN / SECG_WIDE_LANES }; /* units                           */
_Static_assert(HIDDEN % SECG_WIDE_LANES == 0, "hidden units fill vectors");
_Static_assert(SECG_CANDIDATES % SECG_WIDE_LANES == 0, "and so do rows of odds");

typedef struct network {
    float bias, linear_own[OWN], linear_timing[TIMING];
    float out[HIDDEN], bend[HIDDEN]; /* of hidden units         */
    float own[OWN][HIDDEN];
    float timing[TIMING][HIDDEN];
} network;

#include "ecg/decision_weights.h" /* NETWORK, of the type above */

/* What a candidate adds by itself: in a straight line, and to the hidden units. */
typedef struct own_part {
    float line;
    secg_wide hidden[HIDDEN_WIDES];
} own_part;

static float greater(float a, float b)
{
    return a > b ? a : b;
}

static float lesser(float a, float b)
{
    return a < b ? a : b;
}

SECG_INLINE secg_quad clip_four(secg_quad x, secg_quad low, secg_quad high)
{
    return secg_quad_min(secg_quad_max(x, low), high);
}

SECG_INLINE secg_wide clip_all(secg_wide x, float low, float high)
{
    return secg_wide_min(secg_wide_max(x, secg_wide_all(low)), secg_wide_all(high));
}

/* Whether there is a last beat to compare with. */
SECG_INLINE int follows_last(const secg_decision *d)
{
    return d->has_last && !d->is_adrift;
}

SECG_INLINE float tallest_before(const secg_decision *d, const secg_candidate *c)
{
    int64_t from = c->time - d->neighbourhood;
    int after_last = follows_last(d) && d->last.time > from;
    float highest = after_last ? d->last.height : SECG_DECISION_LEAST_HEIGHT;
    for (; c > d->candidate && c[-1].time > from; c--)
        highest = greater(highest, c[-1].height);
    return highest;
}

/* Evidence stands in such an order that it can be worked out four at a time. */
SECG_INLINE void set_own(const secg_decision *d, const secg_candidate *c, float *x)
{
    secg_quad over = {0, d->log_noise_height, tallest_before(d, c), c->after};
    secg_quad looks = {c->wide, c->width, c->tallest, c->unity};
    over = secg_quad_all(c->height) - over;
    looks -= (secg_quad){0, d->width, 0, 0};
    secg_quad_store(x + HEIGHT, clip_four(over, (secg_quad){-4, -1, -2.5f, -2.5f},
                                          (secg_quad){1.5f, 4, 2.5f, 2.5f}));
    secg_quad_store(x + WIDE,
                    clip_four(looks, (secg_quad){-4, -2, -4, -3}, (secg_quad){2, 2, 2, 0}));
    x[AGREEMENT] = c->match.agreement;
    x[UNLIKE] = lesser(c->match.agreement - 0.5f, 0);
    x[NOISE] = d->noise;
}

/* Adds what evidence, a value every so many floats, says to the hidden units. */
SECG_INLINE void bend(secg_wide *hidden, const float (*rows)[HIDDEN], const float *x, int32_t count,
                      int32_t apart)
{
    for (int32_t e = 0; e < count; e++)
        for (int32_t q = 0; q < HIDDEN_WIDES; q++)
            hidden[q] += secg_wide_load(rows[e] + q * SECG_WIDE_LANES) * x[e * apart];
}

SECG_INLINE own_part weigh_own(const float *x)
{
    own_part own = {.line = NETWORK.bias};
    for (int32_t e = 0; e < OWN; e++)
        own.line += NETWORK.linear_own[e] * x[e];
    memcpy(own.hidden, NETWORK.bend, sizeof own.hidden);
    bend(own.hidden, NETWORK.own, x, OWN, 1);
    return own;
}

/* Adds what hidden units give. */
SECG_INLINE float add_bent(float z, const secg_wide *hidden)
{
    for (int32_t q = 0; q < HIDDEN_WIDES; q++) {
        secg_wide out = secg_wide_load(NETWORK.out + q * SECG_WIDE_LANES) * hidden[q];
        out /= 1 + secg_wide_size(hidden[q]);
        for (int32_t i = 0; i < SECG_WIDE_LANES; i++)
            z += out[i];
    }
    return z;
}

/* Beats that may be the one before, as many as there are lanes. */
typedef struct befores {
    float rr[SECG_WIDE_LANES]; /* steps */
    float height[SECG_WIDE_LANES], width[SECG_WIDE_LANES];
} befores;

/* So many. */
SECG_INLINE void find_befores(const secg_candidate *before, int32_t count, int64_t time, befores *b)
{
    secg_wide_store(b->rr, secg_wide_all(1));
    secg_wide_store(b->height, secg_wide_all(0));
    secg_wide_store(b->width, secg_wide_all(0));
    for (int32_t k = 0; k < count; k++) {
        b->rr[k] = (float)(time - before[k].time);
        b->height[k] = before[k].height;
        b->width[k] = before[k].width;
    }
}

/* x: [TIMING], all of the befores' at once. */
SECG_INLINE void set_timing(const secg_decision *d, const secg_candidate *c, const befores *b,
                            secg_wide *x)
{
    secg_wide rr = secg_wide_load(b->rr), rr_s = rr / d->rate_hz;
    secg_wide log_ratio = secg_wide_log(rr / d->rr_typical), off = log_ratio / 0.1f;
    secg_wide drop = secg_wide_load(b->height) - c->height;
    secg_wide width_before = secg_wide_load(b->width), wider = c->width - width_before;
    x[EARLY] = clip_all(LOG_EARLY - log_ratio, 0, 2);
    x[LATE] = d->search_back ? clip_all(log_ratio - LOG_LATE, 0, 1.5f) : secg_wide_all(0);
    x[ON_TIME] = secg_wide_keep(secg_wide_size(off) < 5.0f, secg_wide_exp(-0.5f * off * off));
    x[T_HEIGHT] = clip_all((0.4f - rr_s) / 0.2f, 0, 1) * clip_all(drop, 0, 2);
    x[T_WIDTH] = clip_all((0.45f - rr_s) / 0.2f, 0, 1) * clip_all(wider, 0, 1.5f);
    if (d->rejected >= REJECTED_KNOWN)
        x[T_WIDTH] *= clip_all(secg_wide_all(USUAL_T - (c->height - d->log_noise_height)), 0, 1);
    x[LOG_RR] = clip_all(log_ratio + d->log_rr_typical_s, -1.8f, 1);
    x[DROP] = clip_all(drop, -2, 3);
    x[WIDER] = clip_all(wider, -2, 2);
    x[BEFORE_WIDTH] = clip_all(width_before - d->width, -2, 2);
}

/* Log odds from what the candidate adds by itself and evidence x, [TIMING], from so many beats before: what
 * is straight for all at once, what is bent for one after the other. */
SECG_INLINE secg_wide weigh_timing(const secg_decision *d, const own_part *own, const befores *b,
                                   const secg_wide *x, int32_t count)
{
    float z[SECG_WIDE_LANES];
    secg_wide line = secg_wide_all(own->line);
    for (int32_t e = 0; e < TIMING; e++)
        line += NETWORK.linear_timing[e] * x[e];
    secg_wide_store(z, line);
    for (int32_t k = 0; k < count; k++) {
        secg_wide hidden[HIDDEN_WIDES];
        if (b->rr[k] < d->refractory) {
            z[k] = -MOST_ODDS;
            continue;
        }
        memcpy(hidden, own->hidden, sizeof hidden);
        bend(hidden, NETWORK.timing, (const float *)x + k, TIMING, SECG_WIDE_LANES);
        z[k] = add_bent(z[k], hidden);
    }
    return clip_all(secg_wide_load(z), -MOST_ODDS, MOST_ODDS);
}

/* Without a last beat nothing is known of timing. */
void SECG_WIDE_NAME(secg_decision_weigh_loop)(secg_decision *d, int32_t i)
{
    const secg_candidate *c = &d->candidate[i];
    float x[OWN];
    set_own(d, c, x);
    own_part own = weigh_own(x);
    for (int32_t j = 0; j <= i; j += SECG_WIDE_LANES) {
        int32_t left = i + 1 - j, count = left < SECG_WIDE_LANES ? left : SECG_WIDE_LANES;
        befores b;
        secg_wide timing[TIMING];
        find_befores(d->before + j, count, c->time, &b);
        set_timing(d, c, &b, timing);
        if (j == 0 && !follows_last(d)) {
            b.rr[0] = INFINITY;
            for (int32_t e = 0; e < TIMING; e++)
                timing[e][0] = 0;
        }
        secg_wide_store(d->odds[i] + j, weigh_timing(d, &own, &b, timing, count));
    }
}
