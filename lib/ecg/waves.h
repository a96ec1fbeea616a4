/* Marks of every single beat, in all leads together and in each. */
#ifndef SECG_ECG_WAVES_H
#define SECG_ECG_WAVES_H

#include "base/arena.h"
#include "dsp/mains.h"
#include "ecg/cut.h"
#include "ecg/delineate.h"

#include <stressecg/event.h>

enum { SECG_WAVES_REACH = 5, SECG_WAVES_HELD = 2 * SECG_WAVES_REACH + 1, SECG_WAVES_WAITING = 64 };

typedef struct secg_waves_config {
    double rate_hz;
    size_t channels;
    const secg_lead_source *leads; /* [lead_count] */
    size_t lead_count;
    int mains_hz;
} secg_waves_config;

/* A beat cut out. */
typedef struct secg_waves_beat {
    secg_beat beat;
    double frame, rr_ms, before_ms; /* to the next beat and to the one before; NaN: none        */
    float *mv;                      /* [rows][stride]                                           */
} secg_waves_beat;

typedef struct secg_waves {
    secg_waves_config config;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_grid grid;
    secg_mains mains;
    secg_history history;
    secg_cut cut;
    secg_delineator delineator;
    int64_t frames, wait;
    int flushed;

    secg_beat waiting[SECG_WAVES_WAITING]; /* a ring: [next, end) are not cut yet              */
    int64_t next, end;
    secg_waves_beat
        held[SECG_WAVES_HELD]; /* a ring: [.., cut) are cut, [marked, cut) to be marked */
    int64_t cut_beats, marked;

    float *mean, *one; /* [rows][stride]; [rows] of one lead                       */
    float alone_mv[SECG_STRIDE_MAX], noise_mv[SECG_STRIDE_MAX], weight[SECG_STRIDE_MAX];
    int count; /* beats in the mean                                        */
} secg_waves;

/* The marks of a beat; lead [config.lead_count]. */
typedef struct secg_waves_marks {
    secg_beat beat;
    int beats; /* averaged */
    secg_marks global, lead[SECG_MAX_LEADS];
} secg_waves_marks;

void secg_waves_lay_out(secg_waves *waves, secg_arena *arena, const secg_waves_config *config);
/* One frame in mV, [channels]; a beat, in order of time, at most 1.2 s late; the end. */
void secg_waves_push(secg_waves *waves, const float *mv);
void secg_waves_beat_found(secg_waves *waves, const secg_beat *beat);
void secg_waves_flush(secg_waves *waves);
/* The next beat's marks, or 0.  Several milliseconds of work: not for the thread that acquires.
 * To be called until it returns 0 after each push. */
int secg_waves_next(secg_waves *waves, secg_waves_marks *marks);

#endif
