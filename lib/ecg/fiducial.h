/* The R peak, or main deflection, of a detected QRS complex, to a fraction of an input sample. */
#ifndef SECG_ECG_FIDUCIAL_H
#define SECG_ECG_FIDUCIAL_H

#include "ecg/qrs_feature.h"
#include "ecg/shapes.h"

typedef struct secg_peak {
    int64_t sample;
    float offset_samples; /* -0.5 .. 0.5                                              */
} secg_peak;

/* Where a main deflection is to be looked for. */
typedef struct secg_fiducial_place {
    int64_t around; /* sample                                                   */
    size_t channel;
    float sign;
} secg_fiducial_place;

/* Of the main deflection of `shape` in `channel`.  bump_time: where the shape's middle lies in the ring
 * of bumps. */
secg_fiducial_place secg_fiducial_expect(const secg_qrs_feature *feature, const secg_shapes *shapes,
                                         secg_match match, int64_t bump_time, size_t channel);

/* The same without a shape: of the band-passed signal near the middle. */
secg_fiducial_place secg_fiducial_guess(const secg_qrs_feature *feature, int64_t bump_time,
                                        size_t channel);

/* The deflection itself, in the input. */
secg_peak secg_fiducial_find(const secg_intake *in, const secg_fiducial_place *place);

/* How far apart the main deflections of two channels lie in the shape, in its samples. */
int32_t secg_fiducial_distance(const secg_shapes *shapes, secg_match match, size_t a, size_t b);

#endif
