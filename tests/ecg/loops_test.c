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

#if SECG_HAVE_AVX2
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
#else
#define EACH_WIDTH(name, call) cr_skip_test("one width only")
#endif
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
enum { QRS_ROWS = 30, QRS_NEW = 9 * STRIDE + 3, QRS_FROM = 2 * STRIDE };

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
                              .mv_per_bump = 1e-6f,
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
            memcpy((out) + 120, f.new_bump + QRS_FROM + 11 * STRIDE, QRS_NEW * sizeof(float));     \
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
        enum { STEPS = 13, ROOM = STEPS + SECG_INTAKE_MORE };                                      \
        static int32_t sum[ROOM];                                                                  \
        static float mv[CELLS], low[ROOM], high[ROOM];                                             \
        for (size_t i = 0; i < CELLS; i++)                                                         \
            mv[i] = 0.01f * value[i] + ((i + 4) / 5 % 3 == 0 ? 0.2f : 0);                          \
        mv[30] = 500;                                                                              \
        for (size_t factor = 5; (k) == 0 && factor < 8; factor += 2) {                             \
            secg_lone_steps s = {.sum = sum, .low = low, .high = high};                            \
            float *to = (out) + 80 * (factor - 5);                                                 \
            loop(mv + 1, factor, STEPS, mv[0], &s);                                                \
            uint32_t all = (1u << STEPS) - 1;                                                      \
            uint32_t bits[] = {s.edges & all, s.still & all, s.rough & all};                       \
            cr_expect(bits[0] != 0 && bits[0] != all);                                             \
            cr_expect_eq(bits[2], factor == 5 ? 1u << 5 : 1u << 4 | 1u << 10);                     \
            memcpy(to, sum, STEPS * sizeof *sum);                                                  \
            memcpy(to + 20, low, STEPS * sizeof *low);                                             \
            memcpy(to + 40, high, STEPS * sizeof *high);                                           \
            memcpy(to + 60, bits, sizeof bits);                                                    \
        }                                                                                          \
    } while (0)
LOOP(lone_steps, LONE_STEPS)

/* The last quad is not full. */
#define LONE_MEANS(loop, k, out)                                                                   \
    do {                                                                                           \
        secg_qrs_feature f = some_feature();                                                       \
        if ((k) == 0) {                                                                            \
            loop(&f, f.new_x, out, 13);                                                            \
            memset((out) + 13, 0, 3 * sizeof(float));                                              \
            memcpy((out) + 16, f.energy, sizeof(double));                                          \
            cr_expect_neq((out)[12], (out)[11]);                                                   \
        }                                                                                          \
    } while (0)
LOOP(lone_means, LONE_MEANS)

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
