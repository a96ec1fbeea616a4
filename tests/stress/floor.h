/* A test on a fake analyser, pushed by script: what the tests of this room share. */
#ifndef TESTS_STRESS_FLOOR_H
#define TESTS_STRESS_FLOOR_H

#include "fake_analyzer.h"

#include <math.h>
#include <stdlib.h>
#include <stressecg/summary.h>
#include <string.h>

/* Frames of the script: a beat each 0.6 s, every 17th ventricular, every 53rd premature; the
 * displayed rate is the number of seconds, from 60 on, up to 190. */
static inline float script_rate(int64_t sample, double rate_hz)
{
    double bpm = 60 + (double)sample / rate_hz / 10;
    return (float)(bpm < 190 ? bpm : 190);
}

static inline void script_frame(int64_t sample, double rate_hz, float *mv)
{
    int64_t every = (int64_t)(0.6 * rate_hz), beat = sample / every;
    mv[0] = 0;
    if (sample % every == every / 2)
        mv[0] = beat % 17 == 16 || beat % 170 == 15 ? 2 : beat % 53 == 52 ? 3 : 1;
    mv[1] = script_rate(sample, rate_hz);
}

typedef void script(int64_t sample, double rate_hz, float *mv);

typedef struct floor_bench {
    secg_analyzer *ecg;
    secg_test *test;
    double rate_hz;
    script *script;
    size_t chunk;     /* frames a push; 0: all at once                            */
    secg_event *kept; /* STAGE and PROMPT events                                  */
    size_t kept_count, kept_capacity;
} floor_bench;

static inline floor_bench floor_create(const secg_test_config *config, double rate_hz, size_t queue,
                                       size_t chunk)
{
    floor_bench bench = {.rate_hz = rate_hz, .script = script_frame, .chunk = chunk};
    bench.ecg = fake_analyzer(rate_hz, queue);
    if (secg_test_create(bench.ecg, config, &bench.test, NULL) != SECG_OK)
        abort();
    return bench;
}

static inline void floor_destroy(floor_bench *bench)
{
    secg_test_destroy(bench->test);
    fake_analyzer_free(bench->ecg);
    free(bench->kept);
}

static inline void floor_poll(floor_bench *bench)
{
    for (secg_event event; secg_test_poll(bench->test, &event) == SECG_OK;) {
        if (event.kind != SECG_EVENT_STAGE && event.kind != SECG_EVENT_PROMPT)
            continue;
        if (bench->kept_count == bench->kept_capacity) {
            bench->kept_capacity = 2 * bench->kept_capacity + 64;
            bench->kept = realloc(bench->kept, bench->kept_capacity * sizeof *bench->kept);
        }
        bench->kept[bench->kept_count++] = event;
    }
}

/* Pushes up to a frame; the status of the last push. */
static inline secg_status floor_push_to(floor_bench *bench, int64_t frame)
{
    int64_t at = secg_test_frames(bench->test);
    size_t frames = frame > at ? (size_t)(frame - at) : 0;
    float *mv = malloc((frames + 1) * FAKE_CHANNELS * sizeof *mv);
    for (size_t n = 0; n < frames; n++)
        bench->script(at + (int64_t)n, bench->rate_hz, mv + n * FAKE_CHANNELS);
    secg_status status = SECG_OK;
    for (size_t n = 0, taken; n < frames; n += taken) {
        size_t piece = bench->chunk && bench->chunk < frames - n ? bench->chunk : frames - n;
        status = secg_test_push_mv(bench->test, mv + n * FAKE_CHANNELS, piece, &taken);
        floor_poll(bench);
        if (status < 0)
            break;
    }
    free(mv);
    floor_poll(bench);
    return status;
}

static inline secg_status floor_push_s(floor_bench *bench, double seconds)
{
    return floor_push_to(bench, secg_sample_at(seconds, bench->rate_hz));
}

static inline void floor_flush(floor_bench *bench)
{
    while (secg_test_flush(bench->test) == SECG_AGAIN)
        floor_poll(bench);
    floor_poll(bench);
}

/* The kept event of a kind, counted from 0; NULL: there are fewer. */
static inline const secg_event *floor_event(const floor_bench *bench, secg_event_kind kind,
                                            size_t index)
{
    for (size_t i = 0; i < bench->kept_count; i++)
        if (bench->kept[i].kind == (uint32_t)kind && index-- == 0)
            return &bench->kept[i];
    return NULL;
}

static inline size_t floor_count(const floor_bench *bench, secg_event_kind kind, int prompt)
{
    size_t count = 0;
    for (size_t i = 0; i < bench->kept_count; i++)
        if (bench->kept[i].kind == (uint32_t)kind &&
            (kind != SECG_EVENT_PROMPT || bench->kept[i].prompt.kind == prompt))
            count++;
    return count;
}

static inline const secg_prompt *floor_prompt(const floor_bench *bench, secg_prompt_kind kind,
                                              size_t index)
{
    for (size_t i = 0; i < bench->kept_count; i++)
        if (bench->kept[i].kind == SECG_EVENT_PROMPT && bench->kept[i].prompt.kind == kind &&
            index-- == 0)
            return &bench->kept[i].prompt;
    return NULL;
}

#endif
