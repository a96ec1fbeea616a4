#include "stress/course.h"

#include <string.h>

void secg_course_init(secg_course *course)
{
    memset(course, 0, sizeof *course);
    course->stage = course->last_stage = -1;
    course->hold_since = SECG_NO_SAMPLE;
}

int secg_course_is_moved_by(const secg_fact *fact)
{
    return fact->kind == SECG_FACT_STAGE || fact->kind == SECG_FACT_HOLD ||
           fact->kind == SECG_FACT_END;
}

static void enter_phase(secg_course *course, secg_phase phase, int64_t sample)
{
    if (course->phase == phase)
        return;
    course->phase = phase;
    course->phase_start = sample;
    course->stages_begun = 0;
}

static void enter_stage(secg_course *course, int64_t sample, int stage, int64_t planned_samples)
{
    course->start = sample;
    course->stage = stage;
    course->stages_begun++;
    course->planned_samples = planned_samples;
    course->held_samples = 0;
    course->hold_since = SECG_NO_SAMPLE;
    if (stage > course->last_stage)
        course->last_stage = stage;
}

static void hold(secg_course *course, const secg_fact *fact)
{
    if (fact->code)
        course->hold_since = fact->sample;
    else {
        course->held_samples += fact->sample - course->hold_since;
        course->hold_since = SECG_NO_SAMPLE;
    }
}

void secg_course_follow(secg_course *course, const secg_protocol *protocol, double rate_hz,
                        const secg_fact *fact)
{
    if (fact->kind == SECG_FACT_HOLD)
        hold(course, fact);
    else if (fact->kind == SECG_FACT_END) {
        enter_phase(course, SECG_PHASE_ENDED, fact->sample);
        enter_stage(course, fact->sample, -1, 0);
    } else if (fact->kind == SECG_FACT_STAGE) {
        int64_t planned = 0;
        if (protocol && fact->stage >= 0)
            planned = secg_sample_at(protocol->stage[fact->stage].duration_s, rate_hz);
        enter_phase(course, (secg_phase)fact->phase, fact->sample);
        enter_stage(course, fact->sample, fact->stage, planned);
        memcpy(course->label, fact->label, sizeof course->label);
    }
}

int64_t secg_course_planned_end(const secg_course *course)
{
    if (course->planned_samples == 0 || course->hold_since != SECG_NO_SAMPLE)
        return SECG_NO_SAMPLE;
    return course->start + course->planned_samples + course->held_samples;
}

int64_t secg_course_recovery_mark(const secg_course *course, double interval_s, double rate_hz,
                                  int64_t k)
{
    return course->phase_start + secg_sample_at((double)k * interval_s, rate_hz);
}
