/* stressecg score: beat-by-beat comparison of two annotation files. */
#include "cli.h"

#include <stressecg/evaluate.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct score_job {
    const char *reference_path, *test_path;
    double rate_hz, start_s, window_ms;
    int64_t frames;
} score_job;

/* Rate and length come from the header beside the reference: DIR/NAME.hea for DIR/NAME.atr. */
static int read_header(score_job *job)
{
    char path[4096];
    const char *dot = strrchr(job->reference_path, '.');
    size_t length = dot ? (size_t)(dot - job->reference_path) : strlen(job->reference_path);
    if (length >= sizeof path)
        return cli_fail(-1, "path too long: %s", job->reference_path);
    memcpy(path, job->reference_path, length);
    path[length] = 0;
    secg_record *record;
    secg_error error = {0};
    if (secg_record_open(path, NULL, &record, &error) != SECG_OK)
        return cli_fail(-1, "%s (the sampling rate is read there; or give --rate)", error.text);
    const secg_record_info *info = secg_record_get_info(record);
    job->rate_hz = info->rate_hz;
    job->frames = info->frames > 0 ? info->frames : 0;
    secg_record_close(record);
    return 0;
}

static void print_ratio(const char *what, int64_t part, int64_t whole)
{
    if (whole > 0)
        printf("%27s: %6.2f %% (%lld/%lld)\n", what, 100.0 * (double)part / (double)whole,
               (long long)part, (long long)whole);
    else
        printf("%27s:      - (0/0)\n", what);
}

static void print_table(const secg_ec57 *r)
{
    static const char row[] = "NSVFQOX", column[] = "nsvfqox";
    printf("\n      ");
    for (int c = 0; c < SECG_EC57_CLASSES; c++)
        printf("%8c", column[c]);
    printf("\n");
    for (int i = 0; i < SECG_EC57_CLASSES; i++) {
        printf("    %c ", row[i]);
        int columns = i >= SECG_EC57_O ? SECG_EC57_O : SECG_EC57_CLASSES;
        for (int c = 0; c < columns; c++)
            printf("%8lld", (long long)r->count[i][c]);
        printf("\n");
    }
    printf("\n");
    print_ratio("QRS sensitivity", r->qrs_tp, r->qrs_tp + r->qrs_fn);
    print_ratio("QRS positive predictivity", r->qrs_tp, r->qrs_tp + r->qrs_fp);
    print_ratio("VEB sensitivity", r->veb_tp, r->veb_tp + r->veb_fn);
    print_ratio("VEB positive predictivity", r->veb_tp, r->veb_tp + r->veb_fp);
    print_ratio("SVEB sensitivity", r->sveb_tp, r->sveb_tp + r->sveb_fn);
    print_ratio("SVEB positive predictivity", r->sveb_tp, r->sveb_tp + r->sveb_fp);
    if (isnan(r->rr_error_rms_ms))
        printf("%27s:      -\n", "RMS RR interval error");
    else
        printf("%27s: %6.2f ms\n", "RMS RR interval error", r->rr_error_rms_ms);
    printf("%27s: %+.2f ms, SD %.2f ms\n", "test minus reference", r->offset_mean_ms,
           r->offset_sd_ms);
    if (r->shutdown_s > 0)
        printf("%27s: %.1f s\n", "marked as unreadable", r->shutdown_s);
}

static int compare(const score_job *job)
{
    secg_error error = {0};
    secg_annotation *reference = NULL, *test = NULL;
    size_t references = 0, tests = 0;
    int code = CLI_FAILED;
    secg_ec57 result;
    secg_ec57_config config = {.rate_hz = job->rate_hz,
                               .start_s = job->start_s,
                               .window_s = job->window_ms / 1000,
                               .end_sample = job->frames};
    if (secg_annotations_read(job->reference_path, job->rate_hz, &reference, &references, &error) !=
            SECG_OK ||
        secg_annotations_read(job->test_path, job->rate_hz, &test, &tests, &error) != SECG_OK) {
        cli_error(&error);
    } else if (secg_ec57_compare(reference, references, test, tests, &config, &result) != SECG_OK) {
        cli_fail(0, "these annotations cannot be compared");
    } else {
        char start[16];
        printf("reference: %s\n     test: %s\nfrom %s, window %g ms\n", job->reference_path,
               job->test_path, secg_elapsed_text(job->start_s, start, sizeof start),
               job->window_ms);
        print_table(&result);
        code = CLI_OK;
    }
    secg_annotations_free(reference);
    secg_annotations_free(test);
    return code;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"rate", 'r', 1}, {"from", 'f', 1}, {"window", 'w', 1}, {0}};
    cli_arguments a = {.verb = &cli_score, .argc = argc, .argv = argv, .option = options};
    score_job job = {.start_s = 300, .window_ms = 150};
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'r')
            bad |= cli_number(&a, "--rate", 1, 1e6, &job.rate_hz);
        else if (key == 'f')
            bad |= cli_number(&a, "--from", 0, 1e7, &job.start_s);
        else
            bad |= cli_number(&a, "--window", 1, 2000, &job.window_ms);
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 2, 2) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    job.reference_path = a.operand[0];
    job.test_path = a.operand[1];
    if (job.rate_hz == 0 && read_header(&job) < 0)
        return CLI_FAILED;
    return compare(&job);
}

const cli_verb cli_score = {
    "score", "compare two annotation files beat by beat (EC57)",
    "usage: stressecg score [--rate HZ] [--from S] [--window MS] REFERENCE TEST\n\n"
    "Two WFDB annotation files, for example mitdb/100.atr out/100.sec.  The sampling rate and\n"
    "the record's length are read from the header beside REFERENCE, or given with --rate.\n\n"
    "  --from S     leave out what comes before (300: the learning period of EC57)\n"
    "  --window MS  how far apart two beats may be and still be the same one (150)\n\n"
    "Rows are the reference's classes, columns the test's; O and o: no beat there; X and x: no\n"
    "beat there, in a time marked as unreadable.\n",
    run};
