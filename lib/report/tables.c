/* Rows are as high as their text; a row is never split.  The head is repeated on every page, and
 * a heading is never left alone at the foot of one. */
#include "report/tables.h"

#include "report/text.h"

#include <math.h>
#include <string.h>

enum { MAX_COLUMNS = 32 };
static const double pad_pt = 2.2;  /* above and below the text of a row */
static const double gutter_pt = 7; /* between columns                   */

typedef struct layout {
    double x[MAX_COLUMNS], width[MAX_COLUMNS];
    int has_units;
} layout;

static layout lay_out(const secg_sheet *sheet, const secg_table *table)
{
    layout at = {.has_units = 0};
    double fixed = 0, shares = 0;
    for (size_t c = 0; c < table->columns; c++) {
        fixed += table->column[c].width + (c > 0 ? gutter_pt : 0);
        shares += table->column[c].width > 0 ? 0 : 1;
        at.has_units |= table->column[c].unit && table->column[c].unit[0];
    }
    double share = shares > 0 ? fmax(20, (sheet->body.width - fixed) / shares) : 0;
    double x = sheet->body.x;
    for (size_t c = 0; c < table->columns; c++) {
        at.x[c] = x;
        at.width[c] = table->column[c].width > 0 ? table->column[c].width : share;
        x += at.width[c] + gutter_pt;
    }
    return at;
}

static void aligned(secg_sheet *sheet, const layout *at, size_t c, secg_align align,
                    secg_text style, double y, const char *text)
{
    double x = align == SECG_RIGHT    ? at->x[c] + at->width[c]
               : align == SECG_CENTRE ? at->x[c] + at->width[c] / 2
                                      : at->x[c];
    secg_text_line(sheet->cr, style, align, x, y, at->width[c], text);
}

static double row_height(secg_sheet *sheet, const secg_table *table, const layout *at, size_t row)
{
    char text[SECG_CELL_BYTES];
    double leading = secg_text_leading(SECG_TEXT_CELL), height = leading;
    uint32_t reasons = sheet->reasons; /* measuring leaves no footnotes */
    for (size_t c = 0; c < table->columns; c++) {
        const secg_column *column = &table->column[c];
        table->cell(sheet, table, row, c, text, sizeof text);
        if (column->lines > 1)
            height = fmax(height, secg_text_block(sheet->cr, SECG_TEXT_CELL, 0, 0, at->width[c],
                                                  column->lines, text, 0));
        else if (strchr(text, '\n'))
            height = fmax(height, 2 * leading);
    }
    sheet->reasons = reasons;
    return height + 2 * pad_pt;
}

static void draw_cell(secg_sheet *sheet, const secg_table *table, const layout *at, size_t row,
                      size_t c, double top)
{
    char text[SECG_CELL_BYTES] = "";
    const secg_column *column = &table->column[c];
    double leading = secg_text_leading(SECG_TEXT_CELL), y = top + pad_pt + 0.5 * leading + 2.7;
    table->cell(sheet, table, row, c, text, sizeof text);
    if (column->lines > 1) {
        secg_text_block(sheet->cr, SECG_TEXT_CELL, at->x[c], top + pad_pt, at->width[c],
                        column->lines, text, 1);
        return;
    }
    char *below = strchr(text, '\n');
    if (below)
        *below++ = '\0';
    aligned(sheet, at, c, column->align, column->strong ? SECG_TEXT_CELL_STRONG : SECG_TEXT_CELL, y,
            text);
    if (below)
        aligned(sheet, at, c, column->align, SECG_TEXT_CELL_GRAY, y + leading, below);
}

static double head_height(const layout *at)
{
    return (at->has_units ? 19 : 11) + 3;
}

static void draw_head(secg_sheet *sheet, const secg_table *table, const layout *at, double top)
{
    double y = top + 8;
    for (size_t c = 0; c < table->columns; c++) {
        const secg_column *column = &table->column[c];
        aligned(sheet, at, c, column->align, SECG_TEXT_CELL_STRONG, y, column->title);
        if (column->unit)
            aligned(sheet, at, c, column->align, SECG_TEXT_TINY, y + 8, column->unit);
    }
    double line = top + head_height(at) - 0.5;
    secg_ink_line(sheet->cr, secg_ink_black, 0.7, sheet->body.x, line,
                  sheet->body.x + sheet->body.width, line);
}

/* Heading, remark and head; returns their height.  draw 0: only measured. */
static double open_table(secg_sheet *sheet, const secg_table *table, const layout *at, int again,
                         int draw)
{
    double top = sheet->body.y, y = top;
    cairo_t *cr = sheet->cr;
    if (table->heading) {
        y += 13;
        if (draw) {
            double w = secg_text_line(cr, SECG_TEXT_HEADING, SECG_LEFT, sheet->body.x, y, 0,
                                      table->heading);
            if (again)
                secg_text_line(cr, SECG_TEXT_SMALL, SECG_LEFT, sheet->body.x + w + 6, y, 0,
                               "continued");
        }
        y += 4;
    }
    if (table->remark && !again)
        y += secg_text_block(cr, SECG_TEXT_SMALL, sheet->body.x, y, sheet->body.width, 4,
                             table->remark, draw) +
             2;
    if (table->rows == 0) {
        y += 11;
        if (draw)
            secg_text_line(cr, SECG_TEXT_CELL, SECG_LEFT, sheet->body.x, y, sheet->body.width,
                           table->empty ? table->empty : "none");
        y += 3;
    } else {
        if (draw)
            draw_head(sheet, table, at, y);
        y += head_height(at);
    }
    return y - top;
}

enum { GROUP_BYTES = 64 };

/* 1: a heading goes above the row, and text is it. */
static int group_of(secg_sheet *sheet, const secg_table *table, size_t row, int first, char *text)
{
    char above[GROUP_BYTES];
    if (!table->group)
        return 0;
    table->group(sheet, table, row, text, GROUP_BYTES);
    if (first || row == 0)
        return 1;
    table->group(sheet, table, row - 1, above, sizeof above);
    return strcmp(text, above) != 0;
}

static double row_with_group(secg_sheet *sheet, const secg_table *table, const layout *at,
                             size_t row, int first)
{
    char group[GROUP_BYTES];
    return row_height(sheet, table, at, row) + (group_of(sheet, table, row, first, group) ? 14 : 0);
}

static void draw_row(secg_sheet *sheet, const secg_table *table, const layout *at, size_t row,
                     int first)
{
    char group[GROUP_BYTES];
    double right = sheet->body.x + sheet->body.width;
    if (group_of(sheet, table, row, first, group)) {
        secg_text_line(sheet->cr, SECG_TEXT_LABEL, SECG_LEFT, sheet->body.x, sheet->body.y + 10.5,
                       0, group);
        sheet->body.y += 14;
        sheet->body.height -= 14;
        secg_ink_line(sheet->cr, secg_ink_rule, 0.5, sheet->body.x, sheet->body.y, right,
                      sheet->body.y);
    }
    double height = row_height(sheet, table, at, row);
    for (size_t c = 0; c < table->columns; c++)
        draw_cell(sheet, table, at, row, c, sheet->body.y);
    sheet->body.y += height;
    sheet->body.height -= height;
    secg_ink_line(sheet->cr, secg_ink_faint, 0.4, sheet->body.x, sheet->body.y, right,
                  sheet->body.y);
}

static void move_down(secg_sheet *sheet, double by)
{
    sheet->body.y += by;
    sheet->body.height -= by;
}

/* One table; returns 1 when the page is full.  `alone`: nothing else stands on this page, so at
 * least one row is put down however high it is. */
static int draw_table(secg_sheet *sheet, const secg_table *table, size_t *row, int alone)
{
    layout at = lay_out(sheet, table);
    double head = open_table(sheet, table, &at, *row > 0, 0);
    double least = head + (table->rows > 0 ? row_with_group(sheet, table, &at, *row, 1) : 0);
    if (least > sheet->body.height && !alone)
        return 1;
    move_down(sheet, open_table(sheet, table, &at, *row > 0, 1));
    size_t began = *row;
    for (int first = 1; *row < table->rows; first = 0, ++*row) {
        double height = row_with_group(sheet, table, &at, *row, first);
        if (*row + 2 == table->rows && *row > began + 1) /* the last row is not sent over alone */
            height += row_with_group(sheet, table, &at, *row + 1, 0);
        if (!(alone && first) && height > sheet->body.height)
            return 1;
        draw_row(sheet, table, &at, *row, first);
    }
    *row = 0;
    return 0;
}

int secg_tables_draw(secg_sheet *sheet, const secg_table *table, size_t tables, secg_cursor *cursor)
{
    for (int alone = 1; cursor->block < tables; cursor->block++, alone = 0) {
        if (draw_table(sheet, &table[cursor->block], &cursor->row, alone))
            return 1;
        move_down(sheet, 10);
    }
    return 0;
}
