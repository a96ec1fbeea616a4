/* The hash chain of a recorded tracing: the form of its lines, and reading it back. */
#ifndef SECG_IO_RECORD_CHAIN_H
#define SECG_IO_RECORD_CHAIN_H

#include <openssl/evp.h>
#include <stdio.h>
#include <stressecg/recorder.h>

enum {
    CHAIN_HASH = 32,
    CHAIN_LINE = 512,
    CHAIN_PATH = 4300,
    CHAIN_FOLDER = 4096,
    MANIFEST_LINE = 4096,
    ANNOTATOR_NAME = 16, /* letters, digits, '_' and '-' of an annotation file's extension */
    ANNOTATORS = 8       /* annotation files of a record                                   */
};

typedef enum secg_block_kind {
    BLOCK_SIGNAL = 0,
    BLOCK_OVERFLOW,
    BLOCK_ACQUISITION,
    BLOCK_INTERRUPTED, /* resumed after a crash or power cut            */
    BLOCK_END,
    BLOCK_ANNOTATIONS, /* behind the end: an annotation file            */
    BLOCK_KINDS
} secg_block_kind;

/* The times of day that a chain states: years 5 to 9892, as secg_clock_text() writes them. */
#define CHAIN_FIRST_MS (-INT64_C(62000000000000))
#define CHAIN_LAST_MS  INT64_C(250000000000000)
int secg_chain_time_is_possible(int64_t unix_ms);

/* Never NULL; the word in chain and manifest. */
const char *secg_block_word(secg_block_kind kind);

typedef struct secg_chain_block {
    int64_t index, first, frames, wall_ms;
    secg_block_kind kind;
    char file[2 * CHAIN_HASH + 1];  /* BLOCK_END: hash of the closed header; BLOCK_ANNOTATIONS: of
                                       the annotation file; "-" otherwise */
    char annotator[ANNOTATOR_NAME]; /* BLOCK_ANNOTATIONS: its extension; "" otherwise */
    char hash[2 * CHAIN_HASH + 1];
} secg_chain_block;

/* What the first line of the chain states of the record. */
typedef struct secg_chain_head {
    int32_t channels;
    int64_t block_frames, start_ms;
    double rate_hz;
    char header[2 * CHAIN_HASH + 1];   /* of the header as it is until close             */
    char manifest[2 * CHAIN_HASH + 1]; /* of the manifest's first line                   */
    char hash[2 * CHAIN_HASH + 1];
} secg_chain_head;

/* The line without its hash, blank at the end.  Returns its length. */
int secg_chain_head_text(const secg_chain_head *head, char *text);
int secg_chain_block_text(const secg_chain_block *block, char *text);
/* 0 when the line is none of a recorder's.  The hash at its end is not read. */
int secg_chain_block_parse(const char *line, secg_chain_block *block);
/* Letters, digits, '_' and '-', 1 .. size - 1 of them: for names of records and annotators. */
int secg_plain_name(const char *name, size_t size);

/* SHA-256(before || text || samples), in pieces.  0 when the library has no memory. */
int secg_chain_hash_begin(EVP_MD_CTX *hash, const char *before, const char *text, size_t length);
int secg_chain_hash_end(EVP_MD_CTX *hash, char *hex);
int secg_hash_bytes(const void *bytes, size_t size, char *hex);

/* The sums that the header and the manifest need, over all frames so far. */
typedef struct secg_record_sums {
    int64_t frames;
    int32_t channels;
    int32_t initial[SECG_MAX_CHANNELS];
    uint16_t sum[SECG_MAX_CHANNELS];
    int64_t valid[SECG_MAX_CHANNELS];
} secg_record_sums;
void secg_record_sums_add(secg_record_sums *sums, const uint8_t *samples, int64_t frames);

/* The manifest's line for a block that is not signal, newline included; "" for a block of signal.
 * Returns its length. */
int secg_manifest_line(const secg_chain_block *block, const secg_record_sums *sums, char *text);

typedef struct secg_chain_annotations {
    char annotator[ANNOTATOR_NAME];
    char hash[2 * CHAIN_HASH + 1], before[2 * CHAIN_HASH + 1]; /* of the last two; "": none */
} secg_chain_annotations;

/* How far a record agrees. */
typedef struct secg_chain_place {
    secg_chain_block last;               /* hash: of the last whole line  */
    int64_t chain_bytes, manifest_bytes; /* up to the last whole line     */
    int64_t blocks;
} secg_chain_place;

/* All that is known of a record after its chain was walked. */
typedef struct secg_chain_walk {
    secg_chain_head head;
    secg_chain_place at;
    secg_chain_annotations annotations[ANNOTATORS];
    size_t annotation_files;
    char closed_header[2 * CHAIN_HASH + 1]; /* its hash; "": not closed */
    int header_is_open;                     /* it is that of before closing */
    int has_grown;                          /* the chain, since the walk began */
    secg_record_sums sums;
    secg_recorder_check check;
    char pending[MANIFEST_LINE]; /* a manifest line that the power cut kept from disk, or "" */
} secg_chain_walk;

/* DIR/NAME of a path that may end in .hea.  base: CHAIN_FOLDER bytes. */
secg_status secg_record_base(const char *path, char *base, secg_error *error);

/* base: DIR/NAME.  digest: the hash of a line that the chain must hold; NULL: none. */
secg_status secg_chain_walk_record(const char *base, const char *digest, secg_chain_walk *walk,
                                   secg_error *error);

#endif
