#include "stress/capture.h"

#include "analyzer/analyzer.h"

#include <math.h>
#include <string.h>

static void lay_out_capture(const secg_captures *captures, secg_capture *capture, secg_arena *arena)
{
    secg_capture laid_out = {
        .table = SECG_NO_SAMPLE,
        .lowest_mv = NAN,
        .highest_mv = NAN,
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
    lay_out_capture(captures, &captures->lowest, arena);
    lay_out_capture(captures, &captures->highest, arena);
    captures->begin = SECG_NO_SAMPLE;
    captures->end = INT64_MAX;
    captures->mark = secg_take(arena, mark_capacity, sizeof *captures->mark);
    for (size_t i = 0; i < mark_capacity; i++)
        lay_out_capture(captures, captures->mark ? &captures->mark[i].capture : NULL, arena);
}

static void copy(const secg_captures *captures, secg_capture *to, const secg_capture *from)
{
    to->table = from->table;
    to->lowest_mv = from->lowest_mv;
    to->highest_mv = from->highest_mv;
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

/* The first of equals, as in the summary. */
static void keep_extremes(secg_captures *captures, const secg_capture *table)
{
    if (!belongs(table, captures->begin, captures->end) || isnan(table->lowest_mv))
        return;
    if (!(captures->lowest.lowest_mv <= table->lowest_mv))
        copy(captures, &captures->lowest, table);
    if (!(captures->highest.highest_mv >= table->highest_mv))
        copy(captures, &captures->highest, table);
}

static void forget(secg_capture *capture)
{
    capture->table = SECG_NO_SAMPLE;
    capture->lowest_mv = capture->highest_mv = NAN;
}

void secg_captures_begin(secg_captures *captures, int64_t sample)
{
    forget(&captures->lowest);
    forget(&captures->highest);
    captures->begin = sample;
    captures->end = INT64_MAX;
}

void secg_captures_end(secg_captures *captures, int64_t sample)
{
    captures->end = sample;
}

const secg_capture *secg_captures_extreme(const secg_captures *captures, int64_t sample)
{
    if (sample == SECG_NO_SAMPLE)
        return NULL;
    for (size_t i = 0; i < SECG_CAPTURE_RING; i++)
        if (captures->ring[i].table == sample)
            return &captures->ring[i];
    return captures->lowest.table == sample    ? &captures->lowest
           : captures->highest.table == sample ? &captures->highest
                                               : NULL;
}

static void take_level(secg_capture *table, const secg_st *st)
{
    if (st->why != SECG_MEASURED)
        return;
    table->lowest_mv = fminf(table->lowest_mv, st->level_mv);
    table->highest_mv = fmaxf(table->highest_mv, st->level_mv);
}

static void begin_table(secg_captures *captures, int64_t sample)
{
    captures->newest = (captures->newest + 1) % SECG_CAPTURE_RING;
    secg_capture *table = &captures->ring[captures->newest];
    keep_extremes(captures, table);
    forget(table);
    table->table = sample;
}

void secg_captures_take(secg_captures *captures, const secg_st *st)
{
    if (st->lead >= captures->leads)
        return;
    if (captures->ring[captures->newest].table != st->sample)
        begin_table(captures, st->sample);
    secg_capture *table = &captures->ring[captures->newest];
    take_level(table, st);
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
