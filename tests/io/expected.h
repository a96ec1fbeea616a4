/* Listings that other software made, kept compressed beside the recordings. */
#ifndef TESTS_IO_EXPECTED_H
#define TESTS_IO_EXPECTED_H

#include "shared_data.h"

static inline FILE *open_listing(const char *path)
{
    char command[4200];
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    FILE *pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    return pipe;
}

#endif
