#include "windows.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

Test(windows, mean_rate_of_the_intervals_inside)
{
    numbers beat_s = {0};
    double at[] = {0.2, 1.0, 1.5, 2.5, 3.25, 4.0, 9.9};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        numbers_add(&beat_s, at[i]);
    cr_expect_float_eq(window_bpm(&beat_s, 1.0, 2.5), 60 / 0.75, 1e-9, "both ends belong to it");
    cr_expect_float_eq(window_bpm(&beat_s, 0.9, 3.3), 60 / 0.75, 1e-9);
    cr_expect_float_eq(window_bpm(&beat_s, 1.2, 2.6), 60, 1e-9);
    cr_expect(isnan(window_bpm(&beat_s, 5, 9)), "no beat");
    cr_expect(isnan(window_bpm(&beat_s, 5, 13)), "one beat");
    numbers_free(&beat_s);
}

static int read_text(const char *text, rate_window **window, size_t *count)
{
    char path[] = "/tmp/windows_test_XXXXXX";
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    FILE *f = fdopen(file, "w");
    fputs(text, f);
    fclose(f);
    int status = windows_read(path, window, count);
    unlink(path);
    return status;
}

Test(windows, are_read)
{
    rate_window *window;
    size_t count;
    cr_assert_eq(
        read_text("window_start_s,window_end_s,bpm\n0,8,74.339\n2,10,76\n", &window, &count), 0);
    cr_assert_eq(count, 2);
    cr_expect_float_eq(window[0].bpm, 74.339, 1e-9);
    cr_expect_float_eq(window[1].from_s, 2, 1e-9);
    cr_expect_float_eq(window[1].to_s, 10, 1e-9);
    free(window);
}

Test(windows, bad_lines_are_refused)
{
    static const char *const text[] = {"a,b,c\n0,8\n",      "a,b,c\n8,0,70\n", "a,b,c\n0,8,-1\n",
                                       "a,b,c\n0,8,70\n\n", "a,b,c\nx,8,70\n", "a,b,c\n0,8,nan\n"};
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        rate_window *window;
        size_t count;
        cr_expect_eq(read_text(text[i], &window, &count), -1, "%s", text[i]);
        cr_expect_null(window);
    }
    rate_window *window;
    size_t count;
    cr_expect_eq(windows_read("/nowhere/at.csv", &window, &count), -1);
}
