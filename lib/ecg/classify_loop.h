/* The network that labels beats: see classify.c. */
#ifndef SECG_ECG_CLASSIFY_LOOP_H
#define SECG_ECG_CLASSIFY_LOOP_H

#include "base/wide.h"

enum { SECG_CLASSIFY_EVIDENCE = 28, SECG_CLASSIFY_HIDDEN = 40 };
enum { SECG_CLASSIFY_V, SECG_CLASSIFY_S, SECG_CLASSIFY_KINDS }; /* against N */

/* Log odds of V and of S against N. */
SECG_WIDE_DECLARE(void, secg_classify_loop, const float *x, float *odds);

#endif
