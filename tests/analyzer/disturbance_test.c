/* NaN, infinities, saturated, flat and missing leads for seconds at a time: survived, reported as
 * signal states, and recovered from within 3 s. */
#include "plain_ecg.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <stressecg/analyzer.h>

enum { RATE_HZ = 500, CHANNELS = 8, SECONDS = 60, FROM_S = 25, TO_S = 31 };

typedef struct trouble {
    char name[24];
    float value; /* what the leads read meanwhile; HUGE_VALF: infinity        */
    int leads;   /* the first so many                                        */
    int state;   /* what must be reported for lead 0                         */
} trouble;

ParameterizedTestParameters(disturbance, is_survived)
{
    static trouble row[] = {
        {"gap in all leads", NAN, 8, SECG_SIGNAL_GAP},
        {"gap in one lead", NAN, 1, SECG_SIGNAL_GAP},
        {"infinite", INFINITY, 8, SECG_SIGNAL_GAP},
        {"minus infinite", -INFINITY, 3, SECG_SIGNAL_GAP},
        {"flat in all leads", 0, 8, SECG_SIGNAL_OFF},
        {"flat in one lead", 0, 1, SECG_SIGNAL_OFF},
        {"saturated", 32.767f, 8, SECG_SIGNAL_SATURATED},
        {"saturated low", -32.768f, 2, SECG_SIGNAL_SATURATED},
        {"absurd", 3e38f, 8, SECG_SIGNAL_GAP},
    };
    return cr_make_param_array(trouble, row, sizeof row / sizeof *row);
}

ParameterizedTest(trouble *t, disturbance, is_survived)
{
    secg_signal signal = secg_signal_standard_8(RATE_HZ);
    for (int k = 0; k < CHANNELS; k++)
        signal.channel[k].saturation_low = -32767, signal.channel[k].saturation_high = 32766;
    secg_analyzer *ecg;
    cr_assert_eq(
        secg_analyzer_create(&(secg_analyzer_config){.signal = signal, .mains_hz = 60}, &ecg, NULL),
        SECG_OK);
    int reported = 0, good_again = 0, beats_after = 0, beats_meanwhile = 0, st_after = 0;
    int64_t first_after = -1;
    for (int64_t n = 0; n < SECONDS * RATE_HZ; n++) {
        float mv[CHANNELS];
        plain_ecg(n, RATE_HZ, 75, CHANNELS, mv);
        for (int k = 0; n >= FROM_S * RATE_HZ && n < TO_S * RATE_HZ && k < t->leads; k++)
            mv[k] = t->value;
        size_t taken;
        secg_analyzer_push_mv(ecg, mv, 1, &taken);
        cr_assert_eq(taken, 1);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
            if (e.kind == SECG_EVENT_SIGNAL && e.signal.lead == 0) {
                reported |= e.signal.state == t->state && e.signal.sample <= (FROM_S + 3) * RATE_HZ;
                good_again |=
                    e.signal.state <= SECG_SIGNAL_NOISY && e.signal.sample > TO_S * RATE_HZ;
            } else if (e.kind == SECG_EVENT_BEAT) {
                cr_expect(isnan(e.beat.rr_ms) || (e.beat.rr_ms > 200 && e.beat.rr_ms < 3000));
                beats_meanwhile +=
                    e.beat.sample > (FROM_S + 1) * RATE_HZ && e.beat.sample < TO_S * RATE_HZ;
                beats_after += e.beat.sample >= TO_S * RATE_HZ;
                if (e.beat.sample >= TO_S * RATE_HZ && first_after < 0)
                    first_after = e.beat.sample;
            } else if (e.kind == SECG_EVENT_ST) {
                st_after += e.st.why == SECG_MEASURED && e.st.lead == 0 &&
                            e.st.sample > (TO_S + 16) * RATE_HZ;
                cr_expect(e.st.why != SECG_MEASURED || fabsf(e.st.level_mv) < 0.03f,
                          "%s: ST %.3f mV at %lld", t->name, (double)e.st.level_mv,
                          (long long)e.st.sample);
            }
        }
    }
    cr_expect(reported, "%s: not reported", t->name);
    cr_expect(good_again, "%s: lead 0 never came back", t->name);
    cr_expect_geq(beats_after, 32, "%s: %d beats in the 29 s after", t->name, beats_after);
    cr_expect(first_after >= 0 && first_after < (TO_S + 3) * RATE_HZ,
              "%s: first beat after at %lld", t->name, (long long)first_after);
    cr_expect_geq(st_after, 1, "%s: no ST in lead 0 afterwards", t->name);
    if (t->leads == CHANNELS)
        cr_expect_eq(beats_meanwhile, 0, "%s: %d beats invented", t->name, beats_meanwhile);
    else
        cr_expect_geq(beats_meanwhile, 5, "%s: the other leads still show beats", t->name);
    secg_analyzer_destroy(ecg);
}

/* The electrodes come off before anything was learned: what had been heard by then is forgotten, however
 * long they stay off. */
ParameterizedTestParameters(disturbance, lost_while_learning)
{
    static int row[] = {1, 3, 20, 200};
    return cr_make_param_array(int, row, sizeof row / sizeof *row);
}
ParameterizedTest(int *off_s, disturbance, lost_while_learning)
{
    const int64_t from = 3 * RATE_HZ / 2, to = from + (int64_t)*off_s * RATE_HZ;
    secg_analyzer *ecg;
    secg_analyzer_config config = {.signal = secg_signal_standard_8(RATE_HZ)};
    cr_assert_eq(secg_analyzer_create(&config, &ecg, NULL), SECG_OK);
    int meanwhile = 0, after = 0;
    for (int64_t n = 0; n < to + 20 * RATE_HZ; n++) {
        float mv[CHANNELS];
        size_t taken;
        plain_ecg(n, RATE_HZ, 75, CHANNELS, mv);
        for (int k = 0; n >= from && n < to && k < CHANNELS; k++)
            mv[k] = NAN;
        secg_analyzer_push_mv(ecg, mv, 1, &taken);
        for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
            if (e.kind != SECG_EVENT_BEAT)
                continue;
            meanwhile += e.beat.sample >= from && e.beat.sample < to;
            after += e.beat.sample >= to;
        }
    }
    cr_expect_eq(meanwhile, 0, "%d beats out of nothing", meanwhile);
    cr_expect_geq(after, 20, "%d beats in the 20 s after %d s", after, *off_s);
    secg_analyzer_destroy(ecg);
}
