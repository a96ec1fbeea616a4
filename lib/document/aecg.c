/* HL7 aECG, the annotated ECG of HL7 version 3: the document around the series.
 *
 * The order of elements is that of the schema, which has them in sequence: what the document is,
 * when, who was examined and where, then the series. */
#include "document/aecg.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"
#include "document/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- building blocks -------------------------------------------------------------------------- */

static void check(secg_aecg *a, int written)
{
    a->failed |= written < 0;
}

void secg_aecg_open(secg_aecg *a, const char *element)
{
    check(a, xmlTextWriterStartElement(a->xml, BAD_CAST element));
}

void secg_aecg_close(secg_aecg *a)
{
    check(a, xmlTextWriterEndElement(a->xml));
}

/* XML 1.0 has no control characters but tab and line ends, and libxml2 wants UTF-8. */
static void clean(const char *value, char *text, size_t size)
{
    snprintf(text, size, "%s", value);
    int is_utf8 = xmlCheckUTF8(BAD_CAST text);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c == 0x7f ||
            (!is_utf8 && (unsigned char)*c >= 0x80))
            *c = '?';
}

void secg_aecg_put(secg_aecg *a, const char *attribute, const char *value)
{
    char text[512];
    clean(value, text, sizeof text);
    check(a, xmlTextWriterWriteAttribute(a->xml, BAD_CAST attribute, BAD_CAST text));
}

void secg_aecg_put_number(secg_aecg *a, const char *attribute, double value, int decimals)
{
    char text[40];
    snprintf(text, sizeof text, "%.*f", decimals, value);
    for (char *c = text; *c; c++)
        if (*c == ',')
            *c = '.'; /* whatever the host's locale */
    secg_aecg_put(a, attribute, text);
}

void secg_aecg_text(secg_aecg *a, const char *text)
{
    char kept[512];
    clean(text, kept, sizeof kept);
    check(a, xmlTextWriterWriteString(a->xml, BAD_CAST kept));
}

void secg_aecg_element(secg_aecg *a, const char *element, const char *text)
{
    secg_aecg_open(a, element);
    secg_aecg_text(a, text);
    secg_aecg_close(a);
}

/* An instance is named by an OID under our own: the record's and its place in the document. */
void secg_aecg_id(secg_aecg *a)
{
    char extension[64];
    snprintf(extension, sizeof extension, "%016" PRIx64 "-%" PRId64 "-%" PRIu64, a->summary->digest,
             a->summary->frames, ++a->ids);
    secg_aecg_open(a, "id");
    secg_aecg_put(a, "root", secg_code_system_oid(SECG_CODES_OWN));
    secg_aecg_put(a, "extension", extension);
    secg_aecg_close(a);
}

void secg_aecg_code(secg_aecg *a, secg_code_system system, const char *code, const char *display)
{
    secg_aecg_open(a, "code");
    secg_aecg_put(a, "code", code);
    secg_aecg_put(a, "codeSystem", secg_code_system_oid(system));
    secg_aecg_put(a, "codeSystemName", secg_code_system_name(system));
    if (display)
        secg_aecg_put(a, "displayName", display);
    secg_aecg_close(a);
}

/* ISO 8601 without its signs, as HL7 writes points in time. */
int secg_aecg_time(const secg_aecg *a, int64_t sample, char *text, size_t size)
{
    char iso[40];
    const secg_summary *s = a->summary;
    if (s->start_unix_ms == SECG_NO_SAMPLE || sample == SECG_NO_SAMPLE)
        return 0;
    secg_clock_text(s->start_unix_ms, s->utc_offset_min, secg_seconds(sample, a->rate_hz), iso,
                    sizeof iso);
    if (strlen(iso) < 24 || iso[10] != 'T')
        return 0;
    const char *zone = iso[23] == 'Z' ? "+0000" : iso + 23;
    snprintf(text, size, "%.4s%.2s%.2s%.2s%.2s%.6s%.3s%s", iso, iso + 5, iso + 8, iso + 11,
             iso + 14, iso + 17, zone, zone[3] == ':' ? zone + 4 : zone + 3);
    return 1;
}

const char *secg_aecg_null(const secg_aecg *a)
{
    return a->summary->deidentified ? "MSK" : "UNK";
}

void secg_aecg_period(secg_aecg *a, int64_t from, int64_t to)
{
    char low[40], high[40];
    secg_aecg_open(a, "effectiveTime");
    if (!secg_aecg_time(a, from, low, sizeof low) || !secg_aecg_time(a, to, high, sizeof high)) {
        secg_aecg_put(a, "nullFlavor", secg_aecg_null(a));
        secg_aecg_close(a);
        return;
    }
    secg_aecg_open(a, "low");
    secg_aecg_put(a, "value", low);
    secg_aecg_close(a);
    secg_aecg_open(a, "high");
    secg_aecg_put(a, "value", high);
    secg_aecg_close(a);
    secg_aecg_close(a);
}

/* ---- who was examined ------------------------------------------------------------------------- */

static void put_birth(secg_aecg *a)
{
    secg_date date;
    char text[16];
    if (!secg_date_parse(a->order->patient.birth_date, &date))
        return;
    snprintf(text, sizeof text, "%04d%02d%02d", date.year, date.month, date.day);
    secg_aecg_open(a, "birthTime");
    secg_aecg_put(a, "value", text);
    secg_aecg_close(a);
}

static void put_person(secg_aecg *a)
{
    const secg_order *o = a->order;
    char sex[2] = {a->summary->patient.sex, '\0'};
    const char *gender = o->patient.sex[0] ? o->patient.sex : sex;
    secg_aecg_open(a, "subjectDemographicPerson");
    if (o->patient.name[0] && !a->summary->deidentified)
        secg_aecg_element(a, "name", o->patient.name);
    if (strcmp(gender, "M") == 0 || strcmp(gender, "F") == 0) {
        secg_aecg_open(a, "administrativeGenderCode");
        secg_aecg_put(a, "code", gender);
        secg_aecg_put(a, "codeSystem", "2.16.840.1.113883.5.1");
        secg_aecg_close(a);
    }
    put_birth(a);
    secg_aecg_close(a);
}

/* The format was made for trials, so the person is a trial's subject; a test outside of one has a
 * trial of no name. */
static void put_subject(secg_aecg *a)
{
    static const char *const path[] = {"componentOf", "timepointEvent", "componentOf",
                                       "subjectAssignment"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        secg_aecg_open(a, path[i]);
    secg_aecg_open(a, "subject");
    secg_aecg_open(a, "trialSubject");
    secg_aecg_open(a, "id");
    secg_aecg_put(a, "root", secg_code_system_oid(SECG_CODES_OWN));
    if (a->order->patient.id[0])
        secg_aecg_put(a, "extension", a->order->patient.id);
    secg_aecg_close(a);
    put_person(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_open(a, "componentOf");
    secg_aecg_open(a, "clinicalTrial");
    secg_aecg_open(a, "id");
    secg_aecg_put(a, "nullFlavor", "NA");
    secg_aecg_close(a);
    secg_aecg_close(a);
    secg_aecg_close(a);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        secg_aecg_close(a);
}

/* ---- the document ----------------------------------------------------------------------------- */

static secg_status put_document(secg_aecg *a)
{
    check(a, xmlTextWriterStartDocument(a->xml, "1.0", "UTF-8", NULL));
    secg_aecg_open(a, "AnnotatedECG");
    secg_aecg_put(a, "xmlns", "urn:hl7-org:v3");
    secg_aecg_put(a, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    secg_aecg_put(a, "type", "Observation");
    secg_aecg_id(a);
    secg_aecg_open(a, "code");
    secg_aecg_put(a, "code", "93017");
    secg_aecg_put(a, "codeSystem", "2.16.840.1.113883.6.12");
    secg_aecg_put(a, "codeSystemName", "CPT-4");
    secg_aecg_close(a);
    if (a->summary->deidentified)
        secg_aecg_element(a, "text", "De-identified; dates are removed or moved.");
    secg_aecg_period(a, 0, a->summary->frames);
    put_subject(a);
    secg_status status = secg_aecg_put_series(a);
    secg_aecg_close(a);
    check(a, xmlTextWriterEndDocument(a->xml));
    return status;
}

static int write_bytes(void *file, const char *bytes, int length)
{
    FILE *stream = file;
    if (!ferror(stream))
        fwrite(bytes, 1, (size_t)length, stream);
    return length; /* a failure stays with the stream, whose close reports it */
}

static secg_status write_document(secg_aecg *a, FILE *stream, secg_error *error)
{
    xmlOutputBufferPtr buffer = xmlOutputBufferCreateIO(write_bytes, NULL, stream, NULL);
    a->xml = buffer ? xmlNewTextWriter(buffer) : NULL;
    if (!a->xml)
        return secg_fail(error, SECG_E_MEMORY, "no memory for the aECG document");
    xmlTextWriterSetIndent(a->xml, 1);
    secg_status status = put_document(a);
    check(a, xmlTextWriterFlush(a->xml));
    xmlFreeTextWriter(a->xml);
    if (status != SECG_OK)
        return secg_fail(error, status, "the tracing could not be read: %s",
                         secg_status_text(status));
    return a->failed ? secg_fail(error, SECG_E_MEMORY, "no memory for the aECG document") : SECG_OK;
}

secg_status secg_export_aecg(const secg_summary *summary, const secg_order *order,
                             const secg_tracing *tracing, const char *path, secg_error *error)
{
    static const secg_order none;
    if (!summary || !path || !summary->signal)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "summary" : "path");
    if (!summary->calibrated)
        return secg_fail(error, SECG_E_STATE, "the gain is not known, so there are no microvolts");
    secg_status status = secg_refuse_verdicts(summary, order, error);
    if (status != SECG_OK)
        return status;
    secg_aecg a = {.summary = summary,
                   .order = order ? order : &none,
                   .tracing = tracing && tracing->read ? tracing : NULL,
                   .rate_hz = summary->signal->rate_hz};
    secg_atomic_file out;
    status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    status = write_document(&a, out.stream, error);
    return secg_atomic_close(&out, status, error);
}
