/* stressecg verify: whether a recorded tracing is as it was recorded. */
#include "cli.h"

#include <stressecg/recorder.h>

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{0}};
    cli_arguments a = {.verb = &cli_verify, .argc = argc, .argv = argv, .option = options};
    if (cli_next_option(&a) < 0 || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    secg_recorder_check check;
    secg_error error = {0};
    if (secg_recorder_verify(a.operand[0], &check, &error) != SECG_OK)
        return cli_error(&error);
    printf("%lld blocks, %lld frames agree; %lld gaps of %lld frames in all\n",
           (long long)check.blocks, (long long)check.frames, (long long)check.gaps,
           (long long)check.gap_frames);
    if (!check.closed)
        printf("the record was not closed; %lld frames behind the last block\n",
               (long long)check.unsealed_frames);
    printf("digest %s\n", check.digest);
    return CLI_OK;
}

const cli_verb cli_verify = {"verify", "whether a recorded tracing is unaltered",
                             "usage: stressecg verify RECORD\n\n"
                             "RECORD: what stressecg record wrote, DIR/NAME.\n"
                             "Names the first block, or file, that was altered, cut or put out of "
                             "order (exit code 1).\n",
                             run};
