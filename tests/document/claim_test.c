/* Each rule on a complete record, and each way to fail it: one element is broken at a time, and
 * exactly the rules that speak of it change. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <string.h>

static const secg_finding *find(const secg_findings *findings, const char *rule)
{
    size_t count;
    const secg_finding *list = secg_findings_list(findings, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].rule, rule) == 0)
            return &list[i];
    return NULL;
}

static secg_findings *check(const fixture *f)
{
    secg_error error = {0};
    secg_findings *findings = secg_claim_check(&f->summary, &f->order, &f->options, &error);
    cr_assert_not_null(findings, "%s", error.text);
    return findings;
}

/* ---- the complete record ------------------------------------------------------------------------- */

Test(claim, complete_record_meets_every_rule)
{
    fixture f;
    size_t count;
    fixture_make(&f);
    secg_findings *findings = check(&f);
    const secg_finding *list = secg_findings_list(findings, &count);
    cr_expect_eq(count, 40);
    for (size_t i = 0; i < count; i++) {
        cr_expect(list[i].met, "%s: %s", list[i].rule, list[i].evidence);
        cr_expect(list[i].evidence[0] && list[i].title[0] && !list[i].mend[0], "%s", list[i].rule);
    }
    secg_findings_free(findings);
}

Test(claim, texts_hold_no_word_that_judges)
{
    fixture f;
    fixture_make(&f);
    static const secg_order nothing;
    static const secg_order *const order[] = {NULL, &nothing};
    for (int i = 0; i < 3; i++) {
        secg_findings *findings =
            secg_claim_check(&f.summary, i < 2 ? order[i] : &f.order, NULL, NULL);
        size_t count;
        const secg_finding *list = secg_findings_list(findings, &count);
        for (size_t k = 0; k < count; k++)
            cr_expect(secg_wording_check(list[k].title, SECG_WORDING_NOTE, NULL, 0) == 0 &&
                          secg_wording_check(list[k].evidence, SECG_WORDING_NOTE, NULL, 0) == 0 &&
                          secg_wording_check(list[k].mend, SECG_WORDING_NOTE, NULL, 0) == 0,
                      "%s: %s / %s / %s", list[k].rule, list[k].title, list[k].evidence,
                      list[k].mend);
        secg_findings_free(findings);
    }
}

Test(claim, a_plain_recording_is_no_test)
{
    fixture f;
    fixture_make(&f);
    secg_summary *s = &f.summary;
    s->exercise_start = s->exercise_end = s->recovery_end = SECG_NO_SAMPLE;
    s->stages = s->facts = s->rates = s->gaps = 0;
    s->end = 0;
    s->protocol = NULL;
    secg_findings *findings = secg_claim_check(s, NULL, NULL, NULL);
    static const char *const lacking[] = {"D01", "D03", "D04", "D05", "D06", "D07", "D08",
                                          "D10", "D11", "D12", "D13", "D14", "D15", "N04"};
    for (size_t i = 0; i < sizeof lacking / sizeof *lacking; i++) {
        const secg_finding *finding = find(findings, lacking[i]);
        cr_expect(!finding->met && finding->severity == SECG_BLOCK && finding->mend[0], "%s: %s",
                  finding->rule, finding->evidence);
    }
    secg_findings_free(findings);
}

Test(claim, bad_arguments)
{
    secg_error error = {0};
    cr_expect_null(secg_claim_check(NULL, NULL, NULL, &error));
    cr_expect_eq(error.status, SECG_E_ARGUMENT);
    secg_findings_free(NULL);
    size_t count = 9;
    cr_expect_null(secg_findings_list(NULL, &count));
    cr_expect_eq(count, 0);
}

/* ---- one element broken ---------------------------------------------------------------------------- */

#define BREAK(name, ...)                                                                           \
    static void name(fixture *f)                                                                   \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
#define ORDER   f->order
#define SUMMARY f->summary

static void drop(fixture *f, int fact)
{
    memmove(&f->fact[fact], &f->fact[fact + 1],
            (SUMMARY.facts - (size_t)fact - 1) * sizeof *f->fact);
    SUMMARY.facts--;
}

static void add_note(fixture *f, double time_s, const char *text)
{
    secg_fact *note = &f->fact[SUMMARY.facts++];
    *note = secg_fact_make(SECG_FACT_NOTE, secg_sample_at(time_s, FIXTURE_RATE_HZ));
    strcpy(note->text, text);
}

static void lose(fixture *f, double from_s, double to_s)
{
    f->gap[SUMMARY.gaps++] =
        (secg_gap){secg_sample_at(from_s, FIXTURE_RATE_HZ), secg_sample_at(to_s, FIXTURE_RATE_HZ),
                   -1, SECG_SIGNAL_GAP, NAN};
}

static void no_rate(fixture *f, int from_s, int to_s)
{
    for (int i = from_s; i < to_s; i++)
        f->rate[i].bpm = (secg_value){SECG_WHY_NOISE, NAN, 0};
}

BREAK(no_indication, ORDER.order.indication[0] = 0)
BREAK(blank_indication, strcpy(ORDER.order.indication, "  \n"))
BREAK(no_code, ORDER.order.icd10[0][0] = 0)
BREAK(two_channels, f->signal.channels = 2; SUMMARY.leads = secg_signal_leads(&f->signal, f->lead))
BREAK(short_rest, f->stage[SUPINE].end = 4000; f->stage[STANDING].start = 59000)
BREAK(no_rest_rate, SUMMARY.rest_bpm.why = SECG_WHY_NOISE)
BREAK(no_placement, f->signal.placement = 0; ORDER.placement = 0)
BREAK(no_resting_line, ORDER.resting_ecg[0] = f->fact[FACT_RESTING_ECG].text[0] = 0)
BREAK(no_protocol, SUMMARY.protocol = NULL)
BREAK(no_bp_1, drop(f, FACT_BP_1))
BREAK(bp_too_late, f->fact[FACT_BP_2].sample = 0)
BREAK(no_bp_1_with_reason, f->fact[FACT_BP_1].kind = SECG_FACT_NOTE;
      strcpy(f->fact[FACT_BP_1].text, "BP not obtained: cuff slipped"))
BREAK(bp_upside_down, f->fact[FACT_BP_1].diastolic_mmhg = 150)
BREAK(no_rest_bp, drop(f, FACT_REST_BP))
BREAK(one_recovery_bp, drop(f, FACT_RECOVERY_BP_1))
BREAK(no_peak_bp, f->fact[FACT_BP_2].sample = f->fact[FACT_BP_1].sample;
      f->fact[FACT_RECOVERY_BP_1].sample = f->fact[FACT_RECOVERY_BP_2].sample)
BREAK(no_stage_rate, f->stage[STAGE_2].bpm = (secg_value){SECG_WHY_NOISE, NAN, 0})
BREAK(no_peak_rate, SUMMARY.peak_bpm.value.why = SECG_WHY_NOISE)
BREAK(rate_gone_70_s, no_rate(f, 200, 270))
BREAK(no_rest_symptom, drop(f, FACT_REST_SYMPTOM))
BREAK(no_exercise_symptom, drop(f, FACT_PAIN))
BREAK(no_recovery_symptom, drop(f, FACT_RECOVERY_SYMPTOM))
BREAK(none_by_device, f->fact[FACT_REST_SYMPTOM].source = SECG_SOURCE_DEVICE)
BREAK(no_st_table, f->stage[STAGE_1].st = NULL)
BREAK(no_level_nor_reason, f->st[STAGE_2][6].level_mv = NAN)
BREAK(no_st_at_all, for (int r = 0; r < FIXTURE_STAGES; r++) for (int k = 0; k < FIXTURE_LEADS; k++)
                        f->st[r][k]
                            .why = SECG_WHY_NOISE)
BREAK(no_beats, SUMMARY.total.beats = 0)
BREAK(overlap, f->stage[STAGE_2].start -= 500)
BREAK(hole, f->stage[STAGE_1].end -= 500)
BREAK(bad_sum, SUMMARY.exercise_s = 362)
BREAK(no_stage_mets, f->stage[STAGE_1].mets.mets.why = SECG_WHY_NOT_ENTERED)
BREAK(no_method, f->stage[STAGE_2].mets.method = SECG_METS_NONE)
BREAK(no_peak_mets, SUMMARY.peak_mets.value.why = SECG_WHY_NOT_ENTERED)
BREAK(no_recovery, SUMMARY.recovery_end = SECG_NO_SAMPLE)
BREAK(short_recovery, SUMMARY.recovery_s = 120)
BREAK(short_with_reason, SUMMARY.recovery_s = 120;
      add_note(f, 600, "recovery ended early at the patient's wish"))
BREAK(no_posture, strcpy(f->fact[FACT_RECOVERY].label, "Recovery"))
BREAK(no_recovery_rate,
      for (int r = RECOVERY_1; r <= RECOVERY_3; r++) f->stage[r].bpm.why = SECG_WHY_NOISE)
BREAK(no_adverse, drop(f, FACT_ADVERSE))
BREAK(empty_adverse, f->fact[FACT_ADVERSE].code = 0)
BREAK(no_end, SUMMARY.end = 0)
BREAK(other_end, SUMMARY.end = SECG_END_OTHER; SUMMARY.end_text[0] = 0)
BREAK(no_performer, ORDER.staff[0].performed = 0)
BREAK(no_signature, ORDER.staff[0].signed_at[0] = 0)
BREAK(no_credential, ORDER.staff[0].credential[0] = 0)
BREAK(no_name, ORDER.staff[0].name[0] = 0)
BREAK(signed_before_end, strcpy(ORDER.staff[0].signed_at, "2026-01-05T09:05:00Z"))
BREAK(reader_alone, ORDER.staff[0].interprets = 1)
BREAK(no_start, SUMMARY.start_unix_ms = SECG_NO_SAMPLE)
BREAK(no_ecg, ORDER.equipment.ecg[0] = 0)
BREAK(no_ergometer, ORDER.equipment.ergometer[0] = 0)
BREAK(no_birth_date, ORDER.patient.birth_date[0] = 0)
BREAK(no_weight, f->stage[STAGE_1].mets.method = SECG_METS_ACSM_LEG; ORDER.patient.weight_kg = 0)
BREAK(no_sex, strcpy(SUMMARY.max_bpm_formula, "gulati"); ORDER.patient.sex[0] = 0)
BREAK(no_history, ORDER.preparation.history_taken = SECG_NO)
BREAK(no_consent, ORDER.preparation.consent = SECG_UNKNOWN)
BREAK(not_explained, ORDER.preparation.test_explained = SECG_NO)
BREAK(no_auth_number, ORDER.authorization.number[0] = 0)
BREAK(auth_unknown, ORDER.authorization.required = SECG_UNKNOWN)
BREAK(no_payer, ORDER.authorization.payer_type[0] = 0)
BREAK(medicaid, strcpy(ORDER.authorization.payer_type, "Medicaid");
      ORDER.authorization.required = SECG_UNKNOWN)
BREAK(medicare_no_code, strcpy(ORDER.authorization.payer_type, "MEDICARE");
      ORDER.order.icd10[0][0] = 0)
BREAK(nothing_completed, f->stage[STAGE_1].complete = f->stage[STAGE_2].complete = 0;
      SUMMARY.end = 0)
BREAK(code_lower, strcpy(ORDER.order.icd10[0], "r07.9"))
BREAK(code_point, strcpy(ORDER.order.icd10[0], "R07."))
BREAK(code_long, strcpy(ORDER.order.icd10[0], "R07.91234"))
BREAK(code_letters, strcpy(ORDER.order.icd10[0], "RR7.9"))
BREAK(no_hook_up, ORDER.preparation.hook_up_at[0] = 0)
BREAK(ecg_in_exercise, f->fact[FACT_RESTING_ECG].sample = 80000)
BREAK(other_placement, f->signal.placement = SECG_PLACEMENT_STANDARD)
BREAK(lost_12_s, lose(f, 400, 412); f->fact[FACT_BP_2].sample = 195000)
BREAK(poor_coverage, f->stage[STAGE_2].coverage_pct = 96)
BREAK(no_digest, SUMMARY.digest = 0)
BREAK(leads_off, f->gap[0] = (secg_gap){60000, 120000, 2, SECG_SIGNAL_OFF, NAN})
BREAK(global_code, strcpy(ORDER.order.billing_code, "93015"))
BREAK(global_code_unknown, strcpy(ORDER.order.billing_code, "93015");
      ORDER.staff[1].entity_id[0] = 0)
BREAK(hard_word, add_note(f, 500, "inferolateral ischemia"))
BREAK(soft_word, add_note(f, 500, "ST changes at peak"))
BREAK(hard_word_at_rest, strcpy(ORDER.resting_ecg, "old infarct"))
BREAK(no_preparation_time, ORDER.preparation.prepared_at[0] = 0)
BREAK(hook_up_yesterday, strcpy(ORDER.preparation.hook_up_at, "2026-01-04T08:45:00Z"))
BREAK(signed_late, strcpy(ORDER.staff[0].signed_at, "2026-01-09T09:40:00Z"))
BREAK(auth_codes, strcpy(ORDER.authorization.codes[0], "93016"))
BREAK(auth_no_codes, ORDER.authorization.codes[0][0] = 0)
BREAK(auth_early, strcpy(ORDER.authorization.valid_to, "2026-01-04"))
BREAK(auth_late, strcpy(ORDER.authorization.valid_from, "2026-01-06"))
BREAK(auth_no_dates, ORDER.authorization.valid_to[0] = 0)
BREAK(auth_no_units, ORDER.authorization.units = 0)
BREAK(advantage, strcpy(ORDER.authorization.payer_type, "Medicare Advantage");
      ORDER.authorization.required = SECG_UNKNOWN)
BREAK(usual_asker, strcpy(ORDER.authorization.payer_name, "Aetna");
      ORDER.authorization.required = SECG_UNKNOWN)
BREAK(other_part_unstated, ORDER.staff[1].authorization[0] = 0)
BREAK(other_part_differs, strcpy(ORDER.staff[1].authorization, "AUTH-2"))
BREAK(code_heading, strcpy(ORDER.order.icd10[0], "R06.0"))
BREAK(code_site_heading, strcpy(f->site.headers[0], "R07.9"); f->options.site = &f->site)
BREAK(code_not_necessary, strcpy(f->site.necessity[0], "I25"); f->options.site = &f->site)
BREAK(electrode_unlogged, ORDER.electrode_count = 1)
BREAK(duplicate_elsewhere, f->duplicates.other_entity = 1)
BREAK(duplicate_here, f->duplicates.same_entity = 1)
BREAK(no_index, f->options.duplicates = NULL)
BREAK(no_billing_code, ORDER.order.billing_code[0] = 0)
BREAK(code_of_the_reader, strcpy(ORDER.order.billing_code, "93018"))
BREAK(all_by_one, strcpy(ORDER.staff[1].entity_id, "TIN-1"))
BREAK(hospital_global, strcpy(ORDER.staff[1].entity_id, "TIN-1");
      strcpy(ORDER.order.billing_code, "93015"); strcpy(ORDER.order.place_of_service, "22"))
BREAK(no_supervisor, ORDER.staff[1].supervised = 0)
BREAK(hard_word_in_preparation, strcpy(ORDER.preparation.skin_preparation, "high risk patient"))
BREAK(coded_note, add_note(f, 500, "SCT 165084003"))
BREAK(resting_code, strcpy(ORDER.order.same_day_codes[0], "93005"))
BREAK(not_in_person, ORDER.order.in_person = SECG_NO)
BREAK(person_unstated, ORDER.order.in_person = SECG_UNKNOWN)
BREAK(place_02, strcpy(ORDER.order.place_of_service, "02"))
BREAK(place_10, strcpy(ORDER.order.place_of_service, "10"))
BREAK(modifier_95, strcpy(ORDER.order.modifiers[0], "95"))
BREAK(modifier_93, strcpy(ORDER.order.modifiers[1], "93"))
BREAK(modifier_gt, strcpy(ORDER.order.modifiers[2], "GT"))
BREAK(modifier_gq, strcpy(ORDER.order.modifiers[3], "GQ"))
BREAK(modifier_fq, strcpy(ORDER.order.modifiers[0], "FQ"))
BREAK(section_reading, strcpy(ORDER.sections[2], "Interpretation"))
BREAK(section_decision, strcpy(ORDER.sections[0], "clinical decisions"))
BREAK(section_report, strcpy(ORDER.sections[11], "final report"))
BREAK(billed_elsewhere, strcpy(ORDER.facility.billing_entity_id, "TIN-3"))
BREAK(performed_elsewhere, strcpy(ORDER.staff[0].entity_id, "TIN-3"))
BREAK(no_location, strcpy(f->site.locations[0], "LAB-1"); f->options.site = &f->site)
BREAK(other_location, strcpy(f->site.locations[0], "LAB-1"); f->options.site = &f->site;
      strcpy(ORDER.facility.location_id, "LAB-2"))
BREAK(no_explanation_time, ORDER.preparation.explained_at[0] = 0)
BREAK(not_closed, ORDER.seal.is_signed = 0)
BREAK(altered, ORDER.seal.is_signed = 0; ORDER.seal.altered = 1)
BREAK(no_plan, ORDER.authorization.plan_id[0] = 0)
BREAK(short_stages_no_bp, f->site.bp_stage_s = 200; f->site.bp_interval_s = 100;
      f->options.site = &f->site; drop(f, FACT_BP_1))
BREAK(over_midnight, SUMMARY.start_unix_ms = INT64_C(1767657300000);
      strcpy(ORDER.staff[0].signed_at, "2026-01-06T01:00:00Z");
      strcpy(ORDER.preparation.hook_up_at, "2026-01-05T23:50:00Z"))

struct row {
    char name[32], rules[40]; /* every rule that is no longer met                          */
    int severity;             /* of the first one                                          */
    void (*spoil)(fixture *f);
};
#define ROW(what, rules, severity)                                                                 \
    {                                                                                              \
#what, rules, severity, what                                                               \
    }

static struct row rows[] = {
    ROW(no_indication, "D01", SECG_BLOCK),
    ROW(blank_indication, "D01", SECG_BLOCK),
    ROW(no_code, "D01 N05", SECG_BLOCK),
    ROW(two_channels, "D02 N08", SECG_BLOCK),
    ROW(short_rest, "D02 N08", SECG_BLOCK),
    ROW(no_rest_rate, "D02 D06 N04 N08", SECG_BLOCK),
    ROW(no_placement, "D02 N07 N08", SECG_BLOCK),
    ROW(no_resting_line, "D02 N08", SECG_BLOCK),
    ROW(no_protocol, "D03 N04", SECG_BLOCK),
    ROW(no_bp_1, "D04 N04", SECG_BLOCK),
    ROW(bp_too_late, "D04 D05 N04", SECG_BLOCK),
    ROW(no_bp_1_with_reason, "D04", SECG_WARN),
    ROW(bp_upside_down, "D04 N04", SECG_BLOCK),
    ROW(no_rest_bp, "D05", SECG_BLOCK),
    ROW(one_recovery_bp, "D05", SECG_WARN),
    ROW(no_peak_bp, "D04 D05 N04", SECG_BLOCK),
    ROW(no_stage_rate, "D06 N04", SECG_BLOCK),
    ROW(no_peak_rate, "D06 N04", SECG_BLOCK),
    ROW(rate_gone_70_s, "D06 N04", SECG_BLOCK),
    ROW(no_rest_symptom, "D07", SECG_BLOCK),
    ROW(no_exercise_symptom, "D07", SECG_BLOCK),
    ROW(no_recovery_symptom, "D07", SECG_BLOCK),
    ROW(none_by_device, "D07", SECG_BLOCK),
    ROW(no_st_table, "D08", SECG_BLOCK),
    ROW(no_level_nor_reason, "D08", SECG_BLOCK),
    ROW(no_st_at_all, "D08", SECG_BLOCK),
    ROW(no_beats, "D09", SECG_BLOCK),
    ROW(overlap, "D10 N04", SECG_BLOCK),
    ROW(hole, "D10 N04", SECG_BLOCK),
    ROW(bad_sum, "D10 N04", SECG_BLOCK),
    ROW(no_stage_mets, "D11 N04", SECG_BLOCK),
    ROW(no_method, "D11 N04", SECG_BLOCK),
    ROW(no_peak_mets, "D11 N04", SECG_BLOCK),
    ROW(no_recovery, "D12", SECG_BLOCK),
    ROW(short_recovery, "D12", SECG_BLOCK),
    ROW(short_with_reason, "D12", SECG_WARN),
    ROW(no_posture, "D12", SECG_BLOCK),
    ROW(no_recovery_rate, "D06 D12 N04", SECG_BLOCK),
    ROW(no_adverse, "D13", SECG_BLOCK),
    ROW(empty_adverse, "D13", SECG_BLOCK),
    ROW(no_end, "D14", SECG_BLOCK),
    ROW(other_end, "D14", SECG_BLOCK),
    ROW(no_performer, "D15 N07", SECG_BLOCK),
    ROW(no_signature, "D15", SECG_BLOCK),
    ROW(no_credential, "D15", SECG_BLOCK),
    ROW(no_name, "D15 N07", SECG_BLOCK),
    ROW(signed_before_end, "D15", SECG_BLOCK),
    ROW(reader_alone, "D15 F02", SECG_BLOCK),
    ROW(no_start, "D15 N01 F06", SECG_BLOCK),
    ROW(no_ecg, "D16", SECG_WARN),
    ROW(no_ergometer, "D16", SECG_WARN),
    ROW(no_birth_date, "D17", SECG_BLOCK),
    ROW(no_weight, "D17", SECG_BLOCK),
    ROW(no_sex, "D17", SECG_BLOCK),
    ROW(no_history, "D18", SECG_WARN),
    ROW(no_consent, "D18", SECG_WARN),
    ROW(not_explained, "D18", SECG_WARN),
    ROW(no_auth_number, "N01 N03", SECG_BLOCK),
    ROW(auth_unknown, "N01 N02 F08", SECG_WARN),
    ROW(no_payer, "N02 F08", SECG_WARN),
    ROW(medicaid, "N01 N02 F08", SECG_WARN),
    ROW(medicare_no_code, "D01 N02 N05", SECG_BLOCK),
    ROW(nothing_completed, "D14 N04", SECG_BLOCK),
    ROW(code_lower, "N05", SECG_BLOCK),
    ROW(code_point, "N05", SECG_BLOCK),
    ROW(code_long, "N05", SECG_BLOCK),
    ROW(code_letters, "N05", SECG_BLOCK),
    ROW(no_hook_up, "N07", SECG_BLOCK),
    ROW(ecg_in_exercise, "N08", SECG_BLOCK),
    ROW(other_placement, "N08", SECG_BLOCK),
    ROW(lost_12_s, "N09", SECG_BLOCK),
    ROW(poor_coverage, "N09", SECG_WARN),
    ROW(no_digest, "N07 N09", SECG_BLOCK),
    ROW(leads_off, "N10", SECG_WARN),
    ROW(global_code, "N01 N12", SECG_BLOCK),
    ROW(global_code_unknown, "N01 N12", SECG_BLOCK),
    ROW(hard_word, "N13", SECG_BLOCK),
    ROW(soft_word, "N13", SECG_WARN),
    ROW(hard_word_at_rest, "N13", SECG_BLOCK),
    ROW(no_preparation_time, "F05", SECG_INFORM),
    ROW(hook_up_yesterday, "F06", SECG_WARN),
    ROW(signed_late, "F06", SECG_WARN),
    ROW(over_midnight, "F06", SECG_WARN),
    ROW(auth_codes, "N01", SECG_BLOCK),
    ROW(auth_no_codes, "N01", SECG_WARN),
    ROW(auth_early, "N01", SECG_BLOCK),
    ROW(auth_late, "N01", SECG_BLOCK),
    ROW(auth_no_dates, "N01", SECG_WARN),
    ROW(auth_no_units, "N01", SECG_WARN),
    ROW(advantage, "N01 N02 F08", SECG_WARN),
    ROW(usual_asker, "N01 N02 F08", SECG_WARN),
    ROW(other_part_unstated, "N03", SECG_WARN),
    ROW(other_part_differs, "N03", SECG_WARN),
    ROW(code_heading, "N05 N06", SECG_BLOCK),
    ROW(code_site_heading, "N05 N06", SECG_BLOCK),
    ROW(code_not_necessary, "N05", SECG_WARN),
    ROW(electrode_unlogged, "N07", SECG_BLOCK),
    ROW(duplicate_elsewhere, "N11", SECG_BLOCK),
    ROW(duplicate_here, "N11", SECG_WARN),
    ROW(no_index, "N11", SECG_INFORM),
    ROW(no_billing_code, "N12", SECG_WARN),
    ROW(code_of_the_reader, "N01 N12", SECG_BLOCK),
    ROW(all_by_one, "N12", SECG_BLOCK),
    ROW(hospital_global, "N01 N12", SECG_BLOCK),
    ROW(no_supervisor, "N12", SECG_WARN),
    ROW(hard_word_in_preparation, "N13", SECG_BLOCK),
    ROW(coded_note, "N13", SECG_BLOCK),
    ROW(resting_code, "N14", SECG_WARN),
    ROW(not_in_person, "F01", SECG_BLOCK),
    ROW(person_unstated, "F01", SECG_WARN),
    ROW(place_02, "F01", SECG_BLOCK),
    ROW(place_10, "F01", SECG_BLOCK),
    ROW(modifier_95, "F01", SECG_BLOCK),
    ROW(modifier_93, "F01", SECG_BLOCK),
    ROW(modifier_gt, "F01", SECG_BLOCK),
    ROW(modifier_gq, "F01", SECG_BLOCK),
    ROW(modifier_fq, "F01", SECG_BLOCK),
    ROW(section_reading, "F03", SECG_BLOCK),
    ROW(section_decision, "F03", SECG_BLOCK),
    ROW(section_report, "F03", SECG_BLOCK),
    ROW(billed_elsewhere, "N12 F04", SECG_BLOCK),
    ROW(performed_elsewhere, "N12 F04", SECG_BLOCK),
    ROW(no_location, "F04", SECG_BLOCK),
    ROW(other_location, "F04", SECG_BLOCK),
    ROW(no_explanation_time, "F05", SECG_INFORM),
    ROW(not_closed, "F07", SECG_BLOCK),
    ROW(altered, "F07", SECG_BLOCK),
    ROW(no_plan, "F08", SECG_WARN),
    ROW(short_stages_no_bp, "D04 N04", SECG_BLOCK),
};

static void check_row(const struct row *row)
{
    fixture f;
    char lacking[200] = "";
    size_t count;
    fixture_make(&f);
    row->spoil(&f);
    secg_findings *findings = check(&f);
    const secg_finding *list = secg_findings_list(findings, &count);
    for (size_t i = 0; i < count; i++)
        if (!list[i].met) {
            if (lacking[0])
                strcat(lacking, " ");
            strcat(lacking, list[i].rule);
            cr_expect(list[i].evidence[0] && list[i].mend[0], "%s: %s", row->name, list[i].rule);
        }
    cr_expect_str_eq(lacking, row->rules, "%s", row->name);
    char first[4] = {row->rules[0], row->rules[1], row->rules[2], 0};
    cr_expect_eq((int)find(findings, first)->severity, row->severity, "%s", row->name);
    secg_findings_free(findings);
}

Test(claim, each_way_to_fail)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}

/* ---- what is not held against a record ----------------------------------------------------------------- */

static void expect_met(const fixture *f, const char *rule, const char *why)
{
    secg_findings *findings = check(f);
    cr_expect(find(findings, rule)->met, "%s: %s: %s", why, rule, find(findings, rule)->evidence);
    secg_findings_free(findings);
}

Test(claim, declared_noise_excuses_a_missing_rate)
{
    fixture f;
    fixture_make(&f);
    no_rate(&f, 200, 270);
    f.gap[f.summary.gaps++] = (secg_gap){99000, 136000, -1, SECG_SIGNAL_UNREADABLE, 0.4f};
    expect_met(&f, "D06", "declared");
}

Test(claim, a_note_explains_a_gap)
{
    fixture f;
    fixture_make(&f);
    lose(&f, 400, 412);
    add_note(&f, 405, "cable pulled");
    expect_met(&f, "N09", "explained");
}

Test(claim, the_ordering_reason_may_name_a_disease)
{
    fixture f;
    fixture_make(&f);
    strcpy(f.order.order.indication, "rule out ischemia, old infarct, high risk");
    expect_met(&f, "N13", "ordering reason");
}

Test(claim, doses_stand_for_workload_in_a_drug_test)
{
    fixture f;
    fixture_make(&f);
    f.summary.protocol = secg_protocol_find("dobutamine");
    cr_assert_not_null(f.summary.protocol);
    for (int row = STAGE_1; row <= STAGE_2; row++) {
        f.stage[row].mets = (secg_mets){.mets = {SECG_WHY_NOT_APPLICABLE, NAN, 0}};
        f.stage[row].dose = 10;
    }
    f.summary.peak_mets.value.why = SECG_WHY_NOT_APPLICABLE;
    expect_met(&f, "D11", "doses");
    f.stage[STAGE_2].dose = NAN;
    secg_findings *findings = check(&f);
    cr_expect_not(find(findings, "D11")->met);
    cr_expect_not(find(findings, "D16")->met, "the drug's lot is wanted");
    secg_findings_free(findings);
}

/* More trouble than fits is cut, not overrun. */
Test(claim, long_evidence_is_cut)
{
    fixture f;
    fixture_make(&f);
    for (int i = 0; i < SECG_MAX_CODES; i++)
        strcpy(f.order.order.icd10[i], "bad");
    f.order.staff_count = SECG_MAX_STAFF;
    for (int i = 0; i < SECG_MAX_STAFF; i++)
        f.order.staff[i] = (secg_staff){.performed = 1};
    secg_findings *findings = check(&f);
    const char *evidence = find(findings, "D15")->evidence;
    cr_expect_lt(strlen(evidence), sizeof find(findings, "D15")->evidence);
    cr_expect(strstr(evidence, " ..."), "%s", evidence);
    secg_findings_free(findings);
}

/* ---- what satisfies a rule ------------------------------------------------------------------------------ */

#define MET(name, rule, ...)                                                                       \
    Test(claim, name)                                                                              \
    {                                                                                              \
        fixture spoilt, *f = &spoilt;                                                              \
        fixture_make(f);                                                                           \
        __VA_ARGS__;                                                                               \
        expect_met(f, rule, #name);                                                                \
    }

MET(authorization_not_required, "N01", ORDER.authorization.required = SECG_NO;
    ORDER.authorization.number[0] = 0)
MET(last_day_of_the_authorization, "N01", strcpy(ORDER.authorization.valid_to, "2026-01-05"))
MET(original_medicare, "N02", strcpy(ORDER.authorization.payer_type, "Medicare");
    ORDER.authorization.required = SECG_NO)
MET(no_parts_of_others, "N03", ORDER.staff_count = 1)
MET(code_of_three_places, "N05", strcpy(ORDER.order.icd10[0], "I10"))
MET(code_of_seven_places, "N05", strcpy(ORDER.order.icd10[0], "I25.110"))
MET(code_on_the_list, "N05", strcpy(f->site.necessity[0], "R07"); f->options.site = &f->site)
MET(electrodes_logged, "N07", ORDER.electrode_count = 2; ORDER.electrode[0].contact = SECG_YES;
    ORDER.electrode[1].impedance_kohm = 5)
MET(resting_code_with_modifier, "N14", strcpy(ORDER.order.same_day_codes[0], "93005-59"))
MET(resting_code_ordered, "N14", strcpy(ORDER.order.same_day_codes[0], "93000");
    ORDER.order.same_day_ordered = SECG_YES)
MET(other_service, "N14", strcpy(ORDER.order.same_day_codes[0], "93306"))
MET(own_sections, "F03", strcpy(ORDER.sections[0], "tracing"))
MET(known_location, "F04", strcpy(f->site.locations[1], "LAB-2");
    strcpy(f->site.locations[0], "LAB-1"); f->options.site = &f->site;
    strcpy(ORDER.facility.location_id, "LAB-2"))
MET(technical_component, "F01", strcpy(ORDER.order.modifiers[0], "TC"))
MET(short_stages_with_bp_in_time, "D04", f->site.bp_stage_s = 200; f->options.site = &f->site;
    f->stage[STAGE_2].end = secg_sample_at(410, FIXTURE_RATE_HZ))

/* ---- codes by who did what, domain.md 7.3 ---------------------------------------------------------------- */

static void person(fixture *f, const char *entity, int supervised, int interprets)
{
    secg_staff *one = &ORDER.staff[ORDER.staff_count++];
    *one = (secg_staff){.supervised = (uint8_t)supervised, .interprets = (uint8_t)interprets};
    strcpy(one->name, "Example Physician");
    strcpy(one->entity_id, entity);
}

/* "TIN-1: 93017; TIN-2: 93016 93018" */
static const char *split(const fixture *f, char text[200])
{
    secg_code_share share[8];
    size_t count = secg_claim_codes(&f->summary, &f->order, share, 8);
    text[0] = 0;
    for (size_t i = 0; i < count; i++) {
        strcat(strcat(strcat(text, i ? "; " : ""), share[i].entity_id), ":");
        for (int32_t k = 0; k < share[i].codes; k++)
            strcat(strcat(text, " "), share[i].code[k]);
    }
    return text;
}

static void make_actors(fixture *f, const char *performer)
{
    fixture_make(f);
    ORDER.staff_count = 1;
    strcpy(ORDER.staff[0].entity_id, performer);
    strcpy(ORDER.facility.entity_id, performer);
}

Test(claim, guide_example_1_hospital_and_two_cardiologists)
{
    fixture spoilt, *f = &spoilt;
    char text[200];
    make_actors(f, "HOSPITAL");
    person(f, "CARDIO-A", 1, 0);
    person(f, "CARDIO-B", 0, 1);
    cr_expect_str_eq(split(f, text), "HOSPITAL: 93017; CARDIO-A: 93016; CARDIO-B: 93018");
    expect_met(f, "N12", "example 1");
}

/* The guide says that one physician supervises and another one interprets, and then gives both codes
 * to the first.  The code follows from who acted: only one practice that did both gets both. */
Test(claim, guide_example_2_center_and_practice)
{
    fixture spoilt, *f = &spoilt;
    char text[200];
    make_actors(f, "CENTER");
    person(f, "PRACTICE", 1, 0);
    person(f, "CARDIOLOGIST", 0, 1);
    cr_expect_str_eq(split(f, text), "CENTER: 93017; PRACTICE: 93016; CARDIOLOGIST: 93018");
    make_actors(f, "CENTER");
    person(f, "PRACTICE", 1, 0);
    person(f, "PRACTICE", 0, 1);
    cr_expect_str_eq(split(f, text), "CENTER: 93017; PRACTICE: 93016 93018");
    expect_met(f, "N12", "example 2");
}

Test(claim, guide_example_3_clinic_and_outside_reader)
{
    fixture spoilt, *f = &spoilt;
    char text[200];
    make_actors(f, "CLINIC");
    person(f, "CLINIC", 1, 0);
    person(f, "READER", 0, 1);
    cr_expect_str_eq(split(f, text), "CLINIC: 93016 93017; READER: 93018");
    make_actors(f, "CLINIC");
    person(f, "READER", 0, 1);
    cr_expect_str_eq(split(f, text), "CLINIC: 93017; READER: 93018");
}

Test(claim, codes_of_every_combination)
{
    static const struct {
        const char *supervisor, *reader, *want;
    } row[] = {
        {"A", "A", "A: 93015"},
        {"A", "B", "A: 93016 93017; B: 93018"},
        {"B", "A", "A: 93017 93018; B: 93016"},
        {"B", "B", "A: 93017; B: 93016 93018"},
        {"B", "C", "A: 93017; B: 93016; C: 93018"},
        {"", "", "A: 93017; : 93016 93018"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fixture spoilt, *f = &spoilt;
        char text[200];
        make_actors(f, "A");
        person(f, row[i].supervisor, 1, 0);
        person(f, row[i].reader, 0, 1);
        cr_expect_str_eq(split(f, text), row[i].want);
    }
}

Test(claim, nothing_begun_has_no_code)
{
    fixture spoilt, *f = &spoilt;
    fixture_make(f);
    SUMMARY.exercise_start = SECG_NO_SAMPLE;
    cr_expect_eq(secg_claim_codes(&f->summary, &f->order, NULL, 0), 0);
    secg_findings *findings = check(f);
    const secg_finding *n12 = find(findings, "N12");
    cr_expect(!n12->met && n12->severity == SECG_BLOCK, "%s", n12->evidence);
    secg_findings_free(findings);
}

/* Entities that are not known are not put together: three unknown ones are not one practice. */
Test(claim, unknown_entities_are_not_one)
{
    fixture spoilt, *f = &spoilt;
    char text[200];
    make_actors(f, "");
    person(f, "", 1, 1);
    cr_expect_str_eq(split(f, text), ": 93016 93017 93018");
}

/* ---- during the test ------------------------------------------------------------------------------------- */

/* The record as it stands at a moment: what has not happened is not there. */
static void cut_at(fixture *f, double time_s)
{
    int64_t now = secg_sample_at(time_s, FIXTURE_RATE_HZ);
    size_t kept = 0, facts = 0;
    while (kept < SUMMARY.stages && f->stage[kept].start < now)
        kept++;
    while (facts < SUMMARY.facts && f->fact[facts].sample <= now)
        facts++;
    SUMMARY.stages = kept, SUMMARY.facts = facts, SUMMARY.frames = now;
    f->stage[kept - 1].end = now;
    f->stage[kept - 1].complete = 0;
    SUMMARY.end = (secg_end)0;
    if (SUMMARY.recovery_end > now)
        SUMMARY.recovery_end = now > SUMMARY.exercise_end ? now : SECG_NO_SAMPLE;
    if (SUMMARY.exercise_end > now)
        SUMMARY.exercise_end = now;
    if (SUMMARY.exercise_start >= now)
        SUMMARY.exercise_start = SUMMARY.exercise_end = SECG_NO_SAMPLE;
    SUMMARY.exercise_s =
        secg_seconds(SUMMARY.exercise_end - SUMMARY.exercise_start, FIXTURE_RATE_HZ);
    SUMMARY.recovery_s = 0;
    ORDER.seal.is_signed = 0;
    ORDER.staff[0].signed_at[0] = 0;
    f->options.during = 1;
}

static void expect_when(const fixture *f, const char *rule, int now, int later, int lost)
{
    secg_findings *findings = check(f);
    const secg_finding *finding = find(findings, rule);
    cr_expect(!finding->met && finding->now == now && finding->later == later &&
                  finding->lost == lost,
              "%s: met %d now %d later %d lost %d: %s", rule, finding->met, finding->now,
              finding->later, finding->lost, finding->evidence);
    secg_findings_free(findings);
}

Test(claim, at_rest_the_resting_bp_can_be_taken)
{
    fixture spoilt, *f = &spoilt;
    fixture_make(f);
    drop(f, FACT_REST_BP);
    drop(f, FACT_REST_SYMPTOM);
    cut_at(f, 250);
    SUMMARY.facts = FACT_STAGE_1 - 2; /* still at rest */
    expect_when(f, "D05", 1, 1, 0);
    expect_when(f, "D07", 1, 1, 0);
}

Test(claim, in_exercise_the_resting_bp_is_lost_and_recovery_comes)
{
    fixture spoilt, *f = &spoilt;
    fixture_make(f);
    drop(f, FACT_REST_BP);
    cut_at(f, 260);
    expect_when(f, "D05", 0, 1, 1);
    expect_when(f, "D12", 0, 1, 0);
    expect_when(f, "D14", 0, 1, 0);
    expect_when(f, "D15", 0, 1, 0);
    expect_when(f, "F07", 0, 1, 0);
}

/* In the middle of a test that goes as it should nothing is wrong: all that is unmet comes later. */
Test(claim, a_test_that_goes_well_has_nothing_due)
{
    for (double at = 260; at < 480; at += 40) {
        fixture spoilt, *f = &spoilt;
        fixture_make(f);
        cut_at(f, at);
        secg_findings *findings = check(f);
        size_t count;
        const secg_finding *list = secg_findings_list(findings, &count);
        for (size_t i = 0; i < count; i++)
            cr_expect(list[i].met || (list[i].later && !list[i].now && !list[i].lost),
                      "%g s: %s: %s", at, list[i].rule, list[i].evidence);
        cr_expect_eq((int)secg_findings_worst(findings), 0);
        secg_findings_free(findings);
    }
}

Test(claim, after_the_test_what_was_missed_is_lost)
{
    fixture spoilt, *f = &spoilt;
    fixture_make(f);
    drop(f, FACT_REST_BP);
    expect_when(f, "D05", 0, 0, 1);
    fixture_make(f);
    ORDER.order.indication[0] = 0;
    expect_when(f, "D01", 1, 0, 0);
}

Test(claim, worst)
{
    fixture spoilt, *f = &spoilt;
    fixture_make(f);
    secg_findings *findings = check(f);
    cr_expect_eq((int)secg_findings_worst(findings), 0);
    secg_findings_free(findings);
    ORDER.equipment.ecg[0] = 0;
    findings = check(f);
    cr_expect_eq((int)secg_findings_worst(findings), (int)SECG_WARN);
    secg_findings_free(findings);
    cr_expect_eq((int)secg_findings_worst(NULL), 0);
}
