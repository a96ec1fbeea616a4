#include "intake_feed.h"
#include "trace.h"

#include "base/quad.h"
#include "ecg/quality.h"

#include <criterion/criterion.h>

enum { HZ = 500 };

/* 75 bpm in two leads, with 20 uV of noise. */
static trace sinus(double seconds)
{
    trace t = trace_new(HZ, 2, seconds);
    for (double at = 0.5; at < seconds; at += 0.8)
        add_normal(&t, at, 1);
    for (size_t k = 0; k < 2; k++)
        add_noise(&t, k, 0.02, 0, seconds, 29 + k);
    return t;
}

static int changes(const run *r, int lead)
{
    int count = 0;
    for (size_t i = 0; i < r->events; i++)
        count += r->event[i].kind == SECG_EVENT_SIGNAL && r->event[i].signal.lead == lead;
    return count;
}

Test(quality, every_lead_is_told_of_at_the_start)
{
    trace t = sinus(10);
    run r = run_trace(&t);
    for (int lead = -1; lead < 2; lead++) {
        cr_expect_eq(changes(&r, lead), 1, "lead %d", lead);
        cr_expect_eq(state_at(&r, HZ, lead, 0.2), SECG_SIGNAL_GOOD);
    }
    run_free(&r);
    trace_free(&t);
}

/* Each cause in lead 1 from 10 to 20 s: told within 2.5 s, over within 1 s, and nothing else. */
static void expect_episode(const trace *t, const float *low, const float *high, int state)
{
    run r = run_with(t, &(beats_options){.low_mv = low, .high_mv = high});
    cr_expect_eq(state_at(&r, HZ, 1, 9.9), SECG_SIGNAL_GOOD);
    cr_expect_eq(state_at(&r, HZ, 1, 12.5), state, "%d for %d", state_at(&r, HZ, 1, 12.5), state);
    cr_expect_eq(state_at(&r, HZ, 1, 19.9), state);
    cr_expect_eq(state_at(&r, HZ, 1, 23.5), SECG_SIGNAL_GOOD);
    cr_expect_eq(state_at(&r, HZ, 0, 15), SECG_SIGNAL_GOOD, "the other lead");
    cr_expect_eq(state_at(&r, HZ, -1, 15), SECG_SIGNAL_GOOD, "one good lead is enough");
    cr_expect_eq(changes(&r, 1), 3, "lead 1 changed %d times", changes(&r, 1));
    run_free(&r);
}

Test(quality, gap)
{
    trace t = sinus(30);
    set_stretch(&t, 1, 10, 20, NAN);
    expect_episode(&t, NULL, NULL, SECG_SIGNAL_GAP);
    trace_free(&t);
}

Test(quality, off)
{
    trace t = sinus(30);
    set_stretch(&t, 1, 10, 20, 0.2f);
    expect_episode(&t, NULL, NULL, SECG_SIGNAL_OFF);
    trace_free(&t);
}

Test(quality, saturated_by_limit_and_by_itself)
{
    static const float low[2] = {-4, -4}, high[2] = {4, 4};
    for (int sign = -1; sign <= 1; sign += 2) {
        trace t = sinus(30);
        set_stretch(&t, 1, 10, 20, (float)sign * 4);
        expect_episode(&t, low, high, SECG_SIGNAL_SATURATED);
        expect_episode(&t, NULL, NULL, SECG_SIGNAL_SATURATED);
        trace_free(&t);
    }
}

Test(quality, noisy)
{
    trace t = sinus(30);
    add_noise(&t, 1, 0.35, 10, 20, 77);
    run r = run_trace(&t);
    cr_expect_eq(state_at(&r, HZ, 1, 9.9), SECG_SIGNAL_GOOD);
    cr_expect_geq(state_at(&r, HZ, 1, 15), SECG_SIGNAL_NOISY);
    cr_expect_leq(state_at(&r, HZ, 1, 15), SECG_SIGNAL_UNREADABLE);
    cr_expect_eq(state_at(&r, HZ, 1, 26), SECG_SIGNAL_GOOD);
    cr_expect_leq(changes(&r, 1), 5, "chatter: %d changes", changes(&r, 1));
    run_free(&r);
    trace_free(&t);
}

/* 20 uV of white noise has 20 uV sqrt(share of the band) in the detection band: the number must
 * follow the noise in proportion, whatever the beats. */
Test(quality, noise_number_follows_noise)
{
    float told[2];
    for (int i = 0; i < 2; i++) {
        trace t = trace_new(HZ, 1, 20);
        for (double at = 0.5; at < 20; at += 0.8)
            add_normal(&t, at, 1);
        add_noise(&t, 0, i ? 0.06 : 0.02, 0, 20, 5);
        run r = run_trace(&t);
        told[i] = beat_after(&r, HZ, 15, 0)->beat.noise_mv;
        cr_expect_gt(told[i], 0.15f * (i ? 0.06f : 0.02f));
        cr_expect_lt(told[i], i ? 0.06f : 0.02f);
        run_free(&r);
        trace_free(&t);
    }
    cr_expect_float_eq(told[1] / told[0], 3, 0.75);
}

/* What is no fault: a quiet TP segment in steps of 5 uV, a clipped R peak of one sample, a single
 * missing sample, 3 mV of offset. */
Test(quality, no_false_alarm)
{
    trace t = trace_new(HZ, 2, 30);
    for (double at = 0.5; at < 30; at += 1.5)
        add_normal(&t, at, 1);
    for (size_t n = 0; n < t.frames; n++) {
        float *mv = t.mv + 2 * n;
        mv[0] = roundf(mv[0] * 200) / 200 + 3;
        mv[1] = fminf(roundf(mv[1] * 200) / 200, 0.9f);
        if (n % 1000 == 777)
            mv[0] = NAN;
    }
    run r = run_trace(&t);
    for (int lead = -1; lead < 2; lead++)
        cr_expect_eq(changes(&r, lead), 1, "lead %d changed %d times", lead, changes(&r, lead));
    cr_expect_eq(count_beats(&r, HZ, 0, 30, 0), 20);
    run_free(&r);
    trace_free(&t);
}

/* A derived lead is as bad as the worse of the two it is made of. */
Test(quality, derived_lead)
{
    trace t = sinus(30);
    set_stretch(&t, 1, 10, 20, NAN);
    secg_signal signal = secg_signal_standard_8(HZ);
    signal.channels = 2;
    secg_lead_source lead[SECG_MAX_LEADS];
    size_t leads = secg_signal_leads(&signal, lead);
    cr_assert_eq(leads, 6);
    secg_beats_config config = {.rate_hz = HZ, .channels = 2, .leads = lead, .lead_count = leads};
    secg_arena arena = {0};
    secg_beats_lay_out(&arena, &config);
    size_t size = (arena.used + 63) / 64 * 64;
    arena = (secg_arena){.base = aligned_alloc(64, size), .capacity = size};
    memset(arena.base, 0, size);
    run r = {.event = malloc(RUN_EVENTS * sizeof(secg_event)), .memory = arena.base};
    r.beats = secg_beats_lay_out(&arena, &config);
    push_all(&r, &t);
    cr_expect_eq(state_at(&r, HZ, 0, 15), SECG_SIGNAL_GOOD);
    for (int derived = 2; derived < 6; derived++)
        cr_expect_eq(state_at(&r, HZ, derived, 15), SECG_SIGNAL_GAP, "lead %d", derived);
    run_free(&r);
    trace_free(&t);
}

/* ---- a lead that has the rows for itself ------------------------------------------------------- */

enum { LONE_S = 60 };

/* Noise; now and then a stretch that is absent, flat, nearly so, at a limit or at another value, for 1 ms
 * .. 3 s, or a few of the same. */
static float *troubled(size_t frames, double rate_hz, unsigned seed)
{
    float *mv = malloc(frames * sizeof *mv);
    for (size_t n = 0; n < frames; n++)
        mv[n] = (float)draw(&seed, 2000) * 1e-4f;
    unsigned kind = 0;
    for (size_t at = draw(&seed, 2000); at < frames;) {
        const float values[] = {NAN, 0.1f, 4, -4, 3, INFINITY};
        kind = draw(&seed, 3) == 0 ? draw(&seed, 6) : kind;
        int is_still = draw(&seed, 5) != 0;
        double most_s = draw(&seed, 6) == 0 ? 3 : 0.15;
        for (size_t i = 1 + draw(&seed, (unsigned)(most_s * rate_hz)); i > 0 && at < frames; i--)
            mv[at++] = values[kind] + (is_still ? 0 : (float)draw(&seed, 2) * 1e-6f);
        at += 1 + draw(&seed, (unsigned)((draw(&seed, 4) == 0 ? 3 : 0.05) * rate_hz));
    }
    return mv;
}

typedef struct block {
    float mean_mv; /* after it; NaN: another ended with it, or there is none */
    uint8_t contact;
} block;

/* What each block is found to be, when any number of steps come at once. */
static size_t blocks_of(const float *mv, size_t frames, double rate_hz, size_t stride,
                        int has_rails, block *to)
{
    static secg_quality q;
    const float low = -4, high = 4;
    secg_intake in;
    void *memory = make_intake(&in, rate_hz, 1, stride);
    secg_quality_init(&q, &in, has_rails ? &low : NULL, has_rails ? &high : NULL);
    size_t blocks = 0;
    unsigned seed = 5;
    int32_t due = 1;
    for (size_t n = 0; n < frames; n++) {
        if (!take_frame(&in, mv[n], due))
            continue;
        secg_intake_end_steps(&in);
        secg_quality_push(&q, &in);
        for (int32_t i = 0; i < q.blocks; i++)
            to[blocks++] =
                (block){i + 1 < q.blocks ? NAN : q.lead[0].mean_mv, q.block_contact[i][0]};
        secg_intake_release(&in);
        due = 1 + (int32_t)draw(&seed, SECG_INTAKE_STEPS);
        if (stride > 1 && due > q.steps_left)
            due = q.steps_left;
    }
    free(memory);
    return blocks;
}

Test(quality, a_lead_alone_is_judged_as_among_others)
{
    static const double rates_hz[] = {120, 250, 300, 360, 500, 1000, 1999};
    int found[SECG_SIGNAL_GAP + 1] = {0};
    for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++)
        for (unsigned seed = 1; seed <= 8; seed++) {
            block alone[20 * LONE_S], among[20 * LONE_S];
            size_t frames = (size_t)(LONE_S * rates_hz[r]);
            float *mv = troubled(frames, rates_hz[r], seed);
            size_t blocks = blocks_of(mv, frames, rates_hz[r], 1, seed % 2, alone);
            size_t others = blocks_of(mv, frames, rates_hz[r], SECG_QUAD, seed % 2, among);
            blocks = blocks < others ? blocks : others; /* what is left waits for its end */
            cr_assert_geq(blocks, 9 * LONE_S);
            for (size_t i = 0; i < blocks; i++) {
                cr_expect_eq(alone[i].contact, among[i].contact,
                             "%g Hz, seed %u, block %zu: %d, %d", rates_hz[r], seed, i,
                             alone[i].contact, among[i].contact);
                if (!isnan(alone[i].mean_mv))
                    cr_expect_eq(alone[i].mean_mv, among[i].mean_mv, "%g Hz, seed %u, block %zu",
                                 rates_hz[r], seed, i);
                found[alone[i].contact]++;
            }
            free(mv);
        }
    for (int state = 0; state <= SECG_SIGNAL_GAP; state++)
        if (state != SECG_SIGNAL_NOISY && state != SECG_SIGNAL_UNREADABLE)
            cr_expect_gt(found[state], 100, "state %d: %d blocks", state, found[state]);
}
