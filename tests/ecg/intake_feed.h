/* An intake in memory of its own, and what is pushed to it frame by frame. */
#ifndef TESTS_ECG_INTAKE_FEED_H
#define TESTS_ECG_INTAKE_FEED_H

#include "ecg/intake.h"

#include <stdlib.h>
#include <string.h>

/* To be freed. */
static inline void *make_intake(secg_intake *in, double rate_hz, size_t channels, size_t stride)
{
    secg_arena arena = {0};
    secg_intake_lay_out(in, &arena, rate_hz, channels, stride);
    size_t capacity = (arena.used + SECG_ARENA_ALIGN - 1) / SECG_ARENA_ALIGN * SECG_ARENA_ALIGN;
    void *memory = aligned_alloc(SECG_ARENA_ALIGN, capacity);
    memset(memory, 0, capacity);
    arena = (secg_arena){.base = memory, .capacity = capacity};
    secg_intake_lay_out(in, &arena, rate_hz, channels, stride);
    secg_intake_reset(in);
    return memory;
}

/* A frame of one lead, 0 in what its row is filled up with; 1: so many steps are complete. */
static inline int take_frame(secg_intake *in, float mv, int32_t due)
{
    size_t room;
    float *row = secg_intake_room(in, &room);
    memset(row, 0, in->stride * sizeof *row);
    row[0] = mv;
    return secg_intake_take(in, 1) && in->phase >= due * in->factor;
}

static inline unsigned draw(unsigned *seed, unsigned below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

#endif
