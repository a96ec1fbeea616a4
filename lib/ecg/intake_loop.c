#include "ecg/intake_loop.h"

#include "ecg/intake.h"

/* `factor` is a constant where this is used, for the steps of usual rates. */
SECG_INLINE int32_t end_steps(secg_intake_steps *s, size_t k, size_t factor)
{
    const secg_wide most = secg_wide_all(SECG_INTAKE_MOST_MV);
    secg_wide low_all = secg_wide_load(s->low + k), high_all = secg_wide_load(s->high + k);
    secg_wide before = secg_wide_load(s->before + k);
    secg_wide_mask beyond = secg_wide_load_whole(s->beyond + k);
    uint32_t edges = 0, still = 0;
    const float *row = s->row + k;
    int32_t n = 0, *sum = s->sum + k;
    for (; n < s->count; n++, sum += s->stride) {
        secg_wide v = before, low = most, high = -most;
        secg_wide_mask total = {0};
        for (size_t i = 0; i < factor; i++, row += s->stride) {
            v = secg_wide_load(row);
            secg_wide held = secg_wide_min(secg_wide_max(v, -most), most); /* NaN: -most */
            low = secg_wide_min(held, low);
            high = secg_wide_max(held, high);
            total += __builtin_convertvector(held * (float)SECG_INTAKE_PER_MV, secg_wide_mask);
        }
        if (!secg_wide_all_set((low > -most) & (high < most)))
            break;
        secg_wide_store_whole(sum, total);
        secg_wide moved = secg_wide_max(before, high) - secg_wide_min(before, low);
        edges |= (uint32_t)!secg_wide_all_set(moved <= SECG_INTAKE_EDGE_MV) << n;
        still |= (uint32_t)!secg_wide_all_set((low < high) | beyond) << n;
        low_all = secg_wide_min(low, low_all);
        high_all = secg_wide_max(high, high_all);
        before = v;
    }
    secg_wide_store(s->low + k, low_all);
    secg_wide_store(s->high + k, high_all);
    s->edges = edges;
    s->still = still;
    return n;
}

int32_t SECG_WIDE_NAME(secg_intake_loop)(secg_intake_steps *s, size_t k)
{
    switch (s->factor) {
    case 2:
        return end_steps(s, k, 2);
    case 3:
        return end_steps(s, k, 3);
    case 5:
        return end_steps(s, k, 5);
    case 10:
        return end_steps(s, k, 10);
    default:
        return end_steps(s, k, s->factor);
    }
}
