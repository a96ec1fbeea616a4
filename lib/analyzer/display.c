#include "analyzer/display.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

enum { RUN = 32 };

double secg_display_highpass_hz(secg_display_highpass highpass)
{
    static const double corner_hz[] = {0.05, 0.5, 0};
    return corner_hz[highpass];
}

double secg_display_lowpass_hz(secg_display_lowpass lowpass)
{
    static const double corner_hz[] = {150, 100, 40, 25, 0};
    return corner_hz[lowpass];
}

secg_display *secg_display_lay_out(secg_arena *arena, const secg_display_config *config)
{
    secg_display *d = secg_take(arena, 1, sizeof *d);
    secg_fir lowpass;
    secg_fir_lay_out(&lowpass, arena, config->rate_hz, secg_display_lowpass_hz(config->lowpass),
                     (size_t)config->channels);
    if (!d || arena->overflow)
        return NULL;
    d->config = *config;
    d->lowpass = lowpass;
    secg_display_reset(d);
    return d;
}

void secg_display_reset(secg_display *d)
{
    size_t channels = (size_t)d->config.channels;
    secg_highpass_init(&d->highpass, d->config.rate_hz,
                       secg_display_highpass_hz(d->config.highpass), channels);
    secg_mains_init(&d->mains, d->config.rate_hz, channels, d->config.mains_hz);
    secg_fir_reset(&d->lowpass);
}

/* A frame as rows of whole quads; what is not finite is not acquired. */
static void take_row(const float *in, size_t channels, float *row)
{
    for (size_t k = 0; k < channels; k++)
        row[k] = isfinite(in[k]) ? in[k] : NAN;
}

void secg_display_run(secg_display *d, const float *in, float *out, size_t frames)
{
    size_t channels = (size_t)d->config.channels, run;
    size_t stride = secg_quad_filled(channels);
    float row[RUN * SECG_MAX_CHANNELS];
    for (size_t k = 0; k < RUN * stride; k++)
        row[k] = 0;
    for (; frames > 0; frames -= run, in += run * channels, out += run * channels) {
        run = frames < RUN ? frames : RUN;
        for (size_t n = 0; n < run; n++)
            take_row(in + n * channels, channels, row + n * stride);
        secg_highpass_run(&d->highpass, row, run);
        secg_mains_take(&d->mains, row, row, run, stride);
        secg_fir_run(&d->lowpass, row, run);
        for (size_t n = 0; n < run; n++)
            memcpy(out + n * channels, row + n * stride, channels * sizeof *row);
    }
}

int64_t secg_display_delay_samples(const secg_display *d)
{
    return (int64_t)d->lowpass.half;
}
