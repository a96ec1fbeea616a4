/* Plain arithmetic on rest, peak and recovery: differences, ratios and percentages of domain.md 1.5.
 * The limits that the literature knows for them are not here. */
#include "stress/summary_parts.h"

#include <math.h>

#define LATE_RECOVERY_S  180.0
#define EARLY_RECOVERY_S 60.0
#define READING_WITHIN_S 30.0

static secg_value plain(double value)
{
    return (secg_value){SECG_MEASURED, (float)value, 0};
}

/* The reason of the first that is not known; SECG_MEASURED: both are. */
static secg_why lacking(secg_value a, secg_value b)
{
    return a.why != SECG_MEASURED ? a.why : b.why;
}

/* ---- rate ---------------------------------------------------------------------------------------- */

static void derive_rate(secg_summary *summary)
{
    secg_value rest = summary->rest_bpm, most = summary->predicted_max_bpm;
    secg_why why = lacking(most, rest);
    summary->rate_reserve_bpm = summary->rate_reserve_used_pct = secg_no_value(why);
    if (why != SECG_MEASURED)
        return;
    double reserve = (double)most.value - (double)rest.value;
    summary->rate_reserve_bpm = (secg_value){SECG_MEASURED, (float)reserve, rest.sigma};
    secg_value peak = summary->peak_bpm.value;
    if (peak.why != SECG_MEASURED)
        summary->rate_reserve_used_pct = secg_no_value(peak.why);
    else if (reserve <= 0)
        summary->rate_reserve_used_pct = secg_no_value(SECG_WHY_NOT_APPLICABLE);
    else
        summary->rate_reserve_used_pct =
            plain(100 * ((double)peak.value - (double)rest.value) / reserve);
}

static void derive_mets(const secg_test *test, secg_summary *summary)
{
    double predicted = secg_predicted_mets(test->mets_formula, (double)test->patient.age_years);
    summary->predicted_mets = summary->percent_of_predicted_mets =
        secg_no_value(SECG_WHY_NOT_ENTERED);
    if (isnan(predicted) || predicted <= 0)
        return;
    summary->predicted_mets = plain(predicted);
    secg_value peak = summary->peak_mets.value;
    summary->percent_of_predicted_mets = peak.why == SECG_MEASURED
                                             ? plain(100 * (double)peak.value / predicted)
                                             : secg_no_value(peak.why);
}

/* ---- blood pressure -------------------------------------------------------------------------------- */

static const secg_fact *rest_reading(const secg_summary *summary)
{
    const secg_fact *last = NULL;
    for (size_t i = 0; i < summary->facts; i++)
        if (summary->fact[i].kind == SECG_FACT_BLOOD_PRESSURE &&
            summary->exercise_start != SECG_NO_SAMPLE &&
            summary->fact[i].sample <= summary->exercise_start)
            last = &summary->fact[i];
    return last;
}

static const secg_fact *reading_at(const secg_summary *summary, int64_t sample)
{
    for (size_t i = 0; i < summary->facts; i++)
        if (summary->fact[i].kind == SECG_FACT_BLOOD_PRESSURE && summary->fact[i].sample == sample)
            return &summary->fact[i];
    return NULL;
}

/* Of the readings in recovery the one nearest to so long after exercise, within 30 s; -1: none. */
static int systolic_after(const secg_test *test, const secg_summary *summary, double seconds)
{
    int64_t mark = summary->exercise_end + secg_sample_at(seconds, test->rate_hz);
    int64_t nearest = secg_sample_at(READING_WITHIN_S, test->rate_hz);
    int systolic = -1;
    for (size_t i = 0; i < summary->facts; i++) {
        const secg_fact *fact = &summary->fact[i];
        int64_t away = fact->sample > mark ? fact->sample - mark : mark - fact->sample;
        if (fact->kind == SECG_FACT_BLOOD_PRESSURE && fact->sample >= summary->exercise_end &&
            fact->sample <= summary->recovery_end && away <= nearest) {
            nearest = away;
            systolic = fact->systolic_mmhg;
        }
    }
    return systolic;
}

static void derive_recovery_ratio(const secg_test *test, secg_summary *summary)
{
    summary->recovery_systolic_ratio = secg_no_value(SECG_WHY_NOT_ENTERED);
    if (summary->recovery_end == SECG_NO_SAMPLE)
        return;
    int late = systolic_after(test, summary, LATE_RECOVERY_S);
    int early = systolic_after(test, summary, EARLY_RECOVERY_S);
    secg_value peak = summary->peak_systolic.value;
    if (late > 0 && early > 0)
        summary->recovery_systolic_ratio = plain((double)late / early);
    else if (late > 0 && peak.why == SECG_MEASURED)
        summary->recovery_systolic_ratio = plain(late / (double)peak.value);
}

static void derive_pressure(secg_summary *summary)
{
    const secg_fact *rest = rest_reading(summary), *peak = NULL;
    summary->rest_bp = (secg_blood_pressure){.why = SECG_WHY_NOT_ENTERED, .sample = SECG_NO_SAMPLE};
    summary->systolic_rise_mmhg = summary->diastolic_change_mmhg =
        secg_no_value(SECG_WHY_NOT_ENTERED);
    if (!rest)
        return;
    summary->rest_bp = (secg_blood_pressure){.why = SECG_MEASURED,
                                             .systolic_mmhg = rest->systolic_mmhg,
                                             .diastolic_mmhg = rest->diastolic_mmhg,
                                             .sample = rest->sample};
    if (summary->peak_systolic.value.why == SECG_MEASURED)
        peak = reading_at(summary, summary->peak_systolic.sample);
    if (!peak)
        return;
    summary->systolic_rise_mmhg = plain(peak->systolic_mmhg - rest->systolic_mmhg);
    summary->diastolic_change_mmhg = plain(peak->diastolic_mmhg - rest->diastolic_mmhg);
}

void secg_summary_derived(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    derive_rate(summary);
    derive_mets(test, summary);
    derive_pressure(summary);
    derive_recovery_ratio(test, summary);
}
