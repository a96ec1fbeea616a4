/* mkstemp makes the file with mode 0600 under a name that nobody holds; fsync before rename, so that
 * a power cut leaves the old file or the new one. */
#include "base/atomic_file.h"

#include "base/status.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *secg_path_tail(const char *path)
{
    enum { LONGEST = 200 };
    size_t length = strlen(path);
    if (length <= LONGEST)
        return path;
    path += length - LONGEST;
    while (((unsigned char)*path & 0xc0) == 0x80)
        path++;
    return path;
}

static secg_status refuse(const char *path, int number, secg_error *error)
{
    return secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(number));
}

static void forget(secg_atomic_file *file)
{
    free(file->path);
    free(file->temporary);
    *file = (secg_atomic_file){0};
}

static int name_both(secg_atomic_file *file, const char *path)
{
    static const char suffix[] = ".XXXXXX";
    size_t length = strlen(path);
    file->path = malloc(length + 1);
    file->temporary = malloc(length + sizeof suffix);
    if (!file->path || !file->temporary)
        return 0;
    memcpy(file->path, path, length + 1);
    memcpy(file->temporary, path, length);
    memcpy(file->temporary + length, suffix, sizeof suffix);
    return 1;
}

secg_status secg_atomic_open(secg_atomic_file *file, const char *path, secg_error *error)
{
    *file = (secg_atomic_file){0};
    if (!path || !*path)
        return secg_fail(error, SECG_E_ARGUMENT, "path: %s", path ? "empty" : "NULL");
    if (!name_both(file, path)) {
        forget(file);
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", secg_path_tail(path));
    }
    int descriptor = mkstemp(file->temporary);
    if (descriptor >= 0 && !(file->stream = fdopen(descriptor, "wb"))) {
        int number = errno;
        close(descriptor);
        unlink(file->temporary);
        errno = number;
    }
    if (file->stream)
        return SECG_OK;
    int number = errno;
    forget(file);
    return refuse(path, number, error);
}

/* 0, or the number of the error.  All of it is tried, so that the stream is closed in any case. */
static int finish_stream(FILE *stream)
{
    int number = 0;
    if (ferror(stream) || fflush(stream) != 0 || fsync(fileno(stream)) != 0)
        number = errno ? errno : EIO;
    if (fclose(stream) != 0 && number == 0)
        number = errno;
    return number;
}

secg_status secg_atomic_close(secg_atomic_file *file, secg_status written, secg_error *error)
{
    int number = finish_stream(file->stream);
    if (written == SECG_OK && number == 0 && rename(file->temporary, file->path) != 0)
        number = errno;
    if (written != SECG_OK || number != 0)
        unlink(file->temporary);
    secg_status status = written;
    if (written == SECG_OK && number != 0)
        status = refuse(file->path, number, error);
    forget(file);
    return status;
}
