#ifndef SECG_DOCUMENT_JSON_SAVE_H
#define SECG_DOCUMENT_JSON_SAVE_H

#include <jansson.h>
#include <stressecg/base.h>

/* Indented by two, keys in the order in which they were set, a newline at the end; all or nothing
 * (base/atomic_file.h). */
secg_status secg_json_save(const json_t *root, const char *path, secg_error *error);

#endif
