/* What one lead goes through with every step: vectors along time. */
#ifndef SECG_ECG_LONE_LOOP_H
#define SECG_ECG_LONE_LOOP_H

#include "base/wide.h"
#include "ecg/intake.h"
#include "ecg/qrs_feature.h"

/* The steps that are being ended, side by side from `row` on and behind the value before them, of a lead
 * that has the rows for itself: sums, extremes, edges and what is odd.  Not 0: in some of them, if not in one
 * that vectors reach over to, something was not acquired or would be clamped, and is held at
 * SECG_INTAKE_MOST_MV here.  Vectors reach over the last step by SECG_INTAKE_MORE - 1. */
SECG_WIDE_DECLARE(uint32_t, secg_lone_steps_loop, secg_intake *in, const float *row);

/* Some steps of one lead, taken behind those before (qrs_feature.h): their sums, box sums, both
 * band-passes and the feature.  Vectors reach over the last step, of the sums too, by SECG_QRS_OVER. */
SECG_WIDE_DECLARE(void, secg_lone_feature_loop, secg_qrs_feature *feature, const int32_t *sums,
                  int32_t steps);

#endif
