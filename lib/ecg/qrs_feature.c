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

#include "base/quad.h"

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
    *f = (secg_qrs_feature){.channels = channels,
                            .factor = intake->factor,
                            .rate_hz = intake->step_hz,
                            .late = intake->delay};
    f->box = samples_of(BOX_MS, f->rate_hz);
    f->mean = samples_of(MEAN_MS, f->rate_hz);
    f->mean += (f->mean + f->box) & 1; /* makes the whole delay a whole number of steps */
    f->bump_delay = (3 * f->box - 1) / 2;
    f->wide_delay = 3 * f->box / 2;
    f->delay = f->late + (3 * f->box + f->mean - 2) / 2;
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

/* The first step of a record stands for all before it (row()): no edge at the start. */
static void begin(secg_qrs_feature *f, const int32_t *sum)
{
    for (size_t k = 0; k < f->channels; k++) {
        f->x[k] = sum[k];
        f->box_sum[k] = sum[k] * f->box;
    }
}

static int32_t *row(const secg_qrs_feature *f, int32_t *ring, int64_t index)
{
    return ring + secg_qrs_place(f, index);
}

static uint32_t size_of(int32_t bump)
{
    return (uint32_t)(bump < 0 ? -bump : bump);
}

/* Rows that a step reads and writes. */
typedef struct step_rows {
    const int32_t *sum, *x_w, *s_1, *s[6]; /* s[i]: i boxes back; s[0] is written            */
    int32_t *x, *s_0, *b, *wide;
} step_rows;

static inline secg_quad_mask four(const int32_t *x)
{
    secg_quad_mask q;
    memcpy(&q, x, sizeof q);
    return q;
}

static void filter_quad(const step_rows *r, size_t k)
{
    secg_quad_mask x = four(r->sum + k), s = four(r->s_1 + k) + x - four(r->x_w + k);
    secg_quad_mask s_1 = four(r->s[1] + k), s_2 = four(r->s[2] + k);
    secg_quad_mask b = 2 * s_1 - s - s_2;
    secg_quad_mask wide =
        2 * (s_2 + four(r->s[3] + k)) - s - s_1 - four(r->s[4] + k) - four(r->s[5] + k);
    memcpy(r->x + k, &x, sizeof x);
    memcpy(r->s_0 + k, &s, sizeof s);
    memcpy(r->b + k, &b, sizeof b);
    memcpy(r->wide + k, &wide, sizeof wide);
}

static void filter_one(const step_rows *r, size_t k)
{
    r->x[k] = r->sum[k];
    r->s_0[k] = r->s_1[k] + r->x[k] - r->x_w[k];
    r->b[k] = 2 * r->s[1][k] - r->s_0[k] - r->s[2][k];
    r->wide[k] = 2 * (r->s[2][k] + r->s[3][k]) - r->s_0[k] - r->s[1][k] - r->s[4][k] - r->s[5][k];
}

void secg_qrs_feature_push(secg_qrs_feature *f, const int32_t *sum)
{
    int64_t n = f->count++;
    if (n == 0)
        begin(f, sum);
    step_rows r = {.sum = sum, .x_w = row(f, f->x, n - f->box), .s_1 = row(f, f->box_sum, n - 1)};
    for (int i = 1; i < 6; i++)
        r.s[i] = row(f, f->box_sum, n - i * f->box);
    r.x = row(f, f->x, n);
    r.s_0 = row(f, f->box_sum, n);
    r.b = row(f, f->bump, n);
    r.wide = row(f, f->wide, n);
    size_t k = 0;
    for (; k + SECG_QUAD <= f->channels; k += SECG_QUAD)
        filter_quad(&r, k);
    for (; k < f->channels; k++)
        filter_one(&r, k);
    const int32_t *b_m = row(f, f->bump, n - f->mean);
    float *level = f->level + ((uint64_t)n & f->mask) * f->channels;
    float scale = f->mv_per_bump / (float)f->mean;
    for (k = 0; k < f->channels; k++) {
        f->energy[k] += (int64_t)size_of(r.b[k]) - (int64_t)size_of(b_m[k]);
        level[k] = (float)f->energy[k] * scale;
    }
}
