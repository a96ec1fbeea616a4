#ifndef SECG_ECG_DELINEATE_H
#define SECG_ECG_DELINEATE_H

#include "base/arena.h"
#include "ecg/grid.h"

/* Marks of an average complex, ms from the R peak; NaN: not found.  Onset and J come together or
 * not at all. */
typedef struct secg_marks {
    float p_onset_ms, p_end_ms, qrs_onset_ms, j_ms, t_peak_ms, t_end_ms;
    float isoelectric_from_ms, isoelectric_to_ms;
} secg_marks;

secg_marks secg_marks_none(void);

typedef struct secg_delineator {
    secg_grid grid;
    float *speed, *size, *along; /* [rows]                                                   */
    const float *mean;           /* [rows][stride]                                           */
    float weight[SECG_STRIDE_MAX], zero[SECG_STRIDE_MAX], direction[SECG_STRIDE_MAX];
    float rr_ms;
    int stage;
    size_t row;
    secg_marks marks;
} secg_delineator;

void secg_delineator_lay_out(secg_delineator *delineator, secg_arena *arena, const secg_grid *grid);

/* mean must stay until the work is done.  weight [channels]: 1 / noise^2 or the like; 0 leaves a
 * lead out.  rr_ms: mean interval of the beats.  step works until it returns 1, bounded work each
 * time; then marks holds the result. */
void secg_delineator_begin(secg_delineator *delineator, const float *mean, const float *weight,
                           float rr_ms);
int secg_delineator_step(secg_delineator *delineator);

/* Isoelectric window that belongs to a QRS onset. */
void secg_marks_set_isoelectric(secg_marks *marks);

#endif
