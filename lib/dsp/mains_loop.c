/* The inner loop of the mains filter, where all values are known: see dsp/mains.c. */
#include "dsp/mains_loop.h"

#include "base/wide.h"

int SECG_WIDE_NAME(secg_mains_loop)(secg_mains *m, const secg_mains_phase *phase, size_t k,
                                    const float *in, float *out, size_t stride)
{
    secg_wide a = secg_wide_load(m->in_phase + k), b = secg_wide_load(m->quadrature + k);
    secg_wide slow = secg_wide_load(m->slow + k), spread = secg_wide_load(m->spread + k);
    secg_wide step_slow = secg_wide_all(m->step_slow), step_spread = secg_wide_all(m->step_spread);
    if (!secg_wide_all_set(secg_wide_load(m->started + k) > 0.0f))
        return 0;
    for (size_t n = 0; n < phase->frames; n++, in += stride, out += stride) {
        secg_wide y = secg_wide_load(in) - a * secg_wide_all(phase->now[n][0]) -
                      b * secg_wide_all(phase->now[n][1]);
        secg_wide d = y - slow, most = 2.0f * spread + SECG_MAINS_SPREAD_LEAST_MV;
        slow += step_slow * d;
        d = secg_wide_max(secg_wide_min(d, most), -most);
        spread += step_spread * (secg_wide_size(d) - spread);
        a += secg_wide_all(phase->learn[n][0]) * d;
        b += secg_wide_all(phase->learn[n][1]) * d;
        secg_wide_store(out, y);
    }
    if (!secg_wide_all_set(slow - slow == 0.0f)) /* what is not finite stays in it */
        return 0;
    secg_wide_store(m->in_phase + k, a);
    secg_wide_store(m->quadrature + k, b);
    secg_wide_store(m->slow + k, slow);
    secg_wide_store(m->spread + k, spread);
    return 1;
}
