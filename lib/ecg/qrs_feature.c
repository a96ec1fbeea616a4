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
 * neighbours.  m = 100 ms is the width of a QRS complex.
 *
 * Arithmetic: samples are whole numbers of 0.1 uV, clamped to +-300 mV, so that running sums are
 * exact for ever and independent of the past: no drift, no denormals.  Largest b:
 * 3e6 * 11 (decimation) * 4 w (w <= 11) < 2^31; its mean is summed in 64 bits.
 * Delay: half of 3w - 1 for b, and half of m - 1 more for the mean. */
#include "ecg/qrs_feature.h"

#include <math.h>
#include <string.h>

enum {
    UNITS_PER_MV = 10000,
    CLAMP_MV = 300,
    /* Decimated rates lie in 180 .. 360 Hz, or are the input's when that is below. */
    LOWEST_DECIMATED_HZ = 180,
    BOX_MS = 30,
    MEAN_MS = 100
};

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

void secg_qrs_feature_lay_out(secg_qrs_feature *f, secg_arena *arena, double rate_hz,
                              size_t channels)
{
    int32_t factor = (int32_t)(rate_hz / LOWEST_DECIMATED_HZ);
    *f = (secg_qrs_feature){.channels = channels, .factor = factor > 1 ? factor : 1};
    f->rate_hz = rate_hz / f->factor;
    f->box = samples_of(BOX_MS, f->rate_hz);
    f->mean = samples_of(MEAN_MS, f->rate_hz);
    f->mean += (f->mean + f->box) & 1; /* makes the whole delay a whole number of samples */
    f->bump_delay = (3 * f->box - 1) / 2;
    f->delay = (3 * f->box + f->mean - 2) / 2;
    f->mv_per_bump =
        (float)(1 / (peak_gain(f->rate_hz, f->box) * UNITS_PER_MV * (double)f->factor));
    size_t rows = ring_rows(f->rate_hz);
    f->mask = rows - 1;
    f->block = secg_take(arena, channels, sizeof *f->block);
    f->held = secg_take(arena, channels, sizeof *f->held);
    f->energy = secg_take(arena, channels, sizeof *f->energy);
    f->x = secg_take(arena, rows * channels, sizeof *f->x);
    f->box_sum = secg_take(arena, rows * channels, sizeof *f->box_sum);
    f->bump = secg_take(arena, rows * channels, sizeof *f->bump);
    f->level = secg_take(arena, rows * channels, sizeof *f->level);
}

void secg_qrs_feature_reset(secg_qrs_feature *f)
{
    size_t cells = (f->mask + 1) * f->channels;
    memset(f->block, 0, f->channels * sizeof *f->block);
    memset(f->held, 0, f->channels * sizeof *f->held);
    memset(f->energy, 0, f->channels * sizeof *f->energy);
    memset(f->x, 0, cells * sizeof *f->x);
    memset(f->box_sum, 0, cells * sizeof *f->box_sum);
    memset(f->bump, 0, cells * sizeof *f->bump);
    memset(f->level, 0, cells * sizeof *f->level);
    f->count = 0;
    f->phase = 0;
}

static int32_t in_units(float mv)
{
    if (mv > CLAMP_MV)
        mv = CLAMP_MV;
    if (mv < -CLAMP_MV)
        mv = -CLAMP_MV;
    return (int32_t)(mv * UNITS_PER_MV);
}

/* The first value of a record stands for all before it: no step at the start. */
static void fill_past(secg_qrs_feature *f)
{
    for (size_t row = 0; row <= f->mask; row++)
        for (size_t k = 0; k < f->channels; k++) {
            f->x[row * f->channels + k] = f->block[k];
            f->box_sum[row * f->channels + k] = f->block[k] * f->box;
        }
}

static int32_t *row(const secg_qrs_feature *f, int32_t *ring, int64_t index)
{
    return ring + ((uint64_t)index & f->mask) * f->channels;
}

static void take_block(secg_qrs_feature *f)
{
    int64_t n = f->count;
    if (n == 0)
        fill_past(f);
    int32_t *x = row(f, f->x, n), *s = row(f, f->box_sum, n), *b = row(f, f->bump, n);
    const int32_t *x_w = row(f, f->x, n - f->box), *s_1 = row(f, f->box_sum, n - 1);
    const int32_t *s_w = row(f, f->box_sum, n - f->box);
    const int32_t *s_2w = row(f, f->box_sum, n - 2 * f->box);
    const int32_t *b_m = row(f, f->bump, n - f->mean);
    float *level = f->level + ((uint64_t)n & f->mask) * f->channels;
    float scale = f->mv_per_bump / (float)f->mean;
    for (size_t k = 0; k < f->channels; k++) {
        x[k] = f->block[k];
        s[k] = s_1[k] + x[k] - x_w[k];
        b[k] = 2 * s_w[k] - s[k] - s_2w[k];
        f->energy[k] +=
            (b[k] < 0 ? -(int64_t)b[k] : b[k]) - (b_m[k] < 0 ? -(int64_t)b_m[k] : b_m[k]);
        level[k] = (float)f->energy[k] * scale;
        f->block[k] = 0;
    }
    f->count++;
}

int secg_qrs_feature_push(secg_qrs_feature *f, const float *mv)
{
    for (size_t k = 0; k < f->channels; k++) {
        if (mv[k] == mv[k])
            f->held[k] = in_units(mv[k]);
        f->block[k] += f->held[k];
    }
    if (++f->phase < f->factor)
        return 0;
    f->phase = 0;
    take_block(f);
    return 1;
}

void secg_qrs_wide(const secg_qrs_feature *f, int64_t index, float *mv)
{
    const int32_t *s[6];
    int64_t last = index + (3 * f->box) / 2;
    for (int32_t i = 0; i < 6; i++)
        s[i] = row(f, f->box_sum, (last < f->count ? last : f->count - 1) - i * f->box);
    for (size_t k = 0; k < f->channels; k++) {
        double edges = (double)s[0][k] + s[1][k] + s[4][k] + s[5][k];
        mv[k] = (float)(2.0 * ((double)s[2][k] + s[3][k]) - edges) * (0.25f * f->mv_per_bump);
    }
}
