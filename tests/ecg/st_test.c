/* Levels, slope and choice of point on waveforms drawn by hand. */
#include "ecg/st.h"

#include <criterion/criterion.h>
#include <math.h>

static secg_grid grid_at(double rate_hz)
{
    secg_grid g;
    secg_grid_init(&g, rate_hz, 1);
    return g;
}

/* 0.05 mV before R, a straight line of 1.5 mV/s from -0.2 mV at J on. */
Test(st, straight_segment_is_read_exactly)
{
    static const double rate_hz[] = {100, 250, 360, 500, 1000};
    for (size_t i = 0; i < 5; i++) {
        secg_grid g = grid_at(rate_hz[i]);
        float x[1000], scratch[1000];
        secg_marks m = secg_marks_none();
        m.qrs_onset_ms = -41.3f;
        m.j_ms = 47.7f;
        secg_marks_set_isoelectric(&m);
        for (size_t r = 0; r < g.rows; r++) {
            double ms = secg_grid_ms(&g, (double)r);
            x[r] = (float)(ms < 0 ? 0.05 : -0.2 + 0.0015 * (ms - 47.7));
        }
        secg_st st = {.point = SECG_ST_J60, .bpm = 150};
        secg_st_measure(&g, &m, x, scratch, &st);
        cr_expect_float_eq(secg_st_isoelectric(&g, &m, x), 0.05, 1e-6);
        cr_expect_float_eq(st.level_j60_mv, -0.25 + 0.090, 2e-3);
        cr_expect_float_eq(st.level_j80_mv, -0.25 + 0.120, 2e-3);
        cr_expect_float_eq(st.level_jrr16_mv, -0.25 + 0.0375, 3e-3);
        cr_expect_float_eq(st.level_mv, st.level_j60_mv, 1e-6);
        cr_expect_float_eq(st.slope_mv_s, 1.5, 1e-3);
        cr_expect_float_eq(st.integral_mv_s, 0.080 * (-0.25 + 0.060), 3e-4);
    }
}

Test(st, point_follows_the_rate_with_hysteresis)
{
    secg_st_point p = SECG_ST_AUTO;
    static const struct {
        float bpm;
        secg_st_point want;
    } row[] = {{80, SECG_ST_J80},  {119, SECG_ST_J80}, {120, SECG_ST_J60}, {117, SECG_ST_J60},
               {115, SECG_ST_J60}, {114, SECG_ST_J80}, {118, SECG_ST_J80}, {121, SECG_ST_J60}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        p = secg_st_choose(SECG_ST_AUTO, p, row[i].bpm);
        cr_expect_eq(p, row[i].want, "at %g bpm", (double)row[i].bpm);
    }
    cr_expect_eq(secg_st_choose(SECG_ST_JRR16, SECG_ST_J80, 60), SECG_ST_JRR16);
    cr_expect_float_eq(secg_st_after_j_ms(SECG_ST_JRR16, 75), 50, 1e-3);
}

/* The form is the measurement: applied to white noise its norm is the spread. */
Test(st, level_form_sums_to_nothing)
{
    secg_grid g = grid_at(500);
    float form[1000];
    secg_marks m = secg_marks_none();
    m.qrs_onset_ms = -40;
    m.j_ms = 46;
    secg_marks_set_isoelectric(&m);
    double sum = 0, square = 0;
    secg_st_level_form(&g, &m, 60, form);
    for (size_t r = 0; r < g.rows; r++) {
        sum += (double)form[r];
        square += (double)form[r] * (double)form[r];
    }
    cr_expect_float_eq(sum, 0, 1e-6, "a constant must not count");
    double rows = 0.016 * g.rate_hz;
    cr_expect_leq(square, 1.08 * 2 / rows, "two means of 16 ms each");
}

Test(st, what_does_not_fit_the_grid_is_refused)
{
    secg_grid g = grid_at(500);
    secg_marks m = secg_marks_none();
    m.qrs_onset_ms = -40;
    m.j_ms = 46;
    secg_marks_set_isoelectric(&m);
    cr_expect(secg_st_fits(&g, &m, 60));
    m.j_ms = 500;
    cr_expect_not(secg_st_fits(&g, &m, 60));
    m.j_ms = 46;
    m.qrs_onset_ms = -275;
    secg_marks_set_isoelectric(&m);
    cr_expect_not(secg_st_fits(&g, &m, 60));
}
