#include "ecg/history.h"

#include <math.h>
#include <string.h>

void secg_history_lay_out(secg_history *h, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s)
{
    *h = (secg_history){.stride = stride, .channels = channels};
    h->frames = (size_t)ceil(history_s * rate_hz);
    h->mv = secg_take(arena, h->frames * stride, sizeof *h->mv);
    secg_baseline_lay_out(&h->baseline, arena, rate_hz, channels, stride, lag_s, history_s);
}

void secg_history_reset(secg_history *h)
{
    h->pushed = 0;
    secg_baseline_reset(&h->baseline);
}

void secg_history_push(secg_history *h, const float *mv)
{
    memcpy(h->mv + (size_t)(h->pushed % (int64_t)h->frames) * h->stride, mv,
           h->channels * sizeof *mv);
    secg_baseline_push(&h->baseline, mv);
    h->pushed++;
}

const float *secg_history_frame(const secg_history *h, int64_t frame)
{
    int held = frame >= 0 && frame < h->pushed && frame >= h->pushed - (int64_t)h->frames;
    return held ? h->mv + (size_t)(frame % (int64_t)h->frames) * h->stride : NULL;
}
