/* hash(n) = SHA-256(hash(n - 1) in hexadecimal || line n without its hash || samples of block n).
 *
 * The line carries index, first frame and length, so a block that is moved, removed or cut does
 * not agree with its place; the hash before it carries all blocks before.  Text, so that the chain
 * can be checked with sha256sum and a pocket of patience. */
#include "io/record_chain.h"

#include <inttypes.h>
#include <string.h>

static const char *const words[BLOCK_KINDS] = {"signal",      "overflow", "acquisition",
                                               "interrupted", "stopped",  "end"};

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
    return snprintf(text, CHAIN_LINE, "%" PRId64 " %" PRId64 " %" PRId64 " %s %" PRId64 " %s ",
                    b->index, b->first, b->frames, secg_block_word(b->kind), b->wall_ms, b->header);
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

int secg_manifest_line(const secg_chain_block *b, const secg_record_sums *s, char *text)
{
    int used = snprintf(text, MANIFEST_LINE, "{\"block\":%" PRId64 ",\"first_frame\":%" PRId64,
                        b->index, b->first);
    char *at = text + used;
    if (b->kind != BLOCK_END)
        return used + snprintf(at, MANIFEST_LINE - (size_t)used,
                               ",\"gap_frames\":%" PRId64
                               ",\"cause\":\"%s\",\"wall_unix_ms\":%" PRId64 "}\n",
                               b->frames, secg_block_word(b->kind), b->wall_ms);
    at += snprintf(at, 100, ",\"end\":true,\"wall_unix_ms\":%" PRId64 ",\"samples_with_value\":[",
                   b->wall_ms);
    for (int32_t k = 0; k < s->channels; k++)
        at += snprintf(at, 30, "%s%" PRId64, k ? "," : "", s->valid[k]);
    at += snprintf(at, 10, "]}\n");
    return (int)(at - text);
}
