/* Built with the thread sanitizer: two analysers in two threads, and one analyser with a pushing
 * and a polling thread.  Prints and fails when the events differ from those of one thread. */
#include "plain_ecg.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stressecg/analyzer.h>

enum { RATE_HZ = 500, CHANNELS = 8, FRAMES = 40 * RATE_HZ, BLOCK = 50 };

typedef struct job {
    secg_analyzer *ecg;
    atomic_int events;
    int poll_while_pushing;
    uint64_t digest;
} job;

static secg_analyzer *create(void)
{
    secg_analyzer *ecg = NULL;
    secg_analyzer_config config = {
        .signal = secg_signal_standard_8(RATE_HZ), .mains_hz = 60, .event_capacity = 256};
    return secg_analyzer_create(&config, &ecg, NULL) == SECG_OK ? ecg : NULL;
}

static void drain(job *j)
{
    for (secg_event e; secg_analyzer_poll(j->ecg, &e) == SECG_OK;)
        atomic_fetch_add(&j->events, 1);
}

static void *push_all(void *context)
{
    job *j = context;
    for (int64_t n = 0; n < FRAMES; n += BLOCK) {
        float mv[BLOCK * CHANNELS];
        for (int i = 0; i < BLOCK; i++)
            plain_ecg(n + i, RATE_HZ, 80, CHANNELS, mv + i * CHANNELS);
        for (size_t at = 0, taken; at < BLOCK; at += taken) {
            if (secg_analyzer_push_mv(j->ecg, mv + at * CHANNELS, BLOCK - at, &taken) != SECG_AGAIN)
                continue;
            if (j->poll_while_pushing)
                drain(j);
            else
                sched_yield();
        }
    }
    while (secg_analyzer_flush(j->ecg) == SECG_AGAIN) {
        if (j->poll_while_pushing)
            drain(j);
        else
            sched_yield();
    }
    if (j->poll_while_pushing)
        drain(j);
    j->digest = secg_analyzer_digest(j->ecg);
    return NULL;
}

static void *poll_all(void *context)
{
    job *j = context;
    for (secg_status status = SECG_AGAIN; status != SECG_END;) {
        secg_event e;
        status = secg_analyzer_poll(j->ecg, &e);
        if (status == SECG_OK)
            atomic_fetch_add(&j->events, 1);
        else
            sched_yield();
    }
    return NULL;
}

int main(void)
{
    job alone = {.ecg = create(), .poll_while_pushing = 1},
        beside = {.ecg = create(), .poll_while_pushing = 1};
    job shared = {.ecg = create()};
    if (!alone.ecg || !beside.ecg || !shared.ecg)
        return 1;
    pthread_t thread[4];
    pthread_create(&thread[0], NULL, push_all, &alone);
    pthread_create(&thread[1], NULL, push_all, &beside);
    pthread_create(&thread[2], NULL, push_all, &shared);
    pthread_create(&thread[3], NULL, poll_all, &shared);
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    int same = alone.digest == beside.digest && alone.digest == shared.digest &&
               atomic_load(&alone.events) == atomic_load(&shared.events);
    printf("%d events alone, %d between threads; digests %s\n", atomic_load(&alone.events),
           atomic_load(&shared.events), same ? "agree" : "differ");
    secg_analyzer_destroy(alone.ecg);
    secg_analyzer_destroy(beside.ecg);
    secg_analyzer_destroy(shared.ecg);
    return !same || atomic_load(&shared.events) < 100;
}
