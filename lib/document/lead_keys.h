/* What the leads are called in our files. */
#ifndef SECG_DOCUMENT_LEAD_KEYS_H
#define SECG_DOCUMENT_LEAD_KEYS_H

#include <stressecg/summary.h>

/* One key for each lead, no two alike: of channels that bear one name, the second becomes "ECG#2". */
typedef struct secg_lead_keys {
    char key[SECG_MAX_LEADS][24];
    size_t count;
} secg_lead_keys;

secg_lead_keys secg_make_lead_keys(const secg_summary *summary);

#endif
