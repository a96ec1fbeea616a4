/* A folder of its own for each test, and files written into it. */
#ifndef TESTS_IO_FOLDER_H
#define TESTS_IO_FOLDER_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct test_folder {
    char path[64];
    char text[200]; /* the last path made by in_folder */
} test_folder;

static inline test_folder folder_make(void)
{
    test_folder f = {.path = "/tmp/secg-io-XXXXXX"};
    cr_assert_not_null(mkdtemp(f.path));
    return f;
}

static inline const char *in_folder(test_folder *f, const char *name)
{
    snprintf(f->text, sizeof f->text, "%s/%s", f->path, name);
    return f->text;
}

static inline void put_file(test_folder *f, const char *name, const void *bytes, size_t size)
{
    FILE *file = fopen(in_folder(f, name), "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
}

static inline void put_text(test_folder *f, const char *name, const char *text)
{
    put_file(f, name, text, strlen(text));
}

static inline void folder_remove(test_folder *f)
{
    char command[100];
    snprintf(command, sizeof command, "rm -r '%s'", f->path);
    cr_assert_eq(system(command), 0);
}

#endif
