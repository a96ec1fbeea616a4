/* The stage clock.
 *
 * At each frame things happen in one order, live and in a replay: first the prompts that are due,
 * then the next change (live: the planned end of the stage; in a replay: the next fact entered at
 * this frame), and again, until nothing is left.  A planned end is computed from the stage's start,
 * never accumulated, so a stage is as long as its table says to the nearest sample.
 *
 * Bounded: a frame brings at most the stages that fit into the 20 s by which a start may be late. */
#include "stress/state.h"

#include <math.h>
#include <string.h>

#define SOON_S              10.0 /* domain of SECG_PROMPT_STAGE_SOON                          */
#define BP_FRESH_S          60.0 /* a reading this old still answers a prompt                 */
#define BP_GRACE_S          30.0 /* domain.md 7.1 D04: within 30 s of the end of the stage    */
#define RECOVERY_BP_FIRST_S 60.0
#define RECOVERY_BP_EVERY_S 120.0

static int64_t samples(const secg_test *test, double seconds)
{
    return secg_sample_at(seconds, test->rate_hz);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void put(secg_test *test, const secg_event *event)
{
    if (test->pending_count == SECG_TEST_PENDING)
        return;
    size_t place = (test->pending_first + test->pending_count++) % SECG_TEST_PENDING;
    test->pending[place] = *event;
}

int secg_test_drain(secg_test *test)
{
    while (test->pending_count > 0) {
        if (secg_analyzer_emit(test->analyzer, &test->pending[test->pending_first]) != SECG_OK)
            return 0;
        test->pending_first = (test->pending_first + 1) % SECG_TEST_PENDING;
        test->pending_count--;
    }
    return 1;
}

static void put_stage(secg_test *test, const secg_fact *fact, secg_phase phase)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_STAGE;
    event.stage.sample = fact->sample;
    event.stage.phase = (uint16_t)phase;
    event.stage.stage = fact->stage;
    event.stage.automatic = fact->source == SECG_SOURCE_CLOCK;
    event.stage.speed_mph = fact->speed_mph;
    event.stage.grade_pct = fact->grade_pct;
    event.stage.power_w = fact->power_w;
    memcpy(event.stage.label, fact->label, sizeof event.stage.label);
    put(test, &event);
}

static void put_prompt(secg_test *test, secg_prompt_kind kind, int64_t sample)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_PROMPT;
    event.prompt.sample = sample;
    event.prompt.kind = (uint16_t)kind;
    event.prompt.stage = (int16_t)test->now.stage;
    put(test, &event);
}

/* ---- when ------------------------------------------------------------------------------------ */

static int another_follows(const secg_test *test)
{
    return test->protocol && test->now.phase == SECG_PHASE_EXERCISE && test->now.stage >= 0 &&
           (size_t)test->now.stage + 1 < test->protocol->stages;
}

static int64_t planned_end(const secg_test *test)
{
    return test->now.phase == SECG_PHASE_EXERCISE ? secg_course_planned_end(&test->now)
                                                  : SECG_NO_SAMPLE;
}

static int64_t soon_at(const secg_test *test)
{
    int64_t end = planned_end(test);
    if (end == SECG_NO_SAMPLE || test->clock.soon_said || !another_follows(test))
        return SECG_NO_SAMPLE;
    return later(test->now.start, end - samples(test, SOON_S));
}

static int64_t exercise_bp_at(const secg_test *test)
{
    int64_t end = planned_end(test);
    if (end == SECG_NO_SAMPLE || test->clock.bp_said)
        return SECG_NO_SAMPLE;
    double due_s = (double)test->protocol->stage[test->now.stage].bp_due_s;
    return isnan(due_s) ? SECG_NO_SAMPLE : later(test->now.start, end - samples(test, due_s));
}

static int64_t recovery_bp_at(const secg_test *test)
{
    double after_s = RECOVERY_BP_FIRST_S + RECOVERY_BP_EVERY_S * test->clock.recovery_prompts;
    if (test->now.phase != SECG_PHASE_RECOVERY || !test->protocol ||
        after_s > test->protocol->recovery_s)
        return SECG_NO_SAMPLE;
    return test->now.phase_start + samples(test, after_s);
}

static int64_t bp_at(const secg_test *test)
{
    return test->now.phase == SECG_PHASE_RECOVERY ? recovery_bp_at(test) : exercise_bp_at(test);
}

static int64_t row_end_at(const secg_test *test)
{
    if (test->now.phase != SECG_PHASE_RECOVERY)
        return SECG_NO_SAMPLE;
    return secg_course_recovery_mark(&test->now, test->recovery_interval_s, test->rate_hz,
                                     test->clock.recovery_rows + 1);
}

static int64_t advance_at(const secg_test *test)
{
    return test->replay || test->manual || !another_follows(test) ? SECG_NO_SAMPLE
                                                                  : planned_end(test);
}

static int64_t next_entry_at(const secg_test *test)
{
    return test->applied < test->facts ? test->fact[test->order[test->applied]].entered
                                       : SECG_NO_SAMPLE;
}

static void earliest(int64_t *stop, int64_t at)
{
    if (at != SECG_NO_SAMPLE && at < *stop)
        *stop = at;
}

int64_t secg_test_next_stop(const secg_test *test)
{
    int64_t stop = INT64_MAX;
    earliest(&stop, bp_at(test));
    earliest(&stop, soon_at(test));
    earliest(&stop, test->clock.overdue_at);
    earliest(&stop, row_end_at(test));
    earliest(&stop, advance_at(test));
    earliest(&stop, next_entry_at(test));
    return stop;
}

/* ---- what ------------------------------------------------------------------------------------ */

static void ask_for_bp(secg_test *test, int64_t due)
{
    secg_clock *clock = &test->clock;
    int64_t answered_by = later(test->now.phase_start, due - samples(test, BP_FRESH_S));
    int64_t overdue = due + samples(test, BP_FRESH_S + BP_GRACE_S);
    if (test->now.phase == SECG_PHASE_RECOVERY)
        clock->recovery_prompts++;
    else {
        clock->bp_said = 1;
        overdue = planned_end(test) + samples(test, BP_GRACE_S);
    }
    if (clock->last_bp != SECG_NO_SAMPLE && clock->last_bp >= answered_by)
        return;
    clock->bp_counts_from = answered_by;
    clock->overdue_at = overdue;
    put_prompt(test, SECG_PROMPT_BP_DUE, due);
}

static void say_overdue(secg_test *test)
{
    put_prompt(test, SECG_PROMPT_BP_OVERDUE, test->clock.overdue_at);
    test->clock.overdue_at = SECG_NO_SAMPLE;
}

static void say_soon(secg_test *test, int64_t at)
{
    test->clock.soon_said = 1;
    put_prompt(test, SECG_PROMPT_STAGE_SOON, at);
}

static int64_t recovery_row_start(const secg_test *test, const secg_course *course, int64_t end)
{
    int64_t start = course->start;
    double passed =
        floor(secg_seconds(end - course->phase_start, test->rate_hz) / test->recovery_interval_s);
    for (int64_t k = (int64_t)passed + 1; k > 0; k--) {
        int64_t mark =
            secg_course_recovery_mark(course, test->recovery_interval_s, test->rate_hz, k);
        if (mark < end)
            return later(start, mark);
    }
    return start;
}

int64_t secg_test_row_start(const secg_test *test, const secg_course *course, int64_t end)
{
    return course->phase == SECG_PHASE_RECOVERY ? recovery_row_start(test, course, end)
                                                : course->start;
}

static void end_row(secg_test *test, int64_t end)
{
    secg_captures_mark(&test->captures, secg_test_row_start(test, &test->now, end), end);
}

static void end_recovery_row(secg_test *test, int64_t end)
{
    end_row(test, end);
    test->clock.recovery_rows++;
}

/* One prompt or row that is due by `frame`: 1, or 0 when there is none. */
static int do_due(secg_test *test, int64_t frame)
{
    int64_t at;
    if ((at = bp_at(test)) != SECG_NO_SAMPLE && at <= frame)
        ask_for_bp(test, at);
    else if ((at = soon_at(test)) != SECG_NO_SAMPLE && at <= frame)
        say_soon(test, at);
    else if ((at = test->clock.overdue_at) != SECG_NO_SAMPLE && at <= frame)
        say_overdue(test);
    else if ((at = row_end_at(test)) != SECG_NO_SAMPLE && at <= frame)
        end_recovery_row(test, at);
    else
        return 0;
    return 1;
}

/* ---- facts ----------------------------------------------------------------------------------- */

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

static void forget_stage(secg_clock *clock)
{
    clock->soon_said = clock->bp_said = 0;
}

static void apply_stage(secg_test *test, const secg_fact *fact)
{
    secg_phase before = test->now.phase;
    int moved = fact->phase == SECG_PHASE_PRETEST && before == SECG_PHASE_PRETEST &&
                memcmp(fact->label, test->now.label, sizeof fact->label) != 0;
    end_row(test, fact->sample);
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    forget_stage(&test->clock);
    if (moved)
        secg_analyzer_relearn(test->analyzer);
    if (fact->phase == SECG_PHASE_EXERCISE && before != SECG_PHASE_EXERCISE)
        secg_analyzer_keep_rest(test->analyzer);
    put_stage(test, fact, (secg_phase)fact->phase);
}

static void apply_end(secg_test *test, const secg_fact *fact)
{
    end_row(test, fact->sample);
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    test->clock.overdue_at = SECG_NO_SAMPLE;
    put_stage(test, fact, SECG_PHASE_ENDED);
}

/* A hold that is over moves the end of the stage: it will be announced again, unless that moment
 * is past as well. */
static void apply_hold(secg_test *test, const secg_fact *fact)
{
    secg_course_follow(&test->now, test->protocol, test->rate_hz, fact);
    int64_t end = planned_end(test);
    if (end != SECG_NO_SAMPLE && end - samples(test, SOON_S) > fact->sample)
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

static void apply(secg_test *test, const secg_fact *fact)
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
        secg_analyzer_relearn(test->analyzer);
        break;
    default:
        break;
    }
}

/* The next stage of the table begins where the present one was planned to end. */
static void advance(secg_test *test, int64_t frame)
{
    secg_fact fact;
    memset(&fact, 0, sizeof fact);
    fact.kind = SECG_FACT_STAGE;
    fact.sample = planned_end(test);
    fact.entered = frame;
    fact.source = SECG_SOURCE_CLOCK;
    fact.phase = SECG_PHASE_EXERCISE;
    fact.stage = (int16_t)(test->now.stage + 1);
    fact.code = fact.grade = fact.systolic_mmhg = fact.diastolic_mmhg = -1;
    fact.speed_mph = fact.grade_pct = fact.power_w = fact.value = NAN;
    secg_test_stage_from_table(test, &fact);
    secg_test_append(test, &fact);
}

/* The next fact that is entered by `frame`, made by the clock when it is time. */
static int do_fact(secg_test *test, int64_t frame)
{
    int64_t at = advance_at(test);
    if (at != SECG_NO_SAMPLE && at <= frame && test->facts < test->fact_capacity)
        advance(test, frame);
    if (test->applied == test->facts || next_entry_at(test) > frame)
        return 0;
    apply(test, &test->fact[test->order[test->applied++]]);
    return 1;
}

/* Prompts and the clock's own changes can wait for the queue together.  The facts of a replay come
 * one by one, as they were entered: each is handed on before the next has its effect. */
static void do_what_is_due(secg_test *test)
{
    int64_t frame = secg_analyzer_frames(test->analyzer);
    while (test->pending_count < SECG_TEST_PENDING) {
        if (do_due(test, frame))
            continue;
        if ((test->replay && test->pending_count > 0) || !do_fact(test, frame))
            return;
    }
}

int secg_test_settle(secg_test *test)
{
    do {
        if (!secg_test_drain(test))
            return 0;
        do_what_is_due(test);
    } while (test->pending_count > 0);
    return 1;
}
