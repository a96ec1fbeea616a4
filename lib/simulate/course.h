/* The course of a simulated test: stages, and what heart rate, ST, posture and effort do in them. */
#ifndef SECG_SIMULATE_COURSE_H
#define SECG_SIMULATE_COURSE_H

#include <stressecg/simulate.h>

enum { SECG_SIMULATED_STAGES = 48 };

typedef struct secg_simulated_course_stage {
    char label[24];
    int32_t phase, index;
    double start_s, end_s;
    double start_bpm, target_bpm, time_constant_s; /* not for recovery */
    double speed_mph, grade_pct;                   /* NaN: none        */
} secg_simulated_course_stage;

typedef struct secg_simulated_course {
    const char *protocol;
    int steady;
    double rest_bpm, stand_bpm, peak_bpm;
    double st_peak_mv;                    /* 0: none */
    double stand_s, recovery_s, length_s; /* when standing up, recovery, and the record's end */
    double recovery_start_bpm;
    int32_t stages;
    secg_simulated_course_stage stage[SECG_SIMULATED_STAGES];
} secg_simulated_course;

/* Everything that changes slowly, at one moment. */
typedef struct secg_simulated_course_state {
    double bpm;
    double effort;     /* 0 at rest .. 1 at peak: how much the body moves and tenses */
    double reserve;    /* 0 .. 1: heart rate between standing rest and peak          */
    double st_mv;      /* depression of V5                                           */
    double upright;    /* 0 .. 1                                                     */
    double cadence_hz; /* steps; 0: not walking                                      */
    double breath_hz;
} secg_simulated_course_state;

/* config has been checked but for its protocol and stages, which are checked here. */
secg_status secg_simulated_course_init(secg_simulated_course *course,
                                       const secg_simulation_config *config, secg_error *error);
secg_simulated_course_state secg_simulated_course_at(const secg_simulated_course *course,
                                                     double time_s);

#endif
