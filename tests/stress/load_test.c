/* What is sent to treadmill and ergometer, and when the clock stands. */
#include "floor.h"

#include <criterion/criterion.h>

typedef struct load_list {
    secg_load load[200];
    size_t count;
} load_list;

/* The bench keeps only stages and prompts; this takes the loads. */
static load_list run(secg_test *test, double seconds, size_t chunk)
{
    load_list list = {0};
    int64_t end = secg_sample_at(seconds, 100);
    while (secg_test_frames(test) < end) {
        float mv[200 * FAKE_CHANNELS];
        int64_t at = secg_test_frames(test), left = end - at;
        size_t frames = (size_t)(left < (int64_t)chunk ? left : (int64_t)chunk), taken;
        for (size_t n = 0; n < frames; n++)
            script_frame(at + (int64_t)n, 100, mv + n * FAKE_CHANNELS);
        cr_assert_eq(secg_test_push_mv(test, mv, frames, &taken), SECG_OK);
        for (secg_event event; secg_test_poll(test, &event) == SECG_OK;)
            if (event.kind == SECG_EVENT_LOAD && list.count < 200)
                list.load[list.count++] = event.load;
    }
    return list;
}

static floor_bench of(const char *id)
{
    return floor_create(&(secg_test_config){.protocol = secg_protocol_find(id)}, 100, 4096, 0);
}

Test(load, a_ramp_is_sent_in_the_machines_steps)
{
    floor_bench bench = of("ramped-bruce");
    secg_test_start(bench.test, 0);
    load_list list = run(bench.test, 200, 173);
    /* 12 loads in 3 min, then the second stage and one more. */
    cr_assert_eq(list.count, 14);
    for (size_t i = 0; i < 12; i++) {
        double f = (double)i * 15 / 180;
        cr_expect_eq(list.load[i].sample, (int64_t)i * 1500);
        cr_expect_eq(list.load[i].cause, i ? SECG_LOAD_RAMP : SECG_LOAD_STAGE);
        cr_expect_eq(list.load[i].speed_mph, (float)(floor((1.7 + 0.8 * f) * 10 + 0.5001) / 10));
        cr_expect_eq(list.load[i].grade_pct, (float)(floor((10 + 2 * f) * 2 + 0.5001) / 2));
        cr_expect(isnan(list.load[i].power_w));
    }
    cr_expect_eq(list.load[12].speed_mph, 2.5f);
    cr_expect_eq(list.load[12].grade_pct, 12);
    floor_destroy(&bench);
}

Test(load, a_ramp_does_not_depend_on_the_chunking)
{
    floor_bench a = of("ramped-bruce"), b = of("ramped-bruce");
    secg_test_start(a.test, 0);
    secg_test_start(b.test, 0);
    run(a.test, 400, 1);
    run(b.test, 400, 199);
    cr_expect_eq(secg_analyzer_digest(a.ecg), secg_analyzer_digest(b.ecg));
    floor_destroy(&a);
    floor_destroy(&b);
}

Test(load, a_pause_stops_the_belt_and_the_clock_together_with_a_hold)
{
    floor_bench bench = of("bruce");
    secg_test_start(bench.test, 0);
    run(bench.test, 100, 100);
    cr_assert_eq(secg_test_hold(bench.test, 10000, 1), SECG_OK);
    run(bench.test, 110, 100);
    cr_assert_eq(secg_test_pause(bench.test, 11000, 1), SECG_OK);
    cr_expect_eq(secg_test_pause(bench.test, 11000, 1), SECG_E_STATE);
    load_list list = run(bench.test, 120, 100);
    cr_assert_eq(list.count, 1);
    cr_expect_eq(list.load[0].cause, SECG_LOAD_PAUSE);
    cr_expect_eq(list.load[0].speed_mph, 0);
    cr_expect(isnan(list.load[0].grade_pct), "the grade stays");
    secg_test_hold(bench.test, 12000, 0);
    run(bench.test, 130, 100);
    cr_assert_eq(secg_test_pause(bench.test, 13000, 0), SECG_OK);
    list = run(bench.test, 211, 100);
    cr_assert_eq(list.count, 2);
    cr_expect_eq(list.load[0].cause, SECG_LOAD_RESUME);
    cr_expect_eq(list.load[0].speed_mph, 1.7f);
    cr_expect_eq(list.load[1].sample, 21000, "180 s and the 30 s from 100 to 130");
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].held_s, 20);
    cr_expect_eq(s->stage[0].paused_s, 20);
    cr_expect_eq(s->stage[0].complete, 1);
    floor_destroy(&bench);
}

Test(load, an_emergency_stop_is_sent_at_once_and_recovery_begins)
{
    floor_bench bench = of("who-25");
    secg_test_start(bench.test, 0);
    run(bench.test, 50, 100);
    cr_assert_eq(secg_test_emergency_stop(bench.test, 5000, "collapse"), SECG_OK);
    load_list list = run(bench.test, 60, 100);
    cr_assert_eq(list.count, 1, "and nothing is sent after it");
    cr_expect_eq(list.load[0].cause, SECG_LOAD_EMERGENCY);
    cr_expect_eq(list.load[0].power_w, 0);
    cr_expect_eq(list.load[0].sample, 5000);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->exercise_end, 5000);
    cr_expect_eq(s->recovery_end, 6000);
    floor_destroy(&bench);
}

Test(load, set_by_hand_until_the_next_stage)
{
    floor_bench bench = of("ramped-bruce");
    cr_expect_eq(secg_test_set_load(bench.test, 0, 2, 2, NAN), SECG_E_STATE);
    secg_test_start(bench.test, 0);
    run(bench.test, 20, 100);
    cr_expect_eq(secg_test_set_load(bench.test, 2000, NAN, NAN, NAN), SECG_E_ARGUMENT);
    cr_assert_eq(secg_test_set_load(bench.test, 2000, 1.44, NAN, NAN), SECG_OK);
    load_list list = run(bench.test, 181, 100);
    cr_assert_eq(list.count, 2, "the ramp is left: %zu", list.count);
    cr_expect_eq(list.load[0].cause, SECG_LOAD_MANUAL);
    cr_expect_eq(list.load[0].speed_mph, 1.4f);
    cr_expect_eq(list.load[0].grade_pct, 10);
    cr_expect_eq(list.load[1].sample, 18000);
    cr_expect_eq(list.load[1].speed_mph, 2.5f);
    floor_destroy(&bench);
}

/* ---- limits ---------------------------------------------------------------------------------------- */

Test(limit, each_is_said_once_and_changes_nothing)
{
    secg_test_config config = {.protocol = secg_protocol_find("bruce"),
                               .max_bpm = 100,
                               .limits = {.bpm = 90,
                                          .systolic_mmhg = 200,
                                          .diastolic_mmhg = 110,
                                          .spo2_pct = 88,
                                          .exercise_s = 300}};
    floor_bench bench = floor_create(&config, 100, 4096, 77);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 200);
    secg_test_blood_pressure(bench.test, 20000, 199, 109);
    secg_test_blood_pressure(bench.test, 20000, 200, 112);
    secg_fact spo2 = secg_fact_make(SECG_FACT_SPO2, 20000);
    spo2.value = 88;
    secg_test_add(bench.test, &spo2, NULL);
    floor_push_s(&bench, 400);
    const struct {
        secg_prompt_kind kind;
        float value;
        int64_t sample;
    } want[] = {
        /* The script shows 60 bpm and one more each 10 s; a prompt comes within the second after. */
        {SECG_PROMPT_TARGET_RATE, 85, 25100},     {SECG_PROMPT_RATE_LIMIT, 90, 30100},
        {SECG_PROMPT_SYSTOLIC_LIMIT, 200, 20000}, {SECG_PROMPT_DIASTOLIC_LIMIT, 112, 20000},
        {SECG_PROMPT_SPO2_LIMIT, 88, 20000},      {SECG_PROMPT_TIME_LIMIT, 300, 30000},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, (int)want[i].kind), 1, "%s",
                     secg_prompt_text(want[i].kind));
        const secg_prompt *prompt = floor_prompt(&bench, want[i].kind, 0);
        cr_assert_not_null(prompt);
        cr_expect_eq(prompt->value, want[i].value, "%s at %g", secg_prompt_text(want[i].kind),
                     (double)prompt->value);
        cr_expect_eq(prompt->sample, want[i].sample, "%s at %lld", secg_prompt_text(want[i].kind),
                     (long long)prompt->sample);
    }
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 3, "the clock went on");
    floor_destroy(&bench);
}

Test(limit, what_the_stage_still_lacks)
{
    floor_bench bench = of("bruce");
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 100);
    secg_test_symptom(bench.test, 10000, SECG_SYMPTOM_NONE, -1, "");
    floor_push_s(&bench, 181);
    const secg_prompt *prompt = floor_prompt(&bench, SECG_PROMPT_LACKING, 0);
    cr_assert_not_null(prompt);
    cr_expect_eq(prompt->sample, 16000);
    cr_expect_eq(prompt->lacks, SECG_LACKS_BLOOD_PRESSURE | SECG_LACKS_STRIP | SECG_LACKS_RPE);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_STRIP_DUE, 0)->sample, 16500);
    floor_push_s(&bench, 300);
    secg_test_symptom(bench.test, 30000, SECG_SYMPTOM_NONE, -1, "");
    secg_test_rpe(bench.test, 30000, 13, "6-20");
    secg_test_blood_pressure(bench.test, 30000, 150, 80);
    secg_fact strip = secg_fact_make(SECG_FACT_STRIP, 30000);
    secg_test_add(bench.test, &strip, NULL);
    floor_push_s(&bench, 361);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_LACKING), 1, "nothing lacks");
    floor_destroy(&bench);
}
