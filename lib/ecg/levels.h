/* How large QRS complexes and noise are in each lead, and how leads are weighed for it. */
#ifndef SECG_ECG_LEVELS_H
#define SECG_ECG_LEVELS_H

#include <stressecg/signal.h>

typedef struct secg_levels {
    size_t channels;
    int64_t version;                  /* number of changes of what follows, but for reject_mv     */
    uint32_t usable;                  /* bit k: lead k carries a signal                           */
    float beat_mv[SECG_MAX_CHANNELS]; /* typical QRS feature of a beat; 0: unknown        */
    float noise_mv[SECG_MAX_CHANNELS];    /* mean feature between beats                       */
    float reject_mv[SECG_MAX_CHANNELS];   /* typical feature of peaks that are no beats       */
    float gain[SECG_MAX_CHANNELS];        /* fused = sum gain * feature: 1 for a typical beat */
    float weight[SECG_MAX_CHANNELS];      /* of products of two signals                       */
    float share[SECG_MAX_CHANNELS];       /* gain * beat_mv: the sum of all is 1              */
    float first_mv[4][SECG_MAX_CHANNELS]; /* largest feature in each quarter of learning */
    int quarter;                          /* the latest of them; -1: none yet                 */
} secg_levels;

void secg_levels_init(secg_levels *levels, size_t channels);
void secg_levels_set_usable(secg_levels *levels, uint32_t usable);

/* Learning: the feature of one sample in a quarter, 0 .. 3. */
void secg_levels_learn(secg_levels *levels, int quarter, const float *feature_mv);
void secg_levels_forget_learning(secg_levels *levels);

/* The mean feature of a stretch between beats: leads are weighed by it from the next beat on. */
void secg_levels_noise(secg_levels *levels, const float *mean_mv);
/* A beat, in the leads that were usable. */
void secg_levels_beat(secg_levels *levels, uint32_t usable, const float *feature_mv);
/* A peak that is no beat, in the leads that were usable. */
void secg_levels_reject(secg_levels *levels, uint32_t usable, const float *feature_mv);
/* No beats for 100 ms more than there should be. */
void secg_levels_sink(secg_levels *levels);

/* Fused noise, as a part of a typical beat; at least 0.01. */
static inline float secg_levels_fused_noise(const secg_levels *levels)
{
    float noise = levels->gain[0] * levels->noise_mv[0];
    for (size_t k = 1; k < levels->channels; k++)
        noise += levels->gain[k] * levels->noise_mv[k];
    return noise > 0.01f ? noise : 0.01f;
}

#endif
