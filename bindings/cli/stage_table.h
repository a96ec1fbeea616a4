/* The stage table on the terminal. */
#ifndef STRESSECG_CLI_STAGE_TABLE_H
#define STRESSECG_CLI_STAGE_TABLE_H

#include "cli.h"

void cli_print_stage_table(const secg_summary *summary);

#endif
