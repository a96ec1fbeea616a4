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
#include "ecg/qrs_feature_loop.h"

#include <stressecg/signal.h>

#include <math.h>
#include <string.h>

static const double BOX_MS = 30, MEAN_MS = 100;
/* Steps taken before those that are looked back to are moved, of several leads and of one. */
enum { STEPS = 3 * SECG_INTAKE_STEPS, LONE_STEPS = 10 * SECG_INTAKE_STEPS };
/* Cells of a ring of one lead, of less than 200 Hz: they follow each other, so it is known how far they are
 * apart. */
enum { LONE_RING = 1024 + 4 * SECG_QUAD };

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

static void lay_out_rings(secg_qrs_feature *f, secg_arena *arena)
{
    size_t rows = ring_rows(f->rate_hz);
    f->mask = rows - 1;
    size_t cells =
        f->channels == 1 ? LONE_RING : rows * f->channels + SECG_QUAD; /* quads reach over */
    int32_t *ring = secg_take(arena, 4 * cells, sizeof *ring);
    if (!ring)
        return;
    f->x = ring;
    f->bump = ring + cells;
    f->wide = ring + 2 * cells;
    f->level = (float *)(void *)(ring + 3 * cells);
}

/* Cells of each of the rows that steps are taken to; vectors may reach beyond. */
static size_t new_cells(const secg_qrs_feature *f)
{
    return f->channels == 1 ? SECG_QRS_LONE : (size_t)f->room * f->channels + SECG_QRS_OVER;
}

static void lay_out_new(secg_qrs_feature *f, secg_arena *arena)
{
    f->back = 5 * f->box; /* of the wide band; means are of less */
    f->room = f->back + (f->channels == 1 ? LONE_STEPS : STEPS);
    f->at = f->room; /* the first step makes room */
    size_t cells = new_cells(f);
    int32_t *rows = secg_take(arena, 5 * cells, sizeof *rows);
    if (!rows)
        return;
    f->new_x = rows;
    f->new_sum = rows + cells;
    f->new_bump = rows + 2 * cells;
    f->new_wide = rows + 3 * cells;
    f->new_level = (float *)(void *)(rows + 4 * cells);
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
    f->mv_per_energy = f->mv_per_bump / (float)f->mean;
    f->energy = secg_take(arena, channels, sizeof *f->energy);
    lay_out_rings(f, arena);
    lay_out_new(f, arena);
}

/* Of four leads over rows that lie side by side in the ring. */
static secg_quad least_of(const float *level, size_t rows, size_t channels, secg_quad least)
{
    for (; rows > 0; rows--, level += channels)
        least = secg_quad_min(least, secg_quad_load(level));
    return least;
}

enum {
    USUAL_ROWS = 10
}; /* a block of signal quality at 100 steps a second, as of 500 and 1000 Hz */

/* Of the steps some are side by side from row `at` on, the others at the beginning of the ring. */
SECG_OUT_OF_LINE static void lowest_of_any(const secg_qrs_feature *f, size_t at, size_t rows,
                                           float *lowest)
{
    size_t channels = f->channels, side = f->mask + 1 - at;
    size_t beyond = rows > side ? rows - side : 0;
    for (size_t k = 0; k < channels; k += SECG_QUAD) {
        secg_quad least = secg_quad_all(INFINITY);
        least = least_of(f->level + at * channels + k, rows - beyond, channels, least);
        least = least_of(f->level + k, beyond, channels, least);
        if (channels - k >= SECG_QUAD)
            secg_quad_store(lowest + k, least);
        else
            for (size_t j = 0; j < channels - k; j++)
                lowest[k + j] = least[j];
    }
}

void secg_qrs_feature_lowest(const secg_qrs_feature *f, int64_t from, int32_t steps, float *lowest)
{
    size_t at = (size_t)((uint64_t)from & f->mask), rows = (size_t)steps;
    if (f->channels == 1 && at + rows <= f->mask + 1)
        *lowest = rows == USUAL_ROWS ? secg_quad_least(f->level + at, USUAL_ROWS)
                                     : secg_quad_least(f->level + at, rows);
    else
        lowest_of_any(f, at, rows, lowest);
}

void secg_qrs_feature_reset(secg_qrs_feature *f)
{
    size_t ring = (f->mask + 1) * f->channels;
    memset(f->energy, 0, f->channels * sizeof *f->energy);
    memset(f->x, 0, ring * sizeof *f->x);
    memset(f->bump, 0, ring * sizeof *f->bump);
    memset(f->wide, 0, ring * sizeof *f->wide);
    memset(f->level, 0, ring * sizeof *f->level);
    memset(f->new_bump, 0, new_cells(f) * sizeof *f->new_bump);
    f->count = 0;
    f->waiting = 0;
    f->at = f->room;
}

/* The first step of a record stands for all before it: no edge at the start. */
static void begin(secg_qrs_feature *f, const int32_t *sum)
{
    for (int32_t n = 0; n < f->back; n++)
        for (size_t k = 0; k < f->channels; k++) {
            f->new_x[(size_t)n * f->channels + k] = sum[k];
            f->new_sum[(size_t)n * f->channels + k] = sum[k] * f->box;
        }
}

/* Of the rows taken those that later ones look back to: the last so many before a step. */
static void move_back(const secg_qrs_feature *f, int32_t *rows, int32_t count)
{
    size_t channels = f->channels;
    memmove(rows + (size_t)(f->back - count) * channels, rows + (size_t)(f->at - count) * channels,
            (size_t)count * channels * sizeof *rows);
}

static void make_room(secg_qrs_feature *f, const int32_t *sums)
{
    if (f->count > 0) {
        move_back(f, f->new_x, f->box - 1);
        move_back(f, f->new_sum, 5 * f->box);
        move_back(f, f->new_bump, f->mean);
    } else {
        begin(f, sums);
    }
    f->at = f->back;
}

/* Of leads that do not fill a quad, one after the other. */
static void take_means(secg_qrs_feature *f, const int32_t *change, float *level, size_t count,
                       size_t first)
{
    for (size_t k = first; k < f->channels; k++) {
        double energy = f->energy[k];
        for (size_t i = k; i < count; i += f->channels) {
            energy += change[i];
            level[i] = (float)energy * f->mv_per_energy;
        }
        f->energy[k] = energy;
    }
}

static void take_all_means(secg_qrs_feature *f, const int32_t *change, float *level, size_t count)
{
    size_t k = 0;
    for (; k + SECG_QUAD <= f->channels; k += secg_wide_lanes(f->channels - k))
        SECG_WIDE(secg_qrs_means_loop, f->channels - k)(f, change, level, count, k);
    take_means(f, change, level, count, k);
}

static void take(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps)
{
    size_t channels = f->channels, from = (size_t)f->at * channels;
    size_t count = (size_t)steps * channels;
    int32_t *x = f->new_x + from;
    if (stride == channels)
        secg_quad_copy(x, sums, count);
    for (int32_t n = 0; stride != channels && n < steps; n++, sums += stride)
        for (size_t k = 0; k < channels; k++)
            *x++ = sums[k];
    int32_t change[SECG_INTAKE_STEPS * SECG_MAX_CHANNELS + SECG_QRS_OVER];
    SECG_WIDE(secg_qrs_bands_loop, count)(f, from, count, change);
    take_all_means(f, change, f->new_level + from, count);
    f->at += steps;
    f->waiting = steps;
}

/* One lead whose sums are filled up to a quad. */
static void take_from_quads(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps)
{
    int32_t x[SECG_INTAKE_STEPS + SECG_QRS_OVER] = {0};
    for (int32_t n = 0; n < steps; n++, sums += stride)
        x[n] = *sums;
    SECG_WIDE(secg_lone_feature_loop, 2 * SECG_QUAD)(f, x, steps);
}

SECG_OUT_OF_LINE static void take_any(secg_qrs_feature *f, const int32_t *sums, size_t stride,
                                      int32_t steps)
{
    if (f->at + steps > f->room)
        make_room(f, sums);
    if (stride == 1)
        SECG_WIDE(secg_lone_feature_loop, 2 * SECG_QUAD)(f, sums, steps);
    else if (f->channels == 1)
        take_from_quads(f, sums, stride, steps);
    else
        take(f, sums, stride, steps);
}

void secg_qrs_feature_push(secg_qrs_feature *f, const int32_t *sums, size_t stride, int32_t steps)
{
    if (stride == 1 && f->at + steps <= f->room)
        SECG_WIDE(secg_lone_feature_loop, 2 * SECG_QUAD)(f, sums, steps);
    else
        take_any(f, sums, stride, steps);
}

/* ---- steps are shown ------------------------------------------------------------------------- */

enum { FEW_CELLS = 8 }; /* copied here: a call costs more */

/* Rows that are side by side in the rings, from cell `from` of those taken; quads reach over the oldest
 * rows.  But bumps are read ahead of what is shown, and shall be the same however much is shown at once. */
static void show_cells(const secg_qrs_feature *f, size_t to, size_t from, size_t count)
{
    const int32_t *x = f->new_x + from, *bump = f->new_bump + from;
    if (count > FEW_CELLS) {
        memcpy(f->x + to, x, count * sizeof *x);
        memcpy(f->bump + to, bump, count * sizeof *bump);
        memcpy(f->wide + to, f->new_wide + from, count * sizeof *f->wide);
        memcpy(f->level + to, f->new_level + from, count * sizeof *f->level);
        return;
    }
    secg_quad_mask behind;
    memcpy(&behind, f->bump + to + count, sizeof behind);
    secg_quad_copy(f->x + to, x, count);
    secg_quad_copy(f->bump + to, bump, count);
    secg_quad_copy(f->wide + to, f->new_wide + from, count);
    secg_quad_copy(f->level + to, f->new_level + from, count);
    memcpy(f->bump + to + count, &behind, sizeof behind);
}

/* Of one lead: all in quads, side by side. */
static void show_one(secg_qrs_feature *f, size_t at, int32_t rows)
{
    const int32_t *x = f->new_x + (f->at - f->waiting);
    int32_t *to = f->x + at, *end = to + rows, *behind = end + LONE_RING;
    secg_quad_mask bump_behind;
    memcpy(&bump_behind, behind, sizeof bump_behind);
    for (; to < end; x += SECG_QUAD, to += SECG_QUAD) {
        secg_quad_copy(to, x, SECG_QUAD);
        secg_quad_copy(to + LONE_RING, x + SECG_QRS_TO_BUMP, SECG_QUAD);
        secg_quad_copy(to + 2 * LONE_RING, x + SECG_QRS_TO_WIDE, SECG_QUAD);
        secg_quad_copy(to + 3 * LONE_RING, x + SECG_QRS_TO_LEVEL, SECG_QUAD);
    }
    memcpy(behind, &bump_behind, sizeof bump_behind);
    f->count += rows;
    f->waiting -= rows;
}

SECG_OUT_OF_LINE static void show_any(secg_qrs_feature *f, int32_t steps)
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

void secg_qrs_feature_show(secg_qrs_feature *f, int32_t steps)
{
    size_t at = (size_t)((uint64_t)f->count & f->mask);
    if (f->channels == 1 && at + (size_t)steps <= f->mask + 1)
        show_one(f, at, steps);
    else
        show_any(f, steps);
}
