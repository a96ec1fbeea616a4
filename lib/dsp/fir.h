#ifndef SECG_DSP_FIR_H
#define SECG_DSP_FIR_H

#include "base/arena.h"

typedef struct secg_fir {
    size_t channels, taps, half, at;
    float *weight; /* [taps]                                                   */
    float *past;   /* [taps][channels], the newest before `at`                 */
} secg_fir;

/* A linear-phase low-pass, 3 dB down at corner_hz; corner_hz 0, or one that the rate cannot
 * carry: frames pass unchanged and without delay. */
void secg_fir_lay_out(secg_fir *fir, secg_arena *arena, double rate_hz, double corner_hz,
                      size_t channels);
void secg_fir_reset(secg_fir *fir);

/* One frame in place; comes out `half` frames late. */
void secg_fir_run(secg_fir *fir, float *mv);

#endif
