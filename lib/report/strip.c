#include "report/strip.h"

#include "report/pen.h"

#include <math.h>

/* A curve's place on the page: y = zero_y - (mv - middle) * gain, x = x0 + n * pt_per_sample. */
typedef struct placed_curve {
    const float *mv;
    size_t frames;
    double x0, pt_per_sample, middle, zero_y, gain; /* gain < 0: turned round */
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
    secg_pen_start(&pen, cr, 0.2);
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

/* The zero line: the middle of the row, or moved to where the curve fits.  Rows that may reach into
 * each other keep to their middle, on a line of the paper. */
static double zero_y(secg_box box, secg_box paper, double high_mm, double low_mm)
{
    double height_mm = box.height / SECG_PT_PER_MM;
    double zero_mm = paper.height > box.height ? round(height_mm / 2)
                                               : secg_paper_zero_mm(height_mm, high_mm, low_mm);
    return box.y + SECG_PT_PER_MM * zero_mm;
}

static placed_curve place(const secg_book *book, const secg_piece *piece,
                          const secg_shown_lead *lead, size_t first, size_t last,
                          const secg_reach *r, secg_box box, secg_box paper)
{
    placed_curve curve = {.mv = piece->mv + lead->index * piece->frames + first,
                          .frames = last - first,
                          .middle = r->middle,
                          .pt_per_sample = SECG_PT_PER_S / piece->rate_hz};
    double gain = book->summary->calibrated ? SECG_PT_PER_MV
                                            : 0.7 * box.height / fmax(r->high - r->low, 1e-6);
    double up = lead->sign > 0 ? r->high : -r->low, down = lead->sign > 0 ? r->low : -r->high;
    double mm_per_mv = gain / SECG_PT_PER_MM;
    curve.zero_y = zero_y(box, paper, up * mm_per_mv, down * mm_per_mv);
    curve.gain = gain * lead->sign;
    return curve;
}

static int has_value(const secg_piece *piece, size_t lead, size_t first, size_t last)
{
    const float *mv = piece->mv + lead * piece->frames;
    for (size_t n = first; n < last; n++)
        if (isfinite(mv[n]))
            return 1;
    return 0;
}

/* Empty paper alone would not say whether the lead was flat, off the page or never there. */
static void say_absent(cairo_t *cr, secg_box box, const char *name)
{
    double x = box.x + 3, y = box.y + 4 * SECG_PT_PER_MM;
    secg_text_line(cr, SECG_TEXT_STRONG, SECG_LEFT, x, y, 0, name);
    x += secg_text_width(cr, SECG_TEXT_STRONG, name) + 4;
    secg_text_line(cr, SECG_TEXT_TINY, SECG_LEFT, x, y, 0, "not acquired");
}

void secg_strip_lead(cairo_t *cr, const secg_book *book, const secg_piece *piece,
                     const secg_shown_lead *lead, double from_s, double seconds, secg_box box,
                     secg_box paper)
{
    size_t first = (size_t)lround(from_s * piece->rate_hz);
    size_t last = (size_t)lround((from_s + seconds) * piece->rate_hz) + 1;
    secg_reach r;
    last = last < piece->frames ? last : piece->frames;
    if (!has_value(piece, lead->index, first, last) || !secg_piece_reach(piece, lead->index, &r)) {
        say_absent(cr, box, lead->name);
        return;
    }
    placed_curve curve = place(book, piece, lead, first, last, &r, box, paper);
    curve.x0 = box.x + ((double)first / piece->rate_hz - from_s) * SECG_PT_PER_S;
    cairo_save(cr);
    cairo_rectangle(cr, box.x, paper.y, box.width, paper.height);
    cairo_clip(cr);
    stroke(cr, &curve);
    name_lead(cr, &curve, box, lead->name);
    mark_excursions(cr, &curve, (secg_box){box.x, paper.y, box.width, paper.height});
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

/* Up to six leads: a row of ten seconds each.  More: columns as asked for, and the rhythm lead
 * below where they are shorter than ten seconds.  Rows are whole multiples of 5 mm, so that every
 * row has its zero on a heavy line; the narrow ones of a single column reach into each other, as
 * they do on any such paper. */
secg_strip_form secg_strip_form_for(size_t leads, secg_strip_layout layout, double room_mm)
{
    static const int columns[] = {4, 2, 1};
    secg_strip_form form = {.rows = (int)leads, .columns = 1, .rhythm = 0};
    if (leads > 6) {
        form.columns = columns[layout];
        form.rows = ((int)leads + form.columns - 1) / form.columns;
        form.rhythm = form.columns > 1;
    }
    int rows = form.rows + form.rhythm;
    double most = leads == 3 ? 25 : 40;
    form.row_mm = fmin(most, 5 * floor(room_mm / rows / 5));
    if (form.row_mm < 15)
        form.row_mm = fmax(6, floor(room_mm / rows));
    return form;
}

static void column_tick(cairo_t *cr, double x, double y)
{
    secg_ink_line(cr, secg_ink_black, 0.8, x, y - 2.5 * SECG_PT_PER_MM, x,
                  y + 2.5 * SECG_PT_PER_MM);
}

/* A row of paper, and where the curves in it end. */
static void draw_row(secg_sheet *sheet, const secg_piece *piece, secg_strip_form form, int row,
                     secg_box box, secg_box paper)
{
    const secg_book *book = sheet->book;
    double middle = zero_y(box, paper, 0, 0);
    int is_rhythm = row == form.rows, columns = is_rhythm ? 1 : form.columns;
    double seconds = 10.0 / columns;
    for (int c = 0; c < columns; c++) {
        size_t at = (size_t)(c * form.rows + row);
        if (!is_rhythm && at >= book->leads)
            break;
        secg_box part = {box.x + c * seconds * SECG_PT_PER_S, box.y, seconds * SECG_PT_PER_S,
                         box.height};
        if (c > 0)
            column_tick(sheet->cr, part.x, middle);
        secg_strip_lead(sheet->cr, book, piece,
                        is_rhythm ? &book->rhythm_lead : &book->strip_lead[at], c * seconds,
                        seconds, part, paper);
    }
}

void secg_strip_block(secg_sheet *sheet, const secg_piece *piece, secg_strip_form form, double x,
                      double y, double calibration_mm)
{
    int rows = form.rows + form.rhythm;
    double left = x + calibration_mm * SECG_PT_PER_MM, height = form.row_mm * SECG_PT_PER_MM;
    secg_box whole = {x, y, left - x + 10 * SECG_PT_PER_S, rows * height};
    secg_paper_grid(sheet->cr, whole, left, y);
    for (int row = 0; row < rows; row++) {
        secg_box box = {left, y + row * height, 10 * SECG_PT_PER_S, height};
        secg_box paper = form.row_mm < 15 ? whole : box;
        if (sheet->book->summary->calibrated && (form.row_mm >= 15 || row == rows - 1))
            secg_paper_calibration(sheet->cr, left, zero_y(box, paper, 0, 0));
        draw_row(sheet, piece, form, row, box, paper);
    }
    secg_strip_labels(sheet->cr, sheet->book, piece, left, y + rows * height + 7);
}
