/* What came with the patient: order, payer, facility, staff and electrodes as they were entered; and
 * what was corrected or changed since. */
#include "report/fact_text.h"
#include "report/format.h"
#include "report/tables.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS(list) .column = list, .columns = sizeof list / sizeof *list

/* ---- order, payer, facility: only what was stated ------------------------------------------- */

enum { MOST_STATED = 32, STATED_BYTES = 320 };

typedef struct stated_list {
    const char *name[MOST_STATED];
    char text[MOST_STATED][STATED_BYTES];
    size_t count;
} stated_list;

static void state(stated_list *list, const char *name, const char *text)
{
    if (!text[0] || list->count == MOST_STATED)
        return;
    list->name[list->count] = name;
    snprintf(list->text[list->count++], STATED_BYTES, "%s", text);
}

static void state_tri(stated_list *list, const char *name, secg_tri value)
{
    state(list, name, value == SECG_YES ? "yes" : value == SECG_NO ? "no" : "");
}

static void state_codes(stated_list *list, const char *name, const char (*code)[12], size_t count)
{
    char text[STATED_BYTES] = "";
    for (size_t i = 0; i < count; i++)
        if (code[i][0])
            secg_format_append(text, sizeof text, "%s%s", text[0] ? ", " : "", code[i]);
    state(list, name, text);
}

static void state_order(stated_list *list, const secg_order *o)
{
    char text[STATED_BYTES] = "";
    state(list, "Order", o->order.number);
    state(list, "Ordered by", o->order.provider);
    state(list, "Indication", o->order.indication);
    state_codes(list, "ICD-10-CM", o->order.icd10, SECG_MAX_CODES);
    state(list, "Encounter", o->order.encounter_id);
    secg_format_append(text, sizeof text, "%s", o->order.billing_code);
    for (size_t i = 0; i < sizeof o->order.modifiers / sizeof *o->order.modifiers; i++)
        if (o->order.modifiers[i][0])
            secg_format_append(text, sizeof text, " %s", o->order.modifiers[i]);
    state(list, "Billing code, modifiers", text);
    state(list, "Place of service", o->order.place_of_service);
    state_tri(list, "In person", o->order.in_person);
    state_codes(list, "Other ECG services that day", o->order.same_day_codes, SECG_MAX_CODES);
    state_tri(list, "Each ordered by itself", o->order.same_day_ordered);
}

static void state_payer(stated_list *list, const secg_order *o)
{
    char text[STATED_BYTES] = "";
    state(list, "Payer type", o->authorization.payer_type);
    state(list, "Payer", o->authorization.payer_name);
    state(list, "Plan", o->authorization.plan_id);
    state_tri(list, "Authorization required", o->authorization.required);
    state(list, "Authorization", o->authorization.number);
    state_codes(list, "It covers", o->authorization.codes, SECG_MAX_CODES);
    if (o->authorization.valid_from[0] || o->authorization.valid_to[0])
        snprintf(text, sizeof text, "%s to %s", o->authorization.valid_from,
                 o->authorization.valid_to);
    state(list, "Valid", text);
    text[0] = '\0';
    if (o->authorization.units > 0)
        snprintf(text, sizeof text, "%d", (int)o->authorization.units);
    state(list, "Units", text);
}

static void state_facility(stated_list *list, const secg_order *o)
{
    state(list, "Facility", o->facility.name);
    state(list, "Address", o->facility.address);
    state(list, "Entity", o->facility.entity_id);
    state(list, "Billing entity", o->facility.billing_entity_id);
    state(list, "Location", o->facility.location_id);
}

static void state_rest(stated_list *list, const secg_order *o)
{
    char text[STATED_BYTES] = "";
    for (size_t i = 0; i < SECG_MAX_SECTIONS; i++)
        if (o->sections[i][0])
            secg_format_append(text, sizeof text, "%s%s", text[0] ? ", " : "", o->sections[i]);
    state(list, "Sent with the record", text);
}

static void stated_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                        char *text, size_t size)
{
    const stated_list *list = table->context;
    (void)sheet;
    snprintf(text, size, "%s", column == 0 ? list->name[row] : list->text[row]);
}

/* ---- staff and electrodes --------------------------------------------------------------------- */

static const secg_column staff_columns[] = {
    {"Staff", NULL, 0, SECG_LEFT, 2, 1},          {"Credential", NULL, 70, SECG_LEFT, 2, 0},
    {"Number", NULL, 70, SECG_LEFT, 2, 0},        {"Entity", NULL, 80, SECG_LEFT, 2, 0},
    {"Authorization", NULL, 80, SECG_LEFT, 2, 0}, {"Part", NULL, 90, SECG_LEFT, 2, 0}};

static void staff_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    const secg_staff *p = &sheet->book->order->staff[row];
    const char *const value[] = {p->name, p->credential, p->id, p->entity_id, p->authorization};
    (void)table;
    text[0] = '\0';
    if (column < sizeof value / sizeof *value) {
        snprintf(text, size, "%s", value[column]);
        return;
    }
    secg_format_append(text, size, "%s", p->performed ? "performed" : "");
    secg_format_append(text, size, "%s%s", text[0] && p->supervised ? ", " : "",
                       p->supervised ? "supervised" : "");
    secg_format_append(text, size, "%s%s", text[0] && p->interprets ? ", " : "",
                       p->interprets ? "reads" : "");
}

static const secg_column electrode_columns[] = {{"Electrode", "", 80, SECG_LEFT, 0, 1},
                                                {"Contact", "", 80, SECG_LEFT, 0, 0},
                                                {"Impedance", "k\xce\xa9", 60, SECG_RIGHT, 0, 0},
                                                {"", "", 0, SECG_LEFT, 0, 0}};

static void electrode_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                           char *text, size_t size)
{
    const secg_electrode *e = &sheet->book->order->electrode[row];
    (void)table;
    text[0] = '\0';
    if (column == 0)
        snprintf(text, size, "%s", e->site);
    else if (column == 1)
        snprintf(text, size, "%s",
                 e->contact == SECG_YES  ? "good"
                 : e->contact == SECG_NO ? "not good"
                                         : "not stated");
    else if (column == 2 && e->impedance_kohm > 0)
        snprintf(text, size, "%.4g", (double)e->impedance_kohm);
}

/* ---- corrections and changes -------------------------------------------------------------------- */

static const secg_column correction_columns[] = {
    {"Fact", "", 28, SECG_RIGHT, 0, 0},          {"When", "", 78, SECG_LEFT, 0, 0},
    {"Was entered", "", 0, SECG_LEFT, 4, 0},     {"By", "", 70, SECG_LEFT, 2, 0},
    {"Stands for it", "", 150, SECG_LEFT, 4, 0}, {"By", "", 70, SECG_LEFT, 2, 0}};

static void put_corrected(const secg_book *book, const secg_fact *fact, char *text, size_t size)
{
    char at[40];
    if (fact->kind == SECG_FACT_RETRACTION) {
        secg_format_append(text, size, "nothing: it was taken back%s%s", fact->text[0] ? ", " : "",
                           fact->text);
        return;
    }
    secg_format_moment(book, fact->sample, at, sizeof at);
    secg_format_append(text, size, "%s, %s: ", secg_fact_name((secg_fact_kind)fact->kind), at);
    secg_fact_text(fact, text, size);
}

static void correction_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                            char *text, size_t size)
{
    const secg_book *book = sheet->book;
    const secg_correction *c = &book->summary->correction[row];
    (void)table;
    text[0] = '\0';
    if (column == 0)
        snprintf(text, size, "%d", (int)c->number);
    else if (column == 1)
        secg_format_moment(book, c->original.sample, text, size);
    else if (column == 2 || column == 4)
        put_corrected(book, column == 2 ? &c->original : &c->correction, text, size);
    else
        snprintf(text, size, "%s", column == 3 ? c->original.by : c->correction.by);
}

static const secg_column edit_columns[] = {
    {"Changed at", NULL, 108, SECG_LEFT, 2, 0}, {"By", NULL, 70, SECG_LEFT, 2, 0},
    {"What", NULL, 60, SECG_LEFT, 2, 1},        {"From", NULL, 70, SECG_LEFT, 3, 0},
    {"To", NULL, 70, SECG_LEFT, 3, 0},          {"Why", NULL, 0, SECG_LEFT, 4, 0}};

static void edit_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    const secg_edit *e = &sheet->book->order->edit[row];
    const char *const value[] = {e->when, e->by, e->what, e->old_value, e->new_value, e->why};
    (void)table;
    snprintf(text, size, "%s", value[column][0] || column > 4 ? value[column] : "(not stated)");
}

/* ---- the section ----------------------------------------------------------------------------------- */

static const secg_column stated_columns[] = {{"What", NULL, 130, SECG_LEFT, 0, 1},
                                             {"As entered", NULL, 0, SECG_LEFT, 4, 0}};

enum { MOST_CORRECTIONS = 250 };

static int order_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_book *book = sheet->book;
    const secg_order *o = book->order;
    size_t corrections = book->summary->corrections;
    stated_list stated = {.count = 0};
    secg_table tables[5];
    size_t count = 0;
    state_order(&stated, o);
    state_payer(&stated, o);
    state_facility(&stated, o);
    state_rest(&stated, o);
    tables[count++] = (secg_table){.heading = "Order, payer and facility",
                                   .empty = "Nothing was entered.",
                                   COLUMNS(stated_columns),
                                   .rows = stated.count,
                                   .context = &stated,
                                   .cell = stated_cell};
    if (o->staff_count > 0)
        tables[count++] = (secg_table){.heading = "Staff",
                                       COLUMNS(staff_columns),
                                       .rows = (size_t)o->staff_count,
                                       .cell = staff_cell};
    if (o->electrode_count > 0)
        tables[count++] = (secg_table){.heading = "Electrodes at hook-up",
                                       COLUMNS(electrode_columns),
                                       .rows = (size_t)o->electrode_count,
                                       .cell = electrode_cell};
    tables[count++] =
        (secg_table){.heading = "Corrections of what was entered",
                     .empty = "None.",
                     .remark = corrections > MOST_CORRECTIONS
                                   ? "The first 250 are listed; the others are in the record."
                                   : NULL,
                     COLUMNS(correction_columns),
                     .rows = corrections < MOST_CORRECTIONS ? corrections : MOST_CORRECTIONS,
                     .cell = correction_cell};
    tables[count++] = (secg_table){.heading = "Changes to the saved test",
                                   .empty = "None.",
                                   COLUMNS(edit_columns),
                                   .rows = o->edits,
                                   .cell = edit_cell};
    return secg_tables_draw(sheet, tables, count, cursor);
}

static void draw_order(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    order_section(sheet, &cursor);
}

void secg_plan_order(secg_book *book)
{
    if (book->is_test)
        secg_book_add_section(
            book, (secg_page){.title = "Order and corrections", .draw = draw_order}, order_section);
}
