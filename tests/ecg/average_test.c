/* The weighted mean of beats, beat by beat: what it resists, what it says of its own noise. */
#include "analytic.h"
#include "ecg/average.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 2 };

static secg_average average;
static void *block;

static void make(void)
{
    secg_grid g;
    secg_arena arena = {0};
    secg_grid_init(&g, 500, CHANNELS);
    secg_average_lay_out(&average, &arena, &g);
    block = aligned_alloc(SECG_ARENA_ALIGN, arena.used);
    memset(block, 0, arena.used);
    arena = (secg_arena){.base = block, .capacity = arena.used};
    secg_average_lay_out(&average, &arena, &g);
}

static void done(void)
{
    free(block);
}

/* A beat of known shape plus white noise; channel 1 is twice channel 0. */
static void store(int64_t sample, double scale, double noise_mv, uint64_t *seed)
{
    const secg_grid *g = &average.grid;
    int16_t *row = secg_average_place(&average, 0, g->rows);
    for (size_t r = 0; r < g->rows; r++, row += g->stride)
        for (size_t k = 0; k < g->stride; k++) {
            double t = secg_grid_ms(g, (double)r) / 1000,
                   x = analytic_beat(&analytic_leads[0], t, 0.8);
            x = scale * (double)(k + 1) * x + noise_mv * analytic_normal(seed);
            row[k] = (int16_t)lrint(1000 * x);
        }
    secg_average_store(&average, sample, 800, 1, NULL, secg_grid_near(g, -100),
                       secg_grid_near(g, 200));
}

static int run(int64_t from, int64_t to)
{
    int count = secg_average_begin(&average, from, to, secg_grid_near(&average.grid, -100),
                                   secg_grid_near(&average.grid, 200));
    while (count > 0 && !secg_average_step(&average))
        ;
    return count;
}

static double worst_error(size_t k)
{
    const secg_grid *g = &average.grid;
    double worst = 0;
    for (size_t r = 0; r < g->rows; r++)
        worst = fmax(worst,
                     fabs((double)average.mean[r * g->stride + k] -
                          (double)(k + 1) * analytic_beat(&analytic_leads[0],
                                                          secg_grid_ms(g, (double)r) / 1000, 0.8)));
    return worst;
}

TestSuite(average, .init = make, .fini = done);

Test(average, equal_beats_give_themselves)
{
    uint64_t seed = 1;
    for (int i = 0; i < 10; i++)
        store(400 * i, 1, 0, &seed);
    cr_assert_eq(run(-1, 4000), 10);
    cr_expect_leq(worst_error(0), 0.0006);
    cr_expect_leq(worst_error(1), 0.0006);
    cr_expect_eq(average.beats[0], 10);
    cr_expect_float_eq(average.worth[0], 10, 0.5);
}

/* 40 uV of white noise in each of 16 beats: 10 uV in the mean, and it says so. */
Test(average, noise_of_the_mean_is_known)
{
    uint64_t seed = 5;
    double said = 0, is = 0;
    for (int round = 0; round < 10; round++) {
        secg_average_forget(&average);
        for (int i = 0; i < 16; i++)
            store(400 * i, 1, 0.040, &seed);
        run(-1, 100000);
        const secg_grid *g = &average.grid;
        said += (double)average.noise_mv[0] / 10;
        for (size_t r = 0; r < g->rows; r++) {
            double d = (double)average.mean[r * g->stride] -
                       analytic_beat(&analytic_leads[0], secg_grid_ms(g, (double)r) / 1000, 0.8);
            is += d * d / (double)g->rows / 10;
        }
    }
    cr_expect_float_eq(sqrt(is), 0.010, 0.001);
    cr_expect_float_eq(said, sqrt(is), 0.0015, "said %.2f uV, is %.2f uV", 1000 * said,
                       1000 * sqrt(is));
}

/* Three beats of twelve are wild: a plain mean would be 0.7 mV off. */
Test(average, wild_beats_hardly_count)
{
    uint64_t seed = 9;
    for (int i = 0; i < 12; i++)
        store(400 * i, i % 4 == 3 ? -2 : 1, 0.01, &seed);
    run(-1, 100000);
    cr_expect_leq(worst_error(0), 0.03, "%g mV", worst_error(0));
    cr_expect_leq(average.worth[0], 10.5);
    cr_expect_eq(average.beats[0], 12);
}

/* Only beats of the window, and the pool forgets the oldest first. */
Test(average, window_and_pool)
{
    uint64_t seed = 3;
    for (int i = 0; i < 100; i++)
        store(400 * i, i < 90 ? 3 : 1, 0, &seed);
    cr_assert_eq(run(89 * 400, 99 * 400), 10);
    cr_expect_leq(worst_error(0), 0.001);
    cr_expect_eq(run(-1, 10 * 400), 0, "overwritten long ago");
    cr_expect_eq(run(79 * 400, 95 * 400), 16);
}

Test(average, gap_or_flat_line_leaves_its_lead_out)
{
    uint64_t seed = 3;
    const secg_grid *g = &average.grid;
    for (int i = 0; i < 8; i++) {
        store(400 * i, 1, 0.005, &seed);
    }
    for (int kind = 0; kind < 2; kind++) {
        int16_t *row = secg_average_place(&average, 0, g->rows);
        memset(row, 0, g->rows * g->stride * sizeof *row);
        for (size_t r = 0; r < g->rows; r++)
            row[r * g->stride + 1] = (int16_t)lrint(
                2000 * analytic_beat(&analytic_leads[0], secg_grid_ms(g, (double)r) / 1000, 0.8));
        if (kind == 0)
            row[g->r_row * g->stride] = SECG_GRID_GAP;
        secg_average_store(&average, 400 * (8 + kind), 800, 1, NULL, secg_grid_near(g, -100),
                           secg_grid_near(g, 200));
    }
    run(-1, 100000);
    cr_expect_eq(average.beats[0], 8);
    cr_expect_eq(average.beats[1], 10);
    cr_expect_leq(worst_error(0), 0.01);
}
