/* TEST.json to secg_test_file.  jansson reads the text, the tables of test_fields.c say what may
 * stand where, and whatever does not fit is an error with its place in the file. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"
#include "document/json_position.h"
#include "document/test_fields.h"
#include "document/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 8 };

typedef struct reader {
    const char *path;
    char *text;
    size_t size;
    double rate_hz;
    secg_json_step step[DEEPEST]; /* to the value that is being read                        */
    size_t steps;
    const secg_protocol *protocol;
    secg_test_file *file;
    secg_error *error;
} reader;

/* ---- errors ------------------------------------------------------------------------------------ */

/* A name from the file, fit to be shown: no control characters, cut between characters. */
static void short_key(const char *key, char text[48])
{
    size_t length = strlen(key) < 40 ? strlen(key) : 40;
    while (length > 0 && ((unsigned char)key[length] & 0xc0) == 0x80)
        length--;
    for (size_t i = 0; i < length; i++)
        text[i] = (unsigned char)key[i] < ' ' ? '?' : key[i];
    text[length] = '\0';
}

static void path_text(const reader *r, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < r->steps && used < size; i++) {
        char key[48];
        if (r->step[i].key)
            short_key(r->step[i].key, key);
        int wrote = r->step[i].key ? snprintf(text + used, size - used, "%s%s", i ? "." : "", key)
                                   : snprintf(text + used, size - used, "[%zu]", r->step[i].index);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
}

static secg_status fail_at(const reader *r, secg_json_part part, const char *format, ...)
    SECG_PRINTF(3, 4);
static secg_status fail_at(const reader *r, secg_json_part part, const char *format, ...)
{
    char where[160], what[240];
    secg_json_position at;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    path_text(r, where, sizeof where);
    secg_json_find(r->text, r->size, r->step, r->steps, part, &at);
    return secg_fail(r->error, SECG_E_FORMAT, "%s:%d:%d: %s%s%s", secg_path_tail(r->path), at.line,
                     at.column, where, where[0] ? ": " : "", what);
}

static void enter(reader *r, const char *key, size_t index)
{
    if (r->steps < DEEPEST)
        r->step[r->steps++] = (secg_json_step){key, index};
}

static void leave(reader *r)
{
    r->steps--;
}

/* ---- one value --------------------------------------------------------------------------------- */

static const char *expected(const secg_field *field)
{
    switch (field->type) {
    case SECG_FIELD_REAL:
    case SECG_FIELD_TIME:
        return "not a number";
    case SECG_FIELD_WHOLE:
        return "not a whole number";
    case SECG_FIELD_FLAG:
    case SECG_FIELD_TRI:
        return "not true or false";
    case SECG_FIELD_TEXTS:
        return "not a list of texts";
    case SECG_FIELD_OBJECT:
        return "not an object";
    default:
        return "not a text";
    }
}

static secg_status wrong_type(const reader *r, const secg_field *field)
{
    return fail_at(r, SECG_JSON_VALUE, "%s", expected(field));
}

static secg_status check_range(const reader *r, double value, double low, double high)
{
    if (value >= low && value <= high)
        return SECG_OK;
    return fail_at(r, SECG_JSON_VALUE, "%.9g is outside %.9g .. %.9g", value, low, high);
}

static int find_word(const secg_words *words, const char *text, int *value)
{
    for (int i = words->first; i <= words->last; i++)
        if (strcmp(words->name(i), text) == 0) {
            *value = i;
            return 1;
        }
    return 0;
}

/* Names what may stand here and not what does: that could be about the patient. */
static secg_status no_such_word(const reader *r, const secg_words *words)
{
    char list[220] = "";
    size_t used = 0;
    for (int i = words->first; i <= words->last && used < sizeof list; i++) {
        int wrote = snprintf(list + used, sizeof list - used, "%s%s", i > words->first ? ", " : "",
                             words->name(i));
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    return fail_at(r, SECG_JSON_VALUE, "not one of: %s", list);
}

static secg_status read_text(reader *r, const secg_field *field, const json_t *value, char *to)
{
    if (!json_is_string(value))
        return wrong_type(r, field);
    const char *text = json_string_value(value);
    secg_date date;
    secg_moment moment;
    int word;
    if (json_string_length(value) >= field->size)
        return fail_at(r, SECG_JSON_VALUE, "longer than %d bytes", field->size - 1);
    if (field->words && text[0] && !find_word(field->words, text, &word))
        return no_such_word(r, field->words);
    if (field->type == SECG_FIELD_DATE && text[0] && !secg_date_parse(text, &date))
        return fail_at(r, SECG_JSON_VALUE, "not a date, YYYY-MM-DD");
    if (field->type == SECG_FIELD_MOMENT && text[0] && !secg_moment_parse(text, &moment))
        return fail_at(r, SECG_JSON_VALUE, "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    memcpy(to, text, json_string_length(value) + 1);
    return SECG_OK;
}

static secg_status read_real(reader *r, const secg_field *field, const json_t *value, void *to)
{
    if (!json_is_number(value))
        return wrong_type(r, field);
    float number = (float)json_number_value(value);
    secg_status status = check_range(r, json_number_value(value), field->low, field->high);
    if (status == SECG_OK)
        memcpy(to, &number, sizeof number);
    return status;
}

static secg_status read_whole(reader *r, const secg_field *field, const json_t *value, void *to)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || number != floor(number))
        return wrong_type(r, field);
    secg_status status = check_range(r, number, field->low, field->high);
    if (status == SECG_OK)
        secg_field_set_whole(field, to, (int)number);
    return status;
}

static secg_status read_word(reader *r, const secg_field *field, const json_t *value, void *to)
{
    int word;
    if (!json_is_string(value))
        return wrong_type(r, field);
    if (!find_word(field->words, json_string_value(value), &word))
        return no_such_word(r, field->words);
    secg_field_set_whole(field, to, word);
    return SECG_OK;
}

static secg_status read_truth(reader *r, const secg_field *field, const json_t *value, void *to)
{
    if (!json_is_boolean(value))
        return wrong_type(r, field);
    secg_tri tri = json_is_true(value) ? SECG_YES : SECG_NO;
    if (field->type == SECG_FIELD_TRI)
        memcpy(to, &tri, sizeof tri);
    else
        secg_field_set_whole(field, to, json_is_true(value));
    return SECG_OK;
}

static secg_status read_time(reader *r, const json_t *value, int64_t *sample)
{
    if (!json_is_number(value))
        return fail_at(r, SECG_JSON_VALUE, "not a number");
    secg_status status = check_range(r, json_number_value(value), 0, SECG_MOST_SECONDS);
    *sample = secg_sample_at(json_number_value(value), r->rate_hz);
    return status;
}

static secg_status read_texts(reader *r, const secg_field *field, const json_t *list, char *to)
{
    secg_status status = SECG_OK;
    if (!json_is_array(list))
        return wrong_type(r, field);
    if (json_array_size(list) > field->count)
        return fail_at(r, SECG_JSON_VALUE, "more than %d entries", field->count);
    secg_field entry = {.type = SECG_FIELD_TEXT, .size = field->size};
    for (size_t i = 0; status == SECG_OK && i < json_array_size(list); i++) {
        enter(r, NULL, i);
        status = read_text(r, &entry, json_array_get(list, i), to + i * field->size);
        leave(r);
    }
    return status;
}

/* ---- objects ----------------------------------------------------------------------------------- */

static secg_status read_fields(reader *r, const secg_field *fields, const json_t *object, void *to);

static secg_status read_field(reader *r, const secg_field *field, const json_t *value, char *base)
{
    char *to = base + field->offset;
    int64_t sample;
    secg_status status;
    switch (field->type) {
    case SECG_FIELD_TEXT:
    case SECG_FIELD_DATE:
    case SECG_FIELD_MOMENT:
        return read_text(r, field, value, to);
    case SECG_FIELD_REAL:
        return read_real(r, field, value, to);
    case SECG_FIELD_WHOLE:
        return read_whole(r, field, value, to);
    case SECG_FIELD_WORD:
        return read_word(r, field, value, to);
    case SECG_FIELD_FLAG:
    case SECG_FIELD_TRI:
        return read_truth(r, field, value, to);
    case SECG_FIELD_TIME:
        status = read_time(r, value, &sample);
        memcpy(to, &sample, sizeof sample);
        return status;
    case SECG_FIELD_TEXTS:
        return read_texts(r, field, value, to);
    case SECG_FIELD_OBJECT:
        return json_is_object(value) ? read_fields(r, field->fields, value, base)
                                     : wrong_type(r, field);
    case SECG_FIELD_OTHER:
        break;
    }
    return SECG_OK;
}

static secg_status read_fields(reader *r, const secg_field *fields, const json_t *object, void *to)
{
    secg_status status = SECG_OK;
    for (const secg_field *field = fields; status == SECG_OK && field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        if (!value && field->required)
            return fail_at(r, SECG_JSON_VALUE, "%s is missing", field->name);
        if (!value)
            continue;
        enter(r, field->name, 0);
        status = read_field(r, field, value, to);
        leave(r);
    }
    return status;
}

/* A misspelt name must not pass for a fact that was left out. */
static secg_status refuse_unknown(reader *r, json_t *object, const secg_field *a,
                                  const secg_field *b)
{
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const secg_field *field = secg_field_find(a, name);
        if (!field)
            field = secg_field_find(b, name);
        secg_status status = SECG_OK;
        enter(r, name, 0);
        if (!field)
            status = fail_at(r, SECG_JSON_KEY, "%s",
                             secg_names_verdict(name) ? "a verdict has no field in this record"
                                                      : "no such name is known here");
        else if (field->type == SECG_FIELD_OBJECT && json_is_object(json_object_iter_value(at)))
            status = refuse_unknown(r, json_object_iter_value(at), field->fields, field->fields);
        leave(r);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

/* ---- lists ------------------------------------------------------------------------------------- */

/* Objects into structs of `size` bytes. */
typedef struct struct_list {
    const secg_field *fields;
    void *to;
    size_t size;
    int most;
    int32_t *count;
    const char *what;
} struct_list;

static secg_status read_structs(reader *r, const json_t *list, const struct_list *in)
{
    if (!json_is_array(list))
        return fail_at(r, SECG_JSON_VALUE, "not a list");
    if (json_array_size(list) > (size_t)in->most)
        return fail_at(r, SECG_JSON_VALUE, "more than %d %s", in->most, in->what);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < json_array_size(list); i++) {
        json_t *object = json_array_get(list, i);
        enter(r, NULL, i);
        if (!json_is_object(object))
            status = fail_at(r, SECG_JSON_VALUE, "not an object");
        if (status == SECG_OK)
            status = refuse_unknown(r, object, in->fields, in->fields);
        if (status == SECG_OK)
            status = read_fields(r, in->fields, object, (char *)in->to + i * in->size);
        leave(r);
    }
    *in->count = (int32_t)json_array_size(list);
    return status;
}

static secg_status read_staff(reader *r, const json_t *list)
{
    secg_order *order = &r->file->order;
    return read_structs(r, list,
                        &(struct_list){secg_staff_fields, order->staff, sizeof *order->staff,
                                       SECG_MAX_STAFF, &order->staff_count, "people"});
}

static secg_status read_electrodes(reader *r, const json_t *list)
{
    secg_order *order = &r->file->order;
    return read_structs(r, list,
                        &(struct_list){secg_electrode_fields, order->electrode,
                                       sizeof *order->electrode, SECG_MAX_ELECTRODES,
                                       &order->electrode_count, "electrodes"});
}

static secg_status read_entered(reader *r, const json_t *value, secg_fact *fact)
{
    fact->entered = fact->sample;
    if (!value)
        return SECG_OK;
    enter(r, "entered_s", 0);
    secg_status status = read_time(r, value, &fact->entered);
    if (status == SECG_OK && fact->entered < fact->sample)
        status = fail_at(r, SECG_JSON_VALUE, "before time_s");
    leave(r);
    return status;
}

static secg_status check_fact(reader *r, const json_t *object, const secg_fact *fact)
{
    const char *field, *wrong = secg_fact_contradiction(fact, r->protocol, &field);
    if (!wrong)
        return SECG_OK;
    if (!field || !json_object_get(object, field))
        return fail_at(r, SECG_JSON_VALUE, "%s", wrong);
    enter(r, field, 0);
    secg_status status = fail_at(r, SECG_JSON_VALUE, "%s", wrong);
    leave(r);
    return status;
}

static secg_status read_fact(reader *r, json_t *object, secg_fact *fact)
{
    *fact = secg_fact_make((secg_fact_kind)0, 0);
    if (!json_is_object(object))
        return fail_at(r, SECG_JSON_VALUE, "not an object");
    secg_fact_fields fields = secg_fields_of_fact((secg_fact_kind)0);
    secg_status status = read_fields(r, fields.common, object, fact);
    if (status != SECG_OK)
        return status;
    if (fact->kind == SECG_FACT_ADVERSE)
        fact->code = 0;
    fields = secg_fields_of_fact((secg_fact_kind)fact->kind);
    status = refuse_unknown(r, object, fields.common, fields.own);
    if (status == SECG_OK)
        status = read_fields(r, fields.own, object, fact);
    if (status == SECG_OK)
        status = read_entered(r, json_object_get(object, "entered_s"), fact);
    return status == SECG_OK ? check_fact(r, object, fact) : status;
}

static secg_status read_timeline(reader *r, const json_t *list)
{
    if (!json_is_array(list))
        return fail_at(r, SECG_JSON_VALUE, "not a list");
    size_t count = json_array_size(list);
    if (count > SECG_MOST_FACTS)
        return fail_at(r, SECG_JSON_VALUE, "more than %d facts", SECG_MOST_FACTS);
    r->file->fact = malloc((count + 1) * sizeof *r->file->fact);
    if (!r->file->fact)
        return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory for %zu facts",
                         secg_path_tail(r->path), count);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        enter(r, NULL, i);
        status = read_fact(r, json_array_get(list, i), &r->file->fact[i]);
        leave(r);
    }
    r->file->facts = count;
    return status;
}

/* ---- the whole --------------------------------------------------------------------------------- */

static secg_status read_format(reader *r, const json_t *value)
{
    const char *text = json_string_value(value);
    if (!text || strcmp(text, SECG_TEST_FORMAT) != 0)
        return fail_at(r, SECG_JSON_VALUE, "not \"" SECG_TEST_FORMAT "\"");
    return SECG_OK;
}

static secg_status read_start(reader *r, const json_t *value)
{
    secg_moment moment;
    const char *text = json_string_value(value);
    if (!text || !secg_moment_parse(text, &moment))
        return fail_at(r, SECG_JSON_VALUE, "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
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
    enter(r, name, 0);
    secg_status status = read(r, value);
    leave(r);
    return status;
}

static secg_status check_mains(reader *r, const json_t *value)
{
    (void)value;
    if (r->file->mains_hz == 50 || r->file->mains_hz == 60)
        return SECG_OK;
    return fail_at(r, SECG_JSON_VALUE, "%d is not 50 or 60", (int)r->file->mains_hz);
}

static secg_status check_formula(reader *r, const json_t *value)
{
    const char *formula = r->file->max_bpm_formula;
    (void)value;
    if (!formula[0] || !isnan(secg_predicted_max_bpm(formula, 50)))
        return SECG_OK;
    return fail_at(r, SECG_JSON_VALUE, "no such formula");
}

static secg_status read_root(reader *r, json_t *root)
{
    if (!json_is_object(root))
        return fail_at(r, SECG_JSON_VALUE, "not an object");
    if (!json_object_get(root, "format"))
        return fail_at(r, SECG_JSON_VALUE, "format is missing: \"" SECG_TEST_FORMAT "\"");
    secg_status status = read_member(r, root, "format", read_format);
    if (status == SECG_OK)
        status = refuse_unknown(r, root, secg_file_fields, secg_file_fields);
    if (status == SECG_OK)
        status = read_fields(r, secg_file_fields, root, r->file);
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
    r->protocol = secg_protocol_find(r->file->protocol);
    return status == SECG_OK ? read_member(r, root, "timeline", read_timeline) : status;
}

/* jansson's own texts quote the file, which may be about the patient. */
static const char *syntax_error(enum json_error_code code)
{
    switch (code) {
    case json_error_premature_end_of_input:
        return "the text ends here, too early";
    case json_error_end_of_input_expected:
        return "more text after the end of the object";
    case json_error_invalid_utf8:
        return "not UTF-8";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a zero character";
    case json_error_duplicate_key:
        return "a name stands twice in one object";
    case json_error_numeric_overflow:
        return "a number too large";
    case json_error_stack_overflow:
        return "nested too deeply";
    case json_error_out_of_memory:
        return "no memory";
    default:
        return "not JSON here";
    }
}

static secg_status parse(reader *r)
{
    json_error_t at = {0};
    json_t *root = json_loadb(r->text, r->size, JSON_REJECT_DUPLICATES, &at);
    if (!root)
        return secg_fail(r->error, SECG_E_FORMAT, "%s:%d:%d: %s", secg_path_tail(r->path),
                         at.line > 0 ? at.line : 1, at.column > 0 ? at.column : 1,
                         syntax_error(json_error_code(&at)));
    secg_status status = read_root(r, root);
    json_decref(root);
    return status;
}

/* ---- the file ---------------------------------------------------------------------------------- */

static secg_status take_text(reader *r, FILE *stream)
{
    size_t capacity = 0, got = 1;
    for (r->size = 0; got > 0 && r->size <= SECG_MOST_TEST_BYTES; r->size += got) {
        if (r->size == capacity) {
            capacity = capacity ? 2 * capacity : 65536;
            char *more = realloc(r->text, capacity);
            if (!more)
                return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(r->path));
            r->text = more;
        }
        got = fread(r->text + r->size, 1, capacity - r->size, stream);
    }
    if (ferror(stream))
        return secg_fail(r->error, SECG_E_FILE, "%s: %s", secg_path_tail(r->path), strerror(errno));
    if (r->size > SECG_MOST_TEST_BYTES)
        return secg_fail(r->error, SECG_E_FORMAT, "%s: larger than %d MiB", secg_path_tail(r->path),
                         SECG_MOST_TEST_BYTES >> 20);
    return SECG_OK;
}

static secg_status load(reader *r)
{
    FILE *stream = fopen(r->path, "rb");
    if (!stream)
        return secg_fail(r->error, SECG_E_FILE, "%s: %s", secg_path_tail(r->path), strerror(errno));
    secg_status status = take_text(r, stream);
    fclose(stream);
    return status;
}

secg_status secg_test_file_read(const char *path, double rate_hz, secg_test_file *file,
                                secg_error *error)
{
    if (!path || !file)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "file" : "path");
    *file = (secg_test_file){.start_unix_ms = SECG_NO_SAMPLE};
    if (!(rate_hz >= SECG_MIN_RATE_HZ && rate_hz <= SECG_MAX_RATE_HZ))
        return secg_fail(error, SECG_E_ARGUMENT, "rate_hz: %g is outside %d .. %d", rate_hz,
                         SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    reader r = {.path = path, .rate_hz = rate_hz, .file = file, .error = error};
    secg_status status = load(&r);
    if (status == SECG_OK)
        status = parse(&r);
    free(r.text);
    if (status != SECG_OK)
        secg_test_file_free(file);
    return status;
}

void secg_test_file_free(secg_test_file *file)
{
    if (!file)
        return;
    free(file->fact);
    file->fact = NULL;
    file->facts = 0;
}
