/* Who, why, where and with what. */
#include "document/fhir.h"

#include <stdio.h>
#include <string.h>

static void put_identifier(secg_fhir *f, json_t *to, const char *value)
{
    if (!value[0])
        return;
    json_t *list = secg_put(&f->b, to, "identifier", json_array());
    secg_put_text(&f->b, secg_append(&f->b, list, json_object()), "value", value);
}

static void put_name(secg_fhir *f, json_t *to, const char *name)
{
    if (!name[0])
        return;
    json_t *list = secg_put(&f->b, to, "name", json_array());
    secg_put_text(&f->b, secg_append(&f->b, list, json_object()), "text", name);
}

static const char *gender(const char *sex)
{
    return strcmp(sex, "M") == 0 ? "male" : strcmp(sex, "F") == 0 ? "female" : "unknown";
}

static void put_patient(secg_fhir *f)
{
    const secg_order *o = f->order;
    char sex[2] = {f->summary->patient.sex, '\0'};
    json_t *patient = secg_fhir_add(f, "Patient", f->patient);
    put_identifier(f, patient, o->patient.id);
    if (!f->summary->deidentified)
        put_name(f, patient, o->patient.name);
    secg_put_text(&f->b, patient, "gender", gender(o->patient.sex[0] ? o->patient.sex : sex));
    secg_put_stated(&f->b, patient, "birthDate", o->patient.birth_date);
}

static void put_facility(secg_fhir *f)
{
    const secg_order *o = f->order;
    if (!o->facility.name[0] && !o->facility.entity_id[0])
        return;
    json_t *to = secg_fhir_add(f, "Organization", f->facility);
    put_identifier(f, to, o->facility.entity_id);
    secg_put_stated(&f->b, to, "name", o->facility.name);
    if (o->facility.address[0]) {
        json_t *list = secg_put(&f->b, to, "address", json_array());
        secg_put_text(&f->b, secg_append(&f->b, list, json_object()), "text", o->facility.address);
    }
}

static int staff_count(const secg_order *o)
{
    return o->staff_count < SECG_MAX_STAFF ? o->staff_count : SECG_MAX_STAFF;
}

static void put_staff(secg_fhir *f)
{
    for (int i = 0; i < staff_count(f->order); i++) {
        const secg_staff *person = &f->order->staff[i];
        json_t *to = secg_fhir_add(f, "Practitioner", f->staff[i]);
        put_name(f, to, person->name);
        if (!person->credential[0])
            continue;
        json_t *list = secg_put(&f->b, to, "qualification", json_array());
        secg_fhir_text_concept(f, secg_append(&f->b, list, json_object()), "code",
                               person->credential);
    }
}

static json_t *put_device(secg_fhir *f, const char *name, char reference[SECG_FHIR_REFERENCE])
{
    json_t *device = secg_fhir_add(f, "Device", reference);
    json_t *list = secg_put(&f->b, device, "deviceName", json_array());
    json_t *entry = secg_append(&f->b, list, json_object());
    secg_put_text(&f->b, entry, "name", name);
    secg_put_text(&f->b, entry, "type", "user-friendly-name");
    return device;
}

static void put_devices(secg_fhir *f)
{
    json_t *software = put_device(f, "stressecg", f->software);
    json_t *list = secg_put(&f->b, software, "version", json_array());
    secg_put_text(&f->b, secg_append(&f->b, list, json_object()), "value", secg_version());
    if (f->order->equipment.ecg[0])
        put_device(f, f->order->equipment.ecg, f->ecg);
}

static void put_request(secg_fhir *f)
{
    const secg_order *o = f->order;
    if (!o->order.number[0] && !o->order.indication[0] && !o->order.icd10[0][0])
        return;
    json_t *request = secg_fhir_add(f, "ServiceRequest", f->request);
    put_identifier(f, request, o->order.number);
    secg_put_text(&f->b, request, "status", "completed");
    secg_put_text(&f->b, request, "intent", "order");
    secg_fhir_concept(f, request, "code",
                      f->summary->protocol ? secg_code_of_procedure(f->summary->protocol->modality)
                                           : secg_code_of_figure(SECG_FIGURE_REPORT));
    secg_fhir_refer(f, request, "subject", f->patient);
    if (o->order.provider[0])
        secg_put_text(&f->b, secg_put(&f->b, request, "requester", json_object()), "display",
                      o->order.provider);
    json_t *reasons = json_array();
    for (int i = 0; i < SECG_MAX_CODES; i++)
        if (o->order.icd10[i][0])
            secg_fhir_coding(f, secg_append(&f->b, reasons, json_object()),
                             "http://hl7.org/fhir/sid/icd-10-cm", o->order.icd10[i], NULL);
    if (o->order.indication[0])
        secg_put_text(&f->b, secg_append(&f->b, reasons, json_object()), "text",
                      o->order.indication);
    if (json_array_size(reasons) > 0)
        secg_put(&f->b, request, "reasonCode", reasons);
    else
        json_decref(reasons);
}

/* Who performed and who supervised; who reads the tracing had no part in it. */
static void put_performers(secg_fhir *f, json_t *procedure)
{
    json_t *list = json_array();
    for (int i = 0; i < staff_count(f->order); i++) {
        const secg_staff *person = &f->order->staff[i];
        if (!person->performed && !person->supervised)
            continue;
        json_t *performer = secg_append(&f->b, list, json_object());
        secg_fhir_text_concept(f, performer, "function",
                               person->performed ? "performed" : "supervised");
        secg_fhir_refer(f, performer, "actor", f->staff[i]);
    }
    if (json_array_size(list) > 0)
        secg_put(&f->b, procedure, "performer", list);
    else
        json_decref(list);
}

static void put_protocol(secg_fhir *f, json_t *procedure)
{
    const secg_protocol *protocol = f->summary->protocol;
    const secg_code *code = secg_code_of_protocol(protocol->id);
    char text[128];
    json_t *concept =
        secg_fhir_concept(f, procedure, "code", secg_code_of_procedure(protocol->modality));
    if (code)
        secg_fhir_coding(f, concept, secg_code_system_uri(code->system), code->code, code->display);
    snprintf(text, sizeof text, "%.*s (table %.*s version %.*s)", (int)sizeof protocol->name,
             protocol->name, (int)sizeof protocol->id, protocol->id, (int)sizeof protocol->version,
             protocol->version);
    secg_put_text(&f->b, concept, "text", text);
}

static void put_procedure(secg_fhir *f)
{
    char from[SECG_FHIR_TIME], to[SECG_FHIR_TIME];
    const secg_summary *s = f->summary;
    if (!s->protocol)
        return;
    json_t *procedure = secg_fhir_add(f, "Procedure", f->procedure);
    secg_put_text(&f->b, procedure, "status", "completed");
    put_protocol(f, procedure);
    secg_fhir_refer(f, procedure, "subject", f->patient);
    if (secg_fhir_time(f, s->exercise_start, from) && secg_fhir_time(f, s->recovery_end, to)) {
        json_t *period = secg_put(&f->b, procedure, "performedPeriod", json_object());
        secg_put_text(&f->b, period, "start", from);
        secg_put_text(&f->b, period, "end", to);
    }
    put_performers(f, procedure);
    if (f->ecg[0]) {
        json_t *list = secg_put(&f->b, procedure, "usedReference", json_array());
        secg_put_text(&f->b, secg_append(&f->b, list, json_object()), "reference", f->ecg);
    }
    json_t *used = secg_put(&f->b, procedure, "usedCode", json_array());
    const secg_code *device = secg_code_of_device(s->protocol->modality);
    json_t *concept = secg_append(&f->b, used, json_object());
    secg_fhir_coding(f, concept, secg_code_system_uri(device->system), device->code,
                     device->display);
}

void secg_fhir_put_context(secg_fhir *f)
{
    put_patient(f);
    put_facility(f);
    put_staff(f);
    put_devices(f);
    put_request(f);
    put_procedure(f);
}
