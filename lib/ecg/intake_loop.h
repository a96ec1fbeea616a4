#ifndef SECG_ECG_INTAKE_LOOP_H
#define SECG_ECG_INTAKE_LOOP_H

#include "base/wide.h"

/* Steps whose rows lie side by side, and what is found in them. */
typedef struct secg_intake_steps {
    const float *before, *row; /* the row before the first step, and its first      */
    int32_t *sum; /* of the first step; each [stride], and all that follows              */
    size_t stride, factor;
    int32_t count;
    float *low, *high;     /* extremes, widened by the steps                    */
    const int32_t *beyond; /* -1: no channel                                    */
    uint32_t edges, still; /* bit n: a channel moves by an edge in step n, or stands still in it */
} secg_intake_steps;

/* Some channels, from k on, over these steps, up to one in which a value was not acquired or would be
 * clamped; how many those are. */
SECG_WIDE_DECLARE(int32_t, secg_intake_loop, secg_intake_steps *steps, size_t k);

#endif
