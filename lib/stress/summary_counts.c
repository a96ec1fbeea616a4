/* Counts of beats and rhythm events.  A beat belongs to the row that holds its R peak, a rhythm
 * event to the row that holds its first beat; so rows add up to the whole. */
#include "stress/summary_parts.h"

#include <stdlib.h>
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

/* The first beat at or after a sample; beats are in order of time. */
static size_t first_beat(const secg_log *log, int64_t sample)
{
    size_t low = 0, high = log->beats;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (log->beat[middle].sample < sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void secg_count_beats(const secg_log *log, int64_t start, int64_t end, secg_beat_counts *counts)
{
    memset(counts, 0, sizeof *counts);
    for (size_t i = first_beat(log, start); i < log->beats && log->beat[i].sample < end; i++)
        count_label(counts, log->beat[i].label);
    for (size_t i = 0; i < log->rhythms; i++)
        if (log->rhythm[i].start >= start && log->rhythm[i].start < end)
            count_rhythm(counts, &log->rhythm[i]);
}

/* A total order, so that the result does not depend on how qsort goes about it. */
static int by_start(const void *a, const void *b)
{
    const secg_rhythm *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

void secg_sort_rhythms(secg_rhythm *rhythm, size_t count)
{
    qsort(rhythm, count, sizeof *rhythm, by_start);
}
