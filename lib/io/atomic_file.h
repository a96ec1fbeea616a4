/* A file that appears whole or not at all: written under a temporary name beside it, brought to
 * the device, then renamed.  Created 0600. */
#ifndef SECG_IO_ATOMIC_FILE_H
#define SECG_IO_ATOMIC_FILE_H

#include <stressecg/io.h>

#include <stdio.h>

typedef struct secg_atomic_file {
    FILE *file;
    char path[4200], temporary[4300];
} secg_atomic_file;

secg_status secg_atomic_open(secg_atomic_file *out, const char *path, secg_error *error);
/* Also after a failed write, which it reports; then the old file stays. */
secg_status secg_atomic_close(secg_atomic_file *out, secg_error *error);

#endif
