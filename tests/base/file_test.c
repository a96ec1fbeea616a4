/* A file appears whole or not at all, and is its owner's alone. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <stressecg/file.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/secg-file-XXXXXX", path[64];

static void make(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/file", folder);
}

static void forget(void)
{
    unlink(path);
    cr_expect_eq(rmdir(folder), 0, "something was left behind");
}

TestSuite(file, .init = make, .fini = forget);

static void write_text(const char *text, secg_status written)
{
    secg_atomic_file file;
    secg_error error = {0};
    cr_assert_eq(secg_atomic_open(&file, path, &error), SECG_OK, "%s", error.text);
    fputs(text, file.stream);
    cr_expect_eq(secg_atomic_close(&file, written, &error), written);
}

static const char *contents(void)
{
    static char text[64];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[size] = '\0';
    if (file)
        fclose(file);
    return text;
}

Test(file, appears_when_it_is_whole)
{
    secg_atomic_file file;
    struct stat about;
    umask(0);
    cr_assert_eq(secg_atomic_open(&file, path, NULL), SECG_OK);
    fputs("half", file.stream);
    cr_expect_neq(access(path, F_OK), 0, "there before it is whole");
    fputs(" and half", file.stream);
    cr_expect_eq(secg_atomic_close(&file, SECG_OK, NULL), SECG_OK);
    cr_expect_str_eq(contents(), "half and half");
    cr_assert_eq(stat(path, &about), 0);
    cr_expect_eq(about.st_mode & 0777, 0600);
}

Test(file, what_failed_leaves_the_old_one)
{
    write_text("old", SECG_OK);
    write_text("new, but bad", SECG_E_FORMAT);
    cr_expect_str_eq(contents(), "old");
    write_text("new", SECG_OK);
    cr_expect_str_eq(contents(), "new");
}

Test(file, refusals)
{
    secg_atomic_file file;
    secg_error error = {0};
    cr_expect_eq(secg_atomic_open(&file, "", &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_atomic_open(&file, NULL, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_atomic_open(&file, "/nowhere/file", &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "/nowhere/file"));
    mkdir(path, 0700); /* a folder stands there */
    cr_expect_eq(secg_atomic_open(&file, path, &error), SECG_OK);
    cr_expect_eq(secg_atomic_close(&file, SECG_OK, &error), SECG_E_FILE);
    rmdir(path);
}
