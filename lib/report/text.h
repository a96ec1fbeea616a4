/* Text on a page: a fixed set of styles, always shaped by pango, never wider than its place. */
#ifndef SECG_REPORT_TEXT_H
#define SECG_REPORT_TEXT_H

#include <cairo.h>

typedef enum secg_text {
    SECG_TEXT_TITLE, /* of the document                                          */
    SECG_TEXT_NAME,  /* of the patient, in the head of every page                */
    SECG_TEXT_HEADING,
    SECG_TEXT_FIGURE, /* a large number                                           */
    SECG_TEXT_BODY,
    SECG_TEXT_STRONG,
    SECG_TEXT_LABEL, /* of a field: gray                                         */
    SECG_TEXT_CELL,
    SECG_TEXT_CELL_STRONG,
    SECG_TEXT_CELL_GRAY,
    SECG_TEXT_SMALL,
    SECG_TEXT_TINY,
    SECG_TEXT_STYLES
} secg_text;

typedef enum secg_align { SECG_LEFT, SECG_RIGHT, SECG_CENTRE } secg_align;

typedef struct secg_ink {
    double red, green, blue;
} secg_ink;

extern const secg_ink secg_ink_black, secg_ink_gray, secg_ink_accent;
extern const secg_ink secg_ink_rule, secg_ink_faint, secg_ink_pale;
void secg_ink_set(cairo_t *cr, secg_ink ink);

/* A hairline or heavier, from (x1, y1) to (x2, y2). */
void secg_ink_line(cairo_t *cr, secg_ink ink, double width, double x1, double y1, double x2,
                   double y2);

/* Distance between baselines, in points. */
double secg_text_leading(secg_text style);

/* One line with its baseline at y.  LEFT starts at x, RIGHT ends at x, CENTRE has its middle
 * there.  Ellipsised beyond `width`; 0: no limit.  Returns the width drawn. */
double secg_text_line(cairo_t *cr, secg_text style, secg_align align, double x, double y,
                      double width, const char *text);

/* The same from the left, with what does not fit left out of the middle. */
double secg_text_middle(cairo_t *cr, secg_text style, double x, double y, double width,
                        const char *text);

/* Characters for which no installed font has a glyph: they are drawn as boxes. */
int secg_text_without_font(const char *text);

/* Up to `lines` lines, wrapped at `width`, the last ellipsised; top is the upper edge of the first
 * line.  Returns the height.  draw 0: only measured. */
double secg_text_block(cairo_t *cr, secg_text style, double x, double top, double width, int lines,
                       const char *text, int draw);

double secg_text_width(cairo_t *cr, secg_text style, const char *text);

/* Very large, pale and turned along the diagonal of the page: put down first, so that everything
 * else stands on top of it. */
void secg_text_watermark(cairo_t *cr, double page_width, double page_height, const char *text);

#endif
