#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const cli_verb *current_verb;

int cli_fail(int code, const char *format, ...)
{
    fprintf(stderr, "stressecg%s%s: ", current_verb ? " " : "",
            current_verb ? current_verb->name : "");
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return code;
}

int cli_error(const secg_error *error)
{
    return cli_fail(CLI_FAILED, "%s",
                    error->text[0] ? error->text : secg_status_text(error->status));
}

static const cli_option *find_option(const cli_arguments *a, const char *word, size_t length)
{
    for (const cli_option *o = a->option; o->name; o++) {
        int is_long = length > 2 && strlen(o->name) == length - 2 && memcmp(word, "--", 2) == 0 &&
                      memcmp(word + 2, o->name, length - 2) == 0;
        int is_short = length == 2 && word[0] == '-' && word[1] == (char)o->key;
        if (is_long || is_short)
            return o;
    }
    return NULL;
}

static int take_operand(cli_arguments *a, const char *word)
{
    if (a->operands == (int)(sizeof a->operand / sizeof *a->operand))
        return cli_fail(-1, "too many arguments at \"%s\"", word);
    a->operand[a->operands++] = word;
    return 0;
}

int cli_next_option(cli_arguments *a)
{
    current_verb = a->verb;
    if (a->at == 0)
        a->at = 1;
    while (a->at < a->argc) {
        const char *word = a->argv[a->at++];
        if (word[0] != '-' || word[1] == 0) {
            if (take_operand(a, word) < 0)
                return -1;
            continue;
        }
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            fputs(a->verb->help, stdout);
            a->done = 1;
            return 0;
        }
        const char *equals = strchr(word, '=');
        size_t length = equals ? (size_t)(equals - word) : strlen(word);
        const cli_option *o = find_option(a, word, length);
        if (!o)
            return cli_fail(-1, "unknown option %s (try: stressecg %s --help)", word,
                            a->verb->name);
        a->value = equals ? equals + 1 : NULL;
        if (o->has_value && !a->value) {
            if (a->at >= a->argc)
                return cli_fail(-1, "option %s needs a value", word);
            a->value = a->argv[a->at++];
        }
        if (!o->has_value && a->value)
            return cli_fail(-1, "option --%s takes no value", o->name);
        return o->key;
    }
    return 0;
}

int cli_check_operands(const cli_arguments *a, int least, int most)
{
    if (a->operands < least || a->operands > most)
        return cli_fail(-1, "%s arguments (try: stressecg %s --help)",
                        a->operands < least ? "too few" : "too many", a->verb->name);
    return 0;
}

int cli_number(const cli_arguments *a, const char *what, double least, double most, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(a->value, &end);
    if (end == a->value || *end || errno || !(*value >= least && *value <= most))
        return cli_fail(-1, "%s: \"%s\" is not a number from %g to %g", what, a->value, least,
                        most);
    return 0;
}

int cli_path(char *text, size_t size, const char *folder, const char *name, const char *extension)
{
    int used = snprintf(text, size, "%s/%s%s%s", folder, name, *extension ? "." : "", extension);
    if (used < 0 || (size_t)used >= size)
        return cli_fail(-1, "path too long: %s/%s", folder, name);
    return 0;
}

static int is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int cli_make_folder(const char *folder)
{
    char path[4096];
    size_t length = strlen(folder);
    if (length >= sizeof path)
        return cli_fail(-1, "path too long: %.100s...", folder);
    memcpy(path, folder, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        char end = path[i];
        path[i] = 0;
        if (!is_folder(path) && mkdir(path, 0700) != 0)
            return cli_fail(-1, "%s: the folder cannot be created: %s", path, strerror(errno));
        path[i] = end;
    }
    return 0;
}

void cli_progress_begin(cli_progress *progress, const char *what)
{
    *progress = (cli_progress){.what = what, .shown = -1, .active = isatty(STDERR_FILENO)};
    if (getenv("STRESSECG_PROGRESS"))
        progress->active = 1;
    cli_progress_set(progress, 0);
}

void cli_progress_set(cli_progress *progress, double fraction)
{
    enum { WIDTH = 40 };
    if (!progress->active || !(fraction - progress->shown >= 0.01 || fraction >= 1))
        return;
    progress->shown = fraction;
    int full = (int)(fmin(fmax(fraction, 0), 1) * WIDTH);
    char bar[WIDTH + 1];
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)full);
    bar[WIDTH] = 0;
    fprintf(stderr, "\r%-10s [%s] %3.0f %%", progress->what, bar, fmin(fmax(fraction, 0), 1) * 100);
    fflush(stderr);
}

void cli_progress_end(cli_progress *progress)
{
    if (!progress->active)
        return;
    cli_progress_set(progress, 1);
    fputc('\n', stderr);
    progress->active = 0;
}
