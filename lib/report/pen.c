#include "report/pen.h"

#include <math.h>

enum { FIRST, LAST, LOW, HIGH };

void secg_pen_start(secg_pen *pen, cairo_t *cr, double column_pt)
{
    *pen = (secg_pen){.cr = cr, .column_pt = column_pt};
    cairo_new_path(cr);
}

/* To the 32nd of a point, 11 um of paper: finer than any printer, and a short number in a file. */
static double snap(double pt)
{
    return floor(pt * 32 + 0.5) / 32;
}

static void emit(secg_pen *pen, int which)
{
    double x = snap(pen->x[which]), y = snap(pen->y[which]);
    if (!pen->down)
        cairo_move_to(pen->cr, x, y);
    else if (x != pen->last_x || y != pen->last_y)
        cairo_line_to(pen->cr, x, y);
    pen->last_x = x;
    pen->last_y = y;
    pen->down = 1;
}

static void flush_column(secg_pen *pen)
{
    if (pen->held == 0)
        return;
    int low_first = pen->x[LOW] <= pen->x[HIGH], ends = !pen->extremes_only;
    if (ends)
        emit(pen, FIRST);
    if (pen->held > 2 || !ends) {
        emit(pen, low_first ? LOW : HIGH);
        emit(pen, low_first ? HIGH : LOW);
    }
    if (pen->held > 1 && ends)
        emit(pen, LAST);
    pen->held = 0;
}

static void keep(secg_pen *pen, int which, double x, double y)
{
    pen->x[which] = x;
    pen->y[which] = y;
}

void secg_pen_to(secg_pen *pen, double x, double y)
{
    if (!isfinite(x) || !isfinite(y)) {
        pen->lifted = 1;
        return;
    }
    double column = floor(x / pen->column_pt);
    if (pen->lifted && (pen->held == 0 || column != pen->column))
        secg_pen_finish(pen);
    pen->lifted = 0;
    if (pen->held > 0 && column != pen->column)
        flush_column(pen);
    if (pen->held == 0) {
        pen->column = column;
        for (int which = FIRST; which <= HIGH; which++)
            keep(pen, which, x, y);
    }
    keep(pen, LAST, x, y);
    if (y < pen->y[LOW])
        keep(pen, LOW, x, y);
    if (y > pen->y[HIGH])
        keep(pen, HIGH, x, y);
    pen->held++;
}

void secg_pen_finish(secg_pen *pen)
{
    /* A point alone between two gaps still leaves a dot: round caps draw a line of no length. */
    if (pen->held == 1 && !pen->down) {
        cairo_move_to(pen->cr, pen->x[FIRST], pen->y[FIRST]);
        cairo_line_to(pen->cr, pen->x[FIRST], pen->y[FIRST]);
        pen->held = 0;
    }
    flush_column(pen);
    pen->down = 0;
}
