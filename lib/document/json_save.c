#include "document/json_save.h"

#include "base/atomic_file.h"
#include "base/status.h"

secg_status secg_json_save(const json_t *root, const char *path, secg_error *error)
{
    secg_atomic_file out;
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    if (json_dumpf(root, out.stream, SECG_JSON_FLAGS) != 0 || fputc('\n', out.stream) == EOF)
        status = secg_fail(error, SECG_E_FILE, "%s: could not be written", secg_path_tail(path));
    return secg_atomic_close(&out, status, error);
}
