/* recorder.h: the tracing on disk while it is acquired.  Library stressecg-io.
 *
 * A record is four files in one folder, all created 0600:
 *   NAME.dat       the samples, WFDB format 16, only ever appended to
 *   NAME.hea       the WFDB header; without a sample count until the record is closed, so that
 *                  every WFDB program reads what is there at any moment
 *   NAME.chain     one line a block: index, first frame, frames, kind, wall clock, and
 *                  SHA-256(hash before || the line || the block's samples)
 *   NAME.manifest  one JSON object a line: start, each gap with its cause, end with the number
 *                  of samples that have a value, per lead; annotation files
 * and, once it is closed, its annotation files: NAME.sec, for instance.
 * A block is synchronised to the device, samples before its chain line, at least every half
 * second; so a power cut costs less than a second.
 *
 * What the chain finds: any change of a byte, and any block that is moved, exchanged, taken out or
 * put in, in what its lines cover: samples, header, manifest, annotations, the lines themselves.
 *
 * What it cannot find:
 * - That the end is gone of a record that was not closed.  When the last blocks are cut off from
 *   samples, chain and manifest alike, what is left is what a power cut would have left.
 * - That everything was written anew.  The chain is no signature: who can rewrite the files can
 *   also compute a new chain.
 * Against both helps a digest that was kept elsewhere: in the report, in a log, on paper.  The
 * digest of any moment (the last word in the chain's last line) vouches for all before it; give it
 * to secg_recorder_verify(). */
#ifndef STRESSECG_RECORDER_H
#define STRESSECG_RECORDER_H

#include "io.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct secg_recorder secg_recorder;

typedef struct secg_recorder_config {
    const char *folder;    /* must exist                                                   */
    const char *name;      /* letters, digits, '_' and '-'                                 */
    secg_signal signal;    /* counts are 16 bit                                            */
    int64_t start_unix_ms; /* wall clock of the first frame; 0: now                        */
    int32_t block_ms;      /* 10 .. 500; 0: 500                                            */
    int32_t queue_ms;      /* how long the disk may stall, 100 .. 60000; 0: 10000          */
    uint8_t resume;        /* 1: an existing record is continued; 0: it is refused         */
    uint8_t reserved[31];
} secg_recorder_config;

/* Starts the recording thread.  Nothing that stands at its place is ever replaced.
 * With resume, a record that was interrupted goes on: the time since its last block, by the wall
 * clock, becomes a gap (of length 0 when the clock was set back); what was behind the last block is
 * cut off.  A record that is refused is not touched.
 * SECG_E_STATE: the record exists and resume is 0, or it is closed (closed is final), or it is being
 * recorded; or another record's files have its name.  SECG_E_FORMAT: it was altered, or has other
 * leads, gains or rate.  SECG_E_ARGUMENT: config, or the last block is older than 24 hours.
 * SECG_E_FILE: the folder is missing, read-only, full. */
SECG_API secg_status secg_recorder_open(const secg_recorder_config *config,
                                        secg_recorder **recorder, secg_error *error);

/* Takes frames: one count per channel, interleaved; SECG_NO_COUNT_16 is "no value".  Never waits,
 * locks or calls the system.  Frames that find the queue full are counted, and stand in the record
 * as a gap of their length: SECG_OK all the same, see secg_recorder_get_progress.
 * SECG_E_FILE, from the first call after it happened: the disk refused (full, read-only, gone), and
 * error names file and reason.  What was on disk stays as it is, and nothing more is recorded: close,
 * see to the disk, and open again with resume.
 * Threads: one pushes, the same one closes; any may ask for progress. */
SECG_API secg_status secg_recorder_push_i16(secg_recorder *recorder, const int16_t *counts,
                                            size_t frames, secg_error *error);

/* Frames that the device lost, 24 hours at most: they become a gap with the cause "acquisition". */
SECG_API secg_status secg_recorder_push_gap(secg_recorder *recorder, int64_t frames,
                                            secg_error *error);

typedef struct secg_recorder_progress {
    int64_t on_disk_frames;  /* synchronised to the device, gaps included                    */
    int64_t overflow_frames; /* pushed when the queue was full                               */
    secg_status status;      /* SECG_OK, or why nothing more is recorded                     */
    uint8_t reserved[28];
} secg_recorder_progress;
SECG_API void secg_recorder_get_progress(const secg_recorder *recorder,
                                         secg_recorder_progress *progress);

/* Writes what is queued, then the header with count and checksums; frees the recorder, also when
 * it fails.  Then the record is as an interrupted one: it can be resumed or finished. */
SECG_API secg_status secg_recorder_close(secg_recorder *recorder, secg_error *error);

/* ---- afterwards ------------------------------------------------------------------------ */

/* path is DIR/NAME, with or without .hea. */

/* Closes a record that was interrupted and does not go on.  What was behind its last block is cut
 * off.  SECG_E_STATE: it is closed, or being recorded.  SECG_E_FORMAT: it was altered; then it is
 * not touched. */
SECG_API secg_status secg_recorder_finish(const char *path, secg_error *error);

/* Writes NAME.ANNOTATOR (letters, digits, '_' and '-', at most 15; at most 8 such files) beside a
 * closed record, as secg_annotations_write does, and its hash into the chain, so that a change of
 * it is found.  An older one is replaced; its hash stays in the chain.
 * SECG_E_STATE: the record is not closed.  SECG_E_FORMAT: it was altered.  SECG_E_CAPACITY: a ninth
 * file.  Then the record is not touched. */
SECG_API secg_status secg_recorder_annotate(const char *path, const char *annotator,
                                            const secg_annotation *list, size_t count,
                                            secg_error *error);

/* What a check of a record found. */
typedef struct secg_recorder_check {
    int64_t blocks, frames; /* that the chain vouches for                                   */
    int64_t gaps, gap_frames;
    int64_t bad_block;       /* the first that does not agree; -1: none                      */
    int64_t unsealed_frames; /* written, but the power went before their chain line          */
    int32_t annotation_files;
    uint8_t closed;  /* 0: being recorded, or interrupted                            */
    char digest[65]; /* hash of the last block: cite it                              */
    uint8_t reserved[26];
} secg_recorder_check;

/* Reads the whole record, which may be growing.  SECG_OK: every byte of samples, header, chain,
 * manifest and annotations agrees, and, where a digest is given (64 digits 0-9a-f; NULL: none), it
 * is that of one of the blocks: nothing up to there was cut off.  SECG_E_FORMAT: error names the
 * first block, or the file, that was altered, cut or put out of order.  check may be NULL. */
SECG_API secg_status secg_recorder_verify(const char *path, const char *digest,
                                          secg_recorder_check *check, secg_error *error);

#ifdef __cplusplus
}
#endif
#endif
