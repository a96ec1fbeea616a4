/* Work per frame is a copy; sums, extremes and what is missing are found once a step, over frames
 * that are then side by side in the cache.
 *
 * A step is rate / floor(rate / 100 Hz) long: 100 .. 200 steps a second, or the input's own rate
 * below 200 Hz.  The sum over a step is the first stage of the boxes that the QRS feature is made
 * of (qrs_feature.h), so nothing is lost by it but the places between steps.
 *
 * Sums are of whole numbers of 0.1 uV, clamped to +-300 mV: exact, whatever is added up later. */
#include "ecg/intake.h"

#include <math.h>
#include <string.h>

enum { LOWEST_STEP_HZ = 100 };

void secg_intake_lay_out(secg_intake *in, secg_arena *arena, double rate_hz, size_t channels)
{
    int32_t factor = (int32_t)(rate_hz / LOWEST_STEP_HZ);
    *in =
        (secg_intake){.channels = channels, .rate_hz = rate_hz, .factor = factor > 1 ? factor : 1};
    in->step_hz = rate_hz / in->factor;
    size_t steps = (size_t)ceil(SECG_INTAKE_HISTORY_MS * 1e-3 * in->step_hz);
    in->rows = steps * (size_t)in->factor;
    in->mv = secg_take(arena, in->rows * channels, sizeof *in->mv);
    in->sum = secg_take(arena, channels, sizeof *in->sum);
    in->low_mv = secg_take(arena, channels, sizeof *in->low_mv);
    in->high_mv = secg_take(arena, channels, sizeof *in->high_mv);
    in->absent = secg_take(arena, channels, sizeof *in->absent);
    in->held = secg_take(arena, channels, sizeof *in->held);
    in->next = in->mv;
}

void secg_intake_reset(secg_intake *in)
{
    in->steps = 0;
    in->phase = 0;
    in->next = in->mv;
    memset(in->mv, 0, in->rows * in->channels * sizeof *in->mv);
    memset(in->held, 0, in->channels * sizeof *in->held);
}

/* NaN is clamped too: to the lower limit. */
static int32_t in_units(float mv)
{
    mv = mv > -SECG_INTAKE_MOST_MV ? mv : -SECG_INTAKE_MOST_MV;
    mv = mv < SECG_INTAKE_MOST_MV ? mv : SECG_INTAKE_MOST_MV;
    return (int32_t)(mv * SECG_INTAKE_PER_MV);
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
    for (int32_t n = 0; n < in->factor; n++, mv += in->channels) {
        if (is_acquired(*mv)) {
            low = *mv < low ? *mv : low;
            high = *mv > high ? *mv : high;
            held = in_units(*mv);
        } else {
            absent++;
        }
        sum += held;
    }
    in->sum[k] = sum;
    in->low_mv[k] = low;
    in->high_mv[k] = high;
    in->absent[k] = absent;
    in->held[k] = held;
}

/* As a rule all values are there. */
static void sum_step(secg_intake *in, size_t k, const float *mv)
{
    const float *at = mv;
    float low = *at, high = *at, unlike_self = 0;
    int32_t sum = 0, units = 0;
    for (int32_t n = 0; n < in->factor; n++, at += in->channels) {
        float v = *at;
        low = v < low ? v : low;
        high = v > high ? v : high;
        unlike_self += v - v; /* NaN from the first value on that is not finite */
        units = in_units(v);
        sum += units;
    }
    if (unlike_self != 0) {
        sum_with_care(in, k, mv);
        return;
    }
    in->sum[k] = sum;
    in->low_mv[k] = low;
    in->high_mv[k] = high;
    in->absent[k] = 0;
    in->held[k] = units;
}

void secg_intake_end_step(secg_intake *in)
{
    const float *first = in->next - (size_t)in->factor * in->channels;
    for (size_t k = 0; k < in->channels; k++)
        sum_step(in, k, first + k);
    in->phase = 0;
    in->steps++;
    if (in->next == in->mv + in->rows * in->channels)
        in->next = in->mv;
}
