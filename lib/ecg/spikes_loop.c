/* Which leads are worth being looked at one by one: see ecg/spikes.c. */
#include "ecg/spikes_loop.h"

enum { TOGETHER = 5 }; /* rows between which nothing is counted */

static inline secg_wide frame(const float *mv, size_t stride, int32_t i)
{
    return secg_wide_load(mv + (size_t)i * stride);
}

/* How far a row is from `level`. */
static inline secg_wide size_at(const float *mv, secg_wide level)
{
    return secg_wide_size(secg_wide_load(mv) - level);
}

/* The largest deflections from `level`, at least an edge. */
static secg_wide deflections(const secg_spikes *s, const float *mv, size_t stride, secg_wide level)
{
    secg_wide e = secg_wide_all(SECG_INTAKE_EDGE_MV);
    int32_t left = s->to - s->from;
    mv += (size_t)s->from * stride;
    for (; left >= TOGETHER; left -= TOGETHER, mv += TOGETHER * stride)
        for (size_t n = 0; n < TOGETHER; n++)
            e = secg_wide_max(size_at(mv + n * stride, level), e);
    for (; left > 0; left--, mv += stride)
        e = secg_wide_max(size_at(mv, level), e);
    return e;
}

/* By a value of each step: at most two may stand out, and not the last.  A QRS complex mostly ends
 * here. */
static secg_wide_mask may_hold(const secg_spikes *s, const float *mv, size_t stride, int32_t factor)
{
    secg_wide level = 0.5f * (frame(mv, stride, 0) + frame(mv, stride, s->flank - 1));
    secg_wide e = deflections(s, mv, stride, level);
    secg_wide_mask large = e > SECG_INTAKE_EDGE_MV, out = {0}, last = {0};
    for (int32_t i = s->from - 1; i < s->count; i += factor) {
        last = secg_wide_size(frame(mv, stride, i) - level) > 0.5f * e;
        out -= last;
    }
    return large & ~last & (out <= s->most_steps);
}

/* No more frames stand out than a spike may last, as it is looked for in the end: most that may hold
 * one do not. */
static secg_wide_mask is_brief(const secg_spikes *s, const float *mv, size_t stride)
{
    secg_wide sum = secg_wide_all(0);
    secg_wide_mask out = {0};
    for (int32_t i = 0; i < s->flank; i++)
        sum += frame(mv, stride, i);
    secg_wide level = sum / (float)s->flank;
    secg_wide e = SECG_SPIKES_REST * deflections(s, mv, stride, level);
    int32_t left = s->count;
    for (; left >= TOGETHER; left -= TOGETHER, mv += TOGETHER * stride)
        for (size_t n = 0; n < TOGETHER; n++)
            out -= size_at(mv + n * stride, level) > e;
    for (; left > 0; left--, mv += stride)
        out -= size_at(mv, level) > e;
    return out <= s->most_frames;
}

uint32_t SECG_WIDE_NAME(secg_spikes_loop)(const secg_spikes *s, const float *mv, size_t stride,
                                          int32_t factor)
{
    secg_wide_mask candidate = may_hold(s, mv, stride, factor);
    if (secg_wide_bits(candidate) != 0)
        candidate &= is_brief(s, mv, stride);
    return secg_wide_bits(candidate);
}
