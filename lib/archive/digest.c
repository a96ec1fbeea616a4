#include "archive/digest.h"

#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

static int finish(EVP_MD_CTX *hash, char hex[SECG_DIGEST_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (EVP_DigestFinal_ex(hash, digest, NULL) != 1)
        return 0;
    for (int i = 0; i < SECG_DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return 1;
}

int secg_digest_texts(const char *a, const char *b, size_t b_size, char hex[SECG_DIGEST_TEXT])
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int good = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
               EVP_DigestUpdate(hash, a, strlen(a)) == 1 &&
               EVP_DigestUpdate(hash, b, b_size) == 1 && finish(hash, hex);
    EVP_MD_CTX_free(hash);
    return good;
}

static int add_stream(EVP_MD_CTX *hash, FILE *stream, int64_t *bytes)
{
    char block[65536];
    size_t got;
    for (*bytes = 0; (got = fread(block, 1, sizeof block, stream)) > 0; *bytes += (int64_t)got)
        if (EVP_DigestUpdate(hash, block, got) != 1)
            return 0;
    return !ferror(stream);
}

secg_status secg_digest_file(const char *path, char hex[SECG_DIGEST_TEXT], int64_t *bytes,
                             secg_error *error)
{
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int good = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
               add_stream(hash, stream, bytes) && finish(hash, hex);
    EVP_MD_CTX_free(hash);
    fclose(stream);
    return good ? SECG_OK
                : secg_fail(error, SECG_E_FILE, "%s: could not be read", secg_path_tail(path));
}

int secg_digest_keyed(const uint8_t key[SECG_DIGEST_BYTES], const char *text,
                      uint8_t digest[SECG_DIGEST_BYTES])
{
    unsigned length = 0;
    return HMAC(EVP_sha256(), key, SECG_DIGEST_BYTES, (const unsigned char *)text, strlen(text),
                digest, &length) != NULL &&
           length == SECG_DIGEST_BYTES;
}
