/* A plain ECG for tests that need beats but not realism: Gaussian waves, a little noise from a
 * fixed generator.  Written apart from the simulator, so that tests of the pipeline do not lean
 * on it. */
#ifndef TESTS_PLAIN_ECG_H
#define TESTS_PLAIN_ECG_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static inline double plain_wave(double t_s, double centre_s, double width_s, double mv)
{
    double z = (t_s - centre_s) / width_s;
    return mv * exp(-0.5 * z * z);
}

/* One beat, t_s from its R peak. */
static inline double plain_beat(double t_s)
{
    return plain_wave(t_s, -0.16, 0.020, 0.12) + plain_wave(t_s, -0.028, 0.008, -0.10) +
           plain_wave(t_s, 0, 0.010, 1.20) + plain_wave(t_s, 0.030, 0.009, -0.25) +
           plain_wave(t_s, 0.26, 0.040, 0.30);
}

/* Frame n of `channels` leads: the beat scaled by 0.5 .. 1.2, at a steady rate, plus noise. */
static inline void plain_ecg(int64_t n, double rate_hz, double bpm, int channels, float *mv)
{
    double rr_s = 60 / bpm, t_s = (double)n / rate_hz, phase_s = fmod(t_s, rr_s);
    double beat = plain_beat(phase_s - 0.3) + plain_beat(phase_s - 0.3 - rr_s) +
                  plain_beat(phase_s - 0.3 + rr_s);
    for (int k = 0; k < channels; k++) {
        uint64_t x = (uint64_t)n * 16 + (uint64_t)k + UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        double noise = (double)((x ^ (x >> 31)) >> 11) / 9007199254740992.0 - 0.5;
        mv[k] = (float)((0.5 + 0.7 * (k % 8) / 7.0) * beat + 0.02 * noise);
    }
}

#endif
