/* Corrections are addenda: the timeline keeps what was entered, the summary goes by what stands for
 * it. */
#include "floor.h"

#include <criterion/criterion.h>

static floor_bench bench_in_exercise(void)
{
    floor_bench bench = floor_create(
        &(secg_test_config){.protocol = secg_protocol_find("bruce"), .patient = {.age_years = 50}},
        100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 30);
    secg_test_blood_pressure(bench.test, 3000, 240, 80);
    return bench;
}

static secg_fact pressure(int systolic, int diastolic, int64_t sample)
{
    secg_fact fact = secg_fact_make(SECG_FACT_BLOOD_PRESSURE, sample);
    fact.systolic_mmhg = (int16_t)systolic;
    fact.diastolic_mmhg = (int16_t)diastolic;
    strcpy(fact.by, "second reader");
    return fact;
}

Test(correction, the_summary_goes_by_it_and_shows_both)
{
    floor_bench bench = bench_in_exercise();
    secg_fact fact = pressure(140, 82, 2900);
    cr_assert_eq(secg_test_correct(bench.test, 2, &fact, NULL), SECG_OK);
    fact = pressure(142, 82, 2900);
    cr_assert_eq(secg_test_correct(bench.test, 3, &fact, NULL), SECG_OK, "through the correction");
    floor_push_s(&bench, 40);
    size_t facts;
    const secg_fact *all = secg_test_facts(bench.test, &facts);
    cr_assert_eq(facts, 4, "nothing is overwritten");
    cr_expect_eq(all[1].systolic_mmhg, 240);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].bp.systolic_mmhg, 142);
    cr_expect_eq(s->stage[0].bp.sample, 2900);
    cr_expect_eq(s->peak_systolic.value.value, 142);
    cr_assert_eq(s->corrections, 2);
    cr_expect_eq(s->correction[0].number, 2);
    cr_expect_eq(s->correction[0].original.systolic_mmhg, 240);
    cr_expect_eq(s->correction[0].correction.systolic_mmhg, 140);
    cr_expect_str_eq(s->correction[0].correction.by, "second reader");
    cr_expect_eq(s->correction[1].original.systolic_mmhg, 140);
    cr_expect_eq(s->facts, 2, "the start, and the reading in force");
    floor_destroy(&bench);
}

Test(correction, what_was_entered_in_error_is_retracted)
{
    floor_bench bench = bench_in_exercise();
    secg_fact fact = secg_fact_make(SECG_FACT_RETRACTION, 3000);
    cr_expect_eq(secg_test_correct(bench.test, 2, &fact, NULL), SECG_E_ARGUMENT, "why?");
    strcpy(fact.text, "of the patient next door");
    cr_expect_eq(secg_test_add(bench.test, &fact, NULL), SECG_E_ARGUMENT, "what?");
    cr_assert_eq(secg_test_correct(bench.test, 2, &fact, NULL), SECG_OK);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].bp.why, SECG_WHY_NOT_ENTERED);
    cr_expect_eq(s->corrections, 1);
    cr_expect_eq(s->facts, 1);
    floor_destroy(&bench);
}

Test(correction, only_what_can_be_corrected)
{
    floor_bench bench = bench_in_exercise();
    secg_error error = {0};
    secg_fact fact = pressure(140, 82, 2900);
    cr_expect_eq(secg_test_correct(bench.test, 0, &fact, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_test_correct(bench.test, -3, &fact, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_test_correct(bench.test, 3, &fact, &error), SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "corrects"), "%s", error.text);
    cr_expect_eq(secg_test_correct(bench.test, 1, &fact, &error), SECG_E_STATE,
                 "a stage has happened");
    secg_fact note = secg_fact_make(SECG_FACT_NOTE, 2900);
    strcpy(note.text, "x");
    cr_expect_eq(secg_test_correct(bench.test, 2, &note, NULL), SECG_E_ARGUMENT, "another kind");
    cr_expect_eq(secg_test_correct(bench.test, 2, &fact, NULL), SECG_OK);
    cr_expect_eq(secg_test_correct(bench.test, 2, &fact, NULL), SECG_E_STATE, "already");
    floor_destroy(&bench);
}

Test(correction, of_the_end_and_after_the_recording)
{
    floor_bench bench = bench_in_exercise();
    secg_test_finish(bench.test, 3000, SECG_END_FATIGUE, "legs");
    floor_push_s(&bench, 35);
    floor_flush(&bench);
    secg_fact fact = secg_fact_make(SECG_FACT_END, 3000);
    fact.code = SECG_END_DYSPNEA;
    secg_fact moved = fact;
    moved.sample = 2990;
    cr_expect_eq(secg_test_correct(bench.test, 3, &moved, NULL), SECG_E_ARGUMENT);
    cr_assert_eq(secg_test_correct(bench.test, 3, &fact, NULL), SECG_OK);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->end, SECG_END_DYSPNEA);
    cr_expect_eq(s->exercise_end, 3000);
    cr_expect_eq(s->exercise_s, 30);
    floor_destroy(&bench);
}
