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

enum { SECG_MAX_STAFF = 8, SECG_MAX_CODES = 8 };

typedef enum secg_tri { SECG_UNKNOWN = 0, SECG_YES = 1, SECG_NO = 2 } secg_tri;

typedef struct secg_staff {
    char name[80], credential[40], entity_id[40];
    uint8_t performed, supervised, interprets; /* what this person does in this encounter  */
    uint8_t reserved[5];
    char signed_at[40]; /* ISO 8601; "": not signed                                 */
} secg_staff;

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
    } order;
    struct {
        char name[120], entity_id[40], address[240];
    } facility;
    struct {
        secg_tri required;
        char number[64];
        char payer_type[40];
    } authorization;
    struct {
        secg_tri history_taken, test_explained, consent;
        char hook_up_at[40], skin_preparation[120];
    } preparation;
    struct {
        char ecg[120], ergometer[120], bp[120], software[120];
    } equipment;
    secg_staff staff[SECG_MAX_STAFF];
    int32_t staff_count;
    char resting_ecg[400]; /* staff's descriptive line                                 */
    secg_placement placement;
} secg_order;

/* Everything that a saved test file holds (schema: data/test.schema.json, described in
 * data/TEST.md).  Facts are in order of the file; times in the file are seconds. */
typedef struct secg_test_file {
    secg_order order;
    char protocol[32]; /* id; "": none                                             */
    char max_bpm_formula[16];
    float target_pct;
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
/* The same format; created 0600. */
SECG_API secg_status secg_test_file_write(const char *path, double rate_hz,
                                          const secg_test_file *file, secg_error *error);
/* Age in whole years on the day (UTC) of the test; 0 when a date is missing or malformed. */
SECG_API float secg_order_age_years(const secg_order *order, int64_t start_unix_ms);

/* summary.json (schema: data/summary.schema.json) and stages.csv; created 0600, through a
 * temporary file and a rename.  order may be NULL. */
SECG_API secg_status secg_summary_write_json(const secg_summary *summary, const secg_order *order,
                                             const char *path, secg_error *error);
SECG_API secg_status secg_summary_write_stages_csv(const secg_summary *summary, const char *path,
                                                   secg_error *error);
/* sample,time_s,type,rr_ms,rate_bpm */
SECG_API secg_status secg_summary_write_beats_csv(const secg_summary *summary, const char *path,
                                                  secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
