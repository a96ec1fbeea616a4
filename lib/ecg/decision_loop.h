/* What the evidence says of a candidate: see decision.c. */
#ifndef SECG_ECG_DECISION_LOOP_H
#define SECG_ECG_DECISION_LOOP_H

#include "base/wide.h"
#include "ecg/decision.h"

/* Log of 0.02, of which a neighbour is taken for at least. */
#define SECG_DECISION_LEAST_HEIGHT (-3.912f)

/* Sets odds[i][0 .. i] of candidate i, which is measured, as all others are. */
SECG_WIDE_DECLARE(void, secg_decision_weigh_loop, secg_decision *d, int32_t i);

#endif
