/* Heart rate in windows of time, as TROIKA's reference states it. */
#ifndef BENCH_ACCURACY_WINDOWS_H
#define BENCH_ACCURACY_WINDOWS_H

#include "numbers.h"

typedef struct rate_window {
    double from_s, to_s, bpm;
} rate_window;

/* Mean rate of the RR intervals of which both beats lie in [from_s, to_s]: NaN with less than two
 * beats.  Times in order. */
double window_bpm(const numbers *beat_s, double from_s, double to_s);

/* Reads lines of "from,to,bpm" after a line of names.  *windows is the caller's (free()).  0, or
 * -1 after naming the line that is wrong. */
int windows_read(const char *path, rate_window **windows, size_t *count);

#endif
