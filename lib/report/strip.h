/* Pieces of the tracing: read, filtered, and drawn on paper of true scale. */
#ifndef SECG_REPORT_STRIP_H
#define SECG_REPORT_STRIP_H

#include "report/book.h"

/* A few seconds of all leads. */
typedef struct secg_strip {
    secg_status status; /* of reading; not SECG_OK: nothing to draw                 */
    int64_t from;
    size_t frames, leads;
    double rate_hz;
    float *mv; /* [leads][frames]: lead k starts at k * frames             */
} secg_strip;

/* Reads `seconds` from sample `from`, and some time before it so that the filter has settled. */
secg_strip secg_strip_read(const secg_book *book, int64_t from, double seconds);
void secg_strip_free(secg_strip *strip);

/* The filter of the strips in words: printed beside each. */
void secg_strip_filter_text(const secg_book *book, char *text, size_t size);

/* One lead from from_s to from_s + seconds of the strip, at 25 mm/s from x = box.x on and, when
 * calibrated, 10 mm/mV around the middle of the box.  What leaves the box is cut at its edge and
 * marked there by a small wedge. */
void secg_strip_lead(cairo_t *cr, const secg_book *book, const secg_strip *strip, size_t lead,
                     double from_s, double seconds, secg_box box);

/* Whole strip with its paper, calibration and lead names: how many rows, and of what height. */
typedef struct secg_strip_form {
    int rows, columns, rhythm; /* columns of 10 s / columns; rhythm 1: one more row of 10 s */
    double row_mm;
} secg_strip_form;
secg_strip_form secg_strip_form_for(size_t leads, double room_mm);
void secg_strip_block(secg_sheet *sheet, const secg_strip *strip, secg_strip_form form, double x,
                      double y, double calibration_mm);

#endif
