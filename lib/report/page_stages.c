/* The stage table; below it, what the average complexes came to at the end of each stage. */
#include "report/format.h"
#include "report/st_table.h"
#include "report/tables.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void phase_of_row(secg_sheet *sheet, const secg_table *table, size_t row, char *text,
                         size_t size)
{
    (void)table;
    const secg_stage_summary *stage = &sheet->book->summary->stage[row];
    static const char *const names[] = {"Recorded", "Pre-test", "Exercise", "Recovery", "After"};
    snprintf(text, size, "%s", (unsigned)stage->phase < 5 ? names[stage->phase] : names[0]);
}

/* ---- stages ------------------------------------------------------------------------------- */

enum stage_column {
    STAGE_LABEL,
    STAGE_START,
    STAGE_LASTED,
    STAGE_LOAD,
    STAGE_METS,
    STAGE_BPM,
    STAGE_BP,
    STAGE_PRODUCT,
    STAGE_RPE,
    STAGE_SPO2,
    STAGE_V,
    STAGE_S,
    STAGE_ACQUIRED,
    STAGE_READABLE,
    STAGE_NOTES,
    STAGE_COLUMNS
};

static const secg_column stage_columns[STAGE_COLUMNS] = {
    [STAGE_LABEL] = {"Stage", "", 66, SECG_LEFT, 0, 1},
    [STAGE_START] = {"Began", "of record", 38, SECG_RIGHT, 0, 0},
    [STAGE_LASTED] = {"Lasted", "planned", 33, SECG_RIGHT, 0, 0},
    [STAGE_LOAD] = {"Load", "measured", 70, SECG_LEFT, 0, 0},
    [STAGE_METS] = {"METs", "", 26, SECG_RIGHT, 0, 0},
    [STAGE_BPM] = {"HR", "bpm", 24, SECG_RIGHT, 0, 0},
    [STAGE_BP] = {"BP", "mmHg", 38, SECG_RIGHT, 0, 0},
    [STAGE_PRODUCT] = {"HR\xc3\x97"
                       "BP",
                       "bpm\xc2\xb7mmHg", 36, SECG_RIGHT, 0, 0},
    [STAGE_RPE] = {"RPE", "", 22, SECG_RIGHT, 0, 0},
    [STAGE_SPO2] = {"SpO\xe2\x82\x82", "%", 23, SECG_RIGHT, 0, 0},
    [STAGE_V] = {"V", "beats", 20, SECG_RIGHT, 0, 0},
    [STAGE_S] = {"S", "beats", 20, SECG_RIGHT, 0, 0},
    [STAGE_ACQUIRED] = {"Acq.", "%", 25, SECG_RIGHT, 0, 0},
    [STAGE_READABLE] = {"Read.", "%", 25, SECG_RIGHT, 0, 0},
    [STAGE_NOTES] = {"Symptoms and notes", "", 0, SECG_LEFT, 3, 0},
};

static void lasted_text(const secg_book *book, const secg_stage_summary *s, char *text, size_t size)
{
    char planned[24];
    secg_format_clock(secg_seconds(s->end - s->start, book->rate_hz), text, size);
    if (s->planned_s > 0 && !s->complete && s->phase == SECG_PHASE_EXERCISE) {
        secg_format_clock(s->planned_s, planned, sizeof planned);
        secg_format_append(text, size, "\nof %s", planned);
    }
}

static void load_text(const secg_stage_summary *s, char *text, size_t size)
{
    char actual[48];
    secg_format_load(s->speed_mph, s->grade_pct, s->power_w, text, size);
    secg_format_load(s->actual_speed_mph, s->actual_grade_pct, s->actual_power_w, actual,
                     sizeof actual);
    if (actual[0] && strcmp(actual, text) != 0)
        secg_format_append(text, size, "\n%s", actual);
}

/* Symptoms, drugs, notes and the like that fall into the stage, in order of time. */
static void notes_text(const secg_book *book, const secg_stage_summary *s, char *text, size_t size)
{
    for (size_t i = 0; i < book->summary->facts; i++) {
        const secg_fact *f = &book->summary->fact[i];
        const char *sep = text[0] ? "; " : "";
        if (f->sample < s->start || f->sample >= s->end)
            continue;
        if (f->kind == SECG_FACT_SYMPTOM) {
            secg_format_append(text, size, "%s%s", sep,
                               f->code == SECG_SYMPTOM_NONE
                                   ? "symptoms: none stated by staff"
                                   : secg_symptom_text((secg_symptom)f->code));
            if (f->grade >= 0 && f->code != SECG_SYMPTOM_NONE)
                secg_format_append(text, size, " %d/10", f->grade);
            if (f->text[0])
                secg_format_append(text, size, " (%s)", f->text);
        } else if (f->kind == SECG_FACT_DRUG) {
            secg_format_append(text, size, "%s%s %.4g %s", sep, f->label, (double)f->value,
                               f->unit);
        } else if (f->kind == SECG_FACT_ADVERSE) {
            secg_format_append(text, size, "%sadverse events: %s", sep,
                               f->code == 1 ? "none stated by staff" : f->text);
        } else if ((f->kind == SECG_FACT_NOTE || f->kind == SECG_FACT_ELECTRODES) && f->text[0]) {
            secg_format_append(text, size, "%s%s", sep, f->text);
        } else if (f->kind == SECG_FACT_HOLD) {
            secg_format_append(text, size, "%s%s", sep, f->code ? "stage held" : "hold ended");
        }
    }
}

/* Before exercise there is no load, and so no METs to miss. */
static void mets_text(secg_sheet *sheet, const secg_stage_summary *s, char *text, size_t size)
{
    if (s->mets.mets.why == SECG_MEASURED || s->phase == SECG_PHASE_EXERCISE)
        secg_format_value(sheet, s->mets.mets, 1, text, size);
    if (s->mets.mets.why == SECG_MEASURED && s->mets.extrapolated)
        secg_format_append(text, size, "*");
}

static void percent_text(secg_sheet *sheet, float percent, char *text, size_t size)
{
    if (isfinite(percent))
        snprintf(text, size, "%.*f", percent > 99.95f || percent < 0.05f ? 0 : 1, (double)percent);
    else
        secg_format_missing(sheet, SECG_WHY_NOT_APPLICABLE, text, size);
}

static void stage_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    (void)table;
    const secg_book *book = sheet->book;
    const secg_stage_summary *s = &book->summary->stage[row];
    text[0] = '\0';
    switch ((enum stage_column)column) {
    case STAGE_LABEL:
        secg_format_append(text, size, "%.*s", (int)sizeof s->label, s->label);
        break;
    case STAGE_START:
        secg_format_clock(secg_seconds(s->start, book->rate_hz), text, size);
        break;
    case STAGE_LASTED:
        lasted_text(book, s, text, size);
        break;
    case STAGE_LOAD:
        load_text(s, text, size);
        break;
    case STAGE_METS:
        mets_text(sheet, s, text, size);
        break;
    case STAGE_BPM:
        secg_format_value(sheet, s->bpm, 0, text, size);
        break;
    case STAGE_BP:
        secg_format_pressure(sheet, s->bp, text, size);
        break;
    case STAGE_PRODUCT:
        secg_format_value(sheet, s->rate_pressure, 0, text, size);
        break;
    case STAGE_RPE:
        secg_format_value(sheet, s->rpe, 0, text, size);
        break;
    case STAGE_SPO2:
        secg_format_value(sheet, s->spo2, 0, text, size);
        break;
    case STAGE_V:
        snprintf(text, size, "%d", (int)s->counts.v);
        break;
    case STAGE_S:
        snprintf(text, size, "%d", (int)s->counts.s);
        break;
    case STAGE_ACQUIRED:
        percent_text(sheet, s->coverage_pct, text, size);
        break;
    case STAGE_READABLE:
        percent_text(sheet, s->readable_pct, text, size);
        break;
    case STAGE_NOTES:
        notes_text(book, s, text, size);
        break;
    case STAGE_COLUMNS:
        break;
    }
}

size_t secg_book_stage_rows(const secg_book *book)
{
    size_t stages = book->summary->stages;
    return stages < SECG_MAX_STAGE_ROWS ? stages : SECG_MAX_STAGE_ROWS;
}

void secg_book_say_rows_left_out(const secg_book *book, char *text, size_t size)
{
    size_t stages = book->summary->stages, shown = secg_book_stage_rows(book);
    if (stages > shown)
        secg_format_append(text, size,
                           " The first %zu rows are printed; %zu more are in the record.", shown,
                           stages - shown);
}

static const char *mets_remark(const secg_book *book, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    int extrapolated = 0;
    uint32_t methods = 0;
    for (size_t i = 0; i < s->stages; i++) {
        if (s->stage[i].mets.mets.why != SECG_MEASURED)
            continue;
        extrapolated |= s->stage[i].mets.extrapolated;
        methods |= 1u << s->stage[i].mets.method;
    }
    snprintf(text, size,
             "Heart rate: mean of the last 10 s of the stage. Blood pressure: last in "
             "the stage, or up to 30 s after it. Load: target, below it the measured "
             "load where it differs. V, S: ventricular beats, premature beats of dominant shape. "
             "Acq.: share acquired in at least one lead; read.: share not shut down for noise.");
    for (unsigned m = 1; m < 32; m++)
        if (methods & (1u << m))
            secg_format_append(text, size, " METs: %s equation, full value of the stage's load.",
                               secg_mets_method_text((secg_mets_method)m));
    if (extrapolated)
        secg_format_append(text, size, " * outside the range the equation was made for.");
    secg_book_say_rows_left_out(book, text, size);
    return text;
}

static int has_st(const secg_summary *s)
{
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].st)
            return s->calibrated;
    return 0;
}

static int stage_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_book *book = sheet->book;
    char remark[800];
    secg_st_table layout[2];
    secg_table table[3];
    size_t tables = 1;
    table[0] = (secg_table){.heading = "Stages",
                            .remark = mets_remark(book, remark, sizeof remark),
                            .column = stage_columns,
                            .columns = STAGE_COLUMNS,
                            .rows = secg_book_stage_rows(book),
                            .cell = stage_cell,
                            .group = phase_of_row};
    for (size_t first = 0; tables < 3 && has_st(book->summary) && first < book->leads;
         first += SECG_ST_TABLE_LEADS, tables++) {
        table[tables] = secg_st_table_make(book, first, &layout[tables - 1]);
        table[tables].group = phase_of_row;
    }
    return secg_tables_draw(sheet, table, tables, cursor);
}

static void draw_stages(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    stage_section(sheet, &cursor);
}

void secg_plan_stages(secg_book *book)
{
    if (book->summary->stages > 0 && book->is_test)
        secg_book_add_section(
            book, (secg_page){.title = "Stages and ST", .landscape = 1, .draw = draw_stages},
            stage_section);
}
