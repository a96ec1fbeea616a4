/* report.h: the printed record.  Library stressecg-report (cairo, pango, libpng). */
#ifndef STRESSECG_REPORT_H
#define STRESSECG_REPORT_H

#include "claim.h"
#include "display.h"
#include "tracing.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum secg_paper { SECG_PAPER_A4 = 0, SECG_PAPER_LETTER = 1 } secg_paper;

/* In which order the strips show the leads.  Average complexes and tables keep the standard order,
 * and aVR its sign. */
typedef enum secg_lead_order {
    SECG_LEADS_STANDARD = 0, /* I II III aVR aVL aVF V1..V6, then the others                 */
    SECG_LEADS_CABRERA = 1   /* aVL I -aVR II aVF III V1..V6: aVR is shown inverted, and so
                                called                                                   */
} secg_lead_order;

/* How a strip of more than six leads lies on the page; fewer have a row of ten seconds each. */
typedef enum secg_strip_layout {
    SECG_STRIPS_4_COLUMNS = 0, /* of 2.5 s, and ten seconds of the rhythm lead below          */
    SECG_STRIPS_2_COLUMNS = 1, /* of 5 s, and ten seconds of the rhythm lead below            */
    SECG_STRIPS_1_COLUMN = 2   /* ten seconds of every lead                                   */
} secg_strip_layout;

typedef enum secg_report_state {
    SECG_REPORT_AS_SIGNED = 0, /* a draft unless order->seal says that the record is closed  */
    SECG_REPORT_DRAFT = 1,     /* marked as a draft on every page whatever is signed          */
    SECG_REPORT_FINAL = 2      /* never marked: the caller knows that the record is closed    */
} secg_report_state;

typedef struct secg_report_options {
    secg_paper paper;
    secg_tracing tracing;          /* read NULL: no strips                                     */
    const char *record_name;       /* printed; may be NULL                                     */
    const secg_findings *findings; /* completeness page; NULL: left out                    */
    const secg_addendum *addendum; /* of a closed record, on the audit page; may be NULL   */
    size_t addenda;
    void (*progress)(void *context, double fraction); /* may be NULL */
    void *progress_context;
    secg_display_highpass strips_from; /* band of the strips; 0: 0.05-150 Hz, and the mains
                                            filter of summary->mains_hz; printed beside each  */
    secg_display_lowpass strips_to;
    secg_lead_order lead_order;
    secg_strip_layout strip_layout;
    secg_report_state state;
    float disclosure_max_min; /* full disclosure: the whole tracing, a line for each minute, of
                                 recordings up to so many minutes; 0: 60; negative: none      */
    uint8_t disclosure_leads; /* in each minute; 0: three (II, V1, V5 where there are such) of
                                 up to 30 minutes, else one                                  */
    uint8_t st_rate;      /* 1: a table of ST against heart rate, as st.h has it, without limits */
    uint8_t reserved[22]; /* must be zero */
} secg_report_options;

/* Writes the report: summary, stages and ST, average complexes, strips, trends, rhythm events,
 * full disclosure, acquisition evidence, audit.  Paper is true to scale: 25 mm/s, 10 mm/mV.  A value that was
 * not measured or entered is "---" with its reason.  A summary without phases is reported as a
 * plain recording; without calibration there are no millivolts.  A summary made by secg_deidentify()
 * says on every page that it is de-identified.
 *
 * Fonts come from the system (fontconfig); a name in a script needs a font that has it.
 * The file is made 0600 through a temporary file beside it and a rename: after a failure path is
 * as it was, and nothing is left behind.  order and options may be NULL.
 * SECG_E_ARGUMENT: summary or path is NULL, a value of options is none of its kind.
 * SECG_E_FILE: error names path.  SECG_E_MEMORY. */
SECG_API secg_status secg_report_write_pdf(const secg_summary *summary, const secg_order *order,
                                           const secg_report_options *options, const char *path,
                                           secg_error *error);

/* The same pages as pictures, a file each: "PATH-001.svg", "PATH-002.svg", ..., or ".png".  Pages
 * of that name with higher numbers, left by a longer report, are removed.  SVG is true to scale,
 * with letters as outlines; PNG has dpi pixels an inch (36 .. 600), and says so to whoever prints
 * it.  Each file is made as that of the PDF; when one fails, error names it, and those before it
 * stay. */
SECG_API secg_status secg_report_write_svg(const secg_summary *summary, const secg_order *order,
                                           const secg_report_options *options, const char *path,
                                           secg_error *error);
SECG_API secg_status secg_report_write_png(const secg_summary *summary, const secg_order *order,
                                           const secg_report_options *options, double dpi,
                                           const char *path, secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
