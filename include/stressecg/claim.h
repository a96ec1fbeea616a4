/* claim.h: what the record still lacks for CPT 93017, and words that do not belong in it.
 * Rules are data, domain.md 7.  The checker never edits. */
#ifndef STRESSECG_CLAIM_H
#define STRESSECG_CLAIM_H

#include "order.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secg_severity { SECG_INFORM = 1, SECG_WARN = 2, SECG_BLOCK = 3 } secg_severity;
SECG_API const char *secg_severity_text(secg_severity severity);

typedef struct secg_finding {
    char rule[8]; /* "D04"                                                    */
    secg_severity severity;
    uint8_t met;        /* 1: the rule is satisfied; evidence says by what          */
    char title[64];     /* the rule in a few words                                  */
    char evidence[200]; /* what was found, or what is missing                       */
    char mend[160];     /* how to mend it; "" when met                              */
} secg_finding;

typedef struct secg_findings secg_findings;

/* Runs every rule of the set on the record, in a fixed order; the list holds each, met or not.
 * order may be NULL: nothing was entered.  NULL: SECG_E_MEMORY in error.  Free after use. */
SECG_API secg_findings *secg_claim_check(const secg_summary *summary, const secg_order *order,
                                         secg_error *error);
SECG_API void secg_findings_free(secg_findings *findings);
SECG_API const secg_finding *secg_findings_list(const secg_findings *findings, size_t *count);
SECG_API const char *secg_claim_rules_version(void);

/* A term that the wording guard found (domain.md 7.4): byte offset and length in the text. */
typedef struct secg_wording_hit {
    size_t offset, length;
    uint8_t hard; /* 1: must not stand in the record; 0: ask                  */
    char rule[40];
} secg_wording_hit;

/* Finds up to `capacity` hits in a text; returns how many there are in all. */
SECG_API size_t secg_wording_check(const char *text, secg_wording_hit *hits, size_t capacity);
SECG_API const char *secg_wording_version(void);

/* What a code that stands for a verdict says, in neutral words; NULL for any other code.  SNOMED CT
 * and DICOM codes of domain.md 1.8; an export must not carry one. */
SECG_API const char *secg_verdict_code_text(const char *code);

#ifdef __cplusplus
}
#endif
#endif
