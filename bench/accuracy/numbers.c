#include "numbers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void *bench_take(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        fprintf(stderr, "no memory\n"), exit(1);
    return memory;
}

void numbers_add(numbers *list, double x)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 1024;
        list->item = realloc(list->item, list->room * sizeof *list->item);
        if (!list->item)
            fprintf(stderr, "no memory\n"), exit(1);
    }
    list->item[list->count++] = x;
}

void numbers_add_shifted(numbers *list, const numbers *more, double shift)
{
    for (size_t i = 0; i < more->count; i++)
        numbers_add(list, more->item[i] - shift);
}

void numbers_free(numbers *list)
{
    free(list->item);
    *list = (numbers){0};
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double *sorted(const numbers *list, int absolute)
{
    double *x = bench_take(list->count, sizeof *x);
    for (size_t i = 0; i < list->count; i++)
        x[i] = absolute ? fabs(list->item[i]) : list->item[i];
    qsort(x, list->count, sizeof *x, by_size);
    return x;
}

static double quantile(const numbers *list, double part, int absolute)
{
    if (list->count == 0)
        return NAN;
    double *x = sorted(list, absolute), at = part * (double)(list->count - 1);
    size_t low = (size_t)at, high = low + 1 < list->count ? low + 1 : low;
    double value = x[low] + (at - (double)low) * (x[high] - x[low]);
    free(x);
    return value;
}

double numbers_quantile(const numbers *list, double part)
{
    return quantile(list, part, 0);
}

double numbers_quantile_abs(const numbers *list, double part)
{
    return quantile(list, part, 1);
}

double numbers_rms(const numbers *list)
{
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->item[i] * list->item[i];
    return list->count ? sqrt(sum / (double)list->count) : NAN;
}

double numbers_mean_abs(const numbers *list)
{
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += fabs(list->item[i]);
    return list->count ? sum / (double)list->count : NAN;
}

double numbers_trimmed_mean(const numbers *list, double part)
{
    size_t cut = (size_t)(part * (double)list->count), kept = list->count - 2 * cut;
    if (list->count == 0 || kept == 0)
        return NAN;
    double *x = sorted(list, 0), sum = 0;
    for (size_t i = cut; i < cut + kept; i++)
        sum += x[i];
    free(x);
    return sum / (double)kept;
}
