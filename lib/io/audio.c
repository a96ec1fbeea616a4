/* The only file that sees libsndfile: FLAC streams of WFDB records, and audio files as recordings. */
#include "io/audio.h"

#include "base/status.h"
#include "io/record_source.h"
#include "io/sidecar.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_AUDIO_CHANNELS = 64, BLOCK = 1024 };

/* ---- FLAC as a WFDB signal format ------------------------------------------------------ */

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

/* ---- audio files as recordings --------------------------------------------------------- */

/* Float files hold no counts: full scale 1.0 becomes 2^23 of them, so that 24 bits of mantissa
 * survive, and a gain given per unit of full scale is multiplied by as much. */
#define FLOAT_SCALE 8388608.0

typedef struct audio_record {
    secg_record_source source;
    SNDFILE *file;
    SF_INFO sf;
    int bits; /* of integer files; 0: float                        */
    secg_record_signal signal[MAX_AUDIO_CHANNELS];
    secg_sidecar sidecar;
    int32_t *ints; /* [BLOCK * channels]                                */
    double *reals;
    char path[4096];
    int64_t at;
} audio_record;

static const struct {
    const char *extension;
    const char *container;
} audio_kind[] = {{".wav", "WAV"},  {".w64", "W64"},   {".rf64", "RF64"}, {".flac", "FLAC"},
                  {".aif", "AIFF"}, {".aiff", "AIFF"}, {".caf", "CAF"}};

static const char *container_of(const char *path)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof audio_kind / sizeof *audio_kind; i++) {
        size_t n = strlen(audio_kind[i].extension), k = 0;
        if (length <= n)
            continue;
        while (k < n && (path[length - n + k] | 0x20) == (audio_kind[i].extension[k] | 0x20))
            k++;
        if (k == n)
            return audio_kind[i].container;
    }
    return NULL;
}

int secg_audio_is_path(const char *path)
{
    return container_of(path) != NULL;
}

static int bits_of(int format)
{
    switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
        return 8;
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ALAC_16:
        return 16;
    case SF_FORMAT_PCM_24:
        return 24;
    case SF_FORMAT_PCM_32:
        return 32;
    default:
        return 0;
    }
}

static secg_status audio_read(secg_record_source *source, int32_t *counts, size_t frames,
                              size_t *got, secg_error *error)
{
    audio_record *r = (audio_record *)source;
    size_t channels = (size_t)r->sf.channels;
    sf_count_t want = frames < BLOCK ? (sf_count_t)frames : BLOCK;
    sf_count_t read =
        r->bits ? sf_readf_int(r->file, r->ints, want) : sf_readf_double(r->file, r->reals, want);
    *got = read > 0 ? (size_t)read : 0;
    for (size_t i = 0; i < *got * channels; i++) {
        if (r->bits)
            counts[i] = r->bits == 32 ? r->ints[i] : r->ints[i] / (INT32_C(1) << (32 - r->bits));
        else
            counts[i] = fabs(r->reals[i]) < 255 ? (int32_t)lround(r->reals[i] * FLOAT_SCALE)
                                                : SECG_NO_COUNT;
    }
    r->at += (int64_t)*got;
    if (*got > 0 || frames == 0)
        return SECG_OK;
    if (r->at < source->info.frames)
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: ends after %lld of the %lld frames that it states", r->path,
                         (long long)r->at, (long long)source->info.frames);
    return SECG_END;
}

static secg_status audio_seek(secg_record_source *source, int64_t frame, secg_error *error)
{
    audio_record *r = (audio_record *)source;
    if (frame < 0 || frame > source->info.frames || sf_seek(r->file, frame, SEEK_SET) != frame)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: frame %lld is outside 0 .. %lld", r->path,
                         (long long)frame, (long long)source->info.frames);
    r->at = frame;
    return SECG_OK;
}

static secg_status audio_verify(const secg_record_source *source, secg_error *error)
{
    (void)source, (void)error; /* these formats carry no checksum of their own      */
    return SECG_OK;
}

static void audio_close(secg_record_source *source)
{
    audio_record *r = (audio_record *)source;
    if (r->file)
        sf_close(r->file);
    free(r->ints);
    free(r->reals);
    free(r);
}

static void name_of(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    size_t length = dot ? (size_t)(dot - base) : strlen(base);
    length = length < size ? length : size - 1;
    memcpy(name, base, length);
    name[length] = 0;
}

/* The gain: from the caller, else the sidecar or header beside the file, else none. */
static void describe(audio_record *r, const secg_record_options *options)
{
    double scale = r->bits ? 1 : FLOAT_SCALE;
    for (int k = 0; k < r->sf.channels; k++) {
        secg_record_signal *s = &r->signal[k];
        *s = (secg_record_signal){.adc_bits = r->bits, .samples_per_frame = 1};
        strcpy(s->units, "mV");
        double gain = options->gain_per_mv;
        if (k < r->sidecar.channels) {
            memcpy(s->description, r->sidecar.lead[k], sizeof s->description);
            double baseline = r->sidecar.baseline[k] * scale;
            s->baseline = (int32_t)lround(fmin(fmax(baseline, -2147483647.0), 2147483647.0));
            if (!(gain > 0)) {
                gain = r->sidecar.gain[k];
                memcpy(s->units, r->sidecar.units[k], sizeof s->units);
            }
        }
        s->gain = gain * scale;
        s->calibrated = s->gain != 0;
    }
}

static secg_status open_audio(audio_record *r, const secg_record_options *options,
                              secg_error *error)
{
    if (access(r->path, R_OK) != 0)
        return secg_fail(error, SECG_E_FILE, "%s: no such file, or not readable", r->path);
    r->file = sf_open(r->path, SFM_READ, &r->sf);
    if (!r->file)
        return secg_fail(error, SECG_E_FORMAT, "%s: %s", r->path, sf_strerror(NULL));
    if (r->sf.channels < 1 || r->sf.channels > MAX_AUDIO_CHANNELS)
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: %d channels; 1 to %d are supported",
                         r->path, r->sf.channels, MAX_AUDIO_CHANNELS);
    r->bits = bits_of(r->sf.format);
    secg_status status = secg_sidecar_read(r->path, r->sf.channels, &r->sidecar, error);
    if (status != SECG_OK)
        return status;
    size_t values = BLOCK * (size_t)r->sf.channels;
    r->ints = r->bits ? malloc(values * sizeof *r->ints) : NULL;
    r->reals = r->bits ? NULL : malloc(values * sizeof *r->reals);
    if (!r->ints && !r->reals)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", r->path);
    describe(r, options);
    return SECG_OK;
}

secg_status secg_audio_record_open(const char *path, const secg_record_options *options,
                                   secg_record_source **source, secg_error *error)
{
    audio_record *r = calloc(1, sizeof *r);
    if (!r)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    if (strlen(path) >= sizeof r->path) {
        free(r);
        return secg_fail(error, SECG_E_ARGUMENT, "path too long: %.100s...", path);
    }
    strcpy(r->path, path);
    secg_status status = open_audio(r, options, error);
    if (status != SECG_OK) {
        audio_close(&r->source);
        return status;
    }
    r->source = (secg_record_source){
        .read = audio_read, .seek = audio_seek, .verify = audio_verify, .close = audio_close};
    secg_record_info *info = &r->source.info;
    name_of(path, info->name, sizeof info->name);
    strcpy(info->container, container_of(path));
    info->rate_hz = r->sidecar.rate_hz > 0 ? r->sidecar.rate_hz : r->sf.samplerate;
    info->frames = r->sf.frames;
    info->signals = r->sf.channels;
    info->segments = 1;
    info->start_unix_ms = r->sidecar.start_unix_ms;
    info->signal = r->signal;
    *source = &r->source;
    return SECG_OK;
}
