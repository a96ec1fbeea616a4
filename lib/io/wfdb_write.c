/* WFDB records.  The header appears, whole, when the signals are complete. */
#include "base/atomic_file.h"
#include <stressecg/io.h>

#include "base/status.h"
#include "io/c_locale.h"
#include "io/wfdb_encode.h"
#include "io/wfdb_header.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct secg_record_writer {
    secg_signal signal;
    char folder[4096], name[64], path[4200];
    int format;
    int64_t start_unix_ms, frames;
    char **comment;
    size_t comments;
    FILE *file;
    int32_t initial[SECG_MAX_CHANNELS];
    uint16_t sum[SECG_MAX_CHANNELS];
    secg_wfdb_encoder encoder;
};

static void free_writer(secg_record_writer *w)
{
    for (size_t i = 0; i < w->comments; i++)
        free(w->comment[i]);
    free(w->comment);
    secg_flac_finish(w->encoder.flac);
    if (w->file)
        fclose(w->file);
    free(w);
}

static int good_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-'))
            return 0;
    }
    return length > 0 && length < 64;
}

static secg_status check(const secg_record_writer_config *c, secg_error *error)
{
    if (!c || !c->folder || !c->name)
        return secg_fail(error, SECG_E_ARGUMENT, "config, folder or name: NULL");
    if (!good_name(c->name))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "name: \"%.80s\" is not made of letters, digits, '_' and '-'", c->name);
    if (strlen(c->folder) >= 4096)
        return secg_fail(error, SECG_E_ARGUMENT, "folder: path too long");
    if (c->format != 0 && !secg_wfdb_format_known(c->format))
        return secg_fail(error, SECG_E_ARGUMENT, "format: %d is not one of WFDB's", (int)c->format);
    if (c->format > 500 && c->signal.channels > 8)
        return secg_fail(error, SECG_E_ARGUMENT, "format: %d has 8 channels at most, not %d",
                         (int)c->format, (int)c->signal.channels);
    if (c->comments > 1000 || (c->comments > 0 && !c->comment))
        return secg_fail(error, SECG_E_ARGUMENT, "comments: more than 1000, or NULL");
    return secg_signal_check(&c->signal, error);
}

static int copy_comments(secg_record_writer *w, const secg_record_writer_config *c)
{
    w->comment = calloc(c->comments ? c->comments : 1, sizeof *w->comment);
    for (size_t i = 0; w->comment && i < c->comments; i++) {
        w->comment[i] = malloc(strlen(c->comment[i]) + 1);
        if (!w->comment[i])
            return 0;
        strcpy(w->comment[i], c->comment[i]);
        for (char *at = w->comment[i]; *at; at++)
            if (*at == '\n' || *at == '\r')
                *at = ' ';
        w->comments++;
    }
    return w->comment != NULL;
}

secg_status secg_record_writer_open(const secg_record_writer_config *config,
                                    secg_record_writer **writer, secg_error *error)
{
    if (!writer)
        return secg_fail(error, SECG_E_ARGUMENT, "writer: NULL");
    *writer = NULL;
    secg_status status = check(config, error);
    if (status != SECG_OK)
        return status;
    secg_record_writer *w = calloc(1, sizeof *w);
    if (!w || !copy_comments(w, config)) {
        if (w)
            free_writer(w);
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", config->name);
    }
    w->signal = config->signal;
    w->format = config->format ? config->format : 16;
    w->start_unix_ms = config->start_unix_ms;
    strcpy(w->folder, config->folder);
    strcpy(w->name, config->name);
    /* An old header would describe the new samples until close, or for ever after a crash. */
    snprintf(w->path, sizeof w->path, "%s/%s.hea", w->folder, w->name);
    unlink(w->path);
    snprintf(w->path, sizeof w->path, "%s/%s.dat", w->folder, w->name);
    int file = open(w->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    w->file = file >= 0 ? fdopen(file, "wb") : NULL;
    if (!w->file) {
        status =
            secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", w->path, strerror(errno));
        if (file >= 0)
            close(file);
        free_writer(w);
        return status;
    }
    status = secg_wfdb_encoder_open(&w->encoder, w->file, w->path, w->format, w->signal.channels,
                                    w->signal.rate_hz, error);
    if (status != SECG_OK) {
        free_writer(w);
        return status;
    }
    *writer = w;
    return SECG_OK;
}

static secg_status check_counts(const secg_record_writer *w, const int32_t *counts, size_t frames,
                                secg_error *error)
{
    int32_t channels = w->signal.channels;
    int64_t at = secg_wfdb_encoder_misfit(&w->encoder, counts, frames);
    if (at < 0)
        return SECG_OK;
    char value[20] = "no value";
    if (counts[at] != SECG_NO_COUNT)
        snprintf(value, sizeof value, "%d", (int)counts[at]);
    return secg_fail(error, SECG_E_ARGUMENT,
                     "%s: frame %lld, channel %d: %s does not fit format %d%s", w->path,
                     (long long)(w->frames + at / channels), (int)(at % channels), value, w->format,
                     w->format == 8 ? " (steps of -128 .. 127, and no gaps)" : "");
}

static int put_frame(secg_record_writer *w, const int32_t *counts)
{
    int32_t stored[SECG_MAX_CHANNELS];
    for (int32_t k = 0; k < w->signal.channels; k++) {
        stored[k] = counts[k] == SECG_NO_COUNT ? secg_wfdb_absent(w->format) : counts[k];
        if (w->frames == 0)
            w->initial[k] = stored[k];
        w->sum[k] = (uint16_t)(w->sum[k] + (uint32_t)stored[k]);
    }
    w->frames++;
    return secg_wfdb_encoder_put(&w->encoder, stored);
}

secg_status secg_record_writer_put(secg_record_writer *w, const int32_t *counts, size_t frames,
                                   secg_error *error)
{
    if (!w || (!counts && frames > 0))
        return secg_fail(error, SECG_E_ARGUMENT, "writer or counts: NULL");
    secg_status status = check_counts(w, counts, frames, error);
    if (status != SECG_OK)
        return status;
    int written = 1;
    for (size_t i = 0; i < frames; i++)
        written &= put_frame(w, counts + i * (size_t)w->signal.channels);
    if (!written)
        return secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", w->path, strerror(errno));
    return SECG_OK;
}

/* ---- the header ------------------------------------------------------------------------ */

static void put_start(FILE *file, int64_t start_unix_ms)
{
    char text[32];
    if (start_unix_ms == SECG_NO_SAMPLE || start_unix_ms == 0)
        return;
    secg_clock_text(start_unix_ms, 0, 0, text, sizeof text); /* YYYY-MM-DDTHH:MM:SS.mmmZ */
    if (strlen(text) == 24)
        fprintf(file, " %.12s %.2s/%.2s/%.4s", text + 11, text + 8, text + 5, text);
}

static void put_signal_line(FILE *file, const secg_record_writer *w, int32_t k)
{
    const secg_channel *channel = &w->signal.channel[k];
    const char *name = channel->name[0] ? channel->name : secg_lead_name(channel->lead);
    fprintf(file, "%s.dat %d %.9g(%d)/mV %d 0 %d %d 0 %s\n", w->name, w->format,
            (double)channel->gain_per_mv, (int)channel->baseline, secg_wfdb_format_bits(w->format),
            (int)w->initial[k], (int)(int16_t)w->sum[k], name);
}

static secg_status write_header(const secg_record_writer *w, secg_error *error)
{
    secg_atomic_file out;
    char path[4200];
    snprintf(path, sizeof path, "%s/%s.hea", w->folder, w->name);
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    secg_c_locale locale;
    secg_c_locale_enter(&locale);
    fprintf(out.stream, "%s %d %.12g %lld", w->name, (int)w->signal.channels, w->signal.rate_hz,
            (long long)w->frames);
    put_start(out.stream, w->start_unix_ms);
    fputc('\n', out.stream);
    for (int32_t k = 0; k < w->signal.channels; k++)
        put_signal_line(out.stream, w, k);
    for (size_t i = 0; i < w->comments; i++)
        fprintf(out.stream, "# %s\n", w->comment[i]);
    secg_c_locale_leave(&locale);
    return secg_atomic_close(&out, SECG_OK, error);
}

secg_status secg_record_writer_close(secg_record_writer *w, secg_error *error)
{
    if (!w)
        return secg_fail(error, SECG_E_ARGUMENT, "writer: NULL");
    secg_status status = SECG_OK;
    if (!secg_wfdb_encoder_finish(&w->encoder) || fflush(w->file) != 0 ||
        fsync(fileno(w->file)) != 0)
        status =
            secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", w->path, strerror(errno));
    if (status == SECG_OK)
        status = write_header(w, error);
    free_writer(w);
    return status;
}
