/* What the average complexes came to at the end of each stage: intervals, ST level and slope. */
#ifndef SECG_REPORT_ST_TABLE_H
#define SECG_REPORT_ST_TABLE_H

#include "report/tables.h"

enum { SECG_ST_TABLE_LEADS = 12, SECG_ST_TABLE_COLUMNS = SECG_ST_TABLE_LEADS + 6 };

/* Columns of a table; belongs to the caller while the table is in use. */
typedef struct secg_st_table {
    secg_column column[SECG_ST_TABLE_COLUMNS];
    uint8_t kind[SECG_ST_TABLE_COLUMNS]; /* st_table.c's own */
    size_t lead[SECG_ST_TABLE_COLUMNS];
    size_t columns;
    char remark[640];
} secg_st_table;

/* One row a stage, for up to SECG_ST_TABLE_LEADS leads from the first-th in display order. */
secg_table secg_st_table_make(const secg_book *book, size_t first, secg_st_table *layout);

#endif
