#ifndef SECG_DSP_FIR_H
#define SECG_DSP_FIR_H

#include "base/arena.h"

typedef struct secg_fir {
    size_t channels, stride, half;
    float *weight; /* [half + 1]: the middle and one side                       */
    float *past;   /* [rows][stride]: frames as they come; when the last row is */
    size_t rows;   /* reached the latest 2 half go to the front                 */
    size_t at;     /* the next row to be written                                */
} secg_fir;

/* A linear-phase low-pass, 3 dB down at corner_hz; corner_hz 0, or one that the rate cannot
 * carry: frames pass unchanged and without delay. */
void secg_fir_lay_out(secg_fir *fir, secg_arena *arena, double rate_hz, double corner_hz,
                      size_t channels);
void secg_fir_reset(secg_fir *fir);

/* Some frames at once, at most SECG_FIR_RUN: written where room says, rows of the channels filled up to
 * whole quads (base/quad.h); then run, which gives as many rows, each `half` frames late. */
enum { SECG_FIR_RUN = 32 };
float *secg_fir_room(secg_fir *fir, size_t frames);
void secg_fir_run(secg_fir *fir, float *out, size_t frames);

#endif
