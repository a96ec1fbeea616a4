#include "io/wfdb_signal.h"

#include "base/status.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_RING_VALUES = 1 << 24 }; /* read ahead to line skewed signals up: 64 MiB */

/* A header may name files of its own folder only, unless the caller says otherwise.  What a link
 * in that folder points to is not the header's doing, and archives of recordings consist of such
 * links: they are followed. */
static secg_status check_name(const secg_wfdb_header *h, const char *name, int allow,
                              secg_error *error)
{
    if (strcmp(name, "-") == 0)
        return secg_fail(error, SECG_E_UNSUPPORTED,
                         "%s: standard input as a signal file is not supported", h->path);
    int drive = name[0] != 0 && name[1] == ':'; /* C:NAME, where such things exist */
    if (!allow && (strchr(name, '/') || strchr(name, '\\') || strcmp(name, "..") == 0 || drive))
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: the signal file \"%s\" lies outside the record's folder", h->path,
                         name);
    return SECG_OK;
}

static int32_t count_files(const secg_wfdb_header *h)
{
    int32_t files = 0;
    for (int32_t k = 0; k < h->signals; k++)
        files += k == 0 || strcmp(h->signal[k].file, h->signal[k - 1].file) != 0;
    return files;
}

static secg_status check_group(const secg_wfdb_header *h, const secg_wfdb_file *f,
                               secg_error *error)
{
    const secg_wfdb_signal *first = &h->signal[f->first];
    if (!secg_wfdb_format_known(first->is.format))
        return secg_fail(error, SECG_E_UNSUPPORTED, "%s: signal %d: format %d is not known",
                         h->path, (int)f->first, (int)first->is.format);
    for (int32_t k = f->first; k < f->first + f->signals; k++)
        if (h->signal[k].is.format != first->is.format)
            return secg_fail(error, SECG_E_FORMAT,
                             "%s: signals %d and %d share %s but not its format", h->path,
                             (int)f->first, (int)k, first->file);
    return SECG_OK;
}

/* Where the lanes of the file begin in reader->initial. */
static int lanes_of(const secg_wfdb_header *h, secg_wfdb_file *f, int32_t *initial)
{
    int lanes = 0;
    for (int32_t k = f->first; k < f->first + f->signals; k++) {
        if (h->signal[k].skew > f->max_skew)
            f->max_skew = h->signal[k].skew;
        for (int i = 0; i < h->signal[k].is.samples_per_frame; i++)
            initial[lanes++] = h->signal[k].initial;
    }
    return lanes;
}

static secg_status open_file(secg_wfdb_reader *r, secg_wfdb_file *f, int32_t *initial,
                             const secg_record_options *options, secg_error *error)
{
    const secg_wfdb_header *h = r->header;
    const secg_wfdb_signal *first = &h->signal[f->first];
    char path[4096 + 256];
    int lanes = lanes_of(h, f, initial);
    secg_status status = check_group(h, f, error);
    if (status == SECG_OK && strcmp(first->file, "~") == 0)
        return SECG_OK;
    if (status == SECG_OK)
        status = check_name(h, first->file, options->allow_other_folders, error);
    if (status != SECG_OK)
        return status;
    snprintf(path, sizeof path, "%s%s", first->file[0] == '/' ? "" : h->folder, first->file);
    struct stat found;
    if (stat(path, &found) != 0 || access(path, R_OK) != 0)
        return secg_fail(error, SECG_E_FILE, "%s: %s, named in %s", path, strerror(errno), h->path);
    if (!S_ISREG(found.st_mode)) /* a pipe would keep whoever opens it waiting */
        return secg_fail(error, SECG_E_FILE, "%s: not a regular file", path);
    status = secg_wfdb_stream_open(&f->stream, path, first->is.format, lanes, first->byte_offset,
                                   initial, error);
    if (status != SECG_OK)
        return status;
    f->frames = secg_wfdb_stream_frames(&f->stream);
    f->present = 1;
    if (r->keep_skew)
        f->max_skew = 0;
    f->loaded = -1;
    size_t values = (size_t)(f->max_skew + 1) * (size_t)lanes;
    if (values > MAX_RING_VALUES)
        return secg_fail(error, SECG_E_UNSUPPORTED,
                         "%s: a skew of %d frames of %d samples is more than is held ready",
                         h->path, f->max_skew, lanes);
    f->ring = malloc(values * sizeof *f->ring);
    return f->ring ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
}

static void group_signals(secg_wfdb_reader *r)
{
    int32_t files = -1;
    for (int32_t k = 0; k < r->header->signals; k++) {
        if (k == 0 || strcmp(r->header->signal[k].file, r->header->signal[k - 1].file) != 0)
            r->file[++files].first = k;
        r->file[files].signals++;
    }
}

static void note_missing(char *missing, size_t size, const char *name)
{
    size_t used = strlen(missing);
    snprintf(missing + used, size - used, "%s%s", used ? ", " : "", name);
}

int secg_wfdb_missing_files(const secg_wfdb_header *h, char *missing, size_t size)
{
    int there = 0;
    missing[0] = 0;
    for (int32_t k = 0; k < h->signals; k++) {
        const char *name = h->signal[k].file;
        char path[4096 + 256];
        if (k > 0 && strcmp(name, h->signal[k - 1].file) == 0)
            continue;
        snprintf(path, sizeof path, "%s%s", h->folder, name);
        if (strcmp(name, "~") == 0)
            continue;
        if (strchr(name, '/') || access(path, F_OK) == 0 || errno != ENOENT)
            there++;
        else
            note_missing(missing, size, name);
    }
    return missing[0] && there == 0;
}

/* Frames of the record: as stated, else what the shortest file holds; a skew takes as many off the
 * end, as in WFDB. */
static int64_t length_of(const secg_wfdb_reader *r)
{
    int64_t frames = r->header->frames > 0 ? r->header->frames : INT64_MAX;
    for (int32_t i = 0; i < r->files; i++) {
        const secg_wfdb_file *f = &r->file[i];
        int64_t lined_up = f->frames - f->max_skew;
        int cut_by_skew = f->max_skew > 0 && f->frames >= r->header->frames;
        if (f->present && lined_up < frames && (r->header->frames == 0 || cut_by_skew))
            frames = lined_up;
    }
    return frames == INT64_MAX || frames < 0 ? 0 : frames;
}

static secg_status open_files(secg_wfdb_reader *r, const secg_record_options *options,
                              char *missing, size_t size, secg_error *error)
{
    int32_t *initial = r->initial;
    int present = 0, nulls = 0;
    secg_error first_missing = {0};
    for (int32_t i = 0; i < r->files; i++) {
        secg_wfdb_file *f = &r->file[i];
        secg_error trouble = {0};
        secg_status status = open_file(r, f, initial, options, &trouble);
        for (int32_t k = f->first; k < f->first + f->signals; k++)
            initial += r->header->signal[k].is.samples_per_frame;
        if (status == SECG_E_FILE && !f->present) {
            if (first_missing.status == SECG_OK)
                first_missing = trouble;
            note_missing(missing, size, r->header->signal[f->first].file);
        } else if (status != SECG_OK) {
            return secg_fail(error, status, "%s", trouble.text);
        } else {
            present += f->present;
            nulls += !f->present;
        }
    }
    if (present == 0 && nulls < r->files)
        return secg_fail(error, first_missing.status, "%s", first_missing.text);
    return SECG_OK;
}

secg_status secg_wfdb_reader_open(secg_wfdb_reader *r, const secg_wfdb_header *header,
                                  const secg_record_options *options, int32_t fine, char *missing,
                                  size_t size, secg_error *error)
{
    *r = (secg_wfdb_reader){.header = header,
                            .files = count_files(header),
                            .keep_skew = options->keep_skew,
                            .fine = fine};
    size_t lanes = 0;
    for (int32_t k = 0; k < header->signals; k++)
        lanes += (size_t)header->signal[k].is.samples_per_frame;
    r->file = calloc((size_t)r->files, sizeof *r->file);
    r->sum = calloc((size_t)header->signals, sizeof *r->sum);
    r->initial = calloc(lanes, sizeof *r->initial);
    if (!r->file || !r->sum || !r->initial)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", header->path);
    missing[0] = 0;
    group_signals(r);
    secg_status status = open_files(r, options, missing, size, error);
    if (status != SECG_OK)
        return status;
    r->frames = length_of(r) * fine;
    return secg_wfdb_reader_seek(r, 0, error);
}

void secg_wfdb_reader_close(secg_wfdb_reader *r)
{
    for (int32_t i = 0; r->file && i < r->files; i++) {
        secg_wfdb_stream_close(&r->file[i].stream);
        free(r->file[i].ring);
    }
    free(r->file);
    free(r->sum);
    free(r->initial);
    *r = (secg_wfdb_reader){0};
}

/* ---- frames ---------------------------------------------------------------------------- */

static int32_t *ring_frame(const secg_wfdb_file *f, int64_t frame)
{
    return f->ring + (size_t)(frame % (f->max_skew + 1)) * (size_t)f->stream.lanes;
}

/* A frame of the file into the ring; beyond its end skewed signals have no value. */
static int read_ahead(secg_wfdb_file *f, int64_t frame)
{
    int32_t *counts = ring_frame(f, frame);
    if (secg_wfdb_stream_read(&f->stream, counts, 1) == 1)
        return 1;
    for (int lane = 0; lane < f->stream.lanes; lane++)
        counts[lane] = SECG_NO_COUNT;
    return 0;
}

/* One value a frame: the mean, halves rounded up, as WFDB's reader does; no value when any of the
 * samples has none. */
static int32_t average(const int32_t *counts, int samples)
{
    if (samples == 1)
        return counts[0];
    int64_t sum = 0;
    for (int i = 0; i < samples; i++) {
        if (counts[i] == SECG_NO_COUNT)
            return SECG_NO_COUNT;
        sum += counts[i];
    }
    int64_t twice = 2 * sum + samples, whole = twice / (2 * samples);
    return (int32_t)(whole - (twice < 0 && whole * 2 * samples != twice));
}

/* What an absent value is in the checksum of its signal: the one stored for it. */
static int32_t absent_in_sum(int format)
{
    return format == 80                     ? -128
           : format == 212                  ? -2048
           : format == 310 || format == 311 ? -512
           : format == 24 || format == 524  ? -8388608
           : format == 32                   ? 0
           : format == 508                  ? -128
                                            : -32768;
}

/* Of every stride-th of the counts. */
static void add_to_sum(uint16_t *sum, const int32_t *counts, size_t samples, size_t stride,
                       int32_t absent)
{
    uint32_t total = *sum;
    for (size_t i = 0; i < samples; i++, counts += stride)
        total += (uint32_t)(*counts == SECG_NO_COUNT ? absent : *counts);
    *sum = (uint16_t)total;
}

/* The samples of one signal in the present frame. */
static const int32_t *samples_of(const secg_wfdb_reader *r, const secg_wfdb_file *f, int32_t k,
                                 int lane)
{
    int skew = r->keep_skew ? 0 : r->header->signal[k].skew;
    return ring_frame(f, f->loaded + skew) + lane;
}

static int load_frame(secg_wfdb_reader *r, secg_wfdb_file *f, int64_t frame)
{
    if (!read_ahead(f, frame + f->max_skew) && frame >= f->frames)
        return 0;
    f->loaded = frame;
    int lane = 0;
    for (int32_t k = f->first; k < f->first + f->signals; k++) {
        const secg_record_signal *s = &r->header->signal[k].is;
        if (frame == 0 && *samples_of(r, f, k, lane) != r->header->signal[k].initial)
            f->initial_differs = 1;
        add_to_sum(&r->sum[k], samples_of(r, f, k, lane), (size_t)s->samples_per_frame, 1,
                   absent_in_sum(s->format));
        lane += s->samples_per_frame;
    }
    return 1;
}

static int file_frame(secg_wfdb_reader *r, secg_wfdb_file *f, int32_t *out)
{
    int64_t frame = r->at / r->fine, part = r->at % r->fine;
    if (f->loaded != frame && !load_frame(r, f, frame))
        return 0;
    int lane = 0;
    for (int32_t k = f->first; k < f->first + f->signals; k++) {
        int samples = r->header->signal[k].is.samples_per_frame;
        const int32_t *counts = samples_of(r, f, k, lane);
        out[k] = r->fine == 1 ? average(counts, samples) : counts[part * samples / r->fine];
        lane += samples;
    }
    return 1;
}

static secg_status cut_short(const secg_wfdb_reader *r, const secg_wfdb_file *f, secg_error *error)
{
    return secg_fail(error, SECG_E_FORMAT,
                     "%s%s: ends after %lld of the %lld frames that %s states", r->header->folder,
                     r->header->signal[f->first].file, (long long)(r->at / r->fine),
                     (long long)(r->frames / r->fine), r->header->path);
}

/* One file, one sample a frame of each signal, none skewed: nothing to line up. */
static int is_plain(const secg_wfdb_reader *r)
{
    const secg_wfdb_file *f = &r->file[0];
    return r->files == 1 && f->present && f->max_skew == 0 && r->fine == 1 &&
           f->stream.lanes == (int)r->header->signals;
}

/* Frames of such a file straight to where they go, but for the first, which is looked at; what they
 * leave of `frames` is for the long way to say why. */
static size_t read_plain(secg_wfdb_reader *r, int32_t *counts, size_t frames)
{
    secg_wfdb_file *f = &r->file[0];
    size_t signals = (size_t)r->header->signals;
    if (r->at == 0 || f->loaded == r->at)
        return 0;
    if ((int64_t)frames > r->frames - r->at)
        frames = (size_t)(r->frames - r->at);
    size_t got = secg_wfdb_stream_read(&f->stream, counts, frames);
    for (size_t k = 0; k < signals; k++)
        add_to_sum(&r->sum[k], counts + k, got, signals,
                   absent_in_sum(r->header->signal[k].is.format));
    r->at += (int64_t)got;
    return got;
}

secg_status secg_wfdb_reader_read(secg_wfdb_reader *r, int32_t *counts, size_t frames, size_t *got,
                                  secg_error *error)
{
    *got = is_plain(r) ? read_plain(r, counts, frames) : 0;
    for (; *got < frames && r->at < r->frames; ++*got, r->at++) {
        int32_t *out = counts + *got * (size_t)r->header->signals;
        for (int32_t i = 0; i < r->files; i++) {
            secg_wfdb_file *f = &r->file[i];
            if (!f->present)
                for (int32_t k = f->first; k < f->first + f->signals; k++)
                    out[k] = SECG_NO_COUNT;
            else if (!file_frame(r, f, out)) {
                if (*got > 0)
                    return secg_wfdb_reader_seek(r, r->at, error) == SECG_OK ? SECG_OK
                                                                             : SECG_E_FILE;
                return cut_short(r, f, error);
            }
        }
    }
    return *got > 0 || frames == 0 ? SECG_OK : SECG_END;
}

secg_status secg_wfdb_reader_seek(secg_wfdb_reader *r, int64_t frame, secg_error *error)
{
    if (frame < 0 || frame > r->frames)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: frame %lld is outside 0 .. %lld",
                         r->header->path, (long long)frame, (long long)r->frames);
    r->in_order = frame == 0 || (r->in_order && frame == r->at && frame % r->fine == 0);
    if (frame == 0)
        memset(r->sum, 0, (size_t)r->header->signals * sizeof *r->sum);
    r->at = frame;
    for (int32_t i = 0; i < r->files; i++) {
        secg_wfdb_file *f = &r->file[i];
        if (!f->present)
            continue;
        int64_t stored = frame / r->fine;
        f->loaded = -1;
        if (secg_wfdb_stream_seek(&f->stream, stored) != SECG_OK)
            return secg_fail(error, SECG_E_FILE, "%s%s: cannot be positioned at frame %lld",
                             r->header->folder, r->header->signal[f->first].file, (long long)frame);
        for (int64_t ahead = stored; ahead < stored + f->max_skew; ahead++)
            read_ahead(f, ahead);
    }
    return SECG_OK;
}

/* Some writers fill the fields for initial value and checksum with 0: where the first samples
 * show that the former was not meant, neither was the latter. */
static int has_checksums(const secg_wfdb_reader *r, const secg_wfdb_file *f)
{
    int stated = !f->initial_differs;
    for (int32_t k = f->first; k < f->first + f->signals; k++)
        stated |= r->header->signal[k].checksum != 0 || r->header->signal[k].initial != 0;
    return stated;
}

/* Checksums are of the samples as stored; skewed signals were not read from their first one. */
secg_status secg_wfdb_reader_verify(const secg_wfdb_reader *r, secg_error *error)
{
    if (!r->in_order || r->at < r->frames)
        return secg_fail(error, SECG_E_STATE, "%s: not read from its start to its end",
                         r->header->path);
    for (int32_t i = 0; i < r->files; i++) {
        const secg_wfdb_file *f = &r->file[i];
        if (!f->present || f->max_skew > 0 || !has_checksums(r, f))
            continue;
        for (int32_t k = f->first; k < f->first + f->signals; k++)
            if (r->header->signal[k].has_checksum &&
                (uint16_t)r->header->signal[k].checksum != r->sum[k])
                return secg_fail(error, SECG_E_FORMAT,
                                 "%s%s: signal %d (%s): the checksum is %d, the header states %d",
                                 r->header->folder, r->header->signal[k].file, (int)k,
                                 r->header->signal[k].is.description, (int)(int16_t)r->sum[k],
                                 (int)r->header->signal[k].checksum);
    }
    return SECG_OK;
}
