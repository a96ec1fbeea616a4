#include "ecg/lone_loop.h"

#include <math.h>

typedef secg_wide_mask whole; /* numbers, as many as lanes */

/* So many steps at once, of a length that the compiler knows where it is a usual one. */
SECG_INLINE void sum_steps(const float *row, size_t factor, int32_t steps, float before,
                           secg_lone_steps *to)
{
    secg_wide last_before = secg_wide_all(before);
    uint32_t edges = 0, still = 0, rough = 0;
    for (int32_t n = 0; n < steps; n += SECG_WIDE_LANES, row += SECG_WIDE_LANES * factor) {
        secg_wide low = secg_wide_all(INFINITY), high = -low, last = low;
        whole sum = {0}, fine = sum == 0;
        for (size_t i = 0; i < factor; i++) {
            secg_wide v = secg_wide_apart(row + i, factor);
            whole small = secg_wide_size(v) < (float)SECG_INTAKE_MOST_MV; /* no NaN is */
            fine &= small;
            sum += __builtin_convertvector(secg_wide_keep(small, v) * (float)SECG_INTAKE_PER_MV,
                                           whole);
            low = secg_wide_min(v, low);
            high = secg_wide_max(v, high);
            last = v;
        }
        secg_wide was = secg_wide_push(last, last_before);
        whole level = secg_wide_max(was, high) - secg_wide_min(was, low) <= SECG_INTAKE_EDGE_MV;
        last_before = last;
        memcpy(to->sum + n, &sum, sizeof sum);
        secg_wide_store(to->low + n, low);
        secg_wide_store(to->high + n, high);
        edges |= secg_wide_bits(~level) << n;
        still |= secg_wide_bits(~(low < high)) << n;
        rough |= secg_wide_bits(~fine) << n;
    }
    to->edges = edges;
    to->still = still;
    to->rough = rough;
}

void SECG_WIDE_NAME(secg_lone_steps_loop)(const float *row, size_t factor, int32_t steps,
                                          float before, secg_lone_steps *to)
{
    switch (factor) {
    case 2:
        sum_steps(row, 2, steps, before, to);
        break;
    case 3:
        sum_steps(row, 3, steps, before, to);
        break;
    case 5:
        sum_steps(row, 5, steps, before, to);
        break;
    case 10:
        sum_steps(row, 10, steps, before, to);
        break;
    default:
        sum_steps(row, factor, steps, before, to);
    }
}

static inline whole load(const int32_t *x)
{
    whole v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline whole size_of(whole b)
{
    whole sign = b >> 31;
    return (b ^ sign) - sign;
}

typedef double four_sums __attribute__((vector_size(4 * sizeof(double))));

/* Running sums of |bump| by how they change, and the feature from them: whole numbers, so it does not
 * matter in which order they are added.  Returns the last of so many. */
SECG_INLINE double sum_up(double energy, const int32_t *change, int32_t steps, float scale,
                          float *level)
{
    for (int32_t i = 0; i < steps; i += SECG_QUAD) {
        secg_quad_mask quad;
        memcpy(&quad, change + i, sizeof quad);
        four_sums s = __builtin_convertvector(quad, four_sums);
        s += (four_sums){0, s[0], s[1], s[2]};
        s += (four_sums){0, 0, s[0], s[1]} + energy;
        secg_quad_store(level + i, __builtin_convertvector(s, secg_quad) * scale);
        energy = steps - i < SECG_QUAD ? s[steps - i - 1] : s[3];
    }
    return energy;
}

/* See qrs_feature.c. */
void SECG_WIDE_NAME(secg_lone_bands_loop)(secg_qrs_feature *f, int32_t steps)
{
    ptrdiff_t box = f->box, mean = f->mean, from = f->at;
    const int32_t *x = f->new_x + box - 1 + from;
    int32_t *s = f->new_sum + 5 * box + from, *bump = f->new_bump + mean + from;
    int32_t *wide = f->new_wide + from, more[SECG_WIDE_LANES];
    float *level = f->new_level + from, scale = f->mv_per_bump / (float)f->mean;
    double energy = f->energy[0];
    for (int32_t n = 0; n < steps; n += SECG_WIDE_LANES) {
        whole s_0 = load(x + n);
        for (ptrdiff_t j = 1; j < box; j++)
            s_0 += load(x + n - j);
        memcpy(s + n, &s_0, sizeof s_0);
        whole s_1 = load(s + n - box), s_2 = load(s + n - 2 * box);
        whole b = s_1 + s_1 - s_0 - s_2, inner = s_2 + load(s + n - 3 * box);
        whole w = inner + inner - s_0 - s_1 - load(s + n - 4 * box) - load(s + n - 5 * box);
        memcpy(bump + n, &b, sizeof b);
        memcpy(wide + n, &w, sizeof w);
        whole change = size_of(b) - size_of(load(bump + n - mean));
        memcpy(more, &change, sizeof change);
        int32_t left = steps - n < SECG_WIDE_LANES ? steps - n : SECG_WIDE_LANES;
        energy = sum_up(energy, more, left, scale, level + n);
    }
    f->energy[0] = energy;
}
