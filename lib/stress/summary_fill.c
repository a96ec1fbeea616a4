/* The rows of the stage table: what was entered and what was measured in each. */
#include "base/memory.h"
#include "stress/summary_parts.h"

#include <math.h>
#include <string.h>

#define RATE_AGE_S        5.0  /* a row's rate may be this much older than its end */
#define BP_RATE_AGE_S     2.0  /* "at the same moment", rates come each second */
#define BP_AFTER_S        30.0 /* domain.md 7.1 D04 */
#define TABLE_AGE_S       15.0 /* three ST tables missed */
#define COMPLETE_WITHIN_S 1.0
#define ROWS_PER_REST     16 /* the complexes of a row are some 30 kB */
#define STRIP_S           10.0
#define REST_METS         1.0f

/* ---- what was entered ---------------------------------------------------------------------------- */

/* The first fact at or after a sample. */
static size_t first_fact(const secg_summary_room *room, int64_t sample)
{
    size_t low = 0, high = room->summary->facts;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (room->fact[middle].sample < sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void take_load(secg_stage_summary *row, const secg_fact *fact)
{
    if (!isnan(fact->speed_mph))
        row->actual_speed_mph = fact->speed_mph;
    if (!isnan(fact->grade_pct))
        row->actual_grade_pct = fact->grade_pct;
    if (!isnan(fact->power_w))
        row->actual_power_w = fact->power_w;
}

static void take_entered(const secg_summary_room *room, secg_stage_summary *row)
{
    row->actual_speed_mph = row->actual_grade_pct = row->actual_power_w = NAN;
    row->rpe = row->spo2 = secg_no_value(SECG_WHY_NOT_ENTERED);
    for (size_t i = first_fact(room, row->start);
         i < room->summary->facts && room->fact[i].sample < row->end; i++) {
        const secg_fact *fact = &room->fact[i];
        if (fact->kind == SECG_FACT_LOAD)
            take_load(row, fact);
        else if (fact->kind == SECG_FACT_RPE)
            row->rpe = (secg_value){SECG_MEASURED, fact->value, 0};
        else if (fact->kind == SECG_FACT_SPO2)
            row->spo2 = (secg_value){SECG_MEASURED, fact->value, 0};
    }
}

/* The 10 s around the last strip that was asked for in the row, within the row; else its last 10 s. */
static void take_strip(const secg_test *test, const secg_summary_room *room,
                       secg_stage_summary *row)
{
    int64_t length = secg_sample_at(STRIP_S, test->rate_hz);
    row->strip_end = row->end;
    for (size_t i = first_fact(room, row->start);
         i < room->summary->facts && room->fact[i].sample < row->end; i++)
        if (room->fact[i].kind == SECG_FACT_STRIP)
            row->strip_end = room->fact[i].sample + length / 2;
    if (row->strip_end < row->start + length)
        row->strip_end = row->start + length;
    if (row->strip_end > row->end)
        row->strip_end = row->end;
    row->strip_start = row->strip_end - length > row->start ? row->strip_end - length : row->start;
}

/* The last reading in the row; else, of exercise and recovery, the first one soon after it: a cuff
 * takes its time.  Rest ends where exercise begins.  A reading serves one row, so that one taken
 * late for the row before is not shown twice. */
static int64_t find_bp(const secg_test *test, const secg_summary_room *room,
                       const secg_stage_summary *row)
{
    int64_t late = row->end, last = -1;
    if (row->phase == SECG_PHASE_EXERCISE || row->phase == SECG_PHASE_RECOVERY)
        late += secg_sample_at(BP_AFTER_S, test->rate_hz);
    for (size_t i = first_fact(room, row->start);
         i < room->summary->facts && row->end > row->start && room->fact[i].sample <= late; i++) {
        const secg_fact *fact = &room->fact[i];
        if (fact->kind != SECG_FACT_BLOOD_PRESSURE || room->bp_used[i])
            continue;
        if (fact->sample < row->end)
            last = (int64_t)i;
        else if (last < 0 && late > row->end)
            return (int64_t)i;
    }
    return last;
}

static void take_bp(const secg_test *test, secg_summary_room *room, secg_stage_summary *row)
{
    row->bp = (secg_blood_pressure){.why = SECG_WHY_NOT_ENTERED, .sample = SECG_NO_SAMPLE};
    row->rate_pressure = secg_no_value(SECG_WHY_NOT_ENTERED);
    int64_t index = find_bp(test, room, row);
    if (index < 0)
        return;
    const secg_fact *fact = &room->fact[index];
    room->bp_used[index] = 1;
    row->bp = (secg_blood_pressure){.why = SECG_MEASURED,
                                    .systolic_mmhg = fact->systolic_mmhg,
                                    .diastolic_mmhg = fact->diastolic_mmhg,
                                    .sample = fact->sample};
    row->rate_pressure = secg_rate_pressure(test, fact);
}

secg_value secg_rate_pressure(const secg_test *test, const secg_fact *fact)
{
    secg_value bpm = secg_rate_at(test, SECG_NO_SAMPLE, fact->sample, BP_RATE_AGE_S);
    if (bpm.why != SECG_MEASURED)
        return secg_no_value(bpm.why);
    return (secg_value){SECG_MEASURED, bpm.value * fact->systolic_mmhg,
                        bpm.sigma * fact->systolic_mmhg};
}

/* ---- what was measured ----------------------------------------------------------------------------- */

static secg_st no_st(size_t lead, int64_t sample, secg_why why)
{
    return (secg_st){.sample = sample,
                     .lead = (uint8_t)lead,
                     .point = SECG_ST_J80,
                     .why = (uint8_t)why,
                     .level_mv = NAN,
                     .sigma_mv = NAN,
                     .slope_mv_s = NAN,
                     .slope_sigma_mv_s = NAN,
                     .level_j_mv = NAN,
                     .level_j60_mv = NAN,
                     .level_j80_mv = NAN,
                     .level_jrr16_mv = NAN,
                     .integral_mv_s = NAN,
                     .noise_mv = NAN,
                     .bpm = NAN,
                     .age_s = NAN};
}

/* No table in the row: either none has ever come, or the row was too short for one. */
static secg_why why_no_table(const secg_test *test, const secg_stage_summary *row, int64_t table)
{
    if (table >= 0)
        return SECG_WHY_STALE;
    return secg_table_at(test, SECG_NO_SAMPLE, row->end) < 0 ? SECG_WHY_NOT_YET
                                                             : SECG_WHY_FEW_BEATS;
}

static void take_st(const secg_test *test, const secg_stage_summary *row, secg_st *st)
{
    const secg_log *log = &test->log;
    int64_t table = secg_table_at(test, row->start, row->end);
    int fresh =
        table >= 0 && secg_seconds(row->end - log->table[table], test->rate_hz) <= TABLE_AGE_S;
    for (size_t k = 0; k < log->leads; k++)
        st[k] = fresh ? log->st[(size_t)table * log->leads + k]
                      : no_st(k, table >= 0 ? log->table[table] : row->end,
                              why_no_table(test, row, table));
}

static void take_complex(const secg_test *test, const secg_stage_summary *row,
                         secg_complex *complex, float *mv)
{
    const secg_captures *captures = &test->captures;
    const secg_capture *capture = secg_captures_find(captures, row->start, row->end);
    if (!capture || secg_seconds(row->end - capture->table, test->rate_hz) > TABLE_AGE_S)
        return;
    memcpy(complex, capture->complex, captures->leads * sizeof *complex);
    memcpy(mv, capture->mv, captures->leads * captures->complex_capacity * sizeof *mv);
}

/* An open stage is complete when it is over. */
static int is_complete(const secg_test *test, const secg_stage_summary *row, int is_last)
{
    if (row->phase != SECG_PHASE_EXERCISE)
        return 0;
    if (row->planned_s > 0)
        return secg_seconds(row->end - row->start, test->rate_hz) >=
               row->planned_s - COMPLETE_WITHIN_S;
    return !is_last || test->now.phase != SECG_PHASE_EXERCISE;
}

void secg_summary_fill_rows(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    size_t leads = summary->leads, samples = leads * summary->complex_capacity;
    float reached = REST_METS;
    for (size_t i = 0; i < summary->stages; i++) {
        secg_stage_summary *row = &room->row[i];
        row->st = room->row_st + i * leads;
        row->complex = room->row_complex + i * leads;
        row->complex_mv = room->row_complex_mv + i * samples;
        take_entered(room, row);
        take_bp(test, room, row);
        secg_summary_load(test, room, row);
        secg_summary_mets(test, row, reached);
        if (row->mets_reached.why == SECG_MEASURED)
            reached = row->mets_reached.value;
        take_strip(test, room, row);
        row->bpm = secg_rate_at(test, row->start, row->end, RATE_AGE_S);
        row->complete = (uint8_t)is_complete(test, row, i + 1 == summary->stages);
        take_st(test, row, room->row_st + i * leads);
        take_complex(test, row, room->row_complex + i * leads, room->row_complex_mv + i * samples);
        secg_count_beats(summary, row->start, row->end, &row->counts);
        row->coverage_pct = secg_summary_clear_pct(room->dark, room->darks, row->start, row->end);
        row->readable_pct = secg_summary_clear_pct(room->shut, room->shuts, row->start, row->end);
        secg_memory_rest(&test->memory, SECG_REST_ITEMS / ROWS_PER_REST * (i + 1) - 1);
    }
}
