/* stressecg export: a recording as an audio file with a sidecar. */
#include "cli.h"

#include <string.h>

typedef struct export_job {
    const char *path, *output;
    double gain_per_mv;
    secg_audio_write_options write;
} export_job;

static int export_record(const export_job *job)
{
    secg_record *record;
    secg_error error = {0};
    secg_record_options open = {.gain_per_mv = job->gain_per_mv, .high_resolution = 1};
    if (secg_record_open(job->path, &open, &record, &error) != SECG_OK)
        return cli_error(&error);
    const secg_record_info *info = secg_record_get_info(record);
    for (size_t i = 0; i < info->warnings; i++)
        cli_fail(0, "note: %s", info->warning[i]);
    int code = CLI_OK;
    if (secg_audio_write(record, job->output, &job->write, &error) != SECG_OK)
        code = cli_error(&error);
    else if (secg_record_verify(record, &error) != SECG_OK)
        cli_fail(0, "note: %s", error.text);
    if (code == CLI_OK)
        printf("%s: %lld frames, %d signals\n", job->output, (long long)info->frames,
               (int)info->signals);
    secg_record_close(record);
    return code;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"output", 'o', 1}, {"bits", 'b', 1}, {"gain", 'g', 1}, {"placement", 'p', 1}, {0}};
    cli_arguments a = {.verb = &cli_export, .argc = argc, .argv = argv, .option = options};
    export_job job = {0};
    double bits = 0;
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        if (key == 'o')
            job.output = a.value;
        else if (key == 'b')
            bad |= cli_number(&a, "--bits", 16, 32, &bits);
        else if (key == 'g')
            bad |= cli_number(&a, "--gain", 1e-6, 1e12, &job.gain_per_mv);
        else if ((job.write.placement = secg_placement_find(a.value)) == SECG_PLACEMENT_UNKNOWN)
            bad |=
                cli_fail(-1, "--placement: \"%s\" is not standard, mason-likar or back", a.value);
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (!job.output)
        return cli_fail(CLI_USAGE, "-o FILE is missing");
    if (bits != 0 && bits != 16 && bits != 24 && bits != 32)
        return cli_fail(CLI_USAGE, "--bits: %g is not 16, 24 or 32", bits);
    job.write.bits = (int32_t)bits;
    job.path = a.operand[0];
    return export_record(&job);
}

const cli_verb cli_export = {
    "export", "write a recording as an audio file",
    "usage: stressecg export [--bits N] [--gain G] [--placement P] -o FILE RECORD\n\n"
    "Writes FILE, a .wav, .w64, .rf64, .flac, .aiff or .caf with one channel per signal, and a\n"
    "sidecar FILE.json (in place of the extension) with leads, gains, rate, start and the\n"
    "stretches without values.  Opened again it gives the same analysis to the last bit.\n\n"
    "  -o, --output FILE    where to write it\n"
    "  -b, --bits N         16, 24 or 32; the fewest that hold every sample by default\n"
    "  -g, --gain G         counts per mV, for the sidecar, where the recording has no gain\n"
    "  -p, --placement P    of the electrodes: standard, mason-likar or back\n",
    run};
