/* Linear-phase low-pass: a sinc under a Kaiser window, three periods of the corner long.
 *
 *     h[n] = sinc(2 fs_c n / fs) w[n],  n = -half .. half,   sum h = 1,   half = 1.5 fs / fc
 *
 * Why linear phase: QRS and T keep their shape and their distance at every setting, which a
 * recursive filter of 25 Hz does not give.  Kaiser beta 3: below the corner the gain stays within
 * 3 % from 500 Hz on (6 % at 360 Hz), from twice the corner on it is under 1.2 %, and a 1.5 mV
 * triangle of 20 ms loses under 12 % at 150 Hz (domain.md 2.3, method E).
 * The sinc's own corner fs_c is found by bisection so that the gain at fc is sqrt(1/2), as the
 * label on the paper says; a windowed sinc has 1/2 at its own corner.
 *
 * Gaps: where the sample shown is NaN so is the result; other NaN are left out and the weights
 * that remain are made to sum to 1 again.  A channel that begins is taken to have been at its
 * first value for ever, for the same reason.
 * Delay: half samples, 10 ms at 150 Hz and 60 ms at 25 Hz.  The sides are added before they are weighed,
 * which halves the products.  Precision: float sums of at most 121 products: 1e-5 of the largest sample. */
#include "dsp/fir.h"

#include "dsp/fir_loop.h"

#include <math.h>
#include <string.h>

#define PI 3.141592653589793

static const double periods = 1.5, beta = 3;

/* Modified Bessel function of order zero by its power series. */
static double bessel_i0(double x)
{
    double term = 1, sum = 1;
    for (int k = 1; k <= 20; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

/* Tap n of the low-pass with its sinc at `corner` cycles per sample, not yet scaled. */
static double tap(double corner, double n, double half)
{
    double turn = 2 * corner * n, edge = 1 - n * n / ((half + 1) * (half + 1));
    double sinc = n == 0 ? 1 : sin(PI * turn) / (PI * turn);
    return sinc * bessel_i0(beta * sqrt(edge));
}

/* Gain at a frequency in cycles per sample. */
static double gain(double corner, double half, double frequency)
{
    double sum = tap(corner, 0, half), shown = sum;
    for (double n = 1; n <= half; n++) {
        sum += 2 * tap(corner, n, half);
        shown += 2 * tap(corner, n, half) * cos(2 * PI * frequency * n);
    }
    return shown / sum;
}

static double corner_for(double frequency, double half)
{
    double low = frequency / 2, high = 0.5;
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        if (gain(middle, half, frequency) < sqrt(0.5))
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

void secg_fir_lay_out(secg_fir *f, secg_arena *arena, double rate_hz, double corner_hz,
                      size_t channels)
{
    double half =
        corner_hz > 0 && corner_hz < 0.45 * rate_hz ? ceil(periods * rate_hz / corner_hz) : 0;
    size_t side = (size_t)half;
    *f = (secg_fir){.channels = channels, .stride = secg_quad_filled(channels), .half = side};
    f->rows = 4 * side + SECG_FIR_RUN;
    f->weight = secg_take(arena, side + 1, sizeof *f->weight);
    f->past = secg_take(arena, f->rows * f->stride, sizeof *f->past);
    if (!f->past)
        return;
    double corner = half > 0 ? corner_for(corner_hz / rate_hz, half) : 0.5, sum = 0;
    for (double n = -half; n <= half; n++)
        sum += tap(corner, n, half);
    for (size_t i = 0; i <= side; i++)
        f->weight[i] = (float)(tap(corner, (double)i, half) / sum);
    secg_fir_reset(f);
}

void secg_fir_reset(secg_fir *f)
{
    f->at = 2 * f->half;
    for (size_t i = 0; i < f->at * f->stride; i++)
        f->past[i] = NAN;
}

float *secg_fir_room(secg_fir *f, size_t frames)
{
    size_t kept = 2 * f->half;
    if (f->at + frames > f->rows) {
        memmove(f->past, f->past + (f->at - kept) * f->stride, kept * f->stride * sizeof *f->past);
        f->at = kept;
    }
    return f->past + f->at * f->stride;
}

/* What is known of one channel around a row. */
static float weigh_known(const secg_fir *f, const float *centre)
{
    float sum = 0, known = 0;
    const float *x = centre - f->half * f->stride;
    for (size_t i = 0; i <= 2 * f->half; i++, x += f->stride)
        if (*x == *x) {
            float weight = f->weight[i < f->half ? f->half - i : i - f->half];
            sum += weight * *x;
            known += weight;
        }
    return sum / known;
}

/* Values that came to nothing, because one of the frames around was not known. */
static void with_care(const secg_fir *f, const float *centre, float *out, size_t frames)
{
    for (size_t i = 0; i < frames * f->stride; i++)
        if (!isfinite(out[i]))
            out[i] = centre[i] == centre[i] ? weigh_known(f, centre + i) : NAN;
}

void secg_fir_run(secg_fir *f, float *out, size_t frames)
{
    size_t stride = f->stride;
    const float *centre = f->past + (f->at - f->half) * stride;
    int all = 1;
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        all &= SECG_WIDE(secg_fir_loop, stride - k)(f->weight, f->half, centre + k, out + k, frames,
                                                    stride);
    if (!all)
        with_care(f, centre, out, frames);
    f->at += frames;
}
