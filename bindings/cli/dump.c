/* stressecg dump: a recording as CSV. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>

enum { DUMP_FRAMES = 1024, WFDB_NO_VALUE = -32768 };

typedef struct dump_job {
    double from_s, to_s;
    int adc, header;
} dump_job;

static void print_header(const secg_record_info *info)
{
    printf("sample");
    for (int k = 0; k < info->signals; k++)
        printf(",%s", info->signal[k].description);
    putchar('\n');
}

static void print_frame(const dump_job *job, const secg_record_info *info, int64_t frame,
                        const int32_t *counts)
{
    printf("%lld", (long long)frame);
    for (int k = 0; k < info->signals; k++) {
        const secg_record_signal *s = &info->signal[k];
        if (job->adc)
            printf(",%d", counts[k] == SECG_NO_COUNT ? WFDB_NO_VALUE : (int)counts[k]);
        else if (counts[k] == SECG_NO_COUNT)
            putchar(',');
        else
            printf(",%.7g",
                   ((double)counts[k] - (double)s->baseline) / (s->gain != 0 ? s->gain : 200.0));
    }
    putchar('\n');
}

static int dump(secg_record *record, const dump_job *job)
{
    const secg_record_info *info = secg_record_get_info(record);
    secg_error error = {0};
    if (!job->adc)
        for (int k = 0; k < info->signals; k++)
            if (!info->signal[k].calibrated)
                cli_fail(0,
                         "signal %d (%s) is uncalibrated: shown at a nominal 200 counts per unit",
                         k, info->signal[k].description);
    int64_t at = secg_sample_at(job->from_s, info->rate_hz);
    int64_t end = isinf(job->to_s) ? INT64_MAX : secg_sample_at(job->to_s, info->rate_hz);
    if (at > 0 && secg_record_seek(record, at, &error) != SECG_OK)
        return cli_error(&error);
    int32_t *counts = malloc(DUMP_FRAMES * (size_t)info->signals * sizeof *counts);
    if (!counts)
        return cli_fail(CLI_FAILED, "no memory");
    if (job->header)
        print_header(info);
    secg_status status = SECG_OK;
    while (at < end && status == SECG_OK) {
        size_t got, want = end - at < DUMP_FRAMES ? (size_t)(end - at) : DUMP_FRAMES;
        status = secg_record_read(record, counts, want, &got, &error);
        for (size_t i = 0; status == SECG_OK && i < got; i++)
            print_frame(job, info, at++, counts + i * (size_t)info->signals);
    }
    free(counts);
    if (fflush(stdout) != 0 || ferror(stdout))
        return cli_fail(CLI_FAILED, "standard output: the values could not be written");
    return status == SECG_OK || status == SECG_END ? CLI_OK : cli_error(&error);
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"adc", 'A', 0}, {"mv", 'm', 0},     {"from", 'f', 1},
                                         {"to", 't', 1},  {"header", 'H', 0}, {0}};
    cli_arguments a = {.verb = &cli_dump, .argc = argc, .argv = argv, .option = options};
    dump_job job = {.to_s = (double)INFINITY};
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'A')
            job.adc = 1;
        else if (key == 'm')
            job.adc = 0;
        else if (key == 'H')
            job.header = 1;
        else if (key == 'f')
            bad |= cli_number(&a, "--from", 0, 1e9, &job.from_s);
        else
            bad |= cli_number(&a, "--to", 0, 1e9, &job.to_s);
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    secg_record *record;
    secg_error error = {0};
    if (secg_record_open(a.operand[0], NULL, &record, &error) != SECG_OK)
        return cli_error(&error);
    int code = dump(record, &job);
    secg_record_close(record);
    return code;
}

const cli_verb cli_dump = {
    "dump", "print the samples as CSV",
    "usage: stressecg dump [--adc|--mv] [--from S] [--to S] [--header] RECORD\n\n"
    "One line per frame: the frame's number, then one value per signal.\n\n"
    "  --mv         physical values in each signal's units (the default); empty: no value\n"
    "  --adc        counts as stored; -32768: no value, as WFDB prints it\n"
    "  --from, --to seconds; from 0 to the end by default\n"
    "  --header     a first line with the signals' names\n",
    run};
