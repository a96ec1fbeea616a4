/* Reading of JSON files by tables of fields, with errors that name file, line, column and field. */
#ifndef SECG_DOCUMENT_JSON_READ_H
#define SECG_DOCUMENT_JSON_READ_H

#include "document/field.h"
#include "document/json_position.h"

#include <stressecg/order.h>

enum { SECG_MOST_JSON_BYTES = 16 << 20, SECG_DEEPEST_JSON = 8 };

/* A stressecg recording is at most two days long. */
#define SECG_MOST_SECONDS 172800.0

typedef struct secg_reader {
    const char *path;
    char *text; /* of the file; to be freed                                                 */
    size_t size;
    double rate_hz;                         /* turns seconds into samples                 */
    secg_json_step step[SECG_DEEPEST_JSON]; /* to the value that is being read            */
    size_t steps;
    secg_error *error;
} secg_reader;

/* The file's text and what it holds; the root is to be released whatever the status. */
secg_status secg_read_json(secg_reader *r, json_t **root);

void secg_read_enter(secg_reader *r, const char *key, size_t index);
void secg_read_leave(secg_reader *r);
/* SECG_E_FORMAT with the place that is being read. */
secg_status secg_read_fail(const secg_reader *r, secg_json_part part, const char *format, ...)
    SECG_PRINTF(3, 4);

/* The members of an object to their places in a struct. */
secg_status secg_read_fields(secg_reader *r, const secg_field *fields, const json_t *object,
                             void *to);
/* A misspelt name must not pass for one that was left out. */
secg_status secg_read_refuse_unknown(secg_reader *r, json_t *object, const secg_field *a,
                                     const secg_field *b);
secg_status secg_read_time(secg_reader *r, const json_t *value, int64_t *sample);

#endif
