/* The floor on the real analyser, on a simulated tracing: live with an operator, and replayed. */
#include "summary_text.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stressecg/simulate.h>
#include <stressecg/stressecg.h>
#include <string.h>

enum { RATE_HZ = 250, SECONDS = 150 };

typedef struct run {
    secg_analyzer *ecg;
    secg_test *test;
    const int16_t *counts;
    size_t channels, chunk;
} run;

static int16_t *tracing(secg_signal *signal)
{
    secg_simulation *simulation;
    secg_simulation_config config = {.protocol = "steady",
                                     .seed = 5,
                                     .rate_hz = RATE_HZ,
                                     .duration_s = SECONDS,
                                     .rest_bpm = 90,
                                     .eight_channels = 1,
                                     .ectopy_scale = 0.05};
    cr_assert_eq(secg_simulation_create(&config, &simulation, NULL), SECG_OK);
    *signal = *secg_simulation_signal(simulation);
    size_t frames = RATE_HZ * SECONDS, got, at = 0;
    int16_t *counts = calloc(frames * (size_t)signal->channels, sizeof *counts);
    do {
        secg_simulation_read(simulation, counts + at * (size_t)signal->channels, frames - at, &got);
        at += got;
    } while (got > 0 && at < frames);
    secg_simulation_destroy(simulation);
    cr_assert_eq(at, frames);
    return counts;
}

static run begin(const secg_signal *signal, const int16_t *counts, int replay, size_t chunk)
{
    run r = {.counts = counts, .channels = (size_t)signal->channels, .chunk = chunk};
    secg_test_config config = {.protocol = secg_protocol_find("ramp-30s"),
                               .max_minutes = 5,
                               .replay = (uint8_t)replay,
                               .patient = {.age_years = 50, .weight_kg = 70}};
    cr_assert_eq(secg_analyzer_create(&(secg_analyzer_config){.signal = *signal, .mains_hz = 60},
                                      &r.ecg, NULL),
                 SECG_OK);
    cr_assert_eq(secg_test_create(r.ecg, &config, &r.test, NULL), SECG_OK);
    return r;
}

/* A record without ventricular beats because nobody looked for them would be a false one. */
Test(on_analyzer, a_test_needs_labels)
{
    secg_analyzer *ecg;
    secg_test *test;
    secg_error error = {0};
    secg_analyzer_config config = {
        .signal = secg_signal_standard_8(RATE_HZ), .no_st = 1, .no_labels = 1};
    cr_assert_eq(secg_analyzer_create(&config, &ecg, NULL), SECG_OK);
    cr_expect_eq(secg_test_create(ecg, &(secg_test_config){.max_minutes = 5}, &test, &error),
                 SECG_E_ARGUMENT);
    cr_expect_null(test);
    cr_expect_not_null(strstr(error.text, "no_labels"), "%s", error.text);
    secg_analyzer_destroy(ecg);
}

static void push_to(run *r, int64_t frame)
{
    secg_event event;
    while (secg_test_frames(r->test) < frame) {
        int64_t at = secg_test_frames(r->test);
        size_t want = (size_t)(frame - at) < r->chunk ? (size_t)(frame - at) : r->chunk, taken;
        cr_assert_geq(
            secg_test_push_i16(r->test, r->counts + (size_t)at * r->channels, want, &taken), 0);
        while (secg_test_poll(r->test, &event) == SECG_OK)
            ;
    }
}

static char *finish(run *r)
{
    secg_event event;
    while (secg_test_flush(r->test) == SECG_AGAIN)
        while (secg_test_poll(r->test, &event) == SECG_OK)
            ;
    return summary_text(secg_test_summary(r->test, NULL));
}

static void end(run *r)
{
    secg_test_destroy(r->test);
    secg_analyzer_destroy(r->ecg);
}

static char *live(run *r)
{
    int64_t s = RATE_HZ;
    secg_test_pretest(r->test, 0, "Supine");
    push_to(r, 20 * s + 1);
    secg_test_pretest(r->test, 20 * s + 1, "Standing");
    push_to(r, 45 * s);
    secg_test_start(r->test, 43 * s + 7); /* late: its effects come later than its sample */
    push_to(r, 60 * s);
    secg_test_blood_pressure(r->test, 59 * s, 140, 80);
    secg_test_hold(r->test, 60 * s, 1);
    push_to(r, 70 * s + 3);
    secg_test_hold(r->test, 70 * s + 3, 0);
    push_to(r, 110 * s);
    secg_fact moved = secg_fact_make(SECG_FACT_ELECTRODES, 108 * s);
    cr_assert_eq(secg_test_add(r->test, &moved, NULL), SECG_OK);
    push_to(r, 125 * s);
    secg_test_recover(r->test, 124 * s);
    push_to(r, 145 * s);
    secg_test_finish(r->test, 145 * s, SECG_END_FATIGUE, "legs");
    push_to(r, SECONDS * s);
    return finish(r);
}

Test(on_analyzer, a_replay_is_the_live_test_to_the_last_bit)
{
    secg_signal signal;
    int16_t *counts = tracing(&signal);
    run first = begin(&signal, counts, 0, 173);
    char *said = live(&first);
    size_t facts;
    const secg_fact *fact = secg_test_facts(first.test, &facts);
    run second = begin(&signal, counts, 1, 5000);
    for (size_t i = 0; i < facts; i++)
        cr_assert_eq(secg_test_add(second.test, &fact[i], NULL), SECG_OK);
    push_to(&second, RATE_HZ * SECONDS);
    char *again = finish(&second);
    expect_same_text(said, again, 5);
    free(said);
    free(again);
    end(&first);
    end(&second);
    free(counts);
}

/* What a user reads off the table, on a rate known from the simulation. */
Test(on_analyzer, rows_hold_what_was_measured)
{
    secg_signal signal;
    int16_t *counts = tracing(&signal);
    run r = begin(&signal, counts, 0, 1000);
    free(live(&r));
    const secg_summary *s = secg_test_summary(r.test, NULL);
    cr_assert_eq(s->leads, 12);
    int beats = 0, measured = 0;
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        beats += row->counts.beats;
        if (row->end - row->start >= 20 * RATE_HZ && row->end - row->start <= 60 * RATE_HZ) {
            cr_expect_eq(row->bpm.why, SECG_MEASURED, "%s", row->label);
            cr_expect(fabs((double)row->bpm.value - 90) < 5, "%s: %g bpm", row->label,
                      (double)row->bpm.value);
        }
        for (size_t k = 0; k < s->leads; k++) {
            measured += row->st[k].why == SECG_MEASURED;
            cr_expect(row->complex[k].samples == 0 || row->complex[k].sample == row->st[k].sample);
            cr_expect(row->st[k].why != SECG_MEASURED || row->complex[k].samples > 0, "%s lead %zu",
                      row->label, k);
        }
    }
    cr_expect_eq(beats, s->total.beats);
    cr_expect(s->total.beats > 200 && s->total.beats < 245, "%d beats in 150 s", s->total.beats);
    cr_expect_gt(measured, 12, "ST was measured in some row");
    /* Relearning at the change of posture does not take the last table of the posture before. */
    cr_expect_str_eq(s->stage[0].label, "Supine");
    cr_expect_eq(s->stage[0].st[1].sample, 20 * RATE_HZ);
    cr_expect_eq(s->stage[0].st[1].why, SECG_MEASURED, "%s",
                 secg_why_text((secg_why)s->stage[0].st[1].why));
    cr_expect_gt((double)s->coverage_pct, 99.9);
    end(&r);
    free(counts);
}

/* The complexes of the table that an extreme was measured on: its time, its level, and the same
 * level again where the complex is read at the ST point. */
static void expect_table(const secg_summary *s, const secg_peak *peak, int lead,
                         const secg_complex_table *table)
{
    if (peak->value.why != SECG_MEASURED) {
        cr_expect_eq(table->sample, SECG_NO_SAMPLE);
        return;
    }
    cr_assert_eq(table->sample, peak->sample, "%lld, not %lld", (long long)table->sample,
                 (long long)peak->sample);
    const secg_complex *c = &table->complex[lead];
    const float *mv = table->complex_mv + (size_t)lead * s->complex_capacity;
    cr_expect_eq(c->sample, peak->sample);
    cr_expect_float_eq(c->st.level_mv, peak->value.value, 1e-6f);
    cr_assert_gt(c->samples, 0u);
    double ms = (double)c->j_ms + (c->st.point == SECG_ST_J60 ? 60 : 80);
    size_t at = c->r_index + (size_t)lround(ms / 1000 * c->rate_hz);
    cr_assert_lt(at, c->samples);
    cr_expect_float_eq(mv[at] - c->isoelectric_mv, peak->value.value, 0.02f, "lead %d: %g, %g",
                       lead, (double)(mv[at] - c->isoelectric_mv), (double)peak->value.value);
}

static int expect_tables(run *r)
{
    const secg_summary *s = secg_test_summary(r->test, NULL);
    expect_table(s, &s->st_lowest, s->st_lowest_lead, &s->st_lowest_table);
    expect_table(s, &s->st_highest, s->st_highest_lead, &s->st_highest_table);
    for (size_t i = 0; i < s->stages; i++)
        if (s->st_lowest_table.sample != SECG_NO_SAMPLE && s->stage[i].complex[0].samples > 0 &&
            s->stage[i].complex[0].sample == s->st_lowest_table.sample)
            return 0;
    return s->st_lowest_table.sample != SECG_NO_SAMPLE; /* between the ends of rows */
}

/* Asked at any time, with a start entered 18 s late, after the end, and of a plain recording. */
Test(on_analyzer, complexes_of_the_furthest_st)
{
    secg_signal signal;
    int16_t *counts = tracing(&signal);
    int between = 0;
    for (int with_test = 0; with_test <= 1; with_test++) {
        run r = begin(&signal, counts, 0, 1000);
        for (int64_t second = 4; second <= SECONDS; second += 7) {
            push_to(&r, second * RATE_HZ);
            if (with_test && second == 60)
                cr_assert_eq(secg_test_start(r.test, 42 * RATE_HZ), SECG_OK);
            if (with_test && second == 109)
                cr_assert_eq(secg_test_recover(r.test, 103 * RATE_HZ), SECG_OK);
            if (with_test && second == 144)
                cr_assert_eq(secg_test_finish(r.test, 125 * RATE_HZ, SECG_END_FATIGUE, ""),
                             SECG_OK);
            between += expect_tables(&r);
        }
        free(finish(&r));
        between += expect_tables(&r);
        end(&r);
    }
    cr_expect_gt(between, 10);
    free(counts);
}
