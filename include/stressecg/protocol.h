/* protocol.h: exercise and drug protocols as data, and the arithmetic of workload. */
#ifndef STRESSECG_PROTOCOL_H
#define STRESSECG_PROTOCOL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secg_modality {
    SECG_MODALITY_TREADMILL = 1,
    SECG_MODALITY_BICYCLE = 2,
    SECG_MODALITY_ARM = 3,
    SECG_MODALITY_DRUG = 4
} secg_modality;
SECG_API const char *secg_modality_text(secg_modality modality);

/* One stage as the table has it.  NaN: not set in this stage. */
typedef struct secg_protocol_stage {
    char label[24];             /* data, not an index: "1", "1/2", "Warm-up"                */
    double duration_s;          /* 0: until the operator advances                           */
    float speed_mph, grade_pct; /* treadmill                                                */
    float power_w;              /* ergometer                                                */
    float dose;                 /* drug: in dose_unit of the protocol                       */
    float bp_due_s;             /* blood pressure is due this long before the stage's end;
                                    NaN: none in this stage                                  */
    float strip_due_s;          /* the same for an ECG strip                                */
    float ramp_s;               /* 0: the load stays; else it rises evenly to that of the next
                                    stage, and is sent anew this often (1 .. 60 s)           */
} secg_protocol_stage;

/* A table with its identity: the same name has different tables at different vendors
 * (domain.md 1.1), so id and version are printed in the record. */
typedef struct secg_protocol {
    char id[32];      /* "bruce"                                                  */
    char version[16]; /* of the table                                             */
    char name[64];    /* "Bruce"                                                  */
    char source[96];  /* where the table comes from                               */
    secg_modality modality;
    char dose_unit[16]; /* "ug/kg/min"; "" unless drug                              */
    const secg_protocol_stage *stage;
    size_t stages;
    double recovery_s; /* planned                                                  */
    float recovery_speed_mph, recovery_grade_pct; /* active recovery; NaN or 0: none        */
    float recovery_power_w;
} secg_protocol;

enum { SECG_MAX_PROTOCOL_STAGES = 256 };

/* Whether a table can be run: texts that end, durations of 0 or 1 .. 86400 s, loads within 0 .. 25
 * mph, -10 .. 50 %, 0 .. 1500 W, ramps that have a stage to rise to.  SECG_E_ARGUMENT names the
 * field. */
SECG_API secg_status secg_protocol_check(const secg_protocol *protocol, secg_error *error);

/* A table made for one patient, or from another table.  The protocol points into the struct: do not
 * copy it. */
typedef struct secg_made_protocol {
    secg_protocol protocol;
    secg_protocol_stage stage[32];
} secg_made_protocol;

/* An individual ramp (domain.md 1.2): METs, or watts, rise evenly so that the predicted peak is met
 * `minutes` after the start; it goes on to one and a half times that time.
 *   treadmill  1 min at 2.0 mph, 0 %; then speed rises evenly to peak_speed_mph at the peak, and the
 *              grade is what the ACSM walking equation needs for the METs of that minute
 *   bicycle, arm  2 min at start_w, then watts rise evenly to peak_w
 * Stages of 2 min, so that blood pressure has its place; the load is sent anew every update_s.
 * SECG_E_ARGUMENT names the field; also when the METs would need a grade outside 0 .. 25 %. */
typedef struct secg_ramp_config {
    secg_modality modality; /* TREADMILL, BICYCLE or ARM                                */
    double minutes;         /* 6 .. 15; 0: 10                                           */
    double update_s;        /* 5 .. 20; 0: 10                                           */
    double peak_mets;       /* treadmill: predicted, 3 .. 25                            */
    double peak_speed_mph;  /* treadmill: 2 .. 4.9; 0: 3.3                              */
    double start_w, peak_w; /* ergometer; start 0 .. 100, peak above it to 600          */
} secg_ramp_config;
SECG_API secg_status secg_protocol_make_ramp(const secg_ramp_config *config,
                                             secg_made_protocol *made, secg_error *error);

/* The same table as an interpolated ramp ("ramped Bruce"): within each stage the load rises evenly
 * to that of the next one.  At most 32 stages, none of them open but the last. */
SECG_API secg_status secg_protocol_interpolate(const secg_protocol *table, double update_s,
                                               secg_made_protocol *made, secg_error *error);

/* Pre-test stages that every system has, domain.md 1.1: "Supine", "Sitting", "Standing",
 * "Hyperventilation".  NULL past the end. */
SECG_API const char *secg_pretest_at(size_t index);

/* The built-in catalogue.  NULL: no such id, or index past the end. */
SECG_API const secg_protocol *secg_protocol_find(const char *id);
SECG_API const secg_protocol *secg_protocol_at(size_t index);

/* ---- metabolic equivalents, domain.md 1.4: gross VO2 / 3.5 mL/kg/min -------------------- */

typedef enum secg_mets_method {
    SECG_METS_NONE = 0,
    SECG_METS_ACSM_WALKING = 1, /* (3.5 + 0.1 S + 1.8 S G)/3.5                              */
    SECG_METS_ACSM_RUNNING = 2, /* (3.5 + 0.2 S + 0.9 S G)/3.5                              */
    SECG_METS_ACSM_LEG = 3,     /* (7 + 10.8 W/kg)/3.5                                      */
    SECG_METS_ACSM_ARM = 4      /* (3.5 + 18 W/kg)/3.5                                      */
} secg_mets_method;
/* "ACSM walking", ...: printed beside the figure. */
SECG_API const char *secg_mets_method_text(secg_mets_method method);

typedef struct secg_mets {
    secg_value mets;
    secg_mets_method method;
    uint8_t extrapolated; /* 1: outside the range that the equation was made for      */
    uint8_t reserved[3];
} secg_mets;

/* How METs of a stage are taken that was not completed, domain.md 1.4.  On a ramp the load itself
 * rises, so all three are the equation at the load of the moment. */
typedef enum secg_mets_convention {
    SECG_METS_FULL = 1,         /* (a) the stage's full value from its start                */
    SECG_METS_INTERPOLATED = 2, /* (b) rising over the stage's planned time from the value reached
                                    before it (1 MET at rest) to its full value              */
    SECG_METS_COMPLETED = 3     /* (c) the last stage of which 60 s were completed          */
} secg_mets_convention;
enum { SECG_METS_CONVENTIONS = 3 };
SECG_API const char *secg_mets_convention_name(secg_mets_convention convention); /* "full" ... */
SECG_API const char *secg_mets_convention_text(secg_mets_convention convention);

/* Foster's correction of the steady-state equations for fast protocols (MSSE 1996;28:752): VO2
 * 0.869 of ACSM's - 0.07 without, 0.694 of it + 3.33 with handrail support.  Optional, and always
 * printed with secg_handrail_text(). */
typedef enum secg_handrail {
    SECG_HANDRAIL_NOT_STATED = 0, /* no correction                                        */
    SECG_HANDRAIL_NONE = 1,
    SECG_HANDRAIL_HELD = 2
} secg_handrail;
SECG_API double secg_mets_foster(double acsm_mets, secg_handrail handrail);
SECG_API const char *secg_handrail_text(secg_handrail handrail);

/* Running from 5.0 mph on (or when running is 1), walking below: one switch, no blending
 * (domain.md 1.4).  Not measurable (SECG_WHY_NOT_ENTERED) where a figure is missing. */
SECG_API secg_mets secg_mets_treadmill(double speed_mph, double grade_pct, int running);
SECG_API secg_mets secg_mets_ergometer(secg_modality modality, double power_w, double body_kg);

/* ---- predicted maximum heart rate, domain.md 1.5 ----------------------------------------- */

/* Formula ids: fox tanaka gulati sydo_m sydo_f gellish inbar nes_hunt fairbarn_m fairbarn_f
 * brawner_bb.  NaN for an unknown id or an age outside 1 .. 120.  Not rounded. */
SECG_API double secg_predicted_max_bpm(const char *formula, double age_years);
/* Predicted METs, domain.md 1.5: "sedentary" 16.6 - 0.16 age, "active" 18.7 - 0.15 age, "morris"
 * (referred men) 14.7 - 0.11 age, "gulati" (women) 14.7 - 0.13 age.  NaN as above. */
SECG_API double secg_predicted_mets(const char *formula, double age_years);
/* Halves up, as the printed integer is made. */
SECG_API int secg_round_half_up(double value);

#ifdef __cplusplus
}
#endif
#endif
