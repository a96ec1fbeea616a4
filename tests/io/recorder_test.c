/* The life of a record: what is pushed is read back, at any moment; who may go on with it, and what
 * happens to who may not. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "recording.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static const char *const part[] = {"r.dat", "r.hea", "r.chain", "r.manifest"};
enum { PARTS = sizeof part / sizeof *part };

Test(recorder, reads_back_what_was_pushed)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_frames(&c, 1234);
    cr_expect_eq(read_back(&f, "r", 1234), 1234);
    secg_recorder_check check = verified(&f, "r");
    cr_expect(check.closed && check.frames == 1234 && check.gaps == 0);
    cr_expect_eq(check.bad_block, -1);
    struct stat about;
    for (int i = 0; i < PARTS; i++) {
        cr_assert_eq(stat(in_folder(&f, part[i]), &about), 0);
        cr_expect_eq(about.st_mode & 0777, 0600);
    }
    folder_remove(&f);
}

/* Header and checksums of the closed record, by the reader that other records go through. */
Test(recorder, header_has_count_and_checksums)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_frames(&c, 777);
    secg_record *record;
    int32_t counts[1000 * CHANNELS];
    size_t got;
    cr_assert_eq((int)secg_record_open(in_folder(&f, "r"), NULL, &record, NULL), (int)SECG_OK);
    cr_expect_eq(secg_record_get_info(record)->frames, 777);
    cr_expect_eq((int)secg_record_read(record, counts, 1000, &got, NULL), (int)SECG_OK);
    cr_expect_eq((int)secg_record_verify(record, NULL), (int)SECG_OK);
    secg_record_close(record);
    folder_remove(&f);
}

Test(recorder, manifest_has_gaps_causes_and_coverage)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.start_unix_ms = INT64_C(1767225600000);
    secg_recorder *r = start(&c);
    push(r, 0, 30, NULL);
    secg_recorder_push_gap(r, 12, NULL);
    push(r, 42, 30, NULL);
    int16_t off[CHANNELS] = {1, SECG_NO_COUNT_16, 3};
    secg_recorder_push_i16(r, off, 1, NULL);
    finish(r);
    size_t size;
    char *text = get_file(&f, "r.manifest", &size);
    const char *want[] = {"\"start\":\"2026-01-01T00:00:00", "\"leads\":[\"V1\",\"V2\",\"V3\"]",
                          "\"first_frame\":30,\"gap_frames\":12,\"cause\":\"acquisition\"",
                          "\"samples_with_value\":[61,60,61]"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        cr_expect_not_null(strstr(text, want[i]), "%s in %s", want[i], text);
    free(text);
    folder_remove(&f);
}

/* ---- while it is recorded -------------------------------------------------------------- */

Test(recorder, is_readable_at_every_moment)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.block_ms = 10;
    secg_recorder *r = start(&c);
    int64_t pushed = 0, seen = 0;
    cr_expect_eq(read_back(&f, "r", 0), 0);
    for (int i = 0; i < 300; i++) {
        if (i % 10 == 9) {
            secg_recorder_push_gap(r, 4, NULL);
            pushed += 4;
        }
        push(r, pushed, 11, NULL);
        pushed += 11;
        secg_recorder_check check = verified(&f, "r");
        int64_t frames = read_back(&f, "r", 0);
        cr_assert(check.frames >= seen && frames >= check.frames && frames <= pushed);
        cr_assert_eq(check.closed, 0);
        seen = check.frames;
    }
    wait_on_disk(r, pushed);
    cr_expect_eq(read_back(&f, "r", 0), pushed);
    finish(r);
    cr_expect_eq(verified(&f, "r").frames, pushed);
    folder_remove(&f);
}

/* Another process looks at record after record, each from before its beginning until after its end.
 * Ends with the number of looks that found something wrong. */
static int watch(test_folder *f, const _Atomic int *number)
{
    int wrong = 0;
    for (int n; (n = *number) >= 0;) {
        char name[32];
        struct stat about;
        snprintf(name, sizeof name, "r%d.chain", n);
        if (stat(in_folder(f, name), &about) != 0)
            continue;
        name[strlen(name) - 6] = 0;
        secg_record *record = NULL;
        wrong += secg_recorder_verify(in_folder(f, name), NULL, NULL, NULL) != SECG_OK;
        wrong += secg_record_open(in_folder(f, name), NULL, &record, NULL) != SECG_OK;
        secg_record_close(record);
    }
    return wrong > 100 ? 100 : wrong;
}

Test(recorder, another_process_reads_beginning_and_end_too)
{
    test_folder f = folder_make();
    _Atomic int *number =
        mmap(NULL, sizeof *number, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0)
        _exit(watch(&f, number));
    for (int n = 0; n < 40; n++) {
        char name[32];
        snprintf(name, sizeof name, "r%d", n);
        secg_recorder_config c = config_in(&f);
        c.name = name;
        c.block_ms = 10;
        *number = n;
        secg_recorder *r = start(&c);
        push(r, 0, 20, NULL);
        secg_recorder_push_gap(r, 7, NULL);
        push(r, 27, 20, NULL);
        finish(r);
    }
    *number = -1;
    int status;
    waitpid(child, &status, 0);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%d looks", WEXITSTATUS(status));
    munmap((void *)number, sizeof *number);
    folder_remove(&f);
}

/* ---- who may not ----------------------------------------------------------------------- */

typedef struct snapshot {
    char *bytes[PARTS];
    size_t size[PARTS];
} snapshot;

static snapshot take(test_folder *f)
{
    snapshot s;
    for (int i = 0; i < PARTS; i++)
        s.bytes[i] = get_file(f, part[i], &s.size[i]);
    return s;
}

static void unchanged(test_folder *f, snapshot *before)
{
    for (int i = 0; i < PARTS; i++) {
        size_t size;
        char *now = get_file(f, part[i], &size);
        cr_expect(size == before->size[i] && memcmp(now, before->bytes[i], size) == 0, "%s",
                  part[i]);
        free(now);
        free(before->bytes[i]);
    }
}

static void open_refused(test_folder *f, const secg_recorder_config *c, secg_status want,
                         const char *text)
{
    secg_recorder *r;
    secg_error error = {0};
    snapshot before = take(f);
    cr_expect_eq((int)secg_recorder_open(c, &r, &error), (int)want, "%s", error.text);
    cr_expect_null(r);
    cr_expect_not_null(strstr(error.text, text), "\"%s\" in \"%s\"", text, error.text);
    cr_expect_not_null(strstr(error.text, f->path), "the path in \"%s\"", error.text);
    unchanged(f, &before);
}

Test(recorder, goes_on_only_with_what_it_was)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_interrupted(&c, 100);
    open_refused(&f, &c, SECG_E_STATE, "exists");
    c.resume = 1;
    secg_recorder_config other = c;
    other.signal.rate_hz = 250;
    open_refused(&f, &other, SECG_E_FORMAT, "was begun at 500 Hz, not 250");
    other = c;
    other.signal.channels = 2;
    open_refused(&f, &other, SECG_E_FORMAT, "was begun with 3 channels, not 2");
    other = c;
    other.signal.channel[1].lead = SECG_LEAD_V6;
    open_refused(&f, &other, SECG_E_FORMAT, "other leads");
    other = c;
    other.signal.channel[2].gain_per_mv = 200;
    open_refused(&f, &other, SECG_E_FORMAT, "gains");
    secg_recorder *r = start(&c);
    finish(r);
    secg_recorder_check check = verified(&f, "r");
    cr_expect(check.closed && check.gaps == 1);
    cr_expect_eq(read_back(&f, "r", 100), check.frames);
    open_refused(&f, &c, SECG_E_STATE, "is closed");
    secg_error error = {0};
    cr_expect_eq((int)secg_recorder_finish(in_folder(&f, "r"), &error), (int)SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "is closed"));
    folder_remove(&f);
}

Test(recorder, does_not_go_on_with_a_damaged_record)
{
    for (int i = 0; i < PARTS; i++) {
        test_folder f = folder_make();
        secg_recorder_config c = config_in(&f);
        record_interrupted(&c, 100);
        size_t size;
        char *bytes = get_file(&f, part[i], &size);
        bytes[size / 2] ^= 4;
        put_file(&f, part[i], bytes, size);
        c.resume = 1;
        open_refused(&f, &c, SECG_E_FORMAT, i == 0 || i == 2 ? "block" : "altered");
        snapshot before = take(&f);
        cr_expect_eq((int)secg_recorder_finish(in_folder(&f, "r"), NULL), (int)SECG_E_FORMAT);
        unchanged(&f, &before);
        free(bytes);
        folder_remove(&f);
    }
}

Test(recorder, one_recorder_at_a_time)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c), *other;
    secg_error error = {0};
    verified(&f, "r"); /* a look by the same process does not give the record up */
    c.resume = 1;
    cr_expect_eq((int)secg_recorder_open(&c, &other, &error), (int)SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "is being recorded"));
    pid_t child = fork();
    if (child == 0)
        _exit(secg_recorder_open(&c, &other, NULL) == SECG_E_STATE &&
                      secg_recorder_finish(in_folder(&f, "r"), NULL) == SECG_E_STATE
                  ? 0
                  : 1);
    int status;
    waitpid(child, &status, 0);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    push(r, 0, 100, NULL);
    finish(r);
    cr_expect_eq(verified(&f, "r").frames, 100);
    folder_remove(&f);
}

Test(recorder, replaces_nothing_that_stands_there)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r;
    secg_error error = {0};
    put_text(&f, "r.hea", "r 1 500 10\nother.dat 16\n");
    cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "r.hea: exists"), "%s", error.text);
    unlink(in_folder(&f, "r.hea"));
    put_text(&f, "r.dat", "samples of somebody");
    cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "r.dat: exists"), "%s", error.text);
    unlink(in_folder(&f, "r.dat"));
    char elsewhere[200];
    strcpy(elsewhere, in_folder(&f, "elsewhere"));
    cr_assert_eq(symlink(elsewhere, in_folder(&f, "r.dat")), 0);
    cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "r.dat: "), "%s", error.text);
    cr_expect_neq(access(elsewhere, F_OK), 0);
    cr_expect_neq(access(in_folder(&f, "r.hea"), F_OK), 0, "nothing is left by a refusal");
    cr_expect_neq(access(in_folder(&f, "r.manifest"), F_OK), 0);
    folder_remove(&f);
}

Test(recorder, closes_what_was_interrupted_without_a_gap)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    record_interrupted(&c, 100);
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_finish(in_folder(&f, "r.hea"), &error), (int)SECG_OK, "%s",
                 error.text);
    secg_recorder_check check = verified(&f, "r");
    cr_expect(check.closed && check.gaps == 0 && check.frames == 100);
    cr_expect_eq(read_back(&f, "r", 100), 100);
    folder_remove(&f);
}

/* Whatever names and gains the header carries. */
Test(recorder, closes_records_of_any_signal)
{
    static const float gain[] = {0, 1e-3f, 12.5f, 204.8f, 1e6f};
    for (size_t i = 0; i < sizeof gain / sizeof *gain; i++) {
        test_folder f = folder_make();
        secg_recorder_config c = config_in(&f);
        c.signal.rate_hz = 360.25;
        c.signal.channel[0].gain_per_mv = gain[i];
        c.signal.channel[0].baseline = -17;
        c.signal.channel[1].lead = SECG_LEAD_OTHER;
        strcpy(c.signal.channel[1].name, "a name of 15 ch");
        c.signal.channel[2].lead = SECG_LEAD_OTHER;
        record_interrupted(&c, 40);
        secg_error error = {0};
        cr_expect_eq((int)secg_recorder_finish(in_folder(&f, "r"), &error), (int)SECG_OK, "%g: %s",
                     (double)gain[i], error.text);
        cr_expect(verified(&f, "r").closed);
        folder_remove(&f);
    }
}

Test(recorder, arguments_are_checked)
{
    test_folder f = folder_make();
    secg_recorder_config good = config_in(&f), c;
    secg_recorder *r;
    secg_error error = {0};
    static const char *const name[] = {"", "a/b", "../r", "r.x", "a b"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        c = good;
        c.name = name[i];
        cr_expect_eq((int)secg_recorder_open(&c, &r, NULL), (int)SECG_E_ARGUMENT, "%s", name[i]);
    }
    static const char *const lead[] = {"a\nb", "a\"b", "a\\b", " a", "a "};
    for (size_t i = 0; i < sizeof lead / sizeof *lead; i++) {
        c = good;
        strcpy(c.signal.channel[1].name, lead[i]);
        cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_ARGUMENT, "%s", lead[i]);
        cr_expect_not_null(strstr(error.text, "channel[1]"), "%s", error.text);
    }
    c = good;
    c.block_ms = 501;
    cr_expect_eq((int)secg_recorder_open(&c, &r, NULL), (int)SECG_E_ARGUMENT);
    c = good;
    c.start_unix_ms = SECG_NO_SAMPLE;
    cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "start_unix_ms"), "%s", error.text);
    c = good;
    c.reserved[3] = 1;
    cr_expect_eq((int)secg_recorder_open(&c, &r, NULL), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_recorder_open(NULL, &r, NULL), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_recorder_close(NULL, NULL), (int)SECG_E_ARGUMENT);
    r = start(&good);
    cr_expect_eq((int)secg_recorder_push_i16(r, NULL, 1, NULL), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_recorder_push_gap(r, -1, NULL), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_recorder_push_gap(r, 86400 * RATE + 1, NULL), (int)SECG_E_ARGUMENT);
    finish(r);
    folder_remove(&f);
}
