/* summary.json back into a summary: what a later check, or an export, looks at.  What the file
 * leaves out (beats, complexes, trends) stays empty. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/clock.h"
#include "document/summary_parts.h"
#include "document/test_file_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct secg_summary_file {
    secg_summary summary;
    secg_signal signal;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_protocol protocol;
    secg_protocol_stage *table;
    secg_stage_summary *stage;
    secg_st *st; /* [stages * leads]                                                     */
    secg_rate *rate;
    secg_gap *gap;
    secg_fact *fact;
    secg_correction *correction;
};

enum { MOST_STAGES = 10000, MOST_GAPS = 1000000 };

static secg_summary_file *file_of(secg_reader *r)
{
    return r->to;
}

/* ---- values ---------------------------------------------------------------------------------------- */

static double real_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int whole_of(const json_t *object, const char *key)
{
    double value = real_of(object, key);
    return value >= -1e9 && value <= 1e9 ? (int)value : 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void copy_text(const json_t *object, const char *key, char *to, size_t size)
{
    const char *text = text_of(object, key);
    size_t length = strlen(text) < size ? strlen(text) : size - 1;
    memcpy(to, text, length);
    to[length] = '\0';
}

/* The time of one lies in the recording; anything else was not there. */
static int64_t time_of(const secg_reader *r, const json_t *object, const char *key)
{
    double seconds = real_of(object, key);
    return seconds >= 0 && seconds <= SECG_MOST_SECONDS ? secg_sample_at(seconds, r->rate_hz)
                                                        : SECG_NO_SAMPLE;
}

static secg_why why_of(const json_t *object)
{
    const char *reason = text_of(object, "reason");
    for (int why = SECG_WHY_NOT_YET; why <= SECG_WHY_NOT_APPLICABLE; why++)
        if (strcmp(secg_why_text((secg_why)why), reason) == 0)
            return (secg_why)why;
    return SECG_WHY_NOT_YET;
}

static secg_value value_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    double number = real_of(value, "value"), sigma = real_of(value, "sigma");
    if (!isfinite(number))
        return (secg_value){why_of(value), NAN, 0};
    return (secg_value){SECG_MEASURED, (float)number, isfinite(sigma) ? (float)sigma : 0};
}

static secg_peak peak_of(const secg_reader *r, const json_t *object, const char *key)
{
    return (secg_peak){value_of(object, key), time_of(r, json_object_get(object, key), "time_s")};
}

/* The value whose text is `text`; 0: none. */
static int find_text(const char *(*name)(int value), int last, const char *text)
{
    for (int value = 1; value <= last; value++)
        if (strcmp(name(value), text) == 0)
            return value;
    return 0;
}

static const char *phase_name(int value)
{
    return secg_phase_text((secg_phase)value);
}

static const char *state_name(int value)
{
    return secg_signal_state_text((secg_signal_state)value);
}

static const char *placement_name(int value)
{
    return secg_placement_text((secg_placement)value);
}

static const char *method_name(int value)
{
    return secg_mets_method_text((secg_mets_method)value);
}

static const char *convention_name(int value)
{
    return secg_mets_convention_text((secg_mets_convention)value);
}

static const char *modality_name(int value)
{
    return secg_modality_text((secg_modality)value);
}

static const char *point_name(int value)
{
    return secg_st_point_text((secg_st_point)value);
}

/* ---- lists ------------------------------------------------------------------------------------------- */

static secg_status no_memory(const secg_reader *r)
{
    return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(r->path));
}

/* Room for the list under `key`, zeroed; *count: its length.  An absent list is empty. */
static secg_status make_room(secg_reader *r, const json_t *object, const char *key, size_t most,
                             size_t size, void **room, size_t *count)
{
    const json_t *list = json_object_get(object, key);
    *count = json_array_size(list);
    if (*count > most)
        return secg_read_fail(r, SECG_JSON_VALUE, "%s: more than %zu entries", key, most);
    *room = calloc(*count + 1, size);
    return *room ? SECG_OK : no_memory(r);
}

/* ---- the recording ---------------------------------------------------------------------------------- */

static void read_start(secg_summary *s, const json_t *record)
{
    secg_moment start;
    s->start_unix_ms = SECG_NO_SAMPLE;
    if (!secg_moment_parse(text_of(record, "start"), &start))
        return;
    s->start_unix_ms = start.unix_ms;
    s->utc_offset_min = start.utc_offset_min;
}

static void read_leads(secg_summary_file *f, const json_t *record)
{
    const json_t *list = json_object_get(record, "leads");
    f->summary.leads = json_array_size(list);
    for (size_t k = 0; k < f->summary.leads; k++) {
        const json_t *lead = json_array_get(list, k);
        copy_text(lead, "name", f->lead[k].name, sizeof f->lead[k].name);
        f->lead[k].lead = secg_lead_find(f->lead[k].name);
        f->lead[k].channel = json_is_true(json_object_get(lead, "derived")) ? -1 : (int32_t)k;
    }
}

static secg_status read_record(secg_reader *r, const json_t *root)
{
    const json_t *record = json_object_get(root, "record");
    secg_summary_file *f = file_of(r);
    secg_summary *s = &f->summary;
    double rate_hz = real_of(record, "rate_hz"), frames = real_of(record, "frames");
    if (!(rate_hz >= SECG_MIN_RATE_HZ && rate_hz <= SECG_MAX_RATE_HZ))
        return secg_read_fail(r, SECG_JSON_VALUE, "record.rate_hz is missing, or outside %d .. %d",
                              SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    if (!(frames >= 0 && frames <= SECG_MOST_SECONDS * rate_hz))
        return secg_read_fail(r, SECG_JSON_VALUE, "record.frames is missing, or beyond two days");
    if (json_array_size(json_object_get(record, "leads")) > SECG_MAX_LEADS)
        return secg_read_fail(r, SECG_JSON_VALUE, "record.leads: more than %d", SECG_MAX_LEADS);
    r->rate_hz = f->signal.rate_hz = rate_hz;
    f->signal.placement = (secg_placement)find_text(placement_name, SECG_PLACEMENT_BACK,
                                                    text_of(record, "placement"));
    s->signal = &f->signal;
    s->lead = f->lead;
    s->frames = (int64_t)frames;
    s->digest = strtoull(text_of(record, "digest"), NULL, 16);
    s->calibrated = json_is_true(json_object_get(record, "calibrated"));
    s->mains_hz = whole_of(json_object_get(record, "filters"), "mains_hz");
    s->coverage_pct = (float)real_of(record, "coverage_pct");
    s->readable_pct = (float)real_of(record, "readable_pct");
    read_start(s, record);
    read_leads(f, record);
    return SECG_OK;
}

static secg_status read_protocol(secg_reader *r, const json_t *root)
{
    const json_t *from = json_object_get(root, "protocol");
    secg_summary_file *f = file_of(r);
    secg_protocol *to = &f->protocol;
    if (!json_is_object(from))
        return SECG_OK;
    secg_status status = make_room(r, from, "stages", MOST_STAGES, sizeof *f->table,
                                   (void **)&f->table, &to->stages);
    if (status != SECG_OK)
        return status;
    copy_text(from, "id", to->id, sizeof to->id);
    copy_text(from, "version", to->version, sizeof to->version);
    copy_text(from, "name", to->name, sizeof to->name);
    copy_text(from, "source", to->source, sizeof to->source);
    copy_text(from, json_object_get(from, "label") ? "label" : "name", f->summary.protocol_label,
              sizeof f->summary.protocol_label);
    copy_text(from, "dose_unit", to->dose_unit, sizeof to->dose_unit);
    to->modality =
        (secg_modality)find_text(modality_name, SECG_MODALITY_DRUG, text_of(from, "modality"));
    to->recovery_s = real_of(from, "recovery_s");
    for (size_t i = 0; i < to->stages; i++) {
        const json_t *row = json_array_get(json_object_get(from, "stages"), i);
        double duration_s = real_of(row, "duration_s");
        copy_text(row, "label", f->table[i].label, sizeof f->table[i].label);
        f->table[i].duration_s = isfinite(duration_s) ? duration_s : 0;
        f->table[i].speed_mph = (float)real_of(row, "speed_mph");
        f->table[i].grade_pct = (float)real_of(row, "grade_pct");
        f->table[i].power_w = (float)real_of(row, "power_w");
        f->table[i].dose = (float)real_of(row, "dose");
        f->table[i].bp_due_s = NAN;
    }
    to->stage = f->table;
    f->summary.protocol = to;
    return SECG_OK;
}

/* ---- the course --------------------------------------------------------------------------------------- */

static secg_beat_counts counts_of(const json_t *object, const char *key)
{
    const json_t *from = json_object_get(object, key);
    return (secg_beat_counts){.beats = whole_of(from, "beats"),
                              .n = whole_of(from, "n"),
                              .s = whole_of(from, "s"),
                              .v = whole_of(from, "v"),
                              .q = whole_of(from, "q"),
                              .pvc = whole_of(from, "pvc"),
                              .couplets = whole_of(from, "couplets"),
                              .runs = whole_of(from, "runs"),
                              .longest_run = whole_of(from, "longest_run"),
                              .sve = whole_of(from, "sve"),
                              .svt_runs = whole_of(from, "svt_runs"),
                              .bigeminy = whole_of(from, "bigeminy"),
                              .trigeminy = whole_of(from, "trigeminy"),
                              .pauses = whole_of(from, "pauses")};
}

static secg_status read_times(secg_reader *r, const json_t *root)
{
    secg_summary *s = &file_of(r)->summary;
    const json_t *times = json_object_get(root, "times"), *end = json_object_get(root, "end");
    double exercise_s = real_of(times, "exercise_s"), recovery_s = real_of(times, "recovery_s");
    s->exercise_start = time_of(r, times, "exercise_start_s");
    s->exercise_end = time_of(r, times, "exercise_end_s");
    s->recovery_end = time_of(r, times, "recovery_end_s");
    s->exercise_s = isfinite(exercise_s) ? exercise_s : 0;
    s->recovery_s = isfinite(recovery_s) ? recovery_s : 0;
    s->end = secg_end_find(text_of(end, "reason"));
    copy_text(end, "text", s->end_text, sizeof s->end_text);
    int did_start = s->exercise_start != SECG_NO_SAMPLE;
    int did_end = s->exercise_end != SECG_NO_SAMPLE, left = s->recovery_end != SECG_NO_SAMPLE;
    if (did_start != did_end || s->exercise_end < s->exercise_start)
        return secg_read_fail(r, SECG_JSON_VALUE, "times has no exercise_start_s and a later end");
    if (left && !(did_start && s->recovery_end >= s->exercise_end))
        return secg_read_fail(r, SECG_JSON_VALUE,
                              "times.recovery_end_s is there without, or before, exercise_end_s");
    return SECG_OK;
}

static void read_peaks(secg_reader *r, const json_t *root)
{
    secg_summary *s = &file_of(r)->summary;
    const json_t *peaks = json_object_get(root, "peaks"),
                 *predicted = json_object_get(root, "predicted"),
                 *recovery = json_object_get(root, "heart_rate_recovery"),
                 *patient = json_object_get(root, "patient");
    double age = real_of(patient, "age_years");
    s->rest_bpm = value_of(root, "rest_heart_rate_bpm");
    s->predicted_max_bpm = value_of(predicted, "max_heart_rate_bpm");
    copy_text(json_object_get(predicted, "max_heart_rate_bpm"), "formula", s->max_bpm_formula,
              sizeof s->max_bpm_formula);
    s->target_bpm = value_of(predicted, "target_heart_rate_bpm");
    s->percent_of_max = value_of(predicted, "percent_of_max");
    s->peak_bpm = peak_of(r, peaks, "heart_rate_bpm");
    s->peak_systolic = peak_of(r, peaks, "systolic_mmhg");
    s->peak_rate_pressure = peak_of(r, peaks, "rate_pressure");
    s->peak_mets = peak_of(r, peaks, "mets");
    s->st_lowest = peak_of(r, peaks, "st_lowest_mv");
    s->st_highest = peak_of(r, peaks, "st_highest_mv");
    s->st_lowest_lead = s->st_highest_lead = -1;
    s->st_lowest_table.sample = s->st_highest_table.sample = SECG_NO_SAMPLE;
    s->recovery_drop_1min = peak_of(r, recovery, "drop_1min_bpm");
    s->recovery_drop_2min = peak_of(r, recovery, "drop_2min_bpm");
    s->total = counts_of(root, "totals");
    s->patient.age_years = isfinite(age) ? (float)age : 0;
}

/* Differences and ratios, and the peak METs by every convention. */
static void read_derived(secg_reader *r, const json_t *root)
{
    secg_summary *s = &file_of(r)->summary;
    const json_t *derived = json_object_get(root, "derived"),
                 *peaks = json_object_get(root, "peaks"), *by = json_object_get(peaks, "mets_by");
    s->mets_convention = (secg_mets_convention)find_text(
        convention_name, SECG_METS_CONVENTIONS, text_of(json_object_get(peaks, "mets"), "method"));
    for (int i = 0; i < SECG_METS_CONVENTIONS; i++)
        s->peak_mets_by[i] =
            peak_of(r, by, secg_mets_convention_name((secg_mets_convention)(i + 1)));
    s->peak_mets_foster = value_of(peaks, "mets_corrected");
    s->peak_load_w = peak_of(r, peaks, "power_w");
    s->rate_reserve_bpm = value_of(derived, "rate_reserve_bpm");
    s->rate_reserve_used_pct = value_of(derived, "rate_reserve_used_pct");
    s->systolic_rise_mmhg = value_of(derived, "systolic_rise_mmhg");
    s->diastolic_change_mmhg = value_of(derived, "diastolic_change_mmhg");
    s->recovery_systolic_ratio = value_of(derived, "recovery_systolic_ratio");
    s->predicted_mets = value_of(derived, "predicted_mets");
    s->percent_of_predicted_mets = value_of(derived, "percent_of_predicted_mets");
    copy_text(json_object_get(derived, "predicted_mets"), "formula", s->mets_formula,
              sizeof s->mets_formula);
    s->rest_bp = (secg_blood_pressure){SECG_WHY_NOT_ENTERED, 0, 0, SECG_NO_SAMPLE};
}

/* The table of a row; NULL: it has none. */
static const secg_st *read_st(secg_reader *r, const json_t *row, size_t index)
{
    secg_summary_file *f = file_of(r);
    const json_t *table = json_object_get(row, "st");
    secg_st *st = &f->st[index * f->summary.leads];
    if (json_object_size(table) == 0)
        return NULL;
    for (size_t k = 0; k < f->summary.leads; k++) {
        const json_t *from = json_object_get(table, f->lead[k].name);
        secg_value level = value_of(from, "level_mv");
        int64_t sample = time_of(r, from, "time_s");
        st[k] = (secg_st){.sample = sample,
                          .lead = (uint8_t)k,
                          .why = (uint8_t)level.why,
                          .point =
                              (uint8_t)find_text(point_name, SECG_ST_JRR16, text_of(from, "point")),
                          .beats = (uint16_t)whole_of(from, "beats"),
                          .level_mv = level.value,
                          .sigma_mv = level.sigma};
    }
    return st;
}

static secg_mets mets_of(const json_t *row)
{
    const json_t *from = json_object_get(row, "mets");
    return (secg_mets){.mets = value_of(row, "mets"),
                       .method = (secg_mets_method)find_text(method_name, SECG_METS_ACSM_ARM,
                                                             text_of(from, "method")),
                       .extrapolated = json_is_true(json_object_get(from, "extrapolated"))};
}

static secg_stage_summary stage_of(secg_reader *r, const json_t *row, size_t index)
{
    const json_t *target = json_object_get(row, "target"), *stage = json_object_get(row, "stage");
    double planned_s = real_of(row, "planned_s");
    secg_stage_summary to = {
        .phase = (secg_phase)find_text(phase_name, SECG_PHASE_ENDED, text_of(row, "phase")),
        .stage = json_is_integer(stage) ? whole_of(row, "stage") : -1,
        .complete = json_is_true(json_object_get(row, "complete")),
        .start = time_of(r, row, "start_s"),
        .end = time_of(r, row, "end_s"),
        .phase_s = real_of(row, "phase_s"),
        .planned_s = isfinite(planned_s) ? planned_s : 0,
        .speed_mph = (float)real_of(target, "speed_mph"),
        .grade_pct = (float)real_of(target, "grade_pct"),
        .power_w = (float)real_of(target, "power_w"),
        .dose = (float)real_of(target, "dose"),
        .actual_speed_mph = (float)real_of(json_object_get(row, "actual"), "speed_mph"),
        .actual_grade_pct = (float)real_of(json_object_get(row, "actual"), "grade_pct"),
        .actual_power_w = (float)real_of(json_object_get(row, "actual"), "power_w"),
        .mets = mets_of(row),
        .mets_reached = value_of(row, "mets_reached"),
        .mets_of_actual = json_is_true(json_object_get(row, "mets_of_actual")),
        .bpm = value_of(row, "heart_rate_bpm"),
        .rate_pressure = value_of(row, "rate_pressure"),
        .rpe = value_of(row, "rpe"),
        .spo2 = value_of(row, "spo2_pct"),
        .counts = counts_of(row, "beats"),
        .coverage_pct = (float)real_of(row, "coverage_pct"),
        .readable_pct = (float)real_of(row, "readable_pct"),
        .st = read_st(r, row, index)};
    copy_text(row, "label", to.label, sizeof to.label);
    return to;
}

static secg_blood_pressure pressure_of(const secg_reader *r, const json_t *row)
{
    const json_t *from = json_object_get(row, "blood_pressure");
    if (!json_is_number(json_object_get(from, "systolic_mmhg")))
        return (secg_blood_pressure){why_of(from), 0, 0, SECG_NO_SAMPLE};
    return (secg_blood_pressure){SECG_MEASURED, whole_of(from, "systolic_mmhg"),
                                 whole_of(from, "diastolic_mmhg"), time_of(r, from, "time_s")};
}

static secg_status read_stages(secg_reader *r, const json_t *root)
{
    secg_summary_file *f = file_of(r);
    const json_t *list = json_object_get(root, "stages");
    secg_status status = make_room(r, root, "stages", MOST_STAGES, sizeof *f->stage,
                                   (void **)&f->stage, &f->summary.stages);
    if (status != SECG_OK)
        return status;
    if (!(f->st = calloc(f->summary.stages * f->summary.leads + 1, sizeof *f->st)))
        return no_memory(r);
    for (size_t i = 0; i < f->summary.stages; i++) {
        const json_t *row = json_array_get(list, i);
        f->stage[i] = stage_of(r, row, i);
        f->stage[i].bp = pressure_of(r, row);
        if (f->stage[i].start == SECG_NO_SAMPLE || f->stage[i].end < f->stage[i].start)
            return secg_read_fail(r, SECG_JSON_VALUE, "stages[%zu] has no start and end", i);
    }
    f->summary.stage = f->stage;
    return SECG_OK;
}

/* ---- gaps and rates ---------------------------------------------------------------------------------- */

static int find_lead(const secg_summary_file *f, const char *name)
{
    for (size_t k = 0; k < f->summary.leads; k++)
        if (strcmp(f->lead[k].name, name) == 0)
            return (int)k;
    return -1;
}

static secg_status read_gaps(secg_reader *r, const json_t *root)
{
    secg_summary_file *f = file_of(r);
    secg_status status =
        make_room(r, root, "gaps", MOST_GAPS, sizeof *f->gap, (void **)&f->gap, &f->summary.gaps);
    for (size_t i = 0; status == SECG_OK && i < f->summary.gaps; i++) {
        const json_t *gap = json_array_get(json_object_get(root, "gaps"), i);
        f->gap[i] =
            (secg_gap){time_of(r, gap, "start_s"), time_of(r, gap, "end_s"),
                       (int16_t)find_lead(f, text_of(gap, "lead")),
                       (uint16_t)find_text(state_name, SECG_SIGNAL_GAP, text_of(gap, "state")),
                       (float)real_of(gap, "noise_uv") / 1000};
        if (f->gap[i].start == SECG_NO_SAMPLE || f->gap[i].end < f->gap[i].start)
            status = secg_read_fail(r, SECG_JSON_VALUE, "gaps[%zu] has no start and end", i);
    }
    f->summary.gap = f->gap;
    return status;
}

/* A rate a second, measured but for the times that the file names. */
static secg_status read_rates(secg_reader *r, const json_t *root)
{
    secg_summary_file *f = file_of(r);
    const json_t *list = json_object_get(root, "rate_missing");
    size_t count = (size_t)secg_seconds(f->summary.frames, r->rate_hz);
    if (!(f->rate = calloc(count + 1, sizeof *f->rate)))
        return no_memory(r);
    for (size_t i = 0; i < count; i++)
        f->rate[i] = (secg_rate){.sample = secg_sample_at((double)i + 1, r->rate_hz)};
    for (size_t k = 0; k < json_array_size(list); k++) {
        const json_t *span = json_array_get(list, k);
        double from = real_of(span, "start_s"), to = real_of(span, "end_s");
        for (double s = ceil(fmax(from, 1)); s <= to && s <= (double)count; s++)
            f->rate[(size_t)s - 1].bpm = (secg_value){why_of(span), NAN, 0};
    }
    f->summary.rate = f->rate;
    f->summary.rates = count;
    return SECG_OK;
}

static secg_status read_timeline(secg_reader *r, const json_t *root)
{
    secg_summary_file *f = file_of(r);
    secg_read_enter(r, "timeline", 0);
    secg_status status = secg_read_facts(r, json_object_get(root, "timeline"), f->summary.protocol,
                                         &f->fact, &f->summary.facts);
    secg_read_leave(r);
    f->summary.fact = f->fact;
    return status;
}

/* The facts of one side of each correction. */
static secg_status read_side(secg_reader *r, const json_t *list, const char *side, secg_fact **fact)
{
    size_t count;
    json_t *facts = json_array();
    for (size_t i = 0; facts && i < json_array_size(list); i++)
        if (json_array_append(facts, json_object_get(json_array_get(list, i), side)) != 0)
            json_array_append_new(facts, json_null()); /* refused below, with its place */
    secg_status status = facts
                             ? secg_read_facts(r, facts, file_of(r)->summary.protocol, fact, &count)
                             : no_memory(r);
    json_decref(facts);
    return status;
}

static secg_status read_corrections(secg_reader *r, const json_t *root)
{
    secg_summary_file *f = file_of(r);
    const json_t *list = json_object_get(root, "corrections");
    secg_fact *original = NULL, *correction = NULL;
    secg_status status = make_room(r, root, "corrections", SECG_MOST_FACTS, sizeof *f->correction,
                                   (void **)&f->correction, &f->summary.corrections);
    secg_read_enter(r, "corrections", 0);
    if (status == SECG_OK)
        status = read_side(r, list, "original", &original);
    if (status == SECG_OK)
        status = read_side(r, list, "correction", &correction);
    secg_read_leave(r);
    for (size_t i = 0; status == SECG_OK && i < f->summary.corrections; i++)
        f->correction[i] = (secg_correction){.original = original[i],
                                             .correction = correction[i],
                                             .number = whole_of(json_array_get(list, i), "number")};
    free(original);
    free(correction);
    f->summary.correction = f->correction;
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------------------ */

static secg_status read_root(secg_reader *r, const json_t *root)
{
    if (strcmp(text_of(root, "format"), SECG_SUMMARY_FORMAT) != 0)
        return secg_read_fail(r, SECG_JSON_VALUE, "format is not \"" SECG_SUMMARY_FORMAT "\"");
    secg_status status = read_record(r, root);
    if (status == SECG_OK)
        status = read_protocol(r, root);
    if (status != SECG_OK)
        return status;
    read_peaks(r, root);
    read_derived(r, root);
    status = read_times(r, root);
    if (status == SECG_OK)
        status = read_stages(r, root);
    if (status == SECG_OK)
        status = read_gaps(r, root);
    if (status == SECG_OK)
        status = read_rates(r, root);
    if (status == SECG_OK)
        status = read_timeline(r, root);
    return status == SECG_OK ? read_corrections(r, root) : status;
}

secg_status secg_summary_read_json(const char *path, secg_summary_file **file, secg_error *error)
{
    if (!path || !file)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "file" : "path");
    secg_summary_file *f = calloc(1, sizeof *f);
    *file = f;
    if (!f)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(path));
    secg_reader r = {.path = path, .most_bytes = SECG_MOST_JSON_BYTES, .to = f, .error = error};
    json_t *root;
    secg_status status = secg_read_json(&r, &root);
    if (status == SECG_OK)
        status = read_root(&r, root);
    secg_read_end(&r, root);
    if (status != SECG_OK) {
        secg_summary_file_free(f);
        *file = NULL;
    }
    return status;
}

const secg_summary *secg_summary_file_get(const secg_summary_file *file)
{
    return file ? &file->summary : NULL;
}

void secg_summary_file_free(secg_summary_file *file)
{
    if (!file)
        return;
    free(file->table);
    free(file->stage);
    free(file->st);
    free(file->rate);
    free(file->gap);
    free(file->fact);
    free(file->correction);
    free(file);
}
