#include "sealed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if CLI_HAVE_ARCHIVE
#include <stressecg/archive.h>
#endif

int cli_is_sealed(const char *folder)
{
    char path[4096];
    int used = snprintf(path, sizeof path, "%s/seal.jsonl", folder);
    return used > 0 && used < (int)sizeof path && access(path, F_OK) == 0;
}

static int failed(const secg_error *error)
{
    cli_error(error);
    return -1;
}

int cli_write_test(const secg_test_file *file, const secg_test *test, const char *folder)
{
    char path[4096];
    secg_error error = {0};
    secg_test_file whole = *file;
    double rate_hz = secg_analyzer_signal(secg_test_analyzer(test))->rate_hz;
    whole.fact = (secg_fact *)secg_test_facts(test, &whole.facts);
    if (cli_path(path, sizeof path, folder, "test", "json") < 0)
        return -1;
    return secg_test_file_write(path, rate_hz, &whole, &error) == SECG_OK ? 0 : failed(&error);
}

static int same_bytes(const char *path, const char *other)
{
    FILE *a = fopen(path, "rb"), *b = fopen(other, "rb");
    int x = 0, y = 0;
    while (a && b && x == y && x != EOF) {
        x = fgetc(a);
        y = fgetc(b);
    }
    int same = a && b && x == y;
    if (a)
        fclose(a);
    if (b)
        fclose(b);
    return same;
}

int cli_compare_with_signed(const secg_summary *summary, const secg_order *order,
                            const char *folder)
{
    char path[4096], again[4096];
    secg_error error = {0};
    if (cli_path(path, sizeof path, folder, "summary", "json") < 0 ||
        cli_path(again, sizeof again, folder, "summary.again", "json") < 0)
        return -1;
    if (secg_summary_write_json(summary, order, again, &error) != SECG_OK)
        return failed(&error);
    int same = same_bytes(path, again);
    remove(again);
    return same ? 0
                : cli_fail(-1,
                           "%s: the record is closed, and this analysis is not the one that was "
                           "signed; nothing was written",
                           folder);
}

#if CLI_HAVE_ARCHIVE
/* The folder itself, or that of a record. */
static const char *folder_of(const char *tracing, char text[4096])
{
    struct stat status;
    if (!tracing || snprintf(text, 4096, "%s", tracing) >= 4096)
        return NULL;
    if (stat(tracing, &status) == 0 && S_ISDIR(status.st_mode))
        return text;
    char *slash = strrchr(text, '/');
    if (!slash)
        return ".";
    slash[slash == text] = '\0';
    return text;
}

int cli_read_seal(const char *folder, const char *tracing, secg_order *order)
{
    char text[4096];
    secg_seal seal;
    secg_error error = {0};
    secg_status status = secg_seal_read(folder, folder_of(tracing, text), order, &seal, &error);
    order->seal = seal;
    if (status == SECG_OK)
        return 0;
    cli_fail(0, "%s", error.text);
    return status == SECG_E_FORMAT || status == SECG_E_FILE ? 0 : -1;
}

int cli_read_addenda(const char *folder, size_t most, secg_addendum **list, size_t *count)
{
    secg_error error = {0};
    secg_status status = SECG_OK;
    *count = 0;
    *list = calloc(most, sizeof **list);
    if (!*list)
        return cli_fail(-1, "no memory");
    while (*count < most &&
           (status = secg_seal_addendum(folder, *count, &(*list)[*count], &error)) == SECG_OK)
        ++*count;
    if (status == SECG_OK || status == SECG_END)
        return 0;
    free(*list);
    *list = NULL;
    return failed(&error);
}

int cli_check_digest(const char *folder, const char *digest)
{
    secg_error error = {0};
    return secg_seal_check_digest(folder, digest, &error) == SECG_OK ? 0 : failed(&error);
}

int cli_ask_index(const char *path, const secg_summary *summary, const secg_order *order, int add,
                  secg_duplicates *duplicates)
{
    secg_encounters *index;
    secg_error error = {0};
    secg_status status = secg_encounters_open(path, &index, &error);
    if (status == SECG_OK)
        status = secg_encounters_find(index, summary, order, duplicates, &error);
    if (status == SECG_OK && add)
        status = secg_encounters_add(index, summary, order, &error);
    secg_encounters_close(index);
    if (status == SECG_OK)
        return 0;
    cli_error(&error);
    return -1;
}
#else
int cli_read_addenda(const char *folder, size_t most, secg_addendum **list, size_t *count)
{
    (void)folder, (void)most;
    *list = NULL;
    *count = 0;
    return 0;
}

int cli_read_seal(const char *folder, const char *tracing, secg_order *order)
{
    (void)tracing, (void)order;
    if (cli_is_sealed(folder))
        cli_fail(0, "note: built without stressecg-archive, so the seal is not read");
    return 0;
}

int cli_check_digest(const char *folder, const char *digest)
{
    (void)folder, (void)digest;
    return cli_fail(-1, "built without stressecg-archive: no seal is read");
}

int cli_ask_index(const char *path, const secg_summary *summary, const secg_order *order, int add,
                  secg_duplicates *duplicates)
{
    (void)path, (void)summary, (void)order, (void)add, (void)duplicates;
    return cli_fail(-1, "built without stressecg-archive: there is no index");
}
#endif
