/* WFDB signal files: formats 16, 24, 32 and 212.  The header appears, whole, when the signals are
 * complete. */
#include "base/atomic_file.h"
#include <stressecg/io.h>

#include "base/status.h"
#include "io/c_locale.h"

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
    unsigned held; /* format 212: the first sample of a pair            */
    int holding;
};

static int32_t absent_count(int format)
{
    return format == 212 ? -2048 : format == 24 ? -8388608 : format == 32 ? INT32_MIN : -32768;
}

static void free_writer(secg_record_writer *w)
{
    for (size_t i = 0; i < w->comments; i++)
        free(w->comment[i]);
    free(w->comment);
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
    if (c->format != 0 && c->format != 16 && c->format != 24 && c->format != 32 && c->format != 212)
        return secg_fail(error, SECG_E_ARGUMENT, "format: %d is not 16, 24, 32 or 212",
                         (int)c->format);
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
    *writer = w;
    return SECG_OK;
}

static void put_bytes(FILE *file, uint32_t value, int bytes)
{
    for (; bytes > 0; bytes--, value >>= 8)
        fputc((int)(value & 0xff), file);
}

static void put_pair(secg_record_writer *w, unsigned second)
{
    fputc((int)(w->held & 0xff), w->file);
    fputc((int)((w->held >> 8 & 0x0f) | (second >> 4 & 0xf0)), w->file);
    fputc((int)(second & 0xff), w->file);
    w->holding = 0;
}

static void put_count(secg_record_writer *w, int32_t count)
{
    if (w->format != 212) {
        put_bytes(w->file, (uint32_t)count, w->format / 8);
    } else if (w->holding) {
        put_pair(w, (unsigned)count & 0xfff);
    } else {
        w->held = (unsigned)count & 0xfff;
        w->holding = 1;
    }
}

static secg_status check_counts(const secg_record_writer *w, const int32_t *counts, size_t frames,
                                secg_error *error)
{
    int32_t channels = w->signal.channels, least = absent_count(w->format);
    for (size_t i = 0; i < frames * (size_t)channels; i++)
        if (counts[i] != SECG_NO_COUNT && (counts[i] <= least || counts[i] > -(least + 1)))
            return secg_fail(error, SECG_E_ARGUMENT,
                             "%s: frame %lld, channel %d: %d does not fit format %d", w->path,
                             (long long)(w->frames + (int64_t)(i / (size_t)channels)),
                             (int)(i % (size_t)channels), (int)counts[i], w->format);
    return SECG_OK;
}

secg_status secg_record_writer_put(secg_record_writer *w, const int32_t *counts, size_t frames,
                                   secg_error *error)
{
    if (!w || (!counts && frames > 0))
        return secg_fail(error, SECG_E_ARGUMENT, "writer or counts: NULL");
    secg_status status = check_counts(w, counts, frames, error);
    if (status != SECG_OK)
        return status;
    for (size_t i = 0; i < frames; i++, w->frames++)
        for (int32_t k = 0; k < w->signal.channels; k++) {
            int32_t count = *counts++;
            count = count == SECG_NO_COUNT ? absent_count(w->format) : count;
            if (w->frames == 0)
                w->initial[k] = count;
            w->sum[k] = (uint16_t)(w->sum[k] + (uint32_t)count);
            put_count(w, count);
        }
    if (ferror(w->file))
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

static int adc_bits(int format)
{
    return format == 212 ? 12 : format;
}

static void put_signal_line(FILE *file, const secg_record_writer *w, int32_t k)
{
    const secg_channel *channel = &w->signal.channel[k];
    const char *name = channel->name[0] ? channel->name : secg_lead_name(channel->lead);
    fprintf(file, "%s.dat %d %.9g(%d)/mV %d 0 %d %d 0 %s\n", w->name, w->format,
            (double)channel->gain_per_mv, (int)channel->baseline, adc_bits(w->format),
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
    if (w->holding) { /* an odd last sample takes two bytes */
        fputc((int)(w->held & 0xff), w->file);
        fputc((int)(w->held >> 8 & 0x0f), w->file);
    }
    secg_status status = SECG_OK;
    if (ferror(w->file) || fflush(w->file) != 0 || fsync(fileno(w->file)) != 0)
        status =
            secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s", w->path, strerror(errno));
    if (status == SECG_OK)
        status = write_header(w, error);
    free_writer(w);
    return status;
}
