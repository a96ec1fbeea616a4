/* Full disclosure: the whole tracing, a line for each minute of a few leads, so that a reader can
 * see that nothing was left out and find the place of anything.
 *
 * Small and through a monitor's filter, both printed: for finding one's way and for rhythm, with
 * every V and S beat named above the lines.  Stages begin at upright lines; what was not acquired
 * leaves the line open. */
#include "report/format.h"
#include "report/pen.h"
#include "report/tracing.h"

#include <math.h>
#include <stdio.h>

static const double line_s = 60, least_s = 60, usual_max_min = 60, three_leads_max_min = 30;
static const double margin_mm = 19, least_mm = 9, most_mm = 12, between_mm = 5, mm_per_mv = 5;
static const double column_pt = 0.5; /* 144 an inch: as wide as the line */

typedef struct line_form {
    secg_shown_lead lead[SECG_MAX_LEADS];
    size_t leads;
    double mm_per_s, lead_pt, height_pt; /* of a lead, of a minute */
    size_t minutes, per_page;
} line_form;

static double minutes_of(const secg_book *book)
{
    return book->rate_hz > 0 ? secg_seconds(book->summary->frames, book->rate_hz) / line_s : 0;
}

static size_t lead_count(const secg_book *book)
{
    size_t asked = book->options->disclosure_leads;
    size_t usual = minutes_of(book) <= three_leads_max_min ? 3 : 1;
    size_t count = asked > 0 ? asked : usual;
    return count < book->leads ? count : book->leads;
}

/* The largest quarter of a millimetre a second that fits the paper; rows as high as the page
 * has room for. */
static line_form form_of(const secg_book *book)
{
    line_form f = {.leads = secg_book_few_leads(book, lead_count(book), f.lead)};
    double width_mm = book->long_pt / SECG_PT_PER_MM - 20 - margin_mm;
    f.mm_per_s = floor(width_mm / line_s * 4) / 4;
    double room_mm = (secg_book_body_height(book, 1) - 12) / SECG_PT_PER_MM,
           leads = (double)f.leads;
    double fit = fmax(1, floor(room_mm / (between_mm + least_mm * leads)));
    double lead_mm = fmin(most_mm, (room_mm / fit - between_mm) / leads);
    f.lead_pt = lead_mm * SECG_PT_PER_MM;
    f.height_pt = (between_mm + lead_mm * leads) * SECG_PT_PER_MM;
    f.minutes = (size_t)ceil(minutes_of(book) - 1e-9);
    f.per_page = (size_t)fit;
    return f;
}

/* The strips' own filter lets wander through, which lines so low have no room for. */
static secg_book filtered(const secg_book *book, secg_report_options *options)
{
    secg_book narrow = *book;
    *options = *book->options;
    options->strips_from = SECG_DISPLAY_FROM_0_5_HZ;
    options->strips_to = SECG_DISPLAY_TO_40_HZ;
    narrow.options = options;
    return narrow;
}

typedef struct minute {
    const secg_book *book;
    const line_form *form;
    int64_t from, to; /* samples */
    double x, y;      /* where the lines begin, and their upper edge */
    double pt_per_sample, width;
} minute;

static double x_of(const minute *m, int64_t sample)
{
    return m->x + (double)(sample - m->from) * m->pt_per_sample;
}

static int holds(const minute *m, int64_t sample)
{
    return sample >= m->from && sample < m->to;
}

static void draw_ruler(cairo_t *cr, const minute *m)
{
    double height = m->form->lead_pt * (double)m->form->leads;
    for (int s = 0; s <= 60; s += 5) {
        double x = m->x + s * m->form->mm_per_s * SECG_PT_PER_MM;
        if (x <= m->x + m->width + 0.1)
            secg_ink_line(cr, secg_ink_faint, s % 10 == 0 ? 0.5 : 0.3, x, m->y, x, m->y + height);
    }
}

/* The curve lies in the middle of its row, whichever way it points; higher ones reach into the next
 * row rather than lose their tips. */
static void draw_curve(cairo_t *cr, const minute *m, const secg_piece *piece, size_t row)
{
    const float *mv = piece->mv + m->form->lead[row].index * piece->frames;
    const secg_reach *r = &m->book->line_reach[row];
    double gain = mm_per_mv * SECG_PT_PER_MM, height = m->form->lead_pt;
    if (!m->book->summary->calibrated)
        gain = 0.8 * height / fmax(r->high - r->low, 1e-6);
    double zero = m->y + ((double)row + 0.5) * height + (r->high + r->low) / 2 * gain;
    secg_pen pen;
    secg_pen_start(&pen, cr, column_pt);
    pen.coarse = 1;
    for (size_t n = 0; n < piece->frames; n++)
        secg_pen_to(&pen, m->x + (double)n * m->pt_per_sample,
                    zero - ((double)mv[n] - r->middle) * gain);
    secg_pen_finish(&pen);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 0.5);
    secg_ink_set(cr, secg_ink_black);
    cairo_stroke(cr);
}

/* What stands above a line: letters and names that may not touch. */
typedef struct label_row {
    double from[64], to[64];
    size_t count;
} label_row;

static int take_room(label_row *row, double from, double to)
{
    for (size_t i = 0; i < row->count; i++)
        if (from < row->to[i] + 1.5 && to > row->from[i] - 1.5)
            return 0;
    if (row->count == sizeof row->from / sizeof *row->from)
        return 0;
    row->from[row->count] = from;
    row->to[row->count++] = to;
    return 1;
}

static void label(cairo_t *cr, const minute *m, label_row *row, double x, const char *text)
{
    double right = m->x + m->width, width = secg_text_width(cr, SECG_TEXT_TINY, text);
    x = fmin(x, right - width);
    if (take_room(row, x, x + width))
        secg_text_line(cr, SECG_TEXT_TINY, SECG_LEFT, x, m->y - 5.5, 0, text);
}

/* Where stages begin, and beats that are not dominant.  A letter that would touch another is left
 * out: in so close a row it would say nothing new. */
static void draw_labels(cairo_t *cr, const minute *m)
{
    const secg_summary *s = m->book->summary;
    double height = m->form->lead_pt * (double)m->form->leads;
    label_row row = {.count = 0};
    for (size_t i = 0; i < s->stages; i++) {
        char text[40];
        double x = x_of(m, s->stage[i].start);
        if (!holds(m, s->stage[i].start) || s->stage[i].phase == SECG_PHASE_NONE)
            continue;
        secg_ink_line(cr, secg_ink_accent, 0.9, x, m->y - 11, x, m->y + height);
        secg_format_stage(m->book, (int)i, text, sizeof text);
        label(cr, m, &row, x + 2, text);
    }
    for (size_t i = 0; i < s->beats; i++) {
        const secg_beat *beat = &s->beat[i];
        char text[2] = {(char)beat->label, '\0'};
        if (holds(m, beat->sample) && beat->label != SECG_BEAT_N)
            label(cr, m, &row, x_of(m, beat->sample) - 2, text);
    }
}

/* When the minute began, and the rate at its end. */
static void draw_margin(secg_sheet *sheet, const minute *m)
{
    char text[48], bpm[16];
    double x = sheet->body.x, y = m->y + 6;
    secg_format_moment(m->book, m->from, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, x, y, margin_mm * SECG_PT_PER_MM, text);
    secg_format_time_of_day(m->book, m->from, text, sizeof text);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, x, y + 9, 0, text);
    secg_value rate = secg_format_rate_at(m->book->summary, m->to);
    if (rate.why == SECG_MEASURED && m->form->leads > 1) {
        secg_format_value(sheet, rate, 0, bpm, sizeof bpm);
        snprintf(text, sizeof text, "%s bpm", bpm);
        secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, x, y + 18, 0, text);
    }
    for (size_t k = 0; k < m->form->leads; k++)
        secg_text_line(sheet->cr, SECG_TEXT_CELL_STRONG, SECG_RIGHT, m->x - 3,
                       m->y + ((double)k + 0.5) * m->form->lead_pt + 2, 0, m->form->lead[k].name);
}

/* How far the leads reach in the record's first minute: all lines keep to that, so that a shift of
 * the baseline is the patient's and not the page's. */
static void find_reach(secg_book *book, const line_form *form)
{
    secg_report_options options;
    secg_book narrow = filtered(book, &options);
    secg_piece piece = secg_piece_read(&narrow, 0, line_s);
    for (size_t k = 0; k < form->leads; k++) {
        secg_reach *reach = &book->line_reach[k];
        *reach = (secg_reach){.low = -0.5, .high = 1};
        if (piece.status == SECG_OK)
            secg_piece_reach(&piece, form->lead[k].index, reach);
        reach->middle = 0; /* the filter has taken the level out */
    }
    secg_piece_free(&piece);
}

static void draw_minute(secg_sheet *sheet, const secg_book *book, const line_form *form,
                        size_t number, double y)
{
    minute m = {.book = book, .form = form};
    m.from = (int64_t)llround((double)number * line_s * book->rate_hz);
    m.to = (int64_t)llround((double)(number + 1) * line_s * book->rate_hz);
    m.to = m.to < book->summary->frames ? m.to : book->summary->frames;
    m.x = sheet->body.x + margin_mm * SECG_PT_PER_MM;
    m.y = y + between_mm * SECG_PT_PER_MM;
    m.pt_per_sample = form->mm_per_s * SECG_PT_PER_MM / book->rate_hz;
    m.width = (double)(m.to - m.from) * m.pt_per_sample;
    secg_piece piece = secg_piece_read(book, m.from, secg_seconds(m.to - m.from, book->rate_hz));
    draw_ruler(sheet->cr, &m);
    draw_margin(sheet, &m);
    cairo_save(sheet->cr);
    cairo_rectangle(sheet->cr, m.x, m.y - 5, m.width, form->lead_pt * (double)form->leads + 8);
    cairo_clip(sheet->cr);
    for (size_t k = 0; k < form->leads && piece.status == SECG_OK; k++)
        draw_curve(sheet->cr, &m, &piece, k);
    cairo_restore(sheet->cr);
    if (piece.status != SECG_OK)
        secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, m.x + 4, m.y + 12, 0,
                       "The tracing could not be read here.");
    draw_labels(sheet->cr, &m);
    secg_piece_free(&piece);
}

static void draw_disclosure(secg_sheet *sheet)
{
    secg_report_options options;
    secg_book narrow = filtered(sheet->book, &options);
    line_form form = form_of(sheet->book);
    char filter[96], text[256];
    secg_piece_filter_text(&narrow, filter, sizeof filter);
    snprintf(text, sizeof text,
             "The whole tracing, one minute a line, %.4g mm/s, %s, %s; scale each 5 s.  Above the "
             "lines: beats labelled V, S or Q, and where stages begin.",
             form.mm_per_s, sheet->book->summary->calibrated ? "5 mm/mV" : "scaled to fit", filter);
    secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, sheet->body.x, sheet->body.y + 7,
                   sheet->body.width, text);
    double y = sheet->body.y + 12;
    size_t first = sheet->page->start.block;
    for (size_t i = first; i < form.minutes && i < first + form.per_page; i++, y += form.height_pt)
        draw_minute(sheet, &narrow, &form, i, y);
}

void secg_plan_disclosure(secg_book *book)
{
    double most = (double)book->options->disclosure_max_min;
    if (!book->options->tracing.read || book->leads == 0 || !(book->rate_hz > 0) ||
        secg_seconds(book->summary->frames, book->rate_hz) < least_s || /* the strips show it */
        minutes_of(book) > (most == 0 ? usual_max_min : most))
        return;
    line_form form = form_of(book);
    find_reach(book, &form);
    for (size_t i = 0; i < form.minutes; i += form.per_page)
        secg_book_add(book, (secg_page){.title = "Full disclosure",
                                        .landscape = 1,
                                        .opens = i == 0,
                                        .draw = draw_disclosure,
                                        .start = {i, 0}});
}
