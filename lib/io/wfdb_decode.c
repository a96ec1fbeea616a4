#include "io/wfdb_decode.h"

#include "base/status.h"
#include "io/audio_flac.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BUFFER_BYTES = 1 << 16 };

static int is_flac(int format)
{
    return format == 508 || format == 516 || format == 524;
}

/* Samples and bytes of the smallest unit that stands alone in the file. */
static void unit_of(int format, int *samples, int *bytes)
{
    *samples = 1;
    switch (format) {
    case 8:
    case 80:
        *bytes = 1;
        break;
    case 24:
        *bytes = 3;
        break;
    case 32:
        *bytes = 4;
        break;
    case 212:
        *samples = 2, *bytes = 3;
        break;
    case 310:
    case 311:
        *samples = 3, *bytes = 4;
        break;
    default:
        *bytes = 2;
    }
}

secg_status secg_wfdb_stream_open(secg_wfdb_stream *s, const char *path, int format, int lanes,
                                  int64_t byte_offset, const int32_t *initial, secg_error *error)
{
    *s = (secg_wfdb_stream){
        .format = format, .lanes = lanes, .byte_offset = byte_offset, .initial = initial};
    if (is_flac(format))
        return secg_flac_open(&s->flac, path, format - 500, lanes, error);
    struct stat status;
    s->file = fopen(path, "rb");
    if (!s->file || fstat(fileno(s->file), &status) != 0)
        return secg_fail(error, SECG_E_FILE, "%s: %s", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return secg_fail(error, SECG_E_FILE, "%s: not a regular file", path);
    s->size = status.st_size;
    s->buffer = malloc(BUFFER_BYTES);
    s->previous = calloc((size_t)lanes, sizeof *s->previous);
    if (!s->buffer || !s->previous)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    if (s->byte_offset > s->size)
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: holds %lld bytes, but the signals begin at byte %lld", path,
                         (long long)s->size, (long long)s->byte_offset);
    if (secg_wfdb_stream_seek(s, 0) != SECG_OK)
        return secg_fail(error, SECG_E_FILE, "%s: cannot be positioned", path);
    return SECG_OK;
}

void secg_wfdb_stream_close(secg_wfdb_stream *s)
{
    if (s->file)
        fclose(s->file);
    secg_flac_close(s->flac);
    free(s->buffer);
    free(s->previous);
    *s = (secg_wfdb_stream){0};
}

int64_t secg_wfdb_stream_frames(const secg_wfdb_stream *s)
{
    if (s->flac)
        return secg_flac_frames(s->flac, s->lanes);
    int samples, bytes;
    unit_of(s->format, &samples, &bytes);
    int64_t have = s->size - s->byte_offset, whole = have / bytes * samples, rest = have % bytes;
    if (s->format == 212)
        whole += rest == 2; /* an odd last sample takes two bytes */
    else if (samples == 3 && rest >= 2)
        whole += s->format == 310 ? 1 : rest * 8 / 10;
    return whole / s->lanes;
}

/* ---- bytes ----------------------------------------------------------------------------- */

static int fill(secg_wfdb_stream *s)
{
    s->filled = fread(s->buffer, 1, BUFFER_BYTES, s->file);
    s->at = 0;
    return s->filled > 0;
}

static int take(secg_wfdb_stream *s, unsigned char *bytes, int count)
{
    for (int i = 0; i < count; i++) {
        if (s->at == s->filled && !fill(s))
            return i;
        bytes[i] = s->buffer[s->at++];
    }
    return count;
}

/* The low bits of a word as a two's complement number. */
static int32_t sign_extend(uint32_t word, int bits)
{
    uint32_t sign = UINT32_C(1) << (bits - 1), mask = (sign << 1) - 1;
    word &= mask;
    return (int32_t)((word ^ sign)) - (int32_t)sign;
}

static int32_t absent_if(int32_t value, int32_t mark)
{
    return value == mark ? SECG_NO_COUNT : value;
}

/* ---- units of several samples ---------------------------------------------------------- */

static inline void unpack_212(int32_t *group, const unsigned char *b)
{
    group[0] = absent_if(sign_extend((uint32_t)(b[0] | (b[1] & 0x0f) << 8), 12), -2048);
    group[1] = absent_if(sign_extend((uint32_t)(b[2] | (b[1] & 0xf0) << 4), 12), -2048);
}

static void unpack_310(secg_wfdb_stream *s, const unsigned char *b)
{
    uint32_t w0 = (uint32_t)(b[0] | b[1] << 8), w1 = (uint32_t)(b[2] | b[3] << 8);
    s->group[0] = absent_if(sign_extend(w0 >> 1, 10), -512);
    s->group[1] = absent_if(sign_extend(w1 >> 1, 10), -512);
    s->group[2] = absent_if(sign_extend((w0 >> 11 & 0x1f) | (w1 >> 11 & 0x1f) << 5, 10), -512);
}

static void unpack_311(secg_wfdb_stream *s, const unsigned char *b)
{
    uint32_t w = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    for (int i = 0; i < 3; i++)
        s->group[i] = absent_if(sign_extend(w >> (10 * i), 10), -512);
}

/* The next unit into the group; a unit cut short by the end of the file gives what it holds. */
static int load_group(secg_wfdb_stream *s)
{
    unsigned char b[4] = {0};
    int got = take(s, b, s->format == 212 ? 3 : 4);
    s->group_at = 0;
    if (s->format == 212) {
        unpack_212(s->group, b);
        s->group_size = got == 3 ? 2 : got == 2;
    } else if (s->format == 310) {
        unpack_310(s, b);
        s->group_size = got == 4 ? 3 : got >= 2;
    } else {
        unpack_311(s, b);
        s->group_size = got == 4 ? 3 : got * 8 / 10;
    }
    return s->group_size > 0;
}

/* ---- single samples -------------------------------------------------------------------- */

static inline int32_t unpack_16(const unsigned char *b)
{
    return absent_if(sign_extend((uint32_t)(b[0] | b[1] << 8), 16), -32768);
}

static int decode_plain(secg_wfdb_stream *s, int lane, int32_t *count)
{
    unsigned char b[4];
    int samples, bytes;
    unit_of(s->format, &samples, &bytes);
    if (take(s, b, bytes) < bytes)
        return 0;
    switch (s->format) {
    case 8:
        s->previous[lane] = (int32_t)((uint32_t)s->previous[lane] + (uint32_t)(int8_t)b[0]);
        *count = s->previous[lane];
        break;
    case 16:
        *count = unpack_16(b);
        break;
    case 24:
        *count = absent_if(sign_extend((uint32_t)(b[0] | b[1] << 8 | b[2] << 16), 24), -8388608);
        break;
    case 32:
        *count = (int32_t)((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
                           (uint32_t)b[3] << 24); /* the mark is SECG_NO_COUNT itself */
        break;
    case 61:
        *count = absent_if(sign_extend((uint32_t)(b[1] | b[0] << 8), 16), -32768);
        break;
    case 80:
        *count = absent_if((int32_t)b[0] - 128, -128);
        break;
    default: /* 160 */
        *count = absent_if((int32_t)(b[0] | b[1] << 8) - 32768, -32768);
    }
    return 1;
}

static int decode(secg_wfdb_stream *s, int lane, int32_t *count)
{
    if (s->format != 212 && s->format != 310 && s->format != 311)
        return decode_plain(s, lane, count);
    if (s->group_at == s->group_size && !load_group(s))
        return 0;
    *count = s->group[s->group_at++];
    return 1;
}

/* ---- runs of samples ------------------------------------------------------------------- */

/* The two formats that nearly every recording is in, without a call for each sample: whole units of
 * the buffer, as many as there are of the samples wanted; none while a group is not used up. */
static size_t decode_units(secg_wfdb_stream *s, int32_t *counts, size_t samples)
{
    const unsigned char *b = s->buffer + s->at;
    int unit, bytes;
    if ((s->format != 16 && s->format != 212) || s->group_at < s->group_size)
        return 0;
    unit_of(s->format, &unit, &bytes);
    size_t units = samples / (size_t)unit, held = (s->filled - s->at) / (size_t)bytes;
    units = units < held ? units : held;
    if (s->format == 16)
        for (size_t i = 0; i < units; i++)
            counts[i] = unpack_16(b + 2 * i);
    else
        for (size_t i = 0; i < units; i++)
            unpack_212(counts + 2 * i, b + 3 * i);
    s->at += units * (size_t)bytes;
    return units * (size_t)unit;
}

size_t secg_wfdb_stream_read(secg_wfdb_stream *s, int32_t *counts, size_t frames)
{
    size_t lanes = (size_t)s->lanes, got = 0;
    if (s->flac) {
        while (got < frames && secg_flac_frame(s->flac, counts + got * lanes, s->lanes))
            got++;
        return got;
    }
    size_t samples = frames * lanes;
    while (got < samples) {
        size_t run = decode_units(s, counts + got, samples - got);
        if (run == 0 && !decode(s, (int)(got % lanes), &counts[got]))
            break;
        got += run ? run : 1;
    }
    return got / lanes;
}

/* ---- seeking --------------------------------------------------------------------------- */

static void restart(secg_wfdb_stream *s)
{
    s->at = s->filled = 0;
    s->group_at = s->group_size = 0;
    for (int lane = 0; lane < s->lanes; lane++)
        s->previous[lane] = s->initial ? s->initial[lane] : 0;
}

/* To the unit that holds the frame's first sample, then over the samples before it.  Differences
 * (format 8) must be added up from the start. */
secg_status secg_wfdb_stream_seek(secg_wfdb_stream *s, int64_t frame)
{
    if (s->flac)
        return secg_flac_seek(s->flac, frame, s->lanes);
    int samples, bytes;
    int64_t most = secg_wfdb_stream_frames(s);
    frame = frame < most ? frame : most; /* the end is as good as any place beyond it */
    unit_of(s->format, &samples, &bytes);
    int64_t sample = frame * s->lanes, unit = s->format == 8 ? 0 : sample / samples;
    if (fseeko(s->file, s->byte_offset + unit * bytes, SEEK_SET) != 0)
        return SECG_E_FILE;
    restart(s);
    int32_t ignored;
    for (int64_t skip = unit * samples; skip < sample; skip++)
        if (!decode(s, (int)(skip % s->lanes), &ignored))
            break;
    return SECG_OK;
}
