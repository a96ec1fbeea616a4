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

#include "base/quad.h"

#include <math.h>
#include <string.h>

static const double HALF_MS = 90, REACH_MS = 22, WIDE_HALF_MS = 160, WIDE_STEP_MS = 20;
static const float CLEARLY_LARGER = 1.5f;
enum {
    LONGEST_MEMORY_BEATS = 16,
    /* At 200 steps a second, the most there are. */
    MOST_HALF = 18,
    MOST_REACH = 5,
    MOST_ROWS = 2 * (MOST_HALF + MOST_REACH) + 1,
    MOST_WIDE = 2 * 10 + 1 /* just below 125 steps a second, where a step of it is two of these */
};

void secg_shapes_lay_out(secg_shapes *s, secg_arena *arena, double rate_hz, size_t channels)
{
    *s = (secg_shapes){.channels = channels};
    s->half = (int32_t)lround(HALF_MS * 1e-3 * rate_hz);
    s->reach = (int32_t)ceil(REACH_MS * 1e-3 * rate_hz);
    size_t cells = (size_t)(2 * s->half + 1) * channels;
    s->wide_step = (int32_t)lround(WIDE_STEP_MS * 1e-3 * rate_hz);
    s->wide_half = (int32_t)lround(WIDE_HALF_MS * 1e-3 * rate_hz / s->wide_step);
    size_t wide_cells = (size_t)(2 * s->wide_half + 1) * channels;
    for (size_t i = 0; i < SECG_SHAPES; i++) {
        s->shape[i].value = secg_take(arena, cells, sizeof(float));
        s->shape[i].plain = secg_take(arena, cells, sizeof(float));
        s->shape[i].wide = secg_take(arena, wide_cells, sizeof(float));
    }
}

void secg_shapes_reset(secg_shapes *s)
{
    for (size_t i = 0; i < SECG_SHAPES; i++)
        s->shape[i].beats = 0;
}

/* The signal within reach of a place. */
typedef struct piece {
    float weighed[MOST_ROWS * SECG_MAX_CHANNELS + SECG_QUAD]; /* [rows][channels] w_k s_k  */
    float energy[MOST_ROWS + SECG_QUAD]; /* of the rows before this one, weighed  */
} piece;

static secg_quad in_mv(const int32_t *bump, float scale)
{
    secg_quad_mask b;
    memcpy(&b, bump, sizeof b);
    return __builtin_convertvector(b, secg_quad) * scale;
}

/* One lead: along time. */
static void weigh_one(const int32_t *bump, int32_t rows, float scale, float weight, piece *p)
{
    float energy = 0;
    for (int32_t r = 0; r < rows; r += SECG_QUAD) {
        secg_quad v = in_mv(bump + r, scale), weighed = weight * v, product = weighed * v;
        secg_quad_store(p->weighed + r, weighed);
        for (int32_t j = 0; j < SECG_QUAD; j++)
            p->energy[r + j + 1] = energy += product[j];
    }
}

/* Rows of whole quads. */
static void weigh_quads(const int32_t *bump, int32_t rows, float scale, const float *weight,
                        size_t channels, piece *p)
{
    float *cell = p->weighed;
    for (int32_t r = 0; r < rows; r++) {
        float energy = 0;
        for (size_t k = 0; k < channels; k += SECG_QUAD, bump += SECG_QUAD, cell += SECG_QUAD) {
            secg_quad v = in_mv(bump, scale), weighed = secg_quad_load(weight + k) * v;
            secg_quad product = weighed * v;
            secg_quad_store(cell, weighed);
            for (size_t j = 0; j < SECG_QUAD; j++)
                energy += product[j];
        }
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
    int32_t copy[MOST_ROWS * SECG_MAX_CHANNELS + SECG_QUAD];
    const int32_t *bump = secg_qrs_rows(f, f->bump, time - side, rows, copy);
    p->energy[0] = 0;
    if (s->channels == 1)
        weigh_one(bump, rows, f->mv_per_bump, weight[0], p);
    else if (s->channels % SECG_QUAD == 0)
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

secg_match secg_shapes_match(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                             const float *weight, int32_t beats)
{
    secg_match best = {.shape = -1, .agreement = -1};
    piece p;
    read_piece(s, f, time, weight, &p);
    for (int32_t i = 0; i < SECG_SHAPES; i++) {
        if (s->shape[i].beats < beats || s->shape[i].beats == 0)
            continue;
        int32_t shift;
        float a = correlation(align(s, &s->shape[i], &p, weight, &shift));
        if (a > best.agreement)
            best = (secg_match){.shape = i, .shift = shift, .agreement = a};
    }
    return best;
}

/* The wide band of one lead at the steps that shapes hold of it. */
static void read_wide(const secg_shapes *s, const secg_qrs_feature *f, int64_t time, float *mv)
{
    int64_t half = s->wide_half * s->wide_step, at = time - half;
    int32_t rows = 2 * s->wide_half + 1;
    float scale = secg_qrs_mv_per_wide(f);
    size_t first = (size_t)((uint64_t)(at + f->wide_delay) & f->mask);
    if (time + half + f->wide_delay < f->count && first + (size_t)(2 * half) <= f->mask) {
        const int32_t *wide = f->wide + first;
        for (int32_t r = 0; r < rows; r++, wide += s->wide_step)
            mv[r] = (float)*wide * scale;
        return;
    }
    for (int32_t r = 0; r < rows; r++, at += s->wide_step)
        mv[r] = (float)*secg_qrs_wide(f, at) * scale;
}

static sums compare_wide(const secg_shapes *s, const secg_shape *shape, const secg_qrs_feature *f,
                         int64_t time, const float *weight)
{
    sums u = {.tt = weigh(shape->wide_energy, weight, s->channels)};
    const float *t = shape->wide;
    float scale = secg_qrs_mv_per_wide(f);
    float st = 0, ss = 0;
    int64_t at = time - s->wide_half * s->wide_step;
    int32_t rows = 2 * s->wide_half + 1;
    if (s->channels == 1) {
        float mv[MOST_WIDE];
        read_wide(s, f, time, mv);
        for (int32_t r = 0; r < rows; r++) {
            float weighed = weight[0] * mv[r];
            st += weighed * t[r];
            ss += weighed * mv[r];
        }
    }
    for (int32_t r = 0; r < rows && s->channels > 1; r++, t += s->channels, at += s->wide_step) {
        const int32_t *wide = secg_qrs_wide(f, at);
        for (size_t k = 0; k < s->channels; k++) {
            float v = (float)wide[k] * scale, weighed = weight[k] * v;
            st += weighed * t[k];
            ss += weighed * v;
        }
    }
    u.st = st;
    u.ss = ss;
    return u;
}

static float distance(sums u)
{
    return sqrtf(fmaxf(u.ss - 2 * u.st + u.tt, 0) / u.tt);
}

secg_likeness secg_shapes_compare(const secg_shapes *s, const secg_qrs_feature *f, int64_t time,
                                  const float *weight, int32_t index)
{
    const secg_shape *shape = &s->shape[index];
    int32_t shift;
    piece p;
    read_piece(s, f, time, weight, &p);
    sums narrow = align(s, shape, &p, weight, &shift);
    sums wide = compare_wide(s, shape, f, time + shift, weight);
    if (!(narrow.ss > 0 && narrow.tt > 0 && wide.ss > 0 && wide.tt > 0))
        return (secg_likeness){.distance = 1, .wide_distance = 1};
    return (secg_likeness){.agreement = correlation(narrow),
                           .wide_agreement = correlation(wide),
                           .distance = distance(narrow),
                           .wide_distance = distance(wide),
                           .size = sqrtf(narrow.ss / narrow.tt),
                           .width = 0.5f * logf(wide.ss / wide.tt * narrow.tt / narrow.ss)};
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

/* Means of cells, [count]: each goes a part of its way to another value. */
static void approach_bumps(float *cell, const int32_t *bump, size_t count, float scale, float part)
{
    size_t i = 0;
    for (; i + SECG_QUAD <= count; i += SECG_QUAD) {
        secg_quad t = secg_quad_load(cell + i);
        secg_quad_store(cell + i, t + part * (in_mv(bump + i, scale) - t));
    }
    for (; i < count; i++)
        cell[i] += part * ((float)bump[i] * scale - cell[i]);
}

/* To a signal less a base, of one lead and of some. */
static void approach_one(float *cell, const int32_t *x, size_t count, float base, float part)
{
    size_t i = 0;
    for (; i + SECG_QUAD <= count; i += SECG_QUAD) {
        secg_quad t = secg_quad_load(cell + i);
        secg_quad_store(cell + i, t + part * (in_mv(x + i, 1) - base - t));
    }
    for (; i < count; i++)
        cell[i] += part * ((float)x[i] - base - cell[i]);
}

static void approach_leads(float *cell, const int32_t *x, size_t rows, size_t channels,
                           const float *base, float part)
{
    for (size_t n = 0; n < rows; n++)
        for (size_t k = 0; k < channels; k++, cell++)
            *cell += part * ((float)*x++ - base[k] - *cell);
}

static void sum_energy(const float *cell, int32_t rows, size_t channels, float *energy)
{
    size_t k = 0;
    for (; k + SECG_QUAD <= channels; k += SECG_QUAD) {
        secg_quad sum = secg_quad_all(0);
        for (int32_t r = 0; r < rows; r++) {
            secg_quad t = secg_quad_load(cell + (size_t)r * channels + k);
            sum += t * t;
        }
        secg_quad_store(energy + k, sum);
    }
    for (; k < channels; k++) {
        float sum = 0;
        for (int32_t r = 0; r < rows; r++) {
            float t = cell[(size_t)r * channels + k];
            sum += t * t;
        }
        energy[k] = sum;
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

/* The signal less its mean over half a piece before: the level that even a wide QRS leaves from. */
static void learn_plain(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                        int64_t time, float part)
{
    int32_t rows = 2 * s->half + 1, quiet = s->half;
    int32_t copy[2 * MOST_ROWS * SECG_MAX_CHANNELS];
    const int32_t *x = signal_rows(f, time - f->bump_delay - s->half - quiet, quiet + rows, copy);
    if (s->channels == 1) {
        float base = 0;
        for (int32_t n = 0; n < quiet; n++)
            base += (float)x[n] / (float)quiet;
        approach_one(shape->plain, x + quiet, (size_t)rows, base, part);
        return;
    }
    float base[SECG_MAX_CHANNELS] = {0};
    for (int32_t n = 0; n < quiet; n++)
        for (size_t k = 0; k < s->channels; k++)
            base[k] += (float)*x++ / (float)quiet;
    approach_leads(shape->plain, x, (size_t)rows, s->channels, base, part);
}

static void learn_wide(const secg_shapes *s, const secg_qrs_feature *f, secg_shape *shape,
                       int64_t time, float part)
{
    float *t = shape->wide, scale = secg_qrs_mv_per_wide(f);
    int64_t at = time - s->wide_half * s->wide_step;
    int32_t rows = 2 * s->wide_half + 1;
    if (s->channels == 1) {
        float mv[MOST_WIDE];
        read_wide(s, f, time, mv);
        for (int32_t r = 0; r < rows; r++)
            t[r] += part * (mv[r] - t[r]);
    }
    for (int32_t r = 0; r < rows && s->channels > 1; r++, at += s->wide_step) {
        const int32_t *wide = secg_qrs_wide(f, at);
        for (size_t k = 0; k < s->channels; k++, t++)
            *t += part * ((float)wide[k] * scale - *t);
    }
    sum_energy(shape->wide, rows, s->channels, shape->wide_energy);
}

static float deflection(const secg_shapes *s, const secg_shape *shape, int32_t row, size_t channel)
{
    return secg_main_deflection(shape->plain[(size_t)row * s->channels + channel]);
}

/* The deflection that is the main one stays that, drifting, until another is clearly larger. */
static void find_main(const secg_shapes *s, secg_shape *shape, size_t channel)
{
    int32_t best = s->half, side = 2 * s->half / 3, *main = &shape->main[channel];
    float largest = deflection(s, shape, best, channel);
    for (int32_t r = s->half - side; r <= s->half + side; r++) {
        float size = deflection(s, shape, r, channel);
        if (size > largest)
            largest = size, best = r;
    }
    if (shape->beats > 1) {
        for (int32_t way = -1; way <= 1; way += 2)
            while (*main + way >= s->half - side && *main + way <= s->half + side &&
                   deflection(s, shape, *main + way, channel) >
                       deflection(s, shape, *main, channel))
                *main += way;
        if (deflection(s, shape, best, channel) <
            CLEARLY_LARGER * deflection(s, shape, *main, channel))
            return;
    }
    *main = best;
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
    int32_t copy[MOST_ROWS * SECG_MAX_CHANNELS], rows = 2 * s->half + 1;
    const int32_t *bump = secg_qrs_rows(f, f->bump, time + match.shift - s->half, rows, copy);
    approach_bumps(shape->value, bump, (size_t)rows * s->channels, f->mv_per_bump, part);
    sum_energy(shape->value, rows, s->channels, shape->energy);
    learn_plain(s, f, shape, time + match.shift, part);
    for (size_t k = 0; k < s->channels; k++)
        find_main(s, shape, k);
    learn_wide(s, f, shape, time + match.shift, part);
    return index;
}
