/* Every loop that is compiled for several widths gives the same bits in all of them. */
#include "analyzer/input_loop.h"
#include "dsp/baseline_loop.h"
#include "dsp/fir_loop.h"
#include "dsp/highpass_loop.h"
#include "dsp/mains_loop.h"
#include "ecg/align_loop.h"
#include "ecg/average_loop.h"
#include "ecg/classify_loop.h"
#include "ecg/cut_loop.h"
#include "ecg/decision_loop.h"
#include "ecg/delineate_loop.h"
#include "ecg/fiducial_loop.h"
#include "ecg/grid.h"
#include "ecg/intake_loop.h"
#include "ecg/lone_loop.h"
#include "ecg/qrs_feature_loop.h"
#include "ecg/shapes_loop.h"
#include "ecg/spikes_loop.h"
#include "ecg/spread_loop.h"
#include "ecg/stride_loop.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#if !SECG_HAVE_AVX2
Test(loops, one_width_only)
{
    cr_skip_test("there is nothing to compare");
}
#else
enum { STRIDE = 12, ROWS = 40, CELLS = STRIDE * ROWS, COLUMN = 8 };

static float value[CELLS], other[CELLS];
static int16_t count[CELLS];

static void fill(void)
{
    uint32_t state = 12345;
    for (size_t i = 0; i < CELLS; i++) {
        state = state * 1664525 + 1013904223;
        value[i] = (float)(int32_t)state * 1e-9f;
        other[i] = (float)(int32_t)(state << 7) * 1e-9f;
        count[i] = (int16_t)(state >> 16);
    }
    value[77] = NAN;
    count[99] = INT16_MIN;
}

/* The first eight leads by one width after the other: four and four twice, then eight. */
#define EACH_WIDTH(name, call)                                                                     \
    do {                                                                                           \
        static float out[3][CELLS];                                                                \
        if (!secg_wide_has_avx2())                                                                 \
            cr_skip_test("no AVX2 here");                                                          \
        fill();                                                                                    \
        for (size_t k = 0; k < COLUMN; k += SECG_QUAD)                                             \
            call(name##_plain, k, out[0]);                                                         \
        for (size_t k = 0; k < COLUMN; k += SECG_QUAD)                                             \
            call(name##_avx4, k, out[1]);                                                          \
        call(name##_avx8, (size_t)0, out[2]);                                                      \
        cr_expect_eq(memcmp(out[0], out[1], sizeof out[0]), 0);                                    \
        cr_expect_eq(memcmp(out[0], out[2], sizeof out[0]), 0);                                    \
    } while (0)
#define LOOP(name, call)                                                                           \
    Test(loops, name)                                                                              \
    {                                                                                              \
        EACH_WIDTH(secg_##name##_loop, call);                                                      \
    }

/* What is not known spoils a column by itself, whatever its width: only finite values here. */
static const float *known(void)
{
    value[77] = 0.5f;
    return value;
}

#define MAINS(loop, k, out)                                                                        \
    do {                                                                                           \
        static secg_mains_phase phase;                                                             \
        static secg_mains mains;                                                                   \
        if ((k) == 0)                                                                              \
            secg_mains_init(&mains, 500, COLUMN, 50);                                              \
        phase.frames = SECG_MAINS_RUN;                                                             \
        memcpy(phase.now, other, sizeof phase.now);                                                \
        memcpy(phase.learn, other + 100, sizeof phase.learn);                                      \
        for (size_t i = 0; i < COLUMN; i++)                                                        \
            mains.started[i] = 1;                                                                  \
        cr_expect(loop(&mains, &phase, k, known() + (k), (out) + (k), STRIDE));                    \
        memcpy((out) + SECG_MAINS_RUN * STRIDE, mains.spread, COLUMN * sizeof(float));             \
    } while (0)
LOOP(mains, MAINS)

#define HIGHPASS(loop, k, out)                                                                     \
    do {                                                                                           \
        static secg_highpass highpass;                                                             \
        if ((k) == 0)                                                                              \
            secg_highpass_init(&highpass, 500, 0.5, COLUMN);                                       \
        cr_expect(loop(&highpass, k, known() + (k), (out) + (k), ROWS, STRIDE));                   \
    } while (0)
LOOP(highpass, HIGHPASS)

#define FIR(loop, k, out) loop(other, 5, value + 5 * STRIDE + (k), (out) + (k), 23, STRIDE)
LOOP(fir, FIR)

#define BASELINE_ADD(loop, k, out) loop(value + (k), ROWS, STRIDE, (out) + (k))
LOOP(baseline_add, BASELINE_ADD)

#define BASELINE_MEAN(loop, k, out)                                                                \
    loop(value + ROWS / 2 * STRIDE + (k), other, ROWS / 2 - 1, 17, STRIDE, (out) + (k))
LOOP(baseline_mean, BASELINE_MEAN)

#define BASELINE_WEIGH(loop, k, out) loop(value + (k), other, ROWS, 17, STRIDE, (out) + (k))
LOOP(baseline_weigh, BASELINE_WEIGH)

#define INPUT(loop, k, out)                                                                        \
    loop(count + (k), ROWS, STRIDE, value + (k), other + (k), (out) + (k), STRIDE)
LOOP(input, INPUT)

/* Whole blocks of rows, and one cut short. */
#define AVERAGE_SUM(loop, k, out)                                                                  \
    do {                                                                                           \
        const int16_t *x[] = {count, count + 96, count + 240};                                     \
        const float *weight[] = {other, other + 60, other + 90};                                   \
        loop(x, weight, 3, SECG_AVERAGE_ROWS, STRIDE, k, out, (out) + 8 * SECG_STRIDE_MAX);        \
        loop(x, weight, 3, 5, STRIDE, k, (out) + 10 * SECG_STRIDE_MAX,                             \
             (out) + 16 * SECG_STRIDE_MAX);                                                        \
    } while (0)
LOOP(average_sum, AVERAGE_SUM)

#define AVERAGE_TORN(loop, k, out)                                                                 \
    loop(count + (k), 8, STRIDE, other + (k), (out) + (k), (out) + 8 * SECG_STRIDE_MAX + (k))
LOOP(average_torn, AVERAGE_TORN)

#define AVERAGE_MEAN(loop, k, out) loop(value + (k), other + (k), 0, 8, STRIDE, (out) + (k))
LOOP(average_mean, AVERAGE_MEAN)

#define AVERAGE_SQUARE(loop, k, out) loop(count + (k), value + (k), ROWS, STRIDE, (out) + (k))
LOOP(average_square, AVERAGE_SQUARE)

/* Steps up to one with a value that is not known; the extremes and what else was found behind the sums. */
#define INTAKE(loop, k, out)                                                                       \
    do {                                                                                           \
        static float low[COLUMN], high[COLUMN];                                                    \
        static const int32_t beyond[COLUMN] = {[COLUMN - 1] = -1};                                 \
        static uint32_t edges, still;                                                              \
        int32_t *sum = (int32_t *)(void *)(out);                                                   \
        secg_intake_steps s = {value, value + STRIDE, sum, STRIDE, 5, 7, low, high, beyond, 0, 0}; \
        for (size_t r = 0; r < 2 * 5; r++)                                                         \
            for (size_t j = 0; j < COLUMN; j++)                                                    \
                value[(1 + r) * STRIDE + j] = r < 5 ? 0.02f * (float)j : value[r];                 \
        value[28 * STRIDE + 3] = value[28 * STRIDE + 6] = NAN;                                     \
        if ((k) == 0)                                                                              \
            edges = still = 0;                                                                     \
        memset(low + (k), 0, SECG_QUAD * sizeof *low);                                             \
        memset(high + (k), 0, SECG_QUAD * sizeof *high);                                           \
        cr_expect_eq(loop(&s, k), 5);                                                              \
        edges |= s.edges;                                                                          \
        still |= s.still;                                                                          \
        memcpy((out) + 200, low, sizeof low);                                                      \
        memcpy((out) + 220, high, sizeof high);                                                    \
        memcpy((out) + 240, &edges, sizeof edges);                                                 \
        memcpy((out) + 241, &still, sizeof still);                                                 \
        cr_expect_eq(still, 1);                                                                    \
    } while (0)
LOOP(intake, INTAKE)

/* Rows of twelve leads that were taken, of which the last `QRS_NEW` cells are new: not whole vectors. */
enum { QRS_ROWS = 30, QRS_NEW = 9 * STRIDE + 3, QRS_BACK = 17, QRS_FROM = QRS_BACK * STRIDE };

static secg_qrs_feature some_feature(void)
{
    static int32_t x[QRS_ROWS * STRIDE], sum[QRS_ROWS * STRIDE], bump[QRS_ROWS * STRIDE];
    static int32_t wide[QRS_ROWS * STRIDE];
    static double energy[STRIDE];
    for (size_t i = 0; i < QRS_ROWS * STRIDE; i++) {
        x[i] = count[i] * 300;
        sum[i] = count[i + 50] * 900;
        bump[i] = count[i + 100] * 1800;
    }
    for (size_t k = 0; k < STRIDE; k++)
        energy[k] = 1e10 + (double)k;
    return (secg_qrs_feature){.channels = STRIDE,
                              .box = 3,
                              .mean = 11,
                              .mv_per_energy = 1e-7f,
                              .energy = energy,
                              .new_x = x,
                              .new_sum = sum,
                              .new_bump = bump,
                              .new_wide = wide};
}

#define QRS_BANDS(loop, k, out)                                                                    \
    do {                                                                                           \
        static int32_t change[CELLS];                                                              \
        secg_qrs_feature f = some_feature();                                                       \
        if ((k) == 0) {                                                                            \
            loop(&f, QRS_FROM, QRS_NEW, change);                                                   \
            memcpy(out, change, QRS_NEW * sizeof *change);                                         \
            memcpy((out) + 120, f.new_bump + QRS_FROM, QRS_NEW * sizeof(float));                   \
            memcpy((out) + 240, f.new_wide + QRS_FROM, QRS_NEW * sizeof(float));                   \
        }                                                                                          \
    } while (0)
LOOP(qrs_bands, QRS_BANDS)

#define QRS_MEANS(loop, k, out)                                                                    \
    do {                                                                                           \
        static secg_qrs_feature f;                                                                 \
        if ((k) == 0)                                                                              \
            f = some_feature();                                                                    \
        loop(&f, f.new_x, out, 9 * STRIDE, k);                                                     \
        memcpy((out) + 200, f.energy, COLUMN * sizeof(double));                                    \
    } while (0)
LOOP(qrs_means, QRS_MEANS)

/* Beats side by side, as leads are. */
#define STRIDE_TURN(loop, k, out)                                                                  \
    do {                                                                                           \
        static secg_stride s;                                                                      \
        static secg_stride_turns lines;                                                            \
        if ((k) == 0) {                                                                            \
            memcpy(s.turn, value, sizeof s.turn);                                                  \
            memcpy(s.step, other, sizeof s.step);                                                  \
        }                                                                                          \
        loop(&s, k, lines);                                                                        \
        for (size_t l = 0; l < SECG_STRIDE_LINES; l++) {                                           \
            memcpy((out) + 20 * l, lines[l][0], COLUMN * sizeof(float));                           \
            memcpy((out) + 20 * l + 10, lines[l][1], COLUMN * sizeof(float));                      \
        }                                                                                          \
        memcpy((out) + 200, s.turn[0], COLUMN * sizeof(float));                                    \
        memcpy((out) + 210, s.turn[1], COLUMN * sizeof(float));                                    \
    } while (0)
LOOP(stride_turn, STRIDE_TURN)

#define STRIDE_LINE(loop, k, out)                                                                  \
    do {                                                                                           \
        static secg_stride_turns lines;                                                            \
        memcpy(lines, known(), CELLS * sizeof(float));                                             \
        loop(count + (k), 30, STRIDE, lines, (out) + (k));                                         \
    } while (0)
LOOP(stride_line, STRIDE_LINE)

/* A spike in leads 2 and 5, a step in lead 3. */
#define SPIKES(loop, k, out)                                                                       \
    do {                                                                                           \
        static const secg_spikes s = {                                                             \
            .count = 25, .from = 10, .to = 20, .flank = 4, .most_frames = 6, .most_steps = 2};     \
        static uint32_t found;                                                                     \
        for (size_t i = 0; i < CELLS; i++) {                                                       \
            size_t row = i / STRIDE, lead = i % STRIDE;                                            \
            value[i] = 0.01f * other[i] + (row > 14 && lead == 3 ? 1 : 0);                         \
            value[i] += row > 14 && row < 17 && (lead == 2 || lead == 5) ? 1 : 0;                  \
        }                                                                                          \
        found = (k) == 0 ? 0 : found;                                                              \
        found |= loop(&s, value + (k), STRIDE, 5) << (k);                                          \
        memcpy(out, &found, sizeof found);                                                         \
        cr_expect_eq(found & 0xfu << (k), 0x24u & 0xfu << (k));                                    \
    } while (0)
LOOP(spikes, SPIKES)

#define SHAPES_WEIGH(loop, k, out)                                                                 \
    loop(some_feature().new_x + (k), 9, STRIDE, 1e-3f, other + (k), (out) + (k),                   \
         (out) + 9 * STRIDE + (k))
LOOP(shapes_weigh, SHAPES_WEIGH)

#define SHAPES_APPROACH(loop, k, out)                                                              \
    do {                                                                                           \
        if ((k) == 0)                                                                              \
            memcpy(out, known(), sizeof value);                                                    \
        loop((out) + (k), some_feature().new_x + (k), 9, STRIDE, 1e-6f, other + (k), 0.25f,        \
             (out) + 20 * STRIDE + (k));                                                           \
    } while (0)
LOOP(shapes_approach, SHAPES_APPROACH)

#define SHAPES_MAIN(loop, k, out)                                                                  \
    do {                                                                                           \
        static int32_t best[COLUMN];                                                               \
        loop(known() + (k), 3, 13, 9, STRIDE, best + (k));                                         \
        memcpy(out, best, sizeof best);                                                            \
        for (size_t j = 0; j < SECG_QUAD; j++)                                                     \
            for (size_t r = 3; r < 16; r++)                                                        \
                cr_expect(secg_main_deflection(value[r * STRIDE + (k) + j]) <=                     \
                          secg_main_deflection(value[(size_t)best[(k) + j] * STRIDE + (k) + j]));  \
    } while (0)
LOOP(shapes_main, SHAPES_MAIN)

/* One lead: a wave among noise, and shapes, of which that in front has too few beats, and the last is the
 * wave itself, two steps later. */
enum { PIECE = SECG_SHAPES_ROWS + SECG_SHAPES_BEYOND };
static secg_shapes some_shapes(int32_t half, int32_t reach, int32_t *bump)
{
    static float cell[3][PIECE];
    secg_shapes s = {.channels = 1, .half = half, .reach = reach};
    for (int32_t r = 0; r < PIECE; r++) {
        int32_t away = abs(r - half - reach);
        bump[r] = count[r] / 40 + (away < half ? 4000 * (half - away) : 0);
    }
    for (int32_t i = 0; i < 3; i++) {
        s.shape[i] = (secg_shape){.value = cell[i], .beats = 1 + 2 * i};
        for (int32_t r = 0; r < 2 * half + 1; r++) {
            cell[i][r] = 1e-4f * (float)bump[r + reach + i] * (i < 2 ? other[r] : 1);
            s.shape[i].energy[0] += cell[i][r] * cell[i][r];
        }
    }
    return s;
}

/* At the usual rate of steps, and at others. */
#define SHAPES_MATCH_ONE(loop, k, out)                                                             \
    do {                                                                                           \
        for (int32_t half = 9; (k) == 0 && half <= SECG_SHAPES_HALF; half += 3) {                  \
            static int32_t bump[PIECE];                                                            \
            secg_shapes s = some_shapes(half, half == 18 ? 5 : 3, bump);                           \
            secg_match match = loop(&s, bump, 1e-4f, 0.3f, 2);                                     \
            cr_expect_eq(match.shape, 2);                                                          \
            cr_expect_eq(match.shift, 2);                                                          \
            cr_expect_float_eq(match.agreement, 1, 1e-5);                                          \
            memcpy((out) + half, &match, sizeof match);                                            \
        }                                                                                          \
    } while (0)
LOOP(shapes_match_one, SHAPES_MATCH_ONE)

#define SHAPES_ALIGN_ONE(loop, k, out)                                                             \
    do {                                                                                           \
        for (int32_t half = 9; (k) == 0 && half <= SECG_SHAPES_HALF; half += 3) {                  \
            static int32_t bump[PIECE];                                                            \
            secg_shapes s = some_shapes(half, half == 18 ? 5 : 3, bump);                           \
            for (int32_t i = 0; i < 3; i++) {                                                      \
                float *to = (out) + 10 * half + 3 * i;                                             \
                float energy = 0.3f * s.shape[i].energy[0];                                        \
                int32_t shift = loop(&s, &s.shape[i], bump, 1e-4f, 0.3f, energy, to, to + 1);      \
                cr_expect(i < 2 || (shift == 2 && fabsf(to[0] - energy) < 1e-4f * energy));        \
                to[2] = (float)shift;                                                              \
            }                                                                                      \
        }                                                                                          \
    } while (0)
LOOP(shapes_align_one, SHAPES_ALIGN_ONE)

/* All rows or every other, so many as is usual or more. */
#define SHAPES_WIDE_ONE(loop, k, out)                                                              \
    do {                                                                                           \
        for (int n = 0; (k) == 0 && n < 4; n++)                                                    \
            loop(some_feature().new_x, n & 1, n < 2 ? 17 : 21, 1e-5f, 0.3f, other, (out) + 2 * n,  \
                 (out) + 2 * n + 1);                                                               \
    } while (0)
LOOP(shapes_wide_one, SHAPES_WIDE_ONE)

#define SHAPES_APPROACH_ONE(loop, k, out)                                                          \
    do {                                                                                           \
        static const int32_t rows[] = {17, 17, 19, 21, 37};                                        \
        for (int n = 0; (k) == 0 && n < 5; n++) {                                                  \
            float *to = (out) + 60 * n, energy = 0;                                                \
            memcpy(to, known(), 50 * sizeof *to);                                                  \
            loop(to, some_feature().new_x, n & 1, rows[n], 1e-6f, 0.25f, &energy);                 \
            memset(to + rows[n], 0, SECG_SHAPES_BEYOND * sizeof *to);                              \
            to[59] = energy;                                                                       \
        }                                                                                          \
    } while (0)
LOOP(shapes_approach_one, SHAPES_APPROACH_ONE)

#define SHAPES_PLAIN_ONE(loop, k, out)                                                             \
    do {                                                                                           \
        for (int32_t half = 9; (k) == 0 && half <= SECG_SHAPES_HALF; half += 3) {                  \
            float size[PIECE], *to = (out) + 100 * (half / 3 - 3);                                 \
            int32_t rows = 2 * half + 1;                                                           \
            memcpy(to, known(), PIECE * sizeof *to);                                               \
            loop(to, some_feature().new_x, half, rows, 1e-6f, size);                               \
            for (int32_t r = 0; r < rows; r++)                                                     \
                cr_expect_eq(size[r], secg_main_deflection(to[r]));                                \
            memset(to + rows, 0, SECG_SHAPES_BEYOND * sizeof *to);                                 \
        }                                                                                          \
    } while (0)
LOOP(shapes_plain_one, SHAPES_PLAIN_ONE)

/* At 500 Hz and at other rates, with a wave not in the middle; and with the last value missing. */
#define FIDUCIAL(loop, k, out)                                                                     \
    do {                                                                                           \
        static const int32_t half[] = {4, 6, 11}, places[] = {13, 19, 33};                         \
        for (int n = 0; (k) == 0 && n < 3; n++) {                                                  \
            float mv[CELLS], *to = (out) + 50 * n;                                                 \
            int32_t peak = places[n] - 5, last = places[n] + 2 * half[n] - 3;                      \
            for (int32_t i = 0; i < CELLS; i++)                                                    \
                mv[i] = 0.01f * other[i] - 0.1f * (float)abs(i - peak - half[n] + 1);              \
            to[49] = (float)loop(mv, half[n], places[n], 1, to);                                   \
            cr_expect(fabsf(to[49] - (float)peak) <= 1);                                           \
            for (int32_t i = 1; i < places[n] - 1; i++)                                            \
                cr_expect(to[i] <= to[(int)to[49]]);                                               \
            memset(to + places[n], 0, SECG_FIDUCIAL_BEYOND * sizeof *to);                          \
            mv[last] = NAN;                                                                        \
            cr_expect_eq(loop(mv, half[n], places[n], 1, (out) + 200), -1);                        \
            memset((out) + 200, 0, 100 * sizeof *out);                                             \
        }                                                                                          \
    } while (0)
LOOP(fiducial, FIDUCIAL)

#define AVERAGE_RANGE(loop, k, out)                                                                \
    loop(count + (k), ROWS, STRIDE, (int16_t *)(void *)(out) + (k),                                \
         (int16_t *)(void *)((out) + 100) + (k))
LOOP(average_range, AVERAGE_RANGE)

#define CUT_WEIGH(loop, k, out)                                                                    \
    do {                                                                                           \
        secg_cut_rows one = {other, 8, 1, 20, STRIDE, STRIDE};                                     \
        secg_cut_rows thinner = {other, 16, 2, 5, STRIDE, STRIDE};                                 \
        loop(&one, value + (k), (out) + (k));                                                      \
        loop(&thinner, value + (k), (out) + 20 * STRIDE + (k));                                    \
    } while (0)
LOOP(cut_weigh, CUT_WEIGH)

#define CUT_MOVE(loop, k, out) loop(other + (k), 1.5f, (out) + (k))
LOOP(cut_move, CUT_MOVE)

#define CUT_LEVEL(loop, k, out)                                                                    \
    do {                                                                                           \
        if ((k) == 0)                                                                              \
            memcpy(out, value, sizeof value);                                                      \
        loop(other + (k), 1.5f, (out) + (k), ROWS, STRIDE);                                        \
    } while (0)
LOOP(cut_level, CUT_LEVEL)

/* Halves, what does not fit, and gaps among them. */
#define CUT_STORE(loop, k, out)                                                                    \
    do {                                                                                           \
        value[3] = 0.0125f, value[4] = 60, value[5] = -60, value[6] = NAN;                         \
        if ((k) == 0)                                                                              \
            loop(value, CELLS, (int16_t *)(void *)(out));                                          \
    } while (0)
LOOP(cut_store, CUT_STORE)

#define ALIGN(loop, k, out)                                                                        \
    do {                                                                                           \
        if ((k) == 0)                                                                              \
            loop(value, other, 20 * STRIDE + SECG_QUAD, STRIDE, out);                              \
    } while (0)
LOOP(align, ALIGN)

#define SPREAD(loop, k, out)                                                                       \
    loop(count + (k), value + (k), other, other + 50, ROWS, STRIDE, (out) + (k), (out) + 100 + (k))
LOOP(spread, SPREAD)

#define DELINEATE_SPEED(loop, k, out)                                                              \
    loop(value + STRIDE + (k), 6 * STRIDE, 0.25f, other + (k), 8, STRIDE, out)
LOOP(delineate_speed, DELINEATE_SPEED)

#define DELINEATE_SIZE(loop, k, out)                                                               \
    loop(value + (k), other + 20 + (k), other + (k), 8, STRIDE, out)
LOOP(delineate_size, DELINEATE_SIZE)

/* A gap, and what would be clamped, among steps of usual length and of another; edges between steps of
 * the usual one, and the last vectors are not full. */
#define LONE_STEPS(loop, k, out)                                                                   \
    do {                                                                                           \
        enum { STEPS = 13 };                                                                       \
        static int32_t sum[STEPS + SECG_INTAKE_MORE];                                              \
        static float mv[CELLS];                                                                    \
        for (size_t i = 0; i < CELLS; i++)                                                         \
            mv[i] = 0.01f * value[i] + ((i + 4) / 5 % 3 == 0 ? 0.2f : 0);                          \
        for (int32_t factor = 5; (k) == 0 && factor < 8; factor += 2) {                            \
            static secg_intake in;                                                                 \
            in = (secg_intake){.factor = factor, .ended = STEPS, .sums = sum, .look_ahead = 1};    \
            float *to = (out) + 80 * (factor - 5);                                                 \
            mv[30] = mv[77] = 0.5f;                                                                \
            cr_expect(!loop(&in, mv + 1));                                                         \
            mv[30] = 500, mv[77] = NAN;                                                            \
            cr_expect(loop(&in, mv + 1));                                                          \
            cr_expect(in.edges != 0 && in.edges >> 2 != (1u << STEPS) - 1);                        \
            cr_expect_eq(in.step_high_mv[29 / factor], SECG_INTAKE_MOST_MV);                       \
            cr_expect(factor == 5 || in.step_low_mv[76 / 7] == -SECG_INTAKE_MOST_MV);              \
            memcpy(to, sum, STEPS * sizeof *sum);                                                  \
            memcpy(to + 20, in.step_low_mv, STEPS * sizeof(float));                                \
            memcpy(to + 40, in.step_high_mv, STEPS * sizeof(float));                               \
            memcpy(to + 60, &in.edges, sizeof in.edges);                                           \
            memcpy(to + 61, &in.odd, sizeof in.odd);                                               \
        }                                                                                          \
    } while (0)
LOOP(lone_steps, LONE_STEPS)

/* A box of usual width and another, and the last quad is not full. */
#define LONE_FEATURE(loop, k, out)                                                                 \
    do {                                                                                           \
        enum { STEPS = 13, BACK = 25 };                                                            \
        static int32_t rows[5][SECG_QRS_LONE];                                                     \
        for (int32_t box = 3; (k) == 0 && box <= 5; box += 2) {                                    \
            float *to = (out) + 100 * (box - 3);                                                   \
            secg_qrs_feature f = some_feature();                                                   \
            for (size_t i = 0; i < BACK; i++)                                                      \
                for (size_t r = 0; r < 3; r++)                                                     \
                    rows[r][i] = count[5 * i + r];                                                 \
            f.box = box, f.at = BACK, f.new_x = rows[0], f.new_level = (float *)(void *)rows[4];   \
            loop(&f, some_feature().new_x, STEPS);                                                 \
            cr_expect(f.at == BACK + STEPS && f.waiting == STEPS);                                 \
            cr_expect_neq(f.new_level[BACK + STEPS - 1], f.new_level[BACK + STEPS - 2]);           \
            for (size_t r = 0; r < 5; r++)                                                         \
                memcpy(to + 20 * r, rows[r] + BACK, STEPS * sizeof(float));                        \
            memcpy(to + 14, f.energy, sizeof(double));                                             \
        }                                                                                          \
    } while (0)
LOOP(lone_feature, LONE_FEATURE)

/* More candidates than lanes, some of them near each other; with and without a last beat. */
static secg_decision some_candidates(int has_last)
{
    secg_decision d;
    secg_decision_init(&d, 100, 1);
    d.noise = 0.3f;
    d.width = 0.1f;
    d.rejected = 50;
    d.has_last = has_last;
    d.last = (secg_candidate){.time = 70, .height = 0.1f, .width = 0.2f};
    for (int i = 0; i < 11; i++) {
        secg_candidate *c = secg_decision_add(&d);
        *c = (secg_candidate){.time = 80 + 9 * i * i, .match = {.agreement = 0.1f * (float)i}};
        c->height = other[i];
        c->wide = other[20 + i];
        c->width = c->wide - c->height;
        c->tallest = other[40 + i];
        c->unity = value[i];
        c->after = value[20 + i];
    }
    return d;
}

#define DECISION(loop, k, out)                                                                     \
    do {                                                                                           \
        for (int has_last = 0; (k) == 0 && has_last < 2; has_last++) {                             \
            static secg_decision d;                                                                \
            d = some_candidates(has_last);                                                         \
            float *odds = (out) + 100 * has_last;                                                  \
            for (int i = 0; i < d.candidates; i++) {                                               \
                loop(&d, i);                                                                       \
                memcpy(odds, d.odds[i], (size_t)(i + 1) * sizeof *odds);                           \
                odds += i + 1;                                                                     \
            }                                                                                      \
            cr_expect_eq(d.odds[1][1], -30, "too soon");                                           \
            cr_expect_gt(d.odds[10][9], -30);                                                      \
            cr_expect_neq(d.odds[10][9], d.odds[10][8]);                                           \
        }                                                                                          \
    } while (0)
LOOP(decision_weigh, DECISION)

/* Some evidence is 0. */
#define CLASSIFY(loop, k, out)                                                                     \
    do {                                                                                           \
        value[3] = value[11] = 0;                                                                  \
        loop(value, out);                                                                          \
    } while (0)
LOOP(classify, CLASSIFY)
#endif
