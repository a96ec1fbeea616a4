/* The FHIR bundle: the structure that R4 asks of each resource, references that lead somewhere,
 * the figures of the summary, and nothing that says what they mean. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <stressecg/export.h>
#include <string.h>

static fixture f;
static char folder[64], path[128];

static void make(void)
{
    fixture_make(&f);
    strcpy(f.order.patient.id, "MRN 7");
    strcpy(f.order.order.number, "ORD-1");
    fixture_path(folder, path, sizeof path, "fhir.json");
}

static void forget(void)
{
    fixture_forget(folder);
}

TestSuite(fhir, .init = make, .fini = forget);

static json_t *export(void)
{
    secg_error error = {0};
    cr_assert_eq(secg_export_fhir(&f.summary, &f.order, path, &error), SECG_OK, "%s", error.text);
    json_t *bundle = json_load_file(path, 0, NULL);
    cr_assert_not_null(bundle);
    return bundle;
}

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? value : "";
}

static json_t *resource(json_t *bundle, size_t i)
{
    return json_object_get(json_array_get(json_object_get(bundle, "entry"), i), "resource");
}

static size_t entries(json_t *bundle)
{
    return json_array_size(json_object_get(bundle, "entry"));
}

/* Calls visit for every object in a tree. */
static void walk(json_t *node, void (*visit)(json_t *object, void *context), void *context)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_object(node)) {
        visit(node, context);
        json_object_foreach(node, key, value) walk(value, visit, context);
    } else if (json_is_array(node)) {
        cr_expect_gt(json_array_size(node), 0, "FHIR has no empty lists");
        json_array_foreach(node, i, value) walk(value, visit, context);
    }
}

static int has_code(const json_t *concept, const char *code)
{
    json_t *coding;
    size_t i;
    json_array_foreach(json_object_get(concept, "coding"), i,
                       coding) if (strcmp(text(coding, "code"), code) == 0) return 1;
    return 0;
}

/* The nth Observation of a code. */
static json_t *observation(json_t *bundle, const char *code, int nth)
{
    for (size_t i = 0; i < entries(bundle); i++) {
        json_t *r = resource(bundle, i);
        if (strcmp(text(r, "resourceType"), "Observation") == 0 &&
            has_code(json_object_get(r, "code"), code) && nth-- == 0)
            return r;
    }
    return NULL;
}

static json_t *component(const json_t *observation, const char *code)
{
    json_t *part;
    size_t i;
    json_array_foreach(json_object_get(observation, "component"), i,
                       part) if (has_code(json_object_get(part, "code"), code)) return part;
    return NULL;
}

static double quantity(const json_t *object)
{
    return json_number_value(json_object_get(json_object_get(object, "valueQuantity"), "value"));
}

/* ---- structure -------------------------------------------------------------------------------- */

static void expect_keys(const json_t *r, const char *const *keys)
{
    for (; *keys; keys++)
        cr_expect(json_object_get(r, *keys), "%s lacks %s", text(r, "resourceType"), *keys);
}

Test(fhir, every_resource_has_what_r4_requires)
{
    static const struct {
        const char *type, *keys[6];
    } required[] = {{"Patient", {"id"}},
                    {"Organization", {"id"}},
                    {"Practitioner", {"id", "name"}},
                    {"Device", {"id", "deviceName"}},
                    {"ServiceRequest", {"status", "intent", "subject", "code"}},
                    {"Procedure", {"status", "subject", "code"}},
                    {"Observation", {"status", "code", "subject"}},
                    {"DiagnosticReport", {"status", "code", "subject", "result"}}};
    enum { TYPES = sizeof required / sizeof *required };
    int seen[TYPES] = {0};
    json_t *bundle = export();
    cr_expect_str_eq(text(bundle, "resourceType"), "Bundle");
    cr_expect_str_eq(text(bundle, "type"), "collection");
    for (size_t i = 0; i < entries(bundle); i++) {
        json_t *r = resource(bundle, i);
        const char *url = text(json_array_get(json_object_get(bundle, "entry"), i), "fullUrl");
        int type = 0;
        while (type < TYPES && strcmp(text(r, "resourceType"), required[type].type) != 0)
            type++;
        cr_assert_lt(type, TYPES, "a %s", text(r, "resourceType"));
        seen[type]++;
        expect_keys(r, required[type].keys);
        cr_expect_eq(strncmp(url, "urn:uuid:", 9), 0);
        cr_expect_str_eq(url + 9, text(r, "id"));
        cr_expect_eq(strlen(url), 45);
        cr_expect_eq(url[9 + 14], '8', "the version of the UUID");
        cr_expect_not_null(strchr("89ab", url[9 + 19]), "its variant");
    }
    for (int type = 0; type < TYPES; type++)
        cr_expect_gt(seen[type], 0, "no %s", required[type].type);
    cr_expect_eq(seen[TYPES - 1], 1);
    json_decref(bundle);
}

static void check_reference(json_t *object, void *context)
{
    json_t *bundle = context;
    const char *reference = text(object, "reference");
    int found = reference[0] == '\0';
    for (size_t i = 0; i < entries(bundle) && !found; i++)
        found = strcmp(reference,
                       text(json_array_get(json_object_get(bundle, "entry"), i), "fullUrl")) == 0;
    cr_expect(found, "%s leads nowhere", reference);
}

Test(fhir, references_lead_somewhere)
{
    json_t *bundle = export();
    walk(bundle, check_reference, bundle);
    json_decref(bundle);
}

static void check_no_verdict(json_t *object, void *context)
{
    static const char *const forbidden[] = {"interpretation", "conclusion", "conclusionCode",
                                            "referenceRange", "outcome",    "presentedForm"};
    (void)context;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        cr_expect_null(json_object_get(object, forbidden[i]), "%s", forbidden[i]);
}

/* domain.md 1.8: codes that interpret are refused in 93017 mode. */
Test(fhir, no_verdict_anywhere)
{
    static const char *const codes[] = {"165084003", "370367002", "165082004", "304915008",
                                        "122753",    "122755",    "122756"};
    json_t *bundle = export();
    walk(bundle, check_no_verdict, NULL);
    json_decref(bundle);
    size_t size;
    char *bytes = fixture_contents(path, &size);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        cr_expect_null(strstr(bytes, codes[i]), "%s", codes[i]);
    free(bytes);
}

static void check_values(json_t *object, void *context)
{
    static const char *const kinds[] = {"valueQuantity", "valueString", "valueCodeableConcept",
                                        "dataAbsentReason"};
    static const char *const systems[] = {"http://unitsofmeasure.org",
                                          "http://snomed.info/sct",
                                          "http://loinc.org",
                                          "http://dicom.nema.org/resources/ontology/DCM",
                                          "urn:iso:std:iso:11073:10101",
                                          "http://hl7.org/fhir/sid/icd-10-cm",
                                          "http://terminology.hl7.org/CodeSystem/",
                                          "urn:oid:2.25."};
    int values = 0, known = json_object_get(object, "system") == NULL;
    (void)context;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        values += json_object_get(object, kinds[i]) != NULL;
    cr_expect_leq(values, 1, "a value and another, or a reason why there is none");
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
        known |= strncmp(text(object, "system"), systems[i], strlen(systems[i])) == 0;
    cr_expect(known, "system %s", text(object, "system"));
    if (json_object_get(object, "resourceType") &&
        strcmp(text(object, "resourceType"), "Observation") == 0)
        cr_expect(values == 1 || json_object_get(object, "component"), "says nothing");
}

Test(fhir, one_value_each_and_known_systems)
{
    json_t *bundle = export();
    walk(bundle, check_values, NULL);
    json_decref(bundle);
}

/* UCUM, as its own validator would read them: each unit that a bundle uses is one of these. */
static void check_unit(json_t *object, void *context)
{
    static const char *const units[] = {"/min",     "mm[Hg]", "mm[Hg]/min", "[MET]", "s",  "mV",
                                        "mV/s",     "1",      "a",          "kg",    "cm", "%",
                                        "[mi_i]/h", "W",      "uV",         "mg",    "ms"};
    json_t *quantity = json_object_get(object, "valueQuantity");
    int known = 0, *count = context;
    if (!quantity)
        return;
    ++*count;
    cr_expect_str_eq(text(quantity, "system"), "http://unitsofmeasure.org");
    cr_expect(json_is_number(json_object_get(quantity, "value")));
    cr_expect_neq(text(quantity, "unit")[0], '\0');
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        known |= strcmp(text(quantity, "code"), units[i]) == 0;
    cr_expect(known, "unit %s", text(quantity, "code"));
}

static void check_coding(json_t *object, void *context)
{
    json_t *coding;
    size_t i;
    (void)context;
    json_array_foreach(json_object_get(object, "coding"), i, coding)
    {
        cr_expect_neq(text(coding, "system")[0], '\0');
        cr_expect_neq(text(coding, "code")[0], '\0');
        cr_expect_null(strpbrk(text(coding, "code"), " \t\n"), "%s", text(coding, "code"));
    }
}

Test(fhir, every_quantity_has_a_ucum_unit_and_every_coding_a_system)
{
    int count = 0;
    json_t *bundle = export();
    walk(bundle, check_unit, &count);
    cr_expect_gt(count, 100);
    walk(bundle, check_coding, NULL);
    json_decref(bundle);
}

/* ---- figures ---------------------------------------------------------------------------------- */

Test(fhir, figures_of_the_summary)
{
    static const struct {
        const char *code;
        double value;
        const char *unit;
    } want[] = {{"peak-heart-rate", 165, "/min"},
                {"122718", 24000, "mm[Hg]/min"},
                {"122717", 7.1, "[MET]"},
                {"peak-systolic", 160, "mm[Hg]"},
                {"exercise-time", 360, "s"},
                {"recovery-time", 240, "s"},
                {"heart-rate-recovery-1-min", 25, "/min"},
                {"st-lowest", -0.11, "mV"},
                {"122707", 14, "1"},
                {"30525-0", 57, "a"},
                {"29463-7", 70, "kg"},
                {"8302-2", 168, "cm"},
                {"coverage", 100, "%"}};
    json_t *bundle = export();
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        json_t *o = observation(bundle, want[i].code, 0);
        cr_assert_not_null(o, "no %s", want[i].code);
        cr_expect_float_eq(quantity(o), want[i].value, 1e-6, "%s: %g", want[i].code, quantity(o));
        cr_expect_str_eq(text(json_object_get(o, "valueQuantity"), "code"), want[i].unit);
    }
    json_t *missing = observation(bundle, "heart-rate-recovery-2-min", 0);
    cr_expect(has_code(json_object_get(missing, "dataAbsentReason"), "temp-unknown"));
    json_t *lowest = component(observation(bundle, "st-lowest", 0), "st-lead");
    cr_expect_str_eq(text(lowest, "valueString"), f.lead[11].name);
    json_decref(bundle);
}

Test(fhir, a_panel_for_each_stage)
{
    json_t *bundle = export();
    cr_expect_null(observation(bundle, "stage", FIXTURE_STAGES));
    json_t *stage = observation(bundle, "stage", STAGE_1);
    cr_assert_not_null(stage);
    cr_expect_str_eq(text(stage, "valueString"), "1");
    cr_expect_str_eq(text(stage, "effectiveDateTime"), "2026-01-05T09:05:00.000Z");
    cr_expect_float_eq(quantity(component(stage, "8867-4")), 80, 1e-9);
    cr_expect_float_eq(quantity(component(stage, "8480-6")), 138, 1e-9);
    cr_expect_float_eq(quantity(component(stage, "8462-4")), 78, 1e-9);
    cr_expect_float_eq(quantity(component(stage, "122708")), 11040, 1e-9);
    cr_expect_float_eq(quantity(component(stage, "122709")), 4.64, 1e-6);
    cr_expect_float_eq(quantity(component(stage, "122702")), 1.7, 1e-6);
    cr_expect(
        has_code(json_object_get(component(stage, "phase"), "valueCodeableConcept"), "432655005"));
    /* V5 is the eleventh of the standard leads; here channels come first: I II V1..V6 */
    for (int k = 0; k < FIXTURE_LEADS; k++)
        if (f.lead[k].lead == SECG_LEAD_V5)
            cr_expect_float_eq(quantity(component(stage, "131847")), -0.01 * k, 1e-6);
    cr_expect_str_eq(text(component(stage, "st-point"), "valueString"), "J+80");
    /* no pressure was taken in stage 2 of the fixture's rows */
    json_t *none = component(observation(bundle, "stage", STAGE_2), "8480-6");
    cr_expect_null(json_object_get(none, "valueQuantity"));
    cr_expect(has_code(json_object_get(none, "dataAbsentReason"), "unknown"));
    json_decref(bundle);
}

Test(fhir, facts_are_coded)
{
    json_t *bundle = export();
    json_t *pain = observation(bundle, "symptom", 1);
    cr_expect(has_code(json_object_get(pain, "valueCodeableConcept"), "29857009"));
    cr_expect_str_eq(text(json_object_get(pain, "valueCodeableConcept"), "text"), "tightness 4/10");
    cr_expect(has_code(json_object_get(observation(bundle, "end", 0), "valueCodeableConcept"),
                       "84229001"));
    for (size_t i = 0; i < entries(bundle); i++) {
        json_t *r = resource(bundle, i);
        if (strcmp(text(r, "resourceType"), "Procedure") == 0) {
            cr_expect(has_code(json_object_get(r, "code"), "165079009"));
            cr_expect(has_code(json_object_get(r, "code"), "129095002"));
        }
    }
    json_decref(bundle);
}

static const char *report_status(json_t *bundle)
{
    json_t *report = resource(bundle, entries(bundle) - 1);
    cr_assert_str_eq(text(report, "resourceType"), "DiagnosticReport");
    cr_expect(has_code(json_object_get(report, "code"), "18752-6"));
    return text(report, "status");
}

Test(fhir, preliminary_until_closed)
{
    f.order.seal.is_signed = 0;
    json_t *bundle = export();
    cr_expect_str_eq(report_status(bundle), "preliminary");
    json_decref(bundle);
    f.order.seal.is_signed = 1;
    bundle = export();
    cr_expect_str_eq(report_status(bundle), "final");
    json_decref(bundle);
}

Test(fhir, an_age_of_ninety_is_a_class)
{
    secg_error error = {0};
    f.summary.patient.age_years = 94;
    secg_deidentified *d = secg_deidentify(&f.summary, &f.order, NULL, &error);
    cr_assert_eq(
        secg_export_fhir(secg_deidentified_summary(d), secg_deidentified_order(d), path, &error),
        SECG_OK);
    json_t *bundle = json_load_file(path, 0, NULL);
    json_t *age = json_object_get(observation(bundle, "30525-0", 0), "valueQuantity");
    cr_expect_str_eq(text(age, "comparator"), ">=");
    cr_expect_eq(json_integer_value(json_object_get(age, "value")), 90);
    json_t *label = json_array_get(json_object_get(json_object_get(bundle, "meta"), "security"), 0);
    cr_expect_str_eq(text(label, "code"), "ANONYED");
    json_decref(bundle);
    secg_deidentified_free(d);
}

Test(fhir, same_record_same_file)
{
    size_t size, again;
    json_decref(export());
    char *first = fixture_contents(path, &size);
    json_decref(export());
    char *second = fixture_contents(path, &again);
    cr_expect(size == again && memcmp(first, second, size) == 0);
    free(second);
    f.summary.digest ^= 1;
    json_t *bundle = export();
    cr_expect_null(strstr(first, text(resource(bundle, 0), "id")), "another record, other ids");
    json_decref(bundle);
    free(first);
}

Test(fhir, plain_recording_without_order)
{
    secg_error error = {0};
    f.summary.protocol = NULL;
    f.summary.exercise_start = f.summary.exercise_end = f.summary.recovery_end = SECG_NO_SAMPLE;
    f.summary.start_unix_ms = SECG_NO_SAMPLE;
    f.summary.calibrated = 0;
    f.summary.facts = 0;
    f.summary.end = (secg_end)0;
    cr_assert_eq(secg_export_fhir(&f.summary, NULL, path, &error), SECG_OK, "%s", error.text);
    json_t *bundle = json_load_file(path, 0, NULL);
    walk(bundle, check_reference, bundle);
    walk(bundle, check_values, NULL);
    cr_expect_null(observation(bundle, "st-lowest", 0));
    json_decref(bundle);
    cr_expect_eq(secg_export_fhir(NULL, NULL, path, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_export_fhir(&f.summary, NULL, "/nowhere/fhir.json", &error), SECG_E_FILE);
}
