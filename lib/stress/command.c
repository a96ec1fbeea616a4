/* Commands: each states one fact, and leaves the checks to the timeline. */
#include "stress/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Words of the staff are taken whole or not at all. */
static int put_text(char *to, size_t size, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    if (length >= size)
        return 0;
    if (length > 0)
        memcpy(to, text, length);
    return 1;
}

static secg_status add_stage(secg_test *test, int64_t now, secg_phase phase, int stage,
                             const char *label)
{
    secg_fact fact = secg_fact_make(SECG_FACT_STAGE, now);
    fact.phase = (uint8_t)phase;
    fact.stage = (int16_t)stage;
    if (!put_text(fact.label, sizeof fact.label, label))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

/* Without a table, stages are numbered. */
static secg_status add_numbered(secg_test *test, int64_t now, int number)
{
    char label[24];
    snprintf(label, sizeof label, "%d", number);
    return add_stage(test, now, SECG_PHASE_EXERCISE, -1, label);
}

secg_status secg_test_pretest(secg_test *test, int64_t now, const char *label)
{
    return add_stage(test, now, SECG_PHASE_PRETEST, -1, label && *label ? label : "Rest");
}

secg_status secg_test_start(secg_test *test, int64_t now)
{
    if (!test)
        return SECG_E_ARGUMENT;
    if (test->said.phase >= SECG_PHASE_EXERCISE)
        return SECG_E_STATE;
    return test->protocol ? add_stage(test, now, SECG_PHASE_EXERCISE, 0, "")
                          : add_numbered(test, now, 1);
}

secg_status secg_test_advance(secg_test *test, int64_t now)
{
    if (!test)
        return SECG_E_ARGUMENT;
    const secg_course *course = &test->said;
    if (course->phase != SECG_PHASE_EXERCISE)
        return SECG_E_STATE;
    if (!test->protocol)
        return add_numbered(test, now, course->stages_begun + 1);
    if ((size_t)(course->last_stage + 1) >= test->protocol->stages)
        return SECG_E_STATE;
    return add_stage(test, now, SECG_PHASE_EXERCISE, course->last_stage + 1, "");
}

secg_status secg_test_hold(secg_test *test, int64_t now, int on)
{
    secg_fact fact = secg_fact_make(SECG_FACT_HOLD, now);
    fact.code = on != 0;
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_go_to(secg_test *test, int64_t now, size_t stage)
{
    if (!test || !test->protocol || stage >= test->protocol->stages)
        return SECG_E_ARGUMENT;
    if (test->said.phase != SECG_PHASE_EXERCISE)
        return SECG_E_STATE;
    return add_stage(test, now, SECG_PHASE_EXERCISE, (int)stage, "");
}

static float known_above_zero(float value)
{
    return value > 0 ? value : (float)NAN;
}

static secg_fact recovery(int64_t now)
{
    secg_fact fact = secg_fact_make(SECG_FACT_STAGE, now);
    fact.phase = SECG_PHASE_RECOVERY;
    memcpy(fact.label, "Recovery", sizeof "Recovery");
    return fact;
}

secg_status secg_test_recover(secg_test *test, int64_t now)
{
    if (!test)
        return SECG_E_ARGUMENT;
    if (test->said.phase != SECG_PHASE_EXERCISE)
        return SECG_E_STATE;
    secg_fact fact = recovery(now);
    if (test->protocol) { /* an active recovery, where the table has one */
        fact.speed_mph = known_above_zero(test->protocol->recovery_speed_mph);
        fact.grade_pct = isnan(fact.speed_mph) ? (float)NAN : test->protocol->recovery_grade_pct;
        fact.power_w = known_above_zero(test->protocol->recovery_power_w);
    }
    return secg_test_add(test, &fact, NULL);
}

/* Both facts or none: there must be room for two. */
secg_status secg_test_emergency_stop(secg_test *test, int64_t now, const char *text)
{
    secg_fact fact = secg_fact_make(SECG_FACT_EMERGENCY_STOP, now);
    if (!test || !put_text(fact.text, sizeof fact.text, text))
        return SECG_E_ARGUMENT;
    int exercising = test->said.phase == SECG_PHASE_EXERCISE;
    if (exercising && test->facts + 2 > test->staff_capacity)
        return SECG_E_CAPACITY;
    secg_status status = secg_test_add(test, &fact, NULL);
    if (status != SECG_OK || !exercising)
        return status;
    fact = recovery(now);
    return secg_test_add_at_once(test, &fact);
}

secg_status secg_test_pause(secg_test *test, int64_t now, int on)
{
    secg_fact fact = secg_fact_make(SECG_FACT_PAUSE, now);
    fact.code = on != 0;
    return secg_test_add(test, &fact, NULL);
}

static secg_status add_load(secg_test *test, secg_fact *fact, double speed_mph, double grade_pct,
                            double power_w)
{
    fact->speed_mph = (float)speed_mph;
    fact->grade_pct = (float)grade_pct;
    fact->power_w = (float)power_w;
    return secg_test_add(test, fact, NULL);
}

secg_status secg_test_set_load(secg_test *test, int64_t now, double speed_mph, double grade_pct,
                               double power_w)
{
    secg_fact fact = secg_fact_make(SECG_FACT_TARGET, now);
    return add_load(test, &fact, speed_mph, grade_pct, power_w);
}

secg_status secg_test_actual(secg_test *test, int64_t now, double speed_mph, double grade_pct,
                             double power_w)
{
    secg_fact fact = secg_fact_make(SECG_FACT_LOAD, now);
    fact.source = SECG_SOURCE_DEVICE;
    return add_load(test, &fact, speed_mph, grade_pct, power_w);
}

secg_status secg_test_fault(secg_test *test, int64_t now, const char *device, const char *text)
{
    secg_fact fact = secg_fact_make(SECG_FACT_FAULT, now);
    fact.source = SECG_SOURCE_DEVICE;
    if (!put_text(fact.label, sizeof fact.label, device) ||
        !put_text(fact.text, sizeof fact.text, text))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_drug(secg_test *test, int64_t now, const char *agent, double dose,
                           const char *unit, const char *lot)
{
    secg_fact fact = secg_fact_make(SECG_FACT_DRUG, now);
    fact.value = (float)dose;
    if (!put_text(fact.label, sizeof fact.label, agent) ||
        !put_text(fact.unit, sizeof fact.unit, unit) || !put_text(fact.lot, sizeof fact.lot, lot))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_finish(secg_test *test, int64_t now, secg_end why, const char *text)
{
    secg_fact fact = secg_fact_make(SECG_FACT_END, now);
    if ((int)why <= 0 || (int)why >= SECG_END_KINDS)
        return SECG_E_ARGUMENT;
    fact.code = (int16_t)why;
    if (!put_text(fact.text, sizeof fact.text, text))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

static int16_t clamped(int value)
{
    return (int16_t)(value < -1 ? -1 : value > INT16_MAX ? INT16_MAX : value);
}

secg_status secg_test_blood_pressure(secg_test *test, int64_t now, int systolic_mmhg,
                                     int diastolic_mmhg)
{
    secg_fact fact = secg_fact_make(SECG_FACT_BLOOD_PRESSURE, now);
    fact.systolic_mmhg = clamped(systolic_mmhg);
    fact.diastolic_mmhg = clamped(diastolic_mmhg);
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_symptom(secg_test *test, int64_t now, secg_symptom symptom, int grade,
                              const char *text)
{
    secg_fact fact = secg_fact_make(SECG_FACT_SYMPTOM, now);
    fact.code = clamped((int)symptom);
    fact.grade = clamped(grade);
    if (!put_text(fact.text, sizeof fact.text, text))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_rpe(secg_test *test, int64_t now, double value, const char *scale)
{
    secg_fact fact = secg_fact_make(SECG_FACT_RPE, now);
    fact.value = (float)value;
    if (!put_text(fact.label, sizeof fact.label, scale))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}

secg_status secg_test_note(secg_test *test, int64_t now, const char *text)
{
    secg_fact fact = secg_fact_make(SECG_FACT_NOTE, now);
    if (!put_text(fact.text, sizeof fact.text, text))
        return SECG_E_ARGUMENT;
    return secg_test_add(test, &fact, NULL);
}
