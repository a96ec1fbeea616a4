/* The last seconds of the signal, and the slow wander under it. */
#ifndef SECG_ECG_HISTORY_H
#define SECG_ECG_HISTORY_H

#include "base/arena.h"
#include "dsp/baseline.h"

#include <stdint.h>

typedef struct secg_history {
    float *mv; /* [frames + SECG_HISTORY_RUN][stride], a ring              */
    size_t frames, stride, channels;
    int64_t written;    /* frames in the ring                                      */
    int64_t pushed;     /* of them, those that are past: the newest that can be read, and more  */
    int64_t gap;        /* past the newest frame with a value that was not acquired             */
    size_t late;        /* newest frames of the past that the wander has not taken yet          */
    size_t handed;      /* so many of them are handed on at once                                */
    size_t at, passing; /* places of the next frame to be written, and to be taken by it         */
    secg_baseline baseline;
} secg_history;

void secg_history_lay_out(secg_history *history, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s);
void secg_history_reset(secg_history *history);
/* One frame, [stride]. */
void secg_history_push(secg_history *history, const float *mv);

/* The same for some frames at once, without copying: written where room says, rows of [stride], then
 * taken, at most as many as there is room for (is_known: they are known to have no gap); then, in one or more parts, past.  What can be read,
 * and how the wander goes, depends on the frames that are past alone. */
enum { SECG_HISTORY_RUN = 32 };
float *secg_history_room(const secg_history *history, size_t *room);
void secg_history_take(secg_history *history, size_t frames, int is_known);
void secg_history_hand_on(secg_history *history);
static inline void secg_history_pass(secg_history *history, size_t frames)
{
    history->pushed += (int64_t)frames;
    history->late += frames;
    if (history->late >= history->handed)
        secg_history_hand_on(history);
}

/* 1 when every frame in [from, to) is held and every value of it was acquired.  It is said
 * of frames after the newest gap only. */
int secg_history_is_whole(const secg_history *history, int64_t from, int64_t to);

/* 1 when every frame in [from, to) is held. */
int secg_history_holds(const secg_history *history, int64_t from, int64_t to);

/* Where in the ring a frame that is held lies, and how many follow it there until it wraps. */
size_t secg_history_place(const secg_history *history, int64_t frame, size_t *run);

/* [stride]; NULL when it is not held. */
const float *secg_history_frame(const secg_history *history, int64_t frame);

#endif
