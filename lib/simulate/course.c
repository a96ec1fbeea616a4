/* Heart rate follows work as a first-order system does: in a stage,
 *
 *     bpm(t) = target - (target - start) exp(-(t - t0) / tau),
 *
 * tau 38 s, or less in short stages, so that 4.5 tau pass and the rate stands within about 1 % of
 * the step at the stage's end.  Targets divide the reserve (peak - standing rest) evenly among the
 * stages.  In recovery the drop is the mean of a fast (60 s, vagal) and a slow (200 s) exponential
 * towards rest + 18 bpm: about 35 bpm in the first minute from 170.
 *
 * ST depression is proportional to the heart-rate reserve used in exercise, and in recovery decays
 * with its own 150 s, slower than the rate: the loop that ST against rate draws in ischaemia. */
#include "simulate/course.h"

#include "base/status.h"

#include <math.h>
#include <stdio.h>
#include <stressecg/event.h>
#include <string.h>

#define REST_S         60.0
#define RECOVERY_S     360.0
#define RECOVERY_ROW_S 60.0
#define STAND_BPM      10.0
#define RECOVERED_BPM  18.0

typedef struct load {
    const char *label;
    double seconds, mph, grade_pct;
} load;

/* domain.md 1.2; a copy of the few that are simulated, since this floor stands beside the
 * catalogue, not above it. */
static const load bruce[] = {{"1", 180, 1.7, 10}, {"2", 180, 2.5, 12}, {"3", 180, 3.4, 14},
                             {"4", 180, 4.2, 16}, {"5", 180, 5.0, 18}, {"6", 180, 5.5, 20},
                             {"7", 180, 6.0, 22}};
static const load modified_bruce[] = {
    {"0", 180, 1.7, 0},  {"1/2", 180, 1.7, 5}, {"1", 180, 1.7, 10},
    {"2", 180, 2.5, 12}, {"3", 180, 3.4, 14},  {"4", 180, 4.2, 16},
    {"5", 180, 5.0, 18}, {"6", 180, 5.5, 20},  {"7", 180, 6.0, 22}};
static const load naughton[] = {{"1", 120, 1.0, 0},   {"2", 120, 2.0, 0},    {"3", 120, 2.0, 3.5},
                                {"4", 120, 2.0, 7},   {"5", 120, 2.0, 10.5}, {"6", 120, 2.0, 14},
                                {"7", 120, 2.0, 17.5}};
static const load balke_ware[] = {{"1", 60, 3.3, 0},   {"2", 60, 3.3, 2},   {"3", 60, 3.3, 3},
                                  {"4", 60, 3.3, 4},   {"5", 60, 3.3, 5},   {"6", 60, 3.3, 6},
                                  {"7", 60, 3.3, 7},   {"8", 60, 3.3, 8},   {"9", 60, 3.3, 9},
                                  {"10", 60, 3.3, 10}, {"11", 60, 3.3, 11}, {"12", 60, 3.3, 12}};

#define TABLE(id, rows)                                                                            \
    {                                                                                              \
        id, rows, sizeof rows / sizeof *rows                                                       \
    }
static const struct protocol {
    const char *id;
    const load *rows;
    size_t count;
} protocol_table[] = {TABLE("bruce", bruce), TABLE("modified-bruce", modified_bruce),
                      TABLE("naughton", naughton), TABLE("balke-ware", balke_ware)};

static const struct protocol *find_protocol(const char *id)
{
    for (size_t i = 0; i < sizeof protocol_table / sizeof *protocol_table; i++)
        if (strcmp(protocol_table[i].id, id) == 0)
            return &protocol_table[i];
    return NULL;
}

static double stage_bpm(const secg_simulated_course_stage *stage, double time_s)
{
    double change = stage->target_bpm - stage->start_bpm;
    return stage->target_bpm - change * exp(-(time_s - stage->start_s) / stage->time_constant_s);
}

static secg_simulated_course_stage *add_stage(secg_simulated_course *course, int32_t phase,
                                              int32_t index, const char *label, double seconds,
                                              double target_bpm)
{
    secg_simulated_course_stage *stage = &course->stage[course->stages];
    const secg_simulated_course_stage *before = course->stages > 0 ? stage - 1 : NULL;
    *stage = (secg_simulated_course_stage){
        .phase = phase,
        .index = index,
        .start_s = course->length_s,
        .end_s = course->length_s + seconds,
        .start_bpm = before ? stage_bpm(before, before->end_s) : target_bpm,
        .target_bpm = target_bpm,
        .time_constant_s = seconds / 4.5 < 38 ? seconds / 4.5 : 38,
        .speed_mph = (double)NAN,
        .grade_pct = (double)NAN};
    snprintf(stage->label, sizeof stage->label, "%s", label);
    course->length_s = stage->end_s;
    course->stages++;
    return stage;
}

static void add_exercise(secg_simulated_course *course, const load *rows, int32_t count)
{
    for (int32_t k = 0; k < count; k++) {
        double part = (double)(k + 1) / (double)count;
        secg_simulated_course_stage *stage =
            add_stage(course, SECG_PHASE_EXERCISE, k, rows[k].label, rows[k].seconds,
                      course->stand_bpm + part * (course->peak_bpm - course->stand_bpm));
        stage->speed_mph = rows[k].mph;
        stage->grade_pct = rows[k].grade_pct;
    }
}

static void add_recovery(secg_simulated_course *course)
{
    course->recovery_s = course->length_s;
    const secg_simulated_course_stage *last = &course->stage[course->stages - 1];
    course->recovery_start_bpm = stage_bpm(last, last->end_s);
    for (int32_t k = 0; k < (int32_t)(RECOVERY_S / RECOVERY_ROW_S); k++) {
        char label[24];
        snprintf(label, sizeof label, "Recovery %d:00", (int)k + 1);
        add_stage(course, SECG_PHASE_RECOVERY, k, label, RECOVERY_ROW_S, 0);
    }
}

static secg_status init_steady(secg_simulated_course *course, const secg_simulation_config *config,
                               secg_error *error)
{
    if (config->stages != 0)
        return secg_fail(error, SECG_E_ARGUMENT, "stages: \"steady\" has none");
    if (config->peak_bpm != 0)
        return secg_fail(error, SECG_E_ARGUMENT, "peak_bpm: \"steady\" has only rest_bpm");
    course->steady = 1;
    course->protocol = "steady";
    course->stand_s = course->recovery_s = INFINITY;
    course->st_peak_mv = isnan(config->st_peak_mv) ? 0 : config->st_peak_mv;
    add_stage(course, SECG_PHASE_PRETEST, 0, "Steady",
              config->duration_s > 0 ? config->duration_s : 60, course->rest_bpm);
    return SECG_OK;
}

static secg_status init_test(secg_simulated_course *course, const struct protocol *protocol,
                             const secg_simulation_config *config, secg_error *error)
{
    int32_t stages = config->stages != 0 ? config->stages : 4;
    if (stages < 1 || (size_t)stages > protocol->count)
        return secg_fail(error, SECG_E_ARGUMENT, "stages: %d is outside 1 .. %zu of %s",
                         (int)config->stages, protocol->count, protocol->id);
    if (course->peak_bpm < course->rest_bpm + 2 * STAND_BPM)
        return secg_fail(error, SECG_E_ARGUMENT, "peak_bpm: %g is not 20 bpm above rest_bpm, %g",
                         course->peak_bpm, course->rest_bpm);
    if (config->duration_s != 0)
        return secg_fail(error, SECG_E_ARGUMENT, "duration_s: only \"steady\" has one");
    if (config->ectopy_scale > 0)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "ectopy_scale: a probability is for \"steady\" only");
    course->protocol = protocol->id;
    course->st_peak_mv = isnan(config->st_peak_mv) ? 0
                         : config->st_peak_mv != 0 ? config->st_peak_mv
                                                   : 0.20;
    add_stage(course, SECG_PHASE_PRETEST, 0, "Supine", REST_S, course->rest_bpm);
    course->stand_s = course->length_s;
    add_stage(course, SECG_PHASE_PRETEST, 1, "Standing", REST_S, course->stand_bpm);
    add_exercise(course, protocol->rows, stages);
    add_recovery(course);
    return SECG_OK;
}

secg_status secg_simulated_course_init(secg_simulated_course *course,
                                       const secg_simulation_config *config, secg_error *error)
{
    const char *id = config->protocol ? config->protocol : "bruce";
    *course = (secg_simulated_course){.rest_bpm = config->rest_bpm > 0 ? config->rest_bpm : 65,
                                      .peak_bpm = config->peak_bpm > 0 ? config->peak_bpm : 170};
    course->stand_bpm = course->rest_bpm + STAND_BPM;
    if (strcmp(id, "steady") == 0)
        return init_steady(course, config, error);
    const struct protocol *protocol = find_protocol(id);
    if (!protocol)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "protocol: \"%.40s\" is not simulated; there are bruce, modified-bruce, "
                         "naughton, balke-ware and steady",
                         id);
    return init_test(course, protocol, config, error);
}

static double recovery_bpm(const secg_simulated_course *course, double after_s)
{
    double rest = course->rest_bpm + RECOVERED_BPM;
    double left = 0.5 * exp(-after_s / 60) + 0.5 * exp(-after_s / 200);
    return rest + (course->recovery_start_bpm - rest) * left;
}

static const secg_simulated_course_stage *stage_at(const secg_simulated_course *course,
                                                   double time_s)
{
    int32_t k = 0;
    while (k < course->stages - 1 && course->stage[k].end_s <= time_s)
        k++;
    return &course->stage[k];
}

static double ramp(double time_s, double start_s, double seconds)
{
    double x = (time_s - start_s) / seconds;
    return x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x);
}

static double unit(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

/* Constant; the effort is that of someone with this rate in a test from 65 to 170 bpm. */
static secg_simulated_course_state steady_at(const secg_simulated_course *course)
{
    double reserve = unit((course->rest_bpm - 75) / 95);
    return (secg_simulated_course_state){.bpm = course->rest_bpm,
                                         .effort = reserve,
                                         .reserve = reserve,
                                         .st_mv = course->st_peak_mv,
                                         .cadence_hz = reserve > 0 ? 1.6 + reserve : 0,
                                         .breath_hz = 0.25 + 0.35 * reserve};
}

static double reserve_of(const secg_simulated_course *course, double bpm)
{
    return unit((bpm - course->stand_bpm) / (course->peak_bpm - course->stand_bpm));
}

/* Walks half a minute more at falling effort, then sits. */
static secg_simulated_course_state recovery_at(const secg_simulated_course *course, double time_s)
{
    double after_s = time_s - course->recovery_s, bpm = recovery_bpm(course, after_s);
    double peak = reserve_of(course, course->recovery_start_bpm);
    return (secg_simulated_course_state){.bpm = bpm,
                                         .effort = 0.08 + (peak - 0.08) * exp(-after_s / 40),
                                         .reserve = reserve_of(course, bpm),
                                         .st_mv = course->st_peak_mv * peak * exp(-after_s / 150),
                                         .upright =
                                             1 - 0.7 * ramp(time_s, course->recovery_s + 40, 5),
                                         .cadence_hz = after_s < 30 ? 1.8 : 0};
}

static secg_simulated_course_state work_at(const secg_simulated_course *course, double time_s)
{
    const secg_simulated_course_stage *stage = stage_at(course, time_s);
    double bpm = stage_bpm(stage, time_s), reserve = reserve_of(course, bpm);
    int walking = stage->phase == SECG_PHASE_EXERCISE;
    double upright = ramp(time_s, course->stand_s, 5);
    return (secg_simulated_course_state){.bpm = bpm,
                                         .effort = walking ? 0.15 + 0.85 * reserve : 0.08 * upright,
                                         .reserve = reserve,
                                         .st_mv = walking ? course->st_peak_mv * reserve : 0,
                                         .upright = upright,
                                         .cadence_hz = walking ? 1.2 + 0.35 * stage->speed_mph : 0};
}

secg_simulated_course_state secg_simulated_course_at(const secg_simulated_course *course,
                                                     double time_s)
{
    if (course->steady)
        return steady_at(course);
    secg_simulated_course_state state =
        time_s >= course->recovery_s ? recovery_at(course, time_s) : work_at(course, time_s);
    state.breath_hz = 0.25 + 0.35 * state.reserve;
    return state;
}
