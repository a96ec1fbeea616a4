/* simulate.h: stress-test tracings with known truth.  Library stressecg-io.
 *
 * Waveforms are analytic (sums of Gaussians and smooth steps), so that the truth about R peaks,
 * J points, isoelectric and ST levels is known from the formula and owes nothing to the measuring
 * code.  A seed decides everything random; same build, same seed, same bits. */
#ifndef STRESSECG_SIMULATE_H
#define STRESSECG_SIMULATE_H

#include "signal.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_simulation secg_simulation;

typedef struct secg_simulation_config {
    const char *protocol;        /* id; NULL: "bruce".  "steady": constant heart rate        */
    uint64_t seed;
    double rate_hz;              /* 0: 500                                                   */
    int32_t stages;              /* exercise stages completed; 0: 4                          */
    int32_t mains_hz;            /* 0: 60                                                    */
    double duration_s;           /* "steady" only; 0: 60                                     */
    double rest_bpm, peak_bpm;   /* 0: 65, 170.  "steady": rest_bpm throughout               */
    double st_peak_mv;           /* largest ST depression, in V5, at peak; NaN: none; 0: 0.20 */
    double noise_scale;          /* all noises times this; 0: 1; negative: no noise at all   */
    double ectopy_scale;         /* 0: the usual ectopic beats; negative: none; else PVC
                                    probability per beat ("steady" only)                     */
    uint8_t eight_channels;      /* 1: I II V1..V6 only                                      */
    uint8_t reserved[63];
} secg_simulation_config;

typedef struct secg_simulated_beat {
    int64_t sample;              /* R peak (largest deflection of lead II), nearest sample   */
    double r_time_s;             /* the same, exact                                          */
    uint8_t label;               /* 'N' or 'V'                                               */
    float rr_ms;                 /* to the beat before; NaN for the first                    */
    float qrs_onset_ms, j_ms, t_end_ms;      /* from R; of the analytic waveform             */
} secg_simulated_beat;

typedef struct secg_simulated_stage {
    char label[24];
    int32_t phase;               /* secg_phase of event.h                                    */
    int32_t index;               /* in the phase, from 0                                     */
    double start_s, end_s;
    float speed_mph, grade_pct;  /* NaN: none                                                */
    float bpm_end;               /* true mean heart rate of the last 10 s                    */
    float st80_mv[12], st60_mv[12], stj_mv[12];  /* true levels at the end, leads I..V6 in
                                    the order of secg_signal_standard_12                     */
    float st_slope_mv_s[12];
    int32_t pvc, couplets, runs; /* in the stage: V beats in all, pairs, runs of 3 and more  */
    int32_t systolic_mmhg, diastolic_mmhg;   /* as staff would take them near the end        */
    double bp_time_s;
} secg_simulated_stage;

SECG_API secg_status secg_simulation_create(const secg_simulation_config *config,
                                            secg_simulation **simulation, secg_error *error);
SECG_API void secg_simulation_destroy(secg_simulation *simulation);

/* 2.5 uV per count, 16 bit; leads as configured. */
SECG_API const secg_signal *secg_simulation_signal(const secg_simulation *simulation);
SECG_API int64_t secg_simulation_frames(const secg_simulation *simulation);
SECG_API const char *secg_simulation_protocol(const secg_simulation *simulation);

/* The next frames as counts, interleaved; *got = 0 at the end. */
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
