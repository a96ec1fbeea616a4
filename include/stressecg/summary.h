/* summary.h: what a stress test, or a plain recording, came to.  Everything here is measured,
 * counted or entered; there is no field for a verdict. */
#ifndef STRESSECG_SUMMARY_H
#define STRESSECG_SUMMARY_H

#include "test.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_blood_pressure {
    secg_why why; /* SECG_MEASURED, or SECG_WHY_NOT_ENTERED                   */
    int32_t systolic_mmhg, diastolic_mmhg;
    int64_t sample;
} secg_blood_pressure;

typedef struct secg_beat_counts {
    int32_t beats, n, s, v, q;
    int32_t pvc, couplets, runs; /* single V, pairs, three and more; v counts all of them    */
    int32_t longest_run;         /* beats                                                    */
    int32_t sve, svt_runs, bigeminy, trigeminy, pauses;
} secg_beat_counts;

/* A row of the stage table.  Pre-test and exercise stages as they were; recovery by intervals of
 * recovery_interval_s from its start, "Recovery 2:00" being the one that ends there.  Rows follow
 * each other without a gap from the first sample to the last: a second or more, or any beat,
 * before the first stage is a row "Before test", after the end "After test".  A recording without
 * any stage is one row, "Recording".  A stage that ended where it began, because exercise was stopped
 * exactly at a boundary, has no row; it stands in the timeline. */
typedef struct secg_stage_summary {
    char label[24]; /* "Supine", "1", "Recovery 2:00"                           */
    secg_phase phase;
    int32_t stage;    /* index in the protocol's table; -1                        */
    uint8_t complete; /* exercise: lasted as long as planned (within 1 s); an open
                                    stage: it is over                                        */
    uint8_t reserved[3];
    int64_t start, end; /* [start, end) samples                                     */
    double phase_s;     /* end of the stage, in seconds since the phase began       */
    double planned_s;   /* 0: open; recovery: the interval                          */
    float speed_mph, grade_pct, power_w; /* target; NaN: none             */
    float dose; /* target, in the protocol's dose_unit; NaN: none           */
    float actual_speed_mph, actual_grade_pct, actual_power_w; /* last measured; NaN: none  */
    secg_mets mets;           /* full value of the target load, of the actual one when no
                                    target is known; of a ramp, at the end of the row        */
    secg_value mets_reached;  /* interpolated, at the end of the row                        */
    secg_value bpm;           /* displayed rate in force at the end: the last 10 s        */
    secg_blood_pressure bp;   /* last in the row; of exercise and recovery, when there is
                                    none, the first up to 30 s after it; serves one row      */
    secg_value rate_pressure; /* bpm at the time of that BP, times systolic               */
    secg_value rpe, spo2;     /* last entered in the stage                                */
    double held_s, paused_s;  /* of the row: clock held, belt stopped                       */
    uint8_t manual_load;      /* 1: the target is the operator's                            */
    uint8_t faults;           /* reported by devices                                        */
    uint8_t mets_of_actual;   /* 1: METs of the measured load                             */
    uint8_t reserved2[5];
    int64_t strip_start, strip_end; /* a strip that stands for the row: from a STRIP fact in it,
                                    else its last 10 s; [start, end)                         */
    secg_beat_counts counts;
    float coverage_pct;          /* of the stage's samples: acquired in at least one lead    */
    float readable_pct;          /* of the stage's samples: not shut down (EC57)             */
    const secg_st *st;           /* [leads]: last table in (start, end]; STALE when it is more
                                    than 15 s older than the end                             */
    const secg_complex *complex; /* [leads]: those of that table; samples 0: none            */
    const float *complex_mv;     /* lead k's samples start at k * complex_capacity           */
} secg_stage_summary;

/* A fact that no longer counts, and what was entered instead. */
typedef struct secg_correction {
    secg_fact original;   /* as it was entered                                        */
    secg_fact correction; /* or a RETRACTION                                          */
    int32_t number;       /* of the original, in order of adding, from 1              */
    int32_t reserved;
} secg_correction;

typedef struct secg_peak {
    secg_value value;
    int64_t sample;
} secg_peak;

/* The average complexes that an ST table was measured on, all leads of it. */
typedef struct secg_complex_table {
    int64_t sample;              /* of the table                                             */
    const secg_complex *complex; /* [leads]; samples 0: none of this lead.  NULL: not kept   */
    const float *complex_mv;     /* lead k's samples start at k * complex_capacity           */
} secg_complex_table;

/* One time point of the trends: each ST table. */
typedef struct secg_trend_point {
    int64_t sample;
    secg_value bpm;
    const secg_st *st; /* [leads] */
} secg_trend_point;

/* A time in which a lead, or all of them, could not be used.  Memory bounds their number: a signal
 * whose leads fail and come back more than once a second throughout counts as failed, from where
 * the room ends, until the end. */
typedef struct secg_gap {
    int64_t start, end; /* [start, end)                                             */
    int16_t lead;       /* -1: all leads                                            */
    uint16_t state;     /* secg_signal_state                                        */
    float noise_mv;
} secg_gap;

typedef struct secg_summary {
    const secg_signal *signal;
    const secg_lead_source *lead; /* [leads] */
    size_t leads;
    int64_t frames;        /* recorded                                                 */
    uint64_t digest;       /* secg_analyzer_digest()                                   */
    int64_t start_unix_ms; /* SECG_NO_SAMPLE: not known                                */
    int32_t utc_offset_min;
    int32_t mains_hz;
    uint8_t calibrated;   /* 0: no millivolts anywhere                                */
    uint8_t deidentified; /* 1: made by secg_deidentify() in export.h: an age of 90 stands for 90
                             and more, times of day are not the real ones                 */
    uint8_t reserved[6];

    const secg_protocol *protocol; /* NULL: none */
    secg_test_patient patient;
    char protocol_label[64];  /* "" when there is no protocol                             */
    char max_bpm_formula[16]; /* "manual": entered by staff                               */
    char mets_formula[16];    /* "": none asked for                                       */
    secg_mets_convention mets_convention;
    secg_handrail handrail;
    secg_value predicted_max_bpm; /* rounded half up, as are the two below                */
    secg_value target_bpm;        /* target_pct of the unrounded maximum                  */
    secg_value percent_of_max;    /* peak_bpm in per cent of predicted_max_bpm            */

    const secg_stage_summary *stage;
    size_t stages;
    size_t complex_capacity;

    int64_t exercise_start, exercise_end, recovery_end; /* SECG_NO_SAMPLE: did not happen;
                                    the last two: so far, while there is no end              */
    double exercise_s, recovery_s;
    secg_end end; /* 0: not entered                                           */
    char end_text[240];

    secg_value rest_bpm;          /* at the end of the last pre-test stage, else where exercise
                                    starts                                                   */
    secg_peak peak_bpm;           /* highest displayed rate in exercise or its first 10 s of
                                    recovery; without exercise: of all                       */
    secg_peak peak_systolic;      /* in exercise and recovery, as the next                    */
    secg_peak peak_rate_pressure; /* highest product of a pair taken at the same time     */
    secg_peak peak_mets;          /* by mets_convention                                       */
    secg_peak peak_mets_by[SECG_METS_CONVENTIONS]; /* (a), (b), (c) of secg_mets_convention   */
    secg_value peak_mets_foster; /* peak_mets corrected, when handrail is stated             */
    secg_value predicted_mets, percent_of_predicted_mets;
    secg_peak peak_load_w; /* highest target of an ergometer                           */
    secg_peak recovery_drop_1min, recovery_drop_2min; /* peak_bpm minus the mean of +-5 s
                                    around the mark                                          */
    secg_value rate_reserve_bpm;      /* predicted maximum minus rest                             */
    secg_value rate_reserve_used_pct; /* (peak - rest) / (maximum - rest): "chronotropic index"
                                    of the literature, a plain ratio here                    */
    secg_blood_pressure rest_bp;      /* last before exercise                                     */
    secg_value systolic_rise_mmhg;    /* peak minus rest                                         */
    secg_value diastolic_change_mmhg; /* at the peak systolic reading, minus rest             */
    secg_value recovery_systolic_ratio; /* nearest 3 min (within 30 s) over nearest 1 min, or over
                                    the peak where that is missing                           */
    secg_peak st_lowest, st_highest;    /* level_mv over exercise and recovery, or over all     */
    int32_t st_lowest_lead, st_highest_lead;              /* -1: none                         */
    secg_complex_table st_lowest_table, st_highest_table; /* that these were measured on */

    secg_beat_counts total;
    float coverage_pct, readable_pct;

    const secg_beat *beat;
    size_t beats;
    const secg_rhythm *rhythm;
    size_t rhythms; /* in order of start                */
    const secg_trend_point *trend;
    size_t trends;
    const secg_rate *rate;
    size_t rates; /* once a second                    */
    const secg_gap *gap;
    size_t gaps; /* every time not GOOD or NOISY     */
    const secg_fact *fact;
    size_t facts; /* in order of time; of corrected facts, the correction */
    const secg_correction *correction;
    size_t corrections; /* in order of adding */

    secg_memory memory; /* where the lists lie, for secg_summary_rest()                   */
} secg_summary;

/* Builds the summary of what is recorded so far; call it after secg_test_flush for the final
 * one.  Takes memory (not real-time) from where the test has its own, owned by the test, valid
 * until the next call or destroy.  Work and memory grow in proportion to the recording.
 * NULL and error: SECG_E_MEMORY. */
SECG_API const secg_summary *secg_test_summary(secg_test *test, secg_error *error);

/* For who walks one of the long lists (beat, rhythm, trend, rate, gap): called with the index of
 * each item, it lets the memory rest every few hundred of them (secg_memory in base.h);
 * SIZE_MAX lets it rest at once.  Nothing happens where the memory has no use for it. */
SECG_API void secg_summary_rest(const secg_summary *summary, size_t index);

/* The default of secg_mets_convention_text(). */
SECG_API const char *secg_summary_peak_mets_text(void);

/* The stage (index in summary->stage) that holds a sample; -1: none. */
SECG_API int secg_summary_stage_at(const secg_summary *summary, int64_t sample);

#ifdef __cplusplus
}
#endif
#endif
