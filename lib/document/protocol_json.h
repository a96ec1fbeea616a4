/* Protocols as they stand in JSON (data/PROTOCOL.md). */
#ifndef SECG_DOCUMENT_PROTOCOL_JSON_H
#define SECG_DOCUMENT_PROTOCOL_JSON_H

#include "document/json_read.h"

#define SECG_PROTOCOLS_FORMAT "stressecg-protocols-1"

enum { SECG_MOST_PROTOCOLS = 200, SECG_MOST_PROTOCOL_BYTES = 16 << 20 };

/* Reads, checks and fills a protocol, whose stages are taken from the heap. */
secg_status secg_protocol_from_json(secg_reader *r, json_t *object, secg_protocol *protocol);
/* What secg_protocol_from_json reads; NULL: no memory. */
json_t *secg_protocol_to_json(const secg_protocol *protocol);
/* The stages of a protocol that was read; NULL is fine. */
void secg_protocol_free(secg_protocol *protocol);

#endif
