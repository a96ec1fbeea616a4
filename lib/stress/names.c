/* Words of facts, symptoms and reasons: the names that saved tests use, and the texts that are
 * printed (domain.md 1.8). */
#include <stressecg/test.h>

#include <string.h>

struct word {
    const char *name, *text;
};

static const struct word facts[SECG_FACT_KINDS] = {
    [SECG_FACT_STAGE] = {"stage", 0},
    [SECG_FACT_HOLD] = {"hold", 0},
    [SECG_FACT_END] = {"end", 0},
    [SECG_FACT_LOAD] = {"load", 0},
    [SECG_FACT_BLOOD_PRESSURE] = {"blood_pressure", 0},
    [SECG_FACT_SYMPTOM] = {"symptom", 0},
    [SECG_FACT_RPE] = {"rpe", 0},
    [SECG_FACT_SPO2] = {"spo2", 0},
    [SECG_FACT_DRUG] = {"drug", 0},
    [SECG_FACT_NOTE] = {"note", 0},
    [SECG_FACT_ADVERSE] = {"adverse", 0},
    [SECG_FACT_STRIP] = {"strip", 0},
    [SECG_FACT_ELECTRODES] = {"electrodes", 0},
    [SECG_FACT_RESTING_ECG] = {"resting_ecg", 0},
    [SECG_FACT_TARGET] = {"target", 0},
    [SECG_FACT_PAUSE] = {"pause", 0},
    [SECG_FACT_EMERGENCY_STOP] = {"emergency_stop", 0},
    [SECG_FACT_FAULT] = {"fault", 0},
    [SECG_FACT_RETRACTION] = {"retraction", 0},
};

static const struct word symptoms[SECG_SYMPTOM_KINDS] = {
    [SECG_SYMPTOM_NONE] = {"none", "none"},
    [SECG_SYMPTOM_CHEST_PAIN] = {"chest_pain", "chest pain"},
    [SECG_SYMPTOM_CHEST_DISCOMFORT] = {"chest_discomfort", "chest discomfort"},
    [SECG_SYMPTOM_DYSPNEA] = {"dyspnea", "shortness of breath"},
    [SECG_SYMPTOM_FATIGUE] = {"fatigue", "fatigue"},
    [SECG_SYMPTOM_DIZZINESS] = {"dizziness", "dizziness"},
    [SECG_SYMPTOM_NAUSEA] = {"nausea", "nausea"},
    [SECG_SYMPTOM_SYNCOPE] = {"syncope", "syncope"},
    [SECG_SYMPTOM_CLAUDICATION] = {"claudication", "leg pain (claudication)"},
    [SECG_SYMPTOM_FLUSHING] = {"flushing", "flushing"},
    [SECG_SYMPTOM_PALPITATIONS] = {"palpitations", "palpitations"},
    [SECG_SYMPTOM_OTHER] = {"other", "other"},
};

static const struct word ends[SECG_END_KINDS] = {
    [SECG_END_TARGET_RATE] = {"target_rate", "target heart rate reached"},
    [SECG_END_PROTOCOL_COMPLETE] = {"protocol_complete", "end of protocol"},
    [SECG_END_FATIGUE] = {"fatigue", "fatigue"},
    [SECG_END_DYSPNEA] = {"dyspnea", "shortness of breath"},
    [SECG_END_CHEST_PAIN] = {"chest_pain", "chest pain"},
    [SECG_END_CLAUDICATION] = {"claudication", "leg pain (claudication)"},
    [SECG_END_SYNCOPE] = {"syncope", "syncope"},
    [SECG_END_ARRHYTHMIA] = {"arrhythmia", "arrhythmia"},
    [SECG_END_ECG_CHANGE] = {"ecg_change", "ECG change"},
    [SECG_END_HYPOTENSION] = {"hypotension", "fall in blood pressure"},
    [SECG_END_HYPERTENSION] = {"hypertension", "rise in blood pressure"},
    [SECG_END_PATIENT_REQUEST] = {"patient_request", "patient's request"},
    [SECG_END_PHYSICIAN_REQUEST] = {"physician_request", "physician's request"},
    [SECG_END_EQUIPMENT] = {"equipment", "equipment failure"},
    [SECG_END_ORTHOPAEDIC] = {"orthopaedic", "orthopaedic reason"},
    [SECG_END_OTHER] = {"other", "other"},
};

static const struct word prompts[SECG_PROMPT_KINDS] = {
    [SECG_PROMPT_BP_DUE] = {"bp_due", "blood pressure due"},
    [SECG_PROMPT_STAGE_SOON] = {"stage_soon", "stage changes in 10 s"},
    [SECG_PROMPT_BP_OVERDUE] = {"bp_overdue", "blood pressure overdue"},
    [SECG_PROMPT_STRIP_DUE] = {"strip_due", "strip due"},
    [SECG_PROMPT_LACKING] = {"lacking", "entries missing in this stage"},
    [SECG_PROMPT_TARGET_RATE] = {"target_rate", "target heart rate reached"},
    [SECG_PROMPT_RATE_LIMIT] = {"rate_limit", "heart rate limit reached"},
    [SECG_PROMPT_SYSTOLIC_LIMIT] = {"systolic_limit", "systolic pressure limit reached"},
    [SECG_PROMPT_DIASTOLIC_LIMIT] = {"diastolic_limit", "diastolic pressure limit reached"},
    [SECG_PROMPT_SPO2_LIMIT] = {"spo2_limit", "SpO2 limit reached"},
    [SECG_PROMPT_TIME_LIMIT] = {"time_limit", "exercise time limit reached"},
};

static const struct word causes[] = {
    [SECG_LOAD_STAGE] = {"stage", "stage began"},
    [SECG_LOAD_RAMP] = {"ramp", "next step of the ramp"},
    [SECG_LOAD_MANUAL] = {"manual", "set by the operator"},
    [SECG_LOAD_PAUSE] = {"pause", "paused"},
    [SECG_LOAD_RESUME] = {"resume", "goes on"},
    [SECG_LOAD_STOP] = {"stop", "stop"},
    [SECG_LOAD_EMERGENCY] = {"emergency", "emergency stop"},
};

static const struct word *at(const struct word *list, int count, int value)
{
    return value > 0 && value < count ? &list[value] : NULL;
}

static const char *name_at(const struct word *list, int count, int value)
{
    const struct word *word = at(list, count, value);
    return word ? word->name : "unknown";
}

static const char *text_at(const struct word *list, int count, int value)
{
    const struct word *word = at(list, count, value);
    return word ? word->text : "unknown";
}

static int find(const struct word *list, int count, const char *name)
{
    for (int i = 1; name && i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return i;
    return 0;
}

const char *secg_fact_name(secg_fact_kind kind)
{
    return name_at(facts, SECG_FACT_KINDS, (int)kind);
}

secg_fact_kind secg_fact_find(const char *name)
{
    return (secg_fact_kind)find(facts, SECG_FACT_KINDS, name);
}

const char *secg_symptom_name(secg_symptom symptom)
{
    return name_at(symptoms, SECG_SYMPTOM_KINDS, (int)symptom);
}

const char *secg_symptom_text(secg_symptom symptom)
{
    return text_at(symptoms, SECG_SYMPTOM_KINDS, (int)symptom);
}

secg_symptom secg_symptom_find(const char *name)
{
    return (secg_symptom)find(symptoms, SECG_SYMPTOM_KINDS, name);
}

const char *secg_end_name(secg_end end)
{
    return name_at(ends, SECG_END_KINDS, (int)end);
}

const char *secg_end_text(secg_end end)
{
    return text_at(ends, SECG_END_KINDS, (int)end);
}

secg_end secg_end_find(const char *name)
{
    return (secg_end)find(ends, SECG_END_KINDS, name);
}

const char *secg_prompt_text(secg_prompt_kind kind)
{
    return text_at(prompts, SECG_PROMPT_KINDS, (int)kind);
}

const char *secg_load_cause_text(secg_load_cause cause)
{
    return text_at(causes, sizeof causes / sizeof *causes, (int)cause);
}

const char *secg_pretest_at(size_t index)
{
    static const char *const label[] = {"Supine", "Sitting", "Standing", "Hyperventilation"};
    return index < sizeof label / sizeof *label ? label[index] : NULL;
}
