/* Frames as they come: kept for a while, and summed up over steps of some 10 ms, at which everything
 * else about beats runs; but not before something is due, so several steps may be complete. */
#ifndef SECG_ECG_INTAKE_H
#define SECG_ECG_INTAKE_H

#include "base/arena.h"

#include <stdint.h>
#include <stressecg/signal.h>

enum {
    SECG_INTAKE_STEPS = 20, /* that can be ended before they are released: 100 ms at least */
    SECG_INTAKE_MORE = 8    /* fewer than so many more are written in vectors, and not used */
};

typedef struct secg_intake {
    size_t channels, stride; /* stride: channels, filled up to whole quads; or 1, for one       */
    double rate_hz, step_hz;
    int32_t factor; /* frames in a step                                         */
    int32_t phase;  /* frames since the last step that was ended                */
    int64_t steps;  /* steps ended                                              */
    size_t rows;    /* of the ring: whole steps, so that none is torn           */
    size_t ahead;   /* frames that can be written before they are taken                     */
    float *mv;      /* ring of rows of [stride]                                 */
    float *next;    /* where the next frame goes                                */
    float *step;    /* where the next step begins                               */
    float *end;     /* of the ring                                              */
    /* Steps are released a little later, free of spikes (spikes.h): */
    int32_t look_ahead; /* steps known after the one that is searched for spikes        */
    int32_t delay;      /* steps from completion to release                             */
    int32_t *sums;      /* in SECG_INTAKE_PER_MV, rows of [stride]: `delay` that wait, then those
                           ended since; the last value stands for what is absent        */
    int32_t ended;      /* steps since the last release                             */
    uint32_t edges;     /* bit n: in a step a value is SECG_INTAKE_EDGE_MV from another; the lowest
                       look_ahead + 1 bits are of the steps before those ended since the release */
    /* Of the steps ended since the last release: */
    uint32_t odd; /* bit n: in step n something is missing, or a lead stands still       */
    float low_mv[SECG_MAX_CHANNELS], high_mv[SECG_MAX_CHANNELS]; /* low > high: none acquired */
    /* Of a lead that has the rows for itself, for each of them: */
    float step_low_mv[SECG_INTAKE_STEPS + SECG_INTAKE_MORE];
    float step_high_mv[SECG_INTAKE_STEPS + SECG_INTAKE_MORE];
    int32_t beyond[SECG_MAX_CHANNELS]; /* -1: no channel                                  */
    int32_t held[SECG_MAX_CHANNELS];   /* the last value acquired                         */
} secg_intake;

enum {
    SECG_INTAKE_PER_MV = 10000, /* units of 0.1 uV                            */
    SECG_INTAKE_MOST_MV = 300,  /* sums are clamped to that                   */
    SECG_INTAKE_HISTORY_MS = 2500,
    SECG_INTAKE_AHEAD = 32, /* frames that can be written before they are taken, */
    SECG_INTAKE_ALONE = 512 /* the same for a lead that has the rows for itself  */
};

/* Pulses of less need not be counted, however wide (domain.md 2.5). */
#define SECG_INTAKE_EDGE_MV 0.15f

/* stride: secg_quad_filled(channels), or 1 for a lead whose rows no one else reads as quads: then it
 * is taken along time. */
void secg_intake_lay_out(secg_intake *in, secg_arena *arena, double rate_hz, size_t channels,
                         size_t stride);
void secg_intake_reset(secg_intake *in);

/* Where the next frames go, rows of [stride], 0 beyond the channels, NaN where nothing was acquired;
 * *room: how many can be written there, at least one.  They count only when they are taken, and what
 * was written and not taken may be written again. */
static inline float *secg_intake_room(const secg_intake *in, size_t *room)
{
    size_t left = (size_t)(in->end - in->next) / in->stride;
    *room = left < in->ahead ? left : in->ahead;
    return in->next;
}

/* Ends the steps that are complete, SECG_INTAKE_STEPS at most; what was ended before was released. */
void secg_intake_end_steps(secg_intake *in);

/* The sums that are to be released, rows of [stride], `ended` of them: of the steps that now are old
 * enough; 0 before the first. */
static inline const int32_t *secg_intake_released(const secg_intake *in)
{
    return in->sums;
}

/* They have been taken. */
void secg_intake_release(secg_intake *in);

/* Another value for one that has not been released. */
void secg_intake_replace(secg_intake *in, int64_t sample, size_t channel, float mv);

/* Takes frames; 1 when a step is complete, or several are. */
static inline int secg_intake_take(secg_intake *in, size_t frames)
{
    in->next += frames * in->stride;
    if (in->next == in->end)
        in->next = in->mv;
    in->phase += (int32_t)frames;
    return in->phase >= in->factor;
}

/* Frames taken. */
static inline int64_t secg_intake_count(const secg_intake *in)
{
    return in->steps * in->factor + in->phase;
}

/* Of them those in steps that were ended. */
static inline int64_t secg_intake_ended(const secg_intake *in)
{
    return in->steps * in->factor;
}

/* Of them the row that step n of those ended since the release begins with. */
static inline int64_t secg_intake_begin(const secg_intake *in, int32_t n)
{
    return (in->steps - in->ended + n) * in->factor;
}

/* The extremes of a lead in such a step; low > high: none acquired.  Returns how many values were not. */
int32_t secg_intake_extremes(const secg_intake *in, int32_t n, size_t channel, float *low,
                             float *high);

/* A frame at most SECG_INTAKE_HISTORY_MS back.  The rows of a step follow each other. */
static inline const float *secg_intake_row(const secg_intake *in, int64_t sample)
{
    const float *row = in->next - (secg_intake_count(in) - sample) * (int64_t)in->stride;
    return row < in->mv ? row + in->rows * in->stride : row;
}

/* The one after. */
static inline const float *secg_intake_next_row(const secg_intake *in, const float *row)
{
    row += in->stride;
    return row < in->end ? row : in->mv;
}

/* Of two times, frames or steps. */
static inline int64_t secg_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
