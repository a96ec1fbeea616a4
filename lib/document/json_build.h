/* Builds a JSON document without a check at every line: a failure is remembered, and every later
 * call does nothing harmful. */
#ifndef SECG_DOCUMENT_JSON_BUILD_H
#define SECG_DOCUMENT_JSON_BUILD_H

#include <jansson.h>
#include <stressecg/base.h>

typedef struct secg_build {
    double rate_hz;
    int failed; /* no memory                                                                */
} secg_build;

/* Takes value over.  Returns it, to be filled further; NULL when it could not be put. */
json_t *secg_put(secg_build *b, json_t *object, const char *key, json_t *value);
json_t *secg_append(secg_build *b, json_t *array, json_t *value);

void secg_put_text(secg_build *b, json_t *object, const char *key, const char *text);
/* Not written when it is "". */
void secg_put_stated(secg_build *b, json_t *object, const char *key, const char *text);
void secg_put_whole(secg_build *b, json_t *object, const char *key, int64_t value);
void secg_put_flag(secg_build *b, json_t *object, const char *key, int value);
/* null when it is not finite. */
void secg_put_real(secg_build *b, json_t *object, const char *key, double value, int decimals);
/* Not written when it is not finite. */
void secg_put_known(secg_build *b, json_t *object, const char *key, double value, int decimals);
/* Seconds from the start of the record; null for SECG_NO_SAMPLE. */
void secg_put_time(secg_build *b, json_t *object, const char *key, int64_t sample);

/* {"value": x, "sigma": s}, without sigma for counts and entered facts, or
 * {"value": null, "reason": "..."}. */
json_t *secg_put_value(secg_build *b, json_t *object, const char *key, secg_value value,
                       int decimals);

#endif
