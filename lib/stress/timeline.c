/* The timeline: facts are appended, never changed, and only where they can follow the others. */
#include "base/status.h"
#include "stress/state.h"

/* ---- times ------------------------------------------------------------------------------------- */

/* Far beyond any recording, and far from overflow in sums of two. */
#define LAST_SAMPLE (INT64_C(1) << 40)

static secg_status settle_entry(const secg_test *test, secg_fact *fact, secg_error *error)
{
    int64_t frames = secg_analyzer_frames(test->analyzer);
    if (fact->sample < 0 || fact->sample > (test->replay ? LAST_SAMPLE : frames))
        return secg_fail(error, SECG_E_ARGUMENT, "sample: %lld is outside 0 .. %lld",
                         (long long)fact->sample, (long long)(test->replay ? LAST_SAMPLE : frames));
    if (!test->replay)
        fact->entered = frames;
    if (fact->entered < fact->sample)
        fact->entered = fact->sample;
    if (fact->entered < frames)
        fact->entered = frames;
    return fact->entered <= LAST_SAMPLE
               ? SECG_OK
               : secg_fail(error, SECG_E_ARGUMENT, "entered: %lld is beyond any recording",
                           (long long)fact->entered);
}

/* ---- which stage may follow -------------------------------------------------------------------- */

static int64_t latest_stop(const secg_course *course)
{
    return course->hold_since > course->pause_since ? course->hold_since : course->pause_since;
}

static secg_status check_order(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    const secg_course *course = &test->said;
    if (fact->sample < course->start)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "sample: %lld is before the present stage began at %lld",
                         (long long)fact->sample, (long long)course->start);
    int64_t stood = latest_stop(course);
    if (stood != SECG_NO_SAMPLE && fact->sample < stood)
        return secg_fail(error, SECG_E_ARGUMENT, "sample: %lld is before the hold at %lld",
                         (long long)fact->sample, (long long)stood);
    if (fact->entered - fact->sample > secg_sample_at(SECG_TEST_LATE_S, test->rate_hz))
        return secg_fail(error, SECG_E_ARGUMENT, "sample: entered more than %d s late",
                         SECG_TEST_LATE_S);
    if (fact->entered < test->said_entered)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "entered: stages, holds and the end are added in order of entry");
    return SECG_OK;
}

static secg_status check_next_stage(const secg_course *course, const secg_fact *fact,
                                    secg_error *error)
{
    if (fact->phase < course->phase)
        return secg_fail(error, SECG_E_STATE, "phase: %s cannot follow %s",
                         secg_phase_text((secg_phase)fact->phase), secg_phase_text(course->phase));
    if (fact->phase == SECG_PHASE_RECOVERY && course->phase < SECG_PHASE_EXERCISE)
        return secg_fail(error, SECG_E_STATE, "phase: recovery without exercise before it");
    if (fact->stage >= 0 && fact->stage <= course->last_stage)
        return secg_fail(error, SECG_E_STATE, "stage: %d of the table has already begun",
                         fact->stage);
    return SECG_OK;
}

static secg_status check_next_hold(const secg_course *course, const secg_fact *fact,
                                   secg_error *error)
{
    int pause = fact->kind == SECG_FACT_PAUSE;
    int64_t since = pause ? course->pause_since : course->hold_since;
    if (course->phase != SECG_PHASE_EXERCISE)
        return secg_fail(error, SECG_E_STATE, "kind: only exercise can be %s",
                         pause ? "paused" : "held");
    if ((since != SECG_NO_SAMPLE) == (fact->code == 1))
        return secg_fail(error, SECG_E_STATE, "code: the stage is %s %s",
                         fact->code ? "already" : "not", pause ? "paused" : "held");
    return SECG_OK;
}

static secg_status check_target(const secg_course *course, secg_error *error)
{
    return course->phase == SECG_PHASE_EXERCISE || course->phase == SECG_PHASE_RECOVERY
               ? SECG_OK
               : secg_fail(error, SECG_E_STATE,
                           "kind: a load is set in exercise or recovery, and this is %s",
                           secg_phase_text(course->phase));
}

static secg_status check_course(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    if (test->flushed)
        return secg_fail(error, SECG_E_STATE, "kind: the recording has ended");
    if (test->said.phase == SECG_PHASE_ENDED)
        return secg_fail(error, SECG_E_STATE, "kind: the test has ended");
    secg_status status = check_order(test, fact, error);
    if (status != SECG_OK)
        return status;
    if (fact->kind == SECG_FACT_STAGE)
        return check_next_stage(&test->said, fact, error);
    if (fact->kind == SECG_FACT_HOLD || fact->kind == SECG_FACT_PAUSE)
        return check_next_hold(&test->said, fact, error);
    if (fact->kind == SECG_FACT_TARGET)
        return check_target(&test->said, error);
    return SECG_OK;
}

/* ---- corrections ------------------------------------------------------------------------------- */

static int moved_the_clock(uint16_t kind)
{
    return kind == SECG_FACT_STAGE || kind == SECG_FACT_HOLD || kind == SECG_FACT_PAUSE ||
           kind == SECG_FACT_TARGET || kind == SECG_FACT_EMERGENCY_STOP ||
           kind == SECG_FACT_ELECTRODES || kind == SECG_FACT_RETRACTION;
}

static int is_corrected(const secg_test *test, int32_t number)
{
    for (size_t i = (size_t)number; i < test->facts; i++)
        if (test->fact[i].corrects == number)
            return 1;
    return 0;
}

static secg_status check_correction(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    if (fact->corrects < 1 || (size_t)fact->corrects > test->facts)
        return secg_fail(error, SECG_E_ARGUMENT, "corrects: %d is outside 1 .. %zu",
                         (int)fact->corrects, test->facts);
    const secg_fact *original = &test->fact[fact->corrects - 1];
    if (moved_the_clock(original->kind))
        return secg_fail(error, SECG_E_STATE, "corrects: what has moved the test (%s) has happened",
                         secg_fact_name((secg_fact_kind)original->kind));
    if (fact->kind == SECG_FACT_RETRACTION && original->kind == SECG_FACT_END)
        return secg_fail(error, SECG_E_STATE, "corrects: the end can be corrected, not retracted");
    if (fact->kind != SECG_FACT_RETRACTION && fact->kind != original->kind)
        return secg_fail(error, SECG_E_ARGUMENT, "kind: the corrected fact is of kind %s",
                         secg_fact_name((secg_fact_kind)original->kind));
    if (fact->kind == SECG_FACT_END && fact->sample != original->sample)
        return secg_fail(error, SECG_E_ARGUMENT, "sample: the end stays at %lld",
                         (long long)original->sample);
    if (is_corrected(test, fact->corrects))
        return secg_fail(error, SECG_E_STATE, "corrects: fact %d is corrected already",
                         (int)fact->corrects);
    return SECG_OK;
}

/* ---- adding ------------------------------------------------------------------------------------ */

static secg_status add(secg_test *test, const secg_fact *fact, int wait_for_room, secg_error *error)
{
    if (!test || !fact)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", test ? "fact" : "test");
    secg_status status = secg_fact_check(test, fact, error);
    if (status != SECG_OK)
        return status;
    secg_fact entry = secg_fact_tidy(fact);
    status = settle_entry(test, &entry, error);
    int moves = secg_course_is_moved_by(&entry);
    if (status == SECG_OK && moves)
        status = check_course(test, &entry, error);
    if (status == SECG_OK && entry.corrects)
        status = check_correction(test, &entry, error);
    if (status != SECG_OK)
        return status;
    if (test->facts >= (test->replay ? test->fact_capacity : test->staff_capacity))
        return secg_fail(error, SECG_E_CAPACITY, "max_facts: %zu facts are entered", test->facts);
    if (wait_for_room && (moves || entry.kind == SECG_FACT_ELECTRODES) && !test->replay &&
        !secg_test_drain(test))
        return secg_fail(error, SECG_AGAIN, "the event queue is full");
    if (entry.kind == SECG_FACT_STAGE)
        secg_test_stage_from_table(test, &entry);
    secg_test_append(test, &entry);
    secg_test_settle(test);
    return SECG_OK;
}

secg_status secg_test_add(secg_test *test, const secg_fact *fact, secg_error *error)
{
    return add(test, fact, 1, error);
}

secg_status secg_test_add_at_once(secg_test *test, const secg_fact *fact)
{
    return add(test, fact, 0, NULL);
}

secg_status secg_test_correct(secg_test *test, int32_t number, const secg_fact *fact,
                              secg_error *error)
{
    if (!test || !fact)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", test ? "fact" : "test");
    if (number < 1)
        return secg_fail(error, SECG_E_ARGUMENT, "number: %d is not from 1 on", (int)number);
    secg_fact correction = *fact;
    correction.corrects = number;
    return secg_test_add(test, &correction, error);
}

const secg_fact *secg_test_facts(const secg_test *test, size_t *count)
{
    if (count)
        *count = test ? test->facts : 0;
    return test ? test->fact : NULL;
}
