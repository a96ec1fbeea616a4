/* The analyser as a struct: what is in it, and the one function that lays it out. */
#ifndef SECG_ANALYZER_LAYOUT_H
#define SECG_ANALYZER_LAYOUT_H

#include "analyzer/analyzer.h"
#include "analyzer/input.h"
#include "base/queue.h"
#include "ecg/beats.h"
#include "ecg/measure.h"

#include <stressecg/analyzer.h>

typedef enum secg_flush_step {
    SECG_FLUSH_NOT_BEGUN,
    SECG_FLUSH_BEATS_DONE,
    SECG_FLUSH_DONE
} secg_flush_step;

struct secg_analyzer {
    secg_analyzer_config config;
    secg_input input;
    secg_lead_source lead[SECG_MAX_LEADS];
    size_t leads;
    uint8_t uncalibrated[SECG_MAX_LEADS];

    secg_beats *beats;
    secg_measure *measure; /* NULL with config.no_st                                   */
    secg_queue queue;

    int64_t frames;
    int paced; /* flagged for the next frame                               */
    secg_flush_step flush;
    atomic_int drained; /* no event will be put any more                            */
    uint64_t digest;
    secg_observer *observer;
    void *observer_context;
    void *block; /* what the host's allocator gave                           */
};

/* The configuration must have passed secg_analyzer_check.  NULL while measuring. */
secg_analyzer *secg_analyzer_lay_out(secg_arena *arena, const secg_analyzer_config *config);
void secg_analyzer_restart(secg_analyzer *analyzer);

/* No millivolts in a measurement of a lead whose gain is not known. */
void secg_analyzer_strip_uncalibrated(const secg_analyzer *analyzer, size_t lead, secg_st *st);

enum {
    /* Events that one frame can bring, with room for a stage change and its prompts. */
    SECG_EVENTS_PER_FRAME = SECG_BEATS_EVENTS_PER_FRAME + SECG_MEASURE_EVENTS_PER_FRAME + 12,
    SECG_EVENT_CAPACITY_LEAST = 256,
    SECG_EVENT_CAPACITY_MOST = 1 << 20,
    SECG_EVENT_CAPACITY_USUAL = 1024
};
_Static_assert(SECG_EVENTS_PER_FRAME <= SECG_EVENT_CAPACITY_LEAST, "a frame must fit the queue");

#endif
