/* Pulses of 10 ms and less, which no QRS complex is: pacer pulses, switching, static. */
#ifndef SECG_ECG_SPIKES_H
#define SECG_ECG_SPIKES_H

#include "ecg/intake.h"

#define SECG_SPIKES_REST 0.3f /* of a spike, what the rest stays within */

/* What is looked at after each step, in frames: two steps, [from, to), with 20 ms before and what is
 * known after.  Set once for an intake. */
typedef struct secg_spikes {
    int32_t count, from, to;
    int32_t released;    /* what lies before can no more be changed          */
    int32_t flank;       /* that the level is taken from                     */
    int32_t most_frames; /* in which a spike stands out                      */
    int32_t most_steps;  /* that it touches                                  */
    int32_t ramp, paced_before, paced_after;
    int is_usual;  /* 500 Hz                                                             */
    int is_active; /* 0: frames are too long to tell a spike from a QRS complex          */
} secg_spikes;

void secg_spikes_init(secg_spikes *s, const secg_intake *in);

/* Where there are edges, or flags. */
void secg_spikes_search(const secg_spikes *s, secg_intake *in, const int64_t *paced, size_t count);

/* Takes them out of the frames and sums of the intake, for detection alone, before the sums are
 * released; after steps are ended.  paced: flagged by the front end, indices of frames, [count], any order. */
static inline void secg_spikes_remove(const secg_spikes *s, secg_intake *in, const int64_t *paced,
                                      size_t count)
{
    if (s->is_active && (in->edges != 0 || count > 0))
        secg_spikes_search(s, in, paced, count);
}

#endif
