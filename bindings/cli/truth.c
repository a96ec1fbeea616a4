#include "truth.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEADS = 12 };

static const secg_lead lead_order[LEADS] = {
    SECG_LEAD_I,  SECG_LEAD_II, SECG_LEAD_III, SECG_LEAD_AVR, SECG_LEAD_AVL, SECG_LEAD_AVF,
    SECG_LEAD_V1, SECG_LEAD_V2, SECG_LEAD_V3,  SECG_LEAD_V4,  SECG_LEAD_V5,  SECG_LEAD_V6};

/* ---- writing --------------------------------------------------------------------------- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *levels(const float *value)
{
    json_t *object = json_object();
    for (int k = 0; k < LEADS; k++)
        json_object_set_new(object, secg_lead_name(lead_order[k]), number((double)value[k]));
    return object;
}

static json_t *stage_json(const secg_simulated_stage *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "label", json_string(s->label));
    json_object_set_new(o, "phase", json_string(secg_phase_text((secg_phase)s->phase)));
    json_object_set_new(o, "start_s", number(s->start_s));
    json_object_set_new(o, "end_s", number(s->end_s));
    json_object_set_new(o, "speed_mph", number((double)s->speed_mph));
    json_object_set_new(o, "grade_pct", number((double)s->grade_pct));
    json_object_set_new(o, "bpm_end", number((double)s->bpm_end));
    json_object_set_new(o, "ventricular_beats", json_integer(s->pvc));
    json_object_set_new(o, "couplets", json_integer(s->couplets));
    json_object_set_new(o, "runs", json_integer(s->runs));
    json_object_set_new(o, "systolic_mmhg", json_integer(s->systolic_mmhg));
    json_object_set_new(o, "diastolic_mmhg", json_integer(s->diastolic_mmhg));
    json_object_set_new(o, "bp_time_s", number(s->bp_time_s));
    json_object_set_new(o, "st_j_mv", levels(s->stj_mv));
    json_object_set_new(o, "st_j60_mv", levels(s->st60_mv));
    json_object_set_new(o, "st_j80_mv", levels(s->st80_mv));
    json_object_set_new(o, "st_slope_mv_s", levels(s->st_slope_mv_s));
    return o;
}

static json_t *beats_json(const secg_simulation *simulation)
{
    size_t count;
    const secg_simulated_beat *beat = secg_simulation_beats(simulation, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            list, json_pack("{s:I, s:f, s:s#}", "sample", (json_int_t)beat[i].sample, "r_time_s",
                            beat[i].r_time_s, "type", (const char *)&beat[i].label, 1));
    return list;
}

int cli_truth_write(const char *path, const secg_simulation *simulation, uint64_t seed)
{
    size_t stages;
    const secg_simulated_stage *stage = secg_simulation_stages(simulation, &stages);
    json_t *root = json_object(), *list = json_array();
    json_object_set_new(root, "format", json_string("stressecg-truth-1"));
    json_object_set_new(root, "protocol", json_string(secg_simulation_protocol(simulation)));
    json_object_set_new(root, "seed", json_integer((json_int_t)seed));
    json_object_set_new(root, "rate_hz", number(secg_simulation_signal(simulation)->rate_hz));
    json_object_set_new(root, "frames",
                        json_integer((json_int_t)secg_simulation_frames(simulation)));
    for (size_t i = 0; i < stages; i++)
        json_array_append_new(list, stage_json(&stage[i]));
    json_object_set_new(root, "stages", list);
    json_object_set_new(root, "beats", beats_json(simulation));
    int failed = json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) != 0;
    json_decref(root);
    return failed ? cli_fail(-1, "%s: the file cannot be written", path) : 0;
}

/* ---- reading --------------------------------------------------------------------------- */

static double get_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void get_levels(const json_t *stage, const char *key, float *value)
{
    const json_t *object = json_object_get(stage, key);
    for (int k = 0; k < LEADS; k++)
        value[k] = (float)get_number(object, secg_lead_name(lead_order[k]));
}

static void get_stage(const json_t *o, secg_simulated_stage *s)
{
    *s = (secg_simulated_stage){0};
    const char *label = json_string_value(json_object_get(o, "label"));
    strncpy(s->label, label ? label : "?", sizeof s->label - 1);
    s->start_s = get_number(o, "start_s");
    s->end_s = get_number(o, "end_s");
    s->bpm_end = (float)get_number(o, "bpm_end");
    s->pvc = (int32_t)json_integer_value(json_object_get(o, "ventricular_beats"));
    s->couplets = (int32_t)json_integer_value(json_object_get(o, "couplets"));
    s->runs = (int32_t)json_integer_value(json_object_get(o, "runs"));
    get_levels(o, "st_j_mv", s->stj_mv);
    get_levels(o, "st_j60_mv", s->st60_mv);
    get_levels(o, "st_j80_mv", s->st80_mv);
}

int cli_truth_read(const char *path, cli_truth *truth)
{
    *truth = (cli_truth){0};
    json_error_t where;
    json_t *root = json_load_file(path, 0, &where);
    if (!root)
        return cli_fail(-1, "%s:%d:%d: %s", path, where.line, where.column, where.text);
    const json_t *list = json_object_get(root, "stages");
    size_t count = json_array_size(list);
    truth->stage = calloc(count ? count : 1, sizeof *truth->stage);
    for (size_t i = 0; truth->stage && i < count; i++)
        get_stage(json_array_get(list, i), &truth->stage[truth->stages++]);
    json_decref(root);
    if (!truth->stage || count == 0) {
        cli_truth_free(truth);
        return cli_fail(-1, "%s: stages: there are none", path);
    }
    return 0;
}

void cli_truth_free(cli_truth *truth)
{
    free(truth->stage);
    *truth = (cli_truth){0};
}

/* ---- beside the measurement ------------------------------------------------------------ */

static const secg_stage_summary *row_ending_at(const secg_summary *summary, double end_s)
{
    for (size_t i = 0; i < summary->stages; i++)
        if (fabs(secg_seconds(summary->stage[i].end, summary->signal->rate_hz) - end_s) < 1.5)
            return &summary->stage[i];
    return NULL;
}

/* The true level at the point that was measured; NaN where there is no truth for it. */
static double true_level(const secg_simulated_stage *truth, int lead, const secg_st *st)
{
    switch (st->point) {
    case SECG_ST_J:
        return (double)truth->stj_mv[lead];
    case SECG_ST_J60:
        return (double)truth->st60_mv[lead];
    case SECG_ST_J80:
        return (double)truth->st80_mv[lead];
    default:
        return (double)NAN;
    }
}

static const secg_st *find_st(const secg_summary *summary, const secg_stage_summary *row,
                              secg_lead lead)
{
    for (size_t k = 0; k < summary->leads; k++)
        if (summary->lead[k].lead == lead)
            return &row->st[k];
    return NULL;
}

/* Largest disagreement over the leads, and how many were measured. */
static double worst_error(const cli_truth *truth, size_t i, const secg_summary *summary,
                          const secg_stage_summary *row, int *measured, secg_lead *worst_lead)
{
    double worst = 0;
    *measured = 0;
    for (int k = 0; k < LEADS; k++) {
        const secg_st *st = find_st(summary, row, lead_order[k]);
        if (!st || st->why != SECG_MEASURED)
            continue;
        ++*measured;
        double error = (double)st->level_mv - true_level(&truth->stage[i], k, st);
        if (fabs(error) >= fabs(worst)) {
            worst = error;
            *worst_lead = lead_order[k];
        }
    }
    return worst;
}

static void print_lead(const cli_truth *truth, size_t i, const secg_summary *summary,
                       const secg_stage_summary *row, int k)
{
    const secg_st *st = find_st(summary, row, lead_order[k]);
    if (!st)
        printf("  %15s", "-");
    else if (st->why != SECG_MEASURED)
        printf("  %15s", secg_why_text((secg_why)st->why));
    else
        printf("  %+7.3f %+7.3f", (double)st->level_mv, true_level(&truth->stage[i], k, st));
}

void cli_truth_print(const cli_truth *truth, const secg_summary *summary)
{
    printf("\nMeasured beside true (simulation); ST in mV at the point shown\n"
           "%-15s %13s  %9s  %15s  %15s  %15s  %5s  %s\n",
           "stage end", "HR bpm", "V beats", "ST II", "ST V5", "ST aVR", "point",
           "largest ST difference, leads measured");
    for (size_t i = 0; i < truth->stages; i++) {
        const secg_simulated_stage *t = &truth->stage[i];
        const secg_stage_summary *row = row_ending_at(summary, t->end_s);
        if (!row) {
            printf("%-15s %s\n", t->label, "no such stage in the summary");
            continue;
        }
        if (row->bpm.why == SECG_MEASURED)
            printf("%-15s %6.1f %6.1f", t->label, (double)row->bpm.value, (double)t->bpm_end);
        else
            printf("%-15s %13s", t->label, secg_why_text(row->bpm.why));
        printf("  %4d %4d", (int)row->counts.v, (int)t->pvc);
        print_lead(truth, i, summary, row, 1);
        print_lead(truth, i, summary, row, 10);
        print_lead(truth, i, summary, row, 3);
        int measured;
        secg_lead worst_lead = SECG_LEAD_OTHER;
        double worst = worst_error(truth, i, summary, row, &measured, &worst_lead);
        printf("  %5s  ", row->st ? secg_st_point_text((secg_st_point)row->st[0].point) : "-");
        if (measured)
            printf("%+.3f mV in %s, %d of 12\n", worst, secg_lead_name(worst_lead), measured);
        else
            printf("none measured\n");
    }
}
