/* A complete summary and order, made by hand: every rule is met.  Tests break one element each. */
#ifndef TESTS_DOCUMENT_FIXTURE_H
#define TESTS_DOCUMENT_FIXTURE_H

#include <stressecg/claim.h>

#define FIXTURE_RATE_HZ 500

enum { FIXTURE_STAGES = 7, FIXTURE_LEADS = 12, FIXTURE_FACTS = 16, FIXTURE_RATES = 840 };
/* Rows of the stage table. */
enum { SUPINE, STANDING, STAGE_1, STAGE_2, RECOVERY_1, RECOVERY_2, RECOVERY_3 };
/* Facts, in order of time. */
enum {
    FACT_SUPINE,
    FACT_REST_SYMPTOM,
    FACT_RESTING_ECG,
    FACT_REST_BP,
    FACT_STAGE_1,
    FACT_BP_1,
    FACT_PAIN,
    FACT_STAGE_2,
    FACT_BP_2,
    FACT_RECOVERY,
    FACT_RECOVERY_BP_1,
    FACT_RECOVERY_BP_2,
    FACT_RECOVERY_SYMPTOM,
    FACT_ADVERSE,
    FACT_END
};

typedef struct fixture {
    secg_summary summary;
    secg_signal signal;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_protocol protocol;
    secg_stage_summary stage[FIXTURE_STAGES];
    secg_st st[FIXTURE_STAGES][FIXTURE_LEADS];
    secg_fact fact[FIXTURE_FACTS + 4];
    secg_rate rate[FIXTURE_RATES];
    secg_beat beat[3];
    secg_rhythm rhythm[1];
    secg_gap gap[4];
    secg_order order;
    secg_duplicates duplicates;
    secg_claim_site site; /* the defaults; options point to it where a test says so       */
    secg_claim_options options;
} fixture;

void fixture_make(fixture *f);

/* Everything in a file; the caller frees it. */
char *fixture_contents(const char *path, size_t *size);
/* A path in a fresh folder under /tmp, which fixture_forget removes. */
const char *fixture_path(char folder[64], char *path, size_t size, const char *name);
void fixture_forget(const char *folder);

#endif
