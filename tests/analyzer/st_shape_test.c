/* The rule that is printed is the rule that is applied: its limits are read back from its words. */
#include <stressecg/st.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static secg_st_shape of(double slope_mv_s)
{
    return secg_st_shape_of(&(secg_st){.why = SECG_MEASURED, .slope_mv_s = (float)slope_mv_s});
}

Test(st_shape, printed_rule_is_the_rule_applied)
{
    char rule[160], up[20], flat[20], down[20];
    double above, from, to, below;
    cr_assert_eq(sscanf(secg_st_shape_rule_text(rule, sizeof rule),
                        "%19[a-z]: slope from J to the ST point above %lf mV/s; %19[a-z]: %lf to "
                        "%lf mV/s; %19[a-z]: below %lf mV/s",
                        up, &above, flat, &from, &to, down, &below),
                 7, "%s", rule);
    cr_expect(above == to && from == below && above == 1 && below == -1, "domain.md 3.1: %s", rule);
    const struct {
        double slope;
        const char *word;
    } row[] = {{above + 0.1, up},   {above, flat},   {0, flat},        {below, flat},
               {below - 0.1, down}, {above + 5, up}, {below - 5, down}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_str_eq(secg_st_shape_text(of(row[i].slope)), row[i].word, "%g mV/s",
                         row[i].slope);
}

/* Whatever stands beside the word as a number, to 0.1 mV/s, must bear it out. */
Test(st_shape, word_and_printed_number_never_disagree)
{
    for (int i = -3000; i <= 3000; i++) {
        double slope = i / 1000.0 + 1e-4, printed;
        char text[20];
        snprintf(text, sizeof text, "%+.1f", (double)(float)slope);
        sscanf(text, "%lf", &printed);
        secg_st_shape want = printed > 1    ? SECG_ST_UPSLOPING
                             : printed < -1 ? SECG_ST_DOWNSLOPING
                                            : SECG_ST_HORIZONTAL;
        cr_expect_eq((int)of(slope), (int)want, "%g mV/s", slope);
    }
}

Test(st_shape, no_slope_no_word)
{
    cr_expect_eq((int)secg_st_shape_of(NULL), (int)SECG_ST_SHAPE_NONE);
    cr_expect_eq((int)of((double)NAN), (int)SECG_ST_SHAPE_NONE);
    cr_expect_eq((int)secg_st_shape_of(&(secg_st){.why = SECG_WHY_NOISE, .slope_mv_s = 2}),
                 (int)SECG_ST_SHAPE_NONE);
    cr_expect_str_eq(secg_st_shape_text(SECG_ST_SHAPE_NONE), "");
    cr_expect_str_eq(secg_st_shape_text((secg_st_shape)99), "unknown");
    char small[8];
    cr_expect_eq(strlen(secg_st_shape_rule_text(small, sizeof small)), 7u);
}
