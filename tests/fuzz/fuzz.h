/* Input as files in a folder of the process, since the library reads paths.  ./dev fuzz runs the
 * targets. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stressecg/io.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char fuzz_folder[64];

static inline void fuzz_leave(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", fuzz_folder);
    if (system(command) != 0)
        fprintf(stderr, "%s stays behind\n", fuzz_folder);
}

static inline const char *fuzz_path(const char *name)
{
    static char path[128];
    if (!fuzz_folder[0]) {
        snprintf(fuzz_folder, sizeof fuzz_folder, "/tmp/secg-fuzz-XXXXXX");
        if (!mkdtemp(fuzz_folder) || atexit(fuzz_leave) != 0)
            abort();
    }
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, name);
    return path;
}

static inline void fuzz_put(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(fuzz_path(name), "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/* Opens, reads a bounded number of frames, seeks and verifies. */
static inline void fuzz_record(const char *name, const secg_record_options *options)
{
    secg_record *record;
    secg_error error = {0};
    if (secg_record_open(fuzz_path(name), options, &record, &error) != SECG_OK) {
        if (error.status == SECG_OK || !error.text[0])
            abort(); /* a refusal says why */
        return;
    }
    const secg_record_info *info = secg_record_get_info(record);
    secg_signal signal;
    int32_t map[SECG_MAX_CHANNELS];
    size_t got;
    int32_t *counts = malloc(50 * (size_t)info->signals * sizeof *counts);
    secg_record_analysis_signal(record, &signal, map, &error);
    for (int i = 0; i < 100 && secg_record_read(record, counts, 50, &got, &error) == SECG_OK; i++)
        if (got < 1 || got > 50)
            abort();
    secg_record_verify(record, &error);
    if (secg_record_seek(record, info->frames / 2, &error) == SECG_OK)
        secg_record_read(record, counts, 50, &got, &error);
    free(counts);
    secg_record_close(record);
}

#endif
