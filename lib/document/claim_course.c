/* Rules on the course of the test: protocol, stages, blood pressure, heart rate, symptoms, ST,
 * rhythm, recovery, end (domain.md 7.1 D02 .. D14, 7.2 N04). */
#include "document/claim_case.h"

#include <math.h>
#include <string.h>

static double seconds(const secg_case *c, int64_t samples)
{
    return secg_seconds(samples, c->rate_hz);
}

static int no_exercise(const secg_case *c, secg_finding *finding)
{
    if (secg_did_exercise(c))
        return 0;
    secg_lack(c, finding, SECG_WHEN_EXERCISE, "no exercise or infusion was begun");
    return 1;
}

static const char *row_name(const secg_stage_summary *row)
{
    return row->label[0] ? row->label : secg_phase_text(row->phase);
}

/* ---- D02 resting ECG ------------------------------------------------------------------------------ */

static int standard_leads(const secg_case *c)
{
    int seen[SECG_LEAD_COUNT] = {0}, count = 0;
    for (size_t k = 0; k < c->summary->leads; k++) {
        secg_lead lead = c->summary->lead[k].lead;
        if (lead >= SECG_LEAD_I && lead <= SECG_LEAD_V6)
            seen[lead] = 1;
    }
    for (int lead = SECG_LEAD_I; lead <= SECG_LEAD_V6; lead++)
        count += seen[lead];
    return count;
}

static double resting_s(const secg_case *c)
{
    double longest = 0;
    for (size_t i = 0; i < c->summary->stages; i++) {
        const secg_stage_summary *row = &c->summary->stage[i];
        if (row->phase == SECG_PHASE_PRETEST)
            longest = fmax(longest, seconds(c, row->end - row->start));
    }
    return longest;
}

static int has_resting_line(const secg_case *c)
{
    size_t at = 0;
    if (!secg_is_blank(c->order->resting_ecg))
        return 1;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_RESTING_ECG, at, &at)); at++)
        if (!secg_is_blank(f->text))
            return 1;
    return 0;
}

SECG_RULE(d02)
{
    int leads = standard_leads(c);
    double longest = resting_s(c);
    if (leads < 12)
        secg_lack(c, finding, SECG_WHEN_REST, "%d of 12 leads", leads);
    if (longest < (double)c->site->resting_s)
        secg_lack(c, finding, SECG_WHEN_REST, "%.0f s recorded at rest, %.0f s are wanted", longest,
                  (double)c->site->resting_s);
    if (c->summary->rest_bpm.why != SECG_MEASURED)
        secg_lack(c, finding, SECG_WHEN_REST, "no heart rate at rest: %s",
                  secg_why_text(c->summary->rest_bpm.why));
    if (secg_case_placement(c) == SECG_PLACEMENT_UNKNOWN)
        secg_lack(c, finding, SECG_WHEN_ANY, "electrode placement not stated");
    if (!has_resting_line(c))
        secg_lack(c, finding, SECG_WHEN_ANY, "no resting ECG finding line");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "12 leads, %.0f s at rest, %.0f bpm, %s", longest,
             (double)c->summary->rest_bpm.value, secg_placement_text(secg_case_placement(c)));
    return 1;
}

/* ---- D03 method ------------------------------------------------------------------------------------ */

static int has_drug_dose(const secg_case *c)
{
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_DRUG, at, &at)); at++)
        if (!secg_is_blank(f->label) && f->value > 0 && !secg_is_blank(f->unit))
            return 1;
    return 0;
}

SECG_RULE(d03)
{
    const secg_protocol *p = c->summary->protocol;
    if (p && p->id[0] && p->stages > 0)
        secg_say(finding, "%s, protocol %s, table version %s", secg_modality_text(p->modality),
                 p->id, p->version);
    else if (has_drug_dose(c))
        secg_say(finding, "agent and doses entered");
    else
        secg_say(finding, "no protocol with a table, and no agent with its doses");
    return (p && p->id[0] && p->stages > 0) || has_drug_dose(c);
}

/* ---- D04, D05 blood pressure ------------------------------------------------------------------------ */

static int is_good_bp(const secg_fact *f)
{
    return f->systolic_mmhg > f->diastolic_mmhg && f->diastolic_mmhg > 0;
}

static int bp_count(const secg_case *c, int64_t from, int64_t to)
{
    int count = 0;
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_BLOOD_PRESSURE, at, &at)); at++)
        count += f->sample >= from && f->sample <= to && is_good_bp(f);
    return count;
}

/* A note of the stage that says why: "BP not obtained: ...". */
static int bp_is_excused(const secg_case *c, const secg_stage_summary *row, int64_t late)
{
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_NOTE, at, &at)); at++)
        if (f->sample >= row->start && f->sample <= late &&
            secg_mentions(f->text, "not obtained") &&
            (secg_mentions(f->text, "BP") || secg_mentions(f->text, "pressure")))
            return 1;
    return 0;
}

/* Longest time up to `to` without a reading, within exercise. */
static double since_bp_s(const secg_case *c, int64_t to)
{
    int64_t last = c->summary->exercise_start;
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_BLOOD_PRESSURE, at, &at)); at++)
        if (f->sample <= to && f->sample > last && is_good_bp(f))
            last = f->sample;
    return seconds(c, to - last);
}

/* A stage has its own reading; a short one (1-min protocols, ramps) only needs them often enough,
 * domain.md 8, point 8. */
static int has_its_bp(const secg_case *c, const secg_stage_summary *row, int64_t late)
{
    if (bp_count(c, row->start, late) > 0)
        return 1;
    return seconds(c, row->end - row->start) < (double)c->site->bp_stage_s &&
           since_bp_s(c, row->end) <= (double)c->site->bp_interval_s;
}

SECG_RULE(d04)
{
    int complete = 0, excused = 0, missing = 0;
    if (no_exercise(c, finding))
        return 0;
    for (size_t i = 0; i < c->summary->stages; i++) {
        const secg_stage_summary *row = &c->summary->stage[i];
        int64_t late = row->end + secg_samples(c, (double)c->site->bp_after_s);
        if (row->phase != SECG_PHASE_EXERCISE || !row->complete)
            continue;
        complete++;
        if (has_its_bp(c, row, late))
            continue;
        int reason = bp_is_excused(c, row, late);
        excused += reason;
        missing += !reason;
        secg_list(finding, "stage %s: none%s", row_name(row), reason ? ", with a reason" : "");
    }
    if (missing == 0 && excused > 0)
        finding->severity = SECG_WARN;
    if (missing == 0 && excused == 0)
        secg_say(finding,
                 "%d completed stages: a reading in each or within %.0f s after it, or every "
                 "%.0f s where stages are shorter than %.0f s",
                 complete, (double)c->site->bp_after_s, (double)c->site->bp_interval_s,
                 (double)c->site->bp_stage_s);
    return missing == 0 && excused == 0;
}

SECG_RULE(d05)
{
    const secg_summary *s = c->summary;
    if (!secg_did_exercise(c) && bp_count(c, 0, INT64_MAX) == 0)
        secg_lack(c, finding, SECG_WHEN_REST, "none at rest");
    if (no_exercise(c, finding))
        return 0;
    int rest = bp_count(c, 0, s->exercise_start - 1);
    int during = bp_count(c, s->exercise_end - secg_samples(c, (double)c->site->peak_bp_before_s),
                          s->exercise_end - 1);
    int after = bp_count(c, s->exercise_end, INT64_MAX);
    int soon = bp_count(c, s->exercise_end,
                        s->exercise_end + secg_samples(c, (double)c->site->peak_bp_after_s));
    int wanted = c->site->recovery_bps, peak = during > 0 || soon > 0;
    int recovery = after - (during == 0 && soon > 0);
    if (!rest)
        secg_lack(c, finding, SECG_WHEN_REST, "none at rest");
    if (!peak)
        secg_lack(c, finding, SECG_WHEN_EXERCISE | SECG_WHEN_RECOVERY,
                  "none in the last %.0f s of exercise or %.0f s after",
                  (double)c->site->peak_bp_before_s, (double)c->site->peak_bp_after_s);
    if (recovery < wanted)
        secg_lack(c, finding, SECG_WHEN_RECOVERY, "%d of %d in recovery", recovery, wanted);
    if (rest && peak && recovery < wanted)
        finding->severity = SECG_WARN;
    if (rest && peak && recovery >= wanted)
        secg_say(finding, "%d at rest, at peak, %d in recovery", rest, recovery);
    return rest && peak && recovery >= wanted;
}

/* ---- D06 heart rate ---------------------------------------------------------------------------------- */

/* Whether beats were declared unreadable at some time in [from, to].  Asked in order of time, each
 * time with the place in the list where the last answer was found. */
static int is_declared(const secg_case *c, size_t *place, int64_t from, int64_t to)
{
    const secg_summary *s = c->summary;
    while (*place < s->gaps && (s->gap[*place].lead >= 0 || s->gap[*place].end <= from))
        secg_summary_rest(s, (*place)++);
    return *place < s->gaps && s->gap[*place].start < to;
}

/* The displayed rate is a mean over 10 s; a row that ended before has none of its own. */
static void check_row_rate(const secg_case *c, size_t *place, const secg_stage_summary *row,
                           secg_finding *finding)
{
    int64_t from = row->end - secg_samples(c, 10);
    if (row->bpm.why == SECG_WHY_NOT_YET && seconds(c, row->end - row->start) < 10)
        return;
    if (row->bpm.why != SECG_MEASURED && !is_declared(c, place, from, row->end))
        secg_list(finding, "none at the end of %s (%s)", row_name(row),
                  secg_why_text(row->bpm.why));
}

/* Longest time without a displayed rate outside declared noise, in seconds. */
static double longest_missing_s(const secg_case *c, int64_t from, int64_t to)
{
    double longest = 0;
    int64_t since = from;
    size_t place = 0;
    for (size_t i = 0; i <= c->summary->rates; i++) {
        secg_summary_rest(c->summary, i);
        const secg_rate *rate = i < c->summary->rates ? &c->summary->rate[i] : NULL;
        int64_t at = rate ? rate->sample : to;
        if (at <= from || (rate && at > to))
            continue;
        int known = !rate || rate->bpm.why == SECG_MEASURED;
        if (known || is_declared(c, &place, at - secg_samples(c, 1), at)) {
            longest = fmax(longest, seconds(c, at - since));
            since = at;
        }
    }
    return longest;
}

SECG_RULE(d06)
{
    const secg_summary *s = c->summary;
    size_t place = 0;
    int rows = 0;
    if (no_exercise(c, finding))
        return 0;
    if (s->rest_bpm.why != SECG_MEASURED)
        secg_lack(c, finding, SECG_WHEN_REST, "none at rest (%s)", secg_why_text(s->rest_bpm.why));
    if (s->peak_bpm.value.why != SECG_MEASURED)
        secg_list(finding, "no peak (%s)", secg_why_text(s->peak_bpm.value.why));
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase == SECG_PHASE_EXERCISE || s->stage[i].phase == SECG_PHASE_RECOVERY) {
            check_row_rate(c, &place, &s->stage[i], finding);
            rows++;
        }
    double missing = longest_missing_s(c, s->exercise_start, secg_test_end(c));
    if (missing > (double)c->site->rate_missing_s)
        secg_list(finding, "none for %.0f s outside declared noise", missing);
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "rest %.0f, peak %.0f bpm, and ends of stages and minutes: %d",
             (double)s->rest_bpm.value, (double)s->peak_bpm.value.value, rows);
    return 1;
}

/* ---- D07 symptoms ------------------------------------------------------------------------------------ */

SECG_RULE(d07)
{
    int seen[SECG_PHASE_ENDED + 1] = {0};
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_SYMPTOM, at, &at)); at++)
        if (f->code != SECG_SYMPTOM_NONE || f->source == SECG_SOURCE_STAFF)
            seen[secg_phase_of(c, f->sample)]++;
    if (!seen[SECG_PHASE_PRETEST])
        secg_lack(c, finding, SECG_WHEN_REST, "no entry at rest");
    if (no_exercise(c, finding))
        return 0;
    if (!seen[SECG_PHASE_EXERCISE])
        secg_lack(c, finding, SECG_WHEN_EXERCISE, "no entry in exercise");
    if (!seen[SECG_PHASE_RECOVERY])
        secg_lack(c, finding, SECG_WHEN_RECOVERY, "no entry in recovery");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "entries: %d at rest, %d in exercise, %d in recovery",
             seen[SECG_PHASE_PRETEST], seen[SECG_PHASE_EXERCISE], seen[SECG_PHASE_RECOVERY]);
    return 1;
}

/* ---- D08 ST, D09 rhythm ------------------------------------------------------------------------------- */

static int is_test_row(const secg_stage_summary *row)
{
    return row->phase == SECG_PHASE_PRETEST || row->phase == SECG_PHASE_EXERCISE ||
           row->phase == SECG_PHASE_RECOVERY;
}

/* Leads with a level; -1: one has neither level nor reason. */
static int measured_leads(const secg_case *c, const secg_stage_summary *row)
{
    int measured = 0;
    for (size_t k = 0; k < c->summary->leads; k++) {
        if (!row->st || (row->st[k].why == SECG_MEASURED && !isfinite(row->st[k].level_mv)))
            return -1;
        measured += row->st[k].why == SECG_MEASURED;
    }
    return measured;
}

SECG_RULE(d08)
{
    int measured = 0, rows = 0;
    if (no_exercise(c, finding))
        return 0;
    for (size_t i = 0; i < c->summary->stages; i++) {
        const secg_stage_summary *row = &c->summary->stage[i];
        if (!is_test_row(row))
            continue;
        int leads = measured_leads(c, row);
        rows++;
        measured += leads > 0 ? leads : 0;
        if (leads < 0)
            secg_list(finding, "%s: neither level nor reason", row_name(row));
    }
    if (measured == 0)
        secg_say(finding, "not one ST level was measured");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "%d of %d levels measured with their point, a reason for each other",
             measured, rows * (int)c->summary->leads);
    return 1;
}

SECG_RULE(d09)
{
    const secg_beat_counts *n = &c->summary->total;
    if (n->beats <= 0) {
        secg_say(finding, "no beats were counted");
        return 0;
    }
    secg_say(finding, "beats %d: N %d, S %d, V %d (single %d, couplets %d, runs %d), Q %d",
             n->beats, n->n, n->s, n->v, n->pvc, n->couplets, n->runs, n->q);
    return 1;
}

/* ---- D10 timing, D11 load ------------------------------------------------------------------------------- */

SECG_RULE(d10)
{
    const secg_summary *s = c->summary;
    int64_t at = s->exercise_start;
    double sum_s = 0;
    int stages = 0;
    if (no_exercise(c, finding))
        return 0;
    for (size_t i = 0; i < s->stages; i++) {
        const secg_stage_summary *row = &s->stage[i];
        if (row->phase != SECG_PHASE_EXERCISE)
            continue;
        if (row->start != at || row->end < row->start)
            secg_list(finding, "stage %s does not follow the one before it", row_name(row));
        if (!(row->planned_s >= 0))
            secg_list(finding, "stage %s: no planned duration", row_name(row));
        at = row->end;
        sum_s += seconds(c, row->end - row->start);
        stages++;
    }
    if (fabs(sum_s - s->exercise_s) > (double)c->site->sum_within_s)
        secg_list(finding, "stages sum to %.1f s, exercise lasted %.1f s", sum_s, s->exercise_s);
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "stages in order: %d, together %.1f s", stages, sum_s);
    return stages > 0;
}

/* Where the table gives no dose, as while a bolus acts, none is due. */
static int dose_is_due(const secg_case *c, const secg_stage_summary *row)
{
    const secg_protocol *p = c->summary->protocol;
    return row->stage < 0 || (size_t)row->stage >= p->stages || !isnan(p->stage[row->stage].dose);
}

static int doses_met(const secg_case *c, secg_finding *finding)
{
    int doses = 0;
    for (size_t i = 0; i < c->summary->stages; i++) {
        const secg_stage_summary *row = &c->summary->stage[i];
        if (row->phase != SECG_PHASE_EXERCISE)
            continue;
        doses += !isnan(row->dose);
        if (isnan(row->dose) && dose_is_due(c, row))
            secg_list(finding, "stage %s: no dose", row_name(row));
    }
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "a dose in %d stage%s", doses, doses == 1 ? "" : "s");
    return doses > 0;
}

SECG_RULE(d11)
{
    const secg_summary *s = c->summary;
    int stages = 0;
    if (no_exercise(c, finding))
        return 0;
    if (secg_is_drug_test(c))
        return doses_met(c, finding);
    for (size_t i = 0; i < s->stages; i++) {
        const secg_mets *mets = &s->stage[i].mets;
        if (s->stage[i].phase != SECG_PHASE_EXERCISE)
            continue;
        stages++;
        if (mets->mets.why != SECG_MEASURED || mets->method == SECG_METS_NONE)
            secg_list(finding, "stage %s: none", row_name(&s->stage[i]));
    }
    if (s->peak_mets.value.why != SECG_MEASURED)
        secg_list(finding, "no peak (%s)", secg_why_text(s->peak_mets.value.why));
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "peak %.1f METs; stages with a value and its equation: %d",
             (double)s->peak_mets.value.value, stages);
    return 1;
}

/* ---- D12 recovery ------------------------------------------------------------------------------------ */

static int names_posture(const char *text)
{
    static const char *const word[] = {"supine",  "sitting",   "seated",  "standing", "lying",
                                       "upright", "recumbent", "walking", "chair"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (secg_mentions(text, word[i]))
            return 1;
    return 0;
}

/* Posture stands in the stage's label or text, in a note, or in an entry that it changed. */
static int has_recovery_posture(const secg_case *c)
{
    for (size_t i = 0; i < c->summary->facts; i++) {
        const secg_fact *f = &c->summary->fact[i];
        int kind = f->kind == SECG_FACT_STAGE || f->kind == SECG_FACT_NOTE ||
                   f->kind == SECG_FACT_ELECTRODES;
        if (kind && f->sample >= c->summary->exercise_end &&
            (names_posture(f->text) || names_posture(f->label)))
            return 1;
    }
    return 0;
}

static int recovery_is_excused(const secg_case *c)
{
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_NOTE, at, &at)); at++)
        if (f->sample >= c->summary->exercise_end && secg_mentions(f->text, "recovery"))
            return 1;
    return 0;
}

static int has_recovery_rate(const secg_case *c)
{
    for (size_t i = 0; i < c->summary->stages; i++)
        if (c->summary->stage[i].phase == SECG_PHASE_RECOVERY &&
            c->summary->stage[i].bpm.why == SECG_MEASURED)
            return 1;
    return 0;
}

SECG_RULE(d12)
{
    const secg_summary *s = c->summary;
    if (no_exercise(c, finding))
        return 0;
    if (s->recovery_end == SECG_NO_SAMPLE) {
        secg_say(finding, "no recovery was recorded");
        return 0;
    }
    int is_short = s->recovery_s < (double)c->site->recovery_s, posture = has_recovery_posture(c);
    int rate = has_recovery_rate(c), excused = is_short && recovery_is_excused(c);
    if (is_short)
        secg_lack(c, finding, SECG_WHEN_RECOVERY, "%.0f s recorded of %.0f s%s", s->recovery_s,
                  (double)c->site->recovery_s, excused ? ", with a reason" : "");
    if (!posture)
        secg_lack(c, finding, SECG_WHEN_RECOVERY | SECG_WHEN_AFTER, "posture not stated");
    if (!rate)
        secg_lack(c, finding, SECG_WHEN_RECOVERY, "no heart rate in it");
    if (excused && posture && rate)
        finding->severity = SECG_WARN;
    if (!is_short && posture && rate)
        secg_say(finding, "%.0f s with ECG and heart rate, posture stated", s->recovery_s);
    return !is_short && posture && rate;
}

/* ---- D13, D14 ------------------------------------------------------------------------------------------ */

SECG_RULE(d13)
{
    int events = 0, none = 0;
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_ADVERSE, at, &at)); at++) {
        none += f->code == 1;
        events += f->code != 1 && !secg_is_blank(f->text);
    }
    if (events + none == 0)
        secg_say(finding, "no entry");
    else if (events > 0)
        secg_say(finding, "%d entered", events);
    else
        secg_say(finding, "staff stated that there were none");
    return events + none > 0;
}

SECG_RULE(d14)
{
    const secg_summary *s = c->summary;
    if ((int)s->end <= 0 || s->end >= SECG_END_KINDS) {
        secg_say(finding, "no reason was entered");
        return 0;
    }
    if (s->end == SECG_END_OTHER && secg_is_blank(s->end_text)) {
        secg_say(finding, "\"other\" without a text");
        return 0;
    }
    secg_say(finding, "%s", secg_end_text(s->end));
    return 1;
}

/* ---- N04 the stress portion ---------------------------------------------------------------------------- */

SECG_RULE(n04)
{
    static const char *const needed[] = {"D03", "D04", "D06", "D10", "D11"};
    int complete = 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!secg_holds(c, needed[i]))
            secg_lack(c, finding, SECG_WHEN_ANY, "%s", needed[i]);
    if (finding->evidence[0])
        secg_say(finding, "these are not met");
    for (size_t i = 0; i < c->summary->stages; i++)
        complete +=
            c->summary->stage[i].phase == SECG_PHASE_EXERCISE && c->summary->stage[i].complete;
    int ended = secg_did_exercise(c) && (int)c->summary->end > 0;
    if (complete == 0 && !ended)
        secg_lack(c, finding, SECG_WHEN_RECOVERY | SECG_WHEN_AFTER,
                  "no completed stage, and no time and reason of an earlier stop");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "%d completed stages%s", complete, complete ? "" : ", stopped with a reason");
    return 1;
}
