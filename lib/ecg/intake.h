/* Frames as they come: kept for a while, and summed up over steps of some 10 ms, at which everything
 * else about beats runs. */
#ifndef SECG_ECG_INTAKE_H
#define SECG_ECG_INTAKE_H

#include "base/arena.h"

#include <stdint.h>

typedef struct secg_intake {
    size_t channels, stride; /* stride: channels, filled up to whole quads         */
    double rate_hz, step_hz;
    int32_t factor; /* frames in a step                                         */
    int32_t phase;  /* frames of the step under way                             */
    int64_t steps;  /* steps completed                                          */
    size_t rows;    /* of the ring: whole steps, so that none is torn           */
    float *mv;      /* ring of rows of [stride]                                 */
    float *next;    /* where the next frame goes                                */
    /* Steps are released a little later, free of spikes (spikes.h): */
    int32_t look_ahead; /* steps known after the one that is searched for spikes        */
    int32_t delay;      /* steps from completion to release                             */
    int32_t *sums;      /* in SECG_INTAKE_PER_MV, ring of delay + 1 rows of [stride]; the last value
                           stands for what is absent                                    */
    int32_t newest;     /* row of the step completed last                           */
    int64_t last_edge;  /* step in which a value was last SECG_INTAKE_EDGE_MV from another one */
    /* Of the step completed last, [stride]: */
    float *low_mv, *high_mv; /* of the values acquired; low > high: none                 */
    int32_t *absent;         /* values not acquired                                      */
    int32_t *held;           /* the last value acquired                                  */
} secg_intake;

enum {
    SECG_INTAKE_PER_MV = 10000, /* units of 0.1 uV                            */
    SECG_INTAKE_MOST_MV = 300,  /* sums are clamped to that                   */
    SECG_INTAKE_HISTORY_MS = 2500,
    SECG_INTAKE_AHEAD = 32 /* frames that can be written before they are taken */
};

/* Pulses of less need not be counted, however wide (domain.md 2.5). */
#define SECG_INTAKE_EDGE_MV 0.15f

void secg_intake_lay_out(secg_intake *in, secg_arena *arena, double rate_hz, size_t channels);
void secg_intake_reset(secg_intake *in);

/* Where the next frames go, rows of [stride], 0 beyond the channels, NaN where nothing was acquired;
 * *room: how many can be written there, at least one.  They count only when they are taken, and what
 * was written and not taken may be written again. */
static inline float *secg_intake_room(const secg_intake *in, size_t *room)
{
    size_t left = in->rows - (size_t)(in->next - in->mv) / in->stride;
    *room = left < SECG_INTAKE_AHEAD ? left : SECG_INTAKE_AHEAD;
    return in->next;
}

/* Frames until the step is complete, at least one. */
static inline size_t secg_intake_left(const secg_intake *in)
{
    return (size_t)(in->factor - in->phase);
}

void secg_intake_end_step(secg_intake *in);

/* Where in sums the row of a step stands, by how many steps back; before the first step: the first. */
static inline size_t secg_intake_place(const secg_intake *in, int32_t back)
{
    int32_t row = in->steps > back ? in->newest - back : 0;
    return (size_t)(row < 0 ? row + in->delay + 1 : row) * in->stride;
}

/* The sums of the step released last, [stride]. */
static inline const int32_t *secg_intake_released(const secg_intake *in)
{
    return in->sums + secg_intake_place(in, in->delay);
}

/* Another value for one that has not been released. */
void secg_intake_replace(secg_intake *in, int64_t sample, size_t channel, float mv);

/* Takes frames, at most those left of the step; 1 when it is complete. */
static inline int secg_intake_take(secg_intake *in, size_t frames)
{
    in->next += frames * in->stride;
    in->phase += (int32_t)frames;
    if (in->phase < in->factor)
        return 0;
    secg_intake_end_step(in);
    return 1;
}

/* Frames taken. */
static inline int64_t secg_intake_count(const secg_intake *in)
{
    return in->steps * in->factor + in->phase;
}

/* A frame at most SECG_INTAKE_HISTORY_MS back.  The rows of the step completed last follow each
 * other. */
static inline const float *secg_intake_row(const secg_intake *in, int64_t sample)
{
    const float *row = in->next - (secg_intake_count(in) - sample) * (int64_t)in->stride;
    return row < in->mv ? row + in->rows * in->stride : row;
}

/* The one after. */
static inline const float *secg_intake_next_row(const secg_intake *in, const float *row)
{
    row += in->stride;
    return row < in->mv + in->rows * in->stride ? row : row - in->rows * in->stride;
}

#endif
