/* The network that weighs candidates: see decision.c. */
#ifndef SECG_ECG_DECISION_LOOP_H
#define SECG_ECG_DECISION_LOOP_H

#include "base/wide.h"

enum {
    SECG_DECISION_HIDDEN = 8, /* units                                                            */
    SECG_DECISION_OWN = 11,   /* pieces of evidence of a candidate by itself,                     */
    SECG_DECISION_TIMING = 9  /* and from the beat before                                         */
};

/* From the evidence of a candidate by itself what it adds in a straight line, which is returned, and what
 * bends, hidden. */
SECG_WIDE_DECLARE(float, secg_decision_own_loop, const float *x, float *hidden);

/* Log odds, from that and the evidence from the beat before. */
SECG_WIDE_DECLARE(float, secg_decision_timing_loop, const float *x, float own, const float *hidden);

#endif
