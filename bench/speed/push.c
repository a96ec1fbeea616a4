/* bench_push RATE_HZ|RECORD CHANNELS SECONDS WORK [BLOCK]: pushes a simulated tracing, or the first channels
 * of a WFDB record, held in memory, BLOCK frames at a time (512), and prints one JSON object.  More than ten
 * minutes are ten minutes again and again.  WORK:
 *
 *   copy     a copy of the memory: what no program can be faster than
 *   bank     a plain loop of filters of the same orders over the same channels, nothing else: high-pass,
 *            mains, linear-phase low-pass, and the three boxes a QRS stands out by
 *   detect   QRS complexes, once they are decided, rate and signal quality (no_labels, no_qrs)
 *   early    that, and QRS complexes as soon as they are seen (no_labels)
 *   label    that, and the beats' classes and rhythm (no_st)
 *   full     that, averages and ST of every lead, and the display path of the channels analysed
 *   single   as full, frame by frame, each push timed, BLOCK times over (5), the least of each
 *            frame's times being taken
 *
 * All that counts happens in bench_work(), every push in push_one(): `valgrind --tool=callgrind
 * --toggle-collect=bench_work` counts the instructions of the work alone. */
#include <stressecg/display.h>
#include <stressecg/io.h>
#include <stressecg/simulate.h>
#include <stressecg/stressecg.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { LONGEST_S = 600, USUAL_BLOCK = 512, BANK_TAPS = 11 };

typedef struct bench {
    secg_signal signal;
    double rate_hz, seconds;
    size_t channels, stride; /* analysed; pushed in a frame */
    size_t frames, block;
    int16_t *counts;
    const char *work;
    secg_analyzer *ecg;
    secg_display *display;
    float *mv;
    double *push_ns;
    unsigned *brought; /* by each push: bit for each kind of event */
    size_t events;
} bench;

/* What callgrind is told to count; not to be inlined, cloned or renamed.  The library may have no function of
 * these names: within it counting would stop. */
__attribute__((noinline, noipa)) void bench_work(bench *b);
__attribute__((noinline, noipa)) unsigned push_one(bench *b, const int16_t *counts, size_t frames);

static double cpu_s(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int is(const bench *b, const char *work)
{
    return strcmp(b->work, work) == 0;
}

/* The first of them, as a front end of so many delivers them. */
static void keep_channels(bench *b)
{
    for (size_t n = 0; n < b->frames; n++)
        memmove(b->counts + n * b->channels, b->counts + n * b->stride,
                b->channels * sizeof *b->counts);
    b->signal.channels = (int32_t)b->channels;
    b->stride = b->channels;
}

static int simulate(bench *b)
{
    secg_simulation *simulation;
    secg_error error = {0};
    secg_simulation_config config = {.protocol = "steady",
                                     .seed = 5,
                                     .rate_hz = b->rate_hz,
                                     .duration_s = fmin(b->seconds, LONGEST_S),
                                     .rest_bpm = 120,
                                     .eight_channels = b->channels == 8};
    if (secg_simulation_create(&config, &simulation, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    b->signal = *secg_simulation_signal(simulation);
    b->stride = (size_t)b->signal.channels;
    b->frames = (size_t)secg_simulation_frames(simulation);
    b->counts = malloc(b->frames * b->stride * sizeof *b->counts);
    size_t got;
    for (size_t at = 0; b->counts && at < b->frames; at += got)
        if (secg_simulation_read(simulation, b->counts + at * b->stride, b->frames - at, &got) !=
                SECG_OK ||
            got == 0)
            return -1;
    secg_simulation_destroy(simulation);
    if (!b->counts || b->channels > b->stride)
        return -1;
    keep_channels(b);
    return 0;
}

/* What a record holds of that time, in 16 bits as it is stored. */
static int read_frames(bench *b, secg_record *record, secg_error *error)
{
    int32_t map[SECG_MAX_CHANNELS], frame[SECG_MAX_CHANNELS];
    if (secg_record_analysis_signal(record, &b->signal, map, error) != SECG_OK)
        return -1;
    b->rate_hz = b->signal.rate_hz;
    b->stride = (size_t)b->signal.channels;
    size_t most = (size_t)(fmin(b->seconds, LONGEST_S) * b->rate_hz), got;
    b->counts = malloc(most * b->stride * sizeof *b->counts);
    while (b->counts && b->frames < most &&
           secg_record_read(record, frame, 1, &got, error) == SECG_OK && got == 1) {
        int16_t *to = b->counts + b->frames++ * b->stride;
        for (size_t k = 0; k < b->stride; k++)
            to[k] = frame[k] == SECG_NO_COUNT ? SECG_NO_COUNT_16 : (int16_t)frame[k];
    }
    return b->counts && b->frames > 0 && b->channels <= b->stride ? 0 : -1;
}

static int read_record(bench *b, const char *path)
{
    secg_record *record;
    secg_error error = {0};
    if (secg_record_open(path, NULL, &record, &error) != SECG_OK)
        return fprintf(stderr, "%s\n", error.text), -1;
    int status = read_frames(b, record, &error);
    secg_record_close(record);
    if (status < 0)
        return fprintf(stderr, "%s: %s\n", path, error.text[0] ? error.text : "no such channels"),
               -1;
    keep_channels(b);
    return 0;
}

/* ---- the plain loops ---------------------------------------------------------------------- */

typedef struct bank_channel {
    float x1, y1, n1, n2, past[BANK_TAPS], box[3];
} bank_channel;

static float one_value(bank_channel *c, float x)
{
    float high = 0.9994f * c->y1 + x - c->x1;
    c->x1 = x;
    c->y1 = high;
    float notch = 0.99f * high + c->n1;
    c->n1 = -1.4f * high + 1.39f * notch + c->n2;
    c->n2 = 0.99f * high - 0.98f * notch;
    float low = 0;
    memmove(c->past + 1, c->past, (BANK_TAPS - 1) * sizeof *c->past);
    c->past[0] = notch;
    for (int i = 0; i < BANK_TAPS; i++)
        low += 0.09f * c->past[i];
    for (int i = 0; i < 3; i++)
        c->box[i] += 0.066f * (low - c->box[i]);
    return low + 2 * c->box[1] - c->box[0] - c->box[2];
}

static void run_bank(const bench *b)
{
    static bank_channel bank[SECG_MAX_CHANNELS];
    volatile float out = 0;
    for (size_t n = 0; n < b->frames; n++)
        for (size_t k = 0; k < b->channels; k++)
            out = one_value(&bank[k], 0.0025f * (float)b->counts[n * b->stride + k]);
    (void)out;
}

static void run_copy(const bench *b)
{
    memcpy(b->mv, b->counts, b->frames * b->stride * sizeof *b->counts);
}

/* ---- the pipeline ------------------------------------------------------------------------- */

unsigned push_one(bench *b, const int16_t *counts, size_t frames)
{
    size_t taken;
    unsigned brought = 0;
    secg_event event;
    while (frames > 0) {
        secg_analyzer_push_i16(b->ecg, counts, frames, &taken);
        if (b->display)
            secg_display_run_analyzed(b->display, b->ecg, b->mv, taken);
        while (secg_analyzer_poll(b->ecg, &event) == SECG_OK) {
            brought |= 1u << event.kind;
            b->events++;
        }
        counts += taken * b->stride;
        frames -= taken;
    }
    return brought;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static void run_single(bench *b)
{
    for (int round = 0; round < (int)b->block; round++) {
        secg_analyzer_reset(b->ecg);
        secg_display_reset(b->display);
        for (size_t n = 0; n < b->frames; n++) {
            double began = now_ns();
            b->brought[n] = push_one(b, b->counts + n * b->stride, 1);
            double took = now_ns() - began;
            b->push_ns[n] = round == 0 || took < b->push_ns[n] ? took : b->push_ns[n];
        }
    }
}

static void run_blocks(bench *b)
{
    size_t total = (size_t)(b->seconds * b->rate_hz), left = total;
    while (left > 0)
        for (size_t at = 0; at < b->frames && left > 0;) {
            size_t run = b->frames - at < b->block ? b->frames - at : b->block;
            run = run < left ? run : left;
            push_one(b, b->counts + at * b->stride, run);
            at += run;
            left -= run;
        }
}

void bench_work(bench *b)
{
    if (is(b, "copy"))
        run_copy(b);
    else if (is(b, "bank"))
        run_bank(b);
    else if (is(b, "single"))
        run_single(b);
    else
        run_blocks(b);
}

static int create(bench *b, size_t *memory)
{
    uint8_t detect = is(b, "detect") != 0, unlabelled = detect || is(b, "early");
    uint8_t full = !unlabelled && !is(b, "label");
    secg_error error = {0};
    secg_analyzer_config config = {.signal = b->signal,
                                   .mains_hz = full ? 60 : 0,
                                   .no_st = !full,
                                   .no_labels = unlabelled,
                                   .no_qrs = detect};
    secg_display_config shown = {
        .rate_hz = b->rate_hz, .channels = (int32_t)b->channels, .mains_hz = 60};
    *memory = secg_analyzer_memory(&config, NULL);
    if (secg_analyzer_create(&config, &b->ecg, &error) != SECG_OK ||
        (full && secg_display_create(&shown, &b->display, &error) != SECG_OK))
        return fprintf(stderr, "%s\n", error.text), -1;
    return 0;
}

/* ---- what is printed ---------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_pushes(const bench *b)
{
    size_t worst = 0;
    double *sorted = malloc(b->frames * sizeof *sorted);
    if (!sorted)
        return;
    for (size_t n = 1; n < b->frames; n++)
        worst = b->push_ns[n] > b->push_ns[worst] ? n : worst;
    memcpy(sorted, b->push_ns, b->frames * sizeof *sorted);
    qsort(sorted, b->frames, sizeof *sorted, by_size);
    printf(", \"p50_ns\": %.0f, \"p99_ns\": %.0f, \"p9999_ns\": %.0f, \"max_ns\": %.0f, "
           "\"worst_frame\": %zu, \"worst_brought\": %u",
           sorted[b->frames / 2], sorted[b->frames * 99 / 100],
           sorted[(size_t)((double)b->frames * 0.9999)], b->push_ns[worst], worst,
           b->brought[worst]);
    free(sorted);
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return fprintf(stderr, "usage: bench_push RATE_HZ|RECORD CHANNELS SECONDS "
                               "copy|bank|detect|early|label|full|single [BLOCK]\n"),
               2;
    char *end;
    bench b = {.rate_hz = strtod(argv[1], &end),
               .channels = (size_t)strtol(argv[2], NULL, 10),
               .seconds = strtod(argv[3], NULL),
               .work = argv[4],
               .block = argc > 5                         ? (size_t)strtol(argv[5], NULL, 10)
                        : strcmp(argv[4], "single") == 0 ? 5
                                                         : USUAL_BLOCK};
    size_t memory = 0;
    int plain = is(&b, "copy") || is(&b, "bank");
    int simulated = b.rate_hz > 0 && *end == '\0';
    if ((simulated ? simulate(&b) : read_record(&b, argv[1])) < 0 ||
        (!plain && create(&b, &memory) < 0))
        return 1;
    b.mv = calloc(plain ? b.frames * b.stride : b.block * b.stride, sizeof *b.mv);
    b.push_ns = calloc(is(&b, "single") ? b.frames : 1, sizeof *b.push_ns);
    b.brought = calloc(is(&b, "single") ? b.frames : 1, sizeof *b.brought);
    if (!b.mv || !b.push_ns || !b.brought)
        return 1;
    double began = cpu_s();
    bench_work(&b);
    double used = cpu_s() - began;
    size_t leads = b.ecg ? secg_analyzer_leads(b.ecg, NULL) : b.channels;
    double frames = plain ? (double)b.frames : b.seconds * b.rate_hz;
    printf(
        "{\"work\": \"%s\", \"rate_hz\": %g, \"channels\": %zu, \"leads\": %zu, \"seconds\": %g, "
        "\"cpu_s\": %.6f, \"frames\": %.0f, \"lead_samples_per_s\": %.0f, \"real_time\": %.0f, "
        "\"memory_bytes\": %zu, \"events\": %zu, \"peak_kib\": %ld",
        b.work, b.rate_hz, b.channels, leads, b.seconds, used, frames,
        frames * (double)leads / used, frames / b.rate_hz / used, memory, b.events, peak_kib());
    if (is(&b, "single"))
        print_pushes(&b);
    printf("}\n");
    secg_analyzer_destroy(b.ecg);
    secg_display_destroy(b.display);
    free(b.counts);
    free(b.mv);
    free(b.push_ns);
    free(b.brought);
    return 0;
}
