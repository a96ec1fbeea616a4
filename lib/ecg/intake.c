/* Work per frame is a copy; sums, extremes and what is missing are found for several steps at once, four
 * leads side by side, or as many steps of a lead that has the rows for itself as fill a vector
 * (lone_loop.h).
 *
 * A step is rate / floor(rate / 100 Hz) long: 100 .. 200 steps a second, or the input's own rate
 * below 200 Hz.  The sum over a step is the first stage of the boxes that the QRS feature is made
 * of (qrs_feature.h), so nothing is lost by it but the places between steps.
 *
 * Sums are of whole numbers of 0.1 uV, clamped to +-300 mV: exact, whatever is added up later. */
#include "ecg/intake.h"

#include "base/quad.h"
#include "ecg/lone_loop.h"

#include <math.h>
#include <string.h>

enum { LOWEST_STEP_HZ = 100 };
static const double AFTER_PEAK_MS = 10, HALF_SPIKE_MS = 8; /* as spikes.c looks at them */

void secg_intake_lay_out(secg_intake *in, secg_arena *arena, double rate_hz, size_t channels,
                         size_t stride)
{
    int32_t factor = (int32_t)(rate_hz / LOWEST_STEP_HZ);
    *in = (secg_intake){.channels = channels,
                        .stride = stride,
                        .rate_hz = rate_hz,
                        .factor = factor > 1 ? factor : 1};
    in->step_hz = rate_hz / in->factor;
    in->look_ahead = (int32_t)lround(AFTER_PEAK_MS * 1e-3 * in->step_hz);
    in->delay = in->look_ahead + (int32_t)lround(HALF_SPIKE_MS * 1e-3 * in->step_hz);
    size_t steps = (size_t)ceil(SECG_INTAKE_HISTORY_MS * 1e-3 * in->step_hz);
    in->ahead = stride == 1 ? SECG_INTAKE_ALONE : SECG_INTAKE_AHEAD;
    in->rows = (steps + in->ahead / (size_t)in->factor + 1) * (size_t)in->factor;
    size_t behind = (size_t)(SECG_INTAKE_MORE * in->factor); /* that is read, and not used */
    in->mv = secg_take(arena, in->rows * stride + behind, sizeof *in->mv);
    in->end = in->mv ? in->mv + in->rows * stride : NULL;
    size_t sums = (size_t)(in->delay + SECG_INTAKE_STEPS) * stride + SECG_INTAKE_MORE;
    in->sums = secg_take(arena, sums, sizeof *in->sums);
    in->next = in->step = in->mv;
}

void secg_intake_reset(secg_intake *in)
{
    in->steps = 0;
    in->phase = in->ended = 0;
    in->edges = in->odd = 0;
    in->next = in->step = in->mv;
    size_t behind = (size_t)(SECG_INTAKE_MORE * in->factor);
    memset(in->mv, 0, (in->rows * in->stride + behind) * sizeof *in->mv);
    memset(in->sums, 0, (size_t)in->delay * in->stride * sizeof *in->sums);
    memset(in->held, 0, sizeof in->held);
}

static int32_t in_units(float mv)
{
    const float most = SECG_INTAKE_MOST_MV;
    mv = mv < most ? mv : most;
    mv = mv > -most ? mv : -most;
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

/* What a lead holds in a step. */
typedef struct lead_step {
    float low, high; /* of the values acquired */
    int32_t sum, absent;
} lead_step;

static const float *row_before(const secg_intake *in, const float *row)
{
    return (row == in->mv ? in->end : row) - in->stride;
}

/* The last value acquired before a step that begins with `row`: held is kept up only in steps that
 * something is missing in. */
static int32_t held_before(const secg_intake *in, const float *row, size_t k)
{
    float mv = row_before(in, row)[k];
    return is_acquired(mv) ? in_units(mv) : in->held[k];
}

/* Any values, one by one; *held: the last one acquired. */
static lead_step sum_with_care(const secg_intake *in, const float *mv, int32_t *held)
{
    lead_step s = {.low = INFINITY, .high = -INFINITY};
    for (int32_t n = 0; n < in->factor; n++, mv += in->stride) {
        if (is_acquired(*mv)) {
            s.low = *mv < s.low ? *mv : s.low;
            s.high = *mv > s.high ? *mv : s.high;
            *held = in_units(*mv);
        } else {
            s.absent++;
        }
        s.sum += *held;
    }
    return s;
}

static const float *step_after(const secg_intake *in, const float *row)
{
    row += (size_t)in->factor * in->stride;
    return row == in->end ? in->mv : row;
}

/* Four leads over a step. */
typedef struct quad_step {
    secg_quad low, high;
    secg_quad_mask sum;
    int is_odd;
} quad_step;

/* Something was not acquired or would be clamped. */
static quad_step quad_with_care(secg_intake *in, size_t k, const float *mv)
{
    quad_step q = {.is_odd = 0};
    for (size_t j = 0; j < SECG_QUAD; j++) {
        in->held[k + j] = held_before(in, mv - k, k + j);
        lead_step s = sum_with_care(in, mv + j, &in->held[k + j]);
        q.low[j] = s.low;
        q.high[j] = s.high;
        q.sum[j] = s.sum;
        q.is_odd |= s.absent > 0;
    }
    return q;
}

static inline quad_step sum_quad(secg_intake *in, size_t k, const float *mv)
{
    quad_step q = {.low = secg_quad_load(mv), .high = secg_quad_load(mv)};
    secg_quad_mask fine = {-1, -1, -1, -1};
    const float *first = mv;
    size_t stride = in->stride;
    for (int32_t n = in->factor; n > 0; n--, mv += stride) {
        secg_quad v = secg_quad_load(mv);
        secg_quad_mask small = secg_quad_size(v) < (float)SECG_INTAKE_MOST_MV; /* no NaN is */
        q.low = secg_quad_min(v, q.low);
        q.high = secg_quad_max(v, q.high);
        fine &= small;
        q.sum += __builtin_convertvector(secg_quad_keep(small, v) * (float)SECG_INTAKE_PER_MV,
                                         secg_quad_mask);
    }
    return secg_quad_all_set(fine) ? q : quad_with_care(in, k, first);
}

/* Whether leads move by an edge: within a step, or from the value before it. */
static secg_quad_mask is_level(secg_quad before, secg_quad low, secg_quad high)
{
    return secg_quad_max(before, high) - secg_quad_min(before, low) <= SECG_INTAKE_EDGE_MV;
}

/* Four channels over the steps; all: a bit for each of them that takes part. */
static void end_quad(secg_intake *in, size_t k, uint32_t all)
{
    secg_quad low = secg_quad_all(INFINITY), high = -low;
    uint32_t edges = 0, odd = 0;
    const float *row = in->step;
    int32_t *sum = sums_of(in, in->ended - 1) + k;
    for (int32_t n = 0; n < in->ended; n++, row = step_after(in, row), sum += in->stride) {
        quad_step q = sum_quad(in, k, row + k);
        memcpy(sum, &q.sum, sizeof q.sum);
        low = secg_quad_min(q.low, low);
        high = secg_quad_max(q.high, high);
        secg_quad before = secg_quad_load(row_before(in, row) + k);
        edges |= (uint32_t)!secg_quad_all_set(is_level(before, q.low, q.high)) << n;
        odd |= (uint32_t)(q.is_odd || (~secg_quad_lanes(q.low < q.high) & all) != 0) << n;
    }
    secg_quad_store(in->low_mv + k, low);
    secg_quad_store(in->high_mv + k, high);
    in->edges |= edges << (in->look_ahead + 1);
    in->odd |= odd;
}

static void end_quads(secg_intake *in)
{
    for (size_t k = 0; k < in->channels; k += SECG_QUAD)
        end_quad(in, k, in->channels - k < SECG_QUAD ? (1u << (in->channels - k)) - 1 : 0xf);
}

/* ---- a lead that has the rows for itself: in vectors of steps -------------------------------- */

/* The values of step n of those that begin with `row`, one by one. */
static void step_with_care(secg_intake *in, const float *row, int32_t n, secg_lone_steps *s)
{
    const float *mv = row + (size_t)(n * in->factor);
    float before = *row_before(in, mv);
    in->held[0] = held_before(in, mv, 0);
    lead_step one = sum_with_care(in, mv, &in->held[0]);
    s->sum[n] = one.sum;
    s->low[n] = one.low;
    s->high[n] = one.high;
    float high = before > one.high ? before : one.high, low = before < one.low ? before : one.low;
    uint32_t bit = 1u << n;
    s->edges = high - low <= SECG_INTAKE_EDGE_MV ? s->edges & ~bit : s->edges | bit;
    s->still = one.low < one.high && one.absent == 0 ? s->still & ~bit : s->still | bit;
}

/* Steps from the nth on, up to `end`, that lie side by side. */
static void end_side(secg_intake *in, const float *row, int32_t n, int32_t end)
{
    secg_lone_steps s = {
        .sum = in->sums + in->delay + n, .low = in->step_low_mv + n, .high = in->step_high_mv + n};
    SECG_WIDE(secg_lone_steps_loop, SECG_INTAKE_MORE)
    (row, (size_t)in->factor, end - n, *row_before(in, row), &s);
    uint32_t all = (1u << (end - n)) - 1;
    for (uint32_t rough = s.rough & all; rough != 0; rough &= rough - 1)
        step_with_care(in, row, __builtin_ctz(rough), &s);
    in->edges |= (s.edges & all) << (in->look_ahead + 1 + n);
    in->odd |= (s.still & all) << n;
}

static void end_one(secg_intake *in)
{
    int32_t side = (int32_t)(in->end - in->step) / in->factor;
    end_side(in, in->step, 0, in->ended < side ? in->ended : side);
    if (side < in->ended)
        end_side(in, in->mv, side, in->ended);
}

void secg_intake_end_steps(secg_intake *in)
{
    in->ended = in->phase / in->factor;
    in->steps += in->ended;
    in->odd = 0;
    if (in->stride == 1)
        end_one(in);
    else
        end_quads(in);
    in->phase -= in->ended * in->factor;
    in->step += (size_t)(in->ended * in->factor) * in->stride;
    if (in->step >= in->end)
        in->step -= in->rows * in->stride;
}

int32_t secg_intake_extremes(const secg_intake *in, int32_t n, size_t channel, float *low,
                             float *high)
{
    const float *row = secg_intake_row(in, secg_intake_begin(in, n));
    int32_t held = 0;
    lead_step s = sum_with_care(in, row + channel, &held);
    *low = s.low;
    *high = s.high;
    return s.absent;
}

void secg_intake_release(secg_intake *in)
{
    if (in->stride == 1) /* a few: a call costs more */
        for (int32_t i = 0; i < in->delay; i++)
            in->sums[i] = in->sums[in->ended + i];
    else
        memmove(in->sums, in->sums + (size_t)in->ended * in->stride,
                (size_t)in->delay * in->stride * sizeof *in->sums);
    in->edges >>= in->ended;
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
