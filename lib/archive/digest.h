/* SHA-256 of files and texts, and its keyed form. */
#ifndef SECG_ARCHIVE_DIGEST_H
#define SECG_ARCHIVE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <stressecg/base.h>

enum { SECG_DIGEST_BYTES = 32, SECG_DIGEST_TEXT = 65 };

/* Of `a` followed by `b`, as small hexadecimal digits.  0: the library failed. */
int secg_digest_texts(const char *a, const char *b, size_t b_size, char hex[SECG_DIGEST_TEXT]);

/* Of a file and its size; SECG_E_FILE names it. */
secg_status secg_digest_file(const char *path, char hex[SECG_DIGEST_TEXT], int64_t *bytes,
                             secg_error *error);

/* HMAC-SHA-256.  0: the library failed. */
int secg_digest_keyed(const uint8_t key[SECG_DIGEST_BYTES], const char *text,
                      uint8_t digest[SECG_DIGEST_BYTES]);

#endif
