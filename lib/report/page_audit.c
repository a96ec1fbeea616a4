/* By what the record was made: software, filters, rules and thresholds, and what the completeness
 * rules found. */
#include "report/format.h"
#include "report/tables.h"
#include "report/tracing.h"

#include <stdio.h>

/* ---- software and methods ------------------------------------------------------------------ */

enum method_row {
    ROW_SOFTWARE,
    ROW_STATE,
    ROW_DEIDENTIFIED,
    ROW_MEASURED,
    ROW_ST_POINT,
    ROW_STRIPS,
    ROW_MAINS,
    ROW_RATE,
    ROW_MAX_RATE,
    ROW_PEAK_METS,
    ROW_RULES,
    METHOD_ROWS
};

static const secg_column method_columns[] = {{"What", NULL, 96, SECG_LEFT, 0, 1},
                                             {"How", NULL, 0, SECG_LEFT, 5, 0}};

static void max_rate_text(const secg_summary *s, char *text, size_t size)
{
    if (s->predicted_max_bpm.why != SECG_MEASURED) {
        secg_format_append(text, size, "not computed: %s", secg_why_text(s->predicted_max_bpm.why));
        return;
    }
    secg_format_append(text, size, "predicted %d bpm (%.*s)",
                       secg_round_half_up((double)s->predicted_max_bpm.value),
                       (int)sizeof s->max_bpm_formula, s->max_bpm_formula);
    if (s->target_bpm.why == SECG_MEASURED)
        secg_format_append(text, size, ", target %d bpm",
                           secg_round_half_up((double)s->target_bpm.value));
}

static void method_value(const secg_book *book, enum method_row row, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    switch (row) {
    case ROW_SOFTWARE:
        secg_format_append(text, size, "stressecg %s, spectral engine %s", secg_version(),
                           secg_spectrum_engine());
        break;
    case ROW_STATE:
        secg_format_append(text, size, "%s",
                           book->is_final ? "final" : "draft: the record is not closed");
        break;
    case ROW_DEIDENTIFIED:
        secg_format_append(text, size, "%s",
                           s->deidentified
                               ? "yes: names, numbers, places, free text and dates are left out or "
                                 "replaced; ages from 90 on are one"
                               : "no");
        break;
    case ROW_MEASURED:
        secg_format_append(text, size, "%s", secg_path_text(SECG_PATH_MEASUREMENT));
        break;
    case ROW_ST_POINT:
        secg_format_append(text, size,
                           "the point is printed with every level; automatic: J+80 below 120 bpm, "
                           "J+60 from there, 5 bpm hysteresis");
        break;
    case ROW_STRIPS:
        secg_piece_filter_text(book, text, size);
        break;
    case ROW_MAINS:
        if (s->mains_hz > 0)
            secg_format_append(text, size, "%d Hz", (int)s->mains_hz);
        else
            secg_format_append(text, size, "no mains filter");
        break;
    case ROW_RATE:
        secg_format_append(text, size, "mean over the last 10 s of beats, once a second");
        break;
    case ROW_MAX_RATE:
        max_rate_text(s, text, size);
        break;
    case ROW_PEAK_METS:
        secg_format_append(text, size, "%s", secg_mets_convention_text(s->mets_convention));
        break;
    case ROW_RULES:
        secg_format_append(text, size, "completeness rules %s, wording list %s",
                           secg_claim_rules_version(), secg_wording_version());
        break;
    case METHOD_ROWS:
        break;
    }
}

/* What was not done needs no method. */
static int applies(const secg_book *book, enum method_row row)
{
    if (row == ROW_MEASURED || row == ROW_ST_POINT)
        return book->summary->calibrated;
    return row != ROW_MAX_RATE && row != ROW_PEAK_METS && row != ROW_RULES ? 1 : book->is_test;
}

typedef struct method_list {
    enum method_row row[METHOD_ROWS];
    size_t count;
} method_list;

static method_list choose_methods(const secg_book *book)
{
    method_list list = {.count = 0};
    for (int row = 0; row < METHOD_ROWS; row++)
        if (applies(book, (enum method_row)row))
            list.row[list.count++] = (enum method_row)row;
    return list;
}

static void method_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                        char *text, size_t size)
{
    static const char *const names[METHOD_ROWS] = {"Software",           "State of the report",
                                                   "De-identified",      "ST measured on",
                                                   "ST point",           "Strips shown through",
                                                   "Mains filter",       "Heart rate",
                                                   "Age-predicted rate", "Peak METs",
                                                   "Rule sets"};
    const method_list *list = table->context;
    text[0] = '\0';
    if (column == 0)
        snprintf(text, size, "%s", names[list->row[row]]);
    else
        method_value(sheet->book, list->row[row], text, size);
}

/* ---- thresholds ---------------------------------------------------------------------------- */

static const secg_column rule_columns[] = {{"Rhythm event", NULL, 150, SECG_LEFT, 0, 1},
                                           {"Counted when", NULL, 0, SECG_LEFT, 0, 0}};

static void rule_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    secg_rhythm_kind kind = (secg_rhythm_kind)(row + 1);
    (void)sheet, (void)table;
    if (column == 0)
        snprintf(text, size, "%s", secg_rhythm_text(kind));
    else
        secg_rhythm_rule_text(kind, text, size);
}

/* ---- completeness -------------------------------------------------------------------------- */

static const secg_column finding_columns[] = {
    {"Rule", NULL, 26, SECG_LEFT, 0, 0},
    {"State", NULL, 40, SECG_LEFT, 0, 1},
    {"Severity", NULL, 38, SECG_LEFT, 0, 0},
    {"Requirement", NULL, 150, SECG_LEFT, 2, 0},
    {"Evidence, or what is missing", NULL, 0, SECG_LEFT, 3, 0}};

/* Evidence quotes what was entered, so a de-identified report goes without it. */
static void finding_text(const secg_book *book, const secg_finding *f, char *text, size_t size)
{
    if (book->summary->deidentified)
        return;
    secg_format_append(text, size, "%s", f->evidence);
    if (!f->met && f->mend[0])
        secg_format_append(text, size, "%s%s", f->evidence[0] ? ".  To mend: " : "", f->mend);
}

static void finding_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                         char *text, size_t size)
{
    const secg_finding *f = (const secg_finding *)table->context + row;
    text[0] = '\0';
    switch (column) {
    case 0:
        snprintf(text, size, "%.*s", (int)sizeof f->rule, f->rule);
        break;
    case 1:
        snprintf(text, size, "%s", f->met ? "met" : "MISSING");
        break;
    case 2:
        snprintf(text, size, "%s", secg_severity_text(f->severity));
        break;
    case 3:
        snprintf(text, size, "%s", f->title);
        break;
    case 4:
        finding_text(sheet->book, f, text, size);
        break;
    default:
        break;
    }
}

#define COLUMNS(list) .column = list, .columns = sizeof list / sizeof *list

static int audit_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_findings *found = sheet->book->options->findings;
    method_list methods = choose_methods(sheet->book);
    size_t findings = 0;
    const secg_finding *finding = found ? secg_findings_list(found, &findings) : NULL;
    secg_table tables[] = {
        {.heading = "Software and methods",
         COLUMNS(method_columns),
         .rows = methods.count,
         .context = &methods,
         .cell = method_cell},
        {.heading = "Thresholds",
         COLUMNS(rule_columns),
         .rows = SECG_RHYTHM_KINDS - 1,
         .cell = rule_cell},
        {.heading = "Completeness of the record",
         .empty = "No rule was run.",
         COLUMNS(finding_columns),
         .rows = findings,
         .context = finding,
         .cell = finding_cell},
    };
    return secg_tables_draw(sheet, tables, found ? 3 : 2, cursor);
}

static void draw_audit(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    audit_section(sheet, &cursor);
}

void secg_plan_audit(secg_book *book)
{
    secg_book_add_section(book, (secg_page){.title = "Audit", .draw = draw_audit}, audit_section);
}
