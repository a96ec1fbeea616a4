/* The catalogue against the tables of domain.md, typed a second time: minutes from the start, mph,
 * km/h, grade and METs by both equations. */
#include <criterion/criterion.h>
#include <math.h>
#include <stressecg/protocol.h>
#include <string.h>

struct row {
    double from_min, to_min, mph, km_h, grade, walk, run; /* NAN: not in the table */
};

static const struct row bruce[] = {
    {0, 3, 1.7, 2.74, 10, 4.6, 4.8},      {3, 6, 2.5, 4.02, 12, 7.0, 6.9},
    {6, 9, 3.4, 5.47, 14, 10.2, 9.5},     {9, 12, 4.2, 6.76, 16, 13.5, 12.1},
    {12, 15, 5.0, 8.05, 18, 17.2, 14.9},  {15, 18, 5.5, 8.85, 20, 20.4, 17.0},
    {18, 21, 6.0, 9.66, 22, 23.8, 19.3},  {21, 24, 6.5, 10.46, 24, 27.5, 21.7},
    {24, 27, 7.0, 11.27, 26, 31.4, 24.3}, {27, 30, 7.5, 12.07, 28, 35.7, 27.0},
};
static const struct row modified_bruce[] = {
    {0, 3, 1.7, 2.74, 0, 2.3, NAN},      {3, 6, 1.7, 2.74, 5, 3.5, NAN},
    {6, 9, 1.7, 2.74, 10, 4.6, NAN},     {9, 12, 2.5, 4.02, 12, 7.0, NAN},
    {12, 15, 3.4, 5.47, 14, 10.2, NAN},  {15, 18, 4.2, 6.76, 16, 13.5, 12.1},
    {18, 21, 5.0, 8.05, 18, 17.2, 14.9}, {21, 24, 5.5, 8.85, 20, 20.4, 17.0},
    {24, 27, 6.0, 9.66, 22, 23.8, 19.3},
};
static const struct row cornell[] = {
    {0, 2, 1.7, 2.74, 0, 2.3, 3.6},      {2, 4, 1.7, 2.74, 5, 3.5, 4.2},
    {4, 6, 1.7, 2.74, 10, 4.6, 4.8},     {6, 8, 2.1, 3.38, 11, 5.8, 5.8},
    {8, 10, 2.5, 4.02, 12, 7.0, 6.9},    {10, 12, 3.0, 4.83, 13, 8.7, 8.3},
    {12, 14, 3.4, 5.47, 14, 10.2, 9.5},  {14, 16, 3.8, 6.12, 15, 11.8, 10.7},
    {16, 18, 4.2, 6.76, 16, 13.5, 12.1}, {18, 20, 4.6, 7.40, 17, 15.3, 13.4},
    {20, 22, 5.0, 8.05, 18, 17.2, 14.9},
};
static const struct row naughton[] = {
    {0, 2, 1.0, 1.61, 0, 1.8, NAN},      {2, 4, 2.0, 3.22, 0, 2.5, NAN},
    {4, 6, 2.0, 3.22, 3.5, 3.5, NAN},    {6, 8, 2.0, 3.22, 7, 4.5, NAN},
    {8, 10, 2.0, 3.22, 10.5, 5.4, NAN},  {10, 12, 2.0, 3.22, 14, 6.4, NAN},
    {12, 14, 2.0, 3.22, 17.5, 7.4, NAN},
};
static const struct row modified_naughton[] = {
    {0, 2, 1.0, 1.61, 0, 1.8, NAN},     {2, 4, 1.5, 2.41, 0, 2.1, NAN},
    {4, 6, 2.0, 3.22, 3.5, 3.5, NAN},   {6, 8, 2.0, 3.22, 7, 4.5, NAN},
    {8, 10, 2.0, 3.22, 10.5, 5.4, NAN}, {10, 12, 3.0, 4.83, 7.5, 6.4, NAN},
    {12, 14, 3.0, 4.83, 10, 7.4, NAN},  {14, 16, 3.0, 4.83, 12.5, 8.5, NAN},
    {16, 18, 3.0, 4.83, 15, 9.5, NAN},  {18, 20, 3.0, 4.83, 17.5, 10.5, NAN},
    {20, 22, 3.0, 4.83, 20, 11.6, NAN}, {22, 24, 3.0, 4.83, 22.5, 12.6, NAN},
    {24, 26, 3.0, 4.83, 25, 13.6, NAN},
};
static const struct row ellestad[] = {
    {0, 3, 1.7, 2.74, 10, 4.6, 4.8},      {3, 5, 3.0, 4.83, 10, 7.4, 7.7},
    {5, 7, 4.0, 6.44, 10, 9.6, 9.9},      {7, 10, 5.0, 8.05, 10, 11.7, 12.1},
    {10, 12, 6.0, 9.66, 15, 18.0, 16.4},  {12, 14, 7.0, 11.27, 15, 20.8, 19.0},
    {14, 16, 8.0, 12.87, 15, 23.7, 21.5},
};

static void check_clock(const secg_protocol *p, const struct row *row, size_t rows)
{
    double s = 0;
    for (size_t i = 0; i < rows; i++) {
        cr_expect_eq(s, 60 * row[i].from_min, "%s stage %zu begins at %g s", p->id, i, s);
        s += p->stage[i].duration_s;
        cr_expect_eq(s, 60 * row[i].to_min, "%s stage %zu ends at %g s", p->id, i, s);
    }
}

static void check_mets(const secg_protocol *p, size_t i, const struct row *row)
{
    double mph = (double)p->stage[i].speed_mph, grade = (double)p->stage[i].grade_pct;
    secg_mets walk = secg_mets_treadmill(mph, grade, 0), run = secg_mets_treadmill(mph, grade, 1);
    if (mph < 5) {
        cr_expect_eq(walk.method, SECG_METS_ACSM_WALKING);
        cr_expect(fabs((double)walk.mets.value - row->walk) < 0.051, "%s %zu: walking %g, not %g",
                  p->id, i, (double)walk.mets.value, row->walk);
    } else
        cr_expect_eq(walk.method, SECG_METS_ACSM_RUNNING);
    cr_expect_eq(run.method, SECG_METS_ACSM_RUNNING);
    if (!isnan(row->run))
        cr_expect(fabs((double)run.mets.value - row->run) < 0.051, "%s %zu: running %g, not %g",
                  p->id, i, (double)run.mets.value, row->run);
}

static void check_treadmill(const char *id, const struct row *row, size_t rows)
{
    const secg_protocol *p = secg_protocol_find(id);
    cr_assert_not_null(p, "%s", id);
    cr_assert_eq(p->stages, rows);
    cr_expect_eq(p->modality, SECG_MODALITY_TREADMILL);
    check_clock(p, row, rows);
    for (size_t i = 0; i < rows; i++) {
        cr_expect_eq(p->stage[i].speed_mph, (float)row[i].mph, "%s %zu", id, i);
        cr_expect_eq(p->stage[i].grade_pct, (float)row[i].grade, "%s %zu", id, i);
        cr_expect(isnan(p->stage[i].power_w) && isnan(p->stage[i].dose));
        cr_expect(fabs((double)p->stage[i].speed_mph * 1.609344 - row[i].km_h) < 0.0051);
        check_mets(p, i, &row[i]);
    }
}
#define CHECK(id, row) check_treadmill(id, row, sizeof row / sizeof *row)

Test(protocol, treadmill_tables)
{
    CHECK("bruce", bruce);
    CHECK("modified-bruce", modified_bruce);
    CHECK("cornell", cornell);
    CHECK("naughton", naughton);
    CHECK("modified-naughton", modified_naughton);
    CHECK("ellestad", ellestad);
}

static double walk_mets(const secg_protocol *p, size_t i)
{
    return (double)secg_mets_treadmill((double)p->stage[i].speed_mph, (double)p->stage[i].grade_pct,
                                       0)
        .mets.value;
}

/* METs of domain.md 1.2 for the tables that it gives in words. */
static void check_walk(const char *id, const double *mets, size_t count, double within)
{
    const secg_protocol *p = secg_protocol_find(id);
    cr_assert_not_null(p, "%s", id);
    cr_assert_eq(p->stages, count, "%s", id);
    for (size_t i = 0; i < count; i++)
        cr_expect(fabs(walk_mets(p, i) - mets[i]) < within, "%s %zu: %g, not %g", id, i,
                  walk_mets(p, i), mets[i]);
}
#define CHECK_WALK(id, within, ...)                                                                \
    do {                                                                                           \
        static const double mets[] = {__VA_ARGS__};                                                \
        check_walk(id, mets, sizeof mets / sizeof *mets, within);                                  \
    } while (0)

Test(protocol, treadmill_tables_given_in_words)
{
    CHECK_WALK("naughton-2mph", 0.0101, 2.53, 3.50, 4.46, 5.43, 6.39, 7.36, 8.33);
    CHECK_WALK("balke-ware", 0.051, 3.5, 4.4, 4.9, 5.3, 5.8, 6.3, 6.7, 7.2, 7.6, 8.1, 8.5, 9.0, 9.4,
               9.9, 10.3, 10.8, 11.3, 11.7, 12.2, 12.6, 13.1, 13.5, 14.0, 14.4, 14.9);
    CHECK_WALK("modified-balke", 0.051, 3.3, 4.3, 5.4, 6.4, 7.4, 8.5, 9.5, 10.5, 11.6, 12.6);
    CHECK_WALK("usafsam", 0.051, 2.5, 3.5, 5.8, 8.1, 10.3, 12.6, 14.9);
    CHECK_WALK("slow-usafsam", 0.051, 2.5, 3.9, 5.3, 6.7, 8.0, 9.4);
    CHECK_WALK("gardner", 0.051, 2.5, 3.1, 3.6, 4.2, 4.7, 5.3, 5.8, 6.4, 6.9, 7.5);
}

Test(protocol, balke_ware_climbs_two_and_then_one_percent_a_minute)
{
    const secg_protocol *p = secg_protocol_find("balke-ware");
    for (size_t i = 0; i < p->stages; i++) {
        cr_expect_eq(p->stage[i].duration_s, 60);
        cr_expect_eq(p->stage[i].grade_pct, i == 0 ? 0 : (float)i + 1);
        cr_expect_eq(p->stage[i].speed_mph, 3.3f);
    }
}

Test(protocol, ramp_of_31_half_minutes)
{
    const secg_protocol *p = secg_protocol_find("ramp-30s");
    cr_assert_eq(p->stages, 31);
    for (size_t i = 0; i < 31; i++) {
        cr_expect_eq(p->stage[i].duration_s, 30);
        cr_expect_eq(p->stage[i].speed_mph, i < 6 ? 0.5f * (float)(i + 1) : 3.0f);
        cr_expect_eq(p->stage[i].grade_pct, i < 6 ? 0 : (float)i - 5);
    }
}

struct ladder {
    const char *id;
    secg_modality modality;
    float start_w, step_w;
    double minutes;
};
Test(protocol, ergometer_ladders)
{
    static const struct ladder ladder[] = {
        {"who-25", SECG_MODALITY_BICYCLE, 25, 25, 2},
        {"who-50", SECG_MODALITY_BICYCLE, 50, 25, 2},
        {"bal", SECG_MODALITY_BICYCLE, 50, 50, 3},
        {"hollmann-venrath", SECG_MODALITY_BICYCLE, 30, 40, 3},
        {"french-30-3", SECG_MODALITY_BICYCLE, 30, 30, 3},
        {"astrand-men", SECG_MODALITY_BICYCLE, 50, 50, 3},
        {"astrand-women", SECG_MODALITY_BICYCLE, 50, 25, 3},
        {"nordic-50-4", SECG_MODALITY_BICYCLE, 50, 50, 4},
        {"arm-crank", SECG_MODALITY_ARM, 10, 10, 2},
    };
    for (size_t k = 0; k < sizeof ladder / sizeof *ladder; k++) {
        const secg_protocol *p = secg_protocol_find(ladder[k].id);
        cr_assert_not_null(p, "%s", ladder[k].id);
        cr_expect_eq(p->modality, ladder[k].modality);
        for (size_t i = 0; i < p->stages; i++) {
            cr_expect_eq(p->stage[i].power_w, ladder[k].start_w + (float)i * ladder[k].step_w,
                         "%s %zu", p->id, i);
            cr_expect_eq(p->stage[i].duration_s, 60 * ladder[k].minutes);
            cr_expect(isnan(p->stage[i].speed_mph) && isnan(p->stage[i].grade_pct));
        }
    }
}

/* 10-25 W/min after 2-3 min of warm-up. */
Test(protocol, bicycle_ramp_rises_evenly)
{
    const secg_protocol *p = secg_protocol_find("bicycle-ramp");
    cr_expect_eq(p->stage[0].duration_s, 180);
    for (size_t i = 1; i < p->stages; i++)
        cr_expect_eq((double)(p->stage[i].power_w - p->stage[i - 1].power_w) /
                         p->stage[i].duration_s,
                     20.0 / 60);
}

static double infused(const secg_protocol *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->stages; i++)
        if (!isnan(p->stage[i].dose))
            sum += (double)p->stage[i].dose * p->stage[i].duration_s / 60;
    return sum;
}

Test(protocol, drug_ladders)
{
    static const float dobutamine[] = {5, 10, 20, 30, 40};
    const secg_protocol *p = secg_protocol_find("dobutamine");
    cr_assert_eq(p->stages, 5);
    cr_expect_str_eq(p->dose_unit, "ug/kg/min");
    for (size_t i = 0; i < 5; i++) {
        cr_expect_eq(p->stage[i].dose, dobutamine[i]);
        cr_expect_eq(p->stage[i].duration_s, 180);
    }
    cr_expect_float_eq(infused(secg_protocol_find("adenosine-6")), 6 * 140, 1e-9);
    cr_expect_float_eq(infused(secg_protocol_find("adenosine-4")), 4 * 140, 1e-9);
    p = secg_protocol_find("dipyridamole");
    cr_expect_float_eq(infused(p), 0.568, 1e-6, "0.56 mg/kg in all");
    cr_expect_str_eq(p->dose_unit, "mg/kg/min");
    p = secg_protocol_find("regadenoson");
    cr_expect_eq(p->stage[0].dose, 0.4f);
    cr_expect_eq(p->stage[0].duration_s, 10);
    double s = 0;
    for (size_t i = 0; i < p->stages; i++)
        s += p->stage[i].duration_s;
    cr_expect_eq(s, 300);
}

Test(protocol, every_table_can_run)
{
    size_t count = 0;
    for (const secg_protocol *p; (p = secg_protocol_at(count)); count++) {
        cr_expect_eq(secg_protocol_find(p->id), p, "two tables are called %s", p->id);
        cr_expect(p->version[0] && p->name[0] && p->source[0], "%s", p->id);
        cr_expect(p->recovery_s >= 300, "%s", p->id);
        double without_bp = 0;
        for (size_t i = 0; i < p->stages; i++) {
            const secg_protocol_stage *s = &p->stage[i];
            cr_expect(s->label[0] && s->duration_s >= 10, "%s %zu", p->id, i);
            cr_expect(isnan(s->bp_due_s) || (double)s->bp_due_s <= s->duration_s, "%s %zu", p->id,
                      i);
            without_bp = isnan(s->bp_due_s) ? without_bp + s->duration_s : 0;
            cr_expect(without_bp < 180, "%s %zu: no blood pressure for 3 min", p->id, i);
        }
    }
    cr_expect_eq(count, 31);
    cr_expect_null(secg_protocol_find("bruce "));
    cr_expect_null(secg_protocol_find(NULL));
}
