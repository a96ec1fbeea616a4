/* QRS complexes in all usable leads together. */
#ifndef SECG_ECG_DETECTOR_H
#define SECG_ECG_DETECTOR_H

#include "ecg/decision.h"
#include "ecg/levels.h"
#include "ecg/qrs_feature.h"
#include "ecg/shapes.h"

enum { SECG_DETECTIONS = 8, SECG_DETECTOR_RR = 8 };

typedef struct secg_detection {
    int64_t time; /* step, at the peak of the feature             */
    uint32_t usable;
    secg_match match;    /* shape it was learned into                                */
    int after_blind;     /* 1: beats could have been missed since the one before     */
    int is_new;          /* 1: it began a shape                                      */
    float height, noise; /* log of both, against typical beats                       */
} secg_detection;

/* A beat as it is seen first, before what follows can speak against it. */
typedef struct secg_sighting {
    int64_t time; /* as above                                                */
    uint32_t usable;
    secg_match match; /* shape < 0: like none                                     */
} secg_sighting;

/* What is left to do of a step. */
typedef enum secg_detector_unit {
    SECG_DETECTOR_DONE,
    SECG_DETECTOR_DECIDE, /* is the oldest candidate a beat, or none?                        */
    SECG_DETECTOR_COMMIT, /* a beat: levels, intervals and noise learn from it, shapes are matched */
    SECG_DETECTOR_LEARN   /* its shape learns from it, and it comes out                       */
} secg_detector_unit;

typedef struct secg_detector {
    secg_qrs_feature *feature;
    size_t channels;
    int announces, is_alone;
    int32_t narrowest, learning, overdue, adrift; /* steps */
    int32_t around, early_wait, least_wait, longest_wait;
    int32_t bump_lag; /* from a peak of the feature back to its bump              */
    secg_levels levels;
    secg_decision decision;
    secg_shapes shapes;
    int64_t learning_since;
    int learned;
    float peak, valley; /* of the fused feature                                     */
    int64_t peak_time;
    int seeking_valley;
    int64_t blind_until; /* latest step at which nothing was usable      */
    int64_t next_judgement, next_look, next_sink, next_start;
    float rr[SECG_DETECTOR_RR];        /* latest intervals, steps                      */
    float rr_sorted[SECG_DETECTOR_RR]; /* the same in rising order                     */
    int32_t rr_count;
    secg_detection out[SECG_DETECTIONS];
    int32_t out_count, out_first;
    secg_sighting sighting;
    int has_sighting;
    secg_detector_unit unit;
    int32_t chosen;       /* candidate that becomes a beat                      */
    secg_detection found; /* what is known of it so far                              */
} secg_detector;

typedef struct secg_detector_config {
    int search_back;
    int announces; /* beats are seen early, by secg_detector_sight                             */
    /* Nothing keeps step with the detector but one lead's beats, so it need not stop where it cannot
     * decide yet.  Measurement does: its averages are of the beats that are in by the frames left to it. */
    int is_alone;
} secg_detector_config;

void secg_detector_lay_out(secg_detector *d, secg_arena *arena, secg_qrs_feature *feature,
                           const secg_detector_config *config);
void secg_detector_reset(secg_detector *d);

/* Bit k: lead k carries a signal, from the next step on; at the start all do. */
void secg_detector_set_usable(secg_detector *d, uint32_t usable);

/* Steps until there is something to do but to seek peaks, at least one: as many may be taken at once.
 * Alone: until a beat may have to be announced, or decided for good; the rest can wait. */
int64_t secg_detector_left(const secg_detector *d);

/* Takes some of the feature's waiting steps, alone only up to the first that something is due after;
 * returns how many.  What the last leads to is done a unit at a time by secg_detector_work, three of them
 * at most, before the next push: so no frame need carry all of it. */
int32_t secg_detector_push(secg_detector *d, int32_t steps);
void secg_detector_work(secg_detector *d);
void secg_detector_flush(secg_detector *d);
int secg_detector_next(secg_detector *d, secg_detection *detection);

/* A beat expected since the last push, at most one. */
int secg_detector_sight(secg_detector *d, secg_sighting *sighting);

/* Where the next beat seems to be, as far as is known; SECG_NO_SAMPLE: none in sight. */
int64_t secg_detector_foresee(secg_detector *d);

#endif
