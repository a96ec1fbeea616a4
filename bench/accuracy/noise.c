/* bench_noise [--json FILE] NOISE RECORD ...: the noise stress test's noise added to each record at
 * 24 .. -6 dB; errors of lead 0 alone and of all leads, first five minutes left out. */
#include "figures.h"
#include "nst.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double LEVEL_DB[] = {24, 18, 12, 6, 0, -6};
static const int LEAD[] = {0, EVERY_LEAD};
static const char *const LEAD_NAME[] = {"lead_0", "all_leads"};
enum { LEVELS = sizeof LEVEL_DB / sizeof *LEVEL_DB, LEADS = 2 };

/* Adds a record with its noise to the sums of each choice of leads. */
static int add_record(const recording *clean, const recording *tracing, score *sum)
{
    int failed = 0;
    for (int k = 0; k < LEADS; k++) {
        seen s = recording_analyse(tracing, LEAD[k]);
        failed |= score_add_seen(&sum[k], clean, s.beat, s.beats, 300) < 0;
        seen_free(&s);
    }
    return failed ? -1 : 0;
}

static void report(json_t *root, const char *noise, const char *level, score *sum)
{
    printf("%-6s", level);
    for (int k = 0; k < LEADS; k++) {
        char path[128];
        const secg_ec57 *c = &sum[k].counts;
        snprintf(path, sizeof path, "noise_sweep/%s/%s/%s", noise, level, LEAD_NAME[k]);
        figures_put_score(root, path, &sum[k]);
        printf("  %6lld %6lld %8.3f %8.3f", (long long)c->qrs_fn, (long long)c->qrs_fp,
               100.0 * (double)c->qrs_tp / (double)(c->qrs_tp + c->qrs_fn),
               100.0 * (double)c->qrs_tp / (double)(c->qrs_tp + c->qrs_fp));
        score_free(&sum[k]);
    }
    printf("\n");
}

static int run_level(json_t *root, const recording *noise, const char *short_name, double level_db,
                     const recording *r, size_t records)
{
    score sum[LEADS] = {{.records = 0}};
    char level[16];
    int failed = 0;
    for (size_t i = 0; i < records; i++) {
        recording mixed;
        if (nst_mix(&r[i], noise, level_db, &mixed) < 0) {
            failed = 1;
            continue;
        }
        failed |= add_record(&r[i], &mixed, sum) < 0;
        recording_free(&mixed);
    }
    snprintf(level, sizeof level, "%g dB", level_db);
    report(root, short_name, level, sum);
    return failed ? -1 : 0;
}

static int run_clean(json_t *root, const char *short_name, const recording *r, size_t records)
{
    score sum[LEADS] = {{.records = 0}};
    int failed = 0;
    for (size_t i = 0; i < records; i++)
        failed |= add_record(&r[i], &r[i], sum) < 0;
    report(root, short_name, "none", sum);
    return failed ? -1 : 0;
}

static int run(json_t *root, const char *noise_path, char **path, size_t paths)
{
    recording noise, *r = bench_take(paths, sizeof *r);
    size_t records = 0;
    if (recording_read(&noise, noise_path, NULL) < 0)
        return -1;
    for (; records < paths; records++)
        if (recording_read(&r[records], path[records], "atr") < 0)
            break;
    int failed = records < paths;
    char short_name[8];
    snprintf(short_name, sizeof short_name, "%.2s", noise.name);
    printf("\nnoise \"%s\" mixed into %zu records\n%-6s  %6s %6s %8s %8s  %6s %6s %8s %8s\n",
           short_name, records, "SNR", "lead 0", "", "", "", "all", "", "", "");
    printf("%-6s  %6s %6s %8s %8s  %6s %6s %8s %8s\n", "", "FN", "FP", "Se %", "+P %", "FN", "FP",
           "Se %", "+P %");
    failed |= run_clean(root, short_name, r, records) < 0;
    for (int i = 0; i < LEVELS; i++)
        failed |= run_level(root, &noise, short_name, LEVEL_DB[i], r, records) < 0;
    for (size_t i = 0; i < records; i++)
        recording_free(&r[i]);
    recording_free(&noise);
    free(r);
    return failed ? -1 : 0;
}

int main(int argc, char **argv)
{
    json_t *root = json_object();
    int has_json = argc > 2 && strcmp(argv[1], "--json") == 0, first = has_json ? 3 : 1;
    if (argc < first + 2)
        return fprintf(stderr, "usage: bench_noise [--json FILE] NOISE RECORD ...\n"), 2;
    int failed = run(root, argv[first], argv + first + 1, (size_t)(argc - first - 1)) < 0;
    failed |= figures_write(root, has_json ? argv[2] : NULL) < 0;
    json_decref(root);
    return failed;
}
