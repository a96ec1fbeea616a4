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
} secg_protocol;

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

/* Running from 5.0 mph on (or when running is 1), walking below: one switch, no blending
 * (domain.md 1.4).  Not measurable (SECG_WHY_NOT_ENTERED) where a figure is missing. */
SECG_API secg_mets secg_mets_treadmill(double speed_mph, double grade_pct, int running);
SECG_API secg_mets secg_mets_ergometer(secg_modality modality, double power_w, double body_kg);

/* ---- predicted maximum heart rate, domain.md 1.5 ----------------------------------------- */

/* Formula ids: fox tanaka gulati sydo_m sydo_f gellish inbar nes_hunt fairbarn_m fairbarn_f
 * brawner_bb.  NaN for an unknown id or an age outside 1 .. 120.  Not rounded. */
SECG_API double secg_predicted_max_bpm(const char *formula, double age_years);
/* Halves up, as the printed integer is made. */
SECG_API int secg_round_half_up(double value);

#ifdef __cplusplus
}
#endif
#endif
