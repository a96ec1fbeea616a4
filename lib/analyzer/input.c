/* 16-bit counts, what front ends deliver, are converted four channels at a time in float.  That gives
 * the bits of secg_counts_to_mv(), which divides in double: count - baseline and gain are exact in
 * float, and a quotient of two floats rounded to double and then to float is the quotient rounded
 * to float, for 53 >= 2 * 24 + 2 (Figueroa 1995).  Whatever is out of that takes the plain way. */
#include "analyzer/input.h"

#include "analyzer/input_loop.h"

#include <math.h>

#define LARGEST_MV     1e6f
#define EXACT_IN_FLOAT 16777216.0 /* whole numbers up to 2^24 are */

static float acquired(float mv)
{
    return fabsf(mv) <= LARGEST_MV ? mv : (float)NAN;
}

/* Limits given in counts become limits in mV; a negative gain swaps them. */
static void saturation(secg_input *input, size_t k)
{
    const secg_channel *channel = &input->channel[k];
    input->saturation_low_mv[k] = input->saturation_high_mv[k] = NAN;
    if (channel->saturation_low == 0 && channel->saturation_high == 0)
        return;
    float a = secg_counts_to_mv(channel, channel->saturation_low);
    float b = secg_counts_to_mv(channel, channel->saturation_high);
    input->saturation_low_mv[k] = fminf(a, b);
    input->saturation_high_mv[k] = fmaxf(a, b);
}

/* What the way in quads needs to know. */
static void find_quads(secg_input *input)
{
    size_t together = 0;
    while (together < input->channels &&
           input->from[together] == input->from[0] + (int32_t)together)
        together++;
    input->in_quads = together / SECG_QUAD;
    input->is_small = 1;
    for (size_t k = 0; k < input->channels; k++) {
        const secg_channel *channel = &input->channel[k];
        float gain = channel->gain_per_mv != 0 ? channel->gain_per_mv : 200;
        double size = fabs((double)channel->baseline) + -(double)SECG_NO_COUNT_16;
        input->baseline[k] = (float)channel->baseline;
        input->gain[k] = gain;
        input->is_small &= size < EXACT_IN_FLOAT && size / fabs((double)gain) < (double)LARGEST_MV;
    }
}

void secg_input_init(secg_input *input, const secg_signal *signal)
{
    *input = (secg_input){.stride = (size_t)signal->channels};
    for (int32_t k = 0; k < signal->channels; k++) {
        if (signal->channel[k].unused)
            continue;
        input->channel[input->channels] = signal->channel[k];
        input->from[input->channels] = k;
        saturation(input, input->channels);
        input->channels++;
    }
    find_quads(input);
}

static float from_i16(const secg_input *input, size_t k, int16_t count)
{
    return acquired(
        secg_counts_to_mv(&input->channel[k], count == SECG_NO_COUNT_16 ? SECG_NO_COUNT : count));
}

/* The same where counts are small. */
static float from_small(const secg_input *input, size_t k, int16_t count)
{
    float mv = ((float)count - input->baseline[k]) / input->gain[k];
    return count == SECG_NO_COUNT_16 ? (float)NAN : mv;
}

/* The first channels, which lie side by side and fill whole quads. */
static void quads_from_small(const secg_input *input, const int16_t *counts, size_t frames,
                             float *mv, size_t stride)
{
    size_t together = input->in_quads * SECG_QUAD;
    counts += input->from[0];
    for (size_t k = 0; k < together; k += secg_wide_lanes(together - k))
        SECG_WIDE(secg_input_loop, together - k)
    (counts + k, frames, input->stride, input->baseline + k, input->gain + k, mv + k, stride);
}

/* Four channels or less, wherever they stand, to a quad of the row; 0 beyond them. */
static void few_from_small(const secg_input *input, const int16_t *counts, size_t frames, float *mv,
                           size_t stride, size_t first)
{
    size_t few = input->channels - first;
    secg_quad baseline = secg_quad_load(input->baseline + first), gain = secg_quad_all(1);
    secg_quad_mask in = {0};
    ptrdiff_t from[SECG_QUAD];
    for (size_t j = 0; j < SECG_QUAD; j++) {
        from[j] = input->from[first + (j < few ? j : 0)];
        gain[j] = j < few ? input->gain[first + j] : 1;
        in[j] = j < few ? -1 : 0;
    }
    for (size_t n = frames; n > 0; n--, counts += input->stride, mv += stride) {
        secg_quad count =
            secg_quad_of_counts(counts[from[0]], counts[from[1]], counts[from[2]], counts[from[3]]);
        secg_quad_mask missing = count == (float)SECG_NO_COUNT_16;
        secg_quad x = (count - baseline) / gain;
        secg_quad_store(mv + first, (secg_quad)(((secg_quad_mask)x | missing) & in));
    }
}

/* The only channel of its kind: frames lie side by side as channels do elsewhere. */
static size_t alone_from_small(const secg_input *input, const int16_t *counts, size_t frames,
                               float *mv)
{
    float baseline[2 * SECG_QUAD], gain[2 * SECG_QUAD];
    size_t lanes = secg_wide_lanes(frames), runs = frames / lanes;
    for (size_t i = 0; i < lanes; i++) {
        baseline[i] = input->baseline[0];
        gain[i] = input->gain[0];
    }
    SECG_WIDE(secg_input_loop, frames)(counts, runs, lanes, baseline, gain, mv, lanes);
    return runs * lanes;
}

/* One channel to rows of its own, four frames at a time. */
static void one_from_small(const secg_input *input, const int16_t *counts, size_t frames, float *mv)
{
    size_t s = input->stride;
    secg_quad baseline = secg_quad_all(input->baseline[0]), gain = secg_quad_all(input->gain[0]);
    counts += input->from[0];
    if (s == 1) {
        size_t done = alone_from_small(input, counts, frames, mv);
        counts += done;
        mv += done;
        frames -= done;
    }
    for (; frames >= SECG_QUAD; frames -= SECG_QUAD, counts += SECG_QUAD * s, mv += SECG_QUAD) {
        secg_quad count = secg_quad_of_counts(counts[0], counts[s], counts[2 * s], counts[3 * s]);
        secg_quad_mask missing = count == (float)SECG_NO_COUNT_16;
        secg_quad x = (count - baseline) / gain;
        secg_quad_store(mv, (secg_quad)((secg_quad_mask)x | missing));
    }
    for (; frames > 0; frames--, counts += s)
        *mv++ = from_small(input, 0, *counts);
}

/* The channels one by one, whatever their counts. */
static void each_from_i16(const secg_input *input, const int16_t *counts, size_t frames, float *mv,
                          size_t stride)
{
    for (size_t k = 0; k < input->channels; k++) {
        const int16_t *count = counts + input->from[k];
        float *to = mv + k;
        for (size_t n = frames; n > 0; n--, count += input->stride, to += stride)
            *to = from_i16(input, k, *count);
    }
}

void secg_input_i16(const secg_input *input, const int16_t *counts, size_t frames, float *mv,
                    size_t stride)
{
    size_t quads = input->in_quads;
    if (!input->is_small) {
        each_from_i16(input, counts, frames, mv, stride);
        return;
    }
    if (stride == 1) {
        one_from_small(input, counts, frames, mv);
        return;
    }
    if (quads > 0)
        quads_from_small(input, counts, frames, mv, stride);
    for (size_t k = quads * SECG_QUAD; k < input->channels; k += SECG_QUAD)
        few_from_small(input, counts, frames, mv, stride, k);
}

/* Frames that are looked at at once, whether they are small. */
enum { TOGETHER = 32 };

/* As front ends of 16 bits deliver them, and most others do; the count that stands for "not acquired"
 * there is one like others here. */
static int are_16_bit(const int32_t *counts, size_t count)
{
    uint32_t odd = 0;
    for (size_t i = 0; i < count; i++)
        odd |= (uint32_t)counts[i] + INT16_MAX > 2u * INT16_MAX;
    return !odd;
}

static void narrowed_from_i32(const secg_input *input, const int32_t *counts, size_t frames,
                              float *mv, size_t stride)
{
    int16_t small[TOGETHER * SECG_MAX_CHANNELS];
    for (size_t i = 0; i < frames * input->stride; i++)
        small[i] = (int16_t)counts[i];
    secg_input_i16(input, small, frames, mv, stride);
}

static void each_from_small_i32(const secg_input *input, const int32_t *counts, size_t frames,
                                float *mv, size_t stride)
{
    for (size_t k = 0; k < input->channels; k++) {
        const int32_t *count = counts + input->from[k];
        float *to = mv + k, baseline = input->baseline[k], gain = input->gain[k];
        size_t step = input->stride;
        for (size_t n = frames; n > 0; n--, count += step, to += stride)
            *to = ((float)*count - baseline) / gain;
    }
}

static void each_from_i32(const secg_input *input, const int32_t *counts, size_t frames, float *mv,
                          size_t stride)
{
    for (size_t k = 0; k < input->channels; k++) {
        const int32_t *count = counts + input->from[k];
        float *to = mv + k;
        for (size_t n = frames; n > 0; n--, count += input->stride, to += stride)
            *to = acquired(secg_counts_to_mv(&input->channel[k], *count));
    }
}

void secg_input_i32(const secg_input *input, const int32_t *counts, size_t frames, float *mv,
                    size_t stride)
{
    for (size_t now; frames > 0; frames -= now) {
        now = frames < TOGETHER ? frames : TOGETHER;
        if (!input->is_small || !are_16_bit(counts, now * input->stride))
            each_from_i32(input, counts, now, mv, stride);
        else if (input->in_quads > 0)
            narrowed_from_i32(input, counts, now, mv, stride);
        else
            each_from_small_i32(input, counts, now, mv, stride);
        counts += now * input->stride;
        mv += now * stride;
    }
}

void secg_input_mv(const secg_input *input, const float *values, size_t frames, float *mv,
                   size_t stride)
{
    for (size_t n = 0; n < frames; n++, values += input->stride, mv += stride)
        for (size_t k = 0; k < input->channels; k++)
            mv[k] = acquired(values[input->from[k]]);
}

static int32_t dense(const secg_input *input, int32_t channel)
{
    for (size_t k = 0; k < input->channels; k++)
        if (input->from[k] == channel)
            return (int32_t)k;
    return -1;
}

size_t secg_input_leads(const secg_input *input, const secg_signal *signal, secg_lead_source *lead)
{
    size_t count = secg_signal_leads(signal, lead);
    for (size_t k = 0; k < count; k++) {
        if (lead[k].channel >= 0)
            lead[k].channel = dense(input, lead[k].channel);
        else {
            lead[k].channel_i = dense(input, lead[k].channel_i);
            lead[k].channel_ii = dense(input, lead[k].channel_ii);
        }
    }
    return count;
}
