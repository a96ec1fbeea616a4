/* One pango layout per text.  Layouts are made with hinting and metric rounding off, so that a
 * line has the same width on the PDF surface, on an image and when only measured: what fitted in
 * the plan fits on the page.
 *
 * Names come from outside.  Bytes that are no UTF-8 are replaced, half a character at the end
 * (of a text that filled its array) is dropped, control characters become blanks, and the paragraph direction is fixed to left to
 * right, so that an Arabic or Hebrew name is shaped as it should be yet stays in its field. */
#include "report/text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

const secg_ink secg_ink_black = {0.07, 0.07, 0.08};
const secg_ink secg_ink_gray = {0.25, 0.26, 0.28}; /* lighter ones dissolve in a fax */
const secg_ink secg_ink_accent = {0.05, 0.24, 0.40};
const secg_ink secg_ink_rule = {0.62, 0.63, 0.65};
const secg_ink secg_ink_faint = {0.80, 0.805, 0.81};
const secg_ink secg_ink_pale = {0.925, 0.93, 0.935};

/* Names in order of preference; DejaVu has figures of one width, and most scripts. */
static const char FAMILIES[] = "DejaVu Sans Condensed,DejaVu Sans,Noto Sans,Sans";

typedef struct typeface {
    double size_pt, leading_pt;
    int bold;
    const secg_ink *ink;
} typeface;

static const typeface styles[SECG_TEXT_STYLES] = {
    [SECG_TEXT_TITLE] = {17, 21, 1, &secg_ink_accent},
    [SECG_TEXT_NAME] = {11, 13, 1, &secg_ink_black},
    [SECG_TEXT_HEADING] = {9, 12, 1, &secg_ink_accent},
    [SECG_TEXT_FIGURE] = {19, 22, 1, &secg_ink_black},
    [SECG_TEXT_BODY] = {8.5, 11, 0, &secg_ink_black},
    [SECG_TEXT_STRONG] = {8.5, 11, 1, &secg_ink_black},
    [SECG_TEXT_LABEL] = {7.5, 11, 0, &secg_ink_gray},
    [SECG_TEXT_CELL] = {7.5, 9.5, 0, &secg_ink_black},
    [SECG_TEXT_CELL_STRONG] = {7.5, 9.5, 1, &secg_ink_black},
    [SECG_TEXT_CELL_GRAY] = {7, 9.5, 0, &secg_ink_gray},
    [SECG_TEXT_SMALL] = {7, 9, 0, &secg_ink_gray},
    [SECG_TEXT_TINY] = {6.2, 7.5, 0, &secg_ink_gray},
};

void secg_ink_set(cairo_t *cr, secg_ink ink)
{
    cairo_set_source_rgb(cr, ink.red, ink.green, ink.blue);
}

void secg_ink_line(cairo_t *cr, secg_ink ink, double width, double x1, double y1, double x2,
                   double y2)
{
    secg_ink_set(cr, ink);
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
    cairo_stroke(cr);
}

double secg_text_leading(secg_text style)
{
    return styles[style].leading_pt;
}

/* Bytes up to a character that was cut in two at the end of the text, if there is one. */
static gssize without_half_character(const char *text)
{
    const char *end;
    size_t length = strlen(text);
    if (g_utf8_validate(text, -1, &end))
        return (gssize)length;
    size_t left = length - (size_t)(end - text);
    return g_utf8_get_char_validated(end, (gssize)left) == (gunichar)-2 ? end - text
                                                                        : (gssize)length;
}

static void set_clean_text(PangoLayout *layout, const char *text)
{
    text = text ? text : "";
    char *clean = g_utf8_make_valid(text, without_half_character(text));
    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    pango_layout_set_text(layout, clean, -1);
    g_free(clean);
}

static PangoLayout *make_layout(cairo_t *cr, double size_pt, int bold, const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoContext *context = pango_layout_get_context(layout);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);

    PangoFontDescription *font = pango_font_description_from_string(FAMILIES);
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    if (bold)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    set_clean_text(layout, text);
    return layout;
}

static double logical_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static double draw_line(cairo_t *cr, secg_text style, secg_align align, double x, double y,
                        double width, PangoEllipsizeMode leave_out, const char *text)
{
    PangoLayout *layout = make_layout(cr, styles[style].size_pt, styles[style].bold, text);
    double drawn = logical_width(layout);
    if (width > 0 && drawn > width) {
        pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        pango_layout_set_height(layout, 0);
        pango_layout_set_ellipsize(layout, leave_out);
        drawn = fmin(logical_width(layout), width);
    }
    if (align == SECG_RIGHT)
        x -= drawn;
    else if (align == SECG_CENTRE)
        x -= drawn / 2;
    secg_ink_set(cr, *styles[style].ink);
    cairo_move_to(cr, x, y - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
    g_object_unref(layout);
    return drawn;
}

double secg_text_line(cairo_t *cr, secg_text style, secg_align align, double x, double y,
                      double width, const char *text)
{
    return draw_line(cr, style, align, x, y, width, PANGO_ELLIPSIZE_END, text);
}

double secg_text_middle(cairo_t *cr, secg_text style, double x, double y, double width,
                        const char *text)
{
    return draw_line(cr, style, SECG_LEFT, x, y, width, PANGO_ELLIPSIZE_MIDDLE, text);
}

static int is_ascii(const char *text)
{
    while (*text && !(*text & 0x80))
        text++;
    return *text == '\0';
}

int secg_text_without_font(const char *text)
{
    if (is_ascii(text))
        return 0;
    cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    cairo_t *cr = cairo_create(nowhere);
    PangoLayout *layout = make_layout(cr, 10, 0, text);
    int count = pango_layout_get_unknown_glyphs_count(layout);
    g_object_unref(layout);
    cairo_destroy(cr);
    cairo_surface_destroy(nowhere);
    return count;
}

double secg_text_block(cairo_t *cr, secg_text style, double x, double top, double width, int lines,
                       const char *text, int draw)
{
    PangoLayout *layout = make_layout(cr, styles[style].size_pt, styles[style].bold, text);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_height(layout, -lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    int count = pango_layout_get_line_count(layout);
    if (draw) {
        double y = top + styles[style].leading_pt * 0.5 + styles[style].size_pt * 0.36;
        secg_ink_set(cr, *styles[style].ink);
        for (int i = 0; i < count; i++, y += styles[style].leading_pt) {
            cairo_move_to(cr, x, y);
            pango_cairo_show_layout_line(cr, pango_layout_get_line_readonly(layout, i));
        }
    }
    g_object_unref(layout);
    return count * styles[style].leading_pt;
}

double secg_text_width(cairo_t *cr, secg_text style, const char *text)
{
    PangoLayout *layout = make_layout(cr, styles[style].size_pt, styles[style].bold, text);
    double width = logical_width(layout);
    g_object_unref(layout);
    return width;
}

void secg_text_watermark(cairo_t *cr, double page_width, double page_height, const char *text)
{
    double diagonal = hypot(page_width, page_height);
    PangoLayout *layout = make_layout(cr, 10, 1, text);
    double scale = 0.62 * diagonal / fmax(logical_width(layout), 1);
    cairo_save(cr);
    cairo_translate(cr, page_width / 2, page_height / 2);
    cairo_rotate(cr, -atan2(page_height, page_width));
    cairo_scale(cr, scale, scale);
    secg_ink_set(cr, secg_ink_pale);
    cairo_move_to(cr, -logical_width(layout) / 2,
                  3.6 - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
    cairo_restore(cr);
    g_object_unref(layout);
}
