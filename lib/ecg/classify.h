/* Beat labels from shape and timing. */
#ifndef SECG_ECG_CLASSIFY_H
#define SECG_ECG_CLASSIFY_H

#include "ecg/detector.h"

#include <stressecg/event.h>

enum { SECG_CLASSIFY_RR = 32, SECG_CLASSIFY_NORMAL = 12 };

enum { SECG_CLASSIFY_STEPS = 16 };

typedef struct secg_classify {
    float presence[SECG_SHAPES];  /* beats of each shape, fading                              */
    float earliness[SECG_SHAPES]; /* mean log of RR over the median, of each shape    */
    int32_t dominant;             /* shape; -1: none yet                                      */
    float rr[SECG_CLASSIFY_RR];   /* latest intervals, ms                                     */
    int32_t rr_count;
    /* In order of size: the latest intervals, and the latest steps from one to the next, and to the
     * next but one. */
    float rr_sorted[SECG_CLASSIFY_RR], step_one[SECG_CLASSIFY_STEPS], step_two[SECG_CLASSIFY_STEPS];
    float median, mean, long_rr; /* of them; long: the upper quartile                        */
    float irregularity;          /* median step between intervals, as a part of their median */
    float last_rr, last_before;  /* of the beat before                                       */
    secg_beat_label last_label;
    float ventricular[SECG_SHAPES];     /* part of each shape's beats labelled V, fading    */
    float normal[SECG_CLASSIFY_NORMAL]; /* latest intervals from normal to normal beat, ms  */
    int32_t normal_count;
    float normal_sorted[SECG_CLASSIFY_NORMAL];
    float normal_rr;      /* their median                                             */
    int32_t since_normal; /* beats since the latest of them                           */
} secg_classify;

/* What a label is decided on. */
typedef struct secg_beat_evidence {
    int32_t shape;
    secg_likeness likeness; /* to the dominant shape                                    */
    float own_agreement;    /* with the shape it was put into                           */
    float height, noise;    /* log, in typical beats                                    */
    float rr_ms;            /* before it; NaN: unknown                                  */
} secg_beat_evidence;

void secg_classify_init(secg_classify *c);

/* At the detection: shape is compared while the signal is at hand. */
secg_beat_evidence secg_classify_observe(secg_classify *c, const secg_detector *d,
                                         const secg_detection *beat, float rr_ms);

/* 1: shape and timing are so usual that the next beat cannot change the label. */
int secg_classify_is_usual(const secg_classify *c, const secg_beat_evidence *e);

/* next_rr_ms: interval to the next beat, or the time without one so far (open = 1). */
secg_beat_label secg_classify_label(secg_classify *c, const secg_beat_evidence *e, float next_rr_ms,
                                    int open);

#endif
