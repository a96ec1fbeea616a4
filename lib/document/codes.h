/* What the words of the record are called in coded vocabularies (domain.md 1.8): one table. */
#ifndef SECG_DOCUMENT_CODES_H
#define SECG_DOCUMENT_CODES_H

#include <stressecg/order.h>

typedef enum secg_code_system {
    SECG_CODES_OWN = 0, /* no vocabulary has it: code and display are ours */
    SECG_CODES_SNOMED = 1,
    SECG_CODES_DICOM = 2,
    SECG_CODES_LOINC = 3,
    SECG_CODES_MDC = 4 /* ISO/IEEE 11073-10101 */
} secg_code_system;

typedef struct secg_code {
    secg_code_system system;
    const char *code, *display;
} secg_code;

/* As FHIR names a vocabulary, and its object identifier. */
const char *secg_code_system_uri(secg_code_system system);
const char *secg_code_system_oid(secg_code_system system);
const char *secg_code_system_name(secg_code_system system);

/* Never NULL: a word that no vocabulary has gets a code of our own. */
const secg_code *secg_code_of_symptom(secg_symptom symptom);
const secg_code *secg_code_of_end(secg_end end);
const secg_code *secg_code_of_phase(secg_phase phase);
const secg_code *secg_code_of_placement(secg_placement placement);
const secg_code *secg_code_of_procedure(secg_modality modality);
const secg_code *secg_code_of_device(secg_modality modality);
/* NULL: no code for this protocol, or agent; its name stands for itself. */
const secg_code *secg_code_of_protocol(const char *id);
const secg_code *secg_code_of_agent(const char *name);
/* ST amplitude in a lead; NULL: the lead has none. */
const secg_code *secg_code_of_st(secg_lead lead);
/* "MDC_ECG_LEAD_V5"; NULL: the lead has none. */
const char *secg_code_of_lead(secg_lead lead);

/* What a figure is. */
typedef enum secg_figure {
    SECG_FIGURE_REPORT,
    SECG_FIGURE_RATE,
    SECG_FIGURE_SYSTOLIC,
    SECG_FIGURE_DIASTOLIC,
    SECG_FIGURE_RATE_PRESSURE,
    SECG_FIGURE_PEAK_RATE_PRESSURE,
    SECG_FIGURE_METS,
    SECG_FIGURE_PEAK_METS,
    SECG_FIGURE_SPEED,
    SECG_FIGURE_GRADE,
    SECG_FIGURE_POWER,
    SECG_FIGURE_DOSE_RATE,
    SECG_FIGURE_RPE,
    SECG_FIGURE_SPO2,
    SECG_FIGURE_ECTOPIC_BEATS,
    SECG_FIGURE_AGE,
    SECG_FIGURE_HEIGHT,
    SECG_FIGURE_WEIGHT,
    SECG_FIGURE_EXERCISE_TIME,
    SECG_FIGURE_RECOVERY_TIME,
    SECG_FIGURE_REST_RATE,
    SECG_FIGURE_PEAK_RATE,
    SECG_FIGURE_PREDICTED_RATE,
    SECG_FIGURE_TARGET_RATE,
    SECG_FIGURE_PERCENT_OF_RATE,
    SECG_FIGURE_PEAK_SYSTOLIC,
    SECG_FIGURE_DROP_1_MIN,
    SECG_FIGURE_DROP_2_MIN,
    SECG_FIGURE_ST_LOWEST,
    SECG_FIGURE_ST_HIGHEST,
    SECG_FIGURE_ST_LEVEL,
    SECG_FIGURE_ST_SLOPE,
    SECG_FIGURE_ST_POINT,
    SECG_FIGURE_ST_LEAD,
    SECG_FIGURE_COVERAGE,
    SECG_FIGURE_READABLE,
    SECG_FIGURE_STAGE,
    SECG_FIGURE_PHASE,
    SECG_FIGURE_LASTED,
    SECG_FIGURE_ELAPSED,
    SECG_FIGURE_SYMPTOM,
    SECG_FIGURE_SEVERITY,
    SECG_FIGURE_END,
    SECG_FIGURE_ADVERSE,
    SECG_FIGURES
} secg_figure;
const secg_code *secg_code_of_figure(secg_figure figure);

#endif
