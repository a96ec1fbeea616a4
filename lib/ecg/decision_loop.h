/* What the evidence says of a candidate: see decision.c. */
#ifndef SECG_ECG_DECISION_LOOP_H
#define SECG_ECG_DECISION_LOOP_H

#include "base/wide.h"
#include "ecg/decision.h"

/* Sets odds[i][0 .. i] of candidate i, which is measured, as all others are. */
SECG_WIDE_DECLARE(void, secg_decision_weigh_loop, secg_decision *d, int32_t i);

#endif
