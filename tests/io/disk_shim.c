#include "disk_shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

disk_shim shim = {.fail_at = -1, .die_at = -1, .monotonic_ms = -1};

void shim_reset(void)
{
    shim.calls = shim.syncs = shim.refused = shim.stalled = shim.keep_durable = 0;
    shim.fail_at = shim.die_at = -1;
    shim.monotonic_ms = -1;
    shim.wall_offset_ms = 0;
    shim.meanwhile = NULL;
    shim.look_at = shim.looks = 0;
}

ssize_t __real_pwrite64(int file, const void *bytes, size_t size, off_t at);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t size, off_t at);
int __wrap_fdatasync(int file);
int __wrap_fsync(int file);
int __real_ftruncate64(int file, off_t size);
int __wrap_ftruncate64(int file, off_t size);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
FILE *__real_fopen64(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
int __real_fstat64(int file, struct stat *about);
int __wrap_fstat64(int file, struct stat *about);
int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

enum { DIED = 42 };

/* 1: this call is to fail, and errno says how. */
static int count_call(int *dies)
{
    int call = atomic_fetch_add(&shim.calls, 1);
    *dies = call == shim.die_at;
    if (shim.fail_at < 0 || call < shim.fail_at || call - shim.fail_at >= shim.fail_calls)
        return 0;
    atomic_fetch_add(&shim.refused, 1);
    errno = shim.error;
    return 1;
}

static int call_fails(void)
{
    int dies, fails = count_call(&dies);
    if (dies)
        _exit(DIED);
    return fails;
}

/* ---- what a power cut would leave ------------------------------------------------------ */

static void copy_file(int file, const char *path)
{
    char bytes[4096];
    int copy = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t got;
    for (off_t at = 0; (got = pread(file, bytes, sizeof bytes, at)) > 0; at += got)
        if (write(copy, bytes, (size_t)got) != got)
            _exit(1);
    close(copy);
}

/* FILE.durable is what a power cut leaves of FILE.  A file that was given its name is FILE.named
 * until its folder is synchronised. */
static void name_durably(const char *folder)
{
    static const char *const name[] = {"r.hea", "r.sec", "r.chain"};
    char from[4200], to[4200];
    for (int i = 0; i < 3; i++) {
        snprintf(from, sizeof from, "%s/%s.named", folder, name[i]);
        snprintf(to, sizeof to, "%s/%s.durable", folder, name[i]);
        __real_rename(from, to); /* most were not given one */
    }
}

static void keep_durable(int file)
{
    char link[64], path[4096];
    struct stat about;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 10);
    if (length <= 0 || fstat(file, &about) != 0)
        _exit(1);
    path[length] = 0;
    if (S_ISDIR(about.st_mode)) {
        name_durably(path);
    } else {
        strcpy(path + length, ".durable");
        copy_file(file, path);
    }
}

/* The device itself is not waited for: no test takes its power away. */
static void synchronise(int file)
{
    if (shim.keep_durable)
        keep_durable(file);
}

/* ---- the calls ------------------------------------------------------------------------- */

ssize_t __wrap_pwrite64(int file, const void *bytes, size_t size, off_t at)
{
    int dies, fails = count_call(&dies);
    if (dies) {
        if (__real_pwrite64(file, bytes, size / 2, at) < 0)
            _exit(1);
        _exit(DIED);
    }
    /* A disk that fills takes part of it first. */
    if (fails && size > 1 && shim.error == ENOSPC && shim.refused == 1)
        return __real_pwrite64(file, bytes, size / 2, at);
    return fails ? -1 : __real_pwrite64(file, bytes, size, at);
}

int __wrap_fdatasync(int file)
{
    while (shim.stalled)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    if (call_fails())
        return -1;
    synchronise(file);
    atomic_fetch_add(&shim.syncs, 1);
    return 0;
}

int __wrap_fsync(int file)
{
    if (call_fails())
        return -1;
    synchronise(file);
    return 0;
}

int __wrap_ftruncate64(int file, off_t size)
{
    /* A full disk can be given back. */
    return call_fails() && shim.error != ENOSPC ? -1 : __real_ftruncate64(file, size);
}

int __wrap_rename(const char *from, const char *to)
{
    char durable[4096], named[4096];
    if (call_fails())
        return -1;
    if (shim.keep_durable) {
        snprintf(durable, sizeof durable, "%s.durable", from);
        snprintf(named, sizeof named, "%s.named", to);
        if (__real_rename(durable, named) != 0)
            _exit(1); /* was not synchronised before it took its name */
    }
    return __real_rename(from, to);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    int done = __real_clock_gettime(clock, now);
    int64_t fake = shim.monotonic_ms, offset = shim.wall_offset_ms;
    if (clock == CLOCK_MONOTONIC && fake >= 0)
        *now = (struct timespec){fake / 1000, fake % 1000 * 1000000};
    if (clock == CLOCK_REALTIME)
        now->tv_sec += offset / 1000;
    return done;
}

static void look(void)
{
    void (*meanwhile)(void) = shim.meanwhile;
    if (!meanwhile || shim.looks++ != shim.look_at)
        return;
    shim.meanwhile = NULL;
    meanwhile();
}

FILE *__wrap_fopen64(const char *path, const char *mode)
{
    FILE *file = __real_fopen64(path, mode);
    look();
    return file;
}

int __wrap_fstat64(int file, struct stat *about)
{
    int done = __real_fstat64(file, about);
    look();
    return done;
}
