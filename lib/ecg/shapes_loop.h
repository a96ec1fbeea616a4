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
    SECG_SHAPES_PLACES = 2 * SECG_SHAPES_REACH + 1,
    SECG_SHAPES_BEYOND = 2 * SECG_QUAD /* vectors reach beyond the last row, by less than that */
};

/* A piece of signal, and how it agrees with a template at each place, the second a row after the first. */
typedef struct secg_shapes_one {
    float weighed[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND]; /* w s           */
    float energy[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];  /* w s^2 of the rows before this one */
    float st[SECG_SHAPES_PLACES + SECG_SHAPES_BEYOND], ss[SECG_SHAPES_PLACES + SECG_SHAPES_BEYOND];
    float agreement[SECG_SHAPES_PLACES + SECG_SHAPES_BEYOND];
} secg_shapes_one;

/* s is bump times scale. */
SECG_WIDE_DECLARE(void, secg_shapes_weigh_one_loop, const int32_t *bump, int32_t rows, float scale,
                  float weight, secg_shapes_one *one);

/* Climbs from the middle, at `reach`, to the place of best agreement, which is returned. */
SECG_WIDE_DECLARE(int32_t, secg_shapes_align_one_loop, secg_shapes_one *one, int32_t reach,
                  const float *t, int32_t rows, float tt);

/* s is x times scale, weighed, of all its rows or of every other: its products with the template's rows
 * and with itself. */
SECG_WIDE_DECLARE(void, secg_shapes_compare_one_loop, const int32_t *x, int every_other,
                  int32_t rows, float scale, float weight, const float *t, float *st, float *ss);

/* As secg_shapes_approach_loop(), to all rows or every other.  energy: NULL, or what the squares come to. */
SECG_WIDE_DECLARE(void, secg_shapes_approach_one_loop, float *cell, const int32_t *x,
                  int every_other, int32_t rows, float scale, float base, float part,
                  float *energy);

#endif
