/* A summary as text, every number to its last bit: two summaries are equal when their texts are. */
#ifndef TESTS_STRESS_SUMMARY_TEXT_H
#define TESTS_STRESS_SUMMARY_TEXT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/summary.h>

static inline void text_value(FILE *out, const char *name, secg_value v)
{
    fprintf(out, " %s=%d/%a/%a", name, (int)v.why, (double)v.value, (double)v.sigma);
}

static inline void text_peak(FILE *out, const char *name, secg_peak p)
{
    text_value(out, name, p.value);
    fprintf(out, "@%lld\n", (long long)p.sample);
}

static inline void text_counts(FILE *out, const secg_beat_counts *c)
{
    fprintf(out, " beats %d n %d s %d v %d q %d pvc %d couplets %d runs %d %d sve %d %d %d %d %d\n",
            c->beats, c->n, c->s, c->v, c->q, c->pvc, c->couplets, c->runs, c->longest_run, c->sve,
            c->svt_runs, c->bigeminy, c->trigeminy, c->pauses);
}

static inline void text_st(FILE *out, const secg_st *st)
{
    fprintf(out, "  st %lld lead %d why %d level %a sigma %a\n", (long long)st->sample, st->lead,
            st->why, (double)st->level_mv, (double)st->sigma_mv);
}

static inline void text_stage(FILE *out, const secg_summary *s, const secg_stage_summary *r)
{
    fprintf(out, "row \"%s\" phase %d stage %d complete %d [%lld, %lld) %a planned %a\n", r->label,
            (int)r->phase, (int)r->stage, r->complete, (long long)r->start, (long long)r->end,
            r->phase_s, r->planned_s);
    fprintf(out, " load %a %a %a %a actual %a %a %a mets %d %d", (double)r->speed_mph,
            (double)r->grade_pct, (double)r->power_w, (double)r->dose, (double)r->actual_speed_mph,
            (double)r->actual_grade_pct, (double)r->actual_power_w, (int)r->mets.method,
            r->mets.extrapolated);
    text_value(out, "mets", r->mets.mets);
    text_value(out, "bpm", r->bpm);
    text_value(out, "product", r->rate_pressure);
    text_value(out, "rpe", r->rpe);
    text_value(out, "spo2", r->spo2);
    fprintf(out, " bp %d %d/%d @%lld coverage %a readable %a\n", (int)r->bp.why,
            r->bp.systolic_mmhg, r->bp.diastolic_mmhg, (long long)r->bp.sample,
            (double)r->coverage_pct, (double)r->readable_pct);
    text_counts(out, &r->counts);
    for (size_t k = 0; k < s->leads; k++) {
        text_st(out, &r->st[k]);
        const float *mv = r->complex_mv + k * s->complex_capacity;
        fprintf(out, "  complex %lld samples %u", (long long)r->complex[k].sample,
                r->complex[k].samples);
        for (uint32_t n = 0; n < r->complex[k].samples; n++)
            fprintf(out, " %a", (double)mv[n]);
        fputc('\n', out);
    }
}

static inline void text_fact(FILE *out, const secg_fact *f)
{
    fprintf(out, "fact %lld %lld %d %d %d %d %d %d %d/%d %a %a %a %a \"%s\" \"%s\" \"%s\" \"%s\"\n",
            (long long)f->sample, (long long)f->entered, f->kind, f->source, f->phase, f->stage,
            f->code, f->grade, f->systolic_mmhg, f->diastolic_mmhg, (double)f->speed_mph,
            (double)f->grade_pct, (double)f->power_w, (double)f->value, f->label, f->unit, f->text,
            f->by);
}

static inline void text_lists(FILE *out, const secg_summary *s)
{
    for (size_t i = 0; i < s->stages; i++)
        text_stage(out, s, &s->stage[i]);
    for (size_t i = 0; i < s->beats; i++)
        fprintf(out, "beat %lld %c\n", (long long)s->beat[i].sample, s->beat[i].label);
    for (size_t i = 0; i < s->rhythms; i++)
        fprintf(out, "rhythm %lld %lld %d %d\n", (long long)s->rhythm[i].start,
                (long long)s->rhythm[i].end, s->rhythm[i].kind, s->rhythm[i].beats);
    for (size_t i = 0; i < s->trends; i++) {
        fprintf(out, "trend %lld", (long long)s->trend[i].sample);
        text_value(out, "bpm", s->trend[i].bpm);
        for (size_t k = 0; k < s->leads; k++)
            text_st(out, &s->trend[i].st[k]);
    }
    for (size_t i = 0; i < s->rates; i++)
        text_value(out, "rate", s->rate[i].bpm);
    for (size_t i = 0; i < s->gaps; i++)
        fprintf(out, "gap %lld %lld %d %d\n", (long long)s->gap[i].start, (long long)s->gap[i].end,
                s->gap[i].lead, s->gap[i].state);
    for (size_t i = 0; i < s->facts; i++)
        text_fact(out, &s->fact[i]);
}

static inline void text_head(FILE *out, const secg_summary *s)
{
    fprintf(out, "frames %lld digest %016llx end %d \"%s\" %s\n", (long long)s->frames,
            (unsigned long long)s->digest, (int)s->end, s->end_text, s->max_bpm_formula);
    fprintf(out, "exercise %lld %lld %lld %a %a\n", (long long)s->exercise_start,
            (long long)s->exercise_end, (long long)s->recovery_end, s->exercise_s, s->recovery_s);
    text_value(out, "predicted", s->predicted_max_bpm);
    text_value(out, "target", s->target_bpm);
    text_value(out, "percent", s->percent_of_max);
    text_value(out, "rest", s->rest_bpm);
    text_peak(out, "bpm", s->peak_bpm);
    text_peak(out, "systolic", s->peak_systolic);
    text_peak(out, "product", s->peak_rate_pressure);
    text_peak(out, "mets", s->peak_mets);
    text_peak(out, "drop1", s->recovery_drop_1min);
    text_peak(out, "drop2", s->recovery_drop_2min);
    text_peak(out, "lowest", s->st_lowest);
    text_peak(out, "highest", s->st_highest);
    fprintf(out, "leads %d %d coverage %a readable %a\n", s->st_lowest_lead, s->st_highest_lead,
            (double)s->coverage_pct, (double)s->readable_pct);
    text_counts(out, &s->total);
}

/* To be freed by the caller. */
static inline char *summary_text(const secg_summary *summary)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    text_head(out, summary);
    text_lists(out, summary);
    fclose(out);
    return text;
}

/* Fails with what stands before the place where two texts part. */
static inline void expect_same_text(const char *a, const char *b, uint64_t seed)
{
    size_t at = 0;
    while (a[at] && a[at] == b[at])
        at++;
    size_t from = at > 60 ? at - 60 : 0;
    cr_expect_eq(a[at], b[at], "SEED=%llu\n...%.160s\n...%.160s", (unsigned long long)seed,
                 a + from, b + from);
}

#endif
