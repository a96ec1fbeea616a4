/* The last seconds of the signal, and the slow wander under it. */
#ifndef SECG_ECG_HISTORY_H
#define SECG_ECG_HISTORY_H

#include "base/arena.h"
#include "dsp/baseline.h"

#include <stdint.h>

typedef struct secg_history {
    float *mv; /* [frames][stride], a ring                                 */
    size_t frames, stride, channels;
    int64_t pushed;
    secg_baseline baseline;
} secg_history;

void secg_history_lay_out(secg_history *history, secg_arena *arena, double rate_hz, size_t channels,
                          size_t stride, double lag_s, double history_s);
void secg_history_reset(secg_history *history);
/* One frame, [stride]. */
void secg_history_push(secg_history *history, const float *mv);

/* 1 when every frame in [from, to) is held. */
int secg_history_holds(const secg_history *history, int64_t from, int64_t to);

/* [stride]; NULL when it is not held. */
const float *secg_history_frame(const secg_history *history, int64_t frame);

#endif
