#include "io/atomic_file.h"

#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

secg_status secg_atomic_open(secg_atomic_file *out, const char *path, secg_error *error)
{
    if (strlen(path) >= sizeof out->path)
        return secg_fail(error, SECG_E_ARGUMENT, "path too long: %.100s...", path);
    strcpy(out->path, path);
    snprintf(out->temporary, sizeof out->temporary, "%s.part-%ld", path, (long)getpid());
    int file = open(out->temporary, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    out->file = file >= 0 ? fdopen(file, "wb") : NULL;
    if (out->file)
        return SECG_OK;
    secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", path, strerror(errno));
    if (file >= 0) {
        close(file);
        unlink(out->temporary);
    }
    return SECG_E_FILE;
}

secg_status secg_atomic_close(secg_atomic_file *out, secg_error *error)
{
    errno = 0;
    int failed = ferror(out->file) || fflush(out->file) != 0 || fsync(fileno(out->file)) != 0;
    int why = errno;
    if (fclose(out->file) != 0 && !failed) {
        failed = 1;
        why = errno;
    }
    if (!failed && rename(out->temporary, out->path) != 0) {
        failed = 1;
        why = errno;
    }
    if (!failed)
        return SECG_OK;
    unlink(out->temporary);
    return secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", out->path,
                     why ? strerror(why) : "write error");
}
