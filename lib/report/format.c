#include "report/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void secg_format_append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    if (used + 1 >= size)
        return;
    va_list list;
    va_start(list, format);
    vsnprintf(text + used, size - used, format, list);
    va_end(list);
}

void secg_format_missing(secg_sheet *sheet, secg_why why, char *text, size_t size)
{
    if (why <= SECG_MEASURED || why > SECG_WHY_NOT_APPLICABLE)
        why = SECG_WHY_NOT_YET;
    sheet->reasons |= 1u << why;
    snprintf(text, size, "--- %c", 'a' + (int)why - 1);
}

void secg_format_value(secg_sheet *sheet, secg_value value, int decimals, char *text, size_t size)
{
    if (value.why != SECG_MEASURED || !isfinite(value.value))
        secg_format_missing(sheet, value.why, text, size);
    else
        snprintf(text, size, "%.*f", decimals, (double)value.value);
}

void secg_format_signed(secg_sheet *sheet, secg_why why, double value, int decimals, char *text,
                        size_t size)
{
    if (why != SECG_MEASURED || !isfinite(value)) {
        secg_format_missing(sheet, why, text, size);
        return;
    }
    double unit = pow(10, decimals), rounded = round(value * unit) / unit;
    snprintf(text, size, rounded == 0 ? "%.*f" : "%+.*f", decimals,
             fabs(rounded) > 0 ? rounded : 0);
}

void secg_format_pressure(secg_sheet *sheet, secg_blood_pressure bp, char *text, size_t size)
{
    if (bp.why != SECG_MEASURED)
        secg_format_missing(sheet, bp.why, text, size);
    else if (bp.diastolic_mmhg > 0)
        snprintf(text, size, "%d/%d", (int)bp.systolic_mmhg, (int)bp.diastolic_mmhg);
    else
        snprintf(text, size, "%d/---", (int)bp.systolic_mmhg);
}

void secg_format_clock(double seconds, char *text, size_t size)
{
    if (!(fabs(seconds) < 1e9)) {
        snprintf(text, size, "--:--");
        return;
    }
    long whole = (long)floor(fabs(seconds) + 1e-6);
    const char *sign = seconds < 0 && whole > 0 ? "-" : "";
    if (whole >= 3600)
        snprintf(text, size, "%s%ld:%02ld:%02ld", sign, whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(text, size, "%s%ld:%02ld", sign, whole / 60, whole % 60);
}

void secg_format_moment(const secg_book *book, int64_t sample, char *text, size_t size)
{
    const secg_summary *s = book->summary;
    int exercised = s->exercise_start != SECG_NO_SAMPLE;
    int64_t from = 0;
    const char *phase = "record";
    if (exercised && s->exercise_end != SECG_NO_SAMPLE && sample > s->exercise_end) {
        phase = "recovery";
        from = s->exercise_end;
    } else if (exercised && sample >= s->exercise_start) {
        phase = "exercise";
        from = s->exercise_start;
    }
    char clock[24];
    secg_format_clock(sample == SECG_NO_SAMPLE ? (double)NAN
                                               : secg_seconds(sample - from, book->rate_hz),
                      clock, sizeof clock);
    snprintf(text, size, "%s %s", phase, clock);
}

/* secg_clock_text() gives "YYYY-MM-DDTHH:MM:SS.mmm..."; pieces of it are printed. */
static int wall_clock(const secg_book *book, int64_t sample, char *iso, size_t size)
{
    const secg_summary *s = book->summary;
    if (s->start_unix_ms == SECG_NO_SAMPLE || sample == SECG_NO_SAMPLE)
        return 0;
    secg_clock_text(s->start_unix_ms, s->utc_offset_min,
                    book->rate_hz > 0 ? secg_seconds(sample, book->rate_hz) : 0, iso, size);
    return strlen(iso) >= 19 && iso[10] == 'T';
}

void secg_format_time_of_day(const secg_book *book, int64_t sample, char *text, size_t size)
{
    char iso[40];
    text[0] = '\0';
    if (wall_clock(book, sample, iso, sizeof iso))
        snprintf(text, size, "%.8s", iso + 11);
}

void secg_format_date(const secg_book *book, char *text, size_t size)
{
    char iso[40];
    if (wall_clock(book, 0, iso, sizeof iso))
        snprintf(text, size, "%.10s %.5s%s", iso, iso + 11,
                 book->summary->deidentified ? " (date moved)" : "");
    else
        snprintf(text, size, "%s",
                 book->summary->deidentified ? "date left out" : "date not stated");
}

void secg_format_load(float speed_mph, float grade_pct, float power_w, char *text, size_t size)
{
    text[0] = '\0';
    if (isfinite(speed_mph))
        secg_format_append(text, size, "%.1f mph", (double)speed_mph);
    if (isfinite(grade_pct))
        secg_format_append(text, size, "%s%.4g %%", text[0] ? "  " : "", (double)grade_pct);
    if (isfinite(power_w))
        secg_format_append(text, size, "%s%.4g W", text[0] ? "  " : "", (double)power_w);
}

void secg_format_iso(const char *at, char *text, size_t size)
{
    if (strlen(at) >= 16 && at[10] == 'T')
        secg_format_append(text, size, "%.10s %.5s", at, at + 11);
    else
        secg_format_append(text, size, "%s", at);
}

const char *secg_format_placement(const secg_book *book)
{
    const secg_signal *signal = book->summary->signal;
    secg_placement placement = signal ? signal->placement : SECG_PLACEMENT_UNKNOWN;
    return secg_placement_text(placement != SECG_PLACEMENT_UNKNOWN ? placement
                                                                   : book->order->placement);
}

void secg_format_stage(const secg_book *book, int stage, char *text, size_t size)
{
    text[0] = '\0';
    if (stage < 0 || (size_t)stage >= book->summary->stages)
        return;
    const secg_stage_summary *s = &book->summary->stage[stage];
    if (s->phase == SECG_PHASE_EXERCISE)
        snprintf(text, size, "Stage %.*s", (int)sizeof s->label, s->label);
    else
        snprintf(text, size, "%.*s", (int)sizeof s->label, s->label);
}

secg_value secg_format_rate_at(const secg_summary *summary, int64_t sample)
{
    secg_value none = {SECG_WHY_NOT_YET, NAN, 0};
    size_t low = 0, high = summary->rates;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (summary->rate[middle].sample <= sample)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? summary->rate[low - 1].bpm : none;
}

const secg_fact *secg_format_fact_at(const secg_summary *summary, secg_fact_kind kind,
                                     int64_t sample)
{
    for (size_t i = 0; i < summary->facts; i++)
        if (summary->fact[i].kind == (uint16_t)kind && summary->fact[i].sample == sample)
            return &summary->fact[i];
    return NULL;
}
