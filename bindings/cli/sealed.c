#include "sealed.h"

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
int cli_read_seal(const char *folder, const char *tracing, secg_order *order)
{
    (void)tracing, (void)order;
    if (cli_is_sealed(folder))
        cli_fail(0, "note: built without stressecg-archive, so the seal is not read");
    return 0;
}

int cli_ask_index(const char *path, const secg_summary *summary, const secg_order *order, int add,
                  secg_duplicates *duplicates)
{
    (void)path, (void)summary, (void)order, (void)add, (void)duplicates;
    return cli_fail(-1, "built without stressecg-archive: there is no index");
}
#endif
