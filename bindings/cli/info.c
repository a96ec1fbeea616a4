/* stressecg info: what a recording says of itself. */
#include "cli.h"

static void print_signal(int k, const secg_record_signal *s)
{
    printf("  %3d  %-12s", k, s->description[0] ? s->description : "-");
    if (s->calibrated)
        printf(" %12.6g counts/%s, zero at %d", s->gain, s->units, (int)s->baseline);
    else
        printf(" uncalibrated");
    if (s->format)
        printf(", format %d", (int)s->format);
    if (s->adc_bits)
        printf(", %d bit", (int)s->adc_bits);
    if (s->samples_per_frame > 1)
        printf(", %d samples a frame", (int)s->samples_per_frame);
    putchar('\n');
}

static void print_info(const secg_record_info *info)
{
    char text[64];
    printf("record:   %s (%s%s)\n", info->name, info->container,
           info->segments > 1 ? ", several segments" : "");
    printf("rate:     %.10g Hz\n", info->rate_hz);
    if (info->frames >= 0)
        printf("length:   %lld frames, %s\n", (long long)info->frames,
               secg_elapsed_text((double)info->frames / info->rate_hz, text, sizeof text));
    else
        printf("length:   not stated\n");
    if (info->segments > 1)
        printf("segments: %d\n", (int)info->segments);
    printf("start:    %s\n", info->start_unix_ms == SECG_NO_SAMPLE
                                 ? "not stated"
                                 : secg_clock_text(info->start_unix_ms, 0, 0, text, sizeof text));
    printf("signals:  %d\n", (int)info->signals);
    for (int k = 0; k < info->signals; k++)
        print_signal(k, &info->signal[k]);
    for (size_t i = 0; i < info->comments; i++)
        printf("# %s\n", info->comment[i]);
    for (size_t i = 0; i < info->warnings; i++)
        printf("warning: %s\n", info->warning[i]);
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"check", 'c', 0}, {0}};
    cli_arguments a = {.verb = &cli_info, .argc = argc, .argv = argv, .option = options};
    int check = 0, key;
    while ((key = cli_next_option(&a)) > 0)
        check = 1;
    if (key < 0 || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    secg_record *record;
    secg_error error = {0};
    if (secg_record_open(a.operand[0], NULL, &record, &error) != SECG_OK)
        return cli_error(&error);
    print_info(secg_record_get_info(record));
    int code = CLI_OK;
    if (check) {
        static int32_t counts[65536];
        size_t got,
            frames = sizeof counts / sizeof *counts / (size_t)secg_record_get_info(record)->signals;
        secg_status status;
        while ((status = secg_record_read(record, counts, frames, &got, &error)) == SECG_OK)
            ;
        if (status != SECG_END || secg_record_verify(record, &error) != SECG_OK)
            code = cli_error(&error);
        else
            printf("check:    every frame was read, checksums agree\n");
    }
    secg_record_close(record);
    return code;
}

const cli_verb cli_info = {"info", "what a recording says of itself",
                           "usage: stressecg info [--check] RECORD\n\n"
                           "RECORD: a WFDB header (with or without .hea) or an audio file.\n\n"
                           "  --check  read it to the end and verify the checksums\n",
                           run};
