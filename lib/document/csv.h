/* Comma-separated values as RFC 4180 has them, but with "\n" at the end of a line: cells with a
 * comma, quote or line end are quoted.  A decimal point is a point whatever the host's locale. */
#ifndef SECG_DOCUMENT_CSV_H
#define SECG_DOCUMENT_CSV_H

#include <stdint.h>
#include <stdio.h>

typedef struct secg_csv {
    FILE *stream;
    int cells; /* in the present line                                                       */
} secg_csv;

void secg_csv_text(secg_csv *csv, const char *text);
void secg_csv_whole(secg_csv *csv, int64_t value);
/* An empty cell when it is not finite. */
void secg_csv_real(secg_csv *csv, double value, int decimals);
void secg_csv_end_line(secg_csv *csv);

#endif
