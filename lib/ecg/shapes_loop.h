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

#endif
