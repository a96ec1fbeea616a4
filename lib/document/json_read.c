/* jansson reads the text, a table of fields says what may stand where, and whatever does not fit is
 * an error with its place in the file. */
#include "document/json_read.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void path_text(const secg_reader *r, char *text, size_t size)
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

secg_status secg_read_fail(const secg_reader *r, secg_json_part part, const char *format, ...)
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

void secg_read_enter(secg_reader *r, const char *key, size_t index)
{
    if (r->steps < SECG_DEEPEST_JSON)
        r->step[r->steps++] = (secg_json_step){key, index};
}

void secg_read_leave(secg_reader *r)
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

static secg_status wrong_type(const secg_reader *r, const secg_field *field)
{
    return secg_read_fail(r, SECG_JSON_VALUE, "%s", expected(field));
}

static secg_status check_range(const secg_reader *r, double value, double low, double high)
{
    if (value >= low && value <= high)
        return SECG_OK;
    return secg_read_fail(r, SECG_JSON_VALUE, "%.9g is outside %.9g .. %.9g", value, low, high);
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
static secg_status no_such_word(const secg_reader *r, const secg_words *words)
{
    char list[220] = "";
    size_t used = 0;
    for (int i = words->first; i <= words->last && used < sizeof list; i++) {
        int wrote = snprintf(list + used, sizeof list - used, "%s%s", i > words->first ? ", " : "",
                             words->name(i));
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    return secg_read_fail(r, SECG_JSON_VALUE, "not one of: %s", list);
}

static secg_status read_text(secg_reader *r, const secg_field *field, const json_t *value, char *to)
{
    if (!json_is_string(value))
        return wrong_type(r, field);
    const char *text = json_string_value(value);
    secg_date date;
    secg_moment moment;
    int word;
    if (json_string_length(value) >= field->size)
        return secg_read_fail(r, SECG_JSON_VALUE, "longer than %d bytes", field->size - 1);
    if (field->words && text[0] && !find_word(field->words, text, &word))
        return no_such_word(r, field->words);
    if (field->type == SECG_FIELD_DATE && text[0] && !secg_date_parse(text, &date))
        return secg_read_fail(r, SECG_JSON_VALUE, "not a date, YYYY-MM-DD");
    if (field->type == SECG_FIELD_MOMENT && text[0] && !secg_moment_parse(text, &moment))
        return secg_read_fail(r, SECG_JSON_VALUE,
                              "not a time with offset, YYYY-MM-DDTHH:MM:SS+hh:mm");
    memcpy(to, text, json_string_length(value) + 1);
    return SECG_OK;
}

static secg_status read_real(secg_reader *r, const secg_field *field, const json_t *value, void *to)
{
    if (!json_is_number(value))
        return wrong_type(r, field);
    float number = (float)json_number_value(value);
    secg_status status = check_range(r, json_number_value(value), field->low, field->high);
    if (status == SECG_OK)
        memcpy(to, &number, sizeof number);
    return status;
}

static secg_status read_whole(secg_reader *r, const secg_field *field, const json_t *value,
                              void *to)
{
    double number = json_number_value(value);
    if (!json_is_number(value) || number != floor(number))
        return wrong_type(r, field);
    secg_status status = check_range(r, number, field->low, field->high);
    if (status == SECG_OK)
        secg_field_set_whole(field, to, (int)number);
    return status;
}

static secg_status read_word(secg_reader *r, const secg_field *field, const json_t *value, void *to)
{
    int word;
    if (!json_is_string(value))
        return wrong_type(r, field);
    if (!find_word(field->words, json_string_value(value), &word))
        return no_such_word(r, field->words);
    secg_field_set_whole(field, to, word);
    return SECG_OK;
}

static secg_status read_truth(secg_reader *r, const secg_field *field, const json_t *value,
                              void *to)
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

secg_status secg_read_time(secg_reader *r, const json_t *value, int64_t *sample)
{
    if (!json_is_number(value))
        return secg_read_fail(r, SECG_JSON_VALUE, "not a number");
    secg_status status = check_range(r, json_number_value(value), 0, SECG_MOST_SECONDS);
    *sample = secg_sample_at(json_number_value(value), r->rate_hz);
    return status;
}

static secg_status read_texts(secg_reader *r, const secg_field *field, const json_t *list, char *to)
{
    secg_status status = SECG_OK;
    if (!json_is_array(list))
        return wrong_type(r, field);
    if (json_array_size(list) > field->count)
        return secg_read_fail(r, SECG_JSON_VALUE, "more than %d entries", field->count);
    secg_field entry = {.type = SECG_FIELD_TEXT, .size = field->size};
    for (size_t i = 0; status == SECG_OK && i < json_array_size(list); i++) {
        secg_read_enter(r, NULL, i);
        status = read_text(r, &entry, json_array_get(list, i), to + i * field->size);
        secg_read_leave(r);
    }
    return status;
}

/* ---- objects ----------------------------------------------------------------------------------- */

static secg_status read_field(secg_reader *r, const secg_field *field, const json_t *value,
                              char *base)
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
        status = secg_read_time(r, value, &sample);
        memcpy(to, &sample, sizeof sample);
        return status;
    case SECG_FIELD_TEXTS:
        return read_texts(r, field, value, to);
    case SECG_FIELD_OBJECT:
        return json_is_object(value) ? secg_read_fields(r, field->fields, value, base)
                                     : wrong_type(r, field);
    case SECG_FIELD_OTHER:
        break;
    }
    return SECG_OK;
}

secg_status secg_read_fields(secg_reader *r, const secg_field *fields, const json_t *object,
                             void *to)
{
    secg_status status = SECG_OK;
    for (const secg_field *field = fields; status == SECG_OK && field->name; field++) {
        const json_t *value = json_object_get(object, field->name);
        if (!value && field->required)
            return secg_read_fail(r, SECG_JSON_VALUE, "%s is missing", field->name);
        if (!value)
            continue;
        secg_read_enter(r, field->name, 0);
        status = read_field(r, field, value, to);
        secg_read_leave(r);
    }
    return status;
}

/* A misspelt name must not pass for a fact that was left out. */
secg_status secg_read_refuse_unknown(secg_reader *r, json_t *object, const secg_field *a,
                                     const secg_field *b)
{
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        const secg_field *field = secg_field_find(a, name);
        if (!field)
            field = secg_field_find(b, name);
        secg_status status = SECG_OK;
        secg_read_enter(r, name, 0);
        if (!field)
            status = secg_read_fail(r, SECG_JSON_KEY, "no such name is known here");
        else if (field->type == SECG_FIELD_OBJECT && json_is_object(json_object_iter_value(at)))
            status = secg_read_refuse_unknown(r, json_object_iter_value(at), field->fields,
                                              field->fields);
        secg_read_leave(r);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
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

static secg_status parse(secg_reader *r, json_t **root)
{
    json_error_t at = {0};
    *root = json_loadb(r->text, r->size, JSON_REJECT_DUPLICATES, &at);
    return *root ? SECG_OK
                 : secg_fail(r->error, SECG_E_FORMAT, "%s:%d:%d: %s", secg_path_tail(r->path),
                             at.line > 0 ? at.line : 1, at.column > 0 ? at.column : 1,
                             syntax_error(json_error_code(&at)));
}

/* ---- the file ---------------------------------------------------------------------------------- */

static secg_status take_text(secg_reader *r, FILE *stream)
{
    size_t capacity = 0, got = 1;
    for (r->size = 0; got > 0 && r->size <= SECG_MOST_JSON_BYTES; r->size += got) {
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
    if (r->size > SECG_MOST_JSON_BYTES)
        return secg_fail(r->error, SECG_E_FORMAT, "%s: larger than %d MiB", secg_path_tail(r->path),
                         SECG_MOST_JSON_BYTES >> 20);
    return SECG_OK;
}

static secg_status load(secg_reader *r)
{
    FILE *stream = fopen(r->path, "rb");
    if (!stream)
        return secg_fail(r->error, SECG_E_FILE, "%s: %s", secg_path_tail(r->path), strerror(errno));
    secg_status status = take_text(r, stream);
    fclose(stream);
    return status;
}

secg_status secg_read_json(secg_reader *r, json_t **root)
{
    *root = NULL;
    secg_status status = load(r);
    return status == SECG_OK ? parse(r, root) : status;
}
