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
 * Precision: rounding grows by 1 / (1 - p) = 6366 at 2000 Hz; in double that is 1e-9 uV. */
#include "dsp/highpass.h"

#include "base/quad.h"

#include <math.h>

typedef double double_quad __attribute__((vector_size(32)));

#define TWO_PI 6.283185307179586

void secg_highpass_init(secg_highpass *f, double rate_hz, double corner_hz, size_t channels)
{
    *f = (secg_highpass){.channels = channels,
                         .pole = corner_hz > 0 ? exp(-TWO_PI * corner_hz / rate_hz) : 0};
    for (size_t k = channels; k % SECG_QUAD != 0; k++)
        f->started[k] = 1; /* what fills a quad up stays 0 */
}

/* One channel, any values. */
static void with_care(secg_highpass *f, size_t k, float *mv, size_t frames, size_t stride)
{
    for (; frames > 0; frames--, mv += stride) {
        double x = (double)*mv;
        if (!isfinite(x)) {
            f->started[k] = 0;
            *mv = NAN;
            continue;
        }
        f->y1[k] = f->started[k] ? f->pole * f->y1[k] + x - f->x1[k] : 0;
        f->x1[k] = x;
        f->started[k] = 1;
        *mv = (float)f->y1[k];
    }
}

/* 1 when these four channels have begun and all their values are finite. */
static int is_plain(const secg_highpass *f, size_t k, const float *mv, size_t frames, size_t stride)
{
    secg_quad unlike_self = {0};
    if (!(f->started[k] & f->started[k + 1] & f->started[k + 2] & f->started[k + 3]))
        return 0;
    for (; frames > 0; frames--, mv += stride) {
        secg_quad x = secg_quad_load(mv);
        unlike_self += x - x;
    }
    return secg_quad_all_set(unlike_self == 0.0f);
}

static void run_quad(secg_highpass *f, size_t k, float *mv, size_t frames, size_t stride)
{
    double_quad x1, y1;
    memcpy(&x1, f->x1 + k, sizeof x1);
    memcpy(&y1, f->y1 + k, sizeof y1);
    for (; frames > 0; frames--, mv += stride) {
        double_quad x = __builtin_convertvector(secg_quad_load(mv), double_quad);
        y1 = f->pole * y1 + x - x1;
        x1 = x;
        secg_quad_store(mv, __builtin_convertvector(y1, secg_quad));
    }
    memcpy(f->x1 + k, &x1, sizeof x1);
    memcpy(f->y1 + k, &y1, sizeof y1);
}

void secg_highpass_run(secg_highpass *f, float *mv, size_t frames)
{
    size_t stride = secg_quad_filled(f->channels);
    for (size_t k = 0; f->pole != 0 && k < stride; k += SECG_QUAD)
        if (is_plain(f, k, mv + k, frames, stride))
            run_quad(f, k, mv + k, frames, stride);
        else
            for (size_t j = k; j < k + SECG_QUAD && j < f->channels; j++)
                with_care(f, j, mv + j, frames, stride);
}
