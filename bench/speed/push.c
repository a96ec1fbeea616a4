/* bench_push RATE_HZ CHANNELS SECONDS MODE: pushes a simulated tracing, held in memory, through an
 * analyser.  MODE: none (a copy of the memory, the plain loop to compare with), detect, full.
 * Prints processor time, lead-samples per second, times real time and the memory of the analyser.
 * Under callgrind the instructions of two lengths, subtracted, are those of the stream alone. */
#include <stressecg/simulate.h>
#include <stressecg/stressecg.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static size_t push(secg_analyzer *ecg, const int16_t *counts, size_t frames, size_t channels)
{
    size_t events = 0, taken;
    secg_event e;
    for (size_t at = 0; at < frames; at += taken) {
        size_t block = frames - at < 512 ? frames - at : 512;
        secg_analyzer_push_i16(ecg, counts + at * channels, block, &taken);
        while (secg_analyzer_poll(ecg, &e) == SECG_OK)
            events++;
    }
    return events;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return fprintf(stderr, "usage: bench_push RATE_HZ 1|2|8|12 SECONDS none|detect|full\n"), 2;
    double rate_hz = strtod(argv[1], NULL), seconds = strtod(argv[3], NULL);
    int channels = (int)strtol(argv[2], NULL, 10), full = strcmp(argv[4], "full") == 0;
    secg_simulation_config config = {.protocol = "steady",
                                     .seed = 5,
                                     .rate_hz = rate_hz,
                                     .duration_s = seconds,
                                     .rest_bpm = 120,
                                     .eight_channels = channels == 8};
    secg_simulation *simulation;
    secg_error error = {0};
    if (secg_simulation_create(&config, &simulation, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), 1;
    secg_signal signal = *secg_simulation_signal(simulation);
    size_t frames = (size_t)secg_simulation_frames(simulation), stride = (size_t)signal.channels,
           got;
    int16_t *counts = malloc(frames * stride * sizeof *counts);
    if (!counts || channels > signal.channels)
        return 1;
    for (size_t at = 0;
         at < frames &&
         secg_simulation_read(simulation, counts + at * stride, frames - at, &got) == SECG_OK &&
         got > 0;
         at += got)
        ;
    for (int k = channels; k < signal.channels; k++)
        signal.channel[k].unused = 1;

    size_t events = 0, memory = 0;
    double start_s, used_s;
    if (strcmp(argv[4], "none") == 0) {
        int16_t *copy = malloc(frames * stride * sizeof *copy);
        start_s = cpu_s();
        memcpy(copy, counts, frames * stride * sizeof *copy);
        used_s = cpu_s() - start_s;
        events = (size_t)copy[frames * stride - 1] & 1;
        free(copy);
    } else {
        secg_analyzer_config analyzer = {
            .signal = signal, .mains_hz = full ? 60 : 0, .no_st = !full};
        secg_analyzer *ecg;
        if (secg_analyzer_create(&analyzer, &ecg, &error) != SECG_OK)
            return fprintf(stderr, "%s\n", error.text), 1;
        memory = secg_analyzer_memory(&analyzer, NULL);
        start_s = cpu_s();
        events = push(ecg, counts, frames, stride);
        used_s = cpu_s() - start_s;
        secg_analyzer_destroy(ecg);
    }
    printf("%5g Hz %2d channels %-6s %7.3f s  %8.2f M lead-samples/s  %8.0f x real time  %5zu KiB  "
           "%zu events\n",
           rate_hz, channels, argv[4], used_s, (double)frames * channels / used_s / 1e6,
           seconds / used_s, memory / 1024, events);
    free(counts);
    secg_simulation_destroy(simulation);
    return 0;
}
