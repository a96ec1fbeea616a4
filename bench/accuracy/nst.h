/* Noise added to a clean recording as the noise stress test does it (Moody, Muldrow, Mark: a noise
 * stress test for arrhythmia detectors, Computers in Cardiology 1984; manual pages nst(1) and
 * sigamp(1) of the WFDB Applications Guide). */
#ifndef BENCH_ACCURACY_NST_H
#define BENCH_ACCURACY_NST_H

#include "recording.h"

/* Size of the QRS complexes of a channel, in mV: peak to peak within 50 ms on either side of the
 * annotators' mark, of the first 300 beats that are of normal or bundle-branch shape, mean without
 * the largest and smallest 5 %.  The detector has no part in it.  NaN when there is no such beat. */
double nst_qrs_mv(const recording *clean, size_t channel);

/* Size of noise in mV: rms deviation from the mean in each of the first 300 seconds, mean without
 * the largest and smallest 5 %. */
double nst_noise_mv(const recording *noise, size_t channel);

/* What the noise is multiplied with: power of the signal, qrs^2 / 8 (that of a sine of the same
 * peak-to-peak amplitude), is snr_db above the noise's. */
double nst_gain(double qrs_mv, double noise_mv, double snr_db);

/* 1 in the minutes with noise: from 5:00 on two with, two without, and so on. */
int nst_is_noisy(double at_s);

/* A copy of clean with noise added to every channel, channel k of it from channel k modulo the
 * noise's.  The noise record runs on from its beginning at 0:00 and begins again at its end; where
 * it is off its last value stays, and where it comes back it joins there, so that switching makes
 * no step.  Sums are rounded to counts; they are not clipped, and the limits that the header gives
 * for the converter are dropped.  -1 when rates differ or a channel has no QRS size; 0 is success,
 * and mixed, which has no annotations, is the caller's. */
int nst_mix(const recording *clean, const recording *noise, double snr_db, recording *mixed);

#endif
