/* A line through many points, thinned to what paper can show. */
#ifndef SECG_REPORT_PEN_H
#define SECG_REPORT_PEN_H

#include <cairo.h>

/* Points of one column of paper are replaced by the first, the lowest, the highest and the last
 * of them, in their order: the picture stays the same, and a day of samples takes no more room
 * than a minute.  A y that is not finite lifts the pen, unless the line goes on in the same
 * column: such a gap is narrower than the line.  Of what remains, points are dropped that the line
 * passes without them, to a hair: the 32nd of a point, 11 um of paper.
 *
 * Coarse, only the lowest and the highest of a column remain, in its middle, and one point between
 * them where they are closer than a quarter of a point, half the width of such a line; the hair is
 * the 8th of a point. */
typedef struct secg_pen {
    cairo_t *cr;
    double column_pt;
    int coarse;     /* set after start, for curves with very many points in a column      */
    int down, held; /* held: points of the present column                       */
    int lifted;     /* a gap has begun, and may yet end in the same column      */
    double column;
    double x[4], y[4];     /* first, last, lowest, highest                         */
    double from_x, from_y; /* last point in the path                               */
    double last_x, last_y; /* the one after it, when it waits                      */
    int waits;
    double least, most; /* slopes, from the point in the path, that pass all dropped since */
} secg_pen;

void secg_pen_start(secg_pen *pen, cairo_t *cr, double column_pt);
void secg_pen_to(secg_pen *pen, double x, double y);
/* Puts the rest into the path; stroke it then. */
void secg_pen_finish(secg_pen *pen);

#endif
