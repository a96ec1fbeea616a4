/* Audio files as recordings, through libsndfile. */
#include "base/status.h"
#include "io/record_source.h"
#include "io/sidecar.h"

#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 1024 };

/* Float files hold no counts: full scale 1.0 becomes 2^23 of them, so that 24 bits of mantissa
 * survive, and a gain given per unit of full scale is multiplied by as much. */
#define FLOAT_SCALE 8388608.0

typedef struct audio_record {
    secg_record_source source;
    SNDFILE *file;
    SF_INFO sf;
    int bits; /* of integer files; 0: float                        */
    secg_record_signal signal[SECG_SIDECAR_CHANNELS];
    secg_sidecar sidecar;
    size_t gap;   /* the first of the sidecar's that is not behind us     */
    int in_order; /* read from the start without a jump                   */
    uint16_t sum[SECG_SIDECAR_CHANNELS];
    const char *warning[SECG_SIDECAR_WARNINGS];
    char warning_text[SECG_SIDECAR_WARNINGS][600];
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

const char *secg_audio_container(const char *path)
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

/* Audio has no mark for "no value": the sidecar lists where there is none. */
static void take_absent_out(audio_record *r, int32_t *counts, size_t frames)
{
    const secg_sidecar *s = &r->sidecar;
    size_t channels = (size_t)r->sf.channels;
    int64_t end = r->at + (int64_t)frames;
    while (r->gap < s->gaps && s->gap[r->gap].first + s->gap[r->gap].frames <= r->at)
        r->gap++;
    for (size_t g = r->gap; g < s->gaps && s->gap[g].first < end; g++) {
        int64_t first = s->gap[g].first > r->at ? s->gap[g].first : r->at;
        int64_t last = s->gap[g].first + s->gap[g].frames;
        for (int64_t n = first; n < (last < end ? last : end); n++)
            for (size_t k = 0; k < channels; k++)
                if (s->gap[g].channels >> k & 1)
                    counts[(size_t)(n - r->at) * channels + k] = SECG_NO_COUNT;
    }
}

static int32_t count_of_real(double value)
{
    return fabs(value) < 255 ? (int32_t)lround(value * FLOAT_SCALE) : SECG_NO_COUNT;
}

static void add_to_sums(audio_record *r, const int32_t *counts, size_t frames)
{
    size_t channels = (size_t)r->sf.channels;
    for (size_t i = 0; i < frames * channels; i++)
        if (counts[i] != SECG_NO_COUNT)
            r->sum[i % channels] = (uint16_t)(r->sum[i % channels] + (uint32_t)counts[i]);
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
    for (size_t i = 0; i < *got * channels; i++)
        counts[i] =
            r->bits ? r->ints[i] / (INT32_C(1) << (32 - r->bits) % 32) : count_of_real(r->reals[i]);
    take_absent_out(r, counts, *got);
    add_to_sums(r, counts, *got);
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
    r->in_order = frame == 0 || (r->in_order && frame == r->at);
    if (frame == 0)
        memset(r->sum, 0, sizeof r->sum);
    if (frame < r->at)
        r->gap = 0;
    r->at = frame;
    return SECG_OK;
}

/* Audio formats carry no checksums of their own; the sidecar of an export does. */
static secg_status audio_verify(const secg_record_source *source, secg_error *error)
{
    const audio_record *r = (const audio_record *)source;
    if (!r->sidecar.has_checksum)
        return SECG_OK;
    if (!r->in_order || r->at < source->info.frames)
        return secg_fail(error, SECG_E_STATE, "%s: not read from its start to its end", r->path);
    for (int k = 0; k < r->sf.channels; k++)
        if ((uint16_t)r->sidecar.checksum[k] != r->sum[k])
            return secg_fail(error, SECG_E_FORMAT,
                             "%s: channel %d (%s): the checksum is %d, %s states %d", r->path, k,
                             r->signal[k].description, (int)r->sum[k], r->sidecar.path,
                             (int)(uint16_t)r->sidecar.checksum[k]);
    return SECG_OK;
}

static void audio_close(secg_record_source *source)
{
    audio_record *r = (audio_record *)source;
    if (r->file)
        sf_close(r->file);
    secg_sidecar_free(&r->sidecar);
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

static void describe_from_sidecar(audio_record *r, int k, double scale)
{
    secg_record_signal *s = &r->signal[k];
    const secg_sidecar *from = &r->sidecar;
    memcpy(s->description, from->lead[k], sizeof s->description);
    memcpy(s->units, from->units[k], sizeof s->units);
    s->gain = from->gain[k] * scale;
    s->baseline =
        (int32_t)lround(fmin(fmax(from->baseline[k] * scale, -2147483647.0), 2147483647.0));
    if (from->adc_bits[k] >= 0)
        s->adc_bits = from->adc_bits[k];
    if (from->stored_bits[k] >= 0)
        s->stored_bits = (uint8_t)from->stored_bits[k];
    s->adc_zero = from->adc_zero[k];
}

/* The gain: from the caller, else the sidecar or header beside the file, else none. */
static void describe(audio_record *r, const secg_record_options *options)
{
    double scale = r->bits ? 1 : FLOAT_SCALE;
    for (int k = 0; k < r->sf.channels; k++) {
        secg_record_signal *s = &r->signal[k];
        *s = (secg_record_signal){.adc_bits = r->bits, .samples_per_frame = 1};
        strcpy(s->units, "mV");
        if (k < r->sidecar.channels)
            describe_from_sidecar(r, k, scale);
        if (options->gain_per_mv > 0) {
            s->gain = options->gain_per_mv * scale;
            strcpy(s->units, "mV");
        }
        s->calibrated = s->gain != 0;
    }
}

static char *next_warning(audio_record *r)
{
    size_t n = r->source.info.warnings++;
    r->warning[n] = r->warning_text[n];
    return r->warning_text[n];
}

/* Where two sources disagree the one that was taken is named: nothing is resolved in silence. */
static void warn(audio_record *r, const secg_record_options *options)
{
    const secg_sidecar *s = &r->sidecar;
    enum { ROOM = sizeof r->warning_text[0] };
    int differs = -1;
    for (int k = 0; options->gain_per_mv > 0 && k < s->channels && differs < 0; k++)
        if (s->gain[k] != 0 &&
            (s->gain[k] != options->gain_per_mv || strcmp(s->units[k], "mV") != 0))
            differs = k;
    if (differs >= 0)
        snprintf(next_warning(r), ROOM,
                 "%.400s: channel %d: the gain of %g counts/%s is not used, but the %g counts/mV "
                 "that were given",
                 s->path, differs, s->gain[differs], s->units[differs], options->gain_per_mv);
    if (s->header_ignored[0])
        snprintf(next_warning(r), ROOM,
                 "%.400s: is used; the header beside it says otherwise and is not: %s", s->path,
                 s->header_ignored);
    if (s->rate_hz > 0 && llround(s->rate_hz) != r->sf.samplerate)
        snprintf(next_warning(r), ROOM, "%.400s: its rate of %g Hz is used, not the %d Hz of %s",
                 s->path, s->rate_hz, r->sf.samplerate, strrchr(r->path, '.'));
    r->source.info.warning = r->warning;
}

static secg_status check_sidecar(const audio_record *r, secg_error *error)
{
    const secg_sidecar *s = &r->sidecar;
    if (s->frames >= 0 && s->frames != r->sf.frames)
        return secg_fail(error, SECG_E_FORMAT, "%s: is of %lld frames, but %s has %lld", s->path,
                         (long long)s->frames, r->path, (long long)r->sf.frames);
    return SECG_OK;
}

static secg_status open_audio(audio_record *r, const secg_record_options *options,
                              secg_error *error)
{
    struct stat file;
    if (stat(r->path, &file) != 0 || !S_ISREG(file.st_mode))
        return secg_fail(error, SECG_E_FILE, "%s: no such file, or none that holds samples",
                         r->path);
    r->file = sf_open(r->path, SFM_READ, &r->sf);
    if (!r->file)
        return secg_fail(error, SECG_E_FORMAT, "%s: %s", r->path, sf_strerror(NULL));
    if (r->sf.channels < 1 || r->sf.channels > SECG_SIDECAR_CHANNELS)
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: %d channels; 1 to %d are supported",
                         r->path, r->sf.channels, SECG_SIDECAR_CHANNELS);
    r->bits = bits_of(r->sf.format);
    secg_status status = secg_sidecar_read(r->path, r->sf.channels, &r->sidecar, error);
    if (status == SECG_OK)
        status = check_sidecar(r, error);
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
    r->in_order = 1;
    r->source = (secg_record_source){
        .read = audio_read, .seek = audio_seek, .verify = audio_verify, .close = audio_close};
    secg_record_info *info = &r->source.info;
    name_of(path, info->name, sizeof info->name);
    strcpy(info->container, secg_audio_container(path));
    info->rate_hz = r->sidecar.rate_hz > 0 ? r->sidecar.rate_hz : r->sf.samplerate;
    info->frames = r->sf.frames;
    info->signals = r->sf.channels;
    info->segments = 1;
    info->start_unix_ms = r->sidecar.start_unix_ms;
    info->signal = r->signal;
    info->placement = r->sidecar.placement;
    info->comment = (const char *const *)r->sidecar.comment;
    info->comments = r->sidecar.comments;
    warn(r, options);
    *source = &r->source;
    return SECG_OK;
}
