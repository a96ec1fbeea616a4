/* analyze --st-rate: ST against heart rate, lead by lead, as plain numbers. */
#include "st_rate.h"

#include <stressecg/st.h>

#include <stdio.h>

typedef struct cell {
    char text[64];
} cell;

static cell value(const secg_value *v, int decimals)
{
    cell c;
    if (v->why == SECG_MEASURED)
        snprintf(c.text, sizeof c.text, "%.*f +- %.*f", decimals, (double)v->value, decimals,
                 (double)v->sigma);
    else
        snprintf(c.text, sizeof c.text, "%s", secg_why_text(v->why));
    return c;
}

/* Of how many points, and how well they lie on the line. */
static cell line(const secg_st_rate *rate)
{
    cell c = {""};
    if (rate->slope_uv_bpm.why == SECG_MEASURED)
        snprintf(c.text, sizeof c.text, "%d, %.3f", (int)rate->points, (double)rate->correlation);
    return c;
}

void cli_print_st_rate(const secg_summary *summary)
{
    secg_st_rate rate;
    printf("\nST at J+60 against heart rate, one standard uncertainty after +-\n");
    printf("  %-5s  %-20s  %-10s  %-20s  %s\n", "lead", "slope, uV/bpm", "points, r",
           "index, uV/bpm", "loop, uV");
    for (size_t k = 0; k < summary->leads; k++) {
        secg_summary_st_rate(summary, k, &rate);
        printf("  %-5s  %-20s  %-10s  %-20s  %s\n", summary->lead[k].name,
               value(&rate.slope_uv_bpm, 2).text, line(&rate).text,
               value(&rate.index_uv_bpm, 2).text, value(&rate.loop_uv, 0).text);
    }
    secg_summary_st_rate_greatest(summary, &rate);
    if (rate.lead >= 0)
        printf("  greatest slope: %s (aVR, aVL and V1 left out)\n", summary->lead[rate.lead].name);
}
