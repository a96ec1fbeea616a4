#ifndef SECG_DSP_HIGHPASS_H
#define SECG_DSP_HIGHPASS_H

#include <stddef.h>
#include <stressecg/signal.h>

typedef struct secg_highpass {
    size_t channels;
    float pole;
    float x1[SECG_MAX_CHANNELS], y1[SECG_MAX_CHANNELS];
    unsigned char started[SECG_MAX_CHANNELS];
} secg_highpass;

#define SECG_HIGHPASS_LEAST_MV                                                                     \
    1e-15f /* what is left of a level is 0 below that: nothing denormal */

/* corner_hz 0: frames pass unchanged, but that what is not finite becomes NaN. */
void secg_highpass_init(secg_highpass *highpass, double rate_hz, double corner_hz, size_t channels);

/* Some frames from one place to another, or in place: rows of the channels filled up to whole quads
 * (base/quad.h). */
void secg_highpass_run(secg_highpass *highpass, const float *in, float *out, size_t frames);

#endif
