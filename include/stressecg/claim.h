/* claim.h: what the record still lacks for CPT 93017, and words that do not belong in it.
 * Rules are data, domain.md 7.  The checker never edits. */
#ifndef STRESSECG_CLAIM_H
#define STRESSECG_CLAIM_H

#include "order.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secg_severity { SECG_INFORM = 1, SECG_WARN = 2, SECG_BLOCK = 3 } secg_severity;
SECG_API const char *secg_severity_text(secg_severity severity); /* "inform", "warn", "block" */

/* When something can be obtained: bits. */
enum {
    SECG_WHEN_REST = 1,     /* before exercise or infusion begins                           */
    SECG_WHEN_EXERCISE = 2, /* during it                                                    */
    SECG_WHEN_RECOVERY = 4,
    SECG_WHEN_AFTER = 8, /* from papers, or by whoever signs                              */
    SECG_WHEN_ANY = 15
};

/* ---- rules --------------------------------------------------------------------------------- */

typedef struct secg_claim_rule {
    const char *id; /* "D04"                                                         */
    secg_severity severity;
    const char *origin; /* "D": required element of the guide to 93017; "N": reason for
                              denial; "F": further statement of it; "G": general knowledge   */
    const char *title;  /* the rule in a few words                                      */
    const char *where;  /* where in the record the evidence stands: names of TEST.json, and
                              of summary.json behind "summary:"                              */
    const char *mend;   /* how to mend it                                               */
    const char *needs;  /* what must be there, separated by blanks: names of TEST.json, of the
                          tracing and its course, ids of rules that must be met.  Each that is
                          taken away alone makes this rule fail.  "performer" and "supervisor"
                          are the people of staff who did that                              */
    uint32_t when;      /* bits: when it can be obtained                                */
} secg_claim_rule;

/* Rule by place, in the order in which they run; NULL past the last. */
SECG_API const secg_claim_rule *secg_claim_rule_at(size_t index);
SECG_API const char *secg_claim_rules_version(void);
/* The whole set as JSON (data/93017.rules.json is this); the caller frees it with free().
 * NULL: no memory. */
SECG_API char *secg_claim_rules_json(void);

/* ---- the site's own values ------------------------------------------------------------------ */

enum { SECG_MAX_SITE_CODES = 128, SECG_MAX_LOCATIONS = 64 };

/* Limits that no source gives (domain.md 7): a site may set its own, and the result states them. */
typedef struct secg_claim_site {
    char name[80];
    float resting_s;         /* resting ECG; 10                                           */
    float bp_after_s;        /* a stage's BP may come so late; 30                         */
    float bp_stage_s;        /* stages shorter than this need no BP of their own; 120     */
    float bp_interval_s;     /* but one at least this often; 180                          */
    float peak_bp_before_s;  /* BP so long before the end of exercise is at peak; 180     */
    float peak_bp_after_s;   /* or so long after it; 60                                   */
    int32_t recovery_bps;    /* 2                                                         */
    float rate_missing_s;    /* longest time without a heart rate; 60                     */
    float recovery_s;        /* shortest recovery; 180                                    */
    float sum_within_s;      /* stages and exercise time agree within; 1                  */
    float gap_listed_s;      /* gaps longer than this are counted; 2                      */
    float gap_unexplained_s; /* longest gap without a note; 10                            */
    float gap_note_s;        /* a note this near explains a gap; 60                       */
    float coverage_pct;      /* of exercise and recovery; 99                              */
    float usable_pct;        /* of the time with all leads usable; 90                     */
    float sign_within_h;     /* 72                                                        */
    char necessity[SECG_MAX_SITE_CODES][12]; /* ICD-10 codes, or their beginnings, that payers
                                                of this site accept; none: not checked      */
    char headers[SECG_MAX_SITE_CODES][12];   /* not billable, beside the built-in list      */
    char locations[SECG_MAX_LOCATIONS][40];  /* of the facility; none: not checked          */
} secg_claim_site;

SECG_API secg_claim_site secg_claim_site_defaults(void);
/* A JSON file (schema: data/site.schema.json); what it leaves out keeps its default. */
SECG_API secg_status secg_claim_site_read(const char *path, secg_claim_site *site,
                                          secg_error *error);

/* ---- the check ------------------------------------------------------------------------------ */

/* Other encounters of the same patient and day with 93017 or 93015; see archive.h. */
typedef struct secg_duplicates {
    int32_t other_entity, same_entity;
} secg_duplicates;

typedef struct secg_claim_options {
    const secg_claim_site *site;       /* NULL: the defaults                               */
    const secg_duplicates *duplicates; /* NULL: no index was asked                         */
    uint8_t during;                    /* 1: the test is going on: what is not due yet is told
                                          from what can still be obtained and what is lost   */
    uint8_t reserved[31];              /* must be zero                                     */
} secg_claim_options;

typedef struct secg_finding {
    char rule[8]; /* "D04"                                                    */
    secg_severity severity;
    uint8_t met; /* 1: the rule is satisfied; evidence says by what          */
    /* When it is not: something of it can be had now, comes later by itself or in its turn, can no
     * longer be had.  A finding that is only `later` is not due yet. */
    uint8_t now, later, lost;
    char title[64];     /* the rule in a few words                                  */
    char evidence[240]; /* what was found, or what is missing                       */
    char mend[160];     /* how to mend it; "" when met                              */
} secg_finding;

typedef struct secg_findings secg_findings;

/* Runs every rule of the set on the record, in a fixed order; the list holds each, met or not.
 * order may be NULL: nothing was entered.  options may be NULL.  NULL: SECG_E_MEMORY or
 * SECG_E_ARGUMENT in error.  Free after use. */
SECG_API secg_findings *secg_claim_check(const secg_summary *summary, const secg_order *order,
                                         const secg_claim_options *options, secg_error *error);
SECG_API void secg_findings_free(secg_findings *findings);
SECG_API const secg_finding *secg_findings_list(const secg_findings *findings, size_t *count);
/* The heaviest severity among rules that are not met; 0: all are.  Of a test that is going on,
 * rules that are not due yet do not count. */
SECG_API secg_severity secg_findings_worst(const secg_findings *findings);
/* The same as a JSON document (schema: data/findings.schema.json); the caller frees it with
 * free().  NULL: no memory. */
SECG_API char *secg_findings_json(const secg_findings *findings);

/* ---- codes by who did what -------------------------------------------------------------------- */

typedef struct secg_code_share {
    char entity_id[40]; /* "": not stated                                           */
    char code[3][8];
    int32_t codes;
} secg_code_share;

/* CPT codes of each entity that took part, from who performed, supervised and interprets
 * (domain.md 7.3), never from the code that was entered: 93015 where one entity did all three, else
 * 93016, 93017, 93018 to whoever did it.  Who performed is the facility, unless a performing person
 * belongs to another entity.  Nothing begun: 0.  Returns how many there are in all, and fills
 * up to `capacity`, in order of code. */
SECG_API size_t secg_claim_codes(const secg_summary *summary, const secg_order *order,
                                 secg_code_share *share, size_t capacity);

/* ---- words ------------------------------------------------------------------------------------ */

/* Where a text stands; decides what may be said in it (domain.md 7.4). */
typedef enum secg_wording_field {
    SECG_WORDING_NOTE = 0,    /* anything written during the test, titles, automatic text     */
    SECG_WORDING_RESTING = 1, /* the descriptor of the resting ECG, where the observed rhythm and
                                 conduction are described                                    */
    SECG_WORDING_QUOTED = 2   /* ordering reason, history, medication: quoted, not judged     */
} secg_wording_field;

/* A term that the wording guard found: byte offset and length in the text. */
typedef struct secg_wording_hit {
    size_t offset, length;
    uint8_t hard;  /* 1: must not stand in the record; 0: ask                  */
    char rule[40]; /* what is wrong with it: "states a result", ...            */
} secg_wording_hit;

/* Finds up to `capacity` hits in a UTF-8 text; returns how many there are in all.  Case, hyphens
 * and blanks of every kind, compatibility forms of Latin letters, invisible characters and common
 * inflections make no difference; a letter of another script that only looks like a Latin one does. */
SECG_API size_t secg_wording_check(const char *text, secg_wording_field field,
                                   secg_wording_hit *hits, size_t capacity);
SECG_API const char *secg_wording_version(void); /* "en-2": language and number of the list */

/* What a code that stands for a verdict says, in neutral words; NULL for any other code.  SNOMED CT
 * and DICOM codes of domain.md 1.8; an export must not carry one. */
SECG_API const char *secg_verdict_code_text(const char *code);

#ifdef __cplusplus
}
#endif
#endif
