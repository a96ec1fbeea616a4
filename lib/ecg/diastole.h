#ifndef SECG_ECG_DIASTOLE_H
#define SECG_ECG_DIASTOLE_H

#include "ecg/average.h"
#include "ecg/delineate.h"

enum { SECG_DIASTOLE_POINTS = 42 };

/* What the line between T and P was when the signal was last quiet. */
typedef struct secg_diastole {
    float rr_ms, t_end_ms, p_onset_ms; /* rr_ms 0: not known                                 */
    int16_t counts[SECG_DIASTOLE_POINTS * SECG_STRIDE_MAX]; /* against the isoelectric level    */
} secg_diastole;

void secg_diastole_forget(secg_diastole *diastole);
/* Keeps the line of a quiet average with these marks. */
void secg_diastole_keep(secg_diastole *diastole, const secg_average *average,
                        const secg_marks *marks, float rr_ms);

/* The line of a present average beside it, [points][stride]; NaN where there is none, or none to
 * compare with.  Then how far a lead's is off, rms; 0 where too little is known. */
void secg_diastole_compare(const secg_diastole *diastole, const secg_average *average,
                           const secg_marks *marks, float rr_ms, float *off_mv);
float secg_diastole_off(const secg_grid *grid, const float *off_mv, const secg_lead_source *lead);

#endif
