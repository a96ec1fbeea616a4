#include "fuzz.h"

#include "io/record_chain.h"

/* The files of a recorded tracing, one after the other in the input, each ended by a line "---":
 * chain, manifest, header, annotations, samples.  So that the input gets past the first hash, '@h',
 * '@m' and '@s' in the chain stand for the hashes of the header, of the manifest's first line and of
 * the annotations, and a '#' at a line's end for the hash of the line as a recorder computes it. */
typedef struct piece {
    const uint8_t *bytes;
    size_t size;
} piece;

static piece next_piece(piece *rest)
{
    static const char mark[] = "\n---\n";
    for (size_t i = 0; i + sizeof mark - 1 <= rest->size; i++)
        if (memcmp(rest->bytes + i, mark, sizeof mark - 1) == 0) {
            piece p = {rest->bytes, i + 1};
            rest->bytes += i + sizeof mark - 1;
            rest->size -= i + sizeof mark - 1;
            return p;
        }
    piece p = *rest;
    *rest = (piece){rest->bytes + rest->size, 0};
    return p;
}

typedef struct sealer {
    char header[65], manifest[65], annotations[65], before[65];
    piece samples;
    long long channels;
    FILE *chain;
} sealer;

static size_t put_hash(char *to, const char *hash)
{
    memcpy(to, hash, strlen(hash));
    return strlen(hash);
}

/* The line with its hashes of files in place. */
static size_t expand(const sealer *s, const uint8_t *line, size_t length, char *text)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        char next = line[i] == '@' && i + 1 < length ? (char)line[i + 1] : 0;
        const char *hash = next == 'h'   ? s->header
                           : next == 'm' ? s->manifest
                           : next == 's' ? s->annotations
                                         : NULL;
        if (hash) {
            used += put_hash(text + used, hash);
            i++;
        } else {
            text[used++] = (char)line[i];
        }
    }
    text[used] = 0;
    return used;
}

static void seal(sealer *s, char *text, size_t length)
{
    long long index, first, frames = 0;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    if (!s->before[0])
        sscanf(text, "%*s %*d %lld", &s->channels);
    else if (sscanf(text, "%lld %lld %lld", &index, &first, &frames) != 3)
        frames = 0;
    size_t size = 0;
    if (frames > 0 && s->channels > 0 && s->channels <= SECG_MAX_CHANNELS && frames < 100000)
        size = (size_t)(frames * 2 * s->channels);
    if (size > s->samples.size)
        size = s->samples.size;
    secg_chain_hash_begin(hash, s->before, text, length);
    EVP_DigestUpdate(hash, s->samples.bytes, size);
    secg_chain_hash_end(hash, s->before);
    EVP_MD_CTX_free(hash);
    s->samples.bytes += size;
    s->samples.size -= size;
    fwrite(s->before, 1, 64, s->chain);
}

static void put_line(sealer *s, const uint8_t *line, size_t length)
{
    static char text[65 * 4096];
    int sealed = length > 0 && line[length - 1] == '#';
    size_t used = expand(s, line, length - (size_t)sealed, text);
    fwrite(text, 1, used, s->chain);
    if (sealed)
        seal(s, text, used);
}

static void put_chain(sealer *s, piece chain)
{
    s->chain = fopen(fuzz_path("r.chain"), "wb");
    for (size_t at = 0, end; at < chain.size; at = end + 1) {
        for (end = at; end < chain.size && chain.bytes[end] != '\n' && end - at < 4096; end++)
            ;
        put_line(s, chain.bytes + at, end - at);
        if (end < chain.size)
            fputc(chain.bytes[end], s->chain);
    }
    fclose(s->chain);
}

static void put_files(piece rest)
{
    static sealer s;
    s = (sealer){0};
    piece chain = next_piece(&rest), manifest = next_piece(&rest), header = next_piece(&rest),
          annotations = next_piece(&rest);
    const uint8_t *line = memchr(manifest.bytes, '\n', manifest.size);
    secg_hash_bytes(manifest.bytes, line ? (size_t)(line - manifest.bytes) + 1 : manifest.size,
                    s.manifest);
    secg_hash_bytes(header.bytes, header.size, s.header);
    secg_hash_bytes(annotations.bytes, annotations.size, s.annotations);
    s.samples = rest;
    fuzz_put("r.dat", rest.bytes, rest.size);
    fuzz_put("r.manifest", manifest.bytes, manifest.size);
    fuzz_put("r.hea", header.bytes, header.size);
    fuzz_put("r.sec", annotations.bytes, annotations.size);
    put_chain(&s, chain);
}

static int agrees(const char *digest, secg_recorder_check *check)
{
    secg_error error = {0};
    secg_status status = secg_recorder_verify(fuzz_path("r"), digest, check, &error);
    if ((status == SECG_OK) != !error.text[0])
        abort(); /* a refusal says why */
    return status == SECG_OK;
}

/* What verifies goes on to verify, finished and annotated. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    secg_recorder_check check, again;
    secg_error error = {0};
    secg_annotation beat = {.sample = 3, .code = SECG_ANN_NORMAL};
    put_files((piece){data, size});
    if (!agrees(NULL, &check))
        return 0;
    if (check.frames < 0 || check.gap_frames > check.frames || !agrees(check.digest, &again))
        abort();
    secg_status status = secg_recorder_finish(fuzz_path("r"), &error);
    if (status != SECG_OK && !error.text[0])
        abort();
    if (!agrees(NULL, &again) || again.frames != check.frames)
        abort();
    if (status == SECG_OK && !again.closed)
        abort();
    status = secg_recorder_annotate(fuzz_path("r"), "sec", &beat, 1, NULL);
    if (!agrees(NULL, &check) || (status == SECG_OK && check.annotation_files < 1))
        abort();
    return 0;
}
