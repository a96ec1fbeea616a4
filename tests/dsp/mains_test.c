/* Hum of known amplitude and frequency is taken away; what is no hum stays. */
#include "dsp/mains.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>

#define TWO_PI 6.283185307179586

struct hum {
    double rate_hz, nominal_hz, true_hz, mv, after_s, left_mv;
};
ParameterizedTestParameters(mains, hum_goes)
{
    static struct hum row[] = {
        {500, 60, 60, 0.5, 10, 0.002},     {500, 50, 50, 0.5, 10, 0.002},
        {500, 60, 59.9, 0.2, 15, 0.010},   {1000, 50, 50.15, 0.2, 15, 0.012},
        {360, 60, 60.05, 0.1, 15, 0.004},  {250, 50, 49.95, 0.1, 15, 0.004},
        {2000, 60, 59.95, 0.2, 15, 0.005},
    };
    return cr_make_param_array(struct hum, row, sizeof row / sizeof *row);
}
/* Largest of what is left over the last second, in two channels of different phase. */
ParameterizedTest(struct hum *want, mains, hum_goes)
{
    secg_mains m;
    double left = 0;
    secg_mains_init(&m, want->rate_hz, 2, want->nominal_hz);
    for (int n = 0; n < (int)((want->after_s + 1) * want->rate_hz); n++) {
        double turn = TWO_PI * want->true_hz * n / want->rate_hz;
        float mv[4] = {(float)(want->mv * sin(turn)), (float)(want->mv * cos(turn))};
        secg_mains_run(&m, mv);
        if (n > want->after_s * want->rate_hz)
            left = fmax(left, fmax(fabs((double)mv[0]), fabs((double)mv[1])));
    }
    cr_expect_leq(left, want->left_mv, "%g Hz at %g Hz: %.1f uV left", want->true_hz, want->rate_hz,
                  1000 * left);
    cr_expect_float_eq(secg_mains_hz(&m), want->true_hz, 0.03);
}

/* A QRS rings by no more than 3 uV, and a constant offset of 300 mV is not touched. */
Test(mains, qrs_does_not_ring)
{
    secg_mains m;
    double worst = 0;
    secg_mains_init(&m, 500, 1, 60);
    for (int n = 0; n < 20 * 500; n++) {
        double t = fmod(n / 500.0, 0.8) - 0.4;
        double x = 300 + 1.5 * exp(-0.5 * t * t / 0.0001);
        float mv[4] = {(float)x};
        secg_mains_run(&m, mv);
        if (n > 5 * 500)
            worst = fmax(worst, fabs((double)mv[0] - (double)(float)x));
    }
    cr_expect_leq(worst, 0.003, "%.1f uV", 1000 * worst);
}

Test(mains, gaps_and_absence_of_a_filter)
{
    secg_mains m;
    secg_mains_init(&m, 500, 2, 60);
    for (int n = 0; n < 5000; n++) {
        float mv[4] = {n > 2000 && n < 3000 ? NAN : 1.0f, 1.0f};
        secg_mains_run(&m, mv);
        cr_assert_eq(mv[0] != mv[0], n > 2000 && n < 3000);
        cr_assert_float_eq(mv[1], 1, 1e-3);
    }
    float mv[4] = {0.25f, -3};
    secg_mains_init(&m, 500, 2, 0);
    secg_mains_run(&m, mv);
    cr_expect(mv[0] == 0.25f && mv[1] == -3);
    secg_mains_init(&m, 100, 2, 60); /* beyond half the rate: nothing to do */
    secg_mains_run(&m, mv);
    cr_expect(mv[0] == 0.25f && mv[1] == -3);
}
