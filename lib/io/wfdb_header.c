#include "io/wfdb_header.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "io/c_locale.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A place in the header, for messages. */
typedef struct place {
    const secg_wfdb_header *header;
    int line;
    secg_error *error;
} place;

#define FAIL(p, ...) fail_at(p, SECG_E_FORMAT, __VA_ARGS__)

static secg_status fail_at(const place *p, secg_status status, const char *field, const char *what,
                           const char *value)
{
    return secg_fail(p->error, status, "%s:%d: %s: %s%s%.60s%s", p->header->path, p->line, field,
                     what, value ? " \"" : "", value ? value : "", value ? "\"" : "");
}

int secg_wfdb_format_known(int format)
{
    static const int known[] = {8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i] == format)
            return 1;
    return 0;
}

/* Differences (8) can add up to anything. */
int secg_wfdb_format_bits(int format)
{
    switch (format) {
    case 80:
    case 508:
        return 8;
    case 310:
    case 311:
        return 10;
    case 212:
        return 12;
    case 24:
    case 524:
        return 24;
    case 32:
        return 32;
    case 0: /* of a signal without a file */
    case 8:
        return 0;
    default:
        return 16;
    }
}

/* ---- words and numbers ----------------------------------------------------------------- */

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the next word off; NULL at the end of the line. */
static char *next_word(char **at)
{
    char *word = *at;
    while (is_blank(*word))
        word++;
    if (!*word) {
        *at = word;
        return NULL;
    }
    char *end = word;
    while (*end && !is_blank(*end))
        end++;
    *at = *end ? end + 1 : end;
    *end = 0;
    return word;
}

/* A whole number at *at, moved past it; 0 when there is none or it is out of bounds. */
static int take_integer(char **at, int64_t least, int64_t most, int64_t *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(*at, &end, 10);
    if (end == *at || errno || number < least || number > most)
        return 0;
    *at = end;
    *value = number;
    return 1;
}

static int take_real(char **at, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(*at, &end);
    if (end == *at || errno == ERANGE || !isfinite(*value))
        return 0;
    *at = end;
    return 1;
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    if (length >= size) {
        length = size - 1; /* not inside a UTF-8 sequence */
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, from, length);
    to[length] = 0;
}

/* ---- the record line ------------------------------------------------------------------- */

int64_t secg_wfdb_days(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400, yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* HH:MM:SS[.sss], or MM:SS, or SS. */
static int parse_clock(const char *word, double *seconds)
{
    double part[3];
    int parts = 0;
    char *at = (char *)(uintptr_t)word;
    for (; parts < 3; parts++) {
        if (!take_real(&at, &part[parts]) || part[parts] < 0 || part[parts] >= 100)
            return 0;
        if (*at != ':') {
            parts++;
            break;
        }
        at++;
    }
    if (*at)
        return 0;
    *seconds = 0;
    for (int i = 0; i < parts; i++)
        *seconds = *seconds * 60 + part[i];
    return *seconds < 172800;
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* DD/MM/YYYY, and DD-Mon-YYYY as some writers have it. */
static int parse_date(const char *word, int64_t *days)
{
    int64_t d, m = 0, y;
    char *at = (char *)(uintptr_t)word;
    if (!take_integer(&at, 1, 31, &d) || (*at != '/' && *at != '-'))
        return 0;
    char separator = *at++;
    if (separator == '/') {
        if (!take_integer(&at, 1, 12, &m))
            return 0;
    } else {
        for (int i = 0; i < 12 && !m; i++)
            if (strncmp(at, months[i], 3) == 0)
                m = i + 1;
        if (!m)
            return 0;
        at += 3;
    }
    if (*at++ != separator || !take_integer(&at, 1, 9999, &y) || *at)
        return 0;
    *days = secg_wfdb_days(y, m, d);
    return 1;
}

static secg_status parse_rate(const place *p, char *word, secg_wfdb_header *h)
{
    char *at = word;
    double ignored;
    if (!take_real(&at, &h->rate_hz) || !(h->rate_hz > 0) || h->rate_hz > 1e6)
        return FAIL(p, "sampling frequency", "not a positive number", word);
    if (*at == '/') {
        at++;
        if (!take_real(&at, &ignored))
            return FAIL(p, "counter frequency", "not a number", word);
        if (*at == '(') {
            at++;
            if (!take_real(&at, &ignored) || *at++ != ')')
                return FAIL(p, "base counter", "not a number", word);
        }
    }
    return *at ? FAIL(p, "sampling frequency", "not a number", word) : SECG_OK;
}

/* HH:MM:SS DD/MM/YYYY; some writers put the date first.  A time of an unknown day is no start. */
static secg_status parse_start(const place *p, char **at, secg_wfdb_header *h)
{
    char *clock = next_word(at), *date = clock ? next_word(at) : NULL;
    double seconds;
    int64_t days;
    if (!clock)
        return SECG_OK;
    if (date && parse_date(clock, &days)) {
        char *first = clock;
        clock = date;
        date = first;
    }
    if (!parse_clock(clock, &seconds))
        return FAIL(p, "base time", "not HH:MM:SS", clock);
    if (!date)
        return SECG_OK;
    if (!parse_date(date, &days))
        return FAIL(p, "base date", "not DD/MM/YYYY", date);
    h->start_unix_ms = days * 86400000 + llround(seconds * 1000);
    return SECG_OK;
}

static secg_status parse_record_line(const place *p, char *line, secg_wfdb_header *h)
{
    char *at = line, *word = next_word(&at);
    int64_t value;
    char *slash = strchr(word, '/');
    if (slash) {
        char *number = slash + 1;
        *slash = 0;
        if (!take_integer(&number, 1, SECG_WFDB_MAX_SEGMENTS, &value) || *number)
            return FAIL(p, "number of segments", "not from 1 to 65536", slash + 1);
        h->segments = (int32_t)value;
    }
    if (!*word || strlen(word) >= sizeof h->name)
        return FAIL(p, "record name", "empty or longer than 63 letters", word);
    copy_text(h->name, sizeof h->name, word);
    word = next_word(&at);
    if (!word)
        return FAIL(p, "number of signals", "missing", NULL);
    char *number = word;
    if (!take_integer(&number, 0, INT32_MAX, &value) || *number)
        return FAIL(p, "number of signals", "not a number", word);
    if (value > SECG_WFDB_MAX_SIGNALS)
        return FAIL(p, "number of signals", "more than 256 are not supported:", word);
    h->signals = (int32_t)value;
    h->rate_hz = 250;
    if ((word = next_word(&at)) != NULL) {
        secg_status status = parse_rate(p, word, h);
        if (status != SECG_OK)
            return status;
    }
    if ((word = next_word(&at)) != NULL) {
        number = word;
        if (!take_integer(&number, 0, INT64_C(1) << 46, &h->frames) || *number)
            return FAIL(p, "number of samples", "not a number that a file can hold", word);
    }
    return parse_start(p, &at, h);
}

/* ---- signal lines ---------------------------------------------------------------------- */

/* FORMAT[xSPF][:SKEW][+OFFSET] */
static secg_status parse_format(const place *p, char *word, secg_wfdb_signal *s)
{
    char *at = word;
    int64_t value;
    if (!take_integer(&at, 0, 100000, &value))
        return FAIL(p, "format", "not a number", word);
    s->is.format = (int32_t)value;
    s->is.stored_bits = (uint8_t)secg_wfdb_format_bits(s->is.format);
    s->is.samples_per_frame = 1;
    for (;;) {
        char kind = *at;
        if (!kind)
            break;
        at++;
        if (kind == 'x' && take_integer(&at, 1, SECG_WFDB_MAX_SPF, &value))
            s->is.samples_per_frame = (int32_t)value;
        else if (kind == ':' && take_integer(&at, 0, SECG_WFDB_MAX_SKEW, &value))
            s->skew = (int32_t)value;
        else if (kind == '+' && take_integer(&at, 0, INT64_C(1) << 46, &value))
            s->byte_offset = value;
        else
            return FAIL(p, "format", "not FORMAT[xSAMPLES][:SKEW][+OFFSET]", word);
    }
    return SECG_OK;
}

/* GAIN[(BASELINE)][/UNITS] */
static secg_status parse_gain(const place *p, char *word, secg_wfdb_signal *s, int *has_baseline)
{
    char *at = word;
    if (!take_real(&at, &s->is.gain) || fabs(s->is.gain) > 1e15)
        return FAIL(p, "gain", "not a usable number", word);
    if (*at == '(') {
        double baseline;
        at++;
        if (!take_real(&at, &baseline) || *at++ != ')' || fabs(baseline) > 2147483647.0)
            return FAIL(p, "baseline", "not a number of 32 bits", word);
        s->is.baseline = (int32_t)lround(baseline);
        *has_baseline = 1;
    }
    if (*at == '/')
        copy_text(s->is.units, sizeof s->is.units, at + 1);
    else if (*at)
        return FAIL(p, "gain", "not GAIN[(BASELINE)][/UNITS]", word);
    return SECG_OK;
}

typedef struct number_field {
    const char *name;
    int64_t least, most;
    int32_t *value;
} number_field;

static secg_status parse_signal_line(const place *p, char *line, secg_wfdb_signal *s)
{
    char *at = line, *word = next_word(&at);
    int has_baseline = 0, fields = 0;
    int32_t block_size = 0;
    strcpy(s->is.units, "mV");
    if (strlen(word) >= sizeof s->file)
        return FAIL(p, "file name", "too long:", word);
    copy_text(s->file, sizeof s->file, word);
    if (!(word = next_word(&at)))
        return FAIL(p, "format", "missing", NULL);
    secg_status status = parse_format(p, word, s);
    if (status != SECG_OK)
        return status;
    if ((word = next_word(&at)) != NULL &&
        (status = parse_gain(p, word, s, &has_baseline)) != SECG_OK)
        return status;
    number_field field[] = {{"ADC resolution", 0, 64, &s->is.adc_bits},
                            {"ADC zero", INT32_MIN, INT32_MAX, &s->is.adc_zero},
                            {"initial value", INT32_MIN, INT32_MAX, &s->initial},
                            {"checksum", INT32_MIN, INT32_MAX, &s->checksum},
                            {"block size", 0, INT32_MAX, &block_size}};
    for (; word && fields < 5 && (word = next_word(&at)) != NULL; fields++) {
        int64_t value;
        char *number = word;
        if (!take_integer(&number, field[fields].least, field[fields].most, &value) || *number)
            return FAIL(p, field[fields].name, "not a number that belongs here", word);
        *field[fields].value = (int32_t)value;
    }
    while (is_blank(*at))
        at++;
    size_t length = strlen(at);
    while (length > 0 && is_blank(at[length - 1]))
        at[--length] = 0;
    copy_text(s->is.description, sizeof s->is.description, at);
    s->has_checksum = fields >= 4;
    if (fields < 3)
        s->initial = s->is.adc_zero;
    if (!has_baseline)
        s->is.baseline = s->is.adc_zero;
    s->is.calibrated = s->is.gain != 0;
    return SECG_OK;
}

static secg_status parse_segment_line(const place *p, char *line, secg_wfdb_segment *s)
{
    char *at = line, *word = next_word(&at), *count = next_word(&at);
    if (strlen(word) >= sizeof s->name || strchr(word, '/') || strchr(word, '\\'))
        return FAIL(p, "segment", "not a record name", word);
    copy_text(s->name, sizeof s->name, word);
    if (!count || !take_integer(&count, 0, INT64_C(1) << 46, &s->frames) || *count)
        return FAIL(p, "segment length", "not a number", count);
    return SECG_OK;
}

/* ---- the file -------------------------------------------------------------------------- */

static secg_status set_paths(const char *path, secg_wfdb_header *h, secg_error *error)
{
    size_t length = strlen(path);
    int has_extension = length > 4 && strcmp(path + length - 4, ".hea") == 0;
    if (length + 5 > sizeof h->path)
        return secg_fail(error, SECG_E_ARGUMENT, "path too long: %.100s...", path);
    snprintf(h->path, sizeof h->path, "%s%s", path, has_extension ? "" : ".hea");
    const char *slash = strrchr(h->path, '/');
    size_t folder = slash ? (size_t)(slash - h->path) + 1 : 0;
    memcpy(h->folder, h->path, folder);
    h->folder[folder] = 0;
    return SECG_OK;
}

/* Names what is there instead, where the name without ".hea" is that of a folder or another file. */
static secg_status cannot_open(const char *header, secg_error *error)
{
    int reason = errno, bare = (int)strlen(header) - 4;
    char other[4096];
    struct stat found;
    snprintf(other, sizeof other, "%.*s", bare, header);
    if (reason != ENOENT || bare >= (int)sizeof other || stat(other, &found) != 0)
        return secg_fail(error, SECG_E_FILE, "%s: %s", header, strerror(reason));
    if (S_ISDIR(found.st_mode))
        return secg_fail(error, SECG_E_FILE, "%s: a folder; name a record in it", other);
    return secg_fail(error, SECG_E_FILE,
                     "%s: neither a WFDB header nor an audio file, and there is no %s.hea", other,
                     secg_path_tail(other));
}

static secg_status read_text(const secg_wfdb_header *h, char **text, secg_error *error)
{
    struct stat found;
    if (stat(h->path, &found) == 0 && !S_ISREG(found.st_mode))
        return secg_fail(error, SECG_E_FILE, "%s: not a regular file", h->path);
    FILE *file = fopen(h->path, "rb");
    if (!file)
        return cannot_open(h->path, error);
    size_t room = 65536, used = 0, got = 0;
    char *buffer = malloc(room + 1);
    while (buffer && (got = fread(buffer + used, 1, room - used, file)) > 0) {
        used += got;
        if (used == room) {
            char *larger =
                room >= SECG_WFDB_MAX_HEADER_BYTES ? NULL : realloc(buffer, 2 * room + 1);
            if (!larger) {
                free(buffer);
                fclose(file);
                return secg_fail(error, SECG_E_FORMAT, "%s: larger than a header can be", h->path);
            }
            buffer = larger;
            room *= 2;
        }
    }
    int failed = ferror(file);
    fclose(file);
    if (!buffer)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", h->path);
    buffer[used] = 0;
    *text = buffer;
    if (failed)
        return secg_fail(error, SECG_E_FILE, "%s: cannot be read", h->path);
    if (memchr(buffer, 0, used))
        return secg_fail(error, SECG_E_FORMAT, "%s: not a text file", h->path);
    return SECG_OK;
}

static secg_status add_comment(const place *p, secg_wfdb_header *h, const char *text)
{
    while (*text == '#' || is_blank(*text))
        text++;
    if (h->comments == SECG_WFDB_MAX_COMMENTS)
        return SECG_OK;
    char **list = realloc(h->comment, (h->comments + 1) * sizeof *list);
    char *copy = list ? malloc(strlen(text) + 1) : NULL;
    if (list)
        h->comment = list;
    if (!copy)
        return fail_at(p, SECG_E_MEMORY, "comment", "no memory", NULL);
    strcpy(copy, text);
    size_t length = strlen(copy);
    while (length > 0 && is_blank(copy[length - 1]))
        copy[--length] = 0;
    h->comment[h->comments++] = copy;
    return SECG_OK;
}

static secg_status take_lists(const place *p, secg_wfdb_header *h)
{
    h->signal = calloc(h->signals ? (size_t)h->signals : 1, sizeof *h->signal);
    h->segment = calloc(h->segments ? (size_t)h->segments : 1, sizeof *h->segment);
    if (!h->signal || !h->segment)
        return fail_at(p, SECG_E_MEMORY, "header", "no memory", NULL);
    return SECG_OK;
}

/* The record line, then as many signal or segment lines as it announced. */
static secg_status parse_line(const place *p, char *line, secg_wfdb_header *h, int *lines)
{
    int number = (*lines)++;
    if (number == 0) {
        secg_status status = parse_record_line(p, line, h);
        return status == SECG_OK ? take_lists(p, h) : status;
    }
    if (h->segments > 0)
        return number <= h->segments ? parse_segment_line(p, line, &h->segment[number - 1])
                                     : FAIL(p, "line", "more than the segments announced:", line);
    return number <= h->signals ? parse_signal_line(p, line, &h->signal[number - 1])
                                : FAIL(p, "line", "more than the signals announced:", line);
}

static secg_status parse_text(char *text, secg_wfdb_header *h, secg_error *error)
{
    place p = {.header = h, .error = error};
    int lines = 0;
    for (char *line = text, *next; line && *line; line = next) {
        char *end = strchr(line, '\n');
        next = end ? end + 1 : NULL;
        if (end)
            *end = 0;
        p.line++;
        char *first = line;
        while (is_blank(*first))
            first++;
        if (!*first)
            continue;
        secg_status status = *first == '#' ? (lines ? add_comment(&p, h, first) : SECG_OK)
                                           : parse_line(&p, first, h, &lines);
        if (status != SECG_OK)
            return status;
    }
    int wanted = h->segments > 0 ? h->segments : h->signals;
    if (lines == 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: the header is empty", h->path);
    if (lines - 1 < wanted)
        return secg_fail(error, SECG_E_FORMAT, "%s:%d: %d of %d %s lines are there", h->path,
                         p.line, lines - 1, wanted, h->segments > 0 ? "segment" : "signal");
    if (wanted == 0)
        return secg_fail(error, SECG_E_FORMAT, "%s:1: number of signals: there are none", h->path);
    return SECG_OK;
}

secg_status secg_wfdb_header_read(const char *path, secg_wfdb_header *h, secg_error *error)
{
    *h = (secg_wfdb_header){.start_unix_ms = SECG_NO_SAMPLE};
    char *text = NULL;
    secg_status status = set_paths(path, h, error);
    if (status == SECG_OK)
        status = read_text(h, &text, error);
    if (status == SECG_OK) {
        secg_c_locale locale;
        secg_c_locale_enter(&locale);
        status = parse_text(text, h, error);
        secg_c_locale_leave(&locale);
    }
    free(text);
    return status;
}

void secg_wfdb_header_free(secg_wfdb_header *h)
{
    for (size_t i = 0; i < h->comments; i++)
        free(h->comment[i]);
    free(h->comment);
    free(h->signal);
    free(h->segment);
    *h = (secg_wfdb_header){0};
}
