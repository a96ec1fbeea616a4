/* Every figure of the test with its uncertainty, time and origin; the times of the stages to a tenth
 * of a second; and ST of every lead at every point. */
#include "report/format.h"
#include "report/tables.h"

#include <math.h>
#include <stdio.h>

/* ---- figures ------------------------------------------------------------------------------- */

typedef struct figure {
    const char *name, *unit;
    secg_value value;
    int decimals;
    int64_t sample; /* SECG_NO_SAMPLE: it has no time of its own */
    const char *how;
} figure;

enum { MOST_FIGURES = 40 };

typedef struct figure_list {
    figure row[MOST_FIGURES];
    size_t count;
    char max_formula[48], mets_formula[48];
} figure_list;

static void add(figure_list *list, const char *name, const char *unit, secg_value value,
                int decimals, int64_t sample, const char *how)
{
    if (list->count < MOST_FIGURES)
        list->row[list->count++] = (figure){name, unit, value, decimals, sample, how};
}

static void add_peak(figure_list *list, const char *name, const char *unit, const secg_peak *peak,
                     int decimals, const char *how)
{
    add(list, name, unit, peak->value, decimals, peak->sample, how);
}

static secg_value pressure(const secg_blood_pressure *bp, int32_t mmhg)
{
    return (secg_value){bp->why, bp->why == SECG_MEASURED ? (float)mmhg : (float)NAN, 0};
}

static void add_rates(figure_list *list, const secg_summary *s)
{
    add(list, "Heart rate at rest", "bpm", s->rest_bpm, 1, SECG_NO_SAMPLE,
        "at the end of the last stage before exercise");
    add_peak(list, "Peak heart rate", "bpm", &s->peak_bpm, 1,
             "highest of exercise and the 10 s after it");
    add(list, "Predicted maximum", "bpm", s->predicted_max_bpm, 0, SECG_NO_SAMPLE,
        list->max_formula);
    add(list, "Target heart rate", "bpm", s->target_bpm, 0, SECG_NO_SAMPLE,
        "share of the unrounded maximum");
    add(list, "Peak in % of the maximum", "%", s->percent_of_max, 0, SECG_NO_SAMPLE,
        "peak / maximum");
    add(list, "Heart rate reserve", "bpm", s->rate_reserve_bpm, 1, SECG_NO_SAMPLE,
        "maximum - rest");
    add(list, "Reserve used", "%", s->rate_reserve_used_pct, 1, SECG_NO_SAMPLE,
        "(peak - rest) / (maximum - rest)");
    add_peak(list, "Drop in one minute", "bpm", &s->recovery_drop_1min, 1,
             "peak - mean of \xc2\xb1"
             "5 s around the mark");
    add_peak(list, "Drop in two minutes", "bpm", &s->recovery_drop_2min, 1,
             "peak - mean of \xc2\xb1"
             "5 s around the mark");
}

static void add_pressures(figure_list *list, const secg_summary *s)
{
    add(list, "Systolic pressure at rest", "mmHg", pressure(&s->rest_bp, s->rest_bp.systolic_mmhg),
        0, s->rest_bp.sample, "last before exercise");
    add_peak(list, "Peak systolic pressure", "mmHg", &s->peak_systolic, 0,
             "highest of exercise and recovery");
    add_peak(list, "Peak HR \xc3\x97 systolic", "bpm\xc2\xb7mmHg", &s->peak_rate_pressure, 0,
             "highest of pairs taken at the same time");
    add(list, "Systolic rise", "mmHg", s->systolic_rise_mmhg, 0, SECG_NO_SAMPLE, "peak - rest");
    add(list, "Diastolic change", "mmHg", s->diastolic_change_mmhg, 0, SECG_NO_SAMPLE,
        "at the peak systolic reading - rest");
    add(list, "Systolic ratio in recovery", "", s->recovery_systolic_ratio, 3, SECG_NO_SAMPLE,
        "at 3 min / at 1 min, or the peak");
}

static void add_work(figure_list *list, const secg_summary *s)
{
    static const char *const by[] = {"METs, full value", "METs, interpolated",
                                     "METs, completed stage"};
    add_peak(list, "Peak METs", "METs", &s->peak_mets, 2,
             secg_mets_convention_text(s->mets_convention));
    for (int i = 0; i < SECG_METS_CONVENTIONS; i++)
        add_peak(list, by[i], "METs", &s->peak_mets_by[i], 2,
                 secg_mets_convention_text((secg_mets_convention)(i + 1)));
    if (s->peak_mets_foster.why == SECG_MEASURED)
        add(list, "Peak METs, handrail", "METs", s->peak_mets_foster, 2, SECG_NO_SAMPLE,
            secg_handrail_text(s->handrail));
    if (s->mets_formula[0]) {
        add(list, "Predicted METs", "METs", s->predicted_mets, 1, SECG_NO_SAMPLE,
            list->mets_formula);
        add(list, "Peak in % of predicted METs", "%", s->percent_of_predicted_mets, 1,
            SECG_NO_SAMPLE, "peak / predicted");
    }
    if (s->peak_load_w.value.why == SECG_MEASURED)
        add_peak(list, "Peak load", "W", &s->peak_load_w, 0, "highest target");
}

static figure_list list_figures(const secg_summary *s)
{
    figure_list list = {.count = 0};
    snprintf(list.max_formula, sizeof list.max_formula, "formula %.*s",
             (int)sizeof s->max_bpm_formula, s->max_bpm_formula);
    snprintf(list.mets_formula, sizeof list.mets_formula, "formula %.*s",
             (int)sizeof s->mets_formula, s->mets_formula);
    add_rates(&list, s);
    add_pressures(&list, s);
    add_work(&list, s);
    return list;
}

static const secg_column figure_columns[] = {{"Figure", "", 118, SECG_LEFT, 0, 1},
                                             {"Value", "", 38, SECG_RIGHT, 0, 0},
                                             {"\xc2\xb1", "1 sigma", 30, SECG_RIGHT, 0, 0},
                                             {"Unit", "", 44, SECG_LEFT, 0, 0},
                                             {"When", "", 70, SECG_LEFT, 0, 0},
                                             {"How", "", 0, SECG_LEFT, 3, 0}};

static void figure_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                        char *text, size_t size)
{
    const figure_list *list = table->context;
    const figure *f = &list->row[row];
    text[0] = '\0';
    if (column == 0)
        snprintf(text, size, "%s", f->name);
    else if (column == 1)
        secg_format_value(sheet, f->value, f->decimals, text, size);
    else if (column == 2 && f->value.why == SECG_MEASURED && f->value.sigma > 0)
        snprintf(text, size, "%.*f", f->decimals, (double)f->value.sigma);
    else if (column == 3)
        snprintf(text, size, "%s", f->unit);
    else if (column == 4 && f->value.why == SECG_MEASURED && f->sample != SECG_NO_SAMPLE)
        secg_format_moment(sheet->book, f->sample, text, size);
    else if (column == 5)
        snprintf(text, size, "%s", f->how);
}

/* ---- times ---------------------------------------------------------------------------------- */

enum time_column {
    TIME_STAGE,
    TIME_BEGAN,
    TIME_ENDED,
    TIME_LASTED,
    TIME_PLANNED,
    TIME_HELD,
    TIME_PAUSED,
    TIME_COMPLETE,
    TIME_METS,
    TIME_STRIP,
    TIME_ACQUIRED,
    TIME_READABLE,
    TIME_COLUMNS
};

static const secg_column time_columns[TIME_COLUMNS] = {
    [TIME_STAGE] = {"Stage", "", 0, SECG_LEFT, 0, 1},
    [TIME_BEGAN] = {"Began", "s", 40, SECG_RIGHT, 0, 0},
    [TIME_ENDED] = {"Ended", "s", 40, SECG_RIGHT, 0, 0},
    [TIME_LASTED] = {"Lasted", "s", 38, SECG_RIGHT, 0, 0},
    [TIME_PLANNED] = {"Planned", "s", 38, SECG_RIGHT, 0, 0},
    [TIME_HELD] = {"Held", "s", 30, SECG_RIGHT, 0, 0},
    [TIME_PAUSED] = {"Paused", "s", 32, SECG_RIGHT, 0, 0},
    [TIME_COMPLETE] = {"Complete", "", 38, SECG_RIGHT, 0, 0},
    [TIME_METS] = {"METs", "reached", 34, SECG_RIGHT, 0, 0},
    [TIME_STRIP] = {"Strip", "from s", 40, SECG_RIGHT, 0, 0},
    [TIME_ACQUIRED] = {"Acquired", "%", 38, SECG_RIGHT, 0, 0},
    [TIME_READABLE] = {"Readable", "%", 38, SECG_RIGHT, 0, 0},
};

static void put_seconds(const secg_book *book, int64_t samples, char *text, size_t size)
{
    snprintf(text, size, "%.1f", secg_seconds(samples, book->rate_hz));
}

static void put_fraction(float percent, char *text, size_t size)
{
    if (isfinite(percent))
        snprintf(text, size, "%.2f", (double)percent);
}

static void time_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                      char *text, size_t size)
{
    const secg_book *book = sheet->book;
    const secg_stage_summary *s = &book->summary->stage[row];
    (void)table;
    text[0] = '\0';
    switch ((enum time_column)column) {
    case TIME_STAGE:
        snprintf(text, size, "%.*s", (int)sizeof s->label, s->label);
        break;
    case TIME_BEGAN:
        put_seconds(book, s->start, text, size);
        break;
    case TIME_ENDED:
        put_seconds(book, s->end, text, size);
        break;
    case TIME_LASTED:
        put_seconds(book, s->end - s->start, text, size);
        break;
    case TIME_PLANNED:
        if (s->planned_s > 0)
            snprintf(text, size, "%.1f", s->planned_s);
        else
            snprintf(text, size, "open");
        break;
    case TIME_HELD:
        snprintf(text, size, "%.1f", s->held_s);
        break;
    case TIME_PAUSED:
        snprintf(text, size, "%.1f", s->paused_s);
        break;
    case TIME_COMPLETE:
        if (s->phase == SECG_PHASE_EXERCISE)
            snprintf(text, size, "%s", s->complete ? "yes" : "no");
        break;
    case TIME_METS:
        if (s->mets_reached.why == SECG_MEASURED)
            snprintf(text, size, "%.2f", (double)s->mets_reached.value);
        break;
    case TIME_STRIP:
        put_seconds(book, s->strip_start, text, size);
        break;
    case TIME_ACQUIRED:
        put_fraction(s->coverage_pct, text, size);
        break;
    case TIME_READABLE:
        put_fraction(s->readable_pct, text, size);
        break;
    case TIME_COLUMNS:
        break;
    }
}

#define COLUMNS(list) .column = list, .columns = sizeof list / sizeof *list

static int figure_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_book *book = sheet->book;
    const secg_summary *s = book->summary;
    figure_list figures = list_figures(s);
    char remark[256];
    snprintf(remark, sizeof remark,
             "In seconds from the beginning of the record.  Exercise %.1f s, recovery %.1f s.",
             s->exercise_s, s->recovery_s);
    secg_book_say_rows_left_out(book, remark, sizeof remark);
    secg_table tables[] = {{.heading = "Figures of the test",
                            COLUMNS(figure_columns),
                            .rows = figures.count,
                            .context = &figures,
                            .cell = figure_cell},
                           {.heading = "Times of the stages",
                            .remark = remark,
                            COLUMNS(time_columns),
                            .rows = secg_book_stage_rows(book),
                            .cell = time_cell}};
    return secg_tables_draw(sheet, tables, 2, cursor);
}

static void draw_figures(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    figure_section(sheet, &cursor);
}

/* ---- ST at every point ---------------------------------------------------------------------- */

enum point_column {
    ST_LEAD,
    ST_POINT,
    ST_LEVEL,
    ST_LEVEL_SIGMA,
    ST_SLOPE,
    ST_SLOPE_SIGMA,
    ST_AT_J,
    ST_AT_J60,
    ST_AT_J80,
    ST_AT_JRR16,
    ST_INTEGRAL,
    ST_BEATS,
    ST_NOISE,
    ST_BPM,
    ST_TIME,
    ST_AGE,
    ST_COLUMNS
};

static const secg_column point_columns[ST_COLUMNS] = {
    [ST_LEAD] = {"Lead", "", 0, SECG_LEFT, 0, 1},
    [ST_POINT] = {"Point", "", 40, SECG_LEFT, 0, 0},
    [ST_LEVEL] = {"Level", "mV", 42, SECG_RIGHT, 0, 1},
    [ST_LEVEL_SIGMA] = {"\xc2\xb1", "mV", 42, SECG_RIGHT, 0, 0},
    [ST_SLOPE] = {"Slope", "mV/s", 42, SECG_RIGHT, 0, 0},
    [ST_SLOPE_SIGMA] = {"\xc2\xb1", "mV/s", 42, SECG_RIGHT, 0, 0},
    [ST_AT_J] = {"At J", "mV", 44, SECG_RIGHT, 0, 0},
    [ST_AT_J60] = {"J+60", "mV", 44, SECG_RIGHT, 0, 0},
    [ST_AT_J80] = {"J+80", "mV", 44, SECG_RIGHT, 0, 0},
    [ST_AT_JRR16] = {"J+RR/16", "mV", 44, SECG_RIGHT, 0, 0},
    [ST_INTEGRAL] = {"Integral", "\xc2\xb5V\xc2\xb7s", 46, SECG_RIGHT, 0, 0},
    [ST_BEATS] = {"Beats", "averaged", 40, SECG_RIGHT, 0, 0},
    [ST_NOISE] = {"Noise", "\xc2\xb5V", 36, SECG_RIGHT, 0, 0},
    [ST_BPM] = {"HR", "bpm", 36, SECG_RIGHT, 0, 0},
    [ST_TIME] = {"At", "s", 44, SECG_RIGHT, 0, 0},
    [ST_AGE] = {"Age", "s", 34, SECG_RIGHT, 0, 0},
};

static void put_number(float value, double times, int decimals, int is_signed, char *text,
                       size_t size)
{
    double unit = pow(10, decimals), rounded = round(times * (double)value * unit) / unit;
    if (isfinite(value))
        snprintf(text, size, is_signed && rounded != 0 ? "%+.*f" : "%.*f", decimals,
                 fabs(rounded) > 0 ? rounded : 0);
}

static void point_cell(secg_sheet *sheet, const secg_table *table, size_t row, size_t column,
                       char *text, size_t size)
{
    const secg_book *book = sheet->book;
    const secg_stage_summary *stage = &book->summary->stage[row / book->leads];
    size_t lead = book->lead[row % book->leads];
    const secg_st *st = stage->st ? &stage->st[lead] : NULL;
    (void)table;
    text[0] = '\0';
    if (column == ST_LEAD)
        snprintf(text, size, "%s", book->summary->lead[lead].name);
    if (!st || column == ST_LEAD)
        return;
    if (column == ST_LEVEL)
        secg_format_signed(sheet, (secg_why)st->why, (double)st->level_mv, 3, text, size);
    if (st->why != SECG_MEASURED || column == ST_LEVEL)
        return;
    const struct {
        float value;
        double times;
        int decimals, is_signed;
    } number[ST_COLUMNS] = {[ST_LEVEL_SIGMA] = {st->sigma_mv, 1, 3, 0},
                            [ST_SLOPE] = {st->slope_mv_s, 1, 2, 1},
                            [ST_SLOPE_SIGMA] = {st->slope_sigma_mv_s, 1, 2, 0},
                            [ST_AT_J] = {st->level_j_mv, 1, 3, 1},
                            [ST_AT_J60] = {st->level_j60_mv, 1, 3, 1},
                            [ST_AT_J80] = {st->level_j80_mv, 1, 3, 1},
                            [ST_AT_JRR16] = {st->level_jrr16_mv, 1, 3, 1},
                            [ST_INTEGRAL] = {st->integral_mv_s, 1000, 2, 1},
                            [ST_BEATS] = {(float)st->beats, 1, 0, 0},
                            [ST_NOISE] = {st->noise_mv, 1000, 1, 0},
                            [ST_BPM] = {st->bpm, 1, 1, 0},
                            [ST_AGE] = {st->age_s, 1, 1, 0}};
    if (column == ST_POINT)
        snprintf(text, size, "%s", secg_st_point_text((secg_st_point)st->point));
    else if (column == ST_TIME)
        put_seconds(book, st->sample, text, size);
    else
        put_number(number[column].value, number[column].times, number[column].decimals,
                   number[column].is_signed, text, size);
}

static void stage_of_row(secg_sheet *sheet, const secg_table *table, size_t row, char *text,
                         size_t size)
{
    (void)table;
    secg_format_stage(sheet->book, (int)(row / sheet->book->leads), text, size);
}

static int point_section(secg_sheet *sheet, secg_cursor *cursor)
{
    const secg_book *book = sheet->book;
    char remark[400];
    snprintf(remark, sizeof remark,
             "Against the isoelectric level of the PR segment of the average complex.  Level and "
             "slope: at the point named, with one standard uncertainty.  Integral: from J to J+80 "
             "or the onset of T.  Age: of the newest beat averaged.");
    secg_book_say_rows_left_out(book, remark, sizeof remark);
    secg_table table = {.heading = "ST of every lead at the end of each stage, at every point",
                        .remark = remark,
                        COLUMNS(point_columns),
                        .rows = secg_book_stage_rows(book) * book->leads,
                        .cell = point_cell,
                        .group = stage_of_row};
    return secg_tables_draw(sheet, &table, 1, cursor);
}

static void draw_points(secg_sheet *sheet)
{
    secg_cursor cursor = sheet->page->start;
    point_section(sheet, &cursor);
}

/* ---- plan ------------------------------------------------------------------------------------- */

static int has_st(const secg_summary *s)
{
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].st)
            return s->calibrated;
    return 0;
}

void secg_plan_figures(secg_book *book)
{
    if (book->summary->stages == 0 || !book->is_test)
        return;
    secg_book_add_section(book, (secg_page){.title = "Figures and times", .draw = draw_figures},
                          figure_section);
    if (has_st(book->summary) && book->leads > 0)
        secg_book_add_section(
            book, (secg_page){.title = "ST at every point", .landscape = 1, .draw = draw_points},
            point_section);
}
