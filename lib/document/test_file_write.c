/* secg_test_file to TEST.json, by the same tables that read it.  What the reader would refuse is
 * refused here, before anything is written. */
#include "base/status.h"
#include "document/clock.h"
#include "document/fact_json.h"
#include "document/json_number.h"
#include "document/json_save.h"
#include "document/protocol_json.h"
#include "document/test_fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A microsecond: at 2000 Hz a five hundredth of a sample, so reading finds the same sample. */
enum { TIME_DECIMALS = 6 };

typedef struct writer {
    double rate_hz;
    const char *place; /* "timeline", "staff" or ""                                         */
    size_t index;
    secg_error *error;
} writer;

static secg_status fail(const writer *w, const secg_field *field, const char *what)
{
    if (!w->place[0])
        return secg_fail(w->error, SECG_E_ARGUMENT, "%s: %s", field->name, what);
    return secg_fail(w->error, SECG_E_ARGUMENT, "%s[%zu]%s%s: %s", w->place, w->index,
                     field ? "." : "", field ? field->name : "", what);
}

static secg_status no_memory(const writer *w)
{
    return secg_fail(w->error, SECG_E_MEMORY, "test file: no memory");
}

static secg_status put(const writer *w, json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0 ? SECG_OK : no_memory(w);
}

/* ---- one value --------------------------------------------------------------------------------- */

static secg_status check_range(const writer *w, const secg_field *field, double value)
{
    char what[100];
    if (value >= field->low && value <= field->high)
        return SECG_OK;
    snprintf(what, sizeof what, "%.9g is outside %.9g .. %.9g", value, field->low, field->high);
    return fail(w, field, what);
}

static int is_word(const secg_words *words, const char *text)
{
    for (int i = words->first; i <= words->last; i++)
        if (strcmp(words->name(i), text) == 0)
            return 1;
    return 0;
}

static secg_status check_text(const writer *w, const secg_field *field, const char *text)
{
    secg_date date;
    secg_moment moment;
    if (field->words && !is_word(field->words, text))
        return fail(w, field, "not one of the words that may stand here");
    if (field->type == SECG_FIELD_DATE && !secg_date_parse(text, &date))
        return fail(w, field, "not a date, YYYY-MM-DD");
    if (field->type == SECG_FIELD_MOMENT && !secg_moment_parse(text, &moment))
        return fail(w, field, "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    return SECG_OK;
}

static secg_status make_text(const writer *w, const secg_field *field, const char *text,
                             json_t **value)
{
    if (!memchr(text, '\0', field->size))
        return fail(w, field, "the text has no end");
    secg_status status = text[0] ? check_text(w, field, text) : SECG_OK;
    if (status != SECG_OK || (!text[0] && !field->required))
        return status;
    *value = json_string(text);
    return *value ? SECG_OK : fail(w, field, "the text is not UTF-8");
}

static secg_status make_real(const writer *w, const secg_field *field, const void *at,
                             json_t **value)
{
    float number;
    memcpy(&number, at, sizeof number);
    if (!field->required && secg_field_is_absent(field, (double)number))
        return SECG_OK;
    *value = json_real(secg_short_decimal(number));
    return check_range(w, field, (double)number);
}

static secg_status make_whole(const writer *w, const secg_field *field, const void *at,
                              json_t **value)
{
    int number = secg_field_whole(field, at);
    if (!field->required && secg_field_is_absent(field, number))
        return SECG_OK;
    *value = json_integer(number);
    return check_range(w, field, number);
}

static secg_status make_word(const writer *w, const secg_field *field, const void *at,
                             json_t **value)
{
    int number = secg_field_whole(field, at);
    if (!field->required && secg_field_is_absent(field, number))
        return SECG_OK;
    if (number < field->words->first || number > field->words->last)
        return fail(w, field, "not one of the values that may stand here");
    *value = json_string(field->words->name(number));
    return SECG_OK;
}

static secg_status make_flag(const writer *w, const secg_field *field, const void *at,
                             json_t **value)
{
    int flag = secg_field_whole(field, at);
    if (field->required && flag != 0 && flag != 1)
        return fail(w, field, "not 0 or 1");
    if (field->required || flag == 1)
        *value = json_boolean(flag);
    return SECG_OK;
}

static secg_status make_tri(const writer *w, const secg_field *field, const void *at,
                            json_t **value)
{
    secg_tri tri;
    memcpy(&tri, at, sizeof tri);
    if (tri != SECG_UNKNOWN && tri != SECG_YES && tri != SECG_NO)
        return fail(w, field, "not yes, no or unknown");
    if (tri != SECG_UNKNOWN)
        *value = json_boolean(tri == SECG_YES);
    return SECG_OK;
}

static secg_status make_time(const writer *w, const secg_field *field, int64_t sample,
                             json_t **value)
{
    double seconds = secg_seconds(sample, w->rate_hz);
    if (!(seconds >= 0 && seconds <= SECG_MOST_SECONDS))
        return fail(w, field, "the sample is before the recording, or beyond two days");
    *value = secg_json_real(seconds, TIME_DECIMALS);
    return SECG_OK;
}

/* Up to the last entry that says something. */
static secg_status make_texts(const writer *w, const secg_field *field, const char *text,
                              json_t **value)
{
    secg_field entry = {
        .name = field->name, .type = SECG_FIELD_TEXT, .required = 1, .size = field->size};
    size_t count = field->count;
    while (count > 0 && !text[(count - 1) * field->size])
        count--;
    if (count == 0)
        return SECG_OK;
    if (!(*value = json_array()))
        return no_memory(w);
    for (size_t i = 0; i < count; i++) {
        json_t *one = NULL;
        secg_status status = make_text(w, &entry, text + i * field->size, &one);
        if (status != SECG_OK || json_array_append_new(*value, one) != 0)
            return status != SECG_OK ? status : no_memory(w);
    }
    return SECG_OK;
}

/* ---- objects ----------------------------------------------------------------------------------- */

static secg_status put_fields(const writer *w, const secg_field *fields, const void *from,
                              json_t *object);

/* Left out when nothing in it is stated. */
static secg_status make_object(const writer *w, const secg_field *field, const void *from,
                               json_t **value)
{
    if (!(*value = json_object()))
        return no_memory(w);
    secg_status status = put_fields(w, field->fields, from, *value);
    if (status == SECG_OK && json_object_size(*value) == 0) {
        json_decref(*value);
        *value = NULL;
    }
    return status;
}

static secg_status make(const writer *w, const secg_field *field, const char *base, json_t **value)
{
    const char *at = base + field->offset;
    int64_t sample;
    switch (field->type) {
    case SECG_FIELD_TEXT:
    case SECG_FIELD_DATE:
    case SECG_FIELD_MOMENT:
        return make_text(w, field, at, value);
    case SECG_FIELD_REAL:
        return make_real(w, field, at, value);
    case SECG_FIELD_WHOLE:
        return make_whole(w, field, at, value);
    case SECG_FIELD_WORD:
        return make_word(w, field, at, value);
    case SECG_FIELD_FLAG:
        return make_flag(w, field, at, value);
    case SECG_FIELD_TRI:
        return make_tri(w, field, at, value);
    case SECG_FIELD_TIME:
        memcpy(&sample, at, sizeof sample);
        return make_time(w, field, sample, value);
    case SECG_FIELD_TEXTS:
        return make_texts(w, field, at, value);
    case SECG_FIELD_OBJECT:
        return make_object(w, field, base, value);
    case SECG_FIELD_OTHER:
        break;
    }
    return SECG_OK;
}

static secg_status put_fields(const writer *w, const secg_field *fields, const void *from,
                              json_t *object)
{
    for (const secg_field *field = fields; field->name; field++) {
        json_t *value = NULL;
        secg_status status = make(w, field, from, &value);
        if (status != SECG_OK) {
            json_decref(value);
            return status;
        }
        if (value && put(w, object, field->name, value) != SECG_OK)
            return no_memory(w);
    }
    return SECG_OK;
}

/* ---- lists ------------------------------------------------------------------------------------- */

/* Structs of `size` bytes, each an object. */
static secg_status put_structs(writer *w, const char *place, const secg_field *fields,
                               const void *from, size_t size, int32_t count, json_t *list)
{
    secg_status status = SECG_OK;
    w->place = place;
    for (w->index = 0; status == SECG_OK && w->index < (size_t)count; w->index++) {
        json_t *object = json_object();
        if (json_array_append_new(list, object) != 0)
            return no_memory(w);
        status = put_fields(w, fields, (const char *)from + w->index * size, object);
    }
    return status;
}

/* When it was entered, where that is another sample than when it happened. */
static secg_status put_entered(const writer *w, const secg_fact *fact, json_t *object)
{
    static const secg_field entered = {.name = "entered_s", .type = SECG_FIELD_TIME};
    json_t *value = NULL;
    if (fact->entered <= fact->sample)
        return SECG_OK;
    secg_status status = make_time(w, &entered, fact->entered, &value);
    return status == SECG_OK ? put(w, object, entered.name, value) : status;
}

static secg_status put_fact(const writer *w, const secg_fact *fact, json_t *object)
{
    secg_fact_fields fields = secg_fields_of_fact((secg_fact_kind)fact->kind);
    secg_status status = put_fields(w, fields.common, fact, object);
    if (status == SECG_OK)
        status = put_entered(w, fact, object);
    return status == SECG_OK ? put_fields(w, fields.own, fact, object) : status;
}

secg_status secg_put_fact(json_t *object, const secg_fact *fact, size_t index, double rate_hz,
                          secg_error *error)
{
    writer w = {.rate_hz = rate_hz, .place = "timeline", .index = index, .error = error};
    return put_fact(&w, fact, object);
}

static secg_status put_timeline(const secg_test_file *file, writer *w, json_t *list)
{
    const secg_protocol *protocol = file->table ? file->table : secg_protocol_find(file->protocol);
    w->place = "timeline";
    for (w->index = 0; w->index < file->facts; w->index++) {
        const secg_fact *fact = &file->fact[w->index];
        const char *field, *wrong;
        json_t *object = json_object();
        if (json_array_append_new(list, object) != 0)
            return no_memory(w);
        secg_status status = put_fact(w, fact, object);
        if (status != SECG_OK)
            return status;
        if ((wrong = secg_fact_contradiction(fact, protocol, &field)) != NULL)
            return fail(w, NULL, wrong);
    }
    return SECG_OK;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static secg_status put_start(const writer *w, const secg_test_file *file, json_t *root)
{
    char text[40];
    secg_moment moment;
    static const secg_field start = {.name = "start"};
    if (file->start_unix_ms == SECG_NO_SAMPLE)
        return SECG_OK;
    secg_clock_text(file->start_unix_ms, file->utc_offset_min, 0, text, sizeof text);
    if (!secg_moment_parse(text, &moment) || moment.unix_ms != file->start_unix_ms)
        return fail(w, &start, "outside the years 1800 .. 9999, or an offset beyond 14 h");
    return put(w, root, start.name, json_string(text));
}

static secg_status check_file(const writer *w, const secg_test_file *file)
{
    static const secg_field mains = {.name = "mains_hz"}, formula = {.name = "max_bpm_formula"},
                            mets = {.name = "mets_formula"};
    if (file->mains_hz != 0 && file->mains_hz != 50 && file->mains_hz != 60)
        return fail(w, &mains, "not 50 or 60");
    if (file->max_bpm_formula[0] && isnan(secg_predicted_max_bpm(file->max_bpm_formula, 50)))
        return fail(w, &formula, "no such formula");
    if (file->mets_formula[0] && isnan(secg_predicted_mets(file->mets_formula, 50)))
        return fail(w, &mets, "no such formula");
    if (file->order.edits > SECG_MAX_EDITS || (file->order.edits > 0 && !file->order.edit))
        return secg_fail(w->error, SECG_E_ARGUMENT, "edits: %zu is more than %d, or there are none",
                         file->order.edits, SECG_MAX_EDITS);
    if (file->order.staff_count < 0 || file->order.staff_count > SECG_MAX_STAFF)
        return secg_fail(w->error, SECG_E_ARGUMENT, "staff_count: %d is outside 0 .. %d",
                         (int)file->order.staff_count, SECG_MAX_STAFF);
    if (file->order.electrode_count < 0 || file->order.electrode_count > SECG_MAX_ELECTRODES)
        return secg_fail(w->error, SECG_E_ARGUMENT, "electrode_count: %d is outside 0 .. %d",
                         (int)file->order.electrode_count, SECG_MAX_ELECTRODES);
    if (file->facts > SECG_MOST_FACTS || (file->facts > 0 && !file->fact))
        return secg_fail(w->error, SECG_E_ARGUMENT, "facts: %zu is more than %d, or there are none",
                         file->facts, SECG_MOST_FACTS);
    return SECG_OK;
}

static secg_status put_electrodes(const secg_order *order, writer *w, json_t *root)
{
    json_t *list = order->electrode_count > 0 ? json_array() : NULL;
    if (order->electrode_count <= 0)
        return SECG_OK;
    if (put(w, root, "electrodes", list) != SECG_OK)
        return no_memory(w);
    return put_structs(w, "electrodes", secg_electrode_fields, order->electrode,
                       sizeof *order->electrode, order->electrode_count, list);
}

static secg_status put_audit(const secg_order *order, writer *w, json_t *root)
{
    if (order->edits == 0)
        return SECG_OK;
    json_t *list = json_array();
    if (put(w, root, "audit", list) != SECG_OK)
        return no_memory(w);
    secg_status status = SECG_OK;
    w->place = "audit";
    for (w->index = 0; status == SECG_OK && w->index < order->edits; w->index++) {
        json_t *entry = json_object();
        if (json_array_append_new(list, entry) != 0)
            return no_memory(w);
        status = put_fields(w, secg_edit_fields, &order->edit[w->index], entry);
    }
    return status;
}

/* A table that is not built in travels with the test. */
static secg_status put_table(const secg_test_file *file, writer *w, json_t *root)
{
    const secg_protocol *table = file->table ? file->table : file->own_table;
    if (!table || table == secg_protocol_find(file->protocol))
        return SECG_OK;
    json_t *value = secg_protocol_to_json(table);
    return value ? put(w, root, "protocol_table", value) : no_memory(w);
}

static secg_status put_lists(const secg_test_file *file, writer *w, json_t *root)
{
    const secg_order *order = &file->order;
    secg_status status = put_electrodes(order, w, root);
    json_t *staff = json_array(), *timeline = json_array();
    int failed = put(w, root, "staff", staff) != SECG_OK;
    if (put(w, root, "timeline", timeline) != SECG_OK || failed)
        return no_memory(w);
    if (status == SECG_OK)
        status = put_structs(w, "staff", secg_staff_fields, order->staff, sizeof *order->staff,
                             order->staff_count, staff);
    if (status == SECG_OK)
        status = put_audit(order, w, root);
    return status == SECG_OK ? put_timeline(file, w, timeline) : status;
}

static secg_status put_root(const secg_test_file *file, writer *w, json_t *root)
{
    secg_status status = put(w, root, "format", json_string(SECG_TEST_FORMAT));
    if (status == SECG_OK)
        status = put_start(w, file, root);
    if (status == SECG_OK)
        status = put_fields(w, secg_file_fields, file, root);
    if (status == SECG_OK)
        status = put_table(file, w, root);
    return status == SECG_OK ? put_lists(file, w, root) : status;
}

secg_status secg_test_file_write(const char *path, double rate_hz, const secg_test_file *file,
                                 secg_error *error)
{
    if (!path || !file)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "file" : "path");
    if (!(rate_hz >= SECG_MIN_RATE_HZ && rate_hz <= SECG_MAX_RATE_HZ))
        return secg_fail(error, SECG_E_ARGUMENT, "rate_hz: %g is outside %d .. %d", rate_hz,
                         SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    writer w = {.rate_hz = rate_hz, .place = "", .error = error};
    secg_status status = check_file(&w, file);
    if (status != SECG_OK)
        return status;
    json_t *root = json_object();
    status = root ? put_root(file, &w, root) : no_memory(&w);
    if (status == SECG_OK)
        status = secg_json_save(root, path, error);
    json_decref(root);
    return status;
}
