/* When the signal could not be used: the list of gaps, what was acquired, what was readable. */
#include "base/memory.h"
#include "stress/summary_parts.h"

#include <math.h>

static int is_gap(uint8_t state)
{
    return state >= SECG_SIGNAL_UNREADABLE;
}

static int is_absent(uint16_t state)
{
    return state == SECG_SIGNAL_OFF || state == SECG_SIGNAL_GAP;
}

/* Each report holds until the next one of its lead: gap[] in the order in which they began, those
 * without length among them. */
static size_t list_gaps(const secg_test *test, secg_gap *gap)
{
    const secg_log *log = &test->log;
    secg_gap *open[SECG_MAX_LEADS + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < log->signals; i++) {
        const secg_signal_report *report = &log->signal[i];
        secg_gap **of_lead = &open[report->lead + 1];
        if (*of_lead)
            (*of_lead)->end = report->sample;
        *of_lead = is_gap(report->state) ? &gap[count++] : NULL;
        if (*of_lead)
            **of_lead = (secg_gap){.start = report->sample,
                                   .end = secg_analyzer_frames(test->analyzer),
                                   .lead = report->lead,
                                   .state = report->state,
                                   .noise_mv = report->noise_mv};
        secg_memory_rest(&test->memory, i);
    }
    return count;
}

static int is_later(const secg_gap *x, const secg_gap *y)
{
    return x->start != y->start ? x->start > y->start : x->lead > y->lead;
}

/* In order of start, then lead, without those that have no length.  By insertion: reports come
 * nearly in that order. */
static size_t sort_gaps(const secg_test *test, secg_gap *gap, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        secg_gap next = gap[i];
        if (next.end <= next.start)
            continue;
        size_t at = kept++;
        for (; at > 0 && is_later(&gap[at - 1], &next); at--)
            gap[at] = gap[at - 1];
        gap[at] = next;
        secg_memory_rest(&test->memory, i);
    }
    return kept;
}

/* Times at which every lead is absent.  Each is found with the gap that begins last: it lasts until
 * the first of the leads' present gaps ends. */
static void find_dark(const secg_test *test, secg_summary_room *room)
{
    const secg_summary *summary = room->summary;
    int64_t until[SECG_MAX_LEADS];
    for (size_t k = 0; k < summary->leads; k++)
        until[k] = INT64_MIN;
    for (size_t i = 0; i < summary->gaps; i++) {
        const secg_gap *gap = &room->gap[i];
        secg_memory_rest(&test->memory, i);
        if (gap->lead < 0 || !is_absent(gap->state))
            continue;
        until[gap->lead] = gap->end;
        int64_t end = gap->end;
        for (size_t k = 0; k < summary->leads; k++)
            end = until[k] < end ? until[k] : end;
        if (end > gap->start)
            room->dark[room->darks++] =
                (secg_gap){.start = gap->start, .end = end, .lead = -1, .state = SECG_SIGNAL_GAP};
    }
}

static void find_shut(const secg_test *test, secg_summary_room *room)
{
    for (size_t i = 0; i < room->summary->gaps; i++) {
        if (room->gap[i].lead < 0)
            room->shut[room->shuts++] = room->gap[i];
        secg_memory_rest(&test->memory, i);
    }
}

static size_t first_that_ends_after(const secg_gap *interval, size_t count, int64_t sample)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (interval[middle].end <= sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

float secg_summary_clear_pct(const secg_gap *interval, size_t count, int64_t start, int64_t end)
{
    if (end <= start)
        return NAN;
    int64_t covered = 0;
    for (size_t i = first_that_ends_after(interval, count, start);
         i < count && interval[i].start < end; i++) {
        int64_t from = interval[i].start > start ? interval[i].start : start;
        int64_t to = interval[i].end < end ? interval[i].end : end;
        covered += to - from;
    }
    return (float)(100.0 * (double)(end - start - covered) / (double)(end - start));
}

void secg_summary_signal(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    summary->gaps = sort_gaps(test, room->gap, list_gaps(test, room->gap));
    find_dark(test, room);
    find_shut(test, room);
    summary->coverage_pct = secg_summary_clear_pct(room->dark, room->darks, 0, summary->frames);
    summary->readable_pct = secg_summary_clear_pct(room->shut, room->shuts, 0, summary->frames);
}
