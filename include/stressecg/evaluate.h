/* evaluate.h: beat-by-beat comparison of two annotation lists as ANSI/AAMI EC57 asks, counted as
 * the reference comparator does (domain.md 2.6).  Library stressecg-io. */
#ifndef STRESSECG_EVALUATE_H
#define STRESSECG_EVALUATE_H

#include "io.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows: reference N S V F Q, O (nothing there), X (nothing there, in marked noise).
 * Columns: test n s v f q, o (missed), x (missed in shutdown). */
enum {
    SECG_EC57_N,
    SECG_EC57_S,
    SECG_EC57_V,
    SECG_EC57_F,
    SECG_EC57_Q,
    SECG_EC57_O,
    SECG_EC57_X,
    SECG_EC57_CLASSES
};

typedef struct secg_ec57_config {
    double rate_hz;     /* required                                                 */
    double start_s;     /* beats before are left out; <0: 300 s, the learning period */
    double window_s;    /* 0: 0.150                                                 */
    int64_t end_sample; /* 0: to the end of the reference; else the record's length  */
    uint8_t reserved[32];
} secg_ec57_config;

typedef struct secg_ec57 {
    int64_t count[SECG_EC57_CLASSES][SECG_EC57_CLASSES];
    int64_t qrs_tp, qrs_fn, qrs_fp;
    int64_t veb_tp, veb_fn, veb_fp;
    int64_t sveb_tp, sveb_fn, sveb_fp;
    double rr_error_rms_ms; /* NaN when no interval could be compared                   */
    double shutdown_s;      /* marked by the test file                                  */
    double offset_mean_ms, offset_sd_ms; /* test minus reference over matched beats        */
} secg_ec57;

SECG_API secg_status secg_ec57_compare(const secg_annotation *reference, size_t references,
                                       const secg_annotation *test, size_t tests,
                                       const secg_ec57_config *config, secg_ec57 *result);

#ifdef __cplusplus
}
#endif
#endif
