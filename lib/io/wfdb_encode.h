/* The sample formats of WFDB signal files, written: the counterpart of wfdb_decode.h. */
#ifndef SECG_IO_WFDB_ENCODE_H
#define SECG_IO_WFDB_ENCODE_H

#include "io/audio_flac.h"

#include <stdio.h>

/* One signal file being written, one sample a channel and frame. */
typedef struct secg_wfdb_encoder {
    FILE *file;
    secg_flac_writer *flac; /* formats 508, 516, 524, over the same file         */
    int format, channels;
    int32_t group[3]; /* samples that are packed together                  */
    int grouped;
    int32_t previous[SECG_MAX_CHANNELS]; /* format 8                               */
    int started;
} secg_wfdb_encoder;

/* The file stays the caller's; path is for messages.  Free with secg_wfdb_encoder_finish. */
secg_status secg_wfdb_encoder_open(secg_wfdb_encoder *encoder, FILE *file, const char *path,
                                   int format, int channels, double rate_hz, secg_error *error);

/* What stands for "no value"; 0 for format 8, which has none. */
int32_t secg_wfdb_absent(int format);

/* The first count of these frames that the format cannot hold after what was put before: its
 * place, or -1. */
int64_t secg_wfdb_encoder_misfit(const secg_wfdb_encoder *encoder, const int32_t *counts,
                                 size_t frames);

/* One frame whose counts fit, secg_wfdb_absent for "no value"; 0 when the disk refuses. */
int secg_wfdb_encoder_put(secg_wfdb_encoder *encoder, const int32_t *counts);

/* What is left of a group, and the end of a FLAC stream; 0 when the disk refuses. */
int secg_wfdb_encoder_finish(secg_wfdb_encoder *encoder);

#endif
