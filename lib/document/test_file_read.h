/* What the reader of TEST.json shares with others. */
#ifndef SECG_DOCUMENT_TEST_FILE_READ_H
#define SECG_DOCUMENT_TEST_FILE_READ_H

#include "document/json_read.h"
#include "document/test_fields.h"

/* A timeline.  *fact is the caller's to free, also after an error. */
secg_status secg_read_facts(secg_reader *r, const json_t *list, const secg_protocol *protocol,
                            secg_fact **fact, size_t *facts);

#endif
