/* TEST.json to secg_test_file, by the tables of test_fields.c. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"
#include "document/json_read.h"
#include "document/protocol_json.h"
#include "document/test_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    secg_reader json;
    const secg_protocols *protocols;
    secg_test_file *file;
} reader;

/* ---- lists ------------------------------------------------------------------------------------- */

static secg_status read_staff(reader *r, const json_t *list)
{
    secg_order *order = &r->file->order;
    if (!json_is_array(list))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not a list");
    if (json_array_size(list) > SECG_MAX_STAFF)
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "more than %d people", SECG_MAX_STAFF);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < json_array_size(list); i++) {
        json_t *person = json_array_get(list, i);
        secg_read_enter(&r->json, NULL, i);
        if (!json_is_object(person))
            status = secg_read_fail(&r->json, SECG_JSON_VALUE, "not an object");
        if (status == SECG_OK)
            status =
                secg_read_refuse_unknown(&r->json, person, secg_staff_fields, secg_staff_fields);
        if (status == SECG_OK)
            status = secg_read_fields(&r->json, secg_staff_fields, person, &order->staff[i]);
        secg_read_leave(&r->json);
    }
    order->staff_count = (int32_t)json_array_size(list);
    return status;
}

static secg_status read_entered(reader *r, const json_t *value, secg_fact *fact)
{
    fact->entered = fact->sample;
    if (!value)
        return SECG_OK;
    secg_read_enter(&r->json, "entered_s", 0);
    secg_status status = secg_read_time(&r->json, value, &fact->entered);
    if (status == SECG_OK && fact->entered < fact->sample)
        status = secg_read_fail(&r->json, SECG_JSON_VALUE, "before time_s");
    secg_read_leave(&r->json);
    return status;
}

static secg_status check_fact(reader *r, const json_t *object, const secg_fact *fact)
{
    const char *field, *wrong = secg_fact_contradiction(fact, r->file->table, &field);
    if (!wrong)
        return SECG_OK;
    if (!field || !json_object_get(object, field))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "%s", wrong);
    secg_read_enter(&r->json, field, 0);
    secg_status status = secg_read_fail(&r->json, SECG_JSON_VALUE, "%s", wrong);
    secg_read_leave(&r->json);
    return status;
}

static secg_status read_fact(reader *r, json_t *object, secg_fact *fact)
{
    *fact = secg_fact_make((secg_fact_kind)0, 0);
    if (!json_is_object(object))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not an object");
    secg_fact_fields fields = secg_fields_of_fact((secg_fact_kind)0);
    secg_status status = secg_read_fields(&r->json, fields.common, object, fact);
    if (status != SECG_OK)
        return status;
    if (fact->kind == SECG_FACT_ADVERSE)
        fact->code = 0;
    fields = secg_fields_of_fact((secg_fact_kind)fact->kind);
    status = secg_read_refuse_unknown(&r->json, object, fields.common, fields.own);
    if (status == SECG_OK)
        status = secg_read_fields(&r->json, fields.own, object, fact);
    if (status == SECG_OK)
        status = read_entered(r, json_object_get(object, "entered_s"), fact);
    return status == SECG_OK ? check_fact(r, object, fact) : status;
}

/* Only what stands before it can be corrected. */
static secg_status check_corrects(reader *r, const secg_fact *fact, size_t before)
{
    if (fact->corrects == 0 || (size_t)fact->corrects <= before)
        return SECG_OK;
    secg_read_enter(&r->json, "corrects", 0);
    secg_status status =
        secg_read_fail(&r->json, SECG_JSON_VALUE, "%d is not the number of a fact before this one",
                       (int)fact->corrects);
    secg_read_leave(&r->json);
    return status;
}

static secg_status read_timeline(reader *r, const json_t *list)
{
    if (!json_is_array(list))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not a list");
    size_t count = json_array_size(list);
    if (count > SECG_MOST_FACTS)
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "more than %d facts", SECG_MOST_FACTS);
    r->file->fact = malloc((count + 1) * sizeof *r->file->fact);
    if (!r->file->fact)
        return secg_fail(r->json.error, SECG_E_MEMORY, "%s: no memory for %zu facts",
                         secg_path_tail(r->json.path), count);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        secg_read_enter(&r->json, NULL, i);
        status = read_fact(r, json_array_get(list, i), &r->file->fact[i]);
        if (status == SECG_OK)
            status = check_corrects(r, &r->file->fact[i], i);
        secg_read_leave(&r->json);
    }
    r->file->facts = count;
    return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static secg_status read_format(reader *r, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || strcmp(text, SECG_TEST_FORMAT) != 0)
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not \"" SECG_TEST_FORMAT "\"");
    return SECG_OK;
}

static secg_status read_start(reader *r, const json_t *value)
{
    secg_moment moment;
    const char *text = json_string_value(value);
    if (!text || !secg_moment_parse(text, &moment))
        return secg_read_fail(&r->json, SECG_JSON_VALUE,
                              "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    r->file->start_unix_ms = moment.unix_ms;
    r->file->utc_offset_min = moment.utc_offset_min;
    return SECG_OK;
}

static secg_status read_member(reader *r, const json_t *root, const char *name,
                               secg_status (*read)(reader *, const json_t *))
{
    const json_t *value = json_object_get(root, name);
    if (!value)
        return SECG_OK;
    secg_read_enter(&r->json, name, 0);
    secg_status status = read(r, value);
    secg_read_leave(&r->json);
    return status;
}

static secg_status check_mains(reader *r, const json_t *value)
{
    (void)value;
    if (r->file->mains_hz == 50 || r->file->mains_hz == 60)
        return SECG_OK;
    return secg_read_fail(&r->json, SECG_JSON_VALUE, "%d is not 50 or 60", (int)r->file->mains_hz);
}

static secg_status check_formula(reader *r, const json_t *value)
{
    const char *formula = r->file->max_bpm_formula;
    (void)value;
    if (!formula[0] || !isnan(secg_predicted_max_bpm(formula, 50)))
        return SECG_OK;
    return secg_read_fail(&r->json, SECG_JSON_VALUE, "no such formula");
}

static secg_status check_mets_formula(reader *r, const json_t *value)
{
    const char *formula = r->file->mets_formula;
    (void)value;
    if (!formula[0] || !isnan(secg_predicted_mets(formula, 50)))
        return SECG_OK;
    return secg_read_fail(&r->json, SECG_JSON_VALUE, "no such formula");
}

/* The table that was followed, in the file itself. */
static secg_status read_own_table(reader *r, const json_t *value)
{
    secg_test_file *file = r->file;
    if (!(file->own_table = calloc(1, sizeof *file->own_table)))
        return secg_fail(r->json.error, SECG_E_MEMORY, "%s: no memory",
                         secg_path_tail(r->json.path));
    secg_status status = secg_protocol_from_json(&r->json, (json_t *)value, file->own_table);
    if (status == SECG_OK && strcmp(file->own_table->id, file->protocol) != 0)
        status = secg_read_fail(&r->json, SECG_JSON_VALUE,
                                "its id is not the one that \"protocol\" names");
    file->table = file->own_table;
    return status;
}

static secg_status read_audit(reader *r, const json_t *list)
{
    if (!json_is_array(list))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not a list");
    size_t count = json_array_size(list);
    if (count > SECG_MAX_EDITS)
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "more than %d entries", SECG_MAX_EDITS);
    secg_edit *edit = calloc(count + 1, sizeof *edit);
    if (!edit)
        return secg_fail(r->json.error, SECG_E_MEMORY, "%s: no memory",
                         secg_path_tail(r->json.path));
    r->file->order.edit = edit;
    r->file->order.edits = count;
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        json_t *entry = json_array_get(list, i);
        secg_read_enter(&r->json, NULL, i);
        if (!json_is_object(entry))
            status = secg_read_fail(&r->json, SECG_JSON_VALUE, "not an object");
        if (status == SECG_OK)
            status = secg_read_refuse_unknown(&r->json, entry, secg_edit_fields, secg_edit_fields);
        if (status == SECG_OK)
            status = secg_read_fields(&r->json, secg_edit_fields, entry, &edit[i]);
        secg_read_leave(&r->json);
    }
    return status;
}

static secg_status read_root(reader *r, json_t *root)
{
    if (!json_is_object(root))
        return secg_read_fail(&r->json, SECG_JSON_VALUE, "not an object");
    if (!json_object_get(root, "format"))
        return secg_read_fail(&r->json, SECG_JSON_VALUE,
                              "format is missing: \"" SECG_TEST_FORMAT "\"");
    secg_status status = read_member(r, root, "format", read_format);
    if (status == SECG_OK)
        status = secg_read_refuse_unknown(&r->json, root, secg_file_fields, secg_file_fields);
    if (status == SECG_OK)
        status = secg_read_fields(&r->json, secg_file_fields, root, r->file);
    if (status == SECG_OK)
        status = read_member(r, root, "mains_hz", check_mains);
    if (status == SECG_OK)
        status = read_member(r, root, "max_bpm_formula", check_formula);
    if (status == SECG_OK)
        status = read_member(r, root, "start", read_start);
    if (status == SECG_OK)
        status = read_member(r, root, "staff", read_staff);
    if (status == SECG_OK)
        status = read_member(r, root, "mets_formula", check_mets_formula);
    if (status == SECG_OK)
        status = read_member(r, root, "audit", read_audit);
    if (status == SECG_OK)
        status = read_member(r, root, "protocol_table", read_own_table);
    if (status == SECG_OK && !r->file->table)
        r->file->table = secg_protocols_find(r->protocols, r->file->protocol);
    return status == SECG_OK ? read_member(r, root, "timeline", read_timeline) : status;
}

static secg_status read_file(reader *r)
{
    json_t *root;
    secg_status status = secg_read_json(&r->json, &root);
    if (status == SECG_OK)
        status = read_root(r, root);
    json_decref(root);
    free(r->json.text);
    return status;
}

secg_status secg_test_file_read_with(const char *path, double rate_hz,
                                     const secg_protocols *protocols, secg_test_file *file,
                                     secg_error *error)
{
    if (!path || !file)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "file" : "path");
    *file = (secg_test_file){.start_unix_ms = SECG_NO_SAMPLE};
    if (!(rate_hz >= SECG_MIN_RATE_HZ && rate_hz <= SECG_MAX_RATE_HZ))
        return secg_fail(error, SECG_E_ARGUMENT, "rate_hz: %g is outside %d .. %d", rate_hz,
                         SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    reader r = {.json = {.path = path, .rate_hz = rate_hz, .error = error},
                .protocols = protocols,
                .file = file};
    secg_status status = read_file(&r);
    if (status != SECG_OK)
        secg_test_file_free(file);
    return status;
}

secg_status secg_test_file_read(const char *path, double rate_hz, secg_test_file *file,
                                secg_error *error)
{
    return secg_test_file_read_with(path, rate_hz, NULL, file, error);
}

void secg_test_file_free(secg_test_file *file)
{
    if (!file)
        return;
    free(file->fact);
    free((secg_edit *)file->order.edit);
    secg_protocol_free(file->own_table);
    free(file->own_table);
    file->fact = NULL;
    file->facts = 0;
    file->order.edit = NULL;
    file->order.edits = 0;
    file->own_table = NULL;
    file->table = NULL;
}
