/* The state of each lead, and its noise. */
#ifndef SECG_ECG_QUALITY_H
#define SECG_ECG_QUALITY_H

#include "ecg/qrs_feature.h"

#include <stressecg/event.h>

enum { SECG_QUALITY_NOISE_BLOCKS = 20, SECG_QUALITY_BLOCKS = 2 /* complete at once, at most */ };

typedef struct secg_quality_lead {
    float rail_low_mv, rail_high_mv; /* NaN: not known                                   */
    int32_t has_rail;                /* one of them is known                             */
    /* The block of frames under way; its extremes stand in secg_quality. */
    int32_t absent, railed;
    int32_t same, longest_same; /* steps of one value: now, most in the block              */
    float same_mv, longest_mv;  /* that value                                              */
    /* Over blocks. */
    float flat_low_mv, flat_high_mv;
    int32_t flat_blocks, clean_blocks, noise_good_blocks;
    float mean_mv;   /* slow mean, to tell an extreme value from an offset       */
    float rail_mv;   /* value the lead was found stuck at; NaN: none             */
    float noise_mv;  /* rms between beats; NaN until known                       */
    float beat_mv;   /* feature height of a beat; NaN until known                */
    uint8_t state;   /* secg_signal_state                                        */
    uint8_t contact; /* GAP, OFF, SATURATED or GOOD, without regard to noise     */
    uint8_t latest;  /* the same, of blocks that are complete and not judged yet */
} secg_quality_lead;

typedef struct secg_quality {
    size_t channels;
    int32_t block_frames, block_steps, steps_left, rail_frames, stuck_steps;
    int32_t head, filled;
    float block_weight; /* of one block in the slow mean                            */
    /* For all leads at once: extremes of the block under way, limits (infinite where not known), and
     * lowest mean |band-passed| in each of the latest blocks, the newest at head. */
    float low_mv[SECG_MAX_CHANNELS], high_mv[SECG_MAX_CHANNELS];
    float rail_low_mv[SECG_MAX_CHANNELS], rail_high_mv[SECG_MAX_CHANNELS];
    float noise_block[SECG_QUALITY_NOISE_BLOCKS][SECG_MAX_CHANNELS];
    float lowest[SECG_MAX_CHANNELS], second[SECG_MAX_CHANNELS]; /* of them                 */
    int is_eventful; /* in the latest step a value stood still, a rail was met or values are
                        absent                                                             */
    secg_quality_lead lead[SECG_MAX_CHANNELS];
    /* Blocks that the steps just ended complete: with which of these, and contact in them. */
    int32_t blocks, block_end[SECG_QUALITY_BLOCKS];
    uint8_t block_contact[SECG_QUALITY_BLOCKS][SECG_MAX_CHANNELS];
} secg_quality;

void secg_quality_init(secg_quality *q, const secg_intake *intake, const float *rail_low,
                       const float *rail_high);

/* Takes the steps just ended, those of some leads up to the end of a block at most.  Then `blocks` are
 * to be judged. */
void secg_quality_push(secg_quality *q, const secg_intake *intake);

/* 1: with the block which leads are usable changes. */
static inline int secg_quality_turns(const secg_quality *q, int32_t block)
{
    for (size_t k = 0; k < q->channels; k++)
        if (q->block_contact[block][k] != q->lead[k].contact)
            return 1;
    return 0;
}

/* Judges one of them after the other, when the feature is shown up to its end, which is step `end`
 * there.  1: a state is another than before. */
int secg_quality_judge(secg_quality *q, int32_t block, const secg_qrs_feature *feature,
                       int64_t end);

/* What a beat measures in the QRS feature now, so that noise can be compared with it. */
void secg_quality_set_beat(secg_quality *q, size_t channel, float beat_mv);

/* 1: the lead carries a signal, however noisy. */
static inline int secg_quality_usable(const secg_quality *q, size_t channel)
{
    return q->lead[channel].contact == SECG_SIGNAL_GOOD;
}

#endif
