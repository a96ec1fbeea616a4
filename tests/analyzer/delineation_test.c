/* Marks of single beats against the simulator's formula and against cardiologists. */
#include "shared_data.h"

#include <stressecg/delineate.h>
#include <stressecg/io.h>
#include <stressecg/simulate.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 400 };

typedef struct marked {
    secg_delineated_beat beat[MOST];
    size_t beats;
} marked;

static marked found, again;

static void drain(secg_delineation *d, marked *m)
{
    while (m->beats < MOST && secg_delineation_poll(d, &m->beat[m->beats]) == SECG_OK)
        m->beats++;
}

/* counts [frames][channels], pushed `chunk` frames at a time. */
static void run(const secg_signal *signal, const int32_t *counts, size_t frames, size_t chunk,
                marked *m)
{
    secg_delineation *d;
    cr_assert_eq(
        (int)secg_delineation_create(&(secg_delineation_config){.signal = *signal}, &d, NULL),
        (int)SECG_OK);
    m->beats = 0;
    for (size_t at = 0, taken; at < frames; at += taken) {
        size_t now = frames - at < chunk ? frames - at : chunk;
        secg_status status =
            secg_delineation_push_i32(d, counts + at * (size_t)signal->channels, now, &taken);
        cr_assert(status == SECG_OK || status == SECG_AGAIN);
        drain(d, m);
    }
    cr_assert_eq((int)secg_delineation_flush(d), (int)SECG_OK);
    drain(d, m);
    cr_expect_eq((int)secg_delineation_poll(d, &m->beat[0]), (int)SECG_END);
    secg_delineation_destroy(d);
}

static int32_t *simulate(const secg_simulation_config *config, secg_simulation **simulation)
{
    cr_assert_eq((int)secg_simulation_create(config, simulation, NULL), (int)SECG_OK);
    size_t frames = (size_t)secg_simulation_frames(*simulation), got, at = 0;
    size_t channels = (size_t)secg_simulation_signal(*simulation)->channels;
    int32_t *counts = malloc(frames * channels * sizeof *counts);
    int16_t block[SECG_MAX_CHANNELS * 500];
    while (secg_simulation_read(*simulation, block, 500, &got) == SECG_OK && got > 0)
        for (size_t i = 0; i < got * channels; i++)
            counts[at++] = block[i];
    return counts;
}

static const secg_delineated_beat *beat_at(const marked *m, int64_t sample, int64_t within)
{
    for (size_t i = 0; i < m->beats; i++)
        if (llabs((long long)(m->beat[i].beat.sample - sample)) <= within)
            return &m->beat[i];
    return NULL;
}

/* Every beat of a simulated tracing has its marks where the formula has them, in every lead. */
Test(delineation, marks_are_where_the_formula_has_them)
{
    for (double bpm = 60; bpm <= 120; bpm += 30) {
        secg_simulation *s;
        secg_simulation_config config = {
            .protocol = "steady", .duration_s = 30, .rest_bpm = bpm, .noise_scale = -1, .seed = 4};
        int32_t *counts = simulate(&config, &s);
        size_t beats, compared = 0;
        const secg_simulated_beat *truth = secg_simulation_beats(s, &beats);
        size_t frames = (size_t)secg_simulation_frames(s);
        run(secg_simulation_signal(s), counts, frames, 700, &found);
        for (size_t i = 1; i + 1 < beats; i++) {
            const secg_delineated_beat *b = beat_at(&found, truth[i].sample, 10);
            if (!b)
                continue;
            compared++;
            double late =
                (double)(truth[i].sample - b->beat.sample) * 2 - 2 * (double)b->beat.offset_samples;
            cr_expect_float_eq(b->global.qrs_onset_ms, truth[i].qrs_onset_ms + late, 6);
            cr_expect_float_eq(b->global.j_ms, truth[i].j_ms + late, 8);
            cr_expect_float_eq(b->global.t_end_ms, truth[i].t_end_ms + late, 15);
            cr_expect_lt(b->global.p_end_ms, b->global.qrs_onset_ms);
            for (uint32_t k = 0; k < b->leads; k++) {
                cr_expect_gt(b->lead[k].qrs_onset_ms, truth[i].qrs_onset_ms + late - 8);
                cr_expect_lt(b->lead[k].j_ms, truth[i].j_ms + late + 8, "lead %u", k);
            }
        }
        cr_expect_geq(compared, beats - 4, "%g bpm: %zu of %zu", bpm, compared, beats);
        secg_simulation_destroy(s);
        free(counts);
    }
}

/* One frame at a time or all at once; ectopic beats are marked as what they are: wide, without P. */
Test(delineation, chunks_do_not_matter_and_ectopic_beats_are_wide)
{
    secg_simulation *s;
    secg_simulation_config config = {.protocol = "steady",
                                     .duration_s = 40,
                                     .rest_bpm = 80,
                                     .ectopy_scale = 0.15,
                                     .seed = 12,
                                     .eight_channels = 1};
    int32_t *counts = simulate(&config, &s);
    size_t frames = (size_t)secg_simulation_frames(s), wide = 0;
    run(secg_simulation_signal(s), counts, frames, 1, &found);
    run(secg_simulation_signal(s), counts, frames, frames, &again);
    cr_assert_eq(found.beats, again.beats);
    cr_assert_gt(found.beats, 40);
    for (size_t i = 0; i < found.beats; i++) {
        const secg_delineated_beat *a = &found.beat[i], *b = &again.beat[i];
        cr_assert_eq(a->beat.sample, b->beat.sample);
        cr_assert_eq(memcmp(&a->global, &b->global, sizeof a->global), 0);
        cr_assert_eq(memcmp(a->lead, b->lead, sizeof a->lead), 0);
        cr_expect_eq(a->leads, 12);
        double qrs = (double)(a->global.j_ms - a->global.qrs_onset_ms);
        if (a->beat.label != SECG_BEAT_V || isnan(qrs))
            continue;
        wide++;
        cr_expect_gt(qrs, 112, "V beat of %.0f ms", qrs);
    }
    cr_expect_geq(wide, 4);
    secg_simulation_destroy(s);
    free(counts);
}

Test(delineation, nothing_is_marked_in_nothing)
{
    static int32_t flat[5000 * 8];
    secg_signal signal = secg_signal_standard_8(500);
    run(&signal, flat, 5000, 5000, &found);
    cr_expect_eq(found.beats, 0);
}

Test(delineation, refuses_what_it_cannot_do)
{
    secg_delineation *d = NULL;
    secg_error error;
    secg_delineation_config config = {.signal = secg_signal_standard_8(500), .mains_hz = 17};
    cr_expect_eq((int)secg_delineation_create(&config, &d, &error), (int)SECG_E_ARGUMENT);
    cr_expect_null(d);
    cr_expect(strstr(error.text, "mains_hz"), "%s", error.text);
    config.mains_hz = 0;
    config.reserved[7] = 1;
    cr_expect_eq((int)secg_delineation_create(&config, &d, &error), (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "reserved"), "%s", error.text);
    cr_expect_eq((int)secg_delineation_create(NULL, &d, NULL), (int)SECG_E_ARGUMENT);
    config.reserved[7] = 0;
    cr_assert_eq((int)secg_delineation_create(&config, &d, NULL), (int)SECG_OK);
    size_t taken;
    cr_expect_eq((int)secg_delineation_push_i32(d, NULL, 1, &taken), (int)SECG_E_ARGUMENT);
    secg_delineation_flush(d);
    int32_t frame[8] = {0};
    cr_expect_eq((int)secg_delineation_push_i32(d, frame, 1, &taken), (int)SECG_E_STATE);
    secg_delineation_destroy(d);
    secg_delineation_destroy(NULL);
}

/* ---- cardiologists ----------------------------------------------------------------------- */

typedef struct tally {
    double sum, square;
    int n, wanted, absent, invented;
} tally;

static void add(tally *t, double error)
{
    t->sum += error;
    t->square += error * error;
    t->n++;
}

static void compare(const secg_annotation *a, size_t count, tally *onset, tally *j, tally *t_end,
                    tally *p)
{
    int first = 1;
    for (size_t i = 1; i + 1 < count; i++) {
        if (!secg_annotation_is_beat(a[i].code))
            continue;
        const secg_delineated_beat *b = beat_at(&found, a[i].sample, 40);
        if (!b)
            continue;
        const secg_wave_marks *m = &b->lead[1];
        double r = (double)b->beat.sample + (double)b->beat.offset_samples;
        int has_p = i > 2 && a[i - 3].code == SECG_ANN_P_PEAK;
        if (!isnan(m->j_ms) && a[i - 1].code == SECG_ANN_WAVE_ON) {
            add(onset, (double)m->qrs_onset_ms - 2 * ((double)a[i - 1].sample - r));
            add(j, (double)m->j_ms - 2 * ((double)a[i + 1].sample - r));
        }
        if (i + 4 < count && a[i + 3].code == SECG_ANN_T_PEAK && !isnan(m->t_end_ms))
            add(t_end, (double)m->t_end_ms - 2 * ((double)a[i + 4].sample - r));
        p->wanted += has_p;
        p->n += has_p && !isnan(m->p_peak_ms);
        p->absent += !has_p && !first; /* most records begin with a QRS whose P is not marked */
        p->invented += !has_p && !first && !isnan(m->p_peak_ms);
        first = 0;
    }
}

/* Lead II of the LUDB records, each beat by itself. */
Test(delineation, agrees_with_cardiologists_in_lead_ii)
{
    tally t[3] = {{0}}, p = {0};
    char path[1200], text[1300];
    shared_data(path, sizeof path, "ludb/1.hea");
    for (int number = 1; number <= 200; number += 2) {
        secg_record *record;
        secg_signal signal;
        secg_annotation *a;
        int32_t map[SECG_MAX_CHANNELS];
        static int32_t counts[12 * 5000];
        size_t count, got;
        const char *folder = getenv("SECG_SHARED");
        snprintf(path, sizeof path, "%s/data/ludb/%d", folder ? folder : "../shared", number);
        if (secg_record_open(path, NULL, &record, NULL) != SECG_OK)
            continue;
        cr_assert_eq((int)secg_record_analysis_signal(record, &signal, map, NULL), (int)SECG_OK);
        cr_assert_eq((int)secg_record_read(record, counts, 5000, &got, NULL), (int)SECG_OK);
        run(&signal, counts, got, 5000, &found);
        snprintf(text, sizeof text, "%s.ii", path);
        cr_assert_eq((int)secg_annotations_read(text, 0, &a, &count, NULL), (int)SECG_OK);
        compare(a, count, &t[0], &t[1], &t[2], &p);
        secg_annotations_free(a);
        secg_record_close(record);
    }
    static const struct {
        const char *name;
        double mean, sd;
    } limit[3] = {{"QRS onset", 6, 13}, {"J", 6, 13}, {"T end", 8, 28}};
    for (int i = 0; i < 3; i++) {
        double mean = t[i].sum / t[i].n, sd = sqrt(t[i].square / t[i].n - mean * mean);
        cr_expect_geq(t[i].n, 600, "%s: %d", limit[i].name, t[i].n);
        cr_expect_leq(fabs(mean), limit[i].mean, "%s: mean %.1f ms", limit[i].name, mean);
        cr_expect_leq(sd, limit[i].sd, "%s: standard deviation %.1f ms", limit[i].name, sd);
    }
    cr_expect_geq(p.n, 0.85 * p.wanted, "P found in %d of %d", p.n, p.wanted);
    cr_expect_leq(p.invented, 0.3 * p.absent, "P invented in %d of %d", p.invented, p.absent);
}
