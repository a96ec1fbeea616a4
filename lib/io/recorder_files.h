/* The files of a record that is being written.  One thread at a time. */
#ifndef SECG_IO_RECORDER_FILES_H
#define SECG_IO_RECORDER_FILES_H

#include "io/record_chain.h"

typedef struct secg_recorder_files {
    char base[CHAIN_FOLDER + 70], folder[CHAIN_FOLDER], name[64];
    secg_signal signal;
    secg_chain_head head;
    secg_chain_block last;
    secg_record_sums sums;
    secg_chain_annotations annotations[ANNOTATORS];
    size_t annotation_files;
    int closed, header_is_open;             /* as adopted                            */
    char closed_header[2 * CHAIN_HASH + 1]; /* as adopted: its hash by the chain     */
    char pending[MANIFEST_LINE];            /* as adopted: a manifest line to be added      */
    EVP_MD_CTX *hash;
    int samples, chain, manifest; /* descriptors; -1: not open                   */
    int64_t sample_bytes, chain_bytes, manifest_bytes; /* what is whole on disk     */
    secg_error failure; /* once not SECG_OK, nothing more is written   */
} secg_recorder_files;

/* ---- opening: recorder_open.c ----------------------------------------------------------- */

/* Who holds a record holds a lock on NAME.dat, which the system gives up with the process. */

/* A new record; config was checked. */
secg_status secg_recorder_files_create(secg_recorder_files *files,
                                       const secg_recorder_config *config, int64_t block_frames,
                                       secg_error *error);
/* A record that exists and is not closed: checked, cut to what its chain vouches for, and the gap
 * filled. */
secg_status secg_recorder_files_resume(secg_recorder_files *files,
                                       const secg_recorder_config *config, secg_error *error);
/* A record that exists, closed or not, with the signal its header states: checked, not changed. */
secg_status secg_recorder_files_adopt(secg_recorder_files *files, const char *path,
                                      secg_error *error);
/* Cuts an adopted record to what its chain vouches for; only then it can be written to. */
secg_status secg_recorder_files_cut(secg_recorder_files *files, secg_error *error);
void secg_recorder_files_release(secg_recorder_files *files);

/* ---- the header: recorder_header.c ------------------------------------------------------ */

/* closed: with the number of frames, initial values and checksums. */
secg_status secg_recorder_header_hash(const secg_recorder_files *files, int closed, char *hex);
secg_status secg_recorder_header_write(const secg_recorder_files *files, int closed,
                                       secg_error *error);

/* ---- writing: recorder_files.c ---------------------------------------------------------- */

int64_t secg_wall_clock_ms(void);

/* Writes a block and waits until it is on the device.  On failure the files are cut back to the
 * block before, and files->failure says why. */
secg_status secg_recorder_files_signal(secg_recorder_files *files, const uint8_t *samples,
                                       int64_t frames);
secg_status secg_recorder_files_gap(secg_recorder_files *files, int64_t frames,
                                    secg_block_kind cause);
/* The last line of the chain, and the header with count and checksums. */
secg_status secg_recorder_files_end(secg_recorder_files *files);
/* NAME.ANNOTATOR with these bytes, behind the end. */
secg_status secg_recorder_files_annotations(secg_recorder_files *files, const char *annotator,
                                            const void *bytes, size_t size);

/* 0, or the number of the error: appends at *end and waits until it is on the device.  When that
 * fails *end stays, and part of the line may be behind it. */
int secg_recorder_append_line(int file, const char *text, size_t size, int64_t *end);
/* The folder's own entries, or a power cut may take back a name that a file was given. */
void secg_recorder_sync_folder(const secg_recorder_files *files);

#endif
