/* The figures of a bench as JSON: a tree of named numbers. */
#ifndef BENCH_ACCURACY_FIGURES_H
#define BENCH_ACCURACY_FIGURES_H

#include "score.h"

#include <jansson.h>

/* Puts a value at "name/name/name" below root; objects on the way are made.  NaN becomes null. */
void figures_put(json_t *root, const char *path, double value);
void figures_put_count(json_t *root, const char *path, int64_t value);
/* The value at a path: NaN when there is none. */
double figures_get(const json_t *root, const char *path);

/* Se, +P, counts and timing of a score below path. */
void figures_put_score(json_t *root, const char *path, const score *s);

/* 0, or -1 after saying what is wrong.  path NULL: nothing is written. */
int figures_write(const json_t *root, const char *path);

#endif
