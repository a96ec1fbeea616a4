/* event.h: what an analyser, or a stress test around it, reports while samples come in.
 * Events have one fixed size and own nothing; copy them freely. */
#ifndef STRESSECG_EVENT_H
#define STRESSECG_EVENT_H

#include "signal.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secg_event_kind {
    SECG_EVENT_BEAT = 1,
    SECG_EVENT_RATE = 2,
    SECG_EVENT_ST = 3,
    SECG_EVENT_RHYTHM = 4,
    SECG_EVENT_SIGNAL = 5,
    SECG_EVENT_STAGE = 6,  /* from a secg_test only */
    SECG_EVENT_PROMPT = 7, /* from a secg_test only */
    SECG_EVENT_LOAD = 8,   /* from a secg_test only */
    SECG_EVENT_QRS = 9
} secg_event_kind;

/* Beat labels, as EC57 names them (domain.md 2.6). */
typedef enum secg_beat_label {
    SECG_BEAT_N = 'N', /* dominant, or any supraventricular beat on time            */
    SECG_BEAT_S = 'S', /* premature, of dominant shape                             */
    SECG_BEAT_V = 'V', /* of ventricular shape and timing                          */
    SECG_BEAT_Q = 'Q'  /* cannot be told: noise, fusion, learning, paced, no_labels */
} secg_beat_label;

typedef struct secg_beat {
    int64_t sample;       /* R peak or main deflection, nearest sample                */
    float offset_samples; /* sub-sample position: sample + offset, -0.5 .. 0.5        */
    uint8_t label;        /* secg_beat_label                                          */
    uint8_t paced;        /* 1: a pacer pulse was flagged within 150 ms before        */
    uint8_t leads_used;   /* leads that took part                                     */
    uint8_t reserved;
    float rr_ms;    /* since the previous beat; NaN for the first one, and after
                                    a time in which beats could not be seen                  */
    float noise_mv; /* noise of the best lead around the beat                   */
} secg_beat;

/* A QRS complex as it is seen first, 215 ms after its R peak as a rule and 300 ms at most: for a tone
 * or a mark on the screen.  It is an expectation: what follows may yet speak against it, or show a
 * beat where none was expected, and none is announced in the first 2 s.  Rate, rhythm and record are
 * made of BEAT alone, which comes later.  How often both agree with annotators: bench/README.md. */
typedef struct secg_qrs {
    int64_t sample;       /* R peak or main deflection; BEAT's may differ             */
    float offset_samples; /* sample + offset, -0.5 .. 0.5                             */
    uint8_t leads_used;   /* leads that took part                                     */
    uint8_t reserved[3];
} secg_qrs;

enum { SECG_PVC_NOT_COUNTED = 65535 }; /* beats are not labelled */

/* Once a second: the displayed heart rate, domain.md 2.5.  Where a single lead is analysed without ST it and
 * SIGNAL come up to 0.2 s late; `sample` says what they are of. */
typedef struct secg_rate {
    int64_t sample;
    secg_value bpm;       /* mean over the last 10 s of beats                         */
    uint16_t beats;       /* RR intervals in it                                       */
    uint16_t pvc_per_min; /* V beats in the last 60 s, or SECG_PVC_NOT_COUNTED        */
    uint32_t reserved;
} secg_rate;

/* Marks of the waves of a beat or of an average complex, in ms from its R peak; NaN: not there, or
 * not to be told from noise.  QRS onset and
 * J come together, as do the three of P and the three of T. */
typedef struct secg_wave_marks {
    float p_onset_ms, p_peak_ms, p_end_ms;
    float qrs_onset_ms, j_ms;
    float t_onset_ms, t_peak_ms, t_end_ms;
} secg_wave_marks;

/* Which level of the ST segment is shown, domain.md 3.1. */
typedef enum secg_st_point {
    SECG_ST_AUTO = 0, /* J+80 below 120 bpm, J+60 from there, 5 bpm hysteresis    */
    SECG_ST_J = 1,
    SECG_ST_J60 = 2,
    SECG_ST_J80 = 3,
    SECG_ST_JRR16 = 4 /* J + RR/16                                                */
} secg_st_point;
SECG_API const char *secg_st_point_text(secg_st_point point); /* "J+80", ... */

/* ST of one lead, measured on its average complex.  All levels are against the isoelectric level
 * of the PR segment.  Every float is NaN unless why is SECG_MEASURED; noise_mv, beats and age_s
 * are given when they are known.
 *
 * SECG_WHY_NOISE: noise_mv is 50 uV or more (domain.md 3.2), or noise alone would make sigma_mv more than
 * 17 uV up to 100 bpm, 27 uV from 150 bpm on, in between what lies between, and a twentieth of the level: so 19 in 20 of the levels
 * shown are off by less than a quarter of a millimetre of paper at rest, half a millimetre at peak
 * (bench/README.md has how that was measured).  To noise sigma_mv adds what 2.8 ms of doubt about J come to
 * where the segment is steep. */
typedef struct secg_st {
    int64_t sample; /* end of the time the average complex stands for           */
    uint8_t lead;   /* index in secg_signal_leads()                             */
    uint8_t point;  /* secg_st_point shown, never AUTO                          */
    uint8_t why;    /* secg_why                                                 */
    uint8_t path;   /* secg_path: the filter path measured on                   */
    uint16_t beats; /* equal beats it is worth: of the last 10 to 20 s, with noise more */
    uint16_t reserved;
    float level_mv;   /* at `point`                                               */
    float sigma_mv;   /* one standard uncertainty of level_mv                     */
    float slope_mv_s; /* least squares from J to `point`                          */
    float slope_sigma_mv_s;
    float level_j_mv, level_j60_mv, level_j80_mv, level_jrr16_mv;
    float integral_mv_s; /* from J to J+80 or T onset, against the isoelectric level */
    float noise_mv;      /* residual rms noise of one sample of the average complex  */
    float bpm;           /* of the beats averaged                                    */
    float age_s;         /* time since the newest beat in the average                */
} secg_st;

/* Filter paths; the id travels with every number. */
typedef enum secg_path {
    SECG_PATH_NONE = 0,
    SECG_PATH_MEASUREMENT = 1, /* see secg_path_text()                                     */
    SECG_PATH_DISPLAY = 2
} secg_path;
SECG_API const char *secg_path_text(secg_path path);

/* Rhythm events of domain.md 4; descriptions, thresholds are configuration. */
typedef enum secg_rhythm_kind {
    SECG_RHYTHM_PVC = 1,     /* a single ventricular beat                                */
    SECG_RHYTHM_COUPLET = 2, /* two in a row                                             */
    SECG_RHYTHM_RUN = 3,     /* three or more in a row                                   */
    SECG_RHYTHM_BIGEMINY = 4,
    SECG_RHYTHM_TRIGEMINY = 5,
    SECG_RHYTHM_SVE = 6,     /* a single premature beat of dominant shape                */
    SECG_RHYTHM_SVT_RUN = 7, /* several in a row                                         */
    SECG_RHYTHM_PAUSE = 8,
    SECG_RHYTHM_MISSED_BEAT = 9,
    SECG_RHYTHM_BRADY = 10,
    SECG_RHYTHM_TACHY = 11,
    SECG_RHYTHM_IRREGULAR = 12,
    SECG_RHYTHM_KINDS
} secg_rhythm_kind;
SECG_API const char *secg_rhythm_text(secg_rhythm_kind kind);

/* Reported once, when it has ended. */
typedef struct secg_rhythm {
    int64_t start, end; /* first and last beat                                      */
    uint16_t kind;      /* secg_rhythm_kind                                         */
    uint16_t beats;
    float bpm; /* within it; NaN when there is no interval                 */
} secg_rhythm;

/* State of a lead, or of all of them together (lead -1). */
typedef enum secg_signal_state {
    SECG_SIGNAL_GOOD = 0,
    SECG_SIGNAL_NOISY = 1,      /* beats are seen, measurements suffer                      */
    SECG_SIGNAL_UNREADABLE = 2, /* beats cannot be seen: EC57 shut-down when lead is -1     */
    SECG_SIGNAL_SATURATED = 3,
    SECG_SIGNAL_OFF = 4, /* flat: electrode off                                      */
    SECG_SIGNAL_GAP = 5  /* no values acquired                                       */
} secg_signal_state;
SECG_API const char *secg_signal_state_text(secg_signal_state state);

typedef struct secg_signal_report {
    int64_t sample; /* from here on                                             */
    int16_t lead;   /* index in secg_signal_leads(); -1: the signal as a whole  */
    uint8_t state;  /* secg_signal_state                                        */
    uint8_t previous;
    float noise_mv; /* rms noise between beats; NaN when it has no meaning      */
} secg_signal_report;

typedef enum secg_phase {
    SECG_PHASE_NONE = 0, /* recorded, but not part of the test yet                   */
    SECG_PHASE_PRETEST = 1,
    SECG_PHASE_EXERCISE = 2, /* or infusion                                              */
    SECG_PHASE_RECOVERY = 3,
    SECG_PHASE_ENDED = 4
} secg_phase;
SECG_API const char *secg_phase_text(secg_phase phase);

/* A stage began.  What to send to the treadmill or ergometer is said by LOAD. */
typedef struct secg_stage_event {
    int64_t sample;
    uint16_t phase;     /* secg_phase                                               */
    int16_t stage;      /* index in the protocol's table, -1 outside of it          */
    uint32_t automatic; /* 1: by the stage clock; 0: by an operator or a saved test */
    float speed_mph, grade_pct, power_w; /* target; NaN: not set                        */
    char label[24];
} secg_stage_event;

typedef enum secg_prompt_kind {
    SECG_PROMPT_BP_DUE = 1,
    SECG_PROMPT_STAGE_SOON = 2, /* the stage changes in 10 s                                */
    SECG_PROMPT_BP_OVERDUE = 3,
    SECG_PROMPT_STRIP_DUE = 4,
    SECG_PROMPT_LACKING = 5,     /* the stage ends in 20 s and the record lacks `lacks`      */
    SECG_PROMPT_TARGET_RATE = 6, /* from here on: a limit of the configuration is reached,   */
    SECG_PROMPT_RATE_LIMIT = 7,  /* `value` says at what figure; nothing is done about it    */
    SECG_PROMPT_SYSTOLIC_LIMIT = 8,
    SECG_PROMPT_DIASTOLIC_LIMIT = 9,
    SECG_PROMPT_SPO2_LIMIT = 10,
    SECG_PROMPT_TIME_LIMIT = 11,
    SECG_PROMPT_KINDS
} secg_prompt_kind;
SECG_API const char *secg_prompt_text(secg_prompt_kind kind); /* "blood pressure due", ... */

/* What a stage still lacks: bits of secg_prompt.lacks. */
typedef enum secg_lacks {
    SECG_LACKS_BLOOD_PRESSURE = 1,
    SECG_LACKS_STRIP = 2,
    SECG_LACKS_SYMPTOM = 4, /* an entry; "none" is one                                  */
    SECG_LACKS_RPE = 8
} secg_lacks;

typedef struct secg_prompt {
    int64_t sample;
    uint16_t kind; /* secg_prompt_kind                                         */
    int16_t stage;
    uint32_t lacks; /* LACKING: secg_lacks                                      */
    float value;    /* limits: the figure that reached it; NaN elsewhere        */
} secg_prompt;

/* Why a load is sent. */
typedef enum secg_load_cause {
    SECG_LOAD_STAGE = 1,  /* a stage began                                            */
    SECG_LOAD_RAMP = 2,   /* the next step of a ramp                                  */
    SECG_LOAD_MANUAL = 3, /* the operator set it                                      */
    SECG_LOAD_PAUSE = 4,  /* the belt stops, or the brake is off                      */
    SECG_LOAD_RESUME = 5,
    SECG_LOAD_STOP = 6,     /* recovery or end without a load of its own                */
    SECG_LOAD_EMERGENCY = 7 /* stop at once                                             */
} secg_load_cause;
SECG_API const char *secg_load_cause_text(secg_load_cause cause);

/* What to send to the treadmill or ergometer now, in the machine's own steps: 0.1 mph, 0.5 %, 1 W,
 * nearest, halves up.  What the machine did comes back as facts (secg_test_actual, secg_test_fault). */
typedef struct secg_load {
    int64_t sample;
    uint16_t phase;                      /* secg_phase                                   */
    int16_t stage;                       /* index in the protocol's table; -1            */
    uint32_t cause;                      /* secg_load_cause                              */
    float speed_mph, grade_pct, power_w; /* NaN: leave it as it is                       */
    uint32_t reserved;
} secg_load;

typedef struct secg_event {
    uint32_t kind; /* secg_event_kind                                          */
    uint32_t reserved;
    int64_t emitted; /* frames taken when the event became known: its delay is
                                    emitted - sample                                         */
    union {
        secg_beat beat;
        secg_rate rate;
        secg_st st;
        secg_rhythm rhythm;
        secg_signal_report signal;
        secg_stage_event stage;
        secg_prompt prompt;
        secg_load load;
        secg_qrs qrs;
        uint8_t size[80]; /* pins sizeof (secg_event) at 96                           */
    };
} secg_event;

#ifdef __cplusplus
}
#endif
#endif
