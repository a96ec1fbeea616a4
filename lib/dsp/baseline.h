#ifndef SECG_DSP_BASELINE_H
#define SECG_DSP_BASELINE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

enum { SECG_BASELINE_REACH = 64 }; /* blocks that one level is made of, at most */

typedef struct secg_baseline {
    size_t channels, stride;
    int block_frames, half, lag, blocks, means; /* all but the first counted in blocks */
    float *kernel;    /* [-half .. half]                                          */
    float kernel_sum; /* of both sides                                            */
    float *mean;      /* [2 means][stride]: each block twice, so that the latest lie side by side */
    float *level;     /* [blocks][stride]                                         */
    float *weight;    /* [2 means]: the same                                      */
    float *sum, *count; /* [stride]: of the block that fills; count: of frames with gaps */
    int filled, whole;  /* frames of that block; those taken as whole                */
    int64_t gap;        /* newest block in which a channel has no mean at all; -1    */
    int64_t left_out;   /* newest block left out; -1                                 */
    int64_t block;      /* number of the block that fills                           */
} secg_baseline;

/* stride: channels, filled up to whole vectors.  lag_s: how long to wait for leave_out before a
 * level is found; history_s: how far behind the newest frame levels can be asked for. */
void secg_baseline_lay_out(secg_baseline *baseline, secg_arena *arena, double rate_hz,
                           size_t channels, size_t stride, double lag_s, double history_s);
void secg_baseline_reset(secg_baseline *baseline);

/* One frame, [stride]; NaN is left out. */
void secg_baseline_push(secg_baseline *baseline, const float *mv);
/* The same for some frames without NaN. */
void secg_baseline_push_whole(secg_baseline *baseline, const float *mv, size_t frames);

/* Frames that the block which fills still takes: nothing else changes until they have come. */
size_t secg_baseline_room(const secg_baseline *baseline);

/* Frames [from, to) carry no baseline (a QRS, an ectopic beat): left out of the mean if they are
 * named before the lag has passed.  None that are yet to come. */
void secg_baseline_leave_out(secg_baseline *baseline, int64_t from, int64_t to);

/* The level at a frame (fractions allowed), [stride]; NaN where it is not known. */
void secg_baseline_at(const secg_baseline *baseline, double frame, float *level);

/* The same as a line: level at `frame` and its rise per frame, valid from there to the frame that is
 * returned. */
double secg_baseline_line(const secg_baseline *baseline, double frame, float *level, float *rise);

#endif
