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

#include <math.h>

#define TWO_PI 6.283185307179586

void secg_highpass_init(secg_highpass *f, double rate_hz, double corner_hz, size_t channels)
{
    *f = (secg_highpass){.channels = channels,
                         .pole = corner_hz > 0 ? exp(-TWO_PI * corner_hz / rate_hz) : 0};
}

void secg_highpass_run(secg_highpass *f, float *mv)
{
    if (f->pole == 0)
        return;
    for (size_t k = 0; k < f->channels; k++) {
        double x = mv[k];
        if (!isfinite(x)) {
            f->started[k] = 0;
            mv[k] = NAN;
            continue;
        }
        f->y1[k] = f->started[k] ? f->pole * f->y1[k] + x - f->x1[k] : 0;
        f->x1[k] = x;
        f->started[k] = 1;
        mv[k] = (float)f->y1[k];
    }
}
