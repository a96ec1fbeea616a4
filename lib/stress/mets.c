/* Metabolic equivalents and predicted maximum heart rate: arithmetic of domain.md 1.4 and 1.5.
 *
 * S = 26.8 m/min for each mph, G = grade as a fraction, gross VO2 in mL/kg/min, 1 MET = 3.5.
 * The equations stand for a steady state; in fast protocols they read high. */
#include <stressecg/protocol.h>

#include <limits.h>
#include <math.h>
#include <string.h>

#define M_MIN_PER_MPH 26.8
#define VO2_PER_MET   3.5

const char *secg_mets_method_text(secg_mets_method method)
{
    switch (method) {
    case SECG_METS_NONE:
        return "none";
    case SECG_METS_ACSM_WALKING:
        return "ACSM walking";
    case SECG_METS_ACSM_RUNNING:
        return "ACSM running";
    case SECG_METS_ACSM_LEG:
        return "ACSM leg cycling";
    case SECG_METS_ACSM_ARM:
        return "ACSM arm cycling";
    }
    return "unknown";
}

const char *secg_mets_convention_name(secg_mets_convention convention)
{
    switch (convention) {
    case SECG_METS_FULL:
        return "full";
    case SECG_METS_INTERPOLATED:
        return "interpolated";
    case SECG_METS_COMPLETED:
        return "completed";
    }
    return "unknown";
}

const char *secg_mets_convention_text(secg_mets_convention convention)
{
    switch (convention) {
    case SECG_METS_FULL:
        return "full value of the stage from its start";
    case SECG_METS_INTERPOLATED:
        return "interpolated within the stage, from the value reached before it (1 MET at rest) to "
               "its full value at its planned end";
    case SECG_METS_COMPLETED:
        return "full value of the last stage of which 60 s were completed";
    }
    return "unknown";
}

static secg_mets without(secg_why why)
{
    return (secg_mets){.mets = {why, NAN, 0}, .method = SECG_METS_NONE};
}

static secg_mets with(double vo2, secg_mets_method method, int in_range)
{
    return (secg_mets){.mets = {SECG_MEASURED, (float)(vo2 / VO2_PER_MET), 0},
                       .method = method,
                       .extrapolated = (uint8_t)!in_range};
}

/* Where the walker becomes a runner nobody agrees, and at steep grades walking costs more than
 * running by the equations: any switch makes METs jump.  5.0 mph is the lowest speed at which the
 * running equation holds for everyone. */
#define RUNNING_FROM_MPH 5.0

/* 26.8 m/min a mph is itself rounded, so the limits, which the equations state in m/min, are
 * compared with room for half of its last digit: 5.0 mph is 134 m/min. */
static int between(double value, double low, double high)
{
    return value >= low - 0.05 && value <= high + 0.05;
}

secg_mets secg_mets_treadmill(double speed_mph, double grade_pct, int running)
{
    if (!(speed_mph >= 0) || !isfinite(speed_mph) || !isfinite(grade_pct))
        return without(SECG_WHY_NOT_ENTERED);
    double s = M_MIN_PER_MPH * speed_mph, g = grade_pct / 100;
    if (running || speed_mph >= RUNNING_FROM_MPH)
        return with(3.5 + 0.2 * s + 0.9 * s * g, SECG_METS_ACSM_RUNNING,
                    between(s, 80, INFINITY) && g >= 0);
    return with(3.5 + 0.1 * s + 1.8 * s * g, SECG_METS_ACSM_WALKING, between(s, 50, 100) && g >= 0);
}

secg_mets secg_mets_ergometer(secg_modality modality, double power_w, double body_kg)
{
    if (modality != SECG_MODALITY_BICYCLE && modality != SECG_MODALITY_ARM)
        return without(SECG_WHY_NOT_APPLICABLE);
    if (!(power_w >= 0) || !isfinite(power_w) || !(body_kg > 0) || !isfinite(body_kg))
        return without(SECG_WHY_NOT_ENTERED);
    if (modality == SECG_MODALITY_ARM)
        return with(3.5 + 18 * power_w / body_kg, SECG_METS_ACSM_ARM, between(power_w, 25, 125));
    return with(7 + 10.8 * power_w / body_kg, SECG_METS_ACSM_LEG, between(power_w, 50, 200));
}

double secg_mets_foster(double acsm_mets, secg_handrail handrail)
{
    double vo2 = acsm_mets * VO2_PER_MET;
    switch (handrail) {
    case SECG_HANDRAIL_NONE:
        return (0.869 * vo2 - 0.07) / VO2_PER_MET;
    case SECG_HANDRAIL_HELD:
        return (0.694 * vo2 + 3.33) / VO2_PER_MET;
    case SECG_HANDRAIL_NOT_STATED:
        break;
    }
    return NAN;
}

const char *secg_handrail_text(secg_handrail handrail)
{
    switch (handrail) {
    case SECG_HANDRAIL_NOT_STATED:
        return "handrail use not stated";
    case SECG_HANDRAIL_NONE:
        return "Foster 1996, no handrail: 0.869 ACSM - 0.07 mL/kg/min";
    case SECG_HANDRAIL_HELD:
        return "Foster 1996, handrail: 0.694 ACSM + 3.33 mL/kg/min";
    }
    return "unknown";
}

/* Every formula of domain.md 1.5 is a straight line in age. */
struct formula {
    const char *id;
    double at_birth, per_year;
};

static const struct formula max_bpm[] = {
    {"fox", 220, 1},           {"tanaka", 208, 0.7},     {"gulati", 206, 0.88},
    {"sydo_m", 220, 0.95},     {"sydo_f", 210, 0.79},    {"gellish", 207, 0.7},
    {"inbar", 205.8, 0.685},   {"nes_hunt", 211, 0.64},  {"fairbarn_m", 208, 0.80},
    {"fairbarn_f", 201, 0.63}, {"brawner_bb", 164, 0.7},
};

static const struct formula most_mets[] = {
    {"sedentary", 16.6, 0.16},
    {"active", 18.7, 0.15},
    {"morris", 14.7, 0.11},
    {"gulati", 14.7, 0.13},
};

static double on_line(const struct formula *list, size_t count, const char *id, double age_years)
{
    if (!id || !(age_years >= 1 && age_years <= 120))
        return NAN;
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].id, id) == 0)
            return list[i].at_birth - list[i].per_year * age_years;
    return NAN;
}

double secg_predicted_max_bpm(const char *formula, double age_years)
{
    return on_line(max_bpm, sizeof max_bpm / sizeof *max_bpm, formula, age_years);
}

double secg_predicted_mets(const char *formula, double age_years)
{
    return on_line(most_mets, sizeof most_mets / sizeof *most_mets, formula, age_years);
}

/* A decimal half such as 208 - 0.7 * 45 may lie a few 1e-14 below itself in binary; it is still a
 * half to whoever checks the figure by hand. */
int secg_round_half_up(double value)
{
    if (isnan(value))
        return INT_MIN;
    double rounded = floor(value + 0.5 + 1e-9);
    return rounded >= INT_MAX ? INT_MAX : rounded <= INT_MIN ? INT_MIN : (int)rounded;
}
