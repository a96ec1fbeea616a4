/* Walks the chain of a recorded tracing: the check of `verify`, and where a recorder goes on.
 *
 * A power cut may leave, behind the last whole line of the chain: samples without a line, a torn
 * line, or a gap whose manifest line is missing or torn.  These are told from a change by their
 * place: only at the end of a record that was not closed. */
#include "io/record_chain.h"

#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct walker {
    const char *base;
    FILE *chain, *samples, *manifest;
    EVP_MD_CTX *hash;
    int64_t sample_bytes; /* of the file, when the walk began */
    char line[CHAIN_LINE];
    size_t length, text_length;
    secg_chain_walk *out;
    secg_error *error;
} walker;

static secg_status bad_block(walker *w, int64_t index, const char *what)
{
    w->out->check.bad_block = index;
    return secg_fail(w->error, SECG_E_FORMAT, "%s.chain: block %" PRId64 ": %s",
                     secg_path_tail(w->base), index, what);
}

static secg_status bad_file(const walker *w, const char *extension, const char *what)
{
    return secg_fail(w->error, SECG_E_FORMAT, "%s.%s: %s", secg_path_tail(w->base), extension,
                     what);
}

static FILE *open_part(walker *w, const char *extension)
{
    char path[CHAIN_PATH];
    snprintf(path, sizeof path, "%s.%s", w->base, extension);
    FILE *file = fopen(path, "rb");
    if (!file)
        secg_fail(w->error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    return file;
}

/* One byte at a time, so that a zero byte is seen for what it is.  -1: too long. */
static int read_line(FILE *file, char *line, size_t size, size_t *length)
{
    int byte = 0;
    *length = 0;
    while (*length + 1 < size && (byte = getc(file)) != EOF) {
        line[(*length)++] = (char)byte;
        if (byte == '\n')
            break;
    }
    line[*length] = 0;
    return *length + 1 < size || line[*length - 1] == '\n' ? 0 : -1;
}

/* 1: a whole line is in w->line; 0: the end, or a line torn off there; -1: no line of a chain. */
static int next_line(walker *w)
{
    enum { TAIL = 2 * CHAIN_HASH + 1 };
    if (read_line(w->chain, w->line, sizeof w->line, &w->length) < 0)
        return -1;
    if (w->length == 0)
        return 0;
    int whole = w->line[w->length - 1] == '\n';
    int full_size = w->length > TAIL && w->line[w->length - TAIL - 1] == ' ';
    if (!whole)
        return full_size ? -1 : 0;
    if (!full_size || strlen(w->line) != w->length)
        return -1;
    w->text_length = w->length - TAIL;
    return 1;
}

static int hash_agrees(walker *w, char *hash)
{
    return secg_chain_hash_end(w->hash, hash) &&
           memcmp(hash, w->line + w->text_length, 2 * CHAIN_HASH) == 0;
}

static secg_status read_head(walker *w)
{
    secg_chain_head *h = &w->out->head;
    int64_t microhertz = 0;
    if (next_line(w) != 1 ||
        sscanf(
            w->line, "stressecg-chain 1 %" SCNd32 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %64s %64s",
            &h->channels, &microhertz, &h->block_frames, &h->start_ms, h->header, h->manifest) != 6)
        return bad_file(w, "chain", "the first line is not that of a chain");
    if (!secg_chain_hash_begin(w->hash, "", w->line, w->text_length) || !hash_agrees(w, h->hash))
        return bad_file(w, "chain", "the first line was altered");
    if (h->channels < 1 || h->channels > SECG_MAX_CHANNELS || h->block_frames < 1 ||
        h->block_frames > SECG_MAX_RATE_HZ)
        return bad_file(w, "chain", "the first line states what no recorder writes");
    h->rate_hz = (double)microhertz * 1e-6;
    w->out->sums.channels = h->channels;
    w->out->chain_bytes = (int64_t)w->length;
    w->out->last = (secg_chain_block){.index = -1, .wall_ms = h->start_ms};
    strcpy(w->out->last.hash, h->hash);
    return SECG_OK;
}

static secg_status read_manifest_start(walker *w)
{
    char line[MANIFEST_LINE], hash[2 * CHAIN_HASH + 1];
    size_t length;
    if (read_line(w->manifest, line, sizeof line, &length) < 0 ||
        !secg_hash_bytes(line, length, hash) || strcmp(hash, w->out->head.manifest) != 0)
        return bad_file(w, "manifest", "the first line was altered");
    w->out->manifest_bytes = (int64_t)length;
    return SECG_OK;
}

static int parse_block(walker *w, secg_chain_block *b)
{
    char word[16];
    if (sscanf(w->line, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %15s %" SCNd64 " %64s ", &b->index,
               &b->first, &b->frames, word, &b->wall_ms, b->header) != 6)
        return 0;
    for (b->kind = 0; b->kind < BLOCK_KINDS; b->kind++)
        if (strcmp(word, secg_block_word(b->kind)) == 0)
            return b->frames >= 0;
    return 0;
}

/* Samples of a block into hash and sums.  0 when the file ends before. */
static int read_samples(walker *w, int64_t frames)
{
    uint8_t bytes[256 * 2 * SECG_MAX_CHANNELS];
    size_t frame_bytes = 2 * (size_t)w->out->head.channels;
    while (frames > 0) {
        size_t here = frames < 256 ? (size_t)frames : 256;
        if (fread(bytes, frame_bytes, here, w->samples) != here ||
            EVP_DigestUpdate(w->hash, bytes, here * frame_bytes) != 1)
            return 0;
        secg_record_sums_add(&w->out->sums, bytes, (int64_t)here);
        frames -= (int64_t)here;
    }
    return 1;
}

/* The manifest's line of a block; where it ends early, the rest is `pending`. */
static secg_status check_manifest(walker *w, const secg_chain_block *b)
{
    char line[MANIFEST_LINE];
    size_t length;
    int expected = secg_manifest_line(b, &w->out->sums, w->out->pending);
    if (read_line(w->manifest, line, sizeof line, &length) < 0)
        return bad_file(w, "manifest", "was altered");
    if (length == (size_t)expected && memcmp(line, w->out->pending, length) == 0) {
        w->out->manifest_bytes += (int64_t)length;
        w->out->pending[0] = 0;
        return SECG_OK;
    }
    if (length < (size_t)expected && memcmp(line, w->out->pending, length) == 0)
        return SECG_OK;
    return bad_file(w, "manifest", "was altered");
}

static secg_status read_block(walker *w)
{
    secg_chain_walk *out = w->out;
    int64_t index = out->last.index + 1;
    secg_chain_block b = {0};
    if (!parse_block(w, &b))
        return bad_block(w, index, "was altered");
    if (b.index != index || b.first != out->sums.frames)
        return bad_block(w, index, "is missing or out of order");
    if (!secg_chain_hash_begin(w->hash, out->last.hash, w->line, w->text_length))
        return secg_fail(w->error, SECG_E_MEMORY, "no memory for a hash");
    if (!read_samples(w, b.frames))
        return bad_block(w, index, "its samples are cut off");
    if (!hash_agrees(w, b.hash))
        return bad_block(w, index, "was altered");
    if (out->pending[0])
        return bad_file(w, "manifest", "ends too early");
    out->last = b;
    out->chain_bytes += (int64_t)w->length;
    out->check.blocks++;
    out->check.gaps += b.kind != BLOCK_SIGNAL && b.kind != BLOCK_END;
    out->check.gap_frames += b.kind != BLOCK_SIGNAL ? b.frames : 0;
    return b.kind == BLOCK_SIGNAL ? SECG_OK : check_manifest(w, &b);
}

/* What lies behind the last block: less than a block of samples, or a gap being filled. */
static secg_status check_tail(walker *w)
{
    secg_chain_walk *out = w->out;
    int64_t frame_bytes = 2 * out->head.channels;
    int64_t tail = w->sample_bytes - out->sums.frames * frame_bytes;
    out->check.unsealed_frames = tail > 0 ? tail / frame_bytes : 0;
    if (tail > 0 && out->check.closed)
        return bad_file(w, "dat", "has samples behind the last block");
    for (int64_t at = 0; tail > out->head.block_frames * frame_bytes && at + 1 < tail; at += 2) {
        int low = getc(w->samples), high = getc(w->samples);
        if (low != 0x00 || high != 0x80)
            return bad_block(w, out->last.index + 1, "is missing from the chain");
    }
    if (getc(w->manifest) != EOF)
        return bad_file(w, "manifest", "has lines that no block vouches for");
    return SECG_OK;
}

static secg_status check_header(walker *w)
{
    char bytes[16384], hash[2 * CHAIN_HASH + 1];
    FILE *file = open_part(w, "hea");
    if (!file)
        return SECG_E_FILE;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (!secg_hash_bytes(bytes, size, hash))
        return secg_fail(w->error, SECG_E_MEMORY, "no memory for a hash");
    int as_closed = w->out->check.closed && strcmp(hash, w->out->last.header) == 0;
    if (!as_closed && strcmp(hash, w->out->head.header) != 0)
        return bad_file(w, "hea", "was altered");
    return SECG_OK;
}

static secg_status walk_open_files(walker *w)
{
    struct stat about;
    if (fstat(fileno(w->samples), &about) != 0)
        return secg_fail(w->error, SECG_E_FILE, "%s.dat: %s", secg_path_tail(w->base),
                         strerror(errno));
    w->sample_bytes = (int64_t)about.st_size;
    secg_status status = read_head(w);
    if (status == SECG_OK)
        status = read_manifest_start(w);
    int more = 0;
    while (status == SECG_OK && (more = next_line(w)) == 1)
        status = read_block(w);
    if (status == SECG_OK && more < 0)
        status = bad_block(w, w->out->last.index + 1, "was altered");
    w->out->check.frames = w->out->sums.frames;
    w->out->check.closed = w->out->last.kind == BLOCK_END;
    strcpy(w->out->check.digest, w->out->last.hash);
    if (status == SECG_OK)
        status = check_tail(w);
    return status == SECG_OK ? check_header(w) : status;
}

secg_status secg_chain_walk_record(const char *base, secg_chain_walk *walk, secg_error *error)
{
    *walk = (secg_chain_walk){.check = {.bad_block = -1}};
    walker w = {.base = base, .out = walk, .error = error, .hash = EVP_MD_CTX_new()};
    secg_status status = SECG_E_FILE;
    if (!w.hash)
        status = secg_fail(error, SECG_E_MEMORY, "no memory for a hash");
    else if ((w.chain = open_part(&w, "chain")) && (w.samples = open_part(&w, "dat")) &&
             (w.manifest = open_part(&w, "manifest")))
        status = walk_open_files(&w);
    if (w.chain)
        fclose(w.chain);
    if (w.samples)
        fclose(w.samples);
    if (w.manifest)
        fclose(w.manifest);
    EVP_MD_CTX_free(w.hash);
    return status;
}

secg_status secg_recorder_verify(const char *path, secg_recorder_check *check, secg_error *error)
{
    if (!path || strlen(path) >= CHAIN_FOLDER)
        return secg_fail(error, SECG_E_ARGUMENT, "path: NULL or too long");
    char base[CHAIN_FOLDER];
    strcpy(base, path);
    size_t length = strlen(base);
    if (length > 4 && strcmp(base + length - 4, ".hea") == 0)
        base[length - 4] = 0;
    secg_chain_walk walk;
    secg_status status = secg_chain_walk_record(base, &walk, error);
    if (check)
        *check = walk.check;
    return status;
}
