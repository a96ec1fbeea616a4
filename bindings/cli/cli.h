/* What the verbs of the stressecg command share.  The command stands on the public headers. */
#ifndef STRESSECG_CLI_H
#define STRESSECG_CLI_H

#include <stressecg/io.h>
#include <stressecg/stressecg.h>

#include <stdio.h>

/* Exit codes: done; something in the data or on the disk stood in the way; wrong usage. */
enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

typedef struct cli_verb {
    const char *name;
    const char *summary; /* one line for `stressecg --help`                          */
    const char *help;    /* the verb's own --help                                    */
    int (*run)(int argc, char **argv);
} cli_verb;

extern const cli_verb cli_analyze, cli_delineate, cli_detect, cli_simulate, cli_score, cli_edit,
    cli_protocols, cli_info, cli_dump, cli_record, cli_verify, cli_check, cli_sign, cli_export;

/* "stressecg: VERB: ..." on standard error, one line; returns the code given. */
int cli_fail(int code, const char *format, ...) SECG_PRINTF(2, 3);
/* The message of a failed library call; returns CLI_FAILED. */
int cli_error(const secg_error *error);

/* Options of a verb: long and short names, whether a value follows.  cli_next_option returns the
 * option's key, 0 at the first operand or the end, or -1 after it has said what is wrong.
 * --help prints the verb's help and ends with CLI_OK through *done. */
typedef struct cli_option {
    const char *name; /* without dashes; the short form is the first key letter   */
    int key;
    int has_value;
} cli_option;
typedef struct cli_arguments {
    const cli_verb *verb;
    int argc;
    char **argv;
    const cli_option *option; /* ends with name NULL                                      */
    int at;
    const char *value; /* of the option just returned                              */
    const char *operand[4];
    int operands;
    int done; /* help was printed                                         */
} cli_arguments;
int cli_next_option(cli_arguments *arguments);
/* After the last option: 0, or -1 after a message, when operands are not `least` .. `most`. */
int cli_check_operands(const cli_arguments *arguments, int least, int most);

/* Values of options: 0, or -1 after a message that names the option. */
int cli_number(const cli_arguments *arguments, const char *what, double least, double most,
               double *value);

/* "DIR/NAME.EXT" in text; cuts nothing silently: returns -1 after a message when it is too long. */
int cli_path(char *text, size_t size, const char *folder, const char *name, const char *extension);
/* Creates the folder, and those it lies in, where they are missing; -1 after a message. */
int cli_make_folder(const char *folder);

/* A progress bar on standard error when that is a terminal; otherwise nothing. */
typedef struct cli_progress {
    const char *what;
    double shown;
    int active;
} cli_progress;
void cli_progress_begin(cli_progress *progress, const char *what);
void cli_progress_set(cli_progress *progress, double fraction);
void cli_progress_end(cli_progress *progress);

#endif
