/* A recorder that is killed, and a power cut: at random moments, and at each call to the disk. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "disk_shim.h"
#include "record_life.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Shared with the child that is killed. */
typedef struct shared {
    _Atomic int64_t pushed, at_stop;
    atomic_int phase; /* 1: opened, 2: closing */
} shared;

static shared *share(void)
{
    void *memory =
        mmap(NULL, sizeof(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(memory, MAP_FAILED);
    return memory;
}

/* ---- at random moments ----------------------------------------------------------------- */

static unsigned random_below(unsigned *state, unsigned limit)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % limit;
}

static void record_until(const secg_recorder_config *c, shared *s, int64_t stop)
{
    secg_recorder *r;
    if (secg_recorder_open(c, &r, NULL) != SECG_OK)
        _exit(1);
    secg_recorder_progress p;
    secg_recorder_get_progress(r, &p);
    int64_t n = p.on_disk_frames;
    for (s->phase = 1; n < stop; n += 5, sleep_ms(10)) {
        push(r, n, 5, NULL);
        s->pushed = n + 5;
    }
    s->phase = 2;
    secg_recorder_close(r, NULL);
    s->phase = 3;
    for (;;)
        sleep_ms(1000);
}

static void sleep_us(long us)
{
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

/* Kills a recorder `us` microseconds after it came to a phase; returns what had been pushed. */
static int64_t kill_in(const secg_recorder_config *c, int64_t stop, int phase, long us)
{
    shared *s = share();
    pid_t child = fork();
    if (child == 0)
        record_until(c, s, stop);
    while (s->phase < phase)
        sleep_us(50);
    sleep_us(us);
    kill(child, SIGKILL);
    int status;
    waitpid(child, &status, 0);
    cr_assert(WIFSIGNALED(status), "the recorder ended by itself");
    int64_t pushed = s->pushed;
    munmap(s, sizeof *s);
    return pushed;
}

static int64_t most_missing;

/* At most a second of what was pushed is missing. */
static void is_kept(test_folder *f, int64_t pushed)
{
    if (access(in_folder(f, "r.chain"), F_OK) == 0) {
        secg_recorder_check check = verified(f, "r");
        cr_expect_geq(check.frames, pushed - RATE, "%d of %d", (int)check.frames, (int)pushed);
        if (pushed - check.frames > most_missing)
            most_missing = pushed - check.frames;
        cr_expect_geq(read_back(f, "r", 0), check.frames);
    } else {
        cr_expect_eq(pushed, 0);
    }
}

static void kill_once(unsigned *random)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    c.block_ms = random_below(random, 2) ? 50 : 500;
    c.resume = 1;
    /* while it begins, runs, or ends: */
    int phase = (int)random_below(random, 3);
    long us = (long)random_below(random, phase == 1 ? 900000 : 15000);
    int64_t pushed = kill_in(&c, phase == 2 ? 50 : 100000, phase, us);
    is_kept(&f, pushed);
    /* while it goes on: */
    if (access(in_folder(&f, "r.chain"), F_OK) == 0 && !verified(&f, "r").closed) {
        int64_t kept = verified(&f, "r").frames;
        pushed =
            kill_in(&c, 100000, (int)random_below(random, 2), (long)random_below(random, 15000));
        is_kept(&f, pushed ? pushed : kept);
    }
    survives(&f, 0);
    folder_remove(&f);
}

/* STRESSECG_KILLS=200 for as many; SEED to have the same moments again. */
Test(recorder_kill, at_random_moments)
{
    const char *more = getenv("STRESSECG_KILLS"), *again = getenv("SEED");
    int kills = more ? atoi(more) : 20;
    unsigned seed = again ? (unsigned)strtoul(again, NULL, 10) : (unsigned)time(NULL),
             random = seed;
    cr_log_info("SEED=%u", seed);
    for (int i = 0; i < kills; i++)
        kill_once(&random);
    cr_log_info("%d kills, at most %d ms missing", kills, (int)(most_missing * 1000 / RATE));
}

/* ---- at each call to the disk ---------------------------------------------------------- */

/* Lives until call `die_at`, in a process of its own.  1: it died of that. */
static int live_and_die(const secg_recorder_config *c, int die_at, _Atomic int64_t *frames)
{
    pid_t child = fork();
    if (child == 0) {
        secg_error error = {0};
        shim_reset();
        shim.die_at = die_at;
        shim.keep_durable = 1;
        _exit(live(c, frames, &error) == SECG_OK ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 42),
              "call %d: exit %d", die_at, WEXITSTATUS(status));
    return WEXITSTATUS(status) == 42;
}

enum { NAMES = 8 }; /* bit of `durable`; those below are of the files that grow */

static int has(test_folder *f, const char *name)
{
    return access(in_folder(f, name), F_OK) == 0;
}

/* What a power cut leaves: of the files that grow what was synchronised, or all that was written; and
 * all names that were given, or those whose folder was synchronised since. */
static void power_cut(test_folder *f, unsigned durable, test_folder *left)
{
    static const char *const file[] = {"r.dat", "r.manifest", "r.chain", "r.hea", "r.sec"};
    for (int i = 0; i < 5; i++) {
        char kept[32], named[32];
        snprintf(kept, sizeof kept, "%s.durable", file[i]);
        snprintf(named, sizeof named, "%s.named", file[i]);
        unlink(in_folder(left, file[i]));
        int unnamed = has(f, named) && durable & NAMES;
        int cut = unnamed || (i < 3 && !has(f, named) && durable >> i & 1);
        if (!has(f, file[i]) || (unnamed && !has(f, kept)))
            continue;
        size_t size = 0;
        char *bytes =
            cut && !has(f, kept) ? calloc(1, 1) : get_file(f, cut ? kept : file[i], &size);
        put_file(left, file[i], bytes, size);
        free(bytes);
    }
}

static int names_pending(test_folder *f)
{
    return has(f, "r.hea.named") || has(f, "r.sec.named") || has(f, "r.chain.named");
}

/* What the record holds before it goes on is on the device. */
static void keep_as_durable(test_folder *f)
{
    char command[300];
    snprintf(command, sizeof command, "cd %s && for i in r.*; do cp $i $i.durable; done", f->path);
    cr_assert_eq(system(command), 0);
}

static void begin_files(const secg_recorder_config *c, _Atomic int64_t *frames)
{
    secg_recorder_files files;
    cr_assert_eq((int)secg_recorder_files_create(&files, c, LIFE_BLOCK, NULL), (int)SECG_OK);
    cr_assert_eq((int)live_block(&files, frames), (int)SECG_OK);
    secg_recorder_files_release(&files);
}

static int die_once(int resume, int die_at)
{
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    shared *s = share();
    if (resume) {
        begin_files(&c, &s->pushed);
        c.resume = 1;
        keep_as_durable(&f);
    }
    int died = live_and_die(&c, die_at, &s->pushed);
    test_folder left = folder_make();
    unsigned cuts = names_pending(&f) ? 2 * NAMES : NAMES;
    for (unsigned durable = 0; durable < cuts; durable++) {
        power_cut(&f, durable, &left);
        survives(&left, s->pushed);
    }
    folder_remove(&left);
    munmap(s, sizeof *s);
    folder_remove(&f);
    return died;
}

static void die_at_each(int resume)
{
    int call = 0;
    while (die_once(resume, call))
        call++;
    cr_expect_gt(call, 40);
}

Test(recorder_kill, at_each_call_of_a_new_record)
{
    die_at_each(0);
}

Test(recorder_kill, at_each_call_of_a_resumed_record)
{
    die_at_each(1);
}

/* ---- at each byte of each line --------------------------------------------------------- */

enum { DAT, MANIFEST, CHAIN, HEA, SEC, FILES };
static const char *const file_name[FILES] = {"r.dat", "r.manifest", "r.chain", "r.hea", "r.sec"};

/* The files after a step of a record's life. */
typedef struct step {
    char *bytes[FILES]; /* NULL: there is none */
    size_t size[FILES];
} step;

static step take_step(test_folder *f)
{
    step s = {0};
    for (int i = 0; i < FILES; i++)
        if (has(f, file_name[i]))
            s.bytes[i] = get_file(f, file_name[i], &s.size[i]);
    return s;
}

static void put_part(test_folder *f, int i, const step *s, size_t size)
{
    unlink(in_folder(f, file_name[i]));
    if (s->bytes[i])
        put_file(f, file_name[i], s->bytes[i], size);
}

/* Everything as `before`, but the samples, which are written first. */
static void tear_chain(const step *before, const step *after, int64_t frames)
{
    test_folder f = folder_make();
    for (size_t size = before->size[CHAIN]; size < after->size[CHAIN]; size++) {
        for (int i = 0; i < FILES; i++)
            put_part(&f, i, i == DAT ? after : before, i == DAT ? after->size[i] : before->size[i]);
        put_part(&f, CHAIN, after, size);
        cr_assert_eq(verified(&f, "r").frames, frames, "chain cut to %zu", size);
        if (size % 4 == 0)
            survives(&f, frames);
    }
    folder_remove(&f);
}

/* Samples and chain as `after`; the annotations may have taken their name. */
static void tear_manifest(const step *before, const step *after, int64_t frames, int named)
{
    test_folder f = folder_make();
    for (size_t size = before->size[MANIFEST]; size < after->size[MANIFEST]; size++) {
        for (int i = 0; i < FILES; i++) {
            const step *s = i == DAT || i == CHAIN || (i == SEC && named) ? after : before;
            put_part(&f, i, s, s->size[i]);
        }
        put_part(&f, MANIFEST, after, size);
        cr_assert_eq(verified(&f, "r").frames, frames, "manifest cut to %zu", size);
        if (size % 4 == 0)
            survives(&f, frames);
    }
    folder_remove(&f);
}

static void annotate_once(const test_folder *f, int64_t sample)
{
    char path[100];
    snprintf(path, sizeof path, "%s/r", f->path);
    secg_annotation beat = {.sample = sample, .code = SECG_ANN_NORMAL};
    cr_assert_eq((int)secg_recorder_annotate(path, "sec", &beat, 1, NULL), (int)SECG_OK);
}

/* Signal, gap, end, annotations, and those again. */
Test(recorder_kill, at_each_byte_of_each_line)
{
    enum { STEPS = 6 };
    test_folder f = folder_make();
    secg_recorder_config c = config_in(&f);
    secg_recorder_files files;
    _Atomic int64_t frames = 0;
    step s[STEPS];
    int64_t count[STEPS] = {0, LIFE_BLOCK};
    cr_assert_eq((int)secg_recorder_files_create(&files, &c, LIFE_BLOCK, NULL), (int)SECG_OK);
    s[0] = take_step(&f);
    cr_assert_eq((int)live_block(&files, &frames), (int)SECG_OK);
    s[1] = take_step(&f);
    cr_assert_eq((int)secg_recorder_files_gap(&files, LIFE_GAP, BLOCK_OVERFLOW), (int)SECG_OK);
    s[2] = take_step(&f);
    cr_assert_eq((int)secg_recorder_files_end(&files), (int)SECG_OK);
    secg_recorder_files_release(&files);
    s[3] = take_step(&f);
    annotate_once(&f, 5);
    s[4] = take_step(&f);
    annotate_once(&f, 6);
    s[5] = take_step(&f);
    for (int i = 2; i < STEPS; i++)
        count[i] = LIFE_BLOCK + LIFE_GAP;
    for (int i = 1; i < STEPS; i++) {
        tear_chain(&s[i - 1], &s[i], count[i - 1]);
        for (int named = 0; named < (i >= 4 ? 2 : 1); named++)
            tear_manifest(&s[i - 1], &s[i], count[i], named);
    }
    for (int i = 0; i < STEPS; i++)
        for (int k = 0; k < FILES; k++)
            free(s[i].bytes[k]);
    folder_remove(&f);
}
