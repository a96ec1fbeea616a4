/* report.h: the printed record.  Library stressecg-report (cairo, pango). */
#ifndef STRESSECG_REPORT_H
#define STRESSECG_REPORT_H

#include "claim.h"
#include "display.h"

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
    secg_tracing tracing;          /* read NULL: no strips                                     */
    const char *record_name;       /* printed; may be NULL                                     */
    const secg_findings *findings; /* completeness page; NULL: left out                    */
    void (*progress)(void *context, double fraction); /* may be NULL */
    void *progress_context;
    secg_display_highpass strips_from; /* band of the strips; 0: 0.05-150 Hz, and the mains
                                            filter of summary->mains_hz; printed beside each  */
    secg_display_lowpass strips_to;
    uint8_t reserved[24]; /* must be zero */
} secg_report_options;

/* Writes the report: summary, stages and ST, average complexes, strips, trends, rhythm events,
 * acquisition evidence.  Paper is true to scale: 25 mm/s, 10 mm/mV.  A value that was not measured
 * or entered is "---" with its reason.  A summary without phases is reported as a plain recording;
 * without calibration there are no millivolts.  Every page is marked as a draft until somebody who
 * performed the test has signed.
 *
 * Fonts come from the system (fontconfig); a name in a script needs a font that has it.
 * The file is made 0600 through a temporary file beside it and a rename: after a failure path is
 * as it was, and nothing is left behind.  order and options may be NULL.
 * SECG_E_ARGUMENT: summary or path is NULL, a value of options is none of its kind.
 * SECG_E_FILE: error names path.  SECG_E_MEMORY. */
SECG_API secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                           const secg_report_options *options, const char *path,
                                           secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
