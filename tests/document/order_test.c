/* Ages and wall-clock times against a calendar. */
#include "document/clock.h"

#include <criterion/criterion.h>
#include <stressecg/order.h>
#include <string.h>
#include <time.h>

static int64_t unix_ms(const char *text)
{
    secg_moment moment;
    cr_assert(secg_moment_parse(text, &moment), "%s", text);
    return moment.unix_ms;
}

static float age(const char *birth, const char *day)
{
    secg_order order = {0};
    strcpy(order.patient.birth_date, birth);
    return secg_order_age_years(&order, unix_ms(day));
}

Test(order, age_in_whole_years)
{
    cr_expect_eq(age("1968-03-14", "2026-03-13T23:59:59Z"), 57);
    cr_expect_eq(age("1968-03-14", "2026-03-14T00:00:00Z"), 58);
    cr_expect_eq(age("2000-02-29", "2025-02-28T12:00:00Z"), 24);
    cr_expect_eq(age("2000-02-29", "2025-03-01T12:00:00Z"), 25);
    cr_expect_eq(age("2000-02-29", "2024-02-29T12:00:00Z"), 24);
    cr_expect_eq(age("1900-01-01", "1969-12-31T12:00:00Z"), 69);
}

Test(order, age_unknown)
{
    secg_order order = {0};
    cr_expect_eq(secg_order_age_years(&order, 0), 0);
    cr_expect_eq(secg_order_age_years(NULL, 0), 0);
    strcpy(order.patient.birth_date, "1968-03-14");
    cr_expect_eq(secg_order_age_years(&order, SECG_NO_SAMPLE), 0);
    cr_expect_eq(secg_order_age_years(&order, INT64_MAX), 0);
    cr_expect_eq(age("2030-01-01", "2026-01-05T09:00:00Z"), 0);
    static const char *const bad[] = {"1968-3-14", "1968-02-30", "14.03.1968", "1968-03-14 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(age(bad[i], "2026-01-05T09:00:00Z"), 0, "%s", bad[i]);
}

/* Every day from 1890 to 2110 against the C library's calendar. */
Test(order, days_of_two_centuries)
{
    for (int64_t day = -29220; day < 51135; day++) {
        time_t seconds = (time_t)(day * 86400);
        struct tm want;
        gmtime_r(&seconds, &want);
        secg_date got = secg_moment_date((secg_moment){.unix_ms = day * 86400000 + 1});
        cr_assert(got.year == want.tm_year + 1900 && got.month == want.tm_mon + 1 &&
                  got.day == want.tm_mday);
        cr_assert_eq(secg_date_days(got), day);
    }
}

Test(order, moments)
{
    secg_moment moment;
    cr_expect_eq(unix_ms("1970-01-01T00:00:00Z"), 0);
    cr_expect_eq(unix_ms("2026-01-05T09:00:00.000Z"), INT64_C(1767603600000));
    cr_expect_eq(unix_ms("2026-01-05T09:00Z"), INT64_C(1767603600000));
    cr_expect_eq(unix_ms("2026-01-05T04:00:00.5-05:00"), INT64_C(1767603600500));
    cr_expect_eq(unix_ms("1969-12-31T23:59:59.9999Z"), -1);
    static const char *const bad[] = {"",
                                      "2026-01-05",
                                      "2026-01-05T09:00:00",
                                      "2026-01-05 09:00:00Z",
                                      "2026-01-05T24:00:00Z",
                                      "2026-01-05T09:60:00Z",
                                      "2026-01-05T09:00:60Z",
                                      "2026-01-05T09:00:00+15:00",
                                      "2026-01-05T09:00:00+0500",
                                      "2026-01-05T09:00:00.Z",
                                      "2026-01-05T09:00:00ZZ"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(secg_moment_parse(bad[i], &moment), "%s", bad[i]);
    cr_expect_not(secg_moment_parse(NULL, &moment));
}

/* The library's own clock texts are read back. */
Test(order, clock_texts_come_back)
{
    for (int offset = -840; offset <= 840; offset += 15)
        for (int64_t ms = INT64_C(-2000000000123); ms < INT64_C(4000000000000);
             ms += INT64_C(370000000001)) {
            char text[40];
            secg_moment moment;
            cr_assert(secg_moment_parse(secg_clock_text(ms, offset, 0, text, sizeof text), &moment),
                      "%s", text);
            cr_expect(moment.unix_ms == ms && moment.utc_offset_min == offset, "%s", text);
        }
}
