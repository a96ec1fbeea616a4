/* A JSON object written member by member, and its lists element by element, so that no more than
 * one of them is in memory.  Byte for byte what secg_json_save makes of the whole.
 *
 * As in json_build.h a failure is remembered, and every later call does nothing harmful. */
#ifndef SECG_DOCUMENT_JSON_STREAM_H
#define SECG_DOCUMENT_JSON_STREAM_H

#include <jansson.h>
#include <stdio.h>

typedef struct secg_json_stream {
    FILE *out;
    size_t members, elements; /* of the object; of the list that is open */
    int failed;               /* no memory, or the file could not be written */
} secg_json_stream;

void secg_json_stream_begin(secg_json_stream *to, FILE *out);
/* All members of an object, in the order in which they were set. */
void secg_json_stream_members(secg_json_stream *to, json_t *object);
void secg_json_stream_begin_list(secg_json_stream *to, const char *key);
/* Takes element over. */
void secg_json_stream_element(secg_json_stream *to, json_t *element);
void secg_json_stream_end_list(secg_json_stream *to);
void secg_json_stream_end(secg_json_stream *to);

#endif
