/* Figures at which staff want a prompt.  Nothing is decided here. */
#include "stress/state.h"

#include <math.h>

/* A rate comes while frames are taken; its prompt waits for the next whole second, where every push
 * is cut (push.c). */
static int64_t next_second(const secg_test *test, int64_t frame)
{
    int64_t second = secg_sample_at(test->rate_hz, 1);
    return (frame + second - 1) / second * second;
}

static void reach(const secg_test *test, secg_limit *limit, float at, const secg_event *event)
{
    if (limit->said || limit->due != SECG_NO_SAMPLE || !(at > 0) || !(event->rate.bpm.value >= at))
        return;
    limit->due = next_second(test, event->emitted);
    limit->value = event->rate.bpm.value;
}

void secg_test_watch_rate(secg_test *test, const secg_event *event)
{
    secg_clock *clock = &test->clock;
    if (event->rate.bpm.why != SECG_MEASURED || test->now.phase < SECG_PHASE_EXERCISE ||
        test->now.phase > SECG_PHASE_RECOVERY)
        return;
    if (test->now.phase == SECG_PHASE_EXERCISE && !test->limits.no_target)
        reach(test, &clock->target_rate, test->target_bpm, event);
    reach(test, &clock->rate, test->limits.bpm, event);
}

static int reached(float limit, int value)
{
    return limit > 0 && (float)value >= limit;
}

void secg_test_watch_reading(secg_test *test, const secg_fact *fact)
{
    const secg_test_limits *limits = &test->limits;
    int64_t at = fact->entered;
    if (fact->kind == SECG_FACT_SPO2) {
        if (limits->spo2_pct > 0 && fact->value <= limits->spo2_pct)
            secg_test_put_limit(test, SECG_PROMPT_SPO2_LIMIT, at, fact->value);
        return;
    }
    if (reached(limits->systolic_mmhg, fact->systolic_mmhg))
        secg_test_put_limit(test, SECG_PROMPT_SYSTOLIC_LIMIT, at, (float)fact->systolic_mmhg);
    if (reached(limits->diastolic_mmhg, fact->diastolic_mmhg))
        secg_test_put_limit(test, SECG_PROMPT_DIASTOLIC_LIMIT, at, (float)fact->diastolic_mmhg);
}
