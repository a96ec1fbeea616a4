/* A record's life call by call, without the thread, and what must hold wherever it ends. */
#ifndef TESTS_IO_RECORD_LIFE_H
#define TESTS_IO_RECORD_LIFE_H

#include "recording.h"

#include "io/recorder_files.h"

enum { LIFE_BLOCK = 25, LIFE_GAP = 10, LIFE_FRAMES = 4 * LIFE_BLOCK + LIFE_GAP };

static inline secg_status live_block(secg_recorder_files *files, _Atomic int64_t *frames)
{
    uint8_t bytes[LIFE_BLOCK * FRAME], *to = bytes;
    for (int64_t n = files->sums.frames; to < bytes + sizeof bytes; n++)
        for (int k = 0; k < CHANNELS; k++, to += 2) {
            to[0] = (uint8_t)(value(n, k) & 0xff);
            to[1] = (uint8_t)((uint16_t)value(n, k) >> 8);
        }
    secg_status status = secg_recorder_files_signal(files, bytes, LIFE_BLOCK);
    if (status == SECG_OK)
        *frames = files->sums.frames;
    return status;
}

static inline secg_status live_open_files(secg_recorder_files *files, _Atomic int64_t *frames)
{
    secg_status status = SECG_OK;
    for (int i = 0; i < 4 && status == SECG_OK; i++) {
        status = live_block(files, frames);
        if (status == SECG_OK && i == 1)
            status = secg_recorder_files_gap(files, LIFE_GAP, BLOCK_ACQUISITION);
    }
    return status == SECG_OK ? secg_recorder_files_end(files) : status;
}

static inline secg_status live_annotations(const char *folder, secg_error *error)
{
    char path[100];
    secg_annotation list[] = {{.sample = 10, .code = SECG_ANN_NORMAL},
                              {.sample = 60, .code = SECG_ANN_PVC}};
    snprintf(path, sizeof path, "%s/r", folder);
    secg_status status = secg_recorder_annotate(path, "sec", list, 1, error);
    return status == SECG_OK ? secg_recorder_annotate(path, "sec", list, 2, error) : status;
}

/* A new record, or the resumed one, to its end, and annotations twice.  frames: how many were said
 * to be on disk. */
static inline secg_status live(const secg_recorder_config *c, _Atomic int64_t *frames,
                               secg_error *error)
{
    secg_recorder_files files;
    secg_status status = c->resume ? secg_recorder_files_resume(&files, c, error)
                                   : secg_recorder_files_create(&files, c, LIFE_BLOCK, error);
    if (status != SECG_OK)
        return status;
    status = live_open_files(&files, frames);
    if (status != SECG_OK)
        *error = files.failure;
    secg_recorder_files_release(&files);
    return status == SECG_OK ? live_annotations(c->folder, error) : status;
}

/* Header with its count, manifest with its end. */
static inline void closed_well(test_folder *f, int64_t frames)
{
    secg_record *record;
    size_t size;
    cr_assert_eq((int)secg_record_open(in_folder(f, "r"), NULL, &record, NULL), (int)SECG_OK);
    cr_assert_eq(secg_record_get_info(record)->frames, frames);
    secg_record_close(record);
    char *header = get_file(f, "r.hea", &size), *manifest = get_file(f, "r.manifest", &size);
    char count[40];
    snprintf(count, sizeof count, " 500 %lld ", (long long)frames);
    cr_assert_not_null(strstr(header, count), "%s", header);
    cr_assert_not_null(strstr(manifest, "\"end\":true"), "%s", manifest);
    free(header);
    free(manifest);
}

/* There is no record and one can begin; or it verifies, holds what was said to be on disk, each
 * frame at its place, and can go on or be finished, and annotated. */
static inline void survives(test_folder *f, int64_t frames)
{
    secg_recorder_config c = config_in(f);
    secg_error error = {0};
    if (access(in_folder(f, "r.chain"), F_OK) != 0) {
        cr_assert_eq(frames, 0);
        record_frames(&c, 100);
    }
    secg_recorder_check check = verified(f, "r");
    cr_assert_geq(check.frames, frames);
    cr_assert_geq(read_back(f, "r", 0), check.frames);
    if (!check.closed) {
        secg_recorder_files files;
        cr_assert_eq((int)secg_recorder_files_resume(&files, &c, &error), (int)SECG_OK, "%s",
                     error.text);
        cr_assert_eq((int)secg_recorder_files_end(&files), (int)SECG_OK);
        secg_recorder_files_release(&files);
        cr_assert_eq(verified(f, "r").gaps, check.gaps + 1);
    }
    secg_status status = secg_recorder_finish(in_folder(f, "r"), &error);
    cr_assert(status == SECG_OK || status == SECG_E_STATE, "%s", error.text);
    cr_assert_eq((int)live_annotations(f->path, &error), (int)SECG_OK, "%s", error.text);
    secg_recorder_check after = verified(f, "r");
    cr_assert(after.closed && after.annotation_files == 1);
    closed_well(f, after.frames);
    cr_assert_geq(read_back(f, "r", 0), check.frames);
}

#endif
