/* FLAC streams inside WFDB signal files, through libsndfile (formats 508, 516, 524). */
#ifndef SECG_IO_AUDIO_H
#define SECG_IO_AUDIO_H

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

#endif
