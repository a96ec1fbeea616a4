/* The sinus node fires at t(n+1) = t(n) + 60 / bpm at the middle of the interval, modulated by
 * breathing (respiratory arrhythmia, 4 % at rest), the 0.1 Hz wave of blood pressure control (2 %)
 * and a little jitter, all of which fade as the heart-rate reserve is used (vagal withdrawal).
 * "steady" has none of them: constant intervals.
 *
 * A ventricular beat comes 0.62 of an interval after the beat before, and not within 0.30 s of it
 * unless that would be no longer premature.  The sinus node is not reset by it: it fires on, its next impulse finds the ventricles refractory, and the
 * one after conducts: the full compensatory pause.  There are no fusion beats. */
#include "simulate/rhythm.h"

#include "simulate/random.h"

#include <math.h>
#include <stressecg/event.h>

#define TWO_PI             6.28318530717958647693
#define PREMATURE          0.62
#define STILL_PREMATURE    0.90
#define LEAST_COUPLING_S   0.30
#define LEAST_RUN_S        0.32 /* between the beats of a couplet or run                      */
#define KEEP_BEFORE_END_S  20   /* no ectopy there: the last 10 s of a stage are measured     */
#define KEEP_AFTER_START_S 10
#define KEEP_APART_S       7

enum { EPISODES = 128 };

typedef struct episode {
    double time_s;
    int length;
} episode;

typedef struct maker {
    const secg_simulated_course *course;
    secg_random random;
    double breath, wave; /* phases */
    double beat_probability;
    episode episode[EPISODES];
    size_t episodes, next_episode;
    secg_beat_form *beats;
    size_t capacity, count;
} maker;

size_t secg_rhythm_capacity(const secg_simulated_course *course)
{
    double bpm = course->steady ? course->rest_bpm : course->peak_bpm;
    return (size_t)((course->length_s + 4) * bpm / 60 * 1.7) + 64;
}

static int apart(const maker *m, double time_s)
{
    for (size_t i = 0; i < m->episodes; i++)
        if (fabs(m->episode[i].time_s - time_s) < KEEP_APART_S)
            return 0;
    return 1;
}

/* A place in the stage for an episode; in a stage that is too short or too full, none. */
static void place(maker *m, const secg_simulated_course_stage *stage, int length)
{
    double from_s = stage->start_s + KEEP_AFTER_START_S, to_s = stage->end_s - KEEP_BEFORE_END_S;
    for (int attempt = 0; attempt < 64 && to_s > from_s && m->episodes < EPISODES; attempt++) {
        double time_s = secg_random_between(&m->random, from_s, to_s);
        if (!apart(m, time_s))
            continue;
        size_t i = m->episodes++;
        for (; i > 0 && m->episode[i - 1].time_s > time_s; i--)
            m->episode[i] = m->episode[i - 1];
        m->episode[i] = (episode){time_s, length};
        return;
    }
}

/* Singles: none in the first exercise stage, one in the second, and so on to five; a couplet in
 * the last but one; a run of four in the last, or in the first minute of recovery, by chance; a
 * single in each of the first four minutes of recovery. */
static void plan_test(maker *m)
{
    const secg_simulated_course *course = m->course;
    int32_t first = 2, last = course->stages - 1;
    while (course->stage[last].phase != SECG_PHASE_EXERCISE)
        last--;
    for (int32_t k = first; k <= last; k++)
        for (int32_t n = 0; n < k - first && n < 5; n++)
            place(m, &course->stage[k], 1);
    place(m, &course->stage[last > first ? last - 1 : last], 2);
    place(m, &course->stage[secg_random_uniform(&m->random) < 0.5 ? last : last + 1], 4);
    for (int32_t k = last + 1; k <= last + 4; k++)
        place(m, &course->stage[k], 1);
}

static double interval_s(maker *m, double time_s)
{
    double bpm = secg_simulated_course_at(m->course, time_s).bpm;
    secg_simulated_course_state state = secg_simulated_course_at(m->course, time_s + 30 / bpm);
    double interval = 60 / state.bpm;
    if (m->course->steady)
        return interval;
    double rest = 1 - state.reserve;
    double change = 0.040 * rest * rest * sin(m->breath) + 0.020 * rest * sin(m->wave) +
                    (0.002 + 0.004 * rest) * secg_random_gaussian(&m->random);
    m->breath = fmod(m->breath + TWO_PI * state.breath_hz * interval, TWO_PI);
    m->wave = fmod(m->wave + TWO_PI * 0.1 * interval, TWO_PI);
    return interval * (1 + change);
}

static void add(maker *m, double r_s, uint8_t label)
{
    if (m->count == m->capacity)
        return;
    secg_simulated_course_state state = secg_simulated_course_at(m->course, r_s);
    secg_beat_conditions conditions = {.bpm = state.bpm,
                                       .st_mv = state.st_mv,
                                       .upright = state.upright,
                                       .effort = state.reserve,
                                       .qrs_gain = 1 + 0.04 * sin(m->breath)};
    m->beats[m->count++] =
        label == 'V' ? secg_beat_ventricular(r_s, &conditions) : secg_beat_normal(r_s, &conditions);
}

/* Length of the ectopic episode that begins between this beat and the next; 0: none. */
static int ectopy_due(maker *m, double next_s)
{
    if (m->beat_probability > 0)
        return secg_random_uniform(&m->random) < m->beat_probability;
    if (m->next_episode < m->episodes && m->episode[m->next_episode].time_s < next_s)
        return m->episode[m->next_episode++].length;
    return 0;
}

static double coupling_s(double rr_s, double least_s)
{
    return fmax(PREMATURE * rr_s, fmin(least_s, STILL_PREMATURE * rr_s));
}

/* The episode, and then the first sinus impulse late enough to conduct: its time. */
static double insert_ectopy(maker *m, double beat_s, double sinus_s, int length)
{
    double rr = sinus_s - beat_s;
    double time_s = beat_s + coupling_s(rr, LEAST_COUPLING_S);
    double step_s = coupling_s(rr, LEAST_RUN_S);
    for (int i = 0; i < length; i++)
        add(m, time_s + i * step_s, 'V');
    double last_s = time_s + (length - 1) * step_s;
    while (sinus_s < last_s + 0.9 * rr)
        sinus_s += interval_s(m, sinus_s);
    return sinus_s;
}

/* A ventricular T wave is over when the next beat begins; others keep their length. */
static void end_wide_beats(maker *m)
{
    for (size_t i = 0; i + 1 < m->count; i++)
        if (m->beats[i].label == 'V')
            secg_beat_end_before(&m->beats[i], secg_beat_begin_s(&m->beats[i + 1]));
}

size_t secg_rhythm_make(const secg_simulated_course *course, uint64_t seed, double ectopy_scale,
                        secg_beat_form *beats, size_t capacity)
{
    maker m = {.course = course, .beats = beats, .capacity = capacity};
    secg_random_init(&m.random, seed, 1);
    m.breath = secg_random_between(&m.random, 0, TWO_PI);
    m.wave = secg_random_between(&m.random, 0, TWO_PI);
    if (course->steady)
        m.beat_probability = ectopy_scale > 0 ? ectopy_scale : 0;
    else if (ectopy_scale >= 0)
        plan_test(&m);
    double sinus_s = secg_random_between(&m.random, 0.25, 0.25 + 60 / course->rest_bpm);
    while (sinus_s < course->length_s + 1) {
        add(&m, sinus_s, 'N');
        double beat_s = sinus_s;
        sinus_s += interval_s(&m, sinus_s);
        int length = ectopy_due(&m, sinus_s);
        if (length > 0)
            sinus_s = insert_ectopy(&m, beat_s, sinus_s, length);
    }
    end_wide_beats(&m);
    return m.count;
}
