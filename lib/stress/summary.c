/* The summary: laid out in one block, then filled part by part from the log and the timeline. */
#include "base/memory.h"
#include "base/status.h"
#include "stress/summary_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TREND_RATE_AGE_S 2.0 /* rates come each second */

static size_t gap_capacity(const secg_test *test)
{
    return test->log.signals + test->log.leads + 1;
}

static secg_summary_room lay_out(secg_arena *arena, const secg_test *test, size_t rows)
{
    const secg_captures *captures = &test->captures;
    size_t leads = test->log.leads;
    secg_summary_room room = {0};
    room.summary = secg_take(arena, 1, sizeof *room.summary);
    room.fact = secg_take(arena, test->facts, sizeof *room.fact);
    room.dated = secg_take(arena, test->facts, sizeof *room.dated);
    room.corrected = secg_take(arena, test->facts, sizeof *room.corrected);
    room.correction = secg_take(arena, test->facts, sizeof *room.correction);
    room.bp_used = secg_take(arena, test->facts, sizeof *room.bp_used);
    room.rhythm = secg_take(arena, test->log.rhythms, sizeof *room.rhythm);
    room.trend = secg_take(arena, test->log.tables, sizeof *room.trend);
    room.gap = secg_take(arena, gap_capacity(test), sizeof *room.gap);
    room.dark = secg_take(arena, gap_capacity(test), sizeof *room.dark);
    room.shut = secg_take(arena, gap_capacity(test), sizeof *room.shut);
    room.row = secg_take(arena, rows, sizeof *room.row);
    room.row_st = secg_take(arena, rows * leads, sizeof *room.row_st);
    room.row_complex = secg_take(arena, rows * leads, sizeof *room.row_complex);
    room.row_complex_mv =
        secg_take(arena, rows * leads * captures->complex_capacity, sizeof *room.row_complex_mv);
    room.st_complex = secg_take(arena, 2 * leads, sizeof *room.st_complex);
    room.st_complex_mv =
        secg_take(arena, 2 * leads * captures->complex_capacity, sizeof *room.st_complex_mv);
    return room;
}

/* ---- head ------------------------------------------------------------------------------------------- */

static int is_calibrated(const secg_signal *signal)
{
    for (int32_t k = 0; k < signal->channels; k++)
        if (!signal->channel[k].unused && signal->channel[k].gain_per_mv != 0)
            return 1;
    return 0;
}

static void describe_recording(const secg_test *test, secg_summary *summary)
{
    const secg_analyzer *analyzer = test->analyzer;
    summary->signal = secg_analyzer_signal(analyzer);
    summary->leads = secg_analyzer_leads(analyzer, &summary->lead);
    summary->frames = secg_analyzer_frames(analyzer);
    summary->digest = secg_analyzer_digest(analyzer);
    summary->start_unix_ms = test->start_unix_ms;
    summary->utc_offset_min = test->utc_offset_min;
    summary->mains_hz = secg_analyzer_mains_hz(analyzer);
    summary->calibrated = (uint8_t)is_calibrated(summary->signal);
    summary->protocol = test->protocol;
    summary->patient = test->patient;
    memcpy(summary->max_bpm_formula, test->formula, sizeof summary->max_bpm_formula);
    memcpy(summary->mets_formula, test->mets_formula, sizeof summary->mets_formula);
    memcpy(summary->protocol_label, test->protocol_label, sizeof summary->protocol_label);
    summary->mets_convention = test->mets_convention;
    summary->handrail = test->handrail;
    summary->complex_capacity = test->captures.complex_capacity;
}

/* Exercise ends where recovery begins, or the test, or, so far, the recording. */
static void find_times(const secg_test *test, secg_summary *summary)
{
    summary->exercise_start = summary->exercise_end = summary->recovery_end = SECG_NO_SAMPLE;
    for (size_t i = 0; i < summary->stages; i++) {
        const secg_stage_summary *row = &summary->stage[i];
        if (row->phase == SECG_PHASE_EXERCISE) {
            if (summary->exercise_start == SECG_NO_SAMPLE)
                summary->exercise_start = row->start;
            summary->exercise_end = row->end;
        } else if (row->phase == SECG_PHASE_RECOVERY)
            summary->recovery_end = row->end;
    }
    if (summary->exercise_start != SECG_NO_SAMPLE)
        summary->exercise_s =
            secg_seconds(summary->exercise_end - summary->exercise_start, test->rate_hz);
    if (summary->recovery_end != SECG_NO_SAMPLE)
        summary->recovery_s =
            secg_seconds(summary->recovery_end - summary->exercise_end, test->rate_hz);
}

static void find_end(secg_summary *summary)
{
    for (size_t i = 0; i < summary->facts; i++)
        if (summary->fact[i].kind == SECG_FACT_END) {
            summary->end = (secg_end)summary->fact[i].code;
            memcpy(summary->end_text, summary->fact[i].text, sizeof summary->end_text);
        }
}

/* Each table with the rate in force at its time; both lists are in order of time. */
static void list_trend(const secg_test *test, secg_trend_point *trend)
{
    const secg_log *log = &test->log;
    size_t rates = 0;
    for (size_t i = 0; i < log->tables; i++) {
        while (rates < log->rates && log->rate[rates].sample <= log->table[i])
            rates++;
        trend[i] = (secg_trend_point){
            .sample = log->table[i],
            .bpm = secg_rate_in(test, rates, SECG_NO_SAMPLE, log->table[i], TREND_RATE_AGE_S),
            .st = log->st + i * log->leads};
        secg_memory_rest(&test->memory, i);
    }
}

static void list_log(const secg_test *test, secg_summary_room *room)
{
    const secg_log *log = &test->log;
    secg_summary *summary = room->summary;
    secg_sort_rhythms(test, room->rhythm);
    list_trend(test, room->trend);
    summary->beat = log->beat;
    summary->beats = log->beats;
    summary->rhythm = room->rhythm;
    summary->rhythms = log->rhythms;
    summary->trend = room->trend;
    summary->trends = log->tables;
    summary->rate = log->rate;
    summary->rates = log->rates;
    summary->gap = room->gap;
    summary->memory = test->memory;
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static void fill(const secg_test *test, secg_summary_room *room, size_t rows)
{
    secg_summary *summary = room->summary;
    secg_summary_facts(test, room);
    describe_recording(test, summary);
    list_log(test, room);
    find_end(summary);
    secg_summary_signal(test, room);
    summary->stage = room->row;
    summary->stages = rows;
    secg_summary_rows(test, room->row);
    secg_summary_fill_rows(test, room);
    secg_count_beats(summary, INT64_MIN, INT64_MAX, &summary->total);
    find_times(test, summary);
    secg_summary_peaks(test, room);
    secg_summary_derived(test, room);
}

static void *take_block(secg_test *test, secg_arena *arena, size_t bytes)
{
    test->summary_bytes = bytes + SECG_ARENA_ALIGN;
    unsigned char *block = secg_memory_take(&test->memory, test->summary_bytes);
    size_t misfit = (uintptr_t)block % SECG_ARENA_ALIGN;
    *arena = (secg_arena){.base = block ? block + (misfit ? SECG_ARENA_ALIGN - misfit : 0) : NULL,
                          .capacity = bytes};
    return block;
}

const secg_summary *secg_test_summary(secg_test *test, secg_error *error)
{
    if (!test) {
        secg_fail(error, SECG_E_ARGUMENT, "test: NULL");
        return NULL;
    }
    secg_memory_give(&test->memory, test->summary_block, test->summary_bytes);
    test->summary_block = NULL;
    size_t rows = secg_summary_rows(test, NULL);
    secg_arena arena = {0};
    lay_out(&arena, test, rows);
    size_t bytes = arena.used;
    if (arena.overflow || !(test->summary_block = take_block(test, &arena, bytes))) {
        secg_fail(error, SECG_E_MEMORY, "summary: %zu bytes could not be taken", bytes);
        return NULL;
    }
    secg_summary_room room = lay_out(&arena, test, rows);
    fill(test, &room, rows);
    return room.summary;
}

void secg_summary_rest(const secg_summary *summary, size_t index)
{
    if (summary)
        secg_memory_rest(&summary->memory, index);
}

int secg_summary_stage_at(const secg_summary *summary, int64_t sample)
{
    for (size_t i = 0; summary && i < summary->stages; i++)
        if (sample >= summary->stage[i].start && sample < summary->stage[i].end)
            return (int)i;
    return -1;
}
