/* Nothing that stressecg itself can print, in a report, a table, a file or a message, judges: every
 * string of the sources that make them goes through the wording guard. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts that must hold such words to do their work; none of them is printed. */
static const char *const lists[] = {"wording_terms.c", "verdict.c"};

static int is_list(const char *name)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i], name) == 0)
            return 1;
    return 0;
}

/* ---- strings of C ----------------------------------------------------------------------------------- */

static const char *skip_comment(const char *at)
{
    if (at[0] == '/' && at[1] == '*') {
        const char *end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    return at[0] == '/' && at[1] == '/' ? at + strcspn(at, "\n") : at;
}

/* The string that begins behind the quote, as printed; formats become a blank. */
static const char *take_string(const char *at, char *text, size_t size)
{
    size_t used = strlen(text);
    for (; *at && *at != '"'; at++) {
        char c = *at;
        if (c == '\\' && at[1] == 'x') {
            c = (char)strtol((char[]){at[2], at[3], 0}, NULL, 16);
            at += 3;
        } else if (c == '\\') {
            c = *++at == 'n' ? '\n' : *at == 't' ? '\t' : *at;
        }
        if (used + 1 < size)
            text[used++] = c;
    }
    text[used] = '\0';
    return *at ? at + 1 : at;
}

static int count, bad, quiet;

static void check_string(const char *name, const char *text)
{
    secg_wording_hit hit[8];
    size_t hits = secg_wording_check(text, SECG_WORDING_NOTE, hit, 8);
    count++;
    if (hits == 0)
        return;
    for (size_t i = 0; !quiet && i < hits && i < 8; i++)
        cr_log_error("%s: \"%s\": %.*s: %s", name, text, (int)hit[i].length, text + hit[i].offset,
                     hit[i].rule);
    bad++;
}

/* Strings that follow each other are one. */
static void check_source(const char *name, const char *source)
{
    static char text[20000];
    int open = 0;
    text[0] = '\0';
    for (const char *at = source; *at;) {
        const char *behind = skip_comment(at);
        if (behind > at) {
            at = behind;
        } else if (*at == '\'') {
            at += at[1] == '\\' ? 2 : 1;
            at += strcspn(at + 1, "'") + 2;
        } else if (*at == '"') {
            at = take_string(at + 1, text, sizeof text);
            open = 1;
        } else {
            if (open && !isspace((unsigned char)*at)) {
                check_string(name, text);
                text[0] = '\0';
                open = 0;
            }
            at++;
        }
    }
}

static void check_folder(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("SECG_SOURCE"), folder);
    DIR *list = opendir(path);
    cr_assert_not_null(list, "%s", path);
    for (struct dirent *entry; (entry = readdir(list));) {
        size_t length = strlen(entry->d_name), size;
        if (length < 3 || strcmp(entry->d_name + length - 2, ".c") != 0 || is_list(entry->d_name))
            continue;
        snprintf(path, sizeof path, "%s/%s/%s", getenv("SECG_SOURCE"), folder, entry->d_name);
        char *source = fixture_contents(path, &size);
        check_source(entry->d_name, source);
        free(source);
    }
    closedir(list);
}

Test(own_words, of_every_source_that_prints)
{
    static const char *const folders[] = {
        "lib/base",   "lib/ecg", "lib/analyzer", "lib/stress",   "lib/document",
        "lib/report", "lib/io",  "lib/archive",  "lib/simulate", "bindings/cli"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        check_folder(folders[i]);
    cr_expect_gt(count, 1500, "%d strings", count);
    cr_expect_eq(bad, 0, "%d strings", bad);
}

/* The scanner sees what it should. */
Test(own_words, would_be_found)
{
    count = bad = 0;
    quiet = 1;
    check_source("x.c", "/* \"ischemia\" */ f(\"positive \"  \"for %s\\n\", '\"', \"ischemia\");");
    cr_expect_eq(count, 2);
    cr_expect_eq(bad, 2);
}
