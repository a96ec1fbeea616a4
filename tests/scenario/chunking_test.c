/* Any chunking, same answer: the same tracing pushed one frame or an hour at a time, as int16,
 * int32 or float, leaves byte-identical summary.json and annotations. */
#include "../../bindings/cli/annotate.h"
#include "shared_data.h"

#include <math.h>
#include <stressecg/simulate.h>
#include <string.h>
#include <sys/stat.h>

enum { I16, I32, MV };

typedef struct tracing {
    secg_signal signal;
    int16_t *counts;
    size_t frames;
} tracing;

static tracing simulated(void)
{
    secg_simulation *simulation;
    secg_simulation_config config = {
        .protocol = "steady", .seed = 3, .duration_s = 90, .rest_bpm = 110, .ectopy_scale = 0.05};
    cr_assert_eq(secg_simulation_create(&config, &simulation, NULL), SECG_OK);
    tracing t = {.signal = *secg_simulation_signal(simulation)};
    size_t all = (size_t)secg_simulation_frames(simulation), channels = (size_t)t.signal.channels,
           got;
    t.counts = malloc(all * channels * sizeof *t.counts);
    while (t.frames < all &&
           secg_simulation_read(simulation, t.counts + t.frames * channels, all - t.frames, &got) ==
               SECG_OK &&
           got > 0)
        t.frames += got;
    secg_simulation_destroy(simulation);
    cr_assert_eq(t.frames, all);
    return t;
}

/* Three minutes of a real record, from where it is noisy and ectopic. */
static tracing recorded(const char *name)
{
    char path[4096];
    shared_data(path, sizeof path, name);
    path[strlen(path) - 4] = 0;
    secg_record *record;
    int32_t map[SECG_MAX_CHANNELS], counts[2 * 1024];
    tracing t = {0};
    cr_assert_eq(secg_record_open(path, NULL, &record, NULL), SECG_OK);
    cr_assert_eq(secg_record_analysis_signal(record, &t.signal, map, NULL), SECG_OK);
    cr_assert_eq(secg_record_seek(record, 300 * 360, NULL), SECG_OK);
    size_t all = 180 * 360, got;
    t.counts = malloc(all * 2 * sizeof *t.counts);
    while (t.frames < all && secg_record_read(record, counts, 1000, &got, NULL) == SECG_OK)
        for (size_t i = 0; i < got && t.frames < all; i++, t.frames++)
            for (int k = 0; k < 2; k++)
                t.counts[t.frames * 2 + (size_t)k] = (int16_t)counts[2 * i + (size_t)map[k]];
    secg_record_close(record);
    cr_assert_eq(t.frames, all);
    return t;
}

static secg_status push(secg_test *test, const tracing *t, int kind, size_t at, size_t frames,
                        size_t *taken)
{
    size_t channels = (size_t)t->signal.channels;
    const int16_t *counts = t->counts + at * channels;
    if (kind == I16)
        return secg_test_push_i16(test, counts, frames, taken);
    int32_t *wide = malloc(frames * channels * sizeof *wide);
    float *mv = malloc(frames * channels * sizeof *mv);
    for (size_t i = 0; i < frames * channels; i++) {
        wide[i] = counts[i];
        mv[i] = secg_counts_to_mv(&t->signal.channel[i % channels], counts[i]);
    }
    secg_status status = kind == I32 ? secg_test_push_i32(test, wide, frames, taken)
                                     : secg_test_push_mv(test, mv, frames, taken);
    free(wide);
    free(mv);
    return status;
}

static void drain(secg_test *test)
{
    for (secg_event event; secg_test_poll(test, &event) == SECG_OK;)
        ;
}

static char *contents(const char *path, size_t *size)
{
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600, "%s holds patient data", path);
    *size = (size_t)status.st_size;
    char *text = malloc(*size + 1);
    FILE *file = fopen(path, "rb");
    cr_assert_eq(fread(text, 1, *size, file), *size);
    fclose(file);
    return text;
}

typedef struct result {
    uint64_t digest;
    char *json, *annotations;
    size_t json_size, annotations_size;
} result;

static result analyse(const tracing *t, int kind, size_t chunk)
{
    secg_analyzer *ecg;
    secg_test *test;
    secg_error error = {0};
    secg_analyzer_config config = {.signal = t->signal, .mains_hz = 60};
    cr_assert_eq(secg_analyzer_create(&config, &ecg, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_create(ecg, &(secg_test_config){.max_minutes = 5}, &test, &error),
                 SECG_OK);
    for (size_t at = 0, taken; at < t->frames; at += taken) {
        size_t want = t->frames - at < chunk ? t->frames - at : chunk;
        cr_assert_geq(push(test, t, kind, at, want, &taken), 0);
        drain(test);
    }
    while (secg_test_flush(test) == SECG_AGAIN)
        drain(test);
    drain(test);
    result r = {.digest = secg_analyzer_digest(ecg)};
    char json[] = "/tmp/secg-summary-XXXXXX", folder[] = "/tmp/secg-beats-XXXXXX";
    char annotations[64];
    close(mkstemp(json));
    cr_assert_not_null(mkdtemp(folder));
    snprintf(annotations, sizeof annotations, "%s/r.sec", folder);
    const secg_summary *summary = secg_test_summary(test, &error);
    cr_assert_not_null(summary);
    cr_assert_eq(secg_summary_write_json(summary, NULL, json, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(
        cli_save_summary_annotations(&(cli_annotation_place){"", folder, "r", "sec", 0}, summary),
        0);
    r.json = contents(json, &r.json_size);
    r.annotations = contents(annotations, &r.annotations_size);
    unlink(json);
    unlink(annotations);
    rmdir(folder);
    cr_expect_gt(summary->beats, 150);
    secg_test_destroy(test);
    secg_analyzer_destroy(ecg);
    return r;
}

static void free_result(result *r)
{
    free(r->json);
    free(r->annotations);
}

static void compare_chunkings(const tracing *t)
{
    static const size_t chunk[] = {100000, 1, 7, 500};
    result want = analyse(t, I16, chunk[0]);
    for (int kind = I16; kind <= MV; kind++)
        for (size_t c = 0; c < sizeof chunk / sizeof *chunk; c++) {
            result got = analyse(t, kind, chunk[c]);
            cr_expect_eq(got.digest, want.digest, "kind %d, chunk %zu", kind, chunk[c]);
            cr_expect(got.json_size == want.json_size &&
                      memcmp(got.json, want.json, got.json_size) == 0);
            cr_expect(got.annotations_size == want.annotations_size &&
                      memcmp(got.annotations, want.annotations, got.annotations_size) == 0);
            free_result(&got);
        }
    free_result(&want);
}

Test(chunking, simulated_record)
{
    tracing t = simulated();
    compare_chunkings(&t);
    free(t.counts);
}

Test(chunking, real_record)
{
    tracing t = recorded("mitdb/203.hea");
    compare_chunkings(&t);
    free(t.counts);
}

/* The comparison itself must be able to fail: one count more is another digest. */
Test(chunking, one_count_matters)
{
    tracing t = simulated();
    result a = analyse(&t, I16, 500);
    for (size_t i = 0; i < 200; i++)
        t.counts[t.frames * 6 + i] = (int16_t)(t.counts[t.frames * 6 + i] + 40);
    result b = analyse(&t, I16, 500);
    cr_expect_neq(a.digest, b.digest);
    free_result(&a);
    free_result(&b);
    free(t.counts);
}
