#ifndef SECG_DOCUMENT_JSON_SAVE_H
#define SECG_DOCUMENT_JSON_SAVE_H

#include <jansson.h>
#include <stressecg/base.h>

/* Fifteen significant digits are exact for every decimal number of so many digits, so what was
 * rounded to decimals is printed as that and nothing more. */
#define SECG_JSON_FLAGS (JSON_INDENT(2) | JSON_REAL_PRECISION(15))

/* Indented by two, keys in the order in which they were set, a newline at the end; all or nothing
 * (base/atomic_file.h). */
secg_status secg_json_save(const json_t *root, const char *path, secg_error *error);

#endif
