/* From what the caller pushes to frames of mV of the ECG channels: gaps become NaN, and what no
 * amplifier delivers (infinities, more than a kilovolt) is taken as not acquired, so that no
 * filter state can ever overflow. */
#ifndef SECG_ANALYZER_INPUT_H
#define SECG_ANALYZER_INPUT_H

#include <stressecg/signal.h>

typedef struct secg_input {
    secg_channel channel[SECG_MAX_CHANNELS]; /* of the ECG channels                      */
    int32_t from[SECG_MAX_CHANNELS];         /* their places in a pushed frame           */
    size_t channels;                         /* ECG channels                             */
    size_t stride;                           /* values in a pushed frame                 */
    size_t in_quads; /* whole quads of the first channels, which lie side by side         */
    int is_small;    /* every 16-bit count is exact in float and within what is acquired */
    float baseline[SECG_MAX_CHANNELS], gain[SECG_MAX_CHANNELS];
    float saturation_low_mv[SECG_MAX_CHANNELS], saturation_high_mv[SECG_MAX_CHANNELS];
} secg_input;

void secg_input_init(secg_input *input, const secg_signal *signal);

/* The leads of the signal, as secg_signal_leads(), but referring to the dense list of ECG channels
 * and not to places in a pushed frame. */
size_t secg_input_leads(const secg_input *input, const secg_signal *signal, secg_lead_source *lead);

/* Frames as pushed to rows of [stride] mV: channels filled up to whole quads, or 1 for one channel.
 * Beyond the channels 0 is written, or nothing. */
void secg_input_i16(const secg_input *input, const int16_t *counts, size_t frames, float *mv,
                    size_t stride);
void secg_input_i32(const secg_input *input, const int32_t *counts, size_t frames, float *mv,
                    size_t stride);
void secg_input_mv(const secg_input *input, const float *values, size_t frames, float *mv,
                   size_t stride);

#endif
