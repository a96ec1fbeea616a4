/* The summary of scripted tests, against figures worked out by hand. */
#include "floor.h"

#include <criterion/criterion.h>
#include <stdio.h>

static secg_test_config bruce(void)
{
    return (secg_test_config){.protocol = secg_protocol_find("bruce"),
                              .patient = {.age_years = 55, .weight_kg = 80, .sex = 'F'}};
}

/* Two minutes of rest, 9:40 of exercise, five minutes of recovery.  Displayed rate: 70 at rest,
 * +10 each minute of exercise, falling by 15 in the first and 20 in the second minute after it. */
static void nine_forty_frame(int64_t sample, double rate_hz, float *mv)
{
    double s = (double)sample / rate_hz, exercise = s - 120, recovery = exercise - 580;
    script_frame(sample, rate_hz, mv);
    double bpm = exercise <= 0 ? 70 : 70 + exercise / 6;
    if (recovery > 0)
        bpm = 70 + 580 / 6.0 - (recovery < 60 ? recovery / 4 : 15 + (recovery - 60) / 3);
    mv[1] = (float)bpm;
}

static floor_bench nine_forty(const secg_test_config *config)
{
    floor_bench bench = floor_create(config, 100, 4096, 4001);
    bench.script = nine_forty_frame;
    secg_test_pretest(bench.test, 0, "Supine");
    floor_push_s(&bench, 60);
    secg_test_blood_pressure(bench.test, 5000, 120, 80);
    secg_test_pretest(bench.test, 6000, "Standing");
    floor_push_s(&bench, 120);
    secg_test_start(bench.test, 12000);
    static const int systolic[] = {140, 160, 182};
    for (int i = 0; i < 3; i++) {
        floor_push_s(&bench, 120 + 180 * i + 150);
        secg_test_blood_pressure(bench.test, 12000 + 18000 * i + 15000, systolic[i], 82);
        secg_test_rpe(bench.test, 12000 + 18000 * i + 15000, 11 + 2 * i, "6-20");
    }
    floor_push_s(&bench, 120 + 580);
    secg_test_recover(bench.test, 70000);
    floor_push_s(&bench, 720);
    secg_test_blood_pressure(bench.test, 72000, 178, 80);
    floor_push_s(&bench, 1000);
    secg_test_finish(bench.test, 100000, SECG_END_FATIGUE, "legs");
    floor_flush(&bench);
    return bench;
}

Test(summary, a_bruce_test_of_9_40_has_three_complete_stages_and_40_s_of_the_fourth)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    static const struct {
        const char *label;
        int phase, complete;
        double start_s, end_s, phase_s, planned_s;
    } row[] = {
        {"Supine", 1, 0, 0, 60, 60, 0},
        {"Standing", 1, 0, 60, 120, 120, 0},
        {"1", 2, 1, 120, 300, 180, 180},
        {"2", 2, 1, 300, 480, 360, 180},
        {"3", 2, 1, 480, 660, 540, 180},
        {"4", 2, 0, 660, 700, 580, 180},
        {"Recovery 1:00", 3, 0, 700, 760, 60, 60},
        {"Recovery 2:00", 3, 0, 760, 820, 120, 60},
        {"Recovery 3:00", 3, 0, 820, 880, 180, 60},
        {"Recovery 4:00", 3, 0, 880, 940, 240, 60},
        {"Recovery 5:00", 3, 0, 940, 1000, 300, 60},
    };
    cr_assert_eq(s->stages, sizeof row / sizeof *row);
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *got = &s->stage[i];
        cr_expect_str_eq(got->label, row[i].label);
        cr_expect_eq((int)got->phase, row[i].phase);
        cr_expect_eq(got->complete, row[i].complete, "%s", got->label);
        cr_expect_eq(got->start, (int64_t)(row[i].start_s * 100));
        cr_expect_eq(got->end, (int64_t)(row[i].end_s * 100));
        cr_expect_eq(got->phase_s, row[i].phase_s, "%s ends at %g", got->label, got->phase_s);
        cr_expect_eq(got->planned_s, row[i].planned_s);
    }
    cr_expect_eq(s->exercise_s, 580);
    cr_expect_eq(s->recovery_s, 300);
    cr_expect_eq(s->end, SECG_END_FATIGUE);
    cr_expect_str_eq(s->end_text, "legs");
    cr_expect_eq(secg_summary_stage_at(s, 12000), 2);
    cr_expect_eq(secg_summary_stage_at(s, 11999), 1);
    cr_expect_eq(secg_summary_stage_at(s, 100000), -1);
    floor_destroy(&bench);
}

Test(summary, rates_and_what_follows_from_them)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->rest_bpm.value, 70);
    static const float at_end[] = {70, 70, 100, 130, 160};
    for (size_t i = 0; i < 5; i++)
        cr_expect_float_eq(s->stage[i].bpm.value, at_end[i], 1e-4, "%s", s->stage[i].label);
    double peak = 70 + 580 / 6.0;
    cr_expect_float_eq((double)s->peak_bpm.value.value, peak, 1e-4);
    cr_expect_eq(s->peak_bpm.sample, 70000);
    /* fox: 220 - 55 = 165; 85 % is 140.25. */
    cr_expect_eq(s->predicted_max_bpm.value, 165);
    cr_expect_eq(s->target_bpm.value, 140);
    cr_expect_eq(s->percent_of_max.value, 101, "%g", (double)s->percent_of_max.value);
    /* The mean of +-5 s around the mark is displayed 5 s after it. */
    cr_expect_float_eq((double)s->recovery_drop_1min.value.value, 15 + 5 / 3.0, 1e-4);
    cr_expect_float_eq((double)s->recovery_drop_2min.value.value, 35 + 5 / 3.0, 1e-4);
    cr_expect_eq(s->recovery_drop_1min.sample, 76000);
    cr_expect_float_eq((double)s->recovery_drop_1min.value.sigma, sqrt(2), 1e-6, "of two rates");
    floor_destroy(&bench);
}

Test(summary, targets_are_rounded_from_the_unrounded_maximum)
{
    /* tanaka at 55: 169.5, printed 170; 85 % of 169.5 is 144.075, of 170 it would be 144.5. */
    secg_test_config config = bruce();
    config.max_bpm_formula = "tanaka";
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->predicted_max_bpm.value, 170);
    cr_expect_eq(s->target_bpm.value, 144);
    cr_expect_str_eq(s->max_bpm_formula, "tanaka");
    floor_destroy(&bench);
}

Test(summary, without_an_age_there_is_no_predicted_rate)
{
    secg_test_config config = bruce();
    config.patient.age_years = 0;
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->predicted_max_bpm.why, SECG_WHY_NOT_ENTERED);
    cr_expect_eq(s->target_bpm.why, SECG_WHY_NOT_ENTERED);
    cr_expect_eq(s->percent_of_max.why, SECG_WHY_NOT_ENTERED);
    cr_expect(isnan(s->percent_of_max.value));
    floor_destroy(&bench);
}

Test(summary, blood_pressure_belongs_to_one_row)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    static const int systolic[] = {120, 0, 140, 160, 182, 178, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < s->stages; i++) {
        const secg_blood_pressure *got = &s->stage[i].bp;
        cr_expect_eq(got->systolic_mmhg, systolic[i], "%s: %d", s->stage[i].label,
                     got->systolic_mmhg);
        cr_expect_eq(got->why, systolic[i] ? SECG_MEASURED : SECG_WHY_NOT_ENTERED);
    }
    /* Of stage 4 there is none but the one 20 s after its end. */
    cr_expect_eq(s->stage[5].bp.sample, 72000);
    /* 182 mmHg at 510 s of exercise, 155 bpm; 178 mmHg 20 s after it, 161.67 bpm. */
    cr_expect_float_eq((double)s->stage[4].rate_pressure.value, 182 * 155.0, 0.1);
    cr_expect_float_eq((double)s->peak_rate_pressure.value.value, 178 * (70 + 580 / 6.0 - 5), 0.1);
    cr_expect_eq(s->peak_rate_pressure.sample, 72000);
    cr_expect_eq(s->peak_systolic.value.value, 182);
    cr_expect_eq(s->peak_systolic.sample, 12000 + 36000 + 15000);
    cr_expect_eq(s->stage[2].rpe.value, 11);
    cr_expect_eq(s->stage[5].rpe.why, SECG_WHY_NOT_ENTERED);
    floor_destroy(&bench);
}

Test(summary, mets_by_the_target_load_and_interpolated_at_the_peak)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    static const double mets[] = {4.6, 7.0, 10.2, 13.5}; /* domain.md 1.2 */
    for (size_t i = 0; i < 4; i++) {
        cr_expect(fabs((double)s->stage[2 + i].mets.mets.value - mets[i]) < 0.051);
        cr_expect_eq(s->stage[2 + i].mets.method, SECG_METS_ACSM_WALKING);
    }
    cr_expect_eq(s->stage[0].mets.mets.why, SECG_WHY_NOT_APPLICABLE);
    double full3 = (double)s->stage[4].mets.mets.value, full4 = (double)s->stage[5].mets.mets.value;
    cr_expect_float_eq((double)s->peak_mets.value.value, full3 + (full4 - full3) * 40 / 180, 1e-5);
    cr_expect_eq(s->peak_mets.sample, 70000);
    cr_expect_not_null(strstr(secg_summary_peak_mets_text(), "interpolated"));
    floor_destroy(&bench);
}

Test(summary, st_and_complexes_are_those_of_the_end_of_the_stage)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->leads, 2);
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        for (size_t k = 0; k < 2; k++) {
            /* A table each 5 s, so the last one stands for the very end. */
            cr_expect_eq(row->st[k].sample, row->end, "%s", row->label);
            cr_expect_eq(row->st[k].level_mv, fake_level_mv(row->end, 100, k));
            cr_expect_eq(row->complex[k].sample, row->end, "%s", row->label);
            cr_expect_eq(row->complex_mv[k * s->complex_capacity + 1], (float)row->end + 0.25f);
        }
    }
    /* The script falls by 1 uV a second, lead 1 lies 10 uV below lead 0. */
    cr_expect_eq(s->st_lowest_lead, 1);
    cr_expect_eq(s->st_lowest.sample, 100000);
    cr_expect_eq(s->st_highest_lead, 0);
    cr_expect_eq(s->st_highest.sample, 12500, "the first table of exercise");
    cr_expect_eq(s->trends, 200);
    cr_expect_eq(s->trend[1].sample, 1000);
    cr_expect_eq(s->trend[1].st[1].level_mv, fake_level_mv(1000, 100, 1));
    floor_destroy(&bench);
}

Test(summary, counts_of_the_rows_add_up_to_the_whole)
{
    secg_test_config config = bruce();
    floor_bench bench = nine_forty(&config);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    int n = 0, v = 0, sve = 0, beats = 0;
    /* Counted from the script itself. */
    for (int64_t at = 0; at < 100000; at++) {
        float mv[2];
        script_frame(at, 100, mv);
        beats += mv[0] > 0;
        n += mv[0] == 1;
        v += mv[0] == 2;
        sve += mv[0] == 3;
    }
    cr_expect_eq(s->total.beats, beats);
    cr_expect_eq(s->total.n, n);
    cr_expect_eq(s->total.v, v);
    cr_expect_eq(s->total.sve, sve);
    cr_expect_eq(s->total.pvc + 2 * s->total.couplets, v, "single ones and pairs");
    cr_expect_gt(s->total.couplets, 0);
    int sum[4] = {0};
    for (size_t i = 0; i < s->stages; i++) {
        sum[0] += s->stage[i].counts.beats;
        sum[1] += s->stage[i].counts.v;
        sum[2] += s->stage[i].counts.pvc;
        sum[3] += s->stage[i].counts.couplets;
    }
    cr_expect_eq(sum[0], beats);
    cr_expect_eq(sum[1], v);
    cr_expect_eq(sum[2], s->total.pvc);
    cr_expect_eq(sum[3], s->total.couplets);
    floor_destroy(&bench);
}

Test(summary, a_reading_in_the_stage_comes_before_one_after_it)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 200);
    secg_test_blood_pressure(bench.test, 15000, 140, 80);
    secg_test_blood_pressure(bench.test, 19900, 150, 80);
    floor_push_s(&bench, 400);
    secg_test_blood_pressure(bench.test, 36000 + 3000, 160, 80); /* 30 s after stage 2 */
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].bp.systolic_mmhg, 140);
    cr_expect_eq(s->stage[1].bp.systolic_mmhg, 150);
    cr_expect_eq(s->stage[2].bp.systolic_mmhg, 160);
    floor_destroy(&bench);
}

Test(summary, a_reading_in_exercise_is_not_one_of_rest)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_pretest(bench.test, 0, "Standing");
    floor_push_s(&bench, 60);
    secg_test_start(bench.test, 6000);
    floor_push_s(&bench, 100);
    secg_test_blood_pressure(bench.test, 6000, 140, 80);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].bp.why, SECG_WHY_NOT_ENTERED);
    cr_expect_eq(s->stage[1].bp.systolic_mmhg, 140);
    floor_destroy(&bench);
}

Test(summary, recovery_has_rows_by_the_minute_and_by_posture)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 50);
    secg_test_recover(bench.test, 5000);
    floor_push_s(&bench, 140);
    secg_fact sitting = secg_fact_make(SECG_FACT_STAGE, 14000);
    sitting.phase = SECG_PHASE_RECOVERY;
    strcpy(sitting.label, "Sitting");
    cr_assert_eq(secg_test_add(bench.test, &sitting, NULL), SECG_OK);
    floor_push_s(&bench, 240);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    static const struct {
        const char *label;
        int64_t start, end;
    } row[] = {
        {"1", 0, 5000},
        {"Recovery 1:00", 5000, 11000},
        {"Recovery 1:30", 11000, 14000},
        {"Sitting 2:00", 14000, 17000},
        {"Sitting 3:00", 17000, 23000},
        {"Sitting 3:10", 23000, 24000},
    };
    cr_assert_eq(s->stages, 6);
    for (size_t i = 0; i < 6; i++) {
        cr_expect_str_eq(s->stage[i].label, row[i].label);
        cr_expect_eq(s->stage[i].start, row[i].start);
        cr_expect_eq(s->stage[i].end, row[i].end);
        cr_expect_eq(s->stage[i].complex[0].sample, row[i].end, "%s", row[i].label);
    }
    floor_destroy(&bench);
}

/* The displayed rate goes on rising: what comes more than 10 s after exercise is not its peak. */
Test(summary, the_peak_rate_is_that_of_exercise)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    floor_push_s(&bench, 30);
    secg_test_start(bench.test, 3000);
    floor_push_s(&bench, 90);
    secg_test_recover(bench.test, 9000);
    floor_push_s(&bench, 200);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->peak_bpm.sample, 10000);
    cr_expect_eq(s->peak_bpm.value.value, script_rate(10000, 100));
    cr_expect_float_eq((double)s->rest_bpm.value, 63, 1e-5, "where exercise starts");
    floor_destroy(&bench);
}

/* ---- other shapes of recordings -------------------------------------------------------------------- */

Test(summary, a_recording_without_a_test_is_one_row)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    floor_push_s(&bench, 100);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 1);
    cr_expect_str_eq(s->stage[0].label, "Recording");
    cr_expect_eq(s->stage[0].phase, SECG_PHASE_NONE);
    cr_expect_eq(s->stage[0].end, 10000);
    cr_expect_eq(s->stage[0].st[0].sample, 10000);
    cr_expect_eq(s->exercise_start, SECG_NO_SAMPLE);
    cr_expect_eq(s->peak_bpm.sample, 9900, "over the whole recording");
    cr_expect_eq(s->coverage_pct, 100);
    cr_expect_eq(s->peak_mets.value.why, SECG_WHY_NOT_APPLICABLE);
    floor_destroy(&bench);
}

Test(summary, an_empty_recording)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_not_null(s);
    cr_assert_eq(s->stages, 1);
    cr_expect_eq(s->stage[0].st[0].why, SECG_WHY_NOT_YET);
    cr_expect(isnan(s->coverage_pct));
    cr_expect_eq(s->stage[0].bpm.why, SECG_WHY_NOT_YET);
    floor_destroy(&bench);
}

Test(summary, time_before_and_after_the_test_has_rows_of_its_own)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    floor_push_s(&bench, 50);
    secg_test_start(bench.test, 5000);
    floor_push_s(&bench, 55);
    secg_test_recover(bench.test, 5500);
    floor_push_s(&bench, 100);
    secg_test_finish(bench.test, 10000, SECG_END_DYSPNEA, NULL);
    floor_push_s(&bench, 130);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    static const char *const label[] = {"Before test", "1", "Recovery 0:45", "After test"};
    cr_assert_eq(s->stages, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(s->stage[i].label, label[i]);
    cr_expect_eq(s->stage[1].complete, 0, "aborted after 5 s");
    cr_expect_eq(s->recovery_drop_1min.value.why, SECG_WHY_NOT_YET, "recovery was too short");
    cr_expect_eq(s->recovery_end, 10000);
    int beats = 0;
    for (size_t i = 0; i < 4; i++)
        beats += s->stage[i].counts.beats;
    cr_expect_eq(beats, s->total.beats);
    floor_destroy(&bench);
}

/* A recovery's own name keeps its words whole beside the time. */
Test(summary, long_names_of_recovery_are_cut_between_words)
{
    static const char *const name[][2] = {{"Recovery, seated on a chair", "Recovery 0:45"},
                                          {"Supine", "Supine 0:45"},
                                          {"Ruhephase-im-Liegen", "Ruhephase-im-Li 0:45"},
                                          {"Walking slowly along", "Walking slowly 0:45"}};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        secg_test_config config = bruce();
        floor_bench bench = floor_create(&config, 100, 4096, 0);
        floor_push_s(&bench, 50);
        secg_test_start(bench.test, 5000);
        floor_push_s(&bench, 55);
        secg_fact fact = secg_fact_make(SECG_FACT_STAGE, 5500);
        fact.phase = SECG_PHASE_RECOVERY;
        snprintf(fact.label, sizeof fact.label, "%.23s", name[i][0]);
        cr_assert_eq(secg_test_add(bench.test, &fact, NULL), SECG_OK);
        floor_push_s(&bench, 100);
        secg_test_finish(bench.test, 10000, SECG_END_FATIGUE, NULL);
        floor_flush(&bench);
        const secg_summary *s = secg_test_summary(bench.test, NULL);
        cr_assert_eq(s->stages, 3);
        cr_expect_str_eq(s->stage[2].label, name[i][1]);
        floor_destroy(&bench);
    }
}

Test(summary, a_stage_shorter_than_a_table_says_so)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    floor_push_s(&bench, 51);
    secg_test_start(bench.test, 5100);
    floor_push_s(&bench, 54);
    secg_test_recover(bench.test, 5400);
    floor_push_s(&bench, 80);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 3);
    cr_expect_eq(s->stage[1].st[0].why, SECG_WHY_FEW_BEATS, "no table stands for 51 .. 54 s");
    cr_expect(isnan(s->stage[1].st[0].level_mv));
    cr_expect_eq(s->stage[1].complex[0].samples, 0);
    cr_expect_eq(s->stage[2].st[0].sample, 8000);
    floor_destroy(&bench);
}

static void failing_frame(int64_t sample, double rate_hz, float *mv)
{
    script_frame(sample, rate_hz, mv);
    int64_t s = sample / 100;
    if (s >= 20 && s < 40)
        mv[0] = NAN;
    if (s >= 30 && s < 35)
        mv[1] = NAN;
}

Test(summary, coverage_and_gaps)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    bench.script = failing_frame;
    secg_test_pretest(bench.test, 0, "Rest");
    floor_push_s(&bench, 25);
    secg_test_start(bench.test, 2500);
    floor_push_s(&bench, 50);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->gaps, 3);
    cr_expect_eq(s->gap[0].lead, 0);
    cr_expect_eq(s->gap[0].start, 2000);
    cr_expect_eq(s->gap[0].end, 4000);
    cr_expect_eq(s->gap[1].lead, -1);
    cr_expect_eq(s->gap[1].state, SECG_SIGNAL_UNREADABLE);
    cr_expect_eq(s->gap[2].lead, 1);
    cr_expect_eq(s->gap[2].end, 3500);
    cr_expect_float_eq((double)s->coverage_pct, 90, 1e-5, "one lead is enough");
    cr_expect_float_eq((double)s->readable_pct, 90, 1e-5);
    cr_expect_eq(s->stage[0].coverage_pct, 100);
    cr_expect_float_eq((double)s->stage[1].coverage_pct, 80, 1e-5);
    floor_destroy(&bench);
}

/* A plug that makes and breaks contact at each frame. */
static void loose_frame(int64_t sample, double rate_hz, float *mv)
{
    script_frame(sample, rate_hz, mv);
    if (sample % 2 && sample > 1000)
        mv[0] = mv[1] = NAN;
}

Test(summary, a_loose_contact_does_not_end_the_recording)
{
    floor_bench bench = floor_create(&(secg_test_config){.max_minutes = 10}, 100, 4096, 0);
    bench.script = loose_frame;
    cr_expect_eq(floor_push_s(&bench, 600), SECG_OK);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->frames, 60000);
    cr_expect_gt(s->gaps, 1000);
    cr_expect(s->coverage_pct < 50 && s->readable_pct < 50, "%g %%", (double)s->coverage_pct);
    cr_expect_eq(s->gap[s->gaps - 1].end, 60000, "failed until the end");
    for (size_t i = 1; i < s->gaps; i++)
        cr_expect(s->gap[i].start >= s->gap[i - 1].start && s->gap[i].end > s->gap[i].start);
    floor_destroy(&bench);
}

/* After 20 s the analyser has nothing more to say: no beats, rates or tables. */
static void silent_frame(int64_t sample, double rate_hz, float *mv)
{
    script_frame(sample, rate_hz, mv);
    if (sample > 2000) {
        mv[0] = 0;
        mv[1] = -1;
    }
}

Test(summary, what_is_too_old_is_not_shown_as_current)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    bench.script = silent_frame;
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 31);
    secg_test_blood_pressure(bench.test, 2300, 150, 80);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 1);
    cr_expect_eq(s->stage[0].bpm.why, SECG_WHY_STALE, "11 s old");
    cr_expect(isnan(s->stage[0].bpm.value));
    cr_expect_eq(s->stage[0].rate_pressure.why, SECG_WHY_STALE, "no rate at that moment");
    cr_expect_eq(s->stage[0].st[0].why, SECG_WHY_STALE, "a table of 15 s, 16 s old");
    cr_expect(isnan(s->stage[0].st[0].level_mv));
    cr_expect_eq(s->stage[0].complex[0].samples, 0);
    floor_destroy(&bench);
}

Test(summary, a_row_between_two_rates_has_none)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    floor_push_s(&bench, 51.2);
    secg_test_start(bench.test, 5120);
    floor_push_s(&bench, 51.7);
    secg_test_recover(bench.test, 5170);
    floor_push_s(&bench, 60);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[1].bpm.why, SECG_WHY_NOT_YET);
    floor_destroy(&bench);
}

Test(summary, stages_without_a_table_are_complete_when_over_and_take_the_measured_load)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    bench.script = silent_frame;
    floor_push_s(&bench, 30);
    secg_test_start(bench.test, 3000);
    secg_fact load = secg_fact_make(SECG_FACT_LOAD, 3000);
    load.speed_mph = 2.5f;
    load.grade_pct = 12;
    secg_test_add(bench.test, &load, NULL);
    floor_push_s(&bench, 60);
    secg_test_advance(bench.test, 6000);
    floor_push_s(&bench, 90);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 3);
    cr_expect_str_eq(s->stage[0].label, "Before test");
    cr_expect_eq(s->stage[1].complete, 1);
    cr_expect_eq(s->stage[2].complete, 0, "under way");
    cr_expect(isnan(s->stage[1].speed_mph), "no target");
    cr_expect_eq(s->stage[1].actual_speed_mph, 2.5f);
    cr_expect(fabs((double)s->stage[1].mets.mets.value - 7.0) < 0.051, "domain.md 1.2, Bruce 2");
    cr_expect_eq(s->stage[2].mets.mets.why, SECG_WHY_NOT_ENTERED);
    secg_test_finish(bench.test, 9000, SECG_END_FATIGUE, NULL);
    s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 3);
    cr_expect_eq(s->stage[2].complete, 1, "over");
    floor_push_s(&bench, 100);
    s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 4);
    cr_expect_eq(s->stage[2].complete, 1, "over");
    cr_expect_str_eq(s->stage[3].label, "After test", "10 s without a beat");
    floor_destroy(&bench);
}

Test(summary, long_labels_are_not_cut_within_a_character)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 20);
    secg_fact rest = secg_fact_make(SECG_FACT_STAGE, 2000);
    rest.phase = SECG_PHASE_RECOVERY;
    strcpy(rest.label, "äöüäöüäöüä"); /* 20 bytes */
    cr_assert_eq(secg_test_add(bench.test, &rest, NULL), SECG_OK);
    floor_push_s(&bench, 50);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_str_eq(s->stage[1].label, "äöüäöüä 0:30");
    floor_destroy(&bench);
}

Test(summary, a_complex_of_an_older_table_is_not_that_of_the_stage)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    fake_without_average(bench.ecg, 6000);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 60);
    secg_test_recover(bench.test, 6000);
    floor_push_s(&bench, 80);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].st[0].sample, 6000);
    cr_expect_eq(s->stage[0].complex[0].samples, 0);
    cr_expect_gt(s->stage[1].complex[0].samples, 0);
    floor_destroy(&bench);
}

Test(summary, more_stages_than_complexes_can_be_kept)
{
    floor_bench bench = floor_create(&(secg_test_config){0}, 100, 4096, 0);
    for (int i = 0; i < 90; i++) {
        secg_test_pretest(bench.test, 600 * i, i % 2 ? "Sitting" : "Standing");
        floor_push_to(&bench, 600 * (i + 1));
    }
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 90);
    cr_expect_gt(s->stage[0].complex[0].samples, 0);
    cr_expect_eq(s->stage[80].complex[0].samples, 0, "64 stages beside the table");
    cr_expect_eq(s->stage[80].st[0].why, SECG_MEASURED, "ST is kept for all");
    cr_expect_gt(s->stage[89].complex[0].samples, 0, "the present ones are at hand");
    floor_destroy(&bench);
}

Test(summary, drugs_have_doses_and_no_mets)
{
    secg_test_config config = {.protocol = secg_protocol_find("dobutamine")};
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 200);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->stages, 2);
    cr_expect_eq(s->stage[1].dose, 10);
    cr_expect_eq(s->stage[1].mets.mets.why, SECG_WHY_NOT_APPLICABLE);
    cr_expect_eq(s->peak_mets.value.why, SECG_WHY_NOT_APPLICABLE);
    floor_destroy(&bench);
}

Test(summary, ergometer_mets_need_the_weight)
{
    for (int known = 0; known < 2; known++) {
        secg_test_config config = {.protocol = secg_protocol_find("who-25")};
        config.patient.weight_kg = known ? 70 : 0;
        floor_bench bench = floor_create(&config, 100, 4096, 0);
        secg_test_start(bench.test, 0);
        floor_push_s(&bench, 240);
        const secg_summary *s = secg_test_summary(bench.test, NULL);
        cr_expect_eq(s->stage[1].mets.mets.why, known ? SECG_MEASURED : SECG_WHY_NOT_ENTERED);
        cr_expect_eq(s->peak_mets.value.why, known ? SECG_MEASURED : SECG_WHY_NOT_ENTERED);
        if (known)
            cr_expect(fabs((double)s->peak_mets.value.value - 4.2) < 0.051, "50 W at 70 kg");
        floor_destroy(&bench);
    }
}

/* The end of a stage is entered late, or lies where a table is still to come. */
Test(summary, complexes_wait_for_the_table_of_the_stage)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 101);
    secg_test_recover(bench.test, 10100); /* the table of 100 s comes at 102.5 s */
    floor_push_s(&bench, 102);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].complex[0].sample, 9500, "what is known so far");
    floor_push_s(&bench, 110);
    s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].complex[0].sample, 10000);
    cr_expect_eq(s->stage[0].st[0].sample, 10000);
    floor_destroy(&bench);

    bench = floor_create(&config, 100, 4096, 0);
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 120);
    secg_test_recover(bench.test, 10000); /* 20 s late */
    floor_push_s(&bench, 130);
    s = secg_test_summary(bench.test, NULL);
    cr_expect_eq(s->stage[0].complex[0].sample, 10000);
    floor_destroy(&bench);
}

/* Each channel comes and goes at random, in steps of 0.37 s. */
static int has_values(int64_t sample, int channel)
{
    uint64_t x = (uint64_t)(sample / 37) * 2 + (uint64_t)channel + 1;
    x *= UINT64_C(0x9e3779b97f4a7c15);
    x ^= x >> 29;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    return (x >> 40) % 5 > 1;
}

static void flickering_frame(int64_t sample, double rate_hz, float *mv)
{
    script_frame(sample, rate_hz, mv);
    for (int k = 0; k < FAKE_CHANNELS; k++)
        if (!has_values(sample, k))
            mv[k] = NAN;
}

Test(summary, coverage_of_each_row_is_what_counting_its_frames_says)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    bench.script = flickering_frame;
    secg_test_start(bench.test, 0);
    floor_push_s(&bench, 150.11);
    secg_test_recover(bench.test, secg_test_frames(bench.test));
    floor_push_s(&bench, 1500);
    floor_flush(&bench);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_expect(s->stages > 20 && s->gaps > 500);
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        int64_t covered = 0;
        for (int64_t n = row->start; n < row->end; n++)
            covered += has_values(n, 0) || has_values(n, 1);
        double pct = 100.0 * (double)covered / (double)(row->end - row->start);
        cr_expect_float_eq((double)row->coverage_pct, pct, 1e-4, "%s", row->label);
        cr_expect_float_eq((double)row->readable_pct, pct, 1e-4, "%s", row->label);
    }
    int64_t lost[FAKE_CHANNELS] = {0};
    for (size_t i = 0; i < s->gaps; i++) {
        const secg_gap *gap = &s->gap[i];
        cr_expect(i == 0 || gap[-1].start < gap->start ||
                  (gap[-1].start == gap->start && gap[-1].lead < gap->lead));
        for (int64_t n = gap->start; n < gap->end && gap->lead >= 0; n++)
            lost[gap->lead] += !has_values(n, gap->lead);
    }
    for (int k = 0; k < FAKE_CHANNELS; k++) {
        for (int64_t n = 0; n < s->frames; n++)
            lost[k] -= !has_values(n, k);
        cr_expect_eq(lost[k], 0, "channel %d", k);
    }
    floor_destroy(&bench);
}

static void tell_rhythm(secg_analyzer *ecg, secg_rhythm_kind kind, int64_t start, int64_t end)
{
    secg_event event;
    memset(&event, 0, sizeof event);
    event.kind = SECG_EVENT_RHYTHM;
    event.rhythm =
        (secg_rhythm){.start = start, .end = end, .kind = (uint16_t)kind, .beats = 1, .bpm = 100};
    cr_assert_eq((int)secg_analyzer_emit(ecg, &event), SECG_OK);
}

/* An episode is told when it is over, after all that happened in it. */
Test(summary, rhythm_events_are_in_order_of_start_and_belong_to_the_row_of_their_start)
{
    secg_test_config config = bruce();
    floor_bench bench = floor_create(&config, 100, 4096, 0);
    secg_test_pretest(bench.test, 0, "Rest");
    floor_push_s(&bench, 10);
    secg_test_start(bench.test, 1000);
    floor_push_s(&bench, 20);
    size_t before = secg_test_summary(bench.test, NULL)->rhythms;
    tell_rhythm(bench.ecg, SECG_RHYTHM_TRIGEMINY, 300, 350);
    tell_rhythm(bench.ecg, SECG_RHYTHM_PAUSE, 700, 900);
    tell_rhythm(bench.ecg, SECG_RHYTHM_PAUSE, 999, 1200);
    tell_rhythm(bench.ecg, SECG_RHYTHM_PAUSE, 1000, 1300);
    tell_rhythm(bench.ecg, SECG_RHYTHM_TRIGEMINY, 1000, 1300);
    tell_rhythm(bench.ecg, SECG_RHYTHM_BIGEMINY, 200, 1500);
    const secg_summary *s = secg_test_summary(bench.test, NULL);
    cr_assert_eq(s->rhythms, before + 6);
    for (size_t i = 1; i < s->rhythms; i++)
        cr_expect(s->rhythm[i - 1].start < s->rhythm[i].start ||
                  (s->rhythm[i - 1].start == s->rhythm[i].start &&
                   s->rhythm[i - 1].kind <= s->rhythm[i].kind));
    cr_expect_eq(s->stage[0].counts.trigeminy, 1);
    cr_expect_eq(s->stage[0].counts.pauses, 2);
    cr_expect_eq(s->stage[0].counts.bigeminy, 1);
    cr_expect_eq(s->stage[1].counts.trigeminy, 1);
    cr_expect_eq(s->stage[1].counts.pauses, 1);
    cr_expect_eq(s->stage[1].counts.bigeminy, 0);
    floor_destroy(&bench);
}
