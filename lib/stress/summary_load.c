/* Load and METs of a row, by the conventions of domain.md 1.4. */
#include "stress/summary_parts.h"

#include <math.h>

#define COMPLETED_S 60.0

/* ---- load -------------------------------------------------------------------------------------------- */

/* The latest STAGE fact that a row stands under. */
static int64_t stage_began(const secg_summary *summary, const secg_stage_summary *row)
{
    int64_t began = 0;
    for (size_t i = 0; i < summary->facts; i++)
        if (summary->fact[i].kind == SECG_FACT_STAGE && summary->fact[i].sample <= row->start)
            began = summary->fact[i].sample;
    return began;
}

static void set_if_known(float *to, float value)
{
    if (!isnan(value))
        *to = value;
}

void secg_summary_load(const secg_test *test, const secg_summary_room *room,
                       secg_stage_summary *row)
{
    const secg_summary *summary = room->summary;
    (void)test;
    if (row->phase != SECG_PHASE_EXERCISE && row->phase != SECG_PHASE_RECOVERY)
        return;
    int64_t from = stage_began(summary, row);
    for (size_t i = 0; i < summary->facts; i++) {
        const secg_fact *fact = &summary->fact[i];
        if (fact->sample < from || fact->sample >= row->end)
            continue;
        if (fact->kind == SECG_FACT_TARGET) {
            set_if_known(&row->speed_mph, fact->speed_mph);
            set_if_known(&row->grade_pct, fact->grade_pct);
            set_if_known(&row->power_w, fact->power_w);
            row->manual_load = 1;
        } else if (fact->kind == SECG_FACT_FAULT && fact->sample >= row->start &&
                   row->faults < UINT8_MAX)
            row->faults++;
    }
}

/* ---- METs -------------------------------------------------------------------------------------------- */

static secg_modality modality(const secg_test *test, const secg_stage_summary *row)
{
    if (test->protocol)
        return test->protocol->modality;
    return isnan(row->speed_mph) && !isnan(row->power_w) ? SECG_MODALITY_BICYCLE
                                                         : SECG_MODALITY_TREADMILL;
}

static float first_known(float a, float b)
{
    return isnan(a) ? b : a;
}

/* Of the target load; of the measured one where the site says so, or where no target is known. */
static secg_mets mets_of(const secg_test *test, secg_stage_summary *row)
{
    secg_mets none = {.mets = secg_no_value(SECG_WHY_NOT_APPLICABLE)};
    secg_modality how = modality(test, row);
    if (row->phase != SECG_PHASE_EXERCISE || how == SECG_MODALITY_DRUG)
        return none;
    int walks = how == SECG_MODALITY_TREADMILL;
    float target = walks ? row->speed_mph : row->power_w;
    float actual = walks ? row->actual_speed_mph : row->actual_power_w;
    int of_actual = isnan(target) || (test->mets_of_actual && !isnan(actual));
    secg_mets mets;
    if (!walks)
        mets = secg_mets_ergometer(how, (double)(of_actual ? actual : target),
                                   (double)test->patient.weight_kg);
    else if (of_actual)
        mets = secg_mets_treadmill((double)actual,
                                   (double)first_known(row->actual_grade_pct, row->grade_pct), 0);
    else
        mets = secg_mets_treadmill((double)target,
                                   (double)first_known(row->grade_pct, row->actual_grade_pct), 0);
    row->mets_of_actual = (uint8_t)(of_actual && mets.mets.why == SECG_MEASURED);
    return mets;
}

static int is_ramp(const secg_test *test, const secg_stage_summary *row)
{
    return test->protocol && row->stage >= 0 && !row->manual_load &&
           test->protocol->stage[row->stage].ramp_s > 0;
}

/* Where the rise to the full value of a stage has got to at its end. */
static secg_value interpolated(const secg_test *test, const secg_stage_summary *row, float before)
{
    secg_value full = row->mets.mets;
    double elapsed_s = secg_seconds(row->end - row->start, test->rate_hz);
    if (full.why != SECG_MEASURED || is_ramp(test, row) || row->planned_s <= 0 ||
        elapsed_s >= row->planned_s)
        return full;
    full.value = (float)((double)before +
                         ((double)full.value - (double)before) * elapsed_s / row->planned_s);
    return full;
}

void secg_summary_mets(const secg_test *test, secg_stage_summary *row, float before)
{
    row->mets = mets_of(test, row);
    row->mets_reached = interpolated(test, row, before);
}

/* ---- the peak by each convention ---------------------------------------------------------------------- */

static secg_peak no_peak(secg_why why)
{
    return (secg_peak){.value = secg_no_value(why), .sample = SECG_NO_SAMPLE};
}

static void keep_higher(secg_peak *peak, secg_value value, int64_t sample)
{
    if (value.why != SECG_MEASURED) {
        if (peak->value.why != SECG_MEASURED)
            *peak = no_peak(value.why);
    } else if (peak->value.why != SECG_MEASURED || value.value > peak->value.value)
        *peak = (secg_peak){.value = value, .sample = sample};
}

/* 60 s of a stage count, or all of a shorter one. */
static int is_completed(const secg_test *test, const secg_stage_summary *row, int64_t *at)
{
    double needed_s =
        row->planned_s > 0 && row->planned_s < COMPLETED_S ? row->planned_s : COMPLETED_S;
    *at = row->start + secg_sample_at(needed_s, test->rate_hz);
    return *at <= row->end;
}

void secg_summary_peak_mets(const secg_test *test, secg_summary *summary)
{
    secg_peak *by = summary->peak_mets_by;
    for (int i = 0; i < SECG_METS_CONVENTIONS; i++)
        by[i] = no_peak(SECG_WHY_NOT_APPLICABLE);
    for (size_t i = 0; i < summary->stages; i++) {
        const secg_stage_summary *row = &summary->stage[i];
        int64_t at = row->end;
        if (row->phase != SECG_PHASE_EXERCISE)
            continue;
        int ramp = is_ramp(test, row), completed = is_completed(test, row, &at);
        keep_higher(&by[SECG_METS_FULL - 1], row->mets.mets, ramp ? row->end : row->start);
        keep_higher(&by[SECG_METS_INTERPOLATED - 1], row->mets_reached, row->end);
        if (ramp || completed)
            keep_higher(&by[SECG_METS_COMPLETED - 1], row->mets.mets, ramp ? row->end : at);
        else if (by[SECG_METS_COMPLETED - 1].value.why == SECG_WHY_NOT_APPLICABLE)
            by[SECG_METS_COMPLETED - 1] = no_peak(SECG_WHY_NOT_YET);
    }
    summary->peak_mets = by[summary->mets_convention - 1];
    summary->peak_mets_foster = secg_no_value(SECG_WHY_NOT_ENTERED);
    if (summary->handrail != SECG_HANDRAIL_NOT_STATED) {
        summary->peak_mets_foster = summary->peak_mets.value;
        if (summary->peak_mets.value.why == SECG_MEASURED)
            summary->peak_mets_foster.value =
                (float)secg_mets_foster((double)summary->peak_mets.value.value, summary->handrail);
    }
}

const char *secg_summary_peak_mets_text(void)
{
    return secg_mets_convention_text(SECG_METS_INTERPOLATED);
}
