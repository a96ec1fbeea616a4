/* The recorder: a bounded queue without locks between the thread that acquires and the thread
 * that waits for the disk.
 *
 * The queue holds frames; `pushed` is written by the pusher alone and `taken` by the writer alone,
 * each released after the frames they speak of.  Gaps are marks in a second queue: "before frame
 * number `at` of the queue, so many frames are missing".  A mark is published before the frames
 * that follow it, so the writer, who reads `pushed` first, sees every mark up to there.  Where
 * frames or marks find no room, frames are counted in `lost`, and become a mark when there is. */
#include "io/recorder_files.h"

#include "base/status.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MARKS = 256, POLL_MS = 10 };

typedef struct gap_mark {
    int64_t at, frames;
    secg_block_kind cause;
} gap_mark;

struct secg_recorder {
    /* the pusher's */
    int64_t lost, longest_gap;
    int32_t channels;
    /* shared */
    _Atomic int64_t pushed, taken, marked, unmarked, overflowed, on_disk;
    atomic_int stop, failed; /* failed: files.failure is complete and stays */
    gap_mark mark[MARKS];
    uint8_t *queue;
    int64_t capacity;
    /* the writer's */
    secg_recorder_files files;
    uint8_t *block;
    int64_t block_frames, held;
    int64_t block_ms, held_since_ms;
    pthread_t thread;
};

/* ---- the pusher ------------------------------------------------------------------------ */

static int put_mark(secg_recorder *r, int64_t frames, secg_block_kind cause)
{
    int64_t marked = atomic_load_explicit(&r->marked, memory_order_relaxed);
    if (marked - atomic_load_explicit(&r->unmarked, memory_order_acquire) == MARKS)
        return 0;
    r->mark[marked % MARKS] =
        (gap_mark){atomic_load_explicit(&r->pushed, memory_order_relaxed), frames, cause};
    atomic_store_explicit(&r->marked, marked + 1, memory_order_release);
    return 1;
}

static void lose(secg_recorder *r, int64_t frames)
{
    r->lost += frames;
    atomic_fetch_add_explicit(&r->overflowed, frames, memory_order_relaxed);
}

static int mark_lost(secg_recorder *r)
{
    if (r->lost > 0 && put_mark(r, r->lost, BLOCK_OVERFLOW))
        r->lost = 0;
    return r->lost == 0;
}

static void put_frame(secg_recorder *r, int64_t place, const int16_t *counts)
{
    uint8_t *to = r->queue + (place % r->capacity) * 2 * r->channels;
    for (int32_t k = 0; k < r->channels; k++) {
        uint16_t bits = (uint16_t)counts[k];
        to[2 * k] = (uint8_t)(bits & 0xff);
        to[2 * k + 1] = (uint8_t)(bits >> 8);
    }
}

static secg_status failure(const secg_recorder *r, secg_error *error)
{
    if (!atomic_load_explicit(&r->failed, memory_order_acquire))
        return SECG_OK;
    if (error)
        *error = r->files.failure;
    return r->files.failure.status;
}

secg_status secg_recorder_push_i16(secg_recorder *r, const int16_t *counts, size_t frames,
                                   secg_error *error)
{
    if (!r || (!counts && frames > 0))
        return secg_fail(error, SECG_E_ARGUMENT, "recorder or counts: NULL");
    secg_status status = failure(r, error);
    if (status != SECG_OK)
        return status;
    int64_t pushed = atomic_load_explicit(&r->pushed, memory_order_relaxed);
    int64_t room = r->capacity - (pushed - atomic_load_explicit(&r->taken, memory_order_acquire));
    if (room == 0 || !mark_lost(r))
        room = 0;
    size_t fit = frames < (size_t)room ? frames : (size_t)room;
    for (size_t i = 0; i < fit; i++, counts += r->channels)
        put_frame(r, pushed + (int64_t)i, counts);
    atomic_store_explicit(&r->pushed, pushed + (int64_t)fit, memory_order_release);
    if (fit < frames)
        lose(r, (int64_t)(frames - fit));
    return SECG_OK;
}

secg_status secg_recorder_push_gap(secg_recorder *r, int64_t frames, secg_error *error)
{
    if (!r || frames < 0 || frames > r->longest_gap)
        return secg_fail(error, SECG_E_ARGUMENT,
                         "recorder: NULL, or frames: %lld is not 0 to 24 hours", (long long)frames);
    secg_status status = failure(r, error);
    if (status != SECG_OK || frames == 0)
        return status;
    if (!mark_lost(r) || !put_mark(r, frames, BLOCK_ACQUISITION))
        lose(r, frames);
    return SECG_OK;
}

void secg_recorder_get_progress(const secg_recorder *r, secg_recorder_progress *progress)
{
    *progress = (secg_recorder_progress){
        .on_disk_frames = atomic_load_explicit(&r->on_disk, memory_order_relaxed),
        .overflow_frames = atomic_load_explicit(&r->overflowed, memory_order_relaxed),
        .status = failure(r, NULL)};
}

/* ---- the writer ------------------------------------------------------------------------ */

static int64_t steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static secg_status written(secg_recorder *r, secg_status status)
{
    atomic_store_explicit(&r->on_disk, r->files.sample_bytes / (2 * r->channels),
                          memory_order_relaxed);
    if (status != SECG_OK)
        atomic_store_explicit(&r->failed, 1, memory_order_release);
    return status;
}

static secg_status write_block(secg_recorder *r)
{
    int64_t frames = r->held;
    r->held = 0;
    if (frames == 0)
        return SECG_OK;
    return written(r, secg_recorder_files_signal(&r->files, r->block, frames));
}

static void hold_frame(secg_recorder *r, int64_t place)
{
    size_t size = 2 * (size_t)r->channels;
    if (r->held == 0)
        r->held_since_ms = steady_ms();
    memcpy(r->block + (size_t)r->held * size, r->queue + (size_t)(place % r->capacity) * size,
           size);
    r->held++;
}

/* The gaps that stand before frame `place` of the queue. */
static secg_status write_gaps(secg_recorder *r, int64_t place)
{
    int64_t at = atomic_load_explicit(&r->unmarked, memory_order_relaxed);
    secg_status status = SECG_OK;
    while (status == SECG_OK && at < atomic_load_explicit(&r->marked, memory_order_acquire) &&
           r->mark[at % MARKS].at <= place) {
        gap_mark gap = r->mark[at % MARKS];
        atomic_store_explicit(&r->unmarked, ++at, memory_order_release);
        status = write_block(r);
        if (status == SECG_OK)
            status = written(r, secg_recorder_files_gap(&r->files, gap.frames, gap.cause));
    }
    return status;
}

static secg_status drain(secg_recorder *r)
{
    int64_t pushed = atomic_load_explicit(&r->pushed, memory_order_acquire);
    int64_t taken = atomic_load_explicit(&r->taken, memory_order_relaxed);
    secg_status status = write_gaps(r, taken);
    for (; status == SECG_OK && taken < pushed; status = write_gaps(r, taken)) {
        hold_frame(r, taken++);
        atomic_store_explicit(&r->taken, taken, memory_order_release);
        if (r->held == r->block_frames && write_block(r) != SECG_OK)
            return r->files.failure.status;
    }
    return status;
}

static void *run(void *recorder)
{
    secg_recorder *r = recorder;
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    secg_status status = SECG_OK;
    int stop = 0;
    while (status == SECG_OK && !stop) {
        stop = atomic_load_explicit(&r->stop, memory_order_acquire);
        status = drain(r);
        if (status == SECG_OK && r->held > 0 &&
            (stop || steady_ms() - r->held_since_ms >= r->block_ms))
            status = write_block(r);
        if (!stop)
            nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------ */

/* For the header's last field and the manifest, as it is. */
static int good_channel_name(const char *name)
{
    size_t length = strlen(name);
    if (length > 0 && (name[0] == ' ' || name[length - 1] == ' '))
        return 0;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f || strchr("\"\\", name[i]))
            return 0;
    return 1;
}

static secg_status check_signal(const secg_signal *signal, secg_error *error)
{
    secg_status status = secg_signal_check(signal, error);
    for (int32_t k = 0; status == SECG_OK && k < signal->channels; k++)
        if (!good_channel_name(signal->channel[k].name))
            status = secg_fail(error, SECG_E_ARGUMENT,
                               "signal.channel[%d].name: holds a quote, a backslash or a control "
                               "character, or a blank at its border",
                               (int)k);
    return status;
}

static secg_status check(const secg_recorder_config *c, secg_error *error)
{
    if (!c || !c->folder || !c->name)
        return secg_fail(error, SECG_E_ARGUMENT, "config, folder or name: NULL");
    if (!secg_plain_name(c->name, 64))
        return secg_fail(error, SECG_E_ARGUMENT,
                         "name: \"%.80s\" is not made of letters, digits, '_' and '-'", c->name);
    if (strlen(c->folder) >= CHAIN_FOLDER - 80)
        return secg_fail(error, SECG_E_ARGUMENT, "folder: path too long");
    if (c->block_ms != 0 && (c->block_ms < 10 || c->block_ms > 500))
        return secg_fail(error, SECG_E_ARGUMENT, "block_ms: %d is not 10 to 500", c->block_ms);
    if (c->queue_ms != 0 && (c->queue_ms < 100 || c->queue_ms > 60000))
        return secg_fail(error, SECG_E_ARGUMENT, "queue_ms: %d is not 100 to 60000", c->queue_ms);
    if (!secg_chain_time_is_possible(c->start_unix_ms))
        return secg_fail(error, SECG_E_ARGUMENT, "start_unix_ms: %lld is not a time",
                         (long long)c->start_unix_ms);
    for (size_t i = 0; i < sizeof c->reserved; i++)
        if (c->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "reserved: not zero");
    return check_signal(&c->signal, error);
}

static int64_t frames_in(const secg_recorder_config *c, int32_t ms)
{
    int64_t frames = (int64_t)floor(c->signal.rate_hz * ms / 1000);
    return frames > 0 ? frames : 1;
}

static void free_recorder(secg_recorder *r)
{
    free(r->queue);
    free(r->block);
    free(r);
}

static secg_recorder *make(const secg_recorder_config *c)
{
    secg_recorder *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    size_t frame_bytes = 2 * (size_t)c->signal.channels;
    r->channels = c->signal.channels;
    r->longest_gap = (int64_t)(86400 * c->signal.rate_hz);
    r->block_ms = c->block_ms ? c->block_ms : 500;
    r->block_frames = frames_in(c, (int32_t)r->block_ms);
    r->capacity = frames_in(c, c->queue_ms ? c->queue_ms : 10000);
    r->queue = malloc((size_t)r->capacity * frame_bytes);
    r->block = malloc((size_t)r->block_frames * frame_bytes);
    if (!r->queue || !r->block) {
        free_recorder(r);
        return NULL;
    }
    /* Touched now, so that the pushing thread takes no page faults. */
    memset(r->queue, 0, (size_t)r->capacity * frame_bytes);
    return r;
}

/* Signals are for the program's own threads. */
static int start_thread(secg_recorder *r)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int number = pthread_create(&r->thread, NULL, run, r);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return number;
}

static int chain_exists(const secg_recorder_config *c)
{
    char path[CHAIN_PATH];
    snprintf(path, sizeof path, "%s/%s.chain", c->folder, c->name);
    return access(path, F_OK) == 0;
}

static secg_status open_files(secg_recorder *r, const secg_recorder_config *c, secg_error *error)
{
    if (!c->resume || !chain_exists(c))
        return secg_recorder_files_create(&r->files, c, r->block_frames, error);
    secg_status status = secg_recorder_files_resume(&r->files, c, error);
    if (status == SECG_OK && r->block_frames > r->files.head.block_frames)
        r->block_frames = r->files.head.block_frames; /* what the chain states as the most */
    return status;
}

secg_status secg_recorder_open(const secg_recorder_config *config, secg_recorder **recorder,
                               secg_error *error)
{
    if (!recorder)
        return secg_fail(error, SECG_E_ARGUMENT, "recorder: NULL");
    *recorder = NULL;
    secg_status status = check(config, error);
    if (status != SECG_OK)
        return status;
    secg_recorder *r = make(config);
    if (!r)
        return secg_fail(error, SECG_E_MEMORY, "%s: no memory", config->name);
    status = open_files(r, config, error);
    if (status == SECG_OK) {
        written(r, SECG_OK);
        if (start_thread(r) != 0) {
            status = secg_fail(error, SECG_E_MEMORY, "%s: no thread", config->name);
            secg_recorder_files_release(&r->files);
        }
    }
    if (status == SECG_OK)
        *recorder = r;
    else
        free_recorder(r);
    return status;
}

secg_status secg_recorder_close(secg_recorder *r, secg_error *error)
{
    if (!r)
        return secg_fail(error, SECG_E_ARGUMENT, "recorder: NULL");
    atomic_store_explicit(&r->stop, 1, memory_order_release);
    pthread_join(r->thread, NULL);
    secg_status status = r->files.failure.status;
    if (status == SECG_OK && r->lost > 0)
        status = secg_recorder_files_gap(&r->files, r->lost, BLOCK_OVERFLOW);
    if (status == SECG_OK)
        status = secg_recorder_files_end(&r->files);
    if (status != SECG_OK && error)
        *error = r->files.failure;
    secg_recorder_files_release(&r->files);
    free_recorder(r);
    return status;
}
