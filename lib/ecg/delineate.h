#ifndef SECG_ECG_DELINEATE_H
#define SECG_ECG_DELINEATE_H

#include "ecg/grid.h"

/* Marks of an average complex, ms from the R peak; NaN: not found. */
typedef struct secg_marks {
    float p_onset_ms, p_end_ms, qrs_onset_ms, j_ms, t_peak_ms, t_end_ms;
    float isoelectric_from_ms, isoelectric_to_ms;
    float j_sigma_ms;
} secg_marks;

/* mean [rows][stride]; weight [channels]: 0 leaves a lead out; rr_ms: mean interval of the beats.
 * scratch: [3 * rows]. */
void secg_delineate(const secg_grid *grid, const float *mean, const float *weight, float rr_ms,
                    float *scratch, secg_marks *marks);

#endif
