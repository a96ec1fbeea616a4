/* bench_report: a 20-minute Bruce test of twelve simulated channels at 500 Hz, analysed once, then
 * printed: processor time and size of the PDF, without full disclosure, with three leads of it (as
 * it comes) and with all twelve; and of the pages as SVG and PNG. */
#include <stressecg/report.h>
#include <stressecg/simulate.h>
#include <stressecg/stressecg.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { REST_S = 120, EXERCISE_S = 720, RECOVERY_S = 360, RATE_HZ = 500 };

typedef struct recording {
    secg_signal signal;
    int16_t *counts;
    size_t frames;
} recording;

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int simulate(recording *r)
{
    secg_simulation *simulation;
    secg_simulation_config config = {
        .protocol = "bruce", .stages = 4, .seed = 7, .rate_hz = RATE_HZ};
    size_t got;
    if (secg_simulation_create(&config, &simulation, NULL) != SECG_OK)
        return -1;
    r->signal = *secg_simulation_signal(simulation);
    r->frames = (size_t)secg_simulation_frames(simulation);
    size_t channels = (size_t)r->signal.channels;
    r->counts = malloc(r->frames * channels * sizeof *r->counts);
    for (size_t at = 0; r->counts && at < r->frames; at += got)
        if (secg_simulation_read(simulation, r->counts + at * channels, r->frames - at, &got) !=
                SECG_OK ||
            got == 0)
            return -1;
    secg_simulation_destroy(simulation);
    return r->counts ? 0 : -1;
}

static secg_status read_frames(void *context, int64_t from, size_t frames, float *mv)
{
    const recording *r = context;
    size_t channels = (size_t)r->signal.channels;
    for (size_t i = 0; i < frames * channels; i++)
        mv[i] = secg_counts_to_mv(&r->signal.channel[i % channels],
                                  r->counts[(size_t)from * channels + i]);
    return SECG_OK;
}

static void push_until(secg_test *test, const recording *r, double until_s)
{
    size_t channels = (size_t)r->signal.channels, end = (size_t)(until_s * RATE_HZ), taken;
    secg_event e;
    for (size_t at = (size_t)secg_test_frames(test); at < end && at < r->frames; at += taken) {
        size_t left = (end < r->frames ? end : r->frames) - at;
        secg_test_push_i16(test, r->counts + at * channels, left < 512 ? left : 512, &taken);
        while (secg_test_poll(test, &e) == SECG_OK)
            ;
    }
}

static const secg_summary *run_test(secg_test *test, const recording *r)
{
    secg_event e;
    secg_test_pretest(test, 0, "Standing");
    push_until(test, r, REST_S);
    secg_test_start(test, secg_test_frames(test));
    for (int minute = 1; minute <= EXERCISE_S / 60; minute++) {
        push_until(test, r, REST_S + 60 * minute);
        secg_test_blood_pressure(test, secg_test_frames(test), 120 + 6 * minute, 80);
    }
    secg_test_recover(test, secg_test_frames(test));
    push_until(test, r, REST_S + EXERCISE_S + RECOVERY_S);
    secg_test_finish(test, secg_test_frames(test), SECG_END_FATIGUE, NULL);
    while (secg_test_flush(test) == SECG_AGAIN)
        while (secg_test_poll(test, &e) == SECG_OK)
            ;
    return secg_test_summary(test, NULL);
}

static void measure(const char *what, const secg_summary *summary,
                    const secg_report_options *options)
{
    char path[] = "/tmp/stressecg-bench-XXXXXX";
    int file = mkstemp(path);
    struct stat about = {0};
    double began = cpu_s();
    if (file < 0 || secg_report_write_pdf(summary, NULL, options, path, NULL) != SECG_OK)
        return;
    double took = cpu_s() - began;
    stat(path, &about);
    printf("%-42s %5.2f s  %5.1f MB\n", what, took, (double)about.st_size / 1e6);
    close(file);
    unlink(path);
}

static void measure_pictures(const secg_summary *summary, const secg_report_options *options,
                             double dpi)
{
    char folder[] = "/tmp/stressecg-bench-XXXXXX", path[64], name[96];
    if (!mkdtemp(folder))
        return;
    snprintf(path, sizeof path, "%s/page", folder);
    double began = cpu_s(), bytes = 0;
    if (dpi > 0)
        secg_report_write_png(summary, NULL, options, dpi, path, NULL);
    else
        secg_report_write_svg(summary, NULL, options, path, NULL);
    double took = cpu_s() - began;
    for (int page = 1; page < 1000; page++) {
        struct stat about;
        snprintf(name, sizeof name, "%s-%03d.%s", path, page, dpi > 0 ? "png" : "svg");
        if (stat(name, &about) != 0)
            break;
        bytes += (double)about.st_size;
        unlink(name);
    }
    rmdir(folder);
    printf("%-42s %5.2f s  %5.1f MB\n", dpi > 0 ? "PNG, 150 dpi" : "SVG", took, bytes / 1e6);
}

int main(void)
{
    recording r = {.counts = NULL};
    secg_analyzer *ecg;
    secg_test *test;
    if (simulate(&r) < 0)
        return fprintf(stderr, "no simulation\n"), 1;
    secg_analyzer_config config = {.signal = r.signal, .mains_hz = 60};
    secg_test_config about = {.protocol = secg_protocol_find("bruce"),
                              .start_unix_ms = SECG_NO_SAMPLE};
    if (secg_analyzer_create(&config, &ecg, NULL) != SECG_OK ||
        secg_test_create(ecg, &about, &test, NULL) != SECG_OK)
        return 1;
    const secg_summary *summary = run_test(test, &r);
    secg_report_options options = {.tracing = {&r, read_frames}, .disclosure_max_min = -1};
    printf("%.0f min, %d channels\n", (double)summary->frames / RATE_HZ / 60,
           (int)r.signal.channels);
    measure("PDF without full disclosure", summary, &options);
    options.disclosure_max_min = 0;
    measure("PDF, full disclosure of three leads", summary, &options);
    measure_pictures(summary, &options, 0);
    measure_pictures(summary, &options, 150);
    options.disclosure_leads = 12;
    measure("PDF, full disclosure of twelve leads", summary, &options);
    secg_test_destroy(test);
    secg_analyzer_destroy(ecg);
    free(r.counts);
    return 0;
}
