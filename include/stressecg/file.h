/* file.h: a file that appears whole or not at all, readable by its owner only: it may hold patient
 * data.  Every file that stressecg leaves behind is written through this. */
#ifndef STRESSECG_FILE_H
#define STRESSECG_FILE_H

#include "base.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_atomic_file {
    FILE *stream;    /* write here                                                          */
    char *path;      /* what it will be called                                              */
    char *temporary; /* what it is called until then, in the same folder                    */
} secg_atomic_file;

/* Creates the temporary file with mode 0600.  SECG_E_ARGUMENT, SECG_E_FILE, SECG_E_MEMORY: then
 * there is nothing to close. */
SECG_API secg_status secg_atomic_open(secg_atomic_file *file, const char *path, secg_error *error);

/* Puts the file in its place once all of it is on the disk; when `written` is not SECG_OK, or
 * anything fails here, the temporary file goes and what stood at the path stays.  Closes the file
 * in any case.  Returns `written`, or SECG_E_FILE. */
SECG_API secg_status secg_atomic_close(secg_atomic_file *file, secg_status written,
                                       secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
