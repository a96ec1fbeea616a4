/* ST against heart rate, lead by lead: bare numbers, no limits beside them, and only when the caller
 * asks for them. */
#include "report/format.h"
#include "report/tables.h"

#include <stressecg/st.h>

#include <math.h>
#include <stdio.h>

enum rate_column {
    RATE_LEAD,
    RATE_SLOPE,
    RATE_SLOPE_SIGMA,
    RATE_POINTS,
    RATE_CORRELATION,
    RATE_INDEX,
    RATE_INDEX_SIGMA,
    RATE_LOOP,
    RATE_LOOP_SIGMA,
    RATE_COLUMNS
};

static const secg_column rate_columns[RATE_COLUMNS] = {
    [RATE_LEAD] = {"Lead", "", 0, SECG_LEFT, 0, 1},
    [RATE_SLOPE] = {"Slope", "\xc2\xb5V/bpm", 56, SECG_RIGHT, 0, 0},
    [RATE_SLOPE_SIGMA] = {"\xc2\xb1", "\xc2\xb5V/bpm", 48, SECG_RIGHT, 0, 0},
    [RATE_POINTS] = {"Points", "of the line", 52, SECG_RIGHT, 0, 0},
    [RATE_CORRELATION] = {"r", "of the line", 52, SECG_RIGHT, 0, 0},
    [RATE_INDEX] = {"Index", "\xc2\xb5V/bpm", 56, SECG_RIGHT, 0, 0},
    [RATE_INDEX_SIGMA] = {"\xc2\xb1", "\xc2\xb5V/bpm", 48, SECG_RIGHT, 0, 0},
    [RATE_LOOP] = {"Loop", "\xc2\xb5V", 52, SECG_RIGHT, 0, 0},
    [RATE_LOOP_SIGMA] = {"\xc2\xb1", "\xc2\xb5V", 40, SECG_RIGHT, 0, 0},
};

static void put_value(secg_sheet *sheet, secg_value value, int decimals, char *text, size_t size)
{
    secg_format_signed(sheet, value.why, (double)value.value, decimals, text, size);
}

static void put_sigma(secg_value value, int decimals, char *text, size_t size)
{
    if (value.why == SECG_MEASURED && isfinite(value.sigma))
        snprintf(text, size, "%.*f", decimals, (double)value.sigma);
}

static void rate_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    const secg_book *book = sheet->book;
    secg_st_rate rate;
    (void)table;
    text[0] = '\0';
    if (secg_summary_st_rate(book->summary, book->lead[row], &rate) != SECG_OK)
        return;
    int has_line = rate.slope_uv_bpm.why == SECG_MEASURED;
    if (column == RATE_LEAD)
        snprintf(text, size, "%s", book->summary->lead[rate.lead].name);
    else if (column == RATE_SLOPE)
        put_value(sheet, rate.slope_uv_bpm, 2, text, size);
    else if (column == RATE_SLOPE_SIGMA)
        put_sigma(rate.slope_uv_bpm, 2, text, size);
    else if (column == RATE_POINTS && has_line)
        snprintf(text, size, "%d", (int)rate.points);
    else if (column == RATE_CORRELATION && has_line)
        snprintf(text, size, "%.3f", (double)rate.correlation);
    else if (column == RATE_INDEX)
        put_value(sheet, rate.index_uv_bpm, 2, text, size);
    else if (column == RATE_INDEX_SIGMA)
        put_sigma(rate.index_uv_bpm, 2, text, size);
    else if (column == RATE_LOOP)
        put_value(sheet, rate.loop_uv, 0, text, size);
    else if (column == RATE_LOOP_SIGMA)
        put_sigma(rate.loop_uv, 0, text, size);
}

static int rate_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_table table = {
        .heading = "ST against heart rate",
        .remark =
            "Plain arithmetic on the levels at J+60, with one standard uncertainty; depression is "
            "the level with its sign turned.  Slope: regression of depression on heart rate over "
            "the ends of the last three or more exercise stages, the steepest line that is more "
            "than chance (t test, 5 %).  Index: depression at the end of exercise less that before "
            "it, over the difference of the rates.  Loop: level in exercise less level in the "
            "first three minutes of recovery, mean over the rates they share.",
        .column = rate_columns,
        .columns = RATE_COLUMNS,
        .rows = sheet->book->leads,
        .cell = rate_cell};
    return secg_tables_draw(sheet, &table, 1, cursor);
}

static void draw_rate(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    rate_section(sheet, &cursor);
}

void secg_plan_st_rate(secg_book *book)
{
    if (book->options->st_rate && book->is_test && book->summary->calibrated && book->leads > 0)
        secg_book_add_section(
            book, (secg_page){.title = "ST against heart rate", .draw = draw_rate}, rate_section);
}
