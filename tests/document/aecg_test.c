/* The aECG document: elements in the order of HL7's schema, the samples that went in, and nothing
 * where nothing was acquired. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/export.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLES = 400, CAPACITY = 500 };

static fixture f;
static secg_complex complexes[FIXTURE_STAGES][FIXTURE_LEADS];
static float complex_mv[FIXTURE_STAGES][FIXTURE_LEADS * CAPACITY];
static char folder[64], path[128];
static xmlXPathContextPtr xpath;

/* A ramp of a microvolt a sample, another in each channel; channel 3 has a gap in stage 2. */
static float sample_mv(int64_t n, int channel)
{
    return (float)(n % 2000) / 1000 - (float)channel;
}

static secg_status read_ramp(void *context, int64_t from, size_t frames, float *mv)
{
    int gap = *(int *)context;
    for (size_t n = 0; n < frames; n++)
        for (int k = 0; k < 8; k++) {
            int64_t at = from + (int64_t)n;
            mv[n * 8 + (size_t)k] =
                gap && k == 3 && at == f.stage[STAGE_2].end - 100 ? NAN : sample_mv(at, k);
        }
    return SECG_OK;
}

static void make(void)
{
    fixture_make(&f);
    strcpy(f.order.patient.id, "MRN <7> & \"8\"");
    f.summary.complex_capacity = CAPACITY;
    for (int i = 0; i < FIXTURE_STAGES; i++) {
        for (int k = 0; k < FIXTURE_LEADS; k++) {
            complexes[i][k] = (secg_complex){.sample = f.stage[i].end,
                                             .rate_hz = FIXTURE_RATE_HZ,
                                             .samples = SAMPLES,
                                             .r_index = 140,
                                             .p_onset_ms = -180,
                                             .qrs_onset_ms = -40,
                                             .j_ms = 52,
                                             .t_end_ms = 330,
                                             .bpm = 101,
                                             .beats = 20,
                                             .st = f.st[i][k]};
            for (int n = 0; n < SAMPLES; n++)
                complex_mv[i][k * CAPACITY + n] = 0.001f * (float)(n - k);
        }
        f.stage[i].complex = complexes[i];
        f.stage[i].complex_mv = complex_mv[i];
    }
    fixture_path(folder, path, sizeof path, "aecg.xml");
}

static void forget(void)
{
    fixture_forget(folder);
}

TestSuite(aecg, .init = make, .fini = forget);

static xmlDocPtr load(void)
{
    xmlDocPtr document = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_HUGE);
    cr_assert_not_null(document);
    xpath = xmlXPathNewContext(document);
    xmlXPathRegisterNs(xpath, BAD_CAST "h", BAD_CAST "urn:hl7-org:v3");
    return document;
}

static xmlDocPtr export(int gap)
{
    secg_error error = {0};
    secg_tracing tracing = {&gap, read_ramp};
    cr_assert_eq(secg_export_aecg(&f.summary, &f.order, &tracing, path, &error), SECG_OK, "%s",
                 error.text);
    return load();
}

static void unload(xmlDocPtr document)
{
    xmlXPathFreeContext(xpath);
    xmlFreeDoc(document);
}

static double number(const char *expression)
{
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST expression, xpath);
    cr_assert_not_null(found, "%s", expression);
    double value = xmlXPathCastToNumber(found);
    xmlXPathFreeObject(found);
    return value;
}

static char *string(const char *expression)
{
    static char text[16][64];
    static int next;
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST expression, xpath);
    cr_assert_not_null(found, "%s", expression);
    xmlChar *value = xmlXPathCastToString(found);
    char *kept = text[next++ % 16];
    snprintf(kept, 64, "%s", (const char *)value);
    xmlFree(value);
    xmlXPathFreeObject(found);
    return kept;
}

/* Each child of an element of the schema's sequences comes at or after the one before it. */
static void expect_order(const char *element, const char *const *children)
{
    char expression[64];
    snprintf(expression, sizeof expression, "//h:%s", element);
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST expression, xpath);
    cr_assert_gt(found->nodesetval->nodeNr, 0, "no %s", element);
    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        int place = 0;
        for (xmlNodePtr c = found->nodesetval->nodeTab[i]->children; c; c = c->next) {
            if (c->type != XML_ELEMENT_NODE)
                continue;
            while (children[place] && strcmp(children[place], (const char *)c->name) != 0)
                place++;
            cr_assert_not_null(children[place], "%s in %s is out of its place", c->name, element);
        }
    }
    xmlXPathFreeObject(found);
}

Test(aecg, elements_in_the_order_of_the_schema)
{
    static const char *const root[] = {"id",          "code",      "text", "effectiveTime",
                                       "componentOf", "component", NULL};
    static const char *const series[] = {"id",        "code",       "effectiveTime", "author",
                                         "component", "derivation", "subjectOf",     NULL};
    static const char *const derived[] = {"id",        "code",      "effectiveTime",
                                          "component", "subjectOf", NULL};
    static const char *const sequence[] = {"code", "value", NULL};
    static const char *const set[] = {"activityTime", "component", NULL};
    static const char *const annotation[] = {"code", "value", "support", NULL};
    static const char *const subject[] = {"id", "subjectDemographicPerson", NULL};
    static const char *const person[] = {"name", "administrativeGenderCode", "birthTime", NULL};
    xmlDocPtr document = export(0);
    expect_order("AnnotatedECG", root);
    expect_order("series", series);
    expect_order("derivedSeries", derived);
    expect_order("sequence", sequence);
    expect_order("annotationSet", set);
    expect_order("annotation", annotation);
    expect_order("trialSubject", subject);
    expect_order("subjectDemographicPerson", person);
    cr_expect_float_eq(number("count(//h:series)"), FIXTURE_STAGES, 0);
    cr_expect_float_eq(number("count(//h:derivedSeries)"), FIXTURE_STAGES, 0);
    cr_expect_float_eq(number("count(//h:id[not(@root) and not(@nullFlavor)])"), 0, 0);
    unload(document);
}

/* value = origin + scale * digit, in microvolts: what came from the reader, lead by lead. */
static void expect_digits(const char *where, int samples, double (*want_uv)(int n))
{
    char expression[512];
    snprintf(expression, sizeof expression, "string(%s/h:value/h:digits)", where);
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST expression, xpath);
    char *at = (char *)found->stringval;
    for (int n = 0; n < samples; n++) {
        double got = (double)strtol(at, &at, 10);
        cr_assert_float_eq(got, want_uv(n), 0.501, "sample %d: %g", n, got);
    }
    cr_expect_eq(strspn(at, " \n"), strlen(at), "more than %d samples", samples);
    xmlXPathFreeObject(found);
}

static double ramp_of_v2(int n)
{
    return 1000 * (double)sample_mv(f.stage[STAGE_1].end - 5000 + n, 3);
}

static double ramp_of_avf(int n) /* II - I/2 */
{
    int64_t at = f.stage[STAGE_1].end - 5000 + n;
    return 1000 * ((double)sample_mv(at, 1) - (double)sample_mv(at, 0) / 2);
}

static double complex_of_lead_4(int n)
{
    return n - 4;
}

#define SERIES     "(//h:series)[3]"
#define LEAD(name) "//h:sequence[h:code/@code='MDC_ECG_LEAD_" name "']"

Test(aecg, samples_are_those_acquired)
{
    xmlDocPtr document = export(0);
    expect_digits(SERIES "/h:component" LEAD("V2"), 5000, ramp_of_v2);
    expect_digits(SERIES "/h:component" LEAD("AVF"), 5000, ramp_of_avf);
    expect_digits(SERIES "/h:derivation" LEAD("V3"), SAMPLES, complex_of_lead_4);
    cr_expect_str_eq(string(SERIES "/h:component" LEAD("V2") "/h:value/h:scale/@unit"), "uV");
    cr_expect_float_eq(number(SERIES "/h:component" LEAD("V2") "/h:value/h:scale/@value"), 1, 0);
    cr_expect_float_eq(number("count(" SERIES "/h:component/h:sequenceSet/h:component)"), 13, 0);
    cr_expect_str_eq(string(SERIES "/h:code/@code"), "RHYTHM");
    cr_expect_str_eq(string(SERIES "//h:derivedSeries/h:code/@code"), "REPRESENTATIVE_BEAT");
    unload(document);
}

/* ---- every series, every lead ------------------------------------------------------------------- */

/* What a lead of a strip or of an average holds at sample n, in microvolts. */
static double want_uv(int stage, int is_strip, int lead, int64_t n, int64_t count)
{
    const secg_lead_source *source = &f.lead[lead];
    int64_t at = f.stage[stage].end - count + n;
    if (!is_strip)
        return (double)n - lead;
    if (source->channel >= 0)
        return 1000 * (double)sample_mv(at, source->channel);
    return 1000 * ((double)source->from_i * (double)sample_mv(at, source->channel_i) +
                   (double)source->from_ii * (double)sample_mv(at, source->channel_ii));
}

/* The digits of a sequence, decoded: origin + scale * digit. */
static void expect_sequence(xmlNodePtr sequence, int stage, int is_strip, int lead, int64_t count)
{
    xmlXPathSetContextNode(sequence, xpath);
    double origin = number("number(h:value/h:origin/@value)");
    double scale = number("number(h:value/h:scale/@value)");
    xmlXPathObjectPtr digits = xmlXPathEvalExpression(BAD_CAST "string(h:value/h:digits)", xpath);
    char *at = (char *)digits->stringval, *end;
    int64_t n = 0;
    for (;; n++, at = end) {
        double got = origin + scale * (double)strtol(at, &end, 10);
        if (end == at)
            break;
        double want = want_uv(stage, is_strip, lead, n, count);
        cr_assert_float_eq(got, want, 0.501, "stage %d, lead %d, sample %d: %g, not %g", stage,
                           lead, (int)n, got, want);
    }
    cr_expect_eq(n, count, "stage %d, lead %d: %d samples", stage, lead, (int)n);
    xmlXPathFreeObject(digits);
}

static void expect_sequences(xmlNodePtr set, int stage, int is_strip, int64_t count)
{
    xmlXPathSetContextNode(set, xpath);
    xmlXPathObjectPtr found =
        xmlXPathEvalExpression(BAD_CAST "h:component/h:sequence[h:value/h:digits]", xpath);
    cr_assert_eq(found->nodesetval->nodeNr, FIXTURE_LEADS);
    for (int lead = 0; lead < FIXTURE_LEADS; lead++)
        expect_sequence(found->nodesetval->nodeTab[lead], stage, is_strip, lead, count);
    xmlXPathFreeObject(found);
    xmlXPathSetContextNode(xmlDocGetRootElement(xpath->doc), xpath);
}

static void expect_sets(const char *where, int is_strip)
{
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST where, xpath);
    cr_assert_eq(found->nodesetval->nodeNr, FIXTURE_STAGES);
    for (int stage = 0; stage < FIXTURE_STAGES; stage++) {
        int64_t length = f.stage[stage].end - f.stage[stage].start;
        int64_t strip = length < 10 * FIXTURE_RATE_HZ ? length : 10 * FIXTURE_RATE_HZ;
        expect_sequences(found->nodesetval->nodeTab[stage], stage, is_strip,
                         is_strip ? strip : SAMPLES);
    }
    xmlXPathFreeObject(found);
}

Test(aecg, every_sample_comes_back)
{
    xmlDocPtr document = export(0);
    expect_sets("//h:series/h:component/h:sequenceSet", 1);
    expect_sets("//h:derivedSeries/h:component/h:sequenceSet", 0);
    unload(document);
}

/* What the schema requires of each element that bears a code, a value or a unit. */
Test(aecg, attributes_codes_and_units)
{
    xmlDocPtr document = export(0);
    cr_expect_float_eq(number("count(//h:code[not(@code) or not(@codeSystem)])"), 0, 0);
    cr_expect_float_eq(number("count(//h:sequence/h:value[not(@*[local-name()='type'])])"), 0, 0);
    cr_expect_float_eq(number("count(//h:annotation/h:value[@value][not(@unit)])"), 0, 0);
    cr_expect_float_eq(number("count(//*[@unit][not(@unit='uV' or @unit='ms' or @unit='s' or "
                              "@unit='bpm' or @unit='/min' or @unit='mV/s' or "
                              "@unit='uV/s')])"),
                       0, 0);
    cr_expect_float_eq(number("count(//h:sequence[h:value/h:digits][not(h:value/h:origin/@unit)])"),
                       0, 0);
    cr_expect_float_eq(number("count(//h:sequence[h:value/h:digits][h:value/h:scale/@value <= 0])"),
                       0, 0);
    cr_expect_float_eq(number("count(//h:sequenceSet[count(h:component[h:sequence/h:value/"
                              "h:increment]) != 1])"),
                       0, 0, "one sequence of times in each set");
    cr_expect_float_eq(number("count(//h:codeSystem[. = ''])"), 0, 0);
    cr_expect_float_eq(number("count(//*[local-name()='interpretation' or "
                              "local-name()='interpretationStatement'])"),
                       0, 0);
    unload(document);
}

Test(aecg, times)
{
    xmlDocPtr document = export(0);
    const char *const head =
        SERIES "/h:component//h:sequence[h:code/@code='TIME_ABSOLUTE']/h:value";
    char expression[256];
    snprintf(expression, sizeof expression, "%s/h:head/@value", head);
    cr_expect_str_eq(string(expression), "20260105090450.000+0000");
    snprintf(expression, sizeof expression, "%s/h:increment/@value", head);
    cr_expect_float_eq(number(expression), 0.002, 1e-9);
    cr_expect_str_eq(string("/h:AnnotatedECG/h:effectiveTime/h:low/@value"),
                     "20260105090000.000+0000");
    unload(document);
    f.summary.start_unix_ms = SECG_NO_SAMPLE;
    document = export(0);
    cr_expect_float_eq(number("count(//h:code[@code='TIME_ABSOLUTE'])"), 0, 0);
    cr_expect_str_eq(string("/h:AnnotatedECG/h:effectiveTime/@nullFlavor"), "UNK");
    unload(document);
}

Test(aecg, measurements_of_the_average)
{
    xmlDocPtr document = export(0);
    cr_expect_float_eq(
        number(SERIES "//h:annotation[h:code/@code='MDC_ECG_HEART_RATE']/h:value/@value"), 101, 0);
    cr_expect_float_eq(
        number(SERIES "//h:annotation[h:code/@code='MDC_ECG_TIME_PD_PR']/h:value/@value"), 140, 0);
    cr_expect_float_eq(
        number(SERIES "//h:annotation[h:code/@code='MDC_ECG_TIME_PD_QRS']/h:value/@value"), 92, 0);
    cr_expect_float_eq(
        number(SERIES "//h:annotation[h:code/@code='MDC_ECG_TIME_PD_QT']/h:value/@value"), 370, 0);
    const char *const st = SERIES "//h:annotation[h:code/@code='MDC_ECG_AMPL_ST_V5']";
    char expression[256];
    snprintf(expression, sizeof expression, "%s/h:value/@value", st);
    for (int k = 0; k < FIXTURE_LEADS; k++)
        if (f.lead[k].lead == SECG_LEAD_V5)
            cr_expect_float_eq(number(expression), -10.0 * k, 0.06);
    snprintf(expression, sizeof expression, "%s//h:boundary/h:code/@code", st);
    cr_expect_str_eq(string(expression), "MDC_ECG_LEAD_V5");
    unload(document);
}

/* No sample is made up: a lead with a gap is left out of that strip, and of no other. */
Test(aecg, a_gap_leaves_the_lead_out)
{
    xmlDocPtr document = export(1);
    cr_expect_float_eq(number("count((//h:series)[4]/h:component" LEAD("V2") ")"), 0, 0);
    cr_expect_float_eq(number("count((//h:series)[4]/h:component" LEAD("V3") ")"), 1, 0);
    cr_expect_float_eq(number("count((//h:series)[3]/h:component" LEAD("V2") ")"), 1, 0);
    cr_expect_float_eq(number("count((//h:series)[4]//comment()[contains(., 'V2')])"), 1, 0);
    unload(document);
}

Test(aecg, whose_it_is)
{
    strcpy(f.order.patient.name, "M\x01ller \xff");
    xmlDocPtr document = export(0);
    cr_expect_str_eq(string("//h:trialSubject/h:id/@extension"), "MRN <7> & \"8\"");
    cr_expect_str_eq(string("//h:subjectDemographicPerson/h:name"), "M?ller ?");
    cr_expect_str_eq(string("//h:administrativeGenderCode/@code"), "F");
    cr_expect_str_eq(string("//h:birthTime/@value"), "19680314");
    unload(document);
}

static secg_status refuse(void *context, int64_t from, size_t frames, float *mv)
{
    (void)context, (void)from, (void)frames, (void)mv;
    return SECG_E_FILE;
}

Test(aecg, refusals_leave_nothing)
{
    secg_error error = {0};
    secg_tracing tracing = {NULL, refuse};
    cr_expect_eq(secg_export_aecg(&f.summary, NULL, &tracing, path, &error), SECG_E_FILE);
    cr_expect_neq(access(path, F_OK), 0);
    f.summary.calibrated = 0;
    cr_expect_eq(secg_export_aecg(&f.summary, NULL, NULL, path, &error), SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "gain"));
    cr_expect_eq(secg_export_aecg(NULL, NULL, NULL, path, &error), SECG_E_ARGUMENT);
    cr_expect_neq(access(path, F_OK), 0);
    f.summary.calibrated = 1;
    cr_expect_eq(secg_export_aecg(&f.summary, NULL, NULL, path, &error), SECG_OK);
    xmlDocPtr document = load();
    cr_expect_float_eq(number("count(//h:series/h:component)"), 0, 0, "no tracing, no strips");
    cr_expect_float_eq(number("count(//h:derivedSeries)"), FIXTURE_STAGES, 0);
    unload(document);
}
