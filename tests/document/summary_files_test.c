/* summary.json, stages.csv and beats.csv of a summary that is known to the last figure. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char *written(const fixture *f, const secg_order *order, size_t *size)
{
    char folder[64], path[128];
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "summary.json");
    cr_assert_eq(secg_summary_write_json(&f->summary, order, path, &error), SECG_OK, "%s",
                 error.text);
    struct stat status;
    stat(path, &status);
    cr_expect_eq(status.st_mode & 0777, 0600);
    char *text = fixture_contents(path, size);
    fixture_forget(folder);
    return text;
}

static json_t *parsed(const fixture *f, const secg_order *order)
{
    size_t size;
    json_error_t error;
    char *text = written(f, order, &size);
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(root, "%d: %s", error.line, error.text);
    free(text);
    return root;
}

/* The value at "a.b.2.c". */
static const json_t *at(const json_t *root, const char *path)
{
    char step[64];
    while (root && *path) {
        size_t length = strcspn(path, ".");
        snprintf(step, sizeof step, "%.*s", (int)length, path);
        root = json_is_array(root) ? json_array_get(root, (size_t)atoi(step))
                                   : json_object_get(root, step);
        path += length + (path[length] == '.');
    }
    return root;
}

static void expect_number(const json_t *root, const char *path, double want)
{
    const json_t *value = at(root, path);
    cr_expect(json_is_number(value) && json_number_value(value) == want, "%s: %.17g, not %.17g",
              path, json_number_value(value), want);
}

static void expect_text(const json_t *root, const char *path, const char *want)
{
    const char *text = json_string_value(at(root, path));
    cr_expect(text && strcmp(text, want) == 0, "%s: %s", path, text ? text : "none");
}

static void expect_null(const json_t *root, const char *path)
{
    cr_expect(json_is_null(at(root, path)), "%s", path);
}

/* ---- summary.json ---------------------------------------------------------------------------------- */

Test(summary_files, json_says_what_was_measured)
{
    fixture f;
    fixture_make(&f);
    json_t *root = parsed(&f, &f.order);
    expect_text(root, "record.digest", "00ab5577c0ffee42");
    expect_text(root, "record.start", "2026-01-05T09:00:00.000Z");
    expect_number(root, "record.frames", 365000);
    expect_text(root, "software.version", secg_version());
    expect_text(root, "record.filters.measurement", secg_path_text(SECG_PATH_MEASUREMENT));
    expect_text(root, "protocol.id", "bruce");
    expect_number(root, "protocol.stages.0.speed_mph", 1.7);
    expect_text(root, "patient.name", "Example, Patient");
    expect_text(root, "order.icd10.0", "R07.9");
    expect_text(root, "authorization.number", "AUTH-1");
    expect_text(root, "staff.0.credential", "CCT");
    expect_number(root, "stages.2.start_s", 120);
    expect_number(root, "stages.2.heart_rate_bpm.value", 80);
    expect_number(root, "stages.2.heart_rate_bpm.sigma", 0.5);
    expect_number(root, "stages.2.mets.value", 4.64);
    expect_text(root, "stages.2.mets.method", "ACSM walking");
    expect_number(root, "stages.2.blood_pressure.systolic_mmhg", 138);
    expect_number(root, "stages.2.beats.pvc", 2);
    expect_number(root, "stages.2.st.V5.level_mv.value", -0.06);
    expect_number(root, "stages.2.st.V5.level_mv.sigma", 0.005);
    expect_number(root, "stages.2.st.V5.slope_mv_s.value", -0.4);
    expect_text(root, "stages.2.st.V5.point", "J+80");
    expect_number(root, "stages.2.st.V5.noise_uv", 3);
    expect_number(root, "peaks.st_lowest_mv.value", -0.11);
    expect_text(root, "predicted.max_heart_rate_bpm.formula", "fox");
    expect_number(root, "times.exercise_s", 360);
    expect_text(root, "end.reason", "fatigue");
    expect_text(root, "gaps.0.state", secg_signal_state_text(SECG_SIGNAL_OFF));
    expect_text(root, "timeline.6.symptom", "chest_pain");
    expect_number(root, "timeline.5.systolic_mmhg", 138);
    json_decref(root);
}

/* It is written piece by piece; jansson, given the whole, must write the same bytes. */
static void expect_layout_of_the_whole(const fixture *f, const secg_order *order)
{
    size_t size;
    char *text = written(f, order, &size);
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(root);
    char *whole = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    cr_assert_eq(size, strlen(whole) + 1);
    cr_expect(memcmp(text, whole, size - 1) == 0 && text[size - 1] == '\n');
    free(whole);
    json_decref(root);
    free(text);
}

Test(summary_files, json_has_the_layout_of_one_document)
{
    fixture f;
    fixture_make(&f);
    expect_layout_of_the_whole(&f, &f.order);
    expect_layout_of_the_whole(&f, NULL);
    f.summary.stages = f.summary.rhythms = f.summary.gaps = f.summary.trends = 0;
    f.summary.facts = 0;
    expect_layout_of_the_whole(&f, &f.order);
}

Test(summary_files, unknown_is_never_zero)
{
    fixture f;
    fixture_make(&f);
    f.st[STAGE_2][6] = (secg_st){.why = SECG_WHY_NOISE,
                                 .point = SECG_ST_J80,
                                 .level_mv = NAN,
                                 .sigma_mv = NAN,
                                 .slope_mv_s = NAN,
                                 .level_j_mv = NAN,
                                 .integral_mv_s = NAN,
                                 .noise_mv = 0.4f,
                                 .bpm = NAN,
                                 .age_s = NAN};
    f.summary.start_unix_ms = SECG_NO_SAMPLE;
    f.summary.protocol = NULL;
    f.summary.end = 0;
    f.summary.patient = (secg_test_patient){0};
    json_t *root = parsed(&f, NULL);
    const char *lead = f.lead[6].name;
    char path[64];
    snprintf(path, sizeof path, "stages.3.st.%s.level_mv.value", lead);
    expect_null(root, path);
    snprintf(path, sizeof path, "stages.3.st.%s.level_mv.reason", lead);
    expect_text(root, path, "too noisy");
    snprintf(path, sizeof path, "stages.3.st.%s.level_j_mv", lead);
    expect_null(root, path);
    snprintf(path, sizeof path, "stages.3.st.%s.noise_uv", lead);
    expect_number(root, path, 400);
    expect_null(root, "stages.3.blood_pressure.systolic_mmhg");
    expect_text(root, "stages.3.blood_pressure.reason", "not entered");
    expect_null(root, "stages.0.target.speed_mph");
    expect_null(root, "stages.0.planned_s");
    expect_null(root, "stages.0.rpe.value");
    expect_null(root, "heart_rate_recovery.drop_2min_bpm.value");
    expect_null(root, "record.start");
    expect_null(root, "protocol");
    expect_null(root, "end");
    expect_null(root, "patient.age_years");
    expect_null(root, "patient.weight_kg");
    cr_expect_null(at(root, "order"));
    json_decref(root);
}

Test(summary_files, json_is_the_same_each_time_and_in_any_locale)
{
    fixture f;
    size_t size, other;
    fixture_make(&f);
    char *a = written(&f, &f.order, &size);
    setlocale(LC_ALL, "de_DE.UTF-8");
    char *b = written(&f, &f.order, &other);
    cr_expect(size == other && memcmp(a, b, size) == 0);
    cr_expect_eq(a[size - 1], '\n');
    cr_expect_null(strstr(a, "0000000"), "binary noise");
    cr_expect_null(strstr(a, "99999999"), "binary noise");
    free(a);
    free(b);
}

/* Names of channels come from files: any bytes, and twice the same. */
Test(summary_files, odd_channel_names)
{
    fixture f;
    fixture_make(&f);
    strcpy(f.signal.channel[0].name, "\xe9\xff,\"");
    strcpy(f.signal.channel[1].name, "ECG");
    strcpy(f.signal.channel[2].name, "ECG");
    f.summary.leads = secg_signal_leads(&f.signal, f.lead);
    json_t *root = parsed(&f, NULL);
    cr_expect_not_null(at(root, "stages.0.st.ECG"));
    cr_expect_not_null(at(root, "stages.0.st.ECG#2"));
    cr_expect_eq(json_object_size(at(root, "stages.0.st")), f.summary.leads);
    json_decref(root);
}

Test(summary_files, refusals)
{
    fixture f;
    secg_error error = {0};
    fixture_make(&f);
    cr_expect_eq(secg_summary_write_json(NULL, NULL, "/tmp/x", &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_summary_write_json(&f.summary, NULL, NULL, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_summary_write_json(&f.summary, NULL, "/nonexistent/x", &error), SECG_E_FILE);
    cr_expect(strstr(error.text, "/nonexistent/x"), "%s", error.text);
    cr_expect_eq(secg_summary_write_stages_csv(NULL, "/tmp/x", &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_summary_write_beats_csv(&f.summary, "/nonexistent/x", &error), SECG_E_FILE);
    cr_expect_eq(secg_summary_write_beats_csv(&f.summary, "/dev/full/x", &error), SECG_E_FILE);
}

/* ---- tables ------------------------------------------------------------------------------------------- */

/* A second reader of RFC 4180: cell `column` of line `line`. */
static void cell(const char *csv, int line, int column, char *out, size_t size)
{
    size_t used = 0;
    int quoted = 0, l = 0, k = 0;
    for (; *csv && l <= line; csv++) {
        if (*csv == '"' && quoted && csv[1] == '"')
            csv++;
        else if (*csv == '"') {
            quoted = !quoted;
            continue;
        } else if (!quoted && *csv == ',') {
            k++;
            continue;
        } else if (!quoted && *csv == '\n') {
            l++;
            k = 0;
            continue;
        }
        if (l == line && k == column && used + 1 < size)
            out[used++] = *csv;
    }
    out[used] = '\0';
}

static int columns(const char *csv)
{
    int count = 1;
    for (; *csv != '\n'; csv++)
        count += *csv == ',';
    return count;
}

static void expect_cell(const char *csv, int line, const char *name, const char *want)
{
    char got[64];
    for (int k = 0; k < columns(csv); k++) {
        cell(csv, 0, k, got, sizeof got);
        if (strcmp(got, name) == 0) {
            cell(csv, line, k, got, sizeof got);
            cr_expect_str_eq(got, want, "%s in line %d", name, line);
            return;
        }
    }
    cr_expect_fail("no column %s", name);
}

static char *table(const fixture *f, int stages)
{
    char folder[64], path[128];
    size_t size;
    fixture_path(folder, path, sizeof path, "t.csv");
    cr_assert_eq(stages ? secg_summary_write_stages_csv(&f->summary, path, NULL)
                        : secg_summary_write_beats_csv(&f->summary, path, NULL),
                 SECG_OK);
    char *text = fixture_contents(path, &size);
    fixture_forget(folder);
    return text;
}

Test(summary_files, stages_csv)
{
    fixture f;
    fixture_make(&f);
    strcpy(f.stage[SUPINE].label, "Supine, \"flat\"\n");
    f.st[STAGE_2][10].why = SECG_WHY_LEAD_OFF;
    setlocale(LC_ALL, "de_DE.UTF-8");
    char *csv = table(&f, 1);
    cr_expect_eq(columns(csv), 34 + 5 * FIXTURE_LEADS);
    expect_cell(csv, 1, "label", "Supine, \"flat\"\n");
    expect_cell(csv, 1, "complete", "");
    expect_cell(csv, 1, "speed_mph", "");
    expect_cell(csv, 1, "mets", "");
    expect_cell(csv, 3, "phase", "exercise");
    expect_cell(csv, 3, "start_s", "120.00000");
    expect_cell(csv, 3, "duration_s", "180.00000");
    expect_cell(csv, 3, "complete", "1");
    expect_cell(csv, 3, "speed_mph", "1.70");
    expect_cell(csv, 3, "mets", "4.64");
    expect_cell(csv, 3, "mets_method", "ACSM walking");
    expect_cell(csv, 3, "bpm", "80.0");
    expect_cell(csv, 3, "systolic_mmhg", "138");
    expect_cell(csv, 3, "rate_pressure", "11040");
    expect_cell(csv, 3, "rpe", "");
    expect_cell(csv, 3, "ventricular", "2");
    expect_cell(csv, 1, "symptoms", "none");
    expect_cell(csv, 4, "symptoms", "");
    expect_cell(csv, 3, "st_V5_mv", "-0.0600");
    expect_cell(csv, 3, "st_V5_why", "");
    expect_cell(csv, 4, "systolic_mmhg", "");
    char name[40];
    snprintf(name, sizeof name, "st_%s_mv", f.lead[10].name);
    expect_cell(csv, 4, name, "");
    snprintf(name, sizeof name, "st_%s_why", f.lead[10].name);
    expect_cell(csv, 4, name, "lead off");
    free(csv);
}

Test(summary_files, beats_csv)
{
    fixture f;
    fixture_make(&f);
    char *csv = table(&f, 0);
    cr_expect_str_eq(csv, "sample,time_s,type,rr_ms,rate_bpm\n"
                          "400,0.80000,N,,\n"
                          "800,1.60000,N,800.00,75.00\n"
                          "1101,2.20200,V,602.50,99.59\n");
    free(csv);
}

/* Seconds without a displayed rate: one span for each run of them that has one reason. */
Test(summary_files, times_without_a_rate)
{
    fixture f;
    fixture_make(&f);
    for (int i = 99; i < 120; i++)
        f.rate[i].bpm = (secg_value){i < 110 ? SECG_WHY_NOISE : SECG_WHY_FEW_BEATS, NAN, 0};
    f.rate[200].bpm = (secg_value){SECG_WHY_NOISE, NAN, 0};
    json_t *root = parsed(&f, &f.order);
    cr_expect_eq(json_array_size(at(root, "rate_missing")), 3);
    expect_number(root, "rate_missing.0.start_s", 100);
    expect_number(root, "rate_missing.0.end_s", 110);
    expect_text(root, "rate_missing.0.reason", secg_why_text(SECG_WHY_NOISE));
    expect_number(root, "rate_missing.1.start_s", 111);
    expect_number(root, "rate_missing.1.end_s", 120);
    expect_number(root, "rate_missing.2.start_s", 201);
    expect_number(root, "rate_missing.2.end_s", 201);
    json_decref(root);
}

/* What was entered of the encounter stands in it, too. */
Test(summary_files, the_encounter)
{
    fixture f;
    fixture_make(&f);
    strcpy(f.order.order.modifiers[1], "TC");
    f.order.electrode_count = 1;
    strcpy(f.order.electrode[0].site, "V5");
    f.order.electrode[0].contact = SECG_YES;
    strcpy(f.order.sections[0], "tracing");
    json_t *root = parsed(&f, &f.order);
    expect_text(root, "order.modifiers.0", "TC");
    expect_text(root, "order.place_of_service", "11");
    cr_expect(json_is_true(at(root, "order.in_person")));
    cr_expect(json_is_null(at(root, "order.same_day_ordered")));
    expect_text(root, "authorization.codes.0", "93017");
    expect_text(root, "authorization.valid_to", "2026-03-31");
    expect_number(root, "authorization.units", 1);
    expect_text(root, "preparation.explained_at", "2026-01-05T08:35:00Z");
    expect_text(root, "electrodes.0.site", "V5");
    expect_text(root, "staff.1.authorization", "AUTH-1");
    expect_text(root, "sections.0", "tracing");
    cr_expect_null(at(root, "seal"), "the seal vouches for this file, so it is no part of it");
    json_decref(root);
}
