#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>

Test(arena, measures_what_it_carves)
{
    secg_arena measuring = {0};
    cr_expect_null(secg_take(&measuring, 3, 100));
    cr_expect_null(secg_take(&measuring, 1, 1));
    _Alignas(SECG_ARENA_ALIGN) static unsigned char block[1024];
    secg_arena carving = {.base = block, .capacity = measuring.used};
    unsigned char *first = secg_take(&carving, 3, 100), *second = secg_take(&carving, 1, 1);
    cr_assert_not_null(first);
    cr_assert_not_null(second);
    cr_expect_geq(second - first, 300);
    cr_expect_eq((uintptr_t)second % SECG_ARENA_ALIGN, 0);
    cr_expect_eq(carving.used, measuring.used);
    cr_expect_null(secg_take(&carving, 1, 1), "beyond the capacity there is nothing");
    cr_expect(carving.overflow);
}

Test(arena, absurd_counts_overflow_instead_of_wrapping)
{
    secg_arena arena = {0};
    secg_take(&arena, SIZE_MAX / 2, 4);
    cr_expect(arena.overflow);
}
