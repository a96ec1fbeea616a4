/* Which levels are shown: known well enough for the rate, or for their own size. */
#include "ecg/table.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <string.h>

enum { RATE_HZ = 500 };

static _Alignas(64) unsigned char memory[40000];

/* A flat line that steps to a level at J, its sigma as given. */
static secg_st filled_until(double bpm, double level_mv, double sigma_mv, double last_ms)
{
    static float mean[SECG_GRID_ROWS_MAX * 4], form[2][SECG_GRID_ROWS_MAX];
    secg_arena arena = {.base = memory, .capacity = sizeof memory};
    const secg_lead_source lead = {.channel = 0};
    secg_average average = {.mean = mean, .present = 1, .count = 20};
    secg_spread spread = {
        .average = &average, .lead = &lead, .leads = 1, .form = {form[0], form[1]}};
    secg_marks marks = secg_marks_none();
    secg_table table;
    secg_grid_init(&average.grid, RATE_HZ, 1);
    for (size_t r = 0; r < average.grid.rows; r++)
        mean[r * average.grid.stride] = secg_grid_ms(&average.grid, (double)r) > last_ms ? NAN
                                        : secg_grid_ms(&average.grid, (double)r) > 46
                                            ? (float)level_mv
                                            : 0;
    average.noise_mv[0] = 0.002f;
    average.beats[0] = 20;
    average.worth[0] = average.total[0] = 20;
    spread.sigma[0][0] = (float)sigma_mv;
    marks.qrs_onset_ms = -40;
    marks.j_ms = 46;
    secg_marks_set_isoelectric(&marks);
    secg_table_lay_out(&table, &arena, &average.grid, &lead, 1);
    cr_assert(!arena.overflow);
    table.point = bpm < 120 ? SECG_ST_J80 : SECG_ST_J60;
    secg_table_fill(&table,
                    &(secg_table_source){.average = &average,
                                         .marks = &marks,
                                         .spread = &spread,
                                         .sample = 1000,
                                         .newest = 900,
                                         .rr_ms = (float)(60000 / bpm)},
                    0);
    return table.complex[0].st;
}

static secg_st filled(double bpm, double level_mv, double sigma_mv)
{
    return filled_until(bpm, level_mv, sigma_mv, INFINITY);
}

/* The next beat begins before the last of the points: no number is shown that is none. */
Test(table, rows_that_no_beat_has_are_no_level)
{
    secg_st whole = filled_until(240, -0.1, 0.01, 160), cut = filled_until(240, -0.1, 0.01, 130);
    cr_expect_eq((int)whole.why, (int)SECG_MEASURED);
    cr_expect_eq((int)cut.why, (int)SECG_WHY_NO_FIDUCIAL);
    cr_expect(isnan(cut.level_mv) && isnan(cut.level_j80_mv));
}

struct shown {
    double bpm, level_mv, sigma_mv;
    secg_why why;
};
ParameterizedTestParameters(table, shows_what_is_known_well_enough)
{
    static struct shown row[] = {
        {75, -0.1, 0.015, SECG_MEASURED},  {75, -0.1, 0.020, SECG_WHY_NOISE},
        {75, 0.9, 0.040, SECG_MEASURED},   {75, 0.9, 0.050, SECG_WHY_NOISE},
        {125, -0.1, 0.020, SECG_MEASURED}, {125, -0.1, 0.024, SECG_WHY_NOISE},
        {170, -0.1, 0.026, SECG_MEASURED}, {170, -0.1, 0.030, SECG_WHY_NOISE},
    };
    return cr_make_param_array(struct shown, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct shown *want, table, shows_what_is_known_well_enough)
{
    secg_st st = filled(want->bpm, want->level_mv, want->sigma_mv);
    cr_expect_eq((int)st.why, (int)want->why, "%g bpm, %g mV, sigma %g: %d", want->bpm,
                 want->level_mv, want->sigma_mv, (int)st.why);
    if (st.why == SECG_MEASURED)
        cr_expect_float_eq(st.level_mv, want->level_mv, 1e-4);
    else
        cr_expect(isnan(st.level_mv) && isnan(st.sigma_mv));
}
