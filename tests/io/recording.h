/* Records of a known signal, and what must hold of them on disk. */
#ifndef TESTS_IO_RECORDING_H
#define TESTS_IO_RECORDING_H

#include "folder.h"

#include <stressecg/io.h>
#include <stressecg/recorder.h>
#include <sys/stat.h>
#include <time.h>

enum { CHANNELS = 3, RATE = 500, FRAME = 2 * CHANNELS };

static inline void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static inline int16_t value(int64_t frame, int k)
{
    return (int16_t)((frame * 7 + k * 1000) % 20000 - 10000);
}

/* Blocks of 25 frames. */
static inline secg_recorder_config config_in(const test_folder *f)
{
    secg_recorder_config c = {.folder = f->path, .name = "r", .block_ms = 50};
    c.signal = (secg_signal){.rate_hz = RATE, .channels = CHANNELS};
    for (int k = 0; k < CHANNELS; k++)
        c.signal.channel[k] =
            (secg_channel){.lead = (secg_lead)(SECG_LEAD_V1 + k), .gain_per_mv = 1000};
    return c;
}

static inline secg_recorder *start(const secg_recorder_config *c)
{
    secg_recorder *r;
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_open(c, &r, &error), (int)SECG_OK, "%s", error.text);
    return r;
}

static inline secg_status push(secg_recorder *r, int64_t first, int64_t frames, secg_error *error)
{
    secg_status status = SECG_OK;
    for (int64_t n = first; n < first + frames && status == SECG_OK; n++) {
        int16_t counts[CHANNELS];
        for (int k = 0; k < CHANNELS; k++)
            counts[k] = value(n, k);
        status = secg_recorder_push_i16(r, counts, 1, error);
    }
    return status;
}

static inline void finish(secg_recorder *r)
{
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_close(r, &error), (int)SECG_OK, "%s", error.text);
}

static inline void wait_on_disk(const secg_recorder *r, int64_t frames)
{
    secg_recorder_progress p = {0};
    for (int i = 0; i < 1000 && p.on_disk_frames < frames; i++, sleep_ms(10))
        secg_recorder_get_progress(r, &p);
    cr_assert_geq(p.on_disk_frames, frames);
}

/* A record of `frames` frames, closed. */
static inline void record_frames(const secg_recorder_config *c, int64_t frames)
{
    secg_recorder *r = start(c);
    push(r, 0, frames, NULL);
    finish(r);
}

/* A record that was never closed, all of whose frames are under the chain: the files of one that is
 * being recorded, under another name's folder. */
static inline void record_interrupted(const secg_recorder_config *c, int64_t frames)
{
    char command[400], keep[] = "/tmp/secg-keep-XXXXXX";
    cr_assert_not_null(mkdtemp(keep));
    secg_recorder *r = start(c);
    push(r, 0, frames, NULL);
    wait_on_disk(r, frames);
    snprintf(command, sizeof command, "cp -p '%s'/%s.* %s/", c->folder, c->name, keep);
    cr_assert_eq(system(command), 0);
    finish(r);
    snprintf(command, sizeof command, "mv %s/* '%s'/ && rmdir %s", keep, c->folder, keep);
    cr_assert_eq(system(command), 0);
}

/* Reads the record; returns its frames.  Frame n holds value(n, .) or, in a gap, nothing; the first
 * `signal` of them are no gap. */
static inline int64_t read_back(test_folder *f, const char *name, int64_t signal)
{
    static int32_t counts[60000 * CHANNELS];
    secg_record *record;
    secg_error error = {0};
    size_t got = 0;
    cr_assert_eq((int)secg_record_open(in_folder(f, name), NULL, &record, &error), (int)SECG_OK,
                 "%s", error.text);
    cr_assert_geq((int)secg_record_read(record, counts, 60000, &got, &error), (int)SECG_OK, "%s",
                  error.text);
    secg_record_close(record);
    cr_assert_geq((int64_t)got, signal);
    for (int64_t n = 0; n < (int64_t)got; n++)
        for (int k = 0; k < CHANNELS; k++)
            cr_assert(counts[n * CHANNELS + k] == value(n, k) ||
                          (n >= signal && counts[n * CHANNELS + k] == SECG_NO_COUNT),
                      "frame %d", (int)n);
    return (int64_t)got;
}

static inline secg_recorder_check verified(test_folder *f, const char *name)
{
    secg_recorder_check check;
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_verify(in_folder(f, name), NULL, &check, &error), (int)SECG_OK,
                 "%s", error.text);
    return check;
}

/* What verify says, and the block it names. */
static inline void refused(test_folder *f, int64_t block, const char *text)
{
    secg_recorder_check check;
    secg_error error = {0};
    cr_expect_eq((int)secg_recorder_verify(in_folder(f, "r"), NULL, &check, &error),
                 (int)SECG_E_FORMAT, "%s", error.text);
    cr_expect_eq(check.bad_block, block, "block %d: %s", (int)check.bad_block, error.text);
    cr_expect_not_null(strstr(error.text, text), "\"%s\" in \"%s\"", text, error.text);
}

/* A file's bytes, malloc'ed. */
static inline char *get_file(test_folder *f, const char *name, size_t *size)
{
    struct stat about;
    FILE *file = fopen(in_folder(f, name), "rb");
    cr_assert_not_null(file, "%s", f->text);
    cr_assert_eq(fstat(fileno(file), &about), 0);
    *size = (size_t)about.st_size;
    char *bytes = malloc(*size + 1);
    cr_assert_eq(fread(bytes, 1, *size, file), *size);
    bytes[*size] = 0;
    fclose(file);
    return bytes;
}

#endif
