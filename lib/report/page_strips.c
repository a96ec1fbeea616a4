/* Ten seconds of all leads at the moments that matter: the end of each stage, the peak rate, and
 * wherever staff asked for a strip; of a plain recording its beginning and a few places through
 * it. */
#include "report/format.h"
#include "report/strip.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double seconds_per_strip = 10;
static const double caption_pt = 15, labels_pt = 8;

static void add_moment(secg_book *book, int64_t from, const char *label)
{
    int64_t length = (int64_t)lround(seconds_per_strip * book->rate_hz);
    if (from + length > book->summary->frames)
        from = book->summary->frames - length;
    if (from < 0)
        from = 0;
    if (book->moments == SECG_MAX_MOMENTS) {
        book->moments_left_out++;
        return;
    }
    secg_moment *moment = &book->moment[book->moments++];
    moment->from = from;
    snprintf(moment->label, sizeof moment->label, "%s", label);
}

static int already_shown(const secg_book *book, int64_t from)
{
    int64_t near = (int64_t)(5 * book->rate_hz);
    for (size_t i = 0; i < book->moments; i++)
        if (llabs(book->moment[i].from - from) < near)
            return 1;
    return 0;
}

static void stage_moments(secg_book *book)
{
    int64_t length = (int64_t)lround(seconds_per_strip * book->rate_hz);
    for (size_t i = 0; i < book->summary->stages; i++) {
        const secg_stage_summary *s = &book->summary->stage[i];
        char label[48], stage[40];
        if (s->end <= s->start)
            continue;
        secg_format_stage(book, (int)i, stage, sizeof stage);
        snprintf(label, sizeof label, "%s%s", stage,
                 s->phase == SECG_PHASE_RECOVERY ? "" : ", end");
        add_moment(book, s->end - length > s->start ? s->end - length : s->start, label);
    }
}

static void asked_moments(secg_book *book)
{
    const secg_summary *s = book->summary;
    int64_t length = (int64_t)lround(seconds_per_strip * book->rate_hz);
    if (s->peak_bpm.value.why == SECG_MEASURED && book->is_test &&
        !already_shown(book, s->peak_bpm.sample - length))
        add_moment(book, s->peak_bpm.sample - length, "Peak heart rate");
    for (size_t i = 0; i < s->facts; i++)
        if (s->fact[i].kind == SECG_FACT_STRIP && !already_shown(book, s->fact[i].sample - length))
            add_moment(book, s->fact[i].sample - length, "Asked for");
}

static void recording_moments(secg_book *book)
{
    enum { PLACES = 6 };
    int64_t length = (int64_t)lround(seconds_per_strip * book->rate_hz);
    for (int i = 0; i < PLACES; i++) {
        int64_t from = (book->summary->frames - length) / (PLACES - 1) * i;
        if (from >= 0 && (i == 0 || !already_shown(book, from)))
            add_moment(book, from, i == 0 ? "Beginning" : "Recording");
    }
    if (book->moments == 0 && book->summary->frames > 0)
        add_moment(book, 0, "Recording");
}

/* By time, whatever asked for them. */
static void sort_moments(secg_book *book)
{
    for (size_t i = 1; i < book->moments; i++) {
        secg_moment m = book->moment[i];
        size_t at = i;
        for (; at > 0 && book->moment[at - 1].from > m.from; at--)
            book->moment[at] = book->moment[at - 1];
        book->moment[at] = m;
    }
}

/* The paper is ten seconds wide; what the page leaves beside it carries the calibration. */
static double calibration_mm(const secg_book *book)
{
    return fmin(10, floor(book->long_pt / SECG_PT_PER_MM - 20 - 250));
}

static size_t strips_per_page(const secg_book *book, double room_pt, secg_strip_form *form)
{
    *form = secg_strip_form_for(book->leads, book->options->strip_layout,
                                (room_pt - caption_pt - labels_pt) / SECG_PT_PER_MM);
    double paper = (form->rows + form->rhythm) * form->row_mm * SECG_PT_PER_MM;
    double fit = floor(room_pt / (caption_pt + paper + labels_pt));
    return fit > 1 ? (size_t)fit : 1;
}

static void caption(secg_sheet *sheet, const secg_moment *moment, double x, double width, double y)
{
    const secg_book *book = sheet->book;
    int64_t end = moment->from + (int64_t)lround(seconds_per_strip * book->rate_hz);
    char text[200], at[40], clock[16], filter[96];
    double w =
        secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, x, y, width * 0.25, moment->label);
    secg_format_moment(book, moment->from, at, sizeof at);
    secg_format_time_of_day(book, moment->from, clock, sizeof clock);
    snprintf(text, sizeof text, "from %s%s%s   HR ", at, clock[0] ? ", " : "", clock);
    char bpm[16];
    secg_format_value(sheet, secg_format_rate_at(book->summary, end), 0, bpm, sizeof bpm);
    secg_format_append(text, sizeof text, "%s bpm", bpm);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_LEFT, x + w + 10, y, width * 0.36, text);
    secg_piece_filter_text(book, filter, sizeof filter);
    snprintf(text, sizeof text, "25 mm/s   %s   %s   %s",
             book->summary->calibrated ? "10 mm/mV" : "uncalibrated: scaled to fit", filter,
             secg_format_placement(book));
    secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_RIGHT, x + width, y, width * 0.5, text);
}

static void draw_strips(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    secg_strip_form form;
    size_t most = strips_per_page(book, sheet->body.height, &form);
    double left_mm = calibration_mm(book), width = left_mm * SECG_PT_PER_MM + 10 * SECG_PT_PER_S;
    double height = (form.rows + form.rhythm) * form.row_mm * SECG_PT_PER_MM;
    double x = sheet->body.x + (sheet->body.width - width) / 2, y = sheet->body.y;
    for (size_t i = 0; i < most && sheet->page->start.block + i < book->moments; i++) {
        const secg_moment *moment = &book->moment[sheet->page->start.block + i];
        secg_piece piece = secg_piece_read(book, moment->from, seconds_per_strip);
        caption(sheet, moment, x, width, y + 10);
        y += caption_pt;
        if (piece.status == SECG_OK) {
            secg_strip_block(sheet, &piece, form, x, y, left_mm);
        } else {
            char text[160];
            snprintf(text, sizeof text, "The tracing could not be read here: %s.",
                     secg_status_text(piece.status));
            secg_text_line(sheet->cr, SECG_TEXT_BODY, SECG_LEFT, x, y + 12, width, text);
        }
        secg_piece_free(&piece);
        y += height + labels_pt;
    }
}

void secg_plan_strips(secg_book *book)
{
    if (!book->options->tracing.read || book->leads == 0 || !(book->rate_hz > 0))
        return;
    if (book->is_test) {
        stage_moments(book);
        asked_moments(book);
    } else {
        recording_moments(book);
    }
    sort_moments(book);
    secg_strip_form form;
    size_t most = strips_per_page(book, secg_book_body_height(book, 1), &form);
    for (size_t i = 0; i < book->moments; i += most)
        secg_book_add(book, (secg_page){.title = "ECG strips",
                                        .landscape = 1,
                                        .opens = i == 0,
                                        .draw = draw_strips,
                                        .start = {i, 0}});
}
