#include "annotate.h"

#include <string.h>

/* domain.md 2.6: a NOISE annotation with both of these bits set begins a shut-down, one without
 * ends it. */
enum { SHUTDOWN_BITS = 0x30 };

int cli_beat_code(uint8_t label)
{
    switch (label) {
    case SECG_BEAT_V:
        return SECG_ANN_PVC;
    case SECG_BEAT_S:
        return SECG_ANN_SVE;
    case SECG_BEAT_Q:
        return SECG_ANN_UNKNOWN;
    default:
        return SECG_ANN_NORMAL;
    }
}

/* Three lists, each in order of time, read as one. */
typedef struct merge {
    const secg_summary *summary;
    size_t beat, stage, gap;
    int in_gap; /* the gap's beginning is read, its end is not */
} merge;

static secg_annotation make(int64_t sample, int code)
{
    return (secg_annotation){.sample = sample < 0 ? 0 : sample, .code = (int16_t)code};
}

static int next_beat(const merge *m, secg_annotation *a)
{
    if (m->beat == m->summary->beats)
        return 0;
    const secg_beat *beat = &m->summary->beat[m->beat];
    *a = make(beat->sample, cli_beat_code(beat->label));
    return 1;
}

static int next_stage(merge *m, secg_annotation *a)
{
    const secg_summary *s = m->summary;
    while (m->stage < s->stages && s->stage[m->stage].phase == SECG_PHASE_NONE)
        m->stage++;
    if (m->stage == s->stages)
        return 0;
    *a = make(s->stage[m->stage].start, SECG_ANN_NOTE);
    strncpy(a->aux, s->stage[m->stage].label, sizeof a->aux - 1);
    return 1;
}

static int next_shutdown(merge *m, secg_annotation *a)
{
    const secg_summary *s = m->summary;
    while (m->gap < s->gaps &&
           (s->gap[m->gap].lead >= 0 || s->gap[m->gap].state < SECG_SIGNAL_UNREADABLE))
        secg_summary_rest(s, m->gap++);
    if (m->gap == s->gaps)
        return 0;
    const secg_gap *gap = &s->gap[m->gap];
    *a = make(m->in_gap ? gap->end : gap->start, SECG_ANN_NOISE);
    a->subtype = m->in_gap ? 0 : SHUTDOWN_BITS;
    return 1;
}

static void pass_shutdown(merge *m)
{
    m->gap += (size_t)m->in_gap;
    m->in_gap = !m->in_gap;
}

static int earlier(const secg_annotation *x, const secg_annotation *y)
{
    return x->sample != y->sample ? x->sample < y->sample : x->code < y->code;
}

static int next(void *context, secg_annotation *a)
{
    merge *m = context;
    secg_annotation stage, shutdown;
    enum { NONE, BEAT, STAGE, SHUTDOWN } from = next_beat(m, a) ? BEAT : NONE;
    if (next_stage(m, &stage) && (from == NONE || earlier(&stage, a))) {
        *a = stage;
        from = STAGE;
    }
    if (next_shutdown(m, &shutdown) && (from == NONE || earlier(&shutdown, a))) {
        *a = shutdown;
        from = SHUTDOWN;
    }
    if (from == BEAT)
        secg_summary_rest(m->summary, m->beat++);
    else if (from == STAGE)
        m->stage++;
    else if (from == SHUTDOWN)
        pass_shutdown(m);
    return from != NONE;
}

int cli_write_annotations(const secg_summary *s, const char *path, double ticks_hz)
{
    merge all = {.summary = s};
    secg_error error = {0};
    if (secg_annotations_write_from(path, ticks_hz, next, &all, &error) != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    return 0;
}
