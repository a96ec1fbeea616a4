/* Memory that lies in a file: it is memory like any other, nothing is lost while it rests, the file
 * has no name, and where it cannot be had there is ordinary memory. */
#include "../../bindings/cli/paged_memory.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES = 3000001 };

static char folder[] = "/tmp/secg-paged-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
}

static void remove_folder(void)
{
    chmod(folder, 0700);
    cr_expect_eq(rmdir(folder), 0, "something was left in the folder");
}

static int names_in_folder(void)
{
    DIR *dir = opendir(folder);
    int count = -2; /* itself and the one above */
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void expect_memory(const secg_memory *memory)
{
    unsigned char *a = memory->take(memory->context, BYTES);
    uint64_t *b = memory->take(memory->context, 64);
    cr_assert(a && b);
    for (size_t i = 0; i < BYTES; i++)
        cr_assert_eq(a[i], 0);
    for (size_t i = 0; i < BYTES; i++)
        a[i] = (unsigned char)(i % 251);
    b[7] = UINT64_C(0x0123456789abcdef);
    memory->rest(memory->context);
    memory->rest(memory->context);
    for (size_t i = 0; i < BYTES; i++)
        cr_assert_eq(a[i], i % 251);
    cr_expect_eq(b[7], UINT64_C(0x0123456789abcdef));
    cr_expect_eq(names_in_folder(), 0);
    memory->give(memory->context, a, BYTES);
    memory->give(memory->context, b, 64);
}

Test(paged_memory, lies_in_a_file_without_a_name, .init = make_folder, .fini = remove_folder)
{
    cli_paged_memory paged = {0};
    secg_memory memory = cli_paged(&paged);
    void *at = memory.take(memory.context, BYTES);
    cr_expect(paged.piece[0].mapped && !paged.noted);
    memory.give(memory.context, at, BYTES);
    expect_memory(&memory);
}

Test(paged_memory, does_not_stay_resident, .init = make_folder, .fini = remove_folder)
{
    enum { MANY = 64 << 20 };
    cli_paged_memory paged = {0};
    secg_memory memory = cli_paged(&paged);
    unsigned char *at = memory.take(memory.context, MANY);
    struct rusage before, after;
    cr_assert(at && paged.piece[0].mapped);
    getrusage(RUSAGE_SELF, &before);
    for (size_t i = 0; i < MANY; i += 512) {
        at[i] = 1;
        if (i % (1 << 20) == 0)
            memory.rest(memory.context);
    }
    getrusage(RUSAGE_SELF, &after);
    memory.give(memory.context, at, MANY);
    long grown_kb = after.ru_maxrss - before.ru_maxrss;
    cr_expect_lt(grown_kb, MANY / 1024 / 2, "%ld kB of %d", grown_kb, MANY / 1024);
}

Test(paged_memory, is_ordinary_memory_where_there_is_no_folder, .init = make_folder,
     .fini = remove_folder)
{
    cli_paged_memory paged = {0};
    secg_memory memory = cli_paged(&paged);
    setenv("TMPDIR", "/nonexistent", 1);
    expect_memory(&memory);
    cr_expect(paged.noted);
}

/* As on a full disk, and what would otherwise end the process by SIGXFSZ. */
Test(paged_memory, is_ordinary_memory_where_files_may_not_be_so_large, .init = make_folder,
     .fini = remove_folder)
{
    cli_paged_memory paged = {0};
    secg_memory memory = cli_paged(&paged);
    struct rlimit limit = {.rlim_cur = BYTES / 2, .rlim_max = RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = BYTES / 2;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_memory(&memory);
    cr_expect(paged.noted);
}

Test(paged_memory, has_so_many_pieces_and_no_more, .init = make_folder, .fini = remove_folder)
{
    cli_paged_memory paged = {0};
    secg_memory memory = cli_paged(&paged);
    void *at[CLI_PAGED_PIECES];
    for (int i = 0; i < CLI_PAGED_PIECES; i++)
        cr_assert_not_null(at[i] = memory.take(memory.context, 100));
    cr_expect_null(memory.take(memory.context, 100));
    memory.give(memory.context, at[1], 100);
    cr_assert_not_null(at[1] = memory.take(memory.context, 200));
    memory.give(memory.context, at[1], 200);
    for (int i = 0; i < CLI_PAGED_PIECES; i++)
        if (i != 1)
            memory.give(memory.context, at[i], 100);
}
