/* QRS detection on the DS1 half of the MIT-BIH Arrhythmia Database, lead 0 alone, the first five
 * minutes left out, counted as EC57 asks. */
#include "shared_data.h"

#include <stressecg/evaluate.h>
#include <stressecg/stressecg.h>
#include <string.h>

static const char *const ds1[] = {"101", "106", "108", "109", "112", "114", "115", "116",
                                  "118", "119", "122", "124", "201", "203", "205", "207",
                                  "208", "209", "215", "220", "223", "230"};

enum { FRAMES = 2000, MOST_BEATS = 20000 };

static secg_annotation found[MOST_BEATS];

static size_t drain(secg_analyzer *ecg, size_t count)
{
    for (secg_event event; secg_analyzer_poll(ecg, &event) == SECG_OK;)
        if (event.kind == SECG_EVENT_BEAT && count < MOST_BEATS)
            found[count++] =
                (secg_annotation){.sample = event.beat.sample, .code = SECG_ANN_NORMAL};
    return count;
}

static size_t detect(secg_record *record)
{
    secg_signal signal;
    int32_t map[SECG_MAX_CHANNELS], counts[2 * FRAMES];
    cr_assert_eq(secg_record_analysis_signal(record, &signal, map, NULL), SECG_OK);
    signal.channel[1].unused = 1;
    secg_analyzer *ecg;
    cr_assert_eq(
        secg_analyzer_create(&(secg_analyzer_config){.signal = signal, .no_st = 1}, &ecg, NULL),
        SECG_OK);
    size_t got, taken, count = 0;
    while (secg_record_read(record, counts, FRAMES, &got, NULL) == SECG_OK)
        for (size_t at = 0; at < got; at += taken) {
            secg_analyzer_push_i32(ecg, counts + 2 * at, got - at, &taken);
            count = drain(ecg, count);
        }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        count = drain(ecg, count);
    count = drain(ecg, count);
    secg_analyzer_destroy(ecg);
    return count;
}

static void add_record(const char *name, secg_ec57 *sum)
{
    char path[4096], file[64];
    snprintf(file, sizeof file, "mitdb/%s.hea", name);
    shared_data(path, sizeof path, file);
    secg_record *record;
    secg_annotation *reference;
    size_t references;
    secg_ec57 result;
    cr_assert_eq(secg_record_open(path, NULL, &record, NULL), SECG_OK);
    size_t count = detect(record);
    memcpy(path + strlen(path) - 3, "atr", 3);
    cr_assert_eq(secg_annotations_read(path, 360, &reference, &references, NULL), SECG_OK);
    secg_ec57_config config = {
        .rate_hz = 360, .start_s = 300, .end_sample = secg_record_get_info(record)->frames};
    cr_assert_eq(secg_ec57_compare(reference, references, found, count, &config, &result), SECG_OK);
    sum->qrs_tp += result.qrs_tp;
    sum->qrs_fn += result.qrs_fn;
    sum->qrs_fp += result.qrs_fp;
    secg_annotations_free(reference);
    secg_record_close(record);
}

Test(ds1, one_lead_finds_996_of_1000)
{
    secg_ec57 sum = {0};
    for (size_t i = 0; i < sizeof ds1 / sizeof *ds1; i++)
        add_record(ds1[i], &sum);
    cr_expect_eq(sum.qrs_tp + sum.qrs_fn, 42463, "the number of beats that the set has");
    double sensitivity = 100.0 * (double)sum.qrs_tp / (double)(sum.qrs_tp + sum.qrs_fn);
    double predictivity = 100.0 * (double)sum.qrs_tp / (double)(sum.qrs_tp + sum.qrs_fp);
    cr_expect_geq(sensitivity, 99.6, "Se %.3f %%", sensitivity);
    cr_expect_geq(predictivity, 99.6, "+P %.3f %%", predictivity);
    cr_log_info("DS1, lead 0: Se %.3f %%, +P %.3f %%, %lld errors", sensitivity, predictivity,
                (long long)(sum.qrs_fn + sum.qrs_fp));
}
