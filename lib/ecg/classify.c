/* The dominant shape is the one with most beats of late.  A beat of another shape is ventricular
 * when it is premature or its shape is far from the dominant one; a beat of the dominant shape
 * that comes early is supraventricular. */
#include "ecg/classify.h"

#include <math.h>
#include <string.h>

static const float FADE = 0.99f, PREMATURE = 0.85f;
enum { LEARNING_BEATS = 4 };

void secg_classify_init(secg_classify *c)
{
    *c = (secg_classify){.rr_ms = NAN};
}

static int32_t dominant(const secg_classify *c)
{
    int32_t best = 0;
    for (int32_t i = 1; i < SECG_SHAPES; i++)
        if (c->presence[i] > c->presence[best])
            best = i;
    return best;
}

secg_beat_label secg_classify_beat(secg_classify *c, const secg_detection *beat, float rr_ms)
{
    int32_t shape = beat->match.shape;
    for (int32_t i = 0; i < SECG_SHAPES; i++)
        c->presence[i] *= FADE;
    c->presence[shape] += 1;
    int premature = rr_ms < PREMATURE * c->rr_ms;
    secg_beat_label label = SECG_BEAT_N;
    if (shape != dominant(c) && c->beats >= LEARNING_BEATS)
        label = SECG_BEAT_V;
    else if (premature)
        label = SECG_BEAT_S;
    c->beats++;
    if (label == SECG_BEAT_N && !isnan(rr_ms))
        c->rr_ms = isnan(c->rr_ms) ? rr_ms : c->rr_ms + 0.125f * (rr_ms - c->rr_ms);
    return label;
}
