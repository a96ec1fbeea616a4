/* The word for the way an ST segment runs, and its rule in words: one limit makes both. */
#include <stressecg/st.h>

#include <math.h>
#include <stdio.h>

static const double level_mv_s = 1; /* domain.md 3.1: +-0.5 or +-1 mV/s, and the rule printed */

secg_st_shape secg_st_shape_of(const secg_st *st)
{
    if (!st || st->why != SECG_MEASURED || !isfinite(st->slope_mv_s))
        return SECG_ST_SHAPE_NONE;
    double printed = round(10 * (double)st->slope_mv_s) / 10;
    if (printed > level_mv_s)
        return SECG_ST_UPSLOPING;
    return printed < -level_mv_s ? SECG_ST_DOWNSLOPING : SECG_ST_HORIZONTAL;
}

const char *secg_st_shape_text(secg_st_shape shape)
{
    static const char *const text[] = {"", "upsloping", "horizontal", "downsloping"};
    return (unsigned)shape < sizeof text / sizeof *text ? text[shape] : "unknown";
}

char *secg_st_shape_rule_text(char *text, size_t size)
{
    snprintf(text, size,
             "%s: slope from J to the ST point above %+.1f mV/s; %s: %+.1f to %+.1f mV/s; %s: "
             "below %+.1f mV/s",
             secg_st_shape_text(SECG_ST_UPSLOPING), level_mv_s,
             secg_st_shape_text(SECG_ST_HORIZONTAL), -level_mv_s, level_mv_s,
             secg_st_shape_text(SECG_ST_DOWNSLOPING), -level_mv_s);
    return text;
}
