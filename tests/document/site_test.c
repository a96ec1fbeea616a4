/* The site's own values, and the table of ICD-10 headings. */
#include "document/icd10.h"
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static secg_status read_text(const char *text, secg_claim_site *site, secg_error *error)
{
    char folder[64], path[128];
    FILE *file = fopen(fixture_path(folder, path, sizeof path, "site.json"), "wb");
    fputs(text, file);
    fclose(file);
    memset(error, 0, sizeof *error);
    secg_status status = secg_claim_site_read(path, site, error);
    fixture_forget(folder);
    return status;
}

#define HEAD "{\"format\": \"stressecg-site-1\""

Test(site, what_is_left_out_keeps_its_default)
{
    secg_claim_site site, want = secg_claim_site_defaults();
    secg_error error;
    cr_assert_eq((int)read_text(HEAD "}", &site, &error), (int)SECG_OK, "%s", error.text);
    cr_expect_eq(memcmp(&site, &want, sizeof site), 0);
    /* domain.md 7 */
    cr_expect(want.resting_s == 10 && want.bp_after_s == 30 && want.rate_missing_s == 60 &&
              want.recovery_s == 180 && want.gap_listed_s == 2 && want.gap_unexplained_s == 10 &&
              want.coverage_pct == 99 && want.usable_pct == 90 && want.sign_within_h == 72);
}

Test(site, the_example)
{
    secg_claim_site site;
    secg_error error = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/data/example.site.json", getenv("SECG_SOURCE"));
    cr_assert_eq((int)secg_claim_site_read(path, &site, &error), (int)SECG_OK, "%s", error.text);
    cr_expect(site.recovery_s == 360 && site.sign_within_h == 24 && site.resting_s == 10);
    cr_expect_str_eq(site.necessity[6], "Z01.810");
    cr_expect_str_eq(site.headers[0], "R07.8");
    cr_expect_str_eq(site.locations[1], "EX-LAB-2");
}

Test(site, mistakes_are_named)
{
    static const struct {
        const char *text, *word;
    } row[] = {
        {"{}", "format"},
        {"{\"format\": \"stressecg-site-2\"}", "format"},
        {HEAD ", \"recovery\": 1}", "recovery: no such name"},
        {HEAD ", \"coverage_pct\": 101}", "coverage_pct: 101 is outside 0 .. 100"},
        {HEAD ", \"coverage_pct\": \"99\"}", "coverage_pct: not a number"},
        {HEAD ", \"recovery_bps\": 2.5}", "recovery_bps: not a whole number"},
        {HEAD ", \"necessity\": [\"R07.9 and more\"]}", "necessity[0]: longer"},
        {HEAD ", \"locations\": 5}", "locations: not a list"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_claim_site site;
        secg_error error;
        cr_expect_eq((int)read_text(row[i].text, &site, &error), (int)SECG_E_FORMAT, "%s",
                     row[i].text);
        cr_expect(strstr(error.text, row[i].word) && strstr(error.text, "site.json:1:"), "%s: %s",
                  row[i].text, error.text);
    }
    cr_expect_eq((int)secg_claim_site_read(NULL, NULL, NULL), (int)SECG_E_ARGUMENT);
}

/* A stricter limit makes a rule fail that the default lets pass, and the result states the limit. */
Test(site, limits_decide_and_are_stated)
{
    fixture f;
    fixture_make(&f);
    f.site.recovery_s = 300;
    f.options.site = &f.site;
    secg_findings *findings = secg_claim_check(&f.summary, &f.order, &f.options, NULL);
    char *text = secg_findings_json(findings);
    cr_expect(strstr(text, "\"recovery_s\": 300"), "%s", text);
    cr_expect(strstr(text, "240 s recorded of 300 s"), "%s", text);
    cr_expect(strstr(text, "\"worst\": \"block\""));
    free(text);
    secg_findings_free(findings);
}

Test(site, forms_of_icd10)
{
    static const char *const good[] = {"I10", "R07.9", "I25.110", "Z01.810", "C4A.9", "T36.0X1A"};
    static const char *const bad[] = {"",      "r07.9", "R07.",  "R7.9",   "RR7.9", "R07.12345",
                                      "R07 9", "R079",  "R0C.1", "R07.9 ", "7R7.9", "R07.9a"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_expect(secg_icd10_is_code(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(secg_icd10_is_code(bad[i]), "%s", bad[i]);
}

/* domain.md 7.2 N06: codes that are plausible, and one that a billing page lists though it is a
 * heading. */
Test(site, headings_of_icd10)
{
    static const char *const billable[] = {"R07.9",   "R06.02", "R00.2", "R94.31", "I25.10",
                                           "Z01.810", "I20.9",  "I10",   "R55",    "I48.91",
                                           "I25.2",   "R06.00", "R42",   "Z95.1",  "I20.81"};
    static const char *const heading[] = {"R06.0", "R07",    "R07.8", "I25",   "I25.1", "I25.11",
                                          "R94.3", "Z01.81", "I20",   "I48.1", "I47.1", "I50.2"};
    for (size_t i = 0; i < sizeof billable / sizeof *billable; i++)
        cr_expect_null(secg_icd10_divided(billable[i]), "%s", billable[i]);
    for (size_t i = 0; i < sizeof heading / sizeof *heading; i++) {
        const char *divided = secg_icd10_divided(heading[i]);
        cr_assert_not_null(divided, "%s", heading[i]);
        cr_expect_eq(strncmp(divided, heading[i], strlen(heading[i])), 0, "%s: %s", heading[i],
                     divided);
        cr_expect_gt(strlen(divided), strlen(heading[i]));
    }
}
