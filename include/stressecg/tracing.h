/* tracing.h: where samples come from, for those who show or export pieces of a recording. */
#ifndef STRESSECG_TRACING_H
#define STRESSECG_TRACING_H

#include "signal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A callback that delivers frames of the tracing in mV, interleaved in the signal's order, NaN
 * where there is nothing.  Pieces are asked for in any order.  Anything but SECG_OK leaves the
 * piece out with a note that says so. */
typedef struct secg_tracing {
    void *context;
    secg_status (*read)(void *context, int64_t from, size_t frames, float *mv);
} secg_tracing;

#ifdef __cplusplus
}
#endif
#endif
