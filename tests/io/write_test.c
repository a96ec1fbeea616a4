/* What is written reads back to the bit, in every format that can be written. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/io.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Odd, for the halves of format 212, and more than is read from a file at once. */
enum { CHANNELS = 3, FRAMES = 30001 };

ParameterizedTestParameters(write, reads_back)
{
    static int row[] = {8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524};
    return cr_make_param_array(int, row, sizeof row / sizeof *row);
}

/* The most that a format holds either side of 0. */
static int32_t most_of(int format)
{
    switch (format) {
    case 80:
    case 508:
        return 127;
    case 310:
    case 311:
        return 511;
    case 212:
        return 2047;
    case 24:
    case 524:
        return 8388607;
    case 32:
        return INT32_MAX;
    default:
        return 32767;
    }
}

/* Sample i of the interleaved channels; format 8 takes the steepest steps it has. */
static int32_t value(int format, int i)
{
    int32_t most = most_of(format);
    static const int32_t steps[4] = {0, 127, -1, 0};
    if (format == 8)
        return 1000 * (i % CHANNELS) + steps[i / CHANNELS % 4];
    switch (i % 7) {
    case 0:
        return most;
    case 1:
        return -most;
    case 2:
        return SECG_NO_COUNT;
    default:
        return (int32_t)((int64_t)i * 7919 % most) - most / 2;
    }
}

static void remove_folder(const char *folder)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_expect_eq(system(command), 0);
}

/* From a frame to the end, so many at a time, is as it was written. */
static void read_rest(secg_record *record, const int32_t *counts, size_t from, size_t frames)
{
    static int32_t back[FRAMES * CHANNELS];
    secg_error error = {0};
    size_t got, have = from;
    while (secg_record_read(record, back + have * CHANNELS,
                            FRAMES - have < frames ? FRAMES - have : frames, &got,
                            &error) == SECG_OK &&
           got)
        have += got;
    cr_expect_eq(have, FRAMES, "from %zu: %zu", from, have);
    cr_expect_eq(memcmp(counts + from * CHANNELS, back + from * CHANNELS,
                        (FRAMES - from) * CHANNELS * sizeof *counts),
                 0, "from %zu, %zu at a time", from, frames);
}

ParameterizedTest(int *format, write, reads_back)
{
    char folder[] = "/tmp/secg-write-XXXXXX", path[100];
    cr_assert_not_null(mkdtemp(folder));
    secg_signal signal = {.rate_hz = 360.5, .channels = CHANNELS};
    for (int k = 0; k < CHANNELS; k++)
        signal.channel[k] = (secg_channel){
            .lead = (secg_lead)(SECG_LEAD_V1 + k), .gain_per_mv = 409.6f, .baseline = 10 * k};
    signal.channel[2].lead = SECG_LEAD_OTHER;
    strcpy(signal.channel[2].name, "K\xc3\xb6rper 1");
    const char *comment[] = {"first line", "second\nline"};
    secg_record_writer *writer;
    secg_error error = {0};
    secg_record_writer_config config = {.folder = folder,
                                        .name = "w",
                                        .signal = signal,
                                        .format = *format,
                                        .start_unix_ms = INT64_C(951827696250),
                                        .comment = comment,
                                        .comments = 2};
    cr_assert_eq(secg_record_writer_open(&config, &writer, &error), SECG_OK, "%s", error.text);
    static int32_t counts[FRAMES * CHANNELS];
    for (int i = 0; i < FRAMES * CHANNELS; i++)
        counts[i] = value(*format, i);
    for (size_t at = 0; at < FRAMES; at += 91)
        cr_assert_eq(secg_record_writer_put(writer, counts + at * CHANNELS,
                                            FRAMES - at < 91 ? FRAMES - at : 91, &error),
                     SECG_OK);
    int32_t too_large[CHANNELS] = {INT32_MIN + 1, 0, 0};
    if (*format == 8) {
        int32_t absent[CHANNELS] = {0, SECG_NO_COUNT, 0};
        cr_expect_eq(secg_record_writer_put(writer, absent, 1, &error), SECG_E_ARGUMENT);
    }
    if (*format != 32) {
        cr_expect_eq(secg_record_writer_put(writer, too_large, 1, &error), SECG_E_ARGUMENT);
        cr_expect_not_null(strstr(error.text, "frame 30001, channel 0"), "%s", error.text);
    }
    cr_assert_eq(secg_record_writer_close(writer, &error), SECG_OK, "%s", error.text);

    struct stat status;
    snprintf(path, sizeof path, "%s/w.dat", folder);
    cr_expect(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    snprintf(path, sizeof path, "%s/w.hea", folder);
    cr_expect(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    secg_record *record;
    cr_assert_eq(secg_record_open(path, NULL, &record, &error), SECG_OK, "%s", error.text);
    const secg_record_info *info = secg_record_get_info(record);
    cr_expect_eq(info->frames, FRAMES);
    cr_expect_eq(info->start_unix_ms, INT64_C(951827696250));
    cr_expect_float_eq(info->rate_hz, 360.5, 0);
    cr_expect_eq(info->comments, 2);
    cr_expect_str_eq(info->comment[1], "second line");
    read_rest(record, counts, 0, FRAMES);
    cr_expect_eq(secg_record_verify(record, &error), SECG_OK, "%s", error.text);
    for (int64_t from = FRAMES - 7; from > 0; from /= 3) {
        cr_assert_eq(secg_record_seek(record, from, &error), SECG_OK, "%s", error.text);
        read_rest(record, counts, (size_t)from, 1 + (size_t)from % 5);
    }
    secg_signal again;
    int32_t map[SECG_MAX_CHANNELS];
    cr_assert_eq(secg_record_analysis_signal(record, &again, map, &error), SECG_OK);
    cr_expect_eq(again.channel[1].lead, SECG_LEAD_V2);
    cr_expect_float_eq(again.channel[1].gain_per_mv, 409.6f, 0);
    cr_expect_eq(again.channel[1].baseline, 10);
    cr_expect_str_eq(again.channel[2].name, signal.channel[2].name);
    secg_record_close(record);
    remove_folder(folder);
}

Test(write, a_changed_byte_is_noticed)
{
    char folder[] = "/tmp/secg-write-XXXXXX", path[100];
    cr_assert_not_null(mkdtemp(folder));
    secg_record_writer *writer;
    secg_record_writer_config config = {
        .folder = folder, .name = "w", .signal = secg_signal_standard_8(500)};
    cr_assert_eq(secg_record_writer_open(&config, &writer, NULL), SECG_OK);
    static int32_t counts[100 * 8];
    cr_assert_eq(secg_record_writer_put(writer, counts, 100, NULL), SECG_OK);
    cr_assert_eq(secg_record_writer_close(writer, NULL), SECG_OK);
    snprintf(path, sizeof path, "%s/w.dat", folder);
    FILE *file = fopen(path, "r+b");
    fseek(file, 50, SEEK_SET);
    fputc(1, file);
    fclose(file);
    secg_record *record;
    secg_error error = {0};
    size_t got;
    snprintf(path, sizeof path, "%s/w", folder);
    cr_assert_eq(secg_record_open(path, NULL, &record, NULL), SECG_OK);
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_STATE, "not read yet");
    while (secg_record_read(record, counts, 100, &got, NULL) == SECG_OK)
        ;
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "signal 1 (II)"), "%s", error.text);
    secg_record_close(record);
    remove_folder(folder);
}

Test(write, refusals_name_the_field)
{
    secg_record_writer *writer;
    secg_error error = {0};
    secg_record_writer_config config = {
        .folder = "/nonexistent", .name = "w", .signal = secg_signal_standard_8(500)};
    cr_expect_eq(secg_record_writer_open(&config, &writer, &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "/nonexistent/w.dat"), "%s", error.text);
    config.name = "../w";
    cr_expect_eq(secg_record_writer_open(&config, &writer, &error), SECG_E_ARGUMENT);
    config.name = "w";
    config.folder = "/tmp";
    config.format = 516;
    config.signal = secg_signal_standard_12(500);
    cr_expect_eq(secg_record_writer_open(&config, &writer, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "8 channels"), "%s", error.text);
    config.format = 17;
    cr_expect_eq(secg_record_writer_open(&config, &writer, &error), SECG_E_ARGUMENT);
    cr_expect_not_null(strstr(error.text, "17"), "%s", error.text);
}

Test(write, no_old_header_describes_new_samples)
{
    char folder[] = "/tmp/secg-write-XXXXXX", path[100];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/w.hea", folder);
    secg_record_writer *writer;
    secg_record_writer_config config = {
        .folder = folder, .name = "w", .signal = secg_signal_standard_8(500)};
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(secg_record_writer_open(&config, &writer, NULL), SECG_OK);
        cr_expect_neq(access(path, F_OK), 0);
        cr_assert_eq(secg_record_writer_close(writer, NULL), SECG_OK);
        cr_expect_eq(access(path, F_OK), 0);
    }
    remove_folder(folder);
}

/* A full disk is said, and no header pretends that the record is whole. */
Test(write, a_full_disk_is_reported)
{
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("no /dev/full");
    char folder[] = "/tmp/secg-write-XXXXXX", path[100];
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/w.dat", folder);
    cr_assert_eq(symlink("/dev/full", path), 0);
    secg_record_writer *writer;
    secg_error error = {0};
    secg_record_writer_config config = {
        .folder = folder, .name = "w", .signal = secg_signal_standard_8(500)};
    cr_assert_eq(secg_record_writer_open(&config, &writer, &error), SECG_OK);
    static int32_t counts[4000 * 8];
    secg_status put = secg_record_writer_put(writer, counts, 4000, &error);
    secg_status closed = secg_record_writer_close(writer, &error);
    cr_expect(put == SECG_E_FILE || closed == SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "w.dat"), "%s", error.text);
    snprintf(path, sizeof path, "%s/w.hea", folder);
    cr_expect_neq(access(path, F_OK), 0);
    remove_folder(folder);
}
