#include "ecg/shapes_loop.h"

#include <math.h>

static inline secg_wide scaled(const int32_t *x, float scale)
{
    return __builtin_convertvector(secg_wide_load_whole(x), secg_wide) * scale;
}

void SECG_WIDE_NAME(secg_shapes_weigh_loop)(const int32_t *bump, size_t rows, size_t channels,
                                            float scale, const float *weight, float *weighed,
                                            float *products)
{
    secg_wide w = secg_wide_load(weight);
    for (; rows > 0; rows--, bump += channels, weighed += channels, products += channels) {
        secg_wide v = scaled(bump, scale), product = w * v;
        secg_wide_store(weighed, product);
        secg_wide_store(products, product * v);
    }
}

void SECG_WIDE_NAME(secg_shapes_approach_loop)(float *cell, const int32_t *x, size_t rows,
                                               size_t channels, float scale, const float *base,
                                               float part, float *energy)
{
    secg_wide sum = secg_wide_all(0), level = secg_wide_load(base);
    for (; rows > 0; rows--, cell += channels, x += channels) {
        secg_wide t = secg_wide_load(cell);
        t += part * (scaled(x, scale) - level - t);
        sum += t * t;
        secg_wide_store(cell, t);
    }
    secg_wide_store(energy, sum);
}

/* As secg_main_deflection(). */
static inline secg_wide deflection(const float *plain, size_t channels, int32_t row)
{
    secg_wide mv = secg_wide_load(plain + (size_t)row * channels);
    return secg_wide_max(mv, SECG_SHAPES_DOWNWARD * -mv);
}

void SECG_WIDE_NAME(secg_shapes_main_loop)(const float *plain, int32_t first, int32_t rows,
                                           int32_t middle, size_t channels, int32_t *best)
{
    secg_wide largest = deflection(plain, channels, middle);
    secg_wide_mask at = (secg_wide_mask){0} + middle;
    for (int32_t r = first; r < first + rows; r++) {
        secg_wide size = deflection(plain, channels, r);
        secg_wide_mask more = size > largest;
        largest = secg_wide_max(size, largest);
        at = (more & r) | (~more & at);
    }
    secg_wide_store_whole(best, at);
}

/* ---- one lead, along time ------------------------------------------------------------------------
 * Sums over rows are made in the order of time, whatever the width: products go to memory for that.
 * At the usual rate of steps, 100 a second, the compiler knows how many rows there are. */
enum {
    USUAL_HALF = 9,
    USUAL_REACH = 3,
    USUAL_WIDE_ROWS = 17,
    MOST_PLACES = 2 * SECG_SHAPES_REACH + 1
};

/* A piece of signal, weighed. */
typedef struct piece {
    float weighed[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    float energy[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND]; /* of the rows before this one         */
} piece;

SECG_INLINE void weigh_one(const int32_t *bump, int32_t rows, float scale, float weight, piece *p)
{
    float *energy = p->energy + 1, sum = 0;
    for (int32_t r = 0; r < rows; r += SECG_WIDE_LANES) {
        secg_wide v = scaled(bump + r, scale), product = weight * v;
        secg_wide_store(p->weighed + r, product);
        secg_wide_store(energy + r, product * v);
    }
    p->energy[0] = 0;
    for (int32_t r = 0; r < rows; r += SECG_QUAD, energy += SECG_QUAD)
        for (int32_t j = 0; j < SECG_QUAD; j++)
            energy[j] = sum += energy[j];
}

/* Of a piece and a template at each place, the second a row after the first. */
typedef struct agreements {
    float st[MOST_PLACES + SECG_SHAPES_BEYOND], ss[MOST_PLACES + SECG_SHAPES_BEYOND];
    float agreement[MOST_PLACES + SECG_SHAPES_BEYOND];
} agreements;

/* Lanes are places: each row of the template meets as many rows of the piece at once. */
SECG_INLINE secg_wide match_places(const float *weighed, const float *t, int32_t rows)
{
    secg_wide sum[SECG_QUAD] = {0};
    int32_t r = 0;
    for (; r + SECG_QUAD <= rows; r += SECG_QUAD)
        for (int32_t j = 0; j < SECG_QUAD; j++)
            sum[j] += secg_wide_load(weighed + r + j) * t[r + j];
    secg_wide total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (; r < rows; r++)
        total += secg_wide_load(weighed + r) * t[r];
    return total;
}

SECG_INLINE void agree_one(const piece *p, int32_t place, const float *t, int32_t rows, float tt,
                           agreements *u)
{
    const float *energy = p->energy + place;
    secg_wide st = match_places(p->weighed + place, t, rows);
    secg_wide ss = secg_wide_load(energy + rows) - secg_wide_load(energy), root = ss * tt;
    for (int32_t j = 0; j < SECG_WIDE_LANES; j++)
        root[j] = sqrtf(root[j]);
    secg_wide_store(u->st + place, st);
    secg_wide_store(u->ss + place, ss);
    secg_wide_store(u->agreement + place,
                    secg_wide_keep((ss > 0) & (secg_wide_all(tt) > 0), st / root));
}

/* Climbs from the middle; returns the place of best agreement. */
SECG_INLINE int32_t climb(const piece *p, const float *t, float tt, int32_t half, int32_t reach,
                          agreements *u)
{
    const float *agreement = u->agreement;
    int32_t at = reach, last = 2 * reach;
    for (int32_t place = 0; place <= last; place += SECG_WIDE_LANES)
        agree_one(p, place, t, 2 * half + 1, tt, u);
    int32_t way = agreement[at - 1] > agreement[at] ? -1 : 1;
    while (at + way >= 0 && at + way <= last && agreement[at + way] > agreement[at])
        at += way;
    return at;
}

SECG_INLINE secg_match match_one(const secg_shapes *s, const int32_t *bump, float scale,
                                 float weight, int32_t beats, int32_t half, int32_t reach)
{
    secg_match best = {.shape = -1, .agreement = -1};
    piece p;
    agreements u;
    weigh_one(bump, 2 * (half + reach) + 1, scale, weight, &p);
    for (int32_t i = 0; i < SECG_SHAPES && s->shape[i].beats > 0; i++) { /* free ones come last */
        const secg_shape *shape = &s->shape[i];
        if (shape->beats < beats)
            continue;
        int32_t at = climb(&p, shape->value, weight * shape->energy[0], half, reach, &u);
        if (u.agreement[at] > best.agreement)
            best = (secg_match){.shape = i, .shift = at - reach, .agreement = u.agreement[at]};
    }
    return best;
}

static inline int is_usual(const secg_shapes *s)
{
    return s->half == USUAL_HALF && s->reach == USUAL_REACH;
}

secg_match SECG_WIDE_NAME(secg_shapes_match_one_loop)(const secg_shapes *s, const int32_t *bump,
                                                      float scale, float weight, int32_t beats)
{
    return is_usual(s) ? match_one(s, bump, scale, weight, beats, USUAL_HALF, USUAL_REACH)
                       : match_one(s, bump, scale, weight, beats, s->half, s->reach);
}

SECG_INLINE int32_t align_one(const float *t, const int32_t *bump, float scale, float weight,
                              float tt, int32_t half, int32_t reach, float *st, float *ss)
{
    piece p;
    agreements u;
    weigh_one(bump, 2 * (half + reach) + 1, scale, weight, &p);
    int32_t at = climb(&p, t, tt, half, reach, &u);
    *st = u.st[at];
    *ss = u.ss[at];
    return at - reach;
}

int32_t SECG_WIDE_NAME(secg_shapes_align_one_loop)(const secg_shapes *s, const secg_shape *shape,
                                                   const int32_t *bump, float scale, float weight,
                                                   float tt, float *st, float *ss)
{
    const float *t = shape->value;
    return is_usual(s) ? align_one(t, bump, scale, weight, tt, USUAL_HALF, USUAL_REACH, st, ss)
                       : align_one(t, bump, scale, weight, tt, s->half, s->reach, st, ss);
}

SECG_INLINE secg_wide scaled_rows(const int32_t *x, int every_other, int32_t r, float scale)
{
    if (!every_other)
        return scaled(x + r, scale);
    secg_wide_mask a = secg_wide_load_whole(x + 2 * r);
    secg_wide_mask b = secg_wide_load_whole(x + 2 * r + SECG_WIDE_LANES);
#if defined(SECG_WIDE_AVX8)
    a = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#else
    a = __builtin_shufflevector(a, b, 0, 2, 4, 6);
#endif
    return __builtin_convertvector(a, secg_wide) * scale;
}

/* What lies behind the last is 0. */
SECG_INLINE float sum_up(const float *x, int32_t count)
{
    float sum = 0;
    for (int32_t i = 0; i < count; i += SECG_QUAD, x += SECG_QUAD)
        sum = sum + x[0] + x[1] + x[2] + x[3];
    return sum;
}

SECG_INLINE void compare_rows(const int32_t *x, int every_other, int32_t rows, float scale,
                              float weight, const float *t, float *st, float *ss)
{
    float with_t[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    float with_s[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    for (int32_t r = 0; r < rows; r += SECG_WIDE_LANES) {
        secg_wide v = scaled_rows(x, every_other, r, scale), weighed = weight * v;
        secg_wide_store(with_t + r, weighed * secg_wide_load(t + r));
        secg_wide_store(with_s + r, weighed * v);
    }
    secg_wide_store(with_t + rows, secg_wide_all(0));
    secg_wide_store(with_s + rows, secg_wide_all(0));
    *st = sum_up(with_t, rows);
    *ss = sum_up(with_s, rows);
}

void SECG_WIDE_NAME(secg_shapes_wide_one_loop)(const int32_t *x, int every_other, int32_t rows,
                                               float scale, float weight, const float *t, float *st,
                                               float *ss)
{
    if (every_other && rows == USUAL_WIDE_ROWS)
        compare_rows(x, 1, USUAL_WIDE_ROWS, scale, weight, t, st, ss);
    else
        compare_rows(x, every_other, rows, scale, weight, t, st, ss);
}

SECG_INLINE void approach_rows(float *cell, const int32_t *x, int every_other, int32_t rows,
                               float scale, float part, float *energy)
{
    float squares[SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND];
    for (int32_t r = 0; r < rows; r += SECG_WIDE_LANES) {
        secg_wide t = secg_wide_load(cell + r);
        t += part * (scaled_rows(x, every_other, r, scale) - t);
        secg_wide_store(cell + r, t);
        secg_wide_store(squares + r, t * t);
    }
    secg_wide_store(squares + rows, secg_wide_all(0));
    *energy = sum_up(squares, rows);
}

void SECG_WIDE_NAME(secg_shapes_approach_one_loop)(float *cell, const int32_t *x, int every_other,
                                                   int32_t rows, float scale, float part,
                                                   float *energy)
{
    if (every_other && rows == USUAL_WIDE_ROWS)
        approach_rows(cell, x, 1, USUAL_WIDE_ROWS, scale, part, energy);
    else if (!every_other && rows == 2 * USUAL_HALF + 1)
        approach_rows(cell, x, 0, 2 * USUAL_HALF + 1, scale, part, energy);
    else
        approach_rows(cell, x, every_other, rows, scale, part, energy);
}

static inline float find_level(const int32_t *x, int32_t rows)
{
    float level[SECG_SHAPES_HALF + SECG_SHAPES_BEYOND];
    for (int32_t r = 0; r < rows; r += SECG_WIDE_LANES)
        secg_wide_store(level + r, scaled(x + r, 1) / (float)rows);
    secg_wide_store(level + rows, secg_wide_all(0));
    return sum_up(level, rows);
}

void SECG_WIDE_NAME(secg_shapes_plain_one_loop)(float *cell, const int32_t *x, int32_t quiet,
                                                int32_t rows, float part, float *size)
{
    secg_wide base = secg_wide_all(find_level(x, quiet));
    for (int32_t r = 0; r < rows; r += SECG_WIDE_LANES) {
        secg_wide t = secg_wide_load(cell + r);
        t += part * (scaled(x + quiet + r, 1) - base - t);
        secg_wide_store(cell + r, t);
        secg_wide_store(size + r, deflection(cell, 1, r));
    }
}
