/* The wander estimate against its transform, written out by hand. */
#include "dsp/baseline.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.141592653589793

enum { STRIDE = 4 };

static secg_baseline make(double rate_hz, void **block)
{
    secg_baseline b;
    secg_arena arena = {0};
    secg_baseline_lay_out(&b, &arena, rate_hz, 2, STRIDE, 1.3, 3);
    *block = aligned_alloc(SECG_ARENA_ALIGN, arena.used);
    memset(*block, 0, arena.used);
    arena = (secg_arena){.base = *block, .capacity = arena.used};
    secg_baseline_lay_out(&b, &arena, rate_hz, 2, STRIDE, 1.3, 3);
    return b;
}

/* sin(pi f T) / (pi f T (1 - (f T)^2)), T = 2.48 s: the raised cosine's transform. */
static double gain_at(double hz)
{
    double x = hz * 2.48;
    return sin(PI * x) / (PI * x * (1 - x * x));
}

Test(baseline, follows_slow_waves_in_phase_and_ignores_fast_ones)
{
    static const double hz[] = {0.05, 0.1, 0.3, 0.5, 1.5, 3};
    for (size_t i = 0; i < sizeof hz / sizeof *hz; i++) {
        void *block;
        secg_baseline b = make(500, &block);
        double worst = 0;
        for (int n = 0; n < 10000; n++) {
            float mv[STRIDE] = {(float)sin(2 * PI * hz[i] * n / 500), 1}, level[STRIDE];
            secg_baseline_push(&b, mv);
            if (n < 2500)
                continue;
            double at = n - 2 * 500 + 0.25; /* between frames, two seconds back */
            secg_baseline_at(&b, at, level);
            worst = fmax(worst,
                         fabs((double)level[0] - gain_at(hz[i]) * sin(2 * PI * hz[i] * at / 500)));
            cr_assert_float_eq(level[1], 1, 1e-5);
        }
        cr_expect_leq(worst, 0.015, "%g Hz: off by %g", hz[i], worst);
        free(block);
    }
}

/* 0.3 mV s lifts the level by 0.2 mV and more; named in time, by hardly anything. */
Test(baseline, what_is_left_out_does_not_count)
{
    for (int named = 0; named < 2; named++) {
        void *block;
        secg_baseline b = make(500, &block);
        float level[STRIDE];
        for (int n = 0; n < 4000; n++) {
            float mv[STRIDE] = {n >= 2000 && n < 2050 ? 3 : 0};
            secg_baseline_push(&b, mv);
            if (named && n == 2300)
                secg_baseline_leave_out(&b, 2000, 2050);
        }
        secg_baseline_at(&b, 2100, level);
        cr_expect_eq((double)level[0] < 0.001, named, "named %d: %g mV", named, (double)level[0]);
        free(block);
    }
}

Test(baseline, gaps_need_no_filling)
{
    void *block;
    secg_baseline b = make(360, &block);
    float level[STRIDE];
    for (int n = 0; n < 360 * 20; n++) {
        float mv[STRIDE] = {n % 7 ? NAN : 2.5f, n < 360 * 12 ? 1 : NAN};
        secg_baseline_push(&b, mv);
    }
    secg_baseline_at(&b, 360 * 18, level);
    cr_expect_float_eq(level[0], 2.5, 1e-5);
    cr_expect(level[1] != level[1], "nothing was acquired for seconds");
    secg_baseline_at(&b, 360 * 2, level);
    cr_expect(level[0] != level[0], "not held any more");
    free(block);
}
