/* The ST table: every lead's complex and measurement at one moment. */
#ifndef SECG_ECG_TABLE_H
#define SECG_ECG_TABLE_H

#include "ecg/average.h"
#include "ecg/delineate.h"
#include "ecg/past.h"

#include <stressecg/analyzer.h>

typedef struct secg_table {
    secg_grid grid;
    const secg_lead_source *lead;
    size_t leads;
    float *shown;   /* [leads][rows]                                            */
    float *scratch; /* [rows]                                                   */
    secg_complex complex[SECG_MAX_LEADS];
    float spike_from_ms, spike_to_ms; /* of the marks (delineate.h)                  */
    secg_st_point point;              /* shown last                                  */
} secg_table;

/* What the table is made of. */
typedef struct secg_table_source {
    const secg_average *average; /* NULL: none yet                                           */
    const secg_marks *marks;
    const secg_spread *spread;
    const secg_past_window *past;      /* counts as well; NULL: none                         */
    float past_share[SECG_STRIDE_MAX]; /* how much, by channel                               */
    int64_t sample, newest; /* of the table; R of the newest beat averaged              */
    float rr_ms;
    int j_by_operator;
    secg_why why[SECG_MAX_LEADS]; /* known beforehand; SECG_MEASURED: not               */
} secg_table_source;

void secg_table_lay_out(secg_table *table, secg_arena *arena, const secg_grid *grid,
                        const secg_lead_source *lead, size_t leads);
void secg_table_clear(secg_table *table);

/* One lead of the table; bounded work. */
void secg_table_fill(secg_table *table, const secg_table_source *source, size_t lead);

/* Marks of one lead of the table alone, near those of all leads together.  Bounded work. */
secg_marks secg_table_lead_marks(const secg_table *table, size_t lead);

#endif
