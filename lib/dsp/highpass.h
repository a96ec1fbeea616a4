#ifndef SECG_DSP_HIGHPASS_H
#define SECG_DSP_HIGHPASS_H

#include <stddef.h>
#include <stressecg/signal.h>

typedef struct secg_highpass {
    size_t channels;
    double pole;
    double x1[SECG_MAX_CHANNELS], y1[SECG_MAX_CHANNELS];
    unsigned char started[SECG_MAX_CHANNELS];
} secg_highpass;

/* corner_hz 0: frames pass unchanged. */
void secg_highpass_init(secg_highpass *highpass, double rate_hz, double corner_hz, size_t channels);

/* Some frames in place, rows of the channels filled up to whole quads (base/quad.h). */
void secg_highpass_run(secg_highpass *highpass, float *mv, size_t frames);

#endif
