#ifndef SECG_DSP_FIR_H
#define SECG_DSP_FIR_H

#include "base/arena.h"

typedef struct secg_fir {
    size_t channels, stride, taps, half, at;
    size_t whole;  /* frames since the last with a NaN                          */
    float *weight; /* [taps]                                                   */
    float total;   /* of the weights                                           */
    float
        *past; /* [2 taps][stride]: each frame twice, so that the latest `taps` of them lie side by
                      side from `at` on                                         */
} secg_fir;

/* A linear-phase low-pass, 3 dB down at corner_hz; corner_hz 0, or one that the rate cannot
 * carry: frames pass unchanged and without delay. */
void secg_fir_lay_out(secg_fir *fir, secg_arena *arena, double rate_hz, double corner_hz,
                      size_t channels);
void secg_fir_reset(secg_fir *fir);

/* Some frames in place, rows of the channels filled up to whole quads (base/quad.h); each comes out
 * `half` frames late. */
void secg_fir_run(secg_fir *fir, float *mv, size_t frames);

#endif
