#include "ecg/lone_loop.h"

/* So many steps at once, of a length that the compiler knows where it is a usual one. */
SECG_INLINE void sum_steps(const float *row, size_t factor, int32_t steps, float before,
                           secg_lone_steps *to)
{
    const secg_wide most = secg_wide_all(SECG_INTAKE_MOST_MV);
    secg_wide last_before = secg_wide_all(before);
    uint32_t edges = 0, still = 0, rough = 0;
    for (int32_t n = 0; n < steps; n += SECG_WIDE_LANES, row += SECG_WIDE_LANES * factor) {
        secg_wide low = most, high = -most, last = most;
        secg_wide_mask sum = {0};
        for (size_t i = 0; i < factor; i++) {
            last = secg_wide_apart(row + i, factor);
            secg_wide held = secg_wide_min(secg_wide_max(last, -most), most); /* NaN: -most */
            sum += __builtin_convertvector(held * (float)SECG_INTAKE_PER_MV, secg_wide_mask);
            low = secg_wide_min(held, low);
            high = secg_wide_max(held, high);
        }
        secg_wide was = secg_wide_push(last, last_before);
        secg_wide moved = secg_wide_max(was, high) - secg_wide_min(was, low);
        last_before = last;
        secg_wide_store_whole(to->sum + n, sum);
        secg_wide_store(to->low + n, low);
        secg_wide_store(to->high + n, high);
        edges |= secg_wide_bits(~(moved <= SECG_INTAKE_EDGE_MV)) << n;
        still |= secg_wide_bits(~(low < high)) << n;
        rough |= secg_wide_bits(~((low > -most) & (high < most))) << n;
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

/* Whole numbers, so it does not matter in which order they are added. */
void SECG_WIDE_NAME(secg_lone_means_loop)(secg_qrs_feature *f, const int32_t *change, float *level,
                                          int32_t steps)
{
    const float scale = f->mv_per_bump / (float)f->mean;
    double energy = f->energy[0];
    for (int32_t i = 0; i < steps; i += SECG_QUAD) {
        secg_quad_mask quad;
        memcpy(&quad, change + i, sizeof quad);
        secg_quad_sums s = __builtin_convertvector(quad, secg_quad_sums);
        s += (secg_quad_sums){0, s[0], s[1], s[2]};
        s += (secg_quad_sums){0, 0, s[0], s[1]} + energy;
        secg_quad_store(level + i, __builtin_convertvector(s, secg_quad) * scale);
        energy = steps - i < SECG_QUAD ? s[steps - i - 1] : s[3];
    }
    f->energy[0] = energy;
}
