/* Pulses of 10 ms and less, which no QRS complex is: pacer pulses, switching, static. */
#ifndef SECG_ECG_SPIKES_H
#define SECG_ECG_SPIKES_H

#include "ecg/intake.h"

/* Takes them out of the frames and sums of the intake, for detection alone, before the sums are
 * released; after each step.  paced: flagged by the front end, indices of frames, [count], any order. */
void secg_spikes_remove(secg_intake *in, const int64_t *paced, size_t count);

#endif
