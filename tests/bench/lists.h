/* Lists of numbers from what a test writes out. */
#ifndef TESTS_BENCH_LISTS_H
#define TESTS_BENCH_LISTS_H

#include "numbers.h"

static inline numbers list_of(const double *x, size_t count)
{
    numbers list = {0};
    for (size_t i = 0; i < count; i++)
        numbers_add(&list, x[i]);
    return list;
}

#endif
