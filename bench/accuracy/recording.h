/* A whole recording in memory, and what the analyser sees in it. */
#ifndef BENCH_ACCURACY_RECORDING_H
#define BENCH_ACCURACY_RECORDING_H

#include "numbers.h"

#include <stressecg/io.h>
#include <stressecg/stressecg.h>

typedef struct recording {
    char name[64];
    secg_signal signal;
    size_t frames, channels;
    int32_t *counts; /* [frames][channels]                          */
    secg_annotation *reference;
    size_t references;
    numbers pacer_frame; /* frames on which the front end flagged a pulse */
} recording;

/* Reads PATH and, unless annotator is NULL, PATH.annotator.  0, or -1 after saying what is wrong;
 * then r is empty. */
int recording_read(recording *r, const char *path, const char *annotator);
/* An empty tracing of one channel at 1000 counts per mV. */
recording recording_blank(double rate_hz, double seconds);
void recording_free(recording *r);

typedef struct seen_beat {
    double at_s;    /* with its sub-sample part */
    double delay_s; /* from there to the event  */
    int64_t sample;
    uint8_t label;
} seen_beat;

typedef struct seen_rate {
    double at_s, bpm; /* NaN: not measurable      */
} seen_rate;

typedef struct seen {
    seen_beat *beat, *qrs;
    size_t beats, beat_room, qrss, qrs_room;
    seen_rate *rate;
    size_t rates, rate_room;
} seen;

enum { EVERY_LEAD = -1 };

/* Everything the analyser reports about beats with one channel in use, or EVERY_LEAD. */
seen recording_analyse(const recording *r, int lead);
void seen_free(seen *s);

/* Rate on the display at a time: NaN when there is none. */
double seen_rate_at(const seen *s, double at_s);

#endif
