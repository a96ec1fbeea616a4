#include "stress/course.h"

#include <math.h>
#include <string.h>

static const secg_target no_target = {NAN, NAN, NAN};

void secg_course_init(secg_course *course)
{
    memset(course, 0, sizeof *course);
    course->stage = course->last_stage = -1;
    course->hold_since = course->pause_since = course->stopped_since = SECG_NO_SAMPLE;
    course->target = no_target;
}

int secg_course_is_cut_by(const secg_fact *fact)
{
    return fact->corrects == 0 && (fact->kind == SECG_FACT_STAGE || fact->kind == SECG_FACT_END);
}

int secg_course_is_moved_by(const secg_fact *fact)
{
    return secg_course_is_cut_by(fact) ||
           (fact->corrects == 0 &&
            (fact->kind == SECG_FACT_HOLD || fact->kind == SECG_FACT_PAUSE ||
             fact->kind == SECG_FACT_TARGET || fact->kind == SECG_FACT_EMERGENCY_STOP));
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
    course->hold_since = course->pause_since = course->stopped_since = SECG_NO_SAMPLE;
    course->target = no_target;
    course->by_hand = 0;
    if (stage > course->last_stage)
        course->last_stage = stage;
}

/* The clock stands from the first of a hold and a pause to the end of both. */
static void stop_or_go(secg_course *course, const secg_fact *fact)
{
    int64_t *since = fact->kind == SECG_FACT_HOLD ? &course->hold_since : &course->pause_since;
    *since = fact->code ? fact->sample : SECG_NO_SAMPLE;
    int stands = course->hold_since != SECG_NO_SAMPLE || course->pause_since != SECG_NO_SAMPLE;
    if (stands && course->stopped_since == SECG_NO_SAMPLE)
        course->stopped_since = fact->sample;
    if (!stands && course->stopped_since != SECG_NO_SAMPLE) {
        course->held_samples += fact->sample - course->stopped_since;
        course->stopped_since = SECG_NO_SAMPLE;
    }
}

static void set_if_known(float *to, float value)
{
    if (!isnan(value))
        *to = value;
}

static void set_by_hand(secg_course *course, const secg_fact *fact)
{
    set_if_known(&course->target.speed_mph, fact->speed_mph);
    set_if_known(&course->target.grade_pct, fact->grade_pct);
    set_if_known(&course->target.power_w, fact->power_w);
    course->by_hand = 1;
}

static int same(float a, float b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void take_target(secg_course *course, const secg_protocol *protocol, const secg_fact *fact)
{
    course->target = (secg_target){fact->speed_mph, fact->grade_pct, fact->power_w};
    if (!protocol || fact->stage < 0)
        return;
    const secg_protocol_stage *table = &protocol->stage[fact->stage];
    course->by_hand = !same(fact->speed_mph, table->speed_mph) ||
                      !same(fact->grade_pct, table->grade_pct) ||
                      !same(fact->power_w, table->power_w);
}

void secg_course_follow(secg_course *course, const secg_protocol *protocol, double rate_hz,
                        const secg_fact *fact)
{
    if (fact->kind == SECG_FACT_HOLD || fact->kind == SECG_FACT_PAUSE)
        stop_or_go(course, fact);
    else if (fact->kind == SECG_FACT_TARGET)
        set_by_hand(course, fact);
    else if (fact->kind == SECG_FACT_END) {
        enter_phase(course, SECG_PHASE_ENDED, fact->sample);
        enter_stage(course, fact->sample, -1, 0);
    } else if (fact->kind == SECG_FACT_STAGE) {
        int64_t planned = 0;
        if (protocol && fact->stage >= 0)
            planned = secg_sample_at(protocol->stage[fact->stage].duration_s, rate_hz);
        enter_phase(course, (secg_phase)fact->phase, fact->sample);
        enter_stage(course, fact->sample, fact->stage, planned);
        take_target(course, protocol, fact);
        memcpy(course->label, fact->label, sizeof course->label);
    }
}

int64_t secg_course_planned_end(const secg_course *course)
{
    if (course->planned_samples == 0 || course->stopped_since != SECG_NO_SAMPLE)
        return SECG_NO_SAMPLE;
    return course->start + course->planned_samples + course->held_samples;
}

int64_t secg_course_ran(const secg_course *course, int64_t sample)
{
    int64_t stood = course->held_samples;
    if (course->stopped_since != SECG_NO_SAMPLE && sample > course->stopped_since)
        stood += sample - course->stopped_since;
    return sample - course->start - stood;
}

int secg_course_is_ramp(const secg_course *course, const secg_protocol *protocol)
{
    return protocol && course->phase == SECG_PHASE_EXERCISE && course->stage >= 0 &&
           (size_t)course->stage + 1 < protocol->stages && !course->by_hand &&
           course->planned_samples > 0 && protocol->stage[course->stage].ramp_s > 0;
}

static float between(float from, float to, double fraction)
{
    return (float)((double)from + fraction * ((double)to - (double)from));
}

secg_target secg_course_target(const secg_course *course, const secg_protocol *protocol,
                               int64_t sample)
{
    if (!secg_course_is_ramp(course, protocol))
        return course->target;
    const secg_protocol_stage *from = &protocol->stage[course->stage], *to = from + 1;
    double fraction = (double)secg_course_ran(course, sample) / (double)course->planned_samples;
    fraction = fmin(fmax(fraction, 0), 1);
    return (secg_target){between(from->speed_mph, to->speed_mph, fraction),
                         between(from->grade_pct, to->grade_pct, fraction),
                         between(from->power_w, to->power_w, fraction)};
}

int64_t secg_course_recovery_mark(const secg_course *course, double interval_s, double rate_hz,
                                  int64_t k)
{
    return course->phase_start + secg_sample_at((double)k * interval_s, rate_hz);
}
