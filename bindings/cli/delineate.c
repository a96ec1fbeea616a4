/* stressecg delineate: onset, peak and end of P, QRS and T of every beat as WFDB annotations. */
#include "annotate.h"
#include "recording.h"

#include <stressecg/delineate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Marks in one file: more than a day of one lead, or two hours of twelve. */
enum { MOST_MARKS = 1 << 22 };
enum { NUM_P = 0, NUM_QRS = 1, NUM_T = 2 }; /* which wave a "(" or ")" belongs to */

typedef struct delineate_job {
    const char *path, *leads, *annotator, *folder;
    int global;
    cli_recording_options open;
} delineate_job;

typedef struct mark {
    int64_t sample;
    uint32_t order; /* of marks at one sample in one lead */
    uint8_t chan, code, num;
} mark;

typedef struct marks {
    mark *item;
    size_t count, room, beats;
    uint8_t chan; /* of the lead at hand */
    const secg_beat *beat;
    double rate_hz;
} marks;

static int keep(marks *m, double ms, int code, int num)
{
    if (!isfinite(ms))
        return 0;
    if (m->count == MOST_MARKS)
        return cli_fail(-1, "more than %d marks: choose fewer leads, or --global", MOST_MARKS);
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 4096;
        mark *item = realloc(m->item, room * sizeof *item);
        if (!item)
            return cli_fail(-1, "no memory");
        m->item = item;
        m->room = room;
    }
    double at = (double)m->beat->sample + (double)m->beat->offset_samples + ms * m->rate_hz / 1000;
    int64_t sample = (int64_t)floor(at + 0.5);
    m->item[m->count] = (mark){.sample = sample > 0 ? sample : 0,
                               .order = (uint32_t)m->count,
                               .chan = m->chan,
                               .code = (uint8_t)code,
                               .num = (uint8_t)num};
    m->count++;
    return 0;
}

static int keep_lead(marks *m, const secg_wave_marks *w)
{
    int qrs = cli_beat_code(m->beat->label);
    int failed = keep(m, (double)w->p_onset_ms, SECG_ANN_WAVE_ON, NUM_P) < 0 ||
                 keep(m, (double)w->p_peak_ms, SECG_ANN_P_PEAK, NUM_P) < 0 ||
                 keep(m, (double)w->p_end_ms, SECG_ANN_WAVE_OFF, NUM_P) < 0 ||
                 keep(m, (double)w->qrs_onset_ms, SECG_ANN_WAVE_ON, NUM_QRS) < 0 ||
                 keep(m, 0, qrs, 0) < 0 ||
                 keep(m, (double)w->j_ms, SECG_ANN_WAVE_OFF, NUM_QRS) < 0 ||
                 keep(m, (double)w->t_onset_ms, SECG_ANN_WAVE_ON, NUM_T) < 0 ||
                 keep(m, (double)w->t_peak_ms, SECG_ANN_T_PEAK, NUM_T) < 0 ||
                 keep(m, (double)w->t_end_ms, SECG_ANN_WAVE_OFF, NUM_T) < 0;
    return failed ? -1 : 0;
}

/* A lead that is a signal of the record goes under that signal's number; derived leads, which have
 * none, are left out. */
static int keep_beat(marks *m, const delineate_job *job, const cli_recording *r,
                     const secg_lead_source *lead, const secg_delineated_beat *beat)
{
    m->beat = &beat->beat;
    m->beats++;
    m->chan = 0;
    if (job->global)
        return keep_lead(m, &beat->global);
    for (size_t k = 0; k < beat->leads; k++) {
        if (lead[k].channel < 0 || !isfinite(beat->lead[k].j_ms))
            continue;
        m->chan = (uint8_t)r->map[lead[k].channel];
        if (keep_lead(m, &beat->lead[k]) < 0)
            return -1;
    }
    return 0;
}

static int drain(secg_delineation *d, marks *m, const delineate_job *job, const cli_recording *r,
                 const secg_lead_source *lead)
{
    for (secg_delineated_beat beat; secg_delineation_poll(d, &beat) == SECG_OK;)
        if (keep_beat(m, job, r, lead, &beat) < 0)
            return -1;
    return 0;
}

static int delineate(cli_recording *r, secg_delineation *d, const delineate_job *job, marks *m)
{
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_signal_leads(&r->signal, lead);
    cli_progress progress;
    cli_progress_begin(&progress, "delineate");
    secg_error error = {0};
    secg_status status;
    size_t got;
    int64_t frames = 0;
    while ((status = cli_recording_read(r, CLI_BLOCK, &got, &error)) == SECG_OK) {
        const int32_t *at = r->frames;
        for (size_t left = got, taken; left > 0;
             left -= taken, at += taken * (size_t)r->signal.channels)
            if (secg_delineation_push_i32(d, at, left, &taken) < 0 || drain(d, m, job, r, lead) < 0)
                return -1;
        frames += (int64_t)got;
        if (r->info->frames > 0)
            cli_progress_set(&progress, (double)frames / (double)r->info->frames);
    }
    secg_delineation_flush(d);
    if (drain(d, m, job, r, lead) < 0)
        return -1;
    cli_progress_end(&progress);
    if (status != SECG_END) {
        cli_error(&error);
        return -1;
    }
    return 0;
}

static int earlier(const void *a, const void *b)
{
    const mark *x = a, *y = b;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    if (x->chan != y->chan)
        return x->chan < y->chan ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int write_marks(const delineate_job *job, const cli_recording *r, marks *m)
{
    cli_annotation_place place = {job->path, job->folder, r->info->name, job->annotator,
                                  r->ticks_hz};
    secg_annotation *list = calloc(m->count + 1, sizeof *list);
    if (!list)
        return cli_fail(CLI_FAILED, "no memory");
    if (m->count > 0)
        qsort(m->item, m->count, sizeof *m->item, earlier);
    for (size_t i = 0; i < m->count; i++)
        list[i] = (secg_annotation){.sample = m->item[i].sample,
                                    .code = m->item[i].code,
                                    .chan = m->item[i].chan,
                                    .num = (int8_t)m->item[i].num};
    int failed =
        cli_make_folder(job->folder) < 0 || cli_save_annotations(&place, list, m->count) < 0;
    free(list);
    if (failed)
        return CLI_FAILED;
    printf("%s/%s.%s: %zu beats, %zu marks\n", job->folder, r->info->name, job->annotator, m->beats,
           m->count);
    return CLI_OK;
}

static int delineate_record(const delineate_job *job)
{
    cli_recording r;
    if (cli_recording_open(&r, job->path, &job->open) < 0)
        return CLI_FAILED;
    marks m = {.rate_hz = r.info->rate_hz};
    secg_delineation *d = NULL;
    secg_error error = {0};
    int code = CLI_FAILED;
    int32_t mains_hz = cli_recording_mains_hz(&r);
    if (cli_recording_choose_leads(&r, job->leads) < 0)
        code = CLI_USAGE;
    else if (secg_delineation_create(
                 &(secg_delineation_config){.signal = r.signal, .mains_hz = mains_hz}, &d,
                 &error) != SECG_OK)
        cli_error(&error);
    else if (delineate(&r, d, job, &m) == 0)
        code = write_marks(job, &r, &m);
    secg_delineation_destroy(d);
    free(m.item);
    cli_recording_close(&r);
    return code;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"leads", 'l', 1},  {"annotator", 'a', 1},
                                         {"output", 'o', 1}, {"global", 'G', 0},
                                         {"gain", 'g', 1},   {0}};
    cli_arguments a = {.verb = &cli_delineate, .argc = argc, .argv = argv, .option = options};
    delineate_job job = {
        .leads = "all", .annotator = "secd", .folder = ".", .open = {.allow_uncalibrated = 1}};
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'l')
            job.leads = a.value;
        else if (key == 'a')
            job.annotator = a.value;
        else if (key == 'o')
            job.folder = a.value;
        else if (key == 'G')
            job.global = 1;
        else
            bad |= cli_number(&a, "--gain", 1e-6, 1e12, &job.open.gain_per_mv);
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (cli_check_annotator(job.annotator) < 0)
        return CLI_USAGE;
    job.path = a.operand[0];
    return delineate_record(&job);
}

const cli_verb cli_delineate = {
    "delineate", "mark P, QRS and T of every beat, write them as annotations",
    "usage: stressecg delineate [--leads 0|0,1|all] [--global] [-a NAME] [-o DIR] RECORD\n\n"
    "Writes DIR/RECORD.NAME, a WFDB annotation file with ( p ) ( N ) ( t ) for every beat: onset,\n"
    "peak and end of the P wave, the QRS complex (N, V, S or Q at the R peak) and the T wave, in\n"
    "each lead (chan is the signal's number; num of a bracket is 0 for P, 1 for QRS, 2 for T).\n"
    "A wave that cannot be told from noise is left out.\n\n"
    "  -l, --leads LIST     signals by number, from 0; all ECG signals by default\n"
    "  -G, --global         one set of marks for all leads together, as chan 0\n"
    "  -a, --annotator NAME the file's extension (secd)\n"
    "  -o, --output DIR     where to write it (the present folder)\n"
    "  -g, --gain N         counts per mV, where the file does not say\n",
    run};
