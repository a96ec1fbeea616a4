/* st.h: what is said of an ST segment besides its level: which way it runs, in a word, and how it
 * went with the heart rate over a test, in plain numbers.  None of it is a verdict, and none of it is
 * made unless it is asked for: no event and no summary holds it. */
#ifndef STRESSECG_ST_H
#define STRESSECG_ST_H

#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which way the segment from J to the point runs, by secg_st.slope_mv_s alone. */
typedef enum secg_st_shape {
    SECG_ST_SHAPE_NONE = 0, /* no slope was measured */
    SECG_ST_UPSLOPING = 1,
    SECG_ST_HORIZONTAL = 2,
    SECG_ST_DOWNSLOPING = 3
} secg_st_shape;

/* The word's rule looks at the slope as it is printed, to 0.1 mV/s: what a reader sees beside the
 * word always bears it out.  NONE unless st->why is SECG_MEASURED; NULL gives NONE. */
SECG_API secg_st_shape secg_st_shape_of(const secg_st *st);

/* "upsloping", "horizontal", "downsloping"; "" for NONE, "unknown" for a value not listed. */
SECG_API const char *secg_st_shape_text(secg_st_shape shape);

/* The rule in words, with the limits that secg_st_shape_of() uses; to be printed wherever the words
 * are.  Returns text, always terminated; 160 are enough. */
SECG_API char *secg_st_shape_rule_text(char *text, size_t size);

/* ST of one lead against heart rate.  Levels are those at J+60 against the PR segment, in uV;
 * rates are those of the beats averaged.  A number that falls short of what it needs says why.
 *
 * slope: least squares of depression (the level with its sign turned) on rate, over the last three
 * or more ends of exercise stages between which the rate only rose; of the lines that end at the
 * last of these points and are significant (two-sided t test, 5 %), the one with the greatest slope
 * (Kligfield, Ameisen and Okin 1989).  sigma: of the regression.  NOT_APPLICABLE: fewer than three
 * points; NOISE: no line is significant.
 *
 * index: (depression at the end of the last exercise stage - depression at the end of the last stage
 * before exercise) / difference of their rates; sigma: from those of the levels.  NOT_APPLICABLE: a
 * stage is missing or the rate did not rise.
 *
 * loop: level in exercise minus level in the first three minutes of recovery, mean over the rates
 * from the lowest of that recovery to the highest of exercise: the signed area of the loop that
 * level and rate draw, over its width (Lehtinen et al. 1996); positive where ST lies lower in
 * recovery.  From all ST tables; sigma takes four neighbouring tables, which share beats, to err
 * alike.  NOT_APPLICABLE: recovery shorter than three minutes, a minute and more without tables, or
 * the rate did not fall. */
typedef struct secg_st_rate {
    int32_t lead;   /* index in summary->lead                                   */
    int32_t points; /* of the line                                              */
    secg_value slope_uv_bpm;
    float correlation; /* of the line; NaN: none                                   */
    secg_value index_uv_bpm;
    secg_value loop_uv;
} secg_st_rate;

/* SECG_E_ARGUMENT: NULL, or no such lead. */
SECG_API secg_status secg_summary_st_rate(const secg_summary *summary, size_t lead,
                                          secg_st_rate *rate);

/* That of the lead with the greatest slope; aVR, aVL and V1 are left out, as is usual.  lead is -1
 * and every number without value when there is no slope in any. */
SECG_API secg_status secg_summary_st_rate_greatest(const secg_summary *summary, secg_st_rate *rate);

#ifdef __cplusplus
}
#endif
#endif
