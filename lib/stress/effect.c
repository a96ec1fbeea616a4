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
    clock->soon_said = clock->bp_said = clock->strip_said = clock->lacking_said = 0;
    clock->ramp_steps = 0;
}

/* ---- loads ---------------------------------------------------------------------------------------- */

static float zero_if(int stops)
{
    return stops ? 0.0f : (float)NAN;
}

/* What moves is brought to rest; a grade is left as it is. */
static secg_target at_rest(const secg_target *sent)
{
    return (secg_target){zero_if(sent->speed_mph > 0), NAN, zero_if(sent->power_w > 0)};
}

static int has_load(const secg_target *target)
{
    return !isnan(target->speed_mph) || !isnan(target->grade_pct) || !isnan(target->power_w);
}

static void send_stage(secg_test *test, int64_t sample)
{
    if (has_load(&test->now.target))
        secg_test_put_load(test, SECG_LOAD_STAGE, sample, test->now.target);
    else
        secg_test_put_load(test, SECG_LOAD_STOP, sample, at_rest(&test->clock.sent));
}

static void apply_target(secg_test *test, const secg_fact *fact)
{
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    if (test->now.pause_since == SECG_NO_SAMPLE)
        secg_test_put_load(test, SECG_LOAD_MANUAL, fact->sample, test->now.target);
}

/* The machine may be any: where no protocol tells, both belt and brake. */
static void apply_emergency(secg_test *test, const secg_fact *fact)
{
    secg_modality modality = test->protocol ? test->protocol->modality : SECG_MODALITY_DRUG;
    int belt = modality != SECG_MODALITY_BICYCLE && modality != SECG_MODALITY_ARM;
    secg_target rest = {zero_if(belt), NAN, zero_if(modality != SECG_MODALITY_TREADMILL)};
    secg_test_put_load(test, SECG_LOAD_EMERGENCY, fact->sample, rest);
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
    if (fact->phase == SECG_PHASE_EXERCISE && before < SECG_PHASE_EXERCISE)
        secg_captures_begin(&test->captures, fact->sample);
    secg_test_put_stage(test, fact, (secg_phase)fact->phase);
    send_stage(test, fact->sample);
}

static void apply_end(secg_test *test, const secg_fact *fact)
{
    secg_test_end_row(test, fact->sample);
    if (test->now.phase >= SECG_PHASE_EXERCISE)
        secg_captures_end(&test->captures, fact->sample);
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    test->clock.overdue_at = SECG_NO_SAMPLE;
    secg_test_put_stage(test, fact, SECG_PHASE_ENDED);
    send_stage(test, fact->sample);
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

static void apply_pause(secg_test *test, const secg_fact *fact)
{
    if (fact->code)
        secg_test_put_load(test, SECG_LOAD_PAUSE, fact->sample, at_rest(&test->clock.sent));
    apply_hold(test, fact);
    if (!fact->code)
        secg_test_put_load(test, SECG_LOAD_RESUME, fact->sample,
                           secg_course_target(&test->now, test->protocol, fact->sample));
}

static void note_newest(int64_t *newest, const secg_fact *fact)
{
    if (*newest == SECG_NO_SAMPLE || fact->sample > *newest)
        *newest = fact->sample;
}

static void apply_bp(secg_test *test, const secg_fact *fact)
{
    secg_clock *clock = &test->clock;
    note_newest(&clock->last_bp, fact);
    secg_test_watch_reading(test, fact);
    if (clock->overdue_at != SECG_NO_SAMPLE && fact->sample >= clock->bp_counts_from)
        clock->overdue_at = SECG_NO_SAMPLE;
}

/* What corrects another fact has no effect but on the summary, though a pressure still answers. */
void secg_test_apply(secg_test *test, const secg_fact *fact)
{
    if (fact->corrects && fact->kind != SECG_FACT_BLOOD_PRESSURE)
        return;
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
    case SECG_FACT_PAUSE:
        apply_pause(test, fact);
        break;
    case SECG_FACT_TARGET:
        apply_target(test, fact);
        break;
    case SECG_FACT_EMERGENCY_STOP:
        apply_emergency(test, fact);
        break;
    case SECG_FACT_BLOOD_PRESSURE:
        apply_bp(test, fact);
        break;
    case SECG_FACT_SPO2:
        secg_test_watch_reading(test, fact);
        break;
    case SECG_FACT_SYMPTOM:
        note_newest(&test->clock.last_symptom, fact);
        break;
    case SECG_FACT_RPE:
        note_newest(&test->clock.last_rpe, fact);
        break;
    case SECG_FACT_STRIP:
        note_newest(&test->clock.last_strip, fact);
        break;
    case SECG_FACT_ELECTRODES:
        ask_to_relearn(test, fact);
        break;
    default:
        break;
    }
}
