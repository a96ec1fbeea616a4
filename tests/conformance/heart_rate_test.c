/* The heart-rate meter on the patterns of EC13 / IEC 60601-2-27, as domain.md 2.5 lists them:
 * error at most 10 % or 5 bpm, the greater, read 20 s after the pattern began. */
#include "../ecg/trace.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static const double RATES_HZ[] = {125, 360, 500, 1000};
enum { RATES = sizeof RATES_HZ / sizeof *RATES_HZ };

static double allowed(double bpm)
{
    return fmax(5, 0.1 * bpm);
}

static void expect_rate(const trace *t, double second, double bpm)
{
    run r = run_trace(t);
    secg_value shown = rate_at(&r, t->rate_hz, second);
    cr_expect_eq(shown.why, SECG_MEASURED, "%g Hz: no rate", t->rate_hz);
    cr_expect_float_eq(shown.value, bpm, allowed(bpm), "%g Hz, %g bpm: %g shown", t->rate_hz, bpm,
                       (double)shown.value);
    run_free(&r);
}

static void pulses(trace *t, double bpm, double width_s, double mv, double from_s, double to_s)
{
    for (double at = from_s; at < to_s; at += 60 / bpm)
        add_triangle(t, 0, at, width_s, mv);
}

struct pulse {
    double bpm, width_s, mv;
};
ParameterizedTestParameters(heart_rate, range)
{
    static struct pulse row[] = {{30, 0.10, 1},  {60, 0.10, 0.5}, {80, 0.07, 0.5}, {80, 0.12, 5},
                                 {120, 0.10, 1}, {200, 0.07, 1},  {220, 0.07, 1},  {250, 0.07, 1}};
    return cr_make_param_array(struct pulse, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct pulse *p, heart_rate, range)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        pulses(&t, p->bpm, p->width_s, p->mv, 0.4, 32);
        expect_rate(&t, 30, p->bpm);
        trace_free(&t);
    }
}

/* Two kinds of complex in turn: name, intervals before each, rate of all complexes. */
struct pattern {
    char name[32];
    double rr_normal_s, rr_other_s, bpm;
    int upside_down;
};
ParameterizedTestParameters(heart_rate, irregular)
{
    static struct pattern row[] = {{"A1 ventricular bigeminy", 1.0, 0.5, 80, 0},
                                   {"A2 slow alternating", 1.25, 0.75, 60, 0},
                                   {"A3 rapid alternating", 0.58, 0.42, 120, 0},
                                   {"A4 bidirectional", 0.667, 0.667, 90, 1}};
    return cr_make_param_array(struct pattern, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct pattern *p, heart_rate, irregular)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        for (double at = 0.5; at < 31;) {
            add_normal(&t, at, 1);
            at += p->rr_other_s;
            if (p->upside_down)
                add_normal(&t, at, -1);
            else
                add_ventricular(&t, at, 1);
            at += p->rr_normal_s;
        }
        expect_rate(&t, 20, p->bpm);
        expect_rate(&t, 30, p->bpm);
        trace_free(&t);
    }
}

/* QRS 1 mV, 100 ms; T 180 ms wide, QT 350 ms: 1.2 mV must not be counted. */
ParameterizedTestParameters(heart_rate, tall_t)
{
    static double bpm[] = {80, 120, 150};
    return cr_make_param_array(double, bpm, 3);
}
ParameterizedTest(double *bpm, heart_rate, tall_t)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        for (double at = 0.5; at < 31; at += 60 / *bpm) {
            add_triangle(&t, 0, at, 0.10, 1);
            add_hump(&t, 0, at - 0.05 + 0.35 - 0.09, 0.18, 1.2);
        }
        expect_rate(&t, 30, *bpm);
        trace_free(&t);
    }
}

Test(heart_rate, drift_4_mv)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 62);
        pulses(&t, 80, 0.10, 0.5, 0.4, 62);
        for (size_t n = 0; n < t.frames; n++) { /* triangle wave, 0.1 Hz, 4 mV peak to peak */
            double phase = fmod((double)n / t.rate_hz * 0.1, 1);
            t.mv[n] += (float)(8 * fabs(phase - 0.5) - 2);
        }
        for (double second = 20; second <= 60; second += 5)
            expect_rate(&t, second, 80);
        trace_free(&t);
    }
}

ParameterizedTestParameters(heart_rate, mains_100_uv)
{
    static double hz[] = {50, 60};
    return cr_make_param_array(double, hz, 2);
}
ParameterizedTest(double *hz, heart_rate, mains_100_uv)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        pulses(&t, 80, 0.10, 0.5, 0.4, 32);
        add_sine(&t, 0, *hz, 0.05);
        expect_rate(&t, 30, 80);
        trace_free(&t);
    }
}

/* A pacer pulse is 0.1 .. 2 ms wide: one sample at most here, band-limited by the front end to a
 * few mV.  With and without capture: each QRS counts once, a pulse alone never. */
Test(heart_rate, pacer_pulses)
{
    for (int i = 1; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        for (double at = 0.5; at < 31; at += 0.75) {
            add_triangle(&t, 0, at, 0.10, 1);
            t.mv[(size_t)((at - 0.15) * t.rate_hz)] += 2;
        }
        expect_rate(&t, 30, 80);
        trace_free(&t);
    }
}

/* From 80 bpm the new rate is shown within 10 %, and stays, after at most 11 s. */
ParameterizedTestParameters(heart_rate, step)
{
    static double bpm[] = {120, 40};
    return cr_make_param_array(double, bpm, 2);
}
ParameterizedTest(double *bpm, heart_rate, step)
{
    trace t = trace_new(500, 1, 62);
    pulses(&t, 80, 0.10, 1, 0.5, 30);
    pulses(&t, *bpm, 0.10, 1, 30.5, 62);
    for (double second = 42; second <= 60; second++)
        expect_rate(&t, second, *bpm);
    trace_free(&t);
}

/* The other side: what is no QRS complex is not counted. */
Test(heart_rate, small_and_short_pulses_are_not_counted)
{
    for (int i = 0; i < RATES; i++) {
        trace t = trace_new(RATES_HZ[i], 1, 32);
        pulses(&t, 80, 0.10, 0.15, 0.4, 32);
        add_noise(&t, 0, 0.002, 0, 32, 7);
        run r = run_trace(&t);
        cr_expect_eq(count_beats(&r, t.rate_hz, 0, 32, 0), 0, "%g Hz: 0.15 mV counted", t.rate_hz);
        cr_expect_neq(rate_at(&r, t.rate_hz, 30).why, SECG_MEASURED);
        run_free(&r);
        trace_free(&t);
    }
}
