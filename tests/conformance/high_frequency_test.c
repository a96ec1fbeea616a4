/* domain.md 2.3: methods A, C, D (sines) and E (triangle) on the display at 0.05-150 Hz, with the
 * settings that must fail beside it. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <stressecg/display.h>

#define TWO_PI 6.283185307179586

/* Peak of a sine after the start has settled, as a part of what went in. */
static double response(double rate_hz, secg_display_lowpass lowpass, double hz)
{
    size_t frames = (size_t)(rate_hz * 12);
    float *mv = malloc(frames * sizeof *mv);
    secg_display_config config = {.rate_hz = rate_hz, .channels = 1, .lowpass = lowpass};
    secg_display *display;
    cr_assert_eq(secg_display_create(&config, &display, NULL), SECG_OK);
    for (size_t n = 0; n < frames; n++)
        mv[n] = (float)sin(TWO_PI * hz * (double)n / rate_hz);
    secg_display_run(display, mv, mv, frames);
    double power = 0;
    size_t from = frames - (size_t)(rate_hz * 6);
    for (size_t n = from; n < frames; n++)
        power += 2 * (double)mv[n] * (double)mv[n] / (double)(frames - from);
    secg_display_destroy(display);
    free(mv);
    return sqrt(power);
}

Test(high_frequency, sines_of_methods_a_c_d)
{
    static const struct {
        double hz, low, high;
    } row[] = {{0.67, .9, 1.1}, {1, .9, 1.1},   {5, .9, 1.1},  {10, .9, 1.1},
               {20, .9, 1.1},   {40, .9, 1.1},  {60, .7, 1.1}, {100, .7, 1.1},
               {120, .7, 1.1},  {149, .7, 1.1}, {200, 0, 1.1}, {240, 0, 1.1}};
    static const double rate_hz[] = {500, 1000, 2000};
    for (size_t r = 0; r < 3; r++) {
        double at_10 = response(rate_hz[r], SECG_DISPLAY_TO_150_HZ, 10);
        for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
            double part = response(rate_hz[r], SECG_DISPLAY_TO_150_HZ, row[i].hz) / at_10;
            cr_expect(part >= row[i].low && part <= row[i].high, "%g Hz at %g Hz: %.3f", row[i].hz,
                      rate_hz[r], part);
        }
    }
    cr_expect_lt(response(500, SECG_DISPLAY_TO_40_HZ, 100), 0.7, "40 Hz is no diagnostic setting");
}

/* The corner on the label is where 3 dB are lost. */
Test(high_frequency, corners_are_where_the_label_says)
{
    static const struct {
        secg_display_lowpass lowpass;
        double hz;
    } row[] = {{SECG_DISPLAY_TO_150_HZ, 150},
               {SECG_DISPLAY_TO_100_HZ, 100},
               {SECG_DISPLAY_TO_40_HZ, 40},
               {SECG_DISPLAY_TO_25_HZ, 25}};
    for (size_t i = 0; i < 4; i++) {
        cr_expect_float_eq(response(500, row[i].lowpass, row[i].hz), sqrt(0.5), 0.01);
        if (2.2 * row[i].hz < 240)
            cr_expect_leq(response(500, row[i].lowpass, 2.2 * row[i].hz), 0.02);
    }
}

/* 1.5 mV, 20 ms at the base, its tip on a sample: +0 / -12 % of the height. */
Test(high_frequency, triangle_of_method_e)
{
    static const struct {
        double rate_hz;
        secg_display_lowpass lowpass;
        int passes;
    } row[] = {{500, SECG_DISPLAY_TO_150_HZ, 1},
               {1000, SECG_DISPLAY_TO_150_HZ, 1},
               {2000, SECG_DISPLAY_TO_150_HZ, 1},
               {500, SECG_DISPLAY_TO_40_HZ, 0},
               {1000, SECG_DISPLAY_TO_25_HZ, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        static float mv[4000];
        size_t frames = (size_t)(2 * row[i].rate_hz);
        secg_display_config config = {
            .rate_hz = row[i].rate_hz, .channels = 1, .lowpass = row[i].lowpass};
        secg_display *display;
        cr_assert_eq(secg_display_create(&config, &display, NULL), SECG_OK);
        double peak = 0;
        for (size_t n = 0; n < frames; n++)
            mv[n] = (float)fmax(0, 1.5 * (1 - fabs((double)n / row[i].rate_hz - 1) / 0.01));
        secg_display_run(display, mv, mv, frames);
        for (size_t n = frames / 4; n < frames; n++)
            peak = fmax(peak, (double)mv[n]);
        cr_expect_eq(peak >= 0.88 * 1.5 && peak <= 1.5, row[i].passes, "%g Hz: %.3f mV",
                     row[i].rate_hz, peak);
        secg_display_destroy(display);
    }
}
