#include "trace.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/* 75 bpm for 60 s.  Beat 20, 30, 40 come early: wide ones with a compensatory pause. */
static const int ECTOPIC[] = {20, 30, 31, 40, 41, 42, 60};
enum { ECTOPICS = sizeof ECTOPIC / sizeof *ECTOPIC, BEATS = 74 };

static int is_ectopic(int beat)
{
    for (int i = 0; i < ECTOPICS; i++)
        if (ECTOPIC[i] == beat)
            return 1;
    return 0;
}

/* PVCs, a couplet and a run, in 1, 2, 8 and 12 leads, at three rates. */
struct set_up {
    double rate_hz;
    size_t leads;
};
ParameterizedTestParameters(classify, ventricular)
{
    static struct set_up row[] = {{125, 1}, {500, 1}, {360, 2}, {500, 8}, {1000, 12}};
    return cr_make_param_array(struct set_up, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct set_up *s, classify, ventricular)
{
    trace t = trace_new(s->rate_hz, s->leads, 62);
    for (int i = 0; i < BEATS; i++) {
        double at = 0.5 + 0.8 * i;
        if (is_ectopic(i))
            add_ventricular(&t, at - 0.25, 1);
        else
            add_normal(&t, at, 1);
    }
    for (size_t k = 0; k < s->leads; k++)
        add_noise(&t, k, 0.01, 0, 62, 5 + k);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, s->rate_hz, 0, 62, 0), BEATS);
    for (int i = 0; i < BEATS; i++) {
        const secg_event *e = beat_after(&r, s->rate_hz, 0, (size_t)i);
        cr_assert(e);
        cr_expect_eq(e->beat.label, is_ectopic(i) ? SECG_BEAT_V : SECG_BEAT_N, "beat %d is %c", i,
                     e->beat.label);
    }
    cr_expect_eq(count_rhythm(&r, SECG_RHYTHM_PVC), 2);
    cr_expect_eq(count_rhythm(&r, SECG_RHYTHM_COUPLET), 1);
    cr_expect_eq(count_rhythm(&r, SECG_RHYTHM_RUN), 1);
    run_free(&r);
    trace_free(&t);
}

/* Beats of the dominant shape, 30 % early, with a pause that does not compensate: S; on time: N. */
ParameterizedTestParameters(classify, supraventricular)
{
    static struct set_up row[] = {{250, 1}, {500, 2}, {500, 12}};
    return cr_make_param_array(struct set_up, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct set_up *s, classify, supraventricular)
{
    trace t = trace_new(s->rate_hz, s->leads, 62);
    double at = 0.5;
    int early[80], beats = 0;
    for (; at < 61; beats++) {
        early[beats] = beats > 15 && beats % 9 == 0;
        at -= early[beats] ? 0.27 : 0;
        add_normal(&t, at, 1);
        at += 0.85;
    }
    for (size_t k = 0; k < s->leads; k++)
        add_noise(&t, k, 0.01, 0, 62, 5 + k);
    run r = run_trace(&t);
    int wrong = 0;
    for (int i = 0; i < beats; i++) {
        const secg_event *e = beat_after(&r, s->rate_hz, 0, (size_t)i);
        cr_assert(e);
        wrong += e->beat.label != (early[i] ? SECG_BEAT_S : SECG_BEAT_N);
    }
    cr_expect_eq(wrong, 0, "%d of %d", wrong, beats);
    run_free(&r);
    trace_free(&t);
}

/* Exercise: the rate climbs from 70 to 170 bpm in five minutes and amplitude falls by a third.  No
 * beat is ectopic. */
Test(classify, rising_rate_is_no_ectopy)
{
    trace t = trace_new(250, 2, 300);
    int beats = 0;
    for (double at = 0.5; at < 299.5; beats++) {
        add_normal(&t, at, 1 - 0.33 * at / 300);
        at += 60 / (70 + 100 * at / 300);
    }
    add_noise(&t, 0, 0.03, 0, 300, 1);
    add_noise(&t, 1, 0.03, 0, 300, 2);
    run r = run_trace(&t);
    int seen = count_beats(&r, 250, 0, 300, 0), normal = count_beats(&r, 250, 0, 300, 'N');
    cr_expect_leq(abs(seen - beats), 1);
    cr_expect_eq(normal, seen, "%d of %d beats are N", normal, seen);
    run_free(&r);
    trace_free(&t);
}

/* Bundle branch block that comes with the rate: from one beat to the next all are wide, with the same
 * P wave before them and no interval changed.  They are the heart's usual beats from then on: none is
 * V once a minute has passed, nor is the narrow one when it comes back. */
Test(classify, block_that_comes_with_the_rate)
{
    trace t = trace_new(250, 2, 300);
    for (double at = 0.5; at < 299.5;) {
        int wide = at > 100 && at < 200;
        if (wide) {
            for (size_t k = 0; k < 2; k++)
                add_hump(&t, k, at - 0.16, 0.08, 0.12);
            add_ventricular(&t, at + 0.03, 0.8);
        } else {
            add_normal(&t, at, 1);
        }
        at += 60 / (110 + 10 * sin(at / 30));
    }
    add_noise(&t, 0, 0.02, 0, 300, 1);
    add_noise(&t, 1, 0.02, 0, 300, 2);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 250, 0, 100, 'V'), 0);
    cr_expect_eq(count_beats(&r, 250, 160, 200, 'V'), 0);
    cr_expect_eq(count_beats(&r, 250, 260, 300, 'V'), 0);
    run_free(&r);
    trace_free(&t);
}
