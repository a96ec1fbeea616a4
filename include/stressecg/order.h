/* order.h: who, why and with what: the facts around a test that no signal tells.  And the files:
 * TEST.json in, summary.json and stages.csv out.
 *
 * Plain structs: every text is a terminated UTF-8 array, "" means not stated. */
#ifndef STRESSECG_ORDER_H
#define STRESSECG_ORDER_H

#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SECG_MAX_STAFF = 8, SECG_MAX_CODES = 8, SECG_MAX_ELECTRODES = 16, SECG_MAX_SECTIONS = 12 };

typedef enum secg_tri { SECG_UNKNOWN = 0, SECG_YES = 1, SECG_NO = 2 } secg_tri;

typedef struct secg_staff {
    char name[80], credential[40], id[40], entity_id[40];
    char authorization[64];                    /* under which this person's own part is billed */
    uint8_t performed, supervised, interprets; /* what this person does in this encounter  */
    uint8_t reserved[5];
    char signed_at[40]; /* ISO 8601; "": not signed                                 */
} secg_staff;

/* What was found at hook-up. */
typedef struct secg_electrode {
    char site[16];        /* "RA", "V1", ...                                          */
    secg_tri contact;     /* good contact                                             */
    float impedance_kohm; /* 0: not measured                                          */
} secg_electrode;

/* Whether the record is closed.  It is no part of TEST.json or summary.json, which it vouches for:
 * secg_seal_read (archive.h) fills it from the seal beside them.  A report is a draft unless
 * is_signed. */
typedef struct secg_seal {
    uint8_t is_signed; /* 1: signed, and tracing, timeline and summary are as they were then */
    uint8_t altered;   /* 1: signed once, and something differs now                */
    uint8_t reserved[6];
    int32_t addenda;
    char signed_at[40], by[80], credential[40]; /* the last signature                      */
    char digest[65];                            /* hash of the seal's last line, hex       */
} secg_seal;

/* What was added to a closed record: secg_seal_addendum (archive.h) reads it. */
typedef struct secg_addendum {
    char by[80], credential[40], at[40], text[2001];
} secg_addendum;

/* One change made to a saved test: what, who, when, from what to what. */
typedef struct secg_edit {
    char when[40]; /* ISO 8601 with offset                                            */
    char by[80];
    char what[32];
    char old_value[80], new_value[80];
    char why[160];
} secg_edit;
enum { SECG_MAX_EDITS = 1000 };

typedef struct secg_order {
    struct {
        char name[120], id[64], birth_date[16], sex[4];
        float height_cm, weight_kg;
        char medications[400];
    } patient;
    struct {
        char number[64], provider[120], indication[240];
        char icd10[SECG_MAX_CODES][12];
        char encounter_id[64], billing_code[12];
        char modifiers[4][4];     /* of the billing code: "TC", ...                       */
        char place_of_service[4]; /* "11", "22", ...                                      */
        secg_tri in_person;
        char same_day_codes[SECG_MAX_CODES][12]; /* other ECG services of the day: "93005-59" */
        secg_tri same_day_ordered;               /* each of them has an order of its own      */
    } order;
    struct {
        char name[120], entity_id[40], billing_entity_id[40], location_id[40], address[240];
    } facility;
    struct {
        secg_tri required;
        char number[64];
        char codes[SECG_MAX_CODES][12]; /* it covers these; none stated: not known          */
        char valid_from[16], valid_to[16];
        int32_t units; /* 0: not stated                                            */
        char payer_type[40], payer_name[80], plan_id[64];
    } authorization;
    struct {
        secg_tri history_taken, test_explained, consent;
        char prepared_at[40], explained_at[40], consent_at[40];
        char hook_up_at[40], hook_up_by[80], skin_preparation[120];
    } preparation;
    struct {
        char ecg[120], ergometer[120], bp[120], software[120];
    } equipment;
    secg_electrode electrode[SECG_MAX_ELECTRODES];
    int32_t electrode_count;
    secg_staff staff[SECG_MAX_STAFF];
    int32_t staff_count;
    char sections[SECG_MAX_SECTIONS][24]; /* what else is sent with the record, by kind       */
    char resting_ecg[400]; /* staff's descriptive line                                 */
    secg_placement placement;
    secg_seal seal;
    const secg_edit *edit; /* owned by the test file                                   */
    size_t edits;
} secg_order;

/* Everything that a saved test file holds (schema: data/test.schema.json, described in
 * data/TEST.md).  Facts are in order of the file; times in the file are seconds. */
typedef struct secg_test_file {
    secg_order order;
    char protocol[32];          /* id; "": none                                             */
    char protocol_label[64];    /* printed instead of the table's name; ""                */
    const secg_protocol *table; /* what the id stands for: the file's own protocol_table, else
                                    from the list that was given, else built in; NULL: nothing */
    secg_protocol *own_table;   /* protocol_table of the file; NULL: none              */
    char max_bpm_formula[16];
    char mets_formula[16];
    float max_bpm; /* entered by staff; 0: by formula                            */
    float target_pct;
    float j_ms; /* J point set by hand, ms after R; 0: automatic              */
    int32_t handrail, mets_convention; /* secg_handrail, secg_mets_convention; 0   */
    uint8_t mets_of_actual;            /* 1: METs of the measured load where there is one */
    float recovery_interval_s;         /* of the rows of recovery; 0: 60                  */
    secg_test_limits limits;
    int64_t start_unix_ms; /* SECG_NO_SAMPLE: not stated                               */
    int32_t utc_offset_min, mains_hz;
    secg_st_point st_point;
    secg_fact *fact;
    size_t facts;
} secg_test_file;

/* Reads and checks TEST.json.  rate_hz turns its seconds into samples.  Errors name file, line,
 * column and field.  On success file->fact is the caller's: secg_test_file_free. */
SECG_API secg_status secg_test_file_read(const char *path, double rate_hz, secg_test_file *file,
                                         secg_error *error);
SECG_API void secg_test_file_free(secg_test_file *file);

/* ---- protocols of the site's own --------------------------------------------------------------- */

/* Tables of a file (schema: data/protocol.schema.json, described in data/PROTOCOL.md).  One with the
 * id of a built-in table stands for it. */
typedef struct secg_protocols {
    secg_protocol *protocol;
    size_t count;
} secg_protocols;
/* SECG_E_FORMAT: the error names file, line, column and field.  On success the list is the caller's:
 * secg_protocols_free; after a failure it is empty. */
SECG_API secg_status secg_protocols_read(const char *path, secg_protocols *list, secg_error *error);
SECG_API void secg_protocols_free(secg_protocols *list);
/* From the list (NULL: none), else built in; NULL: no such id. */
SECG_API const secg_protocol *secg_protocols_find(const secg_protocols *list, const char *id);
/* All of them: those of the list first, then the built-in ones that it does not override. */
SECG_API const secg_protocol *secg_protocols_at(const secg_protocols *list, size_t index);

/* As secg_test_file_read, for a test that may use one of these; they must outlive the file. */
SECG_API secg_status secg_test_file_read_with(const char *path, double rate_hz,
                                              const secg_protocols *protocols, secg_test_file *file,
                                              secg_error *error);

/* ---- edits of a saved test ---------------------------------------------------------------------- */

/* Changes one setting of a saved test and writes it into the file's audit trail, which is carried on
 * in TEST.json and shown in summary.json.  what: "st_point", "j_ms" ("automatic" takes it back),
 * "protocol_label", "max_bpm_formula", "max_bpm", "target_pct", "mets_formula", "mets_convention",
 * "handrail"; value as in TEST.json, "" for not stated.  by and when (ISO 8601 with offset) are required.
 * SECG_E_ARGUMENT: what is wrong; then nothing was changed. */
SECG_API secg_status secg_test_file_edit(secg_test_file *file, const char *what, const char *value,
                                         const char *by, const char *when, const char *why,
                                         secg_error *error);
/* The same format; created 0600. */
SECG_API secg_status secg_test_file_write(const char *path, double rate_hz,
                                          const secg_test_file *file, secg_error *error);
/* Age in whole years on the day (UTC) of the test; 0 when a date is missing or malformed. */
SECG_API float secg_order_age_years(const secg_order *order, int64_t start_unix_ms);

/* summary.json (schema: data/summary.schema.json) and stages.csv; created 0600, through a
 * temporary file and a rename.  order may be NULL. */
SECG_API secg_status secg_summary_write_json(const secg_summary *summary, const secg_order *order,
                                             const char *path, secg_error *error);
/* Reads summary.json back: what secg_claim_check and exports look at.  Beats, rhythm events,
 * complexes and trends stay empty; times are to the microsecond, figures as printed.  Errors name
 * file, line and column.  Free after use. */
typedef struct secg_summary_file secg_summary_file;
SECG_API secg_status secg_summary_read_json(const char *path, secg_summary_file **file,
                                            secg_error *error);
SECG_API const secg_summary *secg_summary_file_get(const secg_summary_file *file);
SECG_API void secg_summary_file_free(secg_summary_file *file);
SECG_API secg_status secg_summary_write_stages_csv(const secg_summary *summary, const char *path,
                                                   secg_error *error);
/* sample,time_s,type,rr_ms,rate_bpm */
SECG_API secg_status secg_summary_write_beats_csv(const secg_summary *summary, const char *path,
                                                  secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
