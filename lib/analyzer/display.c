#include "analyzer/display.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

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

/* Rows of channels as rows of whole quads, what fills them up being 0; and back. */
static void widen(const float *in, size_t channels, float *out, size_t stride, size_t frames)
{
    for (; frames > 0; frames--, in += channels, out += stride) {
        memcpy(out, in, channels * sizeof *out);
        memset(out + channels, 0, (stride - channels) * sizeof *out);
    }
}

static void narrow(const float *in, size_t stride, float *out, size_t channels, size_t frames)
{
    for (; frames > 0; frames--, in += stride, out += channels)
        memcpy(out, in, channels * sizeof *out);
}

/* Rows of whole quads; what comes out may lie where they do. */
static void run_rows(secg_display *d, const float *in, float *out, size_t frames)
{
    float high[SECG_FIR_RUN * SECG_MAX_CHANNELS];
    size_t stride = secg_quad_filled((size_t)d->config.channels);
    secg_highpass_run(&d->highpass, in, high, frames);
    secg_mains_take(&d->mains, high, secg_fir_room(&d->lowpass, frames), frames, stride);
    secg_fir_run(&d->lowpass, out, frames);
}

void secg_display_run(secg_display *d, const float *in, float *out, size_t frames)
{
    size_t channels = (size_t)d->config.channels, run;
    size_t stride = secg_quad_filled(channels);
    float row[SECG_FIR_RUN * SECG_MAX_CHANNELS];
    for (; frames > 0; frames -= run, in += run * channels, out += run * channels) {
        run = frames < SECG_FIR_RUN ? frames : SECG_FIR_RUN;
        if (stride == channels) {
            run_rows(d, in, out, run);
            continue;
        }
        widen(in, channels, row, stride, run);
        run_rows(d, row, row, run);
        narrow(row, stride, out, channels, run);
    }
}

int64_t secg_display_delay_samples(const secg_display *d)
{
    return (int64_t)d->lowpass.half;
}
