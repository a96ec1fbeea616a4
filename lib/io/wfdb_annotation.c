/* WFDB annotation files: MIT format read and written, AHA format read.
 *
 * MIT: little-endian words, type in the high 6 bits, time since the last annotation in the low 10.
 * AHA: 16-byte entries; the first word tells the two apart, since a MIT file cannot begin with a
 * zero low byte and a letter above it. */
#include "io/wfdb_annotation.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "io/c_locale.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SKIP = 59, NUM = 60, SUB = 61, CHN = 62, AUX = 63, LAST_CODE = 49 };
enum {
    MAX_FILE_BYTES = 1 << 30,
    MAX_ANNOTATIONS = 1 << 22 /* forty days of beats: two bytes of file become 270 of memory */
};

static const char *const symbols[LAST_CODE + 1] = {
    " ", "N", "L",    "R",    "a",    "V",    "F",    "J",    "A",    "S",    "E",   "j", "/",
    "Q", "~", "[15]", "|",    "[17]", "s",    "T",    "*",    "D",    "\"",   "=",   "p", "B",
    "^", "t", "+",    "u",    "?",    "!",    "[",    "]",    "e",    "n",    "@",   "x", "f",
    "(", ")", "r",    "[42]", "[43]", "[44]", "[45]", "[46]", "[47]", "[48]", "[49]"};

const char *secg_annotation_symbol(int code)
{
    return code >= 0 && code <= LAST_CODE ? symbols[code] : "?";
}

int secg_annotation_code(const char *symbol)
{
    for (int code = 1; symbol && code <= LAST_CODE; code++)
        if (strcmp(symbol, symbols[code]) == 0)
            return code;
    return 0;
}

int secg_annotation_is_beat(int code)
{
    return (code >= 1 && code <= 13) || code == 25 || code == 30 || code == 31 || code == 34 ||
           code == 35 || code == 38 || code == 41;
}

/* ---- reading --------------------------------------------------------------------------- */

typedef struct reader {
    const char *path;
    const unsigned char *byte;
    size_t size, at;
    secg_annotation *list;
    size_t count, room;
    secg_error *error;
} reader;

static int word_at(const reader *r, size_t at)
{
    return at + 2 <= r->size ? r->byte[at] | r->byte[at + 1] << 8 : -1;
}

static secg_status add(reader *r, const secg_annotation *a)
{
    if (r->count == MAX_ANNOTATIONS)
        return secg_fail(r->error, SECG_E_UNSUPPORTED, "%s: more than %d annotations", r->path,
                         MAX_ANNOTATIONS);
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 1024;
        secg_annotation *list = realloc(r->list, room * sizeof *list);
        if (!list)
            return secg_fail(r->error, SECG_E_MEMORY, "%s: no memory", r->path);
        r->list = list;
        r->room = room;
    }
    r->list[r->count++] = *a;
    return SECG_OK;
}

static secg_status cut_short(const reader *r, const char *what)
{
    return secg_fail(r->error, SECG_E_FORMAT, "%s: byte %zu: the file ends inside %s", r->path,
                     r->at, what);
}

static secg_status read_skip(reader *r, int64_t *time)
{
    int high = word_at(r, r->at), low = word_at(r, r->at + 2);
    if (high < 0 || low < 0)
        return cut_short(r, "a time skip");
    r->at += 4;
    *time += (int32_t)((uint32_t)high << 16 | (uint32_t)low);
    return SECG_OK;
}

static secg_status read_aux(reader *r, int length, secg_annotation *a)
{
    if (r->at + (size_t)length > r->size)
        return cut_short(r, "an auxiliary text");
    size_t kept = (size_t)length < sizeof a->aux ? (size_t)length : sizeof a->aux - 1;
    memcpy(a->aux, r->byte + r->at, kept);
    a->aux[kept] = 0;
    r->at += (size_t)length + (size_t)(length & 1);
    return SECG_OK;
}

/* The words that may follow an annotation; NUM and CHN stay in force, SUB and AUX do not. */
static secg_status read_fields(reader *r, secg_annotation *a)
{
    for (;;) {
        int word = word_at(r, r->at), type = word >> 10, value = word & 0x3ff;
        if (word < 0 || type < NUM)
            return SECG_OK;
        r->at += 2;
        if (type == NUM)
            a->num = (int8_t)value;
        else if (type == SUB)
            a->subtype = (int8_t)value;
        else if (type == CHN)
            a->chan = (uint8_t)value;
        else {
            secg_status status = read_aux(r, value, a);
            if (status != SECG_OK)
                return status;
        }
    }
}

static secg_status read_mit(reader *r)
{
    int64_t time = 0;
    secg_annotation a = {0};
    for (;;) {
        int word = word_at(r, r->at), type = word >> 10;
        if (word < 0)
            return cut_short(r, "the list (its end mark is missing)");
        r->at += 2;
        if (word == 0)
            return SECG_OK;
        if (type == SKIP) {
            secg_status status = read_skip(r, &time);
            if (status != SECG_OK)
                return status;
            continue;
        }
        if (type > SKIP)
            return secg_fail(r->error, SECG_E_FORMAT, "%s: byte %zu: a field without an annotation",
                             r->path, r->at - 2);
        time += word & 0x3ff;
        a.sample = time;
        a.code = (int16_t)type;
        a.subtype = 0;
        a.aux[0] = 0;
        secg_status status = read_fields(r, &a);
        if (status == SECG_OK && type != 0)
            status = add(r, &a);
        if (status != SECG_OK)
            return status;
    }
}

static int aha_code(int letter)
{
    switch (letter) {
    case 'N':
        return 1;
    case 'V':
        return 5;
    case 'F':
        return 6;
    case 'E':
        return 10;
    case 'P':
        return 12;
    case 'Q':
        return 13;
    case 'U':
        return 14;
    case 'R':
        return 41;
    case 'O':
        return 22;
    case '[':
        return 32;
    case ']':
        return 33;
    default:
        return 22;
    }
}

static secg_status read_aha(reader *r)
{
    for (; r->at + 16 <= r->size; r->at += 16) {
        const unsigned char *b = r->byte + r->at;
        if (b[1] == 0)
            break;
        uint32_t time = (uint32_t)b[2] << 24 | (uint32_t)b[3] << 16 | (uint32_t)b[4] << 8 | b[5];
        secg_annotation a = {.sample = (int32_t)time, .code = (int16_t)aha_code(b[1])};
        if (b[1] == 'U')
            a.subtype = -1;
        memcpy(a.aux, b + 8, 8);
        secg_status status = add(r, &a);
        if (status != SECG_OK)
            return status;
    }
    return SECG_OK;
}

/* AHA: byte 1 holds a code letter, byte 0 is 0. */
static int is_aha(const reader *r)
{
    return r->size >= 16 && r->byte[0] == 0 && r->byte[1] != 0 &&
           strchr("NVFEPQUROV[]", r->byte[1]) != NULL && r->size % 16 == 0;
}

static secg_status load(const char *path, unsigned char **bytes, size_t *size, secg_error *error)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) {
        secg_fail(error, SECG_E_FILE, "%s: %s", path, strerror(errno));
        if (file)
            fclose(file);
        return SECG_E_FILE;
    }
    secg_status result = SECG_OK;
    *size = (size_t)status.st_size;
    *bytes = NULL;
    if (!S_ISREG(status.st_mode) || status.st_size > MAX_FILE_BYTES)
        result = secg_fail(error, SECG_E_FORMAT, "%s: no annotation file has this size", path);
    else if (status.st_size < 2)
        result = secg_fail(error, SECG_E_FORMAT, "%s: the annotation file is empty", path);
    else if (!(*bytes = malloc(*size)))
        result = secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
    else if (fread(*bytes, 1, *size, file) != *size)
        result = secg_fail(error, SECG_E_FILE, "%s: cannot be read", path);
    fclose(file);
    return result;
}

/* "## time resolution: F": the file's ticks are 1/F s.  WFDB adds a half and cuts off. */
static void apply_resolution(reader *r, double rate_hz)
{
    static const char mark[] = "## time resolution: ";
    size_t kept = 0;
    double ticks_hz = 0;
    for (size_t i = 0; i < r->count; i++) {
        const secg_annotation *a = &r->list[i];
        if (a->code == SECG_ANN_NOTE && a->sample == 0 &&
            strncmp(a->aux, mark, sizeof mark - 1) == 0) {
            secg_c_locale locale;
            secg_c_locale_enter(&locale);
            ticks_hz = strtod(a->aux + sizeof mark - 1, NULL);
            secg_c_locale_leave(&locale);
            continue;
        }
        r->list[kept++] = *a;
    }
    r->count = kept;
    if (!(ticks_hz > 0) || !isfinite(ticks_hz) || !(rate_hz > 0) || ticks_hz == rate_hz)
        return;
    for (size_t i = 0; i < r->count; i++) {
        double sample = (double)r->list[i].sample * rate_hz / ticks_hz + 0.5;
        r->list[i].sample = fabs(sample) < 9e18 ? (int64_t)sample : 0;
    }
}

secg_status secg_annotations_read(const char *path, double rate_hz, secg_annotation **list,
                                  size_t *count, secg_error *error)
{
    if (!path || !list || !count)
        return secg_fail(error, SECG_E_ARGUMENT, "path, list or count: NULL");
    *list = NULL;
    *count = 0;
    unsigned char *bytes = NULL;
    reader r = {.path = path, .error = error};
    secg_status status = load(path, &bytes, &r.size, error);
    r.byte = bytes;
    if (status == SECG_OK)
        status = is_aha(&r) ? read_aha(&r) : read_mit(&r);
    free(bytes);
    if (status != SECG_OK) {
        free(r.list);
        return status;
    }
    apply_resolution(&r, rate_hz);
    *list = r.list ? r.list : calloc(1, sizeof *r.list);
    *count = r.count;
    return *list ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "%s: no memory", path);
}

void secg_annotations_free(secg_annotation *list)
{
    free(list);
}

/* ---- writing --------------------------------------------------------------------------- */

static void put_word(FILE *file, unsigned word)
{
    fputc((int)(word & 0xff), file);
    fputc((int)(word >> 8 & 0xff), file);
}

static void put_time(FILE *file, int64_t *now, int64_t sample, unsigned code)
{
    int64_t step = sample - *now;
    while (step > 0x3ff || step < 0) {
        int64_t skip = step > INT32_MAX ? INT32_MAX : step < INT32_MIN ? INT32_MIN : step;
        put_word(file, (unsigned)SKIP << 10);
        put_word(file, (unsigned)((uint32_t)skip >> 16));
        put_word(file, (unsigned)((uint32_t)skip & 0xffff));
        step -= skip;
    }
    put_word(file, code << 10 | (unsigned)step);
    *now = sample;
}

static void put_annotation(FILE *file, const secg_annotation *a, int64_t *now, int8_t *num,
                           uint8_t *chan)
{
    put_time(file, now, a->sample, (unsigned)a->code);
    if (a->subtype)
        put_word(file, (unsigned)SUB << 10 | (uint8_t)a->subtype);
    if (a->chan != *chan)
        put_word(file, (unsigned)CHN << 10 | (*chan = a->chan));
    if (a->num != *num)
        put_word(file, (unsigned)NUM << 10 | (uint8_t)(*num = a->num));
    size_t length = strlen(a->aux);
    if (length) {
        put_word(file, (unsigned)AUX << 10 | (unsigned)length);
        fwrite(a->aux, 1, length, file);
        if (length & 1)
            fputc(0, file);
    }
}

/* The annotation numbered i, after the one before it. */
static secg_status check(const secg_annotation *a, const secg_annotation *before, size_t i,
                         const char *path, secg_error *error)
{
    if (a->code < 1 || a->code > LAST_CODE)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: annotation %zu: %d is no code", path, i,
                         (int)a->code);
    if (a->sample < 0 || (i > 0 && (a->sample < before->sample ||
                                    (a->sample == before->sample && a->chan < before->chan))))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "%s: annotation %zu: not in order of time and channel", path, i);
    if (!memchr(a->aux, 0, sizeof a->aux))
        return secg_fail(error, SECG_E_ARGUMENT, "%s: annotation %zu: aux is not terminated", path,
                         i);
    return SECG_OK;
}

static secg_status put_all(FILE *file, const char *path, double rate_hz, secg_annotation_next next,
                           void *context, secg_error *error)
{
    int64_t now = 0;
    int8_t num = 0;
    uint8_t chan = 0;
    secg_annotation before = {0}, a = {.code = SECG_ANN_NOTE};
    if (rate_hz > 0) {
        secg_c_locale locale;
        secg_c_locale_enter(&locale);
        snprintf(a.aux, sizeof a.aux, "## time resolution: %.12g", rate_hz);
        secg_c_locale_leave(&locale);
        put_annotation(file, &a, &now, &num, &chan);
    }
    for (size_t i = 0; a = (secg_annotation){0}, next(context, &a); i++) {
        secg_status status = check(&a, &before, i, path, error);
        if (status != SECG_OK)
            return status;
        put_annotation(file, &a, &now, &num, &chan);
        before = a;
    }
    put_word(file, 0);
    return SECG_OK;
}

secg_status secg_annotations_write_from(const char *path, double rate_hz, secg_annotation_next next,
                                        void *context, secg_error *error)
{
    if (!path || !next)
        return secg_fail(error, SECG_E_ARGUMENT, "path or next: NULL");
    secg_atomic_file out;
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    status = put_all(out.stream, path, rate_hz, next, context, error);
    return secg_atomic_close(&out, status, error);
}

typedef struct rest_of_list {
    const secg_annotation *at, *end;
} rest_of_list;

static int next_of_list(void *context, secg_annotation *a)
{
    rest_of_list *list = context;
    if (list->at == list->end)
        return 0;
    *a = *list->at++;
    return 1;
}

secg_status secg_annotations_encode(const char *what, double rate_hz, const secg_annotation *list,
                                    size_t count, char **bytes, size_t *size, secg_error *error)
{
    rest_of_list all = {list, list ? list + count : NULL};
    *bytes = NULL;
    FILE *file = open_memstream(bytes, size);
    if (!file)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", what);
    secg_status status = put_all(file, what, rate_hz, next_of_list, &all, error);
    int bad = ferror(file);
    if ((fclose(file) != 0 || bad) && status == SECG_OK)
        status = secg_fail(error, SECG_E_MEMORY, "%s: no memory", what);
    if (status == SECG_OK)
        return SECG_OK;
    free(*bytes);
    *bytes = NULL;
    return status;
}

secg_status secg_annotations_write(const char *path, double rate_hz, const secg_annotation *list,
                                   size_t count, secg_error *error)
{
    if (!path || (!list && count > 0))
        return secg_fail(error, SECG_E_ARGUMENT, "path or list: NULL");
    rest_of_list all = {list, list ? list + count : NULL};
    return secg_annotations_write_from(path, rate_hz, next_of_list, &all, error);
}
