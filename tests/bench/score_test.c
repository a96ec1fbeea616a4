#include "lists.h"
#include "score.h"

#include <criterion/criterion.h>

#include <math.h>

static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

/* ---- pairs ------------------------------------------------------------------------------- */

Test(pairs, nearest_of_each_other_within_the_window)
{
    double reference[] = {1, 2, 3, 4, 5}, test[] = {1.01, 1.98, 2.05, 3.151, 3.9, 3.95, 5.149};
    numbers r = list_of(reference, 5), t = list_of(test, 7), d = {0};
    pair_nearest(&r, &t, 0.150, &d);
    double want[] = {0.01, -0.02, -0.05, 0.149};
    cr_assert_eq(d.count, 4, "%zu pairs", d.count);
    for (size_t i = 0; i < 4; i++)
        cr_expect_float_eq(d.item[i], want[i], 1e-9);
    numbers_free(&r), numbers_free(&t), numbers_free(&d);
}

Test(pairs, one_test_beat_is_not_paired_twice)
{
    double reference[] = {1.00, 1.10, 1.20}, test[] = {1.11};
    numbers r = list_of(reference, 3), t = list_of(test, 1), d = {0};
    pair_nearest(&r, &t, 0.150, &d);
    cr_assert_eq(d.count, 1);
    cr_expect_float_eq(d.item[0], 0.01, 1e-9);
    numbers_free(&r), numbers_free(&t), numbers_free(&d);
}

static size_t nearest_slowly(const numbers *list, double x)
{
    size_t best = 0;
    for (size_t i = 1; i < list->count; i++)
        if (fabs(list->item[i] - x) <= fabs(list->item[best] - x))
            best = i;
    return best;
}

static double random_list(numbers *list, size_t count, double mean_step, uint64_t *seed)
{
    double at = 0;
    for (size_t i = 0; i < count; i++)
        numbers_add(list, at += mean_step * 2 * uniform(seed));
    return at;
}

Test(pairs, equal_their_definition_on_random_lists)
{
    uint64_t seed = 5;
    for (int round = 0; round < 200; round++) {
        numbers r = {0}, t = {0}, fast = {0}, slow = {0};
        random_list(&r, 40, 0.2, &seed);
        random_list(&t, 60, 0.13, &seed);
        pair_nearest(&r, &t, 0.150, &fast);
        for (size_t i = 0; i < r.count; i++) {
            size_t j = nearest_slowly(&t, r.item[i]);
            if (nearest_slowly(&r, t.item[j]) == i && fabs(t.item[j] - r.item[i]) <= 0.150)
                numbers_add(&slow, t.item[j] - r.item[i]);
        }
        cr_assert_eq(fast.count, slow.count, "round %d", round);
        for (size_t i = 0; i < fast.count; i++)
            cr_assert_float_eq(fast.item[i], slow.item[i], 1e-12);
        numbers_free(&r), numbers_free(&t), numbers_free(&fast), numbers_free(&slow);
    }
}

/* ---- scores ------------------------------------------------------------------------------ */

enum { BEATS = 1000 };

/* 1000 beats, one a second; the test's are 12 ms late, every tenth 2 ms less, every tenth 2 more. */
static recording reference_beats(void)
{
    recording r = recording_blank(500, BEATS + 1);
    r.reference = calloc(BEATS, sizeof *r.reference);
    for (int i = 0; i < BEATS; i++)
        r.reference[r.references++] = (secg_annotation){
            .sample = 500 * i + 250, .code = i % 50 == 0 ? SECG_ANN_PVC : SECG_ANN_NORMAL};
    return r;
}

static size_t test_beats(seen_beat *beat)
{
    size_t n = 0;
    for (int i = 0; i < BEATS; i++) {
        if (i % 100 == 99)
            continue; /* missed */
        double at_s = i + 0.5 + 0.012 + (i % 10 == 1 ? -0.002 : i % 10 == 2 ? 0.002 : 0);
        beat[n++] = (seen_beat){.at_s = at_s,
                                .sample = llround(500 * at_s),
                                .label = i % 50 == 0 ? SECG_BEAT_V : SECG_BEAT_N};
    }
    return n;
}

Test(scores, counts_and_residuals_of_known_beats)
{
    static seen_beat beat[BEATS];
    recording r = reference_beats();
    score s = {0};
    size_t beats = test_beats(beat);
    cr_assert_eq(score_add_seen(&s, &r, beat, beats, 0), 0);
    cr_expect_eq(s.counts.qrs_tp, BEATS - 10);
    cr_expect_eq(s.counts.qrs_fn, 10);
    cr_expect_eq(s.counts.qrs_fp, 0);
    cr_expect_eq(s.counts.veb_tp, 20);
    cr_expect_float_eq(s.median_ms, 12, 1e-6);
    cr_expect_eq(s.residual_ms.count, BEATS - 10);
    cr_expect_float_eq(numbers_rms(&s.residual_ms), sqrt(200 * 4.0 / (BEATS - 10)), 1e-6);
    cr_expect_float_eq(numbers_quantile_abs(&s.residual_ms, 0.95), 2, 1e-6);
    for (size_t i = 0; i < beats; i++)
        beat[i].at_s += 0.0004 * (i % 2 ? 1 : -1); /* of this, whole samples show nothing */
    score again = {0};
    cr_assert_eq(score_add_seen(&again, &r, beat, beats, 0), 0);
    cr_expect_gt(numbers_rms(&again.residual_ms), numbers_rms(&s.residual_ms));
    cr_expect_float_eq(numbers_rms(&again.whole_ms), numbers_rms(&s.residual_ms), 1e-6);
    score_free(&again);
    score_free(&s);
    recording_free(&r);
}

Test(scores, records_are_added_and_the_first_minutes_left_out)
{
    static seen_beat beat[BEATS];
    recording r = reference_beats();
    score s = {0};
    size_t beats = test_beats(beat);
    score_add_seen(&s, &r, beat, beats, 300);
    score_add_seen(&s, &r, beat, beats, 300);
    cr_expect_eq(s.records, 2);
    cr_expect_eq(s.counts.qrs_tp + s.counts.qrs_fn, 2 * (BEATS - 300));
    cr_expect_eq(s.counts.qrs_fn, 2 * 7);
    score_free(&s);
    recording_free(&r);
}
