/* Facts take their place in the timeline and have their effect: on where the test stands, on the
 * clock, on the analyser, on the rows of the summary. */
#include "stress/state.h"

#include <math.h>
#include <string.h>

/* ---- entry ------------------------------------------------------------------------------------- */

void secg_test_append(secg_test *test, const secg_fact *fact)
{
    size_t place = test->facts;
    while (place > test->applied && test->fact[test->order[place - 1]].entered > fact->entered)
        place--;
    memmove(&test->order[place + 1], &test->order[place],
            (test->facts - place) * sizeof *test->order);
    test->order[place] = (uint32_t)test->facts;
    test->fact[test->facts++] = *fact;
    if (secg_course_is_moved_by(fact)) {
        secg_course_follow(&test->said, test->protocol, test->rate_hz, fact);
        test->said_entered = fact->entered;
    }
}

void secg_test_stage_from_table(const secg_test *test, secg_fact *fact)
{
    if (!test->protocol || fact->stage < 0)
        return;
    const secg_protocol_stage *stage = &test->protocol->stage[fact->stage];
    if (fact->label[0] == '\0')
        memcpy(fact->label, stage->label, sizeof fact->label);
    if (!isnan(fact->speed_mph) || !isnan(fact->grade_pct) || !isnan(fact->power_w) ||
        !isnan(fact->value))
        return;
    fact->speed_mph = stage->speed_mph;
    fact->grade_pct = stage->grade_pct;
    fact->power_w = stage->power_w;
    fact->value = stage->dose;
    if (!isnan(stage->dose))
        memcpy(fact->unit, test->protocol->dose_unit, sizeof fact->unit);
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static int64_t recovery_row_start(const secg_test *test, const secg_course *course, int64_t end)
{
    int64_t start = course->start;
    double passed =
        floor(secg_seconds(end - course->phase_start, test->rate_hz) / test->recovery_interval_s);
    for (int64_t k = (int64_t)passed + 1; k > 0; k--) {
        int64_t mark =
            secg_course_recovery_mark(course, test->recovery_interval_s, test->rate_hz, k);
        if (mark < end)
            return mark > start ? mark : start;
    }
    return start;
}

static int64_t row_start(const secg_test *test, const secg_course *course, int64_t end)
{
    return course->phase == SECG_PHASE_RECOVERY ? recovery_row_start(test, course, end)
                                                : course->start;
}

void secg_test_end_row(secg_test *test, int64_t end)
{
    secg_captures_mark(&test->captures, row_start(test, &test->now, end), end);
}

/* ---- effects -------------------------------------------------------------------------------------- */

/* The measurement path is behind the present by its delay: what it shows now was before the fact,
 * and the last table before the fact is still to come.  So the analyser is told when that one is
 * out, but never before the fact is known. */
static int64_t when_measured(const secg_test *test, const secg_fact *fact)
{
    int64_t out =
        fact->sample + secg_analyzer_latency_samples(test->analyzer, SECG_PATH_MEASUREMENT);
    return out > fact->entered ? out : fact->entered;
}

/* One at a time: a second change so soon after the first leaves nothing worth waiting for. */
static void ask_to_relearn(secg_test *test, const secg_fact *fact)
{
    if (test->clock.relearn_at != SECG_NO_SAMPLE)
        secg_analyzer_relearn(test->analyzer);
    test->clock.relearn_at = when_measured(test, fact);
}

static void forget_stage(secg_clock *clock)
{
    clock->soon_said = clock->bp_said = 0;
}

static void apply_stage(secg_test *test, const secg_fact *fact)
{
    secg_phase before = test->now.phase;
    int moved = fact->phase == SECG_PHASE_PRETEST && before == SECG_PHASE_PRETEST &&
                memcmp(fact->label, test->now.label, sizeof fact->label) != 0;
    secg_test_end_row(test, fact->sample);
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    forget_stage(&test->clock);
    if (moved)
        ask_to_relearn(test, fact);
    if (fact->phase == SECG_PHASE_EXERCISE && before != SECG_PHASE_EXERCISE)
        test->clock.keep_rest_at = when_measured(test, fact);
    secg_test_put_stage(test, fact, (secg_phase)fact->phase);
}

static void apply_end(secg_test *test, const secg_fact *fact)
{
    secg_test_end_row(test, fact->sample);
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    test->clock.overdue_at = SECG_NO_SAMPLE;
    secg_test_put_stage(test, fact, SECG_PHASE_ENDED);
}

/* A hold that is over moves the end of the stage: it will be announced again, unless that moment
 * is past as well. */
static void apply_hold(secg_test *test, const secg_fact *fact)
{
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    int64_t end = secg_course_planned_end(&test->now);
    if (end != SECG_NO_SAMPLE &&
        end - secg_sample_at(SECG_TEST_SOON_S, test->rate_hz) > fact->sample)
        test->clock.soon_said = 0;
}

static void apply_bp(secg_test *test, const secg_fact *fact)
{
    secg_clock *clock = &test->clock;
    if (clock->last_bp == SECG_NO_SAMPLE || fact->sample > clock->last_bp)
        clock->last_bp = fact->sample;
    if (clock->overdue_at != SECG_NO_SAMPLE && fact->sample >= clock->bp_counts_from)
        clock->overdue_at = SECG_NO_SAMPLE;
}

void secg_test_apply(secg_test *test, const secg_fact *fact)
{
    switch (fact->kind) {
    case SECG_FACT_STAGE:
        apply_stage(test, fact);
        break;
    case SECG_FACT_END:
        apply_end(test, fact);
        break;
    case SECG_FACT_HOLD:
        apply_hold(test, fact);
        break;
    case SECG_FACT_BLOOD_PRESSURE:
        apply_bp(test, fact);
        break;
    case SECG_FACT_ELECTRODES:
        ask_to_relearn(test, fact);
        break;
    default:
        break;
    }
}
