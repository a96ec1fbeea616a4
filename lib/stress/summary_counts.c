/* Counts of beats and rhythm events.  A beat belongs to the row that holds its R peak, a rhythm
 * event to the row that holds its first beat; so rows add up to the whole. */
#include "base/memory.h"
#include "stress/summary_parts.h"

#include <string.h>

static void count_label(secg_beat_counts *counts, uint8_t label)
{
    counts->beats++;
    switch (label) {
    case SECG_BEAT_N:
        counts->n++;
        break;
    case SECG_BEAT_S:
        counts->s++;
        break;
    case SECG_BEAT_V:
        counts->v++;
        break;
    default:
        counts->q++;
        break;
    }
}

static void count_run(secg_beat_counts *counts, const secg_rhythm *rhythm)
{
    counts->runs++;
    if (rhythm->beats > counts->longest_run)
        counts->longest_run = rhythm->beats;
}

static void count_rhythm(secg_beat_counts *counts, const secg_rhythm *rhythm)
{
    switch (rhythm->kind) {
    case SECG_RHYTHM_PVC:
        counts->pvc++;
        break;
    case SECG_RHYTHM_COUPLET:
        counts->couplets++;
        break;
    case SECG_RHYTHM_RUN:
        count_run(counts, rhythm);
        break;
    case SECG_RHYTHM_SVE:
        counts->sve++;
        break;
    case SECG_RHYTHM_SVT_RUN:
        counts->svt_runs++;
        break;
    case SECG_RHYTHM_BIGEMINY:
        counts->bigeminy++;
        break;
    case SECG_RHYTHM_TRIGEMINY:
        counts->trigeminy++;
        break;
    case SECG_RHYTHM_PAUSE:
        counts->pauses++;
        break;
    default:
        break;
    }
}

/* The first entry at or after a sample; all these lists are in order of time. */
static size_t first_beat(const secg_beat *beat, size_t count, int64_t sample)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (beat[middle].sample < sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_rhythm(const secg_rhythm *rhythm, size_t count, int64_t start)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rhythm[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void secg_count_beats(const secg_summary *summary, int64_t start, int64_t end,
                      secg_beat_counts *counts)
{
    memset(counts, 0, sizeof *counts);
    const secg_beat *beat = summary->beat;
    for (size_t i = first_beat(beat, summary->beats, start);
         i < summary->beats && beat[i].sample < end; i++) {
        count_label(counts, beat[i].label);
        secg_memory_rest(&summary->memory, i);
    }
    const secg_rhythm *rhythm = summary->rhythm;
    for (size_t i = first_rhythm(rhythm, summary->rhythms, start);
         i < summary->rhythms && rhythm[i].start < end; i++) {
        count_rhythm(counts, &rhythm[i]);
        secg_memory_rest(&summary->memory, i);
    }
}

int secg_holds_beats(const secg_test *test, int64_t start, int64_t end)
{
    const secg_log *log = &test->log;
    size_t first = first_beat(log->beat, log->beats, start);
    if (first < log->beats && log->beat[first].sample < end)
        return 1;
    for (size_t i = 0; i < log->rhythms; i++) {
        if (log->rhythm[i].start >= start && log->rhythm[i].start < end)
            return 1;
        secg_memory_rest(&test->memory, i);
    }
    return 0;
}

/* A total order, so that the result does not depend on how it is come by. */
static int is_later(const secg_rhythm *x, const secg_rhythm *y)
{
    if (x->start != y->start)
        return x->start > y->start;
    if (x->kind != y->kind)
        return x->kind > y->kind;
    return x->end > y->end;
}

/* By insertion: the log has them in order of their ends, so an event goes before those alone that
 * began within it, and an event lies within at most one other of each kind. */
void secg_sort_rhythms(const secg_test *test, secg_rhythm *sorted)
{
    const secg_log *log = &test->log;
    for (size_t i = 0; i < log->rhythms; i++) {
        size_t at = i;
        for (; at > 0 && is_later(&sorted[at - 1], &log->rhythm[i]); at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = log->rhythm[i];
        secg_memory_rest(&test->memory, i);
    }
}
