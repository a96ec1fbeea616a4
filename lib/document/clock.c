#include "document/clock.h"

#include <stddef.h>

/* Number of exactly `digits` digits; the rest of the text in *text.  -1: something else. */
static int take_number(const char **text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static int take_mark(const char **text, char mark)
{
    if (**text != mark)
        return 0;
    (*text)++;
    return 1;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static int take_date(const char **text, secg_date *date)
{
    date->year = take_number(text, 4);
    if (date->year < 1800 || !take_mark(text, '-'))
        return 0;
    date->month = take_number(text, 2);
    if (date->month < 1 || date->month > 12 || !take_mark(text, '-'))
        return 0;
    date->day = take_number(text, 2);
    return date->day >= 1 && date->day <= days_in(date->year, date->month);
}

int secg_date_parse(const char *text, secg_date *date)
{
    return take_date(&text, date) && *text == '\0';
}

/* The year is taken to start in March, so that the leap day is the last of it; 146097 days are one
 * cycle of 400 years, and 719468 lie between 0000-03-01 and 1970-01-01. */
int64_t secg_date_days(secg_date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t cycle = year / 400, in_cycle = year % 400;
    int64_t month = (date.month + 9) % 12;
    int64_t in_year = (153 * month + 2) / 5 + date.day - 1;
    return cycle * 146097 + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + in_year - 719468;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

secg_date secg_moment_date(secg_moment moment)
{
    int64_t days = floor_divide(moment.unix_ms + moment.utc_offset_min * INT64_C(60000), 86400000);
    /* Not after the year that is looked for. */
    int year = 1970 + (int)floor_divide(days, days >= 0 ? 366 : 365);
    while (secg_date_days((secg_date){year + 1, 1, 1}) <= days)
        year++;
    int64_t left = days - secg_date_days((secg_date){year, 1, 1});
    int month = 1;
    for (; left >= days_in(year, month); month++)
        left -= days_in(year, month);
    return (secg_date){year, month, (int)left + 1};
}

/* Seconds and their fraction, in ms; both may be missing. */
static int take_seconds(const char **text)
{
    if (!take_mark(text, ':'))
        return 0;
    int seconds = take_number(text, 2), ms = 0, weight = 100;
    if (seconds < 0 || seconds > 59)
        return -1;
    if (take_mark(text, '.')) {
        if (**text < '0' || **text > '9')
            return -1;
        for (; **text >= '0' && **text <= '9'; (*text)++, weight /= 10)
            ms += (**text - '0') * weight;
    }
    return seconds * 1000 + ms;
}

static int take_offset(const char **text, int32_t *minutes)
{
    *minutes = 0;
    if (take_mark(text, 'Z'))
        return 1;
    int sign = **text == '+' ? 1 : **text == '-' ? -1 : 0;
    if (sign == 0)
        return 0;
    (*text)++;
    int hours = take_number(text, 2);
    if (hours < 0 || !take_mark(text, ':'))
        return 0;
    int rest = take_number(text, 2);
    *minutes = sign * (hours * 60 + rest);
    return rest >= 0 && rest <= 59 && hours * 60 + rest <= 840;
}

int secg_moment_parse(const char *text, secg_moment *moment)
{
    secg_date date;
    if (!text || !take_date(&text, &date) || !take_mark(&text, 'T'))
        return 0;
    int hour = take_number(&text, 2);
    if (hour < 0 || hour > 23 || !take_mark(&text, ':'))
        return 0;
    int minute = take_number(&text, 2);
    if (minute < 0 || minute > 59)
        return 0;
    int ms = take_seconds(&text);
    if (ms < 0 || !take_offset(&text, &moment->utc_offset_min) || *text)
        return 0;
    int64_t minutes = secg_date_days(date) * 1440 + hour * 60 + minute - moment->utc_offset_min;
    moment->unix_ms = minutes * 60000 + ms;
    return 1;
}
