/* The band-pass is a second difference of three adjacent boxes of w samples,
 *
 *     s[n] = x[n] + ... + x[n-w+1],   b[n] = 2 s[n-w] - s[n] - s[n-2w],
 *     |B(f)| = 2 (1 - cos(w W)) |sin(w W / 2) / sin(W / 2)|,   W = 2 pi f / rate,
 *
 * and the feature is the mean of |b| over m samples.
 *
 * Why this form: b is a short zero-phase wavelet, so a QRS complex does not ring into the ST
 * segment; it is blind to offset and slope, falls by 40 dB per decade towards P and T waves, and
 * is zero at rate / w.  With w = 30 ms the band is 6 .. 22 Hz (-6 dB) around 13 Hz: the band in
 * which QRS energy exceeds that of T waves, motion and muscle by most (Thakor, Webster and
 * Tompkins 1984).  The absolute value, not the square, keeps a tall ectopic beat from hiding its
 * neighbours.  m = 100 ms is the width of a QRS complex.  The same with boxes of 2 w, of half the
 * frequency, shows how wide a complex is.
 *
 * Arithmetic: the sums over steps are whole numbers, so running sums of them are exact for ever and
 * independent of the past: no drift, no denormals.  Largest b: 3e6 units (300 mV), 60 ms of them at
 * 2000 Hz, twice: 3e6 * 120 * 2; the wide one twice that, < 2^31; the mean is summed in 64 bits.
 * Delay: half of 3w - 1 for b, and half of m - 1 more for the mean. */
#include "ecg/qrs_feature.h"

#include <math.h>
#include <string.h>

static const double BOX_MS = 30, MEAN_MS = 100;

static int32_t samples_of(double ms, double rate_hz)
{
    return (int32_t)lround(ms * 1e-3 * rate_hz);
}

/* |B(f)|, largest over the band: the first lobe ends at rate / w. */
static double peak_gain(double rate_hz, int32_t box)
{
    double best = 0;
    for (double hz = 1; hz < rate_hz / box && hz < rate_hz / 2; hz += 0.25) {
        double w = 2 * 3.14159265358979323846 * hz / rate_hz;
        double gain = 2 * (1 - cos(w * box)) * fabs(sin(w * box / 2) / sin(w / 2));
        best = gain > best ? gain : best;
    }
    return best;
}

static size_t ring_rows(double rate_hz)
{
    size_t rows = 1;
    while ((double)rows < rate_hz * SECG_QRS_HISTORY_MS * 1e-3)
        rows *= 2;
    return rows;
}

void secg_qrs_feature_lay_out(secg_qrs_feature *f, secg_arena *arena, const secg_intake *intake)
{
    size_t channels = intake->channels;
    *f = (secg_qrs_feature){
        .channels = channels, .factor = intake->factor, .rate_hz = intake->step_hz};
    f->box = samples_of(BOX_MS, f->rate_hz);
    f->mean = samples_of(MEAN_MS, f->rate_hz);
    f->mean += (f->mean + f->box) & 1; /* makes the whole delay a whole number of steps */
    f->bump_delay = (3 * f->box - 1) / 2;
    f->wide_delay = 3 * f->box / 2;
    f->delay = (3 * f->box + f->mean - 2) / 2;
    double units = peak_gain(f->rate_hz, f->box) * SECG_INTAKE_PER_MV * (double)f->factor;
    f->mv_per_bump = (float)(1 / units);
    size_t rows = ring_rows(f->rate_hz);
    f->mask = rows - 1;
    f->energy = secg_take(arena, channels, sizeof *f->energy);
    f->x = secg_take(arena, rows * channels, sizeof *f->x);
    f->box_sum = secg_take(arena, rows * channels, sizeof *f->box_sum);
    f->bump = secg_take(arena, rows * channels, sizeof *f->bump);
    f->wide = secg_take(arena, rows * channels, sizeof *f->wide);
    f->level = secg_take(arena, rows * channels, sizeof *f->level);
}

void secg_qrs_feature_reset(secg_qrs_feature *f)
{
    size_t cells = (f->mask + 1) * f->channels;
    memset(f->energy, 0, f->channels * sizeof *f->energy);
    memset(f->x, 0, cells * sizeof *f->x);
    memset(f->box_sum, 0, cells * sizeof *f->box_sum);
    memset(f->bump, 0, cells * sizeof *f->bump);
    memset(f->wide, 0, cells * sizeof *f->wide);
    memset(f->level, 0, cells * sizeof *f->level);
    f->count = 0;
}

/* The first step of a record stands for all before it: no edge at the start. */
static void fill_past(secg_qrs_feature *f, const int32_t *sum)
{
    for (size_t row = 0; row <= f->mask; row++)
        for (size_t k = 0; k < f->channels; k++) {
            f->x[row * f->channels + k] = sum[k];
            f->box_sum[row * f->channels + k] = sum[k] * f->box;
        }
}

static int32_t *row(const secg_qrs_feature *f, int32_t *ring, int64_t index)
{
    return ring + ((uint64_t)index & f->mask) * f->channels;
}

static uint32_t size_of(int32_t bump)
{
    return (uint32_t)(bump < 0 ? -bump : bump);
}

void secg_qrs_feature_push(secg_qrs_feature *f, const int32_t *sum)
{
    int64_t n = f->count++;
    if (n == 0)
        fill_past(f, sum);
    int32_t *x = row(f, f->x, n), *s = row(f, f->box_sum, n), *b = row(f, f->bump, n);
    const int32_t *x_w = row(f, f->x, n - f->box), *s_1 = row(f, f->box_sum, n - 1);
    const int32_t *s_w = row(f, f->box_sum, n - f->box);
    const int32_t *s_2w = row(f, f->box_sum, n - 2 * f->box);
    const int32_t *s_3w = row(f, f->box_sum, n - 3 * f->box);
    const int32_t *s_4w = row(f, f->box_sum, n - 4 * f->box);
    const int32_t *s_5w = row(f, f->box_sum, n - 5 * f->box);
    const int32_t *b_m = row(f, f->bump, n - f->mean);
    int32_t *wide = row(f, f->wide, n);
    float *level = f->level + ((uint64_t)n & f->mask) * f->channels;
    float scale = f->mv_per_bump / (float)f->mean;
    for (size_t k = 0; k < f->channels; k++) {
        x[k] = sum[k];
        s[k] = s_1[k] + x[k] - x_w[k];
        b[k] = 2 * s_w[k] - s[k] - s_2w[k];
        wide[k] = 2 * (s_2w[k] + s_3w[k]) - s[k] - s_w[k] - s_4w[k] - s_5w[k];
        f->energy[k] += (int64_t)size_of(b[k]) - (int64_t)size_of(b_m[k]);
        level[k] = (float)f->energy[k] * scale;
    }
}
