/* export.h: the record for other systems, and the record without the person.
 *
 * There is no field for a verdict here either: a FHIR report has no conclusion, an observation no
 * interpretation, an aECG no statement.  And none goes out as a code: where one of
 * secg_verdict_code_text() stands among the codes, labels or texts, these writers, and those of
 * summary.json and of the CSV files, return SECG_E_ARGUMENT with its place, and write nothing.  What was not measured has a reason in place of a value. */
#ifndef STRESSECG_EXPORT_H
#define STRESSECG_EXPORT_H

#include "order.h"
#include "tracing.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A FHIR R4 Bundle (JSON, type collection): DiagnosticReport (LOINC 18752-6) with its Observations
 * (figures of the test, one panel for each stage with ST of every lead, symptoms, end), Patient,
 * ServiceRequest, Procedure, Organization, Practitioners and Devices.  Codes are SNOMED CT, DICOM,
 * LOINC and ISO 11073; units are UCUM.  Ids are made from the record: the same record gives the
 * same file.  Created as every file here (file.h).  order may be NULL.
 * SECG_E_ARGUMENT, SECG_E_FILE, SECG_E_MEMORY. */
SECG_API secg_status secg_export_fhir(const secg_summary *summary, const secg_order *order,
                                      const char *path, secg_error *error);

/* HL7 aECG (AnnotatedECG, HL7 v3 XML): for the end of each stage the last ten seconds of every
 * lead as acquired, and the average complexes with heart rate, intervals and ST levels.  Values are
 * whole microvolts.  A lead that has a gap in a strip is left out of it, with a comment: the
 * format has no "no value".  Without a start time, times are relative.
 * tracing or its read NULL: average complexes only.
 * SECG_E_STATE: the gain is not known, so there are no microvolts.  SECG_E_UNSUPPORTED: built
 * without libxml2.  SECG_E_ARGUMENT, SECG_E_FILE, SECG_E_MEMORY, or what tracing->read returned. */
SECG_API secg_status secg_export_aecg(const secg_summary *summary, const secg_order *order,
                                      const secg_tracing *tracing, const char *path,
                                      secg_error *error);

/* ---- the record without the person --------------------------------------------------------- */

typedef struct secg_deidentify_options {
    const char *subject;  /* stands where the patient's id stood; NULL: nothing does         */
    int32_t shift_days;   /* the date is moved by so many days; 0: there is none             */
    uint8_t reserved[28]; /* must be zero */
} secg_deidentify_options;

typedef struct secg_deidentified secg_deidentified;

/* A summary and an order that every writer takes, and that tell no more of the person than the
 * tracing does.  Kept is only what is listed: measured values, times from the start of the record,
 * coded facts, sex, height, weight, age in whole years (from 90 on: 90, and nothing that was
 * computed from it), codes of diagnosis and service, who had which part by number.  Gone are names,
 * numbers, addresses, dates, places, equipment, every free text ("[removed]" stands where a fact
 * was nothing but a text), labels that are not the library's own, and the digest, which
 * would lead back to the record.  The tracing itself is not changed, nor the name of a record or a
 * file: give others to those who write.
 *
 * Belongs to the caller; points into summary, which must live on.  order and options may be NULL.
 * NULL and error: SECG_E_ARGUMENT, SECG_E_MEMORY. */
SECG_API secg_deidentified *secg_deidentify(const secg_summary *summary, const secg_order *order,
                                            const secg_deidentify_options *options,
                                            secg_error *error);
SECG_API void secg_deidentified_free(secg_deidentified *record); /* NULL is fine */
SECG_API const secg_summary *secg_deidentified_summary(const secg_deidentified *record);
SECG_API const secg_order *secg_deidentified_order(const secg_deidentified *record);
/* How many texts of facts, and labels, were removed. */
SECG_API size_t secg_deidentified_removed(const secg_deidentified *record);

#ifdef __cplusplus
}
#endif
#endif
