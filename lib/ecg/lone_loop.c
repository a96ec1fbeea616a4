#include "ecg/lone_loop.h"

/* The values of so many steps at once, the first of each and so on.  Few lengths of a step are usual. */
SECG_INLINE secg_wide value_of(const float *row, const secg_wide *five, size_t i, size_t factor)
{
    return factor == 5 ? five[i] : secg_wide_apart(row + i, factor);
}

SECG_INLINE secg_wide clamp(secg_wide mv)
{
    const secg_wide most = secg_wide_all(SECG_INTAKE_MOST_MV);
    return secg_wide_min(secg_wide_max(mv, -most), most); /* NaN: -most */
}

SECG_INLINE secg_wide_mask in_units(secg_wide held)
{
    return __builtin_convertvector(held * (float)SECG_INTAKE_PER_MV, secg_wide_mask);
}

/* `factor` is a constant where this is used, for the steps of usual rates. */
SECG_INLINE uint32_t end_steps(secg_intake *in, const float *row, size_t factor)
{
    const secg_wide most = secg_wide_all(SECG_INTAKE_MOST_MV);
    secg_wide before = secg_wide_all(row[-1]);
    secg_wide lowest = most, highest = -most;
    int32_t *sums = in->sums + in->delay, steps = in->ended;
    uint32_t edges = 0, still = 0, all = (1u << steps) - 1;
    for (int32_t n = 0; n < steps; n += SECG_WIDE_LANES, row += SECG_WIDE_LANES * factor) {
        secg_wide five[5];
        if (factor == 5)
            secg_wide_fives(five, row);
        secg_wide last = value_of(row, five, 0, factor), low = clamp(last), high = low;
        secg_wide_mask sum = in_units(low);
        for (size_t i = 1; i < factor; i++) {
            last = value_of(row, five, i, factor);
            secg_wide held = clamp(last);
            sum += in_units(held);
            low = secg_wide_min(held, low);
            high = secg_wide_max(held, high);
        }
        secg_wide was = secg_wide_push(last, before);
        secg_wide moved = secg_wide_max(was, high) - secg_wide_min(was, low);
        before = last;
        secg_wide_store_whole(sums + n, sum);
        secg_wide_store(in->step_low_mv + n, low);
        secg_wide_store(in->step_high_mv + n, high);
        edges |= secg_wide_bits(moved > SECG_INTAKE_EDGE_MV) << n;
        still |= secg_wide_bits(low >= high) << n;
        lowest = secg_wide_min(low, lowest);
        highest = secg_wide_max(high, highest);
    }
    in->edges |= (edges & all) << (in->look_ahead + 1);
    in->odd = still & all;
    return secg_wide_bits((lowest <= -most) | (highest >= most));
}

/* Out of line: it would take registers from the others. */
SECG_OUT_OF_LINE static uint32_t end_unusual(secg_intake *in, const float *row)
{
    return end_steps(in, row, (size_t)in->factor);
}

uint32_t SECG_WIDE_NAME(secg_lone_steps_loop)(secg_intake *in, const float *row)
{
    switch (in->factor) {
    case 2:
        return end_steps(in, row, 2);
    case 3:
        return end_steps(in, row, 3);
    case 5:
        return end_steps(in, row, 5);
    case 10:
        return end_steps(in, row, 10);
    default:
        return end_unusual(in, row);
    }
}

/* ---- the QRS feature ------------------------------------------------------------------------- */

/* x: the sum of the first of so many steps as fill a vector, where qrs_feature.h has what else belongs to
 * it. */
SECG_INLINE void sum_boxes(int32_t *x, ptrdiff_t box)
{
    secg_wide_mask s = secg_wide_load_whole(x);
    for (ptrdiff_t i = 1; i < box; i++)
        s += secg_wide_load_whole(x - i);
    secg_wide_store_whole(x + SECG_QRS_TO_SUM, s);
}

SECG_INLINE void pass_bands(int32_t *x, ptrdiff_t box)
{
    const int32_t *sum = x + SECG_QRS_TO_SUM;
    secg_wide_mask s_0 = secg_wide_load_whole(sum), s_1 = secg_wide_load_whole(sum - box);
    secg_wide_mask s_2 = secg_wide_load_whole(sum - 2 * box);
    secg_wide_mask inner = s_2 + secg_wide_load_whole(sum - 3 * box);
    secg_wide_mask outer =
        secg_wide_load_whole(sum - 4 * box) + secg_wide_load_whole(sum - 5 * box);
    secg_wide_store_whole(x + SECG_QRS_TO_BUMP, s_1 + s_1 - s_0 - s_2);
    secg_wide_store_whole(x + SECG_QRS_TO_WIDE, inner + inner - s_0 - s_1 - outer);
}

/* How the sum of |bump| changes with each step. */
SECG_INLINE secg_wide_mask change_of(const int32_t *x, ptrdiff_t mean)
{
    return secg_wide_size_whole(secg_wide_load_whole(x + SECG_QRS_TO_BUMP)) -
           secg_wide_size_whole(secg_wide_load_whole(x + SECG_QRS_TO_BUMP - mean));
}

/* The feature of four steps, and the sum of |bump| after each, from that before the first.  Changes are whole
 * numbers below 2^30 (qrs_feature.c), so it does not matter in which order they are added, and two can be
 * while they still are of 32 bits. */
SECG_INLINE void add_up(secg_quad_mask change, double before, float scale, double energy[SECG_QUAD],
                        void *level)
{
    change += (secg_quad_mask){0, change[0], change[1], change[2]};
    secg_quad_sums s = SECG_QUAD_TO_SUMS(change);
    s += (secg_quad_sums){0, 0, s[0], s[1]};
    s += before;
    secg_quad mean = __builtin_convertvector(s, secg_quad) * scale;
    memcpy(energy, &s, sizeof s);
    memcpy(level, &mean, sizeof mean);
}

/* `box` is a constant where this is used, for the steps of usual rates. */
SECG_INLINE void take(secg_qrs_feature *f, const int32_t *sums, int32_t steps, ptrdiff_t box)
{
    enum { QUADS = SECG_WIDE_LANES / SECG_QUAD };
    const ptrdiff_t mean = f->mean;
    const float scale = f->mv_per_energy;
    int32_t *x = f->new_x + f->at;
    double before = f->energy[0], energy[SECG_QUAD];
    for (int32_t n = 0; n < steps; n += SECG_WIDE_LANES, x += SECG_WIDE_LANES) {
        secg_wide_store_whole(x, secg_wide_load_whole(sums + n));
        sum_boxes(x, box);
        pass_bands(x, box);
        secg_wide_mask change = change_of(x, mean);
        secg_quad_mask four[QUADS];
        memcpy(four, &change, sizeof four);
        for (int32_t q = 0; q < QUADS && n + q * SECG_QUAD < steps; q++) {
            add_up(four[q], before, scale, energy, x + SECG_QRS_TO_LEVEL + q * SECG_QUAD);
            before = energy[SECG_QUAD - 1];
        }
    }
    f->energy[0] = energy[(uint32_t)(steps - 1) % SECG_QUAD];
    f->at += steps;
    f->waiting = steps;
}

SECG_OUT_OF_LINE static void take_unusual(secg_qrs_feature *f, const int32_t *sums, int32_t steps)
{
    take(f, sums, steps, f->box);
}

void SECG_WIDE_NAME(secg_lone_feature_loop)(secg_qrs_feature *f, const int32_t *sums, int32_t steps)
{
    if (f->box == 3)
        take(f, sums, steps, 3);
    else if (f->box == 4) /* 360 Hz */
        take(f, sums, steps, 4);
    else
        take_unusual(f, sums, steps);
}
