/* A record as an audio file with a sidecar.
 *
 * Two passes: the first finds the range of the counts, the stretches without values and the
 * checksums, so that the width is known before a byte is written and the sidecar before the
 * audio; the second writes.  Neither holds more than a block of frames, and the list of stretches
 * is bounded. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "io/record_source.h"
#include "io/sidecar.h"

#include <jansson.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1024 };

typedef struct audio_export {
    secg_record *record;
    const secg_record_info *info;
    const char *path;
    secg_audio_write_options options;
    secg_error *error;
    int kind, bits;
    int32_t *counts; /* [BLOCK * signals]                                        */
    int64_t frames;
    int64_t extreme_frame; /* where the widest count stands            */
    int32_t extreme, extreme_signal;
    uint16_t sum[SECG_SIDECAR_CHANNELS];
    secg_absence *gap;
    size_t gaps, room;
} audio_export;

/* ---- the kinds ------------------------------------------------------------------------- */

static const struct {
    const char *container;
    int format, most_signals, most_bits;
    int64_t most_bytes; /* 0: 63 bits                                              */
} kinds[] = {{"WAV", SF_FORMAT_WAV, 64, 32, UINT32_MAX},   {"W64", SF_FORMAT_W64, 64, 32, 0},
             {"RF64", SF_FORMAT_RF64, 64, 32, 0},          {"FLAC", SF_FORMAT_FLAC, 8, 24, 0},
             {"AIFF", SF_FORMAT_AIFF, 64, 32, UINT32_MAX}, {"CAF", SF_FORMAT_CAF, 64, 32, 0}};

static int find_kind(const char *path)
{
    const char *container = secg_audio_container(path);
    for (int i = 0; container && i < (int)(sizeof kinds / sizeof *kinds); i++)
        if (strcmp(kinds[i].container, container) == 0)
            return i;
    return -1;
}

static secg_status check(audio_export *e)
{
    const secg_audio_write_options *o = &e->options;
    e->kind = find_kind(e->path);
    if (e->kind < 0)
        return secg_fail(e->error, SECG_E_ARGUMENT,
                         "%s: not .wav, .w64, .rf64, .flac, .aiff, .aif or .caf",
                         secg_path_tail(e->path));
    if (o->bits != 0 && o->bits != 16 && o->bits != 24 && o->bits != 32)
        return secg_fail(e->error, SECG_E_ARGUMENT, "bits: %d is not 16, 24 or 32", (int)o->bits);
    if (o->bits > kinds[e->kind].most_bits)
        return secg_fail(e->error, SECG_E_ARGUMENT, "bits: %s has no more than %d, not %d",
                         kinds[e->kind].container, kinds[e->kind].most_bits, (int)o->bits);
    if ((unsigned)o->placement > SECG_PLACEMENT_BACK)
        return secg_fail(e->error, SECG_E_ARGUMENT, "placement: %d is none", (int)o->placement);
    if (e->info->signals > kinds[e->kind].most_signals)
        return secg_fail(e->error, SECG_E_ARGUMENT, "%s: %d signals; a %s file has %d at most",
                         e->info->name, (int)e->info->signals, kinds[e->kind].container,
                         kinds[e->kind].most_signals);
    return SECG_OK;
}

/* ---- the first pass -------------------------------------------------------------------- */

/* The frame joins the last stretch when it is next to it and lacks the same channels. */
static secg_status add_absence(audio_export *e, uint64_t channels)
{
    secg_absence *last = e->gaps ? &e->gap[e->gaps - 1] : NULL;
    if (last && last->first + last->frames == e->frames && last->channels == channels) {
        last->frames++;
        return SECG_OK;
    }
    if (e->gaps == SECG_SIDECAR_MAX_GAPS)
        return secg_fail(e->error, SECG_E_UNSUPPORTED,
                         "%s: more than %d stretches without values; audio cannot mark them",
                         e->info->name, SECG_SIDECAR_MAX_GAPS);
    if (e->gaps == e->room) {
        size_t room = e->room ? 2 * e->room : 64;
        secg_absence *more = realloc(e->gap, room * sizeof *more);
        if (!more)
            return secg_fail(e->error, SECG_E_MEMORY, "%s: no memory", e->info->name);
        e->gap = more;
        e->room = room;
    }
    e->gap[e->gaps++] = (secg_absence){.first = e->frames, .frames = 1, .channels = channels};
    return SECG_OK;
}

static int64_t width(int32_t count)
{
    return count < 0 ? -(int64_t)count - 1 : count;
}

static void measure(audio_export *e, int32_t k, int32_t count)
{
    e->sum[k] = (uint16_t)(e->sum[k] + (uint32_t)count);
    if (width(count) > width(e->extreme)) {
        e->extreme = count;
        e->extreme_signal = k;
        e->extreme_frame = e->frames;
    }
}

static secg_status survey_frame(audio_export *e, const int32_t *counts)
{
    uint64_t absent = 0;
    for (int32_t k = 0; k < e->info->signals; k++)
        if (counts[k] == SECG_NO_COUNT)
            absent |= UINT64_C(1) << k;
        else
            measure(e, k, counts[k]);
    secg_status status = absent ? add_absence(e, absent) : SECG_OK;
    e->frames++;
    return status;
}

static secg_status survey(audio_export *e)
{
    secg_status status = secg_record_seek(e->record, 0, e->error);
    size_t got;
    while (status == SECG_OK) {
        status = secg_record_read(e->record, e->counts, BLOCK, &got, e->error);
        for (size_t i = 0; status == SECG_OK && i < got; i++)
            status = survey_frame(e, e->counts + i * (size_t)e->info->signals);
    }
    return status == SECG_END ? SECG_OK : status;
}

static secg_status choose_bits(audio_export *e)
{
    int64_t widest = width(e->extreme);
    int needed = widest < 32768 ? 16 : widest < 8388608 ? 24 : 32;
    int most = e->options.bits ? e->options.bits : kinds[e->kind].most_bits;
    e->bits = e->options.bits ? e->options.bits : needed;
    if (needed > most)
        return secg_fail(e->error, SECG_E_ARGUMENT,
                         "%s: frame %lld, signal %d: %d does not fit into %d bits%s", e->info->name,
                         (long long)e->extreme_frame, (int)e->extreme_signal, (int)e->extreme, most,
                         e->options.bits ? "" : ", which is all FLAC has");
    int64_t bytes = e->frames * e->info->signals * (e->bits / 8), limit = kinds[e->kind].most_bytes;
    if (e->frames == 0)
        return secg_fail(e->error, SECG_E_UNSUPPORTED, "%s: there are no samples", e->info->name);
    if (limit && bytes > limit - 4096)
        return secg_fail(
            e->error, SECG_E_UNSUPPORTED,
            "%s: %lld bytes of samples; a %s file ends at 4 GiB: take W64, RF64 or CAF",
            e->info->name, (long long)bytes, kinds[e->kind].container);
    return SECG_OK;
}

/* ---- the sidecar ----------------------------------------------------------------------- */

/* JSON is UTF-8; bytes of a file that is not are taken for Latin-1. */
static json_t *text_of(const char *text)
{
    json_t *string = json_string(text);
    if (string)
        return string;
    size_t length = strlen(text), used = 0;
    char *copy = malloc(2 * length + 1);
    for (size_t i = 0; copy && i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80)
            copy[used++] = (char)(0xc0 | c >> 6);
        copy[used++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
    }
    string = copy ? json_stringn(copy, used) : NULL;
    free(copy);
    return string;
}

static void put_signals(json_t *root, const audio_export *e)
{
    json_t *leads = json_array(), *gain = json_array(), *units = json_array();
    json_t *baseline = json_array(), *adc_bits = json_array(), *adc_zero = json_array();
    json_t *stored = json_array(), *sums = json_array();
    for (int32_t k = 0; k < e->info->signals; k++) {
        const secg_record_signal *s = &e->info->signal[k];
        json_array_append_new(leads, text_of(s->description));
        json_array_append_new(gain, json_real(s->calibrated ? s->gain : 0));
        json_array_append_new(units, text_of(s->units));
        json_array_append_new(baseline, json_integer(s->baseline));
        json_array_append_new(adc_bits, json_integer(s->adc_bits));
        json_array_append_new(adc_zero, json_integer(s->adc_zero));
        json_array_append_new(stored, json_integer(s->stored_bits));
        json_array_append_new(sums, json_integer(e->sum[k]));
    }
    json_object_set_new(root, "leads", leads);
    json_object_set_new(root, "gain", gain);
    json_object_set_new(root, "units", units);
    json_object_set_new(root, "baseline", baseline);
    json_object_set_new(root, "adc_bits", adc_bits);
    json_object_set_new(root, "adc_zero", adc_zero);
    json_object_set_new(root, "stored_bits", stored);
    json_object_set_new(root, "checksum", sums);
}

static json_t *absent_list(const audio_export *e)
{
    uint64_t all = UINT64_MAX >> (64 - e->info->signals);
    json_t *list = json_array();
    for (size_t i = 0; i < e->gaps; i++) {
        json_t *item = json_object();
        json_object_set_new(item, "first", json_integer(e->gap[i].first));
        json_object_set_new(item, "frames", json_integer(e->gap[i].frames));
        if (e->gap[i].channels != all) {
            json_t *channels = json_array();
            for (int32_t k = 0; k < e->info->signals; k++)
                if (e->gap[i].channels >> k & 1)
                    json_array_append_new(channels, json_integer(k));
            json_object_set_new(item, "channels", channels);
        }
        json_array_append_new(list, item);
    }
    return list;
}

static void put_start(json_t *root, int64_t start_unix_ms)
{
    char text[32];
    if (start_unix_ms == SECG_NO_SAMPLE)
        return;
    secg_clock_text(start_unix_ms, 0, 0, text, sizeof text);
    text[strcspn(text, "Z")] = 0; /* the file's own local time */
    json_object_set_new(root, "start", json_string(text));
}

static json_t *sidecar_of(const audio_export *e)
{
    static const char *const placement[] = {NULL, "standard", "mason-likar", "back"};
    const secg_record_info *info = e->info;
    secg_placement placed = e->options.placement ? e->options.placement : info->placement;
    json_t *root = json_object(), *comments = json_array();
    json_object_set_new(root, "format", json_string(SECG_SIDECAR_FORMAT));
    json_object_set_new(root, "rate_hz", json_real(info->rate_hz));
    json_object_set_new(root, "frames", json_integer(e->frames));
    put_start(root, info->start_unix_ms);
    if (placed != SECG_PLACEMENT_UNKNOWN)
        json_object_set_new(root, "placement", json_string(placement[placed]));
    put_signals(root, e);
    json_object_set_new(root, "absent", absent_list(e));
    for (size_t i = 0; i < info->comments; i++)
        json_array_append_new(comments, text_of(info->comment[i]));
    json_object_set_new(root, "comments", comments);
    return root;
}

/* Anything else that is called NAME.json, a test file say, is not ours to replace. */
static secg_status may_replace(const char *path, secg_error *error)
{
    if (access(path, F_OK) != 0)
        return SECG_OK;
    json_t *old = json_load_file(path, 0, NULL);
    const char *format = json_string_value(json_object_get(old, "format"));
    int ours = format && strcmp(format, SECG_SIDECAR_FORMAT) == 0;
    json_decref(old);
    return ours ? SECG_OK
                : secg_fail(error, SECG_E_STATE,
                            "%s: is there and was not written by an export; choose another name",
                            secg_path_tail(path));
}

static secg_status write_sidecar(const audio_export *e, secg_atomic_file *file)
{
    json_t *root = sidecar_of(e);
    int failed = json_dumpf(root, file->stream, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    fputc('\n', file->stream);
    json_decref(root);
    return failed ? secg_fail(e->error, SECG_E_FILE, "%s: cannot be written",
                              secg_path_tail(file->path))
                  : SECG_OK;
}

/* ---- the second pass ------------------------------------------------------------------- */

/* Where there is no value the audio is at rest: the count of 0 units. */
static int32_t resting(const audio_export *e, int32_t k)
{
    int32_t half = (int32_t)((INT64_C(1) << (e->bits - 1)) - 1), base = e->info->signal[k].baseline;
    return base < -half || base > half ? 0 : base;
}

static secg_status write_block(audio_export *e, SNDFILE *out, size_t frames)
{
    size_t signals = (size_t)e->info->signals;
    for (size_t i = 0; i < frames * signals; i++) {
        int32_t count = e->counts[i];
        if (count == SECG_NO_COUNT)
            count = resting(e, (int32_t)(i % signals));
        e->counts[i] = (int32_t)((uint32_t)count << (32 - e->bits));
    }
    if (sf_writef_int(out, e->counts, (sf_count_t)frames) != (sf_count_t)frames)
        return secg_fail(e->error, SECG_E_FILE, "%s: cannot be written: %s",
                         secg_path_tail(e->path), sf_strerror(out));
    return SECG_OK;
}

static secg_status write_samples(audio_export *e, SNDFILE *out)
{
    secg_status status = secg_record_seek(e->record, 0, e->error);
    int64_t frames = 0;
    size_t got;
    while (status == SECG_OK) {
        status = secg_record_read(e->record, e->counts, BLOCK, &got, e->error);
        if (status == SECG_OK)
            status = write_block(e, out, got);
        frames += status == SECG_OK ? (int64_t)got : 0;
    }
    if (status == SECG_END && frames != e->frames)
        return secg_fail(e->error, SECG_E_FILE, "%s: changed while it was read", e->info->name);
    return status == SECG_END ? SECG_OK : status;
}

static secg_status write_audio(audio_export *e, secg_atomic_file *file)
{
    static const int subtype[] = {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32};
    SF_INFO info = {.samplerate = (int)fmax(1, rint(e->info->rate_hz)),
                    .channels = e->info->signals,
                    .format = kinds[e->kind].format | subtype[e->bits / 8 - 2]};
    SNDFILE *out = sf_open_fd(fileno(file->stream), SFM_WRITE, &info, SF_FALSE);
    if (!out)
        return secg_fail(e->error, SECG_E_FILE, "%s: %s", secg_path_tail(e->path),
                         sf_strerror(NULL));
    secg_status status = write_samples(e, out);
    if (sf_close(out) != 0 && status == SECG_OK)
        status =
            secg_fail(e->error, SECG_E_FILE, "%s: cannot be finished", secg_path_tail(e->path));
    return status;
}

/* Both files are complete before either takes its place. */
static secg_status write_both(audio_export *e)
{
    char path[4200];
    secg_atomic_file audio, sidecar;
    if (!secg_sidecar_path(e->path, ".json", path, sizeof path))
        return secg_fail(e->error, SECG_E_ARGUMENT, "path too long: %.100s...", e->path);
    secg_status status = may_replace(path, e->error);
    if (status != SECG_OK || (status = secg_atomic_open(&sidecar, path, e->error)) != SECG_OK)
        return status;
    status = secg_atomic_open(&audio, e->path, e->error);
    if (status != SECG_OK)
        return secg_atomic_close(&sidecar, status, e->error);
    status = write_sidecar(e, &sidecar);
    if (status == SECG_OK)
        status = write_audio(e, &audio);
    status = secg_atomic_close(&audio, status, e->error);
    return secg_atomic_close(&sidecar, status, e->error);
}

secg_status secg_audio_write(secg_record *record, const char *path,
                             const secg_audio_write_options *options, secg_error *error)
{
    if (!record || !path)
        return secg_fail(error, SECG_E_ARGUMENT, "record or path: NULL");
    secg_error ignored;
    audio_export e = {.record = record,
                      .info = secg_record_get_info(record),
                      .path = path,
                      .options = options ? *options : (secg_audio_write_options){0},
                      .error = error ? error : &ignored};
    secg_status status = check(&e);
    if (status != SECG_OK)
        return status;
    e.counts = malloc(BLOCK * (size_t)e.info->signals * sizeof *e.counts);
    if (!e.counts)
        status = secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    if (status == SECG_OK)
        status = survey(&e);
    if (status == SECG_OK)
        status = choose_bits(&e);
    if (status == SECG_OK)
        status = write_both(&e);
    free(e.counts);
    free(e.gap);
    return status;
}
