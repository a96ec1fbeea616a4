#include "analyzer/input_loop.h"

#include <stressecg/signal.h>

enum { TOGETHER = 4 }; /* frames between which nothing is counted */

SECG_INLINE void convert(const int16_t *counts, secg_wide zero, secg_wide per_mv, float *mv)
{
    secg_wide count = secg_wide_from_counts(counts);
    secg_wide_mask missing = count == (float)SECG_NO_COUNT_16;
    secg_wide x = (count - zero) / per_mv;
    secg_wide_store(mv, (secg_wide)((secg_wide_mask)x | missing)); /* all bits set: a NaN */
}

void SECG_WIDE_NAME(secg_input_loop)(const int16_t *counts, size_t frames, size_t count_step,
                                     const float *baseline, const float *gain, float *mv,
                                     size_t stride)
{
    secg_wide zero = secg_wide_load(baseline), per_mv = secg_wide_load(gain);
    for (; frames >= TOGETHER; frames -= TOGETHER) {
        for (size_t n = 0; n < TOGETHER; n++)
            convert(counts + n * count_step, zero, per_mv, mv + n * stride);
        counts += TOGETHER * count_step;
        mv += TOGETHER * stride;
    }
    for (; frames > 0; frames--, counts += count_step, mv += stride)
        convert(counts, zero, per_mv, mv);
}
