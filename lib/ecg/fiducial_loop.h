#ifndef SECG_ECG_FIDUCIAL_LOOP_H
#define SECG_ECG_FIDUCIAL_LOOP_H

#include "base/wide.h"

enum {
    SECG_FIDUCIAL_REACH =
        32, /* samples, at SECG_MAX_RATE_HZ: of the search to either side        */
    SECG_FIDUCIAL_SMOOTH = 20,
    SECG_FIDUCIAL_PLACES = 2 * SECG_FIDUCIAL_REACH + 3,
    SECG_FIDUCIAL_BEYOND =
        2 * SECG_QUAD /* vectors reach beyond the last value, by less than that */
};

/* A lead at an odd number of places, two more than lanes at least: smoothed by a triangle that has its top
 * at the half'th value, and times `sign`.  Returns the highest place between the first and the last; -1 when
 * a value is missing, and then y is not known. */
SECG_WIDE_DECLARE(int32_t, secg_fiducial_loop, const float *mv, int32_t half, int32_t places,
                  float sign, float *y);

#endif
