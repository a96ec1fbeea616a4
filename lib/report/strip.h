/* Pieces of the tracing on paper of true scale. */
#ifndef SECG_REPORT_STRIP_H
#define SECG_REPORT_STRIP_H

#include "report/tracing.h"

/* One lead from from_s to from_s + seconds of the piece, at 25 mm/s from x = box.x on and, when
 * calibrated, at 10 mm/mV.  The median of the piece lies in the middle of the box, or some whole
 * 5 mm off it where the curve would not fit otherwise.  What leaves the paper (the box itself, or
 * more where rows are narrow and may reach into each other) is cut at its edge and marked there by
 * a small wedge.  The lead's name stands at the beginning. */
void secg_strip_lead(cairo_t *cr, const secg_book *book, const secg_piece *piece,
                     const secg_shown_lead *lead, double from_s, double seconds, secg_box box,
                     secg_box paper);

/* The labels of the beats of a piece that begins at x, N in gray, with their baseline at y. */
void secg_strip_labels(cairo_t *cr, const secg_book *book, const secg_piece *piece, double x,
                       double y);

/* All leads of a piece of ten seconds: rows of columns, each 10 s / columns long, and one row of
 * the rhythm lead below when rhythm is 1. */
typedef struct secg_strip_form {
    int rows, columns, rhythm;
    double row_mm;
} secg_strip_form;
secg_strip_form secg_strip_form_for(size_t leads, secg_strip_layout layout, double room_mm);

/* With its paper, calibration pulses and lead names, and the beat labels under it: 8 points more.
 * The tracing begins calibration_mm after x. */
void secg_strip_block(secg_sheet *sheet, const secg_piece *piece, secg_strip_form form, double x,
                      double y, double calibration_mm);

#endif
