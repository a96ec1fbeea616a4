#include "annotate.h"

#include <stdlib.h>
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

typedef struct list {
    secg_annotation *item;
    size_t count;
} list;

static void add(list *l, int64_t sample, int code, int subtype, const char *aux)
{
    secg_annotation *a = &l->item[l->count++];
    *a = (secg_annotation){
        .sample = sample < 0 ? 0 : sample, .code = (int16_t)code, .subtype = (int8_t)subtype};
    if (aux)
        strncpy(a->aux, aux, sizeof a->aux - 1);
}

static int earlier(const void *a, const void *b)
{
    const secg_annotation *x = a, *y = b;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return x->code < y->code ? -1 : x->code > y->code;
}

int cli_write_annotations(const secg_summary *s, const char *path, double ticks_hz)
{
    list l = {calloc(s->beats + s->stages + 2 * s->gaps + 1, sizeof *l.item), 0};
    if (!l.item)
        return cli_fail(-1, "no memory");
    for (size_t i = 0; i < s->beats; i++)
        add(&l, s->beat[i].sample, cli_beat_code(s->beat[i].label), 0, NULL);
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase != SECG_PHASE_NONE)
            add(&l, s->stage[i].start, SECG_ANN_NOTE, 0, s->stage[i].label);
    for (size_t i = 0; i < s->gaps; i++)
        if (s->gap[i].lead < 0 && s->gap[i].state >= SECG_SIGNAL_UNREADABLE) {
            add(&l, s->gap[i].start, SECG_ANN_NOISE, SHUTDOWN_BITS, NULL);
            add(&l, s->gap[i].end, SECG_ANN_NOISE, 0, NULL);
        }
    qsort(l.item, l.count, sizeof *l.item, earlier);
    secg_error error = {0};
    secg_status status = secg_annotations_write(path, ticks_hz, l.item, l.count, &error);
    free(l.item);
    if (status != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    return 0;
}
