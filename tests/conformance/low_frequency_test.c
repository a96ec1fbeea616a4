/* domain.md 2.2: what a rectangle of 3 mV and 100 ms leaves behind, on the display path and on
 * its first-order high-pass alone.  Limits 100 uV and 0.30 mV/s. */
#include "dsp/highpass.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stressecg/display.h>

struct setting {
    secg_display_highpass highpass;
    double rate_hz, corner_hz;
    int passes;
};
ParameterizedTestParameters(low_frequency, impulse_of_0_3_mv_s)
{
    static struct setting row[] = {{SECG_DISPLAY_FROM_0_05_HZ, 500, 0.05, 1},
                                   {SECG_DISPLAY_FROM_0_05_HZ, 360, 0.05, 1},
                                   {SECG_DISPLAY_FROM_0_05_HZ, 1000, 0.05, 1},
                                   {SECG_DISPLAY_FROM_DC, 500, 0, 1},
                                   {SECG_DISPLAY_FROM_0_5_HZ, 500, 0.5, 0}};
    return cr_make_param_array(struct setting, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct setting *want, low_frequency, impulse_of_0_3_mv_s)
{
    static float mv[4000];
    int rate = (int)want->rate_hz, pulse = rate / 10;
    secg_display_config config = {
        .rate_hz = want->rate_hz, .channels = 1, .highpass = want->highpass, .mains_hz = 60};
    secg_display *display;
    cr_assert_eq(secg_display_create(&config, &display, NULL), SECG_OK);
    for (int n = 0; n < 2 * rate; n++)
        mv[n] = n >= rate && n < rate + pulse ? 3 : 0;
    secg_display_run(display, mv, mv, (size_t)(2 * rate));
    int after = rate + pulse + 2 * (int)secg_display_delay_samples(display);
    double left = 0, slope = 0;
    for (int n = after + rate / 5; n < 2 * rate; n++) {
        left = fmax(left, fabs((double)mv[n]));
        slope = fmax(slope, fabs((double)(mv[n] - mv[n - rate / 10])) * 10);
    }
    cr_expect_eq(left <= 0.100 && slope <= 0.30, want->passes, "%g mV, %g mV/s", left, slope);
    secg_display_destroy(display);
}

/* The analogue filter's own answer, at every sample. */
Test(low_frequency, step_response_is_the_analogue_one)
{
    static const double corner_hz[] = {0.01, 0.05, 0.5};
    for (size_t i = 0; i < 3; i++) {
        secg_highpass f;
        secg_highpass_init(&f, 500, corner_hz[i], 1);
        for (int n = 0; n < 500; n++) {
            float mv[4] = {n < 1 ? 0 : n < 51 ? 3 : 0};
            secg_highpass_run(&f, mv, mv, 1);
            if (n == 51)
                cr_expect_float_eq(mv[0], 3 * expm1(-6.283185307179586 * corner_hz[i] * 0.1), 1e-5);
        }
    }
}
