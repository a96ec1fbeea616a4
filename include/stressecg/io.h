/* io.h: recordings on disk.  Library stressecg-io.
 *
 * Every function that can fail takes a secg_error (may be NULL) and names file, line and field in
 * it.  Files are hostile: counts are bounded before memory is taken, and a header cannot make the
 * library read outside the record's own folder unless the caller allows it.
 * Threads: an object belongs to one thread at a time; different objects are independent. */
#ifndef STRESSECG_IO_H
#define STRESSECG_IO_H

#include "signal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading ------------------------------------------------------------------------- */

typedef struct secg_record secg_record;

typedef struct secg_record_options {
    double gain_per_mv;          /* overrides the gain of every signal (WAV: counts of the stored
                                    integer, or units of full scale 1.0 for float files, per mV);
                                    0: as the file, its sidecar or header says               */
    uint8_t allow_other_folders; /* 1: a header may name files outside its own folder        */
    uint8_t keep_skew;           /* 1: do not line skewed signals up                         */
    uint8_t high_resolution;     /* 1: where signals have several samples per frame, deliver
                                    every sample of the fastest as a frame of its own; slower
                                    signals repeat.  0: averages, one a stored frame         */
    uint8_t reserved[29];
} secg_record_options;

/* One signal of a recording as stored. */
typedef struct secg_record_signal {
    char description[64]; /* as in the file, UTF-8, "" when absent                    */
    char units[24];       /* "mV" when absent                                         */
    double gain;          /* counts per unit; 0: uncalibrated                         */
    int32_t baseline;     /* count at 0 units                                         */
    int32_t adc_bits, adc_zero;
    int32_t samples_per_frame;
    int32_t format; /* WFDB format code; 0 for audio files                      */
    uint8_t calibrated;
    uint8_t stored_bits; /* that the stored format can hold; 0: adc_bits are all     */
    uint8_t reserved[6];
} secg_record_signal;

typedef struct secg_record_info {
    char name[64];      /* record name, without folder or extension                 */
    char container[16]; /* "WFDB", "WAV", "FLAC", ...                               */
    double rate_hz;     /* frames per second, as delivered                          */
    int64_t frames;     /* -1: not known before the end is reached                  */
    int32_t signals;
    int32_t segments;      /* 1 for a plain record                                     */
    int64_t start_unix_ms; /* local wall clock taken as UTC; SECG_NO_SAMPLE: not stated */
    const secg_record_signal *signal; /* [signals]                                         */
    const char *const *comment;       /* [comments], without '#'                                  */
    size_t comments;
    const char *const *warning; /* [warnings], one line each: missing signal files, ...     */
    size_t warnings;
    secg_placement placement; /* UNKNOWN: the file does not say                       */
} secg_record_info;

/* Opens a recording: a WFDB header ("dir/100" or "dir/100.hea"), or an audio file by its
 * extension (.wav .w64 .rf64 .flac .aif .aiff .caf).  options NULL: all defaults.
 * On success *record is the caller's and is given back with secg_record_close. */
SECG_API secg_status secg_record_open(const char *path, const secg_record_options *options,
                                      secg_record **record, secg_error *error);
SECG_API void secg_record_close(secg_record *record); /* NULL is fine */

/* Valid until the record is closed. */
SECG_API const secg_record_info *secg_record_get_info(const secg_record *record);

/* The signal description for an analyser.  Signals beyond SECG_MAX_CHANNELS, and signals whose
 * units are not a voltage, are reported: SECG_E_UNSUPPORTED names them when nothing is left.
 * map[k] is the record's signal that is channel k (room for SECG_MAX_CHANNELS).
 * Units V, mV, uV (and microV) are converted to counts per mV; an uncalibrated signal keeps
 * gain 0, and so does one whose gain would leave a range below +-0.25 mV. Saturation limits come from adc_bits and adc_zero where stated. */
SECG_API secg_status secg_record_analysis_signal(const secg_record *record, secg_signal *signal,
                                                 int32_t *map, secg_error *error);

/* Reads the next frames, one count per signal, interleaved in the record's order; a value that
 * the file marks as absent, or that falls in a gap, is SECG_NO_COUNT.  Signals with several
 * samples per frame are averaged (halves rounded up, as WFDB does) to one a frame.
 * Returns SECG_OK with *got >= 1, SECG_END with *got = 0, or an error (a file that ends before
 * the header says so: SECG_E_FORMAT, after the frames that exist have been delivered).
 * counts has room for frames * signals values. */
SECG_API secg_status secg_record_read(secg_record *record, int32_t *counts, size_t frames,
                                      size_t *got, secg_error *error);

/* Moves to a frame, 0 .. frames. */
SECG_API secg_status secg_record_seek(secg_record *record, int64_t frame, secg_error *error);

/* After reading to the end: SECG_OK, or SECG_E_FORMAT naming the first signal whose checksum
 * differs from the header.  SECG_E_STATE when not every frame was read in order.  Signals whose
 * header states no checksum pass. */
SECG_API secg_status secg_record_verify(const secg_record *record, secg_error *error);

/* ---- writing WFDB signals ------------------------------------------------------------- */

typedef struct secg_record_writer secg_record_writer;

typedef struct secg_record_writer_config {
    const char *folder;         /* must exist                                               */
    const char *name;           /* letters, digits, '_' and '-'                             */
    secg_signal signal;         /* channel names, gains and baselines go to the header      */
    int32_t format;             /* any that is read: 8, 16 (also for 0), 24, 32, 61, 80, 160,
                                   212, 310, 311, 508, 516, 524                              */
    int64_t start_unix_ms;      /* SECG_NO_SAMPLE or 0: not stated                          */
    const char *const *comment; /* [comments] lines for the end of the header               */
    size_t comments;
    uint8_t reserved[32];
} secg_record_writer_config;

/* Files are created 0600; a record of the same name is replaced.  The header is written, complete
 * and with checksums, by close: until then there is none.
 *
 * What a format cannot hold is refused by put: each has its range, and one value less where its
 * lowest stands for "no value".  Format 8 stores differences of -128 .. 127 in which there is no
 * "no value" and no steeper step; 508, 516 and 524 take at most 8 channels. */
SECG_API secg_status secg_record_writer_open(const secg_record_writer_config *config,
                                             secg_record_writer **writer, secg_error *error);
/* counts: one per channel, interleaved.  SECG_NO_COUNT becomes the format's "no value".  A count
 * outside the format's range: SECG_E_ARGUMENT names channel and frame, and nothing is written. */
SECG_API secg_status secg_record_writer_put(secg_record_writer *writer, const int32_t *counts,
                                            size_t frames, secg_error *error);
/* Finishes the files and frees the writer, also when it fails. */
SECG_API secg_status secg_record_writer_close(secg_record_writer *writer, secg_error *error);

/* ---- writing audio files ---------------------------------------------------------------- */

typedef struct secg_audio_write_options {
    int32_t bits;             /* 16, 24 or 32; 0: the fewest that hold every sample           */
    secg_placement placement; /* UNKNOWN: as the record says                                  */
    uint8_t reserved[24];
} secg_audio_write_options;

/* Writes a record, from its first frame to its last, as an audio file of the kind that the
 * extension names, and NAME.json beside it, so that secg_record_open gives the same counts,
 * gains, lead names, rate and start back.  The record is read twice, in pieces.  At most 64
 * signals; FLAC has 8 and 24 bits at most; WAV and AIFF end at 4 GiB (W64, RF64 and CAF do not).
 *
 * Both files are created 0600 and put in their place when they are complete; after an error what
 * stood there before still stands.  A NAME.json that is no such sidecar is not replaced:
 * SECG_E_STATE.  A sample that does not fit: SECG_E_ARGUMENT names channel and frame.
 * options NULL: all defaults.
 *
 * NAME.json: "format" ("stressecg-audio-1"), "rate_hz" (need not be whole), "start"
 * (YYYY-MM-DDTHH:MM:SS.sss, local), "placement", "leads" (names), "gain" (counts per unit, 0:
 * uncalibrated), "units", "baseline", "adc_bits", "adc_zero", "stored_bits" (as in
 * secg_record_signal), "frames", "checksum" (sums of the counts modulo 65536), "absent" (stretches
 * without values: "first", "frames", and "channels" where not all), "comments".  One written by
 * hand needs but what is known, and may have "gain_per_mv" for "gain" and "units"; a number stands
 * for a list of equal ones.  Counts are those of the stored integers; in a float file gain and
 * baseline are in units of full scale 1.0.  Without NAME.json a WFDB header NAME.hea is read. */
SECG_API secg_status secg_audio_write(secg_record *record, const char *path,
                                      const secg_audio_write_options *options, secg_error *error);

/* ---- annotations ---------------------------------------------------------------------- */

/* WFDB annotation codes used by name; the full list is in the format's documentation. */
enum {
    SECG_ANN_NORMAL = 1,
    SECG_ANN_PVC = 5,
    SECG_ANN_SVE = 9,
    SECG_ANN_UNKNOWN = 13,
    SECG_ANN_NOISE = 14,
    SECG_ANN_ARTIFACT = 16,
    SECG_ANN_NOTE = 22,
    SECG_ANN_P_PEAK = 24,
    SECG_ANN_T_PEAK = 27,
    SECG_ANN_RHYTHM = 28,
    SECG_ANN_VF_ON = 32,
    SECG_ANN_VF_OFF = 33,
    SECG_ANN_WAVE_ON = 39,
    SECG_ANN_WAVE_OFF = 40
};

typedef struct secg_annotation {
    int64_t sample;
    int16_t code; /* 1 .. 49                                                  */
    int8_t subtype;
    uint8_t chan;
    int8_t num;
    char aux[256]; /* terminated; "" when absent                               */
} secg_annotation;

/* "N", "V", "+", ... as WFDB prints it, never NULL; and back, 0 when unknown. */
SECG_API const char *secg_annotation_symbol(int code);
SECG_API int secg_annotation_code(const char *symbol);
/* 1 for the codes that stand for a QRS complex: 1-13, 25, 30, 31, 34, 35, 38, 41. */
SECG_API int secg_annotation_is_beat(int code);

/* Reads a whole annotation file (MIT or AHA format) into memory.  The list is the caller's;
 * free with secg_annotations_free.  A leading "## time resolution: F" note is applied: samples
 * are rescaled to rate_hz (0: left as they stand) and the note is left out. */
SECG_API secg_status secg_annotations_read(const char *path, double rate_hz, secg_annotation **list,
                                           size_t *count, secg_error *error);
SECG_API void secg_annotations_free(secg_annotation *list);

/* Writes MIT format, created 0600, through a temporary file and a rename: the old file survives
 * any failure.  list must be in order of sample, then chan. rate_hz > 0: a time-resolution note
 * is put first. */
SECG_API secg_status secg_annotations_write(const char *path, double rate_hz,
                                            const secg_annotation *list, size_t count,
                                            secg_error *error);

/* The same for a list that is not in memory: next fills *annotation, which is zeroed, and returns 1,
 * or 0 at the end. */
typedef int (*secg_annotation_next)(void *context, secg_annotation *annotation);
SECG_API secg_status secg_annotations_write_from(const char *path, double rate_hz,
                                                 secg_annotation_next next, void *context,
                                                 secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
