#include "ecg/rate.h"

#include <criterion/criterion.h>
#include <math.h>

enum { HZ = 500 };

static void beat(secg_rate_meter *m, double at_s, float rr_ms, char label)
{
    secg_rate_beat(
        m, &(secg_beat){.sample = llround(at_s * HZ), .rr_ms = rr_ms, .label = (uint8_t)label});
}

/* Beats every rr_s from 0.5 s on; the rate shown at `second`. */
static secg_rate regular(double rr_s, double until_s, int second, secg_why why)
{
    secg_rate_meter m;
    secg_rate rate = {0};
    secg_rate_init(&m, HZ);
    double next = 0.5;
    for (int64_t n = 0; n <= (int64_t)second * HZ; n++) {
        if (next <= until_s && (double)n >= next * HZ) {
            beat(&m, next, next > 0.6 ? (float)(rr_s * 1e3) : NAN, 'N');
            next += rr_s;
        }
        secg_rate_tick(&m, n, why, &rate);
    }
    return rate;
}

Test(rate, regular_rhythm_reads_its_rate)
{
    static const double bpm[] = {30, 60, 119, 250};
    for (int i = 0; i < 4; i++) {
        secg_rate rate = regular(60 / bpm[i], 1e9, 20, SECG_MEASURED);
        cr_expect_eq(rate.sample, 20 * HZ);
        cr_expect_eq(rate.bpm.why, SECG_MEASURED);
        cr_expect_float_eq(rate.bpm.value, bpm[i], 0.01);
        cr_expect_float_eq(rate.beats, bpm[i] / 6, 1);
    }
}

Test(rate, says_why_there_is_none)
{
    cr_expect_eq(regular(1, 1e9, 1, SECG_MEASURED).bpm.why, SECG_WHY_NOT_YET, "one beat");
    cr_expect_eq(regular(1, 0, 12, SECG_MEASURED).bpm.why, SECG_WHY_FEW_BEATS, "no beat for 12 s");
    cr_expect_eq(regular(1, 1e9, 20, SECG_WHY_LEAD_OFF).bpm.why, SECG_WHY_LEAD_OFF);
    cr_expect(isnan(regular(1, 1e9, 20, SECG_WHY_LEAD_OFF).bpm.value), "never 0");
}

/* After the last beat the rate must not stand still: it sinks, then there is none. */
Test(rate, sinks_when_beats_cease)
{
    float at_10 = regular(1, 10, 10, SECG_MEASURED).bpm.value;
    float at_16 = regular(1, 10, 16, SECG_MEASURED).bpm.value;
    cr_expect_float_eq(at_10, 60, 0.1);
    cr_expect_lt(at_16, 55);
    cr_expect_eq(regular(1, 10, 22, SECG_MEASURED).bpm.why, SECG_WHY_FEW_BEATS);
}

Test(rate, ventricular_beats_are_counted_for_a_minute)
{
    secg_rate_meter m;
    secg_rate rate = {0};
    secg_rate_init(&m, HZ);
    for (int64_t n = 0; n <= 90 * HZ; n++) {
        if (n % HZ == 0 && n > 0 && n <= 70 * HZ)
            beat(&m, (double)n / HZ, 1000, n / HZ % 10 == 0 ? 'V' : 'N');
        if (!secg_rate_tick(&m, n, SECG_MEASURED, &rate))
            continue;
        int want = 0; /* V beats at 10, 20 .. 70 s that lie within the last 60 s */
        for (int64_t v = 10; v <= 70; v += 10)
            want += v * HZ <= n && v * HZ > n - 60 * HZ;
        cr_expect_eq(rate.pvc_per_min, want, "at %g s", (double)n / HZ);
    }
}

/* Against the definition, written out slowly, on random intervals. */
Test(rate, equals_its_definition)
{
    secg_rate_meter m;
    secg_rate rate;
    secg_rate_init(&m, HZ);
    double at[400], rr[400], now = 1;
    unsigned seed = 12345;
    for (int i = 0; i < 400; i++) {
        seed = seed * 1103515245u + 12345u;
        rr[i] = 0.3 + (double)(seed >> 16 & 1023) / 1024;
        at[i] = now += rr[i];
    }
    int next = 0;
    for (int64_t n = 0; n < 200 * HZ; n++) {
        for (; next < 400 && llround(at[next] * HZ) <= n; next++)
            beat(&m, at[next], (float)(rr[next] * 1e3), 'N');
        if (!secg_rate_tick(&m, n, SECG_MEASURED, &rate) || n < 12 * HZ)
            continue;
        double sum = 0, count = 0;
        for (int i = 0; i < next; i++)
            if (llround(at[i] * HZ) > n - 10 * HZ)
                sum += rr[i], count++;
        cr_expect_float_eq(rate.bpm.value, 60 * count / sum, 0.01, "at %g s", (double)n / HZ);
    }
}
