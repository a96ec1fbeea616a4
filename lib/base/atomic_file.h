/* A file that appears whole or not at all, readable by its owner only: it may hold patient data.
 * Exported, but in no public header: the sibling library io shares it. */
#ifndef SECG_BASE_ATOMIC_FILE_H
#define SECG_BASE_ATOMIC_FILE_H

#include <stdio.h>
#include <stressecg/base.h>

typedef struct secg_atomic_file {
    FILE *stream;    /* write here                                                          */
    char *path;      /* what it will be called                                              */
    char *temporary; /* what it is called until then, in the same folder                    */
} secg_atomic_file;

/* SECG_E_FILE, SECG_E_MEMORY: then there is nothing to close. */
SECG_API secg_status secg_atomic_open(secg_atomic_file *file, const char *path, secg_error *error);

/* Puts the file in its place once all of it is on the disk; when `written` is not SECG_OK, or
 * anything fails here, the temporary file goes and what stood at the path stays.  Closes the file
 * in any case.  Returns `written`, or SECG_E_FILE. */
SECG_API secg_status secg_atomic_close(secg_atomic_file *file, secg_status written,
                                       secg_error *error);

/* The end of a path, short enough to leave room for the rest of an error's text. */
SECG_API const char *secg_path_tail(const char *path);

#endif
