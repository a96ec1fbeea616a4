/* What an audio file cannot say, from a file beside it: NAME.json, else a WFDB header NAME.hea. */
#ifndef SECG_IO_SIDECAR_H
#define SECG_IO_SIDECAR_H

#include <stressecg/io.h>

enum { SECG_SIDECAR_CHANNELS = 64 };

typedef struct secg_sidecar {
    int channels;                       /* 0: there is no such file                          */
    double gain[SECG_SIDECAR_CHANNELS]; /* counts per unit; 0: not stated                   */
    char units[SECG_SIDECAR_CHANNELS][24];
    double baseline[SECG_SIDECAR_CHANNELS];
    char lead[SECG_SIDECAR_CHANNELS][64];
    double rate_hz;        /* 0: as the audio file says                         */
    int64_t start_unix_ms; /* SECG_NO_SAMPLE: not stated                        */
} secg_sidecar;

/* SECG_OK also when there is none.  JSON keys: "gain_per_mv" (a number, or one per channel; counts
 * of the stored integer, or units of full scale of float files, per mV), "baseline" (the same),
 * "leads" (names), "rate_hz", "start" (ISO 8601: YYYY-MM-DDTHH:MM:SS). */
secg_status secg_sidecar_read(const char *audio_path, int channels, secg_sidecar *sidecar,
                              secg_error *error);

#endif
