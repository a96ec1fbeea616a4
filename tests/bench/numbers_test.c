#include "lists.h"

#include <criterion/criterion.h>

#include <math.h>

Test(numbers, statistics_of_a_small_list)
{
    double x[] = {3, -4, 1, 0, -1};
    numbers list = list_of(x, 5);
    cr_expect_float_eq(numbers_quantile(&list, 0.5), 0, 1e-12);
    cr_expect_float_eq(numbers_quantile(&list, 1), 3, 1e-12);
    cr_expect_float_eq(numbers_quantile(&list, 0.125), -2.5, 1e-12); /* half way from -4 to -1 */
    cr_expect_float_eq(numbers_quantile_abs(&list, 1), 4, 1e-12);
    cr_expect_float_eq(numbers_mean_abs(&list), 9.0 / 5, 1e-12);
    cr_expect_float_eq(numbers_rms(&list), sqrt(27.0 / 5), 1e-12);
    cr_expect_float_eq(list.item[0], 3, 1e-12, "the list itself is in its old order");
    numbers_free(&list);
}

Test(numbers, a_trimmed_mean_leaves_the_ends_out)
{
    numbers list = {0};
    for (int i = 0; i < 38; i++)
        numbers_add(&list, 2);
    numbers_add(&list, 1000);
    numbers_add(&list, -500);
    cr_expect_float_eq(numbers_trimmed_mean(&list, 0.05), 2, 1e-12);
    cr_expect_float_eq(numbers_trimmed_mean(&list, 0), (38 * 2 + 500) / 40.0, 1e-12);
    numbers_free(&list);
}

Test(numbers, nothing_has_no_statistics)
{
    numbers list = {0};
    cr_expect(isnan(numbers_quantile(&list, 0.5)) && isnan(numbers_rms(&list)) &&
              isnan(numbers_mean_abs(&list)) && isnan(numbers_trimmed_mean(&list, 0.05)));
}
