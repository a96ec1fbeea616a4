#include "dsp/interpolate.h"

#include <criterion/criterion.h>
#include <math.h>

#define TWO_PI 6.283185307179586

static double read_sine(double cycles_per_sample, double at, double down)
{
    float weight[SECG_INTERPOLATE_TAPS_MAX];
    size_t taps = secg_interpolate_taps(down);
    double sum = 0, whole = floor(at);
    secg_interpolate_weights(at - whole, down, taps, weight);
    for (size_t i = 0; i < taps; i++)
        sum += (double)weight[i] *
               sin(TWO_PI * cycles_per_sample * (whole + (double)i - (double)taps / 2 + 1) + 0.3);
    return sum;
}

Test(interpolate, reads_a_sine_between_its_samples)
{
    for (double at = 20; at < 21; at += 0.0625) {
        cr_expect_float_eq(read_sine(0.05, at, 1), sin(TWO_PI * 0.05 * at + 0.3), 2.2e-3);
        cr_expect_float_eq(read_sine(0.2, at, 1), sin(TWO_PI * 0.2 * at + 0.3), 2.2e-3);
        cr_expect_float_eq(read_sine(0.05, at, 2), sin(TWO_PI * 0.05 * at + 0.3), 5e-3);
    }
}

Test(interpolate, thinning_out_stops_what_would_fold)
{
    for (double at = 20; at < 21; at += 0.125) {
        cr_expect_leq(fabs(read_sine(0.4, at, 2)), 0.02);
        cr_expect_geq(fabs(read_sine(0.4, 20, 1)), 0.1, "the row that must pass");
    }
}

Test(interpolate, weights_sum_to_one)
{
    float weight[SECG_INTERPOLATE_TAPS_MAX];
    for (double down = 1; down <= 4; down++)
        for (double part = 0; part <= 1; part += 0.1) {
            double sum = 0;
            secg_interpolate_weights(part, down, secg_interpolate_taps(down), weight);
            for (size_t i = 0; i < secg_interpolate_taps(down); i++)
                sum += (double)weight[i];
            cr_expect_float_eq(sum, 1, 1e-6);
        }
}
