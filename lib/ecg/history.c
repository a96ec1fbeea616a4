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
           h->stride * sizeof *mv);
    secg_baseline_push(&h->baseline, mv);
    h->pushed++;
}

int secg_history_holds(const secg_history *h, int64_t from, int64_t to)
{
    return from >= 0 && to <= h->pushed && from >= h->pushed - (int64_t)h->frames;
}

const float *secg_history_frame(const secg_history *h, int64_t frame)
{
    if (!secg_history_holds(h, frame, frame + 1))
        return NULL;
    return h->mv + (size_t)(frame % (int64_t)h->frames) * h->stride;
}
