/* What electrodes and amplifier add to the heart's signal, electrode by electrode. */
#ifndef SECG_SIMULATE_NOISE_H
#define SECG_SIMULATE_NOISE_H

#include "simulate/random.h"

enum { SECG_ELECTRODES = 9 }; /* RA LA LL V1..V6; RL is the reference of them all */

typedef struct secg_noise_biquad {
    double b0, b1, b2, a1, a2, z1, z2;
} secg_noise_biquad;

/* Gaussian noise of variance 1 that changes slowly: white noise through two equal one-pole
 * low-passes. */
typedef struct secg_slow_noise {
    double first, second;
} secg_slow_noise;

typedef struct secg_noise_electrode {
    secg_noise_biquad muscle_high, muscle_low;
    secg_slow_noise drift, muscle_level, motion_level, mains_level;
    double breath_gain, motion_gain, motion_phase, mains_gain, mains_phase;
    double offset_mv, offset_keep; /* the skin after a jolt: jumps, then relaxes */
    double jolt_mv;                /* offset_mv, its edge rounded                */
} secg_noise_electrode;

typedef struct secg_noise {
    double scale;
    double rate_hz, mains_hz;
    double slow_pole, slow_gain, drift_pole, drift_gain, muscle_gain, edge;
    double breath_phase, motion_phase, mains_phase;
    secg_random random;
    secg_noise_electrode electrode[SECG_ELECTRODES];
} secg_noise;

/* How the person moves now. */
typedef struct secg_noise_drive {
    double effort, cadence_hz, breath_hz;
} secg_noise_drive;

void secg_noise_init(secg_noise *noise, uint64_t seed, double rate_hz, double mains_hz,
                     double scale);
/* Posture changes: every electrode jumps. */
void secg_noise_shift(secg_noise *noise);
/* The next sample of each electrode, in mV. */
void secg_noise_next(secg_noise *noise, const secg_noise_drive *drive, double *mv);

#endif
