/* stressecg: the command line.  One verb, one file. */
#include "cli.h"

#include <string.h>

static const cli_verb *const verbs[] = {&cli_analyze, &cli_detect,    &cli_delineate, &cli_simulate,
                                        &cli_score,   &cli_protocols, &cli_edit,      &cli_info,
                                        &cli_dump,    &cli_record,    &cli_verify,    &cli_check,
                                        &cli_sign,    &cli_export};

static void print_help(FILE *to)
{
    fprintf(to,
            "stressecg %s: ECG processing for cardiac stress tests.\n"
            "It measures and documents; it does not interpret.\n\n"
            "usage: stressecg VERB [options] ...\n\n",
            secg_version());
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        fprintf(to, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fprintf(to, "\nstressecg VERB --help tells more.\n"
                "Exit codes: 0 done, 1 a file or the data stood in the way, 2 wrong usage.\n");
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CLI_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("stressecg %s (spectral engine: %s)\n", secg_version(), secg_spectrum_engine());
        return CLI_OK;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i]->name) == 0)
            return verbs[i]->run(argc - 1, argv + 1);
    return cli_fail(CLI_USAGE, "unknown verb \"%s\" (try: stressecg --help)", argv[1]);
}
