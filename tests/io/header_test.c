/* Headers as different writers have them, and records of several segments. */
#include "folder.h"

#include <locale.h>
#include <stressecg/io.h>

static secg_record *open_text(test_folder *f, const char *header)
{
    secg_record *record;
    secg_error error = {0};
    put_text(f, "r.hea", header);
    cr_assert_eq(secg_record_open(in_folder(f, "r.hea"), NULL, &record, &error), SECG_OK, "%s: %s",
                 header, error.text);
    return record;
}

Test(header, start_of_the_record)
{
    static const struct {
        const char *words;
        int64_t start_unix_ms;
    } row[] = {{"", SECG_NO_SAMPLE},
               {" 10:20:30", SECG_NO_SAMPLE},
               {" 00:00:00 01/01/1970", 0},
               {" 20:20:47 23/03/2021", 1616530847000},
               {" 23-Mar-2021 20:20:47", 1616530847000},
               {" 8:26:04.125 26/10/1994", 783159964125},
               {" 23:59:59.999 29/02/2000", 951868799999}};
    test_folder f = folder_make();
    put_text(&f, "r.dat", "12345678");
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char text[200];
        snprintf(text, sizeof text, "r 1 500 4%s\nr.dat 16\n", row[i].words);
        secg_record *record = open_text(&f, text);
        cr_expect_eq(secg_record_get_info(record)->start_unix_ms, row[i].start_unix_ms, "%s: %lld",
                     row[i].words, (long long)secg_record_get_info(record)->start_unix_ms);
        secg_record_close(record);
    }
    folder_remove(&f);
}

Test(header, defaults_and_comments)
{
    test_folder f = folder_make();
    put_text(&f, "r.dat", "12345678");
    secg_record *record = open_text(
        &f, "# before\r\n\r\nr 2\r\nr.dat 16\r\nr.dat 16 0(-7)/uV 12 3 0 0 0 left  arm \r\n"
            "# age: 60\r\n#sex: F\r\n");
    const secg_record_info *info = secg_record_get_info(record);
    cr_expect_float_eq(info->rate_hz, 250, 0);
    cr_expect_eq(info->frames, 2, "from the file's size");
    cr_expect_eq(info->start_unix_ms, SECG_NO_SAMPLE);
    cr_expect_str_eq(info->signal[0].units, "mV");
    cr_expect_not(info->signal[0].calibrated);
    cr_expect_str_eq(info->signal[0].description, "");
    cr_expect_str_eq(info->signal[1].units, "uV");
    cr_expect_str_eq(info->signal[1].description, "left  arm");
    cr_expect_eq(info->signal[1].baseline, -7);
    cr_expect_not(info->signal[1].calibrated);
    cr_assert_eq(info->comments, 2);
    cr_expect_str_eq(info->comment[0], "age: 60");
    cr_expect_str_eq(info->comment[1], "sex: F");
    secg_record_close(record);
    folder_remove(&f);
}

Test(header, rates_and_baselines)
{
    test_folder f = folder_make();
    put_text(&f, "r.dat", "12345678");
    secg_record *record =
        open_text(&f, "r 1 62.4725/999.56(-12.5) 4\nr.dat 16 34043.46727 16 512\n");
    const secg_record_info *info = secg_record_get_info(record);
    cr_expect_float_eq(info->rate_hz, 62.4725, 0);
    cr_expect_float_eq(info->signal[0].gain, 34043.46727, 0);
    cr_expect_eq(info->signal[0].baseline, 512, "an absent baseline is the ADC's zero");
    secg_record_close(record);
    folder_remove(&f);
}

/* A program may have chosen a locale in which numbers have a comma. */
Test(header, another_locale)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
        cr_skip_test("no locale with a decimal comma here");
    test_folder f = folder_make();
    put_text(&f, "r.dat", "12345678");
    secg_record *record = open_text(&f, "r 1 62.4725 4\nr.dat 16 200.5\n");
    cr_expect_float_eq(secg_record_get_info(record)->rate_hz, 62.4725, 0);
    secg_record_close(record);
    folder_remove(&f);
}

static void expect_counts(secg_record *record, const int32_t *want, size_t frames, size_t signals)
{
    int32_t counts[64];
    size_t got, have = 0;
    secg_error error = {0};
    while (secg_record_read(record, counts, 3, &got, &error) == SECG_OK)
        for (size_t i = 0; i < got * signals; i++, have++)
            cr_expect_eq(counts[i], want[have], "value %zu: %d, not %d", have, counts[i],
                         want[have]);
    cr_expect_eq(have, frames * signals, "%s", error.text);
}

/* The layout lists ECG and ABP; the first segment holds both the other way round and with another
 * gain, then a gap, then ECG alone. */
Test(header, variable_layout)
{
    enum { NO = SECG_NO_COUNT };
    test_folder f = folder_make();
    put_text(&f, "r_layout.hea",
             "r_layout 2 125 0\n~ 0 200(0)/mV 12 0 0 0 0 ECG\n~ 0 10(0)/mmHg 12 0 0 0 0 ABP\n");
    put_text(&f, "a.hea",
             "a 2 125 2\na.dat 16 10(0)/mmHg 12 0 0 0 0 ABP\na.dat 16 100(4)/mV 12 0 0 0 0 ECG\n");
    put_file(&f, "a.dat", "\5\0\6\0\7\0\10\0", 8);
    put_text(&f, "b.hea", "b 1 125 3\nb.dat 16 200(0)/mV 12 0 0 0 0 ECG\n");
    put_file(&f, "b.dat", "\1\0\2\0\3\0", 6);
    secg_record *record = open_text(&f, "r/4 2 125 7\nr_layout 0\na 2\n~ 2\nb 3\n");
    static const int32_t want[] = {4, 5, 8, 7, NO, NO, NO, NO, 1, NO, 2, NO, 3, NO};
    cr_expect_eq(secg_record_get_info(record)->frames, 7);
    cr_expect_eq(secg_record_get_info(record)->segments, 4);
    expect_counts(record, want, 7, 2);
    for (int64_t from = 7; from >= 0; from--) {
        cr_assert_eq(secg_record_seek(record, from, NULL), SECG_OK);
        expect_counts(record, want + 2 * from, (size_t)(7 - from), 2);
    }
    secg_record_close(record);
    folder_remove(&f);
}

Test(header, a_segment_shorter_than_stated)
{
    test_folder f = folder_make();
    secg_error error = {0};
    int32_t counts[16];
    size_t got;
    put_text(&f, "a.hea", "a 1 125 2\na.dat 16\n");
    put_file(&f, "a.dat", "\1\0\2\0", 4);
    secg_record *record = open_text(&f, "r/1 1 125 9\na 9\n");
    cr_expect_eq(secg_record_read(record, counts, 16, &got, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "2 frames, but 9 are stated"), "%s", error.text);
    secg_record_close(record);
    folder_remove(&f);
}
