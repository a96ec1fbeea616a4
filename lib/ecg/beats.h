/* From frames to beats, rate, rhythm and signal states: quality -> detector -> classifier ->
 * rate -> rhythm, put together.  Knows nothing of ST or of the stress test.
 *
 * Real time: after lay_out nothing is allocated; push does bounded work per frame. */
#ifndef SECG_ECG_BEATS_H
#define SECG_ECG_BEATS_H

#include "base/arena.h"

#include <stressecg/event.h>

typedef struct secg_beats secg_beats;

typedef struct secg_beats_config {
    double rate_hz;                /* SECG_MIN_RATE_HZ .. SECG_MAX_RATE_HZ                     */
    size_t channels;               /* 1 .. SECG_MAX_CHANNELS: the ECG channels only            */
    const secg_lead_source *leads; /* [lead_count]: to report states of derived leads too  */
    size_t lead_count;
    const float *saturation_low_mv, *saturation_high_mv; /* [channels]; NaN: not known       */
    int no_search_back;
    int no_labels; /* beats are Q, without rhythm, and none waits for its label                */
    int no_qrs;    /* beats are not announced: steps of a lead by itself can wait for others     */
    int own_rows;  /* no one else reads the rows: they need not be filled up to whole quads     */
} secg_beats_config;

enum {
    /* A labelled beat comes out at most this long after its R peak; those of the first 2 s of a
     * record, while levels are learned, at most 2.1 s. */
    SECG_BEATS_LABEL_DELAY_MS = 1200,
    /* A beat that is expected comes out as QRS at most this long after its R peak, or not at all. */
    SECG_BEATS_EARLY_DELAY_MS = 300,
    /* At most this many events wait after one push. */
    SECG_BEATS_EVENTS_PER_FRAME = 2 * SECG_MAX_LEADS + 24
};

/* Lays the whole path out; run with and without arena->base (see base/arena.h).
 * NULL while measuring. */
secg_beats *secg_beats_lay_out(secg_arena *arena, const secg_beats_config *config);

/* Back to the state after lay_out; keeps memory and settings. */
void secg_beats_reset(secg_beats *beats);

/* One frame in mV, [channels]; NaN where no value was acquired.  paced: a pacer pulse is flagged
 * on this frame. */
void secg_beats_push(secg_beats *beats, const float *mv, int paced);

/* The same for some frames at once, without copying: written where room says, rows of [*stride], 0
 * beyond the channels, at most *room of them; then taken, at most as many at a time as are left
 * before something is to be done.  paced: on the first of them.  No event comes out while take returns
 * NOTHING: it comes when at the end of a step of some 10 ms something is due, or a part of the work
 * that one brought is done.  MUCH: whatever else has work to do had better leave it for the next frame. */
typedef enum secg_beats_work {
    SECG_BEATS_NOTHING,
    SECG_BEATS_SOME,
    SECG_BEATS_MUCH
} secg_beats_work;
float *secg_beats_room(const secg_beats *beats, size_t *room, size_t *stride);
size_t secg_beats_left(const secg_beats *beats);
/* Frames with which, taken in whatever parts, events come out `times` times at most, one or more. */
size_t secg_beats_reach(const secg_beats *beats, size_t times);
secg_beats_work secg_beats_take(secg_beats *beats, size_t frames, int paced);

/* End of record: whatever waits for later samples is decided with what is there. */
void secg_beats_flush(secg_beats *beats);

/* The next event that became known (QRS, BEAT, RATE, RHYTHM, SIGNAL), or 0 when there is none.
 * BEAT events come in order of time.  `emitted` is left to the caller. */
int secg_beats_next(secg_beats *beats, secg_event *event);

#endif
