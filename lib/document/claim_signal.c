/* Rules on the tracing as evidence, and on the words around it (domain.md 7.2 N07 .. N10, N13). */
#include "document/claim_case.h"
#include "document/clock.h"

#include <stdio.h>
#include <string.h>

/* ---- N07, N08 electrodes and baseline --------------------------------------------------------------- */

static int has_performer(const secg_case *c)
{
    if (!secg_is_blank(c->order->preparation.hook_up_by))
        return 1;
    for (int i = 0; i < secg_people(c); i++)
        if (c->order->staff[i].performed && !secg_is_blank(c->order->staff[i].name))
            return 1;
    return 0;
}

/* Electrodes of the hook-up log; each states contact or impedance. */
static int electrodes_logged(const secg_case *c, secg_finding *finding)
{
    int count = c->order->electrode_count;
    count = count < 0 ? 0 : count > SECG_MAX_ELECTRODES ? SECG_MAX_ELECTRODES : count;
    for (int i = 0; i < count; i++) {
        const secg_electrode *e = &c->order->electrode[i];
        if (e->contact == SECG_UNKNOWN && !(e->impedance_kohm > 0))
            secg_list(finding, "contact or impedance of electrode %d", i + 1);
    }
    return count;
}

/* The signal path logs every lead's state, so a tracing is a lead-off log. */
SECG_RULE(n07)
{
    secg_moment at;
    int lead_off = 0;
    for (size_t i = 0; i < c->summary->gaps; i++) {
        lead_off += c->summary->gap[i].lead >= 0;
        secg_summary_rest(c->summary, i);
    }
    if (secg_case_placement(c) == SECG_PLACEMENT_UNKNOWN)
        secg_list(finding, "electrode placement");
    if (!secg_moment_parse(c->order->preparation.hook_up_at, &at))
        secg_list(finding, "time of hook-up");
    if (!has_performer(c))
        secg_list(finding, "name of who did it");
    int electrodes = electrodes_logged(c, finding);
    if (electrodes == 0 && c->summary->digest == 0)
        secg_list(finding, "contact of the electrodes");
    if (finding->evidence[0]) {
        secg_go_on(finding, ": not stated");
        return 0;
    }
    secg_say(finding,
             "%s; hook-up time and staff stated; electrodes logged: %d, entries in the lead "
             "log: %d",
             secg_placement_text(secg_case_placement(c)), electrodes, lead_off);
    return 1;
}

static int is_torso(secg_placement placement)
{
    return placement == SECG_PLACEMENT_MASON_LIKAR || placement == SECG_PLACEMENT_BACK;
}

SECG_RULE(n08)
{
    const secg_summary *s = c->summary;
    size_t at = 0;
    secg_placement entered = c->order->placement, recorded = s->signal->placement;
    if (!secg_holds(c, "D02"))
        secg_list(finding, "the resting ECG is incomplete (D02)");
    const secg_fact *taken = secg_next_fact(c, SECG_FACT_RESTING_ECG, 0, &at);
    if (taken && s->exercise_start != SECG_NO_SAMPLE && taken->sample >= s->exercise_start)
        secg_list(finding, "it was taken after exercise had begun");
    if (entered && recorded && entered != recorded && !is_torso(recorded))
        secg_list(finding, "placement entered and recorded differ");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "before exercise, %s", secg_placement_text(secg_case_placement(c)));
    return 1;
}

/* ---- N09, N10 continuity ------------------------------------------------------------------------------- */

typedef struct span {
    int64_t start, end; /* [start, end)                                                     */
} span;

/* Exercise and recovery; without exercise, the whole recording. */
static span watched(const secg_case *c)
{
    const secg_summary *s = c->summary;
    if (s->exercise_start == SECG_NO_SAMPLE)
        return (span){0, s->frames};
    return (span){s->exercise_start,
                  s->recovery_end != SECG_NO_SAMPLE ? s->recovery_end : s->exercise_end};
}

static int is_lost(const secg_gap *gap)
{
    return gap->lead < 0 && (gap->state == SECG_SIGNAL_GAP || gap->state == SECG_SIGNAL_OFF);
}

/* A note or a change of electrodes around it. */
static int is_explained(const secg_case *c, const secg_gap *gap)
{
    int64_t near = secg_samples(c, (double)c->site->gap_note_s);
    for (size_t i = 0; i < c->summary->facts; i++) {
        const secg_fact *f = &c->summary->fact[i];
        if ((f->kind == SECG_FACT_NOTE || f->kind == SECG_FACT_ELECTRODES) &&
            f->sample >= gap->start - near && f->sample <= gap->end + near)
            return 1;
    }
    return 0;
}

/* Mean of the rows' coverage, each by its length. */
static double coverage_pct(const secg_case *c)
{
    double sum = 0, length = 0;
    span in = watched(c);
    for (size_t i = 0; i < c->summary->stages; i++) {
        const secg_stage_summary *row = &c->summary->stage[i];
        if (row->start < in.start || row->end > in.end || row->end <= row->start)
            continue;
        double samples = (double)(row->end - row->start);
        sum += samples * (double)row->coverage_pct;
        length += samples;
    }
    return length > 0 ? sum / length : 0;
}

SECG_RULE(n09)
{
    const secg_summary *s = c->summary;
    int listed = 0, unexplained = 0;
    double coverage = coverage_pct(c);
    for (size_t i = 0; i < s->gaps; i++) {
        secg_summary_rest(s, i);
        double length = secg_seconds(s->gap[i].end - s->gap[i].start, c->rate_hz);
        if (!is_lost(&s->gap[i]) || length <= (double)c->site->gap_listed_s)
            continue;
        listed++;
        unexplained += length > (double)c->site->gap_unexplained_s && !is_explained(c, &s->gap[i]);
    }
    secg_say(finding, "%.2f %% of exercise and recovery; %d gaps above %.0f s", coverage, listed,
             (double)c->site->gap_listed_s);
    if (unexplained > 0)
        secg_say(finding, "%d above %.0f s without a note", unexplained,
                 (double)c->site->gap_unexplained_s);
    if (s->frames <= 0 || s->digest == 0)
        secg_say(finding, "nothing was recorded");
    int lost = unexplained > 0 || s->frames <= 0 || s->digest == 0;
    if (!lost && !(coverage >= (double)c->site->coverage_pct))
        finding->severity = SECG_WARN;
    return !lost && coverage >= (double)c->site->coverage_pct;
}

/* Gaps come in order of start, so the union is one walk. */
static double unusable_samples(const secg_case *c, span in)
{
    int64_t behind = in.start, sum = 0;
    for (size_t i = 0; i < c->summary->gaps; i++) {
        secg_summary_rest(c->summary, i);
        const secg_gap *gap = &c->summary->gap[i];
        int64_t from = gap->start > behind ? gap->start : behind;
        int64_t to = gap->end < in.end ? gap->end : in.end;
        if (to > from) {
            sum += to - from;
            behind = to;
        }
    }
    return (double)sum;
}

SECG_RULE(n10)
{
    span in = watched(c);
    double length = (double)(in.end - in.start);
    double usable = length > 0 ? 100 * (1 - unusable_samples(c, in) / length) : 0;
    secg_say(finding, "all leads usable %.1f %% of the time, %.0f %% are wanted", usable,
             (double)c->site->usable_pct);
    return usable >= (double)c->site->usable_pct;
}

/* ---- N13 words ------------------------------------------------------------------------------------------- */

typedef struct words {
    int hard, ask;
} words;

static void count_words(const secg_case *c, const char *text, secg_wording_field field,
                        const char *where, int64_t sample, words *sum, secg_finding *finding)
{
    enum { MOST = 16 };
    secg_wording_hit hit[MOST];
    char at[16] = "";
    size_t hits = secg_wording_check(text, field, hit, MOST);
    if (sample != SECG_NO_SAMPLE)
        secg_elapsed_text(secg_seconds(sample, c->rate_hz), at, sizeof at);
    for (size_t i = 0; i < hits && i < MOST; i++) {
        sum->hard += hit[i].hard;
        sum->ask += !hit[i].hard;
        secg_say(finding, "%s%s%s, byte %zu: %s", where, at[0] ? " at " : "", at, hit[i].offset,
                 hit[i].rule);
    }
}

/* In scope: what staff wrote, and labels.  Not the ordering reason, medication or history. */
SECG_RULE(n13)
{
    words sum = {0};
    count_words(c, c->order->resting_ecg, SECG_WORDING_RESTING, "resting ECG", SECG_NO_SAMPLE, &sum,
                finding);
    count_words(c, c->order->preparation.skin_preparation, SECG_WORDING_NOTE, "skin preparation",
                SECG_NO_SAMPLE, &sum, finding);
    for (size_t i = 0; i < c->summary->facts; i++) {
        const secg_fact *f = &c->summary->fact[i];
        secg_wording_field field =
            f->kind == SECG_FACT_RESTING_ECG ? SECG_WORDING_RESTING : SECG_WORDING_NOTE;
        const char *where = secg_fact_name((secg_fact_kind)f->kind);
        count_words(c, f->text, field, where, f->sample, &sum, finding);
        count_words(c, f->label, field, where, f->sample, &sum, finding);
    }
    if (sum.hard == 0 && sum.ask > 0)
        finding->severity = SECG_WARN;
    if (sum.hard + sum.ask > 0)
        return 0;
    secg_say(finding, "no term of the list %s in notes, labels and the resting ECG line",
             secg_wording_version());
    return 1;
}
