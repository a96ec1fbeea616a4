/* Slow wander of every channel: a zero-phase low-pass, to be subtracted.
 *
 *     level(t) = sum h(t - u) w(u) x(u) / sum h(t - u) w(u),   h(u) = 1 + cos(2 pi u / T)
 *
 * over |u| < T / 2: a raised-cosine mean of T = 2.48 s (30 blocks, and the one where it is zero,
 * to either side), symmetric, so that what is left after
 * subtraction has linear phase (domain.md 2.1: then corners up to 0.67 Hz are allowed; here 0.3 Hz
 * at -3 dB).  h transforms to sin(pi f T) / (pi f T (1 - (f T)^2)): 0.69 at 0.3 Hz, under 0.03
 * from 0.77 Hz (46 bpm) on, so a steady rhythm in use is left alone but for its
 * mean level, which the isoelectric correction of each beat takes out.
 *
 * Why a weighted mean (normalised convolution, Knutsson and Westin 1993): gaps have weight 0 and
 * need no filling, and the spans named by leave_out hardly count: a ventricular beat of 0.2 mV s
 * would otherwise lift its neighbours by 0.17 mV.  Ordinary beats must not be left out: what
 * remains of them would then beat with the rhythm of the gaps.
 *
 * Means are taken over blocks of 40 ms first and levels interpolated linearly between block
 * centres: at 0.3 Hz that costs 2e-4 of the wander by the blocks and 7e-4 by the lines, under
 * 1 uV of 1 mV.  Delay: the lag asked for, at least 1.2 s and a block. */
#include "dsp/baseline.h"

#include "dsp/baseline_loop.h"

#include <math.h>
#include <string.h>

#define PI 3.141592653589793

static const float left_out = 0.001f; /* all left out: an ordinary mean again */
static const double block_s = 0.04, half_s = 1.2;

void secg_baseline_lay_out(secg_baseline *b, secg_arena *arena, double rate_hz, size_t channels,
                           size_t stride, double lag_s, double history_s)
{
    *b = (secg_baseline){.channels = channels, .stride = stride};
    b->block_frames = (int)ceil(block_s * rate_hz);
    double block_rate_hz = rate_hz / b->block_frames;
    b->half = (int)floor(half_s * block_rate_hz);
    int lag = (int)ceil(lag_s * block_rate_hz);
    b->lag = lag > b->half ? lag : b->half;
    b->blocks = (int)ceil(history_s * block_rate_hz) + b->lag + b->half + 4;
    b->kernel = secg_take(arena, 2 * (size_t)b->half + 1, sizeof *b->kernel);
    b->means = b->lag + b->half + 1;
    b->mean = secg_take(arena, 2 * (size_t)b->means * stride, sizeof *b->mean);
    b->level = secg_take(arena, (size_t)b->blocks * stride, sizeof *b->level);
    b->weight = secg_take(arena, 2 * (size_t)b->means, sizeof *b->weight);
    b->sum = secg_take(arena, stride, sizeof *b->sum);
    b->count = secg_take(arena, stride, sizeof *b->count);
    if (!b->count)
        return;
    b->kernel += b->half;
    for (int j = 0; j <= b->half; j++) {
        b->kernel[j] = b->kernel[-j] = (float)(1 + cos(PI * j / (b->half + 1)));
        b->kernel_sum += (j > 0 ? 2 : 1) * b->kernel[j];
    }
    secg_baseline_reset(b);
}

/* Of a level, and of a mean. */
static size_t place(const secg_baseline *b, int64_t block)
{
    return (size_t)(block % b->blocks);
}

static size_t mean_place(const secg_baseline *b, int64_t block)
{
    return (size_t)(block % b->means);
}

static void set_weight(secg_baseline *b, int64_t block, float weight)
{
    size_t at = mean_place(b, block);
    b->weight[at] = b->weight[at + (size_t)b->means] = weight;
}

void secg_baseline_reset(secg_baseline *b)
{
    b->block = 0;
    b->gap = b->left_out = -1;
    set_weight(b, 0, 1);
    b->filled = b->whole = 0;
    memset(b->sum, 0, b->stride * sizeof *b->sum);
    memset(b->count, 0, b->stride * sizeof *b->count);
    for (size_t i = 0; i < (size_t)b->blocks * b->stride; i++)
        b->level[i] = NAN;
}

static size_t mean_after(const secg_baseline *b, size_t at)
{
    return at + 1 == (size_t)b->means ? 0 : at + 1;
}

/* Whatever is missing, left out or not there yet. */
static void evaluate_with_care(secg_baseline *b, int64_t centre)
{
    float *level = b->level + place(b, centre) * b->stride;
    int64_t first = centre - b->half, last = centre + b->half;
    first = first > 0 ? first : 0;
    last = last < b->block ? last : b->block;
    for (size_t k = 0; k < b->stride; k += SECG_QUAD) {
        secg_quad weight = secg_quad_all(0), sum = weight;
        size_t from = mean_place(b, first);
        for (int64_t m = first; m <= last; m++, from = mean_after(b, from)) {
            int64_t off = m < centre ? centre - m : m - centre;
            secg_quad mean = secg_quad_load(b->mean + from * b->stride + k);
            secg_quad h = secg_quad_all(b->kernel[off] * b->weight[from]);
            sum += secg_quad_keep(mean == mean, h * mean);
            weight += secg_quad_keep(mean == mean, h);
        }
        secg_quad_store(level + k, sum / weight); /* 0 / 0: nothing is known */
    }
}

/* As a rule every mean is there and counts in full: both sides at once, from the centre out. */
static void evaluate_whole(secg_baseline *b, int64_t centre)
{
    size_t half = (size_t)b->half, stride = b->stride;
    const float *first = b->mean + mean_place(b, centre - b->half) * stride;
    float *level = b->level + place(b, centre) * stride;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_baseline_mean_loop, stride - k)
    (first + half * stride + k, b->kernel, half, b->kernel_sum, stride, level + k);
}

/* The same where some do not: from the first to the last. */
static void evaluate_weighed(secg_baseline *b, int64_t centre)
{
    float weight[SECG_BASELINE_REACH], total = 0, *level = b->level + place(b, centre) * b->stride;
    size_t half = (size_t)b->half, rows = 2 * half + 1, stride = b->stride;
    size_t first = mean_place(b, centre - b->half);
    for (size_t j = 0; j < rows; j++)
        weight[j] = (b->kernel - half)[j] * b->weight[first + j];
    for (size_t j = 0; j < rows; j++)
        total += weight[j];
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_baseline_weigh_loop, stride - k)
    (b->mean + first * stride + k, weight, rows, total, stride, level + k);
}

static void evaluate(secg_baseline *b, int64_t centre)
{
    int64_t first = centre - b->half;
    if (first < 0 || centre + b->half > b->block || b->gap >= first)
        evaluate_with_care(b, centre);
    else if (b->left_out >= first)
        evaluate_weighed(b, centre);
    else
        evaluate_whole(b, centre);
}

/* Kept twice; and the next block begins. */
static void keep_mean(secg_baseline *b)
{
    const secg_quad gap = secg_quad_all(NAN), none = secg_quad_all(0);
    size_t twice = (size_t)b->means * b->stride;
    float *mean = b->mean + mean_place(b, b->block) * b->stride;
    for (size_t k = 0; k < b->stride; k += SECG_QUAD) {
        secg_quad count = secg_quad_load(b->count + k) + (float)b->whole;
        secg_quad of_all = secg_quad_load(b->sum + k) / count;
        secg_quad of_known = secg_quad_pick(count > 0.0f, of_all, gap);
        secg_quad_store(mean + k, of_known);
        secg_quad_store(mean + twice + k, of_known);
        if (!secg_quad_all_set(count > 0.0f))
            b->gap = b->block;
        secg_quad_store(b->sum + k, none);
        secg_quad_store(b->count + k, none);
    }
    b->filled = b->whole = 0;
}

static void finish_block(secg_baseline *b)
{
    keep_mean(b);
    if (b->block >= b->lag)
        evaluate(b, b->block - b->lag);
    b->block++;
    set_weight(b, b->block, 1);
}

size_t secg_baseline_room(const secg_baseline *b)
{
    return (size_t)(b->block_frames - b->filled);
}

void secg_baseline_push(secg_baseline *b, const float *mv)
{
    for (size_t k = 0; k < b->stride; k += SECG_QUAD) {
        secg_quad x = secg_quad_load(mv + k);
        secg_quad sum = secg_quad_load(b->sum + k), count = secg_quad_load(b->count + k);
        secg_quad_store(b->sum + k, sum + secg_quad_keep(x == x, x));
        secg_quad_store(b->count + k, count + secg_quad_keep(x == x, secg_quad_all(1)));
    }
    if (++b->filled == b->block_frames)
        finish_block(b);
}

void secg_baseline_push_whole(secg_baseline *b, const float *mv, size_t frames)
{
    while (frames > 0) {
        size_t room = secg_baseline_room(b), run = room < frames ? room : frames;
        for (size_t k = 0; k < b->stride; k += secg_wide_lanes(b->stride - k))
            SECG_WIDE(secg_baseline_add_loop, b->stride - k)(mv + k, run, b->stride, b->sum + k);
        b->whole += (int)run;
        b->filled += (int)run;
        if (b->filled == b->block_frames)
            finish_block(b);
        mv += run * b->stride;
        frames -= run;
    }
}

void secg_baseline_leave_out(secg_baseline *b, int64_t from, int64_t to)
{
    int64_t first = from < 0 ? 0 : from / b->block_frames;
    int64_t oldest = b->block - b->means + 1;
    for (int64_t m = first > oldest ? first : oldest; m * b->block_frames < to && m <= b->block;
         m++)
        if (m >= 0) {
            set_weight(b, m, left_out);
            b->left_out = m > b->left_out ? m : b->left_out;
        }
}

double secg_baseline_line(const secg_baseline *b, double frame, float *level, float *rise)
{
    double position = (frame - 0.5 * (b->block_frames - 1)) / b->block_frames;
    int64_t block = (int64_t)floor(position);
    int64_t newest = b->block - 1 - b->lag, oldest = b->block - b->blocks + 1;
    double part = position - (double)block, until = ((double)block + 1.5) * b->block_frames - 0.5;
    float per_frame = 1 / (float)b->block_frames;
    if (block < 0)
        block = 0, part = 0, per_frame = 0, until = 0.5 * (b->block_frames - 1);
    if (block >= newest)
        block = newest - 1, part = 1, per_frame = 0, until = INFINITY;
    if (block < 0 || block < oldest) {
        for (size_t k = 0; k < b->stride; k++)
            level[k] = rise[k] = NAN;
        return until;
    }
    const float *a = b->level + place(b, block) * b->stride;
    const float *c = b->level + place(b, block + 1) * b->stride;
    for (size_t k = 0; k < b->stride; k += SECG_QUAD) {
        secg_quad x = secg_quad_load(a + k), step = secg_quad_load(c + k) - x;
        secg_quad_store(level + k, x + (float)part * step);
        secg_quad_store(rise + k, per_frame * step);
    }
    return until;
}

void secg_baseline_at(const secg_baseline *b, double frame, float *level)
{
    float rise[SECG_QUADS_MOST * SECG_QUAD];
    secg_baseline_line(b, frame, level, rise);
}
