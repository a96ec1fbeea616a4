/* Times, peaks, and the lists of summary.json: rhythm events, gaps, the timeline. */
#include "document/lead_keys.h"
#include "document/summary_parts.h"

#include <math.h>

/* ---- times and peaks ----------------------------------------------------------------------------- */

void secg_put_times(secg_build *b, json_t *root, const secg_summary *summary)
{
    int did_exercise = summary->exercise_start != SECG_NO_SAMPLE;
    int did_recover = summary->recovery_end != SECG_NO_SAMPLE;
    json_t *to = secg_put(b, root, "times", json_object());
    secg_put_time(b, to, "exercise_start_s", summary->exercise_start);
    secg_put_time(b, to, "exercise_end_s", summary->exercise_end);
    secg_put_time(b, to, "recovery_end_s", summary->recovery_end);
    secg_put_real(b, to, "exercise_s", did_exercise ? summary->exercise_s : (double)NAN, 5);
    secg_put_real(b, to, "recovery_s", did_recover ? summary->recovery_s : (double)NAN, 5);
    json_t *end = secg_put(b, root, "end", summary->end ? json_object() : json_null());
    if (!summary->end)
        return;
    secg_put_text(b, end, "reason", secg_end_name(summary->end));
    secg_put_text(b, end, "reason_text", secg_end_text(summary->end));
    secg_put_stated(b, end, "text", summary->end_text);
}

static json_t *put_peak(secg_build *b, json_t *to, const char *key, const secg_peak *peak,
                        int decimals)
{
    json_t *value = secg_put_value(b, to, key, peak->value, decimals);
    if (peak->value.why == SECG_MEASURED)
        secg_put_time(b, value, "time_s", peak->sample);
    return value;
}

static void put_st_peak(secg_build *b, json_t *to, const char *key, const secg_peak *peak,
                        int32_t lead, const secg_lead_keys *keys)
{
    json_t *value = put_peak(b, to, key, peak, 4);
    if (peak->value.why == SECG_MEASURED && lead >= 0 && (size_t)lead < keys->count)
        secg_put_text(b, value, "lead", keys->key[lead]);
}

static void put_predicted(secg_build *b, json_t *root, const secg_summary *summary)
{
    json_t *to = secg_put(b, root, "predicted", json_object());
    json_t *most = secg_put_value(b, to, "max_heart_rate_bpm", summary->predicted_max_bpm, 0);
    secg_put_stated(b, most, "formula", summary->max_bpm_formula);
    secg_put_value(b, to, "target_heart_rate_bpm", summary->target_bpm, 0);
    secg_put_value(b, to, "percent_of_max", summary->percent_of_max, 0);
}

/* By each convention, and corrected where the use of the handrail is stated. */
static void put_mets_by(secg_build *b, json_t *to, const secg_summary *summary)
{
    json_t *by = secg_put(b, to, "mets_by", json_object());
    for (int i = 0; i < SECG_METS_CONVENTIONS; i++)
        put_peak(b, by, secg_mets_convention_name((secg_mets_convention)(i + 1)),
                 &summary->peak_mets_by[i], 2);
    if (summary->handrail == SECG_HANDRAIL_NOT_STATED)
        return;
    json_t *corrected = secg_put_value(b, to, "mets_corrected", summary->peak_mets_foster, 2);
    secg_put_text(b, corrected, "method", secg_handrail_text(summary->handrail));
}

/* Differences and ratios; see summary.h. */
static void put_derived(secg_build *b, json_t *root, const secg_summary *summary)
{
    json_t *to = secg_put(b, root, "derived", json_object());
    secg_put_value(b, to, "rate_reserve_bpm", summary->rate_reserve_bpm, 1);
    secg_put_value(b, to, "rate_reserve_used_pct", summary->rate_reserve_used_pct, 1);
    secg_put_value(b, to, "systolic_rise_mmhg", summary->systolic_rise_mmhg, 0);
    secg_put_value(b, to, "diastolic_change_mmhg", summary->diastolic_change_mmhg, 0);
    secg_put_value(b, to, "recovery_systolic_ratio", summary->recovery_systolic_ratio, 3);
    if (!summary->mets_formula[0])
        return;
    json_t *mets = secg_put_value(b, to, "predicted_mets", summary->predicted_mets, 2);
    secg_put_text(b, mets, "formula", summary->mets_formula);
    secg_put_value(b, to, "percent_of_predicted_mets", summary->percent_of_predicted_mets, 0);
}

void secg_put_peaks(secg_build *b, json_t *root, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    put_predicted(b, root, summary);
    secg_put_value(b, root, "rest_heart_rate_bpm", summary->rest_bpm, 2);
    json_t *to = secg_put(b, root, "peaks", json_object());
    put_peak(b, to, "heart_rate_bpm", &summary->peak_bpm, 2);
    put_peak(b, to, "systolic_mmhg", &summary->peak_systolic, 0);
    put_peak(b, to, "rate_pressure", &summary->peak_rate_pressure, 0);
    json_t *mets = put_peak(b, to, "mets", &summary->peak_mets, 2);
    if (summary->peak_mets.value.why == SECG_MEASURED)
        secg_put_text(b, mets, "method", secg_mets_convention_text(summary->mets_convention));
    put_mets_by(b, to, summary);
    put_peak(b, to, "power_w", &summary->peak_load_w, 0);
    put_st_peak(b, to, "st_lowest_mv", &summary->st_lowest, summary->st_lowest_lead, &keys);
    put_st_peak(b, to, "st_highest_mv", &summary->st_highest, summary->st_highest_lead, &keys);
    json_t *recovery = secg_put(b, root, "heart_rate_recovery", json_object());
    put_peak(b, recovery, "drop_1min_bpm", &summary->recovery_drop_1min, 2);
    put_peak(b, recovery, "drop_2min_bpm", &summary->recovery_drop_2min, 2);
    put_derived(b, root, summary);
    secg_put_counts(b, root, "totals", &summary->total);
}

/* ---- lists ---------------------------------------------------------------------------------------- */

void secg_put_rhythms(secg_build *b, secg_json_stream *out, const secg_summary *summary)
{
    secg_json_stream_begin_list(out, "rhythm");
    for (size_t i = 0; i < summary->rhythms; i++) {
        const secg_rhythm *rhythm = &summary->rhythm[i];
        json_t *to = json_object();
        secg_put_text(b, to, "kind", secg_rhythm_text((secg_rhythm_kind)rhythm->kind));
        secg_put_time(b, to, "start_s", rhythm->start);
        secg_put_time(b, to, "end_s", rhythm->end);
        secg_put_whole(b, to, "beats", rhythm->beats);
        secg_put_real(b, to, "heart_rate_bpm", (double)rhythm->bpm, 2);
        secg_json_stream_element(out, to);
        secg_summary_rest(summary, i);
    }
    secg_json_stream_end_list(out);
}

/* From the first to the last of the seconds that follow each other without a rate, for one reason. */
void secg_put_rate_missing(secg_build *b, secg_json_stream *out, const secg_summary *summary)
{
    secg_json_stream_begin_list(out, "rate_missing");
    for (size_t i = 0, last; i < summary->rates; i = last + 1) {
        secg_why why = summary->rate[last = i].bpm.why;
        secg_summary_rest(summary, i);
        if (why == SECG_MEASURED)
            continue;
        while (last + 1 < summary->rates && summary->rate[last + 1].bpm.why == why)
            secg_summary_rest(summary, ++last);
        json_t *to = json_object();
        secg_put_time(b, to, "start_s", summary->rate[i].sample);
        secg_put_time(b, to, "end_s", summary->rate[last].sample);
        secg_put_text(b, to, "reason", secg_why_text(why));
        secg_json_stream_element(out, to);
    }
    secg_json_stream_end_list(out);
}

void secg_put_gaps(secg_build *b, secg_json_stream *out, const secg_summary *summary)
{
    secg_lead_keys keys = secg_make_lead_keys(summary);
    secg_json_stream_begin_list(out, "gaps");
    for (size_t i = 0; i < summary->gaps; i++) {
        const secg_gap *gap = &summary->gap[i];
        int one = gap->lead >= 0 && (size_t)gap->lead < keys.count;
        json_t *to = json_object();
        secg_put_text(b, to, "lead", one ? keys.key[gap->lead] : "all");
        secg_put_text(b, to, "state", secg_signal_state_text((secg_signal_state)gap->state));
        secg_put_time(b, to, "start_s", gap->start);
        secg_put_time(b, to, "end_s", gap->end);
        secg_put_real(b, to, "noise_uv", 1000 * (double)gap->noise_mv, 2);
        secg_json_stream_element(out, to);
        secg_summary_rest(summary, i);
    }
    secg_json_stream_end_list(out);
}
