/* A growing list of numbers and its statistics. */
#ifndef BENCH_ACCURACY_NUMBERS_H
#define BENCH_ACCURACY_NUMBERS_H

#include <stddef.h>

typedef struct numbers {
    double *item;
    size_t count, room;
} numbers;

/* Takes memory, zeroed, or ends the program. */
void *bench_take(size_t count, size_t size);

void numbers_add(numbers *list, double x);
/* Adds every x - shift. */
void numbers_add_shifted(numbers *list, const numbers *more, double shift);
void numbers_free(numbers *list);

/* Of an empty list each is NaN.  The quantile is that of sorted values at part * (count - 1), with
 * straight lines between them. */
double numbers_quantile(const numbers *list, double part);
double numbers_rms(const numbers *list);
/* Means of absolute values; quantiles of absolute values. */
double numbers_mean_abs(const numbers *list);
double numbers_quantile_abs(const numbers *list, double part);
/* Mean without `part` of the values at each end (their number rounded down). */
double numbers_trimmed_mean(const numbers *list, double part);

#endif
