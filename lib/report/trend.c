/* One time axis for all: minutes from the start of exercise, or of the record when there was
 * none.  Exercise lies on a pale band and stage boundaries are dotted, so that every curve can be
 * read against the workload without colour. */
#include "report/trend.h"

#include "report/format.h"
#include "report/pen.h"

#include <math.h>
#include <stdio.h>

typedef struct plot {
    secg_box box;        /* the frame of the curves */
    double from_s, to_s; /* seconds of the record */
    double low, high;
} plot;

static double x_of(const plot *p, double seconds)
{
    return p->box.x + (seconds - p->from_s) / (p->to_s - p->from_s) * p->box.width;
}

static double y_of(const plot *p, double value)
{
    return p->box.y + p->box.height - (value - p->low) / (p->high - p->low) * p->box.height;
}

static plot make_plot(const secg_book *book, secg_box box, double low, double high)
{
    double end = book->rate_hz > 0 ? secg_seconds(book->summary->frames, book->rate_hz) : 0;
    return (plot){box, 0, end > 1 ? end : 1, low, high};
}

static double seconds(const secg_book *book, int64_t sample)
{
    return secg_seconds(sample, book->rate_hz);
}

/* 1, 2 or 5 minutes, and so on: the smallest with at most `most` of them in the span. */
static double tick_step_s(double span_s, int most)
{
    static const double steps[] = {10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (span_s / steps[i] <= most)
            return steps[i];
    return ceil(span_s / most / 86400) * 86400;
}

static double zero_s(const secg_book *book)
{
    int64_t start = book->summary->exercise_start;
    return start != SECG_NO_SAMPLE && book->rate_hz > 0 ? seconds(book, start) : 0;
}

static void shade_exercise(cairo_t *cr, const secg_book *book, const plot *p)
{
    const secg_summary *s = book->summary;
    if (s->exercise_start == SECG_NO_SAMPLE || book->rate_hz <= 0)
        return;
    double from = x_of(p, seconds(book, s->exercise_start));
    double to = s->exercise_end != SECG_NO_SAMPLE ? x_of(p, seconds(book, s->exercise_end))
                                                  : p->box.x + p->box.width;
    cairo_set_source_rgba(cr, 0.05, 0.24, 0.40, 0.07);
    cairo_rectangle(cr, from, p->box.y, to - from, p->box.height);
    cairo_fill(cr);
}

static void dot_stages(cairo_t *cr, const secg_book *book, const plot *p, int labels)
{
    const double dots[] = {0.6, 1.8};
    double last_label = -1e9;
    for (size_t i = 0; i < book->summary->stages && book->rate_hz > 0; i++) {
        const secg_stage_summary *stage = &book->summary->stage[i];
        double x = x_of(p, seconds(book, stage->start));
        double end = x_of(p, seconds(book, stage->end));
        if (!labels && stage->phase == SECG_PHASE_RECOVERY)
            continue;
        cairo_save(cr);
        cairo_set_dash(cr, dots, 2, 0);
        secg_ink_line(cr, secg_ink_rule, 0.5, x, p->box.y, x, p->box.y + p->box.height);
        cairo_restore(cr);
        double width = secg_text_width(cr, SECG_TEXT_TINY, stage->label);
        if (labels && stage->phase != SECG_PHASE_RECOVERY && stage->phase != SECG_PHASE_NONE &&
            x > last_label && width + 3 < end - x) {
            secg_text_line(cr, SECG_TEXT_TINY, SECG_LEFT, x + 2, p->box.y + 7, 0, stage->label);
            last_label = x + width;
        }
    }
}

/* "Recovery", where there is room for the word. */
static void name_recovery(cairo_t *cr, const secg_book *book, const plot *p)
{
    const secg_summary *s = book->summary;
    if (s->exercise_end == SECG_NO_SAMPLE || s->recovery_end == SECG_NO_SAMPLE ||
        book->rate_hz <= 0)
        return;
    double from = x_of(p, seconds(book, s->exercise_end));
    if (x_of(p, seconds(book, s->recovery_end)) - from > 40)
        secg_text_line(cr, SECG_TEXT_TINY, SECG_LEFT, from + 2, p->box.y + 7, 0, "Recovery");
}

static void time_axis(cairo_t *cr, const secg_book *book, const plot *p, int most, int with_unit)
{
    double step = tick_step_s(p->to_s - p->from_s, most), zero = zero_s(book);
    double bottom = p->box.y + p->box.height;
    int minutes = step >= 60;
    for (double t = zero + ceil((p->from_s - zero) / step) * step; t <= p->to_s + 1e-6; t += step) {
        double x = x_of(p, t);
        char text[24];
        snprintf(text, sizeof text, "%.0f", (t - zero) / (minutes ? 60 : 1) + 0.0);
        secg_ink_line(cr, secg_ink_black, 0.5, x, bottom, x, bottom + 2.5);
        secg_text_line(cr, SECG_TEXT_TINY, SECG_CENTRE, x, bottom + 9, 0, text);
    }
    if (with_unit) {
        char text[64];
        snprintf(text, sizeof text, "%s from start of %s", minutes ? "min" : "s",
                 book->summary->exercise_start != SECG_NO_SAMPLE ? "exercise" : "record");
        secg_text_line(cr, SECG_TEXT_TINY, SECG_RIGHT, p->box.x + p->box.width, bottom + 17, 0,
                       text);
    }
}

static void value_axis(cairo_t *cr, const plot *p, double step, int decimals, int is_signed,
                       int labelled)
{
    for (double v = ceil(p->low / step - 1e-9) * step; v <= p->high + 1e-9; v += step) {
        double y = y_of(p, v), shown = fabs(v) < 1e-9 ? 0 : v;
        char text[24];
        snprintf(text, sizeof text, is_signed && shown != 0 ? "%+.*f" : "%.*f", decimals, shown);
        secg_ink_line(cr, secg_ink_faint, 0.4, p->box.x, y, p->box.x + p->box.width, y);
        if (labelled)
            secg_text_line(cr, SECG_TEXT_TINY, SECG_RIGHT, p->box.x - 3, y + 2.2, 0, text);
    }
}

static void frame(cairo_t *cr, const plot *p)
{
    secg_ink_set(cr, secg_ink_black);
    cairo_set_line_width(cr, 0.5);
    cairo_move_to(cr, p->box.x, p->box.y);
    cairo_line_to(cr, p->box.x, p->box.y + p->box.height);
    cairo_line_to(cr, p->box.x + p->box.width, p->box.y + p->box.height);
    cairo_stroke(cr);
}

static void stroke_curve(cairo_t *cr, secg_pen *pen, secg_ink ink, double width)
{
    secg_pen_finish(pen);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, width);
    secg_ink_set(cr, ink);
    cairo_stroke(cr);
}

static void rate_curve(cairo_t *cr, const secg_book *book, const plot *p)
{
    const secg_summary *s = book->summary;
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.25);
    for (size_t i = 0; i < s->rates; i++) {
        secg_summary_rest(s, i);
        const secg_rate *rate = &s->rate[i];
        double bpm = rate->bpm.why == SECG_MEASURED ? (double)rate->bpm.value : (double)NAN;
        secg_pen_to(&pen, x_of(p, seconds(book, rate->sample)),
                    y_of(p, fmin(fmax(bpm, p->low), p->high)) + (isnan(bpm) ? (double)NAN : 0));
    }
    stroke_curve(cr, &pen, secg_ink_black, 1.1);
}

/* A bar from diastolic to systolic, with a foot and a head that a fax keeps. */
static void pressure_bars(cairo_t *cr, const secg_book *book, const plot *p)
{
    const secg_summary *s = book->summary;
    for (size_t i = 0; i < s->facts; i++) {
        const secg_fact *fact = &s->fact[i];
        if (fact->kind != SECG_FACT_BLOOD_PRESSURE || fact->systolic_mmhg <= 0)
            continue;
        double x = x_of(p, seconds(book, fact->sample)), top = y_of(p, fact->systolic_mmhg);
        double foot = fact->diastolic_mmhg > 0 ? y_of(p, fact->diastolic_mmhg) : top;
        secg_ink_line(cr, secg_ink_accent, 1.6, x, top, x, foot);
        secg_ink_line(cr, secg_ink_accent, 0.9, x - 2.2, top, x + 2.2, top);
        secg_ink_line(cr, secg_ink_accent, 0.9, x - 2.2, foot, x + 2.2, foot);
    }
}

static double highest_mets(const secg_summary *s)
{
    double most = 0;
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].mets.mets.why == SECG_MEASURED)
            most = fmax(most, (double)s->stage[i].mets.mets.value);
    return most;
}

/* Steps in the lower third, each with its figure. */
/* A fax makes dots of the shade, and loses the decimal point among them. */
static void number_on_white(cairo_t *cr, double x, double y, const char *text)
{
    double width = secg_text_width(cr, SECG_TEXT_CELL, text) + 3;
    cairo_rectangle(cr, x - width / 2, y - 7.2, width, 8.7);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_fill(cr);
    secg_text_line(cr, SECG_TEXT_CELL, SECG_CENTRE, x, y, 0, text);
}

static void mets_steps(cairo_t *cr, const secg_book *book, const plot *p, double most)
{
    double height = p->box.height * 0.30, bottom = p->box.y + p->box.height;
    for (size_t i = 0; i < book->summary->stages; i++) {
        const secg_stage_summary *stage = &book->summary->stage[i];
        if (stage->mets.mets.why != SECG_MEASURED || stage->phase != SECG_PHASE_EXERCISE)
            continue;
        double from = x_of(p, seconds(book, stage->start)), to = x_of(p, seconds(book, stage->end));
        double mets = (double)stage->mets.mets.value, top = bottom - mets / most * height;
        char text[16];
        cairo_rectangle(cr, from, top, to - from, bottom - top);
        cairo_set_source_rgb(cr, 0.82, 0.84, 0.86);
        cairo_fill_preserve(cr);
        cairo_set_line_width(cr, 0.5);
        secg_ink_set(cr, secg_ink_gray);
        cairo_stroke(cr);
        snprintf(text, sizeof text, "%.1f", mets);
        if (secg_text_width(cr, SECG_TEXT_CELL, text) + 4 < to - from && bottom - top > 11)
            number_on_white(cr, (from + to) / 2, bottom - 3, text);
    }
}

static void legend(cairo_t *cr, const secg_book *book, double x, double y, int mets)
{
    secg_ink_line(cr, secg_ink_black, 1.1, x, y - 2.5, x + 14, y - 2.5);
    x += 17 + secg_text_line(cr, SECG_TEXT_SMALL, SECG_LEFT, x + 17, y, 0, "heart rate, bpm") + 14;
    if (!book->is_test)
        return;
    secg_ink_line(cr, secg_ink_accent, 1.6, x + 3, y - 7, x + 3, y + 1);
    secg_ink_line(cr, secg_ink_accent, 0.9, x + 0.8, y - 7, x + 5.2, y - 7);
    secg_ink_line(cr, secg_ink_accent, 0.9, x + 0.8, y + 1, x + 5.2, y + 1);
    x += 9 + secg_text_line(cr, SECG_TEXT_SMALL, SECG_LEFT, x + 9, y, 0, "blood pressure, mmHg") +
         14;
    if (!mets)
        return;
    cairo_rectangle(cr, x, y - 6, 10, 6);
    cairo_set_source_rgb(cr, 0.82, 0.84, 0.86);
    cairo_fill_preserve(cr);
    cairo_set_line_width(cr, 0.5);
    secg_ink_set(cr, secg_ink_gray);
    cairo_stroke(cr);
    secg_text_line(cr, SECG_TEXT_SMALL, SECG_LEFT, x + 13, y, 0, "METs of the stage");
}

/* Room for all rates and pressures, in steps of 20. */
static double overview_top(const secg_summary *s, int is_test)
{
    double most = is_test ? 140 : 100;
    for (size_t i = 0; i < s->rates; i++) {
        if (s->rate[i].bpm.why == SECG_MEASURED)
            most = fmax(most, (double)s->rate[i].bpm.value);
        secg_summary_rest(s, i);
    }
    for (size_t i = 0; i < s->facts; i++)
        if (s->fact[i].kind == SECG_FACT_BLOOD_PRESSURE)
            most = fmax(most, s->fact[i].systolic_mmhg);
    return ceil((most + 8) / 20) * 20;
}

void secg_trend_overview(secg_sheet *sheet, secg_box box)
{
    cairo_t *cr = sheet->cr;
    const secg_book *book = sheet->book;
    double mets = highest_mets(book->summary);
    secg_box inner = {box.x + 22, box.y + 14, box.width - 26, box.height - 34};
    plot p = make_plot(book, inner, 20, overview_top(book->summary, book->is_test));
    legend(cr, book, inner.x, box.y + 7, mets > 0);
    cairo_save(cr);
    shade_exercise(cr, book, &p);
    if (mets > 0)
        mets_steps(cr, book, &p, mets);
    value_axis(cr, &p, 40 * ceil((p.high - p.low) / 40 / 6), 0, 0, 1);
    dot_stages(cr, book, &p, 1);
    name_recovery(cr, book, &p);
    frame(cr, &p);
    pressure_bars(cr, book, &p);
    rate_curve(cr, book, &p);
    time_axis(cr, book, &p, 24, 1);
    cairo_restore(cr);
}

/* ---- the page of small multiples ---------------------------------------------------------- */

static double st_reach_mv(const secg_summary *s)
{
    double most = 0.2;
    for (size_t i = 0; i < s->trends; i++) {
        for (size_t k = 0; s->trend[i].st && k < s->leads; k++)
            if (s->trend[i].st[k].why == SECG_MEASURED)
                most = fmax(most, fabs((double)s->trend[i].st[k].level_mv));
        secg_summary_rest(s, i);
    }
    return ceil(most * 10 - 1e-9) / 10;
}

/* 0: there was nothing to draw. */
static int st_curve(cairo_t *cr, const secg_book *book, const plot *p, size_t lead)
{
    const secg_summary *s = book->summary;
    secg_pen pen;
    int measured = 0;
    secg_pen_start(&pen, cr, 0.25);
    for (size_t i = 0; i < s->trends; i++) {
        secg_summary_rest(s, i);
        if (!s->trend[i].st)
            continue;
        const secg_st *st = &s->trend[i].st[lead];
        double level = st->why == SECG_MEASURED ? (double)st->level_mv : (double)NAN;
        measured |= st->why == SECG_MEASURED;
        secg_pen_to(&pen, x_of(p, seconds(book, s->trend[i].sample)), y_of(p, level));
    }
    stroke_curve(cr, &pen, secg_ink_black, 0.9);
    return measured;
}

/* Whether the curve begins where the name of its lead would stand, in the upper corner. */
static int begins_high(const secg_book *book, const plot *p, size_t lead)
{
    const secg_summary *s = book->summary;
    double until = p->from_s + 0.15 * (p->to_s - p->from_s);
    for (size_t i = 0; i < s->trends && seconds(book, s->trend[i].sample) < until; i++) {
        const secg_st *st = s->trend[i].st ? &s->trend[i].st[lead] : NULL;
        if (st && st->why == SECG_MEASURED && (double)st->level_mv > 0.6 * p->high)
            return 1;
    }
    return 0;
}

static void st_panel(secg_sheet *sheet, secg_box box, size_t lead, double reach, int labelled)
{
    cairo_t *cr = sheet->cr;
    const secg_book *book = sheet->book;
    plot p = make_plot(book, box, -reach, reach);
    shade_exercise(cr, book, &p);
    value_axis(cr, &p, reach > 0.45 ? ceil(reach / 0.4) * 0.2 : 0.1, 1, 1, labelled);
    dot_stages(cr, book, &p, 0);
    secg_ink_line(cr, secg_ink_gray, 0.6, box.x, y_of(&p, 0), box.x + box.width, y_of(&p, 0));
    frame(cr, &p);
    if (!st_curve(cr, book, &p, lead))
        secg_text_line(cr, SECG_TEXT_SMALL, SECG_CENTRE, box.x + box.width / 2,
                       box.y + box.height * 0.25, box.width, "not measurable at any time");
    secg_text_line(cr, SECG_TEXT_STRONG, SECG_LEFT, box.x + 4,
                   begins_high(book, &p, lead) ? box.y + box.height - 4 : box.y + 9, 0,
                   book->summary->lead[lead].name);
}

enum { PANEL_COLUMNS = 3, PANEL_ROWS = 4, PANELS = PANEL_COLUMNS * PANEL_ROWS };

static void st_panels(secg_sheet *sheet, secg_box area, size_t first)
{
    const secg_book *book = sheet->book;
    size_t left = book->leads - first, count = left < PANELS ? left : PANELS;
    size_t rows = (count + PANEL_COLUMNS - 1) / PANEL_COLUMNS;
    rows = rows < 2 ? 2 : rows;
    double reach = st_reach_mv(book->summary);
    double width = area.width / PANEL_COLUMNS, height = area.height / (double)rows;
    for (size_t i = 0; i < count; i++) {
        size_t column = i % PANEL_COLUMNS, row = i / PANEL_COLUMNS;
        secg_box box = {area.x + (double)column * width + 24, area.y + (double)row * height + 4,
                        width - 32, height - 24};
        st_panel(sheet, box, book->lead[first + i], reach, 1);
        plot p = make_plot(book, box, -1, 1);
        time_axis(sheet->cr, book, &p, 8, 0);
    }
}

static void draw_trends(secg_sheet *sheet)
{
    cairo_t *cr = sheet->cr;
    secg_box body = sheet->body;
    int has_st = sheet->book->leads > 0 && sheet->book->summary->trends > 0 &&
                 sheet->book->summary->calibrated;
    double y = body.y + 14;
    secg_text_line(cr, SECG_TEXT_HEADING, SECG_LEFT, body.x, y, 0,
                   sheet->book->is_test ? "Heart rate, blood pressure and workload" : "Heart rate");
    double height = has_st ? 170 : 260;
    secg_trend_overview(sheet, (secg_box){body.x, y + 6, body.width, height});
    y += height + 22;
    if (!has_st) {
        secg_text_line(cr, SECG_TEXT_BODY, SECG_LEFT, body.x, y, body.width,
                       sheet->book->summary->calibrated
                           ? "No ST levels were measured."
                           : "The gain of this recording is not known: there are no ST levels.");
        return;
    }
    double w = secg_text_line(cr, SECG_TEXT_HEADING, SECG_LEFT, body.x, y, 0, "ST level, mV");
    secg_text_line(cr, SECG_TEXT_SMALL, SECG_LEFT, body.x + w + 8, y, body.width - w - 8,
                   "at the ST point in use, against the isoelectric level; the line is broken "
                   "where it was not measurable");
    st_panels(sheet, (secg_box){body.x, y + 6, body.width, body.y + body.height - y - 8},
              sheet->page->start.block);
}

void secg_plan_trends(secg_book *book)
{
    size_t first = 0;
    if (book->summary->rates == 0 && book->summary->trends == 0)
        return;
    do {
        secg_book_add(book, (secg_page){.title = "Trends",
                                        .opens = first == 0,
                                        .draw = draw_trends,
                                        .start = {first, 0}});
        first += PANELS;
    } while (first < book->leads && book->summary->calibrated && book->summary->trends > 0);
}
