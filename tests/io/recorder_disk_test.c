/* A disk that is slow, fills, fails, is read-only or goes away: reported on the next call, counted,
 * and nothing that was written is harmed. */
#define _GNU_SOURCE /* unshare */
#include "disk_shim.h"
#include "record_life.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

/* ---- slow ------------------------------------------------------------------------------ */

Test(recorder_disk, a_stalled_disk_never_holds_the_pushing_thread)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.queue_ms = 1000; /* 500 frames */
    secg_recorder *r = start(&c);
    push(r, 0, 100, NULL);
    wait_on_disk(r, 100);
    shim.stalled = 1; /* until all is pushed: were push to wait, this would not end */
    cr_assert_eq((int)push(r, 100, 5000, NULL), (int)SECG_OK);
    secg_recorder_progress p;
    secg_recorder_get_progress(r, &p);
    cr_expect_eq(p.on_disk_frames, 100);
    cr_expect(p.overflow_frames >= 5000 - 500 - 25 && p.overflow_frames <= 5000 - 500);
    shim.stalled = 0;
    wait_on_disk(r, 600);
    cr_assert_eq((int)push(r, 5100, 100, NULL), (int)SECG_OK);
    secg_recorder_push_gap(r, 77, NULL);
    finish(r);
    secg_recorder_check check = verified(&f, "r");
    cr_expect_eq(check.frames, 5277);
    cr_expect_eq(check.gap_frames, p.overflow_frames + 77);
    cr_expect_eq(check.gaps, 2);
    cr_expect_eq(read_back(&f, "r", 600), 5277); /* each frame at its own place, or absent */
    size_t size;
    char *text = get_file(&f, "r.manifest", &size);
    cr_expect_not_null(strstr(text, "\"cause\":\"overflow\""));
    free(text);
    shim_reset();
    folder_remove(&f);
}

/* Marks of gaps are bounded too: more gaps than there is room for are counted all the same. */
Test(recorder_disk, gaps_beyond_the_room_for_marks_are_counted)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 25, NULL);
    wait_on_disk(r, 25);
    shim.stalled = 1;
    int64_t pushed = 25;
    for (int i = 0; i < 1000; i++) {
        secg_recorder_push_gap(r, 3, NULL);
        push(r, pushed + 3, 2, NULL);
        pushed += 5;
    }
    shim.stalled = 0;
    finish(r);
    cr_expect_eq(verified(&f, "r").frames, pushed);
    cr_expect_eq(read_back(&f, "r", 25), pushed);
    shim_reset();
    folder_remove(&f);
}

static void wait_for_syncs(int syncs)
{
    for (int i = 0; i < 3000 && shim.syncs < syncs; i++)
        sleep_ms(1);
    cr_assert_geq((int)shim.syncs, syncs);
}

/* With a clock of the test's own: what is pushed is on the device half a second later, be it one
 * frame; and so it is after each of sixty seconds of frames. */
Test(recorder_disk, everything_pushed_is_synchronised_within_half_a_second)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.block_ms = 0; /* the default */
    shim.monotonic_ms = 1000000;
    secg_recorder *r = start(&c);
    int64_t pushed = 0;
    for (int s = 0; s < 60; s++) {
        int before = shim.syncs;
        int64_t frames = s % 3 == 0 ? 1 : s % 3 == 1 ? 249 : 500;
        push(r, pushed, frames, NULL);
        pushed += frames;
        sleep_ms(25); /* the writer looks every 10 ms and finds it young */
        if (s % 3 < 2)
            cr_expect_eq((int)shim.syncs, before, "second %d", s);
        shim.monotonic_ms += 500;
        wait_for_syncs(before + 2); /* samples, then chain */
        wait_on_disk(r, pushed);
        cr_expect_eq(verified(&f, "r").frames, pushed);
        shim.monotonic_ms += 500;
    }
    finish(r);
    shim_reset();
    folder_remove(&f);
}

/* ---- full, or failing ------------------------------------------------------------------ */

static void push_until_refused(secg_recorder *r, int64_t first, secg_error *error)
{
    secg_status status = SECG_OK;
    for (int i = 0; i < 3000 && status == SECG_OK; i++, sleep_ms(1))
        status = push(r, first + 25 * i, 25, error);
    cr_assert_eq((int)status, (int)SECG_E_FILE);
}

/* The error names the file and the reason, on each call from then on. */
static void reported(secg_recorder *r, int64_t first, const char *path, const char *reason)
{
    secg_error error = {0}, again = {0}, last = {0};
    secg_recorder_progress p;
    push_until_refused(r, first, &error);
    cr_expect(strstr(error.text, path) && strstr(error.text, reason), "%s", error.text);
    cr_expect_eq((int)secg_recorder_push_gap(r, 5, &again), (int)SECG_E_FILE);
    cr_expect_str_eq(again.text, error.text);
    secg_recorder_get_progress(r, &p);
    cr_expect_eq((int)p.status, (int)SECG_E_FILE);
    cr_expect_eq((int)secg_recorder_close(r, &last), (int)SECG_E_FILE);
    cr_expect_str_eq(last.text, error.text);
}

/* What was there is there, and the record goes on with a gap. */
static void goes_on(test_folder *f, secg_recorder_config c, int64_t kept)
{
    secg_recorder_check check = verified(f, "r");
    cr_expect_eq(check.closed, 0);
    cr_expect_geq(check.frames, kept);
    cr_expect_eq(read_back(f, "r", check.frames), check.frames);
    c.resume = 1;
    secg_recorder *r = start(&c);
    secg_recorder_progress p;
    secg_recorder_get_progress(r, &p);
    push(r, p.on_disk_frames, 100, NULL);
    finish(r);
    secg_recorder_check after = verified(f, "r");
    cr_expect(after.closed && after.gaps == 1);
    cr_expect_eq(after.frames, check.frames + after.gap_frames + 100);
    cr_expect_eq(read_back(f, "r", check.frames), after.frames);
}

Test(recorder_disk, a_write_limit)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 1000, NULL);
    wait_on_disk(r, 1000);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 1000 * FRAME + 100; /* in the middle of a block */
    setrlimit(RLIMIT_FSIZE, &limit);
    reported(r, 1000, "r.dat", "File too large");
    cr_expect_eq(verified(&f, "r").frames, 1000);
    cr_expect_eq(read_back(&f, "r", 1000), 1000);
    setrlimit(RLIMIT_FSIZE, &before);
    goes_on(&f, c, 1000);
    folder_remove(&f);
}

static void after_failure(int error, const char *reason)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 200, NULL);
    wait_on_disk(r, 200);
    shim.error = error;
    shim.fail_calls = INT_MAX;
    shim.fail_at = shim.calls;
    reported(r, 200, f.path, reason);
    shim_reset();
    goes_on(&f, c, 200);
    folder_remove(&f);
}

Test(recorder_disk, a_full_disk)
{
    after_failure(ENOSPC, "No space left on device");
}

Test(recorder_disk, a_broken_disk)
{
    after_failure(EIO, "Input/output error");
}

/* Each call to the disk in a record's life fails in turn, and so many after it.  A full disk takes
 * half of the first write. */
static int fail_call(int call, int calls, int number)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    _Atomic int64_t frames = 0;
    secg_error error = {0};
    shim_reset();
    shim.error = number;
    shim.fail_calls = calls;
    shim.fail_at = call;
    secg_status status = live(&c, &frames, &error);
    int refused = shim.refused;
    shim_reset();
    if (status != SECG_OK) {
        cr_expect_eq((int)status, (int)SECG_E_FILE, "call %d: %s", call, error.text);
        cr_expect(strstr(error.text, f.path) && strstr(error.text, strerror(number)), "call %d: %s",
                  call, error.text);
    }
    survives(&f, frames);
    cr_expect(status != SECG_OK || frames == LIFE_FRAMES, "call %d", call);
    folder_remove(&f);
    return refused;
}

static void fail_each(int calls, int number)
{
    int call = 0;
    while (fail_call(call, calls, number))
        call++;
    cr_expect_gt(call, 30);
}

Test(recorder_disk, any_call_may_fail)
{
    fail_each(1, EIO);
}

/* Then what would put it right may fail too. */
Test(recorder_disk, any_calls_in_a_row_may_fail)
{
    fail_each(2, EIO);
    fail_each(3, EIO);
    fail_each(INT_MAX, EIO);
}

Test(recorder_disk, the_disk_may_fill_at_any_call)
{
    fail_each(1, ENOSPC);
    fail_each(INT_MAX, ENOSPC);
}

/* ---- growing while it is looked at ----------------------------------------------------- */

static secg_recorder_files growing;
static _Atomic int64_t grown;
static char growing_path[200];

static void grow(void)
{
    cr_assert_eq((int)live_block(&growing, &grown), (int)SECG_OK);
    cr_assert_eq((int)secg_recorder_files_gap(&growing, 3, BLOCK_ACQUISITION), (int)SECG_OK);
    cr_assert_eq((int)live_block(&growing, &grown), (int)SECG_OK);
}

static void grow_and_end(void)
{
    grow();
    cr_assert_eq((int)secg_recorder_files_end(&growing), (int)SECG_OK);
}

static void annotate(void)
{
    secg_annotation beat = {.sample = grown, .code = SECG_ANN_NORMAL};
    grown++;
    cr_assert_eq((int)secg_recorder_annotate(growing_path, "sec", &beat, 1, NULL), (int)SECG_OK);
}

/* The record grows, or grows and is closed, or is annotated, between any two steps of a check. */
static int look_while(void (*meanwhile)(void), int at)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_error error = {0};
    cr_assert_eq((int)secg_recorder_files_create(&growing, &c, LIFE_BLOCK, &error), (int)SECG_OK);
    grow();
    if (meanwhile == annotate) {
        cr_assert_eq((int)secg_recorder_files_end(&growing), (int)SECG_OK);
        secg_recorder_files_release(&growing);
        strcpy(growing_path, in_folder(&f, "r"));
        annotate();
    }
    shim_reset();
    shim.look_at = at;
    shim.meanwhile = meanwhile;
    verified(&f, "r");
    int happened = !shim.meanwhile;
    shim_reset();
    secg_recorder_files_release(&growing);
    folder_remove(&f);
    return happened;
}

Test(recorder_disk, a_check_may_meet_a_growing_record_at_any_step)
{
    void (*const meanwhile[])(void) = {grow, grow_and_end, annotate};
    for (int i = 0; i < 3; i++) {
        int at = 0;
        while (look_while(meanwhile[i], at))
            at++;
        cr_expect_geq(at, 7); /* four files opened, three sizes */
    }
}

/* ---- where it cannot begin ------------------------------------------------------------- */

static void cannot_begin(const char *folder, const char *reason)
{
    secg_recorder *r;
    secg_error error = {0};
    test_folder f = {{0}, {0}};
    secg_recorder_config c = config_in(&f);
    c.folder = folder;
    cr_expect_eq((int)secg_recorder_open(&c, &r, &error), (int)SECG_E_FILE, "%s", folder);
    cr_expect(strstr(error.text, folder) && strstr(error.text, reason), "%s", error.text);
}

Test(recorder_disk, no_folder)
{
    test_folder f = folder_make();
    char file[200];
    put_text(&f, "file", "x");
    strcpy(file, f.text);
    cannot_begin(in_folder(&f, "missing"), "No such file or directory");
    cannot_begin(file, "Not a directory");
    folder_remove(&f);
}

/* ---- mounts ---------------------------------------------------------------------------- */

/* A name space of this test's own; 0 where that is not permitted. */
static int may_mount(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
}

Test(recorder_disk, a_small_disk_that_fills_and_is_cleared)
{
    if (!may_mount())
        cr_skip("mounting is not permitted here");
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    cr_assert_eq(mount("tmpfs", f.path, "tmpfs", 0, "size=128k"), 0);
    static char filler[60000];
    put_file(&f, "filler", filler, sizeof filler);
    secg_recorder *r = start(&c);
    push(r, 0, 1000, NULL);
    wait_on_disk(r, 1000);
    reported(r, 1000, f.path, "No space left on device");
    int64_t kept = verified(&f, "r").frames;
    cr_expect_geq(kept, 4096); /* what fits */
    unlink(in_folder(&f, "filler"));
    goes_on(&f, c, kept);
    cr_assert_eq(umount(f.path), 0);
    folder_remove(&f);
}

Test(recorder_disk, a_read_only_folder)
{
    if (!may_mount())
        cr_skip("mounting is not permitted here");
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    cr_assert_eq(mount("tmpfs", f.path, "tmpfs", 0, "size=128k"), 0);
    record_interrupted(&c, 300);
    cr_assert_eq(mount("tmpfs", f.path, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), 0);
    cr_expect_eq(verified(&f, "r").frames, 300); /* looking is allowed */
    cr_expect_eq(read_back(&f, "r", 300), 300);
    secg_recorder *other;
    secg_error error = {0};
    c.resume = 1;
    cr_expect_eq((int)secg_recorder_open(&c, &other, &error), (int)SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "r.dat: Read-only file system"), "%s", error.text);
    c.name = "new";
    cr_expect_eq((int)secg_recorder_open(&c, &other, &error), (int)SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "new.dat: Read-only file system"), "%s", error.text);
    cr_expect_eq((int)secg_recorder_finish(in_folder(&f, "r"), &error), (int)SECG_E_FILE);
    cr_assert_eq(mount("tmpfs", f.path, "tmpfs", MS_REMOUNT, NULL), 0);
    c.name = "r";
    goes_on(&f, c, 300);
    cr_assert_eq(umount(f.path), 0);
    folder_remove(&f);
}

/* A stick is pulled out and put back. */
Test(recorder_disk, a_medium_that_goes_away)
{
    if (!may_mount())
        cr_skip("mounting is not permitted here");
    test_folder stick = folder_make(), f = folder_make();
    secg_recorder_config c = config_in(&f);
    cr_assert_eq(mount(stick.path, f.path, "none", MS_BIND, NULL), 0);
    secg_recorder *r = start(&c);
    push(r, 0, 300, NULL);
    wait_on_disk(r, 300);
    cr_assert_eq(umount2(f.path, MNT_DETACH), 0);
    reported(r, 300, f.path, "No such file or directory");
    cr_assert_eq(mount(stick.path, f.path, "none", MS_BIND, NULL), 0);
    goes_on(&f, c, 300);
    cr_assert_eq(umount(f.path), 0);
    folder_remove(&stick);
    folder_remove(&f);
}

Test(recorder_disk, a_folder_that_is_removed)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r = start(&c);
    push(r, 0, 100, NULL);
    wait_on_disk(r, 100);
    folder_remove(&f);
    reported(r, 100, f.path, "No such file or directory");
}

Test(recorder_disk, a_file_that_is_exchanged)
{
    static const char *const name[] = {"r.dat", "r.chain"};
    for (int i = 0; i < 2; i++) {
        test_folder f = folder_make();
        secg_recorder_config c = config_in(&f);
        secg_recorder *r = start(&c);
        push(r, 0, 100, NULL);
        wait_on_disk(r, 100);
        size_t size;
        char *bytes = get_file(&f, name[i], &size);
        unlink(in_folder(&f, name[i]));
        put_file(&f, name[i], bytes, size); /* a copy, put in its place */
        reported(r, 100, name[i], "Stale file handle");
        free(bytes);
        goes_on(&f, c, 100);
        folder_remove(&f);
    }
}

/* ---- clocks ---------------------------------------------------------------------------- */

static secg_status resume_after(int64_t away_ms, int64_t *gap)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder *r;
    secg_error error = {0};
    record_interrupted(&c, 100);
    shim.wall_offset_ms = away_ms;
    c.resume = 1;
    secg_status status = secg_recorder_open(&c, &r, &error);
    if (status == SECG_OK)
        finish(r);
    shim_reset();
    secg_recorder_check check = verified(&f, "r");
    cr_expect_eq(check.gaps, status == SECG_OK);
    *gap = check.gap_frames;
    folder_remove(&f);
    return status;
}

Test(recorder_disk, the_gap_is_as_long_as_the_time_away)
{
    int64_t gap;
    cr_expect_eq((int)resume_after(60000, &gap), (int)SECG_OK);
    cr_expect(gap >= 60 * RATE && gap < 65 * RATE, "%d frames", (int)gap);
    cr_expect_eq((int)resume_after(-3600000, &gap), (int)SECG_OK); /* clock set back */
    cr_expect_eq(gap, 0);
    cr_expect_eq((int)resume_after(25 * 3600000, &gap), (int)SECG_E_ARGUMENT);
    cr_expect_eq(gap, 0);
}
