/* A FHIR R4 bundle being built: each resource an entry with an id, named by others by that id. */
#ifndef SECG_DOCUMENT_FHIR_H
#define SECG_DOCUMENT_FHIR_H

#include "document/codes.h"
#include "document/json_build.h"

#include <stressecg/order.h>

enum { SECG_FHIR_REFERENCE = 48, SECG_FHIR_TIME = 40 };

typedef struct secg_fhir {
    secg_build b;
    const secg_summary *summary;
    const secg_order *order; /* never NULL */
    json_t *entries, *results;
    uint64_t seed;
    uint64_t resources; /* so far */
    char patient[SECG_FHIR_REFERENCE], request[SECG_FHIR_REFERENCE];
    char procedure[SECG_FHIR_REFERENCE], facility[SECG_FHIR_REFERENCE];
    char software[SECG_FHIR_REFERENCE], ecg[SECG_FHIR_REFERENCE];
    char staff[SECG_MAX_STAFF][SECG_FHIR_REFERENCE];
} secg_fhir;

/* A new resource of a type; its reference is put into `reference` (may be NULL). */
json_t *secg_fhir_add(secg_fhir *f, const char *type, char reference[SECG_FHIR_REFERENCE]);

/* {"reference": "urn:uuid:..."}; nothing for "". */
void secg_fhir_refer(secg_fhir *f, json_t *to, const char *key, const char *reference);
/* A CodeableConcept. */
json_t *secg_fhir_concept(secg_fhir *f, json_t *to, const char *key, const secg_code *code);
void secg_fhir_text_concept(secg_fhir *f, json_t *to, const char *key, const char *text);
json_t *secg_fhir_coding(secg_fhir *f, json_t *concept, const char *system, const char *code,
                         const char *display);
/* A Quantity in UCUM. */
json_t *secg_fhir_quantity(secg_fhir *f, json_t *to, const char *key, double value, int decimals,
                           const char *ucum);
/* valueQuantity, or dataAbsentReason with the reason in words. */
void secg_fhir_value(secg_fhir *f, json_t *to, secg_value value, int decimals, const char *ucum);
/* Wall-clock time of a sample; 0 when there is none. */
int secg_fhir_time(const secg_fhir *f, int64_t sample, char text[SECG_FHIR_TIME]);

/* Who, where and with what: fhir_context.c.  What was measured and entered: fhir_observations.c. */
void secg_fhir_put_context(secg_fhir *f);
void secg_fhir_put_figures(secg_fhir *f);
void secg_fhir_put_stages(secg_fhir *f);
void secg_fhir_put_facts(secg_fhir *f);

#endif
