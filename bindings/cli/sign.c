/* stressecg sign: closes a record, or adds to a closed one. */
#include "sealed.h"

#if CLI_HAVE_ARCHIVE
#include <stdlib.h>
#include <stressecg/archive.h>
#include <string.h>
#include <unistd.h>

typedef struct sign_job {
    const char *folder, *record, *by, *credential, *addendum;
} sign_job;

enum { PATH = 4096 };

typedef struct file_list {
    char path[SECG_MAX_SEALED][PATH];
    secg_sealed_file file[SECG_MAX_SEALED];
    size_t count;
} file_list;

static int add(file_list *list, const char *role, const char *path)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->path[i], path) == 0)
            return 0;
    if (list->count == SECG_MAX_SEALED)
        return cli_fail(-1, "the tracing has more than %d files", SECG_MAX_SEALED - 2);
    snprintf(list->path[list->count], PATH, "%s", path);
    list->file[list->count] = (secg_sealed_file){role, list->path[list->count]};
    list->count++;
    return 0;
}

/* ---- the files of a recording ------------------------------------------------------------------ */

/* The file named first on a line of the header, in the header's folder. */
static int add_signal_file(file_list *list, const char *header, const char *line)
{
    char path[PATH];
    const char *slash = strrchr(header, '/');
    int folder = slash ? (int)(slash - header) + 1 : 0;
    int name = (int)strcspn(line, " \t\r\n");
    if (name == 0 || (name == 1 && line[0] == '~'))
        return 0;
    if (folder + name >= PATH)
        return cli_fail(-1, "%s: a name too long", header);
    snprintf(path, sizeof path, "%.*s%.*s", folder, header, name, line);
    return add(list, "tracing", path);
}

/* Signal lines follow the first line that is no comment. */
static int add_signal_files(file_list *list, const char *header)
{
    char line[4096];
    int first = 1, failed = 0;
    FILE *stream = fopen(header, "r");
    if (!stream)
        return cli_fail(-1, "%s: could not be read", header);
    while (!failed && fgets(line, sizeof line, stream)) {
        if (line[0] == '#' || line[0] == '\n' || line[0] == '\r')
            continue;
        if (!first)
            failed = add_signal_file(list, header, line) < 0;
        first = 0;
    }
    fclose(stream);
    return failed ? -1 : 0;
}

static int ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), more = strlen(end);
    return length > more && strcmp(text + length - more, end) == 0;
}

/* A WFDB header with its signals, and what the recorder left beside it; or one audio file. */
static int add_tracing(file_list *list, const char *record)
{
    static const char *const beside[] = {".chain", ".manifest"};
    char path[PATH];
    int base = (int)strlen(record) - (ends_with(record, ".hea") ? 4 : 0);
    if (base + 16 >= PATH)
        return cli_fail(-1, "%.100s...: the path is too long", record);
    snprintf(path, sizeof path, "%.*s.hea", base, record);
    if (access(path, R_OK) != 0)
        return add(list, "tracing", record);
    if (add(list, "tracing", path) < 0 || add_signal_files(list, path) < 0)
        return -1;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        snprintf(path, sizeof path, "%.*s%s", base, record, beside[i]);
        if (access(path, R_OK) == 0 && add(list, "tracing", path) < 0)
            return -1;
    }
    return 0;
}

/* ---- signing ------------------------------------------------------------------------------------ */

static int add_own(file_list *list, const char *folder, const char *role, const char *name)
{
    char path[PATH];
    return cli_path(path, sizeof path, folder, name, "json") < 0 ? -1 : add(list, role, path);
}

static int print_seal(const char *folder, const char *what)
{
    secg_seal seal;
    secg_error error = {0};
    secg_status status = secg_seal_read(folder, NULL, NULL, &seal, &error);
    if (status != SECG_OK && !seal.digest[0])
        return cli_error(&error);
    printf("%s: %s\ndigest %s\n", folder, what, seal.digest);
    return CLI_OK;
}

/* Who closes the record of a test took part in it. */
static int check_signer(const sign_job *job)
{
    char path[PATH];
    secg_test_file file;
    secg_error error = {0};
    int found = 0;
    if (cli_path(path, sizeof path, job->folder, "test", "json") < 0)
        return -1;
    if (secg_test_file_read(path, SECG_MAX_RATE_HZ, &file, &error) != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    for (int32_t i = 0; i < file.order.staff_count; i++)
        found |= file.order.staff[i].performed && strcmp(file.order.staff[i].name, job->by) == 0;
    secg_test_file_free(&file);
    return found ? 0 : cli_fail(-1, "--by: test.json names nobody so who performed the test");
}

static int sign(const sign_job *job)
{
    file_list *list = calloc(1, sizeof *list);
    secg_error error = {0};
    int code = CLI_FAILED;
    if (!list)
        return cli_fail(CLI_FAILED, "no memory");
    if (check_signer(job) == 0 && add_own(list, job->folder, "summary", "summary") == 0 &&
        add_own(list, job->folder, "timeline", "test") == 0 &&
        add_tracing(list, job->record) == 0) {
        secg_signature signature = {
            .by = job->by, .credential = job->credential, .file = list->file, .files = list->count};
        code = secg_seal_sign(job->folder, &signature, &error) == SECG_OK
                   ? print_seal(job->folder, "closed")
                   : cli_error(&error);
    }
    free(list);
    return code;
}

static int append(const sign_job *job)
{
    secg_error error = {0};
    if (secg_seal_append(job->folder, job->by, job->credential, job->addendum, &error) != SECG_OK)
        return cli_error(&error);
    return print_seal(job->folder, "addendum written");
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"by", 'b', 1}, {"credential", 'c', 1}, {"addendum", 'a', 1}, {0}};
    cli_arguments a = {.verb = &cli_sign, .argc = argc, .argv = argv, .option = options};
    sign_job job = {0};
    int key;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'b')
            job.by = a.value;
        else if (key == 'c')
            job.credential = a.value;
        else
            job.addendum = a.value;
    }
    int operands = job.addendum ? 1 : 2;
    if (key < 0 || (!a.done && cli_check_operands(&a, operands, operands) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (!job.by || !job.credential)
        return cli_fail(CLI_USAGE, "--by and --credential are missing");
    job.folder = a.operand[0];
    job.record = a.operand[1];
    return job.addendum ? append(&job) : sign(&job);
}
#else
static int run(int argc, char **argv)
{
    (void)argv;
    return cli_fail(CLI_FAILED, "built without stressecg-archive%s", argc > 1 ? "" : " (SQLite)");
}
#endif

const cli_verb cli_sign = {
    "sign", "closes a record; what changes then is an addendum",
    "usage: stressecg sign --by NAME --credential TEXT DIR RECORD\n"
    "       stressecg sign --by NAME --credential TEXT --addendum TEXT DIR\n\n"
    "DIR: what stressecg analyze left, with test.json.  RECORD: the tracing it was made from.  "
    "Writes\n"
    "DIR/seal.jsonl: who, when, and SHA-256 of summary.json, test.json and the tracing's files.\n"
    "Analyse into DIR once more for the report without the draft mark: the same tracing gives the\n"
    "same summary to the last byte, and only then is the report written.\n\n"
    "  -b, --by NAME          who signs; a performing person of test.json\n"
    "  -c, --credential TEXT\n"
    "  -a, --addendum TEXT    adds to a closed record\n\n"
    "stressecg verify DIR [RECORD] says whether it is as it was signed.\n",
    run};
