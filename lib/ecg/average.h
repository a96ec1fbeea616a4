#ifndef SECG_ECG_AVERAGE_H
#define SECG_ECG_AVERAGE_H

#include "base/arena.h"
#include "ecg/grid.h"

#include <stdint.h>

enum { SECG_AVERAGE_BEATS = 64, SECG_AVERAGE_HELD = 72 };

/* A beat kept: rows [first, last) of the grid; the rest is not known. */
typedef struct secg_average_beat {
    int64_t sample; /* R peak                                                   */
    float rr_ms;    /* to the next beat; NaN: not known                         */
    float trust;    /* 0 .. 1: how well its baseline is known                   */
    uint32_t at;    /* where in the pool its first row lies                     */
    uint16_t first, last;
    int whole; /* no gap in any lead and row                               */
    float weight[SECG_STRIDE_MAX], energy[SECG_STRIDE_MAX];
    float doubt[SECG_STRIDE_MAX]; /* mV^2: what its baseline may be off by, squared         */
} secg_average_beat;

typedef struct secg_average {
    secg_grid grid;
    secg_average_beat *beat; /* [held], a ring: [oldest, stored) are kept                */
    int64_t oldest, stored;  /* counted since the last forgetting                        */
    int16_t *pool;           /* [pool_rows][stride], a ring of whole beats               */
    size_t pool_rows, tail;  /* tail: the first row that is free                         */
    float *mean;             /* [rows][stride]; while one is made: as far as it has come  */

    secg_average_beat *chosen[SECG_AVERAGE_BEATS]; /* the beats averaged, newest first       */
    int count;
    int stage, pass, at; /* where the work stands                                    */
    size_t from, to;     /* rows on which beats are judged                           */

    int present;                     /* mean holds an average                                    */
    float total[SECG_STRIDE_MAX];    /* sum of the weights                                   */
    float worth[SECG_STRIDE_MAX];    /* equal beats that would be as good                    */
    float noise_mv[SECG_STRIDE_MAX]; /* rms of one sample of the mean                        */
    uint16_t beats[SECG_STRIDE_MAX];
} secg_average;

void secg_average_lay_out(secg_average *average, secg_arena *arena, const secg_grid *grid);
void secg_average_forget(secg_average *average);

/* A place for the next beat's rows [first, last) of the grid, [rows][stride], to be filled, then
 * stored.  A lead with a gap in rows [judge_from, judge_to) does not take part.
 * doubt_mv2 [stride]: see secg_average_beat; NULL: none. */
int16_t *secg_average_place(secg_average *average, size_t first, size_t last);
void secg_average_store(secg_average *average, int64_t sample, float rr_ms, float trust,
                        const float *doubt_mv2, size_t judge_from, size_t judge_to);

/* Averages the stored beats with from < R <= to, newest first, judged on rows [first, last).
 * begin returns how many there are; step works until it returns 1, bounded work each time.  No
 * beat may be placed between. */
int secg_average_begin(secg_average *average, int64_t from, int64_t to, size_t first, size_t last);
int secg_average_step(secg_average *average);

/* 1 / (noise^2 + floor^2) of a channel of the average; 0 where its noise is not known. */
float secg_average_weight(const secg_average *average, size_t channel, float floor_mv);

/* One row of a kept beat, [stride]; NULL: it has no such row. */
const int16_t *secg_average_row(const secg_average *average, const secg_average_beat *beat,
                                size_t row);

#endif
