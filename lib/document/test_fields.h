/* The tables of TEST.json (data/TEST.md). */
#ifndef SECG_DOCUMENT_TEST_FIELDS_H
#define SECG_DOCUMENT_TEST_FIELDS_H

#include "document/field.h"
#include "document/json_read.h"

#include <stressecg/order.h>

#define SECG_TEST_FORMAT "stressecg-test-1"

enum { SECG_MOST_FACTS = 20000, SECG_MOST_TEST_BYTES = 16 << 20 };

/* Of secg_test_file. */
extern const secg_field secg_file_fields[];
/* Of secg_edit. */
extern const secg_field secg_edit_fields[];
/* Of secg_staff. */
extern const secg_field secg_staff_fields[];
/* Of secg_electrode. */
extern const secg_field secg_electrode_fields[];

/* Of secg_fact: what every fact may state, and what its kind states beside that. */
typedef struct secg_fact_fields {
    const secg_field *common, *own;
} secg_fact_fields;
secg_fact_fields secg_fields_of_fact(secg_fact_kind kind);

/* What one field's range cannot say.  NULL, or what is wrong; *field: the name it is wrong with. */
const char *secg_fact_contradiction(const secg_fact *fact, const secg_protocol *protocol,
                                    const char **field);

#endif
