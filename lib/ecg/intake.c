/* Work per frame is a copy; sums, extremes and what is missing are found for several steps at once, leads
 * side by side (intake_loop.h), or as many steps of a lead that has the rows for itself as fill a vector
 * (lone_loop.h).
 *
 * A step is rate / floor(rate / 100 Hz) long: 100 .. 200 steps a second, or the input's own rate
 * below 200 Hz.  The sum over a step is the first stage of the boxes that the QRS feature is made
 * of (qrs_feature.h), so nothing is lost by it but the places between steps.
 *
 * Sums are of whole numbers of 0.1 uV, clamped to +-300 mV: exact, whatever is added up later. */
#include "ecg/intake.h"

#include "base/quad.h"
#include "ecg/intake_loop.h"
#include "ecg/lone_loop.h"

#include <math.h>
#include <string.h>

enum { LOWEST_STEP_HZ = 100, LONGEST_DELAY = 4 };          /* steps, of those of nearly 200 Hz */
static const double AFTER_PEAK_MS = 10, HALF_SPIKE_MS = 8; /* as spikes.c looks at them */

/* Cells of the ring and around it: a lead that has the rows for itself is read from the one before it
 * on, which a cache line is kept for, and so many steps beyond it. */
enum { BEFORE = 16 };
static size_t ring_cells(const secg_intake *in)
{
    size_t behind = in->stride == 1 ? SECG_INTAKE_STEPS + SECG_INTAKE_MORE : 0;
    return BEFORE + in->rows * in->stride + behind * (size_t)in->factor;
}

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
    float *mv = secg_take(arena, ring_cells(in), sizeof *mv);
    in->mv = mv ? mv + BEFORE : NULL;
    in->end = mv ? in->mv + in->rows * stride : NULL;
    size_t sums = (size_t)(in->delay + SECG_INTAKE_STEPS) * stride + SECG_INTAKE_MORE;
    in->sums = secg_take(arena, sums, sizeof *in->sums);
    in->next = in->step = in->mv;
    for (size_t k = channels; k < SECG_MAX_CHANNELS; k++)
        in->beyond[k] = -1;
}

void secg_intake_reset(secg_intake *in)
{
    in->steps = 0;
    in->phase = in->ended = 0;
    in->edges = in->odd = 0;
    in->next = in->step = in->mv;
    memset(in->mv - BEFORE, 0, ring_cells(in) * sizeof *in->mv);
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

/* Whether leads move by an edge: within a step, or from the value before it. */
static secg_quad_mask is_level(secg_quad before, secg_quad low, secg_quad high)
{
    return secg_quad_max(before, high) - secg_quad_min(before, low) <= SECG_INTAKE_EDGE_MV;
}

/* Step n, in which a value was not acquired or would be clamped, four channels of it. */
static void end_quad_with_care(secg_intake *in, size_t k, const float *row, int32_t n)
{
    quad_step q = quad_with_care(in, k, row + k);
    secg_quad before = secg_quad_load(row_before(in, row) + k);
    secg_quad_mask beyond;
    memcpy(&beyond, in->beyond + k, sizeof beyond);
    memcpy(sums_of(in, in->ended - 1 - n) + k, &q.sum, sizeof q.sum);
    in->edges |= (uint32_t)!secg_quad_all_set(is_level(before, q.low, q.high))
                 << (in->look_ahead + 1 + n);
    in->odd |= (uint32_t)(q.is_odd || !secg_quad_all_set((q.low < q.high) | beyond)) << n;
    secg_quad_store(in->low_mv + k, secg_quad_min(q.low, secg_quad_load(in->low_mv + k)));
    secg_quad_store(in->high_mv + k, secg_quad_max(q.high, secg_quad_load(in->high_mv + k)));
}

/* The channels of one column over the steps. */
static void end_column(secg_intake *in, size_t k, size_t lanes)
{
    secg_intake_steps s = {.stride = in->stride,
                           .factor = (size_t)in->factor,
                           .low = in->low_mv,
                           .high = in->high_mv,
                           .beyond = in->beyond};
    const float *row = in->step;
    for (int32_t n = 0; n < in->ended;) {
        int32_t side = (int32_t)((size_t)(in->end - row) / (s.factor * s.stride));
        s.count = in->ended - n < side ? in->ended - n : side;
        s.before = row_before(in, row);
        s.row = row;
        s.sum = sums_of(in, in->ended - 1 - n);
        int32_t done = SECG_WIDE(secg_intake_loop, in->stride - k)(&s, k);
        in->edges |= s.edges << (in->look_ahead + 1 + n);
        in->odd |= s.still << n;
        n += done;
        row += (size_t)done * s.factor * s.stride;
        if (done < s.count) {
            for (size_t j = 0; j < lanes; j += SECG_QUAD)
                end_quad_with_care(in, k + j, row, n);
            n++;
            row += s.factor * s.stride;
        }
        row = row == in->end ? in->mv : row;
    }
}

SECG_OUT_OF_LINE static void end_leads(secg_intake *in)
{
    in->odd = 0;
    for (size_t k = 0; k < in->stride; k += SECG_QUAD) {
        secg_quad_store(in->low_mv + k, secg_quad_all(INFINITY));
        secg_quad_store(in->high_mv + k, secg_quad_all(-INFINITY));
    }
    for (size_t k = 0; k < in->stride; k += secg_wide_lanes(in->stride - k))
        end_column(in, k, secg_wide_lanes(in->stride - k));
    in->step += (size_t)(in->ended * in->factor) * in->stride;
    if (in->step >= in->end)
        in->step -= in->rows * in->stride;
}

/* ---- a lead that has the rows for itself: in vectors of steps -------------------------------- */

static uint32_t with_bit(uint32_t mask, int32_t n, int is_set)
{
    return (mask & ~(1u << n)) | (uint32_t)is_set << n;
}

/* The values of step n, which begins with `row`, one by one. */
static void step_with_care(secg_intake *in, const float *row, int32_t n)
{
    float before = *row_before(in, row);
    in->held[0] = held_before(in, row, 0);
    lead_step s = sum_with_care(in, row, &in->held[0]);
    in->sums[in->delay + n] = s.sum;
    in->step_low_mv[n] = s.low;
    in->step_high_mv[n] = s.high;
    float high = before > s.high ? before : s.high, low = before < s.low ? before : s.low;
    in->edges = with_bit(in->edges, in->look_ahead + 1 + n, !(high - low <= SECG_INTAKE_EDGE_MV));
    in->odd = with_bit(in->odd, n, !(s.low < s.high && s.absent == 0));
}

SECG_OUT_OF_LINE static void rough_with_care(secg_intake *in, const float *row)
{
    const float most = SECG_INTAKE_MOST_MV;
    for (int32_t n = 0; n < in->ended; n++, row += in->factor)
        if (in->step_low_mv[n] <= -most || in->step_high_mv[n] >= most)
            step_with_care(in, row, n);
}

static void end_side(secg_intake *in, const float *row)
{
    if (SECG_WIDE(secg_lone_steps_loop, SECG_INTAKE_MORE)(in, row))
        rough_with_care(in, row);
}

/* At the end of the ring: its first steps are copied behind it, and its last value before it. */
SECG_OUT_OF_LINE static void end_torn(secg_intake *in, const float *row)
{
    ptrdiff_t beyond = in->step - in->end;
    in->mv[-1] = in->end[-1];
    if (beyond > 0)
        memcpy(in->end, in->mv, (size_t)beyond * sizeof *in->mv);
    if (beyond >= 0)
        in->step -= in->rows;
    end_side(in, row);
}

static void end_one(secg_intake *in)
{
    const float *row = in->step;
    in->step += in->ended * in->factor;
    if (row == in->mv || in->step >= in->end)
        end_torn(in, row);
    else
        end_side(in, row);
}

void secg_intake_end_steps(secg_intake *in)
{
    in->ended = in->phase / in->factor;
    in->phase -= in->ended * in->factor;
    in->steps += in->ended;
    if (in->stride == 1)
        end_one(in);
    else
        end_leads(in);
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
    size_t waiting = in->stride == 1 ? LONGEST_DELAY : (size_t)in->delay * in->stride;
    secg_quad_copy(in->sums, in->sums + (size_t)in->ended * in->stride, waiting);
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
