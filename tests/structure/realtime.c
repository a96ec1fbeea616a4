/* The real-time contract at run time: after creation, push, poll and flush take no memory and
 * make no system call.  Allocation functions are counted by wrapping them at link time; for
 * system calls the kernel is the judge: a child in strict seccomp mode is killed by any call but
 * read, write, _exit and sigreturn.  Both checks are first shown to catch an offender. */
#define _DEFAULT_SOURCE 1 /* for syscall() */
#include "plain_ecg.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/analyzer.h>
#include <stressecg/test.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RATE_HZ = 500, CHANNELS = 12, SECONDS = 60 };

static volatile int allocations;
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
void *__wrap_malloc(size_t size)
{
    allocations++;
    return __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size)
{
    allocations++;
    return __real_calloc(count, size);
}
void *__wrap_realloc(void *block, size_t size)
{
    allocations++;
    return __real_realloc(block, size);
}
void __wrap_free(void *block)
{
    allocations++;
    __real_free(block);
}

static float mv[RATE_HZ * SECONDS * CHANNELS];

/* A lead that fails, a saturation and a gap in all leads, so that the rare paths run too. */
static void make_signal(void)
{
    for (int64_t n = 0; n < RATE_HZ * SECONDS; n++) {
        float *frame = mv + n * CHANNELS;
        plain_ecg(n, RATE_HZ, 150, CHANNELS, frame);
        int second = (int)(n / RATE_HZ);
        for (int k = 0; k < CHANNELS; k++)
            if (second == 30 || second == 31)
                frame[k] = NAN;
            else if (second >= 40 && second < 43)
                frame[k] = k == 3 ? 0 : 10;
    }
}

static int run(secg_test *test)
{
    int events = 0;
    secg_event event;
    for (size_t at = 0, taken; at < RATE_HZ * SECONDS; at += taken) {
        size_t want = RATE_HZ * SECONDS - at < 7 ? RATE_HZ * SECONDS - at : 7;
        if (secg_test_push_mv(test, mv + at * CHANNELS, want, &taken) < 0)
            return -1;
        while (secg_test_poll(test, &event) == SECG_OK)
            events++;
    }
    while (secg_test_flush(test) == SECG_AGAIN)
        while (secg_test_poll(test, &event) == SECG_OK)
            events++;
    while (secg_test_poll(test, &event) == SECG_OK)
        events++;
    return events;
}

static secg_test *create(secg_analyzer **ecg)
{
    secg_test *test = NULL;
    secg_analyzer_config config = {.signal = secg_signal_standard_12(RATE_HZ), .mains_hz = 50};
    secg_test_config around = {.protocol = secg_protocol_find("bruce"), .max_minutes = 5};
    if (secg_analyzer_create(&config, ecg, NULL) != SECG_OK ||
        secg_test_create(*ecg, &around, &test, NULL) != SECG_OK)
        exit(1);
    if (secg_test_start(test, 0) != SECG_OK)
        exit(1);
    return test;
}

/* Exit status of a child in strict seccomp mode; -1 when it was killed. */
static int in_seccomp(secg_test *test, int offend)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
            _exit(77);
        if (offend)
            getppid();
        int events = run(test);
        syscall(SYS_exit, events > 200 ? 0 : 2); /* exit_group is not allowed */
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
    make_signal();
    secg_analyzer *ecg, *other;
    secg_test *test = create(&ecg), *second = create(&other);

    free(malloc(1));
    if (allocations < 2) {
        puts("the counter does not count");
        return 1;
    }
    int before = allocations, events = run(test), taken = allocations - before;
    printf("%d events, %d calls of the allocator\n", events, taken);

    int offender = in_seccomp(second, 1), honest = in_seccomp(second, 0);
    if (honest == 77)
        puts("no seccomp here: system calls were not checked");
    else
        printf("system calls: offender %s, push and poll %s\n",
               offender == -1 ? "killed" : "survived", honest == 0 ? "made none" : "were killed");
    int failed = events < 200 || taken != 0 || (honest != 77 && (offender != -1 || honest != 0));
    secg_test_destroy(test);
    secg_test_destroy(second);
    secg_analyzer_destroy(ecg);
    secg_analyzer_destroy(other);
    return failed;
}
