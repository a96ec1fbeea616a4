/* The stage clock: stages change at the planned sample, whatever the chunking, the operator and
 * the queue do. */
#include "floor.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static const secg_stage_event *stage(const floor_bench *bench, size_t index)
{
    const secg_event *event = floor_event(bench, SECG_EVENT_STAGE, index);
    return event ? &event->stage : NULL;
}

static floor_bench bruce(size_t chunk)
{
    return floor_create(&(secg_test_config){.protocol = secg_protocol_find("bruce")}, 100, 4096,
                        chunk);
}

struct cut {
    size_t chunk;
    double rate_hz;
};
ParameterizedTestParameters(clock, bruce_stages_begin_on_their_sample)
{
    static struct cut row[] = {{1, 100}, {7, 100}, {1000, 100}, {0, 100}, {13, 128.5}, {0, 257}};
    return cr_make_param_array(struct cut, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct cut *cut, clock, bruce_stages_begin_on_their_sample)
{
    floor_bench bench = floor_create(&(secg_test_config){.protocol = secg_protocol_find("bruce")},
                                     cut->rate_hz, 4096, cut->chunk);
    static const float mph[] = {1.7f, 2.5f, 3.4f, 4.2f};
    int64_t start = secg_sample_at(30, cut->rate_hz);
    floor_push_to(&bench, start);
    cr_assert_eq(secg_test_start(bench.test, start), SECG_OK);
    floor_push_s(&bench, 30 + 3 * 180 + 40);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 4);
    for (size_t i = 0; i < 4; i++) {
        const secg_event *event = floor_event(&bench, SECG_EVENT_STAGE, i);
        /* A stage's length is rounded once, from the table's seconds. */
        int64_t begins = start + (int64_t)i * (int64_t)round(180 * cut->rate_hz);
        cr_expect_eq(event->stage.sample, begins);
        cr_expect_eq(event->emitted, begins, "emitted at %lld", (long long)event->emitted);
        cr_expect_eq(event->stage.stage, (int)i);
        cr_expect_eq(event->stage.automatic, i > 0);
        cr_expect_eq(event->stage.speed_mph, mph[i]);
        cr_expect_eq(event->stage.grade_pct, 10 + 2 * (float)i);
        cr_expect(isnan(event->stage.power_w));
    }
    floor_destroy(&bench);
}

Test(clock, one_minute_stages_run_to_the_last_which_stays)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("balke-ware")}, 100, 4096, 997);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 40 * 60);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 25);
    for (size_t i = 0; i < 25; i++)
        cr_expect_eq(stage(&bench, i)->sample, (int64_t)i * 6000);
    cr_expect_eq(secg_test_advance(bench.test, secg_test_frames(bench.test)), SECG_E_STATE);
    floor_destroy(&bench);
}

Test(clock, a_hold_across_the_boundary_prolongs_the_stage_by_the_time_held)
{
    floor_bench bench = bruce(10);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 175);
    cr_assert_eq(secg_test_hold(bench.test, 17500, 1), SECG_OK);
    cr_expect_eq(secg_test_hold(bench.test, 17500, 1), SECG_E_STATE, "held twice");
    floor_push_s(&bench, 200);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 1, "a held stage does not end");
    cr_assert_eq(secg_test_hold(bench.test, 20000, 0), SECG_OK);
    cr_expect_eq(secg_test_hold(bench.test, 20000, 0), SECG_E_STATE);
    floor_push_s(&bench, 400);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 3);
    cr_expect_eq(stage(&bench, 1)->sample, 18000 + 2500);
    cr_expect_eq(stage(&bench, 2)->sample, 18000 + 2500 + 18000, "the next stage is not prolonged");
    /* Announced at 170 s; at 200 s the end is 5 s away, too near to announce it again. */
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_STAGE_SOON), 2);
    floor_destroy(&bench);
}

Test(clock, a_hold_on_the_boundary_belongs_to_the_new_stage)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 180);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 2, "the event comes with its sample");
    cr_assert_eq(secg_test_hold(bench.test, 18000, 1), SECG_OK);
    cr_expect_eq(secg_test_hold(bench.test, 17900, 0), SECG_E_ARGUMENT, "before the stage");
    floor_push_s(&bench, 240);
    cr_assert_eq(secg_test_hold(bench.test, 24000, 0), SECG_OK);
    floor_push_s(&bench, 450);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 3);
    cr_expect_eq(stage(&bench, 2)->sample, 42000);
    floor_destroy(&bench);
}

Test(clock, nothing_can_happen_before_the_hold_or_after_the_recording)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 105);
    cr_assert_eq(secg_test_hold(bench.test, 10000, 1), SECG_OK);
    cr_expect_eq(secg_test_advance(bench.test, 9999), SECG_E_ARGUMENT);
    cr_expect_eq(secg_test_advance(bench.test, 10000), SECG_OK);
    floor_flush(&bench);
    cr_expect_eq(secg_test_recover(bench.test, 10500), SECG_E_STATE);
    cr_expect_eq(secg_test_note(bench.test, 10500, "legs"), SECG_OK);
    floor_destroy(&bench);
}

Test(clock, advancing_early_starts_the_next_stage_in_full)
{
    floor_bench bench = bruce(33);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 60);
    secg_test_hold(bench.test, 6000, 1);
    cr_assert_eq(secg_test_advance(bench.test, 6000), SECG_OK, "a hold ends with its stage");
    floor_push_s(&bench, 300);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 3);
    cr_expect_eq(stage(&bench, 1)->sample, 6000);
    cr_expect_eq(stage(&bench, 1)->automatic, 0);
    cr_expect_eq(stage(&bench, 2)->sample, 24000);
    floor_destroy(&bench);
}

Test(clock, a_test_aborted_after_five_seconds)
{
    floor_bench bench = bruce(0);
    secg_test_pretest(bench.test, 0, "Standing");
    floor_push_s(&bench, 20);
    secg_test_start(bench.test, 2000);
    floor_push_s(&bench, 25);
    cr_assert_eq(secg_test_recover(bench.test, 2500), SECG_OK);
    floor_push_s(&bench, 400);
    cr_expect_eq(secg_test_finish(bench.test, 40000, SECG_END_PATIENT_REQUEST, "unwell"), SECG_OK);
    cr_expect_eq(secg_test_start(bench.test, 40000), SECG_E_STATE);
    cr_expect_eq(secg_test_finish(bench.test, 40000, SECG_END_FATIGUE, NULL), SECG_E_STATE);
    floor_push_s(&bench, 600);
    floor_flush(&bench);
    static const secg_phase phase[] = {SECG_PHASE_PRETEST, SECG_PHASE_EXERCISE, SECG_PHASE_RECOVERY,
                                       SECG_PHASE_ENDED};
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 4, "recovery ends by command only");
    for (size_t i = 0; i < 4; i++)
        cr_expect_eq(stage(&bench, i)->phase, phase[i]);
    cr_expect_eq(fake_rest_kept(bench.ecg), 1);
    cr_expect_eq(fake_rest_kept_at(bench.ecg), 2000 + 251, "when the tables of rest are out");
    floor_destroy(&bench);
}

Test(clock, no_clock_in_a_manual_test)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("bruce"), .manual = 1}, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 1000);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 1);
    cr_expect_eq(secg_test_advance(bench.test, 100000), SECG_OK);
    floor_push_s(&bench, 1001);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 2);
    floor_destroy(&bench);
}

Test(clock, without_a_protocol_stages_are_numbered_and_open)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 500);
    secg_test_advance(bench.test, 50000);
    floor_push_s(&bench, 900);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 2);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_DUE), 0);
    cr_expect_str_eq(stage(&bench, 1)->label, "2");
    cr_expect_eq(stage(&bench, 1)->stage, -1);
    floor_destroy(&bench);
}

Test(clock, a_start_entered_late_counts_from_when_it_happened)
{
    floor_bench bench = bruce(0);
    floor_push_s(&bench, 50);
    cr_expect_eq(secg_test_start(bench.test, 2999), SECG_E_ARGUMENT, "more than 20 s late");
    cr_expect_eq(secg_test_start(bench.test, 5001), SECG_E_ARGUMENT, "in the future");
    cr_assert_eq(secg_test_start(bench.test, 3000), SECG_OK);
    floor_push_s(&bench, 250);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 2);
    cr_expect_eq(floor_event(&bench, SECG_EVENT_STAGE, 0)->emitted, 5000);
    cr_expect_eq(stage(&bench, 1)->sample, 3000 + 18000);
    size_t count;
    const secg_fact *fact = secg_test_facts(bench.test, &count);
    cr_assert_eq(count, 2);
    cr_expect_eq(fact[0].sample, 3000);
    cr_expect_eq(fact[0].entered, 5000);
    cr_expect_eq(fact[1].source, SECG_SOURCE_CLOCK);
    cr_expect_str_eq(fact[1].label, "2");
    floor_destroy(&bench);
}

/* ---- prompts ----------------------------------------------------------------------------------- */

Test(prompt, blood_pressure_is_asked_for_a_minute_before_the_end_of_a_bruce_stage)
{
    floor_bench bench = bruce(50);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 150);
    secg_test_blood_pressure(bench.test, 15000, 150, 80);
    floor_push_s(&bench, 181);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_DUE), 1);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_DUE, 0)->sample, 12000);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_STAGE_SOON, 0)->sample, 17000);
    floor_push_s(&bench, 400);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_OVERDUE), 1);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_DUE, 1)->sample, 30000);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_OVERDUE, 0)->sample, 36000 + 3000,
                 "30 s after the planned end");
    floor_destroy(&bench);
}

Test(prompt, a_fresh_reading_answers_before_it_is_asked_and_an_old_one_does_not)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 61);
    secg_test_blood_pressure(bench.test, 6000, 150, 80); /* 60 s before it is due */
    floor_push_s(&bench, 239);
    secg_test_blood_pressure(bench.test, 23999, 150, 80); /* 60.01 s before */
    floor_push_s(&bench, 310);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_DUE), 1);
    cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_DUE, 0)->sample, 30000);
    floor_destroy(&bench);
}

Test(prompt, an_older_reading_entered_later_does_not_hide_a_newer_one)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 111);
    secg_test_blood_pressure(bench.test, 11000, 150, 80);
    secg_test_blood_pressure(bench.test, 5000, 140, 80);
    floor_push_s(&bench, 170);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_DUE), 0);
    floor_destroy(&bench);
}

Test(prompt, recovery_asks_after_one_minute_and_then_every_two)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 100);
    secg_test_recover(bench.test, 10000);
    floor_push_s(&bench, 1000);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_DUE), 3,
                 "within the planned 6 min");
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_DUE, i)->sample,
                     10000 + 6000 + 12000 * (int64_t)i);
    cr_assert_eq(floor_count(&bench, SECG_EVENT_PROMPT, SECG_PROMPT_BP_OVERDUE), 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(floor_prompt(&bench, SECG_PROMPT_BP_OVERDUE, i)->sample,
                     10000 + 15000 + 12000 * (int64_t)i, "90 s after the prompt");
    floor_destroy(&bench);
}

Test(prompt, nothing_is_asked_for_after_the_end)
{
    floor_bench bench = bruce(0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 150);
    secg_test_finish(bench.test, 15000, SECG_END_FATIGUE, NULL);
    size_t before = bench.kept_count;
    floor_push_s(&bench, 600);
    cr_expect_eq(bench.kept_count, before + 1, "only the end itself");
    floor_destroy(&bench);
}

/* ---- relearning ----------------------------------------------------------------------------------- */

Test(effect, averages_are_relearned_when_posture_or_electrodes_change)
{
    floor_bench bench = bruce(0);
    secg_test_pretest(bench.test, 0, "Supine");
    floor_push_s(&bench, 30);
    secg_test_pretest(bench.test, 3000, "Supine");
    floor_push_s(&bench, 40);
    cr_expect_eq(fake_relearned(bench.ecg), 0, "the same posture");
    secg_test_pretest(bench.test, 4000, "Standing");
    cr_expect_eq(fake_relearned(bench.ecg), 0, "the last table of the posture is still to come");
    floor_push_s(&bench, 60);
    cr_expect_eq(fake_relearned(bench.ecg), 1);
    cr_expect_eq(fake_relearned_at(bench.ecg), 4000 + 251);
    secg_fact moved = secg_fact_make(SECG_FACT_ELECTRODES, 5500);
    cr_assert_eq(secg_test_add(bench.test, &moved, NULL), SECG_OK);
    cr_expect_eq(fake_relearned(bench.ecg), 2);
    cr_expect_eq(fake_relearned_at(bench.ecg), 6000, "not before it is known");
    moved.sample = 6000;
    secg_test_add(bench.test, &moved, NULL);
    secg_test_add(bench.test, &moved, NULL);
    floor_push_s(&bench, 70);
    cr_expect_eq(fake_relearned(bench.ecg), 4, "two changes, each of them");
    cr_expect_eq(fake_rest_kept(bench.ecg), 0);
    floor_destroy(&bench);
}

/* ---- a slow reader ----------------------------------------------------------------------------------- */

Test(queue, a_full_queue_delays_events_but_loses_none)
{
    uint64_t digest[2];
    for (int slow = 0; slow < 2; slow++) {
        floor_bench bench =
            floor_create(&(secg_test_config){.protocol = secg_protocol_find("balke-ware")}, 100,
                         slow ? 32 : 4096, 0);
        secg_test_start(bench.test, 0);
        floor_push_s(&bench, 1000);
        floor_flush(&bench);
        digest[slow] = secg_analyzer_digest(bench.ecg);
        cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 17);
        floor_destroy(&bench);
    }
    cr_expect_eq(digest[0], digest[1]);
}

Test(queue, a_command_waits_until_the_events_before_it_have_room)
{
    floor_bench bench =
        floor_create(&(secg_test_config){.protocol = secg_protocol_find("bruce")}, 100, 32, 0);
    float mv[100 * FAKE_CHANNELS] = {0};
    size_t taken;
    secg_test_push_mv(bench.test, mv, 100, &taken);
    int stages = 0;
    secg_status status;
    while ((status = secg_test_pretest(bench.test, 100, "Supine")) == SECG_OK && stages < 1000)
        stages++;
    cr_assert_eq(status, SECG_AGAIN);
    floor_poll(&bench);
    cr_expect_eq(secg_test_pretest(bench.test, 100, "Supine"), SECG_OK);
    floor_flush(&bench);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), (size_t)stages + 1);
    floor_destroy(&bench);
}

Test(queue, the_recording_ends_at_its_planned_length_and_says_so)
{
    floor_bench bench = floor_create(&(secg_test_config){.max_minutes = 1}, 100, 4096, 777);
    cr_expect_eq(floor_push_s(&bench, 61), SECG_E_CAPACITY);
    cr_expect_eq(secg_test_frames(bench.test), 6000);
    floor_flush(&bench);
    float mv[2] = {0};
    size_t taken = 9;
    cr_expect_eq(secg_test_push_mv(bench.test, mv, 1, &taken), SECG_E_STATE);
    cr_expect_eq(taken, 0);
    floor_destroy(&bench);
}
