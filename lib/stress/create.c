/* Configuration, layout and creation of a test. */
#include "base/memory.h"
#include "base/status.h"
#include "stress/state.h"

#include <math.h>
#include <string.h>

enum {
    MINUTES_USUAL = 120,
    MINUTES_MOST = 2880,
    FACTS_USUAL = 2000,
    FACTS_MOST = 100000,
    MARKS_BESIDE_TABLE = 64 /* pre-test stages, recovery minutes, stages beside the table */
};

/* ---- the configuration -------------------------------------------------------------------------- */

static secg_status check_number(double number, double low, double high, const char *field,
                                secg_error *error)
{
    if (number == 0 || (number >= low && number <= high))
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "%s: %g is not 0 or %g .. %g", field, number, low,
                     high);
}

static secg_status check_reserved(const uint8_t *byte, size_t count, const char *field,
                                  secg_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (byte[i])
            return secg_fail(error, SECG_E_ARGUMENT, "%s: must be zero", field);
    return SECG_OK;
}

static secg_status check_patient(const secg_test_patient *patient, secg_error *error)
{
    secg_status status =
        check_number((double)patient->age_years, 1, 120, "patient.age_years", error);
    if (status == SECG_OK)
        status = check_number((double)patient->weight_kg, 2, 500, "patient.weight_kg", error);
    if (status == SECG_OK)
        status = check_number((double)patient->height_cm, 30, 280, "patient.height_cm", error);
    if (status == SECG_OK && patient->sex != 0 && patient->sex != 'M' && patient->sex != 'F')
        status = secg_fail(error, SECG_E_ARGUMENT, "patient.sex: not 'M', 'F' or 0");
    return status;
}

static const char *formula(const secg_test_config *config)
{
    return config->max_bpm_formula ? config->max_bpm_formula : "fox";
}

static secg_status check_limits(const secg_test_limits *limits, secg_error *error)
{
    const struct {
        const char *field;
        float value;
        double low, high;
    } row[] = {
        {"limits.bpm", limits->bpm, 30, 300},
        {"limits.systolic_mmhg", limits->systolic_mmhg, 60, 350},
        {"limits.diastolic_mmhg", limits->diastolic_mmhg, 30, 300},
        {"limits.spo2_pct", limits->spo2_pct, 1, 100},
        {"limits.exercise_s", limits->exercise_s, 1, 86400},
    };
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < sizeof row / sizeof *row; i++)
        status = check_number((double)row[i].value, row[i].low, row[i].high, row[i].field, error);
    if (status == SECG_OK && limits->no_target > 1)
        status = secg_fail(error, SECG_E_ARGUMENT, "limits.no_target: must be 0 or 1");
    return status == SECG_OK
               ? check_reserved(limits->reserved, sizeof limits->reserved, "limits.reserved", error)
               : status;
}

static secg_status check_mets(const secg_test_config *config, secg_error *error)
{
    if (config->mets_convention > SECG_METS_CONVENTIONS)
        return secg_fail(error, SECG_E_ARGUMENT, "mets_convention: %d is not 0 .. %d",
                         config->mets_convention, SECG_METS_CONVENTIONS);
    if (config->mets_of_actual > 1)
        return secg_fail(error, SECG_E_ARGUMENT, "mets_of_actual: must be 0 or 1");
    if (config->handrail > SECG_HANDRAIL_HELD)
        return secg_fail(error, SECG_E_ARGUMENT, "handrail: %d is not 0 .. 2", config->handrail);
    if (config->mets_formula && isnan(secg_predicted_mets(config->mets_formula, 50)))
        return secg_fail(error, SECG_E_ARGUMENT, "mets_formula: \"%.40s\" is not known",
                         config->mets_formula);
    return SECG_OK;
}

static secg_status check_rest(const secg_test_config *config, secg_error *error)
{
    secg_status status = check_limits(&config->limits, error);
    if (status == SECG_OK)
        status = check_mets(config, error);
    if (status == SECG_OK)
        status = check_number((double)config->max_bpm, 60, 250, "max_bpm", error);
    if (status == SECG_OK && config->protocol_label &&
        strlen(config->protocol_label) >= sizeof((secg_test *)0)->protocol_label)
        status = secg_fail(error, SECG_E_ARGUMENT, "protocol_label: longer than 63 bytes");
    if (status == SECG_OK)
        status = check_reserved(config->reserved1, sizeof config->reserved1, "reserved1", error);
    return status;
}

static secg_status check_config(const secg_test_config *config, secg_error *error)
{
    secg_status status = config->protocol ? secg_protocol_check(config->protocol, error) : SECG_OK;
    if (status == SECG_OK)
        status = check_patient(&config->patient, error);
    if (status == SECG_OK && isnan(secg_predicted_max_bpm(formula(config), 50)))
        status = secg_fail(error, SECG_E_ARGUMENT, "max_bpm_formula: \"%.40s\" is not known",
                           formula(config));
    if (status == SECG_OK)
        status = check_number((double)config->target_pct, 1, 200, "target_pct", error);
    if (status == SECG_OK)
        status = check_number(config->max_minutes, 1, MINUTES_MOST, "max_minutes", error);
    if (status == SECG_OK)
        status = check_number(config->max_facts, 1, FACTS_MOST, "max_facts", error);
    if (status == SECG_OK)
        status = check_number((double)config->recovery_interval_s, 10, 3600, "recovery_interval_s",
                              error);
    if (status == SECG_OK && (config->replay > 1 || config->manual > 1))
        status = secg_fail(error, SECG_E_ARGUMENT, "replay, manual: must be 0 or 1");
    if (status == SECG_OK)
        status = check_rest(config, error);
    if (status == SECG_OK)
        status = check_reserved(config->patient.reserved, sizeof config->patient.reserved,
                                "patient.reserved", error);
    if (status == SECG_OK)
        status = check_reserved(config->reserved, sizeof config->reserved, "reserved", error);
    if (status == SECG_OK)
        status = secg_memory_check(&config->memory, error);
    return status;
}

/* ---- layout ------------------------------------------------------------------------------------- */

static uint32_t or_usual(uint32_t value, uint32_t usual)
{
    return value ? value : usual;
}

static void configure_mets(secg_test *test, const secg_test_config *config)
{
    test->mets_of_actual = config->mets_of_actual;
    test->handrail = (secg_handrail)config->handrail;
    test->mets_convention = config->mets_convention ? (secg_mets_convention)config->mets_convention
                                                    : SECG_METS_INTERPOLATED;
    if (config->mets_formula)
        memcpy(test->mets_formula, config->mets_formula, strlen(config->mets_formula));
}

static void configure(secg_test *test, const secg_signal *signal, const secg_test_config *config)
{
    const char *maximum = config->max_bpm > 0 ? "manual" : formula(config);
    test->protocol = config->protocol;
    test->patient = config->patient;
    test->max_bpm = config->max_bpm;
    test->limits = config->limits;
    memcpy(test->formula, maximum, strlen(maximum));
    if (config->protocol_label)
        memcpy(test->protocol_label, config->protocol_label, strlen(config->protocol_label));
    else if (config->protocol)
        memcpy(test->protocol_label, config->protocol->name, sizeof test->protocol_label);
    configure_mets(test, config);
    test->target_pct = config->target_pct > 0 ? config->target_pct : 85;
    test->recovery_interval_s =
        config->recovery_interval_s > 0 ? (double)config->recovery_interval_s : 60;
    test->start_unix_ms = config->start_unix_ms;
    test->utc_offset_min = config->utc_offset_min;
    test->replay = config->replay;
    test->manual = config->manual;
    test->memory = config->memory;
    test->rate_hz = signal->rate_hz;
    test->channels = (size_t)signal->channels;
    test->frame_limit =
        secg_sample_at(60.0 * or_usual(config->max_minutes, MINUTES_USUAL), signal->rate_hz);
    test->target_bpm = (float)(secg_test_predicted_max(test) * (double)test->target_pct / 100);
}

static void start_clock(secg_test *test)
{
    secg_course_init(&test->said);
    secg_course_init(&test->now);
    secg_clock *clock = &test->clock;
    clock->overdue_at = clock->last_bp = clock->last_strip = SECG_NO_SAMPLE;
    clock->last_symptom = clock->last_rpe = SECG_NO_SAMPLE;
    clock->relearn_at = clock->keep_rest_at = SECG_NO_SAMPLE;
    clock->target_rate.due = clock->rate.due = SECG_NO_SAMPLE;
    clock->sent = (secg_target){NAN, NAN, NAN};
}

double secg_test_predicted_max(const secg_test *test)
{
    return test->max_bpm > 0
               ? (double)test->max_bpm
               : secg_predicted_max_bpm(test->formula, (double)test->patient.age_years);
}

/* The clock's own facts, one for each stage of the table, have room beside those of the staff. */
static secg_test *lay_out(secg_arena *arena, const secg_analyzer *analyzer,
                          const secg_test_config *config)
{
    size_t stages = config->protocol ? config->protocol->stages : 0;
    size_t staff = or_usual(config->max_facts, FACTS_USUAL);
    secg_test *test = secg_take(arena, 1, sizeof *test);
    secg_fact *fact = secg_take(arena, staff + stages, sizeof *fact);
    uint32_t *order = secg_take(arena, staff + stages, sizeof *order);
    secg_log log;
    secg_log_lay_out(&log, arena, secg_analyzer_leads(analyzer, NULL),
                     or_usual(config->max_minutes, MINUTES_USUAL));
    secg_captures captures;
    secg_captures_lay_out(&captures, arena, analyzer, stages + MARKS_BESIDE_TABLE);
    if (!test || arena->overflow)
        return NULL;
    configure(test, secg_analyzer_signal(analyzer), config);
    test->fact = fact;
    test->order = order;
    test->staff_capacity = staff;
    test->fact_capacity = staff + stages;
    test->log = log;
    test->captures = captures;
    start_clock(test);
    return test;
}

static size_t bytes_needed(const secg_analyzer *analyzer, const secg_test_config *config)
{
    secg_arena measuring = {0};
    lay_out(&measuring, analyzer, config);
    return measuring.overflow ? 0 : measuring.used + SECG_ARENA_ALIGN;
}

size_t secg_test_memory(const secg_analyzer *analyzer, const secg_test_config *config)
{
    if (!analyzer || !config || check_config(config, NULL) != SECG_OK)
        return 0;
    return bytes_needed(analyzer, config);
}

/* ---- creation ------------------------------------------------------------------------------------ */

static secg_status check_call(const secg_analyzer *analyzer, const secg_test_config *config,
                              secg_test **test, secg_error *error)
{
    if (!test || !analyzer || !config)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL",
                         !test       ? "test"
                         : !analyzer ? "analyzer"
                                     : "config");
    if (!secg_analyzer_is_fresh(analyzer))
        return secg_fail(error, SECG_E_STATE, "analyzer: has already taken frames");
    if (!secg_analyzer_labels_beats(analyzer))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "analyzer: no_labels, but the record of a test counts ventricular beats");
    return check_config(config, error);
}

secg_status secg_test_create(secg_analyzer *analyzer, const secg_test_config *config,
                             secg_test **test, secg_error *error)
{
    if (test)
        *test = NULL;
    secg_status status = check_call(analyzer, config, test, error);
    if (status != SECG_OK)
        return status;
    size_t bytes = bytes_needed(analyzer, config);
    unsigned char *block = bytes ? secg_memory_take(&config->memory, bytes) : NULL;
    if (!block)
        return secg_fail(error, SECG_E_MEMORY, "test: %zu bytes could not be taken", bytes);
    size_t misfit = (uintptr_t)block % SECG_ARENA_ALIGN;
    secg_arena arena = {.base = block + (misfit ? SECG_ARENA_ALIGN - misfit : 0),
                        .capacity = bytes - SECG_ARENA_ALIGN};
    secg_test *made = lay_out(&arena, analyzer, config);
    if (!made) {
        secg_memory_give(&config->memory, block, bytes);
        return secg_fail(error, SECG_E_MEMORY, "test: the layout does not fit %zu bytes", bytes);
    }
    made->block = block;
    made->block_bytes = bytes;
    made->analyzer = analyzer;
    secg_analyzer_observe(analyzer, secg_test_observe, made);
    *test = made;
    return SECG_OK;
}

void secg_test_destroy(secg_test *test)
{
    if (!test)
        return;
    secg_analyzer_observe(test->analyzer, NULL, NULL);
    secg_memory memory = test->memory; /* the test itself lies in its block */
    secg_memory_give(&memory, test->summary_block, test->summary_bytes);
    secg_memory_give(&memory, test->block, test->block_bytes);
}
