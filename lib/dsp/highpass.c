/* First-order high-pass, causal.
 *
 *     H(z) = (1 - z^-1) / (1 - p z^-1),   p = exp(-2 pi fc / fs)
 *
 * Why this pole and not the bilinear one: the step response is p^n, the analogue exp(-t / tau) at
 * every sample.  A rectangle of 3 mV for 100 ms leaves 3 mV (p^(0.1 fs) - 1): -93 uV and a slope
 * of 0.029 mV/s at 0.05 Hz, -809 uV and 2.5 mV/s at 0.5 Hz; the limits are 100 uV and 0.30 mV/s
 * (domain.md 2.2), so 0.05 Hz is as high as a diagnostic display may go.
 *
 * Delay: none.  The first value of a channel, and the first after a gap, is taken as its level so
 * far and comes out as 0: without that an electrode offset of 300 mV would take
 * ln(300 mV / 10 uV) / (2 pi 0.05 Hz) = 33 s to leave the screen.
 * Precision: x[n] - x[n-1] first, which is exact or nearly so, whatever the electrode's offset; then each
 * step rounds y by 6e-8 of it, and 1 / (1 - p) = 6366 steps at 2000 Hz are remembered: in float that is
 * 4e-4 of y if all went the same way, and some 3e-6, 3 nV of 1 mV, as they go. */
#include "dsp/highpass.h"

#include "dsp/highpass_loop.h"

#include <math.h>

#define TWO_PI 6.283185307179586

void secg_highpass_init(secg_highpass *f, double rate_hz, double corner_hz, size_t channels)
{
    *f = (secg_highpass){.channels = channels,
                         .pole = corner_hz > 0 ? (float)exp(-TWO_PI * corner_hz / rate_hz) : 0};
    for (size_t k = channels; k % SECG_QUAD != 0; k++)
        f->started[k] = 1; /* what fills a quad up stays 0 */
}

/* One channel, any values. */
static void with_care(secg_highpass *f, size_t k, const float *in, float *out, size_t frames,
                      size_t stride)
{
    for (; frames > 0; frames--, in += stride, out += stride) {
        float x = *in;
        if (!isfinite(x)) {
            f->started[k] = 0;
            *out = NAN;
            continue;
        }
        f->y1[k] = f->started[k] ? f->pole * f->y1[k] + (x - f->x1[k]) : 0;
        f->x1[k] = x;
        f->started[k] = 1;
        *out = f->y1[k];
    }
}

static int has_begun(const secg_highpass *f, size_t k, size_t lanes)
{
    int begun = 1;
    for (size_t j = 0; j < lanes; j++)
        begun &= f->started[k + j];
    return begun;
}

/* The leads of one column. */
static void run_column(secg_highpass *f, size_t k, const float *in, float *out, size_t frames,
                       size_t stride)
{
    size_t lanes = secg_wide_lanes(stride - k);
    if (in != out && has_begun(f, k, lanes) &&
        SECG_WIDE(secg_highpass_loop, stride - k)(f, k, in, out, frames, stride))
        return;
    for (size_t j = 0; j < lanes; j++)
        with_care(f, k + j, in + j, out + j, frames, stride);
}

void secg_highpass_run(secg_highpass *f, const float *in, float *out, size_t frames)
{
    size_t stride = secg_quad_filled(f->channels);
    if (f->pole > 0)
        for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
            run_column(f, k, in + k, out + k, frames, stride);
    else
        for (size_t i = 0; i < frames * stride; i++)
            out[i] = isfinite(in[i]) ? in[i] : NAN;
}
