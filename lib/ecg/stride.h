#ifndef SECG_ECG_STRIDE_H
#define SECG_ECG_STRIDE_H

#include "ecg/spread.h"

enum { SECG_STRIDE_TONES = 8 };

/* A tone in the levels of an average's beats, with its size in each channel. */
typedef struct secg_stride_tone {
    int64_t sample;     /* of the average; SECG_NO_SAMPLE: none                     */
    float hz, image_hz; /* at which the same levels would have been met                      */
    int16_t counts[SECG_STRIDE_MAX]; /* of the grid                                              */
} secg_stride_tone;

typedef struct secg_stride {
    const secg_spread *spread;
    int line;
    /* Cosines and sines of each beat: exp(2 pi j f t), and from a line to the next. */
    float turn[2][SECG_AVERAGE_BEATS], step[2][SECG_AVERAGE_BEATS];
    float most;
    secg_stride_tone now, tone[SECG_STRIDE_TONES];
} secg_stride;

void secg_stride_forget(secg_stride *stride);

/* Looks for the strongest tone in the levels of a spread that is known.  step returns 1 when it has
 * been found and kept, or there was none; bounded work each time. */
void secg_stride_begin(secg_stride *stride, int64_t sample, const secg_spread *spread);
int secg_stride_step(secg_stride *stride);

/* What one of the tones, if kept since `from`, may move the levels of the present average by widens
 * spread->locked.  Bounded work. */
void secg_stride_widen(const secg_stride *stride, int tone, int64_t from, secg_spread *spread);

#endif
