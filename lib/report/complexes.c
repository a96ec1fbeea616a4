/* Average complexes of every lead at rest, at peak exercise and in recovery, side by side, on paper
 * of true scale, with the complex at rest in gray behind the later ones.
 *
 * Each is drawn against its own isoelectric level, which is the zero of its paper, so that the
 * distance of the ST mark from that line is the level printed below it, 10 mm for 1 mV. */
#include "report/format.h"
#include "report/pen.h"

#include <math.h>
#include <stdio.h>

enum { MAX_SHOWN = 4, LEADS_PER_COLUMN = 6, LEADS_PER_PAGE = 2 * LEADS_PER_COLUMN };

static const double cell_mm = 20; /* 800 ms */
static const double before_r_s = 0.28;

typedef struct shown {
    int stage[MAX_SHOWN]; /* index in summary->stage */
    int count;
} shown;

static int has_complex(const secg_summary *s, size_t stage)
{
    const secg_stage_summary *row = &s->stage[stage];
    if (!row->complex || !row->complex_mv)
        return 0;
    for (size_t k = 0; k < s->leads; k++)
        if (row->complex[k].samples > 0)
            return 1;
    return 0;
}

static void show(shown *list, int stage)
{
    for (int i = 0; i < list->count; i++)
        if (list->stage[i] == stage)
            return;
    if (stage >= 0 && list->count < MAX_SHOWN)
        list->stage[list->count++] = stage;
}

static int find_stage(const secg_summary *s, secg_phase phase, int last)
{
    int found = -1;
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase == phase && has_complex(s, i) && (last || found < 0))
            found = (int)i;
    return found;
}

/* Last before exercise, last of exercise, first and last of recovery; of a plain recording the
 * first and the last. */
static shown choose(const secg_summary *s)
{
    shown list = {.count = 0};
    show(&list, find_stage(s, SECG_PHASE_NONE, 0));
    show(&list, find_stage(s, SECG_PHASE_NONE, 1));
    show(&list, find_stage(s, SECG_PHASE_PRETEST, 1));
    show(&list, find_stage(s, SECG_PHASE_EXERCISE, 1));
    show(&list, find_stage(s, SECG_PHASE_RECOVERY, 0));
    show(&list, find_stage(s, SECG_PHASE_RECOVERY, 1));
    return list;
}

typedef struct placed {
    const secg_complex *complex;
    const float *mv;
    double r_x, zero_y; /* where R, and the isoelectric level, are on the page */
    double gain;        /* points per mV */
    double left, right; /* edges of the paper */
} placed;

static double x_of_ms(const placed *p, double ms)
{
    return p->r_x + ms / 1000 * SECG_PT_PER_S;
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
                    p->zero_y - ((double)p->mv[n] - zero_mv(p->complex)) * p->gain);
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
    double y = p->zero_y - (level_at_ms(p, ms) - zero_mv(p->complex)) * p->gain;
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
    if (isfinite(c->isoelectric_from_ms) && isfinite(c->isoelectric_to_ms))
        secg_ink_line(cr, secg_ink_accent, 1.6, x_of_ms(p, (double)c->isoelectric_from_ms),
                      p->zero_y, x_of_ms(p, (double)c->isoelectric_to_ms), p->zero_y);
    tick(cr, p, (double)c->j_ms, 5, 5);
    double ms = st_point_ms(c), level = level_at_ms(p, ms);
    if (!isfinite(ms) || !isfinite(level) || c->st.why != SECG_MEASURED)
        return;
    secg_ink_set(cr, secg_ink_accent);
    cairo_arc(cr, x_of_ms(p, ms), p->zero_y - (level - zero_mv(c)) * p->gain, 1.5, 0, 6.2832);
    cairo_fill(cr);
}

static placed place(const secg_summary *s, int stage, size_t lead, secg_box paper, double gain)
{
    placed p = {.complex = &s->stage[stage].complex[lead],
                .mv = s->stage[stage].complex_mv + lead * s->complex_capacity,
                .r_x = paper.x + before_r_s * SECG_PT_PER_S,
                .zero_y = paper.y + paper.height / 2,
                .gain = gain,
                .left = paper.x,
                .right = paper.x + paper.width};
    return p;
}

/* Without calibration one scale for the leads of a page: the tallest complex fills its paper. */
static double gain_for(const secg_summary *s, const shown *list, double height)
{
    if (s->calibrated)
        return SECG_PT_PER_MV;
    double most = 1e-6;
    for (int i = 0; i < list->count; i++)
        for (size_t k = 0; k < s->leads; k++) {
            placed p = place(s, list->stage[i], k, (secg_box){0, 0, 0, 0}, 1);
            for (uint32_t n = 0; n < p.complex->samples; n++)
                most = fmax(most, fabs((double)p.mv[n] - zero_mv(p.complex)));
        }
    return 0.45 * height / most;
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
        secg_format_append(text, sizeof text, "%+.1f",
                           round((double)st->slope_mv_s * 10) / 10 + 0.0);
    secg_text_line(sheet->cr, SECG_TEXT_CELL, SECG_RIGHT, x + width - 1, y, width / 2, text);
    snprintf(text, sizeof text, "%u b", p->complex->beats);
    if (isfinite(p->complex->noise_mv))
        secg_format_append(text, sizeof text, "  %.0f \xc2\xb5V",
                           (double)p->complex->noise_mv * 1000);
    secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x, y + 7.5, width, text);
}

static void draw_cell(secg_sheet *sheet, const shown *list, int i, size_t lead, secg_box paper,
                      double gain)
{
    const secg_summary *s = sheet->book->summary;
    placed p = place(s, list->stage[i], lead, paper, gain);
    cairo_t *cr = sheet->cr;
    secg_paper_grid(cr, paper, paper.x, paper.y + paper.height / 2);
    if (p.complex->samples == 0 || !(p.complex->rate_hz > 0)) {
        char text[16];
        secg_why why = p.complex->st.why ? (secg_why)p.complex->st.why : SECG_WHY_FEW_BEATS;
        secg_format_missing(sheet, why, text, sizeof text);
        secg_text_line(cr, SECG_TEXT_CELL, SECG_LEFT, paper.x, paper.y + paper.height + 8,
                       paper.width, text);
        return;
    }
    cairo_save(cr);
    cairo_rectangle(cr, paper.x, paper.y, paper.width, paper.height);
    cairo_clip(cr);
    placed rest = place(s, list->stage[0], lead, paper, gain);
    if (i > 0 && rest.complex->samples > 0)
        curve(cr, &rest, secg_ink_rule, 0.9);
    curve(cr, &p, secg_ink_black, 0.9);
    marks(cr, &p);
    cairo_restore(cr);
    numbers(sheet, &p, paper.x, paper.y + paper.height + 8, paper.width);
}

static void column_heads(secg_sheet *sheet, const shown *list, double x, double step, double y)
{
    const secg_book *book = sheet->book;
    for (int i = 0; i < list->count; i++) {
        char text[40], bpm[24];
        secg_format_stage(book, list->stage[i], text, sizeof text);
        secg_text_line(sheet->cr, SECG_TEXT_CELL_STRONG, SECG_LEFT, x + i * step, y, step - 3,
                       text);
        secg_value rate = book->summary->stage[list->stage[i]].bpm;
        if (rate.why == SECG_MEASURED) {
            snprintf(bpm, sizeof bpm, "%.0f bpm", (double)rate.value);
            secg_text_line(sheet->cr, SECG_TEXT_TINY, SECG_LEFT, x + i * step, y + 8, step - 3,
                           bpm);
        }
    }
}

static void draw_complexes(secg_sheet *sheet)
{
    const secg_book *book = sheet->book;
    shown list = choose(book->summary);
    size_t first = sheet->page->start.block, left = book->leads - first;
    size_t count = left < LEADS_PER_PAGE ? left : LEADS_PER_PAGE;
    double step = (cell_mm + 1) * SECG_PT_PER_MM, label = 18;
    double column = sheet->body.width / 2, top = sheet->body.y + 4;
    double below = 20, remark = 30, head = 22;
    double row = (sheet->body.height - remark - head) / LEADS_PER_COLUMN;
    double height = 10 * floor((row - below) / SECG_PT_PER_MM / 10) * SECG_PT_PER_MM;
    double gain = gain_for(book->summary, &list, height);

    top +=
        secg_text_block(sheet->cr, SECG_TEXT_SMALL, sheet->body.x, top, sheet->body.width, 3,
                        book->summary->calibrated
                            ? "25 mm/s, 10 mm/mV.  Black: average of the beats used; gray: the "
                              "first column, for comparison.  Bar: isoelectric level; stroke: J; "
                              "dot: ST point.  Below: ST level in mV, slope in mV/s; beats "
                              "averaged (b), residual rms noise."
                            : "25 mm/s, uncalibrated: one arbitrary scale for all leads.",
                        1) +
        4;
    for (size_t c = 0; c * LEADS_PER_COLUMN < count; c++)
        column_heads(sheet, &list, sheet->body.x + (double)c * column + label, step, top + 8);
    for (size_t k = 0; k < count; k++) {
        double x = sheet->body.x + (double)(k / LEADS_PER_COLUMN) * column;
        double y = top + head + (double)(k % LEADS_PER_COLUMN) * row;
        size_t lead = book->lead[first + k];
        secg_text_line(sheet->cr, SECG_TEXT_STRONG, SECG_LEFT, x, y + 9, label + 4,
                       book->summary->lead[lead].name);
        for (int i = 0; i < list.count; i++)
            draw_cell(sheet, &list, i, lead,
                      (secg_box){x + label + i * step, y, cell_mm * SECG_PT_PER_MM, height}, gain);
    }
}

void secg_plan_complexes(secg_book *book)
{
    if (choose(book->summary).count == 0)
        return;
    for (size_t first = 0; first < book->leads; first += LEADS_PER_PAGE)
        secg_book_add(book, (secg_page){.title = "Average complexes",
                                        .opens = first == 0,
                                        .draw = draw_complexes,
                                        .start = {first, 0}});
}
