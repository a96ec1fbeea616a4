/* STAGE and PROMPT events on their way to the analyser's queue. */
#include "stress/state.h"

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

void secg_test_put_prompt(secg_test *test, secg_prompt_kind kind, int64_t sample)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_PROMPT;
    event.prompt.sample = sample;
    event.prompt.kind = (uint16_t)kind;
    event.prompt.stage = (int16_t)test->now.stage;
    put(test, &event);
}
