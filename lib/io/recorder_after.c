/* What is done to a record after its recording: closing one that was interrupted, and adding
 * annotations to one that is closed. */
#include "io/recorder_files.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "io/wfdb_annotation.h"

#include <stdlib.h>
#include <string.h>

static secg_status handed_on(const secg_recorder_files *f, secg_status status, secg_error *error)
{
    if (status != SECG_OK && error)
        *error = f->failure;
    return status;
}

/* A power cut while it was closed may have left the open header, or the manifest without its end. */
static secg_status close_again(secg_recorder_files *f, secg_error *error)
{
    char hash[2 * CHAIN_HASH + 1];
    if (!f->header_is_open && !f->pending[0])
        return secg_fail(error, SECG_E_STATE, "%s: is closed", secg_path_tail(f->base));
    if (secg_recorder_header_hash(f, 1, hash) != SECG_OK)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    if (strcmp(hash, f->closed_header) != 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: its end states another header",
                         secg_path_tail(f->base));
    secg_status status = secg_recorder_files_cut(f, error);
    return status == SECG_OK ? secg_recorder_header_write(f, 1, error) : status;
}

static secg_status close_files(secg_recorder_files *f, secg_error *error)
{
    if (f->closed)
        return close_again(f, error);
    secg_status status = secg_recorder_files_cut(f, error);
    return status == SECG_OK ? handed_on(f, secg_recorder_files_end(f), error) : status;
}

secg_status secg_recorder_finish(const char *path, secg_error *error)
{
    secg_recorder_files files;
    secg_status status = secg_recorder_files_adopt(&files, path, error);
    if (status != SECG_OK)
        return status;
    status = close_files(&files, error);
    secg_recorder_files_release(&files);
    return status;
}

static int good_annotator(const char *name)
{
    static const char *const taken[] = {"dat", "hea", "chain", "manifest"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0)
            return 0;
    return secg_plain_name(name, ANNOTATOR_NAME);
}

static int has_room(const secg_recorder_files *f, const char *annotator)
{
    for (size_t i = 0; i < f->annotation_files; i++)
        if (strcmp(f->annotations[i].annotator, annotator) == 0)
            return 1;
    return f->annotation_files < ANNOTATORS;
}

static secg_status put(secg_recorder_files *f, const char *annotator, const char *bytes,
                       size_t size, secg_error *error)
{
    const char *base = secg_path_tail(f->base);
    if (!f->closed)
        return secg_fail(error, SECG_E_STATE, "%s: is not closed", base);
    if (!has_room(f, annotator))
        return secg_fail(error, SECG_E_CAPACITY, "%s: has %d annotation files already", base,
                         (int)ANNOTATORS);
    secg_status status = secg_recorder_files_cut(f, error);
    if (status != SECG_OK)
        return status;
    return handed_on(f, secg_recorder_files_annotations(f, annotator, bytes, size), error);
}

static secg_status annotate(const char *path, const char *annotator, const char *bytes, size_t size,
                            secg_error *error)
{
    secg_recorder_files files;
    secg_status status = secg_recorder_files_adopt(&files, path, error);
    if (status != SECG_OK)
        return status;
    status = put(&files, annotator, bytes, size, error);
    secg_recorder_files_release(&files);
    return status;
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
