#include "simulate/random.h"

#include <criterion/criterion.h>
#include <math.h>

/* The first outputs of xoshiro256** from the state 1, 2, 3, 4.  By its definition the first is
 * rotl(2 * 5, 7) * 9 = 11520 and leaves s[1] = 0, so the second is 0; the others come from a second
 * implementation. */
Test(random, first_values_are_those_of_the_paper)
{
    secg_random random = {.state = {1, 2, 3, 4}};
    const uint64_t want[] = {11520, 0, 1509978240, UINT64_C(1215971899390074240)};
    for (int i = 0; i < 4; i++)
        cr_expect_eq(secg_random_uniform(&random), (double)(want[i] >> 11) * 0x1p-53, "value %d",
                     i);
}

/* Moments of a million values: each within five standard errors. */
Test(random, gaussian_has_the_moments_of_the_normal_law)
{
    enum { COUNT = 1000000 };
    secg_random random;
    double moment[5] = {0};
    secg_random_init(&random, 42, 0);
    for (int i = 0; i < COUNT; i++) {
        double x = secg_random_gaussian(&random), power = 1;
        for (int m = 1; m <= 4; m++)
            moment[m] += (power *= x) / COUNT;
    }
    cr_expect_float_eq(moment[1], 0, 5 * 1e-3);
    cr_expect_float_eq(moment[2], 1, 5 * sqrt(2) * 1e-3);
    cr_expect_float_eq(moment[3], 0, 5 * sqrt(15) * 1e-3);
    cr_expect_float_eq(moment[4], 3, 5 * sqrt(96) * 1e-3);
}

Test(random, streams_of_one_seed_do_not_follow_each_other)
{
    enum { COUNT = 100000 };
    secg_random a, b;
    secg_random_init(&a, 7, 1);
    secg_random_init(&b, 7, 2);
    double product = 0;
    for (int i = 0; i < COUNT; i++)
        product += secg_random_gaussian(&a) * secg_random_gaussian(&b) / COUNT;
    cr_expect_float_eq(product, 0, 5 / sqrt(COUNT));
}
