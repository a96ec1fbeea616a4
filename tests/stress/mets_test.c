/* Arithmetic of workload and predicted heart rate against domain.md 1.3 to 1.5. */
#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <stressecg/protocol.h>

/* Cycle METs of domain.md 1.3 by watts and body mass. */
Test(mets, leg_cycling)
{
    static const double kg[] = {50, 60, 70, 80, 90, 100};
    static const struct {
        double w, mets[6];
    } row[] = {
        {25, {3.5, 3.3, 3.1, 3.0, 2.9, 2.8}},     {50, {5.1, 4.6, 4.2, 3.9, 3.7, 3.5}},
        {75, {6.6, 5.9, 5.3, 4.9, 4.6, 4.3}},     {100, {8.2, 7.1, 6.4, 5.9, 5.4, 5.1}},
        {125, {9.7, 8.4, 7.5, 6.8, 6.3, 5.9}},    {150, {11.3, 9.7, 8.6, 7.8, 7.1, 6.6}},
        {200, {14.3, 12.3, 10.8, 9.7, 8.9, 8.2}},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        for (size_t k = 0; k < 6; k++) {
            secg_mets got = secg_mets_ergometer(SECG_MODALITY_BICYCLE, row[i].w, kg[k]);
            cr_expect_eq(got.mets.why, SECG_MEASURED);
            cr_expect_eq(got.method, SECG_METS_ACSM_LEG);
            cr_expect(fabs((double)got.mets.value - row[i].mets[k]) < 0.051, "%g W, %g kg: %g",
                      row[i].w, kg[k], (double)got.mets.value);
            cr_expect_eq(got.extrapolated, row[i].w < 50, "valid for 50-200 W");
        }
}

Test(mets, arm_cycling)
{
    static const struct {
        double w, mets;
    } row[] = {{10, 1.7}, {20, 2.5}, {30, 3.2}, {40, 3.9}, {50, 4.7}, {75, 6.5}, {100, 8.3}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_mets got = secg_mets_ergometer(SECG_MODALITY_ARM, row[i].w, 70);
        cr_expect_eq(got.method, SECG_METS_ACSM_ARM);
        cr_expect(fabs((double)got.mets.value - row[i].mets) < 0.0751, "%g W: %g", row[i].w,
                  (double)got.mets.value);
        cr_expect_eq(got.extrapolated, row[i].w < 25);
    }
}

Test(mets, walking_and_running_have_their_range)
{
    static const struct {
        double mph;
        int running;
        secg_mets_method method;
        int extrapolated;
    } row[] = {
        {1.7, 0, SECG_METS_ACSM_WALKING, 1},  {1.9, 0, SECG_METS_ACSM_WALKING, 0},
        {3.7, 0, SECG_METS_ACSM_WALKING, 0},  {3.8, 0, SECG_METS_ACSM_WALKING, 1},
        {4.99, 0, SECG_METS_ACSM_WALKING, 1}, {5.0, 0, SECG_METS_ACSM_RUNNING, 0},
        {4.0, 1, SECG_METS_ACSM_RUNNING, 0},  {2.9, 1, SECG_METS_ACSM_RUNNING, 1},
        {3.0, 1, SECG_METS_ACSM_RUNNING, 0},  {8.0, 0, SECG_METS_ACSM_RUNNING, 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_mets got = secg_mets_treadmill(row[i].mph, 5, row[i].running);
        cr_expect_eq(got.method, row[i].method, "%g mph", row[i].mph);
        cr_expect_eq(got.extrapolated, row[i].extrapolated, "%g mph", row[i].mph);
    }
    cr_expect_float_eq((double)secg_mets_treadmill(0, 0, 0).mets.value, 1.0, 1e-6,
                       "standing: 1 MET");
}

Test(mets, what_is_missing_is_not_a_number)
{
    const secg_mets got[] = {secg_mets_treadmill((double)NAN, 5, 0),
                             secg_mets_treadmill(3, (double)NAN, 0),
                             secg_mets_treadmill(-1, 5, 0),
                             secg_mets_treadmill((double)INFINITY, 5, 0),
                             secg_mets_ergometer(SECG_MODALITY_BICYCLE, 100, 0),
                             secg_mets_ergometer(SECG_MODALITY_BICYCLE, (double)NAN, 70)};
    for (size_t i = 0; i < sizeof got / sizeof *got; i++) {
        cr_expect_eq(got[i].mets.why, SECG_WHY_NOT_ENTERED);
        cr_expect(isnan(got[i].mets.value));
        cr_expect_eq(got[i].method, SECG_METS_NONE);
    }
    cr_expect_eq(secg_mets_ergometer(SECG_MODALITY_DRUG, 100, 70).mets.why,
                 SECG_WHY_NOT_APPLICABLE);
}

Test(max_bpm, every_formula_at_fifty)
{
    static const struct {
        const char *id;
        double bpm;
    } row[] = {
        {"fox", 170},        {"tanaka", 173},       {"gulati", 162},     {"sydo_m", 172.5},
        {"sydo_f", 170.5},   {"gellish", 172},      {"inbar", 171.55},   {"nes_hunt", 179},
        {"fairbarn_m", 168}, {"fairbarn_f", 169.5}, {"brawner_bb", 129},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_float_eq(secg_predicted_max_bpm(row[i].id, 50), row[i].bpm, 1e-9, "%s",
                           row[i].id);
    cr_expect(isnan(secg_predicted_max_bpm("foxx", 50)));
    cr_expect(isnan(secg_predicted_max_bpm(NULL, 50)));
    cr_expect(isnan(secg_predicted_max_bpm("fox", 0)));
    cr_expect(isnan(secg_predicted_max_bpm("fox", 121)));
    cr_expect(isnan(secg_predicted_max_bpm("fox", (double)NAN)));
}

Test(max_bpm, halves_go_up)
{
    static const struct {
        double value;
        int rounded;
    } row[] = {
        {172.5, 173},      {172.49, 172}, {0.5, 1},        {-0.5, 0},        {-1.5, -1},
        {0.285 * 100, 29}, {170, 170},    {1e12, INT_MAX}, {-1e12, INT_MIN},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        cr_expect_eq(secg_round_half_up(row[i].value), row[i].rounded, "%g", row[i].value);
    cr_expect_eq(secg_round_half_up((double)NAN), INT_MIN, "not 0");
    /* Every half of tanaka's formula, where 0.7 has no exact binary form. */
    for (int age = 5; age <= 115; age += 10)
        cr_expect_eq(secg_round_half_up(secg_predicted_max_bpm("tanaka", age)),
                     (2080 - 7 * age + 5) / 10, "age %d", age);
}
