/* PR, QRS, QT and QTc: by hand from marks, and on tracings whose intervals are known. */
#include <stressecg/intervals.h>
#include <stressecg/simulate.h>

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const secg_complex usual = {.samples = 400,
                                   .p_onset_ms = -200,
                                   .p_end_ms = -90,
                                   .qrs_onset_ms = -40,
                                   .j_ms = 55,
                                   .t_peak_ms = 260,
                                   .t_end_ms = 290,
                                   .bpm = 120};

/* RR 0.5 s: cube root 0.7937, QTc 330 / 0.7937 = 415.8 ms (Bazett would say 467). */
Test(intervals, follow_from_the_marks)
{
    secg_intervals i = secg_complex_intervals(&usual, 1);
    cr_expect_float_eq(i.pr_ms.value, 160, 1e-3);
    cr_expect_float_eq(i.qrs_ms.value, 95, 1e-3);
    cr_expect_float_eq(i.qt_ms.value, 330, 1e-3);
    cr_expect_float_eq(i.qtc_ms.value, 415.77, 0.05);
    cr_expect_float_eq(i.qtc_ms.sigma / i.qt_ms.sigma, i.qtc_ms.value / i.qt_ms.value, 1e-4);
    cr_expect_float_eq(i.qrs_ms.sigma, 9.9, 0.05); /* 7 and 7 ms, in squares */
    cr_expect_not_null(strstr(secg_qtc_formula_text(), "Fridericia"));
    secg_complex slow = usual;
    slow.bpm = 60;
    i = secg_complex_intervals(&slow, 1);
    cr_expect_float_eq(i.qtc_ms.value, i.qt_ms.value, 1e-3, "at 60 bpm nothing is corrected");
}

static void expect_why(secg_value value, secg_why why)
{
    cr_expect_eq((int)value.why, (int)why);
    cr_expect(isnan(value.value) && isnan(value.sigma));
}

Test(intervals, say_why_they_are_missing)
{
    secg_complex c[3] = {{.samples = 0}, usual, usual};
    c[0].st.why = SECG_WHY_LEAD_OFF;
    c[1].p_onset_ms = NAN;
    secg_intervals i = secg_complex_intervals(c, 2); /* the lead that is off says nothing */
    expect_why(i.pr_ms, SECG_WHY_NO_FIDUCIAL);
    cr_expect_eq((int)i.qt_ms.why, (int)SECG_MEASURED);
    c[1].t_end_ms = NAN;
    i = secg_complex_intervals(c, 2);
    expect_why(i.qt_ms, SECG_WHY_NO_FIDUCIAL);
    expect_why(i.qtc_ms, SECG_WHY_NO_FIDUCIAL);
    c[1].st.why = c[2].st.why = SECG_WHY_NOISE;
    i = secg_complex_intervals(c, 3);
    expect_why(i.pr_ms, SECG_WHY_NOISE);
    expect_why(i.qrs_ms, SECG_WHY_NOISE);
    c[2].st.why = SECG_WHY_UNCALIBRATED; /* times need no gain */
    i = secg_complex_intervals(c, 3);
    cr_expect_float_eq(i.qrs_ms.value, 95, 1e-3);
    expect_why(secg_complex_intervals(c, 1).qrs_ms, SECG_WHY_NOT_YET);
    expect_why(secg_complex_intervals(NULL, 0).qt_ms, SECG_WHY_NOT_YET);
}

/* At 120 bpm the next P begins 300 ms after R: T ends before it, or not. */
Test(intervals, no_pr_where_p_begins_on_t)
{
    secg_complex c = usual;
    c.t_end_ms = 295;
    cr_expect_eq((int)secg_complex_intervals(&c, 1).pr_ms.why, (int)SECG_MEASURED);
    c.t_end_ms = 305;
    expect_why(secg_complex_intervals(&c, 1).pr_ms, SECG_WHY_NO_FIDUCIAL);
    cr_expect_eq((int)secg_complex_intervals(&c, 1).qrs_ms.why, (int)SECG_MEASURED);
}

/* Limits of IEC 60601-2-51 for calibration tracings (domain.md 2): mean differences of QRS 6 and QT
 * 12 ms.  The simulator's T waves have no end but fade, so QT is given twice that. */
Test(intervals, agree_with_the_simulator)
{
    for (double bpm = 60; bpm <= 140; bpm += 40) {
        secg_simulation *simulation;
        secg_analyzer *ecg;
        secg_simulation_config config = {.protocol = "steady",
                                         .seed = 7,
                                         .duration_s = 30,
                                         .rest_bpm = bpm,
                                         .noise_scale = -1,
                                         .ectopy_scale = -1,
                                         .eight_channels = 1};
        cr_assert_eq((int)secg_simulation_create(&config, &simulation, NULL), (int)SECG_OK);
        const secg_signal *signal = secg_simulation_signal(simulation);
        cr_assert_eq(
            (int)secg_analyzer_create(&(secg_analyzer_config){.signal = *signal}, &ecg, NULL),
            (int)SECG_OK);
        size_t frames, taken, beats;
        int16_t counts[1000 * 8];
        while (secg_simulation_read(simulation, counts, 1000, &frames) == SECG_OK && frames > 0)
            for (size_t at = 0; at < frames; at += taken) {
                secg_analyzer_push_i16(ecg, counts + 8 * at, frames - at, &taken);
                for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
                    ;
            }
        const secg_simulated_beat *truth = secg_simulation_beats(simulation, &beats) + 20;
        secg_complex complex;
        secg_analyzer_complex(ecg, 1, &complex, NULL, 0);
        secg_intervals i = secg_complex_intervals(&complex, 1);
        cr_expect_eq((int)i.qt_ms.why, (int)SECG_MEASURED);
        cr_expect_float_eq(i.qrs_ms.value, truth->j_ms - truth->qrs_onset_ms, 6, "%g bpm", bpm);
        cr_expect_float_eq(i.qt_ms.value, truth->t_end_ms - truth->qrs_onset_ms, 24, "%g bpm", bpm);
        secg_analyzer_destroy(ecg);
        secg_simulation_destroy(simulation);
    }
}
