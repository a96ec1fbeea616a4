/* A WFDB header file as text and as numbers.  Facts: the public format description. */
#ifndef SECG_IO_WFDB_HEADER_H
#define SECG_IO_WFDB_HEADER_H

#include <stressecg/io.h>

enum {
    SECG_WFDB_MAX_SIGNALS = 256, /* in one header; more is refused by name            */
    SECG_WFDB_MAX_SEGMENTS = 65536,
    SECG_WFDB_MAX_COMMENTS = 1000,
    SECG_WFDB_MAX_SPF = 1000,    /* samples of one signal in a frame                  */
    SECG_WFDB_MAX_SKEW = 100000, /* frames                                            */
    SECG_WFDB_MAX_HEADER_BYTES = 8 << 20
};

typedef struct secg_wfdb_signal {
    secg_record_signal is; /* what io.h shows of it                             */
    char file[256];
    int64_t byte_offset;
    int32_t skew; /* frames                                            */
    int32_t initial;
    int32_t checksum;
    int has_checksum;
} secg_wfdb_signal;

typedef struct secg_wfdb_segment {
    char name[64]; /* "~": a gap                                        */
    int64_t frames;
} secg_wfdb_segment;

typedef struct secg_wfdb_header {
    char path[4096], folder[4096]; /* folder ends with '/', or is ""                    */
    char name[64];
    double rate_hz;
    int64_t frames;        /* 0: not stated                                     */
    int64_t start_unix_ms; /* SECG_NO_SAMPLE: not stated                        */
    secg_wfdb_signal *signal;
    int32_t signals;
    secg_wfdb_segment *segment;
    int32_t segments; /* 0: a plain record                                 */
    char **comment;
    size_t comments;
} secg_wfdb_header;

/* path: with or without ".hea".  Takes memory; free with secg_wfdb_header_free, also after a
 * failure. */
secg_status secg_wfdb_header_read(const char *path, secg_wfdb_header *header, secg_error *error);
void secg_wfdb_header_free(secg_wfdb_header *header);

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
int64_t secg_wfdb_days(int64_t year, int64_t month, int64_t day);

/* 1 for the formats that this library reads. */
int secg_wfdb_format_known(int format);
/* Bits that a format's samples have; 0 where the header's resolution is all there is. */
int secg_wfdb_format_bits(int format);

#endif
