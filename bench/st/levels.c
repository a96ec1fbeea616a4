/* bench_st [--power] [--seed N] DATA [ROW ...]: ST levels of tracings whose ST is known.  DATA holds
 * nstdb/ and ludb/; rows that need what is not there are left out.  --power counts noise by its
 * power and not as `nst` does; --seed gives other tracings and other stretches of noise. */
#include "tracing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct outcome {
    double error_mv[200000], lead_error_mv[SECG_MAX_LEADS][20000];
    size_t lead_shown[SECG_MAX_LEADS];
    size_t shown, all, inside;
} outcome;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double p95_uv(double *value, size_t count)
{
    if (count == 0)
        return (double)NAN;
    qsort(value, count, sizeof *value, by_size);
    return 1000 * value[(size_t)(0.95 * (double)(count - 1) + 0.5)];
}

static void count_value(outcome *o, const secg_st *st, double error_mv)
{
    o->all++;
    if (st->why != SECG_MEASURED)
        return;
    double size = fabs(error_mv);
    o->error_mv[o->shown++] = size;
    o->lead_error_mv[st->lead][o->lead_shown[st->lead]++] = size;
    o->inside += size <= 1.96 * (double)st->sigma_mv;
}

static double worst_lead_uv(outcome *o)
{
    double worst = 0;
    for (size_t k = 0; k < SECG_MAX_LEADS; k++)
        if (o->lead_shown[k])
            worst = fmax(worst, p95_uv(o->lead_error_mv[k], o->lead_shown[k]));
    return worst;
}

static void print_outcome(const char *what, outcome *o, const char *bar)
{
    printf(
        "%-44s p95 %5.1f uV (worst lead %5.1f), shown %5.1f %%, in 95 %% interval %5.1f %%   %s\n",
        what, p95_uv(o->error_mv, o->shown), worst_lead_uv(o),
        o->all ? 100.0 * (double)o->shown / (double)o->all : 0,
        o->shown ? 100.0 * (double)o->inside / (double)o->shown : 0, bar);
    fflush(stdout);
}

static noise_count counted;
static uint64_t first_seed;

/* ---- simulated tracings ------------------------------------------------------------------ */

typedef struct setting {
    double bpm, seconds, pvc, snr_db, wander_mv, pulse_mv;
    const noise_record *const noise[2];
    size_t noises;
    uint64_t seed;
} setting;

/* The simulator's own truth.  Its leads are I II III aVR aVL aVF V1..V6; with eight channels the
 * analyser's are I II V1..V6, then the derived ones. */
static double truth_mv(const secg_simulated_stage *s, const secg_st *st)
{
    static const int place[12] = {0, 1, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5};
    int k = place[st->lead];
    return (double)(st->point == SECG_ST_J60 ? s->st60_mv[k] : s->st80_mv[k]);
}

/* A rectangle of 3 mV for 100 ms, in all leads, 40 % of the way from one R to the next: between
 * the waves. */
static void add_pulse(tracing *t, const secg_simulation *simulation, double mv)
{
    size_t beats;
    const secg_simulated_beat *beat = secg_simulation_beats(simulation, &beats);
    for (size_t i = 0; i + 1 < beats; i++)
        if (beat[i].r_time_s > 20) {
            double rr = beat[i + 1].r_time_s - beat[i].r_time_s;
            double from = beat[i].r_time_s + 0.001 * (double)beat[i].t_end_ms;
            from = 0.5 * (from + beat[i].r_time_s + rr - 0.2) - 0.05;
            for (size_t n = 0; n < t->frames; n++) {
                double at = (double)n / t->signal.rate_hz - from;
                for (size_t k = 0; k < t->channels && at >= 0 && at < 0.1; k++)
                    t->mv[n * t->channels + k] += (float)mv;
            }
            return;
        }
}

/* The truth is that of the ordinary beats.  The simulator's own, of a tracing with ectopic beats,
 * is a mean in which the beats before these count, whose T waves are cut short. */
static secg_simulation *without_ectopy(secg_simulation_config config)
{
    secg_simulation *simulation;
    secg_error error = {0};
    config.ectopy_scale = -1;
    if (secg_simulation_create(&config, &simulation, &error) != SECG_OK)
        fprintf(stderr, "%s\n", error.text), exit(1);
    return simulation;
}

static void run(const setting *s, outcome *o, st_list *list, secg_simulated_beat *truth)
{
    secg_simulation_config config = {.protocol = "steady",
                                     .seed = s->seed,
                                     .duration_s = s->seconds,
                                     .rest_bpm = s->bpm,
                                     .st_peak_mv = 0.2,
                                     .noise_scale = -1,
                                     .ectopy_scale = s->pvc > 0 ? s->pvc : -1,
                                     .eight_channels = 1};
    secg_simulation *simulation;
    size_t stages, beats;
    tracing t = tracing_simulate(&config, &simulation);
    secg_simulation *ordinary = without_ectopy(config);
    const secg_simulated_stage *stage = secg_simulation_stages(ordinary, &stages);
    const secg_simulated_beat *beat = secg_simulation_beats(simulation, &beats);
    uint64_t seed = 0x9E3779B97F4A7C15u * (s->seed + 1);
    if (s->noises)
        tracing_add_noise(&t, &(noise_dose){s->noise, s->noises, 0, t.frames, s->snr_db, counted},
                          &seed);
    if (s->wander_mv > 0)
        tracing_add_wander(&t, s->wander_mv, 0.3);
    if (s->pulse_mv > 0)
        add_pulse(&t, simulation, s->pulse_mv);
    list->count = 0;
    tracing_analyse(&t, list);
    for (size_t i = 0; i < list->count; i++)
        if ((double)list->item[i].st.sample >= 14 * t.signal.rate_hz)
            count_value(o, &list->item[i].st,
                        (double)list->item[i].st.level_mv - truth_mv(stage, &list->item[i].st));
    if (truth)
        *truth = beat[beats / 2];
    tracing_free(&t);
    secg_simulation_destroy(simulation);
    secg_simulation_destroy(ordinary);
}

static outcome o;
static st_list seen;

static void clean_row(void)
{
    memset(&o, 0, sizeof o);
    for (double bpm = 50; bpm <= 200; bpm += 15)
        run(&(setting){.bpm = bpm, .seconds = 60, .seed = first_seed + (uint64_t)bpm}, &o, &seen,
            NULL);
    print_outcome("clean, 50 .. 200 bpm", &o, "bar: each lead <= 10 uV");
}

static void noise_rows(const noise_record *em, const noise_record *ma)
{
    static const char *const name[] = {"em", "ma", "em + ma"};
    for (double snr_db = 12; snr_db >= 6; snr_db -= 6)
        for (int kind = 0; kind < 3; kind++) {
            memset(&o, 0, sizeof o);
            for (double bpm = 150; bpm <= 190; bpm += 10)
                for (uint64_t seed = 1; seed <= 4; seed++)
                    run(&(setting){.bpm = bpm,
                                   .seconds = 90,
                                   .snr_db = snr_db,
                                   .wander_mv = 1,
                                   .noise = {kind == 1 ? ma : em, ma},
                                   .noises = kind == 2 ? 2 : 1,
                                   .seed = first_seed + seed * 1000 + (uint64_t)bpm},
                        &o, &seen, NULL);
            char what[80];
            snprintf(what, sizeof what, "150 .. 190 bpm, wander 1 mV, %s at %g dB", name[kind],
                     snr_db);
            print_outcome(what, &o,
                          snr_db > 9 ? "bar: 25 uV, 90 %, 90-98 %" : "bar: 50 uV, 60 %, 90-98 %");
        }
}

static void pulse_rows(void)
{
    double worst = 0;
    static st_list calm;
    for (double bpm = 50; bpm <= 110; bpm += 20) {
        run(&(setting){.bpm = bpm, .seconds = 60, .seed = 5}, &o, &calm, NULL);
        run(&(setting){.bpm = bpm, .seconds = 60, .pulse_mv = 3, .seed = 5}, &o, &seen, NULL);
        for (size_t i = 0; i < seen.count && i < calm.count; i++)
            if (seen.item[i].st.why == SECG_MEASURED && calm.item[i].st.why == SECG_MEASURED)
                worst = fmax(worst, fabs(1000 * (double)(seen.item[i].st.level_mv -
                                                         calm.item[i].st.level_mv)));
    }
    free(calm.item);
    memset(&o, 0, sizeof o);
    printf("%-44s moves ST by %.1f uV at most   bar: 10 uV\n", "impulse 0.3 mV s, measurement path",
           worst);
    secg_display *display;
    secg_display_config config = {.rate_hz = 500, .channels = 1, .lowpass = SECG_DISPLAY_TO_ALL};
    if (secg_display_create(&config, &display, NULL) != SECG_OK)
        return;
    static float mv[2000];
    for (int n = 0; n < 2000; n++)
        mv[n] = n >= 1000 && n < 1050 ? 3 : 0;
    secg_display_run(display, mv, mv, 2000);
    double offset = 0, slope = 0;
    for (int n = 1050 + (int)secg_display_delay_samples(display) + 1; n + 100 < 2000; n++) {
        offset = fmax(offset, fabs((double)mv[n]));
        slope = fmax(slope, fabs((double)(mv[n + 100] - mv[n])) / 0.2);
    }
    printf("%-44s offset %.1f uV, slope %.3f mV/s   bar: 100 uV, 0.30 mV/s\n",
           "impulse 0.3 mV s, display from 0.05 Hz", 1000 * offset, slope);
    secg_display_destroy(display);
}

static void ectopy_rows(void)
{
    for (double bpm = 60; bpm <= 150; bpm += 30) {
        double p95[2];
        for (int with = 0; with < 2; with++) {
            memset(&o, 0, sizeof o);
            for (uint64_t seed = 1; seed <= 4; seed++)
                run(&(setting){.bpm = bpm, .seconds = 90, .pvc = with ? 0.2 : 0, .seed = seed}, &o,
                    &seen, NULL);
            p95[with] = p95_uv(o.error_mv, o.shown);
        }
        char what[80];
        snprintf(what, sizeof what, "PVCs at 20 %% of beats, %g bpm", bpm);
        printf("%-44s p95 %.1f uV, without them %.1f; grows by %.1f uV   bar: < 5 uV (shown %.0f "
               "%%)\n",
               what, p95[1], p95[0], p95[1] - p95[0], 100.0 * (double)o.shown / (double)o.all);
    }
}

static void fusion_row(void)
{
    double worst = 0;
    size_t marked = 0, all = 0;
    for (double bpm = 180; bpm <= 210; bpm += 10) {
        secg_simulated_beat truth;
        memset(&o, 0, sizeof o);
        run(&(setting){.bpm = bpm, .seconds = 40, .seed = 3}, &o, &seen, &truth);
        for (size_t i = 0; i < seen.count; i++, all++)
            if (seen.item[i].st.why == SECG_MEASURED) {
                marked++;
                worst = fmax(worst, fabs((double)(seen.item[i].j_ms - truth.j_ms)));
            }
    }
    printf("%-44s J at most %.1f ms from the truth, shown %.0f %%   bar: never inside the T wave\n",
           "T on P, 180 .. 210 bpm", worst, 100.0 * (double)marked / (double)all);
}

/* ---- real beats -------------------------------------------------------------------------- */

enum { LEADS = 12, MOST_BEATS = 40 };

typedef struct real_record {
    float *mv; /* [frames][LEADS] */
    size_t frames;
    double rate_hz;
    int64_t r[MOST_BEATS], j[MOST_BEATS]; /* from the annotators' marks */
    size_t beats;
} real_record;

/* R and J of the beats marked in lead II. */
static void read_beats(const char *path, real_record *rec)
{
    char text[4200];
    secg_annotation *a;
    size_t count;
    snprintf(text, sizeof text, "%s.ii", path);
    if (secg_annotations_read(text, 0, &a, &count, NULL) != SECG_OK)
        return;
    for (size_t i = 0; i + 1 < count && rec->beats < MOST_BEATS; i++)
        if (a[i].code == SECG_ANN_NORMAL && a[i + 1].code == SECG_ANN_WAVE_OFF) {
            rec->r[rec->beats] = a[i].sample;
            rec->j[rec->beats++] = a[i + 1].sample;
        }
    secg_annotations_free(a);
}

static int read_real(const char *path, real_record *rec)
{
    secg_record *record;
    *rec = (real_record){0};
    if (secg_record_open(path, NULL, &record, NULL) != SECG_OK)
        return -1;
    const secg_record_info *info = secg_record_get_info(record);
    int32_t counts[LEADS];
    if (info->signals == LEADS && info->frames > 0) {
        rec->rate_hz = info->rate_hz;
        rec->mv = bench_take((size_t)info->frames * LEADS, sizeof *rec->mv);
        for (size_t got; secg_record_read(record, counts, 1, &got, NULL) == SECG_OK; rec->frames++)
            for (size_t k = 0; k < LEADS; k++)
                rec->mv[rec->frames * LEADS + k] =
                    (float)((counts[k] - info->signal[k].baseline) / info->signal[k].gain);
        read_beats(path, rec);
    }
    secg_record_close(record);
    return rec->beats >= 5 ? 0 : -1;
}

/* 0 before J - 15 ms, 1 from J + 15 to J + 140, 0 again 100 ms later. */
static double bump(double after_j_s)
{
    double rise = (after_j_s + 0.015) / 0.030, fall = (after_j_s - 0.140) / 0.100;
    rise = fmin(fmax(rise, 0), 1);
    fall = fmin(fmax(fall, 0), 1);
    return rise * rise * (3 - 2 * rise) * (1 - fall * fall * (3 - 2 * fall));
}

static double shift_mv(size_t lead)
{
    static const double size[LEADS] = {-0.10, -0.20, -0.10, 0.15,  0.05,  -0.15,
                                       0.10,  0.20,  0.05,  -0.10, -0.25, -0.20};
    return size[lead];
}

/* The record from its first marked beat to its last, over and over, each turn brought level at the
 * seam; from change_s on with the shift added to every beat. */
static tracing repeat(const real_record *rec, double seconds, double change_s)
{
    static const secg_lead name[LEADS] = {
        SECG_LEAD_I,  SECG_LEAD_II, SECG_LEAD_III, SECG_LEAD_AVR, SECG_LEAD_AVL, SECG_LEAD_AVF,
        SECG_LEAD_V1, SECG_LEAD_V2, SECG_LEAD_V3,  SECG_LEAD_V4,  SECG_LEAD_V5,  SECG_LEAD_V6};
    tracing t = {.signal = secg_signal_standard_12(rec->rate_hz),
                 .frames = (size_t)(seconds * rec->rate_hz),
                 .channels = LEADS};
    t.mv = bench_take(t.frames * LEADS, sizeof *t.mv);
    size_t first = (size_t)rec->r[0] - (size_t)(0.25 * rec->rate_hz);
    size_t turn = (size_t)(rec->r[rec->beats - 1] - rec->r[0]);
    for (size_t k = 0; k < LEADS; k++)
        t.signal.channel[k].lead = name[k];
    for (size_t n = 0; n < t.frames; n++) {
        size_t at = n % turn;
        const float *start = rec->mv + first * LEADS, *end = start + turn * LEADS;
        double added = 0;
        for (size_t b = 0; b + 1 < rec->beats && (double)n >= change_s * rec->rate_hz; b++)
            added += bump(((double)(first + at) - (double)rec->j[b]) / rec->rate_hz);
        for (size_t k = 0; k < LEADS; k++) {
            float level = (float)at / (float)turn * (end[k] - start[k]);
            t.mv[n * LEADS + k] = start[at * LEADS + k] - level + (float)(added * shift_mv(k));
        }
    }
    int64_t r[MOST_BEATS];
    for (size_t b = 0; b + 1 < rec->beats; b++)
        r[b] = rec->r[b] - (int64_t)first;
    tracing_measure_qrs(&t, r, rec->beats - 1);
    return t;
}

enum { REST_S = 40, CHANGE_S = 41, FROM_S = 62, END_S = 122 };

static void count_changes(outcome *out, double rate_hz)
{
    const secg_st *rest[LEADS] = {0};
    for (size_t i = 0; i < seen.count; i++) {
        const secg_st *st = &seen.item[i].st;
        double at = (double)st->sample / rate_hz;
        if (at <= REST_S && st->why == SECG_MEASURED)
            rest[st->lead] = st;
        if (at < FROM_S || !rest[st->lead] || st->point != rest[st->lead]->point)
            continue;
        secg_st change = *st;
        change.sigma_mv = hypotf(st->sigma_mv, rest[st->lead]->sigma_mv);
        count_value(out, &change,
                    (double)(st->level_mv - rest[st->lead]->level_mv) - shift_mv(st->lead));
    }
}

static void real_rows(const char *data, const noise_record *em, const noise_record *ma)
{
    static const char *const name[] = {"no noise", "em at 12 dB", "ma at 12 dB",
                                       "em + ma at 12 dB"};
    for (int kind = 0; kind < 4; kind++) {
        memset(&o, 0, sizeof o);
        uint64_t seed = 7919 + first_seed;
        for (int number = 1; number <= 200; number += 4) {
            char path[4096];
            real_record rec;
            snprintf(path, sizeof path, "%s/ludb/%d", data, number);
            if (read_real(path, &rec) == 0 && (double)rec.r[0] > 0.25 * rec.rate_hz) {
                tracing t = repeat(&rec, END_S, CHANGE_S);
                if (kind > 0)
                    tracing_add_noise(
                        &t,
                        &(noise_dose){(const noise_record *const[]){kind == 2 ? ma : em, ma},
                                      kind == 3 ? 2 : 1, (size_t)(CHANGE_S * rec.rate_hz), t.frames,
                                      12, counted},
                        &seed);
                seen.count = 0;
                tracing_analyse(&t, &seen);
                count_changes(&o, rec.rate_hz);
                tracing_free(&t);
            }
            free(rec.mv);
        }
        char what[80];
        snprintf(what, sizeof what, "real beats (LUDB), change of ST, %s", name[kind]);
        print_outcome(what, &o, "bar: 25 uV");
    }
}

typedef struct asked {
    const char *data;
    char **row;
    int rows;
} asked;

static int is_asked(const asked *a, const char *row)
{
    for (int i = 0; i < a->rows; i++)
        if (strcmp(a->row[i], row) == 0)
            return 1;
    return a->rows == 0;
}

static int read_arguments(int argc, char **argv, asked *a)
{
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++)
        if (strcmp(argv[at], "--power") == 0)
            counted = NOISE_POWER;
        else if (strcmp(argv[at], "--seed") == 0 && at + 1 < argc)
            first_seed = strtoull(argv[++at], NULL, 10);
        else
            return -1;
    if (at == argc)
        return -1;
    *a = (asked){argv[at], argv + at + 1, argc - at - 1};
    return 0;
}

int main(int argc, char **argv)
{
    asked a;
    if (read_arguments(argc, argv, &a) != 0)
        return fprintf(stderr, "usage: bench_st [--power] [--seed N] DATA "
                               "[clean|noise|real|pulse|ectopy|fusion ...]\n"),
               2;
    char path[4096];
    snprintf(path, sizeof path, "%s/nstdb/em_first_half.hea", a.data);
    int recorded = access(path, R_OK) == 0;
    noise_record em = {0}, ma = {0};
    if (recorded) {
        em = noise_read(path, 500);
        snprintf(path, sizeof path, "%s/nstdb/ma_first_half.hea", a.data);
        ma = noise_read(path, 500);
    }
    if (is_asked(&a, "clean"))
        clean_row();
    if (recorded && is_asked(&a, "noise"))
        noise_rows(&em, &ma);
    if (recorded && is_asked(&a, "real"))
        real_rows(a.data, &em, &ma);
    if (is_asked(&a, "pulse"))
        pulse_rows();
    if (is_asked(&a, "ectopy"))
        ectopy_rows();
    if (is_asked(&a, "fusion"))
        fusion_row();
    free(em.mv);
    free(ma.mv);
    free(seen.item);
    return 0;
}
