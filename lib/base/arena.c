#include "base/arena.h"

#include <stdint.h>

void *secg_take(secg_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 2 - SECG_ARENA_ALIGN) / size) {
        arena->overflow = 1;
        return NULL;
    }
    size_t bytes = (count * size + SECG_ARENA_ALIGN - 1) / SECG_ARENA_ALIGN * SECG_ARENA_ALIGN;
    if (bytes > SIZE_MAX / 2 - arena->used ||
        (arena->base && bytes > arena->capacity - arena->used)) {
        arena->overflow = 1;
        return NULL;
    }
    unsigned char *taken = arena->base ? arena->base + arena->used : NULL;
    arena->used += bytes;
    return taken;
}
