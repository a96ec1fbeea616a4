/* The truth against the tracing itself: without noise, at the highest rate, every number that the
 * simulation states is measured again by the plainest means. */
#include "simulated.h"

/* Mean over the normal beats of the last 10 s of the level at J + after_s against the mean of the
 * 20 ms before the QRS. */
static double measured_level(const simulated *s, const secg_simulated_stage *stage, int lead,
                             double after_s)
{
    double sum = 0;
    int beats = 0;
    for (size_t i = 0; i < s->beats; i++) {
        const secg_simulated_beat *b = &s->beat[i];
        if (b->label != 'N' || b->r_time_s < stage->end_s - 10 || b->r_time_s >= stage->end_s)
            continue;
        double onset_s = b->r_time_s + (double)b->qrs_onset_ms / 1000, zero = 0;
        for (int ms = 1; ms <= 20; ms++)
            zero += simulated_at(s, lead, onset_s - ms / 1000.0) / 20;
        double at_s = b->r_time_s + (double)b->j_ms / 1000 + after_s;
        if (at_s * s->rate_hz > (double)s->frames - 2)
            continue;
        sum += simulated_at(s, lead, at_s) - zero;
        beats++;
    }
    return sum / beats;
}

/* As a textbook's ruler would: least squares through levels each 5 ms. */
static double measured_slope(const simulated *s, const secg_simulated_stage *stage, int lead)
{
    double length_s = stage->bpm_end < 120 ? 0.080 : 0.060, n = 0, t = 0, y = 0, tt = 0, ty = 0;
    for (double x = 0; x <= length_s + 1e-9; x += 0.005, n++) {
        double level = measured_level(s, stage, lead, x);
        t += x, y += level, tt += x * x, ty += x * level;
    }
    return (n * ty - t * y) / (n * tt - t * t);
}

static void expect_levels(const simulated *s)
{
    const double within_mv = 0.003; /* a count is 0.0025 mV */
    for (size_t i = 0; i < s->stages; i++)
        for (int k = 0; k < LEADS; k++) {
            const secg_simulated_stage *g = &s->stage[i];
            cr_expect_float_eq(measured_level(s, g, k, 0), g->stj_mv[k], within_mv, "%s J lead %d",
                               g->label, k);
            cr_expect_float_eq(measured_level(s, g, k, 0.060), g->st60_mv[k], within_mv,
                               "%s J+60 lead %d", g->label, k);
            cr_expect_float_eq(measured_level(s, g, k, 0.080), g->st80_mv[k], within_mv,
                               "%s J+80 lead %d", g->label, k);
        }
}

Test(truth, levels_and_slopes_are_in_the_tracing)
{
    simulated s = simulated_read((secg_simulation_config){
        .seed = 3, .rate_hz = 2000, .stages = 1, .noise_scale = -1, .st_peak_mv = 0.3});
    expect_levels(&s);
    for (size_t i = 0; i < s.stages; i++)
        for (int k = 0; k < LEADS; k += 2)
            cr_expect_float_eq(measured_slope(&s, &s.stage[i], k), s.stage[i].st_slope_mv_s[k],
                               0.06, "%s lead %d", s.stage[i].label, k);
    simulated_free(&s);
}

/* Fast, with T and P fused, and slow; with ectopic beats between; elevation instead of depression. */
Test(truth, levels_of_steady_tracings)
{
    const double bpm[] = {45, 110, 170, 210};
    for (size_t i = 0; i < 4; i++) {
        simulated s = simulated_read((secg_simulation_config){.protocol = "steady",
                                                              .seed = i,
                                                              .rate_hz = 2000,
                                                              .rest_bpm = bpm[i],
                                                              .duration_s = 30,
                                                              .noise_scale = -1,
                                                              .st_peak_mv = i % 2 ? -0.15 : 0.25,
                                                              .ectopy_scale = i % 2 ? 0.1 : 0});
        if (bpm[i] < 180)
            expect_levels(&s);
        cr_expect(fabs((double)s.stage[0].st60_mv[LEAD_V5]) > 0.1);
        simulated_free(&s);
    }
}

/* What the configuration asks for is what V5 shows; rest is flat; aVR mirrors; it recovers. */
Test(truth, st_follows_the_configuration)
{
    simulated s = simulated_truth((secg_simulation_config){.seed = 9});
    cr_assert_eq(s.stages, 12);
    double before = 0.001;
    for (size_t i = 0; i < 6; i++) {
        double v5 = (double)s.stage[i].st60_mv[LEAD_V5];
        cr_expect(v5 < before, "%s: %g after %g", s.stage[i].label, v5, before);
        before = i == 0 ? 0.001 : v5;
    }
    cr_expect_float_eq(s.stage[5].st60_mv[LEAD_V5], -0.20, 0.02);
    cr_expect_float_eq(s.stage[0].st80_mv[LEAD_V5], 0, 0.005);
    cr_expect(s.stage[5].st60_mv[LEAD_AVR] > 0.07f);
    cr_expect(s.stage[5].st60_mv[LEAD_II] < -0.10f);
    cr_expect(s.stage[11].st60_mv[LEAD_V5] > -0.03f);
    simulated_free(&s);
    s = simulated_truth((secg_simulation_config){.seed = 9, .st_peak_mv = (double)NAN});
    for (int k = 0; k < LEADS; k++)
        cr_expect_float_eq(s.stage[5].stj_mv[k], 0, 0.001);
    simulated_free(&s);
}

/* The QRS is nothing outside of onset .. J and something just inside. */
Test(truth, onset_and_j_bound_the_qrs)
{
    simulated s = simulated_read((secg_simulation_config){
        .protocol = "steady", .rate_hz = 2000, .noise_scale = -1, .st_peak_mv = (double)NAN});
    for (size_t i = 1; i + 1 < s.beats; i++) {
        double onset_s = s.beat[i].r_time_s + (double)s.beat[i].qrs_onset_ms / 1000;
        double j_s = s.beat[i].r_time_s + (double)s.beat[i].j_ms / 1000, starts = 0, ends = 0;
        for (int k = 0; k < LEADS; k++) {
            for (int ms = 0; ms <= 20; ms++) {
                cr_expect_float_eq(simulated_at(&s, k, onset_s - ms / 1000.0), 0, 0.0026);
                cr_expect_float_eq(simulated_at(&s, k, j_s + ms / 1000.0), 0, 0.0026);
            }
            starts = fmax(starts, fabs(simulated_at(&s, k, onset_s + 0.005)));
            ends = fmax(ends, fabs(simulated_at(&s, k, j_s - 0.005)));
        }
        cr_expect(starts > 0.02 && ends > 0.02, "%g %g mV 5 ms inside", starts, ends);
        double qrs_ms = (double)(s.beat[i].j_ms - s.beat[i].qrs_onset_ms);
        cr_expect(qrs_ms > 80 && qrs_ms < 100, "QRS %g ms", qrs_ms);
    }
    simulated_free(&s);
}

/* Every label stands on the largest deflection of lead II near it, and no QRS is without one. */
Test(truth, beats_are_where_lead_ii_is_largest)
{
    simulated s = simulated_read((secg_simulation_config){.seed = 5, .noise_scale = -1});
    size_t seen = 0;
    int64_t last = -1000;
    for (size_t i = 0; i < s.beats; i++) {
        int64_t from = s.beat[i].sample - 20, to = s.beat[i].sample + 20, largest = from;
        if (from < 0 || to >= s.frames)
            continue;
        for (int64_t n = from; n <= to; n++)
            if (fabs(simulated_mv(&s, LEAD_II, n)) > fabs(simulated_mv(&s, LEAD_II, largest)))
                largest = n;
        cr_expect_leq(llabs(largest - s.beat[i].sample), 1, "beat %zu at %lld, largest at %lld", i,
                      (long long)s.beat[i].sample, (long long)largest);
    }
    for (int64_t n = 0; n < s.frames; n++)
        if (fabs(simulated_mv(&s, LEAD_II, n)) > 0.6) {
            seen += n - last > 60;
            last = n;
        }
    cr_expect_leq(llabs((long long)seen - (long long)s.beats), 1, "%zu seen, %zu stated", seen,
                  s.beats);
    simulated_free(&s);
}

/* Heart rate from peaks counted in the last 10 s of lead II. */
static double counted_bpm(const simulated *s, double end_s)
{
    int64_t first = -1, last = -1, end = secg_sample_at(end_s, s->rate_hz);
    int beats = 0;
    for (int64_t n = end - secg_sample_at(10, s->rate_hz); n < end - 1; n++) {
        double mv = simulated_mv(s, LEAD_II, n);
        if (mv < 0.6 || mv < simulated_mv(s, LEAD_II, n - 1) ||
            mv <= simulated_mv(s, LEAD_II, n + 1))
            continue;
        first = first < 0 ? n : first;
        last = n;
        beats++;
    }
    return 60 * s->rate_hz * (beats - 1) / (double)(last - first);
}

Test(truth, heart_rate_at_stage_ends)
{
    simulated s = simulated_read((secg_simulation_config){.seed = 2, .noise_scale = -1});
    for (size_t i = 0; i < s.stages; i++) {
        cr_expect_float_eq(counted_bpm(&s, s.stage[i].end_s), s.stage[i].bpm_end, 0.3, "%s",
                           s.stage[i].label);
        int rises = s.stage[i].phase != SECG_PHASE_RECOVERY;
        if (i > 0)
            cr_expect((s.stage[i].bpm_end > s.stage[i - 1].bpm_end) == rises, "%s",
                      s.stage[i].label);
    }
    cr_expect_float_eq(s.stage[0].bpm_end, 65, 2);
    cr_expect_float_eq(s.stage[5].bpm_end, 170, 1);
    simulated_free(&s);
}

/* domain.md 1.2: the Bruce table, with a minute each of supine and standing rest before it. */
Test(truth, stages_are_those_of_bruce)
{
    const double mph[] = {1.7, 2.5, 3.4, 4.2}, grade[] = {10, 12, 14, 16};
    simulated s = simulated_truth((secg_simulation_config){.seed = 1});
    cr_assert_eq(s.stages, 12);
    for (int k = 0; k < 4; k++) {
        const secg_simulated_stage *g = &s.stage[2 + k];
        cr_expect_eq(g->phase, SECG_PHASE_EXERCISE);
        cr_expect_eq(g->index, k);
        cr_expect_float_eq(g->start_s, 120 + 180 * k, 1e-9);
        cr_expect_float_eq(g->end_s, 300 + 180 * k, 1e-9);
        cr_expect_float_eq(g->speed_mph, mph[k], 1e-6);
        cr_expect_float_eq(g->grade_pct, grade[k], 1e-6);
        cr_expect(g->bp_time_s > g->start_s && g->bp_time_s < g->end_s);
    }
    cr_expect_eq(s.frames, 1200 * 500);
    cr_expect_str_eq(s.stage[6].label, "Recovery 1:00");
    cr_expect_eq(s.stage[0].systolic_mmhg, 118);
    cr_expect_eq(s.stage[5].systolic_mmhg, 190);
    simulated_free(&s);
}

static void recount(const simulated *s, const secg_simulated_stage *stage, int32_t *run)
{
    for (size_t i = 0; i < s->beats; i++) {
        if (s->beat[i].label != 'V' || (i > 0 && s->beat[i - 1].label == 'V'))
            continue;
        size_t length = 1;
        while (i + length < s->beats && s->beat[i + length].label == 'V')
            length++;
        if (s->beat[i].r_time_s >= stage->start_s && s->beat[i].r_time_s < stage->end_s) {
            run[0] += (int32_t)length;
            run[length < 3 ? length : 3]++;
        }
    }
}

Test(truth, ectopic_beats_are_counted_and_premature)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        simulated s = simulated_truth((secg_simulation_config){.seed = seed});
        int32_t couplets = 0, runs = 0;
        for (size_t i = 0; i < s.stages; i++) {
            int32_t run[4] = {0};
            recount(&s, &s.stage[i], run);
            cr_expect_eq(s.stage[i].pvc, run[0]);
            cr_expect_eq(s.stage[i].couplets, run[2]);
            cr_expect_eq(s.stage[i].runs, run[3]);
            couplets += run[2], runs += run[3];
        }
        cr_expect_eq(couplets, 1);
        cr_expect_eq(runs, 1);
        cr_expect_eq(s.stage[0].pvc + s.stage[1].pvc + s.stage[2].pvc, 0);
        cr_expect_eq(s.stage[3].pvc, 1);
        cr_expect_eq(s.stage[4].pvc, 2 + 2);
        for (size_t i = 2; i + 1 < s.beats; i++)
            if (s.beat[i].label == 'V' && s.beat[i - 1].label == 'N' &&
                s.beat[i + 1].label == 'N') {
                cr_expect(s.beat[i].rr_ms < 0.95f * s.beat[i - 1].rr_ms);
                cr_expect(s.beat[i].rr_ms >= 299.9f);
                cr_expect_float_eq(s.beat[i].rr_ms + s.beat[i + 1].rr_ms, 2 * s.beat[i - 1].rr_ms,
                                   0.2 * (double)s.beat[i - 1].rr_ms);
            }
        simulated_free(&s);
    }
}

/* At any rate a ventricular beat is early and followed by a pause; the sinus node keeps time. */
Test(truth, ectopic_beats_are_premature_at_any_rate)
{
    const double bpm[] = {30, 100, 180, 250};
    for (size_t i = 0; i < 4; i++) {
        simulated s = simulated_truth((secg_simulation_config){
            .protocol = "steady", .rest_bpm = bpm[i], .duration_s = 600, .ectopy_scale = 0.2});
        const double rr_ms = 60000 / bpm[i];
        for (size_t k = 1; k + 1 < s.beats; k++) {
            if (s.beat[k].label != 'V')
                continue;
            cr_expect(s.beat[k].rr_ms < 0.91 * rr_ms, "%g of %g ms", s.beat[k].rr_ms, rr_ms);
            cr_expect_float_eq(s.beat[k].rr_ms + s.beat[k + 1].rr_ms, 2 * rr_ms, 0.01);
        }
        cr_expect(s.stage[0].pvc > 30);
        simulated_free(&s);
    }
}

Test(truth, steady_is_steady)
{
    simulated s = simulated_truth((secg_simulation_config){
        .protocol = "steady", .rest_bpm = 72, .duration_s = 120, .seed = 4});
    cr_assert_eq(s.stages, 1);
    cr_expect_float_eq(s.stage[0].bpm_end, 72, 1e-3);
    for (size_t i = 1; i < s.beats; i++)
        cr_expect_float_eq(s.beat[i].rr_ms, 60000.0 / 72, 1e-2);
    cr_expect(isnan(s.beat[0].rr_ms));
    simulated_free(&s);
    s = simulated_truth((secg_simulation_config){
        .protocol = "steady", .duration_s = 3600, .ectopy_scale = 0.1, .seed = 4});
    double part = (double)s.stage[0].pvc / ((double)s.beats - s.stage[0].pvc);
    cr_expect_float_eq(part, 0.1, 0.02);
    simulated_free(&s);
}
