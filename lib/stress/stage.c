/* The stage clock.
 *
 * At each frame things happen in one order, live and in a replay: first what is due (prompts, rows),
 * then the next change (live: the planned end of the stage; in a replay: the next fact entered at
 * this frame), and again, until nothing is left.  A planned end is computed from the stage's start,
 * never accumulated, so a stage is as long as its table says to the nearest sample.
 *
 * Bounded: a frame brings at most the stages that fit into the 20 s by which a start may be late. */
#include "stress/state.h"

#include <math.h>
#include <string.h>

#define BP_FRESH_S          60.0 /* a reading this old still answers a prompt */
#define BP_GRACE_S          30.0 /* domain.md 7.1 D04: within 30 s of the end of the stage */
#define RECOVERY_BP_FIRST_S 60.0
#define RECOVERY_BP_EVERY_S 120.0
#define STRIP_FRESH_S       30.0
#define LACKING_S           20.0 /* SECG_PROMPT_LACKING, before the end of the stage */
#define LACKING_STAGE_S     30.0 /* not in stages shorter than this */
#define ASKING_STAGE_S      60.0 /* symptoms and RPE are wanted in stages as long as this */

static int64_t samples(const secg_test *test, double seconds)
{
    return secg_sample_at(seconds, test->rate_hz);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
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
    return later(test->now.start, end - samples(test, SECG_TEST_SOON_S));
}

static int64_t exercise_bp_at(const secg_test *test)
{
    int64_t end = planned_end(test);
    if (end == SECG_NO_SAMPLE || test->clock.bp_said)
        return SECG_NO_SAMPLE;
    double due_s = (double)test->protocol->stage[test->now.stage].bp_due_s;
    return isnan(due_s) ? SECG_NO_SAMPLE : later(test->now.start, end - samples(test, due_s));
}

/* Before the planned end, but not before the stage; SECG_NO_SAMPLE where the table has none. */
static int64_t before_end(const secg_test *test, double seconds)
{
    int64_t end = planned_end(test);
    return end == SECG_NO_SAMPLE || isnan(seconds)
               ? SECG_NO_SAMPLE
               : later(test->now.start, end - samples(test, seconds));
}

static int64_t strip_at(const secg_test *test)
{
    if (test->clock.strip_said || planned_end(test) == SECG_NO_SAMPLE)
        return SECG_NO_SAMPLE;
    return before_end(test, (double)test->protocol->stage[test->now.stage].strip_due_s);
}

static int64_t lacking_at(const secg_test *test)
{
    if (test->clock.lacking_said || test->now.planned_samples < samples(test, LACKING_STAGE_S))
        return SECG_NO_SAMPLE;
    return before_end(test, LACKING_S);
}

/* The moment of the next step, counted by the time that the clock ran. */
static int64_t ramp_at(const secg_test *test)
{
    const secg_course *now = &test->now;
    if (!secg_course_is_ramp(now, test->protocol) || now->stopped_since != SECG_NO_SAMPLE)
        return SECG_NO_SAMPLE;
    double step_s = (double)test->protocol->stage[now->stage].ramp_s;
    int64_t ran = samples(test, step_s * (double)(test->clock.ramp_steps + 1));
    return ran < now->planned_samples ? now->start + now->held_samples + ran : SECG_NO_SAMPLE;
}

static int64_t time_limit_at(const secg_test *test)
{
    if (test->clock.time_said || !(test->limits.exercise_s > 0) ||
        test->now.phase != SECG_PHASE_EXERCISE)
        return SECG_NO_SAMPLE;
    return test->now.phase_start + samples(test, (double)test->limits.exercise_s);
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
    earliest(&stop, strip_at(test));
    earliest(&stop, lacking_at(test));
    earliest(&stop, ramp_at(test));
    earliest(&stop, time_limit_at(test));
    earliest(&stop, test->clock.target_rate.due);
    earliest(&stop, test->clock.rate.due);
    earliest(&stop, test->clock.overdue_at);
    earliest(&stop, row_end_at(test));
    earliest(&stop, test->clock.keep_rest_at);
    earliest(&stop, test->clock.relearn_at);
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
    secg_test_put_prompt(test, SECG_PROMPT_BP_DUE, due);
}

static void say_overdue(secg_test *test)
{
    secg_test_put_prompt(test, SECG_PROMPT_BP_OVERDUE, test->clock.overdue_at);
    test->clock.overdue_at = SECG_NO_SAMPLE;
}

static void say_soon(secg_test *test, int64_t at)
{
    test->clock.soon_said = 1;
    secg_test_put_prompt(test, SECG_PROMPT_STAGE_SOON, at);
}

static void ask_for_strip(secg_test *test, int64_t at)
{
    test->clock.strip_said = 1;
    if (test->clock.last_strip < at - samples(test, STRIP_FRESH_S))
        secg_test_put_prompt(test, SECG_PROMPT_STRIP_DUE, at);
}

static uint32_t lacks(const secg_test *test)
{
    const secg_protocol_stage *stage = &test->protocol->stage[test->now.stage];
    const secg_clock *clock = &test->clock;
    int64_t start = test->now.start;
    int asking = test->now.planned_samples >= samples(test, ASKING_STAGE_S);
    uint32_t bits = 0;
    if (!isnan(stage->bp_due_s) && clock->last_bp < start)
        bits |= SECG_LACKS_BLOOD_PRESSURE;
    if (!isnan(stage->strip_due_s) && clock->last_strip < start)
        bits |= SECG_LACKS_STRIP;
    if (asking && clock->last_symptom < start)
        bits |= SECG_LACKS_SYMPTOM;
    if (asking && clock->last_rpe < start && test->protocol->modality != SECG_MODALITY_DRUG)
        bits |= SECG_LACKS_RPE;
    return bits;
}

static void say_lacking(secg_test *test, int64_t at)
{
    uint32_t bits = lacks(test);
    test->clock.lacking_said = 1;
    if (bits)
        secg_test_put_lacking(test, at, bits);
}

static void send_step(secg_test *test, int64_t at)
{
    test->clock.ramp_steps++;
    secg_test_put_load(test, SECG_LOAD_RAMP, at,
                       secg_course_target(&test->now, test->protocol, at));
}

static void say_time(secg_test *test, int64_t at)
{
    test->clock.time_said = 1;
    secg_test_put_limit(test, SECG_PROMPT_TIME_LIMIT, at, test->limits.exercise_s);
}

static void say_rate(secg_test *test, secg_prompt_kind kind, secg_limit *limit)
{
    secg_test_put_limit(test, kind, limit->due, limit->value);
    limit->due = SECG_NO_SAMPLE;
    limit->said = 1;
}

static void end_recovery_row(secg_test *test, int64_t end)
{
    secg_test_end_row(test, end);
    test->clock.recovery_rows++;
}

static void keep_rest(secg_test *test)
{
    test->clock.keep_rest_at = SECG_NO_SAMPLE;
    secg_analyzer_keep_rest(test->analyzer);
}

static void relearn(secg_test *test)
{
    test->clock.relearn_at = SECG_NO_SAMPLE;
    secg_analyzer_relearn(test->analyzer);
}

static int is_due(int64_t at, int64_t frame)
{
    return at != SECG_NO_SAMPLE && at <= frame;
}

/* What is said or sent in the course of a stage, and limits that were reached. */
static int do_prompt(secg_test *test, int64_t frame)
{
    int64_t at;
    secg_clock *clock = &test->clock;
    if (is_due(at = ramp_at(test), frame))
        send_step(test, at);
    else if (is_due(at = strip_at(test), frame))
        ask_for_strip(test, at);
    else if (is_due(at = lacking_at(test), frame))
        say_lacking(test, at);
    else if (is_due(at = time_limit_at(test), frame))
        say_time(test, at);
    else if (is_due(clock->target_rate.due, frame))
        say_rate(test, SECG_PROMPT_TARGET_RATE, &clock->target_rate);
    else if (is_due(clock->rate.due, frame))
        say_rate(test, SECG_PROMPT_RATE_LIMIT, &clock->rate);
    else
        return 0;
    return 1;
}

/* One thing that is due by `frame`: 1, or 0 when there is none. */
static int do_due(secg_test *test, int64_t frame)
{
    int64_t at;
    if (do_prompt(test, frame))
        return 1;
    if ((at = bp_at(test)) != SECG_NO_SAMPLE && at <= frame)
        ask_for_bp(test, at);
    else if ((at = soon_at(test)) != SECG_NO_SAMPLE && at <= frame)
        say_soon(test, at);
    else if ((at = test->clock.overdue_at) != SECG_NO_SAMPLE && at <= frame)
        say_overdue(test);
    else if ((at = row_end_at(test)) != SECG_NO_SAMPLE && at <= frame)
        end_recovery_row(test, at);
    else if ((at = test->clock.keep_rest_at) != SECG_NO_SAMPLE && at <= frame)
        keep_rest(test);
    else if ((at = test->clock.relearn_at) != SECG_NO_SAMPLE && at <= frame)
        relearn(test);
    else
        return 0;
    return 1;
}

/* ---- changes ------------------------------------------------------------------------------------ */

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
    secg_test_apply(test, &test->fact[test->order[test->applied++]]);
    return 1;
}

/* Prompts and the clock's own changes can wait for the queue together.  The facts of a replay come
 * one by one, as they were entered: each is handed on before the next has its effect. */
static void do_what_is_due(secg_test *test)
{
    int64_t frame = secg_analyzer_frames(test->analyzer);
    while (test->pending_count + SECG_TEST_AT_ONCE <= SECG_TEST_PENDING) {
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
