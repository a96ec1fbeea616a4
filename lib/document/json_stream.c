#include "document/json_stream.h"

#include "document/json_save.h"

#include <string.h>

enum { INDENT = 2 };

typedef struct shifted {
    FILE *out;
    int by; /* columns */
} shifted;

/* A new line within a value is layout: within a text it would be escaped. */
static int write_shifted(const char *text, size_t size, void *context)
{
    const shifted *to = context;
    while (size > 0) {
        const char *newline = memchr(text, '\n', size);
        size_t length = newline ? (size_t)(newline - text) + 1 : size;
        if (fwrite(text, 1, length, to->out) != length ||
            (newline && fprintf(to->out, "%*s", to->by, "") < 0))
            return -1;
        text += length;
        size -= length;
    }
    return 0;
}

static void put_value(secg_json_stream *to, const json_t *value, int depth)
{
    shifted here = {to->out, INDENT * depth};
    if (json_dump_callback(value, write_shifted, &here, SECG_JSON_FLAGS | JSON_ENCODE_ANY) != 0)
        to->failed = 1;
}

static void put_text(secg_json_stream *to, const char *text)
{
    if (fputs(text, to->out) == EOF)
        to->failed = 1;
}

/* What stands before a member of an object, or an element of a list. */
static void put_separator(secg_json_stream *to, size_t *count, int depth)
{
    if (fprintf(to->out, "%s\n%*s", *count > 0 ? "," : "", INDENT * depth, "") < 0)
        to->failed = 1;
    ++*count;
}

static void put_key(secg_json_stream *to, const char *key)
{
    put_separator(to, &to->members, 1);
    json_t *name = json_string(key);
    put_value(to, name, 1);
    json_decref(name);
    put_text(to, ": ");
}

void secg_json_stream_begin(secg_json_stream *to, FILE *out)
{
    *to = (secg_json_stream){.out = out};
    put_text(to, "{");
}

void secg_json_stream_members(secg_json_stream *to, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        put_key(to, key);
        put_value(to, value, 1);
    }
}

void secg_json_stream_begin_list(secg_json_stream *to, const char *key)
{
    put_key(to, key);
    put_text(to, "[");
    to->elements = 0;
}

void secg_json_stream_element(secg_json_stream *to, json_t *element)
{
    put_separator(to, &to->elements, 2);
    put_value(to, element, 2);
    json_decref(element);
}

void secg_json_stream_end_list(secg_json_stream *to)
{
    put_text(to, to->elements > 0 ? "\n  ]" : "]");
}

void secg_json_stream_end(secg_json_stream *to)
{
    put_text(to, to->members > 0 ? "\n}\n" : "}\n");
}
