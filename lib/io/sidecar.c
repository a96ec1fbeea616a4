#include "io/sidecar.h"

#include "base/status.h"
#include "io/c_locale.h"
#include "io/wfdb_header.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int secg_sidecar_path(const char *audio_path, const char *extension, char *path, size_t size)
{
    const char *dot = strrchr(audio_path, '.');
    int used = snprintf(path, size, "%.*s%s", (int)(dot - audio_path), audio_path, extension);
    return used > 0 && (size_t)used < size;
}

static int beside(const char *audio_path, const char *extension, char *path, size_t size)
{
    return secg_sidecar_path(audio_path, extension, path, size) && access(path, R_OK) == 0;
}

/* ---- a WFDB header --------------------------------------------------------------------- */

static secg_status check_header(const char *path, const secg_wfdb_header *h, int channels,
                                secg_error *error)
{
    if (h->segments > 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: of several segments, and beside an audio file",
                         path);
    if (h->signals != channels)
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: describes %d signals, the audio file has %d channels", path,
                         (int)h->signals, channels);
    return SECG_OK;
}

static secg_status from_header(const char *path, int channels, secg_sidecar *s, secg_error *error)
{
    secg_wfdb_header h;
    secg_status status = secg_wfdb_header_read(path, &h, error);
    if (status == SECG_OK)
        status = check_header(path, &h, channels, error);
    for (int k = 0; status == SECG_OK && k < channels; k++) {
        s->gain[k] = h.signal[k].is.gain;
        memcpy(s->units[k], h.signal[k].is.units, sizeof s->units[k]);
        s->baseline[k] = h.signal[k].is.baseline;
        memcpy(s->lead[k], h.signal[k].is.description, sizeof s->lead[k]);
        s->channels = channels;
    }
    s->rate_hz = h.rate_hz;
    s->start_unix_ms = h.start_unix_ms;
    secg_wfdb_header_free(&h);
    return status;
}

/* NAME.json goes before NAME.hea; where they disagree the caller should know. */
static void compare_with_header(const char *path, secg_sidecar *s)
{
    secg_wfdb_header h;
    char *text = s->header_ignored;
    size_t size = sizeof s->header_ignored;
    if (secg_wfdb_header_read(path, &h, NULL) != SECG_OK || h.segments > 0 ||
        h.signals != s->channels) {
        snprintf(text, size, "it does not describe these channels");
    } else {
        for (int k = 0; !text[0] && k < s->channels; k++)
            if (s->gain[k] != 0 && h.signal[k].is.gain != s->gain[k])
                snprintf(text, size, "channel %d: a gain of %g, not %g", k, h.signal[k].is.gain,
                         s->gain[k]);
            else if (s->lead[k][0] && strcmp(s->lead[k], h.signal[k].is.description) != 0)
                snprintf(text, size, "channel %d: another lead name", k);
        if (!text[0] && s->rate_hz > 0 && fabs(h.rate_hz - s->rate_hz) > 1e-9 * s->rate_hz)
            snprintf(text, size, "a rate of %g Hz, not %g", h.rate_hz, s->rate_hz);
    }
    secg_wfdb_header_free(&h);
}

/* ---- JSON ------------------------------------------------------------------------------ */

typedef struct json_file {
    const json_t *root;
    const char *path;
    int channels;
    secg_error *error;
} json_file;

static secg_status bad(const json_file *f, const char *key, const char *what)
{
    return secg_fail(f->error, SECG_E_FORMAT, "%s: %s: %s", f->path, key, what);
}

/* A number for all channels, or a list with one for each. */
static secg_status numbers(const json_file *f, const char *key, int channels, double least,
                           double most, double *value)
{
    const json_t *given = json_object_get(f->root, key);
    if (!given)
        return SECG_OK;
    if (json_is_array(given) && json_array_size(given) != (size_t)channels)
        return bad(f, key, "not one number per channel");
    for (int k = 0; k < channels; k++) {
        const json_t *number = json_is_array(given) ? json_array_get(given, (size_t)k) : given;
        value[k] = json_number_value(number);
        if (!json_is_number(number) || !(value[k] >= least && value[k] <= most))
            return bad(f, key, "not a number that belongs here");
    }
    return SECG_OK;
}

static secg_status integers(const json_file *f, const char *key, double least, double most,
                            int32_t *value)
{
    double real[SECG_SIDECAR_CHANNELS];
    for (int k = 0; k < f->channels; k++)
        real[k] = value[k];
    secg_status status = numbers(f, key, f->channels, least, most, real);
    for (int k = 0; status == SECG_OK && k < f->channels; k++) {
        value[k] = (int32_t)real[k];
        if (value[k] != real[k])
            status = bad(f, key, "not a whole number");
    }
    return status;
}

static secg_status gains(const json_file *f, secg_sidecar *s)
{
    if (json_object_get(f->root, "gain") && json_object_get(f->root, "gain_per_mv"))
        return bad(f, "gain", "beside gain_per_mv: which of them holds?");
    if (json_object_get(f->root, "units") && json_object_get(f->root, "gain_per_mv"))
        return bad(f, "units", "beside gain_per_mv, which is of mV");
    secg_status status = numbers(f, "gain_per_mv", f->channels, 1e-9, 1e12, s->gain);
    return status == SECG_OK ? numbers(f, "gain", f->channels, -1e15, 1e15, s->gain) : status;
}

/* One text per channel, into rows of `room` bytes. */
static secg_status texts(const json_file *f, const char *key, char *rows, size_t room,
                         const char *complaint)
{
    const json_t *list = json_object_get(f->root, key);
    if (!list)
        return SECG_OK;
    if (!json_is_array(list) || json_array_size(list) != (size_t)f->channels)
        return bad(f, key, "not one name per channel");
    for (size_t k = 0; k < (size_t)f->channels; k++) {
        const char *text = json_string_value(json_array_get(list, k));
        if (!text || strlen(text) >= room)
            return bad(f, key, complaint);
        strcpy(rows + k * room, text);
    }
    return SECG_OK;
}

static int all_of(const char *text, const char *allowed)
{
    return text[strspn(text, allowed)] == 0;
}

static secg_status start(const json_file *f, secg_sidecar *s)
{
    const json_t *given = json_object_get(f->root, "start");
    if (!given)
        return SECG_OK;
    int y, mo, d, h, mi, fields = 0, used = 0;
    double sec = 0;
    const char *text = json_string_value(given);
    if (text && all_of(text, "0123456789-:.TZ")) {
        secg_c_locale locale;
        secg_c_locale_enter(&locale);
        fields = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%lf%n", &y, &mo, &d, &h, &mi, &sec, &used);
        secg_c_locale_leave(&locale);
    }
    if (fields < 6 || y < 1 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 ||
        mi > 59 || !(sec >= 0 && sec < 61) || (text[used] && strcmp(text + used, "Z") != 0))
        return bad(f, "start", "not YYYY-MM-DDTHH:MM:SS");
    s->start_unix_ms =
        secg_wfdb_days(y, mo, d) * 86400000 + (h * 60 + mi) * INT64_C(60000) + llround(sec * 1000);
    return SECG_OK;
}

static secg_status words(const json_file *f, secg_sidecar *s)
{
    const json_t *format = json_object_get(f->root, "format");
    const json_t *placement = json_object_get(f->root, "placement");
    if (format &&
        (!json_is_string(format) || strcmp(json_string_value(format), SECG_SIDECAR_FORMAT) != 0))
        return bad(f, "format", "not " SECG_SIDECAR_FORMAT);
    s->placement = secg_placement_find(json_string_value(placement));
    if (placement && s->placement == SECG_PLACEMENT_UNKNOWN)
        return bad(f, "placement", "not standard, mason-likar or back");
    return SECG_OK;
}

static secg_status counts_of(const json_file *f, secg_sidecar *s)
{
    const json_t *frames = json_object_get(f->root, "frames");
    const json_t *sums = json_object_get(f->root, "checksum");
    if (frames && (!json_is_integer(frames) || json_integer_value(frames) < 0))
        return bad(f, "frames", "not a number of frames");
    s->frames = frames ? json_integer_value(frames) : -1;
    int32_t value[SECG_SIDECAR_CHANNELS] = {0};
    secg_status status = sums && !json_is_array(sums)
                             ? bad(f, "checksum", "not one number per channel")
                             : integers(f, "checksum", -32768, 65535, value);
    for (int k = 0; k < f->channels; k++)
        s->checksum[k] = value[k];
    s->has_checksum = sums != NULL;
    return status;
}

/* ---- stretches without values ---------------------------------------------------------- */

static int channel_mask(const json_file *f, const json_t *list, uint64_t *mask)
{
    *mask = f->channels == 64 ? UINT64_MAX : (UINT64_C(1) << f->channels) - 1;
    if (!list)
        return 1;
    *mask = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *number = json_array_get(list, i);
        json_int_t channel = json_integer_value(number);
        if (!json_is_integer(number) || channel < 0 || channel >= f->channels)
            return 0;
        *mask |= UINT64_C(1) << channel;
    }
    return *mask != 0;
}

static secg_status absences(const json_file *f, secg_sidecar *s)
{
    const json_t *list = json_object_get(f->root, "absent");
    int64_t reached = 0;
    if (!list)
        return SECG_OK;
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > SECG_SIDECAR_MAX_GAPS)
        return bad(f, "absent", "not a list of at most 131072 stretches");
    s->gap = calloc(count ? count : 1, sizeof *s->gap);
    if (!s->gap)
        return secg_fail(f->error, SECG_E_MEMORY, "%s: no memory", f->path);
    for (; s->gaps < count; s->gaps++) {
        const json_t *item = json_array_get(list, s->gaps);
        const json_t *first = json_object_get(item, "first"),
                     *frames = json_object_get(item, "frames");
        secg_absence *gap = &s->gap[s->gaps];
        gap->first = json_integer_value(first);
        gap->frames = json_integer_value(frames);
        if (!json_is_integer(first) || !json_is_integer(frames) || gap->first < reached ||
            gap->frames < 1 || gap->frames > (INT64_C(1) << 60) - gap->first ||
            !channel_mask(f, json_object_get(item, "channels"), &gap->channels))
            return bad(f, "absent", "not stretches in order: {first, frames, channels}");
        reached = gap->first + gap->frames;
    }
    return SECG_OK;
}

static secg_status comments(const json_file *f, secg_sidecar *s)
{
    const json_t *list = json_object_get(f->root, "comments");
    if (!list)
        return SECG_OK;
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > SECG_WFDB_MAX_COMMENTS)
        return bad(f, "comments", "not a list of at most 1000 texts");
    s->comment = calloc(count ? count : 1, sizeof *s->comment);
    for (; s->comment && s->comments < count; s->comments++) {
        const char *text = json_string_value(json_array_get(list, s->comments));
        if (!text)
            return bad(f, "comments", "not a list of texts");
        if (!(s->comment[s->comments] = strdup(text)))
            break;
    }
    return s->comments == count && s->comment
               ? SECG_OK
               : secg_fail(f->error, SECG_E_MEMORY, "%s: no memory", f->path);
}

/* ---- the file -------------------------------------------------------------------------- */

static secg_status known_keys(const json_file *f)
{
    static const char *const known[] = {"format",      "gain_per_mv", "gain",      "units",
                                        "baseline",    "leads",       "rate_hz",   "start",
                                        "adc_bits",    "adc_zero",    "placement", "frames",
                                        "stored_bits", "checksum",    "absent",    "comments"};
    const char *key;
    json_t *value, *root = (json_t *)(uintptr_t)f->root;
    json_object_foreach(root, key, value)
    {
        int found = 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            found |= strcmp(key, known[i]) == 0;
        if (!found)
            return secg_fail(f->error, SECG_E_FORMAT, "%s: \"%.60s\" is not a field of a sidecar",
                             f->path, key);
    }
    return SECG_OK;
}

static secg_status calibration(const json_file *f, secg_sidecar *s)
{
    secg_status status = gains(f, s);
    if (status == SECG_OK)
        status =
            texts(f, "units", s->units[0], sizeof s->units[0], "not a unit of at most 23 letters");
    if (status == SECG_OK)
        status = numbers(f, "baseline", f->channels, -2147483647.0, 1e12, s->baseline);
    if (status == SECG_OK)
        status = integers(f, "adc_bits", 0, 64, s->adc_bits);
    if (status == SECG_OK)
        status = integers(f, "adc_zero", INT32_MIN, INT32_MAX, s->adc_zero);
    return status == SECG_OK ? integers(f, "stored_bits", 0, 32, s->stored_bits) : status;
}

static secg_status from_json(const char *path, int channels, secg_sidecar *s, secg_error *error)
{
    json_error_t where;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return secg_fail(error, SECG_E_FORMAT, "%s:%d:%d: %s", path, where.line, where.column,
                         where.text);
    json_file f = {root, path, channels, error};
    secg_status (*const part[])(const json_file *, secg_sidecar *) = {
        calibration, words, start, counts_of, absences, comments};
    secg_status status = json_is_object(root) ? known_keys(&f) : bad(&f, "root", "not an object");
    if (status == SECG_OK)
        status = numbers(&f, "rate_hz", 1, 1e-3, 1e12, &s->rate_hz);
    if (status == SECG_OK)
        status =
            texts(&f, "leads", s->lead[0], sizeof s->lead[0], "not a name of at most 63 letters");
    for (size_t i = 0; status == SECG_OK && i < sizeof part / sizeof *part; i++)
        status = part[i](&f, s);
    s->channels = channels;
    json_decref(root);
    return status;
}

secg_status secg_sidecar_read(const char *audio_path, int channels, secg_sidecar *s,
                              secg_error *error)
{
    char header[sizeof s->path];
    *s = (secg_sidecar){.start_unix_ms = SECG_NO_SAMPLE, .frames = -1};
    for (int k = 0; k < SECG_SIDECAR_CHANNELS; k++) {
        strcpy(s->units[k], "mV");
        s->adc_bits[k] = s->stored_bits[k] = -1;
    }
    if (channels > SECG_SIDECAR_CHANNELS)
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: too many channels", audio_path);
    int has_header = beside(audio_path, ".hea", header, sizeof header);
    if (beside(audio_path, ".json", s->path, sizeof s->path)) {
        secg_status status = from_json(s->path, channels, s, error);
        if (status == SECG_OK && has_header)
            compare_with_header(header, s);
        return status;
    }
    if (!has_header)
        return SECG_OK;
    strcpy(s->path, header);
    return from_header(header, channels, s, error);
}

void secg_sidecar_free(secg_sidecar *s)
{
    for (size_t i = 0; i < s->comments; i++)
        free(s->comment[i]);
    free(s->comment);
    free(s->gap);
    *s = (secg_sidecar){0};
}
