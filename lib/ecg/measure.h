/* From frames and labelled beats to the average complex and ST of every lead: baseline and mains
 * removal without ST distortion -> aligned averaging -> delineation -> ST, put together.
 *
 * Real time: after lay_out nothing is allocated; push and beat do bounded work. */
#ifndef SECG_ECG_MEASURE_H
#define SECG_ECG_MEASURE_H

#include "base/arena.h"
#include "ecg/delineate.h"

#include <stressecg/analyzer.h>
#include <stressecg/event.h>

typedef struct secg_measure secg_measure;

typedef struct secg_measure_config {
    double rate_hz;
    size_t channels;               /* 1 .. SECG_MAX_CHANNELS: the ECG channels only            */
    const secg_lead_source *leads; /* [lead_count], channels first, then derived ones      */
    size_t lead_count;
    int mains_hz; /* 50, 60 or 0: no mains filter                             */
    secg_st_point st_point;
} secg_measure_config;

secg_measure *secg_measure_lay_out(secg_arena *arena, const secg_measure_config *config);
void secg_measure_reset(secg_measure *measure);

/* One frame in mV, [channels]; NaN where no value was acquired. */
void secg_measure_push(secg_measure *measure, const float *mv);

/* The same for some frames at once: written, rows of `channels` filled up with zeros to whole quads, at
 * most SECG_HISTORY_RUN (ecg/history.h) that are not passed yet; then passed, all in one or in parts
 * with beats and signal states between them. */
void secg_measure_write(secg_measure *measure, const float *mv, size_t frames);
void secg_measure_pass(secg_measure *measure, size_t frames, int last_is_busy);

/* So many of the latest frames that were written, the mains removed, rows as written; *run: those of
 * them that follow each other there.  At most SECG_MEASURE_HELD_S of frames, and no more than were written. */
enum { SECG_MEASURE_HELD_S = 4 };
const float *secg_measure_latest(const secg_measure *measure, size_t frames, size_t *run);

/* A labelled beat, in order of time, at most SECG_BEATS_LABEL_DELAY_MS after its R peak (later
 * ones are ignored); and a change of a lead's state. */
void secg_measure_beat(secg_measure *measure, const secg_beat *beat);
void secg_measure_signal(secg_measure *measure, const secg_signal_report *report);

/* End of record: beats whose ST segment is complete are still used, and a last table comes out. */
void secg_measure_flush(secg_measure *measure);

/* The next ST event, or 0.  Every 5 s on a grid of the sample index there is one for each lead,
 * measured or with a reason, from the second on in which the first beats could be averaged. */
int secg_measure_next(secg_measure *measure, secg_event *event);
enum { SECG_MEASURE_EVENTS_PER_FRAME = SECG_MAX_LEADS }; /* flush: twice as many */

/* Forget all beats and start again (posture or electrodes changed); the rest template is kept. */
void secg_measure_relearn(secg_measure *measure);
/* Keep the present averages as the rest template. */
void secg_measure_keep_rest(secg_measure *measure);
/* Set the J point for all leads, ms after the R peak, until NaN is given. */
void secg_measure_override_j(secg_measure *measure, float j_ms);

/* The average complex of one lead as of the last ST table.  samples is 0 when there is none. */
void secg_measure_complex(const secg_measure *measure, size_t lead, secg_complex *complex,
                          const float **mv);
/* Its marks, of the lead alone. */
secg_marks secg_measure_lead_marks(const secg_measure *measure, size_t lead);
/* The complex of the rest template; mv: room for secg_measure_complex_samples, or NULL. */
void secg_measure_rest(const secg_measure *measure, size_t lead, secg_complex *complex, float *mv);
/* Samples in the longest average complex; known from the configuration alone. */
size_t secg_measure_complex_samples(double rate_hz);

/* Delay of the measurement path. */
int64_t secg_measure_delay_samples(const secg_measure *measure);

#endif
