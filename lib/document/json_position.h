/* Line and column of a value in JSON text.  jansson tells positions only of syntax errors; a value
 * that is well-formed but wrong is looked up again in the text, along the path that leads to it. */
#ifndef SECG_DOCUMENT_JSON_POSITION_H
#define SECG_DOCUMENT_JSON_POSITION_H

#include <stddef.h>

typedef struct secg_json_step {
    const char *key; /* member of an object; NULL: element of an array                      */
    size_t index;
} secg_json_step;

typedef struct secg_json_position {
    size_t offset;
    int line, column; /* from 1; columns count characters, not bytes                        */
} secg_json_position;

typedef enum secg_json_part { SECG_JSON_VALUE, SECG_JSON_KEY } secg_json_part;

/* Where the path leads, or its last step's key.  When the text ends or differs on the way, the last
 * place that was reached, and 0 is returned; else 1.  Of a key that stands twice, the last. */
int secg_json_find(const char *text, size_t size, const secg_json_step *path, size_t steps,
                   secg_json_part part, secg_json_position *position);

/* A byte offset as line and column. */
secg_json_position secg_json_position_at(const char *text, size_t size, size_t offset);

#endif
