/* Reads JSON files by tables of fields.  Whatever does not fit is an error with file, line, column
 * and the path to it; a value is never quoted, for it may be about the patient. */
#ifndef SECG_DOCUMENT_JSON_READ_H
#define SECG_DOCUMENT_JSON_READ_H

#include "document/field.h"
#include "document/json_position.h"

#include <stressecg/order.h>

enum { SECG_DEEPEST_JSON = 8, SECG_MOST_JSON_BYTES = 64 << 20 };

/* A stressecg recording is at most two days long. */
#define SECG_MOST_SECONDS 172800.0

typedef struct secg_reader {
    const char *path;
    size_t most_bytes; /* at most SECG_MOST_JSON_BYTES                                      */
    double rate_hz;    /* turns seconds into samples                                        */
    void *to;          /* for the functions that read one kind of file                      */
    secg_error *error;
    char *text;
    size_t size;
    secg_json_step step[SECG_DEEPEST_JSON]; /* to the value that is being read              */
    size_t steps;
} secg_reader;

/* The whole file.  secg_read_end in any case, once it is no longer needed. */
secg_status secg_read_json(secg_reader *r, json_t **root);
void secg_read_end(secg_reader *r, json_t *root);

secg_status secg_read_fail(const secg_reader *r, secg_json_part part, const char *format, ...)
    SECG_PRINTF(3, 4);
/* One step deeper: a member (key) or an element (key NULL). */
void secg_read_enter(secg_reader *r, const char *key, size_t index);
void secg_read_leave(secg_reader *r);

secg_status secg_read_time(secg_reader *r, const json_t *value, int64_t *sample);
/* The members that the table knows, each at its place behind `to`. */
secg_status secg_read_fields(secg_reader *r, const secg_field *fields, const json_t *object,
                             void *to);
/* A misspelt name must not pass for a fact that was left out: every member stands in a or b. */
secg_status secg_read_refuse_unknown(secg_reader *r, json_t *object, const secg_field *a,
                                     const secg_field *b);

/* A list of objects into structs of `size` bytes. */
typedef struct secg_struct_list {
    const secg_field *fields;
    void *to;
    size_t size;
    int most;
    int32_t *count;
    const char *what;
} secg_struct_list;
secg_status secg_read_structs(secg_reader *r, const json_t *list, const secg_struct_list *in);

#endif
