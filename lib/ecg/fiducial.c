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

#include "base/quad.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double REACH_MS = 15, SMOOTH_MS = 10, HALF_QRS_MS = 60;
enum { MOST_REACH = 32, MOST_SMOOTH = 20 }; /* samples, at SECG_MAX_RATE_HZ                 */

/* A stretch of a lead, first - smooth .. last + smooth; NaN: not acquired, or before or after all. */
typedef struct stretch {
    int64_t first;
    int32_t count, smooth;
    int is_whole; /* nothing is NaN */
    float mv[2 * (MOST_REACH + MOST_SMOOTH) + 3 + SECG_QUAD];
} stretch;

/* From `row` on, where all of it has been written. */
static void cut_whole(stretch *s, const secg_intake *in, const float *row, size_t channel,
                      int32_t count)
{
    int32_t side = (int32_t)((size_t)(in->end - row) / in->stride), i = 0;
    secg_quad unlike_self = {0};
    side = side < count ? side : count;
    if (in->stride == 1) {
        memcpy(s->mv, row, (size_t)side * sizeof *row);
        i = side;
        row += side;
    }
    for (; i < side; i++, row += in->stride)
        s->mv[i] = row[channel];
    for (row -= in->rows * in->stride; i < count; i++, row += in->stride)
        s->mv[i] = row[channel];
    for (i = 0; i < SECG_QUAD; i++)
        s->mv[count + i] = 0;
    for (i = 0; i < count; i += SECG_QUAD)
        unlike_self += secg_quad_load(s->mv + i) - secg_quad_load(s->mv + i);
    s->is_whole = secg_quad_total(unlike_self) == 0;
}

static void cut_out(stretch *s, const secg_intake *in, size_t channel)
{
    int64_t first = s->first - s->smooth, end = secg_intake_count(in);
    int32_t count = s->count + 2 * s->smooth;
    s->is_whole = 0;
    if (first >= 0 && first + count <= end) {
        cut_whole(s, in, secg_intake_row(in, first), channel, count);
        return;
    }
    for (int32_t i = 0; i < count; i++)
        s->mv[i] =
            first + i < 0 || first + i >= end ? NAN : secg_intake_row(in, first + i)[channel];
}

/* At first + i, from what there is. */
static float smoothed(const stretch *s, int32_t i)
{
    const float *mv = s->mv + i + s->smooth;
    float sum = 0, weights = 0;
    for (int32_t q = -s->smooth; q <= s->smooth; q++) {
        float weight = (float)(s->smooth + 1 - abs(q));
        if (!isnan(mv[q]))
            sum += weight * mv[q], weights += weight;
    }
    return weights > 0 ? sum / weights : NAN;
}

/* The same where nothing is missing: from one place to the next the triangle loses what half of it
 * holds and gains what the other does. */
static void smooth_all(const stretch *s, float sign, float *y)
{
    int32_t half = s->smooth + 1;
    const float *mv = s->mv;
    float left = 0, right = 0, sum = 0, scale = sign / (float)(half * half);
    for (int32_t q = 0; q < half; q++)
        left += mv[q], sum += (float)(q + 1) * mv[q];
    for (int32_t q = 1; q < half; q++)
        right += mv[s->smooth + q], sum += (float)(half - q) * mv[s->smooth + q];
    for (int32_t i = 0; i < s->count; i++) {
        y[i] = sum * scale;
        if (i + 1 == s->count)
            return;
        right += mv[i + 2 * half - 1];
        sum += right - left;
        left += mv[i + half] - mv[i];
        right -= mv[i + half];
    }
}

static void smooth(const stretch *s, float sign, float *y)
{
    if (s->is_whole)
        smooth_all(s, sign, y);
    else
        for (int32_t i = 0; i < s->count; i++)
            y[i] = sign * smoothed(s, i);
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
static int32_t highest(const stretch *s, const float *y)
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
    stretch s;
    s.first = place->around - reach - 1;
    s.count = 2 * reach + 3;
    s.smooth = (int32_t)lround(SMOOTH_MS * 1e-3 * in->rate_hz);
    float y[2 * MOST_REACH + 3];
    cut_out(&s, in, place->channel);
    smooth(&s, place->sign, y);
    int32_t best = highest(&s, y);
    if (best < 0)
        return (secg_peak){.sample = place->around < 0 ? 0 : place->around};
    float bend = y[best - 1] - 2 * y[best] + y[best + 1];
    float offset = bend < 0 ? 0.5f * (y[best - 1] - y[best + 1]) / bend : 0;
    return (secg_peak){.sample = s.first + best,
                       .offset_samples = offset >= -0.5f && offset <= 0.5f ? offset : 0};
}
