/* The signals of one plain WFDB record: its files read side by side, lined up, averaged to one
 * value a frame. */
#ifndef SECG_IO_WFDB_SIGNAL_H
#define SECG_IO_WFDB_SIGNAL_H

#include "io/wfdb_decode.h"
#include "io/wfdb_header.h"

typedef struct secg_wfdb_file { /* signals that share a file                         */
    secg_wfdb_stream stream;
    int32_t first, signals;
    int initial_differs; /* a first sample is not the stated initial value    */
    int present;         /* 0: the file is missing, its signals have no value */
    int max_skew;
    int32_t *ring;  /* [max_skew + 1][lanes]: frames read ahead          */
    int64_t frames; /* frames in the file                                */
    int64_t loaded; /* the frame that the ring holds as present; -1: none */
} secg_wfdb_file;

typedef struct secg_wfdb_reader {
    const secg_wfdb_header *header;
    secg_wfdb_file *file;
    int32_t files;
    int32_t fine;   /* frames delivered for each stored one; 1: averages */
    int64_t frames; /* of the record, as delivered                       */
    int64_t at;     /* next frame, as delivered                          */
    int keep_skew;
    int in_order;     /* read from the start without a gap                 */
    uint16_t *sum;    /* [signals], running checksums                      */
    int32_t *initial; /* [lanes of all files]                              */
} secg_wfdb_reader;

/* header must outlive the reader.  A missing file whose signals are not all there are is noted in
 * `missing` (a text of `size` bytes, "" when none); when all are missing it is an error.
 * fine: 1 for one average a frame; else the number of samples a frame of the fastest signal, and
 * every one of them is delivered as a frame in which slower signals repeat theirs. */
secg_status secg_wfdb_reader_open(secg_wfdb_reader *reader, const secg_wfdb_header *header,
                                  const secg_record_options *options, int32_t fine, char *missing,
                                  size_t size, secg_error *error);
void secg_wfdb_reader_close(secg_wfdb_reader *reader);
/* The signal files that a header of its own folder names and that are not there, as a list in
 * `missing`; 1 when they are all that it names. */
int secg_wfdb_missing_files(const secg_wfdb_header *header, char *missing, size_t size);
/* As secg_record_read. */
secg_status secg_wfdb_reader_read(secg_wfdb_reader *reader, int32_t *counts, size_t frames,
                                  size_t *got, secg_error *error);
secg_status secg_wfdb_reader_seek(secg_wfdb_reader *reader, int64_t frame, secg_error *error);
secg_status secg_wfdb_reader_verify(const secg_wfdb_reader *reader, secg_error *error);

#endif
