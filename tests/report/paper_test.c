/* The paper is a ruler: what is drawn as 1 mV and 1 s must measure 10 mm and 25 mm on the page.
 * Pages are rasterised at 10 pixels a millimetre and measured there. */
#include "fixture.h"
#include "report/book.h"
#include "report/pen.h"
#include "report/strip.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PX_PER_MM = 10 };

typedef struct raster {
    cairo_surface_t *surface;
    const unsigned char *data;
    int width, height, stride;
} raster;

static raster rasterise(const secg_book *book, size_t page)
{
    double width, height, scale = PX_PER_MM / SECG_PT_PER_MM;
    secg_book_page_size(book, page, &width, &height);
    raster r = {.width = (int)(width * scale), .height = (int)(height * scale)};
    r.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, r.width, r.height);
    cairo_t *cr = cairo_create(r.surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    secg_book_draw(book, page, cr);
    cairo_destroy(cr);
    cairo_surface_flush(r.surface);
    r.data = cairo_image_surface_get_data(r.surface);
    r.stride = cairo_image_surface_get_stride(r.surface);
    return r;
}

/* Red and green of a pixel: the tracing is dark in both, the grid only in green. */
static int red(const raster *r, int x, int y)
{
    return r->data[y * r->stride + 4 * x + 2];
}

static int green(const raster *r, int x, int y)
{
    return r->data[y * r->stride + 4 * x + 1];
}

static int is_ink(const raster *r, int x, int y)
{
    return red(r, x, y) < 110;
}

static size_t first_page_of(const secg_book *book, const char *title)
{
    for (size_t i = 0; i < book->pages; i++)
        if (strcmp(book->page[i].title, title) == 0)
            return i;
    cr_assert_fail("no page \"%s\"", title);
    return 0;
}

/* 5 Hz, 1 mV from zero to crest, in every channel: inside the band of any display filter. */
static secg_status sine(void *context, int64_t from, size_t frames, float *mv)
{
    const fixture *f = context;
    for (size_t n = 0; n < frames; n++)
        for (int k = 0; k < f->signal.channels; k++)
            mv[n * (size_t)f->signal.channels + (size_t)k] = (float)sin(
                2 * 3.14159265358979 * 5 * (double)(from + (int64_t)n) / f->signal.rate_hz);
    return SECG_OK;
}

/* Rows of ink in a band of columns: first and last, and whether there was any. */
static int ink_rows(const raster *r, int x1, int x2, int y1, int y2, int *first, int *last)
{
    *first = -1;
    for (int y = y1; y < y2; y++)
        for (int x = x1; x < x2; x++)
            if (is_ink(r, x, y)) {
                *first = *first < 0 ? y : *first;
                *last = y;
            }
    return *first >= 0;
}

/* Centre of the run of ink that begins at `from`, along a row (1) or a column (0), going in
 * `direction`. */
static double run_centre(const raster *r, int from, int other, int along_row, int direction)
{
    int to = from;
    while (along_row ? is_ink(r, to + direction, other) : is_ink(r, other, to + direction))
        to += direction;
    return (from + to) / 2.0;
}

/* The same from a PNG of 10 pixels a millimetre, as it was written to a file. */
static raster read_png(const char *path)
{
    raster r = {.surface = cairo_image_surface_create_from_png(path)};
    cr_assert_eq(cairo_surface_status(r.surface), CAIRO_STATUS_SUCCESS, "%s", path);
    r.width = cairo_image_surface_get_width(r.surface);
    r.height = cairo_image_surface_get_height(r.surface);
    r.data = cairo_image_surface_get_data(r.surface);
    r.stride = cairo_image_surface_get_stride(r.surface);
    return r;
}

static raster rasterise_by_png(const fixture *f, size_t page)
{
    char folder[] = "/tmp/stressecg-paper-XXXXXX", path[64], name[96];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/page", folder);
    cr_assert_eq(
        secg_report_write_png(&f->summary, &f->order, &f->options, 25.4 * PX_PER_MM, path, NULL),
        SECG_OK);
    snprintf(name, sizeof name, "%s-%03zu.png", path, page + 1);
    raster r = read_png(name);
    for (size_t i = 1; i < 1000; i++) {
        snprintf(name, sizeof name, "%s-%03zu.png", path, i);
        if (unlink(name) != 0)
            break;
    }
    rmdir(folder);
    return r;
}

typedef struct strip_page {
    fixture f;
    secg_book book;
    raster r;
    int left, top; /* corner of the paper, px */
    double calibration_mm;
} strip_page;

static void open_strip_page(strip_page *p, secg_paper paper, int by_png)
{
    fixture_recording(&p->f, 1, 500, 1);
    p->f.summary.mains_hz = 0;
    p->f.summary.beats = 0; /* no labels in the way */
    p->f.options.paper = paper;
    p->f.options.tracing.read = sine;
    p->f.options.state = SECG_REPORT_FINAL; /* no watermark in the way */
    cr_assert_eq(secg_book_open(&p->book, &p->f.summary, &p->f.order, &p->f.options), SECG_OK);
    size_t page = first_page_of(&p->book, "ECG strips");
    p->r = by_png ? rasterise_by_png(&p->f, page) : rasterise(&p->book, page);
    /* The paper's corner: the first pixel with a grid tint, below the caption. */
    double mm = paper == SECG_PAPER_A4 ? 10 : 9;
    double page_mm = paper == SECG_PAPER_A4 ? 297 : 279.4;
    p->calibration_mm = mm;
    p->left = (int)lround((page_mm - 250 - mm) / 2 * PX_PER_MM);
    p->top = 0;
    int x = p->left + 3;
    for (int y = 150; y < 400 && p->top == 0; y++)
        if (green(&p->r, x, y) < 200 && red(&p->r, x, y) > 200)
            p->top = y;
    cr_assert_gt(p->top, 0);
}

static void close_strip_page(strip_page *p)
{
    cairo_surface_destroy(p->r.surface);
    secg_book_close(&p->book);
    fixture_free(&p->f);
}

struct surface {
    secg_paper paper;
    int by_png;
};
ParameterizedTestParameters(paper, one_millivolt_and_one_second)
{
    static struct surface row[] = {
        {SECG_PAPER_A4, 0}, {SECG_PAPER_LETTER, 0}, {SECG_PAPER_A4, 1}, {SECG_PAPER_LETTER, 1}};
    return cr_make_param_array(struct surface, row, 4);
}
ParameterizedTest(struct surface *on, paper, one_millivolt_and_one_second)
{
    strip_page p;
    open_strip_page(&p, on->paper, on->by_png);
    const raster *r = &p.r;
    int row = 40 * PX_PER_MM; /* one lead: rows of 40 mm */

    /* Calibration pulse: its plateau over its foot, and its two flanks, line centre to centre. */
    int pulse_left = p.left, pulse_right = p.left + (int)(p.calibration_mm * PX_PER_MM) - 3;
    int high, low, first, last;
    cr_assert(ink_rows(r, pulse_left, pulse_right, p.top, p.top + row, &high, &low));
    double plateau = run_centre(r, high, (pulse_left + pulse_right) / 2, 0, 1);
    double foot = run_centre(r, low, pulse_right, 0, -1);
    cr_expect_float_eq(foot - plateau, 10 * PX_PER_MM, 1, "1 mV: %g px", foot - plateau);
    int middle = (high + low) / 2;
    for (first = pulse_left; !is_ink(r, first, middle);)
        first++;
    for (last = pulse_right; !is_ink(r, last, middle);)
        last--;
    double width = run_centre(r, last, middle, 1, -1) - run_centre(r, first, middle, 1, 1);
    cr_expect_float_eq(width, 5 * PX_PER_MM, 0.5, "200 ms: %g px", width);

    /* The sine: 20 mm from trough to crest, crests 5 mm apart. */
    int from = p.left + (int)(p.calibration_mm * PX_PER_MM), to = from + 250 * PX_PER_MM;
    cr_assert(ink_rows(r, from + 200, to - 20, p.top, p.top + row, &high, &low));
    cr_expect_float_eq(low - high, 20 * PX_PER_MM + 2.6, 2.0, "sine %d px", low - high);
    double crest[60];
    int crests = 0;
    for (int x = from + 100; x < to - 20; x++)
        if (is_ink(r, x, high + 1)) {
            int end = x;
            while (is_ink(r, end + 1, high + 1))
                end++;
            crest[crests++] = (x + end) / 2.0;
            x = end + 10;
        }
    cr_assert_gt(crests, 40);
    cr_expect_float_eq((crest[crests - 1] - crest[0]) / (crests - 1), 5 * PX_PER_MM, 0.05);

    /* The grid: heavy lines each 5 mm, darker than the fine ones each millimetre. */
    int y = p.top + 7;
    for (int mm = 1; mm < 100; mm++) {
        int x = from + mm * PX_PER_MM, darkest = 255, between = green(r, x + PX_PER_MM / 2, y);
        for (int d = -2; d <= 2; d++)
            darkest = green(r, x + d, y) < darkest ? green(r, x + d, y) : darkest;
        cr_expect_lt(darkest, between - 15, "no line at %d mm", mm);
        cr_expect_eq(darkest < 190, mm % 5 == 0, "weight of the line at %d mm: %d", mm, darkest);
    }
    close_strip_page(&p);
}

/* Ink of a page within a rectangle of millimetres, in millimetres: its upper and lower edge. */
static int ink_mm(const raster *r, double left, double right, double top, double bottom,
                  double *first, double *last)
{
    int from = 0, to = 0;
    int found = ink_rows(r, (int)(left * PX_PER_MM), (int)(right * PX_PER_MM),
                         (int)(top * PX_PER_MM), (int)(bottom * PX_PER_MM), &from, &to);
    *first = (double)from / PX_PER_MM;
    *last = (double)to / PX_PER_MM;
    return found;
}

static raster page_of_sine(fixture *f, secg_book *book, const char *title)
{
    f->summary.mains_hz = 0;
    f->options.tracing.read = sine;
    f->options.state = SECG_REPORT_FINAL;
    cr_assert_eq(secg_book_open(book, &f->summary, &f->order, &f->options), SECG_OK);
    return rasterise(book, first_page_of(book, title));
}

/* Event strips: the sine is 20 mm from trough to crest there too, 1 mV is 10 mm. */
Test(paper, event_strips_to_scale)
{
    fixture f;
    secg_book book;
    double high, low;
    fixture_recording(&f, 1, 500, 1);
    f.summary.beats = 0;
    f.rhythm[0].start = f.rhythm[0].end = 5000; /* the mark of the event lies above, at 2 s */
    raster r = page_of_sine(&f, &book, "Rhythm event strips");
    double top = (40 + 12 + 14 + 15) / SECG_PT_PER_MM, left = 10 + 10; /* margin, calibration */
    cr_assert(ink_mm(&r, left + 80, left + 140, top, top + 30, &high, &low));
    cr_expect_float_eq(low - high, 20 + 0.26, 0.2, "%g mm", low - high);
    cr_assert(ink_mm(&r, 10.5, left - 0.5, top, top + 30, &high, &low));
    cr_expect_float_eq(low - high, 10 + 0.28, 0.1, "calibration: %g mm", low - high);
    cairo_surface_destroy(r.surface);
    secg_book_close(&book);
    fixture_free(&f);
}

/* Full disclosure: 5 mm/mV, and a minute as long as it says. */
Test(paper, full_disclosure_to_scale)
{
    fixture f;
    secg_book book;
    double high, low;
    fixture_recording(&f, 1, 500, 1);
    f.summary.beats = f.summary.rhythms = f.summary.stages = 0;
    f.options.disclosure_max_min = 100;
    raster r = page_of_sine(&f, &book, "Full disclosure");
    double top = (40 + 12 + 12) / SECG_PT_PER_MM, left = 10 + 19; /* margin, names */
    cr_assert(ink_mm(&r, left + 20, left + 200, top, top + 15, &high, &low));
    cr_expect_float_eq(low - high, 10 + 0.18, 0.3, "%g mm", low - high);
    int y = (int)((high + low) / 2 * PX_PER_MM), last = r.width - 1;
    while (last > 0 && !is_ink(&r, last, y))
        last--;
    double width = (double)last / PX_PER_MM - left;
    cr_expect_float_eq(width, 60 * 4.25, 0.5, "a minute: %g mm", width);
    cairo_surface_destroy(r.surface);
    secg_book_close(&book);
    fixture_free(&f);
}

/* In the Cabrera order aVR is turned round, and so called: what points down there points up. */
Test(paper, cabrera_turns_avr_round)
{
    static const char *const names[] = {"aVL", "I",  "-aVR", "II", "aVF", "III",
                                        "V1",  "V2", "V3",   "V4", "V5",  "V6"};
    fixture f;
    secg_book book;
    fixture_bruce(&f, 1, 60);
    f.options.lead_order = SECG_LEADS_CABRERA;
    cr_assert_eq(secg_book_open(&book, &f.summary, &f.order, &f.options), SECG_OK);
    cr_assert_eq(book.leads, 12);
    for (int k = 0; k < 12; k++) {
        cr_expect_str_eq(book.strip_lead[k].name, names[k]);
        cr_expect_float_eq(book.strip_lead[k].sign, k == 2 ? -1 : 1, 0);
    }
    cr_expect_eq(f.summary.lead[book.lead[3]].lead, SECG_LEAD_AVR,
                 "tables keep the standard order");
    secg_book_close(&book);
    fixture_free(&f);
}

/* Whatever the number of leads: each is shown once, in rows that fit the page. */
Test(paper, forms_of_strips)
{
    for (size_t leads = 1; leads <= SECG_MAX_LEADS; leads++)
        for (int layout = 0; layout <= SECG_STRIPS_1_COLUMN; layout++) {
            secg_strip_form form = secg_strip_form_for(leads, (secg_strip_layout)layout, 165);
            cr_expect_geq((size_t)(form.rows * form.columns), leads);
            cr_expect_lt((size_t)((form.rows - 1) * form.columns), leads + (size_t)form.columns);
            cr_expect_eq(form.rhythm, form.columns > 1, "ten seconds of one lead, at least");
            cr_expect_leq((form.rows + form.rhythm) * form.row_mm, 165, "%zu leads: %g mm", leads,
                          (form.rows + form.rhythm) * form.row_mm);
        }
}

/* A curve that fits keeps the middle; a tall one moves by whole heavy squares; what fits nowhere
 * stays in the middle. */
Test(paper, zero_line)
{
    cr_expect_float_eq(secg_paper_zero_mm(40, 12, -8), 20, 1e-9);
    cr_expect_float_eq(secg_paper_zero_mm(40, 24, -8), 25, 1e-9);
    cr_expect_float_eq(secg_paper_zero_mm(40, 5, -28), 10, 1e-9);
    cr_expect_float_eq(secg_paper_zero_mm(40, 60, -60), 20, 1e-9);
    for (double up = 0; up <= 30; up += 1)
        for (double down = 0; up + down <= 30; down += 1) {
            double zero = secg_paper_zero_mm(40, up, -down);
            cr_expect(zero >= up && 40 - zero >= down, "%g up, %g down: zero %g", up, down, zero);
            cr_expect_float_eq(fmod(zero, 5), 0, 1e-9);
        }
}

/* Thinning keeps what the eye keeps: a single sample that sticks out of ten thousand. */
Test(paper, thinning_keeps_the_extremes)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *cr = cairo_create(surface);
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.5);
    for (int n = 0; n < 10000; n++)
        secg_pen_to(&pen, n * 0.01, n == 4321 ? -77 : n == 4322 ? 55 : sin(n * 0.01));
    secg_pen_finish(&pen);
    double x1, y1, x2, y2;
    cairo_path_extents(cr, &x1, &y1, &x2, &y2);
    cr_expect_float_eq(y1, -77, 0.01);
    cr_expect_float_eq(y2, 55, 0.01);
    cr_expect_float_eq(x2 - x1, 99.99, 0.1);
    cairo_path_t *path = cairo_copy_path(cr);
    cr_expect_lt(path->num_data, 2 * 4 * 210);
    cairo_path_destroy(path);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

/* No line is drawn across a time without values. */
Test(paper, gaps_lift_the_pen)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *cr = cairo_create(surface);
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.1);
    for (int n = 0; n < 300; n++)
        secg_pen_to(&pen, n, n >= 100 && n < 200 ? (double)NAN : n % 2);
    secg_pen_finish(&pen);
    int moves = 0;
    double last_x = 0;
    cairo_path_t *path = cairo_copy_path(cr);
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        double x = path->data[i + 1].point.x;
        if (path->data[i].header.type == CAIRO_PATH_MOVE_TO)
            moves++;
        else
            cr_expect_leq(x - last_x, 1.01, "a line of %g", x - last_x);
        last_x = x;
    }
    cr_expect_eq(moves, 2);
    cairo_path_destroy(path);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

/* A signal that comes and goes all day takes no more room than one that is there. */
Test(paper, gaps_narrower_than_a_column_do_not_fill_the_page)
{
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *cr = cairo_create(surface);
    secg_pen pen;
    secg_pen_start(&pen, cr, 0.5);
    for (int n = 0; n < 10000; n++)
        secg_pen_to(&pen, n * 0.01, n % 3 == 1 ? (double)NAN : n == 4322 ? 55 : sin(n * 0.01));
    secg_pen_finish(&pen);
    double x1, y1, x2, y2;
    cairo_path_extents(cr, &x1, &y1, &x2, &y2);
    cr_expect_float_eq(y2, 55, 0.01);
    cairo_path_t *path = cairo_copy_path(cr);
    cr_expect_lt(path->num_data, 2 * 5 * 210);
    cairo_path_destroy(path);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}
