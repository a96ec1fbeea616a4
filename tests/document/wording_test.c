/* The wording guard against sentences as staff write them, each with what a careful reader would
 * say: h hard, a ask, - allowed; in order of appearance. */
#include <stressecg/claim.h>

#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct sentence {
    const char *text, *want;
} sentences[] = {
    /* Allowed: facts and numbers. */
    {"", "-"},
    {"ST level V5 -1.3 mm at J+80, slope -0.4 mV/s, at 6:30", "-"},
    {"patient reported chest tightness 4/10 from 5:10", "-"},
    {"PVC 14 in stage 2", "-"},
    {"BP 212/96, test stopped by staff", "-"},
    {"BP not obtained: cuff slipped", "-"},
    {"handrail held lightly, gait steady", "-"},
    {"target heart rate reached at 8:40", "-"},
    {"stopped at patient's request, legs tired", "-"},
    {"ST depression 1.2 mm in V5 at peak", "-"},
    {"ST-segment depression of 0.15 mV, horizontal", "-"},
    {"1.5 mm ST elevation in aVR from 7:10", "-"},
    {"V4 and V5: ST changes of 1 mm", "-"},
    {"couplet at 6:05, patient did not feel it", "-"},
    {"heart rate 164, 98 % of predicted maximum", "-"},
    {"recovery seated, BP 142/78", "-"},
    {"no symptoms", "-"},
    {"felt positive about the test", "-"},
    {"patient in good spirits", "-"},
    {"risk explained, consent signed", "-"},
    {"equipment check done; adequate skin contact", "-"},
    {"insignificant artefact from the belt", "-"},
    {"diagnostic cardiology referred the patient", "-"},
    {"patient consistent in walking", "-"},
    {"the studywas negative", "-"},
    {"Sinus rhythm on the ECG. Normal gait on the belt.", "-"},
    {"Resting ECG. Positive mood.", "-"},
    {"Stress test, normal saline at hand", "-"},
    {"COVID rapid antigen test negative", "-"},
    {"negative for fever", "-"},
    {"calibration test normal", "-"},
    {"treadmill normal again after restart", "-"},
    {"lung function tests normal last year", "-"},
    {"electrode compatible with the monitor", "-"},
    {"no significant cardiac history", "a"},
    {"patient asked if the test was positive", "-"},
    {"est. weight 80 kg", "-"},
    {"IV catheter recommended by the nurse", "-"},
    {"ECG within normal limits of noise", "-"},
    {"impression-free electrode gel", "-"},
    {"study nurse informed", "-"},
    {"positive end of the cable", "-"},
    {"exercise to normal tolerance", "-"},
    {"CAD known from order", "-"},
    {"good capacity of the battery", "-"},
    {"test done to rule out a cable fault", "-"},
    {"physical exam unremarkable", "-"},
    {"high to moderate risk", "h"},
    {"unable to r/o disease", "h"},
    /* Hard. */
    {"ischemia", "h"},
    {"ISCHEMIC changes", "h"},
    {"No ischaemia seen", "h"},
    {"isch\xc3\xa6mia in V5", "h"},
    {"positive for ischemia", "hh"},
    {"Negative for ischemic changes.", "hh"},
    {"This is a positive test", "h"},
    {"positive  study", "h"},
    {"positive\nstudy", "h"},
    {"negative stress test", "h"},
    {"The test was negative.", "h"},
    {"test positive at 4 min", "h"},
    {"Normal study.", "h"},
    {"abnormal study", "h"},
    {"abnormal stress test", "h"},
    {"findings consistent with CAD", "h"},
    {"suggestive of coronary disease", "h"},
    {"diagnostic of angina", "h"},
    {"non-diagnostic because of LBBB", "ha"},
    {"nondiagnostic ECG", "h"},
    {"Non diagnostic", "h"},
    {"equivocal", "h"},
    {"Impression: fine", "h"},
    {"CONCLUSION : none", "h"},
    {"interpretation:", "h"},
    {"Diagnosis: angina", "h"},
    {"Duke score -4", "h"},
    {"Duke Treadmill Score 5", "h"},
    {"low risk", "h"},
    {"low-risk patient, high risk job", "hh"},
    {"intermediate risk", "h"},
    {"significant ST depression", "h"},
    {"significant CAD", "h"},
    {"significant ischemia", "h"},
    {"old infarct, infarction 2019", "hh"},
    {"good prognosis; prognostic value", "hh"},
    {"cannot rule out disease", "h"},
    {"recommend cath", "h"},
    {"Recommend coronary angiography", "h"},
    {"recommending catheterization", "h"},
    {"chronotropic incompetence", "h"},
    {"poor functional capacity", "h"},
    {"good functional capacity for age", "h"},
    {"inadequate stress", "h"},
    {"adequate diagnostic heart rate", "h"},
    /* Ask. */
    {"significant fatigue", "a"},
    {"abnormal gait", "a"},
    {"normal sinus rhythm", "a"},
    {"LBBB from stage 2", "a"},
    {"lvh", "a"},
    {"ST changes", "a"},
    {"ST depression in V5", "a"},
    {"ST depression at J+80 in V4-V6", "a"},
    {"ST segment elevation noted. Stopped at 6:30.", "a"},
    {"HR 150. ST depression", "a"},
};

enum { SENTENCES = sizeof sentences / sizeof *sentences };

static void describe(const char *text, char *got)
{
    secg_wording_hit hit[8];
    size_t hits = secg_wording_check(text, SECG_WORDING_NOTE, hit, 8);
    cr_assert_leq(hits, 8);
    for (size_t i = 0; i < hits; i++)
        got[i] = hit[i].hard ? 'h' : 'a';
    strcpy(got + hits, hits ? "" : "-");
}

Test(wording, sentences)
{
    cr_assert_geq(SENTENCES, 60);
    for (size_t i = 0; i < SENTENCES; i++) {
        char got[16];
        describe(sentences[i].text, got);
        cr_expect_str_eq(got, sentences[i].want, "\"%s\"", sentences[i].text);
    }
}

/* ---- the corpus -------------------------------------------------------------------------------- */

/* "\n", "\t" and "\xHH" of the corpus. */
static void unescape(char *text)
{
    char *to = text;
    for (char *at = text; *at; at++) {
        if (*at != '\\') {
            *to++ = *at;
        } else if (at[1] == 'x') {
            char hex[3] = {at[2], at[3], 0};
            *to++ = (char)strtol(hex, NULL, 16);
            at += 3;
        } else {
            *to++ = at[1] == 'n' ? '\n' : '\t';
            at++;
        }
    }
    *to = 0;
}

typedef struct tally {
    int sentences, hit, hard_hit;
} tally;

static void count_sentence(char *line, tally of[3])
{
    static const char *const kind[] = {"ok", "ask", "hard"};
    secg_wording_hit hit[16];
    char *text = strchr(line, '\t');
    int k = 0, hard = 0;
    cr_assert_not_null(text, "%s", line);
    *text++ = 0;
    unescape(text);
    while (k < 3 && strcmp(kind[k], line) != 0)
        k++;
    cr_assert_lt(k, 3, "%s", line);
    size_t hits = secg_wording_check(text, SECG_WORDING_NOTE, hit, 16);
    for (size_t i = 0; i < hits && i < 16; i++)
        hard |= hit[i].hard;
    of[k].sentences++;
    of[k].hit += hits > 0;
    of[k].hard_hit += hard;
    if (k == 0 ? hits > 0 : k == 1 ? hits == 0 || hard : !hard)
        fprintf(stderr, "%s, %s: %s\n", line, hard ? "hard" : hits ? "ask" : "nothing", text);
}

static void count_corpus(const char *name, tally of[3])
{
    char path[4096], *line, *rest;
    size_t size;
    snprintf(path, sizeof path, "%s/tests/document/%s", getenv("SECG_SOURCE"), name);
    char *all = rest = fixture_contents(path, &size);
    memset(of, 0, 3 * sizeof *of);
    while ((line = strtok_r(rest, "\n", &rest)))
        if (line[0] != '#')
            count_sentence(line, of);
    free(all);
    fprintf(stderr,
            "%s: hard %d of %d found; false alarms %d of %d (%d hard); ask %d of %d (%d hard)\n",
            name, of[2].hard_hit, of[2].sentences, of[0].hit, of[0].sentences, of[0].hard_hit,
            of[1].hit, of[1].sentences, of[1].hard_hit);
}

Test(wording, corpus)
{
    tally of[3];
    count_corpus("wording_corpus.tsv", of);
    cr_assert_geq(of[0].sentences, 100);
    cr_assert_geq(of[2].sentences, 100);
    cr_expect_eq(of[2].hard_hit, of[2].sentences);
    cr_expect_leq(of[0].hit * 100, of[0].sentences * 2);
    cr_expect_eq(of[1].hit, of[1].sentences);
}

Test(wording, holdout)
{
    tally of[3];
    count_corpus("wording_holdout.tsv", of);
    cr_expect_eq(of[2].hard_hit, of[2].sentences);
    cr_expect_leq(of[0].hit * 100, of[0].sentences * 2);
}

/* ---- places ------------------------------------------------------------------------------------- */

/* Hits come in order, do not overlap, lie within the text and begin at a word. */
Test(wording, offsets)
{
    const char *text = "Zo\xc3\xab: positive for ischemia, ST changes";
    secg_wording_hit hit[8];
    cr_assert_eq(secg_wording_check(text, SECG_WORDING_NOTE, hit, 8), 3);
    static const char *const want[] = {"positive for", "ischemia", "ST changes"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(hit[i].length, strlen(want[i]));
        cr_expect_eq(strncmp(text + hit[i].offset, want[i], hit[i].length), 0);
        cr_expect(hit[i].rule[0]);
    }
}

Test(wording, more_hits_than_room)
{
    const char *text = "ischemia ischemia ischemia";
    secg_wording_hit hit[2] = {{0}};
    cr_expect_eq(secg_wording_check(text, SECG_WORDING_NOTE, NULL, 0), 3);
    cr_expect_eq(secg_wording_check(text, SECG_WORDING_NOTE, hit, 1), 3);
    cr_expect_eq(hit[1].length, 0);
    cr_expect_eq(secg_wording_check(NULL, SECG_WORDING_NOTE, NULL, 0), 0);
}

/* What looks the same to a reader is the same to the guard; what is cut by a word is not. */
Test(wording, folded_forms)
{
    static const char *const same[] = {
        "isch\xc2\xad"
        "emia", /* soft hyphen                       */
        "isch\xe2\x80\x8b"
        "emia",                                      /* zero width space                  */
        "ische\xcc\x81mia",                          /* combining acute                   */
        "isch\xc3\xa9mia",                           /* the same as one character         */
        "\xef\xbc\xa9\xef\xbd\x93\xef\xbd\x83hemia", /* full width                        */
        "ische-\nmia",                               /* parted at the end of a line       */
        "isch\xe2\x80\x90\n  emia",
        "signi\xef\xac\x81"
        "cant CAD",                   /* ligature                          */
        "consistent\xc2\xa0with",     /* no-break space                    */
        "consistent\xe2\x80\x83with", /* em space                          */
        "low\xe2\x80\x91risk",        /* no-break hyphen                   */
        "low \"risk\"",
        "can\xe2\x80\x99t rule out",
        "impression\xef\xbc\x9a fine", /* full-width colon                  */
        "impression \xe2\x80\x93 fine",
    };
    static const char *const other[] = {
        "low. Risk explained", "consistent; with", "impression-free", "schemia", "is chemia",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        secg_wording_hit hit[4];
        cr_expect(secg_wording_check(same[i], SECG_WORDING_NOTE, hit, 4) == 1 && hit[0].hard, "%s",
                  same[i]);
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        cr_expect_eq(secg_wording_check(other[i], SECG_WORDING_NOTE, NULL, 0), 0, "%s", other[i]);
}

/* The descriptor of the resting ECG may name rhythm and conduction, and nothing that judges. */
Test(wording, resting_descriptor)
{
    cr_expect_eq(secg_wording_check("normal sinus rhythm, LBBB", SECG_WORDING_RESTING, NULL, 0), 0);
    cr_expect_eq(secg_wording_check("abnormal, old infarct", SECG_WORDING_RESTING, NULL, 0), 2);
}

/* Every cut of every sentence, and bytes that are no text. */
Test(wording, any_bytes)
{
    for (size_t i = 0; i < SENTENCES; i++)
        for (size_t cut = 0; cut <= strlen(sentences[i].text); cut++) {
            char text[128];
            strcpy(text, sentences[i].text + cut);
            secg_wording_check(text, SECG_WORDING_NOTE, NULL, 0);
        }
    char noise[256];
    unsigned state = 7;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < 255; i++)
            noise[i] = (char)(1 + (state = state * 1664525u + 1013904223u) % 255);
        noise[255] = '\0';
        cr_expect_leq(secg_wording_check(noise, SECG_WORDING_NOTE, NULL, 0), 255);
    }
}
