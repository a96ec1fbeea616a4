/* Two tones that survive a fax or a copier: the fine grid may fade, the 5 mm grid stays, and the
 * tracing is far darker than either. */
#include "report/paper.h"

#include "report/text.h"

#include <math.h>

static const secg_ink fine_ink = {0.975, 0.83, 0.80};
static const secg_ink heavy_ink = {0.91, 0.60, 0.56};

static void lines(cairo_t *cr, secg_box box, double x0, double y0, double step)
{
    for (double x = x0 - step * floor((x0 - box.x) / step + 1e-6); x < box.x + box.width + 1e-6;
         x += step) {
        cairo_move_to(cr, x, box.y);
        cairo_line_to(cr, x, box.y + box.height);
    }
    for (double y = y0 - step * floor((y0 - box.y) / step + 1e-6); y < box.y + box.height + 1e-6;
         y += step) {
        cairo_move_to(cr, box.x, y);
        cairo_line_to(cr, box.x + box.width, y);
    }
    cairo_stroke(cr);
}

void secg_paper_grid(cairo_t *cr, secg_box box, double origin_x, double origin_y)
{
    cairo_save(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_SQUARE);
    cairo_set_line_width(cr, 0.3);
    secg_ink_set(cr, fine_ink);
    lines(cr, box, origin_x, origin_y, SECG_PT_PER_MM);
    cairo_set_line_width(cr, 0.55);
    secg_ink_set(cr, heavy_ink);
    lines(cr, box, origin_x, origin_y, 5 * SECG_PT_PER_MM);
    cairo_restore(cr);
}

void secg_paper_calibration(cairo_t *cr, double x_end, double y)
{
    double right = x_end - SECG_PT_PER_MM, left = right - 0.200 * SECG_PT_PER_S;
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
    cairo_set_line_width(cr, 0.8);
    secg_ink_set(cr, secg_ink_black);
    cairo_move_to(cr, left - SECG_PT_PER_MM, y);
    cairo_line_to(cr, left, y);
    cairo_line_to(cr, left, y - SECG_PT_PER_MV);
    cairo_line_to(cr, right, y - SECG_PT_PER_MV);
    cairo_line_to(cr, right, y);
    cairo_line_to(cr, x_end, y);
    cairo_stroke(cr);
    cairo_restore(cr);
}

/* The value nearest to `wanted` within [least, most]: in steps of 5, else of 1, else as it comes. */
static double within(double wanted, double least, double most)
{
    if (wanted < least) {
        double five = 5 * ceil(least / 5), one = ceil(least);
        return five <= most ? five : one <= most ? one : least;
    }
    if (wanted > most) {
        double five = 5 * floor(most / 5), one = floor(most);
        return five >= least ? five : one >= least ? one : most;
    }
    return wanted;
}

double secg_paper_zero_mm(double height_mm, double highest_mm, double lowest_mm)
{
    double middle = 5 * floor(height_mm / 10);
    double least = fmax(highest_mm, 0), most = height_mm + fmin(lowest_mm, 0);
    return least <= most ? within(middle, least, most) : middle;
}

void secg_paper_wedge(cairo_t *cr, double x, double edge_y, int direction)
{
    secg_ink_set(cr, secg_ink_black);
    cairo_move_to(cr, x, edge_y);
    cairo_line_to(cr, x - 1.6, edge_y - direction * 3.2);
    cairo_line_to(cr, x + 1.6, edge_y - direction * 3.2);
    cairo_close_path(cr);
    cairo_fill(cr);
}
