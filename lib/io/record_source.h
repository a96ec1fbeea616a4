/* What every kind of recording offers to the façade in record.c. */
#ifndef SECG_IO_RECORD_SOURCE_H
#define SECG_IO_RECORD_SOURCE_H

#include <stressecg/io.h>

typedef struct secg_record_source secg_record_source;

/* info and everything it points to belong to the source and live as long as it. */
struct secg_record_source {
    secg_record_info info;
    secg_status (*read)(secg_record_source *source, int32_t *counts, size_t frames, size_t *got,
                        secg_error *error);
    secg_status (*seek)(secg_record_source *source, int64_t frame, secg_error *error);
    secg_status (*verify)(const secg_record_source *source, secg_error *error);
    void (*close)(secg_record_source *source);
};

secg_status secg_wfdb_record_open(const char *path, const secg_record_options *options,
                                  secg_record_source **source, secg_error *error);
secg_status secg_audio_record_open(const char *path, const secg_record_options *options,
                                   secg_record_source **source, secg_error *error);
/* "WAV", "FLAC", ... by the extension; NULL when it is none of an audio file. */
const char *secg_audio_container(const char *path);

#endif
