#include "base/fingerprint.h"
#include "trace.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/* 75 bpm, R peaks at 0.8 k + 0.5 s. */
static trace sinus(double rate_hz, size_t channels, double seconds)
{
    trace t = trace_new(rate_hz, channels, seconds);
    for (int i = 0; 0.5 + 0.8 * i < seconds; i++)
        add_normal(&t, 0.5 + 0.8 * i, 1);
    for (size_t k = 0; k < channels; k++)
        add_noise(&t, k, 0.01, 0, seconds, 17 + k);
    return t;
}

/* The R wave is 60 ms wide: sub-sample position within 2 ms, whatever the rate. */
ParameterizedTestParameters(beats, every_rate)
{
    static double hz[] = {100, 125, 128, 180, 250, 359.5, 500, 720, 1000, 2000};
    return cr_make_param_array(double, hz, sizeof hz / sizeof *hz);
}
ParameterizedTest(double *hz, beats, every_rate)
{
    trace t = sinus(*hz, 1, 20);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, *hz, 0, 20, 0), 25, "%g Hz: %d beats", *hz,
                 count_beats(&r, *hz, 0, 20, 0));
    for (size_t i = 0; i < 25; i++) {
        const secg_event *e = beat_after(&r, *hz, 0, i);
        cr_assert(e);
        double at_s = ((double)e->beat.sample + (double)e->beat.offset_samples) / *hz;
        cr_expect_float_eq(at_s, 0.5 + 0.8 * (double)i, 0.002, "%g Hz: beat %zu at %g", *hz, i,
                           at_s);
        cr_expect_eq(e->beat.label, SECG_BEAT_N);
        if (i > 0)
            cr_expect_float_eq(e->beat.rr_ms, 800, 4);
        else
            cr_expect(isnan(e->beat.rr_ms), "nothing before the first beat");
        if (at_s > 2)
            cr_expect_leq((double)(e->emitted - e->beat.sample),
                          *hz * SECG_BEATS_LABEL_DELAY_MS / 1e3);
    }
    run_free(&r);
    trace_free(&t);
}

Test(beats, first_beat_within_3_s)
{
    trace t = sinus(500, 8, 6);
    run r = run_trace(&t);
    cr_assert(beat_after(&r, 500, 0, 0));
    cr_expect_leq(beat_after(&r, 500, 0, 0)->emitted, 3 * 500);
    run_free(&r);
    trace_free(&t);
}

/* A tone cannot wait for the label: every beat after the first 2 s is announced, once, within 300 ms
 * of its R peak and before its label, at the same place. */
ParameterizedTestParameters(beats, announced_at_once)
{
    static double hz[] = {100, 125, 250, 360, 500, 1000, 2000};
    return cr_make_param_array(double, hz, sizeof hz / sizeof *hz);
}
ParameterizedTest(double *hz, beats, announced_at_once)
{
    trace t = sinus(*hz, 2, 20);
    run r = run_trace(&t);
    int announced = 0;
    for (size_t i = 0; i < r.events; i++) {
        const secg_event *e = &r.event[i];
        if (e->kind != SECG_EVENT_QRS)
            continue;
        double at_s = ((double)e->qrs.sample + (double)e->qrs.offset_samples) / *hz;
        double beat_s = 0.5 + 0.8 * round((at_s - 0.5) / 0.8);
        cr_expect_float_eq(at_s, beat_s, 0.003, "%g Hz: %g", *hz, at_s);
        cr_expect_leq((double)e->emitted / *hz - beat_s, 0.3);
        cr_expect_eq(e->qrs.leads_used, 2);
        const secg_event *labelled = beat_after(&r, *hz, beat_s - 0.1, 0);
        cr_assert(labelled);
        cr_expect_lt(e->emitted, labelled->emitted);
        announced++;
    }
    cr_expect_eq(announced, 25 - 2, "beats at 2.1 .. 19.7 s: %d", announced);
    run_free(&r);
    trace_free(&t);
}

/* An escape rhythm after a pause: slow, low and 240 ms wide, unlike all before.  Found within 6 s. */
Test(beats, escape_rhythm_is_found)
{
    trace t = trace_new(360, 2, 60);
    for (int i = 0; 0.5 + 0.8 * i < 20; i++)
        add_normal(&t, 0.5 + 0.8 * i, 1);
    for (int i = 0; i < 24; i++)
        for (size_t k = 0; k < 2; k++)
            add_hump(&t, k, 24 + 1.5 * i, 0.24, 0.5);
    for (size_t k = 0; k < 2; k++)
        add_noise(&t, k, 0.01, 0, 60, 5 + k);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 360, 30, 59.5, 0), 20, "of 20: %d",
                 count_beats(&r, 360, 30, 59.5, 0));
    run_free(&r);
    trace_free(&t);
}

/* A P wave two thirds as tall as a low QRS complex, 190 ms before it: one beat, and it is the QRS. */
Test(beats, tall_p_wave_is_no_beat)
{
    trace t = trace_new(360, 1, 60);
    for (int i = 0; 0.5 + 0.9 * i < 60; i++) {
        add_hump(&t, 0, 0.5 + 0.9 * i, 0.09, 0.5);
        add_hump(&t, 0, 0.31 + 0.9 * i, 0.1, 0.3);
        add_hump(&t, 0, 0.8 + 0.9 * i, 0.25, 0.2);
    }
    add_noise(&t, 0, 0.015, 0, 60, 3);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 360, 3.05, 59.35, 0), 63, "of 63: %d",
                 count_beats(&r, 360, 3.05, 59.35, 0));
    for (size_t i = 0; i < r.events; i++) {
        const secg_event *e = &r.event[i];
        double at_s = (double)e->beat.sample / 360, beat_s = 0.5 + 0.9 * round((at_s - 0.5) / 0.9);
        if (e->kind == SECG_EVENT_BEAT && at_s > 3)
            cr_expect_float_eq(at_s, beat_s, 0.02, "at %g", at_s);
    }
    run_free(&r);
    trace_free(&t);
}

/* A second run, after reset, gives the same events to the last bit; on an offset, so that it is told how
 * the signal begins. */
Test(beats, reset_starts_anew)
{
    trace t = sinus(360, 2, 30);
    for (size_t i = 0; i < t.frames * t.channels; i++)
        t.mv[i] += 0.5f;
    set_stretch(&t, 0, 12, 16, NAN);
    run r = run_trace(&t);
    secg_event *first = malloc(RUN_EVENTS * sizeof *first);
    size_t events = r.events;
    memcpy(first, r.event, events * sizeof *first);
    secg_beats_reset(r.beats);
    push_all(&r, &t);
    cr_assert_eq(r.events, events);
    for (size_t i = 0; i < events; i++)
        cr_expect_eq(secg_fingerprint(0, &first[i]), secg_fingerprint(0, &r.event[i]),
                     "event %zu: fields, not padding, are the same", i);
    free(first);
    run_free(&r);
    trace_free(&t);
}

/* Beats of eight shapes in turn, at uneven times, in 2 leads. */
static trace many_shapes(uint64_t seed)
{
    trace t = trace_new(360, 2, 40);
    uint64_t x = 2654435761u * seed + 12345;
    for (double at = 0.5; at < 39; at += 0.4 + 0.004 * (double)(x >> 33) / 8388608.0) {
        int shape = (int)(x >> 40) % 8;
        x = x * 6364136223846793005u + 1442695040888963407u;
        for (size_t k = 0; k < 2; k++) {
            add_hump(&t, k, at, 0.04 + 0.02 * shape, (shape % 2 ? 1 : -1) * (0.6 + 0.1 * shape));
            add_hump(&t, k, at + 0.05 + 0.005 * shape, 0.05,
                     (shape % 3 ? 0.5 : -0.7) * (double)(k + 1));
        }
    }
    for (size_t k = 0; k < 2; k++)
        add_noise(&t, k, 0.03, 0, 40, seed + k);
    return t;
}

/* Whatever went before, of whatever shapes: of 200 seeds those with which it once mattered. */
Test(beats, reset_forgets_shapes)
{
    static const uint64_t seeds[] = {12, 99, 112, 180};
    for (size_t s = 0; s < sizeof seeds / sizeof *seeds; s++) {
        uint64_t seed = seeds[s];
        trace other = many_shapes(1000 + seed), t = many_shapes(seed);
        run fresh = run_trace(&t), used = run_trace(&other);
        secg_beats_reset(used.beats);
        push_all(&used, &t);
        cr_expect_eq(used.events, fresh.events, "seed %d", (int)seed);
        int other_events = 0;
        for (size_t i = 0; i < fresh.events && i < used.events; i++)
            other_events +=
                secg_fingerprint(0, &fresh.event[i]) != secg_fingerprint(0, &used.event[i]);
        cr_expect_eq(other_events, 0, "seed %d: %d events", (int)seed, other_events);
        run_free(&fresh);
        run_free(&used);
        trace_free(&other);
        trace_free(&t);
    }
}

/* All leads gone for a while, each way: beats before and, from 3 s after, again; no interval across. */
struct loss {
    char name[16];
    float mv;
};
ParameterizedTestParameters(beats, survives_loss_of_all_leads)
{
    static struct loss row[] = {{"gap", NAN}, {"off", 0.3f}, {"saturated", 5}};
    return cr_make_param_array(struct loss, row, 3);
}
ParameterizedTest(struct loss *loss, beats, survives_loss_of_all_leads)
{
    trace t = sinus(500, 2, 60);
    for (size_t k = 0; k < 2; k++)
        set_stretch(&t, k, 20.1, 30.1, loss->mv);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 500, 0, 20, 0), 25);
    cr_expect_eq(count_beats(&r, 500, 20.5, 30, 0), 0, "%s: beats out of nothing", loss->name);
    cr_expect_eq(count_beats(&r, 500, 33.1, 60, 0), 34, "%s: %d beats after", loss->name,
                 count_beats(&r, 500, 33.1, 60, 0));
    const secg_event *e = beat_after(&r, 500, 30.2, 0);
    cr_assert(e);
    cr_expect(isnan(e->beat.rr_ms), "%s: RR %g across blindness", loss->name,
              (double)e->beat.rr_ms);
    cr_expect_eq(state_at(&r, 500, -1, 26), SECG_SIGNAL_UNREADABLE);
    cr_expect_eq(state_at(&r, 500, -1, 40), SECG_SIGNAL_GOOD);
    cr_expect_eq(rate_at(&r, 500, 29).why, loss->mv > 1 ? SECG_WHY_SATURATED : SECG_WHY_LEAD_OFF);
    run_free(&r);
    trace_free(&t);
}

/* One lead of two is lost, or drowned: not one beat more or less. */
ParameterizedTestParameters(beats, losing_one_lead_costs_nothing)
{
    static struct loss row[] = {{"gap", NAN}, {"off", 0}, {"saturated", -5}, {"noise", 1}};
    return cr_make_param_array(struct loss, row, 4);
}
ParameterizedTest(struct loss *loss, beats, losing_one_lead_costs_nothing)
{
    for (size_t lost = 0; lost < 2; lost++) {
        trace t = sinus(500, 2, 40);
        if (loss->name[0] == 'n')
            add_noise(&t, lost, 0.5, 12.1, 30, 5);
        else
            set_stretch(&t, lost, 12.1, 30, loss->mv);
        run r = run_trace(&t);
        cr_expect_eq(count_beats(&r, 500, 0, 40, 0), 50, "%s in %zu: %d beats", loss->name, lost,
                     count_beats(&r, 500, 0, 40, 0));
        run_free(&r);
        trace_free(&t);
    }
}

/* Electrode-motion recordings are 4 mV steps: a step in all leads is at most one false beat. */
Test(beats, step_of_baseline)
{
    trace t = sinus(500, 1, 30);
    for (size_t n = 15 * 500 + 120; n < t.frames; n++)
        t.mv[n] += 4;
    run r = run_trace(&t);
    int beats = count_beats(&r, 500, 0, 30, 0);
    cr_expect_geq(beats, 36);
    cr_expect_leq(beats, 38);
    run_free(&r);
    trace_free(&t);
}

/* Exercise: T waves that merge with the next P wave, up to 220 bpm. */
ParameterizedTestParameters(beats, fast)
{
    static double bpm[] = {150, 175, 190, 205, 220};
    return cr_make_param_array(double, bpm, 5);
}
ParameterizedTest(double *bpm, beats, fast)
{
    trace t = trace_new(500, 2, 30);
    double rr = 60 / *bpm;
    int want = 0;
    for (double at = 0.4; at < 29.8; at += rr)
        for (size_t k = 0; k < 2; k++) {
            add_hump(&t, k, at, 0.06, 1);
            add_hump(&t, k, at + 0.55 * rr, 0.45 * rr, 0.4);
            add_hump(&t, k, at - 0.11, 0.08, 0.15);
            want += k == 0;
        }
    for (size_t k = 0; k < 2; k++)
        add_noise(&t, k, 0.03, 0, 30, 3 + k);
    run r = run_trace(&t);
    cr_expect_leq(abs(count_beats(&r, 500, 0, 30, 0) - want), 1, "%g bpm: %d of %d", *bpm,
                  count_beats(&r, 500, 0, 30, 0), want);
    run_free(&r);
    trace_free(&t);
}

/* A beat after a pulse flagged by the front end is marked, and not given a class of its own. */
Test(beats, paced)
{
    trace t = sinus(500, 1, 12);
    run r = {.event = malloc(RUN_EVENTS * sizeof(secg_event))};
    r.beats = new_beats(&t, &(beats_options){0}, &r.memory);
    for (size_t n = 0; n < t.frames; n++) {
        int paced = n == (size_t)((0.5 + 0.8 * 8 - 0.12) * 500);
        secg_beats_push(r.beats, t.mv + n, paced);
        drain(&r, (int64_t)n + 1);
    }
    for (size_t i = 0; i < 12; i++) {
        const secg_event *e = beat_after(&r, 500, 0, i);
        cr_assert(e);
        cr_expect_eq(e->beat.paced, i == 8);
        cr_expect_eq(e->beat.label, i == 8 ? SECG_BEAT_Q : SECG_BEAT_N);
    }
    run_free(&r);
    trace_free(&t);
}

/* Flags of a front end that is disturbed: before each beat one, then more of them, close together, until the
 * beat has been decided. */
static int is_flagged(size_t n)
{
    size_t after = (n + 200) % 400; /* R waves are at 50 */
    return after == 0 || (after >= 70 && after < 210 && after % 10 == 0);
}

static run run_flagged(const trace *t, const beats_options *options)
{
    run r = {.event = malloc(RUN_EVENTS * sizeof(secg_event))};
    r.beats = new_beats(t, options, &r.memory);
    for (size_t n = 0; n < t->frames; n++) {
        secg_beats_push(r.beats, t->mv + n, is_flagged(n));
        drain(&r, (int64_t)n + 1);
    }
    return r;
}

Test(beats, paced_among_many_flags)
{
    trace t = sinus(500, 1, 20);
    add_noise(&t, 0, 0.05, 0, 20, 5);
    run with = run_flagged(&t, &(beats_options){0});
    for (int i = 0; i < 4; i++) {
        run r = run_flagged(&t, &(beats_options){.no_qrs = i & 1, .own_rows = i >> 1});
        const secg_event *e, *f;
        size_t beats = 0;
        for (; (e = beat_after(&r, 500, 2, beats)); beats++) {
            cr_expect_eq(e->beat.paced, 1, "%d, beat %zu", i, beats);
            cr_assert((f = beat_after(&with, 500, 2, beats)));
            cr_expect_eq(memcmp(&e->beat, &f->beat, sizeof e->beat), 0, "%d, beat %zu", i, beats);
        }
        cr_expect_gt(beats, 20);
        run_free(&r);
    }
    run_free(&with);
    trace_free(&t);
}

/* IEC 60601-2-27: pulses of 10 ms and pacer pulses without capture are not counted; beats among them
 * are, each of them. */
ParameterizedTestParameters(beats, pulses_are_not_counted)
{
    static double hz[] = {240, 250, 360, 500, 1000, 2000};
    return cr_make_param_array(double, hz, sizeof hz / sizeof *hz);
}
ParameterizedTest(double *hz, beats, pulses_are_not_counted)
{
    for (int beats = 0; beats <= 1; beats++) {
        trace t = trace_new(*hz, 2, 30);
        for (double at = 0.5; at < 30; at += 0.8) {
            for (size_t k = 0; k < 2; k++) {
                add_triangle(&t, k, at + 0.45, 0.010, 1);
                t.mv[(size_t)((at + 0.6) * *hz) * 2 + k] -= 3;
            }
            if (beats)
                add_normal(&t, at, 1);
        }
        for (size_t k = 0; k < 2; k++)
            add_noise(&t, k, 0.002, 0, 30, 17 + k);
        run r = run_trace(&t);
        cr_expect_eq(count_beats(&r, *hz, 0, 30, 0), beats ? 37 : 0, "%g Hz: %d of %d", *hz,
                     count_beats(&r, *hz, 0, 30, 0), beats ? 37 : 0);
        run_free(&r);
        trace_free(&t);
    }
}

/* 70 beats, 10 of them ventricular; noise, and in the first lead a gap. */
static trace much_happens(size_t channels)
{
    trace t = trace_new(500, channels, 60);
    for (int i = 0; i < 70; i++)
        if (i % 7 == 5)
            add_ventricular(&t, 0.5 + 0.8 * i - 0.2, 1);
        else
            add_normal(&t, 0.5 + 0.8 * i, 1);
    for (size_t k = 0; k < channels; k++)
        add_noise(&t, k, 0.1, 20, 40, 17 + k);
    set_stretch(&t, 0, 45, 47, NAN);
    return t;
}

/* How many of the beats come sooner. */
static size_t expect_same_beats(const run *with, const run *without)
{
    const secg_event *labelled, *beat;
    size_t beats = 0, sooner = 0;
    for (; (labelled = beat_after(with, 500, 0, beats)); beats++) {
        cr_assert((beat = beat_after(without, 500, 0, beats)), "beat %zu", beats);
        cr_expect_eq(beat->beat.sample, labelled->beat.sample);
        cr_expect_eq(beat->beat.offset_samples, labelled->beat.offset_samples);
        cr_expect_leq(beat->emitted - beat->beat.sample, beats > 2 ? 600 : 1050);
        sooner += beat->emitted < labelled->emitted;
    }
    cr_expect_gt(beats, 60);
    cr_expect_null(beat_after(without, 500, 0, beats));
    return sooner;
}

/* Without labels, without early events or without both the same beats are found, in one lead, which has
 * the rows for itself, and in three; and nothing is said that labels are needed for. */
Test(beats, labels_and_early_events_can_be_left_out)
{
    for (int i = 0; i < 12; i++) {
        beats_options options = {
            .no_labels = i & 1, .no_qrs = i >> 1 & 1, .own_rows = i < 8 && i >> 2 & 1};
        trace t = much_happens(i < 8 ? 1 : 3);
        run with = run_trace(&t), without = run_with(&t, &options);
        size_t sooner = expect_same_beats(&with, &without), early = 0, rhythms = 0;
        cr_expect(!options.no_labels || sooner > 5, "%d: %zu sooner", i, sooner);
        for (size_t n = 0; n < without.events; n++) {
            const secg_event *e = &without.event[n];
            early += e->kind == SECG_EVENT_QRS;
            rhythms += e->kind == SECG_EVENT_RHYTHM;
            if (e->kind == SECG_EVENT_BEAT && options.no_labels)
                cr_expect_eq(e->beat.label, SECG_BEAT_Q);
            if (e->kind == SECG_EVENT_RATE)
                cr_expect_eq(e->rate.pvc_per_min == SECG_PVC_NOT_COUNTED, options.no_labels);
        }
        cr_expect(options.no_qrs ? early == 0 : early > 50, "%d: %zu early", i, early);
        cr_expect(options.no_labels ? rhythms == 0 : rhythms > 5, "%d: %zu rhythms", i, rhythms);
        run_free(&with);
        run_free(&without);
        trace_free(&t);
    }
}

/* A lead by itself takes many steps at once; a beat that is hard to decide comes in time all the same. */
Test(beats, a_doubtful_beat_is_in_time)
{
    beats_options options = {.no_labels = 1, .no_qrs = 1, .own_rows = 1};
    int late = 0;
    for (int part = 10; part <= 40; part++) {
        trace t = trace_new(500, 1, 40);
        for (int i = 0; i < 20; i++)
            add_normal(&t, 0.5 + 0.8 * i, 1);
        for (int i = 0; i < 14; i++)
            add_normal(&t, 16.5 + 1.6 * i, 0.01 * part);
        add_noise(&t, 0, 0.04, 0, 40, 17);
        run r = run_with(&t, &options);
        const secg_event *e;
        for (size_t i = 0; (e = beat_after(&r, 500, 3, i)); i++) {
            cr_expect_leq(e->emitted - e->beat.sample, 500 * SECG_BEATS_LABEL_DELAY_MS / 1000);
            late += e->emitted - e->beat.sample > 500 * 1000 / 1000;
        }
        run_free(&r);
        trace_free(&t);
    }
    cr_expect_gt(late, 20, "%d were hard to decide", late);
}

Test(beats, rate_comes_once_a_second)
{
    trace t = sinus(128, 1, 30.5);
    run r = run_trace(&t);
    int64_t second = 0;
    for (size_t i = 0; i < r.events; i++)
        if (r.event[i].kind == SECG_EVENT_RATE)
            cr_expect_eq(r.event[i].rate.sample, ++second * 128);
    cr_expect_eq(second, 30);
    cr_expect_float_eq(rate_at(&r, 128, 20).value, 75, 0.5);
    run_free(&r);
    trace_free(&t);
}

/* A record may end inside a complex: that beat is seen, and its label is that it cannot be told. */
Test(beats, a_complex_cut_by_the_end_is_not_called_ventricular)
{
    for (double cut_s = 0.01; cut_s < 0.2; cut_s += 0.01) {
        trace t = sinus(500, 2, 20.5 + cut_s); /* the last R peak: 20.5 s */
        run r = run_trace(&t);
        for (size_t i = 0; i < r.events; i++)
            if (r.event[i].kind == SECG_EVENT_BEAT)
                cr_expect(r.event[i].beat.label == SECG_BEAT_N ||
                              r.event[i].beat.label == SECG_BEAT_Q,
                          "%g s: %c at %lld", cut_s, r.event[i].beat.label,
                          (long long)r.event[i].beat.sample);
        run_free(&r);
        trace_free(&t);
    }
}
