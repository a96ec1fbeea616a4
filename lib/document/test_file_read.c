/* TEST.json to secg_test_file: the tables of test_fields.c say what may stand where. */
#include "document/test_file_read.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"
#include "document/protocol_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- people and electrodes --------------------------------------------------------------------- */

static secg_order *order_of(secg_reader *r)
{
    return &((secg_test_file *)r->to)->order;
}

static secg_status read_staff(secg_reader *r, const json_t *list)
{
    secg_order *order = order_of(r);
    return secg_read_structs(r, list,
                             &(secg_struct_list){secg_staff_fields, order->staff,
                                                 sizeof *order->staff, SECG_MAX_STAFF,
                                                 &order->staff_count, "people"});
}

static secg_status read_electrodes(secg_reader *r, const json_t *list)
{
    secg_order *order = order_of(r);
    return secg_read_structs(r, list,
                             &(secg_struct_list){secg_electrode_fields, order->electrode,
                                                 sizeof *order->electrode, SECG_MAX_ELECTRODES,
                                                 &order->electrode_count, "electrodes"});
}

/* ---- facts ------------------------------------------------------------------------------------- */

static secg_status read_entered(secg_reader *r, const json_t *value, secg_fact *fact)
{
    fact->entered = fact->sample;
    if (!value)
        return SECG_OK;
    secg_read_enter(r, "entered_s", 0);
    secg_status status = secg_read_time(r, value, &fact->entered);
    if (status == SECG_OK && fact->entered < fact->sample)
        status = secg_read_fail(r, SECG_JSON_VALUE, "before time_s");
    secg_read_leave(r);
    return status;
}

static secg_status check_fact(secg_reader *r, const json_t *object, const secg_protocol *protocol,
                              const secg_fact *fact)
{
    const char *field, *wrong = secg_fact_contradiction(fact, protocol, &field);
    if (!wrong)
        return SECG_OK;
    if (!field || !json_object_get(object, field))
        return secg_read_fail(r, SECG_JSON_VALUE, "%s", wrong);
    secg_read_enter(r, field, 0);
    secg_status status = secg_read_fail(r, SECG_JSON_VALUE, "%s", wrong);
    secg_read_leave(r);
    return status;
}

static secg_status read_fact(secg_reader *r, json_t *object, const secg_protocol *protocol,
                             secg_fact *fact)
{
    *fact = secg_fact_make((secg_fact_kind)0, 0);
    if (!json_is_object(object))
        return secg_read_fail(r, SECG_JSON_VALUE, "not an object");
    secg_fact_fields fields = secg_fields_of_fact((secg_fact_kind)0);
    secg_status status = secg_read_fields(r, fields.common, object, fact);
    if (status != SECG_OK)
        return status;
    if (fact->kind == SECG_FACT_ADVERSE)
        fact->code = 0;
    fields = secg_fields_of_fact((secg_fact_kind)fact->kind);
    status = secg_read_refuse_unknown(r, object, fields.common, fields.own);
    if (status == SECG_OK)
        status = secg_read_fields(r, fields.own, object, fact);
    if (status == SECG_OK)
        status = read_entered(r, json_object_get(object, "entered_s"), fact);
    return status == SECG_OK ? check_fact(r, object, protocol, fact) : status;
}

secg_status secg_read_facts(secg_reader *r, const json_t *list, const secg_protocol *protocol,
                            secg_fact **fact, size_t *facts)
{
    *fact = NULL;
    *facts = 0;
    if (!json_is_array(list))
        return secg_read_fail(r, SECG_JSON_VALUE, "not a list");
    size_t count = json_array_size(list);
    if (count > SECG_MOST_FACTS)
        return secg_read_fail(r, SECG_JSON_VALUE, "more than %d facts", SECG_MOST_FACTS);
    if (!(*fact = malloc((count + 1) * sizeof **fact)))
        return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory for %zu facts",
                         secg_path_tail(r->path), count);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        secg_read_enter(r, NULL, i);
        status = read_fact(r, json_array_get(list, i), protocol, &(*fact)[i]);
        secg_read_leave(r);
    }
    *facts = count;
    return status;
}

/* Only what stands before it can be corrected. */
static secg_status check_corrects(secg_reader *r, const secg_fact *fact, size_t before)
{
    if (fact->corrects == 0 || (size_t)fact->corrects <= before)
        return SECG_OK;
    secg_read_enter(r, NULL, before);
    secg_read_enter(r, "corrects", 0);
    secg_status status = secg_read_fail(
        r, SECG_JSON_VALUE, "%d is not the number of a fact before this one", (int)fact->corrects);
    secg_read_leave(r);
    secg_read_leave(r);
    return status;
}

static secg_status read_timeline(secg_reader *r, const json_t *list)
{
    secg_test_file *file = r->to;
    secg_status status = secg_read_facts(r, list, file->table, &file->fact, &file->facts);
    for (size_t i = 0; status == SECG_OK && i < file->facts; i++)
        status = check_corrects(r, &file->fact[i], i);
    return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static secg_status read_format(secg_reader *r, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || strcmp(text, SECG_TEST_FORMAT) != 0)
        return secg_read_fail(r, SECG_JSON_VALUE, "not \"" SECG_TEST_FORMAT "\"");
    return SECG_OK;
}

static secg_status read_start(secg_reader *r, const json_t *value)
{
    secg_moment moment;
    const char *text = json_string_value(value);
    if (!text || !secg_moment_parse(text, &moment))
        return secg_read_fail(r, SECG_JSON_VALUE,
                              "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    secg_test_file *file = r->to;
    file->start_unix_ms = moment.unix_ms;
    file->utc_offset_min = moment.utc_offset_min;
    return SECG_OK;
}

static secg_status read_member(secg_reader *r, const json_t *root, const char *name,
                               secg_status (*read)(secg_reader *, const json_t *))
{
    const json_t *value = json_object_get(root, name);
    if (!value)
        return SECG_OK;
    secg_read_enter(r, name, 0);
    secg_status status = read(r, value);
    secg_read_leave(r);
    return status;
}

static secg_status check_mains(secg_reader *r, const json_t *value)
{
    int32_t mains_hz = ((const secg_test_file *)r->to)->mains_hz;
    (void)value;
    if (mains_hz == 50 || mains_hz == 60)
        return SECG_OK;
    return secg_read_fail(r, SECG_JSON_VALUE, "%d is not 50 or 60", (int)mains_hz);
}

static secg_status check_formula(secg_reader *r, const json_t *value)
{
    const char *formula = ((const secg_test_file *)r->to)->max_bpm_formula;
    (void)value;
    if (!formula[0] || !isnan(secg_predicted_max_bpm(formula, 50)))
        return SECG_OK;
    return secg_read_fail(r, SECG_JSON_VALUE, "no such formula");
}

static secg_status check_mets_formula(secg_reader *r, const json_t *value)
{
    const char *formula = ((const secg_test_file *)r->to)->mets_formula;
    (void)value;
    if (!formula[0] || !isnan(secg_predicted_mets(formula, 50)))
        return SECG_OK;
    return secg_read_fail(r, SECG_JSON_VALUE, "no such formula");
}

/* ---- the table that was followed, and the audit trail -------------------------------------------- */

static secg_status no_memory(const secg_reader *r)
{
    return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(r->path));
}

static secg_status read_own_table(secg_reader *r, const json_t *value)
{
    secg_test_file *file = r->to;
    if (!(file->own_table = calloc(1, sizeof *file->own_table)))
        return no_memory(r);
    secg_status status = secg_protocol_from_json(r, (json_t *)value, file->own_table);
    if (status == SECG_OK && strcmp(file->own_table->id, file->protocol) != 0)
        status =
            secg_read_fail(r, SECG_JSON_VALUE, "its id is not the one that \"protocol\" names");
    file->table = file->own_table;
    return status;
}

static secg_status read_audit(secg_reader *r, const json_t *list)
{
    secg_order *order = order_of(r);
    int32_t count = 0;
    size_t most = json_array_size(list) < SECG_MAX_EDITS ? json_array_size(list) : SECG_MAX_EDITS;
    secg_edit *edit = calloc(most + 1, sizeof *edit);
    if (!edit)
        return no_memory(r);
    order->edit = edit;
    secg_status status = secg_read_structs(r, list,
                                           &(secg_struct_list){secg_edit_fields, edit, sizeof *edit,
                                                               SECG_MAX_EDITS, &count, "entries"});
    order->edits = status == SECG_OK ? (size_t)count : 0;
    return status;
}

static secg_status read_root(secg_reader *r, json_t *root, const secg_protocols *protocols)
{
    secg_test_file *file = r->to;
    if (!json_is_object(root))
        return secg_read_fail(r, SECG_JSON_VALUE, "not an object");
    if (!json_object_get(root, "format"))
        return secg_read_fail(r, SECG_JSON_VALUE, "format is missing: \"" SECG_TEST_FORMAT "\"");
    secg_status status = read_member(r, root, "format", read_format);
    if (status == SECG_OK)
        status = secg_read_refuse_unknown(r, root, secg_file_fields, secg_file_fields);
    if (status == SECG_OK)
        status = secg_read_fields(r, secg_file_fields, root, r->to);
    if (status == SECG_OK)
        status = read_member(r, root, "mains_hz", check_mains);
    if (status == SECG_OK)
        status = read_member(r, root, "max_bpm_formula", check_formula);
    if (status == SECG_OK)
        status = read_member(r, root, "start", read_start);
    if (status == SECG_OK)
        status = read_member(r, root, "electrodes", read_electrodes);
    if (status == SECG_OK)
        status = read_member(r, root, "staff", read_staff);
    if (status == SECG_OK)
        status = read_member(r, root, "mets_formula", check_mets_formula);
    if (status == SECG_OK)
        status = read_member(r, root, "audit", read_audit);
    if (status == SECG_OK)
        status = read_member(r, root, "protocol_table", read_own_table);
    if (status == SECG_OK && !file->table)
        file->table = secg_protocols_find(protocols, file->protocol);
    return status == SECG_OK ? read_member(r, root, "timeline", read_timeline) : status;
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
    secg_reader r = {.path = path,
                     .most_bytes = SECG_MOST_TEST_BYTES,
                     .rate_hz = rate_hz,
                     .to = file,
                     .error = error};
    json_t *root;
    secg_status status = secg_read_json(&r, &root);
    if (status == SECG_OK)
        status = read_root(&r, root, protocols);
    secg_read_end(&r, root);
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
