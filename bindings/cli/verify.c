/* stressecg verify: whether a recorded tracing is as it was recorded. */
#include "sealed.h"

#include <stressecg/recorder.h>

/* A folder with a seal: a record that was closed. */
static int verify_seal(const char *folder, const char *tracing, const char *digest)
{
    static secg_order order;
    if ((digest && cli_check_digest(folder, digest) < 0) ||
        cli_read_seal(folder, tracing, &order) < 0 || !order.seal.is_signed)
        return CLI_FAILED;
    printf("closed %s by %s, %s; %d %s\ndigest %s\n", order.seal.signed_at, order.seal.by,
           order.seal.credential, (int)order.seal.addenda,
           order.seal.addenda == 1 ? "addendum" : "addenda", order.seal.digest);
    return CLI_OK;
}

static void print_check(const secg_recorder_check *check)
{
    printf("%lld blocks, %lld frames agree; %lld gaps of %lld frames in all\n",
           (long long)check->blocks, (long long)check->frames, (long long)check->gaps,
           (long long)check->gap_frames);
    if (check->annotation_files)
        printf("%d annotation files agree\n", (int)check->annotation_files);
    if (!check->closed)
        printf("the record was not closed; %lld frames behind the last block\n",
               (long long)check->unsealed_frames);
    printf("digest %s\n", check->digest);
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"digest", 'd', 1}, {0}};
    cli_arguments a = {.verb = &cli_verify, .argc = argc, .argv = argv, .option = options};
    const char *digest = NULL;
    int key;
    while ((key = cli_next_option(&a)) > 0)
        digest = a.value;
    if (key < 0 || (!a.done && cli_check_operands(&a, 1, 2) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (cli_is_sealed(a.operand[0]))
        return verify_seal(a.operand[0], a.operands > 1 ? a.operand[1] : NULL, digest);
    if (a.operands > 1)
        return cli_fail(CLI_FAILED, "%s: no closed record", a.operand[0]);
    secg_recorder_check check;
    secg_error error = {0};
    if (secg_recorder_verify(a.operand[0], digest, &check, &error) != SECG_OK) {
        cli_error(&error);
        return error.status == SECG_E_ARGUMENT ? CLI_USAGE : CLI_FAILED;
    }
    print_check(&check);
    return CLI_OK;
}

const cli_verb cli_verify = {
    "verify", "whether a recorded tracing, or a closed record, is unaltered",
    "usage: stressecg verify [--digest HEX] RECORD\n"
    "       stressecg verify [--digest HEX] DIR [RECORD]\n\n"
    "RECORD: what stressecg record wrote, DIR/NAME.\n"
    "DIR: a record that stressecg sign closed; RECORD is then where its tracing lies, if not in "
    "DIR.\n"
    "Names the first block, or file, that was altered, cut or put out of order (exit code 1).\n\n"
    "  -d, --digest HEX   the digest of an earlier verify or sign, or the last word of a line of "
    "the\n"
    "                     chain, kept elsewhere: nothing up to there may be missing.  Without it,\n"
    "                     a record that was never closed cannot show that its end was cut off, "
    "and\n"
    "                     a closed one not that it was made anew, with its seal\n",
    run};
