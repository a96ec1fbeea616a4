/* The sample formats of WFDB signal files, one file at a time, streamed. */
#ifndef SECG_IO_WFDB_DECODE_H
#define SECG_IO_WFDB_DECODE_H

#include <stressecg/io.h>

#include <stdio.h>

typedef struct secg_flac secg_flac;

/* One signal file being read.  `lanes` is the number of samples in a frame. */
typedef struct secg_wfdb_stream {
    FILE *file;
    secg_flac *flac; /* formats 508, 516, 524 instead of file             */
    int format;
    int lanes;
    int64_t byte_offset;
    int64_t size;     /* bytes in the file                                 */
    int32_t group[3]; /* samples unpacked together: formats 212, 310, 311  */
    int group_at, group_size;
    int32_t *previous;      /* [lanes]: format 8                                 */
    const int32_t *initial; /* [lanes]                                           */
    unsigned char *buffer;
    size_t at, filled;
} secg_wfdb_stream;

/* path must exist.  initial: [lanes], must outlive the stream. */
secg_status secg_wfdb_stream_open(secg_wfdb_stream *stream, const char *path, int format, int lanes,
                                  int64_t byte_offset, const int32_t *initial, secg_error *error);
void secg_wfdb_stream_close(secg_wfdb_stream *stream);

/* Whole frames that the file holds, from its size. */
int64_t secg_wfdb_stream_frames(const secg_wfdb_stream *stream);

/* Frames of counts, [frames][lanes], SECG_NO_COUNT where the file marks "no value"; fewer than
 * asked for where it ends, and what it holds of one more frame is passed over. */
size_t secg_wfdb_stream_read(secg_wfdb_stream *stream, int32_t *counts, size_t frames);

/* The next frame read will be this one. */
secg_status secg_wfdb_stream_seek(secg_wfdb_stream *stream, int64_t frame);

#endif
