/* What a QRS complex stands out by: the mean absolute value of a band-passed signal, one number per
 * lead and step (intake.h).  Here a time is the index of a step. */
#ifndef SECG_ECG_QRS_FEATURE_H
#define SECG_ECG_QRS_FEATURE_H

#include "ecg/intake.h"

#include <string.h>

/* Cells from the sum of a step of one lead, in new_x below, to what else is known of that step. */
enum {
    SECG_QRS_LONE = 256,
    SECG_QRS_TO_SUM = SECG_QRS_LONE,
    SECG_QRS_TO_BUMP = 2 * SECG_QRS_LONE,
    SECG_QRS_TO_WIDE = 3 * SECG_QRS_LONE,
    SECG_QRS_TO_LEVEL = 4 * SECG_QRS_LONE
};

typedef struct secg_qrs_feature {
    size_t channels;
    double rate_hz;      /* steps a second                                           */
    int32_t factor;      /* frames in a step                                         */
    int32_t box, mean;   /* widths of the band-pass boxes and of the mean            */
    int32_t late;        /* steps from completion to being taken                     */
    int32_t bump_delay;  /* from a deflection, as it is taken, to its bump           */
    int32_t delay;       /* from a deflection to the mean of its bump, late and all  */
    float mv_per_bump;   /* a bump's value at the centre of the band, in mV          */
    int64_t count;       /* steps shown                                              */
    size_t mask;         /* rings below hold mask + 1 rows of [channels]             */
    int32_t *x, *bump;   /* rings: sums over steps, band-passed                      */
    float *level;        /* ring: the feature in mV                                  */
    int32_t wide_delay;  /* steps from a bump to the band-pass of twice the width    */
    int32_t *wide;       /* ring: that                                               */
    double *energy;      /* [channels] running sum of |bump|, a whole number                */
    float mv_per_energy; /* of that to the feature                                   */
    int32_t waiting;     /* steps taken that are not shown yet                       */
    /* Rows of [channels]: those that a later step looks back to, then those taken, until they are full.
     * Of one lead they have SECG_QRS_LONE cells each and follow each other in this order: how far they are
     * apart is known when its loop is compiled. */
    int32_t back, room; /* how many of those, and of all                            */
    int32_t at;         /* those that are filled                                    */
    int32_t *new_x, *new_sum, *new_bump, *new_wide;
    float *new_level;
} secg_qrs_feature;

void secg_qrs_feature_lay_out(secg_qrs_feature *f, secg_arena *arena, const secg_intake *intake);
void secg_qrs_feature_reset(secg_qrs_feature *f);

/* Takes the sums of some steps, rows of [stride], at most SECG_INTAKE_STEPS; all before were shown. */
void secg_qrs_feature_push(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps);

/* The feature of the steps that are not shown yet. */
static inline const float *secg_qrs_waiting(const secg_qrs_feature *f)
{
    return f->new_level + (size_t)(f->at - f->waiting) * f->channels;
}

/* The lowest values of the feature in the steps from the given one on, [channels]; all are shown. */
void secg_qrs_feature_lowest(const secg_qrs_feature *f, int64_t from, int32_t steps, float *lowest);

/* Shows some of them: rows up to index count - 1 can be read. */
void secg_qrs_feature_show(secg_qrs_feature *f, int32_t steps);

/* Rows by index of step, at most SECG_QRS_HISTORY_MS back, less the three that quads reach over. */
enum { SECG_QRS_HISTORY_MS = 3000 };
static inline size_t secg_qrs_place(const secg_qrs_feature *f, int64_t index)
{
    return index < 0 ? 0 : (size_t)((uint64_t)index & f->mask) * f->channels;
}
static inline const int32_t *secg_qrs_x(const secg_qrs_feature *f, int64_t index)
{
    return f->x + secg_qrs_place(f, index);
}
static inline const int32_t *secg_qrs_bump(const secg_qrs_feature *f, int64_t index)
{
    return f->bump + ((uint64_t)index & f->mask) * f->channels;
}
static inline const float *secg_qrs_level(const secg_qrs_feature *f, int64_t index)
{
    return f->level + ((uint64_t)index & f->mask) * f->channels;
}

/* Rows of a ring side by side, [rows][channels]: where they are, or when it begins again within them
 * copied.  Some cells behind them can be read too. */
static inline const int32_t *secg_qrs_rows(const secg_qrs_feature *f, const int32_t *ring,
                                           int64_t first, int32_t rows, int32_t *copy)
{
    size_t at = (size_t)((uint64_t)first & f->mask), side = f->mask + 1 - at;
    if ((size_t)rows <= side)
        return ring + at * f->channels;
    memcpy(copy, ring + at * f->channels, side * f->channels * sizeof *copy);
    memcpy(copy + side * f->channels, ring, ((size_t)rows - side) * f->channels * sizeof *copy);
    return copy;
}

/* The band-pass of twice the box width at the place of bump `index`, in units of secg_qrs_mv_per_wide;
 * needs another wide_delay of signal behind it: without, its latest value. */
static inline const int32_t *secg_qrs_wide(const secg_qrs_feature *f, int64_t index)
{
    index += f->wide_delay;
    index = index < f->count ? index : f->count - 1;
    return f->wide + ((uint64_t)index & f->mask) * f->channels;
}
static inline float secg_qrs_mv_per_wide(const secg_qrs_feature *f)
{
    return 0.25f * f->mv_per_bump;
}

#endif
