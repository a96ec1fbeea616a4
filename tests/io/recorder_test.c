/* The recorder keeps what it promises: readable at any moment, nothing but the last second lost to
 * a kill, every change found, every lost frame counted. */
#include "folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stressecg/io.h>
#include <stressecg/recorder.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { CHANNELS = 3, RATE = 500 };

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static int16_t value(int64_t frame, int k)
{
    return (int16_t)((frame * 7 + k * 1000) % 20000 - 10000);
}

static secg_recorder_config config_in(const test_folder *f)
{
    secg_recorder_config c = {.folder = f->path, .name = "r", .block_ms = 50};
    c.signal = (secg_signal){.rate_hz = RATE, .channels = CHANNELS};
    for (int k = 0; k < CHANNELS; k++)
        c.signal.channel[k] =
            (secg_channel){.lead = (secg_lead)(SECG_LEAD_V1 + k), .gain_per_mv = 1000};
    return c;
}

static secg_recorder *start(const secg_recorder_config *c)
{
    secg_recorder *r;
    secg_error error = {0};
    cr_assert_eq(secg_recorder_open(c, &r, &error), SECG_OK, "%s", error.text);
    return r;
}

static secg_status push(secg_recorder *r, int64_t first, int64_t frames)
{
    secg_status status = SECG_OK;
    for (int64_t n = first; n < first + frames && status == SECG_OK; n++) {
        int16_t counts[CHANNELS];
        for (int k = 0; k < CHANNELS; k++)
            counts[k] = value(n, k);
        status = secg_recorder_push_i16(r, counts, 1, NULL);
    }
    return status;
}

static void finish(secg_recorder *r)
{
    secg_error error = {0};
    cr_assert_eq(secg_recorder_close(r, &error), SECG_OK, "%s", error.text);
}

static void wait_on_disk(const secg_recorder *r, int64_t frames)
{
    secg_recorder_progress p = {0};
    for (int i = 0; i < 1000 && p.on_disk_frames < frames; i++, sleep_ms(10))
        secg_recorder_get_progress(r, &p);
    cr_assert_geq(p.on_disk_frames, frames);
}

/* Reads the record; returns its frames, after checking the first `signal` of them. */
static int64_t read_back(test_folder *f, int64_t signal)
{
    static int32_t counts[40000 * CHANNELS];
    secg_record *record;
    secg_error error = {0};
    size_t got = 0;
    cr_assert_eq(secg_record_open(in_folder(f, "r"), NULL, &record, &error), SECG_OK, "%s",
                 error.text);
    cr_assert_geq(secg_record_read(record, counts, 40000, &got, &error), SECG_OK, "%s", error.text);
    cr_assert_geq((int64_t)got, signal);
    for (int64_t n = 0; n < signal; n++)
        for (int k = 0; k < CHANNELS; k++)
            cr_assert_eq(counts[n * CHANNELS + k], value(n, k));
    secg_record_close(record);
    return (int64_t)got;
}

static secg_recorder_check verified(test_folder *f)
{
    secg_recorder_check check;
    secg_error error = {0};
    cr_assert_eq(secg_recorder_verify(in_folder(f, "r"), NULL, &check, &error), SECG_OK, "%s",
                 error.text);
    return check;
}

Test(recorder, reads_back_what_was_pushed)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 1234);
    finish(r);
    cr_expect_eq(read_back(&f, 1234), 1234);
    secg_recorder_check check = verified(&f);
    cr_expect(check.closed && check.frames == 1234 && check.gaps == 0);
    cr_expect_eq(check.bad_block, -1);
    const char *part[] = {"r.dat", "r.hea", "r.chain", "r.manifest"};
    struct stat about;
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(stat(in_folder(&f, part[i]), &about), 0);
        cr_expect_eq(about.st_mode & 0777, 0600);
    }
    secg_recorder *again;
    cr_expect_eq(secg_recorder_open(&c, &again, NULL), SECG_E_STATE);
    cr_expect_null(again);
    folder_remove(&f);
}

Test(recorder, is_readable_while_it_records)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    cr_expect_eq(read_back(&f, 0), 0);
    push(r, 0, 1000);
    wait_on_disk(r, 1000);
    cr_expect_eq(read_back(&f, 1000), 1000);
    cr_expect_eq(verified(&f).closed, 0);
    finish(r);
    folder_remove(&f);
}

Test(recorder, overflow_is_a_gap_of_its_length)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.queue_ms = 100; /* 50 frames */
    secg_recorder *r = start(&c);
    push(r, 0, 20000);
    secg_recorder_progress p;
    secg_recorder_get_progress(r, &p);
    cr_expect_eq(secg_recorder_push_gap(r, 77, NULL), SECG_OK);
    finish(r);
    cr_assert_gt(p.overflow_frames, 0);
    secg_recorder_check check = verified(&f);
    cr_expect_eq(check.frames, 20077);
    cr_expect_eq(check.gap_frames, p.overflow_frames + 77);
    folder_remove(&f);
}

/* Every bit-flipped byte of every file is found. */
Test(recorder, finds_any_altered_byte)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 60);
    secg_recorder_push_gap(r, 5, NULL);
    push(r, 65, 40);
    finish(r);
    const char *part[] = {"r.dat", "r.hea", "r.chain", "r.manifest"};
    for (int i = 0; i < 4; i++) {
        int file = open(in_folder(&f, part[i]), O_RDWR);
        struct stat about;
        cr_assert_eq(fstat(file, &about), 0);
        for (off_t at = 0; at < about.st_size; at++) {
            unsigned char byte, other;
            cr_assert_eq(pread(file, &byte, 1, at), 1);
            other = byte ^ (unsigned char)(1u << at % 8);
            cr_assert_eq(pwrite(file, &other, 1, at), 1);
            cr_expect_eq(secg_recorder_verify(in_folder(&f, "r"), NULL, NULL, NULL), SECG_E_FORMAT,
                         "%s byte %d", part[i], (int)at);
            cr_assert_eq(pwrite(file, &byte, 1, at), 1);
        }
        close(file);
    }
    verified(&f);
    folder_remove(&f);
}

Test(recorder, names_the_block)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 100); /* blocks of 25 frames */
    finish(r);
    secg_recorder_check check;
    enum { BLOCK = 25 * CHANNELS * 2 };
    char bytes[4 * BLOCK], swapped[4 * BLOCK];
    int file = open(in_folder(&f, "r.dat"), O_RDWR);
    cr_assert_eq(pread(file, bytes, sizeof bytes, 0), (ssize_t)sizeof bytes);
    memcpy(swapped, bytes, sizeof bytes);
    memcpy(swapped + BLOCK, bytes + 2 * BLOCK, BLOCK);
    memcpy(swapped + 2 * BLOCK, bytes + BLOCK, BLOCK);
    cr_assert_eq(pwrite(file, swapped, sizeof bytes, 0), (ssize_t)sizeof bytes);
    cr_expect_eq(secg_recorder_verify(in_folder(&f, "r"), NULL, &check, NULL), SECG_E_FORMAT);
    cr_expect_eq(check.bad_block, 1);
    cr_assert_eq(pwrite(file, bytes, sizeof bytes, 0), (ssize_t)sizeof bytes);
    cr_assert_eq(ftruncate(file, 2 * BLOCK + 10), 0);
    cr_expect_eq(secg_recorder_verify(in_folder(&f, "r"), NULL, &check, NULL), SECG_E_FORMAT);
    cr_expect_eq(check.bad_block, 2);
    close(file);
    folder_remove(&f);
}

Test(recorder, full_disk_is_reported_and_harms_nothing)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 1000);
    wait_on_disk(r, 1000);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 1000 * CHANNELS * 2 + 100; /* in the middle of a block */
    setrlimit(RLIMIT_FSIZE, &limit);
    secg_status status = SECG_OK;
    for (int i = 0; i < 300 && status == SECG_OK; i++, sleep_ms(10))
        status = push(r, 1000, 25);
    cr_expect_eq(status, SECG_E_FILE);
    cr_expect_eq(secg_recorder_close(r, NULL), SECG_E_FILE);
    setrlimit(RLIMIT_FSIZE, &before);
    cr_expect_eq(read_back(&f, 1000), 1000);
    cr_expect_eq(verified(&f).frames, 1000);
    folder_remove(&f);
}

/* ---- kill ------------------------------------------------------------------------------ */

static void record_until_killed(const secg_recorder_config *c, _Atomic int64_t *pushed)
{
    secg_recorder *r;
    if (secg_recorder_open(c, &r, NULL) != SECG_OK)
        _exit(1);
    for (int64_t n = 0;; n += 5, sleep_ms(10)) {
        push(r, n, 5);
        *pushed = n + 5;
    }
}

static void kill_once(int turn)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    put_file(&f, "pushed", &(int64_t){0}, sizeof(int64_t));
    int shared = open(in_folder(&f, "pushed"), O_RDWR);
    _Atomic int64_t *pushed =
        mmap(NULL, sizeof *pushed, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
    close(shared);
    pid_t child = fork();
    if (child == 0)
        record_until_killed(&c, pushed);
    while (*pushed == 0)
        sleep_ms(1);
    sleep_ms(50 + turn * 37 % 300);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    int64_t kept = verified(&f).frames;
    cr_expect_geq(kept, *pushed - RATE, "%d of %d", (int)kept, (int)*pushed);
    cr_expect_geq(read_back(&f, kept), kept);
    c.resume = 1;
    secg_recorder *r = start(&c);
    finish(r);
    secg_recorder_check check = verified(&f);
    cr_expect(check.closed && check.gaps == 1 && check.gap_frames > 0);
    cr_expect_eq(read_back(&f, kept), check.frames);
    cr_expect_eq(check.frames, kept + check.gap_frames);
    munmap(pushed, sizeof *pushed);
    folder_remove(&f);
}

Test(recorder, survives_kills)
{
    const char *more = getenv("STRESSECG_KILLS");
    int kills = more ? atoi(more) : 20;
    for (int i = 0; i < kills; i++)
        kill_once(i);
}
