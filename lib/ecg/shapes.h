/* A few templates of band-passed QRS complexes over all leads, and how well a piece of signal
 * agrees with each. */
#ifndef SECG_ECG_SHAPES_H
#define SECG_ECG_SHAPES_H

#include "ecg/qrs_feature.h"

#include <stressecg/signal.h>

enum { SECG_SHAPES = 8 };

/* An R wave counts in full, a downward deflection in part: so R is the fiducial also beside a deeper
 * S, as annotators place it, unless it is a mere r. */
#define SECG_SHAPES_DOWNWARD 0.45f
static inline float secg_main_deflection(float mv)
{
    return mv > 0 ? mv : -SECG_SHAPES_DOWNWARD * mv;
}

typedef struct secg_shape {
    float *value; /* [rows][channels], mV                                     */
    float *wide;  /* [wide_rows][channels]: the same, in the wide band        */
    float *plain; /* [rows][channels]: the signal itself, from its baseline    */
    float energy[SECG_MAX_CHANNELS], wide_energy[SECG_MAX_CHANNELS];
    int32_t main[SECG_MAX_CHANNELS]; /* row of the main deflection of plain                   */
    int32_t beats;                   /* that it was made from; 0: free                           */
    int64_t last;                    /* step of the latest of them                   */
} secg_shape;

typedef struct secg_shapes {
    size_t channels;
    int32_t half;                 /* rows = 2 half + 1                                        */
    int32_t wide_half, wide_step; /* wide_half steps to either side                          */
    int32_t reach;                /* positions tried to either side                           */
    secg_shape shape[SECG_SHAPES];
} secg_shapes;

typedef struct secg_match {
    int32_t shape;   /* -1: none                                                 */
    int32_t shift;   /* steps that the piece lies after its place    */
    float agreement; /* correlation, -1 .. 1                                     */
} secg_match;

void secg_shapes_lay_out(secg_shapes *s, secg_arena *arena, double rate_hz, size_t channels);
void secg_shapes_reset(secg_shapes *s);

/* The shape that agrees best with the signal around `time` (a bump's own time, not delayed), over
 * shapes made from at least `beats`.  weight: [channels]. */
secg_match secg_shapes_match(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                             const float *weight, int32_t beats);

/* How a piece of signal compares with one shape, in the narrow and in the wide band. */
typedef struct secg_likeness {
    float agreement, wide_agreement; /* correlation, blind to size                       */
    float distance, wide_distance;   /* rms of the difference, as a part of the shape    */
    float size;                      /* rms, as a part of the shape's                    */
    float width;                     /* log of wide over narrow rms, against the shape's */
} secg_likeness;

secg_likeness secg_shapes_compare(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                  const float *weight, int32_t shape);

/* Puts the beat into the shape that was matched, or, with match.shape < 0, into a new one in
 * place of the least used.  Returns its index. */
int32_t secg_shapes_learn(secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                          secg_match match);

#endif
