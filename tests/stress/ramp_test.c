/* Tables made by the library, and the arithmetic that is optional: domain.md 1.2, 1.4 and 1.5. */
#include <criterion/criterion.h>
#include <math.h>
#include <stressecg/protocol.h>
#include <string.h>

/* Loads at a time after the start, as the clock makes them. */
static double at(const secg_protocol *p, double minute, int watts, double *grade)
{
    double start = 0, s = 60 * minute;
    size_t i = 0;
    for (; i + 1 < p->stages && start + p->stage[i].duration_s <= s; i++)
        start += p->stage[i].duration_s;
    const secg_protocol_stage *a = &p->stage[i], *b = &p->stage[i + 1 < p->stages ? i + 1 : i];
    double f = a->ramp_s > 0 ? (s - start) / a->duration_s : 0;
    if (grade)
        *grade = (double)a->grade_pct + f * (double)(b->grade_pct - a->grade_pct);
    return watts ? (double)a->power_w + f * (double)(b->power_w - a->power_w)
                 : (double)a->speed_mph + f * (double)(b->speed_mph - a->speed_mph);
}

/* One minute at 2.0 mph and 0 %, then the predicted peak about 10 min into exercise. */
Test(ramp, the_predicted_peak_is_met_at_ten_minutes)
{
    static const double mets[] = {5, 8, 10, 12};
    for (size_t k = 0; k < sizeof mets / sizeof *mets; k++) {
        secg_made_protocol made;
        secg_error error = {0};
        secg_ramp_config config = {.modality = SECG_MODALITY_TREADMILL, .peak_mets = mets[k]};
        cr_assert_eq(secg_protocol_make_ramp(&config, &made, &error), SECG_OK, "%s", error.text);
        cr_assert_eq(secg_protocol_check(&made.protocol, &error), SECG_OK, "%s", error.text);
        double grade, mph = at(&made.protocol, 0.5, 0, &grade), last = 0;
        cr_expect_eq(mph, 2);
        cr_expect_eq(grade, 0);
        for (double minute = 1; minute <= 14; minute++) {
            mph = at(&made.protocol, minute, 0, &grade);
            double now = (double)secg_mets_treadmill(mph, grade, 0).mets.value;
            cr_expect_gt(now, last, "it rises at minute %g", minute);
            last = now;
            /* From 2.53 at minute 1, evenly. */
            double even = 2.531 + (mets[k] - 2.531) * (minute - 1) / 9;
            if (minute <= 10)
                cr_expect(fabs(now - even) < 0.1, "%g METs at minute %g, not %g", now, minute,
                          even);
        }
        mph = at(&made.protocol, 10, 0, &grade);
        cr_expect_float_eq(mph, 3.3, 0.01);
        cr_expect(fabs((double)secg_mets_treadmill(mph, grade, 0).mets.value - mets[k]) < 0.06);
    }
}

Test(ramp, of_an_ergometer_is_a_straight_line)
{
    secg_made_protocol made;
    secg_ramp_config config = {.modality = SECG_MODALITY_BICYCLE, .start_w = 20, .peak_w = 180};
    cr_assert_eq(secg_protocol_make_ramp(&config, &made, NULL), SECG_OK);
    cr_expect_eq(at(&made.protocol, 1.9, 1, NULL), 20);
    cr_expect_float_eq(at(&made.protocol, 6, 1, NULL), 100, 1e-4);
    cr_expect_float_eq(at(&made.protocol, 10, 1, NULL), 180, 1e-4);
    cr_expect_float_eq(at(&made.protocol, 11, 1, NULL), 200, 1e-4, "20 W a minute, and on");
}

Test(ramp, what_cannot_be_made_is_refused)
{
    static const struct {
        secg_ramp_config config;
        const char *field;
    } row[] = {
        {{.modality = SECG_MODALITY_DRUG}, "modality"},
        {{.modality = SECG_MODALITY_TREADMILL}, "peak_mets"},
        {{.modality = SECG_MODALITY_TREADMILL, .peak_mets = 26}, "peak_mets"},
        {{.modality = SECG_MODALITY_TREADMILL, .peak_mets = 18}, "grade"},
        {{.modality = SECG_MODALITY_TREADMILL, .peak_mets = 8, .minutes = 5}, "minutes"},
        {{.modality = SECG_MODALITY_TREADMILL, .peak_mets = 8, .update_s = 60}, "update_s"},
        {{.modality = SECG_MODALITY_TREADMILL, .peak_mets = 8, .peak_speed_mph = 6},
         "peak_speed_mph"},
        {{.modality = SECG_MODALITY_ARM, .start_w = 50, .peak_w = 40}, "peak_w"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_made_protocol made;
        secg_error error = {0};
        cr_expect_eq(secg_protocol_make_ramp(&row[i].config, &made, &error), SECG_E_ARGUMENT,
                     "row %zu", i);
        cr_expect(strstr(error.text, row[i].field), "row %zu: %s", i, error.text);
    }
}

Test(ramp, any_table_interpolated)
{
    secg_made_protocol made;
    const secg_protocol *naughton = secg_protocol_find("naughton");
    cr_assert_eq(secg_protocol_interpolate(naughton, 10, &made, NULL), SECG_OK);
    cr_expect_str_eq(made.protocol.id, "naughton-ramped");
    double grade;
    cr_expect_float_eq(at(&made.protocol, 1, 0, &grade), 1.5, 1e-6, "half way to 2.0");
    cr_expect_float_eq(at(&made.protocol, 5, 0, &grade), 2, 1e-6);
    cr_expect_float_eq(grade, 5.25, 1e-6);
    cr_expect_eq(secg_protocol_interpolate(naughton, 0, &made, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_protocol_interpolate(NULL, 10, &made, NULL), SECG_E_ARGUMENT);
    cr_expect_eq(secg_protocol_interpolate(secg_protocol_find("bicycle-ramp"), 10, &made, NULL),
                 SECG_E_ARGUMENT, "39 stages");
}

Test(ramp, ramped_bruce_has_the_loads_of_bruce)
{
    const secg_protocol *a = secg_protocol_find("bruce"), *b = secg_protocol_find("ramped-bruce");
    cr_assert_eq(a->stages, b->stages);
    for (size_t i = 0; i < a->stages; i++) {
        cr_expect_eq(a->stage[i].speed_mph, b->stage[i].speed_mph);
        cr_expect_eq(a->stage[i].grade_pct, b->stage[i].grade_pct);
        cr_expect_eq(b->stage[i].ramp_s, i + 1 < a->stages ? 15 : 0, "updates of 5-20 s");
    }
}

/* Boluses of 0.25-0.5 mg to 1 mg at 40 ug/kg/min. */
Test(drug, atropine_follows_dobutamine)
{
    const secg_protocol *a = secg_protocol_find("dobutamine"),
                        *b = secg_protocol_find("dobutamine-atropine");
    cr_assert_eq(b->stages, a->stages + 4);
    for (size_t i = 0; i < b->stages; i++)
        cr_expect_eq(b->stage[i].dose, i < a->stages ? a->stage[i].dose : 40);
}

Test(pretest, the_four_of_every_system)
{
    static const char *const label[] = {"Supine", "Sitting", "Standing", "Hyperventilation"};
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(secg_pretest_at(i), label[i]);
    cr_expect_null(secg_pretest_at(4));
}

/* ---- arithmetic -------------------------------------------------------------------------------- */

/* Measured VO2 = 0.869 ACSM - 0.07 without, 0.694 ACSM + 3.33 with handrail. */
Test(mets, foster)
{
    cr_expect_float_eq(secg_mets_foster(10, SECG_HANDRAIL_NONE), (0.869 * 35 - 0.07) / 3.5, 1e-12);
    cr_expect_float_eq(secg_mets_foster(10, SECG_HANDRAIL_HELD), (0.694 * 35 + 3.33) / 3.5, 1e-12);
    cr_expect(isnan(secg_mets_foster(10, SECG_HANDRAIL_NOT_STATED)));
    cr_expect(isnan(secg_mets_foster((double)NAN, SECG_HANDRAIL_HELD)));
}

Test(mets, predicted)
{
    static const struct {
        const char *id;
        double at_50;
    } row[] = {{"sedentary", 8.6}, {"active", 11.2}, {"morris", 9.2}, {"gulati", 8.2}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_float_eq(secg_predicted_mets(row[i].id, 50), row[i].at_50, 1e-9, "%s", row[i].id);
    cr_expect(isnan(secg_predicted_mets("fox", 50)));
    cr_expect(isnan(secg_predicted_mets("active", 0)));
    cr_expect(isnan(secg_predicted_mets(NULL, 50)));
}
