/* Logarithm and exponential of floats, good to two units in the last place: for evidence and levels, of
 * which there are many.  They need no call and no table, a vector takes as long as one, and every lane gives
 * the bits of a plain float.  Nothing that is decided by them depends on which libm a machine has. */
#ifndef SECG_BASE_LOG_H
#define SECG_BASE_LOG_H

#include "base/wide.h"

/* x = 2^n m, m = 1 + f between the roots of 1/2 and of 2; with s = f / (2 + f)
 *
 *     log m = 2 s + s^3 P(s^2) = f - s (f - s^2 P(s^2)),
 *
 * which is f, exact, and little else.  2^n is left as it stands in a float, 23 bits up. */
#define SECG_LOG_ROOT_OF_HALF 0x3f3504f3 /* its bits                                             */
#define SECG_LOG_POWER        (-0x800000)
#define SECG_LOG_OF_POWER     (0.693147182f / 0x800000)
#define SECG_LOG_SERIES(z)    ((z) * (0.66666776f + (z) * (0.39977537f + (z)*0.29871862f)))

/* x = n log 2 + r, |r| up to half of log 2; a part of log 2 is taken n times first that leaves no error.
 * 1.5 * 2^23 rounds to the whole n and leaves it in the lowest bits. */
#define SECG_EXP_ROUNDER 12582912.0f
#define SECG_EXP_MOST    0.693359375f /* of log 2, and the rest                               */
#define SECG_EXP_REST    -2.12194440e-4f
#define SECG_EXP_HIGH(r) (0.041668387f + (r) * (0.0083687098f + (r)*0.0013814613f))
#define SECG_EXP_SERIES(r)                                                                         \
    (1.0f + (r) * (1.0f + (r) * (0.49999993f + (r) * (0.16666521f + (r)*SECG_EXP_HIGH(r)))))

/* Of a positive number that is neither infinite nor denormal. */
static inline float secg_log(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t power = (bits - SECG_LOG_ROOT_OF_HALF) & SECG_LOG_POWER;
    bits -= power;
    memcpy(&x, &bits, sizeof bits);
    float f = x - 1.0f, s = f / (f + 2.0f);
    return (f - s * (f - SECG_LOG_SERIES(s * s))) + (float)power * SECG_LOG_OF_POWER;
}

/* From -87 to 88; beyond it is as there. */
static inline float secg_exp(float x)
{
    x = x > -87.0f ? x : -87.0f;
    x = x < 88.0f ? x : 88.0f;
    float whole = x * 1.44269504f + SECG_EXP_ROUNDER, n = whole - SECG_EXP_ROUNDER;
    float r = (x - n * SECG_EXP_MOST) - n * SECG_EXP_REST, y = SECG_EXP_SERIES(r);
    uint32_t power, bits;
    memcpy(&power, &whole, sizeof power);
    memcpy(&bits, &y, sizeof bits);
    bits += power << 23;
    memcpy(&y, &bits, sizeof y);
    return y;
}

/* The same of vectors; a lane beyond the range of exp means nothing. */
#define SECG_LOG_OF_VECTORS(vector, mask)                                                          \
    static inline vector vector##_log(vector x)                                                    \
    {                                                                                              \
        mask power = ((mask)x - SECG_LOG_ROOT_OF_HALF) & SECG_LOG_POWER;                           \
        vector f = (vector)((mask)x - power) - 1.0f, s = f / (f + 2.0f);                           \
        vector of_power = __builtin_convertvector(power, vector) * SECG_LOG_OF_POWER;              \
        return (f - s * (f - SECG_LOG_SERIES(s * s))) + of_power;                                  \
    }                                                                                              \
    static inline vector vector##_exp(vector x)                                                    \
    {                                                                                              \
        vector whole = x * 1.44269504f + SECG_EXP_ROUNDER, n = whole - SECG_EXP_ROUNDER;           \
        vector r = (x - n * SECG_EXP_MOST) - n * SECG_EXP_REST;                                    \
        return (vector)((mask)(SECG_EXP_SERIES(r)) + ((mask)whole << 23));                         \
    }

SECG_LOG_OF_VECTORS(secg_quad, secg_quad_mask)
#if defined(SECG_WIDE_AVX8)
SECG_LOG_OF_VECTORS(secg_wide, secg_wide_mask)
#else
#define secg_wide_log secg_quad_log
#define secg_wide_exp secg_quad_exp
#endif

#endif
