#ifndef SECG_DSP_FIR_LOOP_H
#define SECG_DSP_FIR_LOOP_H

#include "base/wide.h"

/* Some leads of some frames: centre is the first one's middle row, weight[0 .. half] that of the
 * middle and of one side.  0: not all that came of it is finite. */
SECG_WIDE_DECLARE(int, secg_fir_loop, const float *weight, size_t half, const float *centre,
                  float *out, size_t frames, size_t stride);

#endif
