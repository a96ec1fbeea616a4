/* Beats, stages and shut-down intervals as a WFDB annotation file. */
#ifndef STRESSECG_CLI_ANNOTATE_H
#define STRESSECG_CLI_ANNOTATE_H

#include "cli.h"

int cli_beat_code(uint8_t label);
/* ticks_hz: as in cli_recording.  0, or -1 after a message. */
int cli_write_annotations(const secg_summary *summary, const char *path, double ticks_hz);

#endif
