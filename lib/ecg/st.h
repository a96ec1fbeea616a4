#ifndef SECG_ECG_ST_H
#define SECG_ECG_ST_H

#include "ecg/delineate.h"

#include <stressecg/event.h>

/* The point shown: AUTO follows the rate with hysteresis, from the one shown before (AUTO: none). */
secg_st_point secg_st_choose(secg_st_point configured, secg_st_point before, float bpm);

/* Milliseconds of a point after J. */
float secg_st_after_j_ms(secg_st_point point, float bpm);

/* A measurement as one linear form: weights of the rows, [grid->rows], cleared first.
 * level: at `after_ms` after J, against the isoelectric level.  slope: least squares from J to
 * `after_ms` after it, in mV/s. */
void secg_st_level_form(const secg_grid *grid, const secg_marks *marks, float after_ms,
                        float *form);
void secg_st_slope_form(const secg_grid *grid, const secg_marks *marks, float after_ms,
                        float *form);

/* 1 when every row that the ST measurement of these marks needs lies on the grid. */
int secg_st_fits(const secg_grid *grid, const secg_marks *marks, float bpm);

/* Fills levels, slope and integral from x [rows]; st->bpm and st->point are to be set before.
 * scratch: [rows]. */
void secg_st_measure(const secg_grid *grid, const secg_marks *marks, const float *x, float *scratch,
                     secg_st *st);

/* How steep the complex is at a time after J, mV/s: over the rows that a level there is a mean of. */
float secg_st_steepness(const secg_grid *grid, const secg_marks *marks, float after_ms,
                        const float *x);

/* The isoelectric level itself. */
float secg_st_isoelectric(const secg_grid *grid, const secg_marks *marks, const float *x);

/* Every measured field NaN, and why. */
void secg_st_blank(secg_st *st, secg_why why);

#endif
