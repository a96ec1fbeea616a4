#include "windows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_WINDOWS = 100000 };

double window_bpm(const numbers *beat_s, double from_s, double to_s)
{
    double first = NAN, last = NAN;
    size_t beats = 0;
    for (size_t i = 0; i < beat_s->count && beat_s->item[i] <= to_s; i++)
        if (beat_s->item[i] >= from_s) {
            if (beats++ == 0)
                first = beat_s->item[i];
            last = beat_s->item[i];
        }
    return beats >= 2 && last > first ? 60 * (double)(beats - 1) / (last - first) : (double)NAN;
}

static int read_lines(FILE *file, const char *path, rate_window *list, size_t *count)
{
    char line[256];
    for (size_t n = 1; fgets(line, sizeof line, file); n++) {
        rate_window w;
        if (n == 1)
            continue;
        if (*count == MOST_WINDOWS ||
            sscanf(line, "%lf,%lf,%lf", &w.from_s, &w.to_s, &w.bpm) != 3 || !(w.to_s > w.from_s) ||
            !(w.bpm > 0))
            return fprintf(stderr, "%s: line %zu: no window with a rate\n", path, n), -1;
        list[(*count)++] = w;
    }
    return 0;
}

int windows_read(const char *path, rate_window **windows, size_t *count)
{
    FILE *file = fopen(path, "r");
    *count = 0;
    *windows = NULL;
    if (!file)
        return fprintf(stderr, "%s: cannot be read\n", path), -1;
    *windows = bench_take(MOST_WINDOWS, sizeof **windows);
    int status = read_lines(file, path, *windows, count);
    fclose(file);
    if (status < 0) {
        free(*windows);
        *windows = NULL;
    }
    return status;
}
