/* What one lead goes through with every step: vectors along time. */
#ifndef SECG_ECG_LONE_LOOP_H
#define SECG_ECG_LONE_LOOP_H

#include "base/wide.h"
#include "ecg/intake.h"
#include "ecg/qrs_feature.h"

/* Steps that lie side by side, of a lead that has the rows for itself; bit n of a mask: step n has it. */
typedef struct secg_lone_steps {
    int32_t *sum;      /* of each step, as intake.h has it */
    float *low, *high; /* and its extremes                                               */
    uint32_t edges;    /* a value is more than SECG_INTAKE_EDGE_MV from another             */
    uint32_t still;    /* none differs from another                                     */
    uint32_t rough;    /* something was not acquired or would be clamped: nothing else is known */
} secg_lone_steps;

/* `before`: the value before the first step.  Vectors may reach over the last by SECG_INTAKE_MORE - 1. */
SECG_WIDE_DECLARE(void, secg_lone_steps_loop, const float *row, size_t factor, int32_t steps,
                  float before, secg_lone_steps *to);

/* The feature of some steps from how the sum of |bump| changes with each; quads may reach beyond. */
SECG_WIDE_DECLARE(void, secg_lone_means_loop, secg_qrs_feature *feature, const int32_t *change,
                  float *level, int32_t steps);

#endif
