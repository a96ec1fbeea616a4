/* Walks the chain of a recorded tracing: the check of `verify`, and where a recorder goes on.
 *
 * A power cut may leave, behind the last whole line of the chain: samples without a line, a torn
 * line, a gap whose manifest line is missing or torn, or the line of an annotation file that has
 * not taken its place.  These are told from a change by their place: only at the very end.
 *
 * The record may grow meanwhile.  What is written first is looked at last: header, sizes of
 * manifest and samples, then the size of the chain, beyond which nothing is read. */
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
    char header[2 * CHAIN_HASH + 1];                /* hash when the walk began, "": no file */
    int64_t manifest_size, sample_size, chain_size; /* likewise */
    char line[CHAIN_LINE];
    size_t length, text_length;
    const char *digest;       /* still to be found; NULL: none asked for, or found */
    secg_chain_place earlier; /* out->at as it was one block before */
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

/* A line that lacks nothing but its newline's being one: all fields, 64 digits, another byte. */
static int ends_otherwise(walker *w)
{
    secg_chain_block b;
    char first = w->line[w->text_length];
    w->line[w->text_length] = 0;
    int has_fields = secg_chain_block_parse(w->line, &b);
    w->line[w->text_length] = first;
    return has_fields;
}

/* 1: a whole line is in w->line; 0: the end, or a line torn off there; -1: no line of a chain. */
static int next_line(walker *w)
{
    enum { TAIL = 2 * CHAIN_HASH + 1 };
    if (w->out->at.chain_bytes >= w->chain_size)
        return 0;
    if (read_line(w->chain, w->line, sizeof w->line, &w->length) < 0)
        return -1;
    if (w->length == 0)
        return 0;
    int whole = w->line[w->length - 1] == '\n';
    int full_size = w->length > TAIL && w->line[w->length - TAIL - 1] == ' ';
    w->text_length = full_size ? w->length - TAIL : 0;
    if (!whole)
        return full_size && ends_otherwise(w) ? -1 : 0;
    return full_size && strlen(w->line) == w->length ? 1 : -1;
}

static int hash_agrees(walker *w, char *hash)
{
    return secg_chain_hash_end(w->hash, hash) &&
           memcmp(hash, w->line + w->text_length, 2 * CHAIN_HASH) == 0;
}

/* The line whose hash agrees is the last so far. */
static void pass_line(walker *w, const char *hash)
{
    w->out->at.chain_bytes += (int64_t)w->length;
    strcpy(w->out->at.last.hash, hash);
    if (w->digest && strcmp(w->digest, hash) == 0)
        w->digest = NULL;
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
        h->block_frames > SECG_MAX_RATE_HZ || microhertz < SECG_MIN_RATE_HZ * INT64_C(1000000) ||
        microhertz > SECG_MAX_RATE_HZ * INT64_C(1000000) ||
        !secg_chain_time_is_possible(h->start_ms))
        return bad_file(w, "chain", "the first line states what no recorder writes");
    h->rate_hz = (double)microhertz * 1e-6;
    w->out->sums.channels = h->channels;
    w->out->at.last = (secg_chain_block){.index = -1, .wall_ms = h->start_ms};
    pass_line(w, h->hash);
    return SECG_OK;
}

static secg_status read_manifest_start(walker *w)
{
    char line[MANIFEST_LINE], hash[2 * CHAIN_HASH + 1];
    size_t length;
    if (read_line(w->manifest, line, sizeof line, &length) < 0 ||
        !secg_hash_bytes(line, length, hash) || strcmp(hash, w->out->head.manifest) != 0)
        return bad_file(w, "manifest", "the first line was altered");
    w->out->at.manifest_bytes = (int64_t)length;
    return SECG_OK;
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
    size_t expected = (size_t)secg_manifest_line(b, &w->out->sums, w->out->pending);
    if (expected == 0)
        return SECG_OK;
    if (read_line(w->manifest, line, sizeof line, &length) < 0 || length > expected ||
        memcmp(line, w->out->pending, length) != 0)
        return bad_file(w, "manifest", "was altered");
    if (length == expected) {
        w->out->at.manifest_bytes += (int64_t)length;
        w->out->pending[0] = 0;
    }
    return SECG_OK;
}

/* Behind the end there are annotations and nothing else. */
static int in_order(const walker *w, const secg_chain_block *b)
{
    int closed = w->out->closed_header[0] != 0;
    return b->index == w->out->at.last.index + 1 && b->first == w->out->sums.frames &&
           closed == (b->kind == BLOCK_ANNOTATIONS);
}

static secg_status note_annotations(walker *w, const secg_chain_block *b)
{
    secg_chain_walk *out = w->out;
    size_t i = 0;
    while (i < out->annotation_files && strcmp(out->annotations[i].annotator, b->annotator) != 0)
        i++;
    if (i == ANNOTATORS)
        return bad_block(w, b->index, "is one annotation file too many");
    secg_chain_annotations *a = &out->annotations[i];
    out->annotation_files += i == out->annotation_files;
    strcpy(a->annotator, b->annotator);
    strcpy(a->before, a->hash);
    strcpy(a->hash, b->file);
    return SECG_OK;
}

static secg_status note_block(walker *w, const secg_chain_block *b)
{
    secg_chain_walk *out = w->out;
    out->at.blocks++;
    if (b->kind == BLOCK_END)
        strcpy(out->closed_header, b->file);
    if (b->kind == BLOCK_ANNOTATIONS)
        return note_annotations(w, b);
    out->check.gaps += b->kind != BLOCK_SIGNAL && b->kind != BLOCK_END;
    out->check.gap_frames += b->kind != BLOCK_SIGNAL ? b->frames : 0;
    return SECG_OK;
}

static secg_status read_block(walker *w)
{
    secg_chain_walk *out = w->out;
    int64_t index = out->at.last.index + 1;
    secg_chain_block b;
    if (!secg_chain_block_parse(w->line, &b))
        return bad_block(w, index, "was altered");
    if (!in_order(w, &b))
        return bad_block(w, index, "is missing or out of order");
    if (!secg_chain_hash_begin(w->hash, out->at.last.hash, w->line, w->text_length))
        return secg_fail(w->error, SECG_E_MEMORY, "no memory for a hash");
    if (!read_samples(w, b.frames))
        return bad_block(w, index, "its samples are cut off");
    if (!hash_agrees(w, b.hash))
        return bad_block(w, index, "was altered");
    if (out->pending[0])
        return bad_file(w, "manifest", "ends too early");
    w->earlier = out->at;
    out->at.last = b;
    pass_line(w, b.hash);
    secg_status status = note_block(w, &b);
    return status == SECG_OK ? check_manifest(w, &b) : status;
}

/* What lies behind the last block: less than a block of samples, or a gap being filled. */
static secg_status check_tail(walker *w)
{
    secg_chain_walk *out = w->out;
    int64_t frame_bytes = 2 * out->head.channels;
    int64_t tail = w->sample_size - out->sums.frames * frame_bytes;
    out->check.unsealed_frames = tail > 0 ? tail / frame_bytes : 0;
    if (tail > 0 && out->check.closed)
        return bad_file(w, "dat", "has samples behind the last block");
    for (int64_t at = 0; tail > out->head.block_frames * frame_bytes && at + 1 < tail; at += 2) {
        int low = getc(w->samples), high = getc(w->samples);
        if (low != 0x00 || high != 0x80)
            return bad_block(w, out->at.last.index + 1, "is missing from the chain");
    }
    if (!out->pending[0] && w->manifest_size > out->at.manifest_bytes)
        return bad_file(w, "manifest", "has lines that no block vouches for");
    return SECG_OK;
}

/* "": there is no such file. */
static secg_status hash_file(walker *w, const char *extension, char *hex)
{
    char path[CHAIN_PATH];
    uint8_t bytes[16384];
    snprintf(path, sizeof path, "%s.%s", w->base, extension);
    hex[0] = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT ? SECG_OK
                               : secg_fail(w->error, SECG_E_FILE, "%s: %s", secg_path_tail(path),
                                           strerror(errno));
    int good = secg_chain_hash_begin(w->hash, "", "", 0);
    for (size_t size; good && (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
        good = EVP_DigestUpdate(w->hash, bytes, size) == 1;
    int number = ferror(file) ? errno : 0;
    fclose(file);
    if (number != 0)
        return secg_fail(w->error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(number));
    if (!good || !secg_chain_hash_end(w->hash, hex))
        return secg_fail(w->error, SECG_E_MEMORY, "no memory for a hash");
    return SECG_OK;
}

/* The line of an annotation file is on disk before the file takes its place, and the manifest's
 * line after.  Where the latter is missing, the file may still be the one before: then the line
 * counts as torn. */
static secg_status check_annotations(walker *w, secg_chain_annotations *a)
{
    char hash[2 * CHAIN_HASH + 1];
    secg_status status = hash_file(w, a->annotator, hash);
    if (status != SECG_OK || strcmp(hash, a->hash) == 0)
        return status;
    int last = strcmp(w->out->at.last.annotator, a->annotator) == 0;
    if (!last || !w->out->pending[0] || strcmp(hash, a->before) != 0)
        return bad_file(w, a->annotator, hash[0] ? "was altered" : "is missing");
    strcpy(a->hash, a->before);
    w->out->at = w->earlier;
    w->out->pending[0] = 0;
    return SECG_OK;
}

static secg_status check_header(const walker *w)
{
    int as_closed = w->out->check.closed && strcmp(w->header, w->out->closed_header) == 0;
    w->out->header_is_open = !as_closed;
    if (!as_closed && strcmp(w->header, w->out->head.header) != 0)
        return bad_file(w, "hea", w->header[0] ? "was altered" : "is missing");
    return SECG_OK;
}

static secg_status read_blocks(walker *w)
{
    secg_status status = SECG_OK;
    int more = 0;
    while (status == SECG_OK && (more = next_line(w)) == 1)
        status = read_block(w);
    if (status == SECG_OK && more < 0)
        status = bad_block(w, w->out->at.last.index + 1, "was altered");
    return status;
}

static secg_status check_rest(walker *w)
{
    secg_status status = check_tail(w);
    if (status == SECG_OK)
        status = check_header(w);
    for (size_t i = 0; status == SECG_OK && i < w->out->annotation_files; i++)
        status = check_annotations(w, &w->out->annotations[i]);
    if (status == SECG_OK && w->digest)
        status = bad_file(w, "chain",
                          "holds no block with the digest given: it was cut or "
                          "replaced, or that is the digest of another record");
    return status;
}

static void fill_check(walker *w)
{
    secg_recorder_check *check = &w->out->check;
    check->blocks = w->out->at.blocks;
    check->frames = w->out->sums.frames;
    check->annotation_files = (int32_t)w->out->annotation_files;
    strcpy(check->digest, w->out->at.last.hash);
}

static int64_t size_of(FILE *file)
{
    struct stat about;
    return fstat(fileno(file), &about) == 0 ? (int64_t)about.st_size : 0;
}

static secg_status walk_open_files(walker *w)
{
    secg_status status = hash_file(w, "hea", w->header);
    w->manifest_size = size_of(w->manifest);
    w->sample_size = size_of(w->samples);
    w->chain_size = size_of(w->chain);
    if (status == SECG_OK)
        status = read_head(w);
    if (status == SECG_OK)
        status = read_manifest_start(w);
    if (status == SECG_OK)
        status = read_blocks(w);
    w->out->check.closed = w->out->closed_header[0] != 0;
    if (status == SECG_OK)
        status = check_rest(w);
    fill_check(w);
    return status;
}

secg_status secg_chain_walk_record(const char *base, const char *digest, secg_chain_walk *walk,
                                   secg_error *error)
{
    *walk = (secg_chain_walk){.check = {.bad_block = -1}};
    walker w = {
        .base = base, .digest = digest, .out = walk, .error = error, .hash = EVP_MD_CTX_new()};
    secg_status status = SECG_E_FILE;
    if (!w.hash)
        status = secg_fail(error, SECG_E_MEMORY, "no memory for a hash");
    else if ((w.chain = open_part(&w, "chain")) && (w.samples = open_part(&w, "dat")) &&
             (w.manifest = open_part(&w, "manifest")))
        status = walk_open_files(&w);
    walk->has_grown = w.chain && size_of(w.chain) != w.chain_size;
    if (w.chain)
        fclose(w.chain);
    if (w.samples)
        fclose(w.samples);
    if (w.manifest)
        fclose(w.manifest);
    EVP_MD_CTX_free(w.hash);
    return status;
}

static int is_digest(const char *text)
{
    return strlen(text) == 2 * CHAIN_HASH && strspn(text, "0123456789abcdef") == 2 * CHAIN_HASH;
}

/* Annotations may take their name, or an end be cut off for a resume, while the walk is under way:
 * what was found bad is looked at again when the chain is another by then. */
static secg_status walk_again(const char *base, const char *digest, secg_chain_walk *walk,
                              secg_error *error)
{
    secg_status status = SECG_E_FORMAT;
    walk->has_grown = 1;
    for (int i = 0; i < 3 && status == SECG_E_FORMAT && walk->has_grown; i++) {
        if (error)
            *error = (secg_error){0};
        status = secg_chain_walk_record(base, digest, walk, error);
    }
    return status;
}

secg_status secg_recorder_verify(const char *path, const char *digest, secg_recorder_check *check,
                                 secg_error *error)
{
    secg_chain_walk walk = {.check = {.bad_block = -1}};
    char base[CHAIN_FOLDER];
    secg_status status = secg_record_base(path, base, error);
    if (status == SECG_OK && digest && !is_digest(digest))
        status = secg_fail(error, SECG_E_ARGUMENT, "digest: \"%.80s\" is not 64 digits of 0-9a-f",
                           digest);
    if (status == SECG_OK)
        status = walk_again(base, digest, &walk, error);
    if (check)
        *check = walk.check;
    return status;
}
