/* What a rule looks at and how it answers. */
#ifndef SECG_DOCUMENT_CLAIM_CASE_H
#define SECG_DOCUMENT_CLAIM_CASE_H

#include <stressecg/claim.h>

typedef struct secg_case {
    const secg_summary *summary;
    const secg_order *order; /* never NULL                                              */
    const secg_claim_site *site;
    const secg_duplicates *duplicates; /* NULL: not looked up                               */
    const secg_finding *done;          /* of the rules above this one in the table          */
    size_t done_count;
    double rate_hz;
    uint32_t present; /* the bit of secg_claim_rule.when that is now                        */
} secg_case;

/* Answers whether the rule is met, and says by what, or what is missing, with secg_say.  It may
 * lower finding->severity where domain.md lets a reason excuse. */
typedef int (*secg_rule_check)(const secg_case *c, secg_finding *finding);

typedef struct secg_rule {
    secg_claim_rule about;
    secg_rule_check check;
} secg_rule;

/* Adds to the evidence; what does not fit is cut between words. */
void secg_say(secg_finding *finding, const char *format, ...) SECG_PRINTF(2, 3);
/* The same, after ", " or at the beginning: lists of what is missing. */
void secg_list(secg_finding *finding, const char *format, ...) SECG_PRINTF(2, 3);

/* The same, with nothing in between. */
void secg_go_on(secg_finding *finding, const char *format, ...) SECG_PRINTF(2, 3);
/* The same, for what can be obtained only at some times (bits of secg_claim_rule.when). */
void secg_lack(const secg_case *c, secg_finding *finding, uint32_t when, const char *format, ...)
    SECG_PRINTF(4, 5);
/* Notes in the finding when something that is missing can be had. */
void secg_set_when(const secg_case *c, secg_finding *finding, uint32_t when);
/* What is missing weighs `severity`: the heaviest counts.  Begin with secg_weigh_nothing. */
void secg_weigh_nothing(secg_finding *finding);
void secg_weigh(secg_finding *finding, secg_severity severity);

int secg_is_blank(const char *text);
/* Contains the word, without regard to ASCII case. */
int secg_mentions(const char *text, const char *word);

/* ---- the course of the test ---- */
int secg_did_exercise(const secg_case *c);
/* The last sample that belongs to the test: its end, else that of recovery, of exercise. */
int64_t secg_test_end(const secg_case *c);
int64_t secg_samples(const secg_case *c, double seconds);
/* The phase that holds a sample; SECG_PHASE_PRETEST for all before exercise. */
secg_phase secg_phase_of(const secg_case *c, int64_t sample);
/* The next fact of a kind from index `from` on; NULL: none.  *index: its place. */
const secg_fact *secg_next_fact(const secg_case *c, secg_fact_kind kind, size_t from,
                                size_t *index);
/* People of the order, bounded. */
int secg_people(const secg_case *c);
int secg_code_count(const secg_case *c);
/* The day of the test as its place's clocks show it; 0: the start is not stated. */
int secg_test_day(const secg_case *c, int64_t *day);
/* Who performed: the facility, unless a performing person is of another entity. */
const char *secg_performing_entity(const secg_order *order);
/* Who bills: the facility, unless another entity is stated. */
const char *secg_billing_entity(const secg_order *order);
int secg_is_drug_test(const secg_case *c);
secg_placement secg_case_placement(const secg_case *c);

/* Whether a rule above is satisfied, or lacks only what a stated reason excuses. */
int secg_holds(const secg_case *c, const char *rule);

/* ---- the rules, by subject ---- */
extern const secg_rule secg_rules[];
extern const size_t secg_rule_count;

#define SECG_RULE(name) int secg_rule_##name(const secg_case *c, secg_finding *finding)
SECG_RULE(d01);
SECG_RULE(d02);
SECG_RULE(d03);
SECG_RULE(d04);
SECG_RULE(d05);
SECG_RULE(d06);
SECG_RULE(d07);
SECG_RULE(d08);
SECG_RULE(d09);
SECG_RULE(d10);
SECG_RULE(d11);
SECG_RULE(d12);
SECG_RULE(d13);
SECG_RULE(d14);
SECG_RULE(d15);
SECG_RULE(d16);
SECG_RULE(d17);
SECG_RULE(d18);
SECG_RULE(n01);
SECG_RULE(n02);
SECG_RULE(n03);
SECG_RULE(n04);
SECG_RULE(n05);
SECG_RULE(n06);
SECG_RULE(n07);
SECG_RULE(n08);
SECG_RULE(n09);
SECG_RULE(n10);
SECG_RULE(n11);
SECG_RULE(n12);
SECG_RULE(n13);
SECG_RULE(n14);
SECG_RULE(f01);
SECG_RULE(f02);
SECG_RULE(f03);
SECG_RULE(f04);
SECG_RULE(f05);
SECG_RULE(f06);
SECG_RULE(f07);
SECG_RULE(f08);

#endif
