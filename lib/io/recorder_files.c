/* Order of writing: samples, then their chain line, then the manifest's line, each on the device
 * before the next; so whatever the chain states is there, and what a power cut leaves over lies
 * behind it. */
#include "io/recorder_files.h"

#include "base/atomic_file.h"
#include "base/status.h"
#include "io/c_locale.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int64_t secg_wall_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the header ------------------------------------------------------------------------ */

static void put_header(FILE *file, const secg_recorder_files *f, int closed)
{
    char text[32];
    secg_c_locale locale;
    secg_c_locale_enter(&locale);
    /* 0: as many frames as the signal file holds */
    fprintf(file, "%s %d %.12g %lld", f->name, (int)f->signal.channels, f->signal.rate_hz,
            closed ? (long long)f->sums.frames : 0);
    secg_clock_text(f->head.start_ms, 0, 0, text, sizeof text);
    if (strlen(text) == 24)
        fprintf(file, " %.12s %.2s/%.2s/%.4s", text + 11, text + 8, text + 5, text);
    fputc('\n', file);
    for (int32_t k = 0; k < f->signal.channels; k++) {
        const secg_channel *c = &f->signal.channel[k];
        fprintf(file, "%s.dat 16 %.9g(%d)/mV 16 0 %d %d 0 %s\n", f->name, (double)c->gain_per_mv,
                (int)c->baseline, closed ? (int)f->sums.initial[k] : 0,
                closed ? (int)(int16_t)f->sums.sum[k] : 0,
                c->name[0] ? c->name : secg_lead_name(c->lead));
    }
    secg_c_locale_leave(&locale);
}

static secg_status header_hash(const secg_recorder_files *f, int closed, char *hex)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return SECG_E_MEMORY;
    put_header(file, f, closed);
    int good = fclose(file) == 0 && secg_hash_bytes(text, size, hex);
    free(text);
    return good ? SECG_OK : SECG_E_MEMORY;
}

static secg_status write_header(const secg_recorder_files *f, int closed, secg_error *error)
{
    char path[CHAIN_PATH];
    secg_atomic_file out;
    snprintf(path, sizeof path, "%s.hea", f->base);
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    put_header(out.stream, f, closed);
    return secg_atomic_close(&out, SECG_OK, error);
}

/* ---- writing --------------------------------------------------------------------------- */

static secg_status refuse(secg_recorder_files *f, const char *extension, int number)
{
    return secg_fail(&f->failure, SECG_E_FILE, "%s.%s: cannot be written: %s",
                     secg_path_tail(f->base), extension, strerror(number));
}

/* 0, or the number of the error.  A file that was deleted can still be written to; it is gone. */
static int write_all(int file, const void *bytes, size_t size, int64_t at)
{
    const char *from = bytes;
    while (size > 0) {
        ssize_t written = pwrite(file, from, size, (off_t)at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written < 0 ? errno : ENOSPC;
        from += written;
        at += written;
        size -= (size_t)written;
    }
    return 0;
}

static int synchronise(int file)
{
    struct stat about;
    if (fdatasync(file) != 0 || fstat(file, &about) != 0)
        return errno;
    return about.st_nlink == 0 ? ENOENT : 0;
}

static int append_line(int file, const char *text, size_t size, int64_t *end)
{
    int number = write_all(file, text, size, *end);
    if (number == 0)
        number = synchronise(file);
    if (number == 0)
        *end += (int64_t)size;
    else if (ftruncate(file, (off_t)*end) != 0)
        return number; /* the torn line stays: a reader knows it for one */
    return number;
}

/* Frames without a value, of which a gap may hold hours. */
static int write_absent(secg_recorder_files *f, int64_t frames, int64_t at)
{
    uint8_t bytes[256 * 2 * SECG_MAX_CHANNELS];
    size_t frame_bytes = 2 * (size_t)f->signal.channels;
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = 0x00;
        bytes[i + 1] = 0x80;
    }
    int number = 0;
    while (frames > 0 && number == 0) {
        size_t here = frames < 256 ? (size_t)frames : 256;
        number = write_all(f->samples, bytes, here * frame_bytes, at);
        if (EVP_DigestUpdate(f->hash, bytes, here * frame_bytes) != 1)
            number = ENOMEM;
        secg_record_sums_add(&f->sums, bytes, (int64_t)here);
        at += (int64_t)(here * frame_bytes);
        frames -= (int64_t)here;
    }
    return number;
}

static int write_samples(secg_recorder_files *f, const uint8_t *samples, int64_t frames)
{
    if (!samples)
        return write_absent(f, frames, f->sample_bytes);
    size_t size = (size_t)frames * 2 * (size_t)f->signal.channels;
    secg_record_sums_add(&f->sums, samples, frames);
    if (EVP_DigestUpdate(f->hash, samples, size) != 1)
        return ENOMEM;
    return write_all(f->samples, samples, size, f->sample_bytes);
}

static secg_status append_manifest(secg_recorder_files *f)
{
    char text[MANIFEST_LINE];
    if (f->last.kind == BLOCK_SIGNAL)
        return SECG_OK;
    size_t size = (size_t)secg_manifest_line(&f->last, &f->sums, text);
    int number = append_line(f->manifest, text, size, &f->manifest_bytes);
    return number == 0 ? SECG_OK : refuse(f, "manifest", number);
}

static secg_status append_block(secg_recorder_files *f, secg_chain_block *b, const uint8_t *samples)
{
    char line[CHAIN_LINE];
    int length = secg_chain_block_text(b, line);
    int number = secg_chain_hash_begin(f->hash, f->last.hash, line, (size_t)length) ? 0 : ENOMEM;
    if (number == 0)
        number = write_samples(f, samples, b->frames);
    if (number == 0 && b->frames > 0)
        number = synchronise(f->samples);
    if (number == 0 && !secg_chain_hash_end(f->hash, b->hash))
        number = ENOMEM;
    if (number != 0) {
        refuse(f, "dat", number);
        if (ftruncate(f->samples, (off_t)f->sample_bytes) != 0)
            f->failure.status = SECG_E_FILE; /* what stays lies behind the chain */
        return f->failure.status;
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "%s\n", b->hash);
    number = append_line(f->chain, line, (size_t)length, &f->chain_bytes);
    if (number != 0) {
        refuse(f, "chain", number);
        if (ftruncate(f->samples, (off_t)f->sample_bytes) != 0)
            f->failure.status = SECG_E_FILE;
        return f->failure.status;
    }
    f->sample_bytes += b->frames * 2 * f->signal.channels;
    f->last = *b;
    return append_manifest(f);
}

static secg_status append(secg_recorder_files *f, const uint8_t *samples, int64_t frames,
                          secg_block_kind kind, const char *header)
{
    if (f->failure.status != SECG_OK)
        return f->failure.status;
    secg_chain_block b = {.index = f->last.index + 1,
                          .first = f->sums.frames,
                          .frames = frames,
                          .wall_ms = secg_wall_clock_ms(),
                          .kind = kind};
    strcpy(b.header, header);
    return append_block(f, &b, samples);
}

secg_status secg_recorder_files_signal(secg_recorder_files *f, const uint8_t *samples,
                                       int64_t frames)
{
    return append(f, samples, frames, BLOCK_SIGNAL, "-");
}

secg_status secg_recorder_files_gap(secg_recorder_files *f, int64_t frames, secg_block_kind cause)
{
    return append(f, NULL, frames, cause, "-");
}

secg_status secg_recorder_files_end(secg_recorder_files *f)
{
    char hash[2 * CHAIN_HASH + 1];
    if (f->failure.status != SECG_OK)
        return f->failure.status;
    if (header_hash(f, 1, hash) != SECG_OK)
        return secg_fail(&f->failure, SECG_E_MEMORY, "%s: no memory", secg_path_tail(f->base));
    secg_status status = append(f, NULL, 0, BLOCK_END, hash);
    return status == SECG_OK ? write_header(f, 1, &f->failure) : status;
}

void secg_recorder_files_release(secg_recorder_files *f)
{
    if (f->samples >= 0)
        close(f->samples);
    if (f->chain >= 0)
        close(f->chain);
    if (f->manifest >= 0)
        close(f->manifest);
    EVP_MD_CTX_free(f->hash);
    *f = (secg_recorder_files){.samples = -1, .chain = -1, .manifest = -1};
}

/* ---- opening --------------------------------------------------------------------------- */

static int open_part(secg_recorder_files *f, const char *extension, int flags, secg_error *error)
{
    char path[CHAIN_PATH];
    snprintf(path, sizeof path, "%s.%s", f->base, extension);
    int file = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (file < 0)
        secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    return file;
}

static secg_status begin(secg_recorder_files *f, const secg_recorder_config *c, secg_error *error)
{
    *f = (secg_recorder_files){.signal = c->signal, .samples = -1, .chain = -1, .manifest = -1};
    strcpy(f->folder, c->folder);
    strcpy(f->name, c->name);
    snprintf(f->base, sizeof f->base, "%s/%s", c->folder, c->name);
    f->sums.channels = c->signal.channels;
    f->hash = EVP_MD_CTX_new();
    return f->hash ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "%s: no memory", c->name);
}

/* The folder's own entry reaches the disk too, or a power cut may take the files' names. */
static void synchronise_folder(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        close(descriptor);
    }
}

static secg_status write_manifest_start(secg_recorder_files *f, secg_error *error)
{
    char text[MANIFEST_LINE], clock[32];
    secg_clock_text(f->head.start_ms, 0, 0, clock, sizeof clock);
    int size = snprintf(text, sizeof text,
                        "{\"manifest\":1,\"record\":\"%s\",\"start_unix_ms\":%lld,"
                        "\"start\":\"%s\",\"channels\":%d,\"leads\":[",
                        f->name, (long long)f->head.start_ms, clock, (int)f->signal.channels);
    for (int32_t k = 0; k < f->signal.channels; k++)
        size += snprintf(text + size, 40, "%s\"%s\"", k ? "," : "",
                         secg_lead_name(f->signal.channel[k].lead));
    size += snprintf(text + size, 8, "]}\n");
    if (!secg_hash_bytes(text, (size_t)size, f->head.manifest))
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    int number = append_line(f->manifest, text, (size_t)size, &f->manifest_bytes);
    return number == 0 ? SECG_OK
                       : secg_fail(error, SECG_E_FILE, "%s.manifest: cannot be written: %s",
                                   secg_path_tail(f->base), strerror(number));
}

/* Last of all, and whole or not at all: with it the record exists. */
static secg_status write_chain_start(secg_recorder_files *f, secg_error *error)
{
    char line[CHAIN_LINE], path[CHAIN_PATH];
    int length = secg_chain_head_text(&f->head, line);
    if (!secg_chain_hash_begin(f->hash, "", line, (size_t)length) ||
        !secg_chain_hash_end(f->hash, f->head.hash))
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    length += snprintf(line + length, sizeof line - (size_t)length, "%s\n", f->head.hash);
    secg_atomic_file out;
    snprintf(path, sizeof path, "%s.chain", f->base);
    secg_status status = secg_atomic_open(&out, path, error);
    if (status != SECG_OK)
        return status;
    fwrite(line, 1, (size_t)length, out.stream);
    status = secg_atomic_close(&out, SECG_OK, error);
    f->chain_bytes = length;
    f->last = (secg_chain_block){.index = -1, .wall_ms = f->head.start_ms};
    strcpy(f->last.hash, f->head.hash);
    return status;
}

static secg_status lock(secg_recorder_files *f, secg_error *error)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if ((f->chain = open_part(f, "chain", 0, error)) < 0)
        return SECG_E_FILE;
    if (fcntl(f->chain, F_SETLK, &whole) != 0)
        return secg_fail(error, SECG_E_STATE, "%s: another process records it",
                         secg_path_tail(f->base));
    return SECG_OK;
}

static secg_status create(secg_recorder_files *f, secg_error *error)
{
    struct stat about;
    if ((f->samples = open_part(f, "dat", O_CREAT, error)) < 0)
        return SECG_E_FILE;
    if (fstat(f->samples, &about) != 0 || about.st_size > 0)
        return secg_fail(error, SECG_E_STATE, "%s.dat: exists", secg_path_tail(f->base));
    if ((f->manifest = open_part(f, "manifest", O_CREAT | O_TRUNC, error)) < 0)
        return SECG_E_FILE;
    secg_status status = write_manifest_start(f, error);
    if (status == SECG_OK && header_hash(f, 0, f->head.header) != SECG_OK)
        status = secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    if (status == SECG_OK)
        status = write_header(f, 0, error);
    if (status == SECG_OK)
        status = write_chain_start(f, error);
    synchronise_folder(f->folder);
    return status == SECG_OK ? lock(f, error) : status;
}

static int part_exists(const secg_recorder_files *f, const char *extension)
{
    char path[CHAIN_PATH];
    snprintf(path, sizeof path, "%s.%s", f->base, extension);
    return access(path, F_OK) == 0;
}

secg_status secg_recorder_files_create(secg_recorder_files *f, const secg_recorder_config *c,
                                       int64_t block_frames, secg_error *error)
{
    secg_status status = begin(f, c, error);
    f->head.channels = c->signal.channels;
    f->head.block_frames = block_frames;
    f->head.rate_hz = c->signal.rate_hz;
    f->head.start_ms = c->start_unix_ms ? c->start_unix_ms : secg_wall_clock_ms();
    if (status == SECG_OK && part_exists(f, "chain"))
        status = secg_fail(error, SECG_E_STATE, "%s: the record exists", secg_path_tail(f->base));
    if (status == SECG_OK)
        status = create(f, error);
    if (status != SECG_OK)
        secg_recorder_files_release(f);
    return status;
}

/* Same leads, gains, rate: then the open header is the same to the byte. */
static secg_status take_over(secg_recorder_files *f, const secg_chain_walk *walk, secg_error *error)
{
    char hash[2 * CHAIN_HASH + 1];
    f->head = walk->head;
    f->last = walk->last;
    f->sums = walk->sums;
    f->chain_bytes = walk->chain_bytes;
    f->manifest_bytes = walk->manifest_bytes;
    f->sample_bytes = walk->sums.frames * 2 * walk->head.channels;
    if (header_hash(f, 0, hash) != SECG_OK)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    if (strcmp(hash, f->head.header) != 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: was begun with other leads, gains or rate",
                         secg_path_tail(f->base));
    return SECG_OK;
}

static secg_status cut_to_chain(secg_recorder_files *f, const char *pending, secg_error *error)
{
    int cut = ftruncate(f->samples, (off_t)f->sample_bytes) == 0 &&
              ftruncate(f->chain, (off_t)f->chain_bytes) == 0 &&
              ftruncate(f->manifest, (off_t)f->manifest_bytes) == 0;
    int number =
        cut ? append_line(f->manifest, pending, strlen(pending), &f->manifest_bytes) : errno;
    return number == 0 ? SECG_OK
                       : secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s",
                                   secg_path_tail(f->base), strerror(number));
}

static secg_status fill_gap(secg_recorder_files *f, secg_error *error)
{
    const int64_t day_ms = INT64_C(86400000);
    int64_t away_ms = secg_wall_clock_ms() - f->last.wall_ms;
    secg_block_kind cause = f->last.kind == BLOCK_END ? BLOCK_STOPPED : BLOCK_INTERRUPTED;
    if (away_ms > day_ms)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: ended more than 24 hours ago",
                         secg_path_tail(f->base));
    if (away_ms < 0) /* the clock was set back: the length is not known */
        away_ms = 0;
    secg_status status = write_header(f, 0, error);
    if (status != SECG_OK)
        return status;
    int64_t frames = secg_sample_at((double)away_ms / 1000, f->signal.rate_hz);
    status = secg_recorder_files_gap(f, frames, cause);
    if (status != SECG_OK && error)
        *error = f->failure;
    return status;
}

static secg_status resume(secg_recorder_files *f, secg_error *error)
{
    secg_status status = lock(f, error);
    if (status != SECG_OK)
        return status;
    secg_chain_walk walk;
    status = secg_chain_walk_record(f->base, &walk, error);
    if (status == SECG_OK)
        status = take_over(f, &walk, error);
    /* Reading the chain has given up the lock, as POSIX has it. */
    if (status == SECG_OK) {
        close(f->chain);
        status = lock(f, error);
    }
    if (status == SECG_OK && ((f->samples = open_part(f, "dat", 0, error)) < 0 ||
                              (f->manifest = open_part(f, "manifest", 0, error)) < 0))
        status = SECG_E_FILE;
    if (status == SECG_OK)
        status = cut_to_chain(f, walk.pending, error);
    return status == SECG_OK ? fill_gap(f, error) : status;
}

secg_status secg_recorder_files_resume(secg_recorder_files *f, const secg_recorder_config *c,
                                       secg_error *error)
{
    secg_status status = begin(f, c, error);
    if (status == SECG_OK)
        status = resume(f, error);
    if (status != SECG_OK)
        secg_recorder_files_release(f);
    return status;
}
