/* Dates and wall-clock times as they are written in a test file. */
#ifndef SECG_DOCUMENT_CLOCK_H
#define SECG_DOCUMENT_CLOCK_H

#include <stdint.h>

typedef struct secg_moment {
    int64_t unix_ms;
    int32_t utc_offset_min;
} secg_moment;

typedef struct secg_date {
    int year, month, day;
} secg_date;

/* "YYYY-MM-DD", a day of the calendar between 1800 and 9999; 0 when it is not one. */
int secg_date_parse(const char *text, secg_date *date);

/* ISO 8601 "YYYY-MM-DDTHH:MM", then ":SS", then ".mmm" (more decimals are rounded down), then "Z" or
 * an offset "+hh:mm" up to 14 h: without one the moment would be anybody's guess. */
int secg_moment_parse(const char *text, secg_moment *moment);

/* Day and minute of the day that clocks at the place of the moment show. */
secg_date secg_moment_date(secg_moment moment);

/* Days since 1970-01-01. */
int64_t secg_date_days(secg_date date);

#endif
