/* STAGE and PROMPT events on their way to the analyser's queue. */
#include "stress/state.h"

#include <math.h>
#include <string.h>

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

void secg_test_put_stage(secg_test *test, const secg_fact *fact, secg_phase phase)
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

static secg_event prompt(const secg_test *test, secg_prompt_kind kind, int64_t sample)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_PROMPT;
    event.prompt.sample = sample;
    event.prompt.kind = (uint16_t)kind;
    event.prompt.stage = (int16_t)test->now.stage;
    event.prompt.value = NAN;
    return event;
}

void secg_test_put_prompt(secg_test *test, secg_prompt_kind kind, int64_t sample)
{
    secg_event event = prompt(test, kind, sample);
    put(test, &event);
}

void secg_test_put_lacking(secg_test *test, int64_t sample, uint32_t lacks)
{
    secg_event event = prompt(test, SECG_PROMPT_LACKING, sample);
    event.prompt.lacks = lacks;
    put(test, &event);
}

void secg_test_put_limit(secg_test *test, secg_prompt_kind kind, int64_t sample, float value)
{
    secg_event event = prompt(test, kind, sample);
    event.prompt.value = value;
    put(test, &event);
}

/* Nearest step, halves up; a table's decimal may lie just below itself in binary. */
static float in_steps(float value, double per_unit)
{
    return isnan(value) ? value : (float)(floor((double)value * per_unit + 0.5 + 1e-5) / per_unit);
}

void secg_test_put_load(secg_test *test, secg_load_cause cause, int64_t sample, secg_target load)
{
    secg_event event;
    if (isnan(load.speed_mph) && isnan(load.grade_pct) && isnan(load.power_w))
        return;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_LOAD;
    event.load.sample = sample;
    event.load.phase = (uint16_t)test->now.phase;
    event.load.stage = (int16_t)test->now.stage;
    event.load.cause = (uint32_t)cause;
    event.load.speed_mph = in_steps(load.speed_mph, 10);
    event.load.grade_pct = in_steps(load.grade_pct, 2);
    event.load.power_w = in_steps(load.power_w, 1);
    test->clock.sent = load;
    put(test, &event);
}
