/* FLAC streams as WFDB signal files, through libsndfile, which gives and takes 32 bits,
 * left-justified. */
#include "io/audio_flac.h"

#include "base/status.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>

enum { BLOCK = 1024 };

/* ---- reading --------------------------------------------------------------------------- */

struct secg_flac {
    SNDFILE *file;
    SF_INFO info;
    int shift; /* libsndfile gives 32 bits, left-justified          */
    int32_t absent;
    int32_t *buffer; /* [BLOCK * channels]                                */
    sf_count_t at, filled;
};

secg_status secg_flac_open(secg_flac **flac, const char *path, int bits, int lanes,
                           secg_error *error)
{
    secg_flac *f = calloc(1, sizeof *f);
    if (!f)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    *flac = f;
    f->file = sf_open(path, SFM_READ, &f->info);
    if (!f->file)
        return secg_fail(error, SECG_E_FORMAT, "%s: %s", path, sf_strerror(NULL));
    if ((f->info.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC || f->info.channels > 8)
        return secg_fail(error, SECG_E_FORMAT, "%s: not a FLAC stream of 1 to 8 channels", path);
    if (lanes < f->info.channels || lanes % f->info.channels != 0)
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: %d channels, but the header states frames of %d samples", path,
                         f->info.channels, lanes);
    f->shift = 32 - bits;
    f->absent = -(INT32_C(1) << (bits - 1));
    f->buffer = malloc(BLOCK * (size_t)f->info.channels * sizeof *f->buffer);
    return f->buffer ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
}

void secg_flac_close(secg_flac *f)
{
    if (!f)
        return;
    if (f->file)
        sf_close(f->file);
    free(f->buffer);
    free(f);
}

int64_t secg_flac_frames(const secg_flac *f, int lanes)
{
    return f->info.frames / (lanes / f->info.channels);
}

static int flac_row(secg_flac *f, const int32_t **row)
{
    if (f->at == f->filled) {
        f->filled = sf_readf_int(f->file, f->buffer, BLOCK);
        f->at = 0;
        if (f->filled <= 0) {
            f->filled = 0;
            return 0;
        }
    }
    *row = f->buffer + f->at++ * f->info.channels;
    return 1;
}

/* Channel c's samples of the frame stand together in the result. */
int secg_flac_frame(secg_flac *f, int32_t *counts, int lanes)
{
    int samples = lanes / f->info.channels;
    for (int i = 0; i < samples; i++) {
        const int32_t *row;
        if (!flac_row(f, &row))
            return 0;
        for (int c = 0; c < f->info.channels; c++) {
            int32_t count = row[c] / (INT32_C(1) << f->shift);
            counts[c * samples + i] = count == f->absent ? SECG_NO_COUNT : count;
        }
    }
    return 1;
}

secg_status secg_flac_seek(secg_flac *f, int64_t frame, int lanes)
{
    f->at = f->filled = 0;
    sf_count_t rows = lanes / f->info.channels;
    sf_count_t row = frame < f->info.frames / rows ? frame * rows : f->info.frames;
    return sf_seek(f->file, row, SEEK_SET) == row ? SECG_OK : SECG_E_FILE;
}

/* ---- writing --------------------------------------------------------------------------- */

struct secg_flac_writer {
    SNDFILE *file;
    int channels, shift;
    int32_t *row; /* [BLOCK * channels]                                  */
    int filled;
};

secg_status secg_flac_create(secg_flac_writer **writer, int descriptor, const char *path, int bits,
                             int channels, double rate_hz, secg_error *error)
{
    SF_INFO info = {.samplerate = (int)fmax(1, rint(rate_hz)),
                    .channels = channels,
                    .format = SF_FORMAT_FLAC | (bits == 8    ? SF_FORMAT_PCM_S8
                                                : bits == 16 ? SF_FORMAT_PCM_16
                                                             : SF_FORMAT_PCM_24)};
    secg_flac_writer *w = calloc(1, sizeof *w);
    int32_t *row = malloc(BLOCK * (size_t)channels * sizeof *row);
    if (!w || !row) {
        free(w);
        free(row);
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    }
    *w = (secg_flac_writer){.channels = channels, .shift = 32 - bits, .row = row};
    w->file = sf_open_fd(descriptor, SFM_WRITE, &info, SF_FALSE);
    if (!w->file) {
        secg_flac_finish(w);
        return secg_fail(error, SECG_E_FILE, "%s: %s", path, sf_strerror(NULL));
    }
    *writer = w;
    return SECG_OK;
}

static int put_rows(secg_flac_writer *w)
{
    int rows = w->filled;
    w->filled = 0;
    return rows == 0 || sf_writef_int(w->file, w->row, rows) == rows;
}

int secg_flac_put(secg_flac_writer *w, const int32_t *counts)
{
    int32_t *row = w->row + (size_t)w->filled * (size_t)w->channels;
    for (int c = 0; c < w->channels; c++)
        row[c] = (int32_t)((uint32_t)counts[c] << w->shift);
    return ++w->filled < BLOCK || put_rows(w);
}

int secg_flac_finish(secg_flac_writer *w)
{
    if (!w)
        return 1;
    int whole = w->file && put_rows(w);
    if (w->file && sf_close(w->file) != 0)
        whole = 0;
    free(w->row);
    free(w);
    return whole;
}
