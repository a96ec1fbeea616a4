#include "io/sidecar.h"

#include "base/status.h"
#include "io/c_locale.h"
#include "io/wfdb_header.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int beside(const char *audio_path, const char *extension, char *path, size_t size)
{
    const char *dot = strrchr(audio_path, '.');
    int used = snprintf(path, size, "%.*s%s", (int)(dot - audio_path), audio_path, extension);
    return used > 0 && (size_t)used < size && access(path, R_OK) == 0;
}

/* ---- a WFDB header --------------------------------------------------------------------- */

static secg_status from_header(const char *path, int channels, secg_sidecar *s, secg_error *error)
{
    secg_wfdb_header h;
    secg_status status = secg_wfdb_header_read(path, &h, error);
    if (status == SECG_OK && h.signals < channels)
        status = secg_fail(error, SECG_E_FORMAT,
                           "%s: describes %d signals, the audio file has %d channels", path,
                           (int)h.signals, channels);
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

/* ---- JSON ------------------------------------------------------------------------------ */

static secg_status bad(secg_error *error, const char *path, const char *key, const char *what)
{
    return secg_fail(error, SECG_E_FORMAT, "%s: %s: %s", path, key, what);
}

/* A number for all channels, or a list with one for each. */
static secg_status numbers(const json_t *root, const char *path, const char *key, int channels,
                           double least, double *value, secg_error *error)
{
    const json_t *given = json_object_get(root, key);
    if (!given)
        return SECG_OK;
    if (json_is_array(given) && json_array_size(given) != (size_t)channels)
        return bad(error, path, key, "not one number per channel");
    for (int k = 0; k < channels; k++) {
        const json_t *number = json_is_array(given) ? json_array_get(given, (size_t)k) : given;
        value[k] = json_number_value(number);
        if (!json_is_number(number) || !(value[k] >= least && value[k] <= 1e12))
            return bad(error, path, key, "not a number that belongs here");
    }
    return SECG_OK;
}

static secg_status leads(const json_t *root, const char *path, int channels, secg_sidecar *s,
                         secg_error *error)
{
    const json_t *list = json_object_get(root, "leads");
    if (!list)
        return SECG_OK;
    if (!json_is_array(list) || json_array_size(list) != (size_t)channels)
        return bad(error, path, "leads", "not one name per channel");
    for (int k = 0; k < channels; k++) {
        const char *name = json_string_value(json_array_get(list, (size_t)k));
        if (!name || strlen(name) >= sizeof s->lead[k])
            return bad(error, path, "leads", "not a name of at most 63 letters");
        strcpy(s->lead[k], name);
    }
    return SECG_OK;
}

static secg_status start(const json_t *root, const char *path, secg_sidecar *s, secg_error *error)
{
    const json_t *given = json_object_get(root, "start");
    if (!given)
        return SECG_OK;
    int y, mo, d, h, mi, fields = 0;
    double sec;
    const char *text = json_string_value(given);
    if (text) {
        secg_c_locale locale;
        secg_c_locale_enter(&locale);
        fields = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%lf", &y, &mo, &d, &h, &mi, &sec);
        secg_c_locale_leave(&locale);
    }
    if (fields < 6 || y < 1 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 ||
        mi > 59 || !(sec >= 0 && sec < 61))
        return bad(error, path, "start", "not YYYY-MM-DDTHH:MM:SS");
    s->start_unix_ms =
        secg_wfdb_days(y, mo, d) * 86400000 + (h * 60 + mi) * INT64_C(60000) + llround(sec * 1000);
    return SECG_OK;
}

static secg_status known_keys(json_t *root, const char *path, secg_error *error)
{
    static const char *const known[] = {"gain_per_mv", "baseline", "leads", "rate_hz", "start"};
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        int found = 0;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            found |= strcmp(key, known[i]) == 0;
        if (!found)
            return secg_fail(error, SECG_E_FORMAT, "%s: \"%.60s\" is not a field of a sidecar",
                             path, key);
    }
    return SECG_OK;
}

static secg_status from_json(const char *path, int channels, secg_sidecar *s, secg_error *error)
{
    json_error_t where;
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return secg_fail(error, SECG_E_FORMAT, "%s:%d:%d: %s", path, where.line, where.column,
                         where.text);
    secg_status status = json_is_object(root) ? known_keys(root, path, error)
                                              : bad(error, path, "root", "not an object");
    if (status == SECG_OK)
        status = numbers(root, path, "gain_per_mv", channels, 1e-9, s->gain, error);
    if (status == SECG_OK)
        status = numbers(root, path, "baseline", channels, -2147483647.0, s->baseline, error);
    if (status == SECG_OK)
        status = numbers(root, path, "rate_hz", 1, 1e-3, &s->rate_hz, error);
    if (status == SECG_OK)
        status = leads(root, path, channels, s, error);
    if (status == SECG_OK)
        status = start(root, path, s, error);
    s->channels = channels;
    json_decref(root);
    return status;
}

secg_status secg_sidecar_read(const char *audio_path, int channels, secg_sidecar *s,
                              secg_error *error)
{
    char path[4200];
    *s = (secg_sidecar){.start_unix_ms = SECG_NO_SAMPLE};
    for (int k = 0; k < SECG_SIDECAR_CHANNELS; k++)
        strcpy(s->units[k], "mV");
    if (channels > SECG_SIDECAR_CHANNELS)
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: too many channels", audio_path);
    if (beside(audio_path, ".json", path, sizeof path))
        return from_json(path, channels, s, error);
    if (beside(audio_path, ".hea", path, sizeof path))
        return from_header(path, channels, s, error);
    return SECG_OK;
}
