/* The only place where an analyser meets the host's allocator. */
#include "analyzer/layout.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

static secg_status check(const secg_analyzer_config *config, secg_error *error)
{
    if (!config)
        return secg_fail(error, SECG_E_ARGUMENT, "config: NULL");
    secg_status status = secg_signal_check(&config->signal, error);
    if (status != SECG_OK)
        return status;
    if (config->mains_hz != 0 && config->mains_hz != 50 && config->mains_hz != 60)
        return secg_fail(error, SECG_E_ARGUMENT, "mains_hz: %d is not 0, 50 or 60",
                         (int)config->mains_hz);
    if ((unsigned)config->st_point > SECG_ST_JRR16)
        return secg_fail(error, SECG_E_ARGUMENT, "st_point: %d is no point of the ST segment",
                         (int)config->st_point);
    if (config->event_capacity != 0 && (config->event_capacity < SECG_EVENT_CAPACITY_LEAST ||
                                        config->event_capacity > SECG_EVENT_CAPACITY_MOST))
        return secg_fail(error, SECG_E_ARGUMENT, "event_capacity: %u is outside %d .. %d",
                         (unsigned)config->event_capacity, SECG_EVENT_CAPACITY_LEAST,
                         SECG_EVENT_CAPACITY_MOST);
    if (config->no_search_back > 1 || config->no_st > 1 || config->no_labels > 1 ||
        config->no_qrs > 1)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "no_search_back, no_st, no_labels, no_qrs: must be 0 or 1");
    if (config->no_labels && !config->no_st)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "no_labels: needs no_st, ST is measured on beats by their labels");
    for (size_t i = 0; i < sizeof config->reserved; i++)
        if (config->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved: must be zero");
    return SECG_OK;
}

size_t secg_analyzer_memory(const secg_analyzer_config *config, secg_error *error)
{
    if (check(config, error) != SECG_OK)
        return 0;
    secg_arena measuring = {0};
    secg_analyzer_lay_out(&measuring, config);
    if (measuring.overflow) {
        secg_fail(error, SECG_E_ARGUMENT, "configuration: too large for this machine");
        return 0;
    }
    return measuring.used + SECG_ARENA_ALIGN;
}

secg_status secg_analyzer_create(const secg_analyzer_config *config, secg_analyzer **analyzer,
                                 secg_error *error)
{
    if (!analyzer)
        return secg_fail(error, SECG_E_ARGUMENT, "analyzer: NULL");
    *analyzer = NULL;
    size_t bytes = secg_analyzer_memory(config, error);
    if (bytes == 0)
        return SECG_E_ARGUMENT;
    unsigned char *block = malloc(bytes);
    if (!block)
        return secg_fail(error, SECG_E_MEMORY, "analyser: %zu bytes could not be taken", bytes);
    memset(block, 0, bytes);
    size_t misfit = (uintptr_t)block % SECG_ARENA_ALIGN;
    secg_arena arena = {.base = block + (misfit ? SECG_ARENA_ALIGN - misfit : 0),
                        .capacity = bytes - SECG_ARENA_ALIGN};
    *analyzer = secg_analyzer_lay_out(&arena, config);
    (*analyzer)->block = block;
    return SECG_OK;
}

void secg_analyzer_destroy(secg_analyzer *analyzer)
{
    if (analyzer)
        free(analyzer->block);
}
