#include "analyzer/input.h"

#include <math.h>

#define LARGEST_MV 1e6f

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
}

void secg_input_i16(const secg_input *input, const int16_t *frame, float *mv)
{
    for (size_t k = 0; k < input->channels; k++) {
        int16_t count = frame[input->from[k]];
        mv[k] = acquired(secg_counts_to_mv(&input->channel[k],
                                           count == SECG_NO_COUNT_16 ? SECG_NO_COUNT : count));
    }
}

void secg_input_i32(const secg_input *input, const int32_t *frame, float *mv)
{
    for (size_t k = 0; k < input->channels; k++)
        mv[k] = acquired(secg_counts_to_mv(&input->channel[k], frame[input->from[k]]));
}

void secg_input_mv(const secg_input *input, const float *frame, float *mv)
{
    for (size_t k = 0; k < input->channels; k++)
        mv[k] = acquired(frame[input->from[k]]);
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
