/* report.h: the printed record.  Library stressecg-report (cairo, pango). */
#ifndef STRESSECG_REPORT_H
#define STRESSECG_REPORT_H

#include "claim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where strips come from: a callback that delivers frames of the tracing in mV, interleaved in
 * the signal's order, NaN where there is nothing.  Anything but SECG_OK leaves the strip out with
 * a note that says so. */
typedef struct secg_tracing {
    void *context;
    secg_status (*read)(void *context, int64_t from, size_t frames, float *mv);
} secg_tracing;

typedef enum secg_paper { SECG_PAPER_A4 = 0, SECG_PAPER_LETTER = 1 } secg_paper;

typedef struct secg_report_options {
    secg_paper paper;
    secg_tracing tracing;        /* read NULL: no strips                                     */
    const char *record_name;     /* printed; may be NULL                                     */
    const secg_findings *findings;   /* completeness page; NULL: left out                    */
    void (*progress)(void *context, double fraction);    /* may be NULL */
    void *progress_context;
    uint8_t reserved[32];
} secg_report_options;

/* Writes the report; created 0600, through a temporary file and a rename.  order and options may
 * be NULL. */
SECG_API secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                           const secg_report_options *options, const char *path,
                                           secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
