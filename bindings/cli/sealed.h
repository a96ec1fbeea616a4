/* The seal of a record as the verbs see it.  Without stressecg-archive nothing is ever sealed. */
#ifndef STRESSECG_CLI_SEALED_H
#define STRESSECG_CLI_SEALED_H

#include "cli.h"

/* Whether DIR holds a seal. */
int cli_is_sealed(const char *folder);

/* Fills order->seal; what differs, or is missing, is said on standard error.  tracing: where the
 * recording lies, a folder or a record in it, or NULL.  -1 after a message when the seal cannot be
 * read at all. */
int cli_read_seal(const char *folder, const char *tracing, secg_order *order);

/* Looks the encounter up in an index, and adds it there when `add` is 1; -1 after a message. */
int cli_ask_index(const char *path, const secg_summary *summary, const secg_order *order, int add,
                  secg_duplicates *duplicates);

#endif
