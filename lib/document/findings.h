/* What a check came to. */
#ifndef SECG_DOCUMENT_FINDINGS_H
#define SECG_DOCUMENT_FINDINGS_H

#include <stressecg/claim.h>

struct secg_findings {
    secg_claim_site site; /* the limits that decided                                         */
    uint8_t during;
    size_t count;
    secg_finding finding[];
};

/* The numbers of secg_claim_site, by their names in the site's file; ended by one without name. */
typedef struct secg_site_limit {
    const char *name;
    size_t offset;
    double low, high;
} secg_site_limit;
extern const secg_site_limit secg_site_limits[];

#endif
