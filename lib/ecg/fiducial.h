/* The R peak, or main deflection, of a detected QRS complex, to a fraction of an input sample. */
#ifndef SECG_ECG_FIDUCIAL_H
#define SECG_ECG_FIDUCIAL_H

#include "ecg/qrs_feature.h"
#include "ecg/shapes.h"

typedef struct secg_fiducial {
    size_t channels;
    double rate_hz;
    size_t mask; /* the ring holds mask + 1 rows of [channels]               */
    float *mv;
    int64_t count;
    int32_t reach; /* input samples searched to either side                    */
} secg_fiducial;

void secg_fiducial_lay_out(secg_fiducial *f, secg_arena *arena, double rate_hz, size_t channels);
void secg_fiducial_reset(secg_fiducial *f);
void secg_fiducial_push(secg_fiducial *f, const float *mv);

typedef struct secg_peak {
    int64_t sample;
    float offset_samples; /* -0.5 .. 0.5                                              */
} secg_peak;

/* The main deflection of `shape` in `channel`, found in the input.  bump_time: where the shape's
 * middle lies in the ring of bumps. */
secg_peak secg_fiducial_find(const secg_fiducial *f, const secg_qrs_feature *feature,
                             const secg_shapes *shapes, secg_match match, int64_t bump_time,
                             size_t channel);

/* How far apart the main deflections of two channels lie in the shape, in its samples. */
int32_t secg_fiducial_distance(const secg_shapes *shapes, secg_match match, size_t a, size_t b);

#endif
