/* How the record was made: what was acquired and what was not, lead by lead, and what was entered
 * when. */
#include "report/fact_text.h"
#include "report/format.h"
#include "report/tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_GAPS = 60, MOST_FACTS = 250 };

/* ---- acquisition: a table of two columns --------------------------------------------------- */

enum acquisition_row {
    ROW_RECORDED,
    ROW_COVERAGE,
    ROW_LEADS,
    ROW_PLACEMENT,
    ROW_CALIBRATION,
    ROW_PREPARATION,
    ROW_EQUIPMENT,
    ROW_DIGEST,
    ACQUISITION_ROWS
};

static const secg_column acquisition_columns[] = {{"What", NULL, 96, SECG_LEFT, 0, 1},
                                                  {"How", NULL, 0, SECG_LEFT, 5, 0}};

static void leads_text(const secg_book *book, char *text, size_t size)
{
    for (size_t i = 0; i < book->leads; i++) {
        const secg_lead_source *lead = &book->summary->lead[book->lead[i]];
        secg_format_append(text, size, "%s%s%s", i > 0 ? ", " : "", lead->name,
                           lead->channel < 0 ? " (derived)" : "");
    }
}

static const char *yes_no(secg_tri value)
{
    return value == SECG_YES ? "yes" : value == SECG_NO ? "no" : "not stated";
}

static void preparation_text(const secg_order *o, char *text, size_t size)
{
    secg_format_append(text, size, "history taken: %s; test explained: %s; consent: %s",
                       yes_no(o->preparation.history_taken), yes_no(o->preparation.test_explained),
                       yes_no(o->preparation.consent));
    static const char *const what[] = {"explained at", "consent at", "prepared at", "hook-up at"};
    const char *const at[] = {o->preparation.explained_at, o->preparation.consent_at,
                              o->preparation.prepared_at, o->preparation.hook_up_at};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        if (at[i][0]) {
            secg_format_append(text, size, "; %s ", what[i]);
            secg_format_iso(at[i], text, size);
        }
    if (o->preparation.hook_up_by[0])
        secg_format_append(text, size, " by %s", o->preparation.hook_up_by);
    if (o->preparation.skin_preparation[0])
        secg_format_append(text, size, "; skin: %s", o->preparation.skin_preparation);
}

static void equipment_text(const secg_book *book, char *text, size_t size)
{
    const secg_order *o = book->order;
    const char *none = book->summary->deidentified ? "left out" : "not stated";
    secg_format_append(text, size, "ECG: %s; ergometer: %s; blood pressure: %s; software: %s",
                       o->equipment.ecg[0] ? o->equipment.ecg : none,
                       o->equipment.ergometer[0] ? o->equipment.ergometer : none,
                       o->equipment.bp[0] ? o->equipment.bp : none,
                       o->equipment.software[0] ? o->equipment.software : none);
}

static void recorded_text(const secg_book *book, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    char clock[24];
    secg_format_clock(secg_seconds(s->frames, book->rate_hz), clock, sizeof clock);
    secg_format_append(text, size, "%s, %" PRId64 " frames of %d channel%s at %.6g samples/s",
                       clock, s->frames, s->signal ? s->signal->channels : 0,
                       s->signal && s->signal->channels == 1 ? "" : "s", book->rate_hz);
}

static void acquisition_value(const secg_book *book, enum acquisition_row row, char *text,
                              size_t size)
{
    const secg_summary *s = book->summary;
    switch (row) {
    case ROW_RECORDED:
        recorded_text(book, text, size);
        break;
    case ROW_COVERAGE:
        secg_format_append(text, size,
                           "acquired %.2f %%, readable (not shut down) %.2f %% of the record",
                           (double)s->coverage_pct, (double)s->readable_pct);
        break;
    case ROW_LEADS:
        leads_text(book, text, size);
        break;
    case ROW_PLACEMENT:
        secg_format_append(
            text, size, "%s",
            secg_placement_text(s->signal ? s->signal->placement : SECG_PLACEMENT_UNKNOWN));
        break;
    case ROW_CALIBRATION:
        secg_format_append(text, size, "%s",
                           s->calibrated ? "gain stated for every ECG channel"
                                         : "gain not known: no value in mV is given");
        break;
    case ROW_PREPARATION:
        preparation_text(book->order, text, size);
        break;
    case ROW_EQUIPMENT:
        equipment_text(book, text, size);
        break;
    case ROW_DIGEST:
        if (s->deidentified)
            secg_format_append(text, size, "left out of the de-identified record");
        else
            secg_format_append(text, size,
                               "%016" PRIx64 " (all events, in order; a new analysis of the same "
                               "tracing must give the same)",
                               s->digest);
        break;
    case ACQUISITION_ROWS:
        break;
    }
}

static void acquisition_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                             char *text, size_t size)
{
    static const char *const names[ACQUISITION_ROWS] = {
        "Recorded",    "Coverage",    "Leads",     "Electrodes",
        "Calibration", "Preparation", "Equipment", "Digest of the analysis"};
    (void)table;
    text[0] = '\0';
    if (column == 0)
        snprintf(text, size, "%s", names[row]);
    else
        acquisition_value(sheet->book, (enum acquisition_row)row, text, size);
}

/* ---- lead by lead -------------------------------------------------------------------------- */

enum lead_column {
    LEAD_NAME,
    LEAD_ORIGIN,
    LEAD_USABLE,
    LEAD_GAP,
    LEAD_OFF,
    LEAD_SATURATED,
    LEAD_UNREADABLE,
    LEAD_GAIN,
    LEAD_COLUMNS
};

/* The gain is the last, and left out where it is not known. */
static const secg_column lead_columns[LEAD_COLUMNS] = {
    [LEAD_NAME] = {"Lead", "", 44, SECG_LEFT, 0, 1},
    [LEAD_ORIGIN] = {"From", "", 0, SECG_LEFT, 0, 0},
    [LEAD_USABLE] = {"Usable", "% of record", 48, SECG_RIGHT, 0, 0},
    [LEAD_GAP] = {"Not acquired", "s", 52, SECG_RIGHT, 0, 0},
    [LEAD_OFF] = {"Off", "s", 40, SECG_RIGHT, 0, 0},
    [LEAD_SATURATED] = {"Saturated", "s", 44, SECG_RIGHT, 0, 0},
    [LEAD_UNREADABLE] = {"Unreadable", "s", 48, SECG_RIGHT, 0, 0},
    [LEAD_GAIN] = {"Gain", "counts/mV", 48, SECG_RIGHT, 0, 0},
};

/* Seconds that a lead was in a state; state SECG_SIGNAL_GOOD: in any that is listed. */
static double lead_seconds(const secg_book *book, size_t lead, secg_signal_state state)
{
    double sum = 0;
    for (size_t i = 0; i < book->summary->gaps; i++) {
        const secg_gap *gap = &book->summary->gap[i];
        if (gap->lead == (int)lead && (state == SECG_SIGNAL_GOOD || gap->state == (uint16_t)state))
            sum += secg_seconds(gap->end - gap->start, book->rate_hz);
    }
    return sum;
}

static void lead_origin(const secg_book *book, const secg_lead_source *lead, char *text,
                        size_t size)
{
    const secg_signal *signal = book->summary->signal;
    if (lead->channel >= 0 && signal)
        snprintf(text, size, "channel %d", (int)lead->channel + 1);
    else
        snprintf(text, size, "derived: %+.3g I %+.3g II", (double)lead->from_i,
                 (double)lead->from_ii);
}

static void lead_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    static const secg_signal_state states[LEAD_COLUMNS] = {[LEAD_GAP] = SECG_SIGNAL_GAP,
                                                           [LEAD_OFF] = SECG_SIGNAL_OFF,
                                                           [LEAD_SATURATED] = SECG_SIGNAL_SATURATED,
                                                           [LEAD_UNREADABLE] =
                                                               SECG_SIGNAL_UNREADABLE};
    const secg_book *book = sheet->book;
    size_t index = book->lead[row];
    const secg_lead_source *lead = &book->summary->lead[index];
    const secg_signal *signal = book->summary->signal;
    double length = secg_seconds(book->summary->frames, book->rate_hz);
    (void)table;
    text[0] = '\0';
    switch ((enum lead_column)column) {
    case LEAD_NAME:
        snprintf(text, size, "%s", lead->name);
        break;
    case LEAD_ORIGIN:
        lead_origin(book, lead, text, size);
        break;
    case LEAD_USABLE:
        if (length > 0)
            snprintf(text, size, "%.2f",
                     100 * fmax(0, 1 - lead_seconds(book, index, SECG_SIGNAL_GOOD) / length));
        break;
    case LEAD_GAIN:
        if (lead->channel >= 0 && signal && signal->channel[lead->channel].gain_per_mv > 0)
            snprintf(text, size, "%.6g", (double)signal->channel[lead->channel].gain_per_mv);
        break;
    case LEAD_GAP:
    case LEAD_OFF:
    case LEAD_SATURATED:
    case LEAD_UNREADABLE:
        snprintf(text, size, "%.1f", lead_seconds(book, index, states[column]));
        break;
    case LEAD_COLUMNS:
        break;
    }
}

/* ---- gaps and facts ------------------------------------------------------------------------ */

static const secg_column gap_columns[] = {{"From", "of record", 50, SECG_RIGHT, 0, 0},
                                          {"Lasted", "s", 44, SECG_RIGHT, 0, 0},
                                          {"When", "", 110, SECG_LEFT, 0, 0},
                                          {"Lead", "", 60, SECG_LEFT, 0, 1},
                                          {"State", "", 0, SECG_LEFT, 0, 0}};

static void gap_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                     char *text, size_t size)
{
    const secg_book *book = sheet->book;
    const secg_gap *gap = &book->summary->gap[row];
    (void)table;
    text[0] = '\0';
    switch (column) {
    case 0:
        secg_format_clock(secg_seconds(gap->start, book->rate_hz), text, size);
        break;
    case 1:
        snprintf(text, size, "%.1f", secg_seconds(gap->end - gap->start, book->rate_hz));
        break;
    case 2:
        secg_format_moment(book, gap->start, text, size);
        break;
    case 3:
        snprintf(text, size, "%s",
                 gap->lead < 0 ? "all leads"
                 : (size_t)gap->lead < book->summary->leads && book->summary->lead
                     ? book->summary->lead[gap->lead].name
                     : "?");
        break;
    case 4:
        snprintf(text, size, "%s", secg_signal_state_text((secg_signal_state)gap->state));
        break;
    default:
        break;
    }
}

static const secg_column fact_columns[] = {{"When", "", 84, SECG_LEFT, 0, 0},
                                           {"Clock", "", 42, SECG_LEFT, 0, 0},
                                           {"Fact", "", 74, SECG_LEFT, 0, 1},
                                           {"Entered", "", 0, SECG_LEFT, 3, 0},
                                           {"By", "", 84, SECG_LEFT, 0, 0}};

static void fact_name(const secg_fact *f, char *text, size_t size)
{
    if (f->kind == SECG_FACT_RPE || f->kind == SECG_FACT_RESTING_ECG || f->kind == SECG_FACT_SPO2) {
        snprintf(text, size, "%s",
                 f->kind == SECG_FACT_RPE           ? "RPE"
                 : f->kind == SECG_FACT_RESTING_ECG ? "resting ECG"
                                                    : "SpO\xe2\x82\x82");
        return;
    }
    snprintf(text, size, "%s", secg_fact_name((secg_fact_kind)f->kind));
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
}

static void fact_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    static const char *const sources[] = {"staff", "device", "stage clock"};
    const secg_book *book = sheet->book;
    const secg_fact *f = &book->summary->fact[row];
    (void)table;
    text[0] = '\0';
    switch (column) {
    case 0:
        secg_format_moment(book, f->sample, text, size);
        break;
    case 1:
        secg_format_time_of_day(book, f->sample, text, size);
        break;
    case 2:
        fact_name(f, text, size);
        break;
    case 3:
        secg_fact_text(f, text, size);
        break;
    case 4:
        snprintf(text, size, "%s", f->by[0] ? f->by : sources[f->source < 3 ? f->source : 0]);
        break;
    default:
        break;
    }
}

static const char *left_out(size_t all, size_t listed, const char *what, char *text, size_t size)
{
    if (all > listed)
        snprintf(text, size, "The first %zu are listed; %zu more %s are in the record.", listed,
                 all - listed, what);
    else
        text[0] = '\0';
    return text[0] ? text : NULL;
}

#define COLUMNS(list) .column = list, .columns = sizeof list / sizeof *list

static int evidence_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_book *book = sheet->book;
    const secg_summary *s = book->summary;
    size_t gaps = s->gaps < MOST_GAPS ? s->gaps : MOST_GAPS;
    size_t facts = s->facts < MOST_FACTS ? s->facts : MOST_FACTS;
    char gap_remark[96], fact_remark[96];
    secg_table tables[] = {
        {.heading = "Acquisition",
         COLUMNS(acquisition_columns),
         .rows = ACQUISITION_ROWS,
         .cell = acquisition_cell},
        {.heading = "Leads",
         .remark = "Usable: neither missing, off, saturated nor unreadable.",
         .empty = "None.",
         .column = lead_columns,
         .columns = s->calibrated ? LEAD_COLUMNS : LEAD_GAIN,
         .rows = book->rate_hz > 0 ? book->leads : 0,
         .cell = lead_cell},
        {.heading = "Times not acquired or not readable",
         .empty = "None.",
         COLUMNS(gap_columns),
         .remark = left_out(s->gaps, gaps, "times", gap_remark, sizeof gap_remark),
         .rows = gaps,
         .cell = gap_cell},
        {.heading = "What was entered, in order of time",
         .empty = "Nothing was entered.",
         COLUMNS(fact_columns),
         .rows = facts,
         .cell = fact_cell,
         .remark = left_out(s->facts, facts, "facts", fact_remark, sizeof fact_remark)},
    };
    return secg_tables_draw(sheet, tables, sizeof tables / sizeof *tables, cursor);
}

static void draw_evidence(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    evidence_section(sheet, &cursor);
}

void secg_plan_evidence(secg_book *book)
{
    secg_book_add_section(book, (secg_page){.title = "Acquisition evidence", .draw = draw_evidence},
                          evidence_section);
}
