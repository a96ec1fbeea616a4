/* Where a test stands: the phase and stage that the facts so far say, and the planned end. */
#ifndef SECG_STRESS_COURSE_H
#define SECG_STRESS_COURSE_H

#include <stressecg/test.h>

/* A load; NaN: none. */
typedef struct secg_target {
    float speed_mph, grade_pct, power_w;
} secg_target;

typedef struct secg_course {
    secg_phase phase;
    int stage;                  /* index in the table; -1: outside of it */
    int last_stage;             /* highest index begun so far; -1: none */
    int stages_begun;           /* in this phase */
    int64_t start, phase_start; /* of the present stage and phase */
    int64_t planned_samples;    /* of the present stage; 0: open */
    int64_t held_samples;       /* of it, by holds and pauses that are over */
    int64_t hold_since;         /* SECG_NO_SAMPLE: not held */
    int64_t pause_since;        /* SECG_NO_SAMPLE: not paused */
    int64_t stopped_since;      /* the clock, by either of them; SECG_NO_SAMPLE: it runs */
    secg_target target;         /* of the stage as it began, or set by hand since */
    int by_hand;                /* the target is not the table's */
    char label[24];
} secg_course;

void secg_course_init(secg_course *course);
/* 1 for facts that move a course: STAGE, HOLD, END, TARGET, PAUSE, EMERGENCY_STOP, unless they are
 * corrections; and for those of them that begin or end a stage. */
int secg_course_is_moved_by(const secg_fact *fact);
int secg_course_is_cut_by(const secg_fact *fact);
/* Takes a checked fact; other kinds are ignored. */
void secg_course_follow(secg_course *course, const secg_protocol *protocol, double rate_hz,
                        const secg_fact *fact);
/* First sample after the stage as planned and prolonged; SECG_NO_SAMPLE while held or open. */
int64_t secg_course_planned_end(const secg_course *course);
/* Samples of the present stage up to `sample` in which the clock ran. */
int64_t secg_course_ran(const secg_course *course, int64_t sample);
/* The stage's load rises towards that of the next one. */
int secg_course_is_ramp(const secg_course *course, const secg_protocol *protocol);
/* The target at a sample of the present stage; on a ramp, where the rise has got to. */
secg_target secg_course_target(const secg_course *course, const secg_protocol *protocol,
                               int64_t sample);
/* Recovery is cut into rows at these samples, k = 1, 2, ...; computed, never accumulated. */
int64_t secg_course_recovery_mark(const secg_course *course, double interval_s, double rate_hz,
                                  int64_t k);

#endif
