/* The files of a record that is being recorded.  One thread at a time. */
#ifndef SECG_IO_RECORDER_FILES_H
#define SECG_IO_RECORDER_FILES_H

#include "io/record_chain.h"

typedef struct secg_recorder_files {
    char base[CHAIN_FOLDER + 70], folder[CHAIN_FOLDER], name[64];
    secg_signal signal;
    secg_chain_head head;
    secg_chain_block last;
    secg_record_sums sums;
    EVP_MD_CTX *hash;
    int samples, chain, manifest; /* descriptors; -1: not open                   */
    int64_t sample_bytes, chain_bytes, manifest_bytes; /* what is whole on disk     */
    secg_error failure; /* once not SECG_OK, nothing more is written   */
} secg_recorder_files;

int64_t secg_wall_clock_ms(void);

/* A new record; config was checked. */
secg_status secg_recorder_files_create(secg_recorder_files *files,
                                       const secg_recorder_config *config, int64_t block_frames,
                                       secg_error *error);
/* A record that exists: checked, cut to what its chain vouches for, and the gap filled. */
secg_status secg_recorder_files_resume(secg_recorder_files *files,
                                       const secg_recorder_config *config, secg_error *error);

/* Writes a block and waits until it is on the device.  On failure the files are cut back to the
 * block before, and files->failure says why. */
secg_status secg_recorder_files_signal(secg_recorder_files *files, const uint8_t *samples,
                                       int64_t frames);
secg_status secg_recorder_files_gap(secg_recorder_files *files, int64_t frames,
                                    secg_block_kind cause);
/* The last line of the chain, and the header with count and checksums. */
secg_status secg_recorder_files_end(secg_recorder_files *files);
void secg_recorder_files_release(secg_recorder_files *files);

#endif
