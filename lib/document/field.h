/* Members of a JSON object and where they live in a struct: one table serves reading, checking and
 * writing. */
#ifndef SECG_DOCUMENT_FIELD_H
#define SECG_DOCUMENT_FIELD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

typedef enum secg_field_type {
    SECG_FIELD_TEXT = 1, /* char[size], one of words when there are any; "" is not written  */
    SECG_FIELD_DATE,     /* the same, "YYYY-MM-DD"                                          */
    SECG_FIELD_MOMENT,   /* the same, ISO 8601 with offset                                  */
    SECG_FIELD_REAL,     /* float                                                           */
    SECG_FIELD_WHOLE,    /* integer of `size` bytes                                         */
    SECG_FIELD_WORD,     /* the same, one of words                                          */
    SECG_FIELD_FLAG,     /* the same, 0 or 1                                                */
    SECG_FIELD_TRI,      /* secg_tri                                                        */
    SECG_FIELD_TIME,     /* int64_t sample, written in seconds                              */
    SECG_FIELD_TEXTS,    /* char[count][size]                                               */
    SECG_FIELD_OBJECT,   /* fields, in the same struct                                      */
    SECG_FIELD_OTHER     /* a known name that has code of its own                           */
} secg_field_type;

/* A closed list of words: name(first) .. name(last). */
typedef struct secg_words {
    const char *(*name)(int value);
    int first, last;
} secg_words;

typedef struct secg_field {
    const char *name;
    secg_field_type type;
    uint8_t required;
    uint16_t offset, size, count;
    double low, high; /* both ends belong to the range                                     */
    double absent;    /* the value that means "not stated"; NaN where a NaN means it       */
    const secg_words *words;
    const struct secg_field *fields; /* of an OBJECT, ended by an entry without name        */
} secg_field;

/* Integers of 1 (unsigned), 2 and 4 bytes (signed) at their place in the struct. */
int secg_field_whole(const secg_field *field, const void *at);
void secg_field_set_whole(const secg_field *field, void *at, int value);

/* A float as the shortest decimal that reads back as the same float. */
double secg_short_decimal(float value);

/* Whether a number is the field's "not stated". */
int secg_field_is_absent(const secg_field *field, double value);

const secg_field *secg_field_find(const secg_field *fields, const char *name);

#endif
