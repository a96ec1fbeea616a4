/* Beats, rhythm events, stages, facts and shut-down intervals as a WFDB annotation file. */
#ifndef STRESSECG_CLI_ANNOTATE_H
#define STRESSECG_CLI_ANNOTATE_H

#include "cli.h"

int cli_beat_code(uint8_t label);

/* Where annotations go: FOLDER/NAME.ANNOTATOR.  When that is beside the recording itself and a
 * recorder wrote it, they are taken into its chain.  ticks_hz: as in cli_recording. */
typedef struct cli_annotation_place {
    const char *recording; /* path of what was analysed                               */
    const char *folder, *name, *annotator;
    double ticks_hz;
} cli_annotation_place;

/* 0, or -1 after a message. */
int cli_check_annotator(const char *annotator); /* a name that can be a file's extension */
int cli_save_annotations(const cli_annotation_place *place, const secg_annotation *list,
                         size_t count);
int cli_save_summary_annotations(const cli_annotation_place *place, const secg_summary *summary);

#endif
