/* Where the recordings are that tests may use but the project may not hold. */
#ifndef TESTS_SHARED_DATA_H
#define TESTS_SHARED_DATA_H

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The path of a file under shared/data, or the test is skipped. text is the caller's buffer. */
static inline const char *shared_data(char *text, size_t size, const char *name)
{
    const char *folder = getenv("SECG_SHARED");
    snprintf(text, size, "%s/data/%s", folder ? folder : "../shared", name);
    if (access(text, R_OK) != 0)
        cr_skip_test("no recordings: %s", name);
    return text;
}

#endif
