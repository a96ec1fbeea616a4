#include "dsp/highpass_loop.h"

int SECG_WIDE_NAME(secg_highpass_loop)(secg_highpass *f, size_t k, const float *in, float *out,
                                       size_t frames, size_t stride)
{
    secg_wide x1 = secg_wide_load(f->x1 + k), y = secg_wide_load(f->y1 + k);
    secg_wide pole = secg_wide_all(f->pole);
    for (; frames > 0; frames--, in += stride, out += stride) {
        secg_wide x = secg_wide_load(in);
        y = pole * y + (x - x1);
        x1 = x;
        secg_wide_store(out, y);
    }
    if (!secg_wide_all_set(y - y == 0.0f)) /* what is not finite stays in it */
        return 0;
    secg_wide_store(f->x1 + k, x1);
    secg_wide_store(f->y1 + k, secg_wide_keep(secg_wide_size(y) > SECG_HIGHPASS_LEAST_MV, y));
    return 1;
}
