/* TEST.json read and written: round trips, every kind of mistake with its place, hostile bytes. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void put_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(text, 1, size, file), size);
    fclose(file);
}

static char *example(size_t *size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/data/example.test.json", getenv("SECG_SOURCE"));
    return fixture_contents(path, size);
}

/* ---- the example --------------------------------------------------------------------------------- */

Test(test_file, example_of_the_documentation)
{
    char path[4096];
    secg_test_file file;
    secg_error error = {0};
    snprintf(path, sizeof path, "%s/data/example.test.json", getenv("SECG_SOURCE"));
    cr_assert_eq(secg_test_file_read(path, 500, &file, &error), SECG_OK, "%s", error.text);
    cr_expect_str_eq(file.protocol, "bruce");
    cr_expect_eq(file.start_unix_ms, INT64_C(1767621600000));
    cr_expect_eq(file.utc_offset_min, -300);
    cr_expect_eq(file.order.placement, SECG_PLACEMENT_MASON_LIKAR);
    cr_expect_eq(file.order.staff_count, 2);
    cr_expect_eq(file.order.staff[1].interprets, 1);
    cr_expect_float_eq(file.order.patient.weight_kg, 70.5f, 0);
    cr_expect_str_eq(file.order.order.icd10[0], "R07.9");
    cr_expect_eq(file.order.authorization.required, SECG_YES);
    cr_assert_eq(file.facts, 27);
    const secg_fact *bp = &file.fact[3];
    cr_expect_eq(bp->kind, SECG_FACT_BLOOD_PRESSURE);
    cr_expect_eq(bp->sample, 25000);
    cr_expect_eq(bp->entered, 29250);
    cr_expect(bp->systolic_mmhg == 118 && bp->diastolic_mmhg == 76 && isnan(bp->speed_mph));
    cr_expect_eq(file.fact[10].source, SECG_SOURCE_CLOCK);
    cr_expect_eq(file.fact[26].code, SECG_END_FATIGUE);
    secg_test_file_free(&file);
    cr_expect_null(file.fact);
}

/* What the documentation shows is what is shipped. */
Test(test_file, documentation_holds_the_example)
{
    char path[4096];
    size_t size, all;
    snprintf(path, sizeof path, "%s/data/TEST.md", getenv("SECG_SOURCE"));
    char *page = fixture_contents(path, &all), *text = example(&size);
    cr_expect(strstr(page, text) != NULL);
    free(page);
    free(text);
}

/* ---- round trips ----------------------------------------------------------------------------------- */

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(random_state >> 4) * n >> 28);
}

static float maybe(double low, double high, float otherwise)
{
    return random_below(3) ? (float)(low + (high - low) * random_below(100000) / 100000.0)
                           : otherwise;
}

static void fill_fact(secg_fact *f)
{
    switch (f->kind) {
    case SECG_FACT_STAGE:
        f->phase = (uint8_t)(1 + random_below(3));
        f->stage = f->phase == SECG_PHASE_EXERCISE ? (int16_t)random_below(10) : -1;
        strcpy(f->label, random_below(2) ? "Stufe \xc3\xbc \"x\"\n" : "");
        f->speed_mph = maybe(0, 25, NAN);
        f->grade_pct = maybe(-10, 50, NAN);
        f->power_w = maybe(0, 1500, NAN);
        f->value = maybe(0, 1e6, NAN);
        strcpy(f->unit, "ug/kg/min");
        break;
    case SECG_FACT_LOAD:
        f->power_w = maybe(0, 1500, 0);
        break;
    case SECG_FACT_BLOOD_PRESSURE:
        f->systolic_mmhg = (int16_t)(200 + random_below(150));
        f->diastolic_mmhg = (int16_t)(1 + random_below(190));
        break;
    case SECG_FACT_SYMPTOM:
        f->code = (int16_t)(1 + random_below(SECG_SYMPTOM_KINDS - 1));
        f->grade = (int16_t)random_below(12) - 1;
        break;
    case SECG_FACT_RPE:
        strcpy(f->label, random_below(2) ? "6-20" : "CR10");
        f->value = maybe(6, 10, 7);
        break;
    case SECG_FACT_SPO2:
        f->value = maybe(1, 100, 97);
        strcpy(f->unit, "%");
        break;
    case SECG_FACT_DRUG:
        strcpy(f->label, "atropine");
        f->value = maybe(0, 2, NAN);
        strcpy(f->unit, "mg");
        strcpy(f->lot, random_below(2) ? "LOT-7/\xc3\xa9" : "");
        break;
    case SECG_FACT_END:
        f->code = (int16_t)(1 + random_below(SECG_END_KINDS - 1));
        break;
    case SECG_FACT_HOLD:
    case SECG_FACT_PAUSE:
    case SECG_FACT_ADVERSE:
        f->code = (int16_t)random_below(2);
        break;
    case SECG_FACT_TARGET:
        f->speed_mph = maybe(0, 25, 3.3f);
        f->grade_pct = 7.5f;
        break;
    case SECG_FACT_FAULT:
        strcpy(f->label, "treadmill");
        break;
    case SECG_FACT_RETRACTION:
        f->corrects = 1;
        break;
    default:
        break;
    }
}

static secg_fact random_fact(void)
{
    secg_fact f = secg_fact_make((secg_fact_kind)(1 + random_below(SECG_FACT_KINDS - 1)),
                                 (int64_t)random_below(3000000));
    f.entered = f.sample + (random_below(2) ? (int64_t)random_below(40000) : 0);
    f.source = (uint8_t)random_below(3);
    strcpy(f.text, "Zo\xc3\xab \\ \"\xe5\xb1\xb1\" \t!");
    strcpy(f.by, random_below(2) ? "M. Okafor" : "");
    fill_fact(&f);
    return f;
}

/* Each field that may be stated, so that none is lost on the way. */
static void fill_order(secg_order *o)
{
    strcpy(o->patient.medications, "none");
    strcpy(o->order.modifiers[0], "TC");
    strcpy(o->order.modifiers[3], "59");
    strcpy(o->order.place_of_service, "22");
    o->order.in_person = SECG_NO;
    strcpy(o->order.same_day_codes[0], "93005-59");
    o->order.same_day_ordered = SECG_YES;
    strcpy(o->facility.billing_entity_id, "TIN-9");
    strcpy(o->facility.location_id, "LAB-2");
    strcpy(o->authorization.codes[1], "93018");
    strcpy(o->authorization.valid_from, "2026-01-01");
    strcpy(o->authorization.valid_to, "2026-12-31");
    o->authorization.units = 999;
    strcpy(o->authorization.payer_name, "Payer");
    strcpy(o->authorization.plan_id, "PLAN-2");
    strcpy(o->preparation.prepared_at, "2026-01-05T08:30:00Z");
    strcpy(o->preparation.explained_at, "2026-01-05T08:31:00Z");
    strcpy(o->preparation.consent_at, "2026-01-05T08:32:00Z");
    strcpy(o->preparation.hook_up_by, "Zo\xc3\xab");
    o->electrode_count = SECG_MAX_ELECTRODES;
    for (int i = 0; i < SECG_MAX_ELECTRODES; i++) {
        strcpy(o->electrode[i].site, "V4R");
        o->electrode[i].contact = (secg_tri)(i % 3);
        o->electrode[i].impedance_kohm = i % 2 ? 4.7f : 0;
    }
    strcpy(o->staff[1].id, "NPI 1");
    strcpy(o->staff[1].authorization, "AUTH-2");
    strcpy(o->sections[11], "tracing");
}

static void round_trip(double rate_hz, const secg_test_file *file)
{
    char folder[64], path[128], again[128];
    secg_test_file got;
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "a.json");
    snprintf(again, sizeof again, "%s/b.json", folder);
    cr_assert_eq(secg_test_file_write(path, rate_hz, file, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_file_read(path, rate_hz, &got, &error), SECG_OK, "%s", error.text);
    cr_expect_eq(memcmp(&got.order, &file->order, sizeof got.order), 0);
    cr_expect_eq(got.start_unix_ms, file->start_unix_ms);
    cr_expect_eq(got.utc_offset_min, file->utc_offset_min);
    cr_expect_eq(got.st_point, file->st_point);
    cr_expect_eq(got.target_pct, file->target_pct);
    cr_assert_eq(got.facts, file->facts);
    for (size_t i = 0; i < got.facts; i++)
        cr_expect_eq(memcmp(&got.fact[i], &file->fact[i], sizeof *got.fact), 0, "%g Hz: fact %zu",
                     rate_hz, i);
    cr_assert_eq(secg_test_file_write(again, rate_hz, &got, &error), SECG_OK, "%s", error.text);
    size_t size, other;
    char *a = fixture_contents(path, &size), *b = fixture_contents(again, &other);
    cr_expect(size == other && memcmp(a, b, size) == 0);
    free(a);
    free(b);
    secg_test_file_free(&got);
    fixture_forget(folder);
}

Test(test_file, every_sample_and_figure_survives)
{
    static const double rate_hz[] = {360, 500, 1000, 2000, 257.8125, 100};
    enum { FACTS = 400 };
    fixture f;
    fixture_make(&f);
    secg_test_file file = {.order = f.order,
                           .protocol = "bruce",
                           .max_bpm_formula = "tanaka",
                           .mets_of_actual = 1,
                           .recovery_interval_s = 120,
                           .target_pct = 87.3f,
                           .start_unix_ms = INT64_C(1767603600123),
                           .utc_offset_min = -330,
                           .mains_hz = 50,
                           .st_point = SECG_ST_JRR16};
    fill_order(&file.order);
    file.order.seal = (secg_seal){0}; /* it vouches for the file, so it is no part of it */
    file.fact = malloc(FACTS * sizeof *file.fact);
    file.facts = FACTS;
    for (int i = 0; i < FACTS; i++)
        file.fact[i] = random_fact();
    for (size_t i = 0; i < sizeof rate_hz / sizeof *rate_hz; i++)
        round_trip(rate_hz[i], &file);
    free(file.fact);
}

Test(test_file, nothing_stated)
{
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE};
    round_trip(500, &file);
}

/* A comma as decimal point in the host program changes nothing. */
Test(test_file, any_locale)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        cr_skip_test("no locale with a decimal comma");
    secg_fact fact = secg_fact_make(SECG_FACT_LOAD, 12345);
    fact.entered = 12345;
    fact.speed_mph = 1.7f;
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE, .fact = &fact, .facts = 1};
    round_trip(500, &file);
}

Test(test_file, only_the_owner_may_read_it)
{
    char folder[64], path[128];
    struct stat status;
    fixture_path(folder, path, sizeof path, "a.json");
    put_file(path, "old", 3);
    chmod(path, 0644);
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE};
    cr_assert_eq(secg_test_file_write(path, 500, &file, NULL), SECG_OK);
    stat(path, &status);
    cr_expect_eq(status.st_mode & 0777, 0600);
    fixture_forget(folder);
}

/* ---- mistakes --------------------------------------------------------------------------------------- */

#define HEAD       "{\"format\": \"stressecg-test-1\",\n"
#define FACT(text) HEAD " \"timeline\": [\n  " text "]}"

static const struct mistake {
    const char *text, *place, *word;
} mistakes[] = {
    {"", ":1:1: ", "ends here"},
    {"{", ":1:1: ", "ends here"},
    {"[]", ":1:1: ", "not an object"},
    {"{}", ":1:1: ", "format"},
    {"{\"format\": 1}", ":1:12: format", "stressecg-test-1"},
    {"{\"format\": \"stressecg-test-2\"}", ":1:12: format", "stressecg-test-1"},
    {HEAD " \"format\": 1}", ":2:", "twice"},
    {HEAD " \"x\": 1}", ":2:2: x: ", "known"},
    {HEAD " \"interpretation\": 1}", ":2:2: interpretation: ", "verdict"},
    {HEAD " \"order\": {\"Risk_class\": \"low\"}}", ":2:12: order.Risk_class: ", "verdict"},
    {FACT("{\"time_s\": 1, \"kind\": \"note\", \"text\": \"a\", \"result_code\": \"165084003\"}"),
     ":3:46: timeline[0].result_code: ", "verdict"},
    {HEAD " \"electrodes\": [{}]}", ":2:17: electrodes[0]: ", "site is missing"},
    {HEAD " \"electrodes\": [{\"site\": \"RA\", \"impedance_kohm\": 0}]}",
     ":2:50: electrodes[0].impedance_kohm: ", "outside 0.001 .. 10000"},
    {HEAD " \"authorization\": {\"units\": 0}}", ":2:29: authorization.units", "outside 1 .. 999"},
    {HEAD " \"authorization\": {\"valid_from\": \"1/2/26\"}}", ":2:34: authorization.valid_from",
     "date"},
    {HEAD " \"preparation\": {\"consent_at\": \"08:40\"}}", ":2:32: preparation.consent_at",
     "offset"},
    {HEAD " \"order\": {\"modifiers\": [\"95\", \"LONG\"]}}", ":2:32: order.modifiers[1]",
     "longer"},
    {HEAD " \"sections\": \"report\"}", ":2:14: sections", "list of texts"},
    {HEAD " \"start\": \"2026-01-05T09:00:00\"}", ":2:11: start", "offset"},
    {HEAD " \"start\": \"2026-02-29T09:00:00Z\"}", ":2:11: start", "offset"},
    {HEAD " \"mains_hz\": 55}", ":2:14: mains_hz", "50 or 60"},
    {HEAD " \"mains_hz\": 50.5}", ":2:14: mains_hz", "whole"},
    {HEAD " \"target_pct\": 300}", ":2:16: target_pct", "outside 1 .. 200"},
    {HEAD " \"max_bpm_formula\": \"foxy\"}", ":2:21: max_bpm_formula", "formula"},
    {HEAD " \"st_point\": \"J80\"}", ":2:14: st_point", "auto, J, J+60, J+80, J+RR/16"},
    {HEAD " \"placement\": \"torso\"}", ":2:15: placement", "mason-likar"},
    {HEAD " \"patient\": []}", ":2:13: patient", "not an object"},
    {HEAD " \"patient\": {\"weight_kg\": \"70\"}}", ":2:27: patient.weight_kg", "not a number"},
    {HEAD " \"patient\": {\"weight_kg\": -3}}", ":2:27: patient.weight_kg", "-3 is outside"},
    {HEAD " \"patient\": {\"weight\": 3}}", ":2:14: patient.weight", "known"},
    {HEAD " \"patient\": {\"sex\": \"female\"}}", ":2:21: patient.sex", "longer"},
    {HEAD " \"patient\": {\"sex\": \"X\"}}", ":2:21: patient.sex", "M, F"},
    {HEAD " \"patient\": {\"birth_date\": \"1968-13-01\"}}", ":2:28: patient.birth_date", "date"},
    {HEAD " \"patient\": {\"name\": null}}", ":2:22: patient.name", "not a text"},
    {HEAD " \"order\": {\"icd10\": \"R07.9\"}}", ":2:21: order.icd10", "list"},
    {HEAD " \"order\": {\"icd10\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}}",
     ":2:21: order.icd10", "more than 8"},
    {HEAD " \"order\": {\"icd10\": [\"R07.9\", \"R07.9 and more\"]}}", ":2:31: order.icd10[1]",
     "longer than 11 bytes"},
    {HEAD " \"authorization\": {\"required\": \"yes\"}}", ":2:32: authorization.required", "true"},
    {HEAD " \"staff\": {}}", ":2:11: staff", "list"},
    {HEAD " \"staff\": [1]}", ":2:12: staff[0]", "object"},
    {HEAD " \"staff\": [{}, {\"performed\": 1}]}", ":2:30: staff[1].performed", "true or false"},
    {HEAD " \"staff\": [{\"role\": 1}]}", ":2:13: staff[0].role", "known"},
    {HEAD " \"timeline\": {}}", ":2:14: timeline", "list"},
    {FACT("7"), ":3:3: timeline[0]", "object"},
    {FACT("{\"kind\": \"note\"}"), ":3:3: timeline[0]", "time_s is missing"},
    {FACT("{\"time_s\": 1}"), ":3:3: timeline[0]", "kind is missing"},
    {FACT("{\"time_s\": -1, \"kind\": \"strip\"}"), ":3:14: timeline[0].time_s", "-1 is outside"},
    {FACT("{\"time_s\": 1e9, \"kind\": \"strip\"}"), ":3:14: timeline[0].time_s", "outside"},
    {FACT("{\"time_s\": 1, \"kind\": \"nap\"}"), ":3:25: timeline[0].kind", "resting_ecg"},
    {FACT("{\"time_s\": 1, \"kind\": \"note\"}"), ":3:3: timeline[0]", "text is missing"},
    {FACT("{\"time_s\": 5, \"entered_s\": 4, \"kind\": \"strip\"}"), ":3:30: timeline[0].entered_s",
     "before"},
    {FACT("{\"time_s\": 1, \"kind\": \"strip\", \"grade\": 4}"), ":3:34: timeline[0].grade",
     "known"},
    {FACT("{\"time_s\": 1, \"kind\": \"strip\", \"source\": \"me\"}"), ":3:44: timeline[0].source",
     "device"},
    {FACT("{\"time_s\": 1, \"kind\": \"strip\"},\n  {\"time_s\": 2, \"kind\": "
          "\"blood_pressure\",\n   \"systolic_mmhg\": 20000, \"diastolic_mmhg\": 76}"),
     ":5:21: timeline[1].systolic_mmhg: ", "20000 is outside 30 .. 350"},
    {FACT("{\"time_s\": 2, \"kind\": \"blood_pressure\", \"systolic_mmhg\": 120}"),
     ":3:3: timeline[0]", "diastolic_mmhg is missing"},
    {FACT("{\"time_s\": 2, \"kind\": \"blood_pressure\", \"systolic_mmhg\": 80, "
          "\"diastolic_mmhg\": 80}"),
     ":3:82: timeline[0].diastolic_mmhg", "not below"},
    {FACT("{\"time_s\": 2, \"kind\": \"symptom\"}"), ":3:3: timeline[0]", "symptom is missing"},
    {FACT("{\"time_s\": 2, \"kind\": \"symptom\", \"symptom\": \"pain\"}"),
     ":3:47: timeline[0].symptom", "chest_pain"},
    {FACT("{\"time_s\": 2, \"kind\": \"rpe\", \"value\": 11, \"scale\": \"CR10\"}"),
     ":3:41: timeline[0].value", "CR10"},
    {FACT("{\"time_s\": 2, \"kind\": \"rpe\", \"value\": 4, \"scale\": \"6-20\"}"),
     ":3:41: timeline[0].value", "6 .. 20"},
    {FACT("{\"time_s\": 2, \"kind\": \"load\"}"), ":3:3: timeline[0]", "missing"},
    {FACT("{\"time_s\": 2, \"kind\": \"hold\", \"on\": 1}"), ":3:39: timeline[0].on", "true"},
    {FACT("{\"time_s\": 2, \"kind\": \"adverse\"}"), ":3:3: timeline[0]", "none"},
    {FACT("{\"time_s\": 2, \"kind\": \"stage\", \"phase\": \"rest\"}"), ":3:43: timeline[0].phase",
     "pretest, exercise, recovery"},
    {FACT("{\"time_s\": 2, \"kind\": \"stage\", \"phase\": \"recovery\", \"stage\": 0}"),
     ":3:64: timeline[0].stage", "exercise"},
    {HEAD " \"protocol\": \"bruce\",\n \"timeline\": [{\"time_s\": 2, \"kind\": \"stage\", "
          "\"phase\": \"exercise\", \"stage\": 10}]}",
     ":3:76: timeline[0].stage", "no such stage"},
    {HEAD " \"resting_ecg\": \"\\u0000\"}", ":2:", "zero"},
    {HEAD " \"resting_ecg\": \"\xff\"}", ":2:", "UTF-8"},
    {HEAD " \"target_pct\": 1e999}", ":2:", "large"},
    {HEAD " \"target_pct\": 80} x", ":2:", "after the end"},
};

Test(test_file, every_mistake_has_its_place)
{
    char folder[64], path[128];
    fixture_path(folder, path, sizeof path, "order.json");
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const struct mistake *m = &mistakes[i];
        secg_test_file file;
        secg_error error = {0};
        char want[200];
        put_file(path, m->text, strlen(m->text));
        cr_expect_eq(secg_test_file_read(path, 500, &file, &error), SECG_E_FORMAT, "%s", m->text);
        snprintf(want, sizeof want, "%s%s", path, m->place);
        cr_expect(strncmp(error.text, want, strlen(want)) == 0, "%s: %s, not %s", m->text,
                  error.text, want);
        cr_expect(strstr(error.text, m->word), "%s: %s", m->text, error.text);
        cr_expect(!file.fact && file.facts == 0);
    }
    fixture_forget(folder);
}

/* What the file says of the patient does not come back in an error. */
Test(test_file, errors_hold_no_patient_data)
{
    char folder[64], path[128];
    secg_test_file file;
    secg_error error = {0};
    static const char *const text[] = {
        HEAD " \"patient\": {\"birth_date\": \"Jane Doe\"}}",
        HEAD " \"patient\": {\"name\": \"Jane Doe\" \"id\"}}",
        FACT("{\"time_s\": 1, \"kind\": \"symptom\", \"symptom\": \"Jane Doe faints\"}"),
    };
    fixture_path(folder, path, sizeof path, "a.json");
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        put_file(path, text[i], strlen(text[i]));
        cr_expect_eq(secg_test_file_read(path, 500, &file, &error), SECG_E_FORMAT);
        cr_expect_null(strstr(error.text, "Jane"), "%s", error.text);
    }
    fixture_forget(folder);
}

Test(test_file, files_that_are_none)
{
    char folder[64], path[128];
    secg_test_file file;
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "big.json");
    cr_expect_eq(secg_test_file_read(path, 500, &file, &error), SECG_E_FILE);
    cr_expect(strstr(error.text, "big.json"));
    cr_expect_eq(secg_test_file_read(folder, 500, &file, &error), SECG_E_FILE);
    FILE *big = fopen(path, "wb");
    fseek(big, (16 << 20) + 1, SEEK_SET);
    fputc(' ', big);
    fclose(big);
    cr_expect_eq(secg_test_file_read(path, 500, &file, &error), SECG_E_FORMAT);
    cr_expect(strstr(error.text, "16 MiB"), "%s", error.text);
    cr_expect_eq(secg_test_file_read(path, 0, &file, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_test_file_read(NULL, 500, &file, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_test_file_write("/nonexistent/a.json", 500, &file, &error), SECG_E_FILE);
    fixture_forget(folder);
}

Test(test_file, too_many_facts)
{
    char folder[64], path[128];
    secg_test_file file;
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "many.json");
    FILE *out = fopen(path, "wb");
    fputs(HEAD "\"timeline\": [1", out);
    for (int i = 0; i < 20000; i++)
        fputs(",1", out);
    fputs("]}", out);
    fclose(out);
    cr_expect_eq(secg_test_file_read(path, 500, &file, &error), SECG_E_FORMAT);
    cr_expect(strstr(error.text, "20000"), "%s", error.text);
    fixture_forget(folder);
}

/* ---- what cannot be written ---------------------------------------------------------------------------- */

static void refuse(const secg_test_file *file, const char *word)
{
    char folder[64], path[128];
    secg_error error = {0};
    struct stat status;
    fixture_path(folder, path, sizeof path, "a.json");
    cr_expect_eq(secg_test_file_write(path, 500, file, &error), SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, word), "%s: %s", word, error.text);
    cr_expect_neq(stat(path, &status), 0, "%s: a file was left", word);
    fixture_forget(folder);
}

Test(test_file, what_could_not_be_read_is_not_written)
{
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE};
    secg_fact fact = secg_fact_make(SECG_FACT_BLOOD_PRESSURE, 100);
    fact.systolic_mmhg = 120;
    fact.diastolic_mmhg = 80;
    file.order.patient.weight_kg = -3;
    refuse(&file, "weight_kg");
    file.order.patient.weight_kg = 0;
    strcpy(file.order.patient.birth_date, "yesterday");
    refuse(&file, "birth_date");
    strcpy(file.order.patient.birth_date, "");
    strcpy(file.order.patient.name, "\xff\xfe");
    refuse(&file, "name");
    memset(file.order.patient.name, 'x', sizeof file.order.patient.name);
    refuse(&file, "name");
    file.order.patient.name[0] = 0;
    file.order.staff_count = 9;
    refuse(&file, "staff_count");
    file.order.staff_count = 0;
    file.fact = &fact;
    file.facts = 1;
    fact.systolic_mmhg = 20000;
    refuse(&file, "timeline[0].systolic_mmhg");
    fact.systolic_mmhg = 70;
    refuse(&file, "timeline[0]");
    fact.systolic_mmhg = 120;
    fact.sample = -1;
    refuse(&file, "timeline[0].time_s");
    fact.sample = 0;
    fact.kind = 99;
    refuse(&file, "timeline[0].kind");
}

/* ---- hostile bytes --------------------------------------------------------------------------------------- */

static void read_anything(const char *path, const char *text, size_t size)
{
    secg_test_file file;
    secg_error error = {0};
    put_file(path, text, size);
    secg_status status = secg_test_file_read(path, 500, &file, &error);
    cr_expect(status == SECG_OK || (status == SECG_E_FORMAT && error.text[0]));
    cr_expect(memchr(error.text, '\0', sizeof error.text));
    secg_test_file_free(&file);
}

Test(test_file, cut_anywhere)
{
    char folder[64], path[128];
    size_t size;
    char *text = example(&size);
    fixture_path(folder, path, sizeof path, "a.json");
    for (size_t cut = 0; cut < size; cut += 3)
        read_anything(path, text, cut);
    free(text);
    fixture_forget(folder);
}

Test(test_file, any_byte_changed)
{
    char folder[64], path[128];
    size_t size;
    char *text = example(&size);
    fixture_path(folder, path, sizeof path, "a.json");
    for (int round = 0; round < 4000; round++) {
        size_t at = random_below((uint32_t)size);
        char was = text[at];
        text[at] = (char)random_below(256);
        read_anything(path, text, size);
        text[at] = was;
    }
    free(text);
    fixture_forget(folder);
}

Test(test_file, deep_nesting)
{
    enum { DEPTH = 300000 };
    char folder[64], path[128];
    char *text = malloc(DEPTH);
    memset(text, '[', DEPTH);
    fixture_path(folder, path, sizeof path, "a.json");
    read_anything(path, text, DEPTH);
    free(text);
    fixture_forget(folder);
}
