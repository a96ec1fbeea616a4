/* summary.json read back: a check of the file says what a check of the summary said. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_json(const fixture *f, const char *path)
{
    secg_error error = {0};
    cr_assert_eq((int)secg_summary_write_json(&f->summary, &f->order, path, &error), (int)SECG_OK,
                 "%s", error.text);
}

static secg_summary_file *read_json(const char *path)
{
    secg_summary_file *file;
    secg_error error = {0};
    cr_assert_eq((int)secg_summary_read_json(path, &file, &error), (int)SECG_OK, "%s", error.text);
    return file;
}

static void compare(const fixture *f, const char *what)
{
    char folder[64], path[128];
    size_t count, same;
    write_json(f, fixture_path(folder, path, sizeof path, "summary.json"));
    secg_summary_file *file = read_json(path);
    secg_findings *before = secg_claim_check(&f->summary, &f->order, &f->options, NULL);
    secg_findings *after =
        secg_claim_check(secg_summary_file_get(file), &f->order, &f->options, NULL);
    const secg_finding *a = secg_findings_list(before, &count),
                       *b = secg_findings_list(after, &same);
    cr_assert_eq(count, same);
    for (size_t i = 0; i < count; i++) {
        cr_expect(a[i].met == b[i].met && a[i].severity == b[i].severity && a[i].lost == b[i].lost,
                  "%s: %s: %s | %s", what, a[i].rule, a[i].evidence, b[i].evidence);
        cr_expect_str_eq(a[i].evidence, b[i].evidence, "%s: %s", what, a[i].rule);
    }
    secg_findings_free(before);
    secg_findings_free(after);
    secg_summary_file_free(file);
    fixture_forget(folder);
}

static void lose(fixture *f, double from_s, double to_s, int lead, secg_signal_state state)
{
    f->gap[f->summary.gaps++] =
        (secg_gap){secg_sample_at(from_s, FIXTURE_RATE_HZ), secg_sample_at(to_s, FIXTURE_RATE_HZ),
                   (int16_t)lead, (uint16_t)state, NAN};
}

Test(summary_read, findings_are_the_same)
{
    fixture f;
    fixture_make(&f);
    compare(&f, "complete");
    lose(&f, 400, 412, -1, SECG_SIGNAL_GAP);
    compare(&f, "a gap");
    fixture_make(&f);
    lose(&f, 200, 400, 2, SECG_SIGNAL_OFF);
    compare(&f, "a lead off");
    fixture_make(&f);
    for (int i = 200; i < 280; i++)
        f.rate[i].bpm = (secg_value){i < 240 ? SECG_WHY_NOISE : SECG_WHY_FEW_BEATS, NAN, 0};
    compare(&f, "rates missing");
    lose(&f, 201, 281, -1, SECG_SIGNAL_UNREADABLE);
    compare(&f, "and declared");
    fixture_make(&f);
    f.summary.exercise_start = f.summary.exercise_end = f.summary.recovery_end = SECG_NO_SAMPLE;
    f.summary.end = (secg_end)0;
    f.summary.start_unix_ms = SECG_NO_SAMPLE;
    f.summary.protocol = NULL;
    compare(&f, "no exercise");
    fixture_make(&f);
    f.stage[STAGE_2].st = NULL;
    f.stage[STAGE_1].bpm = (secg_value){SECG_WHY_NOISE, NAN, 0};
    f.stage[STAGE_2].mets.mets.why = SECG_WHY_NOT_ENTERED;
    f.summary.peak_mets.value.why = SECG_WHY_NOT_ENTERED;
    f.summary.end = SECG_END_OTHER;
    f.summary.end_text[0] = '\0';
    compare(&f, "much missing");
    fixture_make(&f);
    f.protocol = *secg_protocol_find("dobutamine");
    for (int row = STAGE_1; row <= STAGE_2; row++)
        f.stage[row].dose = row == STAGE_1 ? 10 : NAN;
    compare(&f, "doses");
}

Test(summary_read, what_is_wrong_is_named)
{
    static const struct {
        const char *text, *word;
    } row[] = {
        {"", "ends here"},
        {"[]", "format"},
        {"{\"format\": \"stressecg-summary-2\"}", "format"},
        {"{\"format\": \"stressecg-summary-1\"}", "rate_hz"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 1e9}}", "rate_hz"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 1e30}}",
         "frames"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"stages\": [{}]}",
         "stages[0]"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"times\": {\"exercise_start_s\": 2}}",
         "times has no"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"times\": {\"exercise_start_s\": 2, \"exercise_end_s\": 1}}",
         "times has no"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"times\": {\"exercise_start_s\": 2, \"exercise_end_s\": 4, \"recovery_end_s\": 3}}",
         "times.recovery_end_s"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"times\": {\"recovery_end_s\": 3}}",
         "times.recovery_end_s"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5}}",
         "timeline"},
        {"{\"format\": \"stressecg-summary-1\", \"record\": {\"rate_hz\": 500, \"frames\": 5},"
         " \"timeline\": [{\"time_s\": 1, \"kind\": \"note\", \"text\": 5}]}",
         "timeline[0].text"},
    };
    char folder[64], path[128];
    fixture_path(folder, path, sizeof path, "summary.json");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_summary_file *got;
        secg_error error = {0};
        FILE *file = fopen(path, "wb");
        fputs(row[i].text, file);
        fclose(file);
        cr_expect_eq((int)secg_summary_read_json(path, &got, &error), (int)SECG_E_FORMAT, "%s",
                     row[i].text);
        cr_expect(!got && strstr(error.text, row[i].word) && strstr(error.text, "summary.json:"),
                  "%s: %s", row[i].text, error.text);
    }
    secg_summary_file *got;
    cr_expect_eq((int)secg_summary_read_json("/nosuch", &got, NULL), (int)SECG_E_FILE);
    cr_expect_eq((int)secg_summary_read_json(NULL, &got, NULL), (int)SECG_E_ARGUMENT);
    secg_summary_file_free(NULL);
    cr_expect_null(secg_summary_file_get(NULL));
    fixture_forget(folder);
}

/* Numbers replaced by others, texts by numbers, members gone: an error or a summary, never a crash. */
Test(summary_read, hostile)
{
    fixture f;
    char folder[64], path[128];
    size_t size;
    unsigned state = 11;
    fixture_make(&f);
    write_json(&f, fixture_path(folder, path, sizeof path, "summary.json"));
    char *text = fixture_contents(path, &size);
    for (int round = 0; round < 300; round++) {
        secg_summary_file *got;
        FILE *file = fopen(path, "wb");
        char *copy = malloc(size);
        memcpy(copy, text, size);
        for (int i = 0; i < 4; i++) {
            static const char bytes[] = "0123456789-{}[]\",:enl";
            size_t at = (state = state * 1664525u + 1013904223u) % size;
            copy[at] = bytes[(state >> 8) % (sizeof bytes - 1)];
        }
        fwrite(copy, 1, size, file);
        fclose(file);
        free(copy);
        if (secg_summary_read_json(path, &got, NULL) == SECG_OK) {
            secg_findings *findings =
                secg_claim_check(secg_summary_file_get(got), &f.order, &f.options, NULL);
            cr_expect_not_null(findings);
            secg_findings_free(findings);
            secg_summary_file_free(got);
        }
    }
    free(text);
    fixture_forget(folder);
}

/* Each number gone in turn, with whatever is said beside it: an error or a summary, never a sum with
 * what is not there. */
Test(summary_read, a_number_missing)
{
    static const char null[] = "null";
    fixture f;
    char folder[64], path[128];
    size_t size;
    int refused = 0, read = 0;
    fixture_make(&f);
    write_json(&f, fixture_path(folder, path, sizeof path, "summary.json"));
    char *text = fixture_contents(path, &size);
    for (char *at = text; (at = strstr(at, "\": ")) != NULL;) {
        size_t digits = strspn(at += strlen("\": "), "-+.eE0123456789");
        secg_summary_file *got;
        if (digits == 0)
            continue;
        FILE *file = fopen(path, "wb");
        fwrite(text, 1, (size_t)(at - text), file);
        fputs(null, file);
        fputs(at + digits, file);
        fclose(file);
        if (secg_summary_read_json(path, &got, NULL) == SECG_OK) {
            secg_findings_free(
                secg_claim_check(secg_summary_file_get(got), &f.order, &f.options, NULL));
            secg_summary_file_free(got);
            read++;
        } else
            refused++;
    }
    cr_expect(refused > 10 && read > 500, "%d refused, %d read", refused, read);
    free(text);
    fixture_forget(folder);
}

/* A report made of a saved summary lists what was corrected. */
Test(summary_read, corrections_come_back)
{
    fixture f;
    char folder[64], path[128];
    fixture_make(&f);
    secg_correction list[2] = {
        {.original = f.fact[FACT_BP_1], .correction = f.fact[FACT_BP_1], .number = 6},
        {.original = f.fact[FACT_PAIN], .number = 7}};
    list[0].correction.systolic_mmhg = 141;
    list[0].correction.corrects = 6;
    list[1].correction = secg_fact_make(SECG_FACT_RETRACTION, f.fact[FACT_PAIN].sample);
    list[1].correction.corrects = 7;
    strcpy(list[1].correction.text, "another patient");
    f.summary.correction = list;
    f.summary.corrections = 2;
    write_json(&f, fixture_path(folder, path, sizeof path, "summary.json"));
    secg_summary_file *file = read_json(path);
    const secg_summary *s = secg_summary_file_get(file);
    cr_assert_eq(s->corrections, 2);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(s->correction[i].number, list[i].number);
        cr_expect_eq(s->correction[i].original.kind, list[i].original.kind);
        cr_expect_eq(s->correction[i].original.sample, list[i].original.sample);
        cr_expect_eq(s->correction[i].original.systolic_mmhg, list[i].original.systolic_mmhg);
        cr_expect_eq(s->correction[i].correction.kind, list[i].correction.kind);
        cr_expect_eq(s->correction[i].correction.systolic_mmhg, list[i].correction.systolic_mmhg);
        cr_expect_str_eq(s->correction[i].correction.text, list[i].correction.text);
    }
    secg_summary_file_free(file);
    fixture_forget(folder);
}
