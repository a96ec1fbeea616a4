#include "analyzer/input_loop.h"

#include <stressecg/signal.h>

void SECG_WIDE_NAME(secg_input_loop)(const int16_t *counts, size_t frames, size_t count_step,
                                     const float *baseline, const float *gain, float *mv,
                                     size_t stride)
{
    secg_wide zero = secg_wide_load(baseline), per_mv = secg_wide_load(gain);
    for (; frames > 0; frames--, counts += count_step, mv += stride) {
        secg_wide count = secg_wide_from_counts(counts);
        secg_wide_mask missing = count == (float)SECG_NO_COUNT_16;
        secg_wide x = (count - zero) / per_mv;
        secg_wide_store(mv, (secg_wide)((secg_wide_mask)x | missing)); /* all bits set: a NaN */
    }
}
