/* The completeness check while a test is going on, on the summary of what is recorded so far: what is
 * missing is named as long as it can still be had, and nothing is called missing before its time. */
#include "document/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stressecg/simulate.h>
#include <string.h>

enum { HZ = 500, BLOCK = 500 };

typedef struct live {
    secg_simulation *simulation;
    secg_analyzer *ecg;
    secg_test *test;
    fixture paper; /* its order: what was entered before the test                          */
} live;

static void begin(live *l)
{
    secg_error error = {0};
    secg_simulation_config config = {.seed = 5, .stages = 2};
    cr_assert_eq((int)secg_simulation_create(&config, &l->simulation, NULL), (int)SECG_OK);
    secg_analyzer_config analyzer = {.signal = *secg_simulation_signal(l->simulation),
                                     .mains_hz = 60};
    secg_test_config test = {.protocol = secg_protocol_find("bruce"),
                             .start_unix_ms = INT64_C(1767603600000),
                             .max_minutes = 30,
                             .patient = {.age_years = 57, .weight_kg = 70}};
    cr_assert_eq((int)secg_analyzer_create(&analyzer, &l->ecg, &error), (int)SECG_OK);
    cr_assert_eq((int)secg_test_create(l->ecg, &test, &l->test, &error), (int)SECG_OK);
    fixture_make(&l->paper);
    l->paper.order.seal = (secg_seal){0};
    l->paper.order.staff[0].signed_at[0] = '\0';
}

static void end(live *l)
{
    secg_test_destroy(l->test);
    secg_analyzer_destroy(l->ecg);
    secg_simulation_destroy(l->simulation);
}

static int64_t now(const live *l)
{
    return secg_test_frames(l->test);
}

static void run_until(live *l, int seconds)
{
    static int16_t counts[BLOCK * SECG_MAX_CHANNELS];
    size_t channels = (size_t)secg_simulation_signal(l->simulation)->channels;
    while (now(l) < (int64_t)seconds * HZ) {
        size_t got;
        cr_assert_eq((int)secg_simulation_read(l->simulation, counts, BLOCK, &got), (int)SECG_OK);
        cr_assert_gt(got, 0);
        for (size_t at = 0, taken; at < got; at += taken) {
            cr_assert_geq(
                (int)secg_test_push_i16(l->test, counts + at * channels, got - at, &taken), 0);
            for (secg_event event; secg_test_poll(l->test, &event) == SECG_OK;)
                ;
        }
    }
}

static void add(live *l, secg_fact_kind kind, int code, const char *text)
{
    secg_fact fact = secg_fact_make(kind, now(l));
    if (code)
        fact.code = (int16_t)code;
    strcpy(fact.text, text);
    cr_assert_eq((int)secg_test_add(l->test, &fact, NULL), (int)SECG_OK);
}

/* "D05:now D12:later ...": what is not met. */
static const char *unmet(live *l, char text[600])
{
    secg_error error = {0};
    secg_duplicates none = {0};
    secg_claim_options options = {.during = 1, .duplicates = &none};
    const secg_summary *summary = secg_test_summary(l->test, &error);
    cr_assert_not_null(summary, "%s", error.text);
    secg_findings *findings = secg_claim_check(summary, &l->paper.order, &options, &error);
    size_t count;
    const secg_finding *list = secg_findings_list(findings, &count);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (!list[i].met)
            sprintf(text + strlen(text), "%s%s:%s%s%s", text[0] ? " " : "", list[i].rule,
                    list[i].now ? "now" : "", list[i].later ? "later" : "",
                    list[i].lost ? "lost" : "");
    secg_findings_free(findings);
    return text;
}

static void conduct_rest(live *l, int with_bp)
{
    cr_assert_eq((int)secg_test_pretest(l->test, 0, "Supine"), (int)SECG_OK);
    run_until(l, 60);
    add(l, SECG_FACT_RESTING_ECG, 0, "sinus rhythm");
    add(l, SECG_FACT_SYMPTOM, SECG_SYMPTOM_NONE, "");
    if (with_bp)
        cr_assert_eq((int)secg_test_blood_pressure(l->test, now(l), 121, 79), (int)SECG_OK);
    run_until(l, 120);
    cr_assert_eq((int)secg_test_start(l->test, now(l)), (int)SECG_OK);
}

Test(during, a_test_that_goes_well)
{
    live l;
    char text[600];
    begin(&l);
    conduct_rest(&l, 1);
    run_until(&l, 280);
    cr_assert_eq((int)secg_test_blood_pressure(l.test, now(&l), 148, 82), (int)SECG_OK);
    add(&l, SECG_FACT_SYMPTOM, SECG_SYMPTOM_NONE, "");
    run_until(&l, 340);
    cr_expect_str_eq(unmet(&l, text),
                     "D05:later D07:later D12:later D13:later D14:later D15:later F07:later");
    run_until(&l, 460);
    cr_assert_eq((int)secg_test_blood_pressure(l.test, now(&l), 162, 82), (int)SECG_OK);
    run_until(&l, 480);
    secg_fact recovery = secg_fact_make(SECG_FACT_STAGE, now(&l));
    recovery.phase = SECG_PHASE_RECOVERY;
    strcpy(recovery.label, "Recovery, seated");
    cr_assert_eq((int)secg_test_add(l.test, &recovery, NULL), (int)SECG_OK);
    run_until(&l, 545);
    cr_assert_eq((int)secg_test_blood_pressure(l.test, now(&l), 150, 80), (int)SECG_OK);
    cr_expect_str_eq(unmet(&l, text),
                     "D05:now D07:now D12:now D13:now D14:now D15:later F07:later");
    run_until(&l, 670);
    cr_assert_eq((int)secg_test_blood_pressure(l.test, now(&l), 132, 78), (int)SECG_OK);
    add(&l, SECG_FACT_SYMPTOM, SECG_SYMPTOM_NONE, "");
    add(&l, SECG_FACT_ADVERSE, 1, "");
    cr_assert_eq((int)secg_test_finish(l.test, now(&l), SECG_END_FATIGUE, "legs"), (int)SECG_OK);
    cr_expect_str_eq(unmet(&l, text), "D15:now F07:now");
    end(&l);
}

Test(during, what_was_not_taken_at_rest_is_lost_once_exercise_begins)
{
    live l;
    char text[600];
    begin(&l);
    cr_assert_eq((int)secg_test_pretest(l.test, 0, "Supine"), (int)SECG_OK);
    run_until(&l, 60);
    cr_expect(strstr(unmet(&l, text), "D07:nowlater"), "%s", text);
    add(&l, SECG_FACT_RESTING_ECG, 0, "sinus rhythm");
    run_until(&l, 120);
    cr_assert_eq((int)secg_test_start(l.test, now(&l)), (int)SECG_OK);
    run_until(&l, 200);
    cr_expect(strstr(unmet(&l, text), "D05:nowlaterlost"), "%s", text);
    cr_expect(strstr(text, "D07:nowlaterlost"), "%s", text);
    end(&l);
}
