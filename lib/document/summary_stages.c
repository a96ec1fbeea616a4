/* The stage table of summary.json, with the ST table of each stage. */
#include "document/lead_keys.h"
#include "document/summary_parts.h"

#include <stressecg/intervals.h>

#include <math.h>

/* A tenth of a microvolt is far below any sigma; so is the last digit of the others. */
enum { MV_DECIMALS = 4, SLOPE_DECIMALS = 3, INTEGRAL_DECIMALS = 6, UV_DECIMALS = 2 };
enum { BPM_DECIMALS = 2, PCT_DECIMALS = 2, LOAD_DECIMALS = 3, SECOND_DECIMALS = 5 };

/* ---- ST ---------------------------------------------------------------------------------------- */

static secg_value measured(const secg_st *st, float value, float sigma)
{
    return (secg_value){.why = (secg_why)st->why, .value = value, .sigma = sigma};
}

static void put_st(secg_build *b, json_t *to, const secg_st *st)
{
    secg_put_text(b, to, "point", secg_st_point_text((secg_st_point)st->point));
    secg_put_value(b, to, "level_mv", measured(st, st->level_mv, st->sigma_mv), MV_DECIMALS);
    secg_put_value(b, to, "slope_mv_s", measured(st, st->slope_mv_s, st->slope_sigma_mv_s),
                   SLOPE_DECIMALS);
    secg_put_real(b, to, "level_j_mv", (double)st->level_j_mv, MV_DECIMALS);
    secg_put_real(b, to, "level_j60_mv", (double)st->level_j60_mv, MV_DECIMALS);
    secg_put_real(b, to, "level_j80_mv", (double)st->level_j80_mv, MV_DECIMALS);
    secg_put_real(b, to, "level_jrr16_mv", (double)st->level_jrr16_mv, MV_DECIMALS);
    secg_put_real(b, to, "integral_mv_s", (double)st->integral_mv_s, INTEGRAL_DECIMALS);
    secg_put_whole(b, to, "beats", st->beats);
    secg_put_real(b, to, "noise_uv", 1000 * (double)st->noise_mv, UV_DECIMALS);
    secg_put_real(b, to, "heart_rate_bpm", (double)st->bpm, BPM_DECIMALS);
    secg_put_real(b, to, "age_s", (double)st->age_s, 2);
    secg_put_time(b, to, "time_s", st->sample);
}

static void put_st_table(secg_build *b, json_t *row, const secg_st *st, const secg_lead_keys *keys)
{
    json_t *table = secg_put(b, row, "st", json_object());
    for (size_t k = 0; st && k < keys->count; k++)
        put_st(b, secg_put(b, table, keys->key[k], json_object()), &st[k]);
}

/* ---- what was counted, entered and set ---------------------------------------------------------- */

void secg_put_counts(secg_build *b, json_t *object, const char *key, const secg_beat_counts *c)
{
    const struct {
        const char *name;
        int32_t count;
    } list[] = {{"beats", c->beats},
                {"n", c->n},
                {"s", c->s},
                {"v", c->v},
                {"q", c->q},
                {"pvc", c->pvc},
                {"couplets", c->couplets},
                {"runs", c->runs},
                {"longest_run", c->longest_run},
                {"sve", c->sve},
                {"svt_runs", c->svt_runs},
                {"bigeminy", c->bigeminy},
                {"trigeminy", c->trigeminy},
                {"pauses", c->pauses}};
    json_t *to = secg_put(b, object, key, json_object());
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        secg_put_whole(b, to, list[i].name, list[i].count);
}

static void put_pressure(secg_build *b, json_t *row, const secg_blood_pressure *bp)
{
    json_t *to = secg_put(b, row, "blood_pressure", json_object());
    if (bp->why != SECG_MEASURED) {
        secg_put(b, to, "systolic_mmhg", json_null());
        secg_put(b, to, "diastolic_mmhg", json_null());
        secg_put_text(b, to, "reason", secg_why_text(bp->why));
        return;
    }
    secg_put_whole(b, to, "systolic_mmhg", bp->systolic_mmhg);
    secg_put_whole(b, to, "diastolic_mmhg", bp->diastolic_mmhg);
    secg_put_time(b, to, "time_s", bp->sample);
}

static void put_load(secg_build *b, json_t *row, const secg_summary *summary,
                     const secg_stage_summary *stage)
{
    json_t *target = secg_put(b, row, "target", json_object());
    secg_put_real(b, target, "speed_mph", (double)stage->speed_mph, LOAD_DECIMALS);
    secg_put_real(b, target, "grade_pct", (double)stage->grade_pct, LOAD_DECIMALS);
    secg_put_real(b, target, "power_w", (double)stage->power_w, LOAD_DECIMALS);
    secg_put_real(b, target, "dose", (double)stage->dose, LOAD_DECIMALS);
    if (summary->protocol && isfinite(stage->dose))
        secg_put_stated(b, target, "dose_unit", summary->protocol->dose_unit);
    secg_put_flag(b, target, "by_hand", stage->manual_load);
    json_t *actual = secg_put(b, row, "actual", json_object());
    secg_put_whole(b, actual, "faults", stage->faults);
    secg_put_real(b, actual, "speed_mph", (double)stage->actual_speed_mph, LOAD_DECIMALS);
    secg_put_real(b, actual, "grade_pct", (double)stage->actual_grade_pct, LOAD_DECIMALS);
    secg_put_real(b, actual, "power_w", (double)stage->actual_power_w, LOAD_DECIMALS);
}

static void put_mets(secg_build *b, json_t *row, const secg_mets *mets)
{
    json_t *to = secg_put_value(b, row, "mets", mets->mets, 2);
    if (mets->mets.why != SECG_MEASURED)
        return;
    secg_put_text(b, to, "method", secg_mets_method_text(mets->method));
    secg_put_flag(b, to, "extrapolated", mets->extrapolated);
}

/* What staff entered in the row, by name; "none" is an entry. */
static void put_symptoms(secg_build *b, json_t *row, const secg_summary *summary,
                         const secg_stage_summary *stage)
{
    json_t *list = secg_put(b, row, "symptoms", json_array());
    for (size_t i = 0; i < summary->facts; i++) {
        const secg_fact *fact = &summary->fact[i];
        if (fact->kind != SECG_FACT_SYMPTOM || fact->sample < stage->start ||
            fact->sample >= stage->end)
            continue;
        json_t *to = secg_append(b, list, json_object());
        secg_put_time(b, to, "time_s", fact->sample);
        secg_put_text(b, to, "symptom", secg_symptom_name((secg_symptom)fact->code));
        if (fact->grade >= 0)
            secg_put_whole(b, to, "grade", fact->grade);
        secg_put_stated(b, to, "text", fact->text);
    }
}

/* Where to find the strip and the average complexes that stand for the row. */
static void put_references(secg_build *b, json_t *row, const secg_summary *summary,
                           const secg_stage_summary *stage)
{
    json_t *strip = secg_put(b, row, "strip", json_object());
    secg_put_time(b, strip, "start_s", stage->strip_start);
    secg_put_time(b, strip, "end_s", stage->strip_end);
    int64_t complex = SECG_NO_SAMPLE;
    for (size_t k = 0; stage->complex && k < summary->leads; k++)
        if (stage->complex[k].samples > 0)
            complex = stage->complex[k].sample;
    secg_put_time(b, row, "average_complex_s", complex);
}

/* PR, QRS and QT of the row's average complexes. */
static void put_intervals(secg_build *b, json_t *row, const secg_summary *summary,
                          const secg_stage_summary *stage)
{
    secg_intervals of = secg_complex_intervals(stage->complex, summary->leads);
    json_t *to = secg_put(b, row, "intervals", json_object());
    secg_put_value(b, to, "pr_ms", of.pr_ms, 0);
    secg_put_value(b, to, "qrs_ms", of.qrs_ms, 0);
    secg_put_value(b, to, "qt_ms", of.qt_ms, 0);
    secg_put_value(b, to, "qtc_ms", of.qtc_ms, 0);
    secg_put_text(b, to, "qtc_formula", secg_qtc_formula_text());
}

/* ---- a row -------------------------------------------------------------------------------------- */

static void put_span(secg_build *b, json_t *row, const secg_stage_summary *stage)
{
    secg_put_text(b, row, "label", stage->label);
    secg_put_text(b, row, "phase", secg_phase_text(stage->phase));
    if (stage->stage >= 0)
        secg_put_whole(b, row, "stage", stage->stage);
    else
        secg_put(b, row, "stage", json_null());
    secg_put_time(b, row, "start_s", stage->start);
    secg_put_time(b, row, "end_s", stage->end);
    secg_put_real(b, row, "phase_s", stage->phase_s, SECOND_DECIMALS);
    secg_put_real(b, row, "planned_s", stage->planned_s > 0 ? stage->planned_s : (double)NAN,
                  SECOND_DECIMALS);
    if (stage->phase == SECG_PHASE_EXERCISE)
        secg_put_flag(b, row, "complete", stage->complete);
    secg_put_real(b, row, "held_s", stage->held_s, SECOND_DECIMALS);
    secg_put_real(b, row, "paused_s", stage->paused_s, SECOND_DECIMALS);
}

static void put_stage(secg_build *b, json_t *row, const secg_summary *summary,
                      const secg_stage_summary *stage, const secg_lead_keys *keys)
{
    put_span(b, row, stage);
    put_load(b, row, summary, stage);
    put_mets(b, row, &stage->mets);
    secg_put_flag(b, row, "mets_of_actual", stage->mets_of_actual);
    secg_put_value(b, row, "mets_reached", stage->mets_reached, 2);
    secg_put_value(b, row, "heart_rate_bpm", stage->bpm, BPM_DECIMALS);
    put_pressure(b, row, &stage->bp);
    secg_put_value(b, row, "rate_pressure", stage->rate_pressure, 0);
    secg_put_value(b, row, "rpe", stage->rpe, 1);
    secg_put_value(b, row, "spo2_pct", stage->spo2, 1);
    secg_put_counts(b, row, "beats", &stage->counts);
    secg_put_real(b, row, "coverage_pct", (double)stage->coverage_pct, PCT_DECIMALS);
    secg_put_real(b, row, "readable_pct", (double)stage->readable_pct, PCT_DECIMALS);
    put_symptoms(b, row, summary, stage);
    put_references(b, row, summary, stage);
    put_intervals(b, row, summary, stage);
    put_st_table(b, row, stage->st, keys);
}

void secg_put_stages(secg_build *b, secg_json_stream *out, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    secg_json_stream_begin_list(out, "stages");
    for (size_t i = 0; i < summary->stages; i++) {
        json_t *row = json_object();
        put_stage(b, row, summary, &summary->stage[i], &keys);
        secg_json_stream_element(out, row);
        secg_summary_rest(summary, i);
    }
    secg_json_stream_end_list(out);
}

/* ST over time, levels only: {"V5": level or null}. */
void secg_put_trend(secg_build *b, secg_json_stream *out, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    secg_json_stream_begin_list(out, "trend");
    for (size_t i = 0; i < summary->trends; i++) {
        const secg_trend_point *point = &summary->trend[i];
        json_t *row = json_object();
        secg_put_time(b, row, "time_s", point->sample);
        secg_put_value(b, row, "heart_rate_bpm", point->bpm, BPM_DECIMALS);
        json_t *st = secg_put(b, row, "st", json_object());
        for (size_t k = 0; point->st && k < keys.count; k++)
            secg_put_value(b, st, keys.key[k],
                           measured(&point->st[k], point->st[k].level_mv, point->st[k].sigma_mv),
                           MV_DECIMALS);
        secg_json_stream_element(out, row);
        secg_summary_rest(summary, i);
    }
    secg_json_stream_end_list(out);
}
