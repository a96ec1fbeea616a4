/* A fact as it stands in TEST.json, and so in summary.json. */
#ifndef SECG_DOCUMENT_FACT_JSON_H
#define SECG_DOCUMENT_FACT_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stressecg/test.h>

/* Puts what the fact states into object.  index is its place in the timeline, for the error.
 * SECG_E_ARGUMENT: something is outside its range; SECG_E_MEMORY. */
secg_status secg_put_fact(json_t *object, const secg_fact *fact, size_t index, double rate_hz,
                          secg_error *error);

#endif
