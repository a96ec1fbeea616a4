/* bench_treadmill [--json FILE] RECORD ...: heart rate of each record in the windows of
 * RECORD.bpm.csv.  Two figures: the mean rate of the RR intervals whose beats lie in the window, and
 * the displayed rate (mean of 10 s) at the window's end.  A window in which there is no rate counts
 * as an error of its whole rate and is counted apart. */
#include "figures.h"
#include "windows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct errors {
    numbers bpm;
    size_t absent;
} errors;

typedef struct both {
    errors window, shown;
} both;

static void note(errors *e, double bpm, double reference)
{
    e->absent += (size_t)isnan(bpm);
    numbers_add(&e->bpm, isnan(bpm) ? reference : bpm - reference);
}

static void pool(errors *sum, const errors *one)
{
    numbers_add_shifted(&sum->bpm, &one->bpm, 0);
    sum->absent += one->absent;
}

static void put(json_t *root, const char *name, const char *what, const errors *e)
{
    char path[160];
    const struct {
        const char *name;
        double value;
    } row[] = {{"mae_bpm", numbers_mean_abs(&e->bpm)},
               {"p95_bpm", numbers_quantile_abs(&e->bpm, 0.95)},
               {"max_bpm", numbers_quantile_abs(&e->bpm, 1)},
               {"windows", (double)e->bpm.count},
               {"without_rate", (double)e->absent}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        snprintf(path, sizeof path, "treadmill/%s/%s/%s", what, name, row[i].name);
        figures_put(root, path, row[i].value);
    }
    printf("  %6.2f %6.2f %6.1f %4zu", numbers_mean_abs(&e->bpm),
           numbers_quantile_abs(&e->bpm, 0.95), numbers_quantile_abs(&e->bpm, 1), e->absent);
}

static void report(json_t *root, const char *name, const both *e)
{
    printf("%-8s %7zu", name, e->window.bpm.count);
    put(root, name, "beats_in_window", &e->window);
    put(root, name, "displayed", &e->shown);
    printf("\n");
}

static int measure(const char *path, json_t *root, both *sum)
{
    recording r;
    rate_window *window;
    size_t windows;
    char csv[4096];
    both one = {0};
    numbers beat_s = {0};
    snprintf(csv, sizeof csv, "%s.bpm.csv", path);
    if (recording_read(&r, path, NULL) < 0)
        return -1;
    if (windows_read(csv, &window, &windows) < 0) {
        recording_free(&r);
        return -1;
    }
    seen s = recording_analyse(&r, EVERY_LEAD);
    for (size_t i = 0; i < s.beats; i++)
        numbers_add(&beat_s, s.beat[i].at_s);
    for (size_t i = 0; i < windows; i++) {
        note(&one.window, window_bpm(&beat_s, window[i].from_s, window[i].to_s), window[i].bpm);
        note(&one.shown, seen_rate_at(&s, window[i].to_s), window[i].bpm);
    }
    report(root, r.name, &one);
    pool(&sum->window, &one.window);
    pool(&sum->shown, &one.shown);
    numbers_free(&one.window.bpm);
    numbers_free(&one.shown.bpm);
    numbers_free(&beat_s);
    seen_free(&s);
    free(window);
    recording_free(&r);
    return 0;
}

int main(int argc, char **argv)
{
    json_t *root = json_object();
    int has_json = argc > 2 && strcmp(argv[1], "--json") == 0, failed = 0;
    both sum = {0};
    printf("\n%-16s  %-26s %s\n", "treadmill", "beats in the window", "displayed (10 s mean)");
    printf("%-8s %7s  %6s %6s %6s %4s  %6s %6s %6s %4s\n", "record", "windows", "MAE", "p95", "max",
           "none", "MAE", "p95", "max", "none");
    for (int i = has_json ? 3 : 1; i < argc; i++)
        failed |= measure(argv[i], root, &sum) < 0;
    report(root, "all", &sum);
    numbers_free(&sum.window.bpm);
    numbers_free(&sum.shown.bpm);
    failed |= figures_write(root, has_json ? argv[2] : NULL) < 0;
    json_decref(root);
    return failed;
}
