/* An aECG document being written: elements and attributes of HL7 v3 XML. */
#ifndef SECG_DOCUMENT_AECG_H
#define SECG_DOCUMENT_AECG_H

#include "document/codes.h"

#include <libxml/xmlwriter.h>
#include <stressecg/export.h>

typedef struct secg_aecg {
    xmlTextWriterPtr xml;
    const secg_summary *summary;
    const secg_order *order;     /* never NULL */
    const secg_tracing *tracing; /* NULL: none */
    double rate_hz;
    uint64_t ids; /* given so far */
    int failed;   /* the writer did: no memory */
} secg_aecg;

void secg_aecg_open(secg_aecg *a, const char *element);
void secg_aecg_close(secg_aecg *a);
/* An attribute of the element that is open; bytes that no XML may hold become '?'. */
void secg_aecg_put(secg_aecg *a, const char *attribute, const char *value);
void secg_aecg_put_number(secg_aecg *a, const char *attribute, double value, int decimals);
void secg_aecg_text(secg_aecg *a, const char *text);
void secg_aecg_element(secg_aecg *a, const char *element, const char *text);

/* <id root="..."/> of its own. */
void secg_aecg_id(secg_aecg *a);
/* <code code=... codeSystem=... codeSystemName=... displayName=.../> */
void secg_aecg_code(secg_aecg *a, secg_code_system system, const char *code, const char *display);
/* Why there is no time, as HL7 says it: masked, or unknown. */
const char *secg_aecg_null(const secg_aecg *a);
/* <effectiveTime><low/><high/></effectiveTime>, empty when the start is not known. */
void secg_aecg_period(secg_aecg *a, int64_t from, int64_t to);
/* "20261123104213.250+0100"; 0 when the start is not known. */
int secg_aecg_time(const secg_aecg *a, int64_t sample, char *text, size_t size);

/* The series of the stages, and what is derived from each: aecg_series.c.  What the tracing's
 * reader returned when it failed. */
secg_status secg_aecg_put_series(secg_aecg *a);

#endif
