#include "ecg/stride_loop.h"

void SECG_WIDE_NAME(secg_stride_turn_loop)(secg_stride *s, size_t i, secg_stride_turns lines)
{
    secg_wide x = secg_wide_load(s->turn[0] + i), y = secg_wide_load(s->turn[1] + i);
    secg_wide cosine = secg_wide_load(s->step[0] + i), sine = secg_wide_load(s->step[1] + i);
    for (size_t l = 0; l < SECG_STRIDE_LINES; l++) {
        secg_wide_store(lines[l][0] + i, x);
        secg_wide_store(lines[l][1] + i, y);
        secg_wide turned = x * cosine - y * sine;
        y = x * sine + y * cosine;
        x = turned;
    }
    secg_wide_store(s->turn[0] + i, x);
    secg_wide_store(s->turn[1] + i, y);
}

void SECG_WIDE_NAME(secg_stride_line_loop)(const int16_t *moved, size_t beats, size_t stride,
                                           secg_stride_turns lines, float *square)
{
    secg_wide re[SECG_STRIDE_LINES] = {{0}}, im[SECG_STRIDE_LINES] = {{0}};
    for (size_t i = 0; i < beats; i++, moved += stride) {
        secg_wide counts = secg_wide_from_counts(moved);
        for (size_t l = 0; l < SECG_STRIDE_LINES; l++) {
            re[l] += lines[l][0][i] * counts;
            im[l] += lines[l][1][i] * counts;
        }
    }
    for (size_t l = 0; l < SECG_STRIDE_LINES; l++)
        secg_wide_store(square + l * SECG_STRIDE_MAX,
                        (re[l] * re[l] + im[l] * im[l]) *
                            (SECG_SPREAD_MOVED_MV * SECG_SPREAD_MOVED_MV));
}
