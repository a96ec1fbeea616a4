/* ST against heart rate, on summaries written by hand: truth is the line, the two ends or the
 * rectangle that they were made from. */
#include <stressecg/st.h>

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MOST_STAGES = 10, MOST_TABLES = 200, RATE_HZ = 100 };

typedef struct fixture {
    secg_signal signal;
    secg_lead_source lead[3];
    secg_stage_summary stage[MOST_STAGES];
    secg_st stage_st[MOST_STAGES][3], table_st[MOST_TABLES][3];
    secg_trend_point trend[MOST_TABLES];
    secg_summary summary;
} fixture;

static fixture f;

static secg_st level(double bpm, double uv)
{
    return (secg_st){.why = SECG_MEASURED,
                     .level_mv = NAN, /* the one at J+60 counts */
                     .level_j60_mv = (float)(uv / 1000),
                     .sigma_mv = 0.010f,
                     .bpm = (float)bpm};
}

static void begin(void)
{
    memset(&f, 0, sizeof f);
    f.signal.rate_hz = RATE_HZ;
    f.lead[0].lead = SECG_LEAD_V5;
    f.lead[1].lead = SECG_LEAD_AVR;
    f.lead[2].lead = SECG_LEAD_II;
    f.summary = (secg_summary){.signal = &f.signal,
                               .lead = f.lead,
                               .leads = 3,
                               .stage = f.stage,
                               .trend = f.trend,
                               .exercise_start = 0,
                               .exercise_end = 600 * RATE_HZ,
                               .recovery_end = 900 * RATE_HZ};
}

static void add_stage(secg_phase phase, secg_st st)
{
    size_t i = f.summary.stages++;
    f.stage[i] = (secg_stage_summary){.phase = phase, .st = f.stage_st[i]};
    for (int k = 0; k < 3; k++)
        f.stage_st[i][k] = st;
}

static secg_st_rate of(size_t lead)
{
    secg_st_rate rate;
    cr_assert_eq((int)secg_summary_st_rate(&f.summary, lead, &rate), (int)SECG_OK);
    return rate;
}

/* Four stage ends on a line of 2.5 uV a bpm; the first, at rest, is none of exercise. */
Test(st_rate, slope_of_a_line_is_its_slope)
{
    begin();
    add_stage(SECG_PHASE_PRETEST, level(70, 40));
    for (int i = 0; i < 4; i++)
        add_stage(SECG_PHASE_EXERCISE, level(100 + 20 * i, -10 - 50 * i));
    secg_st_rate r = of(0);
    cr_expect_eq((int)r.slope_uv_bpm.why, (int)SECG_MEASURED);
    cr_expect_float_eq(r.slope_uv_bpm.value, 2.5, 1e-4);
    cr_expect_float_eq(r.correlation, 1, 1e-6);
    cr_expect_float_eq(r.index_uv_bpm.value, (40 + 160) / 90.0, 1e-4);
    cr_expect_float_eq(r.index_uv_bpm.sigma, sqrt(2) * 10 / 90.0, 1e-4);
}

/* Level first, then falling by 4 uV a bpm: the last three points give the greatest slope. */
Test(st_rate, the_steepest_significant_line_counts)
{
    begin();
    static const double bpm[] = {90, 110, 130, 140, 150}, uv[] = {0, 0, -2, -41, -81};
    for (int i = 0; i < 5; i++)
        add_stage(SECG_PHASE_EXERCISE, level(bpm[i], uv[i]));
    secg_st_rate r = of(0);
    cr_expect_eq(r.points, 3);
    cr_expect_float_eq(r.slope_uv_bpm.value, 3.95, 1e-3);
}

/* Student's t for one degree of freedom is 12.7: a bend of three points makes no line; and rates
 * that fell end the search. */
Test(st_rate, what_is_no_line_has_no_slope)
{
    begin();
    add_stage(SECG_PHASE_EXERCISE, level(100, 0));
    add_stage(SECG_PHASE_EXERCISE, level(120, -80));
    cr_expect_eq((int)of(0).slope_uv_bpm.why, (int)SECG_WHY_NOT_APPLICABLE, "two points");
    add_stage(SECG_PHASE_EXERCISE, level(140, -90));
    cr_expect_eq((int)of(0).slope_uv_bpm.why, (int)SECG_WHY_NOISE, "a bend");
    cr_expect(isnan(of(0).slope_uv_bpm.value));
    add_stage(SECG_PHASE_EXERCISE, level(130, -100));
    cr_expect_eq((int)of(0).slope_uv_bpm.why, (int)SECG_WHY_NOT_APPLICABLE, "the rate fell");
}

Test(st_rate, stages_that_were_not_measured_are_left_out)
{
    begin();
    secg_st noisy = {.why = SECG_WHY_NOISE, .level_j60_mv = NAN, .bpm = 110};
    for (int i = 0; i < 3; i++) {
        add_stage(SECG_PHASE_EXERCISE, level(100 + 20 * i, -20 * i));
        add_stage(SECG_PHASE_EXERCISE, noisy);
    }
    secg_st_rate r = of(0);
    cr_expect_eq(r.points, 3);
    cr_expect_float_eq(r.slope_uv_bpm.value, 1, 1e-4);
    cr_expect_eq((int)r.index_uv_bpm.why, (int)SECG_WHY_NOT_APPLICABLE, "no rest, no peak");
}

/* aVR would be steepest. */
Test(st_rate, the_greatest_slope_leaves_out_avr)
{
    begin();
    for (int i = 0; i < 4; i++) {
        add_stage(SECG_PHASE_EXERCISE, level(100 + 20 * i, -20 * i));
        f.stage_st[i][1].level_j60_mv *= 5;
        f.stage_st[i][2].level_j60_mv *= 2;
    }
    secg_st_rate r;
    cr_expect_eq((int)secg_summary_st_rate_greatest(&f.summary, &r), (int)SECG_OK);
    cr_expect_eq(r.lead, 2);
    cr_expect_float_eq(r.slope_uv_bpm.value, 2, 1e-4);
    f.summary.stages = 2;
    secg_summary_st_rate_greatest(&f.summary, &r);
    cr_expect_eq(r.lead, -1);
    cr_expect(isnan(r.slope_uv_bpm.value));
}

/* Rates go from 80 to 180 in ten minutes and back to 100 in three; level at exercise and recovery. */
static void draw_loop(double exercise_uv, double recovery_uv)
{
    begin();
    for (int s = 5; s <= 780; s += 5) {
        double bpm = s <= 600 ? 80 + s / 6.0 : 180 - (s - 600) * 80 / 180.0;
        size_t i = f.summary.trends++;
        f.trend[i] = (secg_trend_point){.sample = s * RATE_HZ, .st = f.table_st[i]};
        for (int k = 0; k < 3; k++)
            f.table_st[i][k] = level(bpm, s <= 600 ? exercise_uv : recovery_uv);
    }
}

Test(st_rate, loop_of_two_levels_is_their_difference)
{
    draw_loop(-50, -120);
    secg_st_rate r = of(0);
    cr_expect_eq((int)r.loop_uv.why, (int)SECG_MEASURED);
    cr_expect_float_eq(r.loop_uv.value, 70, 2); /* the turn itself takes a step of 5 s */
    cr_expect(r.loop_uv.sigma > 0 && r.loop_uv.sigma < 10);
    draw_loop(-120, -50);
    cr_expect_float_eq(of(0).loop_uv.value, -70, 2);
    draw_loop(-80, -80);
    cr_expect_float_eq(of(0).loop_uv.value, 0, 0.01);
}

Test(st_rate, a_loop_with_a_hole_or_without_an_end_is_none)
{
    draw_loop(-50, -120);
    for (int i = 60; i < 75; i++)
        f.table_st[i][0].why = SECG_WHY_NOISE;
    cr_expect_eq((int)of(0).loop_uv.why, (int)SECG_WHY_NOT_APPLICABLE, "75 s without");
    cr_expect_eq((int)of(2).loop_uv.why, (int)SECG_MEASURED, "the other lead has all");
    f.summary.recovery_end = 700 * RATE_HZ;
    cr_expect_eq((int)of(2).loop_uv.why, (int)SECG_WHY_NOT_APPLICABLE, "100 s of recovery");
    f.summary.exercise_start = SECG_NO_SAMPLE;
    cr_expect_eq((int)of(2).loop_uv.why, (int)SECG_WHY_NOT_APPLICABLE);
}

Test(st_rate, bad_arguments)
{
    secg_st_rate r;
    begin();
    cr_expect_eq((int)secg_summary_st_rate(NULL, 0, &r), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_summary_st_rate(&f.summary, 3, &r), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_summary_st_rate(&f.summary, 0, NULL), (int)SECG_E_ARGUMENT);
    cr_expect_eq((int)secg_summary_st_rate_greatest(&f.summary, NULL), (int)SECG_E_ARGUMENT);
}
