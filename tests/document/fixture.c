#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const secg_value none = {SECG_WHY_NOT_ENTERED, NAN, 0};

static secg_value value(double v)
{
    return (secg_value){SECG_MEASURED, (float)v, 0};
}

static int64_t at(double s)
{
    return secg_sample_at(s, FIXTURE_RATE_HZ);
}

static void make_row(fixture *f, int row, secg_phase phase, int stage, const char *label,
                     double from_s, double to_s)
{
    secg_stage_summary *r = &f->stage[row];
    *r = (secg_stage_summary){.phase = phase,
                              .stage = stage,
                              .start = at(from_s),
                              .end = at(to_s),
                              .phase_s = to_s - from_s,
                              .speed_mph = NAN,
                              .grade_pct = NAN,
                              .power_w = NAN,
                              .dose = NAN,
                              .actual_speed_mph = NAN,
                              .actual_grade_pct = NAN,
                              .actual_power_w = NAN,
                              .mets = {.mets = {SECG_WHY_NOT_APPLICABLE, NAN, 0}},
                              .bpm = {SECG_MEASURED, 60.0f + 10.0f * (float)row, 0.5f},
                              .bp = {.why = SECG_WHY_NOT_ENTERED, .sample = SECG_NO_SAMPLE},
                              .rate_pressure = none,
                              .rpe = none,
                              .spo2 = none,
                              .counts = {.beats = 200, .n = 198, .v = 2, .pvc = 2},
                              .coverage_pct = 100,
                              .readable_pct = 99.5f,
                              .st = f->st[row]};
    strcpy(r->label, label);
    for (int k = 0; k < FIXTURE_LEADS; k++)
        f->st[row][k] = (secg_st){.sample = at(to_s),
                                  .lead = (uint8_t)k,
                                  .point = SECG_ST_J80,
                                  .path = SECG_PATH_MEASUREMENT,
                                  .beats = 20,
                                  .level_mv = -0.01f * (float)k,
                                  .sigma_mv = 0.005f,
                                  .slope_mv_s = -0.4f,
                                  .slope_sigma_mv_s = 0.05f,
                                  .level_j_mv = -0.02f,
                                  .level_j60_mv = -0.03f,
                                  .level_j80_mv = -0.01f * (float)k,
                                  .level_jrr16_mv = -0.03f,
                                  .integral_mv_s = -0.002f,
                                  .noise_mv = 0.003f,
                                  .bpm = 90,
                                  .age_s = 1};
}

static void make_rows(fixture *f)
{
    make_row(f, SUPINE, SECG_PHASE_PRETEST, -1, "Supine", 0, 60);
    make_row(f, STANDING, SECG_PHASE_PRETEST, -1, "Standing", 60, 120);
    make_row(f, STAGE_1, SECG_PHASE_EXERCISE, 0, "1", 120, 300);
    make_row(f, STAGE_2, SECG_PHASE_EXERCISE, 1, "2", 300, 480);
    make_row(f, RECOVERY_1, SECG_PHASE_RECOVERY, -1, "Recovery 1:00", 480, 540);
    make_row(f, RECOVERY_2, SECG_PHASE_RECOVERY, -1, "Recovery 2:00", 540, 600);
    make_row(f, RECOVERY_3, SECG_PHASE_RECOVERY, -1, "Recovery 4:00", 600, 720);
    for (int row = STAGE_1; row <= STAGE_2; row++) {
        f->stage[row].planned_s = 180;
        f->stage[row].complete = 1;
        f->stage[row].speed_mph = row == STAGE_1 ? 1.7f : 2.5f;
        f->stage[row].grade_pct = row == STAGE_1 ? 10 : 12;
        f->stage[row].mets =
            (secg_mets){value(row == STAGE_1 ? 4.64 : 7.05), SECG_METS_ACSM_WALKING, 0, {0}};
    }
}

static secg_fact *put(fixture *f, secg_fact_kind kind, double time_s, const char *text)
{
    secg_fact *fact = &f->fact[f->summary.facts++];
    *fact = secg_fact_make(kind, at(time_s));
    fact->entered = fact->sample;
    strcpy(fact->text, text);
    return fact;
}

static void put_stage(fixture *f, double time_s, secg_phase phase, int stage, const char *label)
{
    secg_fact *fact = put(f, SECG_FACT_STAGE, time_s, "");
    fact->phase = (uint8_t)phase;
    fact->stage = (int16_t)stage;
    strcpy(fact->label, label);
}

static void put_bp(fixture *f, double time_s, int systolic, int diastolic)
{
    secg_fact *fact = put(f, SECG_FACT_BLOOD_PRESSURE, time_s, "");
    fact->systolic_mmhg = (int16_t)systolic;
    fact->diastolic_mmhg = (int16_t)diastolic;
}

static void make_facts(fixture *f)
{
    put_stage(f, 0, SECG_PHASE_PRETEST, -1, "Supine");
    put(f, SECG_FACT_SYMPTOM, 10, "")->code = SECG_SYMPTOM_NONE;
    put(f, SECG_FACT_RESTING_ECG, 30, "sinus rhythm, LBBB known");
    put_bp(f, 50, 118, 76);
    put_stage(f, 120, SECG_PHASE_EXERCISE, 0, "1");
    put_bp(f, 240, 138, 78);
    put(f, SECG_FACT_SYMPTOM, 250, "tightness 4/10")->code = SECG_SYMPTOM_CHEST_PAIN;
    put_stage(f, 300, SECG_PHASE_EXERCISE, 1, "2");
    put_bp(f, 420, 160, 80);
    put_stage(f, 480, SECG_PHASE_RECOVERY, -1, "Recovery, seated");
    put_bp(f, 530, 150, 80);
    put_bp(f, 650, 130, 78);
    put(f, SECG_FACT_SYMPTOM, 660, "")->code = SECG_SYMPTOM_NONE;
    put(f, SECG_FACT_ADVERSE, 700, "")->code = 1;
    put(f, SECG_FACT_END, 720, "legs tired")->code = SECG_END_FATIGUE;
    f->stage[SUPINE].bp = (secg_blood_pressure){SECG_MEASURED, 118, 76, at(50)};
    f->stage[STAGE_1].bp = (secg_blood_pressure){SECG_MEASURED, 138, 78, at(240)};
    f->stage[STAGE_1].rate_pressure = value(11040);
}

static void make_signal_lists(fixture *f)
{
    secg_summary *s = &f->summary;
    for (int i = 0; i < FIXTURE_RATES; i++)
        f->rate[i] = (secg_rate){.sample = at(i + 1), .bpm = value(80)};
    f->beat[0] = (secg_beat){.sample = 400, .label = SECG_BEAT_N, .rr_ms = NAN};
    f->beat[1] = (secg_beat){.sample = 800, .label = SECG_BEAT_N, .rr_ms = 800};
    f->beat[2] = (secg_beat){.sample = 1101, .label = SECG_BEAT_V, .rr_ms = 602.5f};
    f->rhythm[0] = (secg_rhythm){at(200), at(200), SECG_RHYTHM_PVC, 1, NAN};
    f->gap[0] = (secg_gap){at(350), at(355), 3, SECG_SIGNAL_OFF, NAN};
    s->rate = f->rate, s->rates = FIXTURE_RATES;
    s->beat = f->beat, s->beats = 3;
    s->rhythm = f->rhythm, s->rhythms = 1;
    s->gap = f->gap, s->gaps = 1;
}

static void make_peaks(secg_summary *s)
{
    s->rest_bpm = value(70);
    s->peak_bpm = (secg_peak){value(165), at(478)};
    s->peak_systolic = (secg_peak){value(160), at(420)};
    s->peak_rate_pressure = (secg_peak){value(24000), at(420)};
    s->peak_mets = (secg_peak){value(7.05), at(480)};
    s->recovery_drop_1min = (secg_peak){value(25), at(540)};
    s->recovery_drop_2min = (secg_peak){{SECG_WHY_NOT_YET, NAN, 0}, SECG_NO_SAMPLE};
    s->st_lowest = (secg_peak){{SECG_MEASURED, -0.11f, 0.005f}, at(480)};
    s->st_highest = (secg_peak){{SECG_MEASURED, 0.0f, 0.005f}, at(480)};
    s->st_lowest_lead = 11;
    s->total = (secg_beat_counts){.beats = 1400, .n = 1386, .v = 14, .pvc = 14};
    s->predicted_max_bpm = value(163);
    s->target_bpm = value(138);
    s->percent_of_max = value(101);
}

static void make_order(secg_order *o)
{
    *o = (secg_order){.staff_count = 2, .placement = SECG_PLACEMENT_MASON_LIKAR};
    strcpy(o->patient.name, "Example, Patient");
    strcpy(o->patient.birth_date, "1968-03-14");
    strcpy(o->patient.sex, "F");
    o->patient.height_cm = 168;
    o->patient.weight_kg = 70;
    strcpy(o->order.indication, "chest pain, rule out ischemia");
    strcpy(o->order.icd10[0], "R07.9");
    strcpy(o->order.billing_code, "93017");
    strcpy(o->facility.entity_id, "TIN-1");
    o->authorization.required = SECG_YES;
    strcpy(o->authorization.number, "AUTH-1");
    strcpy(o->authorization.payer_type, "commercial");
    o->preparation.history_taken = o->preparation.test_explained = o->preparation.consent =
        SECG_YES;
    strcpy(o->preparation.hook_up_at, "2026-01-05T08:45:00Z");
    strcpy(o->equipment.ecg, "front end 1");
    strcpy(o->equipment.ergometer, "treadmill 2");
    o->staff[0].performed = 1;
    strcpy(o->staff[0].name, "Example Technologist");
    strcpy(o->staff[0].credential, "CCT");
    strcpy(o->staff[0].entity_id, "TIN-1");
    strcpy(o->staff[0].signed_at, "2026-01-05T09:40:00Z");
    o->staff[1].supervised = o->staff[1].interprets = 1;
    strcpy(o->staff[1].name, "Example Physician");
    strcpy(o->staff[1].entity_id, "TIN-2");
    strcpy(o->resting_ecg, "normal sinus rhythm");
}

void fixture_make(fixture *f)
{
    memset(f, 0, sizeof *f);
    f->signal = secg_signal_standard_8(FIXTURE_RATE_HZ);
    f->protocol = *secg_protocol_find("bruce");
    secg_summary *s = &f->summary;
    *s = (secg_summary){.signal = &f->signal,
                        .lead = f->lead,
                        .leads = secg_signal_leads(&f->signal, f->lead),
                        .frames = at(730),
                        .digest = UINT64_C(0x00ab5577c0ffee42),
                        .start_unix_ms = INT64_C(1767603600000), /* 2026-01-05T09:00:00Z */
                        .mains_hz = 60,
                        .calibrated = 1,
                        .protocol = &f->protocol,
                        .patient = {.age_years = 57, .weight_kg = 70, .sex = 'F'},
                        .max_bpm_formula = "fox",
                        .stage = f->stage,
                        .stages = FIXTURE_STAGES,
                        .exercise_start = at(120),
                        .exercise_end = at(480),
                        .recovery_end = at(720),
                        .exercise_s = 360,
                        .recovery_s = 240,
                        .end = SECG_END_FATIGUE,
                        .end_text = "legs tired",
                        .coverage_pct = 100,
                        .readable_pct = 99.5f,
                        .fact = f->fact};
    make_rows(f);
    make_facts(f);
    make_signal_lists(f);
    make_peaks(s);
    make_order(&f->order);
}

/* ---- files ----------------------------------------------------------------------------------------- */

char *fixture_contents(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(1, *size + 1);
    cr_assert_eq(fread(text, 1, *size, file), *size);
    fclose(file);
    return text;
}

const char *fixture_path(char folder[64], char *path, size_t size, const char *name)
{
    strcpy(folder, "/tmp/secg-document-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

void fixture_forget(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        cr_log_warn("%s stays behind", folder);
}
