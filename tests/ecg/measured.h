/* Runs the measurement path over an analytic tracing and keeps what came out. */
#ifndef TESTS_ECG_MEASURED_H
#define TESTS_ECG_MEASURED_H

#include "analytic.h"
#include "ecg/measure.h"

#include <stdlib.h>
#include <string.h>

typedef double disturbance(void *context, double t_s, int lead);

typedef struct tracing {
    double bpm, seconds, rate_hz, pvc, jitter_ms, rr_spread;
    uint64_t seed;
    disturbance *add; /* mV on top; NULL: none; NaN makes a gap */
    void *context;
    int mains_hz;
    secg_st_point point;
    uint8_t label; /* of the ordinary beats; 0: N */
} tracing;

typedef struct measured {
    secg_st st[1600];
    int count;
    secg_complex complex; /* lead 1, last table */
    double worst_mv, sum_square, p95_mv;
    int shown, in_sigma;
    int64_t latest, delay; /* frames from a table's sample to its event, and as stated   */
    int why[16];
} measured;

typedef struct path {
    secg_measure *measure;
    void *block;
    size_t bytes;
} path;

static inline path make_path(double rate_hz, size_t channels, int mains_hz, secg_st_point point)
{
    secg_lead_source lead[SECG_MAX_LEADS];
    memset(lead, 0, sizeof lead);
    for (size_t k = 0; k < channels; k++)
        lead[k].channel = (int32_t)k;
    size_t leads = channels;
    if (channels == ANALYTIC_LEADS) /* III from I and II */
        lead[leads++] = (secg_lead_source){
            .channel = -1, .channel_i = 0, .channel_ii = 1, .from_i = -1, .from_ii = 1};
    secg_measure_config config = {.rate_hz = rate_hz,
                                  .channels = channels,
                                  .leads = lead,
                                  .lead_count = leads,
                                  .mains_hz = mains_hz,
                                  .st_point = point};
    secg_arena arena = {0};
    secg_measure_lay_out(&arena, &config);
    path p = {.bytes = arena.used, .block = aligned_alloc(SECG_ARENA_ALIGN, arena.used)};
    memset(p.block, 0, p.bytes);
    arena = (secg_arena){.base = p.block, .capacity = p.bytes};
    p.measure = secg_measure_lay_out(&arena, &config);
    return p;
}

enum { TRACING_BEATS_MAX = 1500 };

typedef struct beat_list {
    double t_s[TRACING_BEATS_MAX];
    char label[TRACING_BEATS_MAX];
    int count;
} beat_list;

/* Beats of the tracing; a V comes 30 % early and is followed by a pause. */
static inline void make_beats(const tracing *c, uint64_t *seed, beat_list *b)
{
    double rr = 60 / c->bpm, t = 0.4;
    b->count = 0;
    for (int wide = 0; t < c->seconds + 3 && b->count < TRACING_BEATS_MAX; b->count++) {
        int was = wide;
        wide = !was && b->count > 0 && analytic_uniform(seed) < 1.25 * c->pvc;
        t -= wide ? 0.3 * rr : 0;
        b->t_s[b->count] = t;
        b->label[b->count] = wide ? 'V' : 'N';
        t += wide ? 1.3 * rr : rr * (1 + c->rr_spread * analytic_normal(seed));
    }
}

static inline double value_at(const tracing *c, const beat_list *b, int near, int lead, double t)
{
    double x = 0;
    for (int i = near > 1 ? near - 2 : 0; i < b->count && b->t_s[i] < t + 0.5; i++)
        if (t - b->t_s[i] < 1.2)
            x += b->label[i] == 'V'
                     ? analytic_wide_beat(&analytic_leads[lead], t - b->t_s[i])
                     : analytic_beat(&analytic_leads[lead], t - b->t_s[i], 60 / c->bpm);
    return x;
}

static inline double truth_mv(const tracing *c, const secg_st *st)
{
    double after = st->point == SECG_ST_J60 ? 0.060 : 0.080, rr = 60 / c->bpm;
    if (st->lead == ANALYTIC_LEADS)
        return analytic_st(&analytic_leads[1], after, rr) -
               analytic_st(&analytic_leads[0], after, rr);
    return analytic_st(&analytic_leads[st->lead], after, rr);
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static inline void summarise(const tracing *c, measured *m)
{
    static double error[1600];
    for (int i = 0; i < m->count; i++) {
        const secg_st *st = &m->st[i];
        m->why[st->why]++;
        if (st->why != SECG_MEASURED)
            continue;
        double e = fabs((double)st->level_mv - truth_mv(c, st));
        error[m->shown++] = e;
        m->worst_mv = fmax(m->worst_mv, e);
        m->in_sigma += e < 1.96 * (double)st->sigma_mv;
    }
    qsort(error, (size_t)m->shown, sizeof *error, by_size);
    m->p95_mv = m->shown ? error[(int)(0.95 * m->shown)] : (double)NAN;
}

static inline void take_events(secg_measure *measure, int64_t now, double from_s, double rate_hz,
                               measured *m)
{
    secg_event e;
    const float *mv;
    while (secg_measure_next(measure, &e)) {
        if (now - e.st.sample > m->latest)
            m->latest = now - e.st.sample;
        if ((double)e.st.sample >= from_s * rate_hz && m->count < 1600) {
            m->st[m->count++] = e.st;
            secg_measure_complex(measure, 1, &m->complex, &mv);
        }
    }
}

/* Tables from `from_s` on; labels come 1 s after R. */
static inline void run_tracing(const tracing *c, double from_s, measured *m)
{
    static beat_list beats;
    uint64_t seed = c->seed * 2654435761u + 88172645463325252u;
    path p = make_path(c->rate_hz, ANALYTIC_LEADS, c->mains_hz, c->point);
    make_beats(c, &seed, &beats);
    memset(m, 0, sizeof *m);
    int near = 0, given = 0;
    for (int64_t n = 0; n < (int64_t)(c->seconds * c->rate_hz); n++) {
        double t = (double)n / c->rate_hz;
        float frame[ANALYTIC_LEADS];
        while (beats.t_s[near] < t - 1.2)
            near++;
        for (int k = 0; k < ANALYTIC_LEADS; k++) {
            double x = value_at(c, &beats, near, k, t) + (c->add ? c->add(c->context, t, k) : 0);
            frame[k] = (float)(0.001 * rint(1000 * x));
        }
        secg_measure_push(p.measure, frame);
        for (; given < beats.count && beats.t_s[given] < t - 1; given++) {
            double r =
                (beats.t_s[given] + 0.001 * c->jitter_ms * analytic_normal(&seed)) * c->rate_hz;
            secg_beat beat = {.sample = (int64_t)floor(r + 0.5),
                              .label = (uint8_t)beats.label[given]};
            if (c->label && beat.label == 'N')
                beat.label = c->label;
            beat.offset_samples = (float)(r - (double)beat.sample);
            beat.rr_ms = given ? (float)(1000 * (beats.t_s[given] - beats.t_s[given - 1])) : NAN;
            secg_measure_beat(p.measure, &beat);
        }
        take_events(p.measure, n + 1, from_s, c->rate_hz, m);
    }
    m->delay = secg_measure_delay_samples(p.measure);
    secg_measure_flush(p.measure);
    take_events(p.measure, 0, from_s, c->rate_hz, m);
    summarise(c, m);
    free(p.block);
}

#endif
