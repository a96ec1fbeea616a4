/* A record written as audio comes back whole: counts, gaps, gains, names, rate, start, and with
 * them every event of the analysis. */
#include "folder.h"

#include <criterion/parameterized.h>
#include <dirent.h>
#include <math.h>
#include <sndfile.h>
#include <stressecg/analyzer.h>
#include <stressecg/io.h>
#include <sys/stat.h>

enum { FRAMES = 5000, CHANNELS = 5 };

typedef struct target {
    char name[16];
    int bits;
} target;

ParameterizedTestParameters(audio_write, reads_back)
{
    static target row[] = {
        {"a.wav", 16},  {"a.wav", 24},  {"a.wav", 32},  {"a.w64", 16},  {"a.w64", 24},
        {"a.w64", 32},  {"a.rf64", 16}, {"a.rf64", 24}, {"a.rf64", 32}, {"a.flac", 16},
        {"a.flac", 24}, {"a.aiff", 16}, {"a.aif", 24},  {"a.aiff", 32}, {"a.caf", 16},
        {"a.caf", 24},  {"a.caf", 32},
    };
    return cr_make_param_array(target, row, sizeof row / sizeof *row);
}

static uint32_t next_random(uint32_t *state)
{
    return *state = *state * 1664525 + 1013904223;
}

/* The whole range of the width, with single values, and stretches of all and of some, absent. */
static int32_t count_at(int64_t n, int k, int bits)
{
    uint32_t state = (uint32_t)(n * 31 + k * 7919 + 1);
    int32_t most = (int32_t)((INT64_C(1) << (bits - 1)) - 1);
    if ((n >= 1000 && n < 1300) || (k == 2 && n >= 1290 && n < 2047) || (k == 4 && n == FRAMES - 1))
        return SECG_NO_COUNT;
    if (n < 10)
        return n % 2 ? most : bits == 32 ? -most : -most - 1;
    next_random(&state);
    return (int32_t)((int64_t)next_random(&state) - INT32_MAX) / 2 >> (32 - bits);
}

/* Format 32 holds every width. */
static void put_record(test_folder *f, int bits)
{
    static uint8_t bytes[FRAMES * CHANNELS * 4];
    char header[1000];
    for (int i = 0; i < FRAMES * CHANNELS; i++) {
        uint32_t word = (uint32_t)count_at(i / CHANNELS, i % CHANNELS, bits);
        for (int b = 0; b < 4; b++)
            bytes[4 * i + b] = (uint8_t)(word >> (8 * b));
    }
    put_file(f, "r.dat", bytes, sizeof bytes);
    snprintf(header, sizeof header,
             "r %d 360.123456789 %d 23:59:59.250 29/02/2024\n"
             "r.dat 32 200.123456789(-7)/mV 12 1024 0 0 0 MLII\n"
             "r.dat 32 0.1/uV 16 0 0 0 0 V5\n"
             "r.dat 32 0 24 0 0 0 0 K\xc3\xb6rper 1\n"
             "r.dat 32 -50(3)/mmHg 0 0 0 0 0 ABP\n"
             "r.dat 32\n"
             "# age: 60\n#\n# 50 %% \"quoted\"\n",
             CHANNELS, FRAMES);
    put_text(f, "r.hea", header);
}

static secg_record *open_record(const char *path)
{
    secg_record *record;
    secg_error error = {0};
    cr_assert_eq(secg_record_open(path, NULL, &record, &error), SECG_OK, "%s", error.text);
    return record;
}

static void compare_info(const secg_record_info *a, const secg_record_info *b)
{
    cr_expect_eq(a->frames, b->frames);
    cr_expect_eq(a->rate_hz, b->rate_hz, "%.17g %.17g", a->rate_hz, b->rate_hz);
    cr_expect_eq(a->start_unix_ms, b->start_unix_ms);
    cr_assert_eq(a->signals, b->signals);
    cr_assert_eq(a->comments, b->comments);
    for (size_t i = 0; i < a->comments; i++)
        cr_expect_str_eq(a->comment[i], b->comment[i]);
    for (int k = 0; k < a->signals; k++) {
        const secg_record_signal *s = &a->signal[k], *t = &b->signal[k];
        cr_expect_str_eq(s->description, t->description);
        cr_expect_str_eq(s->units, t->units);
        cr_expect_eq(s->gain, t->gain, "%d: %.17g %.17g", k, s->gain, t->gain);
        cr_expect_eq(s->baseline, t->baseline);
        cr_expect_eq(s->adc_bits, t->adc_bits);
        cr_expect_eq(s->adc_zero, t->adc_zero);
        cr_expect_eq(s->calibrated, t->calibrated);
        cr_expect_eq(s->stored_bits, t->stored_bits);
    }
}

/* From `from` to the end, in pieces of no particular size. */
static void compare_counts(secg_record *record, int64_t from, int bits)
{
    static int32_t counts[777 * CHANNELS];
    size_t got;
    int64_t n = from, wrong = 0;
    cr_assert_eq(secg_record_seek(record, from, NULL), SECG_OK);
    while (secg_record_read(record, counts, 777, &got, NULL) == SECG_OK)
        for (size_t i = 0; i < got; i++, n++)
            for (int k = 0; k < CHANNELS; k++)
                wrong += counts[i * CHANNELS + (size_t)k] != count_at(n, k, bits);
    cr_expect_eq(n, FRAMES);
    cr_expect_eq(wrong, 0, "from %lld: %lld values differ", (long long)from, (long long)wrong);
}

/* What another reader of audio finds: the counts, and rest where there are none. */
static void compare_with_libsndfile(const char *path, int bits)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    cr_assert_not_null(file, "%s", sf_strerror(NULL));
    static int32_t counts[FRAMES * CHANNELS];
    static const int32_t rest[CHANNELS] = {-7, 0, 0, 3, 0};
    int subtype = info.format & SF_FORMAT_SUBMASK, wrong = 0;
    cr_expect_eq(subtype, bits == 16   ? SF_FORMAT_PCM_16
                          : bits == 24 ? SF_FORMAT_PCM_24
                                       : SF_FORMAT_PCM_32);
    cr_expect_eq(info.samplerate, 360);
    cr_assert_eq(sf_readf_int(file, counts, FRAMES + 1), FRAMES);
    sf_close(file);
    for (int i = 0; i < FRAMES * CHANNELS; i++) {
        int32_t want = count_at(i / CHANNELS, i % CHANNELS, bits);
        want = want == SECG_NO_COUNT ? rest[i % CHANNELS] : want;
        wrong += counts[i] != (int32_t)((uint32_t)want << (32 - bits));
    }
    cr_expect_eq(wrong, 0, "%d values differ", wrong);
}

static int files_in(test_folder *f)
{
    DIR *list = opendir(f->path);
    int files = 0;
    while (readdir(list))
        files++;
    closedir(list);
    return files - 2;
}

ParameterizedTest(target *t, audio_write, reads_back)
{
    test_folder f = folder_make();
    secg_error error = {0};
    struct stat status;
    put_record(&f, t->bits);
    secg_record *from = open_record(in_folder(&f, "r"));
    cr_assert_eq(secg_audio_write(from, in_folder(&f, t->name), NULL, &error), SECG_OK, "%s",
                 error.text);
    cr_expect_eq(files_in(&f), 4, "record, audio and sidecar, nothing else");
    cr_expect(stat(in_folder(&f, t->name), &status) == 0 && (status.st_mode & 0777) == 0600);
    cr_expect(stat(in_folder(&f, "a.json"), &status) == 0 && (status.st_mode & 0777) == 0600);
    compare_with_libsndfile(in_folder(&f, t->name), t->bits);
    secg_record *back = open_record(in_folder(&f, t->name));
    const secg_record_info *info = secg_record_get_info(back);
    compare_info(secg_record_get_info(from), info);
    cr_expect_eq(info->warnings, 0);
    static const int64_t start[] = {1250, 4999, 1295, 1000, 999, 2046, 0};
    for (size_t i = 0; i < sizeof start / sizeof *start; i++)
        compare_counts(back, start[i], t->bits);
    cr_expect_eq(secg_record_verify(back, &error), SECG_OK, "%s", error.text);
    secg_record_close(from);
    secg_record_close(back);
    folder_remove(&f);
}

/* An export is itself a recording, and exports to the same. */
Test(audio_write, an_export_of_an_export)
{
    test_folder f = folder_make();
    char path[100];
    secg_audio_write_options options = {.bits = 32, .placement = SECG_PLACEMENT_MASON_LIKAR};
    put_record(&f, 16);
    secg_record *first = open_record(in_folder(&f, "r"));
    strcpy(path, in_folder(&f, "a.caf"));
    cr_assert_eq(secg_audio_write(first, path, &options, NULL), SECG_OK);
    secg_record *second = open_record(path);
    cr_expect_eq(secg_record_get_info(second)->placement, SECG_PLACEMENT_MASON_LIKAR);
    cr_assert_eq(secg_audio_write(second, in_folder(&f, "b.flac"), NULL, NULL), SECG_OK);
    secg_record *third = open_record(in_folder(&f, "b.flac"));
    compare_info(secg_record_get_info(first), secg_record_get_info(third));
    cr_expect_eq(secg_record_get_info(third)->placement, SECG_PLACEMENT_MASON_LIKAR);
    compare_counts(third, 0, 16);
    cr_assert_eq(secg_audio_write(second, path, NULL, NULL), SECG_OK, "over itself");
    secg_record_close(first);
    secg_record_close(second);
    secg_record_close(third);
    second = open_record(path);
    compare_counts(second, 0, 16);
    secg_record_close(second);
    folder_remove(&f);
}

static secg_status try_write(test_folder *f, const char *name,
                             const secg_audio_write_options *options, secg_error *error)
{
    secg_record *record = open_record(in_folder(f, "r"));
    *error = (secg_error){0};
    secg_status status = secg_audio_write(record, in_folder(f, name), options, error);
    secg_record_close(record);
    return status;
}

/* What cannot be kept whole is refused with its place, and leaves nothing behind. */
Test(audio_write, refusals)
{
    test_folder f = folder_make();
    secg_error error;
    put_record(&f, 32);
    cr_expect_eq(try_write(&f, "a.flac", NULL, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(
        strstr(error.text, "frame 1, signal 0: 2147483647 does not fit into 24 bits"), "%s",
        error.text);
    cr_expect_eq(try_write(&f, "a.wav", &(secg_audio_write_options){.bits = 16}, &error),
                 SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "16 bits"), "%s", error.text);
    cr_expect_eq(try_write(&f, "a.wav", &(secg_audio_write_options){.bits = 12}, &error),
                 SECG_E_ARGUMENT);
    cr_expect_eq(try_write(&f, "a.flac", &(secg_audio_write_options){.bits = 32}, &error),
                 SECG_E_ARGUMENT);
    cr_expect_eq(try_write(&f, "a.mp3", NULL, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "a.mp3"), "%s", error.text);
    cr_expect_eq(try_write(&f, "none/a.wav", NULL, &error), SECG_E_FILE);
    put_text(&f, "r.hea",
             "r 9 500 4\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\n"
             "r.dat 16\nr.dat 16\n");
    cr_expect_eq(try_write(&f, "a.flac", NULL, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "9 signals; a FLAC file has 8"), "%s", error.text);
    put_text(&f, "r.hea", "r 1 500 1000000\nr.dat 16\n");
    cr_expect_eq(try_write(&f, "a.wav", NULL, &error), SECG_E_FORMAT, "the source is cut short");
    cr_expect_eq(files_in(&f), 2, "the record alone");
    put_text(&f, "r.hea", "r 1 500 4\nr.dat 16\n");
    put_text(&f, "a.json", "{\"format\": \"stressecg-test-1\"}");
    cr_expect_eq(try_write(&f, "a.wav", NULL, &error), SECG_E_STATE);
    cr_expect_not_null(strstr(error.text, "a.json"), "%s", error.text);
    cr_expect_eq(files_in(&f), 3);
    folder_remove(&f);
}

Test(audio_write, a_changed_byte_and_a_swapped_file_are_noticed)
{
    test_folder f = folder_make();
    secg_error error = {0};
    secg_record *record;
    int32_t counts[100 * CHANNELS];
    size_t got;
    put_record(&f, 16);
    cr_assert_eq(try_write(&f, "a.wav", NULL, &error), SECG_OK, "%s", error.text);
    FILE *file = fopen(in_folder(&f, "a.wav"), "r+b");
    fseek(file, -1, SEEK_END);
    int byte = fgetc(file);
    fseek(file, -11, SEEK_END);
    fputc(byte ^ 0x55, file);
    fclose(file);
    record = open_record(in_folder(&f, "a.wav"));
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_STATE);
    while (secg_record_read(record, counts, 100, &got, NULL) == SECG_OK)
        ;
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "checksum"), "%s", error.text);
    secg_record_close(record);
    put_text(&f, "r.hea", "r 5 360 10\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\nr.dat 16\n");
    cr_assert_eq(try_write(&f, "b.wav", NULL, &error), SECG_OK, "%s", error.text);
    char old[100], now[100];
    strcpy(old, in_folder(&f, "b.wav"));
    strcpy(now, in_folder(&f, "a.wav"));
    cr_assert_eq(rename(old, now), 0);
    cr_expect_eq(secg_record_open(now, NULL, &record, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "a.json: is of 5000 frames"), "%s", error.text);
    folder_remove(&f);
}

/* ---- the analysis ---------------------------------------------------------------------- */

static uint64_t digest_of(const char *path)
{
    secg_record *record = open_record(path);
    secg_analyzer_config config = {.mains_hz = 60};
    secg_error error = {0};
    secg_analyzer *ecg;
    int32_t map[SECG_MAX_CHANNELS], counts[333 * SECG_MAX_CHANNELS];
    cr_assert_eq(secg_record_analysis_signal(record, &config.signal, map, &error), SECG_OK);
    cr_assert_eq(secg_analyzer_create(&config, &ecg, &error), SECG_OK, "%s", error.text);
    size_t got, taken;
    while (secg_record_read(record, counts, 333, &got, NULL) == SECG_OK)
        for (size_t at = 0; at < got; at += taken) {
            secg_analyzer_push_i32(ecg, counts + at * (size_t)config.signal.channels, got - at,
                                   &taken);
            for (secg_event e; secg_analyzer_poll(ecg, &e) == SECG_OK;)
                ;
        }
    for (secg_event e; secg_analyzer_flush(ecg) == SECG_AGAIN;)
        while (secg_analyzer_poll(ecg, &e) == SECG_OK)
            ;
    uint64_t digest = secg_analyzer_digest(ecg);
    secg_analyzer_destroy(ecg);
    secg_record_close(record);
    return digest;
}

/* Beats of a plain shape on three leads, with a stretch lost. */
static void put_ecg(test_folder *f, int clipped)
{
    secg_signal signal = {.rate_hz = 360, .channels = 3};
    static const secg_lead lead[3] = {SECG_LEAD_II, SECG_LEAD_V2, SECG_LEAD_V5};
    for (int k = 0; k < 3; k++)
        signal.channel[k] = (secg_channel){.lead = lead[k], .gain_per_mv = 199.7f, .baseline = 11};
    secg_record_writer *writer;
    secg_record_writer_config config = {
        .folder = f->path, .name = "e", .signal = signal, .format = 212};
    cr_assert_eq(secg_record_writer_open(&config, &writer, NULL), SECG_OK);
    for (int n = 0; n < 360 * 40; n++) {
        int32_t counts[3];
        double t = fmod(n / 360.0, 0.8);
        double mv = 1.2 * exp(-pow((t - 0.3) / 0.012, 2)) -
                    0.25 * exp(-pow((t - 0.33) / 0.012, 2)) +
                    0.25 * exp(-pow((t - 0.55) / 0.05, 2));
        for (int k = 0; k < 3; k++) {
            double value = 11 + 199.7 * mv * (k + 1) * (clipped ? 6 : 0.8);
            counts[k] =
                n > 7000 && n < 7300 && k == 1 ? SECG_NO_COUNT : (int32_t)fmin(2047, rint(value));
        }
        cr_assert_eq(secg_record_writer_put(writer, counts, 1, NULL), SECG_OK);
    }
    cr_assert_eq(secg_record_writer_close(writer, NULL), SECG_OK);
}

Test(audio_write, the_same_analysis)
{
    static const char *const name[] = {"x.wav", "x.w64", "x.rf64", "x.flac", "x.aiff", "x.caf"};
    for (int clipped = 0; clipped < 2; clipped++) {
        test_folder f = folder_make();
        secg_error error = {0};
        put_ecg(&f, clipped);
        uint64_t want = digest_of(in_folder(&f, "e"));
        secg_record *record = open_record(in_folder(&f, "e"));
        for (int i = 0; i < 12; i++) {
            secg_audio_write_options options = {.bits = i < 6 ? 0 : 24};
            cr_assert_eq(secg_audio_write(record, in_folder(&f, name[i % 6]), &options, &error),
                         SECG_OK, "%s", error.text);
            cr_expect_eq(digest_of(in_folder(&f, name[i % 6])), want, "%s", name[i % 6]);
        }
        secg_record_close(record);
        folder_remove(&f);
    }
}
