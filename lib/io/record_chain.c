/* hash(n) = SHA-256(hash(n - 1) in hexadecimal || line n without its hash || samples of block n).
 *
 * The line carries index, first frame and length, so a block that is moved, removed or cut does
 * not agree with its place; the hash before it carries all blocks before.  Text, so that the chain
 * can be checked with sha256sum and a pocket of patience. */
#include "io/record_chain.h"

#include "base/status.h"

#include <inttypes.h>
#include <string.h>

static const char *const words[BLOCK_KINDS] = {"signal",      "overflow", "acquisition",
                                               "interrupted", "end",      "annotations"};

const char *secg_block_word(secg_block_kind kind)
{
    return words[kind];
}

int secg_chain_head_text(const secg_chain_head *h, char *text)
{
    /* The rate as a whole number of microhertz: no locale, no rounding. */
    return snprintf(text, CHAIN_LINE,
                    "stressecg-chain 1 %" PRId32 " %" PRId64 " %" PRId64 " %" PRId64 " %s %s ",
                    h->channels, (int64_t)(h->rate_hz * 1e6 + 0.5), h->block_frames, h->start_ms,
                    h->header, h->manifest);
}

int secg_chain_block_text(const secg_chain_block *b, char *text)
{
    const char *colon = b->annotator[0] ? ":" : "";
    return snprintf(text, CHAIN_LINE, "%" PRId64 " %" PRId64 " %" PRId64 " %s %" PRId64 " %s%s%s ",
                    b->index, b->first, b->frames, secg_block_word(b->kind), b->wall_ms,
                    b->annotator, colon, b->file);
}

secg_status secg_record_base(const char *path, char *base, secg_error *error)
{
    if (!path || strlen(path) >= CHAIN_FOLDER)
        return secg_fail(error, SECG_E_ARGUMENT, "path: NULL or too long");
    strcpy(base, path);
    size_t length = strlen(base);
    if (length > 4 && strcmp(base + length - 4, ".hea") == 0)
        base[length - 4] = 0;
    return SECG_OK;
}

int secg_plain_name(const char *name, size_t size)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = strlen(name);
    return length > 0 && length < size && strspn(name, allowed) == length;
}

int secg_chain_time_is_possible(int64_t unix_ms)
{
    return unix_ms >= CHAIN_FIRST_MS && unix_ms <= CHAIN_LAST_MS;
}

/* "-", HASH, or ANNOTATOR:HASH, as the kind of block asks. */
static int parse_file(const char *text, secg_chain_block *b)
{
    const char *colon = strchr(text, ':');
    size_t name = colon ? (size_t)(colon - text) : 0;
    if ((colon != NULL) != (b->kind == BLOCK_ANNOTATIONS) || name >= sizeof b->annotator)
        return 0;
    memcpy(b->annotator, text, name);
    text = colon ? colon + 1 : text;
    if (strlen(text) >= sizeof b->file)
        return 0;
    strcpy(b->file, text);
    return b->kind != BLOCK_ANNOTATIONS || secg_plain_name(b->annotator, sizeof b->annotator);
}

int secg_chain_block_parse(const char *line, secg_chain_block *b)
{
    char word[16], file[ANNOTATOR_NAME + 2 * CHAIN_HASH + 1];
    *b = (secg_chain_block){0};
    if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %15s %" SCNd64 " %80s ", &b->index,
               &b->first, &b->frames, word, &b->wall_ms, file) != 6)
        return 0;
    while (b->kind < BLOCK_KINDS && strcmp(word, secg_block_word(b->kind)) != 0)
        b->kind++;
    int no_frames = b->kind == BLOCK_END || b->kind == BLOCK_ANNOTATIONS;
    return b->kind < BLOCK_KINDS && b->frames >= 0 && !(no_frames && b->frames > 0) &&
           secg_chain_time_is_possible(b->wall_ms) && parse_file(file, b);
}

int secg_chain_hash_begin(EVP_MD_CTX *hash, const char *before, const char *text, size_t length)
{
    return EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
           EVP_DigestUpdate(hash, before, strlen(before)) == 1 &&
           EVP_DigestUpdate(hash, text, length) == 1;
}

int secg_chain_hash_end(EVP_MD_CTX *hash, char *hex)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    if (EVP_DigestFinal_ex(hash, bytes, NULL) != 1)
        return 0;
    for (int i = 0; i < CHAIN_HASH; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    return 1;
}

int secg_hash_bytes(const void *bytes, size_t size, char *hex)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    int good =
        hash && secg_chain_hash_begin(hash, "", bytes, size) && secg_chain_hash_end(hash, hex);
    EVP_MD_CTX_free(hash);
    return good;
}

void secg_record_sums_add(secg_record_sums *s, const uint8_t *samples, int64_t frames)
{
    for (int64_t n = 0; n < frames; n++, s->frames++)
        for (int32_t k = 0; k < s->channels; k++, samples += 2) {
            uint16_t bits = (uint16_t)(samples[0] | samples[1] << 8);
            if (s->frames == 0)
                s->initial[k] = (int16_t)bits;
            s->sum[k] = (uint16_t)(s->sum[k] + bits);
            s->valid[k] += bits != 0x8000;
        }
}

static int gap_text(const secg_chain_block *b, char *text, size_t room)
{
    return snprintf(text, room,
                    ",\"gap_frames\":%" PRId64 ",\"cause\":\"%s\",\"wall_unix_ms\":%" PRId64 "}\n",
                    b->frames, secg_block_word(b->kind), b->wall_ms);
}

static int annotations_text(const secg_chain_block *b, char *text, size_t room)
{
    return snprintf(text, room,
                    ",\"annotations\":\"%s\",\"sha256\":\"%s\",\"wall_unix_ms\":%" PRId64 "}\n",
                    b->annotator, b->file, b->wall_ms);
}

static int end_text(const secg_chain_block *b, const secg_record_sums *s, char *text, size_t room)
{
    int used =
        snprintf(text, room, ",\"end\":true,\"wall_unix_ms\":%" PRId64 ",\"samples_with_value\":[",
                 b->wall_ms);
    for (int32_t k = 0; k < s->channels; k++)
        used += snprintf(text + used, room - (size_t)used, "%s%" PRId64, k ? "," : "", s->valid[k]);
    return used + snprintf(text + used, room - (size_t)used, "]}\n");
}

int secg_manifest_line(const secg_chain_block *b, const secg_record_sums *s, char *text)
{
    text[0] = 0;
    if (b->kind == BLOCK_SIGNAL)
        return 0;
    int used = snprintf(text, MANIFEST_LINE, "{\"block\":%" PRId64 ",\"first_frame\":%" PRId64,
                        b->index, b->first);
    size_t room = MANIFEST_LINE - (size_t)used;
    if (b->kind == BLOCK_END)
        return used + end_text(b, s, text + used, room);
    if (b->kind == BLOCK_ANNOTATIONS)
        return used + annotations_text(b, text + used, room);
    return used + gap_text(b, text + used, room);
}
