/* Tables that are checked, made for one patient, or made from another table. */
#include "base/status.h"

#include <stressecg/protocol.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- checks -------------------------------------------------------------------------------------- */

static secg_status check_text(const char *text, size_t size, const char *field, secg_error *error)
{
    return memchr(text, '\0', size)
               ? SECG_OK
               : secg_fail(error, SECG_E_ARGUMENT, "protocol.%s: the text has no end", field);
}

static secg_status check_stage_number(size_t index, const char *field, double value, double low,
                                      double high, secg_error *error)
{
    if (isnan(value) || (value >= low && value <= high))
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "protocol.stage[%zu].%s: %g is outside %g .. %g",
                     index, field, value, low, high);
}

static secg_status check_ramp(const secg_protocol *protocol, size_t index, secg_error *error)
{
    const secg_protocol_stage *stage = &protocol->stage[index];
    if (stage->ramp_s == 0)
        return SECG_OK;
    if (!(stage->ramp_s >= 1 && stage->ramp_s <= 60))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "protocol.stage[%zu].ramp_s: %g is not 0 or 1 .. 60", index,
                         (double)stage->ramp_s);
    if (index + 1 == protocol->stages || !(stage->duration_s > 0))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "protocol.stage[%zu].ramp_s: needs a duration, and a stage to rise to",
                         index);
    return SECG_OK;
}

static secg_status check_stage(const secg_protocol *protocol, size_t index, secg_error *error)
{
    const secg_protocol_stage *stage = &protocol->stage[index];
    const struct {
        const char *field;
        float value;
        double low, high;
    } row[] = {
        {"speed_mph", stage->speed_mph, 0, 25},  {"grade_pct", stage->grade_pct, -10, 50},
        {"power_w", stage->power_w, 0, 1500},    {"dose", stage->dose, 0, 1e6},
        {"bp_due_s", stage->bp_due_s, 0, 86400}, {"strip_due_s", stage->strip_due_s, 0, 86400},
    };
    secg_status status = check_text(stage->label, sizeof stage->label, "stage.label", error);
    if (status == SECG_OK && stage->duration_s != 0 &&
        !(stage->duration_s >= 1 && stage->duration_s <= 86400))
        status = secg_fail(error, SECG_E_ARGUMENT,
                           "protocol.stage[%zu].duration_s: %g is not 0 or 1 .. 86400", index,
                           stage->duration_s);
    for (size_t i = 0; status == SECG_OK && i < sizeof row / sizeof *row; i++)
        status = check_stage_number(index, row[i].field, (double)row[i].value, row[i].low,
                                    row[i].high, error);
    return status == SECG_OK ? check_ramp(protocol, index, error) : status;
}

secg_status secg_protocol_check(const secg_protocol *protocol, secg_error *error)
{
    if (!protocol)
        return secg_fail(error, SECG_E_ARGUMENT, "protocol: NULL");
    if (!protocol->stage || protocol->stages < 1 || protocol->stages > SECG_MAX_PROTOCOL_STAGES)
        return secg_fail(error, SECG_E_ARGUMENT, "protocol.stages: %zu is outside 1 .. %d",
                         protocol->stages, SECG_MAX_PROTOCOL_STAGES);
    if (!(protocol->recovery_s >= 0 && protocol->recovery_s <= 86400))
        return secg_fail(error, SECG_E_ARGUMENT, "protocol.recovery_s: %g is outside 0 .. 86400",
                         protocol->recovery_s);
    secg_status status =
        check_text(protocol->dose_unit, sizeof protocol->dose_unit, "dose_unit", error);
    for (size_t i = 0; status == SECG_OK && i < protocol->stages; i++)
        status = check_stage(protocol, i, error);
    return status;
}

/* ---- ramps ----------------------------------------------------------------------------------------- */

#define STAGE_S            120.0
#define BP_BEFORE_END_S    45
#define STRIP_BEFORE_END_S 15
#define WALK_WARM_UP_S     60.0
#define CYCLE_WARM_UP_S    120.0
#define WARM_UP_MPH        2.0
#define STEEPEST_PCT       25.0
#define BEYOND_PEAK        1.5

static secg_status check_range(double value, double low, double high, const char *field,
                               secg_error *error)
{
    if (value >= low && value <= high)
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "%s: %g is outside %g .. %g", field, value, low, high);
}

static secg_protocol_stage blank_stage(double duration_s, double update_s)
{
    return (secg_protocol_stage){.duration_s = duration_s,
                                 .speed_mph = NAN,
                                 .grade_pct = NAN,
                                 .power_w = NAN,
                                 .dose = NAN,
                                 .bp_due_s = duration_s >= STAGE_S ? BP_BEFORE_END_S : (float)NAN,
                                 .strip_due_s = STRIP_BEFORE_END_S,
                                 .ramp_s = (float)update_s};
}

/* The grade at which walking costs so many METs: the ACSM walking equation solved for G. */
static double grade_for(double mets, double mph)
{
    double s = 26.8 * mph;
    return 100 * (3.5 * mets - 3.5 - 0.1 * s) / (1.8 * s);
}

typedef struct ramp {
    const secg_ramp_config *config;
    double warm_up_s, minutes, update_s, peak_mph;
} ramp;

/* The load at a time after the warm-up, as a fraction of the way to the peak. */
static secg_status set_load(const ramp *r, double fraction, secg_protocol_stage *stage,
                            secg_error *error)
{
    const secg_ramp_config *c = r->config;
    if (c->modality != SECG_MODALITY_TREADMILL) {
        stage->power_w = (float)(c->start_w + fraction * (c->peak_w - c->start_w));
        return SECG_OK;
    }
    double start_mets = (3.5 + 0.1 * 26.8 * WARM_UP_MPH) / 3.5;
    double mph = WARM_UP_MPH + fraction * (r->peak_mph - WARM_UP_MPH);
    double grade = grade_for(start_mets + fraction * (c->peak_mets - start_mets), mph);
    if (!(grade >= -1e-9 && grade <= STEEPEST_PCT + 1e-9))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "peak_mets: %g at %g mph needs a grade of %.1f %%, outside 0 .. %g",
                         c->peak_mets, mph, grade, STEEPEST_PCT);
    stage->speed_mph = (float)mph;
    stage->grade_pct = (float)fmax(grade, 0);
    return SECG_OK;
}

static secg_status check_ramp_config(const ramp *r, secg_error *error)
{
    const secg_ramp_config *c = r->config;
    if (c->modality != SECG_MODALITY_TREADMILL && c->modality != SECG_MODALITY_BICYCLE &&
        c->modality != SECG_MODALITY_ARM)
        return secg_fail(error, SECG_E_ARGUMENT, "modality: not treadmill, bicycle or arm crank");
    secg_status status = check_range(r->minutes, 6, 15, "minutes", error);
    if (status == SECG_OK)
        status = check_range(r->update_s, 5, 20, "update_s", error);
    if (c->modality == SECG_MODALITY_TREADMILL) {
        if (status == SECG_OK)
            status = check_range(c->peak_mets, 3, 25, "peak_mets", error);
        return status == SECG_OK ? check_range(r->peak_mph, 2, 4.9, "peak_speed_mph", error)
                                 : status;
    }
    if (status == SECG_OK)
        status = check_range(c->start_w, 0, 100, "start_w", error);
    return status == SECG_OK ? check_range(c->peak_w, c->start_w + 1, 600, "peak_w", error)
                             : status;
}

static void describe(const ramp *r, secg_protocol *protocol)
{
    const secg_ramp_config *c = r->config;
    snprintf(protocol->id, sizeof protocol->id, "ramp-individual");
    snprintf(protocol->version, sizeof protocol->version, "1");
    snprintf(protocol->name, sizeof protocol->name, "Individual ramp, %.20s",
             secg_modality_text(c->modality));
    if (c->modality == SECG_MODALITY_TREADMILL)
        snprintf(protocol->source, sizeof protocol->source,
                 "2.0 mph, 0 %% for 1 min, then evenly to %.4g METs at %.3g mph by %.3g min",
                 c->peak_mets, r->peak_mph, r->minutes);
    else
        snprintf(protocol->source, sizeof protocol->source,
                 "%.4g W for 2 min, then evenly to %.4g W by %.3g min", c->start_w, c->peak_w,
                 r->minutes);
    protocol->modality = c->modality;
    protocol->recovery_s = 360;
    protocol->recovery_speed_mph = protocol->recovery_grade_pct = protocol->recovery_power_w = NAN;
}

/* Past the peak the rise goes on, to half as long again, unless the treadmill is at its steepest. */
static secg_status fill_ramp(const ramp *r, secg_made_protocol *made, secg_error *error)
{
    double rise_s = 60 * r->minutes - r->warm_up_s;
    size_t last = (size_t)ceil(BEYOND_PEAK * rise_s / STAGE_S);
    secg_status status = SECG_OK;
    made->stage[0] = blank_stage(r->warm_up_s, 0);
    snprintf(made->stage[0].label, sizeof made->stage[0].label, "Warm-up");
    status = set_load(r, 0, &made->stage[0], error);
    size_t i = 0;
    for (; status == SECG_OK && i <= last; i++) {
        secg_protocol_stage *stage = &made->stage[i + 1];
        double fraction = (double)i * STAGE_S / rise_s;
        *stage = blank_stage(STAGE_S, i == last ? 0 : r->update_s);
        snprintf(stage->label, sizeof stage->label, "%zu", i + 1);
        status = set_load(r, fraction, stage, fraction > 1 ? NULL : error);
        if (status != SECG_OK && (double)(i - 1) * STAGE_S >= rise_s) {
            made->stage[i].ramp_s = 0;
            status = SECG_OK;
            break;
        }
    }
    made->protocol.stage = made->stage;
    made->protocol.stages = i + 1;
    return status;
}

secg_status secg_protocol_make_ramp(const secg_ramp_config *config, secg_made_protocol *made,
                                    secg_error *error)
{
    if (!config || !made)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", config ? "made" : "config");
    memset(made, 0, sizeof *made);
    ramp r = {.config = config,
              .warm_up_s =
                  config->modality == SECG_MODALITY_TREADMILL ? WALK_WARM_UP_S : CYCLE_WARM_UP_S,
              .minutes = config->minutes != 0 ? config->minutes : 10,
              .update_s = config->update_s != 0 ? config->update_s : 10,
              .peak_mph = config->peak_speed_mph != 0 ? config->peak_speed_mph : 3.3};
    secg_status status = check_ramp_config(&r, error);
    if (status != SECG_OK)
        return status;
    describe(&r, &made->protocol);
    return fill_ramp(&r, made, error);
}

secg_status secg_protocol_interpolate(const secg_protocol *table, double update_s,
                                      secg_made_protocol *made, secg_error *error)
{
    if (!made)
        return secg_fail(error, SECG_E_ARGUMENT, "made: NULL");
    secg_status status = secg_protocol_check(table, error);
    if (status == SECG_OK)
        status = check_range(update_s, 1, 60, "update_s", error);
    if (status != SECG_OK)
        return status;
    if (table->stages > sizeof made->stage / sizeof *made->stage)
        return secg_fail(error, SECG_E_ARGUMENT, "table: more than %zu stages",
                         sizeof made->stage / sizeof *made->stage);
    made->protocol = *table;
    snprintf(made->protocol.id, sizeof made->protocol.id, "%.22s-ramped", table->id);
    snprintf(made->protocol.name, sizeof made->protocol.name, "%.50s, ramped", table->name);
    memcpy(made->stage, table->stage, table->stages * sizeof *made->stage);
    made->protocol.stage = made->stage;
    for (size_t i = 0; status == SECG_OK && i + 1 < table->stages; i++) {
        made->stage[i].ramp_s = (float)update_s;
        status = check_ramp(&made->protocol, i, error);
    }
    return status;
}
