#include "report/figures.h"

#include "report/format.h"

#include <math.h>
#include <stdio.h>

typedef struct tile {
    const char *label;
    char figure[32], unit[16], below[64], further[64];
} tile;

static void draw_tiles(secg_sheet *sheet, const tile *tiles, int count)
{
    double width = sheet->body.width / count, top = sheet->body.y + 4;
    secg_ink_line(sheet->cr, secg_ink_accent, 0.9, sheet->body.x, top,
                  sheet->body.x + sheet->body.width, top);
    for (int i = 0; i < count; i++) {
        double x = sheet->body.x + i * width + (i > 0 ? 7 : 0), room = width - (i > 0 ? 11 : 4);
        secg_text_line(sheet->cr, SECG_TEXT_LABEL, SECG_LEFT, x, top + 12, room, tiles[i].label);
        double drawn = secg_text_line(sheet->cr, SECG_TEXT_FIGURE, SECG_LEFT, x, top + 33, room,
                                      tiles[i].figure);
        if (room - drawn - 3 > 8)
            secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, x + drawn + 3, top + 33,
                           room - drawn - 3, tiles[i].unit);
        secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, x, top + 44, room, tiles[i].below);
        secg_text_line(sheet->cr, SECG_TEXT_SMALL, SECG_LEFT, x, top + 53, room, tiles[i].further);
        if (i > 0)
            secg_ink_line(sheet->cr, secg_ink_rule, 0.4, x - 6, top + 5, x - 6, top + 55);
    }
    secg_ink_line(sheet->cr, secg_ink_accent, 0.9, sheet->body.x, top + 60,
                  sheet->body.x + sheet->body.width, top + 60);
    sheet->body.y += 68;
    sheet->body.height -= 68;
}

static void when(const secg_sheet *sheet, const secg_peak *peak, char *text, size_t size)
{
    if (peak->value.why == SECG_MEASURED)
        secg_format_moment(sheet->book, peak->sample, text, size);
}

static void rate_tile(secg_sheet *sheet, tile *t)
{
    const secg_summary *s = sheet->book->summary;
    *t = (tile){.label = "Peak heart rate", .unit = "bpm"};
    secg_format_value(sheet, s->peak_bpm.value, 0, t->figure, sizeof t->figure);
    if (s->percent_of_max.why == SECG_MEASURED && s->predicted_max_bpm.why == SECG_MEASURED)
        snprintf(t->below, sizeof t->below, "%.0f %% of %d (%.*s)", (double)s->percent_of_max.value,
                 secg_round_half_up((double)s->predicted_max_bpm.value),
                 (int)sizeof s->max_bpm_formula, s->max_bpm_formula);
    when(sheet, &s->peak_bpm, t->further, sizeof t->further);
}

static void pressure_tile(secg_sheet *sheet, tile *t)
{
    const secg_peak *peak = &sheet->book->summary->peak_systolic;
    *t = (tile){.label = "Peak blood pressure"};
    secg_format_value(sheet, peak->value, 0, t->figure, sizeof t->figure);
    const secg_fact *fact =
        secg_format_fact_at(sheet->book->summary, SECG_FACT_BLOOD_PRESSURE, peak->sample);
    if (peak->value.why == SECG_MEASURED && fact && fact->diastolic_mmhg > 0)
        snprintf(t->figure, sizeof t->figure, "%d/%d", fact->systolic_mmhg, fact->diastolic_mmhg);
    if (peak->value.why == SECG_MEASURED)
        snprintf(t->below, sizeof t->below, "mmHg");
    when(sheet, peak, t->further, sizeof t->further);
}

static void product_tile(secg_sheet *sheet, tile *t)
{
    const secg_peak *peak = &sheet->book->summary->peak_rate_pressure;
    *t = (tile){.label = "Peak HR \xc3\x97 systolic"};
    secg_format_value(sheet, peak->value, 0, t->figure, sizeof t->figure);
    snprintf(t->below, sizeof t->below, "bpm \xc2\xb7 mmHg");
    when(sheet, peak, t->further, sizeof t->further);
}

/* The last METs of exercise that began before a sample. */
static const secg_mets *mets_at(const secg_summary *s, int64_t sample)
{
    const secg_mets *found = NULL;
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].start <= sample && s->stage[i].phase == SECG_PHASE_EXERCISE &&
            s->stage[i].mets.mets.why == SECG_MEASURED)
            found = &s->stage[i].mets;
    return found;
}

static void mets_tile(secg_sheet *sheet, tile *t)
{
    const secg_summary *s = sheet->book->summary;
    *t = (tile){.label = "Peak workload", .unit = "METs"};
    secg_format_value(sheet, s->peak_mets.value, 1, t->figure, sizeof t->figure);
    if (s->peak_mets.value.why != SECG_MEASURED)
        return;
    const secg_mets *mets = mets_at(s, s->peak_mets.sample);
    if (mets)
        snprintf(t->below, sizeof t->below, "%s%s", secg_mets_method_text(mets->method),
                 mets->extrapolated ? ", extrap." : "");
    when(sheet, &s->peak_mets, t->further, sizeof t->further);
}

static void recovery_tile(secg_sheet *sheet, tile *t)
{
    const secg_summary *s = sheet->book->summary;
    char one[16], two[16];
    *t = (tile){.label = "Heart rate recovery", .unit = "bpm"};
    secg_format_value(sheet, s->recovery_drop_1min.value, 0, one, sizeof one);
    secg_format_value(sheet, s->recovery_drop_2min.value, 0, two, sizeof two);
    snprintf(t->figure, sizeof t->figure, "%s", one);
    snprintf(t->below, sizeof t->below, "drop in the first minute");
    snprintf(t->further, sizeof t->further, "%s in two minutes", two);
}

static void draw_test_tiles(secg_sheet *sheet)
{
    const secg_summary *s = sheet->book->summary;
    tile tiles[6];
    tiles[0] = (tile){.label = "Exercise time", .unit = "min:s"};
    if (s->exercise_start == SECG_NO_SAMPLE)
        secg_format_missing(sheet, SECG_WHY_NOT_APPLICABLE, tiles[0].figure,
                            sizeof tiles[0].figure);
    else
        secg_format_clock(s->exercise_s, tiles[0].figure, sizeof tiles[0].figure);
    if (s->recovery_s > 0) {
        char clock[24];
        secg_format_clock(s->recovery_s, clock, sizeof clock);
        snprintf(tiles[0].below, sizeof tiles[0].below, "recovery %s", clock);
    }
    if (s->rest_bpm.why == SECG_MEASURED)
        snprintf(tiles[0].further, sizeof tiles[0].further, "before exercise %.0f bpm",
                 (double)s->rest_bpm.value);
    rate_tile(sheet, &tiles[1]);
    pressure_tile(sheet, &tiles[2]);
    product_tile(sheet, &tiles[3]);
    mets_tile(sheet, &tiles[4]);
    recovery_tile(sheet, &tiles[5]);
    draw_tiles(sheet, tiles, 6);
}

static void extreme_rate(secg_sheet *sheet, int highest, tile *t)
{
    const secg_summary *s = sheet->book->summary;
    secg_peak peak = {{SECG_WHY_NOT_YET, NAN, 0}, 0};
    for (size_t i = 0; i < s->rates; i++) {
        secg_summary_rest(s, i);
        const secg_rate *rate = &s->rate[i];
        if (rate->bpm.why == SECG_MEASURED &&
            (peak.value.why != SECG_MEASURED ||
             (highest ? rate->bpm.value > peak.value.value : rate->bpm.value < peak.value.value)))
            peak = (secg_peak){rate->bpm, rate->sample};
    }
    *t = (tile){.label = highest ? "Highest heart rate" : "Lowest heart rate", .unit = "bpm"};
    secg_format_value(sheet, peak.value, 0, t->figure, sizeof t->figure);
    snprintf(t->below, sizeof t->below, "mean over 10 s");
    when(sheet, &peak, t->further, sizeof t->further);
}

static void draw_recording_tiles(secg_sheet *sheet)
{
    const secg_summary *s = sheet->book->summary;
    tile tiles[5];
    tiles[0] = (tile){.label = "Duration"};
    tiles[1] = (tile){.label = "Beats"};
    tiles[4] = (tile){.label = "Acquired", .unit = "%"};
    extreme_rate(sheet, 0, &tiles[2]);
    extreme_rate(sheet, 1, &tiles[3]);
    if (s->frames <= 0) {
        for (int i = 0; i < 5; i++)
            secg_format_missing(sheet, SECG_WHY_NOT_YET, tiles[i].figure, sizeof tiles[i].figure);
        draw_tiles(sheet, tiles, 5);
        return;
    }
    secg_format_clock(secg_seconds(s->frames, sheet->book->rate_hz), tiles[0].figure,
                      sizeof tiles[0].figure);
    snprintf(tiles[1].figure, sizeof tiles[1].figure, "%d", (int)s->total.beats);
    snprintf(tiles[1].below, sizeof tiles[1].below, "V %d, S %d", (int)s->total.v, (int)s->total.s);
    snprintf(tiles[4].figure, sizeof tiles[4].figure, "%.1f", (double)s->coverage_pct);
    snprintf(tiles[4].below, sizeof tiles[4].below, "readable %.1f %%", (double)s->readable_pct);
    draw_tiles(sheet, tiles, 5);
}

void secg_figures_draw(secg_sheet *sheet)
{
    if (sheet->book->is_test)
        draw_test_tiles(sheet);
    else
        draw_recording_tiles(sheet);
}
