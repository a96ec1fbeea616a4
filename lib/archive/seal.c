/* Signing, addenda, and whether a closed record is as it was. */
#include "archive/seal_file.h"
#include "base/atomic_file.h"
#include "base/status.h"

#include <stdlib.h>
#include <stressecg/archive.h>
#include <string.h>

enum { MOST_ADDENDUM = 2000 };

static int is_blank(const char *text)
{
    return !text || text[strspn(text, " \t\r\n")] == '\0';
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- signing ------------------------------------------------------------------------------------------ */

static const char *const roles[] = {"tracing", "timeline", "summary"};
enum { ROLES = sizeof roles / sizeof *roles };

static int role_of(const char *role)
{
    for (int i = 0; role && i < ROLES; i++)
        if (strcmp(roles[i], role) == 0)
            return i;
    return -1;
}

static secg_status check_files(const secg_signature *s, secg_error *error)
{
    int seen[ROLES] = {0};
    if (s->files > SECG_MAX_SEALED || (s->files > 0 && !s->file))
        return secg_fail(error, SECG_E_ARGUMENT, "files: %zu is more than %d, or there are none",
                         s->files, SECG_MAX_SEALED);
    for (size_t i = 0; i < s->files; i++) {
        int role = role_of(s->file[i].role);
        if (role < 0 || !s->file[i].path)
            return secg_fail(error, SECG_E_ARGUMENT, "file[%zu]: no such role, or no path", i);
        seen[role]++;
        for (size_t k = 0; k < i; k++)
            if (strcmp(last_name(s->file[i].path), last_name(s->file[k].path)) == 0)
                return secg_fail(error, SECG_E_ARGUMENT, "file[%zu]: named as file[%zu]", i, k);
    }
    for (int i = 0; i < ROLES; i++)
        if (!seen[i])
            return secg_fail(error, SECG_E_ARGUMENT, "files: none has the role \"%s\"", roles[i]);
    return SECG_OK;
}

static secg_status check_signature(const char *folder, const secg_signature *s, secg_error *error)
{
    if (!folder || !s)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", folder ? "signature" : "folder");
    if (is_blank(s->by) || is_blank(s->credential))
        return secg_fail(error, SECG_E_ARGUMENT, "%s is missing",
                         is_blank(s->by) ? "by" : "credential");
    for (size_t i = 0; i < sizeof s->reserved; i++)
        if (s->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved[%zu] is not zero", i);
    return check_files(s, error);
}

static secg_status put_file(json_t *list, const secg_sealed_file *file, secg_error *error)
{
    char hex[SECG_DIGEST_TEXT];
    int64_t bytes = 0;
    secg_status status = secg_digest_file(file->path, hex, &bytes, error);
    if (status != SECG_OK)
        return status;
    json_t *one = json_pack("{s:s, s:s, s:I, s:s}", "role", file->role, "name",
                            last_name(file->path), "bytes", (json_int_t)bytes, "sha256", hex);
    return json_array_append_new(list, one) == 0
               ? SECG_OK
               : secg_fail(error, SECG_E_MEMORY, "seal: no memory, or a name that is not UTF-8");
}

static json_t *begin_line(const char *kind, const char *by, const char *credential)
{
    char now[40];
    secg_seal_now(now);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "format", SECG_SEAL_FORMAT, "kind", kind, "at",
                     now, "by", by, "credential", credential);
}

static secg_status make_signature(const secg_signature *s, json_t **line, secg_error *error)
{
    json_t *list = json_array();
    *line = begin_line("signature", s->by, s->credential);
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < s->files; i++)
        status = put_file(list, &s->file[i], error);
    if (!*line || json_object_set_new(*line, "software", json_string(secg_version())) != 0 ||
        json_object_set_new(*line, "rules", json_string(secg_claim_rules_version())) != 0 ||
        json_object_set(*line, "files", list) != 0)
        status = secg_fail(error, SECG_E_MEMORY, "seal: no memory, or a text that is not UTF-8");
    json_decref(list);
    return status;
}

secg_status secg_seal_sign(const char *folder, const secg_signature *signature, secg_error *error)
{
    secg_seal_text seal;
    json_t *line = NULL;
    secg_status status = check_signature(folder, signature, error);
    if (status != SECG_OK)
        return status;
    int lock = secg_seal_lock(folder, error);
    if (lock < 0)
        return SECG_E_FILE;
    status = secg_seal_load(folder, &seal, error);
    if (status == SECG_OK && seal.text)
        status = secg_fail(error, SECG_E_STATE, "%s: the record is closed already",
                           secg_path_tail(folder));
    if (status == SECG_OK)
        status = make_signature(signature, &line, error);
    if (status == SECG_OK)
        status = secg_seal_save(folder, &seal, line, error);
    secg_seal_unlock(lock);
    json_decref(line);
    free(seal.text);
    return status;
}

/* ---- addenda -------------------------------------------------------------------------------------------- */

static secg_status check_words(const char *text, secg_error *error)
{
    enum { MOST = 64 };
    secg_wording_hit hit[MOST];
    size_t hits = secg_wording_check(text, SECG_WORDING_NOTE, hit, MOST);
    for (size_t i = 0; i < hits && i < MOST; i++)
        if (hit[i].hard)
            return secg_fail(error, SECG_E_ARGUMENT, "text, byte %zu: %s", hit[i].offset,
                             hit[i].rule);
    return hits <= MOST
               ? SECG_OK
               : secg_fail(error, SECG_E_ARGUMENT, "text: more than %d doubtful words", MOST);
}

static secg_status check_addendum(const char *folder, const char *by, const char *credential,
                                  const char *text, secg_error *error)
{
    if (!folder)
        return secg_fail(error, SECG_E_ARGUMENT, "folder: NULL");
    if (is_blank(by) || is_blank(credential) || is_blank(text))
        return secg_fail(error, SECG_E_ARGUMENT, "%s is missing",
                         is_blank(by)           ? "by"
                         : is_blank(credential) ? "credential"
                                                : "text");
    if (strlen(text) > MOST_ADDENDUM)
        return secg_fail(error, SECG_E_ARGUMENT, "text: longer than %d bytes", MOST_ADDENDUM);
    return check_words(text, error);
}

secg_status secg_seal_append(const char *folder, const char *by, const char *credential,
                             const char *text, secg_error *error)
{
    secg_seal_text seal;
    json_t *line = NULL;
    secg_status status = check_addendum(folder, by, credential, text, error);
    if (status != SECG_OK)
        return status;
    int lock = secg_seal_lock(folder, error);
    if (lock < 0)
        return SECG_E_FILE;
    status = secg_seal_load(folder, &seal, error);
    if (status == SECG_OK && !seal.text)
        status =
            secg_fail(error, SECG_E_STATE, "%s: the record is not closed", secg_path_tail(folder));
    if (status == SECG_OK) {
        line = begin_line("addendum", by, credential);
        if (!line || json_object_set_new(line, "text", json_string(text)) != 0)
            status = secg_fail(error, SECG_E_ARGUMENT, "text: not UTF-8, or no memory");
    }
    if (status == SECG_OK)
        status = secg_seal_save(folder, &seal, line, error);
    secg_seal_unlock(lock);
    json_decref(line);
    free(seal.text);
    return status;
}

static void copy_text(const json_t *line, const char *key, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(line, key));
    snprintf(to, size, "%s", text ? text : "");
}

secg_status secg_seal_addendum(const char *folder, size_t index, secg_addendum *addendum,
                               secg_error *error)
{
    secg_seal_text seal;
    size_t at = 0;
    if (!folder || !addendum)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", folder ? "addendum" : "folder");
    secg_status status = secg_seal_load(folder, &seal, error);
    json_t *line = status == SECG_OK ? secg_seal_next(&seal, &at) : NULL;
    for (size_t i = 0; line && i <= index; i++) {
        json_decref(line);
        line = secg_seal_next(&seal, &at);
    }
    *addendum = (secg_addendum){.by = ""};
    copy_text(line, "by", addendum->by, sizeof addendum->by);
    copy_text(line, "credential", addendum->credential, sizeof addendum->credential);
    copy_text(line, "at", addendum->at, sizeof addendum->at);
    copy_text(line, "text", addendum->text, sizeof addendum->text);
    if (status == SECG_OK && !line)
        status = SECG_END;
    json_decref(line);
    free(seal.text);
    return status;
}

secg_status secg_seal_check_digest(const char *folder, const char *digest, secg_error *error)
{
    secg_seal_text seal;
    if (!folder || !digest)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", folder ? "digest" : "folder");
    secg_status status = secg_seal_load(folder, &seal, error);
    if (status == SECG_OK && !seal.text)
        status =
            secg_fail(error, SECG_E_STATE, "%s: the record is not closed", secg_path_tail(folder));
    else if (status == SECG_OK && !secg_seal_has(&seal, digest))
        status = secg_fail(error, SECG_E_FORMAT, "%s: no line of the seal has this digest",
                           secg_path_tail(folder));
    free(seal.text);
    return status;
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static int is_there(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream)
        fclose(stream);
    return stream != NULL;
}

/* A name that leads elsewhere is none of ours. */
static secg_status check_file(const char *folder, const char *tracing_folder, const json_t *file,
                              secg_error *error)
{
    char path[SECG_SEAL_PATH], hex[SECG_DIGEST_TEXT];
    int64_t bytes = 0;
    const char *name = json_string_value(json_object_get(file, "name")),
               *want = json_string_value(json_object_get(file, "sha256"));
    if (!name || !want || !*name || strchr(name, '/'))
        return secg_fail(error, SECG_E_FORMAT, "%s/" SECG_SEAL_NAME ":1: no list of files",
                         secg_path_tail(folder));
    secg_status status = secg_seal_path(folder, name, path, error);
    if (status == SECG_OK && tracing_folder && !is_there(path))
        status = secg_seal_path(tracing_folder, name, path, error);
    if (status == SECG_OK)
        status = secg_digest_file(path, hex, &bytes, error);
    if (status == SECG_OK && strcmp(hex, want) != 0)
        status = secg_fail(error, SECG_E_FORMAT, "%s: differs from what was signed",
                           secg_path_tail(path));
    return status;
}

static secg_status check_line(const char *folder, const char *tracing_folder, const json_t *line,
                              secg_error *error)
{
    const json_t *list = json_object_get(line, "files");
    const char *format = json_string_value(json_object_get(line, "format"));
    secg_status status = SECG_OK;
    if (!format || strcmp(format, SECG_SEAL_FORMAT) != 0 || json_array_size(list) < ROLES)
        return secg_fail(error, SECG_E_FORMAT, "%s/" SECG_SEAL_NAME ":1: no signature",
                         secg_path_tail(folder));
    for (size_t i = 0; status == SECG_OK && i < json_array_size(list); i++)
        status = check_file(folder, tracing_folder, json_array_get(list, i), error);
    return status;
}

static void sign_order(secg_order *order, const secg_seal *seal)
{
    for (int32_t i = 0; order && i < order->staff_count && i < SECG_MAX_STAFF; i++) {
        secg_staff *person = &order->staff[i];
        if (!person->signed_at[0] && strcmp(person->name, seal->by) == 0)
            memcpy(person->signed_at, seal->signed_at, sizeof person->signed_at);
    }
}

static secg_status judge(const char *folder, const char *tracing_folder, const secg_seal_text *text,
                         secg_seal *seal, secg_error *error)
{
    size_t at = 0;
    json_t *line = secg_seal_next(text, &at);
    copy_text(line, "at", seal->signed_at, sizeof seal->signed_at);
    copy_text(line, "by", seal->by, sizeof seal->by);
    copy_text(line, "credential", seal->credential, sizeof seal->credential);
    memcpy(seal->digest, text->digest, sizeof seal->digest);
    seal->addenda = text->lines - 1;
    secg_status status = check_line(folder, tracing_folder, line, error);
    json_decref(line);
    return status;
}

secg_status secg_seal_read(const char *folder, const char *tracing_folder, secg_order *order,
                           secg_seal *seal, secg_error *error)
{
    secg_seal_text text;
    if (!folder || !seal)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", folder ? "seal" : "folder");
    *seal = (secg_seal){0};
    secg_status status = secg_seal_load(folder, &text, error);
    if (status == SECG_OK && text.text) {
        status = judge(folder, tracing_folder, &text, seal, error);
        seal->is_signed = status == SECG_OK;
    }
    seal->altered = status == SECG_E_FORMAT;
    if (seal->is_signed)
        sign_order(order, seal);
    free(text.text);
    return status;
}
