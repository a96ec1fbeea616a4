/* Numbers and texts as they stand in our JSON files. */
#ifndef SECG_DOCUMENT_JSON_NUMBER_H
#define SECG_DOCUMENT_JSON_NUMBER_H

#include <jansson.h>

/* Rounded to so many decimals, without -0; null when it is not finite. */
json_t *secg_json_real(double value, int decimals);

/* Of bytes that are not UTF-8 (a channel's name, say), every one that is not ASCII as '?'. */
json_t *secg_json_text(const char *text);

/* value rounded to decimals, halves away from zero. */
double secg_round_to(double value, int decimals);

#endif
