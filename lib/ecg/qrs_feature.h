/* What a QRS complex stands out by: the mean absolute value of a band-passed, decimated signal,
 * one number per lead and decimated sample. */
#ifndef SECG_ECG_QRS_FEATURE_H
#define SECG_ECG_QRS_FEATURE_H

#include "base/arena.h"

#include <stdint.h>

typedef struct secg_qrs_feature {
    size_t channels;
    double rate_hz;            /* of the decimated signal                                  */
    int32_t factor;            /* input samples per decimated sample                       */
    int32_t box, mean;         /* widths of the band-pass boxes and of the mean            */
    int32_t bump_delay, delay; /* decimated samples from a deflection to its bump; its mean */
    float mv_per_bump;         /* a bump's value at the centre of the band, in mV          */
    int64_t count;             /* decimated samples made                                   */
    int32_t phase;
    size_t mask;                 /* rings below hold mask + 1 rows of [channels]             */
    int32_t *block;              /* [channels] sum of the block under way                    */
    int32_t *held;               /* [channels] last value acquired                           */
    int32_t *x, *box_sum, *bump; /* rings: decimated signal, its box sums, band-passed       */
    int64_t *energy;             /* [channels] running sum of |bump|                         */
    float *level;                /* ring: the feature in mV                                  */
} secg_qrs_feature;

void secg_qrs_feature_lay_out(secg_qrs_feature *f, secg_arena *arena, double rate_hz,
                              size_t channels);
void secg_qrs_feature_reset(secg_qrs_feature *f);

/* Takes one frame; 1 when a decimated sample is complete: rows of index count - 1 are new. */
int secg_qrs_feature_push(secg_qrs_feature *f, const float *mv);

/* Rows by absolute index of decimated sample, at most SECG_QRS_HISTORY_MS back. */
enum { SECG_QRS_HISTORY_MS = 3000 };
static inline const int32_t *secg_qrs_x(const secg_qrs_feature *f, int64_t index)
{
    return f->x + ((uint64_t)index & f->mask) * f->channels;
}
static inline const int32_t *secg_qrs_bump(const secg_qrs_feature *f, int64_t index)
{
    return f->bump + ((uint64_t)index & f->mask) * f->channels;
}
static inline const float *secg_qrs_level(const secg_qrs_feature *f, int64_t index)
{
    return f->level + ((uint64_t)index & f->mask) * f->channels;
}

/* The band-pass of twice the box width, in mV, at the place of bump `index`, [channels].  Needs
 * another 1.5 boxes of signal behind it. */
void secg_qrs_wide(const secg_qrs_feature *f, int64_t index, float *mv);

#endif
