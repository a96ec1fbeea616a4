/* Logarithm and exponential, against those of libm in double precision. */
#include "base/log.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

static float of_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* In units of the last place of what is right. */
static double error_of(float is, double right)
{
    int exponent;
    frexp(right, &exponent);
    return fabs((double)is - right) / ldexp(1, exponent - FLT_MANT_DIG);
}

/* A prime step meets all last bits. */
Test(log, is_right_over_the_whole_range)
{
    double worst = 0;
    for (uint32_t bits = 0x00800000; bits <= 0x7f7fffff; bits += 1009) {
        float x = of_bits(bits);
        worst = fmax(worst, error_of(secg_log(x), log((double)x)));
    }
    cr_expect_lt(worst, 2.0);
}

Test(log, is_right_around_1_and_where_powers_of_2_meet)
{
    const float middle[] = {1, 0.5f, 2, 0.70710678f, 1.41421356f};
    for (size_t i = 0; i < sizeof middle / sizeof *middle; i++) {
        uint32_t bits;
        memcpy(&bits, &middle[i], sizeof bits);
        for (uint32_t b = bits - 20000; b <= bits + 20000; b++) {
            float x = of_bits(b);
            cr_assert_lt(error_of(secg_log(x), log((double)x)), 2.0, "log %.9g", (double)x);
        }
    }
    cr_expect_eq(secg_log(1), 0);
}

Test(log, at_the_ends)
{
    cr_expect_lt(error_of(secg_log(FLT_MIN), log(FLT_MIN)), 2.0);
    cr_expect_lt(error_of(secg_log(FLT_MAX), log(FLT_MAX)), 2.0);
}

Test(log, of_four_is_that_of_each)
{
    for (uint32_t bits = 0x00800000; bits <= 0x7f7fffff - 3; bits += 100003) {
        secg_quad x = {of_bits(bits), of_bits(bits + 1), of_bits(0x7fffffff - bits),
                       of_bits(bits + 3)};
        secg_quad four = secg_quad_log(x);
        for (int i = 0; i < SECG_QUAD; i++) {
            float one = secg_log(x[i]);
            cr_assert_eq(memcmp(&one, (char *)&four + i * (int)sizeof one, sizeof one), 0);
        }
    }
}

Test(exp, is_right_over_the_whole_range)
{
    double worst = 0;
    for (float x = -87; x <= 88; x += 0.00017f)
        worst = fmax(worst, error_of(secg_exp(x), exp((double)x)));
    cr_expect_lt(worst, 2.0);
    for (float x = -1e-3f; x <= 1e-3f; x += 1.7e-8f)
        cr_assert_lt(error_of(secg_exp(x), exp((double)x)), 2.0, "exp %.9g", (double)x);
    cr_expect_eq(secg_exp(0), 1);
}

Test(exp, ends_where_float_does)
{
    cr_expect_lt(error_of(secg_exp(-87), exp(-87)), 2.0);
    cr_expect_lt(error_of(secg_exp(88), exp(88)), 2.0);
    cr_expect_eq(secg_exp(-1000), secg_exp(-87));
    cr_expect_eq(secg_exp(-INFINITY), secg_exp(-87));
    cr_expect_eq(secg_exp(1000), secg_exp(88));
    cr_expect_eq(secg_exp(INFINITY), secg_exp(88));
}
