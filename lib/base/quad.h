/* Four floats at once: what the inner loops over leads are written in.  Leads stand side by side
 * and arrays of them are filled up to whole quads, so a frame of 8 leads is two of these, on any
 * compiler that knows vector extensions and on any machine, SIMD or not.  Each lane does the same
 * IEEE arithmetic as a plain float: the same bits. */
#ifndef SECG_BASE_QUAD_H
#define SECG_BASE_QUAD_H

#include <stdint.h>
#include <string.h>

enum { SECG_QUAD = 4 };

typedef float secg_quad __attribute__((vector_size(16)));
typedef int32_t secg_quad_mask __attribute__((vector_size(16)));
typedef int16_t secg_quad_count __attribute__((vector_size(8)));

static inline secg_quad secg_quad_load(const float *x)
{
    secg_quad q;
    memcpy(&q, x, sizeof q);
    return q;
}

static inline void secg_quad_store(float *x, secg_quad q)
{
    memcpy(x, &q, sizeof q);
}

static inline secg_quad secg_quad_all(float x)
{
    return (secg_quad){x, x, x, x};
}

/* a where the mask is set, else b. */
static inline secg_quad secg_quad_pick(secg_quad_mask mask, secg_quad a, secg_quad b)
{
    return (secg_quad)(((secg_quad_mask)a & mask) | ((secg_quad_mask)b & ~mask));
}

/* a where the mask is set, else 0. */
static inline secg_quad secg_quad_keep(secg_quad_mask mask, secg_quad a)
{
    return (secg_quad)((secg_quad_mask)a & mask);
}

/* Four counts as floats. */
static inline secg_quad secg_quad_from_counts(const int16_t *x)
{
    secg_quad_count q;
    memcpy(&q, x, sizeof q);
    return __builtin_convertvector(q, secg_quad);
}

/* Four floats as counts, rounded to nearest, halves away from zero; they must fit. */
static inline void secg_quad_to_counts(int16_t *x, secg_quad q)
{
    const secg_quad half = {0.5f, 0.5f, 0.5f, 0.5f};
    q += secg_quad_pick(q < 0.0f, -half, half);
    secg_quad_mask whole = __builtin_convertvector(q, secg_quad_mask);
    secg_quad_count count = __builtin_convertvector(whole, secg_quad_count);
    memcpy(x, &count, sizeof count);
}

#endif
