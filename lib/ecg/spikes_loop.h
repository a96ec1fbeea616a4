#ifndef SECG_ECG_SPIKES_LOOP_H
#define SECG_ECG_SPIKES_LOOP_H

#include "base/wide.h"
#include "ecg/spikes.h"

/* Some leads over the window, rows of [stride]: a bit for each that may hold a spike. */
SECG_WIDE_DECLARE(uint32_t, secg_spikes_loop, const secg_spikes *s, const float *mv, size_t stride,
                  int32_t factor);

#endif
