/* Which deflection is the main one is asked of the shape that the beat was matched with, not of
 * the beat (shapes.h): in a biphasic complex noise would decide anew each time, and R-R would jump by
 * the distance of the two.  The input, smoothed, is then searched +-15 ms around that place for the
 * extremum of the same sign.
 *
 * Smoothed by a triangle +-10 ms wide (a mean of 10 ms, twice; zero phase): of two notches on top of
 * an R wave noise would choose one in each beat, and muscle noise moves a flat top.  On the R waves
 * of MIT-BIH half of the scatter against the annotators goes with it.  What it costs is the distance
 * between the peak and the middle of a skewed wave, 1 ms as a rule, the same in every beat.
 *
 * Between samples a parabola through the three around the extremum,
 *
 *     offset = (y[-1] - y[1]) / (2 (y[-1] - 2 y[0] + y[1])),
 *
 * is exact for a parabola; for a 40 ms wide R wave at 125 Hz its error is below 0.5 ms. */
#include "ecg/fiducial.h"

#include "ecg/fiducial_loop.h"

#include <math.h>
#include <string.h>

static const double REACH_MS = 15, SMOOTH_MS = 10, HALF_QRS_MS = 60;
enum { MOST_VALUES = SECG_FIDUCIAL_PLACES + 2 * SECG_FIDUCIAL_SMOOTH + SECG_FIDUCIAL_BEYOND };

/* Where a lead is smoothed: at `count` samples, from those and half - 1 to either side. */
typedef struct stretch {
    int64_t first; /* of the samples that are read                               */
    int32_t count, half;
} stretch;

static int32_t values_of(const stretch *s)
{
    return s->count + 2 * (s->half - 1);
}

/* Values from `row` on, where all of them have been written. */
static void copy_rows(const secg_intake *in, const float *row, size_t channel, int32_t count,
                      float *copy)
{
    for (int32_t i = 0; i < count; i++, row = secg_intake_next_row(in, row))
        copy[i] = row[channel];
}

/* Values of a lead side by side: where they are, or copied; NaN where nothing was acquired, and before and
 * after all.  Vectors can reach beyond. */
static const float *find_values(const secg_intake *in, const stretch *s, size_t channel,
                                float *copy)
{
    int32_t count = values_of(s);
    int64_t end = secg_intake_count(in);
    if (s->first >= 0 && s->first + count <= end) {
        const float *row = secg_intake_row(in, s->first);
        if (in->stride == 1 && in->end - row >= count)
            return row;
        copy_rows(in, row, channel, count, copy);
    } else {
        for (int32_t i = 0; i < count; i++)
            copy[i] = s->first + i < 0 || s->first + i >= end
                          ? NAN
                          : secg_intake_row(in, s->first + i)[channel];
    }
    memset(copy + count, 0, SECG_FIDUCIAL_BEYOND * sizeof *copy);
    return copy;
}

/* At a place, from what there is. */
static float smoothed(const float *mv, int32_t half, int32_t i)
{
    float sum = 0, weights = 0;
    for (int32_t q = 1; q < 2 * half; q++) {
        float weight = (float)(q < half ? q : 2 * half - q), value = mv[i + q - 1];
        if (!isnan(value))
            sum += weight * value, weights += weight;
    }
    return weights > 0 ? sum / weights : NAN;
}

static void smooth_known(const float *mv, const stretch *s, float sign, float *y)
{
    for (int32_t i = 0; i < s->count; i++)
        y[i] = sign * smoothed(mv, s->half, i);
}

int32_t secg_fiducial_distance(const secg_shapes *shapes, secg_match match, size_t a, size_t b)
{
    const secg_shape *shape = &shapes->shape[match.shape];
    int32_t d = shape->main[a] - shape->main[b];
    return d < 0 ? -d : d;
}

/* The middle of what a step of the ring of bumps stands for. */
static int64_t sample_of(const secg_qrs_feature *f, int64_t step)
{
    return (step - f->bump_delay - f->late) * f->factor + f->factor / 2;
}

secg_fiducial_place secg_fiducial_expect(const secg_qrs_feature *feature, const secg_shapes *shapes,
                                         secg_match match, int64_t bump_time, size_t channel)
{
    const secg_shape *shape = &shapes->shape[match.shape];
    int32_t row = shape->main[channel];
    int64_t step = bump_time + match.shift + row - shapes->half;
    float sign = shape->plain[(size_t)row * shapes->channels + channel] < 0 ? -1.0f : 1.0f;
    return (secg_fiducial_place){
        .around = sample_of(feature, step), .channel = channel, .sign = sign};
}

secg_fiducial_place secg_fiducial_guess(const secg_qrs_feature *feature, int64_t bump_time,
                                        size_t channel)
{
    int32_t side = (int32_t)lround(HALF_QRS_MS * 1e-3 * feature->rate_hz);
    int64_t best = bump_time;
    float largest = 0, sign = 1;
    for (int64_t n = bump_time - side; n <= bump_time + side; n++) {
        float bump = (float)secg_qrs_bump(feature, n)[channel], size = secg_main_deflection(bump);
        if (size > largest)
            largest = size, best = n, sign = bump < 0 ? -1.0f : 1.0f;
    }
    return (secg_fiducial_place){
        .around = sample_of(feature, best), .channel = channel, .sign = sign};
}

/* Of y within, -1: nothing there. */
static int32_t find_highest(const stretch *s, const float *y)
{
    int32_t best = -1;
    float largest = -INFINITY;
    for (int32_t i = 1; i < s->count - 1; i++)
        if (y[i] > largest)
            largest = y[i], best = i;
    return best;
}

/* The extremum of sign * signal, at most REACH_MS from the place. */
secg_peak secg_fiducial_find(const secg_intake *in, const secg_fiducial_place *place)
{
    int32_t reach = (int32_t)ceil(REACH_MS * 1e-3 * in->rate_hz);
    int32_t smooth = (int32_t)lround(SMOOTH_MS * 1e-3 * in->rate_hz);
    int64_t first = place->around - reach - 1;
    stretch s = {.first = first - smooth, .count = 2 * reach + 3, .half = smooth + 1};
    float copy[MOST_VALUES], y[SECG_FIDUCIAL_PLACES + SECG_FIDUCIAL_BEYOND];
    const float *mv = find_values(in, &s, place->channel, copy);
    int32_t best = SECG_WIDE(secg_fiducial_loop, s.count - 2)(mv, s.half, s.count, place->sign, y);
    if (best < 0) {
        smooth_known(mv, &s, place->sign, y);
        best = find_highest(&s, y);
    }
    if (best < 0)
        return (secg_peak){.sample = place->around < 0 ? 0 : place->around};
    float bend = y[best - 1] - 2 * y[best] + y[best + 1];
    float offset = bend < 0 ? 0.5f * (y[best - 1] - y[best + 1]) / bend : 0;
    return (secg_peak){.sample = first + best,
                       .offset_samples = offset >= -0.5f && offset <= 0.5f ? offset : 0};
}
