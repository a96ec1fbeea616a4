/* J and QRS onset are used again while QRS stays what it was. */
#include "ecg/held_marks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { RATE_HZ = 500, CHANNELS = 2 };

typedef struct bench {
    secg_average average;
    float mean[SECG_GRID_ROWS_MAX * 4];
    secg_held_marks held;
} bench;

/* A cosine from -40 ms to j_ms and an ST step that begins 15 ms before j_ms. */
static void make_average(bench *b, double j_ms, double st_mv, float noise_mv, double size)
{
    secg_grid_init(&b->average.grid, RATE_HZ, CHANNELS);
    const secg_grid *g = &b->average.grid;
    b->average.mean = b->mean;
    for (size_t r = 0; r < g->rows; r++)
        for (size_t k = 0; k < g->stride; k++) {
            double ms = secg_grid_ms(g, (double)r), half = 0.5 * (j_ms + 40);
            double wave =
                fabs(ms + 40 - half) < half ? cos(1.5707963 * (ms + 40 - half) / half) : 0;
            double step = fmin(1, fmax(0, (ms - j_ms + 15) / 15));
            double x = size * wave * wave + st_mv * step;
            b->mean[r * g->stride + k] = (float)(k < CHANNELS ? (k ? -0.5 : 1) * x : 0);
        }
    for (int k = 0; k < CHANNELS; k++)
        b->average.noise_mv[k] = noise_mv;
}

static void take(bench *b, double j_ms)
{
    secg_marks m = secg_marks_none();
    m.qrs_onset_ms = -40;
    m.j_ms = (float)j_ms;
    secg_held_marks_take(&b->held, &b->average, &m);
}

/* Six quiet tables at rest, with J at 50 ms. */
static void rest(bench *b)
{
    secg_held_marks_forget(&b->held);
    make_average(b, 50, 0, 0.002f, 1);
    for (int i = 0; i < 6; i++)
        take(b, 50);
    cr_assert_float_eq(b->held.j_ms, 50, 1e-6);
}

Test(held_marks, are_none_before_the_first_table)
{
    static bench b;
    secg_held_marks_forget(&b.held);
    cr_expect(isnan(b.held.j_ms) && isnan(b.held.onset_ms));
}

/* ST sinks, and what is found as J moves with it, for five minutes: ST goes on being read where it was. */
Test(held_marks, stay_while_st_changes)
{
    static bench b;
    rest(&b);
    make_average(&b, 50, -0.3, 0.002f, 1);
    for (int i = 0; i < 60; i++)
        take(&b, 38);
    cr_expect_float_eq(b.held.j_ms, 50, 1e-6);
    make_average(&b, 50, -0.3, 0.002f, 0.6); /* and R is lower */
    for (int i = 0; i < 60; i++)
        take(&b, 38);
    cr_expect_float_eq(b.held.j_ms, 50, 1e-6);
}

/* A QRS that grows wider has another end, a minute later at most. */
Test(held_marks, follow_a_wider_qrs)
{
    static bench b;
    rest(&b);
    make_average(&b, 75, 0, 0.002f, 1);
    for (int i = 0; i < 12; i++)
        take(&b, 75);
    cr_expect_float_eq(b.held.j_ms, 75, 1e-6);
}

/* Conduction that is another one has its own marks from the first table on. */
Test(held_marks, begin_anew_with_another_qrs)
{
    static bench b;
    rest(&b);
    make_average(&b, 120, 0, 0.004f, 1);
    take(&b, 120);
    cr_expect_float_eq(b.held.j_ms, 120, 1e-6);
    make_average(&b, 50, 0, 0.004f, 1); /* and back */
    take(&b, 50);
    cr_expect_float_eq(b.held.j_ms, 50, 1e-6);
}

/* Noise does not make a QRS another one, and its marks do not outvote those of a quiet rest. */
Test(held_marks, stay_in_noise)
{
    static bench b;
    uint64_t seed = 11;
    rest(&b);
    for (int i = 0; i < 60; i++) {
        make_average(&b, 50, 0, 0.05f, 1);
        for (size_t c = 0; c < b.average.grid.rows * 4; c++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            b.mean[c] += 0.05f * 1.732f * (float)((double)(seed >> 11) / 4503599627370496.0 - 1);
        }
        take(&b, 62);
    }
    cr_expect_float_eq(b.held.j_ms, 50, 1e-6);
}

/* What was found in noise gives way to what is found when it is over. */
Test(held_marks, take_quiet_tables_for_noisy_ones)
{
    static bench b;
    secg_held_marks_forget(&b.held);
    make_average(&b, 50, 0, 0.04f, 1);
    for (int i = 0; i < 30; i++)
        take(&b, 62);
    make_average(&b, 50, 0, 0.002f, 1);
    for (int i = 0; i < 4; i++)
        take(&b, 50);
    cr_expect_float_eq(b.held.j_ms, 50, 1e-6);
}
