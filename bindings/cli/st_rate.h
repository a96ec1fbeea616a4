#ifndef STRESSECG_CLI_ST_RATE_H
#define STRESSECG_CLI_ST_RATE_H

#include <stressecg/summary.h>

void cli_print_st_rate(const secg_summary *summary);

#endif
