/* Rhythm: counts per stage, the list of events, and six seconds around as many as help: every run,
 * couplet and pause before a few of those that look alike. */
#include "report/format.h"
#include "report/strip.h"
#include "report/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_LISTED = 120, MOST_STRIPS = 24 };
static const double strip_s = 6;

/* ---- counts ------------------------------------------------------------------------------- */

static const secg_column count_columns[] = {
    {"Stage", "", 0, SECG_LEFT, 0, 1},     {"Beats", "", 27, SECG_RIGHT, 0, 0},
    {"N", "", 25, SECG_RIGHT, 0, 0},       {"S", "", 18, SECG_RIGHT, 0, 0},
    {"V", "", 18, SECG_RIGHT, 0, 0},       {"Q", "", 18, SECG_RIGHT, 0, 0},
    {"V", "single", 22, SECG_RIGHT, 0, 0}, {"V", "couplets", 29, SECG_RIGHT, 0, 0},
    {"V", "runs", 18, SECG_RIGHT, 0, 0},   {"V", "longest", 26, SECG_RIGHT, 0, 0},
    {"S", "single", 22, SECG_RIGHT, 0, 0}, {"S", "runs", 18, SECG_RIGHT, 0, 0},
    {"Bigem.", "", 27, SECG_RIGHT, 0, 0},  {"Trigem.", "", 29, SECG_RIGHT, 0, 0},
    {"Pauses", "", 28, SECG_RIGHT, 0, 0},
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

/* Which events are listed: all when they fit in the list; else couplets, runs and episodes before
 * single beats, each from the first on; in order of time. */
typedef struct listing {
    size_t event[MOST_LISTED], count;
} listing;

static int is_single(const secg_rhythm *r)
{
    return r->kind == SECG_RHYTHM_PVC || r->kind == SECG_RHYTHM_SVE;
}

static listing choose_events(const secg_summary *s)
{
    listing list = {.count = 0};
    size_t others = 0;
    for (size_t i = 0; i < s->rhythms; i++) {
        others += !is_single(&s->rhythm[i]);
        secg_summary_rest(s, i);
    }
    size_t singles = others < MOST_LISTED ? MOST_LISTED - others : 0;
    for (size_t i = 0; i < s->rhythms && list.count < MOST_LISTED; i++) {
        int single = is_single(&s->rhythm[i]);
        secg_summary_rest(s, i);
        if (single && singles == 0)
            continue;
        singles -= single ? 1 : 0;
        list.event[list.count++] = i;
    }
    return list;
}

static const secg_column event_columns[] = {
    {"When", "", 80, SECG_LEFT, 0, 0},     {"Clock", "", 42, SECG_LEFT, 0, 0},
    {"Stage", "", 74, SECG_LEFT, 0, 0},    {"Event", "", 0, SECG_LEFT, 0, 1},
    {"Beats", "", 30, SECG_RIGHT, 0, 0},   {"Lasted", "s", 34, SECG_RIGHT, 0, 0},
    {"Rate", "bpm", 30, SECG_RIGHT, 0, 0}, {"HR then", "bpm", 36, SECG_RIGHT, 0, 0},
};
enum { EVENT_COLUMNS = sizeof event_columns / sizeof *event_columns };

static void event_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    const secg_book *book = sheet->book;
    const listing *list = table->context;
    const secg_rhythm *r = &book->summary->rhythm[list->event[row]];
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

static const char *event_remark(const secg_summary *s, size_t listed, char *text, size_t size)
{
    size_t of[SECG_RHYTHM_KINDS] = {0};
    snprintf(text, size, "%zu counted", s->rhythms);
    for (size_t i = 0; i < s->rhythms; i++) {
        if (s->rhythm[i].kind < SECG_RHYTHM_KINDS)
            of[s->rhythm[i].kind]++;
        secg_summary_rest(s, i);
    }
    for (int kind = 1; kind < SECG_RHYTHM_KINDS; kind++)
        if (of[kind] > 0)
            secg_format_append(text, size, ", %s %zu", secg_rhythm_text((secg_rhythm_kind)kind),
                               of[kind]);
    if (s->rhythms > listed)
        secg_format_append(text, size,
                           ".  %zu are listed, couplets, runs and episodes before single beats; "
                           "%zu are not",
                           listed, s->rhythms - listed);
    secg_format_append(text, size, ".");
    return text;
}

static int event_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_summary *s = sheet->book->summary;
    listing list = choose_events(s);
    char remark[600], counts[240] = "N dominant, S premature of dominant shape, V ventricular, "
                                    "Q cannot be told.";
    secg_book_say_rows_left_out(sheet->book, counts, sizeof counts);
    secg_table tables[2] = {
        {.heading = "Beats and ectopic beats per stage",
         .remark = counts,
         .column = count_columns,
         .columns = COUNT_COLUMNS,
         .rows = secg_book_stage_rows(sheet->book) + 1,
         .cell = count_cell},
        {.heading = "Rhythm events",
         .remark = event_remark(s, list.count, remark, sizeof remark),
         .empty = "No event was counted.",
         .column = event_columns,
         .columns = EVENT_COLUMNS,
         .rows = list.count,
         .context = &list,
         .cell = event_cell},
    };
    return secg_tables_draw(sheet, tables, 2, cursor);
}

static void draw_events(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    event_section(sheet, &cursor);
}

/* ---- strips -------------------------------------------------------------------------------- */

typedef struct chosen {
    size_t event[MOST_STRIPS], count;
} chosen;

static int is_chosen(const chosen *list, size_t event)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->event[i] == event)
            return 1;
    return 0;
}

/* Up to `most` of a kind, from its first on, as long as there is room. */
static void choose_kind(const secg_summary *s, secg_rhythm_kind kind, size_t most, chosen *list)
{
    for (size_t i = 0; i < s->rhythms && most > 0 && list->count < MOST_STRIPS; i++) {
        secg_summary_rest(s, i);
        if (s->rhythm[i].kind != (uint16_t)kind || is_chosen(list, i))
            continue;
        list->event[list->count++] = i;
        most--;
    }
}

static int by_place(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The first of each kind, then more of the rare ones, in order of time.  Rates beyond a limit have
 * no place that a strip would show. */
static chosen choose_strips(const secg_summary *s)
{
    static const secg_rhythm_kind each[] = {
        SECG_RHYTHM_RUN,         SECG_RHYTHM_COUPLET,   SECG_RHYTHM_SVT_RUN, SECG_RHYTHM_PAUSE,
        SECG_RHYTHM_BIGEMINY,    SECG_RHYTHM_TRIGEMINY, SECG_RHYTHM_PVC,     SECG_RHYTHM_SVE,
        SECG_RHYTHM_MISSED_BEAT, SECG_RHYTHM_IRREGULAR};
    static const secg_rhythm_kind all[] = {SECG_RHYTHM_RUN, SECG_RHYTHM_SVT_RUN, SECG_RHYTHM_PAUSE,
                                           SECG_RHYTHM_COUPLET};
    chosen list = {.count = 0};
    for (size_t k = 0; k < sizeof each / sizeof *each; k++)
        choose_kind(s, each[k], 1, &list);
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        choose_kind(s, all[k], MOST_STRIPS, &list);
    choose_kind(s, SECG_RHYTHM_PVC, 2, &list);
    choose_kind(s, SECG_RHYTHM_SVE, 2, &list);
    qsort(list.event, list.count, sizeof *list.event, by_place);
    return list;
}

/* A bar over the time of the event, at the upper edge of its paper. */
static void mark_event(cairo_t *cr, const secg_book *book, const secg_rhythm *r, int64_t from,
                       secg_box box)
{
    double pt_per_sample = SECG_PT_PER_S / book->rate_hz, right = box.x + box.width;
    double start = box.x + (double)(r->start - from) * pt_per_sample - 4;
    double end = box.x + (double)(r->end - from) * pt_per_sample + 4;
    secg_ink_line(cr, secg_ink_accent, 1.8, fmax(start, box.x), box.y + 3, fmin(end, right),
                  box.y + 3);
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
             r->beats, r->beats == 1 ? "" : "s", book->rhythm_lead.name);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, sheet->body.x + w + 10, y + 10, 0, text);
    secg_box box = {left, y + 15, strip_s * SECG_PT_PER_S, row_mm * SECG_PT_PER_MM};
    secg_piece piece = secg_piece_read(book, from, strip_s);
    if (piece.status == SECG_OK) {
        secg_paper_grid(
            sheet->cr,
            (secg_box){sheet->body.x, box.y, left - sheet->body.x + box.width, box.height}, left,
            box.y);
        if (book->summary->calibrated)
            secg_paper_calibration(sheet->cr, left, box.y + box.height / 2);
        secg_strip_lead(sheet->cr, book, &piece, &book->rhythm_lead, 0, strip_s, box, box);
        secg_strip_labels(sheet->cr, book, &piece, left, box.y + box.height + 7);
        mark_event(sheet->cr, book, r, from, box);
    } else {
        secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, left, y + 28, 0,
                       "The tracing could not be read here.");
    }
    secg_piece_free(&piece);
}

static const double strip_mm = 30, strip_head_pt = 15, strip_foot_pt = 12, remark_pt = 14;

static size_t strips_on_a_page(const secg_book *book)
{
    double each = strip_head_pt + strip_mm * SECG_PT_PER_MM + strip_foot_pt;
    return (size_t)((secg_book_body_height(book, 0) - remark_pt) / each);
}

static void draw_event_strips(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    chosen list = choose_strips(book->summary);
    size_t first = sheet->page->start.row, last = first + strips_on_a_page(book);
    char filter[96], text[256];
    secg_piece_filter_text(book, filter, sizeof filter);
    snprintf(text, sizeof text,
             "%zu of %zu events, two seconds before each and four after its first beat.  "
             "25 mm/s, %s, %s, %s.",
             list.count, book->summary->rhythms,
             book->summary->calibrated ? "10 mm/mV" : "uncalibrated: scaled to fit", filter,
             secg_format_placement(book));
    secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, sheet->body.x, sheet->body.y + 8,
                   sheet->body.width, text);
    sheet->body.y += remark_pt;
    for (size_t i = first; i < list.count && i < last; i++) {
        draw_event_strip(sheet, &book->summary->rhythm[list.event[i]], strip_mm);
        sheet->body.y += strip_head_pt + strip_mm * SECG_PT_PER_MM + strip_foot_pt;
    }
}

void secg_plan_events(secg_book *book)
{
    secg_book_add_section(book, (secg_page){.title = "Rhythm events", .draw = draw_events},
                          event_section);
    if (!book->options->tracing.read || book->leads == 0 || !(book->rate_hz > 0))
        return;
    size_t count = choose_strips(book->summary).count, most = strips_on_a_page(book);
    for (size_t first = 0; first < count; first += most)
        secg_book_add(book, (secg_page){.title = "Rhythm event strips",
                                        .opens = first == 0,
                                        .draw = draw_event_strips,
                                        .start = {0, first}});
}
