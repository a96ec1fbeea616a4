/* ECG paper at its true size: 25 mm/s and 10 mm/mV in PDF points of 1/72 inch. */
#ifndef SECG_REPORT_PAPER_H
#define SECG_REPORT_PAPER_H

#include <cairo.h>

#define SECG_PT_PER_MM (72.0 / 25.4)
#define SECG_PT_PER_S  (25 * SECG_PT_PER_MM)
#define SECG_PT_PER_MV (10 * SECG_PT_PER_MM)

typedef struct secg_box {
    double x, y, width, height;
} secg_box;

/* Lines each millimetre, heavier each 5 mm, counted from (origin_x, origin_y), which is a heavy
 * crossing; drawn within the box. */
void secg_paper_grid(cairo_t *cr, secg_box box, double origin_x, double origin_y);

/* 1 mV for 200 ms: 10 mm high, 5 mm wide, its foot at y, ending 1 mm before x_end. */
void secg_paper_calibration(cairo_t *cr, double x_end, double y);

/* Where the zero line of a piece of paper should lie, in mm below its upper edge, for a curve from
 * lowest to highest (mm, up is positive): the middle when the curve fits there, else moved in
 * steps of 5 mm, so that it stays on a heavy line, or of 1 mm where no heavy line will do; the middle
 * again for a curve that fits nowhere. */
double secg_paper_zero_mm(double height_mm, double highest_mm, double lowest_mm);

/* A wedge at an edge of the paper: here the curve went on.  direction -1: above, 1: below. */
void secg_paper_wedge(cairo_t *cr, double x, double edge_y, int direction);

#endif
