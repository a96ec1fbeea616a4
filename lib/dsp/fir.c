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
 * Delay: half samples, 10 ms at 150 Hz and 60 ms at 25 Hz.  Precision: float sums of at most 241
 * products: 1e-5 of the largest sample. */
#include "dsp/fir.h"

#include "base/quad.h"

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
    *f = (secg_fir){.channels = channels, .half = (size_t)half, .taps = 2 * (size_t)half + 1};
    f->weight = secg_take(arena, f->taps, sizeof *f->weight);
    f->stride = secg_quad_filled(channels);
    f->past = secg_take(arena, 2 * f->taps * f->stride, sizeof *f->past);
    if (!f->past)
        return;
    double corner = half > 0 ? corner_for(corner_hz / rate_hz, half) : 0.5, sum = 0;
    for (size_t i = 0; i < f->taps; i++)
        sum += tap(corner, (double)i - half, half);
    for (size_t i = 0; i < f->taps; i++)
        f->total += f->weight[i] = (float)(tap(corner, (double)i - half, half) / sum);
    secg_fir_reset(f);
}

void secg_fir_reset(secg_fir *f)
{
    f->at = f->whole = 0;
    for (size_t i = 0; i < 2 * f->taps * f->stride; i++)
        f->past[i] = NAN;
}

static float one_channel(const secg_fir *f, const float *x)
{
    float sum = 0, known = 0;
    for (size_t i = 0; i < f->taps; i++, x += f->stride)
        if (*x == *x) {
            sum += f->weight[i] * *x;
            known += f->weight[i];
        }
    return sum / known;
}

static void with_care(const secg_fir *f, const float *x, float *mv)
{
    const float *shown = x + f->half * f->stride;
    for (size_t k = 0; k < f->channels; k++)
        mv[k] = shown[k] == shown[k] ? one_channel(f, x + k) : NAN;
}

SECG_INLINE void weigh(const secg_fir *f, const float *x, float *mv, size_t quads)
{
    const float *weight = f->weight, *end = weight + f->taps;
    secg_quad sum[SECG_QUADS_MOST] = {{0}};
    for (; weight < end; weight++, x += quads * SECG_QUAD)
        for (size_t q = 0; q < quads; q++)
            sum[q] += *weight * secg_quad_load(x + q * SECG_QUAD);
    for (size_t q = 0; q < quads; q++)
        secg_quad_store(mv + q * SECG_QUAD, sum[q] / f->total);
}

/* 1 when no value of the frame is NaN. */
static int keep_frame(secg_fir *f, const float *mv)
{
    float *first = f->past + f->at * f->stride, *second = first + f->taps * f->stride;
    secg_quad_mask known = {-1, -1, -1, -1};
    for (size_t k = 0; k < f->stride; k += SECG_QUAD) {
        secg_quad x = secg_quad_load(mv + k);
        known &= x == x;
        secg_quad_store(first + k, x);
        secg_quad_store(second + k, x);
    }
    f->at = f->at + 1 == f->taps ? 0 : f->at + 1;
    return secg_quad_all_set(known);
}

void secg_fir_run(secg_fir *f, float *mv, size_t frames)
{
    for (; frames > 0; frames--, mv += f->stride) {
        f->whole = keep_frame(f, mv) ? f->whole + 1 : 0;
        const float *x = f->past + f->at * f->stride;
        if (f->whole < f->taps)
            with_care(f, x, mv);
        else
            SECG_WITH_QUADS(f->stride / SECG_QUAD, weigh, f, x, mv);
    }
}
