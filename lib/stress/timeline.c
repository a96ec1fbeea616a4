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

static secg_status check_order(const secg_test *test, const secg_fact *fact, secg_error *error)
{
    const secg_course *course = &test->said;
    if (fact->sample < course->start)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "sample: %lld is before the present stage began at %lld",
                         (long long)fact->sample, (long long)course->start);
    if (course->hold_since != SECG_NO_SAMPLE && fact->sample < course->hold_since)
        return secg_fail(error, SECG_E_ARGUMENT, "sample: %lld is before the hold at %lld",
                         (long long)fact->sample, (long long)course->hold_since);
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
    if (course->phase != SECG_PHASE_EXERCISE)
        return secg_fail(error, SECG_E_STATE, "kind: only exercise can be held");
    if ((course->hold_since != SECG_NO_SAMPLE) == (fact->code == 1))
        return secg_fail(error, SECG_E_STATE, "code: the stage is %s held",
                         fact->code ? "already" : "not");
    return SECG_OK;
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
    if (fact->kind == SECG_FACT_HOLD)
        return check_next_hold(&test->said, fact, error);
    return SECG_OK;
}

/* ---- adding ------------------------------------------------------------------------------------ */

secg_status secg_test_add(secg_test *test, const secg_fact *fact, secg_error *error)
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
    if (status != SECG_OK)
        return status;
    if (test->facts >= (test->replay ? test->fact_capacity : test->staff_capacity))
        return secg_fail(error, SECG_E_CAPACITY, "max_facts: %zu facts are entered", test->facts);
    if ((moves || entry.kind == SECG_FACT_ELECTRODES) && !test->replay && !secg_test_drain(test))
        return secg_fail(error, SECG_AGAIN, "the event queue is full");
    if (entry.kind == SECG_FACT_STAGE)
        secg_test_stage_from_table(test, &entry);
    secg_test_append(test, &entry);
    secg_test_settle(test);
    return SECG_OK;
}

const secg_fact *secg_test_facts(const secg_test *test, size_t *count)
{
    if (count)
        *count = test ? test->facts : 0;
    return test ? test->fact : NULL;
}
