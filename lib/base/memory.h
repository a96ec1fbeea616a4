/* Memory from who provides it, or from the C library. */
#ifndef SECG_BASE_MEMORY_H
#define SECG_BASE_MEMORY_H

#include <stressecg/base.h>

/* SECG_E_ARGUMENT where only one of take and give is there. */
secg_status secg_memory_check(const secg_memory *memory, secg_error *error);

/* bytes of zeros, or NULL; and back. */
void *secg_memory_take(const secg_memory *memory, size_t bytes);
void secg_memory_give(const secg_memory *memory, void *at, size_t bytes);

/* Lets the memory rest at each SECG_REST_ITEMS of a list; the widest item, an ST table of 12 leads,
 * makes 400 kB between two rests. */
enum { SECG_REST_ITEMS = 512 };
void secg_memory_rest(const secg_memory *memory, size_t index);

#endif
