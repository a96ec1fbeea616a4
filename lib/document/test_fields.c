#include "document/test_fields.h"

#include <math.h>
#include <string.h>

/* ---- words -------------------------------------------------------------------------------------- */

static const char *st_point_word(int value)
{
    return value == SECG_ST_AUTO ? "auto" : secg_st_point_text((secg_st_point)value);
}

static const char *placement_word(int value)
{
    static const char *const word[] = {"unknown", "standard", "mason-likar", "back"};
    return word[value];
}

static const char *phase_word(int value)
{
    static const char *const word[] = {"none", "pretest", "exercise", "recovery"};
    return word[value];
}

static const char *source_word(int value)
{
    static const char *const word[] = {"staff", "device", "clock"};
    return word[value];
}

static const char *kind_word(int value)
{
    return secg_fact_name((secg_fact_kind)value);
}

static const char *symptom_word(int value)
{
    return secg_symptom_name((secg_symptom)value);
}

static const char *end_word(int value)
{
    return secg_end_name((secg_end)value);
}

static const char *scale_word(int value)
{
    return value ? "CR10" : "6-20";
}

static const char *sex_word(int value)
{
    return value ? "F" : "M";
}

static const char *convention_word(int value)
{
    return secg_mets_convention_name((secg_mets_convention)value);
}

static const char *handrail_word(int value)
{
    return value == SECG_HANDRAIL_HELD ? "held" : "none";
}

static const secg_words conventions = {convention_word, SECG_METS_FULL, SECG_METS_COMPLETED};
static const secg_words handrails = {handrail_word, SECG_HANDRAIL_NONE, SECG_HANDRAIL_HELD};
static const secg_words st_points = {st_point_word, SECG_ST_AUTO, SECG_ST_JRR16};
static const secg_words placements = {placement_word, SECG_PLACEMENT_STANDARD, SECG_PLACEMENT_BACK};
static const secg_words phases = {phase_word, SECG_PHASE_PRETEST, SECG_PHASE_RECOVERY};
static const secg_words sources = {source_word, SECG_SOURCE_STAFF, SECG_SOURCE_CLOCK};
static const secg_words kinds = {kind_word, SECG_FACT_STAGE, SECG_FACT_KINDS - 1};
static const secg_words symptoms = {symptom_word, SECG_SYMPTOM_NONE, SECG_SYMPTOM_KINDS - 1};
static const secg_words ends = {end_word, SECG_END_TARGET_RATE, SECG_END_KINDS - 1};
static const secg_words scales = {scale_word, 0, 1};
static const secg_words sexes = {sex_word, 0, 1};

/* ---- the whole ---------------------------------------------------------------------------------- */

#define SIZE(type, member)  ((uint16_t)sizeof(((type *)0)->member))
#define PLACE(type, member) .offset = (uint16_t)offsetof(type, member), .size = SIZE(type, member)

#define TEXT(name, type, member)                                                                   \
    {                                                                                              \
        name, SECG_FIELD_TEXT, PLACE(type, member)                                                 \
    }
#define DATE(name, type, member)                                                                   \
    {                                                                                              \
        name, SECG_FIELD_DATE, PLACE(type, member)                                                 \
    }
#define MOMENT(name, type, member)                                                                 \
    {                                                                                              \
        name, SECG_FIELD_MOMENT, PLACE(type, member)                                               \
    }
#define TRI(name, type, member)                                                                    \
    {                                                                                              \
        name, SECG_FIELD_TRI, PLACE(type, member)                                                  \
    }
#define FLAG(name, type, member)                                                                   \
    {                                                                                              \
        name, SECG_FIELD_FLAG, PLACE(type, member), .high = 1                                      \
    }
#define REAL(name, type, member, from, to, none)                                                   \
    {                                                                                              \
        name, SECG_FIELD_REAL, PLACE(type, member), .low = from, .high = to, .absent = none        \
    }
#define WHOLE(name, type, member, from, to, none)                                                  \
    {                                                                                              \
        name, SECG_FIELD_WHOLE, PLACE(type, member), .low = from, .high = to, .absent = none       \
    }
#define WORD(name, type, member, list, none)                                                       \
    {                                                                                              \
        name, SECG_FIELD_WORD, PLACE(type, member), .words = &(list), .absent = none               \
    }
#define OBJECT(member, list)                                                                       \
    {                                                                                              \
        .name = member, .type = SECG_FIELD_OBJECT, .fields = list                                  \
    }
#define OTHER(member)                                                                              \
    {                                                                                              \
        .name = member, .type = SECG_FIELD_OTHER                                                   \
    }
#define REQUIRED(name, kind, ...)                                                                  \
    {                                                                                              \
        name, kind, .required = 1, __VA_ARGS__                                                     \
    }
#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

#define ORDER(make, name, member) make(name, secg_test_file, order.member)
#define TEXTS(name, member, most)                                                                  \
    {                                                                                              \
        name, SECG_FIELD_TEXTS, .offset = (uint16_t)offsetof(secg_test_file, order.member),        \
                                .size = SIZE(secg_order, member[0]), .count = most                 \
    }

static const secg_field patient[] = {
    ORDER(TEXT, "name", patient.name),
    ORDER(TEXT, "id", patient.id),
    ORDER(DATE, "birth_date", patient.birth_date),
    {"sex", SECG_FIELD_TEXT, PLACE(secg_test_file, order.patient.sex), .words = &sexes},
    REAL("height_cm", secg_test_file, order.patient.height_cm, 30, 280, 0),
    REAL("weight_kg", secg_test_file, order.patient.weight_kg, 2, 500, 0),
    ORDER(TEXT, "medications", patient.medications),
    END,
};

static const secg_field order[] = {
    ORDER(TEXT, "number", order.number),
    ORDER(TEXT, "provider", order.provider),
    ORDER(TEXT, "indication", order.indication),
    TEXTS("icd10", order.icd10, SECG_MAX_CODES),
    ORDER(TEXT, "encounter_id", order.encounter_id),
    ORDER(TEXT, "billing_code", order.billing_code),
    TEXTS("modifiers", order.modifiers, 4),
    ORDER(TEXT, "place_of_service", order.place_of_service),
    ORDER(TRI, "in_person", order.in_person),
    TEXTS("same_day_codes", order.same_day_codes, SECG_MAX_CODES),
    ORDER(TRI, "same_day_ordered", order.same_day_ordered),
    END,
};

static const secg_field facility[] = {
    ORDER(TEXT, "name", facility.name),
    ORDER(TEXT, "entity_id", facility.entity_id),
    ORDER(TEXT, "billing_entity_id", facility.billing_entity_id),
    ORDER(TEXT, "location_id", facility.location_id),
    ORDER(TEXT, "address", facility.address),
    END,
};

static const secg_field authorization[] = {
    ORDER(TRI, "required", authorization.required),
    ORDER(TEXT, "number", authorization.number),
    TEXTS("codes", authorization.codes, SECG_MAX_CODES),
    ORDER(DATE, "valid_from", authorization.valid_from),
    ORDER(DATE, "valid_to", authorization.valid_to),
    WHOLE("units", secg_test_file, order.authorization.units, 1, 999, 0),
    ORDER(TEXT, "payer_type", authorization.payer_type),
    ORDER(TEXT, "payer_name", authorization.payer_name),
    ORDER(TEXT, "plan_id", authorization.plan_id),
    END,
};

static const secg_field preparation[] = {
    ORDER(TRI, "history_taken", preparation.history_taken),
    ORDER(TRI, "test_explained", preparation.test_explained),
    ORDER(TRI, "consent", preparation.consent),
    ORDER(MOMENT, "prepared_at", preparation.prepared_at),
    ORDER(MOMENT, "explained_at", preparation.explained_at),
    ORDER(MOMENT, "consent_at", preparation.consent_at),
    ORDER(MOMENT, "hook_up_at", preparation.hook_up_at),
    ORDER(TEXT, "hook_up_by", preparation.hook_up_by),
    ORDER(TEXT, "skin_preparation", preparation.skin_preparation),
    END,
};

static const secg_field equipment[] = {
    ORDER(TEXT, "ecg", equipment.ecg),
    ORDER(TEXT, "ergometer", equipment.ergometer),
    ORDER(TEXT, "bp", equipment.bp),
    ORDER(TEXT, "software", equipment.software),
    END,
};

#define LIMIT(name, member, from, to) REAL(name, secg_test_file, limits.member, from, to, 0)
static const secg_field limits[] = {
    LIMIT("heart_rate_bpm", bpm, 30, 300),
    LIMIT("systolic_mmhg", systolic_mmhg, 60, 350),
    LIMIT("diastolic_mmhg", diastolic_mmhg, 30, 300),
    LIMIT("spo2_pct", spo2_pct, 1, 100),
    LIMIT("exercise_s", exercise_s, 1, 86400),
    FLAG("no_target", secg_test_file, limits.no_target),
    END,
};

const secg_field secg_file_fields[] = {
    OTHER("format"),
    TEXT("protocol", secg_test_file, protocol),
    TEXT("protocol_label", secg_test_file, protocol_label),
    OTHER("protocol_table"),
    TEXT("max_bpm_formula", secg_test_file, max_bpm_formula),
    REAL("max_bpm", secg_test_file, max_bpm, 60, 250, 0),
    TEXT("mets_formula", secg_test_file, mets_formula),
    WORD("mets_convention", secg_test_file, mets_convention, conventions, 0),
    WORD("handrail", secg_test_file, handrail, handrails, SECG_HANDRAIL_NOT_STATED),
    FLAG("mets_of_actual", secg_test_file, mets_of_actual),
    REAL("recovery_interval_s", secg_test_file, recovery_interval_s, 10, 3600, 0),
    REAL("target_pct", secg_test_file, target_pct, 1, 200, 0),
    OBJECT("limits", limits),
    OTHER("start"),
    WHOLE("mains_hz", secg_test_file, mains_hz, 50, 60, 0),
    WORD("st_point", secg_test_file, st_point, st_points, SECG_ST_AUTO),
    REAL("j_ms", secg_test_file, j_ms, 1, 199, 0),
    WORD("placement", secg_test_file, order.placement, placements, SECG_PLACEMENT_UNKNOWN),
    OBJECT("patient", patient),
    OBJECT("order", order),
    OBJECT("facility", facility),
    OBJECT("authorization", authorization),
    OBJECT("preparation", preparation),
    OBJECT("equipment", equipment),
    OTHER("electrodes"),
    OTHER("staff"),
    TEXTS("sections", sections, SECG_MAX_SECTIONS),
    TEXT("resting_ecg", secg_test_file, order.resting_ecg),
    OTHER("timeline"),
    OTHER("audit"),
    END,
};

const secg_field secg_edit_fields[] = {
    REQUIRED("when", SECG_FIELD_MOMENT, PLACE(secg_edit, when)),
    REQUIRED("by", SECG_FIELD_TEXT, PLACE(secg_edit, by)),
    REQUIRED("what", SECG_FIELD_TEXT, PLACE(secg_edit, what)),
    REQUIRED("old", SECG_FIELD_TEXT, PLACE(secg_edit, old_value)),
    REQUIRED("new", SECG_FIELD_TEXT, PLACE(secg_edit, new_value)),
    TEXT("why", secg_edit, why),
    END,
};

const secg_field secg_staff_fields[] = {
    TEXT("name", secg_staff, name),
    TEXT("credential", secg_staff, credential),
    TEXT("id", secg_staff, id),
    TEXT("entity_id", secg_staff, entity_id),
    TEXT("authorization", secg_staff, authorization),
    FLAG("performed", secg_staff, performed),
    FLAG("supervised", secg_staff, supervised),
    FLAG("interprets", secg_staff, interprets),
    MOMENT("signed_at", secg_staff, signed_at),
    END,
};

const secg_field secg_electrode_fields[] = {
    REQUIRED("site", SECG_FIELD_TEXT, PLACE(secg_electrode, site)),
    TRI("contact", secg_electrode, contact),
    REAL("impedance_kohm", secg_electrode, impedance_kohm, 0.001, 10000, 0),
    END,
};

/* ---- facts ------------------------------------------------------------------------------------- */

/* Ranges are those of secg_test_add, so that what can be read can be added.  Time and kind stand
 * first in the file; text and source last. */
static const secg_field fact_common[] = {
    REQUIRED("time_s", SECG_FIELD_TIME, PLACE(secg_fact, sample)),
    OTHER("entered_s"),
    REQUIRED("kind", SECG_FIELD_WORD, PLACE(secg_fact, kind), .words = &kinds),
    WHOLE("corrects", secg_fact, corrects, 1, SECG_MOST_FACTS, 0),
    TEXT("text", secg_fact, text),
    WORD("source", secg_fact, source, sources, SECG_SOURCE_STAFF),
    TEXT("by", secg_fact, by),
    END,
};

#define TARGETS                                                                                    \
    REAL("speed_mph", secg_fact, speed_mph, 0, 25, NAN),                                           \
        REAL("grade_pct", secg_fact, grade_pct, -10, 50, NAN),                                     \
        REAL("power_w", secg_fact, power_w, 0, 1500, NAN),                                         \
        REAL("dose", secg_fact, value, 0, 1e6, NAN), TEXT("unit", secg_fact, unit)

static const secg_field stage[] = {
    REQUIRED("phase", SECG_FIELD_WORD, PLACE(secg_fact, phase), .words = &phases),
    WHOLE("stage", secg_fact, stage, 0, 255, -1),
    TEXT("label", secg_fact, label),
    TARGETS,
    END,
};

static const secg_field hold[] = {
    REQUIRED("on", SECG_FIELD_FLAG, PLACE(secg_fact, code), .high = 1, .absent = -1),
    END,
};

static const secg_field end[] = {
    REQUIRED("reason", SECG_FIELD_WORD, PLACE(secg_fact, code), .words = &ends),
    END,
};

static const secg_field load[] = {
    TEXT("label", secg_fact, label),
    TARGETS,
    END,
};

static const secg_field blood_pressure[] = {
    REQUIRED("systolic_mmhg", SECG_FIELD_WHOLE, PLACE(secg_fact, systolic_mmhg), .low = 30,
             .high = 350, .absent = -1),
    REQUIRED("diastolic_mmhg", SECG_FIELD_WHOLE, PLACE(secg_fact, diastolic_mmhg), .low = 1,
             .high = 300, .absent = -1),
    END,
};

static const secg_field symptom[] = {
    REQUIRED("symptom", SECG_FIELD_WORD, PLACE(secg_fact, code), .words = &symptoms),
    WHOLE("grade", secg_fact, grade, 0, 10, -1),
    END,
};

static const secg_field rpe[] = {
    REQUIRED("value", SECG_FIELD_REAL, PLACE(secg_fact, value), .high = 20, .absent = NAN),
    REQUIRED("scale", SECG_FIELD_TEXT, PLACE(secg_fact, label), .words = &scales),
    TEXT("unit", secg_fact, unit),
    END,
};

static const secg_field spo2[] = {
    REQUIRED("value", SECG_FIELD_REAL, PLACE(secg_fact, value), .low = 1, .high = 100,
             .absent = NAN),
    TEXT("label", secg_fact, label),
    TEXT("unit", secg_fact, unit),
    END,
};

static const secg_field drug[] = {
    REQUIRED("agent", SECG_FIELD_TEXT, PLACE(secg_fact, label)),
    REAL("dose", secg_fact, value, 0, 1e6, NAN),
    TEXT("unit", secg_fact, unit),
    TEXT("lot", secg_fact, lot),
    END,
};

static const secg_field fault[] = {
    TEXT("device", secg_fact, label),
    END,
};

static const secg_field adverse[] = {
    FLAG("none", secg_fact, code),
    END,
};

static const secg_field nothing[] = {END};

secg_fact_fields secg_fields_of_fact(secg_fact_kind kind)
{
    static const secg_field *const own[SECG_FACT_KINDS] = {
        [SECG_FACT_STAGE] = stage,
        [SECG_FACT_HOLD] = hold,
        [SECG_FACT_END] = end,
        [SECG_FACT_LOAD] = load,
        [SECG_FACT_BLOOD_PRESSURE] = blood_pressure,
        [SECG_FACT_SYMPTOM] = symptom,
        [SECG_FACT_RPE] = rpe,
        [SECG_FACT_SPO2] = spo2,
        [SECG_FACT_DRUG] = drug,
        [SECG_FACT_ADVERSE] = adverse,
        [SECG_FACT_TARGET] = load,
        [SECG_FACT_PAUSE] = hold,
        [SECG_FACT_FAULT] = fault,
    };
    int known = (int)kind > 0 && kind < SECG_FACT_KINDS && own[kind];
    return (secg_fact_fields){fact_common, known ? own[kind] : nothing};
}

/* ---- what only the fields of a fact together can tell ------------------------------------------- */

static const char *stage_contradiction(const secg_fact *fact, const secg_protocol *protocol)
{
    if (fact->stage < 0)
        return NULL;
    if (fact->phase != SECG_PHASE_EXERCISE)
        return "stages of the protocol's table belong to the exercise phase";
    if (protocol && (size_t)fact->stage >= protocol->stages)
        return "the protocol's table has no such stage (the first one is 0)";
    return NULL;
}

static int states_load(const secg_fact *fact)
{
    return !isnan(fact->speed_mph) || !isnan(fact->grade_pct) || !isnan(fact->power_w) ||
           !isnan(fact->value);
}

const char *secg_fact_contradiction(const secg_fact *fact, const secg_protocol *protocol,
                                    const char **field)
{
    *field = NULL;
    switch (fact->kind) {
    case SECG_FACT_STAGE:
        *field = "stage";
        return stage_contradiction(fact, protocol);
    case SECG_FACT_LOAD:
    case SECG_FACT_TARGET:
        return states_load(fact) ? NULL : "speed_mph, grade_pct, power_w or dose is missing";
    case SECG_FACT_BLOOD_PRESSURE:
        *field = "diastolic_mmhg";
        return fact->diastolic_mmhg < fact->systolic_mmhg ? NULL
                                                          : "not below the systolic pressure";
    case SECG_FACT_RPE:
        *field = "value";
        if (strcmp(fact->label, "CR10") == 0)
            return fact->value <= 10 ? NULL : "outside 0 .. 10 of the CR10 scale";
        return fact->value >= 6 ? NULL : "outside 6 .. 20 of that scale";
    case SECG_FACT_RETRACTION:
        if (fact->corrects == 0)
            return "corrects is missing";
        return fact->text[0] ? NULL : "text is missing";
    case SECG_FACT_FAULT:
    case SECG_FACT_NOTE:
        return fact->text[0] ? NULL : "text is missing";
    case SECG_FACT_ADVERSE:
        return fact->text[0] || fact->code == 1 ? NULL : "text is missing, or \"none\": true";
    default:
        return NULL;
    }
}
