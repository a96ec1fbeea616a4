#define _DEFAULT_SOURCE 1 /* for madvise() */
#include "paged_memory.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *folder(void)
{
    const char *named = getenv("TMPDIR");
    return named && *named ? named : "/var/tmp";
}

/* Beyond the limit on the size of files (ulimit -f) a signal ends the process: asked first. */
static int is_allowed(size_t bytes)
{
    struct rlimit limit;
    return bytes <= INT64_MAX && (getrlimit(RLIMIT_FSIZE, &limit) != 0 ||
                                  limit.rlim_cur == RLIM_INFINITY || bytes <= limit.rlim_cur);
}

/* A file without a name, all of its blocks allocated; -1 and errno. */
static int make_file(size_t bytes)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/stressecg.XXXXXX", folder());
    if (length < 0 || (size_t)length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int file = mkstemp(path);
    if (file < 0)
        return -1;
    unlink(path);
    int wrong = is_allowed(bytes) ? posix_fallocate(file, 0, (off_t)bytes) : EFBIG;
    if (wrong == 0)
        return file;
    close(file);
    errno = wrong;
    return -1;
}

static void *map(size_t bytes)
{
    int file = make_file(bytes);
    if (file < 0)
        return NULL;
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    int wrong = errno;
    close(file);
    errno = wrong;
    return at == MAP_FAILED ? NULL : at;
}

static void note(cli_paged_memory *memory, size_t bytes, int why)
{
    if (!memory->noted)
        cli_fail(0, "note: %s: %s: the working file of %zu MB lies in memory instead", folder(),
                 strerror(why), bytes / 1000000 + 1);
    memory->noted = 1;
}

static cli_paged_piece *find(cli_paged_memory *memory, const void *at)
{
    for (size_t i = 0; i < CLI_PAGED_PIECES; i++)
        if (memory->piece[i].at == at)
            return &memory->piece[i];
    return NULL;
}

static void *take(void *context, size_t bytes)
{
    cli_paged_memory *memory = context;
    cli_paged_piece *piece = find(memory, NULL);
    if (!piece)
        return NULL;
    void *at = map(bytes);
    piece->mapped = at != NULL;
    if (!at) {
        note(memory, bytes, errno);
        at = calloc(1, bytes);
    }
    piece->at = at;
    piece->bytes = bytes;
    return at;
}

static void give(void *context, void *at, size_t bytes)
{
    cli_paged_piece *piece = find(context, at);
    if (!piece)
        return;
    if (piece->mapped)
        munmap(at, bytes);
    else
        free(at);
    *piece = (cli_paged_piece){0};
}

/* The pages of a shared mapping stay in the file when they leave the process. */
static void rest(void *context)
{
    cli_paged_memory *memory = context;
    for (size_t i = 0; i < CLI_PAGED_PIECES; i++)
        if (memory->piece[i].mapped)
            madvise(memory->piece[i].at, memory->piece[i].bytes, MADV_DONTNEED);
}

secg_memory cli_paged(cli_paged_memory *memory)
{
    return (secg_memory){.context = memory, .take = take, .give = give, .rest = rest};
}
