/* stages.csv and beats.csv.  An empty cell is a number that is not known; for ST the reason stands
 * in the lead's "why" column. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "document/csv.h"
#include "document/lead_keys.h"
#include "document/verdict.h"

#include <stressecg/order.h>

#include <math.h>

enum { TIME_DECIMALS = 5 };

/* ---- cells --------------------------------------------------------------------------------------- */

static void put_value(secg_csv *csv, secg_value value, int decimals)
{
    secg_csv_real(csv, value.why == SECG_MEASURED ? (double)value.value : (double)NAN, decimals);
}

static void put_known(secg_csv *csv, int known, int32_t value)
{
    secg_csv_real(csv, known ? (double)value : (double)NAN, 0);
}

static void put_times(secg_csv *csv, const secg_stage_summary *stage, double rate_hz)
{
    secg_csv_text(csv, stage->label);
    secg_csv_text(csv, secg_phase_text(stage->phase));
    secg_csv_real(csv, secg_seconds(stage->start, rate_hz), TIME_DECIMALS);
    secg_csv_real(csv, secg_seconds(stage->end, rate_hz), TIME_DECIMALS);
    secg_csv_real(csv, secg_seconds(stage->end - stage->start, rate_hz), TIME_DECIMALS);
    secg_csv_real(csv, stage->planned_s > 0 ? stage->planned_s : (double)NAN, 1);
    put_known(csv, stage->phase == SECG_PHASE_EXERCISE, stage->complete);
}

static void put_load(secg_csv *csv, const secg_stage_summary *stage)
{
    int known = stage->mets.mets.why == SECG_MEASURED;
    secg_csv_real(csv, (double)stage->speed_mph, 2);
    secg_csv_real(csv, (double)stage->grade_pct, 2);
    secg_csv_real(csv, (double)stage->power_w, 1);
    put_value(csv, stage->mets.mets, 2);
    secg_csv_text(csv, known ? secg_mets_method_text(stage->mets.method) : "");
}

static void put_body(secg_csv *csv, const secg_stage_summary *stage)
{
    int known = stage->bp.why == SECG_MEASURED;
    put_value(csv, stage->bpm, 1);
    put_known(csv, known, stage->bp.systolic_mmhg);
    put_known(csv, known, stage->bp.diastolic_mmhg);
    put_value(csv, stage->rate_pressure, 0);
    put_value(csv, stage->rpe, 1);
    put_value(csv, stage->spo2, 1);
}

static void put_counts(secg_csv *csv, const secg_stage_summary *stage)
{
    const secg_beat_counts *counts = &stage->counts;
    secg_csv_whole(csv, counts->beats);
    secg_csv_whole(csv, counts->v);
    secg_csv_whole(csv, counts->pvc);
    secg_csv_whole(csv, counts->couplets);
    secg_csv_whole(csv, counts->runs);
    secg_csv_whole(csv, counts->s);
    secg_csv_real(csv, (double)stage->coverage_pct, 2);
    secg_csv_real(csv, (double)stage->readable_pct, 2);
}

/* "fatigue 5; chest pain": what was entered in the row, with its grade. */
static void put_symptoms(secg_csv *csv, const secg_summary *summary,
                         const secg_stage_summary *stage)
{
    char list[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < summary->facts && used + 60 < sizeof list; i++) {
        const secg_fact *fact = &summary->fact[i];
        if (fact->kind != SECG_FACT_SYMPTOM || fact->sample < stage->start ||
            fact->sample >= stage->end)
            continue;
        const char *text = secg_symptom_text((secg_symptom)fact->code);
        int wrote = snprintf(list + used, sizeof list - used, "%s%s", used ? "; " : "", text);
        if (fact->grade >= 0)
            wrote += snprintf(list + used + wrote, sizeof list - used - (size_t)wrote, " %d",
                              fact->grade);
        used += (size_t)wrote;
    }
    secg_csv_text(csv, list);
}

static void put_course(secg_csv *csv, const secg_stage_summary *stage)
{
    put_value(csv, stage->mets_reached, 2);
    secg_csv_real(csv, (double)stage->actual_speed_mph, 2);
    secg_csv_real(csv, (double)stage->actual_grade_pct, 2);
    secg_csv_real(csv, (double)stage->actual_power_w, 1);
    secg_csv_real(csv, (double)stage->dose, 3);
    secg_csv_real(csv, stage->held_s, 3);
    secg_csv_real(csv, stage->paused_s, 3);
}

static void put_st(secg_csv *csv, const secg_st *st)
{
    int known = st && st->why == SECG_MEASURED;
    secg_csv_real(csv, known ? (double)st->level_mv : (double)NAN, 4);
    secg_csv_real(csv, known ? (double)st->sigma_mv : (double)NAN, 4);
    secg_csv_real(csv, known ? (double)st->slope_mv_s : (double)NAN, 3);
    secg_csv_text(csv, st ? secg_st_point_text((secg_st_point)st->point) : "");
    secg_csv_text(csv, known ? "" : secg_why_text(st ? (secg_why)st->why : SECG_WHY_NOT_YET));
}

/* ---- stages.csv ------------------------------------------------------------------------------------ */

static void put_header(secg_csv *csv, const secg_lead_keys *keys)
{
    static const char *const column[] = {"label",
                                         "phase",
                                         "start_s",
                                         "end_s",
                                         "duration_s",
                                         "planned_s",
                                         "complete",
                                         "speed_mph",
                                         "grade_pct",
                                         "power_w",
                                         "mets",
                                         "mets_method",
                                         "bpm",
                                         "systolic_mmhg",
                                         "diastolic_mmhg",
                                         "rate_pressure",
                                         "rpe",
                                         "spo2",
                                         "beats",
                                         "ventricular",
                                         "pvc",
                                         "couplets",
                                         "runs",
                                         "supraventricular",
                                         "coverage_pct",
                                         "readable_pct",
                                         "mets_reached",
                                         "actual_speed_mph",
                                         "actual_grade_pct",
                                         "actual_power_w",
                                         "dose",
                                         "held_s",
                                         "paused_s",
                                         "symptoms"};
    static const char *const of_lead[] = {"mv", "sigma_mv", "slope_mv_s", "point", "why"};
    char name[64];
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        secg_csv_text(csv, column[i]);
    for (size_t k = 0; k < keys->count; k++)
        for (size_t i = 0; i < sizeof of_lead / sizeof *of_lead; i++) {
            snprintf(name, sizeof name, "st_%s_%s", keys->key[k], of_lead[i]);
            secg_csv_text(csv, name);
        }
    secg_csv_end_line(csv);
}

static void put_stages(secg_csv *csv, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    put_header(csv, &keys);
    for (size_t i = 0; i < summary->stages; i++) {
        const secg_stage_summary *stage = &summary->stage[i];
        put_times(csv, stage, summary->signal->rate_hz);
        put_load(csv, stage);
        put_body(csv, stage);
        put_counts(csv, stage);
        put_course(csv, stage);
        put_symptoms(csv, summary, stage);
        for (size_t k = 0; k < keys.count; k++)
            put_st(csv, stage->st ? &stage->st[k] : NULL);
        secg_csv_end_line(csv);
    }
}

/* ---- beats.csv ------------------------------------------------------------------------------------- */

static void put_beats(secg_csv *csv, const secg_summary *summary)
{
    fputs("sample,time_s,type,rr_ms,rate_bpm\n", csv->stream);
    for (size_t i = 0; i < summary->beats; i++) {
        const secg_beat *beat = &summary->beat[i];
        double rr_ms = (double)beat->rr_ms;
        char type[2] = {(char)beat->label, '\0'};
        secg_csv_whole(csv, beat->sample);
        secg_csv_real(csv, secg_seconds(beat->sample, summary->signal->rate_hz), TIME_DECIMALS);
        secg_csv_text(csv, type);
        secg_csv_real(csv, rr_ms, 2);
        secg_csv_real(csv, rr_ms > 0 ? 60000 / rr_ms : (double)NAN, 2);
        secg_csv_end_line(csv);
        secg_summary_rest(summary, i);
    }
}

/* ---- both ------------------------------------------------------------------------------------------ */

static secg_status save(const secg_summary *summary, const char *path,
                        void (*put)(secg_csv *, const secg_summary *), secg_error *error)
{
    secg_atomic_file out;
    if (!summary || !path)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", summary ? "path" : "summary");
    secg_status status = secg_refuse_verdicts(summary, NULL, error);
    if (status == SECG_OK)
        status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    secg_csv csv = {.stream = out.stream};
    put(&csv, summary);
    return secg_atomic_close(&out, SECG_OK, error);
}

secg_status secg_summary_write_stages_csv(const secg_summary *summary, const char *path,
                                          secg_error *error)
{
    return save(summary, path, put_stages, error);
}

secg_status secg_summary_write_beats_csv(const secg_summary *summary, const char *path,
                                         secg_error *error)
{
    return save(summary, path, put_beats, error);
}
