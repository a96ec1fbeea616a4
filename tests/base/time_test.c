#include <criterion/criterion.h>
#include <math.h>
#include <stressecg/base.h>
#include <time.h>

Test(time, samples_and_seconds)
{
    cr_expect_float_eq(secg_seconds(900, 360), 2.5, 0);
    cr_expect_eq(secg_sample_at(2.5, 360), 900);
    cr_expect_eq(secg_sample_at(-0.001, 500), -1); /* halves away from zero */
    cr_expect_eq(secg_sample_at((double)INFINITY, 500), SECG_NO_SAMPLE);
    cr_expect_eq(secg_sample_at(1e18, 500), SECG_NO_SAMPLE);
    cr_expect(isnan(secg_seconds(1, 0)));
    int64_t day = INT64_C(24) * 3600 * 500; /* a day at 500 Hz comes back exactly */
    for (int64_t s = day - 1000; s <= day; s++)
        cr_expect_eq(secg_sample_at(secg_seconds(s, 500), 500), s);
}

Test(time, elapsed_text)
{
    char text[16];
    cr_expect_str_eq(secg_elapsed_text(580, text, sizeof text), "9:40.0");
    cr_expect_str_eq(secg_elapsed_text(59.99, text, sizeof text), "0:59.9");
    cr_expect_str_eq(secg_elapsed_text(3600 + 61.5, text, sizeof text), "1:01:01.5");
    cr_expect_str_eq(secg_elapsed_text((double)NAN, text, sizeof text), "--:--");
    char tiny[4];
    secg_elapsed_text(580, tiny, sizeof tiny);
    cr_expect_eq(tiny[3], 0);
}

/* The host's own calendar is the second implementation. */
Test(time, clock_text_agrees_with_the_calendar)
{
    for (int64_t t = -3000000000; t < 8000000000; t += 86400 * 13 + 12345) {
        char text[32], want[32];
        time_t seconds = (time_t)t;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        strftime(want, sizeof want, "%Y-%m-%dT%H:%M:%S.250Z", &tm);
        cr_expect_str_eq(secg_clock_text(t * 1000, 0, 0.25, text, sizeof text), want);
    }
}

Test(time, clock_text_across_midnight_and_zones)
{
    char text[32];
    int64_t start = INT64_C(1767657600000) - 1000; /* 2026-01-05T23:59:59Z */
    cr_expect_str_eq(secg_clock_text(start, 0, 1.5, text, sizeof text), "2026-01-06T00:00:00.500Z");
    cr_expect_str_eq(secg_clock_text(start, -330, 0, text, sizeof text),
                     "2026-01-05T18:29:59.000-05:30");
    cr_expect_str_eq(secg_clock_text(SECG_NO_SAMPLE, 0, 0, text, sizeof text), "-");
}
