#ifndef SECG_ECG_ST_H
#define SECG_ECG_ST_H

#include "ecg/delineate.h"

#include <stressecg/event.h>

/* The point shown: AUTO follows the rate with hysteresis, from the one shown before (AUTO: none). */
secg_st_point secg_st_choose(secg_st_point configured, secg_st_point before, float bpm);

/* Milliseconds of a point after J. */
float secg_st_after_j_ms(secg_st_point point, float bpm);

/* Weights of the rows whose weighted sum is the level at `ms` against the isoelectric level: the
 * measurement as one linear form.  weight: [rows], cleared first. */
void secg_st_form(const secg_grid *grid, const secg_marks *marks, float ms, float *weight);

/* Fills levels, slope and integral of one lead, x [rows] apart by stride; bpm and point are set
 * in st.  Leaves why and sigma alone. */
void secg_st_levels(const secg_grid *grid, const secg_marks *marks, const float *x, size_t stride,
                    secg_st *st);

/* The level of the isoelectric window. */
float secg_st_isoelectric(const secg_grid *grid, const secg_marks *marks, const float *x,
                          size_t stride);

#endif
