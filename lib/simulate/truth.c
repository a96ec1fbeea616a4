/* Levels are those of the whole formula (ST, T and the neighbours of the beat together) at J,
 * J+60 and J+80, less its value in the middle of the PR segment: the mean over the normal beats
 * with their R peak in the last 10 s of the stage, since that is what an average complex can show.
 * The slope is that of the least-squares line through these mean levels, 1 ms apart, from J to
 * J+80, or to J+60 from 120 bpm on. */
#include "simulate/truth.h"

#include <math.h>
#include <stdio.h>
#include <stressecg/event.h>

#define LAST_S 10.0

enum { ST_POINTS = 81 }; /* J .. J+80, each ms */

typedef struct st_curve {
    double mv[ST_POINTS][SECG_MODEL_ALL_LEADS];
    int beats;
} st_curve;

static void tracing_at(const secg_beat_form *beats, size_t count, double time_s, double *twelve)
{
    double eight[SECG_MODEL_LEADS];
    size_t first = 0;
    secg_beats_at(beats, count, &first, time_s, eight);
    secg_all_leads(eight, twelve);
}

/* near: the few beats around this one. */
static void add_beat(st_curve *curve, const secg_beat_form *near, size_t count,
                     const secg_beat_form *beat)
{
    double level[SECG_MODEL_ALL_LEADS], zero[SECG_MODEL_ALL_LEADS];
    tracing_at(near, count, secg_beat_isoelectric_s(beat), zero);
    for (int i = 0; i < ST_POINTS; i++) {
        tracing_at(near, count, beat->r_s + beat->j + i * 0.001, level);
        for (int k = 0; k < SECG_MODEL_ALL_LEADS; k++)
            curve->mv[i][k] += level[k] - zero[k];
    }
    curve->beats++;
}

/* Sum over the normal beats from..to. */
static void add_beats(st_curve *curve, const secg_beat_form *beats, size_t count, double from_s,
                      double to_s)
{
    for (size_t i = 0; i < count; i++) {
        if (beats[i].label != 'N' || beats[i].r_s < from_s || beats[i].r_s >= to_s)
            continue;
        size_t low = i > 8 ? i - 8 : 0, high = i + 8 < count ? i + 8 : count;
        add_beat(curve, beats + low, high - low, &beats[i]);
    }
}

/* Least squares over equally spaced points: sum((i - mean) y) / sum((i - mean)^2). */
static double slope_mv_s(const st_curve *curve, int lead, int points)
{
    double mean = 0.5 * (points - 1), products = 0, squares = 0;
    for (int i = 0; i < points; i++) {
        products += (i - mean) * curve->mv[i][lead];
        squares += (i - mean) * (i - mean);
    }
    return 1000 * products / squares / curve->beats;
}

static void fill_st(secg_simulated_stage *stage, const secg_beat_form *beats, size_t count)
{
    st_curve curve = {0};
    add_beats(&curve, beats, count, stage->end_s - LAST_S, stage->end_s);
    for (int k = 0; k < SECG_MODEL_ALL_LEADS; k++) {
        stage->stj_mv[k] = (float)(curve.mv[0][k] / curve.beats);
        stage->st60_mv[k] = (float)(curve.mv[60][k] / curve.beats);
        stage->st80_mv[k] = (float)(curve.mv[80][k] / curve.beats);
        stage->st_slope_mv_s[k] =
            (float)slope_mv_s(&curve, k, stage->bpm_end < 120 ? ST_POINTS : 61);
    }
}

/* All RR intervals that lie within the last 10 s. */
static double end_bpm(const secg_beat_form *beats, size_t count, double end_s)
{
    double first_s = 0, last_s = 0;
    int intervals = -1;
    for (size_t i = 0; i < count; i++) {
        if (beats[i].r_s < end_s - LAST_S || beats[i].r_s > end_s)
            continue;
        if (intervals++ < 0)
            first_s = beats[i].r_s;
        last_s = beats[i].r_s;
    }
    return intervals > 0 ? 60 * intervals / (last_s - first_s) : (double)NAN;
}

/* A run belongs to the stage in which it begins; its beats to those in which they are. */
static void count_ectopy(secg_simulated_stage *stage, const secg_beat_form *beats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (beats[i].label != 'V' || beats[i].r_s < stage->start_s || beats[i].r_s >= stage->end_s)
            continue;
        stage->pvc++;
        if (i > 0 && beats[i - 1].label == 'V')
            continue;
        size_t length = 1;
        while (i + length < count && beats[i + length].label == 'V')
            length++;
        stage->couplets += length == 2;
        stage->runs += length >= 3;
    }
}

/* Readings rise with the reserve used, 118/76 to 190/80, and lag a little in recovery. */
static void take_pressure(const secg_simulated_course *course, secg_simulated_stage *stage)
{
    stage->bp_time_s = stage->end_s - 20;
    double lag_s = stage->phase == SECG_PHASE_RECOVERY ? 15 : 0;
    double reserve = secg_simulated_course_at(course, stage->bp_time_s - lag_s).reserve;
    stage->systolic_mmhg = 118 + 2 * (int32_t)lround(36 * reserve);
    stage->diastolic_mmhg = 76 + 2 * (int32_t)lround(2 * reserve);
}

void secg_truth_stages(const secg_simulated_course *course, const secg_beat_form *beats,
                       size_t count, secg_simulated_stage *stages)
{
    for (int32_t k = 0; k < course->stages; k++) {
        const secg_simulated_course_stage *plan = &course->stage[k];
        secg_simulated_stage *stage = &stages[k];
        *stage = (secg_simulated_stage){.phase = plan->phase,
                                        .index = plan->index,
                                        .start_s = plan->start_s,
                                        .end_s = plan->end_s,
                                        .speed_mph = (float)plan->speed_mph,
                                        .grade_pct = (float)plan->grade_pct,
                                        .bp_time_s = (double)NAN};
        snprintf(stage->label, sizeof stage->label, "%s", plan->label);
        stage->bpm_end = (float)end_bpm(beats, count, plan->end_s);
        fill_st(stage, beats, count);
        count_ectopy(stage, beats, count);
        if (!course->steady)
            take_pressure(course, stage);
    }
}

secg_simulated_beat secg_truth_beat(const secg_beat_form *beat, const secg_beat_form *before,
                                    double rate_hz)
{
    return (secg_simulated_beat){.sample = secg_sample_at(beat->r_s, rate_hz),
                                 .r_time_s = beat->r_s,
                                 .label = beat->label,
                                 .rr_ms = before ? (float)(1000 * (beat->r_s - before->r_s)) : NAN,
                                 .qrs_onset_ms = (float)(1000 * beat->qrs_start),
                                 .j_ms = (float)(1000 * beat->j),
                                 .t_end_ms = (float)(1000 * beat->t_end)};
}
