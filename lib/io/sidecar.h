/* What an audio file cannot say, from a file beside it: NAME.json, else a WFDB header NAME.hea. */
#ifndef SECG_IO_SIDECAR_H
#define SECG_IO_SIDECAR_H

#include <stressecg/io.h>

/* The channels fit one word of secg_absence. */
enum { SECG_SIDECAR_CHANNELS = 64, SECG_SIDECAR_MAX_GAPS = 1 << 17, SECG_SIDECAR_WARNINGS = 4 };

/* Frames in which the same channels have no value. */
typedef struct secg_absence {
    int64_t first, frames;
    uint64_t channels; /* bit k: channel k                                 */
} secg_absence;

typedef struct secg_sidecar {
    int channels;                       /* 0: there is no such file                          */
    double gain[SECG_SIDECAR_CHANNELS]; /* counts per unit; 0: not stated                   */
    char units[SECG_SIDECAR_CHANNELS][24];
    double baseline[SECG_SIDECAR_CHANNELS];
    char lead[SECG_SIDECAR_CHANNELS][64];
    int32_t adc_bits[SECG_SIDECAR_CHANNELS]; /* -1: not stated                          */
    int32_t adc_zero[SECG_SIDECAR_CHANNELS];
    int32_t stored_bits[SECG_SIDECAR_CHANNELS]; /* -1: not stated                      */
    int64_t checksum[SECG_SIDECAR_CHANNELS];
    int has_checksum;
    double rate_hz;        /* 0: as the audio file says                         */
    int64_t start_unix_ms; /* SECG_NO_SAMPLE: not stated                        */
    int64_t frames;        /* -1: not stated                                    */
    secg_placement placement;
    secg_absence *gap; /* [gaps], in order                                  */
    size_t gaps;
    char **comment;
    size_t comments;
    char path[4200];         /* of the file that was read                         */
    char header_ignored[80]; /* what NAME.hea says otherwise, "" when nothing     */
} secg_sidecar;

#define SECG_SIDECAR_FORMAT "stressecg-audio-1"

/* SECG_OK also when there is none.  The fields are described in io.h.  Free with
 * secg_sidecar_free, also after a failure. */
secg_status secg_sidecar_read(const char *audio_path, int channels, secg_sidecar *sidecar,
                              secg_error *error);
void secg_sidecar_free(secg_sidecar *sidecar);

/* The path of NAME.json for NAME.wav; 0 when it is too long. */
int secg_sidecar_path(const char *audio_path, const char *extension, char *path, size_t size);

#endif
