/* The plan: which pages there are, and what stands on all of them: whose record it is at the
 * head, page x of y at the foot, and the mark of an unsigned draft under everything.
 *
 * A section of tables is planned by drawing it, on a surface that keeps nothing: the code that
 * breaks pages is the code that draws them, so the two cannot disagree. */
#include "report/format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double margin_pt = 10 * SECG_PT_PER_MM;
static const double head_pt = 40, foot_pt = 42;

static const secg_order no_order;
static const secg_report_options no_options;

static int is_final(const secg_order *order, secg_report_state state)
{
    if (state != SECG_REPORT_AS_SIGNED)
        return state == SECG_REPORT_FINAL;
    return order->seal.is_signed && !order->seal.altered;
}

void secg_book_add(secg_book *book, secg_page page)
{
    if (book->pages == book->room) {
        size_t room = book->room ? 2 * book->room : 32;
        secg_page *more = realloc(book->page, room * sizeof *more);
        if (!more) {
            book->failed = 1;
            return;
        }
        book->page = more;
        book->room = room;
    }
    book->page[book->pages++] = page;
}

static secg_sheet open_sheet(const secg_book *book, const secg_page *page, cairo_t *cr)
{
    secg_sheet sheet = {.cr = cr, .book = book, .page = page};
    sheet.width = page->landscape ? book->long_pt : book->short_pt;
    sheet.height = page->landscape ? book->short_pt : book->long_pt;
    sheet.body = (secg_box){margin_pt, head_pt + 12, sheet.width - 2 * margin_pt,
                            sheet.height - head_pt - 12 - foot_pt};
    return sheet;
}

double secg_book_body_height(const secg_book *book, int landscape)
{
    secg_page page = {.landscape = landscape};
    return open_sheet(book, &page, NULL).body.height;
}

void secg_book_add_section(secg_book *book, secg_page page, secg_section *section)
{
    secg_cursor cursor = page.start;
    int more = 1;
    page.opens = 1;
    while (more && book->pages < 10000) {
        page.start = cursor;
        size_t before = book->pages;
        secg_book_add(book, page);
        if (book->pages == before)
            break;
        cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
        cairo_t *cr = cairo_create(nowhere);
        cairo_surface_destroy(nowhere);
        secg_sheet sheet = open_sheet(book, &page, cr);
        more = section(&sheet, &cursor);
        cairo_destroy(cr);
        page.opens = 0;
        secg_summary_rest(book->summary, SIZE_MAX);
    }
}

secg_status secg_book_open(secg_book *book, const secg_summary *summary, const secg_order *order,
                           const secg_report_options *options)
{
    *book = (secg_book){.summary = summary};
    book->order = order ? order : &no_order;
    book->options = options ? options : &no_options;
    book->rate_hz = summary->signal ? summary->signal->rate_hz : 0;
    int letter = book->options->paper == SECG_PAPER_LETTER;
    book->short_pt = letter ? 612 : 210 * SECG_PT_PER_MM;
    book->long_pt = letter ? 792 : 297 * SECG_PT_PER_MM;
    book->is_final = is_final(book->order, book->options->state);
    for (size_t i = 0; i < summary->stages; i++)
        book->is_test |= summary->stage[i].phase != SECG_PHASE_NONE;
    book->is_test |= summary->exercise_start != SECG_NO_SAMPLE || summary->protocol != NULL;
    secg_book_choose_leads(book);

    secg_plan_summary(book);
    secg_plan_stages(book);
    secg_plan_complexes(book);
    secg_plan_strips(book);
    secg_plan_trends(book);
    secg_plan_events(book);
    secg_plan_figures(book);
    secg_plan_st_rate(book);
    secg_plan_disclosure(book);
    secg_plan_order(book);
    secg_plan_evidence(book);
    secg_plan_audit(book);
    if (book->failed) {
        secg_book_close(book);
        return SECG_E_MEMORY;
    }
    return SECG_OK;
}

void secg_book_close(secg_book *book)
{
    free(book->page);
    book->page = NULL;
    book->pages = 0;
}

void secg_book_page_size(const secg_book *book, size_t page, double *width, double *height)
{
    int landscape = book->page[page].landscape;
    *width = landscape ? book->long_pt : book->short_pt;
    *height = landscape ? book->short_pt : book->long_pt;
}

static void birth_text(const secg_order *o, char *text, size_t size)
{
    text[0] = '\0';
    if (o->patient.birth_date[0])
        secg_format_append(text, size, "   born %.*s", (int)sizeof o->patient.birth_date,
                           o->patient.birth_date);
    if (o->patient.sex[0])
        secg_format_append(text, size, "   sex %.*s", (int)sizeof o->patient.sex, o->patient.sex);
}

/* Whatever the length of the number, the birth date stands behind it: a long one is shortened in
 * its middle, for numbers differ at their ends. */
static void draw_identity(const secg_sheet *sheet, double x, double y, double width)
{
    const secg_order *o = sheet->book->order;
    char id[sizeof o->patient.id + 8], born[64];
    snprintf(id, sizeof id, "ID %.*s", (int)sizeof o->patient.id,
             o->patient.id[0]                     ? o->patient.id
             : sheet->book->summary->deidentified ? "left out"
                                                  : "not stated");
    birth_text(o, born, sizeof born);
    double rest = secg_text_width(sheet->cr, SECG_TEXT_CELL, born);
    x += secg_text_middle(sheet->cr, SECG_TEXT_CELL, x, y, width - rest, id);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, x, y, rest + 1, born);
}

static void draw_head(const secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    const char *name = book->order->patient.name;
    const char *record = book->summary->deidentified ? NULL : book->options->record_name;
    double left = sheet->body.x, right = left + sheet->body.width, half = sheet->body.width * 0.6;
    double top = margin_pt * 0.9;
    char text[256], date[32];

    secg_text_line(sheet->cr, SECG_TEXT_NAME, SECG_LEFT, left, top + 9, half - 8,
                   name[0] ? name : "Patient name not stated");
    draw_identity(sheet, left, top + 19, half - 8);

    secg_text_line(sheet->cr, SECG_TEXT_HEADING, SECG_RIGHT, right, top + 9,
                   sheet->body.width - half, sheet->page->title);
    secg_format_date(book, date, sizeof date);
    snprintf(text, sizeof text, "%s   record %s", date,
             record && record[0]           ? record
             : book->summary->deidentified ? "name left out"
                                           : "not named");
    secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_RIGHT, right, top + 19,
                   sheet->body.width - half, text);
    secg_ink_line(sheet->cr, secg_ink_accent, 0.9, left, head_pt + 9, right, head_pt + 9);
}

/* The letters behind "---" on this page. */
static void draw_reasons(const secg_sheet *sheet, double y)
{
    char text[400] = "--- not measurable or not stated:";
    for (int why = 1; why <= SECG_WHY_NOT_APPLICABLE; why++)
        if (sheet->reasons & (1u << why))
            secg_format_append(text, sizeof text, "   %c  %s", 'a' + why - 1,
                               why == SECG_WHY_NOT_YET ? "not reached"
                                                       : secg_why_text((secg_why)why));
    if (sheet->reasons)
        secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, sheet->body.x, y, sheet->body.width,
                       text);
}

static void draw_foot(const secg_sheet *sheet, size_t page)
{
    double left = margin_pt, right = sheet->width - margin_pt, middle = (left + right) / 2;
    double y = sheet->height - margin_pt * 0.75, third = (right - left) / 3;
    const secg_order *o = sheet->book->order;
    char text[160];

    draw_reasons(sheet, y - 13);
    secg_ink_line(sheet->cr, secg_ink_rule, 0.4, left, y - 9.5, right, y - 9.5);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, left, y, third - 8,
                   o->facility.name[0]                  ? o->facility.name
                   : sheet->book->summary->deidentified ? "Facility left out"
                                                        : "Facility not stated");
    if (sheet->book->is_final)
        secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_CENTRE, middle, y, third,
                       sheet->book->summary->deidentified
                           ? "De-identified: names, numbers and texts left out, dates too or moved"
                           : "Measurements, counts and entered facts only");
    else
        secg_text_line(sheet->cr, SECG_TEXT_CELL_STRONG, SECG_CENTRE, middle, y, third,
                       "DRAFT - not signed");
    snprintf(text, sizeof text, "stressecg %s     page %zu of %zu", secg_version(), page + 1,
             sheet->book->pages);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_RIGHT, right, y, third - 8, text);
}

void secg_book_draw(const secg_book *book, size_t page, cairo_t *cr)
{
    const secg_page *p = &book->page[page];
    secg_sheet sheet = open_sheet(book, p, cr);
    double left = sheet.body.x, width = sheet.body.width;
    if (!book->is_final)
        secg_text_watermark(cr, sheet.width, sheet.height, "DRAFT - not signed");
    draw_head(&sheet);
    p->draw(&sheet);
    sheet.body.x = left;
    sheet.body.width = width;
    draw_foot(&sheet, page);
    secg_summary_rest(book->summary, SIZE_MAX);
}
