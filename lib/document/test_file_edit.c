/* Edits of a saved test: one setting is changed, and the audit trail says what it was before. */
#include "base/status.h"
#include "document/clock.h"
#include "document/test_fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const editable[] = {
    "st_point",   "j_ms",         "protocol_label",  "max_bpm_formula", "max_bpm",
    "target_pct", "mets_formula", "mets_convention", "handrail"};

static const secg_field *find_editable(const char *what)
{
    for (size_t i = 0; what && i < sizeof editable / sizeof *editable; i++)
        if (strcmp(editable[i], what) == 0)
            return secg_field_find(secg_file_fields, what);
    return NULL;
}

/* ---- to text ------------------------------------------------------------------------------------- */

/* As JSON has it, whatever the locale. */
static void number_text(float number, char *text, size_t size)
{
    json_t *value = json_real(secg_short_decimal(number));
    char *dumped = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(9)) : NULL;
    snprintf(text, size, "%s", dumped ? dumped : "");
    free(dumped);
    json_decref(value);
}

static void value_text(const secg_field *field, const void *at, char *text, size_t size)
{
    float number;
    text[0] = '\0';
    if (field->type == SECG_FIELD_TEXT)
        snprintf(text, size, "%s", (const char *)at);
    else if (field->type == SECG_FIELD_REAL) {
        memcpy(&number, at, sizeof number);
        if (!secg_field_is_absent(field, (double)number))
            number_text(number, text, size);
    } else {
        int word = secg_field_whole(field, at);
        if (word >= field->words->first && word <= field->words->last)
            snprintf(text, size, "%s", field->words->name(word));
    }
}

/* ---- from text ----------------------------------------------------------------------------------- */

static secg_status set_text(const secg_field *field, const char *value, char *to, secg_error *error)
{
    if (strlen(value) >= field->size)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: longer than %d bytes", field->name,
                         field->size - 1);
    json_t *utf8 = json_string(value);
    if (!utf8)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: not UTF-8", field->name);
    json_decref(utf8);
    int is_rate = strcmp(field->name, "max_bpm_formula") == 0;
    int is_mets = strcmp(field->name, "mets_formula") == 0;
    if (value[0] && ((is_rate && isnan(secg_predicted_max_bpm(value, 50))) ||
                     (is_mets && isnan(secg_predicted_mets(value, 50)))))
        return secg_fail(error, SECG_E_ARGUMENT, "%s: no such formula", field->name);
    memset(to, 0, field->size);
    memcpy(to, value, strlen(value));
    return SECG_OK;
}

static secg_status set_real(const secg_field *field, const char *value, void *to, secg_error *error)
{
    int automatic = strcmp(field->name, "j_ms") == 0 && strcmp(value, "automatic") == 0;
    float number = (float)field->absent;
    if (value[0] && !automatic) {
        json_t *parsed = json_loads(value, JSON_DECODE_ANY, NULL);
        double given = json_is_number(parsed) ? json_number_value(parsed) : (double)NAN;
        json_decref(parsed);
        if (!(given >= field->low && given <= field->high))
            return secg_fail(error, SECG_E_ARGUMENT, "%s: not a number of %.9g .. %.9g",
                             field->name, field->low, field->high);
        number = (float)given;
    }
    memcpy(to, &number, sizeof number);
    return SECG_OK;
}

static secg_status set_word(const secg_field *field, const char *value, void *to, secg_error *error)
{
    if (!value[0]) {
        secg_field_set_whole(field, to, (int)field->absent);
        return SECG_OK;
    }
    for (int i = field->words->first; i <= field->words->last; i++)
        if (strcmp(field->words->name(i), value) == 0) {
            secg_field_set_whole(field, to, i);
            return SECG_OK;
        }
    return secg_fail(error, SECG_E_ARGUMENT, "%s: not one of the words that may stand there",
                     field->name);
}

static secg_status set_value(const secg_field *field, const char *value, void *to,
                             secg_error *error)
{
    switch (field->type) {
    case SECG_FIELD_TEXT:
        return set_text(field, value, to, error);
    case SECG_FIELD_REAL:
        return set_real(field, value, to, error);
    default:
        return set_word(field, value, to, error);
    }
}

/* ---- the trail ----------------------------------------------------------------------------------- */

static int fits(const char *text, size_t size)
{
    json_t *utf8 = strlen(text) < size ? json_string(text) : NULL;
    json_decref(utf8);
    return utf8 != NULL;
}

static secg_status check_trail(const secg_test_file *file, const char *by, const char *when,
                               const char *why, secg_error *error)
{
    static const secg_edit *const edit = NULL;
    secg_moment moment;
    if (!by || !by[0] || !fits(by, sizeof edit->by))
        return secg_fail(error, SECG_E_ARGUMENT, "by: who makes the change, at most %zu bytes",
                         sizeof edit->by - 1);
    if (!when || strlen(when) >= sizeof edit->when || !secg_moment_parse(when, &moment))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "when: not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    if (why && !fits(why, sizeof edit->why))
        return secg_fail(error, SECG_E_ARGUMENT, "why: longer than %zu bytes, or not UTF-8",
                         sizeof edit->why - 1);
    return file->order.edits < SECG_MAX_EDITS
               ? SECG_OK
               : secg_fail(error, SECG_E_CAPACITY, "audit: %d edits are made", SECG_MAX_EDITS);
}

static secg_edit *room_for_one(secg_test_file *file)
{
    size_t bytes = (file->order.edits + 2) * sizeof(secg_edit);
    secg_edit *edit = realloc((secg_edit *)file->order.edit, bytes);
    if (!edit)
        return NULL;
    file->order.edit = edit;
    edit += file->order.edits;
    memset(edit, 0, sizeof *edit);
    return edit;
}

secg_status secg_test_file_edit(secg_test_file *file, const char *what, const char *value,
                                const char *by, const char *when, const char *why,
                                secg_error *error)
{
    const secg_field *field = find_editable(what);
    if (!file || !value || !field)
        return secg_fail(error, SECG_E_ARGUMENT, "%s",
                         !file    ? "file: NULL"
                         : !value ? "value: NULL"
                                  : "what: no setting of that name can be edited");
    secg_status status = check_trail(file, by, when, why, error);
    if (status != SECG_OK)
        return status;
    secg_edit *edit = room_for_one(file);
    if (!edit)
        return secg_fail(error, SECG_E_MEMORY, "audit: no memory");
    void *at = (char *)file + field->offset;
    value_text(field, at, edit->old_value, sizeof edit->old_value);
    status = set_value(field, value, at, error);
    if (status != SECG_OK)
        return status;
    value_text(field, at, edit->new_value, sizeof edit->new_value);
    snprintf(edit->what, sizeof edit->what, "%s", what);
    snprintf(edit->by, sizeof edit->by, "%s", by);
    snprintf(edit->when, sizeof edit->when, "%s", when);
    snprintf(edit->why, sizeof edit->why, "%s", why ? why : "");
    file->order.edits++;
    return SECG_OK;
}
