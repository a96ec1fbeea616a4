#ifndef SECG_ECG_SHAPES_LOOP_H
#define SECG_ECG_SHAPES_LOOP_H

#include "base/wide.h"
#include "ecg/shapes.h"

/* Some leads of a piece of signal, rows of [channels]: s_k is bump times scale, weighed w_k s_k, and
 * products w_k s_k^2. */
SECG_WIDE_DECLARE(void, secg_shapes_weigh_loop, const int32_t *bump, size_t rows, size_t channels,
                  float scale, const float *weight, float *weighed, float *products);

/* Some leads of a shape, rows of [channels]: each cell goes a part of its way to x times scale less the
 * lead's base; energy: what the squares of a lead come to then. */
SECG_WIDE_DECLARE(void, secg_shapes_approach_loop, float *cell, const int32_t *x, size_t rows,
                  size_t channels, float scale, const float *base, float part, float *energy);

/* Of some leads the row with the largest main deflection among `rows`, the first of them; that of
 * `middle` where none is larger. */
SECG_WIDE_DECLARE(void, secg_shapes_main_loop, const float *plain, int32_t first, int32_t rows,
                  int32_t middle, size_t channels, int32_t *best);

/* ---- one lead, along time -------------------------------------------------------------------- */

enum {
    /* At 200 steps a second, the most there are: */
    SECG_SHAPES_HALF = 18,
    SECG_SHAPES_REACH = 5,
    SECG_SHAPES_ROWS = 2 * (SECG_SHAPES_HALF + SECG_SHAPES_REACH) + 1,
    SECG_SHAPES_BEYOND = 2 * SECG_QUAD /* vectors reach beyond the last row, by less than that */
};

/* secg_shapes_match() with rows of bumps, in units of `scale`, weighed. */
SECG_WIDE_DECLARE(secg_match, secg_shapes_match_one_loop, const secg_shapes *s, const int32_t *bump,
                  float scale, float weight, int32_t beats);

/* Returns the shift of best agreement with a shape of so much energy; there, of signal and shape, weighed,
 * the products of one with the other and of the signal with itself. */
SECG_WIDE_DECLARE(int32_t, secg_shapes_align_one_loop, const secg_shapes *s,
                  const secg_shape *shape, const int32_t *bump, float scale, float weight,
                  float energy, float *st, float *ss);

/* The same products in the wide band: x times scale, all rows or every other. */
SECG_WIDE_DECLARE(void, secg_shapes_wide_one_loop, const int32_t *x, int every_other, int32_t rows,
                  float scale, float weight, const float *t, float *st, float *ss);

/* As secg_shapes_approach_loop(), to all rows or every other, and without a base. */
SECG_WIDE_DECLARE(void, secg_shapes_approach_one_loop, float *cell, const int32_t *x,
                  int every_other, int32_t rows, float scale, float part, float *energy);

/* Rows that approach those of x from `quiet` on, less the mean of those before; size: of deflections, as
 * secg_main_deflection() has it. */
SECG_WIDE_DECLARE(void, secg_shapes_plain_one_loop, float *cell, const int32_t *x, int32_t quiet,
                  int32_t rows, float part, float *size);

#endif
