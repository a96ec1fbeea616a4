/* Order of writing: samples, then their chain line, then the manifest's line, each on the device
 * before the next; so whatever the chain states is there, and what a power cut leaves over lies
 * behind it.  The same for an annotation file: its bytes under a temporary name, its chain line, its
 * own name, the manifest's line. */
#include "io/recorder_files.h"

#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
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

static secg_status refuse(secg_recorder_files *f, const char *extension, int number)
{
    return secg_fail(&f->failure, SECG_E_FILE, "%s.%s: cannot be written: %s",
                     secg_path_tail(f->base), extension, strerror(number));
}

/* ---- the device -------------------------------------------------------------------------- */

/* 0, or the number of the error. */
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

int secg_recorder_append_line(int file, const char *text, size_t size, int64_t *end)
{
    int number = write_all(file, text, size, *end);
    if (number == 0 && fdatasync(file) != 0)
        number = errno;
    if (number == 0)
        *end += (int64_t)size;
    return number;
}

void secg_recorder_sync_folder(const secg_recorder_files *f)
{
    int descriptor = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor); /* not every file system can */
        close(descriptor);
    }
}

/* 1 when what is behind `end` is gone. */
static int cut_back(int file, int64_t end)
{
    return ftruncate(file, (off_t)end) == 0;
}

/* A file that was deleted, or whose medium was taken away, may still take what is written; but
 * nobody will find it there.  0, or the number of the error. */
static int still_there(const secg_recorder_files *f, int file, const char *extension)
{
    char path[CHAIN_PATH];
    struct stat held, named;
    snprintf(path, sizeof path, "%s.%s", f->base, extension);
    if (fstat(file, &held) != 0 || stat(path, &named) != 0)
        return errno;
    return held.st_dev == named.st_dev && held.st_ino == named.st_ino ? 0 : ESTALE;
}

/* ---- blocks ------------------------------------------------------------------------------ */

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

/* The samples of block b, on the device and in the hash of its line. */
static int put_samples(secg_recorder_files *f, const secg_chain_block *b, const uint8_t *samples)
{
    if (b->frames == 0)
        return 0;
    int number = write_samples(f, samples, b->frames);
    if (number == 0 && fdatasync(f->samples) != 0)
        number = errno;
    return number == 0 ? still_there(f, f->samples, "dat") : number;
}

static secg_status append_chain(secg_recorder_files *f, const char *line, int length)
{
    int64_t end = f->chain_bytes;
    int number = secg_recorder_append_line(f->chain, line, (size_t)length, &end);
    if (number == 0)
        number = still_there(f, f->chain, "chain");
    if (number == 0) {
        f->chain_bytes = end;
        return SECG_OK;
    }
    /* A line that stays must keep its samples. */
    if (cut_back(f->chain, f->chain_bytes))
        cut_back(f->samples, f->sample_bytes);
    return refuse(f, "chain", number);
}

static secg_status append_manifest(secg_recorder_files *f)
{
    char text[MANIFEST_LINE];
    size_t size = (size_t)secg_manifest_line(&f->last, &f->sums, text);
    if (size == 0)
        return SECG_OK;
    int number = secg_recorder_append_line(f->manifest, text, size, &f->manifest_bytes);
    if (number == 0)
        return SECG_OK;
    cut_back(f->manifest, f->manifest_bytes); /* else a reader knows a torn line for one */
    return refuse(f, "manifest", number);
}

/* Samples and chain line. */
static secg_status append_block(secg_recorder_files *f, secg_chain_block *b, const uint8_t *samples)
{
    char line[CHAIN_LINE];
    int length = secg_chain_block_text(b, line);
    int number = secg_chain_hash_begin(f->hash, f->last.hash, line, (size_t)length) ? 0 : ENOMEM;
    if (number == 0)
        number = put_samples(f, b, samples);
    if (number == 0 && !secg_chain_hash_end(f->hash, b->hash))
        number = ENOMEM;
    if (number != 0) {
        cut_back(f->samples, f->sample_bytes); /* what stays lies behind the chain */
        return refuse(f, "dat", number);
    }
    length += snprintf(line + length, sizeof line - (size_t)length, "%s\n", b->hash);
    secg_status status = append_chain(f, line, length);
    if (status != SECG_OK)
        return status;
    f->sample_bytes += b->frames * 2 * f->signal.channels;
    f->last = *b;
    return SECG_OK;
}

static secg_chain_block next_block(const secg_recorder_files *f, int64_t frames,
                                   secg_block_kind kind)
{
    return (secg_chain_block){.index = f->last.index + 1,
                              .first = f->sums.frames,
                              .frames = frames,
                              .wall_ms = secg_wall_clock_ms(),
                              .kind = kind,
                              .file = "-"};
}

static secg_status append(secg_recorder_files *f, const uint8_t *samples, secg_chain_block *b)
{
    if (f->failure.status != SECG_OK)
        return f->failure.status;
    secg_status status = append_block(f, b, samples);
    return status == SECG_OK ? append_manifest(f) : status;
}

secg_status secg_recorder_files_signal(secg_recorder_files *f, const uint8_t *samples,
                                       int64_t frames)
{
    secg_chain_block b = next_block(f, frames, BLOCK_SIGNAL);
    return append(f, samples, &b);
}

secg_status secg_recorder_files_gap(secg_recorder_files *f, int64_t frames, secg_block_kind cause)
{
    secg_chain_block b = next_block(f, frames, cause);
    return append(f, NULL, &b);
}

secg_status secg_recorder_files_end(secg_recorder_files *f)
{
    secg_chain_block b = next_block(f, 0, BLOCK_END);
    if (secg_recorder_header_hash(f, 1, b.file) != SECG_OK)
        return secg_fail(&f->failure, SECG_E_MEMORY, "%s: no memory", secg_path_tail(f->base));
    secg_status status = append(f, NULL, &b);
    if (status == SECG_OK)
        status = secg_recorder_header_write(f, 1, &f->failure);
    secg_recorder_sync_folder(f);
    return status;
}

/* The chain line before the file has its name: whichever of the two files a power cut leaves, the
 * walk knows it. */
static secg_status put_annotations(secg_recorder_files *f, secg_chain_block *b, const void *bytes,
                                   size_t size)
{
    char path[CHAIN_PATH];
    secg_atomic_file out;
    snprintf(path, sizeof path, "%s.%s", f->base, b->annotator);
    secg_status status = secg_atomic_open(&out, path, &f->failure);
    if (status != SECG_OK)
        return status;
    fwrite(bytes, 1, size, out.stream); /* secg_atomic_close sees the stream's error */
    if (fflush(out.stream) != 0)
        status = refuse(f, b->annotator, errno);
    if (status == SECG_OK)
        status = append_block(f, b, NULL);
    status = secg_atomic_close(&out, status, &f->failure);
    secg_recorder_sync_folder(f);
    return status;
}

secg_status secg_recorder_files_annotations(secg_recorder_files *f, const char *annotator,
                                            const void *bytes, size_t size)
{
    secg_chain_block b = next_block(f, 0, BLOCK_ANNOTATIONS);
    strcpy(b.annotator, annotator);
    if (!secg_hash_bytes(bytes, size, b.file))
        return secg_fail(&f->failure, SECG_E_MEMORY, "%s: no memory", secg_path_tail(f->base));
    secg_status status = put_annotations(f, &b, bytes, size);
    return status == SECG_OK ? append_manifest(f) : status;
}
