/* Loops over leads that are worth more than four at a time.  Each is written once, in a file of its own
 * (NAME_loop.c), and compiled as often as there are widths (lib/meson.build): for vectors of four floats
 * as any machine has them, and, where the compiler knows AVX2, for four and for eight of those.  Which of
 * them runs is found out when it is called, by what the processor says of itself.  Every lane does the
 * same operations in the same order whatever the width, so the bits are the same.
 *
 * A loop takes so many leads from a column on, over all rows that it is given; the caller goes through
 * the columns:
 *
 *     for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
 *         SECG_WIDE(secg_some_loop, stride - k)(x + k, stride, rows);
 *
 * Rows are filled up to whole quads (base/quad.h): a column of four is left where eight do not fit. */
#ifndef SECG_BASE_WIDE_H
#define SECG_BASE_WIDE_H

#include "base/quad.h"

#include <stddef.h>

#if defined(SECG_HAVE_AVX2) && SECG_HAVE_AVX2
#define SECG_WIDE_DECLARE(type, name, ...)                                                         \
    type name##_plain(__VA_ARGS__);                                                                \
    type name##_avx4(__VA_ARGS__);                                                                 \
    type name##_avx8(__VA_ARGS__)

static inline int secg_wide_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

/* How many of the leads that are left a loop takes at once. */
static inline size_t secg_wide_lanes(size_t left)
{
    return left >= 2 * SECG_QUAD && secg_wide_has_avx2() ? 2 * SECG_QUAD : SECG_QUAD;
}

#define SECG_WIDE(name, left)                                                                      \
    (!secg_wide_has_avx2() ? name##_plain : (left) >= 2 * SECG_QUAD ? name##_avx8 : name##_avx4)
#else
#define SECG_WIDE_DECLARE(type, name, ...) type name##_plain(__VA_ARGS__)

static inline size_t secg_wide_lanes(size_t left)
{
    (void)left;
    return SECG_QUAD;
}

#define SECG_WIDE(name, left) ((void)(left), name##_plain)
#endif

/* What loops are written in: secg_wide is a vector of SECG_WIDE_LANES floats. */
#if defined(SECG_WIDE_AVX8)
#include <immintrin.h>

enum { SECG_WIDE_LANES = 2 * SECG_QUAD };
#define SECG_WIDE_NAME(name) name##_avx8

typedef float secg_wide __attribute__((vector_size(32)));
typedef int32_t secg_wide_mask __attribute__((vector_size(32)));

static inline secg_wide secg_wide_all(float x)
{
    return (secg_wide){x, x, x, x, x, x, x, x};
}

static inline secg_wide secg_wide_min(secg_wide a, secg_wide b)
{
    return (secg_wide)_mm256_min_ps((__m256)a, (__m256)b);
}

static inline secg_wide secg_wide_max(secg_wide a, secg_wide b)
{
    return (secg_wide)_mm256_max_ps((__m256)a, (__m256)b);
}

static inline secg_wide secg_wide_from_counts(const int16_t *x)
{
    __m128i counts = _mm_loadu_si128((const __m128i *)x);
    return (secg_wide)_mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(counts));
}

static inline void secg_wide_to_counts(int16_t *x, secg_wide v)
{
    __m256i whole = _mm256_cvtps_epi32((__m256)v);
    __m128i low = _mm256_castsi256_si128(whole), high = _mm256_extracti128_si256(whole, 1);
    _mm_storeu_si128((__m128i *)x, _mm_packs_epi32(low, high));
}

/* Bit i: the mask is set in lane i. */
static inline uint32_t secg_wide_bits(secg_wide_mask mask)
{
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
}

static inline int secg_wide_all_set(secg_wide_mask mask)
{
    return secg_wide_bits(mask) == 0xff;
}

/* Every step'th value. */
static inline secg_wide secg_wide_apart(const float *x, size_t step)
{
    return (secg_wide){x[0],        x[step],     x[2 * step], x[3 * step],
                       x[4 * step], x[5 * step], x[6 * step], x[7 * step]};
}

/* Every fifth value from x on, and from each of the four places behind it.  Five quads hold four values of
 * each: one in each of four quads, and each in another lane, so that at most a turn brings them in order. */
#if defined(__clang__) || __GNUC__ >= 12
static inline secg_wide secg_wide_two_quads(const float *a, const float *b)
{
    __m256 both = _mm256_castps128_ps256(_mm_loadu_ps(a));
    return (secg_wide)_mm256_insertf128_ps(both, _mm_loadu_ps(b), 1);
}

/* The first lane of a, the second of b and so on, in either half. */
static inline secg_wide secg_wide_each(secg_wide a, secg_wide b, secg_wide c, secg_wide d)
{
    secg_wide ab = __builtin_shufflevector(a, b, 0, 9, 2, 3, 4, 13, 6, 7);
    secg_wide abc = __builtin_shufflevector(ab, c, 0, 1, 10, 3, 4, 5, 14, 7);
    return __builtin_shufflevector(abc, d, 0, 1, 2, 11, 4, 5, 6, 15);
}

static inline void secg_wide_fives(secg_wide *five, const float *x)
{
    secg_wide v[5];
    for (size_t i = 0; i < 5; i++)
        v[i] = secg_wide_two_quads(x + i * SECG_QUAD, x + (i + 5) * SECG_QUAD);
    secg_wide one = secg_wide_each(v[4], v[0], v[1], v[2]);
    secg_wide two = secg_wide_each(v[3], v[4], v[0], v[1]);
    secg_wide three = secg_wide_each(v[2], v[3], v[4], v[0]);
    five[0] = secg_wide_each(v[0], v[1], v[2], v[3]);
    five[1] = __builtin_shufflevector(one, one, 1, 2, 3, 0, 5, 6, 7, 4);
    five[2] = __builtin_shufflevector(two, two, 2, 3, 0, 1, 6, 7, 4, 5);
    five[3] = __builtin_shufflevector(three, three, 3, 0, 1, 2, 7, 4, 5, 6);
    five[4] = secg_wide_each(v[1], v[2], v[3], v[4]);
}
#define SECG_WIDE_HAS_FIVES 1
#endif

/* Each lane from the one before it, the first from the last of `before`. */
static inline secg_wide secg_wide_push(secg_wide a, secg_wide before)
{
    return (secg_wide){before[7], a[0], a[1], a[2], a[3], a[4], a[5], a[6]};
}
#elif defined(SECG_WIDE_PLAIN) || defined(SECG_WIDE_AVX4)
enum { SECG_WIDE_LANES = SECG_QUAD };
#if defined(SECG_WIDE_AVX4)
#define SECG_WIDE_NAME(name) name##_avx4
#else
#define SECG_WIDE_NAME(name) name##_plain
#endif

typedef secg_quad secg_wide;
typedef secg_quad_mask secg_wide_mask;
#define secg_wide_all         secg_quad_all
#define secg_wide_min         secg_quad_min
#define secg_wide_max         secg_quad_max
#define secg_wide_bits        secg_quad_lanes
#define secg_wide_all_set     secg_quad_all_set
#define secg_wide_from_counts secg_quad_from_counts
#define secg_wide_to_counts   secg_quad_to_counts

static inline secg_wide secg_wide_apart(const float *x, size_t step)
{
    return (secg_wide){x[0], x[step], x[2 * step], x[3 * step]};
}

static inline secg_wide secg_wide_push(secg_wide a, secg_wide before)
{
    return (secg_wide){before[3], a[0], a[1], a[2]};
}
#endif

#if defined(SECG_WIDE_NAME)
#if !defined(SECG_WIDE_HAS_FIVES)
static inline void secg_wide_fives(secg_wide *five, const float *x)
{
    for (size_t i = 0; i < 5; i++)
        five[i] = secg_wide_apart(x + i, 5);
}
#endif

static inline secg_wide secg_wide_load(const float *x)
{
    secg_wide v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline void secg_wide_store(float *x, secg_wide v)
{
    memcpy(x, &v, sizeof v);
}

/* Whole numbers. */
static inline secg_wide_mask secg_wide_load_whole(const int32_t *x)
{
    secg_wide_mask v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline void secg_wide_store_whole(int32_t *x, secg_wide_mask v)
{
    memcpy(x, &v, sizeof v);
}

/* Counts: in the lower half of a vector of eight where there are four. */
typedef int16_t secg_wide_count __attribute__((vector_size(16)));

static inline secg_wide_count secg_wide_load_counts(const int16_t *x)
{
    secg_wide_count v = {0};
    memcpy(&v, x, SECG_WIDE_LANES * sizeof *x);
    return v;
}

#if defined(__SSE2__)
static inline secg_wide_count secg_wide_min_counts(secg_wide_count a, secg_wide_count b)
{
    return (secg_wide_count)_mm_min_epi16((__m128i)a, (__m128i)b);
}

static inline secg_wide_count secg_wide_max_counts(secg_wide_count a, secg_wide_count b)
{
    return (secg_wide_count)_mm_max_epi16((__m128i)a, (__m128i)b);
}
#else
static inline secg_wide_count secg_wide_min_counts(secg_wide_count a, secg_wide_count b)
{
    secg_wide_count less = a < b;
    return (a & less) | (b & ~less);
}

static inline secg_wide_count secg_wide_max_counts(secg_wide_count a, secg_wide_count b)
{
    secg_wide_count less = a < b;
    return (b & less) | (a & ~less);
}
#endif

/* Sizes of whole numbers. */
static inline secg_wide_mask secg_wide_size_whole(secg_wide_mask a)
{
#if defined(SECG_WIDE_AVX8)
    return (secg_wide_mask)_mm256_abs_epi32((__m256i)a);
#elif defined(__SSE4_1__)
    return (secg_wide_mask)_mm_abs_epi32((__m128i)a);
#else
    secg_wide_mask sign = a >> 31;
    return (a ^ sign) - sign;
#endif
}

static inline secg_wide secg_wide_keep(secg_wide_mask mask, secg_wide a)
{
    return (secg_wide)((secg_wide_mask)a & mask);
}

static inline secg_wide secg_wide_size(secg_wide a)
{
    return (secg_wide)((secg_wide_mask)a & INT32_MAX);
}
#endif

#endif
