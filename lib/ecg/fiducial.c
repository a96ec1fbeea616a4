/* Which deflection is the main one is asked of the shape that the beat was matched with, not of
 * the beat: in a biphasic complex noise would decide anew each time, and R-R would jump by the
 * distance of the two.  It is the largest deflection of the shape from the level before it, where a
 * downward one counts NEGATIVE_PART: an R wave is the fiducial also beside a deeper S wave, as
 * annotators place it, unless it is a mere r.  It lies within 60 ms of the complex's middle.  The input is then searched +-25 ms around that
 * place for the extremum of the same sign.
 *
 * Between samples a parabola through the three around it,
 *
 *     offset = (y[-1] - y[1]) / (2 (y[-1] - 2 y[0] + y[1])),
 *
 * is exact for a parabola; for a 40 ms wide R wave at 125 Hz its error is below 0.5 ms. */
#include "ecg/fiducial.h"

#include <math.h>
#include <string.h>

static const double REACH_MS = 25, HISTORY_MS = 2500;
static const float NEGATIVE_PART = 0.45f;

void secg_fiducial_lay_out(secg_fiducial *f, secg_arena *arena, double rate_hz, size_t channels)
{
    *f = (secg_fiducial){.channels = channels, .rate_hz = rate_hz};
    size_t rows = 1;
    while ((double)rows < rate_hz * HISTORY_MS * 1e-3)
        rows *= 2;
    f->mask = rows - 1;
    f->reach = (int32_t)ceil(REACH_MS * 1e-3 * rate_hz);
    f->mv = secg_take(arena, rows * channels, sizeof *f->mv);
}

void secg_fiducial_reset(secg_fiducial *f)
{
    f->count = 0;
    memset(f->mv, 0, (f->mask + 1) * f->channels * sizeof *f->mv);
}

void secg_fiducial_push(secg_fiducial *f, const float *mv)
{
    memcpy(f->mv + ((uint64_t)f->count++ & f->mask) * f->channels, mv, f->channels * sizeof *f->mv);
}

static float value(const secg_fiducial *f, int64_t sample, size_t channel)
{
    return f->mv[((uint64_t)sample & f->mask) * f->channels + channel];
}

static int32_t main_row(const secg_shapes *shapes, const secg_shape *shape, size_t channel)
{
    int32_t best = shapes->half;
    float highest = 0;
    int32_t side = 2 * shapes->half / 3;
    for (int32_t r = shapes->half - side; r <= shapes->half + side; r++) {
        float v = shape->plain[(size_t)r * shapes->channels + channel];
        float size = v > 0 ? v : -(v * NEGATIVE_PART);
        if (size > highest)
            highest = size, best = r;
    }
    return best;
}

int32_t secg_fiducial_distance(const secg_shapes *shapes, secg_match match, size_t a, size_t b)
{
    const secg_shape *shape = &shapes->shape[match.shape];
    int32_t d = main_row(shapes, shape, a) - main_row(shapes, shape, b);
    return d < 0 ? -d : d;
}

secg_peak secg_fiducial_find(const secg_fiducial *f, const secg_qrs_feature *feature,
                             const secg_shapes *shapes, secg_match match, int64_t bump_time,
                             size_t channel)
{
    const secg_shape *shape = &shapes->shape[match.shape];
    int32_t row = main_row(shapes, shape, channel);
    float sign = shape->plain[(size_t)row * shapes->channels + channel] < 0 ? -1.0f : 1.0f;
    int64_t decimated = bump_time + match.shift + row - shapes->half;
    int64_t around = (decimated - feature->bump_delay) * feature->factor + feature->factor / 2;
    int64_t first = around - f->reach, last = around + f->reach, best = around;
    first = first < 1 ? 1 : first;
    last = last > f->count - 2 ? f->count - 2 : last;
    float highest = -INFINITY;
    for (int64_t n = first; n <= last; n++) {
        float y = sign * value(f, n, channel);
        if (y > highest)
            highest = y, best = n;
    }
    if (best < 1 || best >= f->count - 1)
        return (secg_peak){.sample = best < 0 ? 0 : best};
    float before = value(f, best - 1, channel), at = value(f, best, channel);
    float after = value(f, best + 1, channel), bend = before - 2 * at + after;
    float offset = bend != 0 ? 0.5f * (before - after) / bend : 0;
    offset = offset >= -0.5f && offset <= 0.5f ? offset : 0;
    return (secg_peak){.sample = best, .offset_samples = offset};
}
