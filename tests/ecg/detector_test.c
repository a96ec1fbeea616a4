/* QRS detection against reference annotations, counted as EC57 asks. */
#include "shared_data.h"
#include "trace.h"

#include <stressecg/evaluate.h>
#include <stressecg/io.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

/* The first `channels` signals of a record, in mV. */
static trace load(const char *path, size_t channels)
{
    secg_record *record;
    secg_signal signal;
    int32_t map[SECG_MAX_CHANNELS];
    cr_assert_eq(secg_record_open(path, NULL, &record, NULL), SECG_OK, "%s", path);
    cr_assert_eq(secg_record_analysis_signal(record, &signal, map, NULL), SECG_OK);
    const secg_record_info *info = secg_record_get_info(record);
    trace t = {.rate_hz = info->rate_hz, .channels = channels};
    t.mv = malloc((size_t)info->frames * channels * sizeof *t.mv);
    int32_t counts[64 * 16];
    size_t got;
    while (secg_record_read(record, counts, 64, &got, NULL) == SECG_OK)
        for (size_t n = 0; n < got; n++, t.frames++)
            for (size_t k = 0; k < channels; k++)
                t.mv[t.frames * channels + k] = secg_counts_to_mv(
                    &signal.channel[k], counts[n * (size_t)info->signals + (size_t)map[k]]);
    secg_record_close(record);
    return t;
}

static secg_annotation *annotations(const run *r, size_t *count)
{
    secg_annotation *list = calloc(r->events, sizeof *list);
    *count = 0;
    for (size_t i = 0; i < r->events; i++)
        if (r->event[i].kind == SECG_EVENT_BEAT)
            list[(*count)++] =
                (secg_annotation){.sample = r->event[i].beat.sample,
                                  .code = r->event[i].beat.label == 'V'   ? SECG_ANN_PVC
                                          : r->event[i].beat.label == 'S' ? SECG_ANN_SVE
                                          : r->event[i].beat.label == 'Q' ? SECG_ANN_UNKNOWN
                                                                          : SECG_ANN_NORMAL};
    return list;
}

static secg_ec57 score(const char *name, size_t channels, double start_s)
{
    char path[500], file[520];
    secg_annotation *reference;
    size_t references, tests;
    secg_ec57 result;
    trace t = load(shared_data(path, sizeof path, name), channels);
    snprintf(file, sizeof file, "%.*s.atr", (int)strlen(path) - 4, path);
    cr_assert_eq(secg_annotations_read(file, t.rate_hz, &reference, &references, NULL), SECG_OK);
    run r = run_trace(&t);
    secg_annotation *test = annotations(&r, &tests);
    secg_ec57_config config = {
        .rate_hz = t.rate_hz, .start_s = start_s, .end_sample = (int64_t)t.frames};
    cr_assert_eq(secg_ec57_compare(reference, references, test, tests, &config, &result), SECG_OK);
    free(test);
    secg_annotations_free(reference);
    run_free(&r);
    trace_free(&t);
    return result;
}

/* A few of the MIT-BIH records of the training half, whole: most false and missed beats allowed,
 * in one lead.  Hard ones among them: tall P waves (108), noise (203), ventricular flutter (207). */
struct record {
    char name[24];
    long errors;
};
ParameterizedTestParameters(detector, one_lead)
{
    static struct record row[] = {
        {"mitdb/101.hea", 6},  {"mitdb/106.hea", 10}, {"mitdb/108.hea", 45},
        {"mitdb/118.hea", 2},  {"mitdb/119.hea", 3},  {"mitdb/203.hea", 60},
        {"mitdb/207.hea", 12}, {"mitdb/209.hea", 2},  {"mitdb/223.hea", 6}};
    return cr_make_param_array(struct record, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct record *record, detector, one_lead)
{
    secg_ec57 result = score(record->name, 1, 0);
    cr_expect_leq(result.qrs_fn + result.qrs_fp, record->errors, "%s: %ld missed, %ld false",
                  record->name, (long)result.qrs_fn, (long)result.qrs_fp);
}

/* Electrode motion at 24, 12 and 6 dB. */
ParameterizedTestParameters(detector, noise_stress)
{
    static struct record row[] = {
        {"nstdb/118e24.hea", 0}, {"nstdb/118e12.hea", 6}, {"nstdb/118e06.hea", 70}};
    return cr_make_param_array(struct record, row, sizeof row / sizeof *row);
}
ParameterizedTest(struct record *record, detector, noise_stress)
{
    secg_ec57 result = score(record->name, 2, -1);
    cr_expect_leq(result.qrs_fn + result.qrs_fp, record->errors, "%s: %ld missed, %ld false",
                  record->name, (long)result.qrs_fn, (long)result.qrs_fp);
}

/* A beat a third of the size, on time, after large ones: seen at once, not after the level sank. */
Test(detector, small_beat_among_large_ones)
{
    trace t = trace_new(500, 1, 20);
    for (int i = 0; i < 24; i++)
        add_normal(&t, 0.5 + 0.8 * i, i == 15 ? 0.35 : 1);
    add_noise(&t, 0, 0.01, 0, 20, 3);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 500, 0, 20, 0), 24);
    run_free(&r);
    trace_free(&t);
}

/* The amplitude falls to a fifth for good: found again within 5 s. */
Test(detector, level_follows_a_fall_of_amplitude)
{
    trace t = trace_new(500, 1, 40);
    for (int i = 0; i < 49; i++)
        add_normal(&t, 0.5 + 0.8 * i, i < 25 ? 2 : 0.4);
    add_noise(&t, 0, 0.005, 0, 40, 3);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 500, 0, 20, 0), 25);
    cr_expect_geq(count_beats(&r, 500, 25.5, 40, 0), 17);
    run_free(&r);
    trace_free(&t);
}

/* Pure noise: beats are not invented in number. */
Test(detector, noise_alone)
{
    trace t = trace_new(500, 2, 60);
    add_noise(&t, 0, 0.02, 0, 60, 11);
    add_noise(&t, 1, 0.02, 0, 60, 12);
    run r = run_trace(&t);
    cr_expect_eq(count_beats(&r, 500, 0, 60, 0), 0, "%d", count_beats(&r, 500, 0, 60, 0));
    run_free(&r);
    trace_free(&t);
}
