/* Every WFDB format against what WFDB's own reader prints for files that other software wrote. */
#include "expected.h"

#include <criterion/parameterized.h>
#include <stressecg/io.h>
#include <string.h>

enum { FRAMES = 333, MAX_SIGNALS = 64, WFDB_ABSENT = -32768 };

typedef struct sample_file {
    char record[40], listing[60];
    int high_resolution;
} sample_file;

ParameterizedTestParameters(formats, equal_the_listing)
{
    static sample_file row[] = {
        {"binformats", "binformats", 0},
        {"flacformats", "flacformats", 0},
        {"310derive_3", "310derive_3", 0},
        {"311derive_4", "311derive_4", 0},
        {"mixedsignals", "mixedsignals", 0},
        {"test01_00s", "test01_00s", 0},
        {"test01_00s_skewframe", "test01_00s_skewframe", 0},
        {"041s/041s", "041s/041s", 0},
        {"mixedsignals", "mixedsignals.highres", 1},
        {"test01_00s_skewframe", "test01_00s_skewframe.highres", 1},
    };
    return cr_make_param_array(sample_file, row, sizeof row / sizeof *row);
}

/* The frame's number, then a count per signal; 0 at the end. */
static int next_line(FILE *listing, int64_t *frame, int32_t *counts, int signals)
{
    long long number;
    if (fscanf(listing, "%lld", &number) != 1)
        return 0;
    *frame = number;
    for (int k = 0; k < signals; k++)
        cr_assert_eq(fscanf(listing, "%d", &counts[k]), 1);
    return 1;
}

static void compare(secg_record *record, FILE *listing, const char *name)
{
    const secg_record_info *info = secg_record_get_info(record);
    static int32_t counts[FRAMES * MAX_SIGNALS], want[MAX_SIGNALS];
    secg_error error = {0};
    secg_status status;
    int64_t frame = 0, number;
    size_t got, wrong = 0;
    cr_assert_leq(info->signals, MAX_SIGNALS);
    while ((status = secg_record_read(record, counts, FRAMES, &got, &error)) == SECG_OK)
        for (size_t i = 0; i < got; i++, frame++) {
            cr_assert(next_line(listing, &number, want, info->signals), "%s: more than %lld frames",
                      name, (long long)frame);
            cr_assert_eq(number, frame);
            for (int k = 0; k < info->signals; k++) {
                int32_t count = counts[i * (size_t)info->signals + (size_t)k];
                if ((count == SECG_NO_COUNT ? WFDB_ABSENT : count) != want[k] && wrong++ < 5)
                    cr_log_error("%s: frame %lld, signal %d: %d, expected %d", name,
                                 (long long)frame, k, count, want[k]);
            }
        }
    cr_expect_eq(status, SECG_END, "%s", error.text);
    cr_expect_eq(wrong, 0, "%s: %zu values differ", name, wrong);
    cr_expect_not(next_line(listing, &number, want, info->signals),
                  "%s: the listing goes on after %lld", name, (long long)frame);
}

ParameterizedTest(sample_file *file, formats, equal_the_listing)
{
    char path[4096], relative[128];
    snprintf(relative, sizeof relative, "wfdb-formats/%s.expected.txt.gz", file->listing);
    FILE *listing = open_listing(shared_data(path, sizeof path, relative));
    snprintf(relative, sizeof relative, "wfdb-formats/%s.hea", file->record);
    shared_data(path, sizeof path, relative);
    secg_record *record;
    secg_error error = {0};
    secg_record_options options = {.high_resolution = (uint8_t)file->high_resolution};
    cr_assert_eq(secg_record_open(path, &options, &record, &error), SECG_OK, "%s", error.text);
    compare(record, listing, file->record);
    secg_status verified = secg_record_verify(record, &error);
    cr_expect(verified == SECG_OK, "%s", error.text);
    secg_record_close(record);
    pclose(listing);
}

/* Reading from any frame on gives what reading from the start gave. */
ParameterizedTestParameters(formats, seek)
{
    static sample_file row[] = {{"binformats", "", 0},   {"flacformats", "", 0},
                                {"mixedsignals", "", 0}, {"test01_00s_skewframe", "", 0},
                                {"041s/041s", "", 0},    {"310derive_3", "", 0},
                                {"mixedsignals", "", 1}, {"041s/041s", "", 1}};
    return cr_make_param_array(sample_file, row, sizeof row / sizeof *row);
}

ParameterizedTest(sample_file *file, formats, seek)
{
    char path[4096], relative[128];
    enum { ALL = 480 };
    static int32_t all[ALL * MAX_SIGNALS], some[ALL * MAX_SIGNALS];
    snprintf(relative, sizeof relative, "wfdb-formats/%s.hea", file->record);
    shared_data(path, sizeof path, relative);
    secg_record *record;
    secg_record_options options = {.high_resolution = (uint8_t)file->high_resolution};
    cr_assert_eq(secg_record_open(path, &options, &record, NULL), SECG_OK);
    size_t signals = (size_t)secg_record_get_info(record)->signals, have = 0, got;
    while (have < ALL &&
           secg_record_read(record, all + have * signals, ALL - have, &got, NULL) == SECG_OK)
        have += got;
    static const int64_t from[] = {0, 1, 7, 100, 101, 400, 3};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        cr_assert_eq(secg_record_seek(record, from[i], NULL), SECG_OK);
        cr_assert_eq(secg_record_read(record, some, 20, &got, NULL), SECG_OK);
        for (size_t k = 0; k < got * signals; k++)
            cr_assert_eq(some[k], all[(size_t)from[i] * signals + k], "%s from %lld", file->record,
                         (long long)from[i]);
    }
    secg_error error = {0};
    cr_expect_eq(secg_record_seek(record, -1, &error), SECG_E_ARGUMENT);
    cr_expect_eq(secg_record_seek(record, INT64_MAX, &error), SECG_E_ARGUMENT);
    secg_record_close(record);
}
