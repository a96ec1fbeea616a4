#include "annotate.h"

#include <stressecg/recorder.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

typedef struct gathered {
    secg_annotation *item;
    size_t count;
} gathered;

static void add(gathered *l, int64_t sample, int code, int subtype, const char *aux)
{
    secg_annotation *a = &l->item[l->count++];
    *a = (secg_annotation){
        .sample = sample < 0 ? 0 : sample, .code = (int16_t)code, .subtype = (int8_t)subtype};
    if (aux)
        snprintf(a->aux, sizeof a->aux, "%s", aux);
}

static int earlier(const void *a, const void *b)
{
    const secg_annotation *x = a, *y = b;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    if (x->code != y->code)
        return x->code < y->code ? -1 : 1;
    return strcmp(x->aux, y->aux);
}

static void add_stages(gathered *l, const secg_summary *s)
{
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase != SECG_PHASE_NONE)
            add(l, s->stage[i].start, SECG_ANN_NOTE, 0, s->stage[i].label);
}

static void add_rhythms(gathered *l, const secg_summary *s)
{
    char text[100];
    for (size_t i = 0; i < s->rhythms; i++) {
        const secg_rhythm *r = &s->rhythm[i];
        const char *what = secg_rhythm_text((secg_rhythm_kind)r->kind);
        snprintf(text, sizeof text, r->beats > 1 ? "%s, %d beats" : "%s", what, (int)r->beats);
        add(l, r->start, SECG_ANN_NOTE, 0, text);
    }
}

/* What was entered, as far as it is not a stage; "" for those. */
static void fact_text(const secg_fact *f, char *text, size_t size)
{
    const char *name = secg_fact_name((secg_fact_kind)f->kind);
    text[0] = 0;
    if (f->kind == SECG_FACT_STAGE || f->kind == SECG_FACT_LOAD)
        return;
    if (f->kind == SECG_FACT_BLOOD_PRESSURE)
        snprintf(text, size, "%s %d/%d mmHg", name, (int)f->systolic_mmhg, (int)f->diastolic_mmhg);
    else if (f->kind == SECG_FACT_RPE || f->kind == SECG_FACT_SPO2)
        snprintf(text, size, "%s %g", name, (double)f->value);
    else if (f->kind == SECG_FACT_SYMPTOM)
        snprintf(text, size, "%s: %s", name, secg_symptom_text((secg_symptom)f->code));
    else if (f->kind == SECG_FACT_END)
        snprintf(text, size, "%s: %s", name, secg_end_text((secg_end)f->code));
    else if (f->kind == SECG_FACT_HOLD)
        snprintf(text, size, "%s %s", name, f->code ? "on" : "off");
    else
        snprintf(text, size, "%s%s%s", name, f->label[0] ? ": " : "", f->label);
}

static void add_facts(gathered *l, const secg_summary *s)
{
    char text[100];
    for (size_t i = 0; i < s->facts; i++) {
        fact_text(&s->fact[i], text, sizeof text);
        if (text[0])
            add(l, s->fact[i].sample, SECG_ANN_NOTE, 0, text);
    }
}

static void add_shutdowns(gathered *l, const secg_summary *s)
{
    for (size_t i = 0; i < s->gaps; i++)
        if (s->gap[i].lead < 0 && s->gap[i].state >= SECG_SIGNAL_UNREADABLE) {
            add(l, s->gap[i].start, SECG_ANN_NOISE, SHUTDOWN_BITS, NULL);
            add(l, s->gap[i].end, SECG_ANN_NOISE, 0, NULL);
        }
}

int cli_save_summary_annotations(const cli_annotation_place *place, const secg_summary *s)
{
    gathered l = {
        calloc(s->beats + s->stages + s->rhythms + s->facts + 2 * s->gaps + 1, sizeof *l.item), 0};
    if (!l.item)
        return cli_fail(-1, "no memory");
    for (size_t i = 0; i < s->beats; i++)
        add(&l, s->beat[i].sample, cli_beat_code(s->beat[i].label), 0, NULL);
    add_stages(&l, s);
    add_rhythms(&l, s);
    add_facts(&l, s);
    add_shutdowns(&l, s);
    qsort(l.item, l.count, sizeof *l.item, earlier);
    int code = cli_save_annotations(place, l.item, l.count);
    free(l.item);
    return code;
}

/* ---- the place --------------------------------------------------------------------------- */

static int same_file(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* 1: FOLDER/NAME is a recorder's record, and the one that was analysed; 0: there is none; -1 after
 * a message: it is another. */
static int is_recorded(const cli_annotation_place *p)
{
    char path[4096], header[4096];
    struct stat about;
    size_t length = strlen(p->recording);
    const char *dot = length > 4 && strcmp(p->recording + length - 4, ".hea") == 0 ? "" : ".hea";
    if (cli_path(path, sizeof path, p->folder, p->name, "chain") < 0)
        return -1;
    if (stat(path, &about) != 0)
        return 0;
    if (cli_path(path, sizeof path, p->folder, p->name, "hea") < 0)
        return -1;
    int used = snprintf(header, sizeof header, "%s%s", p->recording, dot);
    if (used >= 0 && (size_t)used < sizeof header && same_file(path, header))
        return 1;
    return cli_fail(-1, "%s/%s: another record of this name was recorded there", p->folder,
                    p->name);
}

int cli_save_annotations(const cli_annotation_place *p, const secg_annotation *list, size_t count)
{
    char path[4096], record[4096];
    secg_error error = {0};
    secg_status status = SECG_E_STATE;
    int recorded = is_recorded(p);
    if (recorded < 0 || cli_path(path, sizeof path, p->folder, p->name, p->annotator) < 0 ||
        cli_path(record, sizeof record, p->folder, p->name, "") < 0)
        return -1;
    if (recorded)
        status = secg_recorder_annotate(record, p->annotator, list, count, &error);
    if (recorded && status == SECG_E_STATE)
        cli_fail(0, "note: %s; verify does not cover %s", error.text, path);
    if (status == SECG_E_STATE)
        status = secg_annotations_write(path, p->ticks_hz, list, count, &error);
    if (status == SECG_OK)
        return 0;
    cli_error(&error);
    return -1;
}
