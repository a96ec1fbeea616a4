/* bench_beats [--from S] [--lead K] RECORD ...: detects and classifies beats in each record and
 * scores them against RECORD.atr as EC57 asks; one line a record and their sum. */
#include <stressecg/evaluate.h>
#include <stressecg/stressecg.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 2048 };

typedef struct beats {
    secg_annotation *item;
    size_t count, room;
} beats;

static int code_of(uint8_t label)
{
    return label == SECG_BEAT_V   ? SECG_ANN_PVC
           : label == SECG_BEAT_S ? SECG_ANN_SVE
           : label == SECG_BEAT_Q ? SECG_ANN_UNKNOWN
                                  : SECG_ANN_NORMAL;
}

static void drain(secg_analyzer *ecg, beats *found)
{
    for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;) {
        if (e.kind != SECG_EVENT_BEAT)
            continue;
        if (found->count == found->room) {
            found->room = found->room ? 2 * found->room : 4096;
            found->item = realloc(found->item, found->room * sizeof *found->item);
            if (!found->item)
                exit(1);
        }
        found->item[found->count++] =
            (secg_annotation){.sample = e.beat.sample, .code = (int16_t)code_of(e.beat.label)};
    }
}

static int detect(secg_record *record, int lead, beats *found)
{
    static int32_t counts[BLOCK * SECG_MAX_CHANNELS];
    secg_analyzer_config config = {.no_st = 1};
    int32_t map[SECG_MAX_CHANNELS];
    secg_error error = {0};
    secg_analyzer *ecg;
    if (secg_record_analysis_signal(record, &config.signal, map, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    for (int k = 0; lead >= 0 && k < config.signal.channels; k++)
        config.signal.channel[k].unused = k != lead;
    if (secg_analyzer_create(&config, &ecg, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    for (size_t got, taken; secg_record_read(record, counts, BLOCK, &got, NULL) == SECG_OK;)
        for (size_t at = 0; at < got; at += taken) {
            secg_analyzer_push_i32(ecg, counts + at * (size_t)config.signal.channels, got - at,
                                   &taken);
            drain(ecg, found);
        }
    while (secg_analyzer_flush(ecg) == SECG_AGAIN)
        drain(ecg, found);
    drain(ecg, found);
    secg_analyzer_destroy(ecg);
    return 0;
}

static void print_row(const char *name, const secg_ec57 *r)
{
    printf("%-10s %7lld %6lld %6lld %8.3f %8.3f  %6lld %5lld %5lld  %5lld %5lld %5lld\n", name,
           (long long)(r->qrs_tp + r->qrs_fn), (long long)r->qrs_fn, (long long)r->qrs_fp,
           100.0 * (double)r->qrs_tp / (double)(r->qrs_tp + r->qrs_fn),
           100.0 * (double)r->qrs_tp / (double)(r->qrs_tp + r->qrs_fp), (long long)r->veb_tp,
           (long long)r->veb_fn, (long long)r->veb_fp, (long long)r->sveb_tp, (long long)r->sveb_fn,
           (long long)r->sveb_fp);
}

static void add(secg_ec57 *sum, const secg_ec57 *r)
{
    sum->qrs_tp += r->qrs_tp, sum->qrs_fn += r->qrs_fn, sum->qrs_fp += r->qrs_fp;
    sum->veb_tp += r->veb_tp, sum->veb_fn += r->veb_fn, sum->veb_fp += r->veb_fp;
    sum->sveb_tp += r->sveb_tp, sum->sveb_fn += r->sveb_fn, sum->sveb_fp += r->sveb_fp;
}

static int score(const char *path, double from_s, int lead, secg_ec57 *sum)
{
    secg_record *record;
    secg_error error = {0};
    beats found = {0};
    secg_annotation *reference = NULL;
    size_t references;
    secg_ec57 result;
    char atr[4096];
    if (secg_record_open(path, NULL, &record, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    const secg_record_info *info = secg_record_get_info(record);
    secg_ec57_config config = {
        .rate_hz = info->rate_hz, .start_s = from_s, .end_sample = info->frames};
    snprintf(atr, sizeof atr, "%s.atr", path);
    int failed =
        detect(record, lead, &found) < 0 ||
        secg_annotations_read(atr, info->rate_hz, &reference, &references, &error) != SECG_OK ||
        secg_ec57_compare(reference, references, found.item, found.count, &config, &result) !=
            SECG_OK;
    if (failed)
        fprintf(stderr, "%s: %s\n", path, error.text);
    else {
        print_row(info->name, &result);
        add(sum, &result);
    }
    secg_annotations_free(reference);
    free(found.item);
    secg_record_close(record);
    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    double from_s = 300;
    int lead = -1, failed = 0;
    secg_ec57 sum = {0};
    printf("%-10s %7s %6s %6s %8s %8s  %6s %5s %5s  %5s %5s %5s\n", "record", "beats", "FN", "FP",
           "Se %", "+P %", "VEB tp", "fn", "fp", "SVEB", "fn", "fp");
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
            from_s = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--lead") == 0 && i + 1 < argc)
            lead = (int)strtol(argv[++i], NULL, 10);
        else
            failed |= score(argv[i], from_s, lead, &sum) < 0;
    }
    print_row("all", &sum);
    printf("errors %lld; VEB Se %.2f %% +P %.2f %%; SVEB Se %.2f %% +P %.2f %%\n",
           (long long)(sum.qrs_fn + sum.qrs_fp),
           100.0 * (double)sum.veb_tp / (double)(sum.veb_tp + sum.veb_fn),
           100.0 * (double)sum.veb_tp / (double)(sum.veb_tp + sum.veb_fp),
           100.0 * (double)sum.sveb_tp / (double)(sum.sveb_tp + sum.sveb_fn),
           100.0 * (double)sum.sveb_tp / (double)(sum.sveb_tp + sum.sveb_fp));
    return failed;
}
