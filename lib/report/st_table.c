#include "report/st_table.h"

#include "report/format.h"

#include <stressecg/intervals.h>
#include <stressecg/st.h>

#include <math.h>
#include <stdio.h>

enum kind { STAGE, PR, QRS, QT, POINT, BEATS, LEAD };

/* An arrow for each shape: the words are too wide for twelve leads, and the remark has them. */
static const char *const arrow[] = {[SECG_ST_SHAPE_NONE] = "",
                                    [SECG_ST_UPSLOPING] = "\xe2\x86\x97",
                                    [SECG_ST_HORIZONTAL] = "\xe2\x86\x92",
                                    [SECG_ST_DOWNSLOPING] = "\xe2\x86\x98"};

static void st_lead_cell(secg_sheet *sheet, const secg_st *st, char *text, size_t size)
{
    secg_format_signed(sheet, st ? (secg_why)st->why : SECG_WHY_NOT_YET,
                       st ? (double)st->level_mv : (double)NAN, 2, text, size);
    char slope[32] = " ";
    if (st && st->why == SECG_MEASURED && isfinite(st->slope_mv_s)) {
        secg_format_signed(sheet, SECG_MEASURED, (double)st->slope_mv_s, 1, slope, sizeof slope);
        secg_format_append(slope, sizeof slope, " %s", arrow[secg_st_shape_of(st)]);
    }
    secg_format_append(text, size, "\n%s", slope);
}

/* Point, beats and noise are those of the leads measured: most beats, largest noise. */
static void st_evidence_cell(const secg_book *book, const secg_stage_summary *s, enum kind kind,
                             char *text, size_t size)
{
    unsigned beats = 0, point = 0;
    double noise = 0;
    for (size_t k = 0; s->st && k < book->leads; k++) {
        const secg_st *st = &s->st[book->lead[k]];
        if (st->why != SECG_MEASURED)
            continue;
        point = st->point;
        beats = st->beats > beats ? st->beats : beats;
        noise = isfinite(st->noise_mv) ? fmax(noise, (double)st->noise_mv) : noise;
    }
    if (beats == 0)
        return;
    if (kind == POINT)
        snprintf(text, size, "%s", secg_st_point_text((secg_st_point)point));
    else
        snprintf(text, size, "%u\n%.0f \xc2\xb5V", beats, noise * 1000);
}

static secg_value interval_of(const secg_book *book, const secg_stage_summary *s, enum kind kind)
{
    secg_intervals of = secg_complex_intervals(s->complex, book->summary->leads);
    return kind == PR ? of.pr_ms : kind == QRS ? of.qrs_ms : of.qt_ms;
}

/* QTc stands below QT, as one number below another in every cell of the table. */
static void interval_cell(secg_sheet *sheet, const secg_stage_summary *s, enum kind kind,
                          char *text, size_t size)
{
    secg_value value = interval_of(sheet->book, s, kind);
    if (value.why == SECG_WHY_NOT_YET)
        return; /* no complex */
    if (value.why != SECG_MEASURED) {
        secg_format_missing(sheet, value.why, text, size);
        return;
    }
    snprintf(text, size, "%.0f", (double)value.value);
    secg_value qtc = secg_complex_intervals(s->complex, sheet->book->summary->leads).qtc_ms;
    if (kind == QT && qtc.why == SECG_MEASURED)
        secg_format_append(text, size, "\n%.0f", (double)qtc.value);
}

static void st_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                    char *text, size_t size)
{
    const secg_stage_summary *s = &sheet->book->summary->stage[row];
    const secg_st_table *layout = table->context;
    enum kind kind = (enum kind)layout->kind[column];
    text[0] = '\0';
    if (kind == STAGE) {
        char at[24];
        secg_format_clock(s->phase_s, at, sizeof at);
        secg_format_append(text, size, "%.*s\n%s", (int)sizeof s->label, s->label, at);
    } else if (kind == LEAD) {
        st_lead_cell(sheet, s->st ? &s->st[layout->lead[column]] : NULL, text, size);
    } else if (kind == POINT || kind == BEATS) {
        st_evidence_cell(sheet->book, s, kind, text, size);
    } else {
        interval_cell(sheet, s, kind, text, size);
    }
}

/* A column of nothing but dashes says nothing. */
static int was_measured(const secg_book *book, enum kind kind)
{
    for (size_t i = 0; i < book->summary->stages; i++)
        if (interval_of(book, &book->summary->stage[i], kind).why == SECG_MEASURED)
            return 1;
    return 0;
}

static void add(secg_st_table *layout, enum kind kind, size_t lead, secg_column column)
{
    layout->kind[layout->columns] = (uint8_t)kind;
    layout->lead[layout->columns] = lead;
    layout->column[layout->columns++] = column;
}

static void put_remark(char *text, size_t size)
{
    char rule[160];
    snprintf(text, size,
             "Above: level in mV against the isoelectric level of the PR segment, at the point "
             "named. Below, gray: slope from J to that point, mV/s, and its description: %s "
             "upsloping, %s horizontal, %s downsloping (%s). Beats: most averaged in a lead; "
             "noise: residual rms noise of the average, noisiest lead. Intervals: on the average "
             "complexes of all leads together.",
             arrow[SECG_ST_UPSLOPING], arrow[SECG_ST_HORIZONTAL], arrow[SECG_ST_DOWNSLOPING],
             secg_st_shape_rule_text(rule, sizeof rule));
}

secg_table secg_st_table_make(const secg_book *book, size_t first, secg_st_table *layout)
{
    size_t leads =
        book->leads - first < SECG_ST_TABLE_LEADS ? book->leads - first : SECG_ST_TABLE_LEADS;
    static const secg_column interval[] = {[PR] = {"PR", "ms", 20, SECG_RIGHT, 0, 0},
                                           [QRS] = {"QRS", "ms", 20, SECG_RIGHT, 0, 0},
                                           [QT] = {"QT", "QTc", 20, SECG_RIGHT, 0, 0}};
    *layout = (secg_st_table){.columns = 0};
    put_remark(layout->remark, sizeof layout->remark);
    add(layout, STAGE, 0, (secg_column){"Stage", "end, in phase", 70, SECG_LEFT, 0, 1});
    for (enum kind kind = PR; kind <= QT; kind++)
        if (was_measured(book, kind))
            add(layout, kind, 0, interval[kind]);
    add(layout, POINT, 0, (secg_column){"Point", "", 28, SECG_LEFT, 0, 0});
    add(layout, BEATS, 0, (secg_column){"Beats", "noise", 26, SECG_RIGHT, 0, 0});
    for (size_t k = first; k < first + leads; k++) {
        const char *name = book->summary->lead[book->lead[k]].name;
        add(layout, LEAD, book->lead[k],
            (secg_column){name, "mV, mV/s", leads > 5 ? 0 : 48, SECG_RIGHT, 0, 0});
    }
    return (secg_table){.heading = "Average complexes at the end of each stage: ST level and slope",
                        .remark = layout->remark,
                        .column = layout->column,
                        .columns = layout->columns,
                        .rows = secg_book_stage_rows(book),
                        .context = layout,
                        .cell = st_cell};
}
