/* Opening a record for writing: a new one, or one that exists, which is then checked from its first
 * byte to its last before anything of it is touched. */
#include "io/recorder_files.h"

#include "base/atomic_file.h"
#include "base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stressecg/io.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- parts ------------------------------------------------------------------------------- */

static const char *part_path(const secg_recorder_files *f, const char *extension, char *path)
{
    snprintf(path, CHAIN_PATH, "%s.%s", f->base, extension);
    return path;
}

static int part_exists(const secg_recorder_files *f, const char *extension)
{
    char path[CHAIN_PATH];
    return access(part_path(f, extension, path), F_OK) == 0;
}

/* Not through a link: in a folder that others may write to, it could lead anywhere. */
static int open_part(secg_recorder_files *f, const char *extension, int flags, secg_error *error)
{
    char path[CHAIN_PATH];
    int file = open(part_path(f, extension, path), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (file < 0)
        secg_fail(error, SECG_E_FILE, "%s: %s", secg_path_tail(path), strerror(errno));
    return file;
}

/* flock, not fcntl: a POSIX record lock would be lost when this process closes the file anywhere,
 * as a check of the record does.  A file system without locks is taken as it is. */
static secg_status open_samples(secg_recorder_files *f, int flags, secg_error *error)
{
    if ((f->samples = open_part(f, "dat", flags, error)) < 0)
        return SECG_E_FILE;
    if (flock(f->samples, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return secg_fail(error, SECG_E_STATE, "%s: is being recorded", secg_path_tail(f->base));
    return SECG_OK;
}

static secg_status begin(secg_recorder_files *f, const char *folder, const char *name,
                         secg_error *error)
{
    *f = (secg_recorder_files){.samples = -1, .chain = -1, .manifest = -1};
    strcpy(f->folder, folder);
    strcpy(f->name, name);
    int length = snprintf(f->base, sizeof f->base, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof f->base)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: path is too long", name);
    f->hash = EVP_MD_CTX_new();
    return f->hash ? SECG_OK : secg_fail(error, SECG_E_MEMORY, "%s: no memory", name);
}

void secg_recorder_files_release(secg_recorder_files *f)
{
    if (f->manifest >= 0)
        close(f->manifest);
    if (f->chain >= 0)
        close(f->chain);
    if (f->samples >= 0)
        close(f->samples); /* last: with it goes the lock */
    EVP_MD_CTX_free(f->hash);
    *f = (secg_recorder_files){.samples = -1, .chain = -1, .manifest = -1};
}

/* ---- a new record ------------------------------------------------------------------------ */

static secg_status write_manifest_start(secg_recorder_files *f, secg_error *error)
{
    char text[MANIFEST_LINE], clock[32];
    secg_clock_text(f->head.start_ms, 0, 0, clock, sizeof clock);
    int size = snprintf(text, sizeof text,
                        "{\"manifest\":1,\"record\":\"%s\",\"start_unix_ms\":%lld,"
                        "\"start\":\"%s\",\"channels\":%d,\"leads\":[",
                        f->name, (long long)f->head.start_ms, clock, (int)f->signal.channels);
    for (int32_t k = 0; k < f->signal.channels; k++) {
        const secg_channel *c = &f->signal.channel[k];
        size += snprintf(text + size, 40, "%s\"%s\"", k ? "," : "",
                         c->name[0] ? c->name : secg_lead_name(c->lead));
    }
    size += snprintf(text + size, 8, "]}\n");
    if (!secg_hash_bytes(text, (size_t)size, f->head.manifest))
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    int number = secg_recorder_append_line(f->manifest, text, (size_t)size, &f->manifest_bytes);
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
    secg_status status = secg_atomic_open(&out, part_path(f, "chain", path), error);
    if (status != SECG_OK)
        return status;
    fwrite(line, 1, (size_t)length, out.stream);
    status = secg_atomic_close(&out, SECG_OK, error);
    f->chain_bytes = length;
    f->last = (secg_chain_block){.index = -1, .wall_ms = f->head.start_ms};
    strcpy(f->last.hash, f->head.hash);
    return status;
}

/* Nothing that stands there is replaced.  A header, an empty signal file and a manifest without a
 * chain are what a recorder leaves that was killed while it began. */
static secg_status check_place(const secg_recorder_files *f, secg_error *error)
{
    if (part_exists(f, "chain"))
        return secg_fail(error, SECG_E_STATE, "%s: the record exists", secg_path_tail(f->base));
    int begun = part_exists(f, "dat") && part_exists(f, "manifest");
    if (part_exists(f, "hea") && !begun)
        return secg_fail(error, SECG_E_STATE, "%s.hea: exists", secg_path_tail(f->base));
    return SECG_OK;
}

static secg_status hold_place(secg_recorder_files *f, secg_error *error)
{
    struct stat about;
    secg_status status = check_place(f, error);
    if (status == SECG_OK)
        status = open_samples(f, O_CREAT, error);
    if (status == SECG_OK &&
        (fstat(f->samples, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size > 0))
        status = secg_fail(error, SECG_E_STATE, "%s.dat: exists", secg_path_tail(f->base));
    if (status == SECG_OK && part_exists(f, "chain")) /* since then */
        status = secg_fail(error, SECG_E_STATE, "%s: the record exists", secg_path_tail(f->base));
    return status;
}

static secg_status write_start(secg_recorder_files *f, secg_error *error)
{
    if ((f->manifest = open_part(f, "manifest", O_CREAT | O_TRUNC, error)) < 0)
        return SECG_E_FILE;
    secg_status status = write_manifest_start(f, error);
    if (status == SECG_OK && secg_recorder_header_hash(f, 0, f->head.header) != SECG_OK)
        status = secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    if (status == SECG_OK)
        status = secg_recorder_header_write(f, 0, error);
    secg_recorder_sync_folder(f);
    if (status == SECG_OK)
        status = write_chain_start(f, error);
    secg_recorder_sync_folder(f);
    if (status == SECG_OK && (f->chain = open_part(f, "chain", 0, error)) < 0)
        status = SECG_E_FILE;
    return status;
}

/* What was begun and did not become a record. */
static void take_away(const secg_recorder_files *f)
{
    static const char *const part[] = {"hea", "manifest", "dat"};
    char path[CHAIN_PATH];
    for (int i = 0; i < 3 && !part_exists(f, "chain"); i++)
        unlink(part_path(f, part[i], path));
}

secg_status secg_recorder_files_create(secg_recorder_files *f, const secg_recorder_config *c,
                                       int64_t block_frames, secg_error *error)
{
    secg_status status = begin(f, c->folder, c->name, error);
    f->signal = c->signal;
    f->sums.channels = c->signal.channels;
    f->head.channels = c->signal.channels;
    f->head.block_frames = block_frames;
    f->head.rate_hz = c->signal.rate_hz;
    f->head.start_ms = c->start_unix_ms ? c->start_unix_ms : secg_wall_clock_ms();
    if (status == SECG_OK)
        status = hold_place(f, error);
    if (status == SECG_OK) {
        status = write_start(f, error);
        if (status != SECG_OK)
            take_away(f);
    }
    if (status != SECG_OK)
        secg_recorder_files_release(f);
    return status;
}

/* ---- a record that exists ---------------------------------------------------------------- */

/* Same leads, gains, rate: then the open header is the same to the byte. */
static secg_status same_signal(secg_recorder_files *f, secg_error *error)
{
    char hash[2 * CHAIN_HASH + 1];
    const char *base = secg_path_tail(f->base);
    if (f->signal.channels != f->head.channels)
        return secg_fail(error, SECG_E_FORMAT, "%s: was begun with %d channels, not %d", base,
                         (int)f->head.channels, (int)f->signal.channels);
    if ((int64_t)(f->signal.rate_hz * 1e6 + 0.5) != (int64_t)(f->head.rate_hz * 1e6 + 0.5))
        return secg_fail(error, SECG_E_FORMAT, "%s: was begun at %.12g Hz, not %.12g", base,
                         f->head.rate_hz, f->signal.rate_hz);
    if (secg_recorder_header_hash(f, 0, hash) != SECG_OK)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", f->name);
    if (strcmp(hash, f->head.header) != 0)
        return secg_fail(error, SECG_E_FORMAT, "%s: was begun with other leads or gains", base);
    return SECG_OK;
}

/* Lock, check, and take over what the chain vouches for.  Changes nothing. */
static secg_status take_over(secg_recorder_files *f, secg_error *error)
{
    secg_chain_walk walk;
    secg_status status = open_samples(f, 0, error);
    if (status == SECG_OK)
        status = secg_chain_walk_record(f->base, NULL, &walk, error);
    if (status != SECG_OK)
        return status;
    f->head = walk.head;
    f->last = walk.at.last;
    f->sums = walk.sums;
    memcpy(f->annotations, walk.annotations, sizeof f->annotations);
    f->annotation_files = walk.annotation_files;
    f->closed = walk.check.closed;
    f->header_is_open = walk.header_is_open;
    strcpy(f->closed_header, walk.closed_header);
    strcpy(f->pending, walk.pending);
    f->chain_bytes = walk.at.chain_bytes;
    f->manifest_bytes = walk.at.manifest_bytes;
    f->sample_bytes = walk.sums.frames * 2 * walk.head.channels;
    return same_signal(f, error);
}

secg_status secg_recorder_files_cut(secg_recorder_files *f, secg_error *error)
{
    const char *pending = f->pending;
    if ((f->chain = open_part(f, "chain", 0, error)) < 0 ||
        (f->manifest = open_part(f, "manifest", 0, error)) < 0)
        return SECG_E_FILE;
    int cut = ftruncate(f->samples, (off_t)f->sample_bytes) == 0 &&
              ftruncate(f->chain, (off_t)f->chain_bytes) == 0 &&
              ftruncate(f->manifest, (off_t)f->manifest_bytes) == 0;
    int number = cut ? 0 : errno;
    if (number == 0 && pending[0])
        number =
            secg_recorder_append_line(f->manifest, pending, strlen(pending), &f->manifest_bytes);
    return number == 0 ? SECG_OK
                       : secg_fail(error, SECG_E_FILE, "%s: cannot be written: %s",
                                   secg_path_tail(f->base), strerror(number));
}

/* Frames since the last block, by the wall clock; 0 when the clock was set back, and the length is
 * not known. */
static secg_status frames_away(const secg_recorder_files *f, int64_t *frames, secg_error *error)
{
    const int64_t day_ms = INT64_C(86400000);
    int64_t away_ms = secg_wall_clock_ms() - f->last.wall_ms;
    if (away_ms > day_ms)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "%s: ended more than 24 hours ago; it can be finished, not resumed",
                         secg_path_tail(f->base));
    *frames = away_ms > 0 ? secg_sample_at((double)away_ms / 1000, f->signal.rate_hz) : 0;
    return SECG_OK;
}

static secg_status go_on(secg_recorder_files *f, secg_error *error)
{
    int64_t frames = 0;
    secg_status status = take_over(f, error);
    if (status == SECG_OK && f->closed)
        status = secg_fail(error, SECG_E_STATE, "%s: is closed", secg_path_tail(f->base));
    if (status == SECG_OK)
        status = frames_away(f, &frames, error);
    if (status == SECG_OK)
        status = secg_recorder_files_cut(f, error);
    if (status != SECG_OK)
        return status;
    status = secg_recorder_files_gap(f, frames, BLOCK_INTERRUPTED);
    if (status != SECG_OK && error)
        *error = f->failure;
    return status;
}

secg_status secg_recorder_files_resume(secg_recorder_files *f, const secg_recorder_config *c,
                                       secg_error *error)
{
    secg_status status = begin(f, c->folder, c->name, error);
    f->signal = c->signal;
    if (status == SECG_OK)
        status = go_on(f, error);
    if (status != SECG_OK)
        secg_recorder_files_release(f);
    return status;
}

/* DIR/NAME or DIR/NAME.hea in its parts. */
static secg_status begin_at(secg_recorder_files *f, const char *path, secg_error *error)
{
    char base[CHAIN_FOLDER];
    *f = (secg_recorder_files){.samples = -1, .chain = -1, .manifest = -1};
    secg_status status = secg_record_base(path, base, error);
    if (status != SECG_OK)
        return status;
    char *slash = strrchr(base, '/');
    const char *name = slash ? slash + 1 : base;
    if (!secg_plain_name(name, sizeof f->name))
        return secg_fail(error, SECG_E_ARGUMENT, "%s: is no name of a recorder's record",
                         secg_path_tail(path));
    if (slash)
        *slash = 0;
    return begin(f, !slash ? "." : slash == base ? "/" : base, name, error);
}

/* Names, gains and rate as the header states them; whether they are the record's own, the chain
 * tells. */
static void copy_signal(const secg_record_info *info, secg_signal *signal)
{
    signal->rate_hz = info->rate_hz;
    signal->channels = info->signals < SECG_MAX_CHANNELS ? info->signals : SECG_MAX_CHANNELS;
    for (int32_t k = 0; k < signal->channels; k++) {
        secg_channel *c = &signal->channel[k];
        c->gain_per_mv = (float)info->signal[k].gain;
        c->baseline = info->signal[k].baseline;
        snprintf(c->name, sizeof c->name, "%.*s", (int)sizeof c->name - 1,
                 info->signal[k].description);
    }
}

static secg_status read_signal(secg_recorder_files *f, secg_error *error)
{
    secg_record *record;
    secg_status status = secg_record_open(f->base, NULL, &record, error);
    if (status != SECG_OK)
        return status;
    copy_signal(secg_record_get_info(record), &f->signal);
    secg_record_close(record);
    return SECG_OK;
}

secg_status secg_recorder_files_adopt(secg_recorder_files *f, const char *path, secg_error *error)
{
    secg_status status = begin_at(f, path, error);
    if (status == SECG_OK)
        status = read_signal(f, error);
    if (status == SECG_OK)
        status = take_over(f, error);
    if (status != SECG_OK)
        secg_recorder_files_release(f);
    return status;
}
