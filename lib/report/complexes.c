/* Average complexes of every lead side by side on paper of true scale, with the complex at rest in
 * gray behind the others: first all leads at rest, at the peak, where ST was furthest from its
 * level and in recovery; then, where there are more, every stage and interval.
 *
 * Each is drawn against its own isoelectric level, which is a heavy line of its paper, so that the
 * distance of the ST mark from that line is the level printed below it, 10 mm for 1 mV.  Where
 * few leads leave room, everything is twice as large, and says so. */
#include "report/complex_rows.h"
#include "report/format.h"
#include "report/pen.h"

#include <stressecg/intervals.h>

#include <math.h>
#include <stdio.h>

static const double cell_ms = 800, before_r_ms = 280;
static const double numbers_pt = 17, heads_pt = 28;

/* How the page is divided. */
typedef struct form {
    double zoom;              /* times 25 mm/s and 10 mm/mV */
    size_t columns, rows;     /* of leads */
    double cell_mm, label_pt; /* label 0: the name stands on the paper */
} form;

/* Rows of so many columns that hold the leads of a page, when as few pages as can be, of up to
 * `most` leads, share them evenly: no page is left with a single lead. */
static size_t shared_out(size_t leads, size_t most, size_t columns)
{
    size_t pages = (leads + most - 1) / most, each = pages > 0 ? (leads + pages - 1) / pages : 1;
    return (each + columns - 1) / columns;
}

static form form_for(size_t leads, int shown_of_each)
{
    if (leads <= 3 && shown_of_each == 1)
        return (form){.zoom = 2, .columns = 3, .rows = 1, .cell_mm = 40, .label_pt = 21};
    if (leads <= 3)
        return (form){.zoom = 2, .columns = 1, .rows = 3, .cell_mm = 40, .label_pt = 21};
    if (shown_of_each == 1)
        return (form){.zoom = 2, .columns = 4, .rows = 3, .cell_mm = 40, .label_pt = 0};
    return (form){
        .zoom = 1, .columns = 2, .rows = shared_out(leads, 12, 2), .cell_mm = 20, .label_pt = 21};
}

typedef struct placed {
    const secg_complex *complex;
    const float *mv;
    double r_x, zero_y; /* where R, and the isoelectric level, are on the page */
    double pt_per_ms, pt_per_mv;
} placed;

static double x_of_ms(const placed *p, double ms)
{
    return p->r_x + ms * p->pt_per_ms;
}

static double level_at_ms(const placed *p, double ms)
{
    double n = p->complex->r_index + ms / 1000 * p->complex->rate_hz;
    if (!(n >= 0) || n > p->complex->samples - 1)
        return NAN;
    size_t i = (size_t)n;
    double a = (double)p->mv[i], b = i + 1 < p->complex->samples ? (double)p->mv[i + 1] : a;
    return a + (b - a) * (n - (double)i);
}

static double zero_mv(const secg_complex *c)
{
    return isfinite(c->isoelectric_mv) ? (double)c->isoelectric_mv : 0;
}

static void curve(cairo_t *cr, const placed *p, secg_ink ink, double width)
{
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.12);
    for (uint32_t n = 0; n < p->complex->samples; n++) {
        double ms = ((double)n - p->complex->r_index) / p->complex->rate_hz * 1000;
        secg_pen_to(&pen, x_of_ms(p, ms),
                    p->zero_y - ((double)p->mv[n] - zero_mv(p->complex)) * p->pt_per_mv);
    }
    secg_pen_finish(&pen);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, width);
    secg_ink_set(cr, ink);
    cairo_stroke(cr);
}

static double st_point_ms(const secg_complex *c)
{
    double j = (double)c->j_ms;
    switch ((secg_st_point)c->st.point) {
    case SECG_ST_J60:
        return j + 60;
    case SECG_ST_J80:
        return j + 80;
    case SECG_ST_JRR16:
        return c->st.bpm > 0 ? j + 60000 / (double)c->st.bpm / 16 : (double)NAN;
    default:
        return j;
    }
}

static void tick(cairo_t *cr, const placed *p, double ms, double above_pt, double below_pt)
{
    double y = p->zero_y - (level_at_ms(p, ms) - zero_mv(p->complex)) * p->pt_per_mv;
    if (!isfinite(ms) || !isfinite(y))
        return;
    secg_ink_line(cr, secg_ink_accent, 0.8, x_of_ms(p, ms), y - above_pt, x_of_ms(p, ms),
                  y + below_pt);
}

/* Isoelectric level: a bar over the time it was taken from; J: a stroke across; ST point: a
 * filled dot. */
static void marks(cairo_t *cr, const placed *p)
{
    const secg_complex *c = p->complex;
    if (c->beats == 0)
        return; /* there is no curve to mark */
    if (isfinite(c->isoelectric_from_ms) && isfinite(c->isoelectric_to_ms))
        secg_ink_line(cr, secg_ink_accent, 1.6, x_of_ms(p, (double)c->isoelectric_from_ms),
                      p->zero_y, x_of_ms(p, (double)c->isoelectric_to_ms), p->zero_y);
    tick(cr, p, (double)c->j_ms, 5, 5);
    double ms = st_point_ms(c), level = level_at_ms(p, ms);
    if (!isfinite(ms) || !isfinite(level) || c->st.why != SECG_MEASURED)
        return;
    secg_ink_set(cr, secg_ink_accent);
    cairo_arc(cr, x_of_ms(p, ms), p->zero_y - (level - zero_mv(c)) * p->pt_per_mv, 1.5, 0, 6.2832);
    cairo_fill(cr);
}

/* The scale of a page: true when calibrated, else the tallest complex fills its paper. */
typedef struct scale {
    double pt_per_ms, pt_per_mv;
} scale;

static const float *samples_of(const secg_summary *s, const secg_shown_complexes *shown,
                               size_t lead)
{
    return shown->mv + lead * s->complex_capacity;
}

/* Highest and lowest value of a lead over all that is shown of it. */
static void widen(const secg_summary *s, const secg_shown_complexes *shown, size_t lead,
                  double *low, double *high)
{
    const secg_complex *c = &shown->complex[lead];
    const float *mv = samples_of(s, shown, lead);
    for (uint32_t n = 0; n < c->samples; n++)
        if (isfinite(mv[n])) {
            *low = fmin(*low, (double)mv[n] - zero_mv(c));
            *high = fmax(*high, (double)mv[n] - zero_mv(c));
        }
}

static void reach_of(const secg_summary *s, const secg_rows *list, size_t lead, double *low,
                     double *high)
{
    *low = *high = 0;
    for (int i = 0; i < list->count; i++)
        widen(s, &list->shown[i], lead, low, high);
    if (list->rest.complex)
        widen(s, &list->rest, lead, low, high);
}

static scale scale_for(const secg_summary *s, const secg_rows *list, double zoom, double height)
{
    scale at = {.pt_per_ms = zoom * SECG_PT_PER_S / 1000, .pt_per_mv = zoom * SECG_PT_PER_MV};
    double low, high, most = 1e-6;
    for (size_t k = 0; k < s->leads; k++) {
        reach_of(s, list, k, &low, &high);
        most = fmax(most, fmax(high, -low));
    }
    if (!s->calibrated)
        at.pt_per_mv = 0.45 * height / most;
    return at;
}

static placed place(const secg_summary *s, const secg_shown_complexes *shown, size_t lead, double x,
                    double zero_y, scale at)
{
    return (placed){.complex = &shown->complex[lead],
                    .mv = samples_of(s, shown, lead),
                    .r_x = x + before_r_ms * at.pt_per_ms,
                    .zero_y = zero_y,
                    .pt_per_ms = at.pt_per_ms,
                    .pt_per_mv = at.pt_per_mv};
}

static void numbers(secg_sheet *sheet, const placed *p, double x, double y, double width)
{
    const secg_st *st = &p->complex->st;
    char text[64], level[24];
    if (!sheet->book->summary->calibrated) {
        snprintf(text, sizeof text, "%u beats", p->complex->beats);
        secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x, y, width, text);
        return;
    }
    secg_format_signed(sheet, (secg_why)st->why, (double)st->level_mv, 2, level, sizeof level);
    secg_text_line(sheet->cr, SECG_TEXT_CELL_STRONG, SECG_LEFT, x, y, width, level);
    text[0] = '\0';
    if (st->why == SECG_MEASURED && isfinite(st->slope_mv_s))
        secg_format_signed(sheet, SECG_MEASURED, (double)st->slope_mv_s, 1, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_CELL_GRAY, SECG_RIGHT, x + width - 9, y, width / 2, text);
    snprintf(text, sizeof text, "n %u", p->complex->beats);
    if (isfinite(p->complex->noise_mv))
        secg_format_append(text, sizeof text, "  %.0f \xc2\xb5V",
                           (double)p->complex->noise_mv * 1000);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x, y + 7.5, width, text);
}

/* A curve that leaves its paper is cut there, and marked. */
static void mark_cut(cairo_t *cr, const placed *p, secg_box paper)
{
    double last = -1e9;
    for (uint32_t n = 0; n < p->complex->samples; n++) {
        double ms = ((double)n - p->complex->r_index) / p->complex->rate_hz * 1000;
        double x = x_of_ms(p, ms);
        double y = p->zero_y - ((double)p->mv[n] - zero_mv(p->complex)) * p->pt_per_mv;
        if (x < last + 6 || isnan(y) || (y >= paper.y && y <= paper.y + paper.height))
            continue;
        secg_paper_wedge(cr, x, y < paper.y ? paper.y : paper.y + paper.height,
                         y < paper.y ? -1 : 1);
        last = x;
    }
}

static void draw_curves(cairo_t *cr, const placed *p, const placed *rest, secg_box paper)
{
    cairo_save(cr);
    cairo_rectangle(cr, paper.x, paper.y, paper.width, paper.height);
    cairo_clip(cr);
    if (rest && rest->complex->samples > 0)
        curve(cr, rest, secg_ink_rule, 0.9);
    curve(cr, p, secg_ink_black, 0.9);
    marks(cr, p);
    mark_cut(cr, p, paper);
    cairo_restore(cr);
}

static void draw_missing(secg_sheet *sheet, const secg_complex *c, secg_box paper)
{
    char text[16];
    secg_why why = c->st.why != SECG_MEASURED ? (secg_why)c->st.why : SECG_WHY_FEW_BEATS;
    secg_format_missing(sheet, why, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, paper.x, paper.y + paper.height + 8,
                   paper.width, text);
}

/* One lead: its papers side by side, from the box's left edge. */
static void draw_lead(secg_sheet *sheet, const secg_rows *list, size_t lead, secg_box paper,
                      double step, scale at)
{
    const secg_summary *s = sheet->book->summary;
    double low, high, mm_per_mv = at.pt_per_mv / SECG_PT_PER_MM;
    reach_of(s, list, lead, &low, &high);
    double zero_y =
        paper.y + SECG_PT_PER_MM * secg_paper_zero_mm(paper.height / SECG_PT_PER_MM,
                                                      high * mm_per_mv, low * mm_per_mv);
    placed rest = {.complex = NULL};
    if (list->rest.complex)
        rest = place(s, &list->rest, lead, paper.x, zero_y, at);
    for (int i = 0; i < list->count; i++, paper.x += step) {
        placed p = place(s, &list->shown[i], lead, paper.x, zero_y, at);
        secg_paper_grid(sheet->cr, paper, paper.x, paper.y);
        if (p.complex->samples == 0 || !(p.complex->rate_hz > 0)) {
            draw_missing(sheet, p.complex, paper);
            continue;
        }
        rest.r_x = p.r_x;
        int compared = list->rest.complex && list->shown[i].complex != list->rest.complex;
        draw_curves(sheet->cr, &p, compared ? &rest : NULL, paper);
        numbers(sheet, &p, paper.x, paper.y + paper.height + 8, paper.width);
    }
}

static void append_interval(const char *name, secg_value ms, char *text, size_t size)
{
    if (ms.why == SECG_MEASURED)
        secg_format_append(text, size, "   %s %.0f", name, (double)ms.value);
}

static void intervals_text(const secg_summary *s, const secg_shown_complexes *shown, char *text,
                           size_t size)
{
    secg_intervals of = secg_complex_intervals(shown->complex, s->leads);
    append_interval("PR", of.pr_ms, text, size);
    append_interval("QRS", of.qrs_ms, text, size);
    append_interval("QT", of.qt_ms, text, size);
    append_interval("QTc", of.qtc_ms, text, size);
    if (of.qrs_ms.why == SECG_MEASURED)
        secg_format_append(text, size, " ms");
}

/* The name of the row, or the time of a moment between. */
static void name_of(const secg_book *book, const secg_shown_complexes *shown, char *text,
                    size_t size)
{
    if (shown->stage >= 0)
        secg_format_stage(book, shown->stage, text, size);
    else
        secg_format_moment(book, shown->sample, text, size);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A'); /* beside "Stage 3" and "Recovery 1:00" */
}

static secg_value rate_of(const secg_summary *s, const secg_shown_complexes *shown)
{
    return shown->stage >= 0 ? s->stage[shown->stage].bpm : secg_format_rate_at(s, shown->sample);
}

static void column_head(secg_sheet *sheet, const secg_shown_complexes *shown, double x,
                        double width, double y)
{
    const secg_book *book = sheet->book;
    char text[40], below[96] = "", mark[64];
    secg_value rate = rate_of(book->summary, shown);
    name_of(book, shown, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_CELL_STRONG, SECG_LEFT, x, y, width, text);
    if (rate.why == SECG_MEASURED)
        snprintf(below, sizeof below, "%.0f bpm", (double)rate.value);
    if (width > 97) /* narrow ones have them in the table of stages */
        intervals_text(book->summary, shown, below, sizeof below);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x, y + 8, width, below);
    secg_rows_mark_text(book->summary, shown, mark, sizeof mark);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x, y + 15.5, width, mark);
}

static void column_heads(secg_sheet *sheet, const secg_rows *list, double x, double step, double y)
{
    for (int i = 0; i < list->count; i++)
        column_head(sheet, &list->shown[i], x + i * step, step - 3, y);
}

static double explain(secg_sheet *sheet, double zoom, double y)
{
    char text[400];
    if (sheet->book->summary->calibrated)
        snprintf(
            text, sizeof text,
            "%.0f mm/s, %.0f mm/mV%s.  Black: average of the beats %s.  Bar: isoelectric level; "
            "stroke: J; dot: ST point.  Below: ST level in mV, slope in mV/s; n beats "
            "averaged, residual rms noise.",
            25 * zoom, 10 * zoom, zoom > 1 ? " (enlarged)" : "",
            sheet->book->is_test ? "at the end of the stage; gray: at rest, for comparison"
                                 : "before the time named");
    else
        snprintf(text, sizeof text,
                 "%.0f mm/s.  The gain of this recording is not known: one arbitrary scale for all "
                 "leads.  Below: n beats averaged.",
                 25 * zoom);
    return secg_text_block(sheet->cr, SECG_TEXT_SMALL, sheet->body.x, y, sheet->body.width, 3, text,
                           1);
}

/* Leads from the first-th on, each with the papers of the list. */
static void draw_leads(secg_sheet *sheet, const secg_rows *list, form f, size_t first)
{
    const secg_book *book = sheet->book;
    size_t left = book->leads - first, room = f.rows * f.columns;
    size_t count = left < room ? left : room;
    double column = sheet->body.width / (double)f.columns, widest = 1.5 * f.cell_mm;
    double step = fmin((column - f.label_pt - 8) / fmax(list->count, 1), widest * SECG_PT_PER_MM);
    double top = sheet->body.y + explain(sheet, f.zoom, sheet->body.y) + 3;
    double row = (sheet->body.y + sheet->body.height - top - heads_pt) / (double)f.rows;
    double height_mm = 5 * floor((row - numbers_pt) / SECG_PT_PER_MM / 5);
    double height = fmin(height_mm, 40 * f.zoom) * SECG_PT_PER_MM;
    scale at = scale_for(book->summary, list, f.zoom, height);

    for (size_t c = 0; c * f.rows < count; c++)
        column_heads(sheet, list, sheet->body.x + (double)c * column + f.label_pt, step, top + 8);
    for (size_t k = 0; k < count; k++) {
        double x = sheet->body.x + (double)(k / f.rows) * column;
        double y = top + heads_pt + (double)(k % f.rows) * row;
        size_t lead = book->lead[first + k];
        draw_lead(sheet, list, lead, (secg_box){x + f.label_pt, y, cell_ms * at.pt_per_ms, height},
                  step, at);
        secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, x + (f.label_pt > 0 ? 0 : 4), y + 10,
                       f.label_pt > 0 ? f.label_pt - 2 : 60, book->summary->lead[lead].name);
    }
}

static void draw_overview(secg_sheet *sheet)
{
    secg_rows list = secg_rows_overview(sheet->book->summary);
    draw_leads(sheet, &list, form_for(sheet->book->leads, list.count), sheet->page->start.block);
}

/* All rows: one column of leads, as many rows side by side as the paper is wide, shared out evenly
 * over the pages. */
static form wide_form(const secg_book *book, size_t rows, size_t *across)
{
    form f = {.zoom = 2, .columns = 1, .rows = 3, .cell_mm = 40, .label_pt = 21};
    if (book->leads > 3)
        f = (form){.zoom = 1,
                   .columns = 1,
                   .rows = shared_out(book->leads, 6, 1),
                   .cell_mm = 20,
                   .label_pt = 21};
    size_t most = f.zoom > 1 ? SECG_MAX_ROWS / 2 : SECG_MAX_ROWS, pages = (rows + most - 1) / most;
    *across = pages > 0 ? (rows + pages - 1) / pages : 1;
    return f;
}

static void draw_rows(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    size_t across;
    form f = wide_form(book, secg_rows_count(book->summary), &across);
    secg_rows list = secg_rows_from(book->summary, sheet->page->start.row, across);
    draw_leads(sheet, &list, f, sheet->page->start.block);
}

static void plan_rows(secg_book *book)
{
    size_t rows = secg_rows_count(book->summary), across;
    form f = wide_form(book, rows, &across);
    for (size_t row = 0; row < rows; row += across)
        for (size_t first = 0; first < book->leads; first += f.rows * f.columns)
            secg_book_add(book, (secg_page){.title = "Average complexes by stage",
                                            .opens = row == 0 && first == 0,
                                            .draw = draw_rows,
                                            .start = {first, row}});
}

void secg_plan_complexes(secg_book *book)
{
    secg_rows list = secg_rows_overview(book->summary);
    form f = form_for(book->leads, list.count);
    if (list.count == 0)
        return;
    for (size_t first = 0; first < book->leads; first += f.rows * f.columns)
        secg_book_add(book, (secg_page){.title = "Average complexes",
                                        .opens = first == 0,
                                        .draw = draw_overview,
                                        .start = {first, 0}});
    if (book->is_test && secg_rows_count(book->summary) > (size_t)list.count)
        plan_rows(book);
}
