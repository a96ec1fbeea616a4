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

static const double REACH_MS = 15, SMOOTH_MS = 10, HALF_QRS_MS = 60;
enum {
    MOST_REACH = 32, /* samples, at SECG_MAX_RATE_HZ                              */
    MOST_SMOOTH = 20,
    MOST_COUNT = 2 * MOST_REACH + 3,
    MOST_VALUES = MOST_COUNT + 2 * MOST_SMOOTH
};

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
 * after all.  Quads can reach beyond. */
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
    secg_quad_store(copy + count, secg_quad_all(0));
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
    secg_quad_store(y + s->count, secg_quad_all(NAN));
}

/* The halves of the triangle at the first place, the first with its top, and what all of it holds. */
static float sum_triangle(const float *mv, int32_t half, float *left, float *right)
{
    float weighed[2 * MOST_SMOOTH + 1 + SECG_QUAD], sum = 0;
    secg_quad rise = {1, 2, 3, 4}, top = secg_quad_all((float)(2 * half));
    int32_t q = 0;
    for (; q < 2 * half - 1; q += SECG_QUAD, rise += (float)SECG_QUAD)
        secg_quad_store(weighed + q, secg_quad_min(rise, top - rise) * secg_quad_load(mv + q));
    *left = *right = 0;
    for (q = 0; q < half; q++)
        *left += mv[q], sum += weighed[q];
    for (; q < 2 * half - 1; q++)
        *right += mv[q], sum += weighed[q];
    return sum;
}

/* The same where nothing is missing: from one place to the next the triangle loses what half of it
 * holds and gains what the other does.  Returns 0 when something is: it spoils all sums after it. */
static int smooth_all(const float *mv, const stretch *s, float sign, float *y)
{
    float move[MOST_COUNT + SECG_QUAD], left, right;
    float sum = sum_triangle(mv, s->half, &left, &right);
    const float *middle = mv + s->half, *next = middle + s->half - 1;
    int32_t i = 0, last = s->count - 1;
    for (; i < last; i += SECG_QUAD)
        secg_quad_store(move + i, secg_quad_load(middle + i) - secg_quad_load(mv + i));
    y[0] = sum;
    for (i = 0; i < last; i += SECG_QUAD)
        for (int32_t j = i; j < i + SECG_QUAD; j++) {
            right += next[j];
            sum += right - left;
            y[j + 1] = sum;
            left += move[j];
            right -= middle[j];
        }
    int is_whole = y[last] - y[last] == 0;
    float scale = sign / (float)(s->half * s->half);
    for (i = 0; i <= last; i += SECG_QUAD)
        secg_quad_store(y + i, secg_quad_load(y + i) * scale);
    return is_whole;
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

/* Of y within, -1: nothing there.  The last quad reaches back; of what is not known and another the maximum
 * is the other. */
static int32_t find_highest(const float *y, int32_t count)
{
    secg_quad most = secg_quad_all(-INFINITY);
    most = secg_quad_max(secg_quad_load(y + count - 1 - SECG_QUAD), most);
    for (int32_t i = 1; i + SECG_QUAD < count - 1; i += SECG_QUAD)
        most = secg_quad_max(secg_quad_load(y + i), most);
    float highest = secg_quad_highest(most);
    for (int32_t i = 1; highest > -INFINITY; i += SECG_QUAD) {
        uint32_t lanes = secg_quad_lanes(secg_quad_load(y + i) == highest);
        if (lanes)
            return i + __builtin_ctz(lanes);
    }
    return -1;
}

/* The extremum of sign * signal, at most REACH_MS from the place. */
secg_peak secg_fiducial_find(const secg_intake *in, const secg_fiducial_place *place)
{
    int32_t reach = (int32_t)ceil(REACH_MS * 1e-3 * in->rate_hz);
    int32_t smooth = (int32_t)lround(SMOOTH_MS * 1e-3 * in->rate_hz);
    int64_t first = place->around - reach - 1;
    stretch s = {.first = first - smooth, .count = 2 * reach + 3, .half = smooth + 1};
    float copy[MOST_VALUES + SECG_QUAD], y[MOST_COUNT + SECG_QUAD];
    const float *mv = find_values(in, &s, place->channel, copy);
    if (!smooth_all(mv, &s, place->sign, y))
        smooth_known(mv, &s, place->sign, y);
    int32_t best = find_highest(y, s.count);
    if (best < 0)
        return (secg_peak){.sample = place->around < 0 ? 0 : place->around};
    float bend = y[best - 1] - 2 * y[best] + y[best + 1];
    float offset = bend < 0 ? 0.5f * (y[best - 1] - y[best + 1]) / bend : 0;
    return (secg_peak){.sample = first + best,
                       .offset_samples = offset >= -0.5f && offset <= 0.5f ? offset : 0};
}
