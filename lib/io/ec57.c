/* Beat-by-beat comparison, counted as the reference comparator counts (EC57; domain.md 2.6).
 *
 * One sweep forward over both lists: reference beat T (next T'), test beat t (next t').  With
 * window w:
 *   t < T:  pair if T - t <= w and (T - t < |T - t'| or |T' - t'| < |T - t'|), else t is extra;
 *   t >= T: pair if t - T <= w and (t - T < |t - T'| or |t' - T'| < |t - T'|), else T is missed.
 * An exhausted list reads as a beat that never comes.  Reference beats inside ventricular
 * fibrillation are left out, and so are unpaired test beats there. */
#include <stressecg/evaluate.h>

#include <math.h>
#include <stdlib.h>

#define NEVER (INT64_MAX / 4)

enum { SHUTDOWN_BITS = 0x30 };

typedef struct span {
    int64_t from, to;
} span;

/* One list with its marks. */
typedef struct side {
    const secg_annotation *list;
    size_t count, at;
    int64_t before, time, next; /* the last, the present and the next beat; NEVER: none */
    int broken, next_broken;    /* a fibrillation or shut-down began just before it     */
    int class_, next_class;
    int64_t fibrillation[2][2]; /* the two latest episodes read, [from, to]          */
    int in_fibrillation;        /* reading inside one                                */
    span *shutdown;
    size_t shutdowns;
} side;

static int class_of(int code)
{
    switch (code) {
    case 5:
    case 10:
    case 41:
        return SECG_EC57_V;
    case 7:
    case 8:
    case 4:
    case 9:
    case 11:
    case 34:
    case 35:
        return SECG_EC57_S;
    case 6:
        return SECG_EC57_F;
    case 12:
    case 13:
    case 30:
    case 38:
        return SECG_EC57_Q;
    default:
        return SECG_EC57_N;
    }
}

static int begins_shutdown(const secg_annotation *a)
{
    return a->code == SECG_ANN_NOISE && (a->subtype & SHUTDOWN_BITS) == SHUTDOWN_BITS;
}

static void begin_fibrillation(side *s, int64_t sample)
{
    s->fibrillation[0][0] = s->fibrillation[1][0];
    s->fibrillation[0][1] = s->fibrillation[1][1];
    s->fibrillation[1][0] = sample;
    s->fibrillation[1][1] = NEVER;
    s->in_fibrillation = 1;
}

/* The next beat of a list, noting the fibrillation read on the way; its beats are passed over. */
static void read_next(side *s)
{
    s->before = s->time;
    s->time = s->next;
    s->class_ = s->next_class;
    s->broken = s->next_broken;
    s->next_broken = 0;
    for (; s->at < s->count; s->at++) {
        const secg_annotation *a = &s->list[s->at];
        if (a->code == SECG_ANN_VF_ON) {
            begin_fibrillation(s, a->sample);
            s->next_broken = 1;
        } else if (a->code == SECG_ANN_VF_OFF) {
            s->fibrillation[1][1] = a->sample;
            s->in_fibrillation = 0;
        } else if (begins_shutdown(a)) {
            s->next_broken = 1;
        } else if (!s->in_fibrillation && secg_annotation_is_beat(a->code)) {
            s->next = a->sample;
            s->next_class = class_of(a->code);
            s->at++;
            return;
        }
    }
    s->next = NEVER;
    s->next_class = SECG_EC57_O;
}

/* The interval that ends with the present beat; 0 when there is none that can be compared. */
static int64_t interval(const side *s)
{
    return s->before == NEVER || s->time == NEVER || s->broken ? 0 : s->time - s->before;
}

static int in_fibrillation(const side *s, int64_t time)
{
    for (int i = 0; i < 2; i++)
        if (s->fibrillation[i][0] <= time && time <= s->fibrillation[i][1])
            return 1;
    return 0;
}

static int in_shutdown(const side *s, int64_t time)
{
    for (size_t i = 0; i < s->shutdowns; i++)
        if (s->shutdown[i].from <= time && time <= s->shutdown[i].to)
            return 1;
    return 0;
}

/* From a NOISE mark with both bits to the next without. */
static int find_shutdowns(side *s, int64_t end)
{
    s->shutdown = calloc(s->count + 1, sizeof *s->shutdown);
    if (!s->shutdown)
        return 0;
    int open = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i].code != SECG_ANN_NOISE)
            continue;
        int unreadable = (s->list[i].subtype & SHUTDOWN_BITS) == SHUTDOWN_BITS;
        if (unreadable && !open)
            s->shutdown[s->shutdowns].from = s->list[i].sample;
        else if (!unreadable && open)
            s->shutdown[s->shutdowns++].to = s->list[i].sample;
        open = unreadable;
    }
    if (open)
        s->shutdown[s->shutdowns++].to = end;
    return 1;
}

typedef struct comparison {
    side reference, test;
    int64_t window, start, end;
    secg_ec57 *result;
    double rr_square;
    int64_t intervals;
    double offset_sum, offset_square;
    int64_t pairs;
} comparison;

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Every event counts the two intervals that end where both lists now stand, so a missed beat is
 * felt in the RR error, as in the reference comparator. */
static void count(comparison *c, int row, int column)
{
    c->result->count[row][column]++;
    int64_t reference = interval(&c->reference), test = interval(&c->test);
    if (reference > 0 && test > 0) {
        c->rr_square += (double)(reference - test) * (double)(reference - test);
        c->intervals++;
    }
}

static void missed(comparison *c)
{
    count(c, c->reference.class_,
          in_shutdown(&c->test, c->reference.time) ? SECG_EC57_X : SECG_EC57_O);
    read_next(&c->reference);
}

static void extra(comparison *c)
{
    if (!in_fibrillation(&c->reference, c->test.time))
        count(c, in_shutdown(&c->reference, c->test.time) ? SECG_EC57_X : SECG_EC57_O,
              c->test.class_);
    read_next(&c->test);
}

static void pair(comparison *c)
{
    double off = (double)(c->test.time - c->reference.time);
    count(c, c->reference.class_, c->test.class_);
    c->offset_sum += off;
    c->offset_square += off * off;
    c->pairs++;
    read_next(&c->reference);
    read_next(&c->test);
}

static void step(comparison *c)
{
    int64_t T = c->reference.time, Tn = c->reference.next, t = c->test.time, tn = c->test.next;
    if (t < T) {
        if (T - t <= c->window && (T - t < distance(T, tn) || distance(Tn, tn) < distance(T, tn)))
            pair(c);
        else
            extra(c);
    } else if (t - T <= c->window &&
               (t - T < distance(t, Tn) || distance(tn, Tn) < distance(t, Tn))) {
        pair(c);
    } else {
        missed(c);
    }
}

/* The first beats at or after the start.  A test beat just before it may still belong to the first
 * reference; one within a window after it that lies farther from that reference than the test
 * beat behind it is dropped. */
static void begin(comparison *c)
{
    read_next(&c->reference);
    do
        read_next(&c->reference);
    while (c->reference.time < c->start);
    read_next(&c->test);
    do
        read_next(&c->test);
    while (c->test.time < c->start &&
           !(c->reference.time - c->test.time <= c->window &&
             c->reference.time - c->test.time < distance(c->reference.time, c->test.next)));
    if (c->start > 0 || c->test.time == 0)
        while (c->test.time < c->start + c->window && c->test.time >= c->start &&
               distance(c->reference.time, c->test.time) >
                   distance(c->reference.time, c->test.next))
            read_next(&c->test);
}

static void sum_up(secg_ec57 *r)
{
    for (int i = 0; i < SECG_EC57_O; i++)
        for (int j = 0; j < SECG_EC57_CLASSES; j++)
            *(j < SECG_EC57_O ? &r->qrs_tp : &r->qrs_fn) += r->count[i][j];
    for (int i = SECG_EC57_O; i < SECG_EC57_CLASSES; i++)
        for (int j = 0; j < SECG_EC57_O; j++)
            r->qrs_fp += r->count[i][j];
    r->veb_tp = r->count[SECG_EC57_V][SECG_EC57_V];
    r->sveb_tp = r->count[SECG_EC57_S][SECG_EC57_S];
    for (int j = 0; j < SECG_EC57_CLASSES; j++) {
        r->veb_fn += j != SECG_EC57_V ? r->count[SECG_EC57_V][j] : 0;
        r->sveb_fn += j != SECG_EC57_S ? r->count[SECG_EC57_S][j] : 0;
    }
    r->veb_fp = r->count[SECG_EC57_N][SECG_EC57_V] + r->count[SECG_EC57_S][SECG_EC57_V] +
                r->count[SECG_EC57_O][SECG_EC57_V] + r->count[SECG_EC57_X][SECG_EC57_V];
    r->sveb_fp = r->count[SECG_EC57_N][SECG_EC57_S] + r->count[SECG_EC57_V][SECG_EC57_S] +
                 r->count[SECG_EC57_F][SECG_EC57_S] + r->count[SECG_EC57_O][SECG_EC57_S] +
                 r->count[SECG_EC57_X][SECG_EC57_S];
}

static void finish(comparison *c, double rate_hz)
{
    secg_ec57 *r = c->result;
    double ms = 1000 / rate_hz, n = (double)c->pairs;
    sum_up(r);
    r->rr_error_rms_ms =
        c->intervals ? sqrt(c->rr_square / (double)c->intervals) * ms : (double)NAN;
    r->offset_mean_ms = c->pairs ? c->offset_sum / n * ms : (double)NAN;
    r->offset_sd_ms =
        c->pairs
            ? sqrt(fmax(c->offset_square / n - c->offset_sum / n * (c->offset_sum / n), 0)) * ms
            : (double)NAN;
    for (size_t i = 0; i < c->test.shutdowns; i++) {
        span s = c->test.shutdown[i];
        s.from = s.from < c->start ? c->start : s.from;
        r->shutdown_s += s.to > s.from ? (double)(s.to - s.from) / rate_hz : 0;
    }
}

secg_status secg_ec57_compare(const secg_annotation *reference, size_t references,
                              const secg_annotation *test, size_t tests,
                              const secg_ec57_config *config, secg_ec57 *result)
{
    if ((!reference && references) || (!test && tests) || !config || !result ||
        !(config->rate_hz > 0) || !(config->rate_hz < 1e6) || !(config->start_s < 1e9))
        return SECG_E_ARGUMENT;
    double window_s = config->window_s > 0 ? config->window_s : 0.15;
    double start_s = config->start_s < 0 ? 300 : config->start_s;
    *result = (secg_ec57){0};
    comparison c = {.reference = {.list = reference,
                                  .count = references,
                                  .time = NEVER,
                                  .next = NEVER,
                                  .fibrillation = {{NEVER, NEVER}, {NEVER, NEVER}}},
                    .test = {.list = test,
                             .count = tests,
                             .time = NEVER,
                             .next = NEVER,
                             .fibrillation = {{NEVER, NEVER}, {NEVER, NEVER}}},
                    .window = (int64_t)(window_s * config->rate_hz + 0.5),
                    .start = (int64_t)(start_s * config->rate_hz + 0.5),
                    .result = result};
    c.end = config->end_sample > 0 ? config->end_sample
            : references           ? reference[references - 1].sample
                                   : 0;
    int ready = find_shutdowns(&c.reference, c.end) && find_shutdowns(&c.test, c.end);
    if (ready) {
        begin(&c);
        while (c.reference.time <= c.end || c.test.time <= c.end)
            step(&c);
        finish(&c, config->rate_hz);
    }
    free(c.reference.shutdown);
    free(c.test.shutdown);
    return ready ? SECG_OK : SECG_E_MEMORY;
}
