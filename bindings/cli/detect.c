/* stressecg detect: QRS complexes and their types as a WFDB annotation file. */
#include "annotate.h"
#include "recording.h"

#include <stdlib.h>
#include <string.h>

typedef struct detect_job {
    const char *path, *leads, *annotator, *folder;
    cli_recording_options open;
} detect_job;

typedef struct found {
    secg_annotation *item;
    size_t count, room;
} found;

static int keep(found *f, const secg_beat *beat)
{
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 4096;
        secg_annotation *item = realloc(f->item, room * sizeof *item);
        if (!item)
            return cli_fail(-1, "no memory");
        f->item = item;
        f->room = room;
    }
    f->item[f->count++] = (secg_annotation){.sample = beat->sample < 0 ? 0 : beat->sample,
                                            .code = (int16_t)cli_beat_code(beat->label)};
    return 0;
}

static int drain(secg_analyzer *ecg, found *f)
{
    for (secg_event event; secg_analyzer_poll(ecg, &event) == SECG_OK;)
        if (event.kind == SECG_EVENT_BEAT && keep(f, &event.beat) < 0)
            return -1;
    return 0;
}

static int push_block(secg_analyzer *ecg, const cli_recording *r, size_t frames, found *f)
{
    const int32_t *at = r->frames;
    for (size_t taken; frames > 0; frames -= taken, at += taken * (size_t)r->signal.channels) {
        if (secg_analyzer_push_i32(ecg, at, frames, &taken) < 0)
            return cli_fail(-1, "the analyser refused frames");
        if (drain(ecg, f) < 0)
            return -1;
    }
    return 0;
}

static int detect(cli_recording *r, secg_analyzer *ecg, found *f)
{
    cli_progress progress;
    cli_progress_begin(&progress, "detect");
    secg_error error = {0};
    secg_status status;
    size_t got;
    while ((status = cli_recording_read(r, CLI_BLOCK, &got, &error)) == SECG_OK) {
        if (push_block(ecg, r, got, f) < 0)
            return -1;
        if (r->info->frames > 0)
            cli_progress_set(&progress,
                             (double)secg_analyzer_frames(ecg) / (double)r->info->frames);
    }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        if (drain(ecg, f) < 0)
            return -1;
    if (drain(ecg, f) < 0)
        return -1;
    cli_progress_end(&progress);
    if (status != SECG_END) {
        cli_error(&error);
        return -1;
    }
    return 0;
}

static int write_found(const detect_job *job, const cli_recording *r, const found *f)
{
    cli_annotation_place place = {job->path, job->folder, r->info->name, job->annotator,
                                  r->ticks_hz};
    if (cli_make_folder(job->folder) < 0 || cli_save_annotations(&place, f->item, f->count) < 0)
        return CLI_FAILED;
    printf("%s/%s.%s: %zu beats\n", job->folder, r->info->name, job->annotator, f->count);
    return CLI_OK;
}

static int detect_record(const detect_job *job)
{
    cli_recording r;
    if (cli_recording_open(&r, job->path, &job->open) < 0)
        return CLI_FAILED;
    found f = {0};
    secg_analyzer *ecg = NULL;
    secg_error error = {0};
    int code = CLI_FAILED;
    if (cli_recording_choose_leads(&r, job->leads) < 0)
        code = CLI_USAGE;
    else if (secg_analyzer_create(
                 &(secg_analyzer_config){.signal = r.signal, .no_st = 1, .no_qrs = 1}, &ecg,
                 &error) != SECG_OK)
        cli_error(&error);
    else if (detect(&r, ecg, &f) == 0)
        code = write_found(job, &r, &f);
    secg_analyzer_destroy(ecg);
    free(f.item);
    cli_recording_close(&r);
    return code;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"leads", 'l', 1}, {"annotator", 'a', 1}, {"output", 'o', 1}, {"gain", 'g', 1}, {0}};
    cli_arguments a = {.verb = &cli_detect, .argc = argc, .argv = argv, .option = options};
    detect_job job = {
        .leads = "all", .annotator = "sec", .folder = ".", .open = {.allow_uncalibrated = 1}};
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'l')
            job.leads = a.value;
        else if (key == 'a')
            job.annotator = a.value;
        else if (key == 'o')
            job.folder = a.value;
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
    return detect_record(&job);
}

const cli_verb cli_detect = {
    "detect", "find QRS complexes, write them as annotations",
    "usage: stressecg detect [--leads 0|0,1|all] [-a NAME] [-o DIR] RECORD\n\n"
    "Writes DIR/RECORD.NAME, a WFDB annotation file with one annotation per QRS complex at its R\n"
    "peak (or main deflection): N, V (ventricular), S (supraventricular premature) or Q (cannot "
    "be\n"
    "told).  Amplitudes do not matter here, so a recording need not be calibrated.\n\n"
    "  -l, --leads LIST     signals by number, from 0; all ECG signals by default\n"
    "  -a, --annotator NAME the file's extension (sec)\n"
    "  -o, --output DIR     where to write it (the present folder)\n",
    run};
