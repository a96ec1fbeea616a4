#ifndef SECG_DSP_HIGHPASS_LOOP_H
#define SECG_DSP_HIGHPASS_LOOP_H

#include "base/wide.h"
#include "dsp/highpass.h"

/* Leads from k on of some frames, all of which have begun and are finite; 0: they are not, and
 * nothing has come of it.  in and out begin at the first of these leads. */
SECG_WIDE_DECLARE(int, secg_highpass_loop, secg_highpass *highpass, size_t k, const float *in,
                  float *out, size_t frames, size_t stride);

#endif
