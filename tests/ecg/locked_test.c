/* Motion that keeps step with the heart: no average takes it away, so no level that it moved may be shown
 * as if it were sure. */
#include "ecg/diastole.h"
#include "ecg/stride.h"
#include "measured.h"

#include <criterion/criterion.h>

enum { RATE_HZ = 500, NOISE_FROM_S = 60, FIRST_SEED = 11 };

typedef struct motion {
    double stride_hz, mv[3]; /* of the strides' rate and its multiples                       */
    double white_mv, from_s;
    uint64_t seed;
} motion;

/* Strides that begin somewhere else in each lead, on white noise. */
static double strides(void *context, double t, int lead)
{
    motion *m = context;
    double x = 0;
    if (t < m->from_s)
        return 0;
    for (int i = 0; i < 3; i++)
        x += m->mv[i] *
             cos(6.283185307179586 * m->stride_hz * (i + 1) * (t - m->from_s) + 2.1 * lead + i);
    return x + m->white_mv * analytic_normal(&m->seed);
}

typedef struct verdict {
    int all, shown, honest, far;
} verdict;

/* Of the tables from a time on, leads that are not derived: shown, inside the stated interval, and
 * more than half a millimetre of paper from the truth. */
static verdict judge(double bpm, const motion *what, double from_s, uint64_t seed)
{
    static measured seen;
    motion m = *what;
    verdict v = {0};
    tracing c = {.bpm = bpm,
                 .seconds = 120,
                 .rate_hz = RATE_HZ,
                 .seed = seed,
                 .rr_spread = 0.002,
                 .add = strides,
                 .context = &m};
    run_tracing(&c, 40, &seen);
    cr_expect_leq(seen.latest, seen.delay, "the search for strides takes its time");
    for (int i = 0; i < seen.count; i++) {
        const secg_st *st = &seen.st[i];
        if ((double)st->sample < from_s * RATE_HZ || st->lead == ANALYTIC_LEADS)
            continue;
        v.all++;
        if (st->why != SECG_MEASURED)
            continue;
        double error = fabs((double)st->level_mv - truth_mv(&c, st));
        v.shown++;
        v.honest += error <= 1.96 * (double)st->sigma_mv;
        v.far += error > 0.05;
    }
    return v;
}

/* A stride of three beats, its multiples falling with their number: the third is the heart's own rate,
 * the first two are not.  How many values are shown differs much from tracing to tracing. */
Test(locked, strides_in_step_show_as_patterns_over_beats)
{
    verdict all = {0};
    for (uint64_t seed = FIRST_SEED; seed < FIRST_SEED + 8; seed++) {
        verdict v = judge(180, &(motion){1, {0.12, 0.06, 0.04}, 0.05, 0, 5}, 30, seed);
        all.all += v.all, all.shown += v.shown, all.honest += v.honest, all.far += v.far;
    }
    cr_expect_geq(all.honest, 0.9 * all.shown, "%d of %d", all.honest, all.shown);
    cr_expect_leq(all.far, 0.02 * all.all, "%d of %d", all.far, all.all);
}

/* The same strides out of step average out: nearly all is shown, and right. */
Test(locked, strides_out_of_step_do_not_matter)
{
    verdict v = judge(166, &(motion){1, {0.12, 0.06, 0.04}, 0.05, 0, 5}, 30, FIRST_SEED);
    cr_expect_geq(v.shown, 0.9 * v.all, "%d of %d", v.shown, v.all);
    cr_expect_geq(v.honest, 0.95 * v.shown, "%d of %d", v.honest, v.shown);
    cr_expect_eq(v.far, 0);
}

/* Three strides a beat are alike in every beat; between T and P they show. */
Test(locked, strides_show_between_the_waves)
{
    verdict v =
        judge(60, &(motion){3, {0.06, 0, 0}, 0.12, NOISE_FROM_S, 5}, NOISE_FROM_S + 25, FIRST_SEED);
    cr_expect_geq(v.honest, 0.9 * v.shown, "%d of %d", v.honest, v.shown);
    cr_expect_leq(v.far, 0.02 * v.all, "%d of %d", v.far, v.all);
}

/* ---- a rate that passes that of the strides ------------------------------------------------ */

enum { PASS_HZ_PERCENT = 240, BEATS = 50 };

typedef struct passing {
    secg_average average;
    secg_average_beat beat[BEATS];
    secg_spread spread;
    secg_stride stride;
    secg_lead_source lead[1];
    int16_t moved[BEATS * 4];
} passing;

/* Levels of an average of beats at a rate: a tone and white noise, about their mean. */
static void levels_at(passing *p, double bpm, double tone_mv, double white_mv, uint64_t *seed)
{
    double x[BEATS], mean = 0, square = 0;
    for (int i = 0; i < BEATS; i++) {
        double t = i * 60 / bpm;
        p->beat[i].sample = 100000 - (int64_t)floor(t * RATE_HZ + 0.5);
        p->average.chosen[i] = &p->beat[i];
        x[i] = tone_mv * cos(6.283185307179586 * 0.01 * PASS_HZ_PERCENT * t + 1) +
               white_mv * analytic_normal(seed);
        mean += x[i] / BEATS;
    }
    p->average.count = BEATS;
    for (int i = 0; i < BEATS; i++) {
        p->spread.moved[i * 4] = (int16_t)((x[i] - mean) / BEATS / (double)SECG_SPREAD_MOVED_MV);
        square += (x[i] - mean) * (x[i] - mean) / (BEATS * BEATS);
    }
    p->spread.product[0][0][0] = (float)square;
    p->spread.rr_frames = 60 / bpm * RATE_HZ;
}

static float locked_after(double tone_mv, double before_bpm, double now_bpm)
{
    static passing p;
    uint64_t seed = 99;
    secg_grid_init(&p.average.grid, RATE_HZ, 1);
    p.spread.average = &p.average;
    p.spread.lead = p.lead;
    p.spread.leads = 1;
    p.spread.moved = p.moved;
    secg_stride_forget(&p.stride);
    levels_at(&p, before_bpm, tone_mv, 0.03, &seed);
    secg_stride_begin(&p.stride, 10000, &p.spread);
    while (!secg_stride_step(&p.stride))
        ;
    levels_at(&p, now_bpm, tone_mv, 0.03, &seed);
    p.spread.locked[0][0] = 0;
    for (int i = 0; i < SECG_STRIDE_TONES; i++)
        secg_stride_widen(&p.stride, i, 10001, &p.spread);
    cr_expect_eq(p.spread.locked[0][0], 0, "too long ago");
    for (int i = 0; i < SECG_STRIDE_TONES; i++)
        secg_stride_widen(&p.stride, i, 10000, &p.spread);
    return p.spread.locked[0][0];
}

/* 144 a minute: of a tone of 60 uV the rms is what it may move the mean by, of which up to a quarter is
 * lost between the lines that are looked at. */
Test(locked, strides_that_the_rate_has_caught_up_with_are_remembered)
{
    float met = locked_after(0.060, 125, 144);
    cr_expect_geq(met, 0.7 * 0.060 * sqrt(0.5), "%g", (double)met);
    cr_expect_leq(met, 1.1 * 0.060 * sqrt(0.5), "%g", (double)met);
    cr_expect_eq(locked_after(0.060, 125, 135), 0, "not yet there");
    cr_expect_eq(locked_after(0, 125, 144), 0, "no strides");
}

/* The line between T and P as it is measured: two channels of 0.03 and -0.01 mV, their difference. */
Test(locked, line_between_the_waves_is_compared_with_what_it_was)
{
    static float mean[1000 * 4], off_mv[SECG_DIASTOLE_POINTS * SECG_STRIDE_MAX];
    static const secg_lead_source lead[] = {
        {.channel = 0},
        {.channel = 1},
        {.channel = -1, .channel_i = 0, .channel_ii = 1, .from_i = 1, .from_ii = -1}};
    static secg_diastole d;
    secg_marks m = secg_marks_none();
    secg_average a = {.mean = mean};
    secg_grid_init(&a.grid, RATE_HZ, 2);
    m.p_onset_ms = -180;
    m.qrs_onset_ms = -40;
    m.t_end_ms = 400;
    secg_marks_set_isoelectric(&m);
    secg_diastole_compare(&d, &a, &m, 1000, off_mv);
    cr_expect_eq(secg_diastole_off(&a.grid, off_mv, &lead[0]), 0, "nothing to compare with");
    secg_diastole_keep(&d, &a, &m, 1000);
    for (size_t r = 0; r < a.grid.rows; r++) {
        double ms = secg_grid_ms(&a.grid, (double)r);
        if (ms > 400 || ms < -180)
            mean[r * 4] = 0.03f, mean[r * 4 + 1] = -0.01f;
        else if (ms > 50) /* ST and T may change */
            mean[r * 4] = 0.3f;
    }
    secg_diastole_compare(&d, &a, &m, 1050, off_mv);
    cr_expect_float_eq(secg_diastole_off(&a.grid, off_mv, &lead[0]), 0.03, 1e-5);
    cr_expect_float_eq(secg_diastole_off(&a.grid, off_mv, &lead[1]), 0.01, 1e-5);
    cr_expect_float_eq(secg_diastole_off(&a.grid, off_mv, &lead[2]), 0.04, 1e-5);
    secg_diastole_compare(&d, &a, &m, 800, off_mv);
    cr_expect_eq(secg_diastole_off(&a.grid, off_mv, &lead[0]), 0, "another rate");
    secg_diastole_forget(&d);
    secg_diastole_compare(&d, &a, &m, 1000, off_mv);
    cr_expect_eq(secg_diastole_off(&a.grid, off_mv, &lead[0]), 0);
}
