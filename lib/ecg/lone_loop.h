/* What a lead that has the rows for itself goes through with every step: vectors along time. */
#ifndef SECG_ECG_LONE_LOOP_H
#define SECG_ECG_LONE_LOOP_H

#include "base/wide.h"
#include "ecg/intake.h"
#include "ecg/qrs_feature.h"

enum {
    SECG_LONE_MORE = 2 * SECG_QUAD
}; /* steps, fewer than that, may be read and written beyond */

/* Steps that lie side by side; bit n of a mask: step n has it. */
typedef struct secg_lone_steps {
    int32_t *sum;      /* of each step, as intake.h has it */
    float *low, *high; /* and its extremes                                               */
    uint32_t edges;    /* a value is more than SECG_INTAKE_EDGE_MV from another             */
    uint32_t still;    /* none differs from another                                     */
    uint32_t rough;    /* something was not acquired or would be clamped: nothing else is known */
} secg_lone_steps;

/* `before`: the value before the first step. */
SECG_WIDE_DECLARE(void, secg_lone_steps_loop, const float *row, size_t factor, int32_t steps,
                  float before, secg_lone_steps *to);

/* Band-passes some steps that were taken, from new_x on, to new_level. */
SECG_WIDE_DECLARE(void, secg_lone_bands_loop, secg_qrs_feature *f, int32_t steps);

#endif
