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
    STAGES_MOST = 256,
    MARKS_BESIDE_TABLE = 64 /* pre-test stages, recovery minutes, stages beside the table */
};

/* ---- the configuration -------------------------------------------------------------------------- */

static secg_status check_text(const char *text, size_t size, const char *field, secg_error *error)
{
    return memchr(text, '\0', size)
               ? SECG_OK
               : secg_fail(error, SECG_E_ARGUMENT, "protocol.%s: the text has no end", field);
}

static secg_status check_table_stage(const secg_protocol_stage *stage, size_t index,
                                     secg_error *error)
{
    secg_status status = check_text(stage->label, sizeof stage->label, "stage.label", error);
    if (status != SECG_OK)
        return status;
    if (stage->duration_s != 0 && !(stage->duration_s >= 1 && stage->duration_s <= 86400))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "protocol.stage[%zu].duration_s: %g is not 0 or 1 .. 86400", index,
                         stage->duration_s);
    if (!isnan(stage->bp_due_s) && !(stage->bp_due_s >= 0 && stage->bp_due_s <= 86400))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "protocol.stage[%zu].bp_due_s: %g is outside 0 .. 86400", index,
                         (double)stage->bp_due_s);
    return SECG_OK;
}

static secg_status check_protocol(const secg_protocol *protocol, secg_error *error)
{
    if (!protocol)
        return SECG_OK;
    if (!protocol->stage || protocol->stages < 1 || protocol->stages > STAGES_MOST)
        return secg_fail(error, SECG_E_ARGUMENT, "protocol.stages: %zu is outside 1 .. %d",
                         protocol->stages, STAGES_MOST);
    if (!(protocol->recovery_s >= 0 && protocol->recovery_s <= 86400))
        return secg_fail(error, SECG_E_ARGUMENT, "protocol.recovery_s: %g is outside 0 .. 86400",
                         protocol->recovery_s);
    secg_status status =
        check_text(protocol->dose_unit, sizeof protocol->dose_unit, "dose_unit", error);
    for (size_t i = 0; status == SECG_OK && i < protocol->stages; i++)
        status = check_table_stage(&protocol->stage[i], i, error);
    return status;
}

static secg_status check_number(double number, double low, double high, const char *field,
                                secg_error *error)
{
    if (number == 0 || (number >= low && number <= high))
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "%s: %g is not 0 or %g .. %g", field, number, low,
                     high);
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

static secg_status check_reserved(const uint8_t *byte, size_t count, const char *field,
                                  secg_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (byte[i])
            return secg_fail(error, SECG_E_ARGUMENT, "%s: must be zero", field);
    return SECG_OK;
}

static const char *formula(const secg_test_config *config)
{
    return config->max_bpm_formula ? config->max_bpm_formula : "fox";
}

static secg_status check_config(const secg_test_config *config, secg_error *error)
{
    secg_status status = check_protocol(config->protocol, error);
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

static void configure(secg_test *test, const secg_signal *signal, const secg_test_config *config)
{
    test->protocol = config->protocol;
    test->patient = config->patient;
    memcpy(test->formula, formula(config), strlen(formula(config)));
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
}

static void start_clock(secg_test *test)
{
    secg_course_init(&test->said);
    secg_course_init(&test->now);
    test->clock.overdue_at = test->clock.last_bp = SECG_NO_SAMPLE;
    test->clock.relearn_at = test->clock.keep_rest_at = SECG_NO_SAMPLE;
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
