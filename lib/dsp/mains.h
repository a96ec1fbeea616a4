#ifndef SECG_DSP_MAINS_H
#define SECG_DSP_MAINS_H

#include <stddef.h>
#include <stressecg/signal.h>

typedef struct secg_mains {
    size_t channels;
    int active; /* 0: no mains filter, or mains is beyond the band          */
    double rate_hz, nominal_hz, offset_hz;
    double cosine, sine, turn_cosine, turn_sine;
    float step_slow, step_spread, step_least, step;
    int block_frames, frame;
    float in_phase[SECG_MAX_CHANNELS], quadrature[SECG_MAX_CHANNELS];
    float before_in_phase[SECG_MAX_CHANNELS], before_quadrature[SECG_MAX_CHANNELS];
    float slow[SECG_MAX_CHANNELS], spread[SECG_MAX_CHANNELS];
    float started[SECG_MAX_CHANNELS]; /* 1: slow holds a level */
} secg_mains;

/* mains_hz 0, or one that the sampling rate cannot carry: the frames pass unchanged. */
void secg_mains_init(secg_mains *mains, double rate_hz, size_t channels, double mains_hz);

/* One frame in place, its channels filled up to whole quads (base/quad.h).  What is not finite becomes
 * NaN and teaches nothing. */
void secg_mains_run(secg_mains *mains, float *mv);

/* Some frames, rows of [stride] values, from one place to another, or in place.  1: every value is
 * known; 0: that was not seen. */
int secg_mains_take(secg_mains *mains, const float *in, float *out, size_t frames, size_t stride);

/* The mains frequency as followed so far. */
double secg_mains_hz(const secg_mains *mains);

#endif
