/* SNOMED CT and DICOM codes as PS3.16 lists them by context group (domain.md 1.8), LOINC for vital
 * signs and the report, ISO 11073 for leads and ST.  Codes that say what a figure means for the
 * patient (CID 3208, 3210, 3211, 3213, 3238) are not here, and so cannot be written. */
#include "document/codes.h"

#include <string.h>

#define SCT(code, display)                                                                         \
    {                                                                                              \
        SECG_CODES_SNOMED, code, display                                                           \
    }
#define DCM(code, display)                                                                         \
    {                                                                                              \
        SECG_CODES_DICOM, code, display                                                            \
    }
#define LOINC(code, display)                                                                       \
    {                                                                                              \
        SECG_CODES_LOINC, code, display                                                            \
    }
#define MDC(code, display)                                                                         \
    {                                                                                              \
        SECG_CODES_MDC, code, display                                                              \
    }
#define OWN(code, display)                                                                         \
    {                                                                                              \
        SECG_CODES_OWN, code, display                                                              \
    }

static const secg_code unknown = OWN("unknown", "unknown");

static const struct {
    const char *uri, *oid, *name;
} systems[] = {
    [SECG_CODES_OWN] = {"urn:oid:2.25.4520297668657659848663575903149676656",
                        "2.25.4520297668657659848663575903149676656", "stressecg"},
    [SECG_CODES_SNOMED] = {"http://snomed.info/sct", "2.16.840.1.113883.6.96", "SNOMED CT"},
    [SECG_CODES_DICOM] = {"http://dicom.nema.org/resources/ontology/DCM", "1.2.840.10008.2.16.4",
                          "DCM"},
    [SECG_CODES_LOINC] = {"http://loinc.org", "2.16.840.1.113883.6.1", "LOINC"},
    [SECG_CODES_MDC] = {"urn:iso:std:iso:11073:10101", "2.16.840.1.113883.6.24", "MDC"},
};

const char *secg_code_system_uri(secg_code_system system)
{
    return systems[system].uri;
}

const char *secg_code_system_oid(secg_code_system system)
{
    return systems[system].oid;
}

const char *secg_code_system_name(secg_code_system system)
{
    return systems[system].name;
}

static const secg_code *at(const secg_code *list, size_t count, unsigned index)
{
    return index < count && list[index].code ? &list[index] : &unknown;
}
#define AT(list, index) at(list, sizeof list / sizeof *list, (unsigned)(index))

/* CID 3220 */
const secg_code *secg_code_of_symptom(secg_symptom symptom)
{
    static const secg_code list[SECG_SYMPTOM_KINDS] = {
        [SECG_SYMPTOM_NONE] = OWN("no-symptom", "no symptom, as stated by staff"),
        [SECG_SYMPTOM_CHEST_PAIN] = SCT("29857009", "Chest pain"),
        [SECG_SYMPTOM_CHEST_DISCOMFORT] = SCT("279084009", "Chest discomfort"),
        [SECG_SYMPTOM_DYSPNEA] = SCT("267036007", "Dyspnea"),
        [SECG_SYMPTOM_FATIGUE] = SCT("84229001", "Fatigue"),
        [SECG_SYMPTOM_DIZZINESS] = SCT("404640003", "Dizziness"),
        [SECG_SYMPTOM_NAUSEA] = SCT("422587007", "Nausea"),
        [SECG_SYMPTOM_SYNCOPE] = SCT("271594007", "Syncope"),
        [SECG_SYMPTOM_CLAUDICATION] = SCT("16973004", "Claudication"),
        [SECG_SYMPTOM_FLUSHING] = SCT("238810007", "Flushing"),
        [SECG_SYMPTOM_PALPITATIONS] = SCT("80313002", "Palpitations"),
        [SECG_SYMPTOM_OTHER] = OWN("other-symptom", "other symptom")};
    return AT(list, symptom);
}

/* CID 3221 */
const secg_code *secg_code_of_end(secg_end end)
{
    static const secg_code list[SECG_END_KINDS] = {
        [SECG_END_TARGET_RATE] = SCT("258153002", "Target heart rate achieved"),
        [SECG_END_PROTOCOL_COMPLETE] = SCT("255253007", "End of protocol"),
        [SECG_END_FATIGUE] = SCT("84229001", "Fatigue"),
        [SECG_END_DYSPNEA] = SCT("267036007", "Dyspnea"),
        [SECG_END_CHEST_PAIN] = SCT("29857009", "Chest pain"),
        [SECG_END_CLAUDICATION] = SCT("16973004", "Claudication"),
        [SECG_END_SYNCOPE] = SCT("271594007", "Syncope"),
        [SECG_END_ARRHYTHMIA] = SCT("44808001", "Arrhythmia"),
        [SECG_END_ECG_CHANGE] = OWN("ecg-change", "ECG change"),
        [SECG_END_HYPOTENSION] = SCT("67763001", "Hypotensive episode"),
        [SECG_END_HYPERTENSION] = SCT("443482000", "Hypertensive episode"),
        [SECG_END_PATIENT_REQUEST] = SCT("408551003", "Patient refused"),
        [SECG_END_PHYSICIAN_REQUEST] = OWN("physician-request", "physician's request"),
        [SECG_END_EQUIPMENT] = OWN("equipment-failure", "equipment failure"),
        [SECG_END_ORTHOPAEDIC] = OWN("orthopaedic", "orthopaedic reason"),
        [SECG_END_OTHER] = OWN("other-reason", "other reason")};
    return AT(list, end);
}

/* CID 3207 */
const secg_code *secg_code_of_phase(secg_phase phase)
{
    static const secg_code list[] = {[SECG_PHASE_NONE] = OWN("recorded", "outside of the test"),
                                     [SECG_PHASE_PRETEST] = SCT("128975004", "Resting state"),
                                     [SECG_PHASE_EXERCISE] = SCT("432655005", "Stress phase"),
                                     [SECG_PHASE_RECOVERY] = SCT("432554001", "Recovery phase"),
                                     [SECG_PHASE_ENDED] = OWN("recorded", "outside of the test")};
    return AT(list, phase);
}

/* CID 3263 */
const secg_code *secg_code_of_placement(secg_placement placement)
{
    static const secg_code list[] = {
        [SECG_PLACEMENT_UNKNOWN] = OWN("placement-unknown", "electrode placement not stated"),
        [SECG_PLACEMENT_STANDARD] = MDC("10:11265", "Standard 12-lead positions"),
        [SECG_PLACEMENT_MASON_LIKAR] = MDC("10:11266", "Mason-Likar, electrodes placed one by one"),
        [SECG_PLACEMENT_BACK] = MDC("10:11271", "Limb leads on the back for bicycle ergometry")};
    return AT(list, placement);
}

/* CID 3200 */
const secg_code *secg_code_of_procedure(secg_modality modality)
{
    static const secg_code exercise = SCT("165079009", "Exercise stress test");
    static const secg_code drug = SCT("424064009", "Pharmacologic stress test");
    return modality == SECG_MODALITY_DRUG ? &drug : &exercise;
}

/* CID 3203 */
const secg_code *secg_code_of_device(secg_modality modality)
{
    static const secg_code list[] = {[SECG_MODALITY_TREADMILL] = SCT("1211003", "Treadmill"),
                                     [SECG_MODALITY_BICYCLE] = SCT("739006", "Bicycle ergometer"),
                                     [SECG_MODALITY_ARM] = SCT("429560009", "Arm ergometer"),
                                     [SECG_MODALITY_DRUG] = OWN("no-ergometer", "no ergometer")};
    return AT(list, modality);
}

typedef struct named_code {
    const char *name;
    secg_code code;
} named_code;

static const secg_code *find(const named_code *list, size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i].code;
    return NULL;
}

/* CID 3261, by the ids of stress/protocol_table.c */
const secg_code *secg_code_of_protocol(const char *id)
{
    static const named_code list[] = {
        {"bruce", SCT("129095002", "Bruce protocol")},
        {"modified-bruce", SCT("129096001", "Modified Bruce protocol")},
        {"balke-ware", SCT("129097005", "Balke protocol")},
        {"modified-balke", SCT("129097005", "Balke protocol")},
        {"ellestad", SCT("129098000", "Ellestad protocol")},
        {"ellestad-classic", SCT("129098000", "Ellestad protocol")},
        {"ramp-30s", SCT("129099008", "Ramp protocol")},
        {"naughton", SCT("129101001", "Naughton protocol")},
        {"naughton-2mph", SCT("129101001", "Naughton protocol")},
        {"modified-naughton", SCT("129102008", "Modified Naughton protocol")},
        {"bicycle-ramp", SCT("129099008", "Ramp protocol")},
        {"who-25", SCT("26046004", "Bicycle ergometer test")},
        {"who-50", SCT("26046004", "Bicycle ergometer test")},
        {"bal", SCT("26046004", "Bicycle ergometer test")},
        {"hollmann-venrath", SCT("26046004", "Bicycle ergometer test")},
        {"french-30-3", SCT("26046004", "Bicycle ergometer test")},
        {"astrand-men", SCT("26046004", "Bicycle ergometer test")},
        {"astrand-women", SCT("26046004", "Bicycle ergometer test")},
        {"nordic-50-4", SCT("26046004", "Bicycle ergometer test")},
        {"dobutamine", SCT("424225000", "Dobutamine stress test")},
        {"adenosine-6", SCT("424444005", "Adenosine stress test")},
        {"adenosine-4", SCT("424444005", "Adenosine stress test")},
        {"dipyridamole", SCT("422685009", "Dipyridamole stress test")}};
    return find(list, sizeof list / sizeof *list, id);
}

/* CID 3204; regadenoson is there by its class. */
const secg_code *secg_code_of_agent(const char *name)
{
    static const named_code list[] = {{"dobutamine", SCT("26523005", "Dobutamine")},
                                      {"adenosine", SCT("108502004", "Adenosine")},
                                      {"dipyridamole", SCT("66859009", "Dipyridamole")},
                                      {"atropine", SCT("73949004", "Atropine")},
                                      {"regadenoson", SCT("432062000", "A2 receptor agonist")}};
    return find(list, sizeof list / sizeof *list, name);
}

/* ISO 11073-10101, partition 2 (SCADA): 131840 is ST amplitude, the lead is added to it. */
const secg_code *secg_code_of_st(secg_lead lead)
{
    static const secg_code list[SECG_LEAD_COUNT] = {
        [SECG_LEAD_I] = MDC("131841", "MDC_ECG_AMPL_ST_I"),
        [SECG_LEAD_II] = MDC("131842", "MDC_ECG_AMPL_ST_II"),
        [SECG_LEAD_V1] = MDC("131843", "MDC_ECG_AMPL_ST_V1"),
        [SECG_LEAD_V2] = MDC("131844", "MDC_ECG_AMPL_ST_V2"),
        [SECG_LEAD_V3] = MDC("131845", "MDC_ECG_AMPL_ST_V3"),
        [SECG_LEAD_V4] = MDC("131846", "MDC_ECG_AMPL_ST_V4"),
        [SECG_LEAD_V5] = MDC("131847", "MDC_ECG_AMPL_ST_V5"),
        [SECG_LEAD_V6] = MDC("131848", "MDC_ECG_AMPL_ST_V6"),
        [SECG_LEAD_III] = MDC("131901", "MDC_ECG_AMPL_ST_III"),
        [SECG_LEAD_AVR] = MDC("131902", "MDC_ECG_AMPL_ST_AVR"),
        [SECG_LEAD_AVL] = MDC("131903", "MDC_ECG_AMPL_ST_AVL"),
        [SECG_LEAD_AVF] = MDC("131904", "MDC_ECG_AMPL_ST_AVF")};
    return lead > 0 && lead < SECG_LEAD_COUNT && list[lead].code ? &list[lead] : NULL;
}

const char *secg_code_of_lead(secg_lead lead)
{
    static const char *const list[SECG_LEAD_COUNT] = {
        [SECG_LEAD_I] = "MDC_ECG_LEAD_I",     [SECG_LEAD_II] = "MDC_ECG_LEAD_II",
        [SECG_LEAD_III] = "MDC_ECG_LEAD_III", [SECG_LEAD_AVR] = "MDC_ECG_LEAD_AVR",
        [SECG_LEAD_AVL] = "MDC_ECG_LEAD_AVL", [SECG_LEAD_AVF] = "MDC_ECG_LEAD_AVF",
        [SECG_LEAD_V1] = "MDC_ECG_LEAD_V1",   [SECG_LEAD_V2] = "MDC_ECG_LEAD_V2",
        [SECG_LEAD_V3] = "MDC_ECG_LEAD_V3",   [SECG_LEAD_V4] = "MDC_ECG_LEAD_V4",
        [SECG_LEAD_V5] = "MDC_ECG_LEAD_V5",   [SECG_LEAD_V6] = "MDC_ECG_LEAD_V6",
        [SECG_LEAD_V3R] = "MDC_ECG_LEAD_V3R", [SECG_LEAD_V4R] = "MDC_ECG_LEAD_V4R",
        [SECG_LEAD_V7] = "MDC_ECG_LEAD_V7",   [SECG_LEAD_V8] = "MDC_ECG_LEAD_V8",
        [SECG_LEAD_V9] = "MDC_ECG_LEAD_V9",   [SECG_LEAD_CM5] = "MDC_ECG_LEAD_CM5",
        [SECG_LEAD_CC5] = "MDC_ECG_LEAD_CC5", [SECG_LEAD_X] = "MDC_ECG_LEAD_X",
        [SECG_LEAD_Y] = "MDC_ECG_LEAD_Y",     [SECG_LEAD_Z] = "MDC_ECG_LEAD_Z"};
    return lead > 0 && lead < SECG_LEAD_COUNT ? list[lead] : NULL;
}

const secg_code *secg_code_of_figure(secg_figure figure)
{
    static const secg_code list[SECG_FIGURES] = {
        [SECG_FIGURE_REPORT] = LOINC("18752-6", "Exercise stress test study"),
        [SECG_FIGURE_RATE] = LOINC("8867-4", "Heart rate"),
        [SECG_FIGURE_SYSTOLIC] = LOINC("8480-6", "Systolic blood pressure"),
        [SECG_FIGURE_DIASTOLIC] = LOINC("8462-4", "Diastolic blood pressure"),
        [SECG_FIGURE_RATE_PRESSURE] = DCM("122708", "Double product"),
        [SECG_FIGURE_PEAK_RATE_PRESSURE] = DCM("122718", "Peak double product"),
        [SECG_FIGURE_METS] = DCM("122709", "Activity workload"),
        [SECG_FIGURE_PEAK_METS] = DCM("122717", "Peak activity workload"),
        [SECG_FIGURE_SPEED] = DCM("122702", "Treadmill speed"),
        [SECG_FIGURE_GRADE] = DCM("122703", "Treadmill gradient"),
        [SECG_FIGURE_POWER] = DCM("122704", "Ergometer power"),
        [SECG_FIGURE_DOSE_RATE] = DCM("122705", "Pharmacological stress agent dose rate"),
        [SECG_FIGURE_RPE] = DCM("122706", "Rating of perceived exertion"),
        [SECG_FIGURE_SPO2] = LOINC("59408-5", "Oxygen saturation by pulse oximetry"),
        [SECG_FIGURE_ECTOPIC_BEATS] = DCM("122707", "Number of ectopic beats"),
        [SECG_FIGURE_AGE] = LOINC("30525-0", "Age"),
        [SECG_FIGURE_HEIGHT] = LOINC("8302-2", "Body height"),
        [SECG_FIGURE_WEIGHT] = LOINC("29463-7", "Body weight"),
        [SECG_FIGURE_EXERCISE_TIME] = OWN("exercise-time", "exercise time"),
        [SECG_FIGURE_RECOVERY_TIME] = OWN("recovery-time", "recovery time recorded"),
        [SECG_FIGURE_REST_RATE] = OWN("rest-heart-rate", "heart rate before exercise"),
        [SECG_FIGURE_PEAK_RATE] = OWN("peak-heart-rate", "peak heart rate"),
        [SECG_FIGURE_PREDICTED_RATE] =
            OWN("predicted-maximum-heart-rate", "age-predicted maximum heart rate"),
        [SECG_FIGURE_TARGET_RATE] = OWN("target-heart-rate", "target heart rate"),
        [SECG_FIGURE_PERCENT_OF_RATE] =
            OWN("percent-of-maximum-heart-rate", "peak heart rate as part of the age-predicted"),
        [SECG_FIGURE_PEAK_SYSTOLIC] = OWN("peak-systolic", "peak systolic blood pressure"),
        [SECG_FIGURE_DROP_1_MIN] = OWN("heart-rate-recovery-1-min", "fall of heart rate in 1 min"),
        [SECG_FIGURE_DROP_2_MIN] = OWN("heart-rate-recovery-2-min", "fall of heart rate in 2 min"),
        [SECG_FIGURE_ST_LOWEST] = OWN("st-lowest", "lowest ST level"),
        [SECG_FIGURE_ST_HIGHEST] = OWN("st-highest", "highest ST level"),
        [SECG_FIGURE_ST_LEVEL] = MDC("131840", "MDC_ECG_AMPL_ST"),
        [SECG_FIGURE_ST_SLOPE] = OWN("st-slope", "ST slope from J to the ST point"),
        [SECG_FIGURE_ST_POINT] = OWN("st-point", "point of the ST level"),
        [SECG_FIGURE_ST_LEAD] = OWN("st-lead", "lead of the ST level"),
        [SECG_FIGURE_COVERAGE] = OWN("coverage", "part of the record acquired in a lead or more"),
        [SECG_FIGURE_READABLE] = OWN("readable", "part of the record in which beats could be seen"),
        [SECG_FIGURE_STAGE] = OWN("stage", "stage of the stress test"),
        [SECG_FIGURE_PHASE] = OWN("phase", "phase of the stress test"),
        [SECG_FIGURE_LASTED] = OWN("duration", "duration of the stage"),
        [SECG_FIGURE_ELAPSED] = OWN("elapsed", "time from the start of the record"),
        [SECG_FIGURE_SYMPTOM] = OWN("symptom", "symptom reported"),
        [SECG_FIGURE_SEVERITY] = OWN("grade", "grade from 0 to 10, as reported"),
        [SECG_FIGURE_END] = OWN("end", "reason for the end of the test"),
        [SECG_FIGURE_ADVERSE] = OWN("adverse-event", "adverse event")};
    return AT(list, figure);
}
