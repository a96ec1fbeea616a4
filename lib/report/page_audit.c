/* By what the record was made: software, filters, rules and thresholds; who closed it and what was
 * added since; and what the completeness rules found. */
#include "report/format.h"
#include "report/tables.h"
#include "report/tracing.h"

#include <stressecg/intervals.h>
#include <stressecg/st.h>

#include <stdio.h>

/* ---- software and methods ------------------------------------------------------------------ */

enum method_row {
    ROW_SOFTWARE,
    ROW_FONTS,
    ROW_STATE,
    ROW_CLOSED,
    ROW_SEAL,
    ROW_DEIDENTIFIED,
    ROW_MEASURED,
    ROW_ST_POINT,
    ROW_ST_SHAPE,
    ROW_STRIPS,
    ROW_MAINS,
    ROW_RATE,
    ROW_QTC,
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

static int without_font(const secg_book *book)
{
    const secg_order *o = book->order;
    const char *const text[] = {o->patient.name,     o->patient.id,       o->patient.medications,
                                o->order.provider,   o->order.indication, o->facility.name,
                                o->facility.address, o->resting_ecg};
    int count = 0;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        count += secg_text_without_font(text[i]);
    for (int32_t i = 0; i < o->staff_count; i++)
        count += secg_text_without_font(o->staff[i].name);
    for (size_t i = 0; i < book->summary->facts; i++)
        count += secg_text_without_font(book->summary->fact[i].text);
    return count;
}

static void closed_text(const secg_book *book, char *text, size_t size)
{
    const secg_seal *seal = &book->order->seal;
    if (!seal->is_signed && !seal->altered) {
        secg_format_append(text, size, "no: nobody has signed the record");
        return;
    }
    secg_format_append(text, size, "%s", seal->altered ? "ALTERED since it was signed" : "yes");
    if (seal->by[0])
        secg_format_append(text, size, ": signed by %s, %s", seal->by, seal->credential);
    if (seal->signed_at[0])
        secg_format_append(text, size, ", %s", seal->signed_at);
    if (seal->by[0])
        secg_format_append(text, size, "; %d %s since", (int)seal->addenda,
                           seal->addenda == 1 ? "addendum" : "addenda");
}

static void method_value(const secg_book *book, enum method_row row, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    switch (row) {
    case ROW_SOFTWARE:
        secg_format_append(text, size, "stressecg %s, spectral engine %s", secg_version(),
                           secg_spectrum_engine());
        break;
    case ROW_FONTS:
        secg_format_append(text, size,
                           "%d characters of names and texts are in no installed font and stand as "
                           "boxes; the record has them as entered",
                           without_font(book));
        break;
    case ROW_STATE:
        secg_format_append(text, size, "%s",
                           book->is_final ? "final" : "draft: the record is not closed");
        break;
    case ROW_CLOSED:
        closed_text(book, text, size);
        break;
    case ROW_SEAL:
        secg_format_append(text, size, "SHA-256 %.*s", (int)sizeof book->order->seal.digest,
                           book->order->seal.digest);
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
    case ROW_ST_SHAPE: {
        char rule[160];
        secg_format_append(text, size,
                           "%s; arrows for these three: \xe2\x86\x97 \xe2\x86\x92 \xe2\x86\x98",
                           secg_st_shape_rule_text(rule, sizeof rule));
        break;
    }
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
    case ROW_QTC:
        secg_format_append(text, size,
                           "%s; RR of the beats averaged. PR, QRS and QT from marks that lie 7 "
                           "(QRS) to 16 ms (P, T) from cardiologists', one standard deviation",
                           secg_qtc_formula_text());
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
    if (row == ROW_FONTS)
        return without_font(book) > 0;
    if (row == ROW_SEAL)
        return book->order->seal.digest[0] != '\0';
    if (row == ROW_ST_SHAPE)
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
    static const char *const names[METHOD_ROWS] = {"Software",
                                                   "Fonts",
                                                   "State of the report",
                                                   "Record closed",
                                                   "Digest of the seal",
                                                   "De-identified",
                                                   "ST measured on",
                                                   "ST point",
                                                   "ST slope in words",
                                                   "Strips shown through",
                                                   "Mains filter",
                                                   "Heart rate",
                                                   "QTc",
                                                   "Age-predicted rate",
                                                   "Peak METs",
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

/* ---- addenda ------------------------------------------------------------------------------- */

static const secg_column addendum_columns[] = {{"Written", NULL, 108, SECG_LEFT, 2, 0},
                                               {"By", NULL, 92, SECG_LEFT, 3, 1},
                                               {"Addendum", NULL, 0, SECG_LEFT, 60, 0}};

static void addendum_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                          char *text, size_t size)
{
    const secg_addendum *addendum = (const secg_addendum *)table->context + row;
    (void)sheet;
    if (column == 0)
        snprintf(text, size, "%s", addendum->at);
    else if (column == 1)
        snprintf(text, size, "%s, %s", addendum->by, addendum->credential);
    else
        snprintf(text, size, "%s", addendum->text);
}

/* What was added names persons, so a de-identified report goes without it. */
static size_t addenda_of(const secg_book *book)
{
    return book->options->addendum && !book->summary->deidentified ? book->options->addenda : 0;
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
    secg_table tables[4];
    size_t count = 0;
    tables[count++] = (secg_table){.heading = "Software and methods",
                                   COLUMNS(method_columns),
                                   .rows = methods.count,
                                   .context = &methods,
                                   .cell = method_cell};
    if (addenda_of(sheet->book) > 0)
        tables[count++] = (secg_table){.heading = "Added after the record was closed",
                                       COLUMNS(addendum_columns),
                                       .rows = addenda_of(sheet->book),
                                       .context = sheet->book->options->addendum,
                                       .cell = addendum_cell};
    tables[count++] = (secg_table){.heading = "Thresholds",
                                   COLUMNS(rule_columns),
                                   .rows = SECG_RHYTHM_KINDS - 1,
                                   .cell = rule_cell};
    if (found)
        tables[count++] = (secg_table){.heading = "Completeness of the record",
                                       .empty = "No rule was run.",
                                       COLUMNS(finding_columns),
                                       .rows = findings,
                                       .context = finding,
                                       .cell = finding_cell};
    return secg_tables_draw(sheet, tables, count, cursor);
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
