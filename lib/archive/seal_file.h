/* DIR/seal.jsonl: reading it whole, and what its lines say. */
#ifndef SECG_ARCHIVE_SEAL_FILE_H
#define SECG_ARCHIVE_SEAL_FILE_H

#include "archive/digest.h"

#include <jansson.h>

#define SECG_SEAL_NAME   "seal.jsonl"
#define SECG_SEAL_FORMAT "stressecg-seal-1"

enum { SECG_MOST_SEAL_BYTES = 16 << 20, SECG_SEAL_PATH = 4096 };

typedef struct secg_seal_text {
    char *text; /* whole lines, terminated; NULL: there is no seal                           */
    size_t size;
    int lines;
    char digest[SECG_DIGEST_TEXT]; /* of the last line                                       */
} secg_seal_text;

secg_status secg_seal_path(const char *folder, const char *name, char path[SECG_SEAL_PATH],
                           secg_error *error);

/* Reads the seal and follows its chain.  SECG_OK with text NULL: there is none.  SECG_E_FORMAT
 * names the first line that does not follow.  Free text in any case. */
secg_status secg_seal_load(const char *folder, secg_seal_text *seal, secg_error *error);

/* The next line, parsed; NULL: none.  *at begins at 0. */
json_t *secg_seal_next(const secg_seal_text *seal, size_t *at);

/* Whether a line has this hash. */
int secg_seal_has(const secg_seal_text *seal, const char *hash);

/* Chains `line` to the seal and puts both in place of the old file. */
secg_status secg_seal_save(const char *folder, const secg_seal_text *seal, const json_t *line,
                           secg_error *error);

/* Waits until no other process writes the seal of the folder, and keeps it so until unlock.  -1: the
 * folder cannot be opened or locked; error names it. */
int secg_seal_lock(const char *folder, secg_error *error);
void secg_seal_unlock(int lock);

/* The clock, "2026-01-05T09:45:00.123Z". */
void secg_seal_now(char text[40]);

#endif
