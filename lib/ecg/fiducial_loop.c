#include "ecg/fiducial_loop.h"

/* The halves of the triangle at the first place, the first with its top, and what all of it holds. */
SECG_INLINE float sum_triangle(const float *mv, int32_t half, float *left, float *right)
{
    float weighed[2 * SECG_FIDUCIAL_SMOOTH + 1 + SECG_FIDUCIAL_BEYOND], sum = 0;
    const secg_wide top = secg_wide_all((float)(2 * half));
    secg_wide rise;
    int32_t q = 0;
    for (int32_t i = 0; i < SECG_WIDE_LANES; i++)
        rise[i] = (float)(i + 1);
    for (; q < 2 * half - 1; q += SECG_WIDE_LANES, rise += (float)SECG_WIDE_LANES)
        secg_wide_store(weighed + q, secg_wide_min(rise, top - rise) * secg_wide_load(mv + q));
    *left = *right = 0;
    for (q = 0; q < half; q++)
        *left += mv[q], sum += weighed[q];
    for (; q < 2 * half - 1; q++)
        *right += mv[q], sum += weighed[q];
    return sum;
}

/* From one place to the next the triangle loses what half of it holds and gains what the other does.  The
 * number of places is odd: it moves twice at a time. */
SECG_INLINE void move_triangle(const float *mv, int32_t half, int32_t places, float *sums)
{
    float move[SECG_FIDUCIAL_PLACES + SECG_FIDUCIAL_BEYOND], left, right;
    float sum = sum_triangle(mv, half, &left, &right);
    const float *middle = mv + half, *next = middle + half - 1;
    for (int32_t i = 0; i < places; i += SECG_WIDE_LANES)
        secg_wide_store(move + i, secg_wide_load(middle + i) - secg_wide_load(mv + i));
    sums[0] = sum;
    for (int32_t i = 0; i < places - 1; i += 2)
        for (int32_t j = i; j < i + 2; j++) {
            right += next[j];
            sum += right - left;
            sums[j + 1] = sum;
            left += move[j];
            right -= middle[j];
        }
}

/* The last vector reaches back. */
SECG_INLINE int32_t find_highest(const float *y, int32_t places)
{
    secg_wide most = secg_wide_load(y + places - 1 - SECG_WIDE_LANES);
    for (int32_t i = 1; i + SECG_WIDE_LANES < places - 1; i += SECG_WIDE_LANES)
        most = secg_wide_max(secg_wide_load(y + i), most);
    float lanes[SECG_WIDE_LANES];
    secg_wide_store(lanes, most);
    secg_quad four = secg_quad_load(lanes);
    for (int32_t i = SECG_QUAD; i < SECG_WIDE_LANES; i += SECG_QUAD)
        four = secg_quad_max(secg_quad_load(lanes + i), four);
    float highest = secg_quad_highest(four);
    for (int32_t i = 1; i < places; i += SECG_WIDE_LANES) {
        uint32_t bits = secg_wide_bits(secg_wide_load(y + i) == highest);
        if (bits)
            return i + __builtin_ctz(bits);
    }
    return -1;
}

SECG_INLINE int32_t find_peak(const float *mv, int32_t half, int32_t places, float sign, float *y)
{
    float sums[SECG_FIDUCIAL_PLACES + SECG_FIDUCIAL_BEYOND];
    move_triangle(mv, half, places, sums);
    if (!(sums[places - 1] - sums[places - 1] == 0)) /* what is missing spoils all sums after it */
        return -1;
    float scale = sign / (float)(half * half);
    for (int32_t i = 0; i < places; i += SECG_WIDE_LANES)
        secg_wide_store(y + i, secg_wide_load(sums + i) * scale);
    return find_highest(y, places);
}

/* At 500 Hz the compiler knows how many there are. */
int32_t SECG_WIDE_NAME(secg_fiducial_loop)(const float *mv, int32_t half, int32_t places,
                                           float sign, float *y)
{
    return half == 6 && places == 19 ? find_peak(mv, 6, 19, sign, y)
                                     : find_peak(mv, half, places, sign, y);
}
