/* An analyser for the beats and the engine of ecg/waves.c beside it, fed with the same frames. */
#include <stressecg/delineate.h>

#include "analyzer/analyzer.h"
#include "analyzer/input.h"
#include "base/status.h"
#include "ecg/waves.h"

#include <stdlib.h>
#include <string.h>

struct secg_delineation {
    secg_analyzer *ecg;
    secg_input input;
    secg_waves waves;
    size_t leads;
    int flushed, has_next;
    secg_waves_marks next;
    void *block;
};

static secg_status check(const secg_delineation_config *config, secg_error *error)
{
    if (!config)
        return secg_fail(error, SECG_E_ARGUMENT, "config: NULL");
    for (size_t i = 0; i < sizeof config->reserved; i++)
        if (config->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved: must be zero");
    return SECG_OK;
}

static secg_status lay_out_waves(secg_delineation *d, const secg_delineation_config *config,
                                 secg_error *error)
{
    secg_lead_source lead[SECG_MAX_LEADS];
    d->leads = secg_input_leads(&d->input, &config->signal, lead);
    secg_waves_config c = {.rate_hz = config->signal.rate_hz,
                           .channels = d->input.channels,
                           .leads = lead,
                           .lead_count = d->leads,
                           .mains_hz = config->mains_hz};
    secg_arena arena = {0};
    secg_waves_lay_out(&d->waves, &arena, &c);
    size_t bytes = arena.used + SECG_ARENA_ALIGN;
    d->block = malloc(bytes);
    if (!d->block)
        return secg_fail(error, SECG_E_MEMORY, "delineation: %zu bytes could not be taken", bytes);
    memset(d->block, 0, bytes);
    size_t misfit = (uintptr_t)d->block % SECG_ARENA_ALIGN;
    arena =
        (secg_arena){.base = (unsigned char *)d->block + (misfit ? SECG_ARENA_ALIGN - misfit : 0),
                     .capacity = bytes - SECG_ARENA_ALIGN};
    secg_waves_lay_out(&d->waves, &arena, &c);
    secg_history_reset(&d->waves.history);
    return SECG_OK;
}

secg_status secg_delineation_create(const secg_delineation_config *config,
                                    secg_delineation **delineation, secg_error *error)
{
    if (!delineation)
        return secg_fail(error, SECG_E_ARGUMENT, "delineation: NULL");
    *delineation = NULL;
    secg_status status = check(config, error);
    if (status != SECG_OK)
        return status;
    secg_delineation *d = calloc(1, sizeof *d);
    if (!d)
        return secg_fail(error, SECG_E_MEMORY, "delineation: %zu bytes could not be taken",
                         sizeof *d);
    status = secg_analyzer_create(
        &(secg_analyzer_config){.signal = config->signal, .mains_hz = config->mains_hz, .no_st = 1},
        &d->ecg, error);
    if (status == SECG_OK) {
        secg_input_init(&d->input, &config->signal);
        status = lay_out_waves(d, config, error);
    }
    if (status != SECG_OK) {
        secg_delineation_destroy(d);
        return status;
    }
    *delineation = d;
    return SECG_OK;
}

void secg_delineation_destroy(secg_delineation *d)
{
    if (!d)
        return;
    secg_analyzer_destroy(d->ecg);
    free(d->block);
    free(d);
}

static void take_beats(secg_delineation *d)
{
    for (secg_event event; secg_analyzer_poll(d->ecg, &event) == SECG_OK;)
        if (event.kind == SECG_EVENT_BEAT)
            secg_waves_beat_found(&d->waves, &event.beat);
}

secg_status secg_delineation_push_i32(secg_delineation *d, const int32_t *counts, size_t frames,
                                      size_t *taken)
{
    if (taken)
        *taken = 0;
    if (!d || !taken || (!counts && frames > 0))
        return SECG_E_ARGUMENT;
    if (d->flushed)
        return SECG_E_STATE;
    for (; *taken < frames; ++*taken, counts += d->input.stride) {
        size_t one;
        float mv[SECG_MAX_CHANNELS];
        if (!d->has_next)
            d->has_next = secg_waves_next(&d->waves, &d->next);
        if (d->has_next)
            return SECG_AGAIN;
        secg_analyzer_push_i32(d->ecg, counts, 1, &one);
        take_beats(d);
        secg_input_i32(&d->input, counts, 1, mv, SECG_MAX_CHANNELS);
        secg_waves_push(&d->waves, mv);
    }
    return SECG_OK;
}

secg_status secg_delineation_poll(secg_delineation *d, secg_delineated_beat *beat)
{
    if (!d || !beat)
        return SECG_E_ARGUMENT;
    if (!d->has_next && !secg_waves_next(&d->waves, &d->next))
        return d->flushed ? SECG_END : SECG_AGAIN;
    d->has_next = 0;
    *beat = (secg_delineated_beat){.beat = d->next.beat,
                                   .beats = d->next.beats,
                                   .leads = (uint32_t)d->leads,
                                   .global = secg_marks_public(&d->next.global)};
    for (size_t k = 0; k < d->leads; k++)
        beat->lead[k] = secg_marks_public(&d->next.lead[k]);
    return SECG_OK;
}

secg_status secg_delineation_flush(secg_delineation *d)
{
    if (!d)
        return SECG_E_ARGUMENT;
    if (d->flushed)
        return SECG_OK;
    while (secg_analyzer_flush(d->ecg) == SECG_AGAIN)
        take_beats(d);
    take_beats(d);
    secg_waves_flush(&d->waves);
    d->flushed = 1;
    return SECG_OK;
}
