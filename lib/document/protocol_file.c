/* Protocols of the site's own: a JSON file to tables that can be run. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/json_number.h"
#include "document/protocol_json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields ------------------------------------------------------------------------------------- */

/* A stage as it stands in the file: speed in either unit. */
typedef struct raw_stage {
    secg_protocol_stage stage;
    float duration_s, speed_kmh;
    int32_t open;
} raw_stage;

typedef struct raw_protocol {
    secg_protocol protocol;
    int32_t modality;
    float recovery_s;
} raw_protocol;

static const char *modality_word(int value)
{
    static const char *const word[] = {"none", "treadmill", "bicycle", "arm", "drug"};
    return word[value];
}
static const secg_words modalities = {modality_word, SECG_MODALITY_TREADMILL, SECG_MODALITY_DRUG};

#define PLACE(whole, part)                                                                         \
    .offset = (uint16_t)offsetof(whole, part), .size = (uint16_t)sizeof(((whole *)0)->part)
#define TEXT(key, whole, part, must)                                                               \
    {                                                                                              \
        .name = key, .type = SECG_FIELD_TEXT, .required = must, PLACE(whole, part)                 \
    }
#define REAL(key, whole, part, from, to)                                                           \
    {                                                                                              \
        .name = key, .type = SECG_FIELD_REAL, PLACE(whole, part), .low = from, .high = to,         \
        .absent = NAN                                                                              \
    }

static const secg_field stage_fields[] = {
    TEXT("label", raw_stage, stage.label, 1),
    REAL("duration_s", raw_stage, duration_s, 1, 86400),
    {.name = "open", .type = SECG_FIELD_FLAG, PLACE(raw_stage, open), .high = 1},
    REAL("speed_mph", raw_stage, stage.speed_mph, 0, 25),
    REAL("speed_kmh", raw_stage, speed_kmh, 0, 40),
    REAL("grade_pct", raw_stage, stage.grade_pct, -10, 50),
    REAL("power_w", raw_stage, stage.power_w, 0, 1500),
    REAL("dose", raw_stage, stage.dose, 0, 1e6),
    REAL("bp_due_s", raw_stage, stage.bp_due_s, 0, 86400),
    REAL("strip_due_s", raw_stage, stage.strip_due_s, 0, 86400),
    REAL("ramp_s", raw_stage, stage.ramp_s, 1, 60),
    {0},
};

static const secg_field protocol_fields[] = {
    TEXT("id", raw_protocol, protocol.id, 1),
    TEXT("version", raw_protocol, protocol.version, 1),
    TEXT("name", raw_protocol, protocol.name, 1),
    TEXT("source", raw_protocol, protocol.source, 1),
    {.name = "modality",
     .type = SECG_FIELD_WORD,
     .required = 1,
     PLACE(raw_protocol, modality),
     .words = &modalities},
    TEXT("dose_unit", raw_protocol, protocol.dose_unit, 0),
    REAL("recovery_s", raw_protocol, recovery_s, 0, 86400),
    REAL("recovery_speed_mph", raw_protocol, protocol.recovery_speed_mph, 0, 25),
    REAL("recovery_grade_pct", raw_protocol, protocol.recovery_grade_pct, -10, 50),
    REAL("recovery_power_w", raw_protocol, protocol.recovery_power_w, 0, 1500),
    {.name = "stages", .type = SECG_FIELD_OTHER},
    {0},
};

static const secg_field file_fields[] = {
    {.name = "format", .type = SECG_FIELD_OTHER},
    {.name = "protocols", .type = SECG_FIELD_OTHER},
    {0},
};

/* ---- a stage ------------------------------------------------------------------------------------- */

#define KMH_PER_MPH 1.609344

static secg_status fail_in(secg_reader *r, json_t *object, const char *key, const char *what)
{
    if (!json_object_get(object, key))
        return secg_read_fail(r, SECG_JSON_VALUE, "%s: %s", key, what);
    secg_read_enter(r, key, 0);
    secg_status status = secg_read_fail(r, SECG_JSON_VALUE, "%s", what);
    secg_read_leave(r);
    return status;
}

static secg_status check_length(secg_reader *r, json_t *object, const raw_stage *raw)
{
    if (isnan(raw->duration_s) && !raw->open)
        return secg_read_fail(r, SECG_JSON_VALUE, "duration_s is missing, or \"open\": true");
    if (!isnan(raw->duration_s) && raw->open)
        return fail_in(r, object, "open", "an open stage has no duration");
    return SECG_OK;
}

/* What the machine cannot do is refused: a belt has no watts, a pump no speed. */
static secg_status check_load(secg_reader *r, json_t *object, secg_modality modality,
                              const raw_stage *raw)
{
    int walks = modality == SECG_MODALITY_TREADMILL, drug = modality == SECG_MODALITY_DRUG;
    const secg_protocol_stage *stage = &raw->stage;
    if (walks && (isnan(stage->speed_mph) || isnan(stage->grade_pct)))
        return secg_read_fail(r, SECG_JSON_VALUE,
                              "a treadmill stage has speed_mph or speed_kmh, and grade_pct");
    if (!walks && !isnan(stage->speed_mph))
        return fail_in(r, object, isnan(raw->speed_kmh) ? "speed_mph" : "speed_kmh",
                       "only for a treadmill");
    if (!walks && !isnan(stage->grade_pct))
        return fail_in(r, object, "grade_pct", "only for a treadmill");
    if (!walks && !drug && isnan(stage->power_w))
        return secg_read_fail(r, SECG_JSON_VALUE, "power_w is missing");
    if ((walks || drug) && !isnan(stage->power_w))
        return fail_in(r, object, "power_w", "only for an ergometer");
    if (!drug && !isnan(stage->dose))
        return fail_in(r, object, "dose", "only for a drug");
    return SECG_OK;
}

static secg_status take_speed(secg_reader *r, json_t *object, raw_stage *raw)
{
    if (isnan(raw->speed_kmh))
        return SECG_OK;
    if (!isnan(raw->stage.speed_mph))
        return fail_in(r, object, "speed_kmh", "the speed is stated twice");
    raw->stage.speed_mph = (float)((double)raw->speed_kmh / KMH_PER_MPH);
    return SECG_OK;
}

static secg_status check_due(secg_reader *r, json_t *object, const secg_protocol_stage *stage)
{
    if (!isnan(stage->bp_due_s) && (double)stage->bp_due_s > stage->duration_s)
        return fail_in(r, object, "bp_due_s", "more than the stage lasts");
    if (!isnan(stage->strip_due_s) && (double)stage->strip_due_s > stage->duration_s)
        return fail_in(r, object, "strip_due_s", "more than the stage lasts");
    return SECG_OK;
}

static secg_status read_stage(secg_reader *r, json_t *object, secg_modality modality, int last,
                              secg_protocol_stage *stage)
{
    raw_stage raw = {.stage = {.speed_mph = NAN,
                               .grade_pct = NAN,
                               .power_w = NAN,
                               .dose = NAN,
                               .bp_due_s = NAN,
                               .strip_due_s = NAN},
                     .duration_s = NAN,
                     .speed_kmh = NAN};
    if (!json_is_object(object))
        return secg_read_fail(r, SECG_JSON_VALUE, "not an object");
    secg_status status = secg_read_refuse_unknown(r, object, stage_fields, stage_fields);
    if (status == SECG_OK)
        status = secg_read_fields(r, stage_fields, object, &raw);
    if (status == SECG_OK)
        status = check_length(r, object, &raw);
    if (status == SECG_OK)
        status = take_speed(r, object, &raw);
    if (status == SECG_OK)
        status = check_load(r, object, modality, &raw);
    raw.stage.duration_s = isnan(raw.duration_s) ? 0 : (double)raw.duration_s;
    if (status == SECG_OK)
        status = check_due(r, object, &raw.stage);
    if (status == SECG_OK && raw.stage.ramp_s > 0 && (last || raw.open))
        status = fail_in(r, object, "ramp_s", "needs a duration, and a stage to rise to");
    *stage = raw.stage;
    return status;
}

/* ---- a protocol ---------------------------------------------------------------------------------- */

static secg_status read_stages(secg_reader *r, json_t *list, secg_protocol *protocol)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list))
        return secg_read_fail(r, SECG_JSON_VALUE, "not a list");
    if (count < 1 || count > SECG_MAX_PROTOCOL_STAGES)
        return secg_read_fail(r, SECG_JSON_VALUE, "%zu stages are outside 1 .. %d", count,
                              SECG_MAX_PROTOCOL_STAGES);
    secg_protocol_stage *stage = calloc(count, sizeof *stage);
    if (!stage)
        return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(r->path));
    protocol->stage = stage;
    protocol->stages = count;
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        secg_read_enter(r, NULL, i);
        status =
            read_stage(r, json_array_get(list, i), protocol->modality, i + 1 == count, &stage[i]);
        secg_read_leave(r);
    }
    return status;
}

static int is_id(const char *id)
{
    return id[0] && strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == strlen(id);
}

secg_status secg_protocol_from_json(secg_reader *r, json_t *object, secg_protocol *protocol)
{
    raw_protocol raw = {
        .protocol = {.recovery_speed_mph = NAN, .recovery_grade_pct = NAN, .recovery_power_w = NAN},
        .recovery_s = 360};
    if (!json_is_object(object))
        return secg_read_fail(r, SECG_JSON_VALUE, "not an object");
    secg_status status = secg_read_refuse_unknown(r, object, protocol_fields, protocol_fields);
    if (status == SECG_OK)
        status = secg_read_fields(r, protocol_fields, object, &raw);
    if (status != SECG_OK)
        return status;
    if (!is_id(raw.protocol.id))
        return fail_in(r, object, "id", "not of small letters, digits, '-', '_' and '.'");
    if (!raw.protocol.version[0] || !raw.protocol.name[0])
        return fail_in(r, object, raw.protocol.name[0] ? "version" : "name", "empty");
    raw.protocol.modality = (secg_modality)raw.modality;
    raw.protocol.recovery_s = (double)raw.recovery_s;
    if ((raw.modality == SECG_MODALITY_DRUG) != (raw.protocol.dose_unit[0] != '\0'))
        return fail_in(r, object, "dose_unit", "stated for drugs, and only for them");
    if (!json_object_get(object, "stages"))
        return secg_read_fail(r, SECG_JSON_VALUE, "stages is missing");
    secg_read_enter(r, "stages", 0);
    status = read_stages(r, json_object_get(object, "stages"), &raw.protocol);
    secg_read_leave(r);
    if (status != SECG_OK)
        secg_protocol_free(&raw.protocol);
    *protocol = raw.protocol;
    return status;
}

void secg_protocol_free(secg_protocol *protocol)
{
    if (!protocol)
        return;
    free((secg_protocol_stage *)protocol->stage);
    protocol->stage = NULL;
    protocol->stages = 0;
}

/* ---- to JSON ------------------------------------------------------------------------------------- */

static int put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

static int put_known(json_t *object, const char *key, float value)
{
    return isnan(value) || put(object, key, json_real(secg_short_decimal(value)));
}

static int put_stage(json_t *list, const secg_protocol_stage *stage)
{
    json_t *to = json_object();
    if (json_array_append_new(list, to) != 0)
        return 0;
    int ok = put(to, "label", json_string(stage->label));
    if (stage->duration_s > 0)
        ok &= put_known(to, "duration_s", (float)stage->duration_s);
    else
        ok &= put(to, "open", json_true());
    ok &= put_known(to, "speed_mph", stage->speed_mph);
    ok &= put_known(to, "grade_pct", stage->grade_pct);
    ok &= put_known(to, "power_w", stage->power_w);
    ok &= put_known(to, "dose", stage->dose);
    ok &= put_known(to, "bp_due_s", stage->bp_due_s);
    ok &= put_known(to, "strip_due_s", stage->strip_due_s);
    return stage->ramp_s > 0 ? ok & put_known(to, "ramp_s", stage->ramp_s) : ok;
}

json_t *secg_protocol_to_json(const secg_protocol *protocol)
{
    json_t *to = json_object(), *list = json_array();
    int ok = put(to, "id", json_string(protocol->id));
    ok &= put(to, "version", json_string(protocol->version));
    ok &= put(to, "name", json_string(protocol->name));
    ok &= put(to, "source", json_string(protocol->source));
    ok &= put(to, "modality", json_string(modality_word((int)protocol->modality)));
    if (protocol->dose_unit[0])
        ok &= put(to, "dose_unit", json_string(protocol->dose_unit));
    ok &= put_known(to, "recovery_s", (float)protocol->recovery_s);
    ok &= put_known(to, "recovery_speed_mph", protocol->recovery_speed_mph);
    ok &= put_known(to, "recovery_grade_pct", protocol->recovery_grade_pct);
    ok &= put_known(to, "recovery_power_w", protocol->recovery_power_w);
    ok &= put(to, "stages", list);
    for (size_t i = 0; ok && i < protocol->stages; i++)
        ok &= put_stage(list, &protocol->stage[i]);
    if (ok)
        return to;
    json_decref(to);
    return NULL;
}

/* ---- the file ------------------------------------------------------------------------------------ */

static secg_status check_format(secg_reader *r, json_t *root)
{
    const char *text = json_string_value(json_object_get(root, "format"));
    if (!json_is_object(root))
        return secg_read_fail(r, SECG_JSON_VALUE, "not an object");
    if (!text || strcmp(text, SECG_PROTOCOLS_FORMAT) != 0)
        return fail_in(r, root, "format", "not \"" SECG_PROTOCOLS_FORMAT "\"");
    return secg_read_refuse_unknown(r, root, file_fields, file_fields);
}

static secg_status refuse_second(secg_reader *r, json_t *object, const secg_protocols *list,
                                 size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(list->protocol[i].id, list->protocol[index].id) == 0)
            return fail_in(r, object, "id", "stands twice in this file");
    return SECG_OK;
}

static secg_status read_list(secg_reader *r, json_t *array, secg_protocols *list)
{
    size_t count = json_array_size(array);
    if (!json_is_array(array))
        return secg_read_fail(r, SECG_JSON_VALUE, "not a list");
    if (count > SECG_MOST_PROTOCOLS)
        return secg_read_fail(r, SECG_JSON_VALUE, "more than %d protocols", SECG_MOST_PROTOCOLS);
    if (!(list->protocol = calloc(count + 1, sizeof *list->protocol)))
        return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(r->path));
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++) {
        json_t *object = json_array_get(array, i);
        secg_read_enter(r, NULL, i);
        status = secg_protocol_from_json(r, object, &list->protocol[i]);
        if (status == SECG_OK)
            list->count++, status = refuse_second(r, object, list, i);
        secg_read_leave(r);
    }
    return status;
}

secg_status secg_protocols_read(const char *path, secg_protocols *list, secg_error *error)
{
    if (!path || !list)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "list" : "path");
    *list = (secg_protocols){0};
    secg_reader r = {
        .path = path, .most_bytes = SECG_MOST_PROTOCOL_BYTES, .rate_hz = 1, .error = error};
    json_t *root;
    secg_status status = secg_read_json(&r, &root);
    if (status == SECG_OK)
        status = check_format(&r, root);
    if (status == SECG_OK) {
        secg_read_enter(&r, "protocols", 0);
        status = read_list(&r, json_object_get(root, "protocols"), list);
    }
    secg_read_end(&r, root);
    if (status != SECG_OK)
        secg_protocols_free(list);
    return status;
}

void secg_protocols_free(secg_protocols *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        secg_protocol_free(&list->protocol[i]);
    free(list->protocol);
    *list = (secg_protocols){0};
}

static const secg_protocol *own(const secg_protocols *list, const char *id)
{
    for (size_t i = 0; list && id && i < list->count; i++)
        if (strcmp(list->protocol[i].id, id) == 0)
            return &list->protocol[i];
    return NULL;
}

const secg_protocol *secg_protocols_find(const secg_protocols *list, const char *id)
{
    const secg_protocol *protocol = own(list, id);
    return protocol ? protocol : secg_protocol_find(id);
}

const secg_protocol *secg_protocols_at(const secg_protocols *list, size_t index)
{
    if (list && index < list->count)
        return &list->protocol[index];
    size_t left = index - (list ? list->count : 0);
    const secg_protocol *protocol;
    for (size_t i = 0; (protocol = secg_protocol_at(i)); i++)
        if (!own(list, protocol->id) && left-- == 0)
            return protocol;
    return NULL;
}
