/* What of the display takes memory or prints. */
#include "analyzer/display.h"
#include "base/status.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static secg_status check(const secg_display_config *c, secg_error *error)
{
    if (!c)
        return secg_fail(error, SECG_E_ARGUMENT, "config: NULL");
    if (!(c->rate_hz >= SECG_MIN_RATE_HZ && c->rate_hz <= SECG_MAX_RATE_HZ))
        return secg_fail(error, SECG_E_ARGUMENT, "rate_hz: %g is outside %d .. %d", c->rate_hz,
                         SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ);
    if (c->channels < 1 || c->channels > SECG_MAX_CHANNELS)
        return secg_fail(error, SECG_E_ARGUMENT, "channels: %d is outside 1 .. %d",
                         (int)c->channels, SECG_MAX_CHANNELS);
    if ((unsigned)c->highpass > SECG_DISPLAY_FROM_DC)
        return secg_fail(error, SECG_E_ARGUMENT, "highpass: %d is no setting", (int)c->highpass);
    if ((unsigned)c->lowpass > SECG_DISPLAY_TO_ALL)
        return secg_fail(error, SECG_E_ARGUMENT, "lowpass: %d is no setting", (int)c->lowpass);
    if (c->mains_hz != 0 && c->mains_hz != 50 && c->mains_hz != 60)
        return secg_fail(error, SECG_E_ARGUMENT, "mains_hz: %d is not 0, 50 or 60",
                         (int)c->mains_hz);
    for (size_t i = 0; i < sizeof c->reserved; i++)
        if (c->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved: must be zero");
    return SECG_OK;
}

size_t secg_display_memory(const secg_display_config *config, secg_error *error)
{
    if (check(config, error) != SECG_OK)
        return 0;
    secg_arena measuring = {0};
    secg_display_lay_out(&measuring, config);
    return measuring.used + SECG_ARENA_ALIGN;
}

secg_status secg_display_create(const secg_display_config *config, secg_display **display,
                                secg_error *error)
{
    if (!display)
        return secg_fail(error, SECG_E_ARGUMENT, "display: NULL");
    *display = NULL;
    size_t bytes = secg_display_memory(config, error);
    if (bytes == 0)
        return SECG_E_ARGUMENT;
    unsigned char *block = calloc(1, bytes);
    if (!block)
        return secg_fail(error, SECG_E_MEMORY, "display: %zu bytes could not be taken", bytes);
    size_t misfit = (uintptr_t)block % SECG_ARENA_ALIGN;
    secg_arena arena = {.base = block + (misfit ? SECG_ARENA_ALIGN - misfit : 0),
                        .capacity = bytes - SECG_ARENA_ALIGN};
    *display = secg_display_lay_out(&arena, config);
    (*display)->block = block;
    return SECG_OK;
}

void secg_display_destroy(secg_display *display)
{
    if (display)
        free(display->block);
}

char *secg_display_text(const secg_display_config *c, char *text, size_t size)
{
    if (size == 0)
        return text;
    char from[16] = "DC", mains[24] = "";
    double low = secg_display_highpass_hz(c->highpass), high = secg_display_lowpass_hz(c->lowpass);
    if (low > 0)
        snprintf(from, sizeof from, "%g", low);
    if (c->mains_hz)
        snprintf(mains, sizeof mains, ", %d Hz notch", (int)c->mains_hz);
    if (high == 0 || high > c->rate_hz / 2)
        high = c->rate_hz / 2;
    snprintf(text, size, "%s-%g Hz%s", from, high, mains);
    return text;
}
