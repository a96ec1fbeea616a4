#include "io/wfdb_encode.h"

#include "base/status.h"
#include "io/wfdb_header.h"

#include <string.h>

static int is_flac(int format)
{
    return format == 508 || format == 516 || format == 524;
}

secg_status secg_wfdb_encoder_open(secg_wfdb_encoder *e, FILE *file, const char *path, int format,
                                   int channels, double rate_hz, secg_error *error)
{
    *e = (secg_wfdb_encoder){.file = file, .format = format, .channels = channels};
    if (!is_flac(format))
        return SECG_OK;
    return secg_flac_create(&e->flac, fileno(file), path, format - 500, channels, rate_hz, error);
}

int32_t secg_wfdb_absent(int format)
{
    int bits = secg_wfdb_format_bits(format);
    return bits == 0 ? 0 : (int32_t) - (INT64_C(1) << (bits - 1));
}

/* ---- what fits ------------------------------------------------------------------------- */

static int64_t misfit_of_range(const secg_wfdb_encoder *e, const int32_t *counts, size_t values)
{
    int32_t least = secg_wfdb_absent(e->format);
    for (size_t i = 0; i < values; i++)
        if (counts[i] != SECG_NO_COUNT && (counts[i] <= least || counts[i] > -(least + 1)))
            return (int64_t)i;
    return -1;
}

/* The header has the first value, so that only the steps after it are bound. */
static int64_t misfit_of_step(const secg_wfdb_encoder *e, const int32_t *counts, size_t values)
{
    size_t channels = (size_t)e->channels;
    for (size_t i = 0; i < values; i++) {
        if (counts[i] == SECG_NO_COUNT)
            return (int64_t)i;
        if (!e->started && i < channels)
            continue;
        int64_t step = (int64_t)counts[i] - (i < channels ? e->previous[i] : counts[i - channels]);
        if (step < -128 || step > 127)
            return (int64_t)i;
    }
    return -1;
}

int64_t secg_wfdb_encoder_misfit(const secg_wfdb_encoder *e, const int32_t *counts, size_t frames)
{
    size_t values = frames * (size_t)e->channels;
    return e->format == 8 ? misfit_of_step(e, counts, values) : misfit_of_range(e, counts, values);
}

/* ---- bytes ----------------------------------------------------------------------------- */

static void put_little(FILE *file, uint32_t value, int bytes)
{
    for (; bytes > 0; bytes--, value >>= 8)
        fputc((int)(value & 0xff), file);
}

/* Bytes that the first samples of a group take; a group cut short ends the file. */
static void put_212(secg_wfdb_encoder *e)
{
    uint32_t first = (uint32_t)e->group[0] & 0xfff, second = (uint32_t)e->group[1] & 0xfff;
    put_little(e->file, first | (second >> 8 & 0xf) << 12 | (second & 0xff) << 16,
               e->grouped == 2 ? 3 : 2);
}

static void put_310(secg_wfdb_encoder *e)
{
    uint32_t third = (uint32_t)e->group[2] & 0x3ff;
    put_little(e->file, ((uint32_t)e->group[0] & 0x3ff) << 1 | (third & 0x1f) << 11, 2);
    if (e->grouped > 1)
        put_little(e->file, ((uint32_t)e->group[1] & 0x3ff) << 1 | third >> 5 << 11, 2);
}

static void put_311(secg_wfdb_encoder *e)
{
    uint32_t word = 0;
    for (int i = 0; i < 3; i++)
        word |= ((uint32_t)e->group[i] & 0x3ff) << (10 * i);
    put_little(e->file, word, e->grouped + 1);
}

static void put_group(secg_wfdb_encoder *e)
{
    if (e->format == 212)
        put_212(e);
    else if (e->format == 310)
        put_310(e);
    else
        put_311(e);
    e->grouped = 0;
    memset(e->group, 0, sizeof e->group);
}

static void put_count(secg_wfdb_encoder *e, int k, int32_t count)
{
    switch (e->format) {
    case 8:
        fputc((count - (e->started ? e->previous[k] : count)) & 0xff, e->file);
        e->previous[k] = count;
        break;
    case 61:
        fputc(count >> 8 & 0xff, e->file);
        fputc(count & 0xff, e->file);
        break;
    case 80:
        fputc((count + 128) & 0xff, e->file);
        break;
    case 160:
        put_little(e->file, (uint32_t)(count + 32768), 2);
        break;
    case 212:
    case 310:
    case 311:
        e->group[e->grouped++] = count;
        if (e->grouped == (e->format == 212 ? 2 : 3))
            put_group(e);
        break;
    default: /* 16, 24, 32 */
        put_little(e->file, (uint32_t)count, e->format / 8);
    }
}

int secg_wfdb_encoder_put(secg_wfdb_encoder *e, const int32_t *counts)
{
    if (e->flac)
        return secg_flac_put(e->flac, counts);
    for (int k = 0; k < e->channels; k++)
        put_count(e, k, counts[k]);
    e->started = 1;
    return !ferror(e->file);
}

int secg_wfdb_encoder_finish(secg_wfdb_encoder *e)
{
    if (e->grouped > 0)
        put_group(e);
    int whole = secg_flac_finish(e->flac);
    e->flac = NULL;
    return whole && !ferror(e->file);
}
