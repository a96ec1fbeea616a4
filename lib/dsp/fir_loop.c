#include "dsp/fir_loop.h"

enum { TOGETHER = 8, FEW = 4 }; /* frames that share the reading of the weights */

/* `frames` is a constant where this is used, so that sums stay in registers.  Returns what is not finite
 * when one of them is not. */
SECG_INLINE secg_wide weigh(const float *weight, size_t half, const float *centre, float *out,
                            size_t frames, size_t stride)
{
    secg_wide sum[TOGETHER], all = secg_wide_all(0);
    const float *before = centre, *after = centre;
    for (size_t n = 0; n < frames; n++)
        sum[n] = secg_wide_all(*weight) * secg_wide_load(centre + n * stride);
    for (const float *end = weight + half; weight < end;) {
        secg_wide w = secg_wide_all(*++weight);
        before -= stride;
        after += stride;
        for (size_t n = 0; n < frames; n++)
            sum[n] +=
                w * (secg_wide_load(before + n * stride) + secg_wide_load(after + n * stride));
    }
    for (size_t n = 0; n < frames; n++) {
        all += sum[n];
        secg_wide_store(out + n * stride, sum[n]);
    }
    return all;
}

int SECG_WIDE_NAME(secg_fir_loop)(const float *weight, size_t half, const float *centre, float *out,
                                  size_t frames, size_t stride)
{
    secg_wide all = secg_wide_all(0);
    for (; frames >= TOGETHER; frames -= TOGETHER) {
        all += weigh(weight, half, centre, out, TOGETHER, stride);
        centre += TOGETHER * stride;
        out += TOGETHER * stride;
    }
    for (; frames >= FEW; frames -= FEW) {
        all += weigh(weight, half, centre, out, FEW, stride);
        centre += FEW * stride;
        out += FEW * stride;
    }
    for (; frames > 0; frames--, centre += stride, out += stride)
        all += weigh(weight, half, centre, out, 1, stride);
    return secg_wide_all_set(all - all == 0.0f);
}
