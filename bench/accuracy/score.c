#include "score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double WINDOW_S = 0.150;

/* Index of the item nearest to x, at or after `from`; the list is not empty. */
static size_t nearest(const numbers *list, size_t from, double x)
{
    while (from + 1 < list->count && fabs(list->item[from + 1] - x) <= fabs(list->item[from] - x))
        from++;
    return from;
}

void pair_nearest(const numbers *reference_s, const numbers *test_s, double window_s,
                  numbers *difference_s)
{
    if (reference_s->count == 0 || test_s->count == 0)
        return;
    for (size_t i = 0, j = 0, back = 0; i < reference_s->count; i++) {
        double at = reference_s->item[i];
        j = nearest(test_s, j, at);
        back = nearest(reference_s, back, test_s->item[j]);
        if (back == i && fabs(test_s->item[j] - at) <= window_s)
            numbers_add(difference_s, test_s->item[j] - at);
        else if (back > i)
            back = i;
    }
}

static int code_of(uint8_t label)
{
    return label == SECG_BEAT_V   ? SECG_ANN_PVC
           : label == SECG_BEAT_S ? SECG_ANN_SVE
           : label == SECG_BEAT_Q ? SECG_ANN_UNKNOWN
                                  : SECG_ANN_NORMAL;
}

secg_annotation *beats_as_annotations(const seen_beat *beat, size_t beats)
{
    secg_annotation *list = bench_take(beats, sizeof *list);
    for (size_t i = 0; i < beats; i++) {
        list[i].sample = beat[i].sample;
        list[i].code = (int16_t)code_of(beat[i].label);
    }
    return list;
}

static void add_counts(secg_ec57 *sum, const secg_ec57 *r)
{
    sum->qrs_tp += r->qrs_tp, sum->qrs_fn += r->qrs_fn, sum->qrs_fp += r->qrs_fp;
    sum->veb_tp += r->veb_tp, sum->veb_fn += r->veb_fn, sum->veb_fp += r->veb_fp;
    sum->sveb_tp += r->sveb_tp, sum->sveb_fn += r->sveb_fn, sum->sveb_fp += r->sveb_fp;
}

/* Without the waves of ventricular flutter, which EC57 leaves out too: they have no R peak. */
static numbers reference_times(const recording *r, double from_s)
{
    numbers at = {0};
    int flutter = 0;
    for (size_t i = 0; i < r->references; i++) {
        int code = r->reference[i].code;
        double at_s = (double)r->reference[i].sample / r->signal.rate_hz;
        flutter = code == SECG_ANN_VF_ON || (flutter && code != SECG_ANN_VF_OFF);
        if (!flutter && secg_annotation_is_beat(code) && at_s >= from_s)
            numbers_add(&at, at_s);
    }
    return at;
}

/* The record's median. */
static double add_residuals(numbers *residual_ms, const numbers *reference_s,
                            const numbers *test_at_s)
{
    numbers difference = {0};
    pair_nearest(reference_s, test_at_s, WINDOW_S, &difference);
    for (size_t i = 0; i < difference.count; i++)
        difference.item[i] *= 1000;
    double median_ms = numbers_quantile(&difference, 0.5);
    numbers_add_shifted(residual_ms, &difference, median_ms);
    numbers_free(&difference);
    return median_ms;
}

int score_add(score *sum, const recording *r, const secg_annotation *test, size_t tests,
              const numbers *test_at_s, double from_s)
{
    secg_ec57 result;
    secg_ec57_config config = {.rate_hz = r->signal.rate_hz,
                               .start_s = from_s,
                               .window_s = WINDOW_S,
                               .end_sample = (int64_t)r->frames};
    if (secg_ec57_compare(r->reference, r->references, test, tests, &config, &result) != SECG_OK)
        return fprintf(stderr, "%s: the comparison failed\n", r->name), -1;
    add_counts(&sum->counts, &result);
    numbers reference_s = reference_times(r, from_s), whole_s = {0};
    for (size_t i = 0; i < tests; i++)
        numbers_add(&whole_s, (double)test[i].sample / r->signal.rate_hz);
    sum->median_ms = add_residuals(&sum->residual_ms, &reference_s, test_at_s);
    add_residuals(&sum->whole_ms, &reference_s, &whole_s);
    numbers_free(&reference_s);
    numbers_free(&whole_s);
    sum->records++;
    return 0;
}

int score_add_seen(score *sum, const recording *r, const seen_beat *beat, size_t beats,
                   double from_s)
{
    secg_annotation *test = beats_as_annotations(beat, beats);
    numbers at_s = {0};
    for (size_t i = 0; i < beats; i++)
        numbers_add(&at_s, beat[i].at_s);
    int status = score_add(sum, r, test, beats, &at_s, from_s);
    numbers_free(&at_s);
    free(test);
    return status;
}

void score_free(score *s)
{
    numbers_free(&s->residual_ms);
    numbers_free(&s->whole_ms);
    *s = (score){0};
}

void score_print_head(const char *title)
{
    printf("\n%s\n%-8s %6s %5s %5s %7s %7s  %5s %4s %4s  %5s %4s %4s  %7s %6s %6s\n", title,
           "record", "beats", "FN", "FP", "Se %", "+P %", "V tp", "fn", "fp", "S tp", "fn", "fp",
           "R med", "rms", "p95 ms");
}

void score_print_row(const char *name, const score *s)
{
    const secg_ec57 *c = &s->counts;
    printf("%-8s %6lld %5lld %5lld %7.3f %7.3f  %5lld %4lld %4lld  %5lld %4lld %4lld", name,
           (long long)(c->qrs_tp + c->qrs_fn), (long long)c->qrs_fn, (long long)c->qrs_fp,
           100.0 * (double)c->qrs_tp / (double)(c->qrs_tp + c->qrs_fn),
           100.0 * (double)c->qrs_tp / (double)(c->qrs_tp + c->qrs_fp), (long long)c->veb_tp,
           (long long)c->veb_fn, (long long)c->veb_fp, (long long)c->sveb_tp, (long long)c->sveb_fn,
           (long long)c->sveb_fp);
    if (s->records == 1)
        printf("  %7.2f", s->median_ms);
    else
        printf("  %7s", "");
    printf(" %6.2f %6.2f\n", numbers_rms(&s->residual_ms),
           numbers_quantile_abs(&s->residual_ms, 0.95));
}
