/* QRS complexes in all usable leads together. */
#ifndef SECG_ECG_DETECTOR_H
#define SECG_ECG_DETECTOR_H

#include "ecg/qrs_feature.h"
#include "ecg/quality.h"
#include "ecg/shapes.h"

enum { SECG_CANDIDATES = 32, SECG_DETECTIONS = 8 };

/* A peak of the fused feature. */
typedef struct secg_candidate {
    int64_t time;                     /* decimated sample, at the peak of the feature             */
    float part_mv[SECG_MAX_CHANNELS]; /* the feature of each lead there                     */
    float low_mv[SECG_MAX_CHANNELS];
    float low, tallest;
    uint32_t usable; /* bit k: lead k was usable                                 */
    float height;    /* fused, in typical QRS complexes                          */
    float log_height;
    float unity;     /* how far leads agree on the height; 0: fully              */
    float agreement; /* with the best shape                                      */
    float score;     /* of the best path that ends here                          */
    int32_t from;    /* the candidate before on that path, -1: the last beat     */
} secg_candidate;

typedef struct secg_detection {
    int64_t time; /* decimated sample, at the peak of the feature             */
    uint32_t usable;
    secg_match match;    /* shape it was learned into                                */
    int after_blind;     /* 1: beats could have been missed since the one before     */
    int is_new;          /* 1: it began a shape                                      */
    float height, noise; /* log of both, in typical beats                            */
} secg_detection;

typedef struct secg_detector {
    const secg_qrs_feature *feature;
    size_t channels;
    int search_back;
    int32_t narrowest, learning, overdue, least_wait, longest_wait, refractory; /* samples    */
    int32_t bump_lag; /* from a peak of the feature back to its bump              */
    /* Per lead. */
    float beat_mv[SECG_MAX_CHANNELS];  /* typical feature of a QRS; 0: unknown             */
    float noise_mv[SECG_MAX_CHANNELS]; /* mean feature between beats                       */
    float gain[SECG_MAX_CHANNELS];     /* fused = sum gain * feature                       */
    float weight[SECG_MAX_CHANNELS];   /* of correlations                                  */
    uint32_t usable;
    /* Learning. */
    int64_t learning_since;
    int learned;
    float segment_mv[4][SECG_MAX_CHANNELS];
    /* Peaks. */
    float peak, valley;
    int64_t peak_time;
    int seeking_valley;
    /* Decision. */
    secg_candidate candidate[SECG_CANDIDATES];
    int32_t candidates;
    float yes[SECG_CANDIDATES + 1][SECG_CANDIDATES], no[SECG_CANDIDATES + 1][SECG_CANDIDATES];
    int64_t last_beat; /* SECG_NO_SAMPLE: none                                     */
    secg_candidate last;
    int64_t blind_until; /* latest decimated sample at which nothing was usable      */
    int64_t next_look;
    int64_t next_decay;
    float rr[8]; /* latest RR, decimated samples                             */
    int32_t rr_count;
    float rr_typical; /* their median                                             */
    float low_typical;
    float noise_height; /* typical height of rejected candidates                    */
    secg_shapes shapes;
    secg_detection out[SECG_DETECTIONS];
    int32_t out_count, out_first;
} secg_detector;

void secg_detector_lay_out(secg_detector *d, secg_arena *arena, const secg_qrs_feature *feature,
                           int search_back);
void secg_detector_reset(secg_detector *d);

/* Takes the feature's newest sample. */
void secg_detector_push(secg_detector *d, const secg_quality *quality);
void secg_detector_flush(secg_detector *d);
int secg_detector_next(secg_detector *d, secg_detection *detection);

/* Where the next beat seems to be, as far as is known; SECG_NO_SAMPLE: none in sight. */
int64_t secg_detector_foresee(secg_detector *d);

#endif
