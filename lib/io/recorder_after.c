/* What is done to a record after its recording: closing one that was interrupted, and adding
 * annotations to one that is closed. */
#include "io/recorder_files.h"

#include "base/status.h"
#include "io/wfdb_annotation.h"

#include <stdlib.h>
#include <string.h>

static secg_status give_back(secg_recorder_files *f, secg_status status, secg_error *error)
{
    if (status != SECG_OK && error)
        *error = f->failure;
    secg_recorder_files_release(f);
    return status;
}

secg_status secg_recorder_finish(const char *path, secg_error *error)
{
    secg_recorder_files files;
    secg_status status = secg_recorder_files_adopt(&files, path, 0, error);
    if (status != SECG_OK)
        return status;
    return give_back(&files, secg_recorder_files_end(&files), error);
}

static int good_annotator(const char *name)
{
    static const char *const taken[] = {"dat", "hea", "chain", "manifest"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0)
            return 0;
    return secg_plain_name(name, ANNOTATOR_NAME);
}

static secg_status annotate(const char *path, const char *annotator, const char *bytes, size_t size,
                            secg_error *error)
{
    secg_recorder_files files;
    secg_status status = secg_recorder_files_adopt(&files, path, 1, error);
    if (status != SECG_OK)
        return status;
    return give_back(&files, secg_recorder_files_annotations(&files, annotator, bytes, size),
                     error);
}

secg_status secg_recorder_annotate(const char *path, const char *annotator,
                                   const secg_annotation *list, size_t count, secg_error *error)
{
    if (!path || !annotator || (!list && count > 0))
        return secg_fail(error, SECG_E_ARGUMENT, "path, annotator or list: NULL");
    if (!good_annotator(annotator))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "annotator: \"%.40s\" is no extension for annotations", annotator);
    char *bytes;
    size_t size;
    secg_status status = secg_annotations_encode(annotator, 0, list, count, &bytes, &size, error);
    if (status != SECG_OK)
        return status;
    status = annotate(path, annotator, bytes, size, error);
    free(bytes);
    return status;
}
