#include <stressecg/base.h>

#include <math.h>
#include <stdio.h>

double secg_seconds(int64_t sample, double rate_hz)
{
    return rate_hz > 0 ? (double)sample / rate_hz : (double)NAN;
}

int64_t secg_sample_at(double seconds, double rate_hz)
{
    double sample = round(seconds * rate_hz);
    if (!(rate_hz > 0) || !(fabs(sample) < 9.0e18))
        return SECG_NO_SAMPLE;
    return (int64_t)sample;
}

char *secg_elapsed_text(double seconds, char *text, size_t size)
{
    if (size == 0)
        return text;
    if (!(fabs(seconds) < 3.6e9)) {
        snprintf(text, size, "--:--");
        return text;
    }
    const char *sign = seconds < 0 ? "-" : "";
    long long tenths = (long long)floor(fabs(seconds) * 10 + 1e-6);
    long long h = tenths / 36000, m = tenths / 600 % 60, s = tenths / 10 % 60, d = tenths % 10;
    if (h > 0)
        snprintf(text, size, "%s%lld:%02lld:%02lld.%lld", sign, h, m, s, d);
    else
        snprintf(text, size, "%s%lld:%02lld.%lld", sign, m, s, d);
    return text;
}

/* Days since 1970-01-01 to a Gregorian date.  The year is taken to start in March, so that the
 * leap day is the last of it: 146097 days are one cycle of 400 years. */
static void civil_date(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t cycle = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_cycle = days - cycle * 146097;
    int64_t y = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
    int64_t in_year = in_cycle - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153;
    *day = (int)(in_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = y + cycle * 400 + (*month <= 2);
}

char *secg_clock_text(int64_t start_unix_ms, int utc_offset_min, double elapsed_s, char *text,
                      size_t size)
{
    if (size == 0)
        return text;
    if (start_unix_ms == SECG_NO_SAMPLE || !(fabs(elapsed_s) < 1e10) ||
        start_unix_ms > INT64_C(250000000000000) || start_unix_ms < -INT64_C(62000000000000)) {
        snprintf(text, size, "-");
        return text;
    }
    int64_t ms = start_unix_ms + (int64_t)utc_offset_min * 60000 + llround(elapsed_s * 1000);
    int64_t days = ms / 86400000, rest = ms % 86400000;
    if (rest < 0) {
        rest += 86400000;
        days--;
    }
    int64_t year;
    int month, day;
    civil_date(days, &year, &month, &day);
    int used = snprintf(text, size, "%04lld-%02d-%02dT%02lld:%02lld:%02lld.%03lld", (long long)year,
                        month, day, (long long)(rest / 3600000), (long long)(rest / 60000 % 60),
                        (long long)(rest / 1000 % 60), (long long)(rest % 1000));
    if (used < 0 || (size_t)used >= size)
        return text;
    int offset = utc_offset_min < 0 ? -utc_offset_min : utc_offset_min;
    if (offset == 0)
        snprintf(text + used, size - (size_t)used, "Z");
    else
        snprintf(text + used, size - (size_t)used, "%c%02d:%02d", utc_offset_min < 0 ? '-' : '+',
                 offset / 60, offset % 60);
    return text;
}
