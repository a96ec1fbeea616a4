/* Pieces of the tracing, read and filtered as they are shown. */
#ifndef SECG_REPORT_TRACING_H
#define SECG_REPORT_TRACING_H

#include "report/book.h"

/* A few seconds of all leads. */
typedef struct secg_piece {
    secg_status status; /* of reading; not SECG_OK: nothing to draw                 */
    int64_t from;
    size_t frames, leads;
    double rate_hz;
    float *mv; /* [leads][frames]: lead k starts at k * frames             */
} secg_piece;

/* Reads `seconds` from sample `from`, as far as the record goes, and some time around it so that
 * the filter has settled and its delay is taken out. */
secg_piece secg_piece_read(const secg_book *book, int64_t from, double seconds);
void secg_piece_free(secg_piece *piece);

/* Level and reach of a lead over a piece.  0: the piece has no value of that lead. */
int secg_piece_reach(const secg_piece *piece, size_t lead, secg_reach *found);

/* The filter in words: printed beside each strip. */
void secg_piece_filter_text(const secg_book *book, char *text, size_t size);

#endif
