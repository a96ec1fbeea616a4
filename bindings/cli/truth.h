/* What a simulation knows, as a file beside its record: NAME.truth.json. */
#ifndef STRESSECG_CLI_TRUTH_H
#define STRESSECG_CLI_TRUTH_H

#include "cli.h"

#include <stressecg/simulate.h>

typedef struct cli_truth {
    secg_simulated_stage *stage;
    size_t stages;
} cli_truth;

/* 0, or -1 after a message. */
int cli_truth_write(const char *path, const secg_simulation *simulation, uint64_t seed);
int cli_truth_read(const char *path, cli_truth *truth);
void cli_truth_free(cli_truth *truth);

/* The measured stage table beside the true one. */
void cli_truth_print(const cli_truth *truth, const secg_summary *summary);

#endif
