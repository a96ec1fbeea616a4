/* Work per frame is a copy; sums, extremes and what is missing are found once a step, over frames
 * that are then side by side in the cache.
 *
 * A step is rate / floor(rate / 100 Hz) long: 100 .. 200 steps a second, or the input's own rate
 * below 200 Hz.  The sum over a step is the first stage of the boxes that the QRS feature is made
 * of (qrs_feature.h), so nothing is lost by it but the places between steps.
 *
 * Sums are of whole numbers of 0.1 uV, clamped to +-300 mV: exact, whatever is added up later. */
#include "ecg/intake.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

enum { LOWEST_STEP_HZ = 100 };
static const double AFTER_PEAK_MS = 10, HALF_SPIKE_MS = 8; /* as spikes.c looks at them */

void secg_intake_lay_out(secg_intake *in, secg_arena *arena, double rate_hz, size_t channels)
{
    int32_t factor = (int32_t)(rate_hz / LOWEST_STEP_HZ);
    size_t stride = secg_quad_filled(channels);
    *in = (secg_intake){.channels = channels,
                        .stride = stride,
                        .rate_hz = rate_hz,
                        .factor = factor > 1 ? factor : 1};
    in->step_hz = rate_hz / in->factor;
    in->look_ahead = (int32_t)lround(AFTER_PEAK_MS * 1e-3 * in->step_hz);
    in->delay = in->look_ahead + (int32_t)lround(HALF_SPIKE_MS * 1e-3 * in->step_hz);
    size_t steps = (size_t)ceil(SECG_INTAKE_HISTORY_MS * 1e-3 * in->step_hz);
    size_t ahead = SECG_INTAKE_AHEAD / (size_t)in->factor + 1;
    in->rows = (steps + ahead) * (size_t)in->factor;
    in->mv = secg_take(arena, in->rows * stride, sizeof *in->mv);
    in->end = in->mv ? in->mv + in->rows * stride : NULL;
    in->sums = secg_take(arena, (size_t)(in->delay + SECG_INTAKE_STEPS) * stride, sizeof *in->sums);
    in->low_mv = secg_take(arena, stride, sizeof *in->low_mv);
    in->high_mv = secg_take(arena, stride, sizeof *in->high_mv);
    in->absent = secg_take(arena, stride, sizeof *in->absent);
    in->held = secg_take(arena, stride, sizeof *in->held);
    in->next = in->step = in->mv;
}

void secg_intake_reset(secg_intake *in)
{
    in->steps = 0;
    in->phase = 0;
    in->ended = 0;
    in->last_edge = -1;
    in->next = in->step = in->mv;
    memset(in->mv, 0, in->rows * in->stride * sizeof *in->mv);
    memset(in->sums, 0, (size_t)in->delay * in->stride * sizeof *in->sums);
    memset(in->held, 0, in->stride * sizeof *in->held);
}

static int32_t in_units(float mv)
{
    mv = fminf(fmaxf(mv, -SECG_INTAKE_MOST_MV), SECG_INTAKE_MOST_MV);
    return (int32_t)(mv * SECG_INTAKE_PER_MV);
}

/* The sums of a step that has not been released, by how many steps back. */
static int32_t *sums_of(const secg_intake *in, int32_t back)
{
    return in->sums + (size_t)(in->delay + in->ended - 1 - back) * in->stride;
}

static int is_acquired(float mv)
{
    return fabsf(mv) < INFINITY;
}

/* Any values, one by one. */
static void sum_with_care(secg_intake *in, size_t k, const float *mv)
{
    float low = INFINITY, high = -INFINITY;
    int32_t sum = 0, absent = 0, held = in->held[k];
    for (int32_t n = 0; n < in->factor; n++, mv += in->stride) {
        if (is_acquired(*mv)) {
            low = *mv < low ? *mv : low;
            high = *mv > high ? *mv : high;
            held = in_units(*mv);
        } else {
            absent++;
        }
        sum += held;
    }
    sums_of(in, 0)[k] = sum;
    in->low_mv[k] = low;
    in->high_mv[k] = high;
    in->absent[k] = absent;
    in->held[k] = held;
}

/* Four channels; 0: something was not acquired or would be clamped, to be done with care. */
static int sum_quad(secg_intake *in, size_t k, const float *mv)
{
    secg_quad low = secg_quad_load(mv), high = low;
    secg_quad_mask fine = low == low, sum = {0}, units = {0};
    size_t stride = in->stride;
    for (int32_t n = in->factor; n > 0; n--, mv += stride) {
        secg_quad v = secg_quad_load(mv);
        secg_quad_mask small = secg_quad_size(v) < (float)SECG_INTAKE_MOST_MV; /* no NaN is */
        low = secg_quad_min(v, low);
        high = secg_quad_max(v, high);
        fine &= small;
        units = __builtin_convertvector(secg_quad_keep(small, v) * (float)SECG_INTAKE_PER_MV,
                                        secg_quad_mask);
        sum += units;
    }
    secg_quad_store(in->low_mv + k, low);
    secg_quad_store(in->high_mv + k, high);
    memcpy(sums_of(in, 0) + k, &sum, sizeof sum);
    memset(in->absent + k, 0, SECG_QUAD * sizeof *in->absent);
    if (!secg_quad_all_set(fine))
        return 0;
    memcpy(in->held + k, &units, sizeof units);
    return 1;
}

/* 1: within the step, or from the value before it, one of four leads moves by an edge. */
static int has_edge(const secg_intake *in, size_t k, const float *first)
{
    const float *last_row = in->end - in->stride;
    secg_quad before = secg_quad_load(first == in->mv + k ? last_row + k : first - in->stride);
    secg_quad high = secg_quad_max(before, secg_quad_load(in->high_mv + k));
    secg_quad low = secg_quad_min(before, secg_quad_load(in->low_mv + k));
    return !secg_quad_all_set(high - low <= SECG_INTAKE_EDGE_MV);
}

void secg_intake_end_step(secg_intake *in)
{
    const float *first = in->step;
    in->step += (size_t)in->factor * in->stride;
    if (in->step == in->end)
        in->step = in->mv;
    in->phase -= in->factor;
    in->steps++;
    in->ended++;
    for (size_t k = 0; k < in->stride; k += SECG_QUAD) {
        if (!sum_quad(in, k, first + k))
            for (size_t j = k; j < k + SECG_QUAD; j++)
                sum_with_care(in, j, first + j);
        if (has_edge(in, k, first + k))
            in->last_edge = in->steps - 1;
    }
}

void secg_intake_release(secg_intake *in)
{
    memmove(in->sums, in->sums + (size_t)in->ended * in->stride,
            (size_t)in->delay * in->stride * sizeof *in->sums);
    in->ended = 0;
}

void secg_intake_replace(secg_intake *in, int64_t sample, size_t channel, float mv)
{
    float *was = in->mv + (secg_intake_row(in, sample) - in->mv) + channel;
    if (!is_acquired(*was) || !is_acquired(mv))
        return;
    int32_t back = (int32_t)(in->steps - 1 - sample / in->factor);
    sums_of(in, back)[channel] += in_units(mv) - in_units(*was);
    *was = mv;
}
