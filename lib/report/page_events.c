/* Rhythm: counts per stage, the list of events, and six seconds around the first of each kind. */
#include "report/format.h"
#include "report/strip.h"
#include "report/tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LISTED = 90, MOST_STRIPS = 6 };
static const double strip_s = 6;

/* ---- counts ------------------------------------------------------------------------------- */

static const secg_column count_columns[] = {
    {"Stage", "", 0, SECG_LEFT, 0, 1},      {"Beats", "", 32, SECG_RIGHT, 0, 0},
    {"N", "", 30, SECG_RIGHT, 0, 0},        {"S", "", 22, SECG_RIGHT, 0, 0},
    {"V", "", 22, SECG_RIGHT, 0, 0},        {"Q", "", 22, SECG_RIGHT, 0, 0},
    {"Single V", "", 34, SECG_RIGHT, 0, 0}, {"Couplets", "", 36, SECG_RIGHT, 0, 0},
    {"Runs", "V", 24, SECG_RIGHT, 0, 0},    {"Longest", "beats", 34, SECG_RIGHT, 0, 0},
    {"Single S", "", 34, SECG_RIGHT, 0, 0}, {"Runs", "S", 24, SECG_RIGHT, 0, 0},
    {"Bigem.", "", 30, SECG_RIGHT, 0, 0},   {"Trigem.", "", 32, SECG_RIGHT, 0, 0},
    {"Pauses", "", 30, SECG_RIGHT, 0, 0},
};
enum { COUNT_COLUMNS = sizeof count_columns / sizeof *count_columns };

static void count_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    const secg_summary *s = sheet->book->summary;
    int is_total = row + 1 == table->rows;
    const secg_beat_counts *c = is_total ? &s->total : &s->stage[row].counts;
    const int32_t number[] = {0,      c->beats,    c->n,        c->s,         c->v,
                              c->q,   c->pvc,      c->couplets, c->runs,      c->longest_run,
                              c->sve, c->svt_runs, c->bigeminy, c->trigeminy, c->pauses};
    if (column > 0)
        snprintf(text, size, "%d", (int)number[column]);
    else if (is_total)
        snprintf(text, size, "Whole record");
    else
        secg_format_stage(sheet->book, (int)row, text, size);
}

/* ---- events ------------------------------------------------------------------------------- */

static const secg_column event_columns[] = {
    {"When", "", 92, SECG_LEFT, 0, 0},     {"Clock", "", 46, SECG_LEFT, 0, 0},
    {"Stage", "", 92, SECG_LEFT, 0, 0},    {"Event", "", 0, SECG_LEFT, 0, 1},
    {"Beats", "", 34, SECG_RIGHT, 0, 0},   {"Lasted", "s", 38, SECG_RIGHT, 0, 0},
    {"Rate", "bpm", 34, SECG_RIGHT, 0, 0}, {"HR then", "bpm", 40, SECG_RIGHT, 0, 0},
};
enum { EVENT_COLUMNS = sizeof event_columns / sizeof *event_columns };

static void event_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    (void)table;
    const secg_book *book = sheet->book;
    const secg_rhythm *r = &book->summary->rhythm[row];
    text[0] = '\0';
    switch (column) {
    case 0:
        secg_format_moment(book, r->start, text, size);
        break;
    case 1:
        secg_format_time_of_day(book, r->start, text, size);
        break;
    case 2:
        secg_format_stage(book, secg_summary_stage_at(book->summary, r->start), text, size);
        break;
    case 3:
        snprintf(text, size, "%s", secg_rhythm_text((secg_rhythm_kind)r->kind));
        break;
    case 4:
        snprintf(text, size, "%u", r->beats);
        break;
    case 5:
        if (r->end > r->start)
            snprintf(text, size, "%.1f", secg_seconds(r->end - r->start, book->rate_hz));
        break;
    case 6:
        if (isfinite(r->bpm))
            snprintf(text, size, "%.0f", (double)r->bpm);
        break;
    case 7:
        secg_format_value(sheet, secg_format_rate_at(book->summary, r->start), 0, text, size);
        break;
    default:
        break;
    }
}

static const char *event_remark(const secg_summary *s, char *text, size_t size)
{
    size_t of[SECG_RHYTHM_KINDS] = {0};
    snprintf(text, size, "Counted by rule; %zu in all", s->rhythms);
    for (size_t i = 0; i < s->rhythms; i++)
        if (s->rhythm[i].kind < SECG_RHYTHM_KINDS)
            of[s->rhythm[i].kind]++;
    for (int kind = 1; kind < SECG_RHYTHM_KINDS; kind++)
        if (of[kind] > 0)
            secg_format_append(text, size, ", %s %zu", secg_rhythm_text((secg_rhythm_kind)kind),
                               of[kind]);
    if (s->rhythms > MOST_LISTED)
        secg_format_append(text, size, ".  The first %d are listed, %zu are not", MOST_LISTED,
                           s->rhythms - MOST_LISTED);
    secg_format_append(text, size, ".");
    return text;
}

static int event_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_summary *s = sheet->book->summary;
    char remark[500];
    secg_table tables[2] = {
        {.heading = "Beats and ectopic beats per stage",
         .remark = "N dominant, S premature of dominant shape, V ventricular, Q cannot be told.",
         .column = count_columns,
         .columns = COUNT_COLUMNS,
         .rows = s->stages + 1,
         .cell = count_cell},
        {.heading = "Rhythm events",
         .remark = event_remark(s, remark, sizeof remark),
         .empty = "No event was counted.",
         .column = event_columns,
         .columns = EVENT_COLUMNS,
         .rows = s->rhythms < MOST_LISTED ? s->rhythms : MOST_LISTED,
         .cell = event_cell},
    };
    return secg_tables_draw(sheet, tables, 2, cursor);
}

static void draw_events(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    event_section(sheet, &cursor);
}

/* ---- strips of the first of each kind ------------------------------------------------------ */

static size_t first_of_each_kind(const secg_summary *s, size_t *found)
{
    static const secg_rhythm_kind order[] = {
        SECG_RHYTHM_RUN,         SECG_RHYTHM_COUPLET,   SECG_RHYTHM_SVT_RUN, SECG_RHYTHM_PAUSE,
        SECG_RHYTHM_BIGEMINY,    SECG_RHYTHM_TRIGEMINY, SECG_RHYTHM_PVC,     SECG_RHYTHM_SVE,
        SECG_RHYTHM_MISSED_BEAT, SECG_RHYTHM_IRREGULAR};
    size_t count = 0;
    for (size_t k = 0; k < sizeof order / sizeof *order && count < MOST_STRIPS; k++)
        for (size_t i = 0; i < s->rhythms; i++)
            if (s->rhythm[i].kind == (uint16_t)order[k]) {
                found[count++] = i;
                break;
            }
    return count;
}

static void draw_event_strip(secg_sheet *sheet, const secg_rhythm *r, double row_mm)
{
    const secg_book *book = sheet->book;
    double y = sheet->body.y, left = sheet->body.x + 10 * SECG_PT_PER_MM;
    int64_t from = r->start - (int64_t)(2 * book->rate_hz);
    char text[128], at[40], stage[40];
    from = from > 0 ? from : 0;
    double w = secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, sheet->body.x, y + 10, 0,
                              secg_rhythm_text((secg_rhythm_kind)r->kind));
    secg_format_moment(book, r->start, at, sizeof at);
    secg_format_stage(book, secg_summary_stage_at(book->summary, r->start), stage, sizeof stage);
    snprintf(text, sizeof text, "%s%s%s, %u beat%s   lead %s", at, stage[0] ? ", " : "", stage,
             r->beats, r->beats == 1 ? "" : "s", book->summary->lead[book->rhythm_lead].name);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, sheet->body.x + w + 10, y + 10, 0, text);
    secg_box box = {left, y + 15, strip_s * SECG_PT_PER_S, row_mm * SECG_PT_PER_MM};
    secg_strip strip = secg_strip_read(book, from, strip_s);
    if (strip.status == SECG_OK) {
        secg_paper_grid(
            sheet->cr,
            (secg_box){sheet->body.x, box.y, left - sheet->body.x + box.width, box.height}, left,
            box.y);
        if (book->summary->calibrated)
            secg_paper_calibration(sheet->cr, left, box.y + box.height / 2);
        secg_strip_lead(sheet->cr, book, &strip, book->rhythm_lead, 0, strip_s, box);
    } else {
        secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, left, y + 28, 0,
                       "The tracing could not be read here.");
    }
    secg_strip_free(&strip);
}

static void draw_event_strips(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    size_t found[MOST_STRIPS], count = first_of_each_kind(book->summary, found);
    char filter[96], text[200];
    secg_strip_filter_text(book, filter, sizeof filter);
    snprintf(text, sizeof text,
             "The first of each kind, two seconds before it and four after.  "
             "25 mm/s, %s, %s.",
             book->summary->calibrated ? "10 mm/mV" : "uncalibrated: scaled to fit", filter);
    secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, sheet->body.x, sheet->body.y + 8,
                   sheet->body.width, text);
    sheet->body.y += 14;
    for (size_t i = 0; i < count; i++) {
        draw_event_strip(sheet, &book->summary->rhythm[found[i]], 30);
        sheet->body.y += 15 + 30 * SECG_PT_PER_MM + 6;
    }
}

void secg_plan_events(secg_book *book)
{
    size_t found[MOST_STRIPS];
    secg_book_add_section(book, (secg_page){.title = "Rhythm events", .draw = draw_events},
                          event_section);
    if (book->options->tracing.read && book->leads > 0 && book->rate_hz > 0 &&
        first_of_each_kind(book->summary, found) > 0)
        secg_book_add(
            book,
            (secg_page){.title = "Rhythm event strips", .opens = 1, .draw = draw_event_strips});
}
