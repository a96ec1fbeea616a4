#include "dsp/highpass_loop.h"

enum { TOGETHER = 4 }; /* frames between which nothing is counted */

typedef struct state {
    secg_wide pole, x1, y;
} state;

SECG_INLINE void run_frame(state *s, const float *in, float *out)
{
    secg_wide x = secg_wide_load(in);
    s->y = s->pole * s->y + (x - s->x1);
    s->x1 = x;
    secg_wide_store(out, s->y);
}

int SECG_WIDE_NAME(secg_highpass_loop)(secg_highpass *f, size_t k, const float *in, float *out,
                                       size_t frames, size_t stride)
{
    state s = {secg_wide_all(f->pole), secg_wide_load(f->x1 + k), secg_wide_load(f->y1 + k)};
    for (; frames >= TOGETHER; frames -= TOGETHER) {
        for (size_t n = 0; n < TOGETHER; n++)
            run_frame(&s, in + n * stride, out + n * stride);
        in += TOGETHER * stride;
        out += TOGETHER * stride;
    }
    for (; frames > 0; frames--, in += stride, out += stride)
        run_frame(&s, in, out);
    if (!secg_wide_all_set(s.y - s.y == 0.0f)) /* what is not finite stays in it */
        return 0;
    secg_wide_store(f->x1 + k, s.x1);
    secg_wide_store(f->y1 + k, secg_wide_keep(secg_wide_size(s.y) > SECG_HIGHPASS_LEAST_MV, s.y));
    return 1;
}
