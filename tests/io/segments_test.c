/* Records of several segments: what is missing is said and becomes a gap, what was altered is
 * found. */
#include "folder.h"

#include <stressecg/io.h>

enum { SEGMENT = 700, SIGNALS = 2 };

static int32_t count_at(int n, int k)
{
    return n % 1999 + 1000 * k - 999;
}

/* Segment NAME of the frames from `first`, in two files when `apart`. */
static void put_segment(test_folder *f, const char *name, int first, int apart)
{
    static uint8_t bytes[SIGNALS][2 * SEGMENT], both[2 * SIGNALS * SEGMENT];
    uint16_t sum[SIGNALS] = {0};
    char header[400], path[40];
    for (int n = 0; n < SEGMENT; n++)
        for (int k = 0; k < SIGNALS; k++) {
            int count = count_at(first + n, k);
            sum[k] = (uint16_t)(sum[k] + count);
            for (int b = 0; b < 2; b++)
                bytes[k][2 * n + b] = both[2 * (SIGNALS * n + k) + b] =
                    (uint8_t)((unsigned)count >> (8 * b) & 0xff);
        }
    snprintf(header, sizeof header,
             "%s 2 500 %d\n%s.%s 16 200 16 0 %d %d 0 II\n%s.%s 16 200 16 0 %d %d 0 V5\n", name,
             SEGMENT, name, apart ? "d0" : "dat", count_at(first, 0), (int16_t)sum[0], name,
             apart ? "d1" : "dat", count_at(first, 1), (int16_t)sum[1]);
    snprintf(path, sizeof path, "%s.hea", name);
    put_text(f, path, header);
    for (int k = 0; apart && k < SIGNALS; k++) {
        snprintf(path, sizeof path, "%s.d%d", name, k);
        put_file(f, path, bytes[k], sizeof bytes[k]);
    }
    snprintf(path, sizeof path, "%s.dat", name);
    if (!apart)
        put_file(f, path, both, sizeof both);
}

static test_folder make_record(void)
{
    test_folder f = folder_make();
    put_text(&f, "r.hea", "r/4 2 500 2500\na 700\n~ 400\nb 700\nc 700\n");
    put_segment(&f, "a", 0, 0);
    put_segment(&f, "b", 1100, 1);
    put_segment(&f, "c", 1800, 0);
    return f;
}

static secg_record *open_record(test_folder *f)
{
    secg_record *record;
    secg_error error = {0};
    cr_assert_eq(secg_record_open(in_folder(f, "r"), NULL, &record, &error), SECG_OK, "%s",
                 error.text);
    cr_assert_eq(secg_record_get_info(record)->frames, 2500);
    return record;
}

/* lost[k]: frames from .. to of signal k that must have no value, beside the gap. */
static void read_whole(secg_record *record, const int lost[SIGNALS][2])
{
    int32_t counts[333 * SIGNALS];
    size_t got;
    int n = 0, wrong = 0;
    while (secg_record_read(record, counts, 333, &got, NULL) == SECG_OK)
        for (size_t i = 0; i < got; i++, n++)
            for (int k = 0; k < SIGNALS; k++) {
                int absent = (n >= 700 && n < 1100) || (n >= lost[k][0] && n < lost[k][1]);
                wrong +=
                    counts[i * SIGNALS + (size_t)k] != (absent ? SECG_NO_COUNT : count_at(n, k));
            }
    cr_expect_eq(n, 2500);
    cr_expect_eq(wrong, 0, "%d values differ", wrong);
}

Test(segments, whole_and_verified)
{
    test_folder f = make_record();
    secg_record *record = open_record(&f);
    secg_error error = {0};
    cr_expect_eq(secg_record_get_info(record)->warnings, 0);
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_STATE);
    read_whole(record, (const int[SIGNALS][2]){{0}});
    cr_expect_eq(secg_record_verify(record, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_record_seek(record, 100, NULL), SECG_OK);
    cr_expect_eq(secg_record_verify(record, &error), SECG_E_STATE);
    secg_record_close(record);
    folder_remove(&f);
}

Test(segments, a_missing_segment_is_a_gap_with_a_warning)
{
    static const struct {
        const char *without[2];
        int lost[SIGNALS][2];
        const char *says;
    } row[] = {
        {{"b.hea", NULL},
         {{1100, 1800}, {1100, 1800}},
         "segment b, frames 1100 to 1799: missing: b.hea"},
        {{"b.d0", "b.d1"},
         {{1100, 1800}, {1100, 1800}},
         "missing: b.d0, b.d1; there are no values"},
        {{"b.d1", NULL}, {{0, 0}, {1100, 1800}}, "missing: b.d1; its signals have no values"},
        {{"a.hea", "a.dat"}, {{0, 700}, {0, 700}}, "segment a, frames 0 to 699: missing: a.hea"},
        {{"c.dat", NULL},
         {{1800, 2500}, {1800, 2500}},
         "segment c, frames 1800 to 2499: missing: c.dat"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        test_folder f = make_record();
        for (int j = 0; j < 2 && row[i].without[j]; j++)
            cr_assert_eq(unlink(in_folder(&f, row[i].without[j])), 0);
        secg_record *record = open_record(&f);
        const secg_record_info *info = secg_record_get_info(record);
        cr_assert_eq(info->warnings, 1, "%s", row[i].says);
        cr_expect_not_null(strstr(info->warning[0], row[i].says), "%s", info->warning[0]);
        read_whole(record, row[i].lost);
        cr_expect_eq(secg_record_verify(record, NULL), SECG_OK);
        secg_record_close(record);
        folder_remove(&f);
    }
}

Test(segments, nothing_left_is_an_error)
{
    test_folder f = make_record();
    secg_record *record;
    secg_error error = {0};
    static const char *const gone[] = {"a.dat", "b.d0", "b.d1", "c.dat"};
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(unlink(in_folder(&f, gone[i])), 0);
    cr_expect_eq(secg_record_open(in_folder(&f, "r"), NULL, &record, &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "none of the 4 segments"), "%s", error.text);
    folder_remove(&f);
}

Test(segments, many_missing_are_summed_up)
{
    test_folder f = make_record();
    static char text[40000];
    int used = sprintf(text, "r/1001 2 500 0\na 700\n");
    for (int i = 0; i < 1000; i++)
        used += sprintf(text + used, "gone%d 10\n", i);
    put_text(&f, "r.hea", text);
    secg_record *record;
    secg_error error = {0};
    cr_assert_eq(secg_record_open(in_folder(&f, "r"), NULL, &record, &error), SECG_OK, "%s",
                 error.text);
    const secg_record_info *info = secg_record_get_info(record);
    cr_assert_eq(info->warnings, 100);
    cr_expect_str_eq(info->warning[99], "and more of the kind");
    secg_record_close(record);
    folder_remove(&f);
}

/* Every segment's own sums are looked at, the first and the last, one file and several. */
Test(segments, an_altered_segment_is_named)
{
    static const char *const file[] = {"a.dat", "b.d1", "c.dat"};
    for (size_t i = 0; i < 3; i++) {
        test_folder f = make_record();
        secg_error error = {0};
        FILE *stream = fopen(in_folder(&f, file[i]), "r+b");
        fseek(stream, 500, SEEK_SET);
        int byte = fgetc(stream);
        fseek(stream, 500, SEEK_SET);
        fputc(byte ^ 1, stream);
        fclose(stream);
        secg_record *record = open_record(&f);
        int32_t counts[333 * SIGNALS];
        size_t got;
        for (int twice = 0; twice < 2; twice++) {
            while (secg_record_read(record, counts, 333, &got, NULL) == SECG_OK)
                ;
            cr_expect_eq(secg_record_verify(record, &error), SECG_E_FORMAT, "%s", file[i]);
            cr_expect_not_null(strstr(error.text, file[i]), "%s", error.text);
            cr_assert_eq(secg_record_seek(record, 0, NULL), SECG_OK);
        }
        secg_record_close(record);
        folder_remove(&f);
    }
}
