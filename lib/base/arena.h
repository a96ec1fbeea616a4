/* One block of memory, laid out by one function that is run twice: without a base it measures,
 * with a base it carves.  Size and layout cannot disagree, and there is nothing to unwind. */
#ifndef SECG_BASE_ARENA_H
#define SECG_BASE_ARENA_H

#include <stddef.h>

typedef struct secg_arena {
    unsigned char *base;   /* NULL: only measuring; else zeroed, SECG_ARENA_ALIGN-aligned */
    size_t used, capacity; /* bytes                                                       */
    int overflow;          /* a count did not fit: the layout is unusable                 */
} secg_arena;

enum { SECG_ARENA_ALIGN = 64 };

/* count * size bytes, zeroed, at the next cache line; NULL while measuring or when it does not
 * fit.  Layout functions must not dereference what they take without checking arena->base. */
void *secg_take(secg_arena *arena, size_t count, size_t size);

#endif
