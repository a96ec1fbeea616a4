/* Values as text: units and rounding in one place, and never a 0 for what is not known. */
#ifndef SECG_REPORT_FORMAT_H
#define SECG_REPORT_FORMAT_H

#include "report/book.h"

/* "---" and the letter of the reason, which the foot of the page explains. */
void secg_format_missing(secg_sheet *sheet, secg_why why, char *text, size_t size);

void secg_format_value(secg_sheet *sheet, secg_value value, int decimals, char *text, size_t size);
/* With "+" or "-". */
void secg_format_signed(secg_sheet *sheet, secg_why why, double value, int decimals, char *text,
                        size_t size);
void secg_format_pressure(secg_sheet *sheet, secg_blood_pressure bp, char *text, size_t size);

/* "m:ss" or "h:mm:ss", truncated. */
void secg_format_clock(double seconds, char *text, size_t size);
/* Where in the test: "exercise 6:30", "recovery 1:05", "record 0:40". */
void secg_format_moment(const secg_book *book, int64_t sample, char *text, size_t size);
/* Time of day "10:42:13"; "" when not known. */
void secg_format_time_of_day(const secg_book *book, int64_t sample, char *text, size_t size);
/* "2026-11-23 10:42" of the record's start; "date not stated". */
void secg_format_date(const secg_book *book, char *text, size_t size);

/* Appends "2026-11-23 11:20" of an ISO 8601 text; what is none, as it is. */
void secg_format_iso(const char *at, char *text, size_t size);

/* "2.5 mph 12 %", "75 W", "": none. */
void secg_format_load(float speed_mph, float grade_pct, float power_w, char *text, size_t size);

/* Of the signal, or as entered with the order. */
const char *secg_format_placement(const secg_book *book);

/* "exercise 2", "pre-test Supine": phase and label. */
void secg_format_stage(const secg_book *book, int stage, char *text, size_t size);

/* Appends to a terminated text, never past its end. */
void secg_format_append(char *text, size_t size, const char *format, ...) SECG_PRINTF(3, 4);

/* The displayed rate of the last second before a sample. */
secg_value secg_format_rate_at(const secg_summary *summary, int64_t sample);
/* The fact of a kind at exactly this sample, or NULL. */
const secg_fact *secg_format_fact_at(const secg_summary *summary, secg_fact_kind kind,
                                     int64_t sample);

#endif
