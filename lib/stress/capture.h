/* Average complexes at the ends of stages.
 *
 * An ST table, with the complexes it was measured on, becomes known a delay after the time that it
 * stands for, and the end of a stage may be entered up to 20 s late.  So the complexes of the last
 * tables are kept in a ring, and each end of a stage is a mark that looks for the latest table in
 * (start, end]: first in the ring, then among the tables to come, until one after its end.
 *
 * The tables with the lowest and the highest ST level of the test are kept as well.  A table is
 * looked at when it leaves the ring, for by then whatever begins or ends the test at its time has
 * been entered; those still in the ring are looked at where they lie. */
#ifndef SECG_STRESS_CAPTURE_H
#define SECG_STRESS_CAPTURE_H

#include "base/arena.h"

#include <stressecg/analyzer.h>

typedef struct secg_capture {
    int64_t table;               /* sample of the ST table; SECG_NO_SAMPLE: none */
    float lowest_mv, highest_mv; /* ST level over its leads; NaN: none measured */
    secg_complex *complex;       /* [leads] */
    float *mv;                   /* [leads][complex_capacity] */
} secg_capture;

typedef struct secg_mark {
    int64_t start, end;
    int settled;
    secg_capture capture;
} secg_mark;

/* 20 s late, one table each 5 s, and a table off the grid at the end of the record. */
enum { SECG_CAPTURE_RING = 8 };

typedef struct secg_captures {
    const secg_analyzer *analyzer;
    size_t leads, complex_capacity;
    secg_capture ring[SECG_CAPTURE_RING];
    size_t newest;
    secg_capture lowest, highest; /* of the tables that have left the ring */
    int64_t begin, end;           /* tables in (begin, end] are looked at */
    secg_mark *mark;
    size_t marks, mark_capacity;
} secg_captures;

void secg_captures_lay_out(secg_captures *captures, secg_arena *arena,
                           const secg_analyzer *analyzer, size_t mark_capacity);
/* An ST event is being emitted: its lead's complex can be seen now. */
void secg_captures_take(secg_captures *captures, const secg_st *st);
/* A stage was from start to end. */
void secg_captures_mark(secg_captures *captures, int64_t start, int64_t end);
/* Exercise begins: what was before it is forgotten.  The test is over. */
void secg_captures_begin(secg_captures *captures, int64_t sample);
void secg_captures_end(secg_captures *captures, int64_t sample);
/* The table of a sample, where it is one of those with the lowest or highest level; NULL: not kept. */
const secg_capture *secg_captures_extreme(const secg_captures *captures, int64_t sample);
/* What there is for a stage; NULL: nothing. */
const secg_capture *secg_captures_find(const secg_captures *captures, int64_t start, int64_t end);

#endif
