/* Which average complexes are shown side by side: those of rows of the stage table, and those of the
 * moment at which ST was furthest from its level. */
#ifndef SECG_REPORT_COMPLEX_ROWS_H
#define SECG_REPORT_COMPLEX_ROWS_H

#include "report/book.h"

enum { SECG_MAX_ROWS = 8 };

/* All leads of one ST table. */
typedef struct secg_shown_complexes {
    int stage;                   /* index in summary->stage that they stand for; -1: the moment
                                    of the furthest ST, between the ends of rows              */
    int64_t sample;              /* what they are in order of                                 */
    const secg_complex *complex; /* [leads]                                                   */
    const float *mv;             /* lead k's samples start at k * complex_capacity            */
} secg_shown_complexes;

typedef struct secg_rows {
    secg_shown_complexes shown[SECG_MAX_ROWS], rest; /* rest: in gray behind the others;
                                                        complex NULL: none                    */
    int count;
} secg_rows;

/* Rest, the end of exercise, where ST was furthest from its level, and recovery's last, or its
 * first as well where there is room; of a plain recording the first and the last. */
secg_rows secg_rows_overview(const secg_summary *summary);
/* Rows that have a complex, up to `most` from the first-th on; and how many there are. */
secg_rows secg_rows_from(const secg_summary *summary, size_t first, size_t most);
size_t secg_rows_count(const secg_summary *summary);
/* What the complexes are beside the name of their row: "rest", "peak, max ST V5", "". */
void secg_rows_mark_text(const secg_summary *summary, const secg_shown_complexes *shown, char *text,
                         size_t size);

#endif
