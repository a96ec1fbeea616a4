#ifndef SECG_ECG_AVERAGE_H
#define SECG_ECG_AVERAGE_H

#include "base/arena.h"
#include "ecg/grid.h"

#include <stdint.h>

enum { SECG_AVERAGE_BEATS = 40, SECG_AVERAGE_SLOTS = 48 };

typedef struct secg_average_beat {
    int64_t sample; /* R peak                                                   */
    float rr_ms;
} secg_average_beat;

typedef struct secg_average {
    secg_grid grid;
    secg_average_beat beat[SECG_AVERAGE_SLOTS];
    int64_t stored;         /* beats stored since the last forgetting                   */
    int16_t *sample;        /* [slot][rows][stride]                                     */
    float *weight, *energy; /* [slot][stride]                                           */
    float *mean, *next;     /* [rows][stride]: the present average, and the coming one  */

    int slot[SECG_AVERAGE_BEATS]; /* of the beats averaged, newest first                      */
    int count;
    int stage, pass, at; /* where the work stands                                    */
    size_t from, to;     /* rows on which beats are judged                           */

    int present;                  /* mean holds an average                                    */
    float total[SECG_STRIDE_MAX]; /* sum of the weights                                       */
    float noise_mv[SECG_STRIDE_MAX];
    uint16_t beats[SECG_STRIDE_MAX];
} secg_average;

void secg_average_lay_out(secg_average *average, secg_arena *arena, const secg_grid *grid);
void secg_average_forget(secg_average *average);

/* A place for the next beat, [rows][stride], to be filled, then stored.  A lead with a gap in rows
 * [first, last) does not take part. */
int16_t *secg_average_place(secg_average *average);
void secg_average_store(secg_average *average, int64_t sample, float rr_ms, size_t first,
                        size_t last);

/* Averages the stored beats with from < R <= to, newest first, judged on rows [first, last).
 * begin returns how many there are; step works until it returns 1, bounded work each time. */
int secg_average_begin(secg_average *average, int64_t from, int64_t to, size_t first, size_t last);
int secg_average_step(secg_average *average);

/* The stored beat that stands in place i of the average. */
const int16_t *secg_average_beat_rows(const secg_average *average, int i);
const float *secg_average_beat_weight(const secg_average *average, int i);

#endif
