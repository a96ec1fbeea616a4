#ifndef SECG_ANALYZER_INPUT_LOOP_H
#define SECG_ANALYZER_INPUT_LOOP_H

#include "base/wide.h"

/* Counts that are small (analyzer/input.c) to mV: channels that lie side by side, counts and mv
 * beginning at the first of them, baseline and gain too. */
SECG_WIDE_DECLARE(void, secg_input_loop, const int16_t *counts, size_t frames, size_t count_step,
                  const float *baseline, const float *gain, float *mv, size_t stride);

#endif
