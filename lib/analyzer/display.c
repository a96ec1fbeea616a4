#include "analyzer/display.h"

#include "analyzer/layout.h"
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

/* Rows of whole quads that the mains was removed from; what comes out are rows of channels. */
static void show_rows(secg_display *d, const float *clean, float *out, size_t frames)
{
    float row[SECG_FIR_RUN * SECG_MAX_CHANNELS];
    size_t channels = (size_t)d->config.channels, stride = secg_quad_filled(channels);
    secg_highpass_run(&d->highpass, clean, secg_fir_room(&d->lowpass, frames), frames);
    secg_fir_run(&d->lowpass, stride == channels ? out : row, frames);
    if (stride != channels)
        narrow(row, stride, out, channels, frames);
}

void secg_display_run(secg_display *d, const float *in, float *out, size_t frames)
{
    size_t channels = (size_t)d->config.channels, run;
    size_t stride = secg_quad_filled(channels);
    float row[SECG_FIR_RUN * SECG_MAX_CHANNELS], clean[SECG_FIR_RUN * SECG_MAX_CHANNELS];
    for (; frames > 0; frames -= run, in += run * channels, out += run * channels) {
        const float *rows = in;
        run = frames < SECG_FIR_RUN ? frames : SECG_FIR_RUN;
        if (stride != channels) {
            widen(in, channels, row, stride, run);
            rows = row;
        }
        secg_mains_take(&d->mains, rows, clean, run, stride);
        show_rows(d, clean, out, run);
    }
}

/* 1: what the analyser keeps for measurement is what the display is to be made of. */
static int is_shared(const secg_display *d, const secg_analyzer *ecg, size_t frames)
{
    return ecg->measure && d->config.rate_hz == ecg->config.signal.rate_hz &&
           (size_t)d->config.channels == ecg->input.channels &&
           d->config.mains_hz == ecg->config.mains_hz && (int64_t)frames <= ecg->frames &&
           (double)frames <= SECG_MEASURE_HELD_S * d->config.rate_hz;
}

secg_status secg_display_run_analyzed(secg_display *d, const secg_analyzer *ecg, float *out,
                                      size_t frames)
{
    if (!d || !ecg || (!out && frames > 0) || !is_shared(d, ecg, frames))
        return SECG_E_ARGUMENT;
    if (ecg->flush != SECG_FLUSH_NOT_BEGUN)
        return SECG_E_STATE;
    for (size_t run; frames > 0; frames -= run, out += run * (size_t)d->config.channels) {
        const float *clean = secg_measure_latest(ecg->measure, frames, &run);
        run = run < SECG_FIR_RUN ? run : SECG_FIR_RUN;
        show_rows(d, clean, out, run);
    }
    return SECG_OK;
}

int64_t secg_display_delay_samples(const secg_display *d)
{
    return (int64_t)d->lowpass.half;
}
