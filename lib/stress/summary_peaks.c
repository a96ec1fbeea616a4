/* Highest and lowest figures with their times, and what is derived from them (domain.md 1.5).
 * Without any exercise, rates and ST are looked at over the whole recording. */
#include "base/memory.h"
#include "stress/summary_parts.h"

#include <math.h>
#include <string.h>

#define PEAK_RATE_AFTER_S 10.0 /* the displayed rate lags by its own averaging time */
#define MARK_HALF_WIDTH_S 5.0  /* domain.md 1.5: mean of +-5 s around the mark */
#define MARK_RATE_AGE_S   2.0

typedef struct span {
    int64_t start, end; /* [start, end] */
} span;

static secg_peak no_peak(secg_why why)
{
    return (secg_peak){.value = secg_no_value(why), .sample = SECG_NO_SAMPLE};
}

static void keep_higher(secg_peak *peak, secg_value value, int64_t sample)
{
    if (value.why == SECG_MEASURED &&
        (peak->value.why != SECG_MEASURED || value.value > peak->value.value))
        *peak = (secg_peak){.value = value, .sample = sample};
}

static int did_exercise(const secg_summary *summary)
{
    return summary->exercise_start != SECG_NO_SAMPLE;
}

static span exercise_and(const secg_test *test, const secg_summary *summary, double after_s)
{
    if (!did_exercise(summary))
        return (span){0, summary->frames};
    return (span){summary->exercise_start,
                  summary->exercise_end + secg_sample_at(after_s, test->rate_hz)};
}

static span exercise_and_recovery(const secg_summary *summary)
{
    if (!did_exercise(summary))
        return (span){0, summary->frames};
    return (span){summary->exercise_start, summary->recovery_end != SECG_NO_SAMPLE
                                               ? summary->recovery_end
                                               : summary->exercise_end};
}

/* ---- rate ------------------------------------------------------------------------------------------ */

static void find_peak_rate(const secg_test *test, secg_summary *summary)
{
    span in = exercise_and(test, summary, PEAK_RATE_AFTER_S);
    summary->peak_bpm = no_peak(SECG_WHY_NOT_YET);
    for (size_t i = 0; i < test->log.rates; i++) {
        const secg_rate *rate = &test->log.rate[i];
        if (rate->sample > in.start && rate->sample <= in.end)
            keep_higher(&summary->peak_bpm, rate->bpm, rate->sample);
        secg_memory_rest(&test->memory, i);
    }
}

static void find_rest_rate(const secg_test *test, secg_summary *summary)
{
    int64_t end = summary->exercise_start;
    for (size_t i = 0; i < summary->stages; i++)
        if (summary->stage[i].phase == SECG_PHASE_PRETEST)
            end = summary->stage[i].end;
    summary->rest_bpm = end == SECG_NO_SAMPLE
                            ? secg_no_value(SECG_WHY_NOT_APPLICABLE)
                            : secg_rate_at(test, SECG_NO_SAMPLE, end, MARK_RATE_AGE_S);
}

/* The displayed rate is the mean over the last 10 s; 5 s after a mark it is the mean of +-5 s
 * around it. */
static secg_peak recovery_drop(const secg_test *test, const secg_summary *summary, double minutes)
{
    if (summary->recovery_end == SECG_NO_SAMPLE)
        return no_peak(SECG_WHY_NOT_APPLICABLE);
    int64_t mark = summary->exercise_end + secg_sample_at(60 * minutes, test->rate_hz);
    if (mark > summary->recovery_end)
        return no_peak(SECG_WHY_NOT_YET);
    secg_value peak = summary->peak_bpm.value;
    secg_value at_mark =
        secg_rate_at(test, SECG_NO_SAMPLE, mark + secg_sample_at(MARK_HALF_WIDTH_S, test->rate_hz),
                     MARK_RATE_AGE_S);
    if (peak.why != SECG_MEASURED || at_mark.why != SECG_MEASURED)
        return no_peak(peak.why != SECG_MEASURED ? peak.why : at_mark.why);
    return (secg_peak){
        .value = {SECG_MEASURED, peak.value - at_mark.value, hypotf(peak.sigma, at_mark.sigma)},
        .sample = mark};
}

static void find_target(const secg_test *test, secg_summary *summary)
{
    double most = secg_test_predicted_max(test);
    summary->predicted_max_bpm = summary->target_bpm = summary->percent_of_max =
        secg_no_value(SECG_WHY_NOT_ENTERED);
    if (isnan(most))
        return;
    int predicted = secg_round_half_up(most);
    summary->predicted_max_bpm = (secg_value){SECG_MEASURED, (float)predicted, 0};
    summary->target_bpm = (secg_value){
        SECG_MEASURED, (float)secg_round_half_up((double)test->target_pct * most / 100), 0};
    summary->percent_of_max = secg_no_value(summary->peak_bpm.value.why);
    if (summary->peak_bpm.value.why == SECG_MEASURED)
        summary->percent_of_max = (secg_value){
            SECG_MEASURED,
            (float)secg_round_half_up(100 * (double)summary->peak_bpm.value.value / predicted), 0};
}

/* ---- blood pressure ---------------------------------------------------------------------------------- */

static void find_peak_pressure(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    span in = exercise_and_recovery(summary);
    summary->peak_systolic = summary->peak_rate_pressure = no_peak(SECG_WHY_NOT_ENTERED);
    for (size_t i = 0; i < summary->facts; i++) {
        const secg_fact *fact = &room->fact[i];
        if (fact->kind != SECG_FACT_BLOOD_PRESSURE || fact->sample < in.start ||
            fact->sample > in.end)
            continue;
        secg_value systolic = {SECG_MEASURED, fact->systolic_mmhg, 0};
        keep_higher(&summary->peak_systolic, systolic, fact->sample);
        keep_higher(&summary->peak_rate_pressure, secg_rate_pressure(test, fact), fact->sample);
    }
}

/* ---- load ---------------------------------------------------------------------------------------------- */

static void find_peak_load(secg_summary *summary)
{
    summary->peak_load_w = no_peak(SECG_WHY_NOT_APPLICABLE);
    for (size_t i = 0; i < summary->stages; i++) {
        const secg_stage_summary *row = &summary->stage[i];
        if (row->phase == SECG_PHASE_EXERCISE && !isnan(row->power_w))
            keep_higher(&summary->peak_load_w, (secg_value){SECG_MEASURED, row->power_w, 0},
                        row->end);
    }
}

/* ---- ST ------------------------------------------------------------------------------------------------ */

static void find_st_extremes(const secg_test *test, secg_summary *summary)
{
    span in = exercise_and_recovery(summary);
    const secg_log *log = &test->log;
    secg_peak highest = no_peak(SECG_WHY_NOT_YET), lowest = no_peak(SECG_WHY_NOT_YET);
    summary->st_lowest_lead = summary->st_highest_lead = -1;
    for (size_t i = 0; i < log->tables * log->leads; i++) {
        const secg_st *st = &log->st[i];
        secg_memory_rest(&test->memory, i);
        if (st->why != SECG_MEASURED || st->sample <= in.start || st->sample > in.end)
            continue;
        secg_value level = {SECG_MEASURED, st->level_mv, st->sigma_mv};
        if (highest.value.why != SECG_MEASURED || level.value > highest.value.value) {
            highest = (secg_peak){level, st->sample};
            summary->st_highest_lead = st->lead;
        }
        if (lowest.value.why != SECG_MEASURED || level.value < lowest.value.value) {
            lowest = (secg_peak){level, st->sample};
            summary->st_lowest_lead = st->lead;
        }
    }
    summary->st_highest = highest;
    summary->st_lowest = lowest;
}

static secg_complex_table complexes_at(const secg_test *test, const secg_summary_room *room,
                                       int64_t sample, size_t place)
{
    size_t leads = room->summary->leads, samples = leads * room->summary->complex_capacity;
    secg_complex *complex = room->st_complex + place * leads;
    float *mv = room->st_complex_mv + place * samples;
    const secg_capture *capture = secg_captures_extreme(&test->captures, sample);
    if (!capture)
        return (secg_complex_table){.sample = SECG_NO_SAMPLE};
    memcpy(complex, capture->complex, leads * sizeof *complex);
    memcpy(mv, capture->mv, samples * sizeof *mv);
    return (secg_complex_table){.sample = sample, .complex = complex, .complex_mv = mv};
}

void secg_summary_peaks(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    find_peak_rate(test, summary);
    find_rest_rate(test, summary);
    find_target(test, summary);
    find_peak_pressure(test, room);
    secg_summary_peak_mets(test, summary);
    find_peak_load(summary);
    find_st_extremes(test, summary);
    summary->st_lowest_table = complexes_at(test, room, summary->st_lowest.sample, 0);
    summary->st_highest_table = complexes_at(test, room, summary->st_highest.sample, 1);
    summary->recovery_drop_1min = recovery_drop(test, summary, 1);
    summary->recovery_drop_2min = recovery_drop(test, summary, 2);
}
