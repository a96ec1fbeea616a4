/* Which rows of the stage table have their average complexes shown side by side. */
#ifndef SECG_REPORT_COMPLEX_ROWS_H
#define SECG_REPORT_COMPLEX_ROWS_H

#include "report/book.h"

enum { SECG_MAX_ROWS = 8 };

typedef struct secg_rows {
    int stage[SECG_MAX_ROWS]; /* index in summary->stage                              */
    int count, rest;          /* rest: the row in gray behind them; -1: none          */
} secg_rows;

/* Rest, the end of exercise, where ST was furthest from its level, and recovery's last, or its
 * first as well where there is room; of a plain recording the first and the last. */
secg_rows secg_rows_overview(const secg_summary *summary);
/* Those that have a complex, up to `most` from the first-th on; and how many there are. */
secg_rows secg_rows_from(const secg_summary *summary, size_t first, size_t most);
size_t secg_rows_count(const secg_summary *summary);
/* What a row is beside its name: "rest", "peak, max ST V5", "". */
void secg_rows_mark_text(const secg_summary *summary, int stage, char *text, size_t size);

#endif
