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

/* ---- the lists of a summary, each in order of time, read as one ----------------------------- */

typedef struct merge {
    const secg_summary *summary;
    size_t beat, stage, rhythm, fact, gap;
    int in_gap; /* the gap's beginning is read, its end is not */
} merge;

static secg_annotation make(int64_t sample, int code)
{
    return (secg_annotation){.sample = sample < 0 ? 0 : sample, .code = (int16_t)code};
}

static int peek_beat(merge *m, secg_annotation *a)
{
    if (m->beat == m->summary->beats)
        return 0;
    const secg_beat *beat = &m->summary->beat[m->beat];
    *a = make(beat->sample, cli_beat_code(beat->label));
    return 1;
}

static void pass_beat(merge *m)
{
    secg_summary_rest(m->summary, m->beat++);
}

static int peek_stage(merge *m, secg_annotation *a)
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

static void pass_stage(merge *m)
{
    m->stage++;
}

static int peek_rhythm(merge *m, secg_annotation *a)
{
    if (m->rhythm == m->summary->rhythms)
        return 0;
    const secg_rhythm *r = &m->summary->rhythm[m->rhythm];
    const char *what = secg_rhythm_text((secg_rhythm_kind)r->kind);
    *a = make(r->start, SECG_ANN_NOTE);
    snprintf(a->aux, sizeof a->aux, r->beats > 1 ? "%s, %d beats" : "%s", what, (int)r->beats);
    return 1;
}

static void pass_rhythm(merge *m)
{
    secg_summary_rest(m->summary, m->rhythm++);
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

static int peek_fact(merge *m, secg_annotation *a)
{
    for (; m->fact < m->summary->facts; m->fact++) {
        const secg_fact *fact = &m->summary->fact[m->fact];
        *a = make(fact->sample, SECG_ANN_NOTE);
        fact_text(fact, a->aux, sizeof a->aux);
        if (a->aux[0])
            return 1;
    }
    return 0;
}

static void pass_fact(merge *m)
{
    m->fact++;
}

static int peek_shutdown(merge *m, secg_annotation *a)
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
    static const struct {
        int (*peek)(merge *, secg_annotation *);
        void (*pass)(merge *);
    } source[] = {{peek_beat, pass_beat},
                  {peek_stage, pass_stage},
                  {peek_rhythm, pass_rhythm},
                  {peek_fact, pass_fact},
                  {peek_shutdown, pass_shutdown}};
    merge *m = context;
    int first = -1;
    for (int i = 0; i < (int)(sizeof source / sizeof *source); i++) {
        secg_annotation found = {0};
        if (source[i].peek(m, &found) && (first < 0 || earlier(&found, a))) {
            *a = found;
            first = i;
        }
    }
    if (first >= 0)
        source[first].pass(m);
    return first >= 0;
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

static int gather(const secg_summary *s, secg_annotation **list, size_t *count)
{
    merge all = {.summary = s};
    size_t room = s->beats + s->stages + s->rhythms + s->facts + 2 * s->gaps + 1;
    *count = 0;
    *list = calloc(room, sizeof **list);
    if (!*list)
        return cli_fail(-1, "no memory");
    while (next(&all, &(*list)[*count]))
        ++*count;
    return 0;
}

/* Only what is taken into a recorder's chain is held in memory as a whole. */
int cli_save_summary_annotations(const cli_annotation_place *p, const secg_summary *s)
{
    char path[4096];
    secg_annotation *list;
    size_t count;
    secg_error error = {0};
    int recorded = is_recorded(p);
    if (recorded > 0) {
        int code = gather(s, &list, &count) < 0 ? -1 : cli_save_annotations(p, list, count);
        free(list);
        return code;
    }
    if (recorded < 0 || cli_path(path, sizeof path, p->folder, p->name, p->annotator) < 0)
        return -1;
    merge all = {.summary = s};
    if (secg_annotations_write_from(path, p->ticks_hz, next, &all, &error) == SECG_OK)
        return 0;
    cli_error(&error);
    return -1;
}

int cli_check_annotator(const char *annotator)
{
    if (annotator[0] && !strpbrk(annotator, "/\\."))
        return 0;
    return cli_fail(-1, "--annotator: \"%s\" is not a file extension", annotator);
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
