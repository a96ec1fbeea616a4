/* The record in a folder as the verbs see it: test.json, and the seal.  Without stressecg-archive nothing is ever sealed. */
#ifndef STRESSECG_CLI_SEALED_H
#define STRESSECG_CLI_SEALED_H

#include "cli.h"

/* Whether DIR holds a seal. */
int cli_is_sealed(const char *folder);

/* Fills order->seal; what differs, or is missing, is said on standard error.  tracing: where the
 * recording lies, a folder or a record in it, or NULL.  -1 after a message when the seal cannot be
 * read at all. */
int cli_read_seal(const char *folder, const char *tracing, secg_order *order);
/* Whether a digest that was kept elsewhere belongs to the seal; -1 after a message. */
int cli_check_digest(const char *folder, const char *digest);

/* The addenda of the seal, up to `most`; the caller frees the list.  -1 after a message. */
int cli_read_addenda(const char *folder, size_t most, secg_addendum **list, size_t *count);

/* DIR/test.json: the test file as it was read, with the facts of the test in order of entry: what
 * check and sign go by.  It names the patient. */
int cli_write_test(const secg_test_file *file, const secg_test *test, const char *folder);

/* Whether a summary of the record would be DIR/summary.json to the last byte; -1 after a message. */
int cli_compare_with_signed(const secg_summary *summary, const secg_order *order,
                            const char *folder);

/* Looks the encounter up in an index, and adds it there when `add` is 1; -1 after a message. */
int cli_ask_index(const char *path, const secg_summary *summary, const secg_order *order, int add,
                  secg_duplicates *duplicates);

#endif
