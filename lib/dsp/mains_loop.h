#ifndef SECG_DSP_MAINS_LOOP_H
#define SECG_DSP_MAINS_LOOP_H

#include "base/wide.h"
#include "dsp/mains.h"

#define SECG_MAINS_SPREAD_LEAST_MV 0.002f

/* The reference over a run of frames in which the frequency is left alone. */
enum { SECG_MAINS_RUN = 32 };
typedef struct secg_mains_phase {
    size_t frames;
    float now[SECG_MAINS_RUN][2];   /* cosine and sine                              */
    float learn[SECG_MAINS_RUN][2]; /* times the lesson's step                      */
} secg_mains_phase;

/* Leads from k on of a run, all of which have begun and are known; 0: they are not, and nothing was
 * learned.  in and out begin at the first of these leads. */
SECG_WIDE_DECLARE(int, secg_mains_loop, secg_mains *mains, const secg_mains_phase *phase, size_t k,
                  const float *in, float *out, size_t stride);

#endif
