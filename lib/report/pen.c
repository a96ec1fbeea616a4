#include "report/pen.h"

#include <math.h>

enum { FIRST, LAST, LOW, HIGH };

void secg_pen_start(secg_pen *pen, cairo_t *cr, double column_pt)
{
    *pen = (secg_pen){.cr = cr, .column_pt = column_pt};
    cairo_new_path(cr);
}

/* To the 32nd of a point, 11 um of paper: finer than any printer, and a short number in a file; of
 * coarse curves to the 8th, 44 um, which is a dot of a printer of 600 an inch. */
static double snap(double pt, double steps)
{
    return floor(pt * steps + 0.5) / steps;
}

static double steps_of(const secg_pen *pen)
{
    return pen->coarse ? 8 : 32;
}

static double slope_to(const secg_pen *pen, double x, double y)
{
    return (y - pen->from_y) / (x - pen->from_x);
}

/* The slopes that pass a point by no more than a hair; a line straight up passes none. */
static void narrow(secg_pen *pen, double x, double y)
{
    double hair = 1 / steps_of(pen);
    if (!(x > pen->from_x)) {
        pen->least = INFINITY;
        return;
    }
    pen->least = fmax(pen->least, slope_to(pen, x, y - hair));
    pen->most = fmin(pen->most, slope_to(pen, x, y + hair));
}

static void put_waiting(secg_pen *pen)
{
    if (!pen->waits)
        return;
    cairo_line_to(pen->cr, pen->last_x, pen->last_y);
    pen->from_x = pen->last_x;
    pen->from_y = pen->last_y;
    pen->waits = 0;
}

static void begin_at(secg_pen *pen, double x, double y)
{
    cairo_move_to(pen->cr, x, y);
    pen->from_x = pen->last_x = x;
    pen->from_y = pen->last_y = y;
    pen->waits = 0;
    pen->down = 1;
}

static void emit(secg_pen *pen, double at_x, double at_y)
{
    double x = snap(at_x, steps_of(pen)), y = snap(at_y, steps_of(pen));
    if (!pen->down) {
        begin_at(pen, x, y);
        return;
    }
    if (x == pen->last_x && y == pen->last_y)
        return;
    double slope = x > pen->from_x ? slope_to(pen, x, y) : (double)NAN;
    if (!pen->waits || !(slope >= pen->least && slope <= pen->most)) {
        put_waiting(pen);
        pen->least = -INFINITY;
        pen->most = INFINITY;
    }
    narrow(pen, x, y);
    pen->last_x = x;
    pen->last_y = y;
    pen->waits = 1;
}

static void emit_kept(secg_pen *pen, int which)
{
    emit(pen, pen->x[which], pen->y[which]);
}

static void flush_fine(secg_pen *pen)
{
    int low_first = pen->x[LOW] <= pen->x[HIGH];
    emit_kept(pen, FIRST);
    if (pen->held > 2) {
        emit_kept(pen, low_first ? LOW : HIGH);
        emit_kept(pen, low_first ? HIGH : LOW);
    }
    if (pen->held > 1)
        emit_kept(pen, LAST);
}

static void flush_coarse(secg_pen *pen)
{
    static const double flat_pt = 0.25;
    double x = pen->column * pen->column_pt, low = pen->y[LOW], high = pen->y[HIGH];
    int low_first = pen->x[LOW] <= pen->x[HIGH];
    if (high - low <= flat_pt) {
        emit(pen, x, (low + high) / 2);
        return;
    }
    emit(pen, x, low_first ? low : high);
    emit(pen, x, low_first ? high : low);
}

static void flush_column(secg_pen *pen)
{
    if (pen->held == 0)
        return;
    if (pen->coarse)
        flush_coarse(pen);
    else
        flush_fine(pen);
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
    double column = floor(x / pen->column_pt + (pen->coarse ? 0.5 : 0));
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
    put_waiting(pen);
    pen->down = 0;
}
