#ifndef SECG_ECG_ALIGN_H
#define SECG_ECG_ALIGN_H

#include "base/arena.h"
#include "ecg/cut.h"

typedef struct secg_align {
    secg_grid grid;
    size_t from, to; /* rows of the template that are matched                    */
    int reach, lags; /* rows to either side; 2 reach + 1                         */
    float *pattern;  /* [to - from][stride]: rise of the template, weighted      */
    float *rise;     /* [to - from + lags + 1 and more][stride]: rise of the beat */
    float *match;    /* [lags and more]                                          */
    float weight[SECG_STRIDE_MAX];
    float pattern_energy;
    int ready, stage;
    size_t row;
    float shift_rows, likeness; /* the result                                               */
} secg_align;

void secg_align_lay_out(secg_align *align, secg_arena *arena, const secg_grid *grid);

/* The average to align with; weight [SECG_STRIDE_MAX] of each lead, 0: left out.  Bounded work. */
void secg_align_learn(secg_align *align, const float *mean, const float *weight);
void secg_align_forget(secg_align *align);

/* Aligns the beat that `cut` stands at.  step returns 1 when shift_rows (to be added to the
 * fiducial) and likeness (-1 .. 1) are known; bounded work each time. */
void secg_align_begin(secg_align *align);
int secg_align_step(secg_align *align, const secg_cut *cut, const secg_history *history);

#endif
