#ifndef SECG_ECG_DELINEATE_H
#define SECG_ECG_DELINEATE_H

#include "base/arena.h"
#include "ecg/delineate_fine.h"
#include "ecg/grid.h"

#include <stressecg/event.h>

/* Marks of an average complex, ms from the R peak; NaN: not found.  Onset and J come together or
 * not at all, and so do the three of P, and T peak and T end. */
typedef struct secg_marks {
    float p_onset_ms, p_peak_ms, p_end_ms, qrs_onset_ms, j_ms, t_onset_ms, t_peak_ms, t_end_ms;
    float isoelectric_from_ms, isoelectric_to_ms;
    float spike_from_ms, spike_to_ms; /* a pacer's spike ahead of QRS                             */
} secg_marks;

secg_marks secg_marks_none(void);
secg_wave_marks secg_marks_public(const secg_marks *marks);

/* What is to be marked.  mean [rows][stride] must stay until the work is done. */
typedef struct secg_marks_input {
    const float *mean;
    size_t channels, stride;
    const float *weight;      /* [channels]: 1 / noise^2 or the like; 0 leaves a lead out       */
    const float *noise_mv;    /* [channels]: rms noise of a sample of the mean                  */
    float rr_ms;              /* mean interval to the next beat; NaN: not known                 */
    float pace_ms;            /* the intervals before, which QT follows; 0 or NaN: rr_ms        */
    const secg_marks *global; /* for one lead: those of all leads together; NULL: there are none */
    int whole_qrs;            /* J where QRS itself ends; 0: where annotators see it end        */
} secg_marks_input;

/* How far J is moved on past where the eye loses QRS, for J as annotators mark it and for the end of QRS
 * itself, which ST is counted from: speed taken over 6 ms to either side falls under its limit some 5 ms
 * before a wave of finite length ends, and an eye loses that wave in the line about as soon.  The first was set by the annotators' means, the
 * second by waves whose end is known (simulated, cosines; Gaussians, whose own fall ends it sooner). */
#define SECG_MARKS_EDGE_SEEN_MS  1.5f
#define SECG_MARKS_EDGE_WHOLE_MS 5.2f

typedef struct secg_delineator {
    secg_grid grid;
    secg_fine fine;              /* where QRS is looked for                                  */
    float *speed, *size, *along; /* [rows] of either grid: secg_delineator_rows             */
    const float *mean;
    size_t channels, stride;
    float weight[SECG_STRIDE_MAX], noise_mv[SECG_STRIDE_MAX];
    float zero[SECG_STRIDE_MAX], direction[SECG_STRIDE_MAX];
    float rr_ms, pace_ms;
    int whole_qrs, has_global;
    secg_marks global;
    int stage;
    size_t row, p_peak, t_flank;
    secg_marks marks;
} secg_delineator;

/* Rows that a delineator's arrays have. */
size_t secg_delineator_rows(const secg_grid *grid);

void secg_delineator_lay_out(secg_delineator *delineator, secg_arena *arena, const secg_grid *grid);

/* step works until it returns 1, bounded work each time; then marks holds the result. */
void secg_delineator_begin(secg_delineator *delineator, const secg_marks_input *input);
int secg_delineator_step(secg_delineator *delineator);

/* Isoelectric window that belongs to a QRS onset. */
void secg_marks_set_isoelectric(secg_marks *marks);

#endif
