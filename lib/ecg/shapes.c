/* Agreement is the normalised correlation over rows n and leads k,
 *
 *     sum_k w_k <s_k, t_k> / sqrt(sum_k w_k |s_k|^2 . sum_k w_k |t_k|^2),
 *
 * with w_k the inverse noise variance of lead k: the matched filter for independent noise, made
 * independent of amplitude.  The peak of the feature wanders by a step or two, so from there the
 * place of best agreement is climbed to, one step at a time, at most REACH_MS far: correlation of a
 * complex with its like has one hill there.
 *
 * The signal around a candidate is read once, weighed and laid flat, so that each agreement is one
 * dot product over rows and leads.
 *
 * A shape is the mean of its first 16 beats and from there an exponential mean, so that it follows
 * a slow change of the heart's axis. */
#include "ecg/shapes.h"

#include "ecg/shapes_loop.h"

#include <math.h>
#include <string.h>

static const double HALF_MS = 90, REACH_MS = 22, WIDE_HALF_MS = 160, WIDE_STEP_MS = 20;
static const float CLEARLY_LARGER = 1.5f, no_base[SECG_MAX_CHANNELS];
enum {
    LONGEST_MEMORY_BEATS = 16,
    MOST_WIDE_ROWS = 2 * 10 + 1, /* just below 125, where 20 ms are two steps */
    MOST_WIDE_CELLS = MOST_WIDE_ROWS * SECG_MAX_CHANNELS + SECG_SHAPES_BEYOND
};

/* Of a shape, and those that vectors of one lead reach beyond them. */
static size_t cells_of(const secg_shapes *s, int32_t half)
{
    return (size_t)(2 * half + 1) * s->channels + SECG_SHAPES_BEYOND;
}

void secg_shapes_lay_out(secg_shapes *s, secg_arena *arena, double rate_hz, size_t channels)
{
    *s = (secg_shapes){.channels = channels};
    s->half = (int32_t)lround(HALF_MS * 1e-3 * rate_hz);
    s->reach = (int32_t)ceil(REACH_MS * 1e-3 * rate_hz);
    s->wide_step = (int32_t)lround(WIDE_STEP_MS * 1e-3 * rate_hz);
    s->wide_half = (int32_t)lround(WIDE_HALF_MS * 1e-3 * rate_hz / s->wide_step);
    size_t cells = cells_of(s, s->half), wide_cells = cells_of(s, s->wide_half);
    for (size_t i = 0; i < SECG_SHAPES; i++) {
        s->shape[i].value = secg_take(arena, cells, sizeof(float));
        s->shape[i].plain = secg_take(arena, cells, sizeof(float));
        s->shape[i].wide = secg_take(arena, wide_cells, sizeof(float));
    }
}

/* Cells too: the first beat of a shape is added to what they held, to the bit. */
static void clear(const secg_shapes *s, secg_shape *shape)
{
    size_t cells = cells_of(s, s->half), wide_cells = cells_of(s, s->wide_half);
    *shape = (secg_shape){.value = shape->value, .wide = shape->wide, .plain = shape->plain};
    memset(shape->value, 0, cells * sizeof *shape->value);
    memset(shape->plain, 0, cells * sizeof *shape->plain);
    memset(shape->wide, 0, wide_cells * sizeof *shape->wide);
}

void secg_shapes_reset(secg_shapes *s)
{
    for (size_t i = 0; i < SECG_SHAPES; i++)
        clear(s, &s->shape[i]);
}

/* The signal within reach of a place. */
typedef struct piece {
    float weighed[SECG_SHAPES_ROWS * SECG_MAX_CHANNELS]; /* [rows][channels] w_k s_k  */
    float energy[SECG_SHAPES_ROWS + 1];                  /* of the rows before this one, weighed  */
} piece;

/* Of four rows, lead by lead. */
static secg_quad sum_four_rows(const float *products, size_t channels)
{
    secg_quad energy = secg_quad_all(0);
    for (size_t k = 0; k < channels; k += SECG_QUAD) {
        secg_quad a = secg_quad_load(products + k), b = secg_quad_load(products + channels + k);
        secg_quad c = secg_quad_load(products + 2 * channels + k);
        secg_quad d = secg_quad_load(products + 3 * channels + k);
        secg_quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
        secg_quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        energy += __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        energy += __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
        ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        energy += __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        energy += __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    }
    return energy;
}

/* Rows of whole quads: summed four of them at a time, then one by one. */
static void weigh_quads(const int32_t *bump, int32_t rows, float scale, const float *weight,
                        size_t channels, piece *p)
{
    float cell[SECG_SHAPES_ROWS * SECG_MAX_CHANNELS];
    const float *products = cell;
    int32_t r = 0;
    for (size_t k = 0; k < channels; k += secg_wide_lanes(channels - k))
        SECG_WIDE(secg_shapes_weigh_loop, channels - k)
    (bump + k, (size_t)rows, channels, scale, weight + k, p->weighed + k, cell + k);
    for (; r + SECG_QUAD <= rows; r += SECG_QUAD, products += SECG_QUAD * channels) {
        secg_quad energy = sum_four_rows(products, channels);
        for (int32_t j = 0; j < SECG_QUAD; j++)
            p->energy[r + j + 1] = p->energy[r + j] + energy[j];
    }
    for (; r < rows; r++, products += channels) {
        float energy = 0;
        for (size_t k = 0; k < channels; k++)
            energy += products[k];
        p->energy[r + 1] = p->energy[r] + energy;
    }
}

static void weigh_leads(const int32_t *bump, int32_t rows, float scale, const float *weight,
                        size_t channels, piece *p)
{
    float *cell = p->weighed;
    for (int32_t r = 0; r < rows; r++) {
        float energy = 0;
        for (size_t k = 0; k < channels; k++) {
            float v = (float)*bump++ * scale, weighed = weight[k] * v;
            *cell++ = weighed;
            energy += weighed * v;
        }
        p->energy[r + 1] = p->energy[r] + energy;
    }
}

static void read_piece(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                       const float *weight, piece *p)
{
    int32_t side = s->half + s->reach, rows = 2 * side + 1;
    int32_t copy[SECG_SHAPES_ROWS * SECG_MAX_CHANNELS];
    const int32_t *bump = secg_qrs_rows(f, f->bump, time - side, rows, copy);
    p->energy[0] = 0;
    if (s->channels % SECG_QUAD == 0)
        weigh_quads(bump, rows, f->mv_per_bump, weight, s->channels, p);
    else
        weigh_leads(bump, rows, f->mv_per_bump, weight, s->channels, p);
}

static float dot(const float *a, const float *b, size_t count)
{
    secg_quad sum = secg_quad_all(0);
    size_t i = 0;
    for (; i + SECG_QUAD <= count; i += SECG_QUAD)
        sum += secg_quad_load(a + i) * secg_quad_load(b + i);
    float total = secg_quad_total(sum);
    for (; i < count; i++)
        total += a[i] * b[i];
    return total;
}

/* Of signal and template, each with itself and with the other. */
typedef struct sums {
    float st, ss, tt;
} sums;

static float correlation(sums u)
{
    return u.ss > 0 && u.tt > 0 ? u.st / sqrtf(u.ss * u.tt) : 0;
}

static float weigh(const float *energy, const float *weight, size_t channels)
{
    float sum = 0;
    for (size_t k = 0; k < channels; k++)
        sum += weight[k] * energy[k];
    return sum;
}

static inline sums compare_at(const secg_shapes *s, const secg_shape *shape, const piece *p,
                              int32_t shift, float tt)
{
    int32_t first = s->reach + shift, rows = 2 * s->half + 1;
    return (sums){.st = dot(p->weighed + (size_t)first * s->channels, shape->value,
                            (size_t)rows * s->channels),
                  .ss = p->energy[first + rows] - p->energy[first],
                  .tt = tt};
}

/* At shifts -1, 0 and 1, between which most climbs end: the shape is read once. */
static void compare_middle(const secg_shapes *s, const secg_shape *shape, const piece *p, float tt,
                           sums *u)
{
    int32_t first = s->reach - 1, rows = 2 * s->half + 1;
    size_t step = s->channels, count = (size_t)rows * step, i = 0;
    const float *t = shape->value, *a = p->weighed + (size_t)first * step, *b = a + step,
                *c = b + step;
    secg_quad sum_a = {0}, sum_b = {0}, sum_c = {0};
    for (; i + SECG_QUAD <= count; i += SECG_QUAD) {
        secg_quad four = secg_quad_load(t + i);
        sum_a += secg_quad_load(a + i) * four;
        sum_b += secg_quad_load(b + i) * four;
        sum_c += secg_quad_load(c + i) * four;
    }
    float st[] = {secg_quad_total(sum_a), secg_quad_total(sum_b), secg_quad_total(sum_c)};
    for (; i < count; i++) {
        st[0] += a[i] * t[i];
        st[1] += b[i] * t[i];
        st[2] += c[i] * t[i];
    }
    for (int32_t j = 0; j < 3; j++)
        u[j] =
            (sums){.st = st[j], .ss = p->energy[first + j + rows] - p->energy[first + j], .tt = tt};
}

/* Climbs to the shift of best agreement, which is better than at 0 to one side at most: to the left, if
 * it is there at all. */
static sums align(const secg_shapes *s, const secg_shape *shape, const piece *p,
                  const float *weight, int32_t *shift)
{
    float tt = weigh(shape->energy, weight, s->channels);
    sums middle[3];
    compare_middle(s, shape, p, tt, middle);
    float highest = correlation(middle[1]), left = correlation(middle[0]);
    float side = left > highest ? left : correlation(middle[2]);
    *shift = 0;
    if (!(side > highest))
        return middle[1];
    int32_t way = left > highest ? -1 : 1;
    sums best = middle[1 + way];
    highest = side, *shift = way;
    for (int32_t at = 2 * way; at >= -s->reach && at <= s->reach; at += way) {
        sums here = compare_at(s, shape, p, at, tt);
        float a = correlation(here);
        if (a <= highest)
            break;
        highest = a, best = here, *shift = at;
    }
    return best;
}

static secg_match match_leads(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                              const float *weight, int32_t beats)
{
    secg_match best = {.shape = -1, .agreement = -1};
    piece p;
    read_piece(s, f, time, weight, &p);
    for (int32_t i = 0; i < SECG_SHAPES; i++) {
        if (s->shape[i].beats == 0)
            break; /* those that are free come last */
        if (s->shape[i].beats < beats)
            continue;
        int32_t shift;
        float a = correlation(align(s, &s->shape[i], &p, weight, &shift));
        if (a > best.agreement)
            best = (secg_match){.shape = i, .shift = shift, .agreement = a};
    }
    return best;
}

/* The wide band at the steps that shapes hold of it; quads reach beyond. */
static void read_wide(const secg_shapes *s, const secg_qrs_feature *f, int64_t time, int32_t *x)
{
    int64_t half = s->wide_half * s->wide_step, at = time - half;
    int32_t rows = 2 * s->wide_half + 1;
    size_t first = (size_t)((uint64_t)(at + f->wide_delay) & f->mask), step = s->channels;
    if (time + half + f->wide_delay < f->count && first + (size_t)(2 * half) <= f->mask) {
        const int32_t *wide = f->wide + first * step;
        for (; rows > 0; rows--, wide += (size_t)s->wide_step * step, x += step)
            secg_quad_copy(x, wide, step);
        return;
    }
    for (; rows > 0; rows--, at += s->wide_step, x += step)
        secg_quad_copy(x, secg_qrs_wide(f, at), step);
}

static sums compare_wide(const secg_shapes *s, const secg_shape *shape, const secg_qrs_feature *f,
                         int64_t time, const float *weight)
{
    int32_t rows = 2 * s->wide_half + 1, cell[MOST_WIDE_CELLS], *x = cell;
    const float *t = shape->wide;
    float scale = secg_qrs_mv_per_wide(f);
    float st = 0, ss = 0;
    read_wide(s, f, time, cell);
    for (int32_t r = 0; r < rows; r++)
        for (size_t k = 0; k < s->channels; k++) {
            float v = (float)*x++ * scale, weighed = weight[k] * v;
            st += weighed * *t++;
            ss += weighed * v;
        }
    return (sums){.st = st, .ss = ss, .tt = weigh(shape->wide_energy, weight, s->channels)};
}

static float distance(sums u)
{
    float square = u.ss - 2 * u.st + u.tt;
    return square > 0 ? sqrtf(square / u.tt) : 0;
}

static secg_likeness likeness_of(sums narrow, sums wide)
{
    if (!(narrow.ss > 0 && narrow.tt > 0 && wide.ss > 0 && wide.tt > 0))
        return (secg_likeness){.distance = 1, .wide_distance = 1};
    return (secg_likeness){.agreement = correlation(narrow),
                           .wide_agreement = correlation(wide),
                           .distance = distance(narrow),
                           .wide_distance = distance(wide),
                           .size = sqrtf(narrow.ss / narrow.tt),
                           .width = 0.5f * logf(wide.ss / wide.tt * narrow.tt / narrow.ss)};
}

static secg_likeness compare_leads(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                   const float *weight, const secg_shape *shape)
{
    int32_t shift;
    piece p;
    read_piece(s, f, time, weight, &p);
    sums narrow = align(s, shape, &p, weight, &shift);
    return likeness_of(narrow, compare_wide(s, shape, f, time + shift, weight));
}

static int32_t least_used(const secg_shapes *s)
{
    int32_t worst = 0;
    for (int32_t i = 1; i < SECG_SHAPES; i++) {
        const secg_shape *a = &s->shape[i], *b = &s->shape[worst];
        if (a->beats < b->beats || (a->beats == b->beats && a->last < b->last))
            worst = i;
    }
    return worst;
}

/* Means of cells, rows of [channels]: each goes a part of its way to x times scale less its lead's base. */
static void approach_lead(float *cell, const int32_t *x, size_t rows, size_t channels, float scale,
                          float base, float part)
{
    for (; rows > 0; rows--, cell += channels, x += channels)
        *cell += part * ((float)*x * scale - base - *cell);
}

static float energy_of(const float *cell, size_t rows, size_t channels)
{
    float sum = 0;
    for (; rows > 0; rows--, cell += channels)
        sum += *cell * *cell;
    return sum;
}

/* Of all leads; energy: what their squares come to. */
static void approach(float *cell, const int32_t *x, size_t rows, size_t channels, float scale,
                     const float *base, float part, float *energy)
{
    size_t k = 0;
    for (; k + SECG_QUAD <= channels; k += secg_wide_lanes(channels - k))
        SECG_WIDE(secg_shapes_approach_loop, channels - k)
    (cell + k, x + k, rows, channels, scale, base + k, part, energy + k);
    for (; k < channels; k++) {
        approach_lead(cell + k, x + k, rows, channels, scale, base[k], part);
        energy[k] = energy_of(cell + k, rows, channels);
    }
}

/* Before the first step that stands for all. */
static const int32_t *signal_rows(const secg_qrs_feature *f, int64_t first, int32_t rows,
                                  int32_t *copy)
{
    if (first >= 0)
        return secg_qrs_rows(f, f->x, first, rows, copy);
    for (int32_t n = 0; n < rows; n++)
        memcpy(copy + (size_t)n * f->channels, secg_qrs_x(f, first + n),
               f->channels * sizeof *copy);
    return copy;
}

/* Means over some rows. */
static void find_levels(const int32_t *x, int32_t rows, size_t channels, float *level)
{
    memset(level, 0, channels * sizeof *level);
    for (int32_t n = 0; n < rows; n++)
        for (size_t k = 0; k < channels; k++)
            level[k] += (float)*x++ / (float)rows;
}

/* The signal less its mean over half a piece before: the level that even a wide QRS leaves from. */
static void learn_plain(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                        int64_t time, float part)
{
    int32_t rows = 2 * s->half + 1, quiet = s->half;
    int32_t copy[2 * SECG_SHAPES_ROWS * SECG_MAX_CHANNELS];
    const int32_t *x = signal_rows(f, time - f->bump_delay - s->half - quiet, quiet + rows, copy);
    float base[SECG_MAX_CHANNELS], energy[SECG_MAX_CHANNELS];
    find_levels(x, quiet, s->channels, base);
    approach(shape->plain, x + (size_t)quiet * s->channels, (size_t)rows, s->channels, 1, base,
             part, energy);
}

/* Rows to either side of the middle in which the main deflection lies. */
static int32_t main_side(const secg_shapes *s)
{
    return 2 * s->half / 3;
}

static float deflection(const secg_shapes *s, const secg_shape *shape, int32_t row, size_t channel)
{
    return secg_main_deflection(shape->plain[(size_t)row * s->channels + channel]);
}

/* The deflection that is the main one stays that, drifting, until another, the largest, is clearly
 * larger. */
static void find_main(const secg_shapes *s, secg_shape *shape, size_t channel, int32_t largest)
{
    int32_t side = main_side(s), *main = &shape->main[channel];
    if (shape->beats > 1) {
        for (int32_t way = -1; way <= 1; way += 2)
            while (*main + way >= s->half - side && *main + way <= s->half + side &&
                   deflection(s, shape, *main + way, channel) >
                       deflection(s, shape, *main, channel))
                *main += way;
        if (deflection(s, shape, largest, channel) <
            CLEARLY_LARGER * deflection(s, shape, *main, channel))
            return;
    }
    *main = largest;
}

static int32_t find_largest(const secg_shapes *s, const secg_shape *shape, size_t channel)
{
    int32_t best = s->half, side = main_side(s);
    float largest = deflection(s, shape, best, channel);
    for (int32_t r = s->half - side; r <= s->half + side; r++) {
        float size = deflection(s, shape, r, channel);
        if (size > largest)
            largest = size, best = r;
    }
    return best;
}

static void find_mains(const secg_shapes *s, secg_shape *shape)
{
    int32_t largest[SECG_MAX_CHANNELS], side = main_side(s);
    size_t k = 0;
    for (; k + SECG_QUAD <= s->channels; k += secg_wide_lanes(s->channels - k))
        SECG_WIDE(secg_shapes_main_loop, s->channels - k)
    (shape->plain + k, s->half - side, 2 * side + 1, s->half, s->channels, largest + k);
    for (; k < s->channels; k++)
        largest[k] = find_largest(s, shape, k);
    for (k = 0; k < s->channels; k++)
        find_main(s, shape, k, largest[k]);
}

static void learn_leads(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                        int64_t time, float part)
{
    int32_t rows = 2 * s->half + 1, wide_rows = 2 * s->wide_half + 1;
    int32_t copy[SECG_SHAPES_ROWS * SECG_MAX_CHANNELS], wide[MOST_WIDE_CELLS];
    const int32_t *bump = secg_qrs_rows(f, f->bump, time - s->half, rows, copy);
    approach(shape->value, bump, (size_t)rows, s->channels, f->mv_per_bump, no_base, part,
             shape->energy);
    learn_plain(s, f, shape, time, part);
    find_mains(s, shape);
    read_wide(s, f, time, wide);
    approach(shape->wide, wide, (size_t)wide_rows, s->channels, secg_qrs_mv_per_wide(f), no_base,
             part, shape->wide_energy);
}

/* ---- the same of one lead, along time -------------------------------------------------------- */

/* Rows of a ring, which vectors reach beyond. */
static const int32_t *rows_of_one(const secg_qrs_feature *f, const int32_t *ring, int64_t first,
                                  int32_t rows, int32_t *copy)
{
    size_t at = (size_t)((uint64_t)first & f->mask);
    rows += SECG_SHAPES_BEYOND;
    return at + (size_t)rows <= f->mask ? ring + at : secg_qrs_rows(f, ring, first, rows, copy);
}

/* The bumps within reach of a place. */
static const int32_t *piece_of_one(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                   int32_t *copy)
{
    int32_t side = s->half + s->reach;
    return rows_of_one(f, f->bump, time - side, 2 * side + 1, copy);
}

static secg_match match_one(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                            float weight, int32_t beats)
{
    int32_t copy[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    const int32_t *bump = piece_of_one(s, f, time, copy);
    return SECG_WIDE(secg_shapes_match_one_loop, SECG_SHAPES_BEYOND)(s, bump, f->mv_per_bump,
                                                                     weight, beats);
}

/* The wide band where it is, when every other row counts, as with most rates of steps; else copied. */
static const int32_t *find_wide(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                int32_t *copy, int *every_other)
{
    int32_t side = 2 * s->wide_half, rows = 2 * s->wide_half + 1;
    size_t first = (size_t)((uint64_t)(time - side + f->wide_delay) & f->mask);
    *every_other = s->wide_step == 2 && time + side + f->wide_delay < f->count &&
                   first + 2 * (size_t)(rows + SECG_SHAPES_BEYOND) <= f->mask;
    if (*every_other)
        return f->wide + first;
    read_wide(s, f, time, copy);
    memset(copy + rows, 0, SECG_SHAPES_BEYOND * sizeof *copy);
    return copy;
}

static secg_likeness compare_one(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                 float weight, const secg_shape *shape)
{
    sums narrow = {.tt = weight * shape->energy[0]}, wide = {.tt = weight * shape->wide_energy[0]};
    int32_t copy[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    const int32_t *bump = piece_of_one(s, f, time, copy);
    int32_t shift = SECG_WIDE(secg_shapes_align_one_loop, SECG_SHAPES_BEYOND)(
        s, shape, bump, f->mv_per_bump, weight, narrow.tt, &narrow.st, &narrow.ss);
    int every_other;
    const int32_t *x = find_wide(s, f, time + shift, copy, &every_other);
    SECG_WIDE(secg_shapes_wide_one_loop, SECG_SHAPES_BEYOND)
    (x, every_other, 2 * s->wide_half + 1, secg_qrs_mv_per_wide(f), weight, shape->wide, &wide.st,
     &wide.ss);
    return likeness_of(narrow, wide);
}

/* As find_mains(), by the sizes of deflections; where the largest lies matters seldom. */
static void find_main_of_one(const secg_shapes *s, secg_shape *shape, const float *size)
{
    int32_t first = s->half - main_side(s), last = s->half + main_side(s), at = shape->main[0];
    float largest = secg_quad_greatest(size + first, (size_t)(last - first) + 1);
    if (shape->beats > 1) {
        while (at > first && size[at - 1] > size[at])
            at--;
        while (at < last && size[at + 1] > size[at])
            at++;
    }
    if (shape->beats == 1 || largest >= CLEARLY_LARGER * size[at])
        for (at = largest > size[s->half] ? first : s->half; size[at] < largest; at++)
            ;
    shape->main[0] = at;
}

static void learn_plain_of_one(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                               int64_t time, float part)
{
    int32_t rows = 2 * s->half + 1, quiet = s->half;
    int32_t copy[2 * SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    float size[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    int64_t first = time - f->bump_delay - s->half - quiet;
    const int32_t *x = first < 0 ? signal_rows(f, first, quiet + rows + SECG_SHAPES_BEYOND, copy)
                                 : rows_of_one(f, f->x, first, quiet + rows, copy);
    SECG_WIDE(secg_shapes_plain_one_loop, SECG_SHAPES_BEYOND)
    (shape->plain, x, quiet, rows, part, size);
    find_main_of_one(s, shape, size);
}

static void learn_one(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                      int64_t time, float part)
{
    int32_t rows = 2 * s->half + 1, wide_rows = 2 * s->wide_half + 1, every_other;
    int32_t copy[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    const int32_t *bump = rows_of_one(f, f->bump, time - s->half, rows, copy);
    SECG_WIDE(secg_shapes_approach_one_loop, SECG_SHAPES_BEYOND)
    (shape->value, bump, 0, rows, f->mv_per_bump, part, shape->energy);
    const int32_t *wide = find_wide(s, f, time, copy, &every_other);
    SECG_WIDE(secg_shapes_approach_one_loop, SECG_SHAPES_BEYOND)
    (shape->wide, wide, every_other, wide_rows, secg_qrs_mv_per_wide(f), part, shape->wide_energy);
    learn_plain_of_one(s, f, shape, time, part);
}

/* ---- of one lead or of several --------------------------------------------------------------- */

secg_match secg_shapes_match(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                             const float *weight, int32_t beats)
{
    return s->channels == 1 ? match_one(s, f, time, weight[0], beats)
                            : match_leads(s, f, time, weight, beats);
}

secg_likeness secg_shapes_compare(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                  const float *weight, int32_t index)
{
    const secg_shape *shape = &s->shape[index];
    return s->channels == 1 ? compare_one(s, f, time, weight[0], shape)
                            : compare_leads(s, f, time, weight, shape);
}

int32_t secg_shapes_learn(secg_shapes *s, const secg_qrs_feature *f, int64_t time, secg_match match)
{
    int32_t index = match.shape >= 0 ? match.shape : least_used(s);
    secg_shape *shape = &s->shape[index];
    if (match.shape < 0)
        shape->beats = 0, match.shift = 0;
    shape->beats++;
    shape->last = time;
    float part =
        1.0f / (float)(shape->beats < LONGEST_MEMORY_BEATS ? shape->beats : LONGEST_MEMORY_BEATS);
    if (s->channels == 1)
        learn_one(s, f, shape, time + match.shift, part);
    else
        learn_leads(s, f, shape, time + match.shift, part);
    return index;
}
