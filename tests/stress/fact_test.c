/* Facts: what each must state, what is kept of it, and errors that name the field. */
#include "floor.h"

#include <criterion/criterion.h>

static floor_bench exercising(void)
{
    floor_bench bench =
        floor_create(&(secg_test_config){.protocol = secg_protocol_find("bruce"), .max_facts = 30},
                     100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 60);
    return bench;
}

struct bad {
    const char *field; /* named first in the error */
    secg_fact fact;
};

static secg_fact bp(int systolic, int diastolic)
{
    secg_fact fact = secg_fact_make(SECG_FACT_BLOOD_PRESSURE, 6000);
    fact.systolic_mmhg = (int16_t)systolic;
    fact.diastolic_mmhg = (int16_t)diastolic;
    return fact;
}

static secg_fact coded(secg_fact_kind kind, int code)
{
    secg_fact fact = secg_fact_make(kind, 6000);
    fact.code = (int16_t)code;
    return fact;
}

static secg_fact valued(secg_fact_kind kind, double value, const char *label)
{
    secg_fact fact = secg_fact_make(kind, 6000);
    fact.value = (float)value;
    strcpy(fact.label, label);
    return fact;
}

static secg_fact stage(int phase, int index)
{
    secg_fact fact = secg_fact_make(SECG_FACT_STAGE, 6000);
    fact.phase = (uint8_t)phase;
    fact.stage = (int16_t)index;
    return fact;
}

static secg_fact loaded(float mph, float grade, float watts)
{
    secg_fact fact = secg_fact_make(SECG_FACT_LOAD, 6000);
    fact.speed_mph = mph;
    fact.grade_pct = grade;
    fact.power_w = watts;
    return fact;
}

static secg_fact at(int64_t sample)
{
    secg_fact fact = secg_fact_make(SECG_FACT_STRIP, sample);
    return fact;
}

static secg_fact sourced(int source)
{
    secg_fact fact = secg_fact_make(SECG_FACT_STRIP, 6000);
    fact.source = (uint8_t)source;
    return fact;
}

static secg_fact endless(void)
{
    secg_fact fact = secg_fact_make(SECG_FACT_NOTE, 6000);
    memset(fact.text, 'n', sizeof fact.text);
    return fact;
}

static secg_fact graded(int grade)
{
    secg_fact fact = coded(SECG_FACT_SYMPTOM, SECG_SYMPTOM_CHEST_PAIN);
    fact.grade = (int16_t)grade;
    return fact;
}

Test(fact, an_error_names_the_field_and_nothing_is_entered)
{
    const struct bad bad[] = {
        {"kind", coded((secg_fact_kind)0, 0)},
        {"kind", coded(SECG_FACT_KINDS, 0)},
        {"sample", at(-1)},
        {"sample", at(6001)},
        {"source", sourced(SECG_SOURCE_CLOCK)},
        {"source", sourced(3)},
        {"text", endless()},
        {"systolic_mmhg", bp(-1, 80)},
        {"systolic_mmhg", bp(400, 80)},
        {"diastolic_mmhg", bp(120, 0)},
        {"diastolic_mmhg", bp(120, 120)},
        {"phase", stage(0, -1)},
        {"phase", stage(4, -1)},
        {"phase", stage(SECG_PHASE_PRETEST, -1)},
        {"stage", stage(SECG_PHASE_EXERCISE, 10)},
        {"stage", stage(SECG_PHASE_EXERCISE, 0)},
        {"stage", stage(SECG_PHASE_RECOVERY, 3)},
        {"code", coded(SECG_FACT_HOLD, 2)},
        {"code", coded(SECG_FACT_HOLD, 0)},
        {"code", coded(SECG_FACT_END, 0)},
        {"code", coded(SECG_FACT_END, SECG_END_KINDS)},
        {"code", coded(SECG_FACT_SYMPTOM, 0)},
        {"grade", graded(11)},
        {"label", valued(SECG_FACT_RPE, 11, "Borg")},
        {"value", valued(SECG_FACT_RPE, 5, "6-20")},
        {"value", valued(SECG_FACT_RPE, 11, "CR10")},
        {"value", valued(SECG_FACT_RPE, (double)NAN, "CR10")},
        {"value", valued(SECG_FACT_SPO2, 101, "")},
        {"label", valued(SECG_FACT_DRUG, 0.25, "")},
        {"value", valued(SECG_FACT_DRUG, -1, "atropine")},
        {"text", secg_fact_make(SECG_FACT_NOTE, 6000)},
        {"text", secg_fact_make(SECG_FACT_ADVERSE, 6000)},
        {"speed_mph", loaded(NAN, NAN, NAN)},
        {"speed_mph", loaded(40, NAN, NAN)},
        {"grade_pct", loaded(NAN, 60, NAN)},
        {"power_w", loaded(NAN, NAN, -1)},
    };
    floor_bench bench = exercising();
    size_t before, after;
    secg_test_facts(bench.test, &before);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        secg_error error = {0};
        cr_expect_lt(secg_test_add(bench.test, &bad[i].fact, &error), 0, "%zu: %s is accepted", i,
                     bad[i].field);
        cr_expect_eq(strncmp(error.text, bad[i].field, strlen(bad[i].field)), 0,
                     "%zu: \"%s\" does not name %s", i, error.text, bad[i].field);
    }
    secg_test_facts(bench.test, &after);
    cr_expect_eq(before, after);
    floor_destroy(&bench);
}

Test(fact, good_ones_are_kept_with_the_frame_of_their_entry)
{
    secg_fact none = coded(SECG_FACT_ADVERSE, 1);
    const secg_fact good[] = {
        bp(120, 80),
        coded(SECG_FACT_HOLD, 1),
        coded(SECG_FACT_SYMPTOM, SECG_SYMPTOM_NONE),
        graded(4),
        valued(SECG_FACT_RPE, 13, "6-20"),
        valued(SECG_FACT_RPE, 0.5, "CR10"),
        valued(SECG_FACT_SPO2, 97, ""),
        valued(SECG_FACT_DRUG, 0.5, "atropine"),
        loaded(1.7f, 10, NAN),
        at(0),
        none,
        stage(SECG_PHASE_EXERCISE, 2),
    };
    floor_bench bench = exercising();
    size_t count;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        secg_error error = {0};
        cr_expect_eq(secg_test_add(bench.test, &good[i], &error), SECG_OK, "%zu: %s", i,
                     error.text);
        const secg_fact *last = secg_test_facts(bench.test, &count);
        last += count - 1;
        cr_expect_eq(last->kind, good[i].kind);
        cr_expect_eq(last->sample, good[i].sample);
        cr_expect_eq(last->entered, 6000);
    }
    floor_destroy(&bench);
}

Test(fact, only_what_the_kind_uses_is_kept)
{
    floor_bench bench = exercising();
    secg_fact fact = bp(150, 90);
    fact.speed_mph = 3;
    fact.code = 7;
    strcpy(fact.label, "junk");
    fact.text[0] = 't';
    fact.text[3] = 'x'; /* behind the end of the text */
    cr_assert_eq(secg_test_add(bench.test, &fact, NULL), SECG_OK);
    size_t count;
    const secg_fact *kept = secg_test_facts(bench.test, &count);
    kept += count - 1;
    cr_expect_eq(kept->systolic_mmhg, 150);
    cr_expect(isnan(kept->speed_mph));
    cr_expect_eq(kept->code, -1);
    cr_expect_str_empty(kept->label);
    cr_expect_str_eq(kept->text, "t");
    cr_expect_eq(kept->text[3], 0);
    floor_destroy(&bench);
}

Test(fact, every_unset_number_has_the_same_bits)
{
    floor_bench bench = exercising();
    secg_fact fact = loaded(2.5f, -NAN, NAN);
    cr_assert_eq(secg_test_add(bench.test, &fact, NULL), SECG_OK);
    size_t count;
    const secg_fact *kept = secg_test_facts(bench.test, &count);
    kept += count - 1;
    cr_expect_eq(memcmp(&kept->grade_pct, &kept->power_w, sizeof(float)), 0);
    floor_destroy(&bench);
}

Test(fact, the_list_is_bounded_but_the_clock_always_has_room)
{
    floor_bench bench = exercising();
    int entered = 0;
    secg_status status;
    while ((status = secg_test_note(bench.test, 6000, "note")) == SECG_OK)
        entered++;
    cr_expect_eq(status, SECG_E_CAPACITY);
    cr_expect_eq(entered, 29);
    floor_push_s(&bench, 10 * 180 - 1);
    cr_expect_eq(floor_count(&bench, SECG_EVENT_STAGE, 0), 10);
    floor_destroy(&bench);
}

Test(fact, words_of_the_staff_are_taken_whole_or_not_at_all)
{
    floor_bench bench = exercising();
    char text[241];
    memset(text, 'x', 240);
    text[240] = '\0';
    cr_expect_eq(secg_test_note(bench.test, 6000, text), SECG_E_ARGUMENT);
    text[239] = '\0';
    cr_expect_eq(secg_test_note(bench.test, 6000, text), SECG_OK);
    cr_expect_eq(secg_test_symptom(bench.test, 6000, SECG_SYMPTOM_OTHER, 3, NULL), SECG_OK);
    floor_destroy(&bench);
}

Test(fact, text_is_utf8)
{
    static const struct {
        const char *text;
        int good;
    } row[] = {
        {"Zoë Ångström", 1},
        {"山田", 1},
        {"\xf0\x9f\x92\x93", 1},
        {"\xf4\x8f\xbf\xbf", 1},
        {"\x80", 0},
        {"\xc3", 0},
        {"\xc0\xaf", 0},
        {"\xe0\x80\x80", 0},
        {"\xed\xa0\x80", 0},
        {"\xf4\x90\x80\x80", 0},
        {"\xff", 0},
        {"caf\xe9", 0},
        {"\xe5\xb1", 0},
        {"\xf0\x80\x80\x80", 0},
    };
    floor_bench bench = exercising();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_eq(secg_test_note(bench.test, 6000, row[i].text),
                     row[i].good ? SECG_OK : SECG_E_ARGUMENT, "%zu", i);
    floor_destroy(&bench);
}

/* ---- words ----------------------------------------------------------------------------------------- */

Test(words, every_name_is_found_again)
{
    for (int k = 1; k < SECG_FACT_KINDS; k++)
        cr_expect_eq((int)secg_fact_find(secg_fact_name((secg_fact_kind)k)), k, "%d", k);
    for (int k = 1; k < SECG_SYMPTOM_KINDS; k++) {
        cr_expect_eq((int)secg_symptom_find(secg_symptom_name((secg_symptom)k)), k);
        cr_expect_str_not_empty(secg_symptom_text((secg_symptom)k));
    }
    for (int k = 1; k < SECG_END_KINDS; k++) {
        cr_expect_eq((int)secg_end_find(secg_end_name((secg_end)k)), k);
        cr_expect_str_not_empty(secg_end_text((secg_end)k));
    }
    cr_expect_eq((int)secg_fact_find("unknown"), 0);
    cr_expect_eq((int)secg_fact_find(NULL), 0);
    cr_expect_str_eq(secg_fact_name((secg_fact_kind)99), "unknown");
    cr_expect_str_eq(secg_end_text((secg_end)0), "unknown");
    cr_expect_str_eq(secg_symptom_name((secg_symptom)-1), "unknown");
}

/* ---- configuration ------------------------------------------------------------------------------------ */

static const char *refused(secg_test_config config)
{
    static secg_error error;
    secg_test *test = (secg_test *)1;
    secg_analyzer *ecg = fake_analyzer(100, 64);
    secg_status status = secg_test_create(ecg, &config, &test, &error);
    cr_expect_eq(status, SECG_E_ARGUMENT);
    cr_expect_null(test);
    cr_expect_eq(secg_test_memory(ecg, &config), 0);
    fake_analyzer_free(ecg);
    return error.text;
}
#define EXPECT_NAMED(field, ...)                                                                   \
    do {                                                                                           \
        const char *said = refused((secg_test_config){__VA_ARGS__});                               \
        cr_expect_eq(strncmp(said, field, strlen(field)), 0, "\"%s\" does not name %s", said,      \
                     field);                                                                       \
    } while (0)

Test(configuration, an_error_names_the_field)
{
    static const secg_protocol_stage endless_stage[] = {{.label = "1", .duration_s = 0.5}};
    static const secg_protocol bad = {.id = "bad", .stage = endless_stage, .stages = 1};
    static const secg_protocol empty = {.id = "empty"};
    EXPECT_NAMED("patient.age_years", .patient = {.age_years = 130});
    EXPECT_NAMED("patient.weight_kg", .patient = {.weight_kg = -4});
    EXPECT_NAMED("patient.height_cm", .patient = {.height_cm = 1.8f});
    EXPECT_NAMED("patient.sex", .patient = {.sex = 'm'});
    EXPECT_NAMED("max_bpm_formula", .max_bpm_formula = "220-age");
    EXPECT_NAMED("target_pct", .target_pct = -1);
    EXPECT_NAMED("max_minutes", .max_minutes = 2881);
    EXPECT_NAMED("max_facts", .max_facts = 1u << 30);
    EXPECT_NAMED("recovery_interval_s", .recovery_interval_s = 5);
    EXPECT_NAMED("replay, manual", .manual = 2);
    EXPECT_NAMED("reserved", .reserved = {1});
    EXPECT_NAMED("patient.reserved", .patient = {.reserved = {1}});
    EXPECT_NAMED("protocol.stage[0].duration_s", .protocol = &bad);
    EXPECT_NAMED("protocol.stages", .protocol = &empty);
}

Test(configuration, an_analyser_in_use_is_refused)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    floor_push_s(&bench, 1);
    secg_test *second;
    secg_error error;
    cr_expect_eq(secg_test_create(bench.ecg, &(secg_test_config){0}, &second, &error),
                 SECG_E_STATE);
    cr_expect_null(second);
    cr_expect_eq(secg_test_create(NULL, &(secg_test_config){0}, &second, &error), SECG_E_ARGUMENT);
    floor_destroy(&bench);
}

Test(configuration, memory_grows_with_the_length_of_the_recording)
{
    secg_analyzer *ecg = fake_analyzer(100, 64);
    size_t short_one = secg_test_memory(ecg, &(secg_test_config){.max_minutes = 10});
    size_t long_one = secg_test_memory(ecg, &(secg_test_config){.max_minutes = 1000});
    cr_expect_gt(short_one, 10 * 200 * sizeof(secg_beat));
    cr_expect_gt(long_one, 50 * (short_one / 10));
    fake_analyzer_free(ecg);
}
