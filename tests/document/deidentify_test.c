/* The record without the person: whatever texts, dates and names went in, none of their bytes come
 * out, in memory or in any file; what was measured stays. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/export.h>
#include <string.h>

/* Stands in every text; a field of four bytes and more shows it. */
static const char mark[] = "Zqx";

static void fill(char *text, size_t size)
{
    memset(text, 0, size);
    for (size_t i = 0; i + 1 < size; i++)
        text[i] = mark[i % 3];
}
#define FILL(field) fill(field, sizeof(field))

static void fill_order(secg_order *o)
{
    FILL(o->patient.name);
    FILL(o->patient.id);
    FILL(o->patient.birth_date);
    FILL(o->patient.medications);
    FILL(o->order.number);
    FILL(o->order.provider);
    FILL(o->order.indication);
    FILL(o->order.icd10[1]);
    FILL(o->order.encounter_id);
    FILL(o->order.billing_code);
    FILL(o->facility.name);
    FILL(o->facility.entity_id);
    FILL(o->facility.address);
    FILL(o->authorization.number);
    FILL(o->authorization.payer_type);
    FILL(o->preparation.hook_up_at);
    FILL(o->preparation.skin_preparation);
    FILL(o->equipment.ecg);
    FILL(o->equipment.ergometer);
    FILL(o->equipment.bp);
    FILL(o->equipment.software);
    FILL(o->resting_ecg);
    FILL(o->facility.billing_entity_id);
    FILL(o->facility.location_id);
    FILL(o->authorization.payer_name);
    FILL(o->authorization.plan_id);
    FILL(o->preparation.prepared_at);
    FILL(o->preparation.explained_at);
    FILL(o->preparation.consent_at);
    FILL(o->preparation.hook_up_by);
    FILL(o->seal.by);
    FILL(o->seal.credential);
    FILL(o->seal.signed_at);
    FILL(o->seal.digest);
    for (int i = 0; i < SECG_MAX_ELECTRODES; i++)
        FILL(o->electrode[i].site);
    for (int i = 0; i < SECG_MAX_SECTIONS; i++)
        FILL(o->sections[i]);
    for (int i = 0; i < SECG_MAX_STAFF; i++) {
        FILL(o->staff[i].id);
        FILL(o->staff[i].authorization);
    }
    for (int i = 0; i < SECG_MAX_STAFF; i++) {
        FILL(o->staff[i].name);
        FILL(o->staff[i].credential);
        FILL(o->staff[i].entity_id);
        FILL(o->staff[i].signed_at);
    }
}

/* What was corrected, and the audit trail. */
static void fill_trail(fixture *f)
{
    static secg_correction correction;
    static secg_edit edit;
    correction.number = 1;
    correction.original = correction.correction = secg_fact_make(SECG_FACT_NOTE, 0);
    FILL(correction.original.text);
    FILL(correction.original.by);
    FILL(correction.correction.text);
    FILL(correction.correction.lot);
    FILL(edit.by);
    FILL(edit.why);
    FILL(edit.old_value);
    FILL(edit.new_value);
    f->summary.correction = &correction;
    f->summary.corrections = 1;
    f->order.edit = &edit;
    f->order.edits = 1;
}

static void fill_all(fixture *f)
{
    fixture_make(f);
    fill_order(&f->order);
    fill_trail(f);
    FILL(f->summary.end_text);
    FILL(f->summary.protocol_label);
    FILL(f->summary.mets_formula);
    FILL(f->summary.max_bpm_formula);
    for (size_t i = 0; i < f->summary.stages; i++)
        FILL(f->stage[i].label);
    for (size_t i = 0; i < f->summary.facts; i++) {
        FILL(f->fact[i].label);
        FILL(f->fact[i].unit);
        FILL(f->fact[i].text);
        FILL(f->fact[i].by);
        FILL(f->fact[i].lot);
    }
    for (int k = 0; k < SECG_MAX_CHANNELS; k++)
        FILL(f->signal.channel[k].name);
    for (int k = 0; k < SECG_MAX_LEADS; k++)
        FILL(f->lead[k].name);
}

static int holds(const void *bytes, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp((const char *)bytes + i, word, length) == 0)
            return 1;
    return 0;
}

static secg_deidentified *deidentify(const fixture *f, const secg_deidentify_options *options)
{
    secg_error error = {0};
    secg_deidentified *d = secg_deidentify(&f->summary, &f->order, options, &error);
    cr_assert_not_null(d, "%s", error.text);
    return d;
}

Test(deidentify, no_text_stays_in_memory)
{
    fixture f;
    fill_all(&f);
    secg_deidentified *d = deidentify(&f, NULL);
    const secg_summary *s = secg_deidentified_summary(d);
    cr_expect(holds(&f.order, sizeof f.order, mark), "the search finds what is there");
    cr_expect_not(holds(secg_deidentified_order(d), sizeof(secg_order), mark));
    cr_expect_not(holds(s, sizeof *s, mark));
    cr_expect_not(holds(s->stage, s->stages * sizeof *s->stage, mark));
    cr_expect_not(holds(s->fact, s->facts * sizeof *s->fact, mark));
    cr_expect_not(holds(s->signal, sizeof *s->signal, mark));
    cr_expect_not(holds(s->lead, s->leads * sizeof *s->lead, mark));
    cr_expect_eq(s->corrections, 0);
    cr_expect_eq(secg_deidentified_order(d)->edits, 0);
    cr_expect_gt(secg_deidentified_removed(d), 20);
    secg_deidentified_free(d);
}

static void expect_clean_file(const char *path, const char *const *words, size_t count)
{
    size_t size;
    char *text = fixture_contents(path, &size);
    cr_expect_gt(size, 100);
    for (size_t i = 0; i < count; i++)
        cr_expect_not(holds(text, size, words[i]), "\"%s\" stands in %s", words[i], path);
    free(text);
}

/* Every file that is written from it, byte by byte. */
Test(deidentify, no_text_stays_in_any_file)
{
    static const char *const words[] = {"Zqx", "qxZ", "xZq", "1968", "03-14", "2026", "SIM-77"};
    enum { WORDS = sizeof words / sizeof *words };
    fixture f;
    char folder[64], path[128];
    secg_error error = {0};
    fill_all(&f);
    strcpy(f.order.patient.birth_date, "1968-03-14");
    strcpy(f.order.patient.id, "SIM-77");
    secg_deidentified *d = deidentify(&f, NULL);
    const secg_summary *s = secg_deidentified_summary(d);
    const secg_order *o = secg_deidentified_order(d);

    fixture_path(folder, path, sizeof path, "file");
    cr_assert_eq(secg_summary_write_json(s, o, path, &error), SECG_OK, "%s", error.text);
    expect_clean_file(path, words, WORDS);
    cr_assert_eq(secg_summary_write_stages_csv(s, path, &error), SECG_OK, "%s", error.text);
    expect_clean_file(path, words, WORDS);
    cr_assert_eq(secg_export_fhir(s, o, path, &error), SECG_OK, "%s", error.text);
    expect_clean_file(path, words, WORDS);
    secg_status status = secg_export_aecg(s, o, NULL, path, &error);
    cr_assert(status == SECG_OK || status == SECG_E_UNSUPPORTED, "%s", error.text);
    if (status == SECG_OK)
        expect_clean_file(path, words, WORDS);
    /* the search would find them */
    cr_assert_eq(secg_summary_write_json(&f.summary, &f.order, path, &error), SECG_OK);
    size_t size;
    char *text = fixture_contents(path, &size);
    cr_expect(holds(text, size, "1968-03-14") && holds(text, size, "2026-01-05"));
    free(text);
    fixture_forget(folder);
    secg_deidentified_free(d);
}

/* What was measured, coded and counted from the start of the record is the same. */
Test(deidentify, measurements_stay)
{
    fixture f;
    fixture_make(&f);
    secg_deidentified *d = deidentify(&f, NULL);
    const secg_summary *s = secg_deidentified_summary(d);
    const secg_order *o = secg_deidentified_order(d);
    cr_expect_eq(s->deidentified, 1);
    cr_expect_eq(s->frames, f.summary.frames);
    cr_expect_float_eq(s->peak_bpm.value.value, 165, 1e-6);
    cr_expect_eq(s->stages, f.summary.stages);
    cr_expect_eq(s->facts, f.summary.facts);
    for (size_t i = 0; i < s->facts; i++) {
        cr_expect_eq(s->fact[i].sample, f.fact[i].sample);
        cr_expect_eq(s->fact[i].code, f.fact[i].code);
        cr_expect_eq(s->fact[i].systolic_mmhg, f.fact[i].systolic_mmhg);
    }
    cr_expect_float_eq(s->stage[STAGE_2].st[10].level_mv, -0.10, 1e-6);
    cr_expect_str_eq(s->lead[10].name, f.lead[10].name);
    cr_expect_str_eq(o->order.icd10[0], "R07.9");
    cr_expect_str_eq(o->order.billing_code, "93017");
    cr_expect_str_eq(o->patient.sex, "F");
    cr_expect_float_eq(o->patient.weight_kg, 70, 1e-6);
    cr_expect_eq(o->staff_count, 2);
    cr_expect_eq(o->staff[0].performed, 1);
    cr_expect_neq(o->staff[0].signed_at[0], '\0', "that it was signed is no date");
    cr_expect_eq(o->staff[1].signed_at[0], '\0');
    cr_expect_str_eq(o->patient.id, "");
    /* the record itself is as it was */
    cr_expect_str_eq(f.order.patient.name, "Example, Patient");
    cr_expect_str_eq(f.fact[FACT_PAIN].text, "tightness 4/10");
    secg_deidentified_free(d);
}

/* Labels of the library, of the protocol and of postures stay, what staff made up does not. */
Test(deidentify, labels)
{
    fixture f;
    fixture_make(&f);
    strcpy(f.stage[STANDING].label, "Mrs Doe stands");
    strcpy(f.stage[STAGE_2].label, "1/2");
    strcpy(f.stage[RECOVERY_2].label, "Recovery Doe");
    secg_deidentified *d = deidentify(&f, NULL);
    const secg_stage_summary *stage = secg_deidentified_summary(d)->stage;
    cr_expect_str_eq(stage[SUPINE].label, "Supine");
    cr_expect_str_eq(stage[STANDING].label, "Pre-test");
    cr_expect_str_eq(stage[STAGE_1].label, "1");
    cr_expect_str_eq(stage[STAGE_2].label, "1/2");
    cr_expect_str_eq(stage[RECOVERY_1].label, "Recovery 1:00");
    cr_expect_str_eq(stage[RECOVERY_2].label, "Recovery");
    const secg_fact *fact = secg_deidentified_summary(d)->fact;
    cr_expect_str_eq(fact[FACT_RESTING_ECG].text, "[removed]");
    cr_expect_str_eq(fact[FACT_PAIN].text, "", "its code says what it was");
    secg_deidentified_free(d);
}

/* A table made for one patient may bear the patient's name; its loads are what was done. */
Test(deidentify, protocol_of_a_site)
{
    fixture f;
    fixture_make(&f);
    secg_deidentified *d = deidentify(&f, NULL);
    cr_expect_str_eq(secg_deidentified_summary(d)->protocol->name, "Bruce");
    secg_deidentified_free(d);

    secg_protocol_stage plan[2] = {f.protocol.stage[0], f.protocol.stage[1]};
    strcpy(plan[0].label, "Mr Doe walks");
    strcpy(f.protocol.name, "Ramp for Mr Doe");
    f.protocol.stage = plan;
    f.protocol.stages = 2;
    strcpy(f.stage[STAGE_1].label, "Mr Doe walks");
    d = deidentify(&f, NULL);
    const secg_protocol *protocol = secg_deidentified_summary(d)->protocol;
    cr_expect_not(holds(protocol, sizeof *protocol, "Doe"));
    cr_expect_not(holds(protocol->stage, sizeof plan, "Doe"));
    cr_expect_str_eq(protocol->stage[1].label, "2");
    cr_expect_float_eq(protocol->stage[1].speed_mph, 2.5, 1e-6);
    cr_expect_eq(protocol->modality, SECG_MODALITY_TREADMILL);
    cr_expect_str_eq(secg_deidentified_summary(d)->stage[STAGE_1].label, "Exercise");
    secg_deidentified_free(d);
}

/* 45 CFR 164.514: ages over 89 are one category, and nothing may give the age away. */
Test(deidentify, ages)
{
    static const struct {
        float age, kept;
        int predicted;
    } row[] = {{57.9f, 57, 1}, {89.99f, 89, 1}, {90, 90, 0}, {97.5f, 90, 0}, {0, 0, 1}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fixture f;
        fixture_make(&f);
        f.summary.patient.age_years = row[i].age;
        secg_deidentified *d = deidentify(&f, NULL);
        const secg_summary *s = secg_deidentified_summary(d);
        cr_expect_float_eq(s->patient.age_years, row[i].kept, 1e-6, "%g", (double)row[i].age);
        cr_expect_eq(s->predicted_max_bpm.why == SECG_MEASURED, row[i].predicted);
        cr_expect_eq(s->target_bpm.why == SECG_MEASURED, row[i].predicted);
        cr_expect_eq(s->percent_of_max.why == SECG_MEASURED, row[i].predicted);
        secg_deidentified_free(d);
    }
}

Test(deidentify, dates_are_removed_or_moved)
{
    fixture f;
    fixture_make(&f);
    secg_deidentified *d = deidentify(&f, NULL);
    cr_expect_eq(secg_deidentified_summary(d)->start_unix_ms, SECG_NO_SAMPLE);
    secg_deidentified_free(d);
    secg_deidentify_options options = {.subject = "S-042", .shift_days = -100};
    d = deidentify(&f, &options);
    cr_expect_eq(secg_deidentified_summary(d)->start_unix_ms,
                 f.summary.start_unix_ms - INT64_C(8640000000));
    cr_expect_str_eq(secg_deidentified_order(d)->patient.id, "S-042");
    secg_deidentified_free(d);
}

Test(deidentify, arguments)
{
    fixture f;
    secg_error error = {0};
    char longer[80];
    fixture_make(&f);
    memset(longer, 'x', sizeof longer);
    longer[79] = '\0';
    cr_expect_null(secg_deidentify(NULL, NULL, NULL, &error));
    cr_expect_eq(error.status, SECG_E_ARGUMENT);
    cr_expect_null(
        secg_deidentify(&f.summary, NULL, &(secg_deidentify_options){.subject = longer}, &error));
    cr_expect_not_null(strstr(error.text, "subject"));
    cr_expect_null(
        secg_deidentify(&f.summary, NULL, &(secg_deidentify_options){.reserved = {1}}, &error));
    secg_deidentified *d = secg_deidentify(&f.summary, NULL, NULL, &error);
    cr_expect_not_null(d);
    secg_deidentified_free(d);
    secg_deidentified_free(NULL);
}
