/* Headers and signal files that lie: each is refused with one line that names file and field, and
 * nothing is read or taken on their word. */
#include "folder.h"

#include <criterion/parameterized.h>
#include <stressecg/io.h>
#include <sys/stat.h>

typedef struct bad_header {
    char text[300];
    char says[80]; /* what the message must hold */
    int status;
} bad_header;

ParameterizedTestParameters(hostile, header)
{
    static bad_header row[] = {
        {"", "empty", SECG_E_FORMAT},
        {"# only a comment\n", "empty", SECG_E_FORMAT},
        {"r\n", "r.hea:1: number of signals: missing", SECG_E_FORMAT},
        {"r 10000 500\n", "r.hea:1: number of signals: more than 256", SECG_E_FORMAT},
        {"r -1 500\n", "r.hea:1: number of signals", SECG_E_FORMAT},
        {"r 0 500\n", "number of signals: there are none", SECG_E_FORMAT},
        {"r/99999999 1 500\n", "number of segments", SECG_E_FORMAT},
        {"r/0 1 500\n", "number of segments", SECG_E_FORMAT},
        {"r 1 0\nr.dat 16\n", "r.hea:1: sampling frequency", SECG_E_FORMAT},
        {"r 1 nan\nr.dat 16\n", "r.hea:1: sampling frequency", SECG_E_FORMAT},
        {"r 1 -360\nr.dat 16\n", "r.hea:1: sampling frequency", SECG_E_FORMAT},
        {"r 1 1e300\nr.dat 16\n", "r.hea:1: sampling frequency", SECG_E_FORMAT},
        {"r 1 500/x\nr.dat 16\n", "r.hea:1: counter frequency", SECG_E_FORMAT},
        {"r 1 500 4611686018427387904\nr.dat 16\n", "r.hea:1: number of samples", SECG_E_FORMAT},
        {"r 1 500 -5\nr.dat 16\n", "r.hea:1: number of samples", SECG_E_FORMAT},
        {"r 1 500 10 noon\nr.dat 16\n", "r.hea:1: base time", SECG_E_FORMAT},
        {"r 1 500 10 10:00:00 31/31/2020\nr.dat 16\n", "r.hea:1: base date", SECG_E_FORMAT},
        {"r 2 500 4\nr.dat 16\n", "1 of 2 signal lines", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16\nr.dat 16\n", "r.hea:3: line", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat\n", "r.hea:2: format: missing", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 17\n", "format 17 is not known", SECG_E_UNSUPPORTED},
        {"r 1 500 4\nr.dat 16x0\n", "r.hea:2: format", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16x2000000000\n", "r.hea:2: format", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16:999999999\n", "r.hea:2: format", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16x1000:100000\n", "skew", SECG_E_UNSUPPORTED},
        {"r 1 500 4\nr.dat 16+4000000000\n", "begin at byte 4000000000", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16 inf\n", "r.hea:2: gain", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16 1e99\n", "r.hea:2: gain", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16 200(99999999999)\n", "r.hea:2: baseline", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 16 200 12 0 99999999999\n", "r.hea:2: initial value", SECG_E_FORMAT},
        {"r 1 500 4\n../secret.dat 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r 1 500 4\n/etc/passwd 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r 1 500 4\nC:r.dat 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r 1 500 4\n..\\r.dat 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r 1 500 4\nin/../r.dat 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r/2 1 500 8\nr.dat 4\n/etc/x 4\n", "r.hea:3: segment", SECG_E_FORMAT},
        {"r 1 500 4\n.. 16\n", "outside the record's folder", SECG_E_FORMAT},
        {"r 1 500 4\n. 16\n", "regular file", SECG_E_FILE},
        {"r 1 500 4\n- 16\n", "standard input", SECG_E_UNSUPPORTED},
        {"r 1 500 4\nnone.dat 16\n", "none.dat: No such file or directory", SECG_E_FILE},
        {"r 2 500 4\nr.dat 16\nr.dat 212\n", "share r.dat", SECG_E_FORMAT},
        {"r 1 500 4\nr.dat 516\n", "r.dat: ", SECG_E_FORMAT},
        {"r/1 1 500 4\n../r 4\n", "r.hea:2: segment", SECG_E_FORMAT},
        {"r/1 1 500 4\nr 4\n", "lists no signals", SECG_E_FORMAT},
        {"r/2 1 500 4\n~ 4\n~ 4\n", "every segment is a gap", SECG_E_FORMAT},
        {"r/1 1 500 4\n", "0 of 1 segment lines", SECG_E_FORMAT},
        {"r/1 1 500 4\nabsent 4\n", "absent.hea: No such file", SECG_E_FILE},
    };
    return cr_make_param_array(bad_header, row, sizeof row / sizeof *row);
}

/* Reads whatever there is; the status of the end. */
static secg_status read_all(const char *path, const secg_record_options *options, int64_t *frames,
                            secg_error *error)
{
    secg_record *record;
    *frames = 0;
    secg_status status = secg_record_open(path, options, &record, error);
    if (status != SECG_OK)
        return status;
    const secg_record_info *info = secg_record_get_info(record);
    int32_t *counts = malloc(64 * (size_t)info->signals * sizeof *counts);
    size_t got;
    while ((status = secg_record_read(record, counts, 64, &got, error)) == SECG_OK)
        *frames += (int64_t)got;
    free(counts);
    secg_record_close(record);
    return status;
}

ParameterizedTest(bad_header *bad, hostile, header)
{
    test_folder f = folder_make();
    int64_t frames;
    secg_error error = {0};
    put_text(&f, "r.dat", "12345678");
    put_text(&f, "r.hea", bad->text);
    secg_status status = read_all(in_folder(&f, "r"), NULL, &frames, &error);
    cr_expect_eq(status, bad->status, "%s: %d %s", bad->text, status, error.text);
    cr_expect_eq(error.status, bad->status);
    cr_expect_not_null(strstr(error.text, bad->says), "%s: %s", bad->text, error.text);
    cr_expect_null(strchr(error.text, '\n'));
    folder_remove(&f);
}

Test(hostile, overlong_lines_and_binary_headers)
{
    test_folder f = folder_make();
    enum { LONG = 100000 };
    static char text[LONG + 100];
    int64_t frames;
    secg_error error;
    put_text(&f, "r.dat", "12345678");
    for (int place = 0; place < 3; place++) {
        char *at = text + sprintf(text, "%s", place == 0 ? "" : "r 1 500 4\n");
        if (place == 2)
            at += sprintf(at, "r.dat 16 200 12 0 0 0 0 ");
        memset(at, 'x', LONG);
        strcpy(at + LONG, place == 1 ? " 16\n" : "\n");
        put_text(&f, "r.hea", text);
        secg_status status = read_all(in_folder(&f, "r"), NULL, &frames, &error);
        if (place == 2) /* a long description is cut, not refused */
            cr_expect_eq(status, SECG_END, "%s", error.text);
        else
            cr_expect_eq(status, SECG_E_FORMAT);
    }
    put_file(&f, "r.hea", "r 1\0 500\n", 9);
    cr_expect_eq(read_all(in_folder(&f, "r"), NULL, &frames, &error), SECG_E_FORMAT);
    cr_expect_not_null(strstr(error.text, "not a text file"));
    folder_remove(&f);
}

/* The frames that exist are delivered, then the message says how many there should be. */
Test(hostile, a_signal_file_cut_short)
{
    static const struct {
        const char *header;
        size_t bytes;
        int64_t frames;
    } row[] = {{"r 2 500 1000\nr.dat 16\nr.dat 16\n", 402, 100},
               {"r 2 500 1000\nr.dat 212\nr.dat 212\n", 301, 100},
               {"r 1 500 1000\nr.dat 310\n", 398, 298},
               {"r 1 500 1000\nr.dat 311\n", 398, 298},
               {"r 1 500 1000\nr.dat 8\n", 77, 77},
               {"r 1 500 1000\nr.dat 24+2\n", 32, 10},
               {"r 2 500 1000\nr.dat 16:5\nr.dat 16\n", 400, 100},
               {"r 1 500 70368744177664\nr.dat 32\n", 400, 100}};
    static const char bytes[1000] = {1, 2, 3};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        test_folder f = folder_make();
        int64_t frames;
        secg_error error = {0};
        put_text(&f, "r.hea", row[i].header);
        put_file(&f, "r.dat", bytes, row[i].bytes);
        cr_expect_eq(read_all(in_folder(&f, "r"), NULL, &frames, &error), SECG_E_FORMAT, "%s",
                     row[i].header);
        cr_expect_eq(frames, row[i].frames, "%s: %lld", row[i].header, (long long)frames);
        cr_expect_not_null(strstr(error.text, "r.dat: ends after"), "%s", error.text);
        folder_remove(&f);
    }
}

Test(hostile, an_empty_signal_file)
{
    test_folder f = folder_make();
    int64_t frames;
    secg_error error = {0};
    put_file(&f, "r.dat", "", 0);
    put_text(&f, "r.hea", "r 1 500\nr.dat 16\n");
    cr_expect_eq(read_all(in_folder(&f, "r"), NULL, &frames, &error), SECG_END);
    put_text(&f, "r.hea", "r 1 500 5\nr.dat 16\n");
    cr_expect_eq(read_all(in_folder(&f, "r"), NULL, &frames, &error), SECG_E_FORMAT);
    cr_expect_eq(frames, 0);
    folder_remove(&f);
}

Test(hostile, another_folder_only_when_allowed)
{
    test_folder f = folder_make();
    int64_t frames;
    secg_error error = {0};
    char command[200];
    snprintf(command, sizeof command, "mkdir '%s/in'", f.path);
    cr_assert_eq(system(command), 0);
    put_text(&f, "x.dat", "12345678");
    put_text(&f, "in/r.hea", "r 1 500 4\n../x.dat 16\n");
    cr_expect_eq(read_all(in_folder(&f, "in/r"), NULL, &frames, &error), SECG_E_FORMAT);
    secg_record_options options = {.allow_other_folders = 1};
    cr_expect_eq(read_all(in_folder(&f, "in/r"), &options, &frames, &error), SECG_END, "%s",
                 error.text);
    cr_expect_eq(frames, 4);
    folder_remove(&f);
}

/* A link is the folder owner's doing and is followed; a pipe would wait for ever. */
Test(hostile, links_and_pipes, .timeout = 20)
{
    test_folder f = folder_make();
    int64_t frames;
    secg_error error = {0};
    char target[100];
    cr_assert_eq(mkdir(in_folder(&f, "in"), 0700), 0);
    put_text(&f, "x.dat", "12345678");
    put_text(&f, "in/r.hea", "r 1 500 4\nr.dat 16\n");
    strcpy(target, in_folder(&f, "x.dat"));
    cr_assert_eq(symlink(target, in_folder(&f, "in/r.dat")), 0);
    cr_expect_eq(read_all(in_folder(&f, "in/r"), NULL, &frames, &error), SECG_END, "%s",
                 error.text);
    cr_assert_eq(unlink(in_folder(&f, "in/r.dat")), 0);
    cr_assert_eq(mkfifo(in_folder(&f, "in/r.dat"), 0600), 0);
    cr_expect_eq(read_all(in_folder(&f, "in/r"), NULL, &frames, &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "not a regular file"), "%s", error.text);
    put_text(&f, "in/r.hea", "r 1 500 4\nr.dat 516\n");
    cr_expect_eq(read_all(in_folder(&f, "in/r"), NULL, &frames, &error), SECG_E_FILE);
    cr_assert_eq(mkfifo(in_folder(&f, "in/x.wav"), 0600), 0);
    cr_expect_eq(read_all(in_folder(&f, "in/x.wav"), NULL, &frames, &error), SECG_E_FILE);
    folder_remove(&f);
}

Test(hostile, missing_signal_files)
{
    test_folder f = folder_make();
    secg_error error = {0};
    secg_record *record;
    int32_t counts[8];
    size_t got;
    put_file(&f, "r.dat", "\1\0\2\0\3\0\4\0", 8);
    put_text(&f, "r.hea", "r 2 500 4\nr.dat 16 200\nr.xyz 16 200\n");
    cr_assert_eq(secg_record_open(in_folder(&f, "r"), NULL, &record, &error), SECG_OK, "%s",
                 error.text);
    const secg_record_info *info = secg_record_get_info(record);
    cr_assert_eq(info->warnings, 1);
    cr_expect_not_null(strstr(info->warning[0], "r.xyz"));
    cr_assert_eq(secg_record_read(record, counts, 4, &got, &error), SECG_OK);
    cr_assert_eq(got, 4);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(counts[2 * i], i + 1);
        cr_expect_eq(counts[2 * i + 1], SECG_NO_COUNT);
    }
    secg_record_close(record);
    cr_assert_eq(unlink(in_folder(&f, "r.dat")), 0);
    cr_expect_eq(secg_record_open(in_folder(&f, "r"), NULL, &record, &error), SECG_E_FILE);
    cr_expect_not_null(strstr(error.text, "r.dat"));
    cr_expect_eq(secg_record_open(in_folder(&f, "nothing"), NULL, &record, &error), SECG_E_FILE);
    cr_expect_eq(secg_record_open(NULL, NULL, &record, &error), SECG_E_ARGUMENT);
    folder_remove(&f);
}
