#include "ecg/spread_loop.h"

#include "ecg/grid.h"

void SECG_WIDE_NAME(secg_spread_loop)(const int16_t *x, const float *mean, const float *level,
                                      const float *slope, size_t rows, size_t stride,
                                      float *level_sum, float *slope_sum)
{
    secg_wide of_level = secg_wide_all(0), of_slope = secg_wide_all(0);
    for (; rows > 0; rows--, x += stride, mean += stride, level++, slope++) {
        if (*level == 0.0f && *slope == 0.0f)
            continue;
        secg_wide off = secg_wide_from_counts(x) * SECG_GRID_MV - secg_wide_load(mean);
        of_level += *level * off;
        of_slope += *slope * off;
    }
    secg_wide_store(level_sum, of_level);
    secg_wide_store(slope_sum, of_slope);
}
