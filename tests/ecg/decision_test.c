/* What is known of candidates is kept until it changes: the same is decided when nothing is kept. */
#include "ecg/decision.h"

#include <criterion/criterion.h>
#include <math.h>

static uint32_t state;

static float random_part(void)
{
    state = state * 1664525 + 1013904223;
    return (float)(state >> 8) / 0x1000000;
}

static void take_signal(secg_levels *l)
{
    float feature = 0.5f + random_part(), noise = 0.05f * random_part();
    secg_levels_noise(l, &noise);
    secg_levels_beat(l, 1, &feature);
}

static void add(secg_decision *d, int64_t time)
{
    secg_candidate *c = secg_decision_add(d);
    c->time = time;
    c->usable = 1;
    c->part_mv[0] = random_part() < 0.5f ? 1 : 0.2f * random_part() + 0.01f;
    c->log_part[0] = logf(c->part_mv[0]);
    c->wide_mv[0] = c->part_mv[0] * (0.5f + random_part());
    c->match.agreement = c->part_mv[0] < 0.5f ? random_part() : 0.95f;
    c->is_judged = c->is_expected = 0;
    c->version = 0;
}

/* As the detector does. */
static void take_beat(secg_decision *d, secg_levels *l, int32_t i)
{
    secg_candidate beat = d->candidate[i];
    secg_levels_beat(l, 1, beat.part_mv);
    if (d->has_last)
        secg_decision_set_rr(d, (float)(beat.time - d->last.time));
    d->width += 0.125f * (beat.wide - beat.height - d->width);
    d->last = beat;
    d->has_last = 1;
    d->is_adrift = 0;
    for (int32_t j = 0; j < i; j++)
        secg_decision_reject(d, &d->candidate[j]);
    secg_decision_drop(d, i + 1);
}

static void forget(secg_decision *d)
{
    d->changes++;
}

Test(decision, what_is_kept_is_what_is_found_anew)
{
    static secg_decision kept, anew;
    secg_levels levels;
    int beats = 0, none = 0;
    int64_t time = 0;
    state = 7;
    secg_decision_init(&kept, 100, 1);
    secg_levels_init(&levels, 1);
    take_signal(&levels);
    for (int n = 0; n < 20000; n++) {
        float margin[2], what = random_part();
        time += 10 + (int64_t)(50 * random_part());
        add(&kept, time);
        if (what < 0.02f)
            take_signal(&levels);
        else if (what < 0.025f)
            secg_decision_cut_adrift(&kept);
        anew = kept;
        forget(&anew);
        int32_t i = kept.candidates - 1;
        int expected = secg_decision_expects(&kept, &levels, i);
        cr_assert_eq(expected, secg_decision_expects(&anew, &levels, i));
        kept.candidate[i].is_expected = anew.candidate[i].is_expected = (int8_t)expected;
        forget(&anew);
        int32_t first = secg_decision_find(&kept, &levels, &margin[0]);
        cr_assert_eq(first, secg_decision_find(&anew, &levels, &margin[1]));
        cr_assert_eq(margin[0], margin[1]);
        for (int32_t j = 0; j < kept.candidates; j++)
            cr_assert_eq(memcmp(kept.odds[j], anew.odds[j], (size_t)(j + 1) * sizeof(float)), 0);
        if (first >= 0 && margin[0] > 6)
            beats++, take_beat(&kept, &levels, first);
        else if (kept.candidates > 4)
            none++, secg_decision_reject(&kept, &kept.candidate[0]), secg_decision_drop(&kept, 1);
    }
    cr_expect_gt(beats, 1000);
    cr_expect_gt(none, 1000);
}

/* A candidate so many steps after a beat, both as low as what is not usable. */
static float odds_after(int64_t steps)
{
    static secg_decision d;
    secg_levels levels;
    state = 7;
    secg_decision_init(&d, 100, 1);
    secg_levels_init(&levels, 1);
    take_signal(&levels);
    secg_levels_set_usable(&levels, 0);
    for (int n = 0; n < 2; n++) {
        add(&d, 1000 + n * steps);
        secg_candidate *c = &d.candidate[0];
        c->usable = 0;
        c->match.agreement = 0;
        secg_decision_expects(&d, &levels, 0);
        if (n == 0) {
            d.last = *c;
            d.has_last = 1;
            secg_decision_drop(&d, 1);
        }
    }
    return d.odds[0][0];
}

/* The last beat counts with its own height for what is within 0.3 s of it, however low that is. */
Test(decision, a_low_last_beat)
{
    cr_expect_gt(odds_after(30), odds_after(31) + 1);
    cr_expect_lt(odds_after(29), odds_after(30));
}
