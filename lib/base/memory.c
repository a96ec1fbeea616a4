#include "base/memory.h"

#include "base/status.h"

#include <stdlib.h>

secg_status secg_memory_check(const secg_memory *memory, secg_error *error)
{
    if (!memory->take == !memory->give && (memory->take || !memory->rest))
        return SECG_OK;
    return secg_fail(error, SECG_E_ARGUMENT, "memory.%s: missing", memory->take ? "give" : "take");
}

void *secg_memory_take(const secg_memory *memory, size_t bytes)
{
    return memory->take ? memory->take(memory->context, bytes) : calloc(1, bytes);
}

void secg_memory_give(const secg_memory *memory, void *at, size_t bytes)
{
    if (!memory->give)
        free(at);
    else if (at)
        memory->give(memory->context, at, bytes);
}

void secg_memory_rest(const secg_memory *memory, size_t index)
{
    if (memory->rest && index % SECG_REST_ITEMS == SECG_REST_ITEMS - 1)
        memory->rest(memory->context);
}
