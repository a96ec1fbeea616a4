/* Beat labels from shape and timing. */
#ifndef SECG_ECG_CLASSIFY_H
#define SECG_ECG_CLASSIFY_H

#include "ecg/detector.h"

#include <stressecg/event.h>

typedef struct secg_classify {
    float presence[SECG_SHAPES]; /* beats of each shape, fading                              */
    float rr_ms;                 /* typical interval                                         */
    int32_t beats;
} secg_classify;

void secg_classify_init(secg_classify *c);
/* rr_ms: interval before the beat, NaN when unknown. */
secg_beat_label secg_classify_beat(secg_classify *c, const secg_detection *beat, float rr_ms);

#endif
