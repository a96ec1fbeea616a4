#include "ecg/history.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

void secg_history_lay_out(secg_history *h, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s)
{
    *h = (secg_history){.stride = stride, .channels = channels};
    h->frames = (size_t)ceil(history_s * rate_hz);
    h->mv = secg_take(arena, (h->frames + SECG_HISTORY_RUN) * stride, sizeof *h->mv);
    secg_baseline_lay_out(&h->baseline, arena, rate_hz, channels, stride, lag_s, history_s);
}

void secg_history_reset(secg_history *h)
{
    h->written = h->pushed = h->gap = 0;
    h->at = h->passing = h->late = 0;
    secg_baseline_reset(&h->baseline);
    h->handed = secg_baseline_room(&h->baseline);
}

/* Frames in the ring: what is held, and a run on top. */
static size_t ring(const secg_history *h)
{
    return h->frames + SECG_HISTORY_RUN;
}

size_t secg_history_place(const secg_history *h, int64_t frame, size_t *run)
{
    int64_t back = h->written - frame;
    size_t at = h->at >= (size_t)back ? h->at - (size_t)back : h->at + ring(h) - (size_t)back;
    *run = ring(h) - at;
    return at;
}

float *secg_history_room(const secg_history *h, size_t *room)
{
    size_t left = ring(h) - h->at;
    *room = left < SECG_HISTORY_RUN ? left : SECG_HISTORY_RUN;
    return h->mv + h->at * h->stride;
}

/* Frames up to and with the last one that has a gap; 0: none has. */
static size_t find_gap(const secg_history *h, const float *mv, size_t frames)
{
    for (size_t n = frames; n > 0; n--) {
        secg_quad unlike_self = secg_quad_all(0);
        for (size_t k = 0; k < h->stride; k += SECG_QUAD) {
            secg_quad x = secg_quad_load(mv + (n - 1) * h->stride + k);
            unlike_self += x - x;
        }
        if (!secg_quad_all_set(unlike_self == 0.0f))
            return n;
    }
    return 0;
}

void secg_history_take(secg_history *h, size_t frames, int is_known)
{
    size_t gap = is_known ? 0 : find_gap(h, h->mv + h->at * h->stride, frames);
    if (gap > 0)
        h->gap = h->written + (int64_t)gap;
    h->written += (int64_t)frames;
    h->at = h->at + frames == ring(h) ? 0 : h->at + frames;
}

/* Some frames from one place on to the wander. */
static void give(secg_history *h, size_t frames)
{
    const float *mv = h->mv + h->passing * h->stride;
    h->passing = h->passing + frames == ring(h) ? 0 : h->passing + frames;
    if (h->pushed - (int64_t)h->late >= h->gap)
        secg_baseline_push_whole(&h->baseline, mv, frames);
    else
        for (size_t n = 0; n < frames; n++)
            secg_baseline_push(&h->baseline, mv + n * h->stride);
    h->late -= frames;
}

/* The wander goes by whole blocks: there they are handed on, and no frame by itself. */
static void finish_block(secg_history *h)
{
    size_t frames = secg_baseline_room(&h->baseline), side = ring(h) - h->passing;
    give(h, side < frames ? side : frames);
    if (side < frames)
        give(h, frames - side);
}

void secg_history_hand_on(secg_history *h)
{
    while (h->late >= secg_baseline_room(&h->baseline))
        finish_block(h);
    h->handed = secg_baseline_room(&h->baseline);
}

void secg_history_push(secg_history *h, const float *mv)
{
    size_t room;
    memcpy(secg_history_room(h, &room), mv, h->stride * sizeof *mv);
    secg_history_take(h, 1, 0);
    secg_history_pass(h, 1);
}

int secg_history_holds(const secg_history *h, int64_t from, int64_t to)
{
    return from >= 0 && to <= h->pushed && from >= h->pushed - (int64_t)h->frames;
}

int secg_history_is_whole(const secg_history *h, int64_t from, int64_t to)
{
    return secg_history_holds(h, from, to) && from >= h->gap;
}

const float *secg_history_frame(const secg_history *h, int64_t frame)
{
    size_t run;
    if (!secg_history_holds(h, frame, frame + 1))
        return NULL;
    return h->mv + secg_history_place(h, frame, &run) * h->stride;
}
