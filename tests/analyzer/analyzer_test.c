/* What a caller of the analyser relies on: clear refusals, nothing dropped, reset, flush. */
#include "plain_ecg.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <stressecg/analyzer.h>
#include <string.h>

enum { RATE_HZ = 500, CHANNELS = 8 };

static secg_analyzer *create(uint32_t capacity)
{
    secg_analyzer *ecg;
    secg_error error = {0};
    secg_analyzer_config config = {
        .signal = secg_signal_standard_8(RATE_HZ), .mains_hz = 60, .event_capacity = capacity};
    cr_assert_eq(secg_analyzer_create(&config, &ecg, &error), SECG_OK, "%s", error.text);
    return ecg;
}

static float *make(size_t seconds)
{
    float *mv = malloc(seconds * RATE_HZ * CHANNELS * sizeof *mv);
    for (size_t n = 0; n < seconds * RATE_HZ; n++)
        plain_ecg((int64_t)n, RATE_HZ, 75, CHANNELS, mv + n * CHANNELS);
    return mv;
}

Test(analyzer, bad_configurations_are_named)
{
    static const char *const field[] = {"rate_hz", "mains_hz", "st_point", "event_capacity",
                                        "no_st",   "reserved", "channels", "no_labels",
                                        "no_st",   "no_qrs"};
    secg_analyzer_config good = {.signal = secg_signal_standard_8(RATE_HZ)};
    secg_analyzer_config row[10] = {good, good, good, good, good, good, good, good, good, good};
    row[0].signal.rate_hz = 0;
    row[1].mains_hz = 55;
    row[2].st_point = (secg_st_point)9;
    row[3].event_capacity = 255;
    row[4].no_st = 2;
    row[5].reserved[sizeof row[5].reserved - 1] = 1;
    row[6].signal.channels = 10000;
    row[7].no_labels = 2;
    row[8].no_labels = 1;
    row[9].no_qrs = 2;
    for (size_t i = 0; i < 10; i++) {
        secg_error error = {0};
        secg_analyzer *ecg = (secg_analyzer *)&good;
        cr_expect_eq(secg_analyzer_create(&row[i], &ecg, &error), SECG_E_ARGUMENT);
        cr_expect_null(ecg);
        cr_expect_not_null(strstr(error.text, field[i]), "%s: %s", field[i], error.text);
        cr_expect_eq(secg_analyzer_memory(&row[i], NULL), 0);
    }
    cr_expect_eq(secg_analyzer_create(NULL, &(secg_analyzer *){0}, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_create(&good, NULL, NULL), SECG_E_ARGUMENT);
}

/* Twelve leads at 1000 Hz. */
Test(analyzer, memory_is_known_before_creation)
{
    secg_analyzer_config config = {.signal = secg_signal_standard_12(1000)};
    size_t bytes = secg_analyzer_memory(&config, NULL);
    cr_expect(bytes > 50000 && bytes <= (2u << 20), "%zu bytes", bytes);
    config.event_capacity = 1 << 16;
    cr_expect_geq(secg_analyzer_memory(&config, NULL), bytes + 64512 * sizeof(secg_event));
}

Test(analyzer, bad_calls_take_nothing)
{
    secg_analyzer *ecg = create(0);
    float mv[CHANNELS] = {0};
    size_t taken = 7;
    secg_event event;
    cr_expect_eq(secg_analyzer_push_mv(ecg, NULL, 1, &taken), SECG_E_ARGUMENT);
    cr_expect_eq(taken, 0);
    cr_expect_eq(secg_analyzer_push_mv(NULL, mv, 1, &taken), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_push_mv(ecg, mv, 1, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_push_mv(ecg, NULL, 0, &taken), SECG_OK);
    cr_expect_eq(secg_analyzer_poll(ecg, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_frames(ecg), 0);
    cr_expect_eq(secg_analyzer_complex(ecg, 12, &(secg_complex){0}, NULL, 0), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_override_j(ecg, -5), SECG_E_ARGUMENT);
    cr_expect_eq(secg_analyzer_flush(ecg), SECG_OK);
    cr_expect_eq(secg_analyzer_push_mv(ecg, mv, 1, &taken), SECG_E_STATE);
    cr_expect_eq(secg_analyzer_flush(ecg), SECG_OK, "once more is harmless");
    while (secg_analyzer_poll(ecg, &event) == SECG_OK)
        ;
    cr_expect_eq(secg_analyzer_poll(ecg, &event), SECG_END);
    secg_analyzer_destroy(ecg);
    secg_analyzer_destroy(NULL);
}

static size_t drain(secg_analyzer *ecg)
{
    size_t events = 0;
    for (secg_event event; secg_analyzer_poll(ecg, &event) == SECG_OK;)
        events++;
    return events;
}

/* Pushes everything, polling only when told that the queue is full. */
static size_t run(secg_analyzer *ecg, const float *mv, size_t frames, int *again)
{
    size_t events = 0, taken;
    for (size_t at = 0; at < frames; at += taken)
        if (secg_analyzer_push_mv(ecg, mv + at * CHANNELS, frames - at, &taken) == SECG_AGAIN) {
            ++*again;
            events += drain(ecg);
        }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        events += drain(ecg);
    return events + drain(ecg);
}

Test(analyzer, a_full_queue_stops_the_push_and_loses_nothing)
{
    float *mv = make(120);
    secg_analyzer *small = create(256), *large = create(1 << 16);
    int again_small = 0, again_large = 0;
    size_t events_small = run(small, mv, 120 * RATE_HZ, &again_small);
    size_t events_large = run(large, mv, 120 * RATE_HZ, &again_large);
    cr_expect_gt(again_small, 0);
    cr_expect_eq(again_large, 0);
    cr_expect_eq(events_small, events_large);
    cr_expect_eq(secg_analyzer_digest(small), secg_analyzer_digest(large));
    cr_expect_eq(secg_analyzer_frames(small), 120 * RATE_HZ);
    secg_analyzer_destroy(small);
    secg_analyzer_destroy(large);
    free(mv);
}

Test(analyzer, reset_is_a_new_beginning)
{
    float *mv = make(40);
    secg_analyzer *ecg = create(0);
    int again = 0;
    run(ecg, mv, 40 * RATE_HZ, &again);
    uint64_t digest = secg_analyzer_digest(ecg);
    cr_expect_eq(secg_analyzer_reset(ecg), SECG_OK);
    cr_expect_eq(secg_analyzer_frames(ecg), 0);
    size_t taken;
    secg_analyzer_push_mv(ecg, mv + 777 * CHANNELS, 5000, &taken); /* something else between */
    secg_analyzer_reset(ecg);
    run(ecg, mv, 40 * RATE_HZ, &again);
    cr_expect_eq(secg_analyzer_digest(ecg), digest);
    secg_analyzer_destroy(ecg);
    free(mv);
}

Test(analyzer, beats_rate_and_st_come_out_right)
{
    float *mv = make(60);
    secg_analyzer *ecg = create(0);
    size_t beats = 0, st = 0, taken;
    float bpm = 0;
    for (size_t at = 0; at < 60 * RATE_HZ; at += taken) {
        size_t left = 60 * RATE_HZ - at;
        secg_analyzer_push_mv(ecg, mv + at * CHANNELS, left < 500 ? left : 500, &taken);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
            cr_expect_leq(e.emitted, secg_analyzer_frames(ecg));
            if (e.kind == SECG_EVENT_BEAT) {
                beats++;
                double t_s = ((double)e.beat.sample + (double)e.beat.offset_samples) / RATE_HZ;
                double off_s = remainder(t_s - 0.3, 0.8);
                cr_expect_lt(fabs(off_s), 0.004, "R at %.4f s", t_s);
                cr_expect_leq(e.emitted - e.beat.sample, RATE_HZ * 6 / 5, "labelled in time");
            } else if (e.kind == SECG_EVENT_RATE && e.rate.bpm.why == SECG_MEASURED) {
                bpm = e.rate.bpm.value;
            } else if (e.kind == SECG_EVENT_ST && e.st.why == SECG_MEASURED) {
                st++;
                cr_expect_lt(fabsf(e.st.level_mv), 0.02f, "no ST deviation was put in");
            }
        }
    }
    cr_expect(beats >= 71 && beats <= 75, "%zu beats", beats);
    cr_expect_float_eq(bpm, 75, 1);
    cr_expect_geq(st, 12 * 8);
    secg_complex complex;
    float *samples = malloc(secg_analyzer_complex_capacity(ecg) * sizeof *samples);
    cr_expect_eq(
        secg_analyzer_complex(ecg, 7, &complex, samples, secg_analyzer_complex_capacity(ecg)),
        SECG_OK);
    cr_assert_gt(complex.samples, complex.rate_hz / 2);
    cr_expect_float_eq(samples[complex.r_index] - complex.isoelectric_mv, 1.2f * 1.2f, 0.06f);
    free(samples);
    secg_analyzer_destroy(ecg);
    free(mv);
}

/* At any rate the first ST values are out within 15 s of the first frame, and new ones follow within
 * 10 s, as they are polled: delays of the path included (domain.md 2.4: refresh 10 s). */
Test(analyzer, st_comes_within_15_s_and_then_every_10)
{
    for (double bpm = 45; bpm <= 195; bpm += 25) {
        secg_analyzer *ecg = create(0);
        double last_s = 0;
        int tables = 0;
        for (int64_t n = 0; n < 60 * RATE_HZ; n++) {
            float mv[CHANNELS];
            size_t taken;
            plain_ecg(n, RATE_HZ, bpm, CHANNELS, mv);
            cr_assert_eq((int)secg_analyzer_push_mv(ecg, mv, 1, &taken), (int)SECG_OK);
            for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
                if (e.kind != SECG_EVENT_ST || e.st.lead != 0 || e.st.why != SECG_MEASURED)
                    continue;
                double now_s = (double)(n + 1) / RATE_HZ;
                cr_expect_leq(now_s - last_s, tables == 0 ? 15 : 10, "%g bpm: %g s after %g s", bpm,
                              now_s, last_s);
                last_s = now_s;
                tables++;
            }
        }
        cr_expect_geq(tables, 9, "%g bpm: %d", bpm, tables);
        secg_analyzer_destroy(ecg);
    }
}

/* What the operator set stays, whatever the averages do, until it is taken back; the levels are
 * counted from it. */
Test(analyzer, an_operators_j_persists)
{
    enum { J_MS = 64 };
    float *mv = make(120);
    secg_analyzer *ecg = create(0);
    int before = 0, set = 0, after = 0;
    for (size_t at = 0, taken; at < 120 * RATE_HZ; at += taken) {
        if (at == 20 * RATE_HZ)
            cr_assert_eq((int)secg_analyzer_override_j(ecg, J_MS), (int)SECG_OK);
        if (at == 50 * RATE_HZ)
            cr_assert_eq((int)secg_analyzer_relearn(ecg), (int)SECG_OK);
        if (at == 90 * RATE_HZ)
            cr_assert_eq((int)secg_analyzer_override_j(ecg, NAN), (int)SECG_OK);
        secg_analyzer_push_mv(ecg, mv + at * CHANNELS, RATE_HZ / 2, &taken);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
            if (e.kind != SECG_EVENT_ST || e.st.why != SECG_MEASURED)
                continue;
            secg_complex c;
            secg_analyzer_complex(ecg, e.st.lead, &c, NULL, 0);
            double from_s = (double)at / RATE_HZ;
            if (c.sample != e.st.sample)
                continue; /* the next table has begun */
            if (from_s < 20)
                before += !c.j_by_operator && c.j_ms < J_MS - 5;
            else if (from_s > 26 && from_s < 90)
                set += c.j_by_operator && c.j_ms == J_MS;
            else if (from_s > 96)
                after += !c.j_by_operator && c.j_ms < J_MS - 5;
            if (from_s > 26 && from_s < 90)
                cr_expect(c.j_by_operator && c.j_ms == J_MS, "%g s: J %g ms", from_s,
                          (double)c.j_ms);
        }
    }
    cr_expect_geq(before, 12);
    cr_expect_geq(set, 8 * 12, "%d", set);
    cr_expect_geq(after, 3 * 12, "%d", after);
    secg_analyzer_destroy(ecg);
    free(mv);
}

/* What was kept at rest stays as it was, to the microvolt, whatever becomes of the averages. */
Test(analyzer, the_rest_template_stays)
{
    enum { LEAD = 7, KEPT_S = 30, END_S = 60 };
    float *mv = make(END_S);
    secg_analyzer *ecg = create(0);
    size_t capacity = secg_analyzer_complex_capacity(ecg);
    float *kept = malloc(capacity * sizeof *kept), *rest = malloc(capacity * sizeof *rest);
    secg_complex before, after, now;
    cr_assert_eq((int)secg_analyzer_rest_complex(ecg, LEAD, &after, rest, capacity), (int)SECG_OK);
    cr_expect_eq(after.samples, 0, "none yet");
    for (size_t n = KEPT_S * RATE_HZ * CHANNELS; n < END_S * RATE_HZ * CHANNELS; n++)
        mv[n] *= 0.5f; /* another posture */
    for (size_t at = 0, taken; at < END_S * RATE_HZ; at += taken) {
        if (at == KEPT_S * RATE_HZ) {
            secg_analyzer_complex(ecg, LEAD, &before, kept, capacity);
            cr_assert_eq((int)secg_analyzer_keep_rest(ecg), (int)SECG_OK);
            cr_assert_eq((int)secg_analyzer_relearn(ecg), (int)SECG_OK);
        }
        secg_analyzer_push_mv(ecg, mv + at * CHANNELS, RATE_HZ, &taken);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
            ;
    }
    cr_expect_eq((int)secg_analyzer_rest_complex(ecg, LEAD, &after, rest, 1), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_analyzer_rest_complex(ecg, 12, &after, NULL, 0), (int)SECG_E_ARGUMENT);
    cr_assert_eq((int)secg_analyzer_rest_complex(ecg, LEAD, &after, rest, capacity), (int)SECG_OK);
    secg_analyzer_complex(ecg, LEAD, &now, NULL, 0);
    cr_expect_gt(now.sample, after.sample);
    cr_expect_eq(after.sample, before.sample);
    cr_expect_eq(after.samples, before.samples);
    cr_expect_eq(after.st.level_mv, before.st.level_mv);
    for (uint32_t i = 0; i < after.samples; i++)
        cr_expect(isnan(kept[i]) ? isnan(rest[i]) : fabsf(rest[i] - kept[i]) < 0.00051f);
    free(kept);
    free(rest);
    secg_analyzer_destroy(ecg);
    free(mv);
}

/* An uncalibrated channel brings beats and rate, and no millivolts anywhere. */
Test(analyzer, uncalibrated_means_no_millivolts)
{
    secg_signal signal = secg_signal_standard_8(RATE_HZ);
    for (int k = 0; k < CHANNELS; k++)
        signal.channel[k].gain_per_mv = 0;
    secg_analyzer *ecg;
    cr_assert_eq(secg_analyzer_create(&(secg_analyzer_config){.signal = signal}, &ecg, NULL),
                 SECG_OK);
    float *mv = make(30);
    int beats = 0;
    for (size_t at = 0, taken; at < 30 * RATE_HZ; at += taken) {
        secg_analyzer_push_mv(ecg, mv + at * CHANNELS, 30 * RATE_HZ - at, &taken);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
            beats += e.kind == SECG_EVENT_BEAT;
            if (e.kind == SECG_EVENT_ST) {
                cr_expect_eq(e.st.why, SECG_WHY_UNCALIBRATED);
                cr_expect(isnan(e.st.level_mv) && isnan(e.st.noise_mv) && isnan(e.st.level_j80_mv));
            }
            if (e.kind == SECG_EVENT_SIGNAL && e.signal.lead >= 0)
                cr_expect(isnan(e.signal.noise_mv));
        }
    }
    cr_expect_gt(beats, 30);
    secg_analyzer_destroy(ecg);
    free(mv);
}

/* A recording may begin in the middle of exercise: a steady fast rhythm has no premature beats. */
Test(analyzer, a_fast_beginning_is_no_run_of_premature_beats)
{
    static const double bpm[] = {150, 180, 210};
    for (size_t i = 0; i < 3; i++) {
        secg_analyzer *ecg = create(0);
        int beats = 0, others = 0;
        for (int64_t n = 0; n < 30 * RATE_HZ; n++) {
            float mv[CHANNELS];
            size_t taken;
            plain_ecg(n, RATE_HZ, bpm[i], CHANNELS, mv);
            secg_analyzer_push_mv(ecg, mv, 1, &taken);
            for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
                beats += e.kind == SECG_EVENT_BEAT;
                others += e.kind == SECG_EVENT_BEAT && e.beat.label != SECG_BEAT_N;
            }
        }
        cr_expect_geq(beats, (int)(bpm[i] / 2) - 8, "%g bpm: %d beats", bpm[i], beats);
        cr_expect_eq(others, 0, "%g bpm: %d beats are not labelled N", bpm[i], others);
        secg_analyzer_destroy(ecg);
    }
}
