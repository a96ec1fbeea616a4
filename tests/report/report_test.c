/* What a reader of the file relies on: the figures are there, unknown ones are not 0, nothing
 * overlaps, nothing judges, and a failed write leaves nothing behind. */
#include "fixture.h"
#include "pdf_text.h"
#include "report/text.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/st.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/stressecg-report-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/report.pdf", folder);
}

static int files_in_folder(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir && (e = readdir(dir)) != NULL;)
        count += e->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(report, .init = make_folder, .fini = remove_folder);

static char *write_and_read(const fixture *f)
{
    secg_error error = {0};
    cr_assert_eq(secg_report_write_pdf(&f->summary, &f->order, &f->options, path, &error), SECG_OK,
                 "%s", error.text);
    char *text = pdf_text(path);
    if (!text)
        cr_skip_test("pdftotext is not installed");
    return text;
}

static int count_of(const char *text, const char *word)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word))
        count++;
    return count;
}

#define EXPECT_TEXT(text, word)    cr_expect_not_null(strstr(text, word), "\"%s\" is missing", word)
#define EXPECT_NO_TEXT(text, word) cr_expect_null(strstr(text, word), "\"%s\" is there", word)

Test(report, figures_of_the_summary)
{
    fixture f;
    fixture_bruce(&f, 4, 180);
    char *text = write_and_read(&f);
    char st[64], product[32];
    snprintf(st, sizeof st, "V5 %.2f mV at J+60", (double)f.summary.st_lowest.value.value);
    snprintf(product, sizeof product, "%.0f", (double)f.summary.peak_rate_pressure.value.value);
    const char *const wanted[] = {"Anna-Katharina Müller-Lüdenscheidt",
                                  "MRN 00417733",
                                  "1969-05-02",
                                  "R07.89",
                                  "10:21",
                                  "168",
                                  "103 % of 163 (fox)",
                                  "189/86",
                                  product,
                                  "13.4",
                                  "ACSM walking",
                                  st,
                                  "14 beats",
                                  "fatigue: asked to stop, legs",
                                  "chest pain 4/10",
                                  "Bruce, treadmill (table bruce version 1)",
                                  "Mason-Likar",
                                  "1f3a5577c0ffee42",
                                  "st-2026-0417",
                                  "Maryam Okafor",
                                  "signed 2026-11-23 11:20",
                                  "25 mm/s",
                                  "10 mm/mV",
                                  "0.05-150 Hz, 60 Hz notch",
                                  "ventricular couplet"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        EXPECT_TEXT(text, wanted[i]);
    EXPECT_NO_TEXT(text, "DRAFT");
    free(text);
    fixture_free(&f);
}

/* A word or an arrow for a slope stands beside that slope, and the rule on the same page or among the
 * methods: a reader can apply it. */
Test(report, slopes_in_words_with_their_rule)
{
    fixture f;
    fixture_bruce(&f, 3, 180);
    f.options.tracing.read = NULL;
    secg_st *st = f.stage_st + 2 * f.summary.leads;
    for (size_t k = 0; k < f.summary.leads; k++)
        st[k].why = SECG_MEASURED;
    st[0].slope_mv_s = 1.3F, st[1].slope_mv_s = -0.04F, st[2].slope_mv_s = -2.6F;
    char *text = write_and_read(&f), rule[160];
    EXPECT_TEXT(text, "+1.3 \xe2\x86\x97");
    EXPECT_TEXT(text, " 0.0 \xe2\x86\x92");
    EXPECT_TEXT(text, "-2.6 \xe2\x86\x98");
    EXPECT_NO_TEXT(text, "-0.0 ");
    EXPECT_TEXT(text, "mV/s (horizontal), exercise");
    EXPECT_TEXT(text, "\xe2\x86\x97 upsloping, \xe2\x86\x92 horizontal, \xe2\x86\x98 downsloping");
    char *audit = strstr(text, "ST slope in words");
    cr_assert_not_null(audit);
    EXPECT_TEXT(audit, secg_st_shape_rule_text(rule, sizeof rule));
    free(text);
    fixture_free(&f);
}

/* domain.md 1.6: opt-in, bare numbers. */
Test(report, st_against_rate_only_when_asked)
{
    fixture f;
    fixture_bruce(&f, 4, 180);
    f.options.tracing.read = NULL;
    char *text = write_and_read(&f);
    EXPECT_NO_TEXT(text, "ST against heart rate");
    free(text);
    for (size_t i = 0; i < f.summary.stages * f.summary.leads; i++)
        f.stage_st[i].level_j60_mv = f.stage_st[i].level_mv;
    f.options.st_rate = 1;
    text = write_and_read(&f);
    char *page = strstr(text, "ST against heart rate");
    cr_assert_not_null(page);
    secg_st_rate rate;
    size_t printed = 0;
    for (size_t k = 0; k < f.summary.leads; k++) {
        char index[32];
        secg_summary_st_rate(&f.summary, k, &rate);
        if (rate.index_uv_bpm.why != SECG_MEASURED)
            continue;
        snprintf(index, sizeof index, "%+.2f", (double)rate.index_uv_bpm.value);
        EXPECT_TEXT(page, index);
        printed++;
    }
    cr_expect_gt(printed, 0);
    free(text);
    fixture_free(&f);
}

Test(report, whose_record_it_is_on_every_page)
{
    fixture f;
    fixture_bruce(&f, 4, 180);
    char *text = write_and_read(&f), last[32];
    int pages = count_of(text, "\f");
    cr_assert_gt(pages, 10);
    snprintf(last, sizeof last, "page %d of %d", pages, pages);
    EXPECT_TEXT(text, last);
    cr_expect_eq(count_of(text, "ID MRN 00417733"), pages);
    cr_expect_eq(count_of(text, "record st-2026-0417"), pages);
    cr_expect_geq(count_of(text, "Anna-Katharina Müller-Lüdenscheidt"), pages);
    free(text);
    fixture_free(&f);
}

/* A draft says so on every page, until the record is closed, and again when it was altered since. */
Test(report, unsigned_is_a_draft)
{
    fixture f;
    fixture_bruce(&f, 2, 60);
    f.options.tracing.read = NULL;
    f.order.seal.is_signed = 0;
    char *altered;
    char *text = write_and_read(&f);
    cr_expect_eq(count_of(text, "DRAFT - not signed"), count_of(text, "\f"));
    free(text);
    f.order.seal.is_signed = f.order.seal.altered = 1;
    altered = write_and_read(&f);
    cr_expect_eq(count_of(altered, "DRAFT - not signed"), count_of(altered, "\f"));
    free(altered);
    fixture_free(&f);
}

/* The complexes shown for the furthest ST are those it was measured on, between the ends of stages;
 * where they are those of a row, that row is marked and stands once. */
Test(report, complexes_of_the_furthest_st)
{
    fixture f;
    fixture_bruce(&f, 3, 180);
    f.options.tracing.read = NULL;
    secg_summary *s = &f.summary;
    int64_t sample = s->exercise_start + secg_sample_at(281, f.signal.rate_hz);
    s->st_lowest.sample = sample;
    s->st_lowest_table = (secg_complex_table){sample, s->stage[2].complex, s->stage[2].complex_mv};
    char *text = write_and_read(&f), *head = strstr(text, "  Exercise 4:41");
    cr_assert_not_null(head);
    cr_expect_not_null(strstr(head, "max ST V5"));
    cr_expect_eq(count_of(text, "max ST V5"), 2, "a mark above either column of leads");
    free(text);
    s->st_lowest.sample = s->stage[2].complex[0].sample;
    text = write_and_read(&f);
    EXPECT_NO_TEXT(text, "  Exercise 4:41");
    EXPECT_TEXT(text, "max ST V5");
    free(text);
    fixture_free(&f);
}

/* domain.md 7.4: no word of the report's own judges. */
Test(report, no_verdict)
{
    static const char *const hard[] = {
        "schemi",         "positive", "negative",  "normal",       "consistent with",
        "suggestive",     "diagnos",  "equivocal", "mpression",    "onclusion",
        "nterpretation:", "Duke",     " risk",     "significant",  "infarct",
        "prognos",        "rule out", "recommend", "incompetence", "functional capacity",
        "adequate"};
    fixture f;
    fixture_bruce(&f, 1, 60);
    f.options.disclosure_max_min = 0; /* every kind of page */
    char *text = write_and_read(&f);
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++)
        EXPECT_NO_TEXT(text, hard[i]);
    free(text);
    fixture_free(&f);
}

/* "-0.001" is a number, "-0.000" is none. */
static void expect_no_negative_zero(const char *text)
{
    for (const char *at = text; (at = strstr(at, "-0.")) != NULL; at += 3) {
        const char *end = at + 3 + strspn(at + 3, "0");
        cr_expect(*end >= '1' && *end <= '9', "\"%.*s\"", (int)(end - at), at);
    }
}

/* Nothing unknown is 0. */
Test(report, not_measurable_has_a_reason)
{
    fixture f;
    fixture_bruce(&f, 2, 60);
    f.options.tracing.read = NULL;
    f.summary.peak_mets.value = (secg_value){SECG_WHY_NOT_APPLICABLE, NAN, 0};
    f.summary.peak_bpm.value = (secg_value){SECG_WHY_NOISE, NAN, 0};
    f.summary.st_lowest.value.why = SECG_WHY_FEW_BEATS;
    f.order.order.indication[0] = '\0';
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "--- k");
    EXPECT_TEXT(text, "--- d");
    EXPECT_TEXT(text, "--- e");
    EXPECT_TEXT(text, "--- j");
    EXPECT_TEXT(text, "d too noisy");
    EXPECT_TEXT(text, "j not entered");
    EXPECT_NO_TEXT(text, " nan");
    expect_no_negative_zero(text);
    free(text);
    fixture_free(&f);
}

/* Every stage stands in the table, however many pages it takes. */
Test(report, forty_stages)
{
    fixture f;
    fixture_bruce(&f, 40, 60);
    char *text = write_and_read(&f), pressure[32];
    int mentioned = 0;
    snprintf(pressure, sizeof pressure, "--- j");
    EXPECT_TEXT(text, pressure);
    for (int i = 1; i <= 40; i++) {
        char label[24];
        snprintf(label, sizeof label, "Stage %d ", i);
        mentioned += strstr(text, label) != NULL;
    }
    cr_expect_eq(mentioned, 40);
    struct stat about;
    cr_assert_eq(stat(path, &about), 0);
    cr_expect_lt(about.st_size, 20 << 20);
    free(text);
    fixture_free(&f);
}

/* The middle of the letters' height; boxes of fonts are taller than what is drawn. */
static int overlap(const pdf_word *a, const pdf_word *b)
{
    double ha = a->bottom - a->top, hb = b->bottom - b->top;
    double x = fmin(a->right, b->right) - fmax(a->left, b->left);
    double y = fmin(a->bottom - 0.2 * ha, b->bottom - 0.2 * hb) -
               fmax(a->top + 0.25 * ha, b->top + 0.25 * hb);
    return a->page == b->page && x > 0.5 && y > 0.5;
}

static void expect_clear_layout(void)
{
    enum { ROOM = 60000 };
    static pdf_word words[ROOM];
    double width = 0, height = 0;
    size_t count = pdf_words(path, words, ROOM, &width, &height);
    if (count == 0)
        cr_skip_test("pdftotext is not installed");
    int bad = 0;
    for (size_t i = 0; i < count && bad < 10; i++) {
        const pdf_word *w = &words[i];
        cr_expect(w->left > 14 && w->top > 14 && w->right < 842 - 14 && w->bottom < 842 - 10,
                  "\"%s\" on page %d is off the page", w->text, w->page);
        for (size_t j = i; j-- > 0 && words[j].page == w->page;)
            if (overlap(w, &words[j])) {
                bad++;
                cr_expect_fail("\"%s\" on \"%s\", page %d", w->text, words[j].text, w->page);
            }
    }
}

Test(report, nothing_overlaps)
{
    fixture f;
    fixture_bruce(&f, 4, 180);
    free(write_and_read(&f));
    expect_clear_layout();
    fixture_free(&f);
}

Test(report, nothing_overlaps_when_everything_is_long)
{
    fixture f;
    fixture_bruce(&f, 12, 60);
    f.options.paper = SECG_PAPER_LETTER;
    fixture_fill_texts(&f);
    free(write_and_read(&f));
    expect_clear_layout();
    fixture_free(&f);
}

/* Sixteen channels and four derived leads, full disclosure. */
Test(report, nothing_overlaps_with_many_leads)
{
    fixture f;
    fixture_test(&f, 16, 1, 20, 1);
    f.options.disclosure_max_min = 0;
    f.options.strip_layout = SECG_STRIPS_1_COLUMN;
    free(write_and_read(&f));
    expect_clear_layout();
    fixture_free(&f);
}

Test(report, nothing_overlaps_with_a_long_recovery)
{
    fixture f;
    fixture_test(&f, 12, 2, 60, 34);
    f.options.tracing.read = NULL;
    free(write_and_read(&f));
    expect_clear_layout();
    fixture_free(&f);
}

Test(report, paper_sizes)
{
    static const double edges[2][2] = {{595.276, 841.89}, {612, 792}};
    for (int paper = 0; paper < 2; paper++) {
        fixture f;
        fixture_recording(&f, 2, 250, 1);
        f.options.paper = (secg_paper)paper;
        free(write_and_read(&f));
        static pdf_word words[20000];
        double width = 0, height = 0;
        pdf_words(path, words, 20000, &width, &height); /* the last page is upright */
        cr_expect_float_eq(width, edges[paper][0], 0.01);
        cr_expect_float_eq(height, edges[paper][1], 0.01);
        fixture_free(&f);
    }
}

/* Without a gain there is no millivolt, on no page. */
Test(report, uncalibrated_recording)
{
    fixture f;
    fixture_recording(&f, 1, 125, 0);
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "ECG recording");
    EXPECT_TEXT(text, "uncalibrated: scaled to fit");
    EXPECT_TEXT(text, "gain not known: no value in mV is given");
    cr_expect_eq(count_of(text, "mV"), count_of(text, "no value in mV is given"));
    EXPECT_NO_TEXT(text, "µV");
    EXPECT_NO_TEXT(text, "Exercise");
    EXPECT_NO_TEXT(text, "METs");
    free(text);
    fixture_free(&f);
}

struct recording {
    int channels;
    double rate_hz;
};
ParameterizedTestParameters(report, recordings)
{
    static struct recording row[] = {{1, 1000}, {2, 360}, {3, 128}, {6, 250}, {8, 257}};
    return cr_make_param_array(struct recording, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct recording *row, report, recordings)
{
    fixture f;
    fixture_recording(&f, row->channels, row->rate_hz, 1);
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "30:06");
    EXPECT_TEXT(text, "ECG strips");
    EXPECT_NO_TEXT(text, "Bruce");
    free(text);
    fixture_free(&f);
}

/* Nothing was recorded, nothing entered: still a document, and no figure in it. */
Test(report, nothing_at_all)
{
    fixture f;
    memset(&f, 0, sizeof f);
    f.summary.exercise_start = f.summary.exercise_end = f.summary.recovery_end = SECG_NO_SAMPLE;
    f.summary.start_unix_ms = SECG_NO_SAMPLE;
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "Patient name not stated");
    EXPECT_TEXT(text, "--- a");
    EXPECT_NO_TEXT(text, "0.0 ");
    free(text);
    memset(&f.summary, 0, sizeof f.summary); /* not even times */
    cr_expect_eq(secg_report_write_pdf(&f.summary, NULL, NULL, path, NULL), SECG_OK);
}

static secg_status broken(void *context, int64_t from, size_t frames, float *mv)
{
    (void)context, (void)from, (void)frames, (void)mv;
    return SECG_E_FILE;
}

Test(report, tracing_that_cannot_be_read)
{
    fixture f;
    fixture_bruce(&f, 2, 60);
    f.options.tracing.read = broken;
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "The tracing could not be read here");
    free(text);
    f.options.tracing.read = NULL;
    text = write_and_read(&f);
    EXPECT_NO_TEXT(text, "10 mm/mV   0.05");
    free(text);
    fixture_free(&f);
}

/* The first channel only: of eight the others were never connected. */
static secg_status one_connected(void *context, int64_t from, size_t frames, float *mv)
{
    secg_status status = fixture_read(context, from, frames, mv);
    for (size_t i = 0; status == SECG_OK && i < frames * 8; i++)
        mv[i] = i % 8 == 0 ? mv[i] : NAN;
    return status;
}

Test(report, a_lead_without_a_signal_says_so)
{
    fixture f;
    fixture_recording(&f, 8, 500, 1);
    char *text = write_and_read(&f);
    int elsewhere = count_of(text, "not acquired"); /* gaps are listed too */
    free(text);
    f.options.tracing.read = one_connected;
    text = write_and_read(&f);
    int said = count_of(text, "not acquired") - elsewhere;
    cr_expect(said >= 7, "%d times", said);
    free(text);
    fixture_free(&f);
}

/* Whatever filter the strips were drawn through is printed beside them. */
Test(report, band_of_the_strips)
{
    fixture f;
    fixture_bruce(&f, 2, 60);
    f.options.strips_from = SECG_DISPLAY_FROM_0_5_HZ;
    f.options.strips_to = SECG_DISPLAY_TO_40_HZ;
    f.summary.mains_hz = 50;
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "0.5-40 Hz");
    EXPECT_NO_TEXT(text, "0.05-150 Hz");
    free(text);
    fixture_free(&f);
}

/* ---- full disclosure, state, names --------------------------------------------------------- */

Test(report, full_disclosure_by_length_and_wish)
{
    static const struct {
        float most_min;
        int pages;
    } row[] = {{0, 1}, {100, 1}, {20, 0}, {-1, 0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        fixture f;
        fixture_recording(&f, 1, 125, 1); /* 30 min */
        f.options.disclosure_max_min = row[i].most_min;
        char *text = write_and_read(&f);
        cr_expect_eq(count_of(text, "The whole tracing") > 0, row[i].pages, "%g min",
                     (double)row[i].most_min);
        if (row[i].pages)
            EXPECT_TEXT(text, "record 30:00"); /* the last line begins there */
        free(text);
        fixture_free(&f);
    }
}

Test(report, state_by_wish)
{
    fixture f;
    fixture_bruce(&f, 1, 60);
    f.options.tracing.read = NULL;
    f.options.state = SECG_REPORT_DRAFT; /* though it is signed */
    char *text = write_and_read(&f);
    cr_expect_eq(count_of(text, "DRAFT - not signed"), count_of(text, "\f"));
    free(text);
    f.order.seal.is_signed = 0;
    f.options.state = SECG_REPORT_FINAL;
    text = write_and_read(&f);
    EXPECT_NO_TEXT(text, "DRAFT");
    free(text);
    fixture_free(&f);
}

/* The audit page says who closed the record, when, with which digest, and has each addendum whole. */
Test(report, seal_and_addenda)
{
    static const char digest[] = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static secg_addendum added[2] = {
        {"Maryam Okafor", "RN, BSN", "2026-11-24T08:01:02.003Z", "weight was 71 kg"},
        {"Li Wei 李伟", "MD", "2026-11-24T09:30:00.000Z", ""}};
    fixture f;
    fixture_bruce(&f, 1, 60);
    f.options.tracing.read = NULL;
    for (int i = 0; i < 285; i++) /* 1995 bytes, the longest there may be */
        strcat(added[1].text, i % 2 ? "word03 " : "numb4r ");
    strcat(added[1].text, "ends");
    secg_seal seal = {.is_signed = 1, .addenda = 2};
    strcpy(seal.by, "Maryam Okafor");
    strcpy(seal.credential, "RN, BSN");
    strcpy(seal.signed_at, "2026-11-23T10:20:04.120Z");
    memcpy(seal.digest, digest, sizeof digest);
    f.order.seal = seal;
    f.options.addendum = added;
    f.options.addenda = 2;
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, digest);
    EXPECT_TEXT(text, "yes: signed by Maryam Okafor, RN, BSN, 2026-11-23T10:20:04.120Z; 2 addenda");
    EXPECT_TEXT(text, "2026-11-24T08:01:02.003Z");
    EXPECT_TEXT(text, "weight was 71 kg");
    cr_expect_eq(count_of(text, "word03"), 142);
    cr_expect_eq(count_of(text, "numb4r"), 143);
    EXPECT_TEXT(text, "ends");
    free(text);
    f.order.seal.altered = 1;
    f.order.seal.is_signed = 0;
    text = write_and_read(&f);
    EXPECT_TEXT(text, "ALTERED since it was signed: signed by Maryam Okafor");
    free(text);
    f.order.seal = (secg_seal){.is_signed = 0};
    f.summary.deidentified = 1;
    text = write_and_read(&f);
    EXPECT_TEXT(text, "nobody has signed the record");
    EXPECT_NO_TEXT(text, "weight was 71 kg");
    free(text);
    fixture_free(&f);
}

/* A number as long as its field does not push the birth date off the head of the page: it loses its
 * middle there, and stands whole on the summary. */
Test(report, long_patient_id)
{
    static const char id[] = "REGION-NORTHWEST/0000-1111-2222-3333-4444-5555-6666-7777/END-93";
    fixture f;
    fixture_bruce(&f, 1, 60);
    memcpy(f.order.patient.id, id, sizeof id);
    char *text = write_and_read(&f);
    int pages = count_of(text, "\f");
    cr_expect_geq(count_of(text, "born 1969-05-02"), pages);
    cr_expect_geq(count_of(text, "sex F"), pages);
    cr_expect_geq(count_of(text, "END-93"), pages);
    cr_expect_geq(count_of(text, "ID REGION-NORTHWEST"), pages);
    EXPECT_TEXT(text, id);
    free(text);
    f.options.state = SECG_REPORT_FINAL;
    free(write_and_read(&f));
    expect_clear_layout();
    fixture_free(&f);
}

/* With the fonts that ./dev installs no name stands as boxes; a private character does. */
Test(report, fonts_for_every_script)
{
    static const char *const names[] = {"Zoë Łukasiewicz-Đặng Ñuñez Þórðarson",
                                        "Ξενοφών Παπαδόπουλος",
                                        "Жанна Щукина",
                                        "محمد بن سلمان الرازي",
                                        "שָׁלוֹם בן־גוריון",
                                        "山田 太郎 王小明",
                                        "김철수 박영희",
                                        "राजेश कुमार श्रीवास्तव",
                                        "สมชาย ใจดี ณ อยุธยา"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect_eq(secg_text_without_font(names[i]), 0, "%s: %d", names[i],
                     secg_text_without_font(names[i]));
    cr_expect_eq(secg_text_without_font("plain"), 0);
    cr_expect_eq(secg_text_without_font("\xf4\x8f\xbf\xbd and \xf4\x8f\xbf\xbc"), 2);
}

Test(report, boxes_are_confessed)
{
    fixture f;
    fixture_bruce(&f, 1, 60);
    f.options.tracing.read = NULL;
    char *text = write_and_read(&f);
    EXPECT_NO_TEXT(text, "in no installed font");
    free(text);
    strcpy(f.order.patient.name, "A \xf4\x8f\xbf\xbd");
    text = write_and_read(&f);
    EXPECT_TEXT(text, "1 characters of names and texts are in no installed font");
    free(text);
    fixture_free(&f);
}

/* Names in any script are shaped and found again. */
Test(report, names_in_any_script)
{
    static const char *const names[] = {"Ξενοφών Παπαδόπουλος", "Жанна Щукина", "山田 太郎",
                                        "Đặng Thị Ánh", "Łucja Żółć"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture f;
        fixture_recording(&f, 1, 125, 1);
        f.options.tracing.read = NULL; /* no strips: not what this is about */
        snprintf(f.order.patient.name, sizeof f.order.patient.name, "%s", names[i]);
        char *text = write_and_read(&f);
        cr_expect_geq(count_of(text, names[i]), count_of(text, "\f"), "%s", names[i]);
        free(text);
        fixture_free(&f);
    }
}

/* Every stage's complexes, with what marks the special ones. */
Test(report, complexes_of_every_stage)
{
    fixture f;
    fixture_test(&f, 8, 3, 60, 6);
    f.options.tracing.read = NULL;
    f.summary.st_lowest.sample = f.stage[2].complex[0].sample;
    char *text = write_and_read(&f);
    EXPECT_TEXT(text, "Average complexes by stage");
    EXPECT_TEXT(text, "max ST V5");
    EXPECT_TEXT(text, "peak");
    for (size_t i = 0; i < f.summary.stages; i++)
        cr_expect_geq(count_of(text, f.stage[i].label), 4, "%s", f.stage[i].label);
    free(text);
    fixture_free(&f);
}

Test(report, deidentified_says_so_on_every_page)
{
    fixture f;
    fixture_bruce(&f, 1, 60);
    f.options.tracing.read = NULL;
    f.summary.deidentified = 1;
    f.summary.patient.age_years = 90;
    char *text = write_and_read(&f);
    cr_expect_geq(count_of(text, "De-identified"), count_of(text, "\f"));
    EXPECT_TEXT(text, "90 years or more");
    EXPECT_NO_TEXT(text, "1f3a5577c0ffee42");
    free(text);
    fixture_free(&f);
}

/* ---- pictures ------------------------------------------------------------------------------- */

static int remove_pages(const char *kind)
{
    int count = 0;
    char name[160];
    for (;; count++) {
        snprintf(name, sizeof name, "%s-%03d.%s", path, count + 1, kind);
        struct stat about;
        if (stat(name, &about) != 0)
            return count;
        cr_expect_eq(about.st_mode & 0777, 0600, "%s", name);
        unlink(name);
    }
}

Test(report, a_picture_for_each_page)
{
    fixture f;
    secg_error error = {0};
    fixture_recording(&f, 1, 125, 1);
    f.options.tracing.read = NULL;
    char *text = write_and_read(&f), stale[160];
    int pages = count_of(text, "\f");
    free(text);
    umask(0);
    snprintf(stale, sizeof stale, "%s-%03d.svg", path, pages + 1);
    fclose(fopen(stale, "w")); /* left by a longer report */
    cr_expect_eq(secg_report_write_svg(&f.summary, NULL, &f.options, path, &error), SECG_OK);
    cr_expect_eq(remove_pages("svg"), pages);
    cr_expect_eq(secg_report_write_png(&f.summary, NULL, &f.options, 72, path, &error), SECG_OK);
    cr_expect_eq(remove_pages("png"), pages);
    cr_expect_eq(files_in_folder(), 1, "the PDF alone is left");
    fixture_free(&f);
}

Test(report, pictures_refused)
{
    fixture f;
    secg_error error = {0};
    fixture_recording(&f, 1, 125, 1);
    f.options.tracing.read = NULL;
    static const double bad[] = {0, 35, 601, -72, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_expect_eq(secg_report_write_png(&f.summary, NULL, &f.options, bad[i], path, &error),
                     SECG_E_ARGUMENT, "%g dpi", bad[i]);
        cr_expect_not_null(strstr(error.text, "dpi"));
    }
    cr_expect_eq(secg_report_write_svg(&f.summary, NULL, &f.options, "/nowhere/page", &error),
                 SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "/nowhere/page-001.svg"));
    cr_expect_eq(files_in_folder(), 0);
    fixture_free(&f);
}

static void remember(void *context, double fraction)
{
    double *last = context;
    cr_expect_gt(fraction, *last);
    *last = fraction;
}

Test(report, progress_rises_to_one)
{
    fixture f;
    double last = 0;
    fixture_recording(&f, 1, 250, 1);
    f.options.progress = remember;
    f.options.progress_context = &last;
    cr_assert_eq(secg_report_write_pdf(&f.summary, NULL, &f.options, path, NULL), SECG_OK);
    cr_expect_float_eq(last, 1, 1e-12);
    fixture_free(&f);
}

Test(report, file_is_private_and_alone)
{
    fixture f;
    struct stat about;
    fixture_recording(&f, 1, 250, 1);
    umask(0);
    cr_assert_eq(secg_report_write_pdf(&f.summary, NULL, &f.options, path, NULL), SECG_OK);
    cr_assert_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
    cr_expect_eq(files_in_folder(), 1);
    fixture_free(&f);
}

static void expect_refused(const fixture *f, const char *where)
{
    secg_error error = {0};
    cr_expect_eq(secg_report_write_pdf(&f->summary, NULL, &f->options, where, &error), SECG_E_FILE);
    cr_expect_eq(error.status, SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, where), "\"%s\" does not name %s", error.text, where);
}

/* A folder that cannot be written, one that is not there, and a name that is a folder. */
Test(report, refused_places_stay_clean)
{
    fixture f;
    char where[128];
    fixture_recording(&f, 1, 250, 1);
    snprintf(where, sizeof where, "%s/none/report.pdf", folder);
    expect_refused(&f, where);
    expect_refused(&f, folder);
    cr_expect_eq(files_in_folder(), 0);
    chmod(folder, 0500);
    if (access(folder, W_OK) != 0) /* the superuser may always */
        expect_refused(&f, path);
    chmod(folder, 0700);
    cr_expect_eq(files_in_folder(), 0);
    fixture_free(&f);
}

/* The disk fills up in the middle: the old report is still there, whole. */
Test(report, full_disk_keeps_the_old_report)
{
    fixture f;
    struct stat before, after;
    fixture_recording(&f, 2, 250, 1);
    cr_assert_eq(secg_report_write_pdf(&f.summary, NULL, &f.options, path, NULL), SECG_OK);
    cr_assert_eq(stat(path, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {30000, 30000};
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_refused(&f, path);
    cr_assert_eq(stat(path, &after), 0);
    cr_expect_eq(before.st_size, after.st_size);
    cr_expect_eq(before.st_ino, after.st_ino);
    cr_expect_eq(files_in_folder(), 1);
    fixture_free(&f);
}

Test(report, arguments)
{
    secg_summary summary = {0};
    secg_error error = {0};
    secg_report_options options = {.paper = (secg_paper)7};
    cr_expect_eq(secg_report_write_pdf(NULL, NULL, NULL, path, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "summary"));
    cr_expect_eq(secg_report_write_pdf(&summary, NULL, NULL, NULL, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_report_write_pdf(&summary, NULL, &options, path, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "paper"));
    static const secg_report_options wrong[] = {{.lead_order = (secg_lead_order)2},
                                                {.strip_layout = (secg_strip_layout)3},
                                                {.state = (secg_report_state)3},
                                                {.disclosure_leads = SECG_MAX_LEADS + 1},
                                                {.st_rate = 2},
                                                {.strips_to = (secg_display_lowpass)9}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(secg_report_write_pdf(&summary, NULL, &wrong[i], path, &error),
                     SECG_E_ARGUMENT, "row %zu", i);
    options = (secg_report_options){.disclosure_max_min = NAN};
    cr_expect_eq(secg_report_write_pdf(&summary, NULL, &options, path, &error), SECG_E_ARGUMENT);
    options = (secg_report_options){.reserved = {1}};
    cr_expect_eq(secg_report_write_pdf(&summary, NULL, &options, path, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "reserved"));
    cr_expect_eq(files_in_folder(), 0);
}
