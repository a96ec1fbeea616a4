/* An average of earlier beats beside the present one: how much it counts, and when it must not. */
#include "ecg/past.h"
#include "measured.h"

#include <criterion/criterion.h>

/* I and II as channels, III derived; two rows: the isoelectric one and the one a level is read at. */
enum { LEADS = 3, RATE_HZ = 500 };

typedef struct bench {
    secg_average average;
    secg_spread spread;
    secg_past past;
    secg_lead_source lead[LEADS];
    float mean[1000 * 4], form[1000];
    unsigned char memory[60000] __attribute__((aligned(64)));
} bench;

static void set_up(bench *b, const float *sigma_mv)
{
    secg_grid grid;
    *b = (bench){
        .lead = {{.channel = 0},
                 {.channel = 1},
                 {.channel = -1, .channel_i = 0, .channel_ii = 1, .from_i = -1, .from_ii = 1}}};
    secg_grid_init(&grid, RATE_HZ, 2);
    b->average = (secg_average){.grid = grid, .mean = b->mean, .beats = {30, 30}};
    b->spread = (secg_spread){.average = &b->average,
                              .lead = b->lead,
                              .leads = LEADS,
                              .form = {b->form},
                              .first = 10,
                              .last = 201};
    b->form[10] = -1;
    b->form[200] = 1;
    for (int k = 0; k < LEADS; k++)
        b->spread.sigma[0][k] = sigma_mv[k];
    secg_past_lay_out(&b->past, &(secg_arena){.base = b->memory, .capacity = sizeof b->memory},
                      &grid);
}

static void keep(bench *b, int64_t sample, float rr_ms)
{
    secg_past_begin(&b->past, sample, rr_ms, &b->spread, NULL, NULL);
    while (!secg_past_step(&b->past, &b->average))
        ;
}

/* Levels that moved by as many of the differences' standard deviations, the present sigma being
 * `times` the one before. */
static void share_after(bench *b, float moved, float times, float *share)
{
    static const float sigma_mv[LEADS] = {0.020f, 0.010f, 0.0223607f};
    set_up(b, sigma_mv);
    keep(b, 10000, 400);
    for (int k = 0; k < 2; k++) {
        b->mean[200 * 4 + k] = moved * sigma_mv[k] * sqrtf(1 + times * times);
        b->spread.sigma[0][k] = times * sigma_mv[k];
    }
    b->spread.sigma[0][2] = times * sigma_mv[2];
    secg_past_weigh(&b->past, &b->past.window[0], &b->spread, share);
}

Test(past, counts_by_its_variance)
{
    static bench b;
    float share[SECG_STRIDE_MAX];
    share_after(&b, 0, 1, share);
    cr_expect_float_eq(share[0], 0.5, 0.002);
    cr_expect_float_eq(share[1], 0.5, 0.002);
    share_after(&b, 1, 0.5f, share); /* 1 / (1 + 4) of it, but for the microvolt of rounding */
    cr_expect_float_eq(share[0], 0.2, 0.005);
    cr_expect_float_eq(share[1], 0.2, 0.005);
    share_after(&b, 1, 2, share); /* 4 / (4 + 1), were it not so old */
    cr_expect_float_eq(share[0], 0.6, 1e-6);
    cr_expect_float_eq(share[1], 0.6, 1e-6);
}

Test(past, does_not_count_where_levels_moved)
{
    static bench b;
    float share[SECG_STRIDE_MAX], moderate[SECG_STRIDE_MAX];
    share_after(&b, 3, 1, share);
    cr_expect_eq(share[0], 0);
    cr_expect_eq(share[1], 0);
    share_after(&b, 1.7f, 1, moderate);
    cr_expect_gt(moderate[0], 0);
    cr_expect_lt(moderate[0], 0.5);
}

/* By the definition: errors of I and II drawn with a known covariance, III their difference, windows
 * mixed with a share of its own in each channel. */
Test(past, spread_of_a_derived_lead_is_that_of_what_it_is_made_of)
{
    static bench b;
    static const double now_i = 0.020, now_ii = 0.010, past_i = 0.012, past_ii = 0.015;
    static const double together = 0.6; /* correlation */
    float share[SECG_STRIDE_MAX] = {0.3f, 0.7f};
    double var[2] = {now_i * now_i + now_ii * now_ii - 2 * together * now_i * now_ii,
                     past_i * past_i + past_ii * past_ii - 2 * together * past_i * past_ii};
    set_up(&b, (const float[LEADS]){(float)past_i, (float)past_ii, (float)sqrt(var[1])});
    keep(&b, 10000, 400);
    b.spread.sigma[0][0] = (float)now_i;
    b.spread.sigma[0][1] = (float)now_ii;
    b.spread.sigma[0][2] = (float)sqrt(var[0]);
    double i[2] = {0.7 * now_i, 0.3 * past_i}, ii[2] = {0.3 * now_ii, 0.7 * past_ii}, want = 0;
    for (int w = 0; w < 2; w++)
        want += i[w] * i[w] + ii[w] * ii[w] - 2 * together * i[w] * ii[w];
    const secg_past_window *w = &b.past.window[0];
    cr_expect_float_eq(secg_past_spread(w, &b.spread, share, 0, 2), sqrt(want), 1e-6);
    cr_expect_float_eq(secg_past_spread(w, &b.spread, share, 0, 0), hypot(i[0], i[1]), 1e-6);
}

/* What is kept is the level that was shown, by the definition of a weighted mean, in place of the window
 * that counted for a share of it. */
Test(past, what_counted_beside_is_kept_too)
{
    static bench b;
    static const float sigma_mv[LEADS] = {0.020f, 0.010f, 0.0223607f};
    static const float share[SECG_STRIDE_MAX] = {0.5f, 0.25f};
    set_up(&b, sigma_mv);
    keep(&b, 10000, 400);
    keep(&b, 15000, 400);
    b.mean[200 * 4] = 0.100f;
    b.mean[200 * 4 + 1] = 0.040f;
    secg_past_begin(&b.past, 20000, 400, &b.spread, &b.past.window[0], share);
    while (!secg_past_step(&b.past, &b.average))
        ;
    const secg_past_window *w = secg_past_find(&b.past, 20000, 20000, 400);
    cr_assert_eq(w, &b.past.window[0]);
    cr_expect_float_eq(secg_past_mv(w, 200 * 4), 0.050, 1e-6);
    cr_expect_float_eq(secg_past_mv(w, 200 * 4 + 1), 0.030, 1e-6);
    cr_expect_float_eq(w->sigma[0][0], 0.020 * sqrt(0.5), 1e-6);
    cr_expect_float_eq(w->sigma[0][1], 0.010 * sqrt(0.75 * 0.75 + 0.25 * 0.25), 1e-6);
    cr_expect_eq(w->beats[0], 60);
    cr_expect_eq(w->beats[1], 48);
}

Test(past, windows_are_found_by_time_and_rate)
{
    static bench b;
    static const float sigma_mv[LEADS] = {0.01f, 0.01f, 0.01f};
    set_up(&b, sigma_mv);
    cr_expect_null(secg_past_find(&b.past, 0, 30000, 400));
    keep(&b, 10000, 400);
    keep(&b, 15000, 400);
    cr_expect_eq(secg_past_find(&b.past, 0, 30000, 405)->sample, 15000);
    cr_expect_eq(secg_past_find(&b.past, 0, 14999, 405)->sample, 10000);
    cr_expect_null(secg_past_find(&b.past, 0, 9999, 400));
    cr_expect_null(secg_past_find(&b.past, 0, 30000, 430), "another workload's rate");
    cr_expect_null(secg_past_find(&b.past, 0, 30000, NAN));
    keep(&b, 20000, 400); /* in the place of the oldest */
    cr_expect_null(secg_past_find(&b.past, 0, 14999, 400));
    secg_past_forget(&b.past);
    cr_expect_null(secg_past_find(&b.past, 0, 30000, 400));
}

/* ---- in the measurement path ------------------------------------------------------------- */

enum { CHANGE_S = 100, LEVEL_UV = 150 };

typedef struct stage {
    double change_mv;
    uint64_t seed;
} stage;

static double smooth(double x)
{
    x = fmin(fmax(x, 0), 1);
    return x * x * (3 - 2 * x);
}

/* White noise of 0.12 mV rms in every lead, 120 bpm; from CHANGE_S on ST stands higher. */
static double noise_and_change(void *context, double t, int lead)
{
    stage *s = context;
    double after_r = fmod(t - 0.4 + 0.5, 0.5), x = 0.12 * analytic_normal(&s->seed);
    (void)lead;
    if (t > CHANGE_S)
        x += s->change_mv * smooth((after_r - 0.03) / 0.03) * (1 - smooth((after_r - 0.14) / 0.1));
    return x;
}

static void measure_noisy(double change_mv, measured *m)
{
    stage s = {change_mv, 4711};
    tracing c = {.bpm = 120,
                 .seconds = 140,
                 .rate_hz = RATE_HZ,
                 .seed = 5,
                 .add = noise_and_change,
                 .context = &s};
    run_tracing(&c, 40, m);
}

static measured steady, changed;

/* In a steady stage twice as many beats count; as soon as the present window lies behind a change of
 * ST, the one before counts for nothing: half of it would be an error of 75 uV in all leads. */
Test(past, a_steady_stage_gains_and_a_change_does_not_blur)
{
    measure_noisy(0, &steady);
    measure_noisy(0.001 * LEVEL_UV, &changed);
    cr_assert_eq(steady.count, changed.count);
    int many = 0, all = 0, tables = 0;
    double sum = 0, square = 0;
    for (int i = 0; i < steady.count; i++) {
        const secg_st *before = &steady.st[i], *after = &changed.st[i];
        double at = (double)before->sample / RATE_HZ;
        if (at < CHANGE_S && before->why == SECG_MEASURED) {
            many += before->beats > 60;
            all++;
        }
        if (at < CHANGE_S + 20 || at > CHANGE_S + 25 || after->why != SECG_MEASURED)
            continue;
        double moved =
            after->lead == ANALYTIC_LEADS ? 0 : 0.001 * LEVEL_UV; /* III: of both alike */
        double error = (double)after->level_mv - moved - (double)before->level_mv;
        sum += error;
        square += error * error;
        tables++;
    }
    cr_expect_geq(many, 0.9 * all, "%d of %d", many, all);
    cr_expect_geq(tables, 9);
    cr_expect_lt(fabs(sum / tables), 0.010, "mean %.1f uV", 1000 * sum / tables);
    cr_expect_lt(sqrt(square / tables), 0.030);
    cr_expect_geq(steady.in_sigma, 0.92 * steady.shown);
}
