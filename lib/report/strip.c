#include "report/strip.h"

#include "report/pen.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Level and reach of a lead over a piece, against single samples robust: the median, and what all
 * but one value in two thousand stay within, relative to it. */
typedef struct reach {
    double middle, low, high;
} reach;

static int find_reach(const float *mv, size_t frames, reach *found)
{
    enum { MOST = 4000 };
    float sorted[MOST];
    size_t step = (frames + MOST - 1) / MOST, count = 0;
    for (size_t n = 0; n < frames && count < MOST; n += step)
        if (isfinite(mv[n]))
            sorted[count++] = mv[n];
    if (count == 0)
        return 0;
    qsort(sorted, count, sizeof *sorted, by_value);
    found->middle = (double)sorted[count / 2];
    found->low = (double)sorted[count / 2000] - found->middle;
    found->high = (double)sorted[count - 1 - count / 2000] - found->middle;
    return 1;
}

/* A curve's place on the page: y = zero_y - (mv - middle) * gain, x = x0 + n * pt_per_sample. */
typedef struct placed_curve {
    const float *mv;
    size_t frames;
    double x0, pt_per_sample, middle, zero_y, gain;
} placed_curve;

static double y_of(const placed_curve *curve, size_t n)
{
    return curve->zero_y - ((double)curve->mv[n] - curve->middle) * curve->gain;
}

static void mark_excursions(cairo_t *cr, const placed_curve *curve, secg_box box)
{
    double last = -1e9;
    for (size_t n = 0; n < curve->frames; n++) {
        double x = curve->x0 + (double)n * curve->pt_per_sample, y = y_of(curve, n);
        if (x < last + 6 || isnan(y) || (y >= box.y && y <= box.y + box.height))
            continue;
        secg_paper_wedge(cr, x, y < box.y ? box.y : box.y + box.height, y < box.y ? -1 : 1);
        last = x;
    }
}

static void stroke(cairo_t *cr, const placed_curve *curve)
{
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.15);
    for (size_t n = 0; n < curve->frames; n++)
        secg_pen_to(&pen, curve->x0 + (double)n * curve->pt_per_sample, y_of(curve, n));
    secg_pen_finish(&pen);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 0.75);
    secg_ink_set(cr, secg_ink_black);
    cairo_stroke(cr);
}

/* Highest point of the curve between two x. */
static double highest_between(const placed_curve *curve, double from, double to)
{
    double highest = INFINITY;
    for (size_t n = 0; n < curve->frames; n++) {
        double x = curve->x0 + (double)n * curve->pt_per_sample;
        if (x > to)
            break;
        if (x >= from && isfinite(curve->mv[n]))
            highest = fmin(highest, y_of(curve, n));
    }
    return highest;
}

/* The name stands above the beginning of the curve: at the first place where it does not stand on
 * a tall wave. */
static void name_lead(cairo_t *cr, const placed_curve *curve, secg_box box, const char *name)
{
    double width = secg_text_width(cr, SECG_TEXT_STRONG, name), y = box.y + 4 * SECG_PT_PER_MM;
    double x = box.x + 3, most = box.x + fmin(80, box.width - width);
    while (x < most && highest_between(curve, x - 1.5, x + width + 1.5) < y + 1.5)
        x += 2;
    secg_text_line(cr, SECG_TEXT_STRONG, SECG_LEFT, x < most ? x : box.x + 3, y, 0, name);
}

void secg_strip_lead(cairo_t *cr, const secg_book *book, const secg_piece *piece, size_t lead,
                     double from_s, double seconds, secg_box box)
{
    const float *whole = piece->mv + lead * piece->frames;
    size_t first = (size_t)lround(from_s * piece->rate_hz);
    size_t last = (size_t)lround((from_s + seconds) * piece->rate_hz) + 1;
    reach r;
    last = last < piece->frames ? last : piece->frames;
    if (first >= last || !find_reach(whole, piece->frames, &r)) {
        secg_text_line(cr, SECG_TEXT_STRONG, SECG_LEFT, box.x + 3, box.y + 4 * SECG_PT_PER_MM, 0,
                       book->summary->lead[lead].name);
        return;
    }
    placed_curve curve = {.mv = whole + first,
                          .frames = last - first,
                          .middle = r.middle,
                          .pt_per_sample = SECG_PT_PER_S / piece->rate_hz};
    curve.x0 = box.x + ((double)first / piece->rate_hz - from_s) * SECG_PT_PER_S;
    curve.gain =
        book->summary->calibrated ? SECG_PT_PER_MV : 0.7 * box.height / fmax(r.high - r.low, 1e-6);
    double mm_per_mv = curve.gain / SECG_PT_PER_MM;
    curve.zero_y =
        box.y + SECG_PT_PER_MM * secg_paper_zero_mm(box.height / SECG_PT_PER_MM, r.high * mm_per_mv,
                                                    r.low * mm_per_mv);
    cairo_save(cr);
    cairo_rectangle(cr, box.x, box.y, box.width, box.height);
    cairo_clip(cr);
    stroke(cr, &curve);
    name_lead(cr, &curve, box, book->summary->lead[lead].name);
    mark_excursions(cr, &curve, box);
    cairo_restore(cr);
}

static size_t first_beat(const secg_summary *s, int64_t sample)
{
    size_t low = 0, high = s->beats;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->beat[middle].sample < sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void secg_strip_labels(cairo_t *cr, const secg_book *book, const secg_piece *piece, double x,
                       double y)
{
    const secg_summary *s = book->summary;
    int64_t end = piece->from + (int64_t)piece->frames;
    for (size_t i = first_beat(s, piece->from); i < s->beats && s->beat[i].sample < end; i++) {
        const secg_beat *beat = &s->beat[i];
        char text[2] = {(char)beat->label, '\0'};
        double at = x + (double)(beat->sample - piece->from) / piece->rate_hz * SECG_PT_PER_S;
        double right = x + (double)piece->frames / piece->rate_hz * SECG_PT_PER_S;
        at = fmin(at, right - 4);
        secg_text_line(cr, beat->label == SECG_BEAT_N ? SECG_TEXT_TINY : SECG_TEXT_CELL_STRONG,
                       SECG_CENTRE, at, y, 0, text);
    }
}

/* Up to six leads: a row of ten seconds each.  More: four columns of 2.5 s, three or more rows,
 * and the rhythm lead below.  Rows are whole multiples of 5 mm, so that every row has its
 * zero on a heavy line. */
secg_strip_form secg_strip_form_for(size_t leads, double room_mm)
{
    secg_strip_form form = {.rows = (int)leads, .columns = 1, .rhythm = 0};
    if (leads > 6) {
        form.columns = 4;
        form.rows = (int)(leads + 3) / 4;
        form.rhythm = 1;
    }
    int rows = form.rows + form.rhythm;
    double most = leads == 3 ? 25 : 40;
    form.row_mm = fmin(most, 5 * floor(room_mm / rows / 5));
    if (form.row_mm < 10)
        form.row_mm = 10;
    return form;
}

static void column_tick(cairo_t *cr, double x, double y)
{
    secg_ink_line(cr, secg_ink_black, 0.8, x, y - 2.5 * SECG_PT_PER_MM, x,
                  y + 2.5 * SECG_PT_PER_MM);
}

static void draw_row(secg_sheet *sheet, const secg_piece *piece, secg_strip_form form, int row,
                     double x, double y)
{
    const secg_book *book = sheet->book;
    double height = form.row_mm * SECG_PT_PER_MM;
    double middle = y + SECG_PT_PER_MM * secg_paper_zero_mm(form.row_mm, 0, 0);
    int is_rhythm = row == form.rows, columns = is_rhythm ? 1 : form.columns;
    double seconds = 10.0 / columns;
    for (int c = 0; c < columns; c++) {
        size_t at = (size_t)(c * form.rows + row);
        if (!is_rhythm && at >= book->leads)
            break;
        size_t lead = is_rhythm ? book->rhythm_lead : book->lead[at];
        secg_box box = {x + c * seconds * SECG_PT_PER_S, y, seconds * SECG_PT_PER_S, height};
        if (c > 0)
            column_tick(sheet->cr, box.x, middle);
        secg_strip_lead(sheet->cr, book, piece, lead, c * seconds, seconds, box);
    }
}

void secg_strip_block(secg_sheet *sheet, const secg_piece *piece, secg_strip_form form, double x,
                      double y, double calibration_mm)
{
    int rows = form.rows + form.rhythm;
    double left = x + calibration_mm * SECG_PT_PER_MM, height = form.row_mm * SECG_PT_PER_MM;
    secg_box paper = {x, y, left - x + 10 * SECG_PT_PER_S, rows * height};
    secg_paper_grid(sheet->cr, paper, left, y);
    for (int row = 0; row < rows; row++) {
        double top = y + row * height;
        if (sheet->book->summary->calibrated)
            secg_paper_calibration(sheet->cr, left,
                                   top + SECG_PT_PER_MM * secg_paper_zero_mm(form.row_mm, 0, 0));
        draw_row(sheet, piece, form, row, left, top);
        if (row == rows - 1)
            secg_strip_labels(sheet->cr, sheet->book, piece, left, top + height + 7);
    }
}
