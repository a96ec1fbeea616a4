/* spectrum.h: what needs a spectrum.  Without the spectral engine (secg_spectrum_engine() is
 * "none") these functions return SECG_E_UNSUPPORTED; nothing in the stream depends on them. */
#ifndef STRESSECG_SPECTRUM_H
#define STRESSECG_SPECTRUM_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Looks for mains interference in a stretch of one channel (at least 8 s; NaN is taken as the
 * value before it).  Welch's method (IEEE Trans. Audio Electroacoust. 15:70, 1967): averaged
 * periodograms of Hann windows of 4 to 8 s with half overlap; the power within 0.5 Hz of 50 and of 60 Hz
 * against the neighbourhood from 1 to 4 Hz beside it.  A line stands out when it is at least
 * 6 times the neighbourhood's mean density and its amplitude reaches 2 uV.
 * *mains_hz: 50, 60, or 0 when neither does.  *amplitude_mv: of that line, a sine's peak.
 * Takes memory; not real-time; any number of threads.
 * SECG_E_ARGUMENT: too short, a rate below 130 Hz (60 Hz has no neighbourhood then), or NULL. */
SECG_API secg_status secg_find_mains(const float *mv, size_t samples, double rate_hz, int *mains_hz,
                                     float *amplitude_mv);

#ifdef __cplusplus
}
#endif
#endif
