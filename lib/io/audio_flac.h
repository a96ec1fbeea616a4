/* FLAC streams inside WFDB signal files, through libsndfile (formats 508, 516, 524). */
#ifndef SECG_IO_AUDIO_FLAC_H
#define SECG_IO_AUDIO_FLAC_H

#include <stressecg/io.h>

typedef struct secg_flac secg_flac;

/* bits: 8, 16 or 24.  lanes: samples in a frame, a multiple of the channels. */
secg_status secg_flac_open(secg_flac **flac, const char *path, int bits, int lanes,
                           secg_error *error);
void secg_flac_close(secg_flac *flac);
int64_t secg_flac_frames(const secg_flac *flac, int lanes);
/* One frame, signal by signal (each with its samples of the frame); 0 at the end. */
int secg_flac_frame(secg_flac *flac, int32_t *counts, int lanes);
secg_status secg_flac_seek(secg_flac *flac, int64_t frame, int lanes);

typedef struct secg_flac_writer secg_flac_writer;

/* Into an open file, which stays the caller's; path is for messages.  One sample a channel and
 * frame.  A stream states a whole rate: the header has the true one. */
secg_status secg_flac_create(secg_flac_writer **writer, int descriptor, const char *path, int bits,
                             int channels, double rate_hz, secg_error *error);
/* One frame; 0 when the disk refuses. */
int secg_flac_put(secg_flac_writer *writer, const int32_t *counts);
/* Frees the writer; 0 when not everything could be written.  NULL is fine. */
int secg_flac_finish(secg_flac_writer *writer);

#endif
