#ifndef SECG_ECG_STRIDE_LOOP_H
#define SECG_ECG_STRIDE_LOOP_H

#include "base/wide.h"
#include "ecg/stride.h"

enum { SECG_STRIDE_LINES = 5 }; /* that are looked at together */

/* exp(2 pi j f t) of every beat at some lines: cosines and sines. */
typedef float secg_stride_turns[SECG_STRIDE_LINES][2][SECG_AVERAGE_BEATS];

/* Beats from i on, side by side: at these lines, and on to the one after them. */
SECG_WIDE_DECLARE(void, secg_stride_turn_loop, secg_stride *s, size_t i, secg_stride_turns lines);

/* Some channels of all beats, rows of [stride] counts: |c|^2 at each of the lines, rows of
 * [SECG_STRIDE_MAX]. */
SECG_WIDE_DECLARE(void, secg_stride_line_loop, const int16_t *moved, size_t beats, size_t stride,
                  secg_stride_turns lines, float *square);

#endif
