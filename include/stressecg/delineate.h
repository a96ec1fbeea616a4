/* delineate.h: onset, peak and end of P, QRS and T of every beat of a recording.
 *
 *     secg_delineation *d;
 *     if (secg_delineation_create(&(secg_delineation_config){.signal = signal}, &d, NULL) != SECG_OK) ...
 *     for (size_t taken; frames > 0; frames -= taken, counts += taken * channels) {
 *         secg_delineation_push_i32(d, counts, frames, &taken);
 *         while (secg_delineation_poll(d, &beat) == SECG_OK) ...
 *     }
 *     secg_delineation_flush(d);                          and poll until SECG_END
 *
 * A beat's marks are found on the mean of itself and those of the five beats before and after it
 * that look like it; so they come some beats late.  Memory is taken at creation; time grows with
 * the record, memory does not.  Not for the thread that acquires: a poll may take milliseconds.
 * Any chunking gives the same marks.  An object belongs to one thread at a time. */
#ifndef STRESSECG_DELINEATE_H
#define STRESSECG_DELINEATE_H

#include "event.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_delineation secg_delineation;

typedef struct secg_delineation_config {
    secg_signal signal;   /* required                                                 */
    int32_t mains_hz;     /* 50 or 60; 0: no mains filter                             */
    uint8_t reserved[60]; /* must be zero                                             */
} secg_delineation_config;

typedef struct secg_delineated_beat {
    secg_beat beat;
    int32_t beats;                        /* averaged, itself included                       */
    uint32_t leads;                       /* of secg_signal_leads()                          */
    secg_wave_marks global;               /* on all leads together                           */
    secg_wave_marks lead[SECG_MAX_LEADS]; /* on each                                         */
} secg_delineated_beat;

/* SECG_E_ARGUMENT names the field; SECG_E_MEMORY.  *delineation is NULL after any failure. */
SECG_API secg_status secg_delineation_create(const secg_delineation_config *config,
                                             secg_delineation **delineation, secg_error *error);
SECG_API void secg_delineation_destroy(secg_delineation *delineation); /* NULL is fine */

/* Takes frames as secg_analyzer_push_i32() does.  SECG_AGAIN: beats wait to be polled; poll, then
 * push the rest.  SECG_E_ARGUMENT: NULL.  SECG_E_STATE: after flush. */
SECG_API secg_status secg_delineation_push_i32(secg_delineation *delineation, const int32_t *counts,
                                               size_t frames, size_t *taken);

/* SECG_OK; SECG_AGAIN: none now; SECG_END: flushed, and there are no more. */
SECG_API secg_status secg_delineation_poll(secg_delineation *delineation,
                                           secg_delineated_beat *beat);

/* End of the recording. */
SECG_API secg_status secg_delineation_flush(secg_delineation *delineation);

#ifdef __cplusplus
}
#endif
#endif
