/* The bundle and its report.  A DiagnosticReport here reports measurements: it has neither
 * conclusion nor conclusionCode, and stays preliminary until the record is closed. */
#include "document/fhir.h"

#include "base/status.h"
#include "document/json_number.h"
#include "document/json_save.h"
#include "document/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stressecg/export.h>
#include <string.h>

#define TERMINOLOGY "http://terminology.hl7.org/CodeSystem/"

/* ---- building blocks -------------------------------------------------------------------------- */

/* The finaliser of splitmix64 (Vigna): every bit of the input reaches every bit of the output. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* A UUID of version 8 (RFC 9562: made as its maker likes) from the record and the resource's
 * place in the bundle. */
static void name_resource(secg_fhir *f, char reference[SECG_FHIR_REFERENCE])
{
    uint64_t high = mix(f->seed + 2 * f->resources), low = mix(f->seed + 2 * f->resources + 1);
    f->resources++;
    snprintf(reference, SECG_FHIR_REFERENCE,
             "urn:uuid:%08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
             high >> 32, high >> 16 & 0xffff, high & 0xfff, (low >> 48 & 0x3fff) | 0x8000,
             low & 0xffffffffffffu);
}

json_t *secg_fhir_add(secg_fhir *f, const char *type, char reference[SECG_FHIR_REFERENCE])
{
    char name[SECG_FHIR_REFERENCE];
    name_resource(f, name);
    if (reference)
        memcpy(reference, name, sizeof name);
    json_t *entry = secg_append(&f->b, f->entries, json_object());
    secg_put_text(&f->b, entry, "fullUrl", name);
    json_t *resource = secg_put(&f->b, entry, "resource", json_object());
    secg_put_text(&f->b, resource, "resourceType", type);
    secg_put_text(&f->b, resource, "id", name + strlen("urn:uuid:"));
    return resource;
}

void secg_fhir_refer(secg_fhir *f, json_t *to, const char *key, const char *reference)
{
    if (reference[0])
        secg_put_text(&f->b, secg_put(&f->b, to, key, json_object()), "reference", reference);
}

json_t *secg_fhir_coding(secg_fhir *f, json_t *concept, const char *system, const char *code,
                         const char *display)
{
    json_t *list = json_object_get(concept, "coding");
    if (!list)
        list = secg_put(&f->b, concept, "coding", json_array());
    json_t *coding = secg_append(&f->b, list, json_object());
    secg_put_text(&f->b, coding, "system", system);
    secg_put_text(&f->b, coding, "code", code);
    if (display)
        secg_put_text(&f->b, coding, "display", display);
    return coding;
}

json_t *secg_fhir_concept(secg_fhir *f, json_t *to, const char *key, const secg_code *code)
{
    json_t *concept = secg_put(&f->b, to, key, json_object());
    secg_fhir_coding(f, concept, secg_code_system_uri(code->system), code->code, code->display);
    secg_put_text(&f->b, concept, "text", code->display);
    return concept;
}

void secg_fhir_text_concept(secg_fhir *f, json_t *to, const char *key, const char *text)
{
    secg_put_text(&f->b, secg_put(&f->b, to, key, json_object()), "text", text);
}

json_t *secg_fhir_quantity(secg_fhir *f, json_t *to, const char *key, double value, int decimals,
                           const char *ucum)
{
    json_t *quantity = secg_put(&f->b, to, key, json_object());
    if (decimals == 0)
        secg_put_whole(&f->b, quantity, "value", llround(value));
    else
        secg_put_real(&f->b, quantity, "value", value, decimals);
    secg_put_text(&f->b, quantity, "unit", ucum);
    secg_put_text(&f->b, quantity, "system", "http://unitsofmeasure.org");
    secg_put_text(&f->b, quantity, "code", ucum);
    return quantity;
}

static const char *absent_code(secg_why why)
{
    switch (why) {
    case SECG_WHY_NOT_YET:
        return "temp-unknown";
    case SECG_WHY_NOT_ENTERED:
        return "unknown";
    case SECG_WHY_NOT_APPLICABLE:
        return "not-applicable";
    case SECG_WHY_UNCALIBRATED:
        return "unsupported";
    case SECG_MEASURED:
    case SECG_WHY_LEAD_OFF:
    case SECG_WHY_SATURATED:
    case SECG_WHY_NOISE:
    case SECG_WHY_FEW_BEATS:
    case SECG_WHY_VENTRICULAR:
    case SECG_WHY_NO_FIDUCIAL:
    case SECG_WHY_STALE:
        break;
    }
    return "error";
}

void secg_fhir_value(secg_fhir *f, json_t *to, secg_value value, int decimals, const char *ucum)
{
    if (value.why == SECG_MEASURED && isfinite(value.value)) {
        secg_fhir_quantity(f, to, "valueQuantity", (double)value.value, decimals, ucum);
        return;
    }
    secg_why why = value.why == SECG_MEASURED ? SECG_WHY_NOT_YET : value.why;
    json_t *reason = secg_put(&f->b, to, "dataAbsentReason", json_object());
    secg_fhir_coding(f, reason, TERMINOLOGY "data-absent-reason", absent_code(why), NULL);
    secg_put_text(&f->b, reason, "text", secg_why_text(why));
}

int secg_fhir_time(const secg_fhir *f, int64_t sample, char text[SECG_FHIR_TIME])
{
    const secg_summary *s = f->summary;
    if (s->start_unix_ms == SECG_NO_SAMPLE || sample == SECG_NO_SAMPLE)
        return 0;
    secg_clock_text(s->start_unix_ms, s->utc_offset_min, secg_seconds(sample, f->b.rate_hz), text,
                    SECG_FHIR_TIME);
    return 1;
}

/* ---- the report ------------------------------------------------------------------------------- */

static int is_signed(const secg_order *order)
{
    return order->seal.is_signed && !order->seal.altered;
}

static void put_report(secg_fhir *f)
{
    char from[SECG_FHIR_TIME], to[SECG_FHIR_TIME];
    json_t *report = secg_fhir_add(f, "DiagnosticReport", NULL);
    secg_put_text(&f->b, report, "status", is_signed(f->order) ? "final" : "preliminary");
    json_t *category =
        secg_append(&f->b, secg_put(&f->b, report, "category", json_array()), json_object());
    secg_fhir_coding(f, category, TERMINOLOGY "v2-0074", "EC", "Electrocardiac");
    secg_fhir_concept(f, report, "code", secg_code_of_figure(SECG_FIGURE_REPORT));
    secg_fhir_refer(f, report, "subject", f->patient);
    if (f->request[0]) {
        json_t *orders = secg_put(&f->b, report, "basedOn", json_array());
        secg_put_text(&f->b, secg_append(&f->b, orders, json_object()), "reference", f->request);
    }
    if (secg_fhir_time(f, 0, from) && secg_fhir_time(f, f->summary->frames, to)) {
        json_t *period = secg_put(&f->b, report, "effectivePeriod", json_object());
        secg_put_text(&f->b, period, "start", from);
        secg_put_text(&f->b, period, "end", to);
    }
    if (f->facility[0]) {
        json_t *performers = secg_put(&f->b, report, "performer", json_array());
        secg_put_text(&f->b, secg_append(&f->b, performers, json_object()), "reference",
                      f->facility);
    }
    secg_put(&f->b, report, "result", json_incref(f->results));
}

/* What the ids are made from: the analysis, or, where that is left out, the figures themselves. */
static uint64_t seed_of(const secg_summary *s)
{
    uint64_t seed = mix(s->digest ^ mix((uint64_t)s->frames));
    seed = mix(seed ^ (uint64_t)s->start_unix_ms);
    for (size_t i = 0; s->digest == 0 && i < s->beats; i++) {
        secg_summary_rest(s, i);
        seed = mix(seed ^ (uint64_t)s->beat[i].sample);
    }
    return seed;
}

static void put_meta(secg_fhir *f, json_t *root)
{
    if (!f->summary->deidentified)
        return;
    json_t *meta = secg_put(&f->b, root, "meta", json_object());
    json_t *security = secg_put(&f->b, meta, "security", json_array());
    json_t *label = secg_append(&f->b, security, json_object());
    int has_subject = f->order->patient.id[0] != '\0';
    secg_put_text(&f->b, label, "system", TERMINOLOGY "v3-ObservationValue");
    secg_put_text(&f->b, label, "code", has_subject ? "PSEUDED" : "ANONYED");
}

static void build(secg_fhir *f, json_t *root)
{
    secg_put_text(&f->b, root, "resourceType", "Bundle");
    put_meta(f, root);
    secg_put_text(&f->b, root, "type", "collection");
    f->entries = secg_put(&f->b, root, "entry", json_array());
    secg_fhir_put_context(f);
    secg_fhir_put_figures(f);
    secg_fhir_put_stages(f);
    secg_fhir_put_facts(f);
    put_report(f);
}

secg_status secg_export_fhir(const secg_summary *summary, const secg_order *order, const char *path,
                             secg_error *error)
{
    static const secg_order none;
    if (!summary || !path || !summary->signal)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "summary" : "path");
    secg_status status = secg_refuse_verdicts(summary, order, error);
    if (status != SECG_OK)
        return status;
    secg_fhir f = {.b = {.rate_hz = summary->signal->rate_hz},
                   .summary = summary,
                   .order = order ? order : &none,
                   .results = json_array(),
                   .seed = seed_of(summary)};
    json_t *root = json_object();
    if (root && f.results)
        build(&f, root);
    if (!root || !f.results || f.b.failed)
        status = secg_fail(error, SECG_E_MEMORY, "no memory for the FHIR bundle");
    if (status == SECG_OK)
        status = secg_json_save(root, path, error);
    json_decref(f.results);
    json_decref(root);
    return status;
}
