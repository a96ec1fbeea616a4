#include "tracing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TWO_PI 6.283185307179586

enum { BLOCK = 1000 };

void *bench_take(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        fprintf(stderr, "no memory\n"), exit(1);
    return memory;
}

static void stop(const secg_error *error)
{
    fprintf(stderr, "%s\n", error->text);
    exit(1);
}

double bench_uniform(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static void measure_simulated_qrs(tracing *t, const secg_simulation *simulation)
{
    size_t beats, n = 0;
    const secg_simulated_beat *beat = secg_simulation_beats(simulation, &beats);
    int64_t *r = bench_take(beats, sizeof *r);
    for (size_t i = 0; i < beats; i++)
        if (beat[i].label == SECG_BEAT_N)
            r[n++] = (int64_t)(beat[i].r_time_s * t->signal.rate_hz + 0.5);
    tracing_measure_qrs(t, r, n);
    free(r);
}

tracing tracing_simulate(const secg_simulation_config *config, secg_simulation **simulation)
{
    secg_error error = {0};
    if (secg_simulation_create(config, simulation, &error) != SECG_OK)
        stop(&error);
    tracing t = {.signal = *secg_simulation_signal(*simulation),
                 .frames = (size_t)secg_simulation_frames(*simulation)};
    t.channels = (size_t)t.signal.channels;
    t.mv = bench_take(t.frames * t.channels, sizeof *t.mv);
    static int16_t counts[BLOCK * SECG_MAX_CHANNELS];
    size_t got, at = 0;
    while (secg_simulation_read(*simulation, counts, BLOCK, &got) == SECG_OK && got > 0)
        for (size_t i = 0; i < got * t.channels; i++)
            t.mv[at++] = secg_counts_to_mv(&t.signal.channel[i % t.channels], counts[i]);
    measure_simulated_qrs(&t, *simulation);
    return t;
}

void tracing_free(tracing *t)
{
    free(t->mv);
    *t = (tracing){0};
}

/* ---- noise ------------------------------------------------------------------------------- */

static float *read_all(const char *path, double *rate_hz, size_t *frames)
{
    secg_error error = {0};
    secg_record *record;
    if (secg_record_open(path, NULL, &record, &error) != SECG_OK)
        stop(&error);
    const secg_record_info *info = secg_record_get_info(record);
    if (info->signals != 2 || info->frames <= 0)
        fprintf(stderr, "%s: two signals expected\n", path), exit(1);
    *rate_hz = info->rate_hz;
    float *mv = bench_take(2 * (size_t)info->frames, sizeof *mv);
    int32_t counts[2 * BLOCK];
    size_t at = 0;
    for (size_t got; secg_record_read(record, counts, BLOCK, &got, NULL) == SECG_OK;)
        for (size_t i = 0; i < 2 * got; i++, at++)
            mv[at] = (float)((counts[i] - info->signal[i % 2].baseline) / info->signal[i % 2].gain);
    *frames = at / 2;
    secg_record_close(record);
    return mv;
}

noise_record noise_read(const char *path, double rate_hz)
{
    double stored_hz;
    size_t stored;
    float *x = read_all(path, &stored_hz, &stored);
    noise_record n = {.frames = (size_t)((double)(stored - 2) * rate_hz / stored_hz)};
    n.mv = bench_take(2 * n.frames, sizeof *n.mv);
    for (size_t i = 0; i < n.frames; i++) {
        double at = (double)i * stored_hz / rate_hz;
        size_t whole = (size_t)at;
        float part = (float)(at - (double)whole);
        for (size_t k = 0; k < 2; k++)
            n.mv[2 * i + k] = (1 - part) * x[2 * whole + k] + part * x[2 * whole + 2 + k];
    }
    free(x);
    return n;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Without the largest and smallest 5 %. */
static double trimmed_mean(double *x, size_t n)
{
    double sum = 0;
    size_t least = n / 20, most = n - n / 20;
    qsort(x, n, sizeof *x, by_size);
    for (size_t i = least; i < most; i++)
        sum += x[i];
    return sum / (double)(most - least);
}

static double rms(const float *x, size_t frames)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < frames; i++) {
        sum += (double)x[i];
        square += (double)x[i] * (double)x[i];
    }
    sum /= (double)frames;
    return sqrt(fmax(0, square / (double)frames - sum * sum));
}

static double noise_size(const float *x, size_t frames, double rate_hz, noise_count count)
{
    double of_second[4000];
    size_t second = (size_t)rate_hz, n = 0;
    if (count == NOISE_POWER)
        return rms(x, frames);
    for (size_t at = 0; at + second <= frames && n < 4000; at += second)
        of_second[n++] = rms(x + at, second);
    return trimmed_mean(of_second, n);
}

void tracing_measure_qrs(tracing *t, const int64_t *r, size_t count)
{
    double *size = bench_take(count, sizeof *size);
    int64_t reach = (int64_t)(0.05 * t->signal.rate_hz);
    for (size_t k = 0; k < t->channels; k++) {
        size_t n = 0;
        for (size_t i = 0; i < count; i++) {
            float low = INFINITY, high = -INFINITY;
            if (r[i] < reach || r[i] + reach >= (int64_t)t->frames)
                continue;
            for (int64_t at = r[i] - reach; at <= r[i] + reach; at++) {
                low = fminf(low, t->mv[(size_t)at * t->channels + k]);
                high = fmaxf(high, t->mv[(size_t)at * t->channels + k]);
            }
            size[n++] = (double)(high - low);
        }
        t->qrs_mv[k] = n ? trimmed_mean(size, n) : 0;
    }
    free(size);
}

/* Adds one record's noise from a random place on, at size 1. */
static void add_at_size_one(float *x, const noise_record *noise, size_t channel, double rate_hz,
                            const noise_dose *dose, uint64_t *seed)
{
    size_t frames = dose->to - dose->from;
    size_t at = (size_t)(bench_uniform(seed) * (double)(noise->frames - frames));
    float *one = bench_take(frames, sizeof *one);
    for (size_t i = 0; i < frames; i++)
        one[i] = noise->mv[2 * (at + i) + channel % 2];
    double size = noise_size(one, frames, rate_hz, dose->count);
    for (size_t i = 0; i < frames; i++)
        x[i] += (float)((double)one[i] / size);
    free(one);
}

void tracing_add_noise(tracing *t, const noise_dose *dose, uint64_t *seed)
{
    size_t frames = dose->to - dose->from;
    float *x = bench_take(frames, sizeof *x);
    for (size_t k = 0; k < t->channels; k++) {
        memset(x, 0, frames * sizeof *x);
        for (size_t j = 0; j < dose->noises; j++)
            add_at_size_one(x, dose->noise[j], k, t->signal.rate_hz, dose, seed);
        double gain = t->qrs_mv[k] / sqrt(8) / pow(10, dose->snr_db / 20) /
                      noise_size(x, frames, t->signal.rate_hz, dose->count);
        for (size_t i = 0; i < frames; i++)
            t->mv[(dose->from + i) * t->channels + k] += (float)(gain * (double)(x[i] - x[0]));
    }
    free(x);
}

void tracing_add_wander(tracing *t, double mv_pp, double hz)
{
    for (size_t n = 0; n < t->frames; n++)
        for (size_t k = 0; k < t->channels; k++)
            t->mv[n * t->channels + k] +=
                (float)(0.5 * mv_pp *
                        sin(TWO_PI * hz * (double)n / t->signal.rate_hz + 0.3 * (double)k));
}

/* ---- analysis ---------------------------------------------------------------------------- */

static void drain(secg_analyzer *ecg, st_list *list)
{
    for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
        if (e.kind != SECG_EVENT_ST)
            continue;
        secg_complex c;
        if (list->count == list->room) {
            list->room = list->room ? 2 * list->room : 512;
            list->item = realloc(list->item, list->room * sizeof *list->item);
            if (!list->item)
                exit(1);
        }
        secg_analyzer_complex(ecg, e.st.lead, &c, NULL, 0);
        list->item[list->count++] = (st_seen){e.st, c.qrs_onset_ms, c.j_ms, c.t_end_ms};
    }
}

void tracing_analyse(const tracing *t, st_list *list)
{
    secg_analyzer *ecg;
    secg_error error = {0};
    if (secg_analyzer_create(&(secg_analyzer_config){.signal = t->signal, .mains_hz = 60}, &ecg,
                             &error) != SECG_OK)
        stop(&error);
    size_t block = (size_t)(t->signal.rate_hz / 2);
    for (size_t at = 0, taken; at < t->frames; at += taken) {
        size_t now = t->frames - at < block ? t->frames - at : block;
        if (secg_analyzer_push_mv(ecg, t->mv + at * t->channels, now, &taken) < 0)
            fprintf(stderr, "the analyser refused frames\n"), exit(1);
        drain(ecg, list);
    }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        drain(ecg, list);
    drain(ecg, list);
    secg_analyzer_destroy(ecg);
}
