/* Four floats at once: what the inner loops over leads are written in.  Leads stand side by side
 * and arrays of them are filled up to whole quads, so a frame of 8 leads is two of these, on any
 * compiler that knows vector extensions and on any machine, SIMD or not.  Each lane does the same
 * IEEE arithmetic as a plain float: the same bits. */
#ifndef SECG_BASE_QUAD_H
#define SECG_BASE_QUAD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE4_1__)
#include <smmintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__SSE__)
#include <xmmintrin.h>
#endif

enum { SECG_QUAD = 4 };

/* So many, filled up to whole quads. */
static inline size_t secg_quad_filled(size_t count)
{
    return (count + SECG_QUAD - 1) / SECG_QUAD * SECG_QUAD;
}

/* What is not of the usual way through a function, so that it takes none of its registers. */
#define SECG_OUT_OF_LINE __attribute__((noinline))

enum { SECG_QUADS_MOST = 4 }; /* in a frame of all channels */

/* Inner loops, of which the compiler is to know an argument. */
#define SECG_INLINE static inline __attribute__((always_inline))

typedef float secg_quad __attribute__((vector_size(16)));
typedef int32_t secg_quad_mask __attribute__((vector_size(16)));
typedef int16_t secg_quad_count __attribute__((vector_size(8)));
typedef double secg_quad_sums __attribute__((vector_size(32))); /* sums of whole numbers, exact */

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

/* The lesser and the greater; b where either is NaN, and of two zeros.  SSE has an instruction for
 * just that, but gcc 12 finds it in some of the loops below only, and else takes lanes apart. */
#if defined(__SSE__)
static inline secg_quad secg_quad_min(secg_quad a, secg_quad b)
{
    return (secg_quad)_mm_min_ps((__m128)a, (__m128)b);
}

static inline secg_quad secg_quad_max(secg_quad a, secg_quad b)
{
    return (secg_quad)_mm_max_ps((__m128)a, (__m128)b);
}
#else
static inline secg_quad secg_quad_min(secg_quad a, secg_quad b)
{
    for (int i = 0; i < SECG_QUAD; i++)
        b[i] = a[i] < b[i] ? a[i] : b[i];
    return b;
}

static inline secg_quad secg_quad_max(secg_quad a, secg_quad b)
{
    for (int i = 0; i < SECG_QUAD; i++)
        b[i] = a[i] > b[i] ? a[i] : b[i];
    return b;
}
#endif

/* Values of four bytes, in whole quads: where a call would cost more. */
static inline void secg_quad_copy(void *to, const void *from, size_t count)
{
    for (size_t byte = 0; byte < count * sizeof(float); byte += sizeof(secg_quad)) {
        secg_quad_mask quad;
        memcpy(&quad, (const char *)from + byte, sizeof quad);
        memcpy((char *)to + byte, &quad, sizeof quad);
    }
}

/* Of the four, none of them NaN. */
static inline float secg_quad_lowest(secg_quad a)
{
    secg_quad half = secg_quad_min(a, (secg_quad){a[2], a[3], a[2], a[3]});
    return half[0] < half[1] ? half[0] : half[1];
}

static inline float secg_quad_highest(secg_quad a)
{
    secg_quad half = secg_quad_max(a, (secg_quad){a[2], a[3], a[2], a[3]});
    return half[0] > half[1] ? half[0] : half[1];
}

/* The least of some values side by side, at least one; the last quad reaches back.  Finite or infinite:
 * no NaN. */
static inline float secg_quad_least(const float *x, size_t count)
{
    float least = x[0];
    if (count < SECG_QUAD) {
        for (size_t i = 1; i < count; i++)
            least = x[i] < least ? x[i] : least;
        return least;
    }
    secg_quad four = secg_quad_load(x + count - SECG_QUAD);
    for (size_t i = 0; i + SECG_QUAD < count; i += SECG_QUAD)
        four = secg_quad_min(secg_quad_load(x + i), four);
    return secg_quad_lowest(four);
}

/* And the greatest. */
static inline float secg_quad_greatest(const float *x, size_t count)
{
    float greatest = x[0];
    if (count < SECG_QUAD) {
        for (size_t i = 1; i < count; i++)
            greatest = x[i] > greatest ? x[i] : greatest;
        return greatest;
    }
    secg_quad four = secg_quad_load(x + count - SECG_QUAD);
    for (size_t i = 0; i + SECG_QUAD < count; i += SECG_QUAD)
        four = secg_quad_max(secg_quad_load(x + i), four);
    return secg_quad_highest(four);
}

static inline secg_quad secg_quad_size(secg_quad a)
{
    const secg_quad_mask sign = {INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX};
    return (secg_quad)((secg_quad_mask)a & sign);
}

static inline float secg_quad_total(secg_quad a)
{
    return (a[0] + a[1]) + (a[2] + a[3]);
}

/* Bit i: the mask is set in lane i. */
#if defined(__SSE__)
static inline uint32_t secg_quad_lanes(secg_quad_mask mask)
{
    return (uint32_t)_mm_movemask_ps((__m128)mask);
}
#else
static inline uint32_t secg_quad_lanes(secg_quad_mask mask)
{
    return (uint32_t)((mask[0] & 1) | (mask[1] & 2) | (mask[2] & 4) | (mask[3] & 8));
}
#endif

/* 1 when the mask is set in all four. */
static inline int secg_quad_all_set(secg_quad_mask mask)
{
    return secg_quad_lanes(mask) == 0xf;
}

/* A compiler that converts vectors of counts lane by lane is shown a shorter way, by the halves of
 * whole numbers; the bits are the same. */
#if defined(__clang__) || __GNUC__ >= 12
#define SECG_QUAD_HALVES 1
#else
#define SECG_QUAD_HALVES 0
#endif
typedef int16_t secg_quad_half __attribute__((vector_size(16)));
typedef int64_t secg_quad_pair __attribute__((vector_size(16)));

/* Four whole numbers for sums of them; no function, as not every machine returns so wide a vector.
 * gcc 12 converts them by halves where it is not told better. */
#if defined(__AVX__)
#define SECG_QUAD_TO_SUMS(whole) ((secg_quad_sums)_mm256_cvtepi32_pd((__m128i)(whole)))
#else
#define SECG_QUAD_TO_SUMS(whole) __builtin_convertvector(whole, secg_quad_sums)
#endif

/* Four counts as floats. */
static inline secg_quad secg_quad_from_counts(const int16_t *x)
{
#if defined(__SSE4_1__)
    return (secg_quad)_mm_cvtepi32_ps(_mm_cvtepi16_epi32(_mm_loadl_epi64((const __m128i *)x)));
#elif SECG_QUAD_HALVES
    secg_quad_pair four = {0, 0};
    memcpy(&four, x, sizeof four / 2);
    secg_quad_half twice =
        __builtin_shufflevector((secg_quad_half)four, (secg_quad_half)four, 0, 0, 1, 1, 2, 2, 3, 3);
    return __builtin_convertvector((secg_quad_mask)twice >> 16, secg_quad);
#else
    secg_quad_count q;
    memcpy(&q, x, sizeof q);
    return __builtin_convertvector(q, secg_quad);
#endif
}

/* The same, wherever they stand. */
static inline secg_quad secg_quad_of_counts(int16_t a, int16_t b, int16_t c, int16_t d)
{
#if SECG_QUAD_HALVES
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    secg_quad_half high = {a, 0, b, 0, c, 0, d, 0};
#else
    secg_quad_half high = {0, a, 0, b, 0, c, 0, d};
#endif
    return __builtin_convertvector((secg_quad_mask)high >> 16, secg_quad);
#else
    return (secg_quad){a, b, c, d};
#endif
}

/* Four floats as counts, rounded to nearest, halves to even; they must fit.  NaN becomes INT16_MIN.
 * Elsewhere than on SSE the sum with 1.5 * 2^23 does the rounding. */
static inline void secg_quad_to_counts(int16_t *x, secg_quad q)
{
#if defined(__SSE2__)
    __m128i whole = _mm_cvtps_epi32((__m128)q); /* NaN: INT32_MIN */
    _mm_storel_epi64((__m128i *)x, _mm_packs_epi32(whole, whole));
#else
    const float rounder = 12582912;
    for (int i = 0; i < SECG_QUAD; i++)
        x[i] = q[i] == q[i] ? (int16_t)(q[i] + rounder - rounder) : INT16_MIN;
#endif
}

#endif
