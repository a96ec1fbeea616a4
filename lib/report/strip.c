#include "report/strip.h"

#include "report/pen.h"

#include <stressecg/display.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The lead-in, three time constants of the 0.05 Hz corner: what is left of the level that the
 * filter began with is a twentieth, and falls by a line's width over the strip. */
static const double settle_s = 10;

static secg_display_config display_config(const secg_book *book)
{
    const secg_summary *s = book->summary;
    int mains = s->mains_hz == 50 || s->mains_hz == 60 ? s->mains_hz : 0;
    return (secg_display_config){.rate_hz = book->rate_hz,
                                 .channels = s->signal ? s->signal->channels : 0,
                                 .mains_hz = mains};
}

void secg_strip_filter_text(const secg_book *book, char *text, size_t size)
{
    secg_display_config config = display_config(book);
    secg_display_text(&config, text, size);
}

void secg_strip_free(secg_strip *strip)
{
    free(strip->mv);
    strip->mv = NULL;
}

/* Frames of channels to rows of leads; derived ones from I and II.  Skips the lead-in. */
static void split_leads(const secg_book *book, const float *frames, size_t channels, size_t skip,
                        secg_strip *strip)
{
    for (size_t k = 0; k < strip->leads; k++) {
        const secg_lead_source *source = &book->summary->lead[k];
        float *out = strip->mv + k * strip->frames;
        for (size_t n = 0; n < strip->frames; n++) {
            const float *frame = frames + (n + skip) * channels;
            out[n] = source->channel >= 0 ? frame[source->channel]
                                          : source->from_i * frame[source->channel_i] +
                                                source->from_ii * frame[source->channel_ii];
        }
    }
}

/* Filters in place and takes the delay out: frame n shows frame n again, the last ones are gone. */
static secg_status filter_frames(const secg_book *book, size_t frames, size_t channels, float *mv)
{
    secg_display_config config = display_config(book);
    secg_display *display;
    secg_status status = secg_display_create(&config, &display, NULL);
    if (status != SECG_OK)
        return status;
    size_t delay = (size_t)secg_display_delay_samples(display);
    secg_display_run(display, mv, mv, frames);
    secg_display_destroy(display);
    size_t kept = delay < frames ? frames - delay : 0;
    memmove(mv, mv + delay * channels, kept * channels * sizeof *mv);
    for (size_t i = kept * channels; i < frames * channels; i++)
        mv[i] = NAN;
    return SECG_OK;
}

/* What the piece is cut from: the lead-in before it, and the delay of the filter after it. */
typedef struct window {
    int64_t begin;
    size_t frames;
} window;

static window window_for(const secg_book *book, int64_t from, size_t frames)
{
    int64_t margin = (int64_t)(settle_s * book->rate_hz), last = book->summary->frames;
    int64_t begin = from > margin ? from - margin : 0;
    int64_t end = from + (int64_t)frames + (int64_t)(0.5 * book->rate_hz);
    end = end < last ? end : last;
    return (window){begin, (size_t)(end - begin)};
}

secg_strip secg_strip_read(const secg_book *book, int64_t from, double seconds)
{
    const secg_summary *s = book->summary;
    const secg_tracing *tracing = &book->options->tracing;
    secg_strip strip = {.status = SECG_E_UNSUPPORTED, .from = from, .rate_hz = book->rate_hz};
    int64_t left = s->frames - from, wanted = (int64_t)lround(seconds * book->rate_hz);
    if (!tracing->read || !s->signal || book->leads == 0 || left <= 0 || wanted <= 0)
        return strip;
    size_t channels = (size_t)s->signal->channels;
    strip.leads = s->leads;
    strip.frames = (size_t)(wanted < left ? wanted : left);
    window w = window_for(book, from, strip.frames);
    float *mv = malloc(w.frames * channels * sizeof *mv);
    strip.mv = malloc(strip.frames * strip.leads * sizeof *strip.mv);
    strip.status = mv && strip.mv ? SECG_OK : SECG_E_MEMORY;
    if (strip.status == SECG_OK)
        strip.status = tracing->read(tracing->context, w.begin, w.frames, mv);
    if (strip.status == SECG_OK)
        strip.status = filter_frames(book, w.frames, channels, mv);
    if (strip.status == SECG_OK)
        split_leads(book, mv, channels, (size_t)(from - w.begin), &strip);
    free(mv);
    return strip;
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Median, and the spread from the 0.5th to the 99.5th percentile, of what is finite. */
static int robust_range(const float *mv, size_t frames, double *middle, double *spread)
{
    enum { MOST = 2000 };
    float sorted[MOST];
    size_t step = frames / MOST + 1, count = 0;
    for (size_t n = 0; n < frames && count < MOST; n += step)
        if (isfinite(mv[n]))
            sorted[count++] = mv[n];
    if (count == 0)
        return 0;
    qsort(sorted, count, sizeof *sorted, by_value);
    *middle = (double)sorted[count / 2];
    *spread = (double)sorted[count - 1 - count / 200] - (double)sorted[count / 200];
    return 1;
}

/* A wedge at the edge of the row, pointing to where the tracing went. */
static void mark_clipped(cairo_t *cr, double x, double edge, double direction)
{
    cairo_move_to(cr, x, edge);
    cairo_line_to(cr, x - 1.6, edge - direction * 3.2);
    cairo_line_to(cr, x + 1.6, edge - direction * 3.2);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void mark_excursions(cairo_t *cr, const float *mv, size_t frames, double x0, double pt_per_n,
                            double middle, double zero_y, double gain, secg_box box)
{
    double last = -1e9;
    for (size_t n = 0; n < frames; n++) {
        double x = x0 + (double)n * pt_per_n, y = zero_y - ((double)mv[n] - middle) * gain;
        if (x < last + 6 || (y >= box.y && y <= box.y + box.height) || isnan(y))
            continue;
        mark_clipped(cr, x, y < box.y ? box.y : box.y + box.height, y < box.y ? -1 : 1);
        last = x;
    }
}

void secg_strip_lead(cairo_t *cr, const secg_book *book, const secg_strip *strip, size_t lead,
                     double from_s, double seconds, secg_box box)
{
    size_t first = (size_t)lround(from_s * strip->rate_hz);
    size_t last = (size_t)lround((from_s + seconds) * strip->rate_hz) + 1;
    last = last < strip->frames ? last : strip->frames;
    if (first >= last)
        return;
    const float *whole = strip->mv + lead * strip->frames, *mv = whole + first;
    double middle, spread, zero_y = box.y + box.height / 2;
    if (!robust_range(whole, strip->frames, &middle, &spread))
        return;
    double gain =
        book->summary->calibrated ? SECG_PT_PER_MV : 0.6 * box.height / fmax(spread, 1e-6);
    double pt_per_n = SECG_PT_PER_S / strip->rate_hz;
    double x0 = box.x + ((double)first / strip->rate_hz - from_s) * SECG_PT_PER_S;
    secg_pen pen;
    cairo_save(cr);
    cairo_rectangle(cr, box.x, box.y, box.width, box.height);
    cairo_clip(cr);
    secg_pen_start(&pen, cr, 0.15);
    for (size_t n = 0; n < last - first; n++)
        secg_pen_to(&pen, x0 + (double)n * pt_per_n, zero_y - ((double)mv[n] - middle) * gain);
    secg_pen_finish(&pen);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(cr, 0.75);
    secg_ink_set(cr, secg_ink_black);
    cairo_stroke(cr);
    mark_excursions(cr, mv, last - first, x0, pt_per_n, middle, zero_y, gain, box);
    cairo_restore(cr);
}

/* Up to six leads: a row of ten seconds each.  More: four columns of 2.5 s, three or more rows,
 * and the rhythm lead below.  Rows are whole multiples of 5 mm, so that every row has its own
 * heavy line in the middle. */
secg_strip_form secg_strip_form_for(size_t leads, double room_mm)
{
    secg_strip_form form = {.rows = (int)leads, .columns = 1, .rhythm = 0};
    if (leads > 6) {
        form.columns = 4;
        form.rows = (int)(leads + 3) / 4;
        form.rhythm = 1;
    }
    int rows = form.rows + form.rhythm;
    double most = leads <= 1 ? 40 : leads <= 3 ? 30 : 40;
    form.row_mm = fmin(most, 10 * floor(room_mm / rows / 10));
    if (form.row_mm < 10)
        form.row_mm = 10;
    return form;
}

static void column_tick(cairo_t *cr, double x, double y)
{
    secg_ink_line(cr, secg_ink_black, 0.8, x, y - 2.5 * SECG_PT_PER_MM, x,
                  y + 2.5 * SECG_PT_PER_MM);
}

static void draw_row(secg_sheet *sheet, const secg_strip *strip, secg_strip_form form, int row,
                     double x, double y)
{
    const secg_book *book = sheet->book;
    double height = form.row_mm * SECG_PT_PER_MM, middle = y + height / 2;
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
        secg_strip_lead(sheet->cr, book, strip, lead, c * seconds, seconds, box);
        secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, box.x + 3,
                       y + fmin(0.16 * height + 4, 20), 60, book->summary->lead[lead].name);
    }
}

void secg_strip_block(secg_sheet *sheet, const secg_strip *strip, secg_strip_form form, double x,
                      double y, double calibration_mm)
{
    int rows = form.rows + form.rhythm;
    double left = x + calibration_mm * SECG_PT_PER_MM, height = form.row_mm * SECG_PT_PER_MM;
    secg_box paper = {x, y, left - x + 10 * SECG_PT_PER_S, rows * height};
    secg_paper_grid(sheet->cr, paper, left, y);
    for (int row = 0; row < rows; row++) {
        double top = y + row * height;
        if (sheet->book->summary->calibrated)
            secg_paper_calibration(sheet->cr, left, top + height / 2);
        draw_row(sheet, strip, form, row, left, top);
    }
}
