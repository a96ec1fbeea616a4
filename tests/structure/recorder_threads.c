/* Built with the thread sanitizer: one thread pushes more than the queue holds, one asks how far it
 * is, one checks the record on disk, while the recorder's own writes; in the end the disk refuses.
 * Prints and fails when frames are lost without a word. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/recorder.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { RATE_HZ = 500, CHANNELS = 2, FRAMES = 20000, LIMIT_BYTES = 20000 };

typedef struct job {
    secg_recorder *recorder;
    char path[100];
    atomic_int done, wrong;
    int64_t pushed;
} job;

static void pause_us(long us)
{
    nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

static void *push_all(void *context)
{
    job *j = context;
    int16_t counts[10 * CHANNELS] = {0};
    while (j->pushed < FRAMES) {
        if (secg_recorder_push_i16(j->recorder, counts, 10, NULL) != SECG_OK)
            break;
        j->pushed += 10;
        if (j->pushed % 100 == 0) {
            secg_recorder_push_gap(j->recorder, 10, NULL);
            j->pushed += 10;
            pause_us(3000);
        }
    }
    atomic_store(&j->done, 1);
    return NULL;
}

static void *ask(void *context)
{
    job *j = context;
    int64_t last = 0;
    while (!atomic_load(&j->done)) {
        secg_recorder_progress p;
        secg_recorder_get_progress(j->recorder, &p);
        if (p.on_disk_frames < last)
            atomic_store(&j->wrong, 1);
        last = p.on_disk_frames;
        pause_us(500);
    }
    return NULL;
}

static void *look(void *context)
{
    job *j = context;
    while (!atomic_load(&j->done))
        if (secg_recorder_verify(j->path, NULL, NULL, NULL) != SECG_OK)
            atomic_store(&j->wrong, 1);
    return NULL;
}

/* Returns how the close went. */
static secg_status record(const char *folder, const char *name, job *j)
{
    secg_recorder_config c = {.folder = folder, .name = name, .block_ms = 10, .queue_ms = 100};
    c.signal = (secg_signal){.rate_hz = RATE_HZ, .channels = CHANNELS};
    for (int k = 0; k < CHANNELS; k++)
        c.signal.channel[k] = (secg_channel){.lead = SECG_LEAD_II, .gain_per_mv = 200};
    snprintf(j->path, sizeof j->path, "%s/%s", folder, name);
    secg_status status = secg_recorder_open(&c, &j->recorder, NULL);
    if (status != SECG_OK)
        return status;
    void *(*const what[])(void *) = {push_all, ask, look};
    pthread_t thread[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, what[i], j);
    for (int i = 0; i < 3; i++)
        pthread_join(thread[i], NULL);
    return secg_recorder_close(j->recorder, NULL);
}

int main(void)
{
    char folder[] = "/tmp/secg-threads-XXXXXX", command[100];
    job whole = {0}, cut = {0};
    secg_recorder_check check;
    if (!mkdtemp(folder))
        return 1;
    secg_status status = record(folder, "whole", &whole);
    int bad = status != SECG_OK || atomic_load(&whole.wrong) ||
              secg_recorder_verify(whole.path, NULL, &check, NULL) != SECG_OK ||
              check.frames != whole.pushed;
    printf("%lld frames pushed, %lld in the record, %lld of them gaps\n", (long long)whole.pushed,
           (long long)check.frames, (long long)check.gap_frames);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){LIMIT_BYTES, LIMIT_BYTES});
    status = record(folder, "cut", &cut);
    bad |= status != SECG_E_FILE || atomic_load(&cut.wrong) ||
           secg_recorder_verify(cut.path, NULL, &check, NULL) != SECG_OK;
    printf("%lld frames in the one that was cut\n", (long long)check.frames);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) != 0 || bad;
}
