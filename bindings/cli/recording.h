/* A recording opened for analysis: the record, the analyser's signal and the way between them. */
#ifndef STRESSECG_CLI_RECORDING_H
#define STRESSECG_CLI_RECORDING_H

#include "cli.h"

typedef struct cli_recording {
    secg_record *record;
    const secg_record_info *info;
    secg_signal signal;
    int32_t map[SECG_MAX_CHANNELS];
    double ticks_hz;  /* for annotations: 0 where they count the stored frames    */
    int uncalibrated; /* channels without a gain                                  */
    int is_in_order;  /* the analyser's frames are the record's: no way between        */
    int32_t *counts;  /* [block * info->signals]                                  */
    int32_t *frames;  /* [block * signal.channels]                                */
} cli_recording;

enum { CLI_BLOCK = 4096 };

typedef struct cli_recording_options {
    double gain_per_mv;     /* 0: as the file says                                      */
    int allow_uncalibrated; /* audio files without a gain are refused otherwise         */
} cli_recording_options;

/* 0, or -1 after a message. */
int cli_recording_open(cli_recording *recording, const char *path,
                       const cli_recording_options *options);
void cli_recording_close(cli_recording *recording);
/* The next frames in the analyser's order, in recording->frames.  As secg_record_read. */
secg_status cli_recording_read(cli_recording *recording, size_t frames, size_t *got,
                               secg_error *error);

/* "all", or numbers of the record's signals such as "0,1": every other one is marked as unused.
 * 0, or -1 after a message. */
int cli_recording_choose_leads(cli_recording *recording, const char *leads);

/* 50 or 60 where the spectrum of the first half minute shows it, else 0.  Rewinds. */
int cli_recording_mains_hz(cli_recording *recording);

#endif
