/* Pulses too narrow for a QRS complex (IEC 60601-2-27: 10 ms pulses and pacer pulses must not be
 * counted, QRS complexes of 40 ms must be), by what the sums of steps hold of them. */
#include "ecg/spikes.h"

#include "base/quad.h"
#include "intake_feed.h"

#include <stressecg/signal.h>

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double RATES_HZ[] = {240, 250, 257, 300, 360, 500, 1000, 2000};
enum { RATES = sizeof RATES_HZ / sizeof *RATES_HZ, MOST_STEPS = 400, CHANNELS = 3 };
static const double SECONDS = 1, AT_S = 0.5;

typedef enum { TRIANGLE, RECTANGLE } form;

typedef struct pulse {
    form form;
    double width_ms, mv, phase; /* phase: where between samples, 0 .. 1 */
    double flagged_ms;          /* after the flag, or NaN               */
} pulse;

static double height(const pulse *p, double t_ms)
{
    double part = 1 - fabs(t_ms) / (p->width_ms / 2);
    return part <= 0 ? 0 : p->mv * (p->form == TRIANGLE ? part : 1);
}

/* Sums that were released, of channel 1, in mV; slope: of what the pulse stands on, mV/s. */
static size_t released(double rate_hz, const pulse *p, int remove, double slope, double *sum_mv)
{
    secg_intake in;
    void *memory = make_intake(&in, rate_hz, CHANNELS, secg_quad_filled(CHANNELS));
    secg_spikes spikes;
    secg_spikes_init(&spikes, &in);
    size_t steps = 0, frames = (size_t)(SECONDS * rate_hz);
    double at = floor(AT_S * rate_hz) + p->phase;
    size_t flags = isnan(p->flagged_ms) ? 0u : 1u;
    int64_t flag = flags ? (int64_t)ceil(at - p->flagged_ms * 1e-3 * rate_hz) : 0;
    for (size_t n = 0; n < frames; n++) {
        size_t room;
        float *mv = secg_intake_room(&in, &room);
        for (size_t k = 0; k < in.stride; k++)
            mv[k] = 0;
        mv[1] = (float)(slope * (double)n / rate_hz + height(p, ((double)n - at) * 1e3 / rate_hz));
        if (!secg_intake_take(&in, 1))
            continue;
        secg_intake_end_steps(&in);
        if (remove)
            secg_spikes_remove(&spikes, &in, &flag, flags);
        const int32_t *sum = secg_intake_released(&in);
        cr_assert_eq(sum[0], 0);
        cr_assert_eq(sum[2], 0);
        sum_mv[steps++] = (double)sum[1] / SECG_INTAKE_PER_MV / in.factor;
        secg_intake_release(&in);
    }
    free(memory);
    return steps;
}

/* Largest difference of a step's mean to what the slope alone makes. */
static double left_of(double rate_hz, const pulse *p, double slope)
{
    double with[MOST_STEPS], without[MOST_STEPS], worst = 0;
    pulse none = *p;
    none.mv = 0;
    size_t steps = released(rate_hz, p, 1, slope, with);
    released(rate_hz, &none, 0, slope, without);
    for (size_t i = 0; i < steps; i++)
        worst = fmax(worst, fabs(with[i] - without[i]));
    return worst;
}

static double taken_from(double rate_hz, const pulse *p, double slope)
{
    double with[MOST_STEPS], without[MOST_STEPS], worst = 0;
    size_t steps = released(rate_hz, p, 1, slope, with);
    released(rate_hz, p, 0, slope, without);
    for (size_t i = 0; i < steps; i++)
        worst = fmax(worst, fabs(with[i] - without[i]));
    return worst;
}

/* At 250 Hz a rectangle of 10 ms may have three samples, as a narrow R wave. */
static int is_promised(const pulse *p, double rate_hz)
{
    return rate_hz >= 300 || p->form == TRIANGLE || p->width_ms < 8;
}

static void assert_removed(pulse p, double slope)
{
    for (size_t i = 0; i < RATES; i++)
        for (p.phase = 0; p.phase < 1; p.phase += 0.11) {
            if (!is_promised(&p, RATES_HZ[i]))
                continue;
            double left = left_of(RATES_HZ[i], &p, slope);
            cr_expect_leq(left, 0.02 * fabs(p.mv) + 0.003,
                          "%.0f ms at %.0f Hz, phase %.2f: %.3f mV of %.1f left", p.width_ms,
                          RATES_HZ[i], p.phase, left, p.mv);
        }
}

static void assert_kept(pulse p, double slope)
{
    for (size_t i = 0; i < RATES; i++)
        for (p.phase = 0; p.phase < 1; p.phase += 0.11)
            cr_expect_eq(taken_from(RATES_HZ[i], &p, slope), 0, "%.0f ms at %.0f Hz, phase %.2f",
                         p.width_ms, RATES_HZ[i], p.phase);
}

Test(spikes, what_lasts_10_ms_is_taken_out)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        assert_removed((pulse){TRIANGLE, 10, sign * 1.0, 0, NAN}, 0);
        assert_removed((pulse){RECTANGLE, 9.9, sign * 1.0, 0, NAN}, 0);
        assert_removed((pulse){RECTANGLE, 2, sign * 5.0, 0, NAN}, 0);
        assert_removed((pulse){RECTANGLE, 2, sign * 250.0, 0, NAN}, 0);
        assert_removed((pulse){TRIANGLE, 10, sign * 1.0, 0, NAN}, 2); /* on a wandering baseline */
    }
}

Test(spikes, no_qrs_complex_is_touched)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        for (double width_ms = 40; width_ms <= 120; width_ms += 10) {
            assert_kept((pulse){TRIANGLE, width_ms, sign * 0.5, 0, NAN}, 0);
            assert_kept((pulse){TRIANGLE, width_ms, sign * 5.0, 0, NAN}, 2);
        }
        assert_kept((pulse){RECTANGLE, 10, sign * 0.14, 0, NAN}, 0); /* too low to be counted */
    }
}

Test(spikes, a_flagged_frame_and_what_follows_for_8_ms)
{
    assert_removed((pulse){RECTANGLE, 2, 3, 0, 1}, 0);
    for (size_t i = 0; i < RATES; i++) {
        pulse tail = {TRIANGLE, 14, 3, 0, 7}; /* widened by a filter: no spike by its looks */
        if (RATES_HZ[i] >= 500)
            cr_expect_leq(left_of(RATES_HZ[i], &tail, 0), 0.35);
    }
}

/* There a QRS complex may be two samples wide. */
Test(spikes, not_below_240_hz)
{
    const double hz[] = {100, 125, 199, 239};
    for (size_t i = 0; i < sizeof hz / sizeof *hz; i++)
        for (double width_ms = 10; width_ms < 60; width_ms += 5)
            cr_expect_eq(taken_from(hz[i], &(pulse){TRIANGLE, width_ms, 1, 0.3, NAN}, 0), 0);
}

/* What is missing stays missing, and is not looked at. */
Test(spikes, not_next_to_a_gap)
{
    secg_intake in;
    void *memory = make_intake(&in, 500, 1, SECG_QUAD);
    secg_spikes spikes;
    secg_spikes_init(&spikes, &in);
    for (int n = 0; n < 400; n++) {
        size_t room;
        float *mv = secg_intake_room(&in, &room);
        mv[0] = n == 200 ? 2 : n >= 203 && n < 210 ? NAN : 0;
        mv[1] = mv[2] = mv[3] = 0;
        int64_t flag = 202;
        if (secg_intake_take(&in, 1)) {
            secg_intake_end_steps(&in);
            secg_spikes_remove(&spikes, &in, &flag, 1);
            secg_intake_release(&in);
        }
        if (n == 240) {
            cr_expect_eq(secg_intake_row(&in, 200)[0], 2);
            cr_expect(isnan(secg_intake_row(&in, 205)[0]));
        }
    }
    free(memory);
}

enum { LONE_S = 60, LONE_FRAMES = LONE_S * SECG_MAX_RATE_HZ, LONE_STEPS = LONE_S * 200 };

/* Pulses of 1 .. 60 ms and of any form, on noise and steps; some values are absent. */
static void make_pulses(float *mv, size_t frames, double rate_hz, unsigned seed)
{
    float base = 0;
    for (size_t n = 0; n < frames;) {
        size_t quiet = draw(&seed, (unsigned)(0.15 * rate_hz)), width = 1;
        for (; quiet > 0 && n < frames; quiet--)
            mv[n++] = base + (float)draw(&seed, 100) * 3e-4f;
        width += draw(&seed, (unsigned)((draw(&seed, 3) > 0 ? 0.013 : 0.06) * rate_hz));
        float height = (float)draw(&seed, 4000) * 5e-4f - 1, edge = (float)draw(&seed, 101) * 0.01f;
        for (size_t i = 0; i < width && n < frames; i++)
            mv[n++] = base + height * (i == 0 || i + 1 == width ? edge : 1);
        if (draw(&seed, 40) == 0 && n > 0)
            mv[n - 1] = NAN;
        if (draw(&seed, 10) == 0)
            base = (float)draw(&seed, 100) * 0.01f;
    }
}

/* All sums, when any number of steps come at once; some frames are flagged. */
static size_t sums_of(const float *mv, size_t frames, double rate_hz, size_t stride, int remove,
                      int32_t *sum)
{
    secg_intake in;
    void *memory = make_intake(&in, rate_hz, 1, stride);
    secg_spikes spikes;
    secg_spikes_init(&spikes, &in);
    size_t steps = 0, flags = 0;
    int64_t flag[3];
    unsigned seed = 7;
    int32_t due = 1;
    for (size_t n = 0; n < frames; n++) {
        if (n > frames / 2 && n % 501 == 0)
            flag[flags++ % 3] = (int64_t)n;
        if (!take_frame(&in, mv[n], due))
            continue;
        secg_intake_end_steps(&in);
        if (remove)
            secg_spikes_remove(&spikes, &in, flag, flags < 3 ? flags : 3);
        for (int32_t i = 0; i < in.ended; i++)
            sum[steps++] = secg_intake_released(&in)[(size_t)i * stride];
        secg_intake_release(&in);
        due = 1 + (int32_t)draw(&seed, SECG_INTAKE_STEPS);
    }
    free(memory);
    return steps;
}

/* A lead that has the rows for itself loses what it would among others, and that is not little. */
Test(spikes, a_lead_alone_as_among_others)
{
    static float mv[LONE_FRAMES];
    static int32_t alone[LONE_STEPS], among[LONE_STEPS], with[LONE_STEPS];
    for (size_t r = 0; r < RATES; r++) {
        size_t frames = (size_t)(LONE_S * RATES_HZ[r]), changed = 0;
        make_pulses(mv, frames, RATES_HZ[r], (unsigned)r);
        size_t steps = sums_of(mv, frames, RATES_HZ[r], 1, 1, alone);
        cr_assert_eq(sums_of(mv, frames, RATES_HZ[r], SECG_QUAD, 1, among), steps);
        cr_assert_eq(sums_of(mv, frames, RATES_HZ[r], 1, 0, with), steps);
        cr_expect_arr_eq(alone, among, steps * sizeof *alone, "%g Hz", RATES_HZ[r]);
        for (size_t i = 0; i < steps; i++)
            changed += alone[i] != with[i];
        cr_expect_gt(changed, 50, "%g Hz: %zu", RATES_HZ[r], changed);
    }
}
