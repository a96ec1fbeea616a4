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
 * 2000 Hz, twice: 3e6 * 120 * 2; the wide one twice that, < 2^31; the mean is summed in double, which
 * is exact for whole numbers to 2^53.
 * Delay: half of 3w - 1 for b, and half of m - 1 more for the mean. */
#include "ecg/qrs_feature.h"

#include "base/quad.h"
#include "ecg/lone_loop.h"

#include <stressecg/signal.h>

#include <math.h>
#include <string.h>

static const double BOX_MS = 30, MEAN_MS = 100;
enum { STEPS = 3 * SECG_INTAKE_STEPS }; /* taken before those that are looked back to are moved */

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

/* Steps that a box sum looks back to, and a band-pass. */
static int32_t x_back(const secg_qrs_feature *f)
{
    return f->box - 1;
}

static int32_t sum_back(const secg_qrs_feature *f)
{
    return 5 * f->box;
}

/* Of what is taken, behind so many steps; quads may reach beyond. */
static size_t cells(const secg_qrs_feature *f, int32_t back)
{
    return (size_t)(back + STEPS) * f->channels + SECG_LONE_MORE;
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
    f->x = secg_take(arena, rows * channels + SECG_QUAD, sizeof *f->x);
    f->bump = secg_take(arena, rows * channels + SECG_QUAD, sizeof *f->bump);
    f->wide = secg_take(arena, rows * channels + SECG_QUAD, sizeof *f->wide);
    f->level = secg_take(arena, rows * channels + SECG_QUAD, sizeof *f->level);
    f->new_x = secg_take(arena, cells(f, x_back(f)), sizeof *f->new_x);
    f->new_sum = secg_take(arena, cells(f, sum_back(f)), sizeof *f->new_sum);
    f->new_bump = secg_take(arena, cells(f, f->mean), sizeof *f->new_bump);
    f->new_wide = secg_take(arena, cells(f, 0), sizeof *f->new_wide);
    f->new_level = secg_take(arena, cells(f, 0), sizeof *f->new_level);
}

/* Rows that lie side by side in the ring. */
static void note_lowest(const float *level, size_t rows, size_t channels, float *lowest)
{
    for (size_t k = 0; k < channels; k += SECG_QUAD) {
        const float *cell = level + k;
        secg_quad least = secg_quad_load(lowest + k);
        for (size_t n = rows; n > 0; n--, cell += channels)
            least = secg_quad_min(secg_quad_load(cell), least);
        secg_quad_store(lowest + k, least);
    }
}

void secg_qrs_feature_lowest(const secg_qrs_feature *f, int64_t from, int32_t steps, float *lowest)
{
    size_t at = (size_t)((uint64_t)from & f->mask), rows = (size_t)steps, side = f->mask + 1 - at;
    float all[SECG_MAX_CHANNELS];
    if (f->channels == 1 && rows <= side) {
        *lowest = secg_quad_least(f->level + at, rows);
        return;
    }
    for (size_t k = 0; k < f->channels; k += SECG_QUAD)
        secg_quad_store(all + k, secg_quad_all(INFINITY));
    note_lowest(f->level + at * f->channels, rows < side ? rows : side, f->channels, all);
    if (rows > side)
        note_lowest(f->level, rows - side, f->channels, all);
    memcpy(lowest, all, f->channels * sizeof *lowest);
}

void secg_qrs_feature_reset(secg_qrs_feature *f)
{
    size_t ring = (f->mask + 1) * f->channels;
    memset(f->energy, 0, f->channels * sizeof *f->energy);
    memset(f->x, 0, ring * sizeof *f->x);
    memset(f->bump, 0, ring * sizeof *f->bump);
    memset(f->wide, 0, ring * sizeof *f->wide);
    memset(f->level, 0, ring * sizeof *f->level);
    memset(f->new_bump, 0, cells(f, f->mean) * sizeof *f->new_bump);
    f->count = 0;
    f->is_begun = 0;
    f->waiting = f->at = 0;
}

/* The first step of a record stands for all before it: no edge at the start. */
static void begin(secg_qrs_feature *f, const int32_t *sum)
{
    f->is_begun = 1;
    for (size_t k = 0; k < f->channels; k++) {
        for (int32_t n = 0; n < x_back(f); n++)
            f->new_x[(size_t)n * f->channels + k] = sum[k];
        for (int32_t n = 0; n < sum_back(f); n++)
            f->new_sum[(size_t)n * f->channels + k] = sum[k] * f->box;
    }
}

/* Of the rows taken those that later ones look back to become the first. */
static void move_back(const secg_qrs_feature *f, int32_t *rows, int32_t back)
{
    memmove(rows, rows + (size_t)f->at * f->channels, (size_t)back * f->channels * sizeof *rows);
}

static void make_room(secg_qrs_feature *f)
{
    move_back(f, f->new_x, x_back(f));
    move_back(f, f->new_sum, sum_back(f));
    move_back(f, f->new_bump, f->mean);
    f->at = 0;
}

static secg_quad_mask four(const int32_t *x)
{
    secg_quad_mask q;
    memcpy(&q, x, sizeof q);
    return q;
}

static void copy_quad(int32_t *to, const int32_t *from)
{
    secg_quad_mask q = four(from);
    memcpy(to, &q, sizeof q);
}

/* Steps and leads are one row of cells here, whatever the leads.
 * from: the first cell of the steps that are new; count: of them. */
static void sum_boxes(const secg_qrs_feature *f, size_t from, size_t count)
{
    size_t channels = f->channels;
    size_t back = (size_t)x_back(f) * channels;
    const int32_t *x = f->new_x + from;
    int32_t *sum = f->new_sum + (size_t)sum_back(f) * channels + from;
    for (size_t i = 0; i < count; i += SECG_QUAD) {
        secg_quad_mask s = four(x + i);
        for (size_t j = channels; j <= back; j += channels)
            s += four(x + i + j);
        memcpy(sum + i, &s, sizeof s);
    }
}

static void pass_bands(const secg_qrs_feature *f, size_t from, size_t count)
{
    size_t channels = f->channels;
    size_t box = (size_t)f->box * channels;
    const int32_t *s = f->new_sum + from;
    int32_t *bump = f->new_bump + (size_t)f->mean * channels + from, *wide = f->new_wide + from;
    for (size_t i = 0; i < count; i += SECG_QUAD, s += SECG_QUAD) {
        secg_quad_mask s_0 = four(s + 5 * box), s_1 = four(s + 4 * box), s_2 = four(s + 3 * box);
        secg_quad_mask b = s_1 + s_1 - s_0 - s_2, inner = s_2 + four(s + 2 * box);
        secg_quad_mask w = inner + inner - s_0 - s_1 - four(s + box) - four(s);
        memcpy(bump + i, &b, sizeof b);
        memcpy(wide + i, &w, sizeof w);
    }
}

static secg_quad_mask size_of(secg_quad_mask b)
{
    secg_quad_mask sign = b >> 31;
    return (b ^ sign) - sign;
}

/* How the sums of |bump| change with each step. */
static void find_changes(const secg_qrs_feature *f, size_t from, size_t count, int32_t *change)
{
    const int32_t *was = f->new_bump + from, *is = was + (size_t)f->mean * f->channels;
    for (size_t i = 0; i < count; i += SECG_QUAD) {
        secg_quad_mask more = size_of(four(is + i)) - size_of(four(was + i));
        memcpy(change + i, &more, sizeof more);
    }
}

/* Of one lead after the other. */
static void take_means(secg_qrs_feature *f, const int32_t *change, float *level, size_t count,
                       size_t first)
{
    float scale = f->mv_per_bump / (float)f->mean;
    for (size_t k = first; k < f->channels; k++) {
        double energy = f->energy[k];
        for (size_t i = k; i < count; i += f->channels) {
            energy += change[i];
            level[i] = (float)energy * scale;
        }
        f->energy[k] = energy;
    }
}

/* Of four leads side by side. */
static void take_quad_means(secg_qrs_feature *f, const int32_t *change, float *level, size_t count,
                            size_t k)
{
    secg_quad scale = secg_quad_all(f->mv_per_bump / (float)f->mean);
    double energy[SECG_QUAD];
    memcpy(energy, f->energy + k, sizeof energy);
    for (size_t i = k; i < count; i += f->channels) {
        secg_quad mean;
        for (size_t j = 0; j < SECG_QUAD; j++) {
            energy[j] += change[i + j];
            mean[j] = (float)energy[j];
        }
        secg_quad_store(level + i, mean * scale);
    }
    memcpy(f->energy + k, energy, sizeof energy);
}

static void take_all_means(secg_qrs_feature *f, const int32_t *change, float *level, size_t count)
{
    size_t k = 0;
    for (; k + SECG_QUAD <= f->channels; k += SECG_QUAD)
        take_quad_means(f, change, level, count, k);
    take_means(f, change, level, count, k);
}

static void take_sums(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps)
{
    size_t channels = f->channels;
    size_t from = (size_t)f->at * channels, count = (size_t)steps * channels;
    int32_t *x = f->new_x + (size_t)x_back(f) * channels + from;
    for (size_t i = 0; stride == channels && i < count; i += SECG_QUAD)
        copy_quad(x + i, sums + i);
    for (int32_t n = 0; stride != channels && n < steps; n++, sums += stride)
        for (size_t k = 0; k < channels; k++)
            *x++ = sums[k];
    if (channels == 1) {
        SECG_WIDE(secg_lone_bands_loop, SECG_LONE_MORE)(f, steps);
        return;
    }
    int32_t change[SECG_INTAKE_STEPS * SECG_MAX_CHANNELS + SECG_QUAD];
    sum_boxes(f, from, count);
    pass_bands(f, from, count);
    find_changes(f, from, count, change);
    take_all_means(f, change, f->new_level + from, count);
}

void secg_qrs_feature_push(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps)
{
    if (!f->is_begun)
        begin(f, sums);
    if (f->at + steps > STEPS)
        make_room(f);
    take_sums(f, sums, stride, steps);
    f->at += steps;
    f->waiting = steps;
}

enum { FEW_CELLS = 32 }; /* copied here: a call costs more */

/* Quads reach over the oldest rows, by less than a quad; but bumps are read ahead of what is shown, and
 * shall be the same however much is shown at once.
 *
 * Rows that are side by side in the rings, from cell `from` of those taken. */
static void show_cells(const secg_qrs_feature *f, size_t to, size_t from, size_t count)
{
    const int32_t *x = f->new_x + (size_t)x_back(f) * f->channels + from;
    const int32_t *bump = f->new_bump + (size_t)f->mean * f->channels + from;
    if (count > FEW_CELLS) {
        memcpy(f->x + to, x, count * sizeof *x);
        memcpy(f->bump + to, bump, count * sizeof *bump);
        memcpy(f->wide + to, f->new_wide + from, count * sizeof *f->wide);
        memcpy(f->level + to, f->new_level + from, count * sizeof *f->level);
        return;
    }
    for (size_t i = 0; i < count; i += SECG_QUAD) {
        copy_quad(f->x + to + i, x + i);
        copy_quad(f->wide + to + i, f->new_wide + from + i);
        secg_quad_store(f->level + to + i, secg_quad_load(f->new_level + from + i));
    }
    size_t i = 0;
    for (; i + SECG_QUAD <= count; i += SECG_QUAD)
        copy_quad(f->bump + to + i, bump + i);
    for (; i < count; i++)
        f->bump[to + i] = bump[i];
}

void secg_qrs_feature_show(secg_qrs_feature *f, int32_t steps)
{
    while (steps > 0) {
        size_t at = (size_t)((uint64_t)f->count & f->mask), rows = f->mask + 1 - at;
        rows = rows < (size_t)steps ? rows : (size_t)steps;
        show_cells(f, at * f->channels, (size_t)(f->at - f->waiting) * f->channels,
                   rows * f->channels);
        f->count += (int64_t)rows;
        f->waiting -= (int32_t)rows;
        steps -= (int32_t)rows;
    }
}
