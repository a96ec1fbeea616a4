/* Tracings made of simple pieces with known truth, and what the rhythm path makes of them. */
#ifndef TESTS_ECG_TRACE_H
#define TESTS_ECG_TRACE_H

#include "ecg/beats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct trace {
    double rate_hz;
    size_t channels, frames;
    float *mv; /* [frames][channels]                                       */
} trace;

static inline trace trace_new(double rate_hz, size_t channels, double seconds)
{
    trace t = {.rate_hz = rate_hz, .channels = channels, .frames = (size_t)(seconds * rate_hz)};
    t.mv = calloc(t.frames * channels, sizeof *t.mv);
    return t;
}

static inline void trace_free(trace *t)
{
    free(t->mv);
}

/* A triangle `width_s` wide with its tip at `at_s`: the pulse that heart-rate meters are tested
 * with. */
static inline void add_triangle(trace *t, size_t channel, double at_s, double width_s, double mv)
{
    long first = lround((at_s - width_s) * t->rate_hz),
         last = lround((at_s + width_s) * t->rate_hz);
    for (long n = first < 0 ? 0 : first; n <= last && n < (long)t->frames; n++) {
        double part = 1 - fabs((double)n / t->rate_hz - at_s) / (width_s / 2);
        if (part > 0)
            t->mv[(size_t)n * t->channels + channel] += (float)(mv * part);
    }
}

/* A raised cosine. */
static inline void add_hump(trace *t, size_t channel, double at_s, double width_s, double mv)
{
    long first = lround((at_s - width_s) * t->rate_hz),
         last = lround((at_s + width_s) * t->rate_hz);
    for (long n = first < 0 ? 0 : first; n <= last && n < (long)t->frames; n++) {
        double x = ((double)n / t->rate_hz - at_s) / width_s;
        if (fabs(x) < 0.5)
            t->mv[(size_t)n * t->channels + channel] +=
                (float)(mv * 0.5 * (1 + cos(2 * 3.14159265358979323846 * x)));
    }
}

static inline void add_sine(trace *t, size_t channel, double hz, double mv)
{
    for (size_t n = 0; n < t->frames; n++)
        t->mv[n * t->channels + channel] +=
            (float)(mv * sin(2 * 3.14159265358979323846 * hz * (double)n / t->rate_hz));
}

/* Gaussian noise, the same for the same seed. */
static inline void add_noise(trace *t, size_t channel, double rms_mv, double from_s, double to_s,
                             unsigned long long seed)
{
    for (size_t n = 0; n < t->frames; n++) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            seed = seed * 6364136223846793005ull + 1442695040888963407ull;
            sum += (double)(seed >> 11) / 9007199254740992.0;
        }
        double at_s = (double)n / t->rate_hz;
        if (at_s >= from_s && at_s < to_s)
            t->mv[n * t->channels + channel] += (float)(rms_mv * (sum - 6));
    }
}

/* Replaces a stretch of one channel. */
static inline void set_stretch(trace *t, size_t channel, double from_s, double to_s, float mv)
{
    size_t last = (size_t)(to_s * t->rate_hz);
    for (size_t n = (size_t)(from_s * t->rate_hz); n < last && n < t->frames; n++)
        t->mv[n * t->channels + channel] = mv;
}

/* P, QRS of 80 ms and T of a normal beat, R peak at at_s. */
static inline void add_normal(trace *t, double at_s, double mv)
{
    for (size_t k = 0; k < t->channels; k++) {
        double scale = mv * (1 - 0.05 * (double)k);
        add_hump(t, k, at_s - 0.16, 0.10, 0.12 * scale);
        add_hump(t, k, at_s, 0.06, scale);
        add_hump(t, k, at_s + 0.035, 0.04, -0.25 * scale);
        add_hump(t, k, at_s + 0.26, 0.18, 0.25 * scale);
    }
}

/* A wide beat, QRS of 150 ms, T the other way. */
static inline void add_ventricular(trace *t, double at_s, double mv)
{
    for (size_t k = 0; k < t->channels; k++) {
        double scale = mv * (1 - 0.05 * (double)k);
        add_hump(t, k, at_s, 0.15, -1.4 * scale);
        add_hump(t, k, at_s + 0.09, 0.10, 0.3 * scale);
        add_hump(t, k, at_s + 0.30, 0.24, 0.5 * scale);
    }
}

enum { RUN_EVENTS = 20000 };

typedef struct run {
    secg_event *event;
    size_t events;
    secg_beats *beats;
    void *memory;
} run;

typedef struct beats_options {
    const float *low_mv, *high_mv;
    int no_labels, no_qrs, own_rows;
} beats_options;

static inline secg_beats *new_beats(const trace *t, const beats_options *options, void **memory)
{
    secg_lead_source lead[SECG_MAX_LEADS];
    memset(lead, 0, sizeof lead);
    for (size_t k = 0; k < t->channels; k++)
        lead[k].channel = (int32_t)k;
    secg_beats_config config = {.rate_hz = t->rate_hz,
                                .channels = t->channels,
                                .leads = lead,
                                .lead_count = t->channels,
                                .saturation_low_mv = options->low_mv,
                                .saturation_high_mv = options->high_mv,
                                .no_labels = options->no_labels,
                                .no_qrs = options->no_qrs,
                                .own_rows = options->own_rows};
    secg_arena arena = {0};
    secg_beats_lay_out(&arena, &config);
    size_t size = (arena.used + SECG_ARENA_ALIGN - 1) / SECG_ARENA_ALIGN * SECG_ARENA_ALIGN;
    arena = (secg_arena){.base = aligned_alloc(SECG_ARENA_ALIGN, size), .capacity = size};
    memset(arena.base, 0, size);
    *memory = arena.base;
    return secg_beats_lay_out(&arena, &config);
}

static inline void drain(run *r, int64_t frames)
{
    secg_event event;
    while (secg_beats_next(r->beats, &event)) {
        event.emitted = frames;
        if (r->events < RUN_EVENTS)
            r->event[r->events++] = event;
    }
}

static inline void push_all(run *r, const trace *t)
{
    r->events = 0;
    for (size_t n = 0; n < t->frames; n++) {
        secg_beats_push(r->beats, t->mv + n * t->channels, 0);
        drain(r, (int64_t)n + 1);
    }
    secg_beats_flush(r->beats);
    drain(r, (int64_t)t->frames);
}

static inline run run_with(const trace *t, const beats_options *options)
{
    run r = {.event = malloc(RUN_EVENTS * sizeof(secg_event))};
    r.beats = new_beats(t, options, &r.memory);
    push_all(&r, t);
    return r;
}

static inline run run_trace(const trace *t)
{
    return run_with(t, &(beats_options){0});
}

static inline void run_free(run *r)
{
    free(r->event);
    free(r->memory);
}

/* The n-th beat from `from_s` on, or NULL. */
static inline const secg_event *beat_after(const run *r, double rate_hz, double from_s, size_t n)
{
    for (size_t i = 0; i < r->events; i++)
        if (r->event[i].kind == SECG_EVENT_BEAT &&
            (double)r->event[i].beat.sample >= from_s * rate_hz && n-- == 0)
            return &r->event[i];
    return NULL;
}

/* Beats within from_s .. to_s, of one label, or of any when label is 0. */
static inline int count_beats(const run *r, double rate_hz, double from_s, double to_s, int label)
{
    int count = 0;
    for (size_t i = 0; i < r->events; i++) {
        const secg_event *e = &r->event[i];
        double at_s = (double)e->beat.sample / rate_hz;
        count += e->kind == SECG_EVENT_BEAT && at_s >= from_s && at_s < to_s &&
                 (label == 0 || e->beat.label == label);
    }
    return count;
}

static inline int count_rhythm(const run *r, secg_rhythm_kind kind)
{
    int count = 0;
    for (size_t i = 0; i < r->events; i++)
        count += r->event[i].kind == SECG_EVENT_RHYTHM && r->event[i].rhythm.kind == kind;
    return count;
}

/* The rate shown at a second of the record. */
static inline secg_value rate_at(const run *r, double rate_hz, double second)
{
    for (size_t i = 0; i < r->events; i++)
        if (r->event[i].kind == SECG_EVENT_RATE &&
            fabs((double)r->event[i].rate.sample / rate_hz - second) < 0.01)
            return r->event[i].rate.bpm;
    return (secg_value){.why = SECG_WHY_NOT_YET, .value = NAN};
}

/* State of a lead (-1: all) at a second. */
static inline int state_at(const run *r, double rate_hz, int lead, double second)
{
    int state = -1;
    for (size_t i = 0; i < r->events; i++)
        if (r->event[i].kind == SECG_EVENT_SIGNAL && r->event[i].signal.lead == lead &&
            (double)r->event[i].signal.sample <= second * rate_hz)
            state = r->event[i].signal.state;
    return state;
}

#endif
