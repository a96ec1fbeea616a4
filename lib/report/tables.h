/* Tables that flow over as many pages as they need. */
#ifndef SECG_REPORT_TABLES_H
#define SECG_REPORT_TABLES_H

#include "report/book.h"

typedef struct secg_column {
    const char *title, *unit; /* unit: second line of the head; NULL: none                */
    double width;             /* points; 0: a share of what is left                       */
    secg_align align;
    int lines; /* a text wraps up to this many lines; 0: one line          */
    int strong;
} secg_column;

/* An addendum, the longest text there is, fits. */
enum { SECG_CELL_BYTES = 2048 };

typedef struct secg_table secg_table;
struct secg_table {
    const char *heading, *remark;
    const char *empty; /* said instead of a table without rows                     */
    const secg_column *column;
    size_t columns, rows;
    const void *context; /* the section's own */
    /* A newline in the text of a one-line column puts the rest below, in gray. */
    void (*cell)(secg_sheet *sheet, const secg_table *table, size_t row, size_t column, char *text,
                 size_t size);
    /* Rows are headed by this where it differs from that of the row above.  May be NULL. */
    void (*group)(secg_sheet *sheet, const secg_table *table, size_t row, char *text, size_t size);
};

/* Puts tables down from *cursor on, as far as the sheet's body reaches; returns 1 when there is
 * more.  The body's top moves down to what is left. */
int secg_tables_draw(secg_sheet *sheet, const secg_table *table, size_t tables,
                     secg_cursor *cursor);

#endif
