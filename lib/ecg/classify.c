/* Labels are decided by likeness to the dominant shape and by timing.
 *
 * The dominant shape is the one with most beats of late (presence fades by half in 70 beats) that do
 * not come early; it changes only for one 1.3 times as high in that, so it may follow the heart's
 * axis, or a bundle branch block that comes with the rate, but not a run.  A beat is compared with it
 * in two bands: the detector's own, and one of half the frequency over +-160 ms, in which width and
 * the discordant T wave of a ventricular beat show.
 *
 * Timing is told against three baselines, since none serves alone: the median of 32 intervals (all
 * beats), their upper quartile (bigeminy), and the median of 12 intervals from normal to normal
 * beat (a long run).  The interval after the beat counts too, which is why an unusual beat waits
 * for the next one, or 1.18 s; a usual one does not.
 *
 * The log odds of V and of S against N are linear in the evidence and in forty bent sums of it: the
 * mean of five networks of eight, fitted from different beginnings, which agree where there is evidence
 * and differ where there is none (Hansen and Salamon 1990); on patients that had no part in fitting the
 * mean is better than any of the five.  The largest of N, V and S wins; but what is hardly V or hardly N,
 * on time and like the dominant beat in part, as fusion beats are, is Q.  Weights: maximum likelihood, L2, on the
 * 22 MIT-BIH records of the usual training half in one and two leads, also played 13 % slower and 15 %
 * faster, 41 records of the QT Database, nine of moving patients with atrial fibrillation, copies with
 * noise added at 10 dB, and made tracings without ectopic beats; along the function's own labels, since
 * the evidence holds earlier labels, and renewed with them several times.
 * Fusion beats were left out.  How well labels of records that had no part in fitting agree is said in
 * bench/README.md: how early beats come and how they look differs much between patients.
 *
 * After Chazal, O'Dwyer and Reilly 2004 (linear discriminant on timing and shape between patients),
 * here on likeness to the patient's own dominant beat. */
#include "ecg/classify.h"

#include "ecg/classify_loop.h"

#include <math.h>
#include <string.h>

static const float FADE = 0.99f, EARLY_PENALTY = 5, CLEARLY_AHEAD = 1.3f;
enum { FEW_NORMAL = 4, FEW_INTERVALS = 3 };
static const float USUAL_AGREEMENT = 0.95f, USUAL_DISTANCE = 0.35f, USUAL_TIMING = 0.12f;

/* Where neither of N and V has these odds (e^3) against the other, what could be a fusion beat is Q. */
static const float DOUBTFUL_ODDS = 3, ON_TIME_LOG = -0.1f, ALIKE = 0.35f;
static const float EARLY_LOG = -0.03f;

void secg_classify_init(secg_classify *c)
{
    *c = (secg_classify){.median = 800,
                         .mean = 800,
                         .long_rr = 800,
                         .normal_rr = 800,
                         .last_rr = NAN,
                         .dominant = -1};
}

static float clip(float x, float low, float high)
{
    x = x > low ? x : low;
    return x < high ? x : high;
}

/* How much a shape looks like the heart's usual one: it is frequent, and does not come early. */
static float standing(const secg_classify *c, int32_t shape)
{
    float early = c->earliness[shape];
    return early < 0 ? c->presence[shape] * expf(EARLY_PENALTY * early) : c->presence[shape];
}

/* The shape of highest standing, which is its presence at most; changed only for one clearly ahead. */
static void choose_dominant(secg_classify *c)
{
    int32_t best = c->dominant < 0 ? 0 : c->dominant;
    float highest = standing(c, best);
    for (int32_t i = 0; i < SECG_SHAPES; i++) {
        if (c->presence[i] <= CLEARLY_AHEAD * highest)
            continue;
        float other = standing(c, i);
        if (other > CLEARLY_AHEAD * highest)
            best = i, highest = other;
    }
    c->dominant = best;
}

secg_beat_evidence secg_classify_observe(secg_classify *c, const secg_detector *d,
                                         const secg_detection *beat, float rr_ms)
{
    int32_t shape = beat->match.shape;
    if (beat->is_new)
        c->presence[shape] = c->earliness[shape] = c->ventricular[shape] = 0;
    for (int32_t i = 0; i < SECG_SHAPES; i++)
        c->presence[i] *= FADE;
    c->presence[shape] += 1;
    choose_dominant(c);
    return (secg_beat_evidence){.shape = shape,
                                .likeness = secg_shapes_compare(&d->shapes, d->feature,
                                                                beat->time - d->bump_lag,
                                                                d->levels.weight, c->dominant),
                                .own_agreement = beat->match.agreement,
                                .height = beat->height,
                                .noise = beat->noise,
                                .rr_ms = rr_ms};
}

/* How much shorter an interval is than another, as a log: from -1 to 0, for one that is not. */
static float shortness(float rr, float usual)
{
    return rr < usual ? clip(logf(rr / usual), -1, 0) : 0;
}

static void evidence_of(const secg_classify *c, const secg_beat_evidence *e, float next_rr_ms,
                        int open, float *x)
{
    const secg_likeness *l = &e->likeness;
    int known = !isnan(e->rr_ms);
    float before = known ? clip(logf(e->rr_ms / c->median), -1, 1) : 0;
    float after = clip(logf(next_rr_ms / c->median), -1, 1);
    float last = known && !isnan(c->last_rr) ? clip(logf(e->rr_ms / c->last_rr), -1, 1) : 0;
    if (open && after < 0)
        after = 0;
    x[0] = 1;                              /* constant */
    x[1] = logf(l->distance + 0.05f);      /* difference to the dominant shape */
    x[2] = 1 - l->agreement;               /* in form only */
    x[3] = logf(l->wide_distance + 0.05f); /* the same in the wide band */
    x[4] = 1 - l->wide_agreement;
    x[5] = clip(logf(l->size), -1.5f, 1.5f); /* size against it */
    x[6] = clip(l->width, -1, 1);            /* width against it */
    x[7] = fminf(before, 0);                 /* early, against all beats */
    x[8] = fmaxf(before, 0);                 /* late */
    x[9] = fminf(after, 0);                  /* next beat early */
    x[10] = fmaxf(after, 0);                 /* next beat late: a pause */
    x[11] = fminf(last, 0);                  /* earlier than the beat before */
    x[12] = c->earliness[e->shape];          /* how early beats of its shape come */
    x[13] = logf(c->presence[e->shape] / (c->presence[c->dominant] + 1));
    x[14] = clip(e->noise + 2.5f, -1, 2);   /* noise */
    x[15] = x[7] * fminf(x[2], 1);          /* early and of another form */
    x[16] = clip(c->irregularity, 0, 0.5f); /* irregular rhythm */
    x[17] = known ? shortness(e->rr_ms, c->long_rr) : 0;
    x[18] = x[7] * x[16];         /* early in an irregular rhythm */
    x[19] = 1 - e->own_agreement; /* unlike its own shape */
    x[20] = c->last_before;       /* how early the beat before was */
    float normal = known ? clip(logf(e->rr_ms / c->normal_rr), -1, 1) : 0;
    x[22] = fminf(normal, 0); /* early, against normal beats */
    x[23] = fmaxf(normal, 0);
    x[24] = c->last_label == SECG_BEAT_V; /* after a V beat */
    x[25] = c->last_label == SECG_BEAT_S; /* after an S beat */
    x[26] = x[25] * expf(-0.5f * last * last / (0.08f * 0.08f)) * (normal < -0.08f);
    /* How often its shape was V; whatever is dominant is not. */
    x[27] = e->shape == c->dominant ? 0 : c->ventricular[e->shape];
    x[21] = known ? shortness(e->rr_ms, c->mean) : 0;
}

int secg_classify_is_usual(const secg_classify *c, const secg_beat_evidence *e)
{
    return e->likeness.agreement > USUAL_AGREEMENT && e->likeness.distance < USUAL_DISTANCE &&
           fabsf(logf(e->rr_ms / c->normal_rr)) < USUAL_TIMING;
}

/* Against one of the baselines at least; no other beat is called premature. */
static int is_early(const float *x)
{
    return x[7] < EARLY_LOG || x[17] < EARLY_LOG || x[22] < EARLY_LOG;
}

/* As fusion beats are, and dominant ones in noise: not early, and neither quite like the dominant
 * shape nor wholly unlike. */
static int is_on_time_and_alike(const float *x)
{
    return x[22] > ON_TIME_LOG && x[2] < ALIKE;
}

/* N, V or S, and whether it is too close to another to be told. */
static secg_beat_label most_probable(const float *x, int *doubtful)
{
    float odds[SECG_CLASSIFY_KINDS];
    SECG_WIDE(secg_classify_loop, SECG_CLASSIFY_HIDDEN)(x, odds);
    if (!is_early(x))
        odds[SECG_CLASSIFY_S] = 0;
    *doubtful = fabsf(odds[SECG_CLASSIFY_V]) < DOUBTFUL_ODDS && is_on_time_and_alike(x);
    if (odds[SECG_CLASSIFY_V] <= 0 && odds[SECG_CLASSIFY_S] <= 0)
        return SECG_BEAT_N;
    *doubtful &= odds[SECG_CLASSIFY_S] < odds[SECG_CLASSIFY_V];
    return odds[SECG_CLASSIFY_S] >= odds[SECG_CLASSIFY_V] ? SECG_BEAT_S : SECG_BEAT_V;
}

/* Into `count` values in order of size, one more. */
static void insert(float *sorted, int32_t count, float value)
{
    int32_t j = count;
    for (; j > 0 && sorted[j - 1] > value; j--)
        sorted[j] = sorted[j - 1];
    sorted[j] = value;
}

/* The same in place of one of them. */
static void exchange(float *sorted, int32_t count, float was, float value)
{
    int32_t j = 0;
    while (j < count - 1 && sorted[j] != was)
        j++;
    for (; j > 0 && sorted[j - 1] > value; j--)
        sorted[j] = sorted[j - 1];
    for (; j < count - 1 && sorted[j + 1] < value; j++)
        sorted[j] = sorted[j + 1];
    sorted[j] = value;
}

static float rr_back(const secg_classify *c, int32_t back)
{
    return c->rr[(uint32_t)(c->rr_count - 1 - back) % SECG_CLASSIFY_RR];
}

static float step_back(const secg_classify *c, int32_t back, int32_t reach)
{
    return fabsf(rr_back(c, back) - rr_back(c, back + reach));
}

/* A step to the interval just noted, in place of the oldest. */
static void note_step(const secg_classify *c, float *sorted, int32_t steps, int32_t reach)
{
    if (steps <= SECG_CLASSIFY_STEPS)
        insert(sorted, steps - 1, step_back(c, 0, reach));
    else
        exchange(sorted, SECG_CLASSIFY_STEPS, step_back(c, SECG_CLASSIFY_STEPS, reach),
                 step_back(c, 0, reach));
}

/* The median step from an interval to the next, or to the next but one where that is smaller:
 * bigeminy is regular. */
static float irregularity(secg_classify *c, int32_t count)
{
    int32_t steps = count - 2;
    note_step(c, c->step_one, steps, 1);
    note_step(c, c->step_two, steps, 2);
    steps = steps < SECG_CLASSIFY_STEPS ? steps : SECG_CLASSIFY_STEPS;
    return count < 6 ? 0 : fminf(c->step_one[steps / 2], c->step_two[steps / 2]) / c->median;
}

/* A record may begin in the middle of exercise: the shorter of the first two intervals is a better
 * guess of what is usual than any constant (the very first beat may be half a beat), so of the first
 * few the shortest counts, and until a few normal ones are known the median stands for them. */
static void begin_with(secg_classify *c, float rr)
{
    c->median = c->mean = c->long_rr = c->normal_rr = rr;
}

static void note_interval(secg_classify *c, float rr)
{
    float *place = &c->rr[c->rr_count++ % SECG_CLASSIFY_RR], was = *place, sum = 0;
    *place = rr;
    int32_t count = c->rr_count < SECG_CLASSIFY_RR ? c->rr_count : SECG_CLASSIFY_RR;
    if (c->rr_count <= SECG_CLASSIFY_RR)
        insert(c->rr_sorted, count - 1, rr);
    else
        exchange(c->rr_sorted, count, was, rr);
    if (c->rr_count >= 2 * SECG_CLASSIFY_RR)
        c->rr_count -= SECG_CLASSIFY_RR;
    for (int32_t i = 0; i < count; i++)
        sum += c->rr[i];
    if (count < FEW_INTERVALS) {
        begin_with(c, fminf(c->rr_sorted[0], c->median));
        return;
    }
    c->median = c->rr_sorted[count / 2];
    c->long_rr = c->rr_sorted[3 * count / 4];
    c->mean = sum / (float)count;
    c->irregularity = irregularity(c, count);
}

/* Without a normal interval for long the rhythm has changed for good. */
static void note_normal(secg_classify *c, float rr, int normal)
{
    if (!normal && ++c->since_normal < SECG_CLASSIFY_RR)
        return;
    c->since_normal = 0;
    float *place = &c->normal[c->normal_count++ % SECG_CLASSIFY_NORMAL], was = *place;
    *place = rr;
    int32_t count = c->normal_count < SECG_CLASSIFY_NORMAL ? c->normal_count : SECG_CLASSIFY_NORMAL;
    if (c->normal_count <= SECG_CLASSIFY_NORMAL)
        insert(c->normal_sorted, count - 1, rr);
    else
        exchange(c->normal_sorted, count, was, rr);
    if (c->normal_count >= 2 * SECG_CLASSIFY_NORMAL)
        c->normal_count -= SECG_CLASSIFY_NORMAL;
    c->normal_rr = c->normal_sorted[count / 2];
}

/* before: how early it was, a log. */
static void note_beat(secg_classify *c, const secg_beat_evidence *e, secg_beat_label label,
                      float before)
{
    float rr = e->rr_ms, is_v = label == SECG_BEAT_V ? 1.0f : 0.0f;
    c->last_before = before;
    c->earliness[e->shape] += 0.125f * (c->last_before - c->earliness[e->shape]);
    c->ventricular[e->shape] += 0.125f * (is_v - c->ventricular[e->shape]);
    c->last_rr = rr;
    if (!isnan(rr)) {
        note_interval(c, rr);
        note_normal(c, rr, label == SECG_BEAT_N && c->last_label == SECG_BEAT_N);
        if (c->normal_count < FEW_NORMAL)
            c->normal_rr = c->median;
    }
    c->last_label = label;
}

secg_beat_label secg_classify_label(secg_classify *c, const secg_beat_evidence *e, float next_rr_ms,
                                    int open)
{
    float x[SECG_CLASSIFY_EVIDENCE];
    if (c->rr_count == 0 && !isnan(e->rr_ms))
        begin_with(c, open ? e->rr_ms : fminf(e->rr_ms, next_rr_ms));
    evidence_of(c, e, next_rr_ms, open, x);
    int doubtful;
    secg_beat_label label = most_probable(x, &doubtful);
    /* For later labels a doubtful beat is no V, but it may be a normal one. */
    note_beat(c, e, doubtful && label == SECG_BEAT_V ? SECG_BEAT_Q : label, x[7] + x[8]);
    return doubtful ? SECG_BEAT_Q : label;
}
