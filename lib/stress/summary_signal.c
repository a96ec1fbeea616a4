/* When the signal could not be used: the list of gaps, what was acquired, what was readable. */
#include "stress/summary_parts.h"

#include <math.h>
#include <stdlib.h>

static int is_gap(uint8_t state)
{
    return state >= SECG_SIGNAL_UNREADABLE;
}

static int is_absent(uint16_t state)
{
    return state == SECG_SIGNAL_OFF || state == SECG_SIGNAL_GAP;
}

/* The reports of one lead, each of which holds until the next one. */
static size_t gaps_of_lead(const secg_test *test, int lead, secg_gap *gap)
{
    const secg_log *log = &test->log;
    size_t count = 0;
    const secg_signal_report *state = NULL;
    for (size_t i = 0; i <= log->signals; i++) {
        const secg_signal_report *next = i < log->signals ? &log->signal[i] : NULL;
        if (next && next->lead != lead)
            continue;
        int64_t end = next ? next->sample : secg_analyzer_frames(test->analyzer);
        if (state && is_gap(state->state) && end > state->sample)
            gap[count++] = (secg_gap){.start = state->sample,
                                      .end = end,
                                      .lead = (int16_t)lead,
                                      .state = state->state,
                                      .noise_mv = state->noise_mv};
        state = next;
    }
    return count;
}

static int by_start(const void *a, const void *b)
{
    const secg_gap *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->lead > y->lead) - (x->lead < y->lead);
}

static int by_sample(const void *a, const void *b)
{
    const secg_edge *x = a, *y = b;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return (x->change > y->change) - (x->change < y->change);
}

/* Times at which every lead is absent, by sweeping over beginnings (+1) and ends (-1). */
static void find_dark(secg_summary_room *room)
{
    const secg_summary *summary = room->summary;
    size_t edges = 0;
    for (size_t i = 0; i < summary->gaps; i++)
        if (room->gap[i].lead >= 0 && is_absent(room->gap[i].state)) {
            room->edge[edges++] = (secg_edge){room->gap[i].start, 1};
            room->edge[edges++] = (secg_edge){room->gap[i].end, -1};
        }
    qsort(room->edge, edges, sizeof *room->edge, by_sample);
    int32_t absent = 0;
    for (size_t i = 0; i + 1 < edges; i++) {
        absent += room->edge[i].change;
        if (absent == (int32_t)summary->leads && room->edge[i + 1].sample > room->edge[i].sample)
            room->dark[room->darks++] = (secg_gap){.start = room->edge[i].sample,
                                                   .end = room->edge[i + 1].sample,
                                                   .lead = -1,
                                                   .state = SECG_SIGNAL_GAP};
    }
}

float secg_summary_clear_pct(const secg_gap *interval, size_t count, int lead, int64_t start,
                             int64_t end)
{
    if (end <= start)
        return NAN;
    int64_t covered = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t from = interval[i].start > start ? interval[i].start : start;
        int64_t to = interval[i].end < end ? interval[i].end : end;
        if (interval[i].lead == lead && to > from)
            covered += to - from;
    }
    return (float)(100.0 * (double)(end - start - covered) / (double)(end - start));
}

void secg_summary_signal(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    for (int lead = -1; lead < (int)summary->leads; lead++)
        summary->gaps += gaps_of_lead(test, lead, room->gap + summary->gaps);
    qsort(room->gap, summary->gaps, sizeof *room->gap, by_start);
    find_dark(room);
    summary->coverage_pct = secg_summary_clear_pct(room->dark, room->darks, -1, 0, summary->frames);
    summary->readable_pct =
        secg_summary_clear_pct(room->gap, summary->gaps, -1, 0, summary->frames);
}
