#ifndef SECG_ECG_CUT_LOOP_H
#define SECG_ECG_CUT_LOOP_H

#include "base/wide.h"

/* Rows that share their weights: the frames of each are `down` after those of the one before.  x: the
 * first frame; mv: the rows, row_step floats between them.  taps is a multiple of eight, that being
 * what a thinner sample is made of (dsp/interpolate.h). */
typedef struct secg_cut_rows {
    const float *weight;
    size_t taps, down, count, stride, row_step;
} secg_cut_rows;
SECG_WIDE_DECLARE(void, secg_cut_weigh_loop, const secg_cut_rows *rows, const float *x, float *mv);

/* The same curve in powers of what lies between a row and one `s` later; all begin at the first lead. */
SECG_WIDE_DECLARE(void, secg_cut_move_loop, const float *curve, float s, float *moved);

/* Takes a cubic away from rows, `step` apart: curve [4][SECG_STRIDE_MAX], in powers of what lies
 * between a row and the first one. */
SECG_WIDE_DECLARE(void, secg_cut_level_loop, const float *curve, float step, float *mv,
                  size_t count, size_t stride);

/* Cells in their stored form; so many as fill whole vectors, the rest is left. */
SECG_WIDE_DECLARE(void, secg_cut_store_loop, const float *mv, size_t cells, int16_t *counts);

#endif
