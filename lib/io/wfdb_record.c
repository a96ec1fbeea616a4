/* WFDB records, plain and of several segments.
 *
 * Fixed layout: every segment has the same signals in the same order.  Variable layout: the first
 * segment has no samples and its header lists all signals; a later segment holds some of them,
 * found by their descriptions, and the others have no value there.  A segment "~" is a gap, and so
 * is one whose files are missing, which a warning says.  One segment is open at a time. */
#include "base/atomic_file.h"
#include "base/status.h"
#include "io/record_source.h"
#include "io/wfdb_signal.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MISSING_TEXT = 400, WARNING_TEXT = MISSING_TEXT + 200, MAX_WARNINGS = 100 };

typedef struct wfdb_record {
    secg_record_source source;
    secg_record_options options;
    secg_wfdb_header header;    /* of the record, or the master header               */
    secg_wfdb_header layout;    /* of several segments: where the signals are listed */
    secg_record_signal *signal; /* [signals]                                         */
    const char *warning[MAX_WARNINGS];
    char missing[MISSING_TEXT];
    uint8_t *lost; /* [segments]: 1: its files are missing               */

    secg_wfdb_header open_header; /* the open segment's                                */
    secg_wfdb_reader reader;
    int32_t open_segment;   /* -1: none; 0 of a plain record                     */
    int32_t *map;           /* [signals]: place in the open segment, -1 absent   */
    double *scale, *offset; /* [signals]: its counts to the layout's             */
    int32_t *counts;        /* [open segment's signals * BLOCK]                  */
    int64_t *begins;        /* [segments + 1]: first frame of each               */
    int64_t at;
    int32_t fine;       /* frames delivered for each stored one               */
    int in_order;       /* of several segments: read from the start           */
    secg_error altered; /* the first segment whose checksum differs           */
} wfdb_record;

enum { BLOCK = 512 };

/* ---- one segment ----------------------------------------------------------------------- */

static void close_segment(wfdb_record *r)
{
    secg_wfdb_reader_close(&r->reader);
    secg_wfdb_header_free(&r->open_header);
    free(r->counts);
    r->counts = NULL;
    r->open_segment = -1;
}

static int32_t find_signal(const secg_wfdb_header *h, const char *description)
{
    for (int32_t k = 0; k < h->signals; k++)
        if (strcmp(h->signal[k].is.description, description) == 0)
            return k;
    return -1;
}

/* Where the segment's gain or baseline differ from the layout's its counts are brought to them. */
static void map_signals(wfdb_record *r)
{
    int variable = r->layout.signals > 0 && r->header.segment[0].frames == 0;
    for (int32_t k = 0; k < r->source.info.signals; k++) {
        const secg_record_signal *want = &r->signal[k];
        r->map[k] = variable ? find_signal(&r->open_header, want->description)
                             : (k < r->open_header.signals ? k : -1);
        r->scale[k] = 1;
        r->offset[k] = 0;
        if (!variable || r->map[k] < 0)
            continue;
        const secg_record_signal *have = &r->open_header.signal[r->map[k]].is;
        if (have->calibrated && want->calibrated &&
            (have->gain != want->gain || have->baseline != want->baseline)) {
            r->scale[k] = want->gain / have->gain;
            r->offset[k] = want->baseline - r->scale[k] * have->baseline;
        }
    }
}

static secg_status open_segment(wfdb_record *r, int32_t index, secg_error *error)
{
    const secg_wfdb_segment *segment = &r->header.segment[index];
    char path[4096 + 70];
    close_segment(r);
    if (strcmp(segment->name, "~") == 0 || r->lost[index]) {
        for (int32_t k = 0; k < r->source.info.signals; k++)
            r->map[k] = -1;
        r->open_segment = index;
        return SECG_OK;
    }
    snprintf(path, sizeof path, "%s%s", r->header.folder, segment->name);
    secg_status status = secg_wfdb_header_read(path, &r->open_header, error);
    if (status != SECG_OK)
        return status;
    if (r->open_header.segments > 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: a segment with segments of its own",
                         r->open_header.path);
    if (r->open_header.frames == 0)
        r->open_header.frames = segment->frames;
    status = secg_wfdb_reader_open(&r->reader, &r->open_header, &r->options, r->fine, r->missing,
                                   sizeof r->missing, error);
    if (status != SECG_OK)
        return status;
    if (r->reader.frames / r->fine < segment->frames)
        return secg_fail(error, SECG_E_FORMAT,
                         "%s: segment %s has %lld frames, but %lld are stated", r->header.path,
                         segment->name, (long long)(r->reader.frames / r->fine),
                         (long long)segment->frames);
    r->counts = malloc(BLOCK * (size_t)r->open_header.signals * sizeof *r->counts);
    if (!r->counts)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    map_signals(r);
    r->open_segment = index;
    return SECG_OK;
}

/* A segment that was read from its start to its end has its sums. */
static void check_sums(wfdb_record *r)
{
    secg_error error;
    if (r->counts && r->altered.status == SECG_OK &&
        secg_wfdb_reader_verify(&r->reader, &error) == SECG_E_FORMAT)
        r->altered = error;
}

/* The segment that holds a frame; the last one for the end. */
static int32_t segment_of(const wfdb_record *r, int64_t frame)
{
    int32_t low = 0, high = r->header.segments - 1;
    while (low < high) {
        int32_t middle = low + (high - low + 1) / 2;
        if (r->begins[middle] <= frame)
            low = middle;
        else
            high = middle - 1;
    }
    while (low > 0 && r->header.segment[low].frames == 0)
        low--;
    return low;
}

static void spread(const wfdb_record *r, const int32_t *from, int32_t *to)
{
    for (int32_t k = 0; k < r->source.info.signals; k++) {
        int32_t count = r->map[k] < 0 ? SECG_NO_COUNT : from[r->map[k]];
        if (count != SECG_NO_COUNT && (r->scale[k] != 1 || r->offset[k] != 0))
            count = (int32_t)lround(
                fmin(fmax(r->scale[k] * count + r->offset[k], -2147483647.0), 2147483647.0));
        to[k] = count;
    }
}

static secg_status read_segments(secg_record_source *source, int32_t *counts, size_t frames,
                                 size_t *got, secg_error *error)
{
    wfdb_record *r = (wfdb_record *)source;
    size_t signals = (size_t)source->info.signals;
    *got = 0;
    while (*got < frames && r->at < source->info.frames) {
        int32_t index = segment_of(r, r->at);
        secg_status status = SECG_OK;
        if (index != r->open_segment) {
            status = open_segment(r, index, error);
            if (status == SECG_OK && r->counts)
                status = secg_wfdb_reader_seek(&r->reader, r->at - r->begins[index], error);
        }
        int64_t left = r->begins[index + 1] - r->at;
        size_t want = frames - *got, here = 0;
        want = want < BLOCK ? want : BLOCK;
        want = (int64_t)want < left ? want : (size_t)left;
        if (status == SECG_OK && !r->counts)
            here = want;
        else if (status == SECG_OK)
            status = secg_wfdb_reader_read(&r->reader, r->counts, want, &here, error);
        if (status != SECG_OK)
            return *got > 0 ? SECG_OK : status == SECG_END ? SECG_E_FORMAT : status;
        for (size_t i = 0; i < here; i++)
            spread(r, r->counts ? r->counts + i * (size_t)r->open_header.signals : NULL,
                   counts + (*got + i) * signals);
        *got += here;
        r->at += (int64_t)here;
        if (r->at == r->begins[index + 1])
            check_sums(r);
    }
    return *got > 0 || frames == 0 ? SECG_OK : SECG_END;
}

static secg_status seek_segments(secg_record_source *source, int64_t frame, secg_error *error)
{
    wfdb_record *r = (wfdb_record *)source;
    if (frame < 0 || frame > source->info.frames)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: frame %lld is outside 0 .. %lld",
                         r->header.path, (long long)frame, (long long)source->info.frames);
    r->in_order = frame == 0 || (r->in_order && frame == r->at);
    if (frame == 0)
        r->altered = (secg_error){0};
    r->at = frame;
    int32_t index = segment_of(r, frame);
    if (index == r->open_segment && r->counts && frame - r->begins[index] <= r->reader.frames)
        return secg_wfdb_reader_seek(&r->reader, frame - r->begins[index], error);
    close_segment(r);
    return SECG_OK;
}

static secg_status verify_segments(const secg_record_source *source, secg_error *error)
{
    const wfdb_record *r = (const wfdb_record *)source;
    if (!r->in_order || r->at < source->info.frames)
        return secg_fail(error, SECG_E_STATE, "%s: not read from its start to its end",
                         r->header.path);
    return r->altered.status == SECG_OK
               ? SECG_OK
               : secg_fail(error, r->altered.status, "%s", r->altered.text);
}

/* ---- plain records --------------------------------------------------------------------- */

static secg_status read_plain(secg_record_source *source, int32_t *counts, size_t frames,
                              size_t *got, secg_error *error)
{
    return secg_wfdb_reader_read(&((wfdb_record *)source)->reader, counts, frames, got, error);
}

static secg_status seek_plain(secg_record_source *source, int64_t frame, secg_error *error)
{
    return secg_wfdb_reader_seek(&((wfdb_record *)source)->reader, frame, error);
}

static secg_status verify_plain(const secg_record_source *source, secg_error *error)
{
    return secg_wfdb_reader_verify(&((const wfdb_record *)source)->reader, error);
}

/* ---- opening --------------------------------------------------------------------------- */

static void close_record(secg_record_source *source)
{
    wfdb_record *r = (wfdb_record *)source;
    close_segment(r);
    secg_wfdb_header_free(&r->header);
    secg_wfdb_header_free(&r->layout);
    free(r->signal);
    free(r->map);
    free(r->scale);
    free(r->offset);
    free(r->begins);
    free(r->lost);
    for (size_t i = 0; i < r->source.info.warnings; i++)
        free((char *)(uintptr_t)r->warning[i]);
    free(r);
}

static secg_status no_memory(const wfdb_record *r, secg_error *error)
{
    return secg_fail(error, SECG_E_MEMORY, "%s: no memory", r->header.path);
}

/* The last one that there is room for stands for all that follow. */
static secg_status warn(wfdb_record *r, secg_error *error, const char *format, ...)
    SECG_PRINTF(3, 4);
static secg_status warn(wfdb_record *r, secg_error *error, const char *format, ...)
{
    secg_record_info *info = &r->source.info;
    if (info->warnings == MAX_WARNINGS)
        return SECG_OK;
    char *text = malloc(WARNING_TEXT);
    if (!text)
        return no_memory(r, error);
    if (info->warnings == MAX_WARNINGS - 1) {
        snprintf(text, WARNING_TEXT, "and more of the kind");
    } else {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, WARNING_TEXT, format, arguments);
        va_end(arguments);
    }
    r->warning[info->warnings++] = text;
    info->warning = r->warning;
    return SECG_OK;
}

/* The header whose signal lines describe the record. */
static secg_status take_signals(wfdb_record *r, const secg_wfdb_header *from, secg_error *error)
{
    size_t n = (size_t)from->signals;
    r->signal = calloc(n, sizeof *r->signal);
    r->map = calloc(n, sizeof *r->map);
    r->scale = calloc(n, sizeof *r->scale);
    r->offset = calloc(n, sizeof *r->offset);
    if (!r->signal || !r->map || !r->scale || !r->offset)
        return no_memory(r, error);
    for (size_t k = 0; k < n; k++) {
        r->signal[k] = from->signal[k].is;
        if (r->options.gain_per_mv > 0) {
            r->signal[k].gain = r->options.gain_per_mv;
            r->signal[k].calibrated = 1;
            strcpy(r->signal[k].units, "mV");
        }
    }
    r->source.info.signal = r->signal;
    r->source.info.signals = from->signals;
    return SECG_OK;
}

static int32_t fineness(const secg_wfdb_header *h, const secg_record_options *options)
{
    int32_t most = 1;
    for (int32_t k = 0; options->high_resolution && k < h->signals; k++)
        if (h->signal[k].is.samples_per_frame > most)
            most = h->signal[k].is.samples_per_frame;
    return most;
}

/* ---- several segments ------------------------------------------------------------------ */

static secg_status read_segment_header(const wfdb_record *r, int32_t index, secg_wfdb_header *h,
                                       secg_error *error)
{
    char path[4096 + 70];
    snprintf(path, sizeof path, "%s%s", r->header.folder, r->header.segment[index].name);
    return secg_wfdb_header_read(path, h, error);
}

/* The header that lists the signals: the first segment's, or where that is missing in a fixed
 * layout the next one's. */
static secg_status find_layout(wfdb_record *r, secg_error *error)
{
    const secg_wfdb_header *h = &r->header;
    secg_status status = SECG_OK;
    secg_error first = {0};
    for (int32_t i = 0; i < h->segments; i++) {
        if (strcmp(h->segment[i].name, "~") == 0)
            continue;
        secg_error here = {0};
        status = read_segment_header(r, i, &r->layout, &here);
        if (first.status == SECG_OK)
            first = here;
        if (status != SECG_E_FILE || h->segment[0].frames == 0)
            break;
        secg_wfdb_header_free(&r->layout);
    }
    if (status != SECG_OK)
        return secg_fail(error, status, "%s", first.text);
    if (!r->layout.path[0])
        return secg_fail(error, SECG_E_FORMAT, "%s: every segment is a gap", h->path);
    if (r->layout.segments > 0 || r->layout.signals == 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: lists no signals", r->layout.path);
    return SECG_OK;
}

/* Whether the segment's files are there: nothing of a recording is lost in silence. */
static secg_status survey_segment(wfdb_record *r, int32_t index, secg_error *error)
{
    const secg_wfdb_segment *segment = &r->header.segment[index];
    if (strcmp(segment->name, "~") == 0 || segment->frames == 0)
        return SECG_OK;
    secg_wfdb_header h;
    secg_error trouble = {0};
    char missing[MISSING_TEXT] = "";
    secg_status status = read_segment_header(r, index, &h, &trouble);
    int whole = status == SECG_E_FILE;
    if (status == SECG_OK)
        whole = secg_wfdb_missing_files(&h, missing, sizeof missing);
    else if (whole)
        snprintf(missing, sizeof missing, "%.63s.hea", segment->name);
    secg_wfdb_header_free(&h);
    if (status != SECG_OK && !whole)
        return secg_fail(error, status, "%s", trouble.text);
    r->lost[index] = (uint8_t)whole;
    return missing[0] ? warn(r, error, "segment %s, frames %lld to %lld: missing: %s; %s no values",
                             segment->name, (long long)r->begins[index],
                             (long long)r->begins[index + 1] - 1, missing,
                             whole ? "there are" : "its signals have")
                      : SECG_OK;
}

static secg_status lay_segments_out(wfdb_record *r, secg_error *error)
{
    const secg_wfdb_header *h = &r->header;
    r->begins = calloc((size_t)h->segments + 1, sizeof *r->begins);
    r->lost = calloc((size_t)h->segments, sizeof *r->lost);
    if (!r->begins || !r->lost)
        return no_memory(r, error);
    secg_status status = SECG_OK;
    int32_t samples = 0, lost = 0;
    for (int32_t i = 0; status == SECG_OK && i < h->segments; i++) {
        r->begins[i + 1] = r->begins[i] + h->segment[i].frames * r->fine;
        if (r->begins[i + 1] > INT64_C(1) << 60)
            return secg_fail(error, SECG_E_FORMAT, "%s: the segments are longer than any recording",
                             h->path);
        status = survey_segment(r, i, error);
        samples += h->segment[i].frames > 0 && strcmp(h->segment[i].name, "~") != 0;
        lost += r->lost[i];
    }
    if (status == SECG_OK && samples > 0 && lost == samples)
        return secg_fail(error, SECG_E_FILE, "%s: of none of the %d segments are the files there",
                         h->path, (int)h->segments);
    return status;
}

static secg_status open_segments(wfdb_record *r, secg_error *error)
{
    secg_status status = find_layout(r, error);
    if (status != SECG_OK)
        return status;
    r->fine = fineness(&r->layout, &r->options);
    status = lay_segments_out(r, error);
    if (status != SECG_OK)
        return status;
    r->in_order = 1;
    r->source.info.frames = r->begins[r->header.segments];
    r->source.info.segments = r->header.segments;
    r->source.read = read_segments;
    r->source.seek = seek_segments;
    r->source.verify = verify_segments;
    return take_signals(r, &r->layout, error);
}

static secg_status open_plain(wfdb_record *r, secg_error *error)
{
    r->fine = fineness(&r->header, &r->options);
    secg_status status = secg_wfdb_reader_open(&r->reader, &r->header, &r->options, r->fine,
                                               r->missing, sizeof r->missing, error);
    if (status != SECG_OK)
        return status;
    r->source.info.frames = r->reader.frames;
    r->source.info.segments = 1;
    r->source.read = read_plain;
    r->source.seek = seek_plain;
    r->source.verify = verify_plain;
    if (r->missing[0])
        status = warn(r, error, "%.150s: missing: %s; its signals have no values",
                      secg_path_tail(r->header.path), r->missing);
    if (status != SECG_OK)
        return status;
    return take_signals(r, &r->header, error);
}

secg_status secg_wfdb_record_open(const char *path, const secg_record_options *options,
                                  secg_record_source **source, secg_error *error)
{
    wfdb_record *r = calloc(1, sizeof *r);
    if (!r)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    r->options = *options;
    r->open_segment = -1;
    r->source.close = close_record;
    secg_status status = secg_wfdb_header_read(path, &r->header, error);
    if (status == SECG_OK)
        status = r->header.segments > 0 ? open_segments(r, error) : open_plain(r, error);
    if (status != SECG_OK) {
        close_record(&r->source);
        return status;
    }
    secg_record_info *info = &r->source.info;
    strcpy(info->name, r->header.name);
    strcpy(info->container, "WFDB");
    info->rate_hz = r->header.rate_hz * r->fine;
    info->start_unix_ms = r->header.start_unix_ms;
    info->comment = (const char *const *)r->header.comment;
    info->comments = r->header.comments;
    *source = &r->source;
    return SECG_OK;
}
