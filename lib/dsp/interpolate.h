#ifndef SECG_DSP_INTERPOLATE_H
#define SECG_DSP_INTERPOLATE_H

#include <stddef.h>

enum { SECG_INTERPOLATE_TAPS_MAX = 64 };

/* Weights of the `taps` samples around a point that lies `fraction` (0 .. 1) after the sample
 * numbered taps / 2 - 1, for reading a band-limited signal between its samples; `down` is the
 * factor by which the result will be thinned out (1: not).  taps is even. */
void secg_interpolate_weights(double fraction, double down, size_t taps, float *weight);

/* Taps that suit a factor. */
size_t secg_interpolate_taps(double down);

#endif
