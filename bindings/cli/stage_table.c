#include "stage_table.h"

#include <math.h>

/* "118/76", or dashes. */
static void print_pressure(const secg_blood_pressure *bp)
{
    char text[16] = "-";
    if (bp->why == SECG_MEASURED)
        snprintf(text, sizeof text, "%d/%d", (int)bp->systolic_mmhg, (int)bp->diastolic_mmhg);
    printf(" %8s", text);
}

static void print_value(const char *format, const secg_value *value, int width)
{
    if (value->why == SECG_MEASURED)
        printf(format, (double)value->value);
    else
        printf("%*s", width, "-");
}

static void print_load(const secg_stage_summary *row)
{
    char text[24] = "-";
    if (!isnan(row->speed_mph))
        snprintf(text, sizeof text, "%.1f mph %.0f %%", (double)row->speed_mph,
                 isnan(row->grade_pct) ? 0.0 : (double)row->grade_pct);
    else if (!isnan(row->power_w))
        snprintf(text, sizeof text, "%.0f W", (double)row->power_w);
    printf(" %-13s", text);
}

/* What prints as zero prints without a sign of its own. */
static double without_minus_zero(double mv)
{
    return fabs(mv) < 0.005 ? 0 : mv;
}

/* The lead whose level lies farthest from the isoelectric line. */
static void print_largest_st(const secg_summary *summary, const secg_stage_summary *row)
{
    const secg_st *largest = NULL;
    secg_why why = SECG_WHY_NOT_YET;
    for (size_t k = 0; row->st && k < summary->leads; k++) {
        const secg_st *st = &row->st[k];
        if (st->why != SECG_MEASURED)
            why = (secg_why)st->why;
        else if (!largest || fabsf(st->level_mv) > fabsf(largest->level_mv))
            largest = st;
    }
    if (largest)
        printf("  %s %+.2f mV at %s, %d beats, noise %.0f uV", summary->lead[largest->lead].name,
               without_minus_zero((double)largest->level_mv),
               secg_st_point_text((secg_st_point)largest->point), (int)largest->beats,
               1000 * (double)largest->noise_mv);
    else
        printf("  not measurable: %s", secg_why_text(why));
}

static void print_row(const secg_summary *summary, const secg_stage_summary *row)
{
    char start[16], lasts[16];
    double rate_hz = summary->signal->rate_hz;
    printf("%-16s %9s %8s", row->label,
           secg_elapsed_text(secg_seconds(row->start, rate_hz), start, sizeof start),
           secg_elapsed_text(secg_seconds(row->end - row->start, rate_hz), lasts, sizeof lasts));
    print_load(row);
    print_value(" %5.1f", &row->mets.mets, 6);
    print_value(" %5.0f", &row->bpm, 6);
    print_pressure(&row->bp);
    print_value(" %6.0f", &row->rate_pressure, 7);
    printf(" %4d %4d", (int)row->counts.v, (int)row->counts.s);
    print_largest_st(summary, row);
    putchar('\n');
}

void cli_print_stage_table(const secg_summary *summary)
{
    printf("%-16s %9s %8s %-13s %5s %5s %8s %6s %4s %4s  %s\n", "stage", "begins", "lasts", "load",
           "METs", "HR", "BP", "RPP", "V", "SVE", "ST farthest from the isoelectric level");
    for (size_t i = 0; i < summary->stages; i++)
        print_row(summary, &summary->stage[i]);
    if (!summary->calibrated)
        printf("uncalibrated: the recording states no gain, so no millivolts are given\n");
    printf("recorded %.1f %%, readable %.1f %%, event digest %016llx\n",
           (double)summary->coverage_pct, (double)summary->readable_pct,
           (unsigned long long)summary->digest);
}
