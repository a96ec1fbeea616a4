#include "stress/capture.h"

#include "analyzer/analyzer.h"

#include <string.h>

static void lay_out_capture(const secg_captures *captures, secg_capture *capture, secg_arena *arena)
{
    secg_capture laid_out = {
        .table = SECG_NO_SAMPLE,
        .complex = secg_take(arena, captures->leads, sizeof *laid_out.complex),
        .mv = secg_take(arena, captures->leads * captures->complex_capacity, sizeof(float)),
    };
    if (capture)
        *capture = laid_out;
}

void secg_captures_lay_out(secg_captures *captures, secg_arena *arena,
                           const secg_analyzer *analyzer, size_t mark_capacity)
{
    memset(captures, 0, sizeof *captures);
    captures->analyzer = analyzer;
    captures->leads = secg_analyzer_leads(analyzer, NULL);
    captures->complex_capacity = secg_analyzer_complex_capacity(analyzer);
    captures->mark_capacity = mark_capacity;
    for (size_t i = 0; i < SECG_CAPTURE_RING; i++)
        lay_out_capture(captures, &captures->ring[i], arena);
    captures->mark = secg_take(arena, mark_capacity, sizeof *captures->mark);
    for (size_t i = 0; i < mark_capacity; i++)
        lay_out_capture(captures, captures->mark ? &captures->mark[i].capture : NULL, arena);
}

static void copy(const secg_captures *captures, secg_capture *to, const secg_capture *from)
{
    to->table = from->table;
    memcpy(to->complex, from->complex, captures->leads * sizeof *to->complex);
    memcpy(to->mv, from->mv, captures->leads * captures->complex_capacity * sizeof *to->mv);
}

static int belongs(const secg_capture *capture, int64_t start, int64_t end)
{
    return capture->table != SECG_NO_SAMPLE && capture->table > start && capture->table <= end;
}

/* The table in the newest place of the ring is complete. */
static void offer(secg_captures *captures)
{
    const secg_capture *table = &captures->ring[captures->newest];
    for (size_t i = 0; i < captures->marks; i++) {
        secg_mark *mark = &captures->mark[i];
        if (mark->settled)
            continue;
        if (belongs(table, mark->start, mark->end))
            copy(captures, &mark->capture, table);
        else
            mark->settled = table->table > mark->end;
    }
}

void secg_captures_take(secg_captures *captures, const secg_st *st)
{
    if (st->lead >= captures->leads)
        return;
    if (captures->ring[captures->newest].table != st->sample) {
        captures->newest = (captures->newest + 1) % SECG_CAPTURE_RING;
        captures->ring[captures->newest].table = st->sample;
    }
    secg_capture *table = &captures->ring[captures->newest];
    secg_complex *complex = &table->complex[st->lead];
    const float *mv;
    /* Where a table has no average, the view may still be that of an older one. */
    if (secg_analyzer_complex_view(captures->analyzer, st->lead, complex, &mv) != SECG_OK ||
        complex->sample != st->sample || complex->samples > captures->complex_capacity)
        complex->samples = 0;
    else if (complex->samples > 0)
        memcpy(table->mv + st->lead * captures->complex_capacity, mv,
               complex->samples * sizeof *mv);
    if ((size_t)st->lead + 1 == captures->leads)
        offer(captures);
}

static const secg_capture *latest_in_ring(const secg_captures *captures, int64_t start, int64_t end)
{
    const secg_capture *latest = NULL;
    for (size_t i = 0; i < SECG_CAPTURE_RING; i++) {
        const secg_capture *table = &captures->ring[i];
        if (belongs(table, start, end) && (!latest || table->table > latest->table))
            latest = table;
    }
    return latest;
}

static secg_mark *find_mark(const secg_captures *captures, int64_t start, int64_t end)
{
    for (size_t i = captures->marks; i-- > 0;)
        if (captures->mark[i].start == start && captures->mark[i].end == end)
            return &captures->mark[i];
    return NULL;
}

void secg_captures_mark(secg_captures *captures, int64_t start, int64_t end)
{
    if (end <= start || captures->marks == captures->mark_capacity ||
        find_mark(captures, start, end))
        return;
    secg_mark *mark = &captures->mark[captures->marks++];
    mark->start = start;
    mark->end = end;
    mark->settled = 0;
    const secg_capture *table = latest_in_ring(captures, start, end);
    if (table)
        copy(captures, &mark->capture, table);
}

const secg_capture *secg_captures_find(const secg_captures *captures, int64_t start, int64_t end)
{
    const secg_mark *mark = find_mark(captures, start, end);
    if (mark)
        return mark->capture.table != SECG_NO_SAMPLE ? &mark->capture : NULL;
    return latest_in_ring(captures, start, end);
}
