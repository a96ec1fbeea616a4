/* simulate.h: stress-test tracings with known truth.  Library stressecg-io.
 *
 * Waveforms are analytic (sums of humps of compact support and smooth steps), so that the truth
 * about R peaks, J points, isoelectric and ST levels is known from the formula and owes nothing to
 * the measuring code.  Outside of QRS onset .. J the QRS is exactly 0, in every lead.
 *
 * A test is: supine and standing rest, 60 s each; exercise stages; six minutes of recovery, known
 * minute by minute.  Noise is made for each electrode, so that every relation between leads holds.
 * A seed decides everything random; same build, same seed, same bits, however it is read; noise
 * and sampling rate move no beat. */
#ifndef STRESSECG_SIMULATE_H
#define STRESSECG_SIMULATE_H

#include "signal.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_simulation secg_simulation;

typedef struct secg_simulation_config {
    const char *protocol; /* NULL: "bruce"; "modified-bruce", "naughton", "balke-ware";
                                    "steady": constant RR intervals, one row of truth        */
    uint64_t seed;
    double rate_hz;            /* 0: 500                                                   */
    int32_t stages;            /* exercise stages completed; 0: 4.  Not for "steady"       */
    int32_t mains_hz;          /* 50 or 60; 0: 60.  The line is 0.05 % off it              */
    double duration_s;         /* "steady" only, 10 .. 90000; 0: 60                        */
    double rest_bpm, peak_bpm; /* 20 .. 250; 0: 65, 170.  "steady": rest_bpm throughout    */
    double st_peak_mv;         /* ST depression in V5 at J+60 and peak rate, T wave aside,
                                    -2 .. 2; NaN: none; 0: 0.20.  "steady": throughout; 0: none */
    double noise_scale;        /* all noises times this, to 20; 0: 1; negative: no noise   */
    double ectopy_scale;       /* 0: the usual ectopic beats ("steady": none); negative: none;
                                    else PVC probability per beat, to 0.5 ("steady" only)    */
    uint8_t eight_channels;    /* 1: I II V1..V6 only                                      */
    uint8_t reserved[63];
} secg_simulation_config;

typedef struct secg_simulated_beat {
    int64_t sample;  /* R peak (largest deflection of lead II), nearest sample   */
    double r_time_s; /* the same, exact                                          */
    uint8_t label;   /* 'N' or 'V'                                               */
    float rr_ms;     /* to the beat before; NaN for the first                    */
    float qrs_onset_ms, j_ms, t_end_ms; /* from R; of the analytic waveform             */
} secg_simulated_beat;

/* bpm_end is the mean of the RR intervals within the last 10 s.  Levels are means over the normal
 * beats of the last 10 s, of the whole waveform (its T wave included) less its value in the middle
 * of the PR segment; the slope is the least-squares line through them from J to J+80, or to J+60
 * when bpm_end is 120 or more.  Leads in the order of secg_signal_standard_12. */
typedef struct secg_simulated_stage {
    char label[24]; /* "Supine", "Standing", "1", "1/2", "Recovery 1:00", "Steady" */
    int32_t phase;  /* secg_phase of event.h                                    */
    int32_t index;  /* in the phase, from 0                                     */
    double start_s, end_s;
    float speed_mph, grade_pct; /* NaN: none                                                */
    float bpm_end;
    float st80_mv[12], st60_mv[12], stj_mv[12];
    float st_slope_mv_s[12];
    int32_t pvc, couplets, runs; /* in the stage: V beats in all, pairs, runs of 3 and more  */
    int32_t systolic_mmhg, diastolic_mmhg; /* as staff would take them near the end; 0: not */
    double bp_time_s; /* NaN: not taken                                           */
} secg_simulated_stage;

/* SECG_E_ARGUMENT: error names the field that is outside its range, or unknown.  SECG_E_MEMORY. */
SECG_API secg_status secg_simulation_create(const secg_simulation_config *config,
                                            secg_simulation **simulation, secg_error *error);
SECG_API void secg_simulation_destroy(secg_simulation *simulation);

/* 2.5 uV per count, 16 bit; leads as configured. */
SECG_API const secg_signal *secg_simulation_signal(const secg_simulation *simulation);
SECG_API int64_t secg_simulation_frames(const secg_simulation *simulation);
SECG_API const char *secg_simulation_protocol(const secg_simulation *simulation);

/* The next frames as counts, interleaved; *got = 0 at the end.  SECG_E_ARGUMENT: NULL. */
SECG_API secg_status secg_simulation_read(secg_simulation *simulation, int16_t *counts,
                                          size_t frames, size_t *got);

/* The truth, known from creation on; owned by the simulation. */
SECG_API const secg_simulated_beat *secg_simulation_beats(const secg_simulation *simulation,
                                                          size_t *count);
SECG_API const secg_simulated_stage *secg_simulation_stages(const secg_simulation *simulation,
                                                            size_t *count);

#ifdef __cplusplus
}
#endif
#endif
