#include "archive/seal_file.h"

#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* A line ends with this, the hash, a quote and a brace. */
static const char hash_key[] = ",\"hash\":\"";
enum { KEY = sizeof hash_key - 1, TAIL = KEY + SECG_DIGEST_TEXT - 1 + 2 };

secg_status secg_seal_path(const char *folder, const char *name, char path[SECG_SEAL_PATH],
                           secg_error *error)
{
    int used = snprintf(path, SECG_SEAL_PATH, "%s/%s", folder, name);
    if (used > 0 && used < SECG_SEAL_PATH)
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "%s: the path is too long", secg_path_tail(folder));
}

/* The folder itself is locked, so that no file is left behind, and the lock goes with whoever holds
 * it, however that ends. */
int secg_seal_lock(const char *folder, secg_error *error)
{
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), done = -1;
    while (lock >= 0 && (done = flock(lock, LOCK_EX)) != 0 && errno == EINTR)
        ;
    if (done == 0)
        return lock;
    secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(folder), strerror(errno));
    if (lock >= 0)
        close(lock);
    return -1;
}

void secg_seal_unlock(int lock)
{
    close(lock);
}

void secg_seal_now(char text[40])
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    secg_clock_text((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, 0, 0, text, 40);
}

/* ---- the chain ---------------------------------------------------------------------------------------- */

/* Whether the line of `length` bytes follows `before`; its hash replaces that. */
static int line_follows(const char *line, size_t length, char before[SECG_DIGEST_TEXT])
{
    char hash[SECG_DIGEST_TEXT];
    if (length <= TAIL || memcmp(line + length - TAIL, hash_key, KEY) != 0 ||
        memcmp(line + length - 2, "\"}", 2) != 0)
        return 0;
    if (!secg_digest_texts(before, line, length - TAIL, hash) ||
        memcmp(hash, line + length - TAIL + KEY, SECG_DIGEST_TEXT - 1) != 0)
        return 0;
    memcpy(before, hash, SECG_DIGEST_TEXT);
    return 1;
}

static secg_status follow(const char *path, secg_seal_text *seal, secg_error *error)
{
    seal->digest[0] = '\0';
    for (const char *line = seal->text; *line; seal->lines++) {
        const char *end = strchr(line, '\n');
        if (!end || !line_follows(line, (size_t)(end - line), seal->digest))
            return secg_fail(error, SECG_E_FORMAT, "%s:%d: altered, or not what was sealed",
                             secg_path_tail(path), seal->lines + 1);
        line = end + 1;
    }
    if (seal->lines == 0 || strlen(seal->text) != seal->size)
        return secg_fail(error, SECG_E_FORMAT, "%s:1: there is no signature", secg_path_tail(path));
    return SECG_OK;
}

static secg_status take(FILE *stream, const char *path, secg_seal_text *seal, secg_error *error)
{
    long size = fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1;
    if (size < 0)
        return secg_fail(error, SECG_E_FILE, "%s: could not be read", secg_path_tail(path));
    if (size > SECG_MOST_SEAL_BYTES)
        return secg_fail(error, SECG_E_FORMAT, "%s: larger than %d MiB", secg_path_tail(path),
                         SECG_MOST_SEAL_BYTES >> 20);
    seal->text = malloc((size_t)size + 1);
    if (!seal->text)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(path));
    rewind(stream);
    seal->size = fread(seal->text, 1, (size_t)size, stream);
    seal->text[seal->size] = '\0';
    if (seal->size != (size_t)size)
        return secg_fail(error, SECG_E_FILE, "%s: could not be read", secg_path_tail(path));
    return SECG_OK;
}

secg_status secg_seal_load(const char *folder, secg_seal_text *seal, secg_error *error)
{
    char path[SECG_SEAL_PATH];
    *seal = (secg_seal_text){0};
    secg_status status = secg_seal_path(folder, SECG_SEAL_NAME, path, error);
    if (status != SECG_OK)
        return status;
    FILE *stream = fopen(path, "rb");
    if (!stream && errno == ENOENT)
        return SECG_OK;
    if (!stream)
        return secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    status = take(stream, path, seal, error);
    fclose(stream);
    return status == SECG_OK ? follow(path, seal, error) : status;
}

/* ---- lines ---------------------------------------------------------------------------------------------- */

json_t *secg_seal_next(const secg_seal_text *seal, size_t *at)
{
    const char *line = seal->text ? seal->text + *at : "";
    size_t length = strcspn(line, "\n");
    if (!*line)
        return NULL;
    *at += length + 1;
    return json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
}

int secg_seal_has(const secg_seal_text *seal, const char *hash)
{
    if (strlen(hash) != SECG_DIGEST_TEXT - 1)
        return 0;
    for (const char *end = seal->text; (end = strchr(end, '\n')); end++)
        if (memcmp(end - TAIL + KEY, hash, SECG_DIGEST_TEXT - 1) == 0)
            return 1;
    return 0;
}

static secg_status write_line(FILE *stream, const char *before, const json_t *line,
                              secg_error *error)
{
    char hash[SECG_DIGEST_TEXT];
    char *text = json_dumps(line, JSON_COMPACT);
    size_t length = text ? strlen(text) - 1 : 0;
    secg_status status = SECG_OK;
    if (!text || !secg_digest_texts(before, text, length, hash))
        status = secg_fail(error, SECG_E_MEMORY, "seal: no memory");
    else if (fprintf(stream, "%.*s%s%s\"}\n", (int)length, text, hash_key, hash) < 0)
        status = secg_fail(error, SECG_E_FILE, "seal: could not be written");
    free(text);
    return status;
}

secg_status secg_seal_save(const char *folder, const secg_seal_text *seal, const json_t *line,
                           secg_error *error)
{
    char path[SECG_SEAL_PATH];
    secg_atomic_file out;
    secg_status status = secg_seal_path(folder, SECG_SEAL_NAME, path, error);
    if (status == SECG_OK)
        status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    if (seal->text && fwrite(seal->text, 1, seal->size, out.stream) != seal->size)
        status = secg_fail(error, SECG_E_FILE, "%s: could not be written", secg_path_tail(path));
    if (status == SECG_OK)
        status = write_line(out.stream, seal->digest, line, error);
    return secg_atomic_close(&out, status, error);
}
