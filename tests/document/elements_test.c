/* A record with every element meets every rule; without any single one of them, exactly the rules
 * that name it are not met.  Elements of TEST.json are generated from its table of fields; those of
 * the tracing and its course are listed.  What a rule names is its `needs`. */
#include "document/test_fields.h"
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- what is expected ---------------------------------------------------------------------------- */

static int names(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at++)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return 1;
    return 0;
}

/* Directly, or through a rule that it needs. */
static int rule_names(const secg_claim_rule *rule, const char *element)
{
    if (names(rule->needs, element))
        return 1;
    const secg_claim_rule *other;
    for (size_t i = 0; (other = secg_claim_rule_at(i)); i++)
        if (other != rule && names(rule->needs, other->id) && rule_names(other, element))
            return 1;
    return 0;
}

static int check_without(const fixture *f, const char *element)
{
    size_t count;
    int unmet = 0;
    secg_error error = {0};
    secg_findings *findings = secg_claim_check(&f->summary, &f->order, &f->options, &error);
    cr_assert_not_null(findings, "%s", error.text);
    const secg_finding *list = secg_findings_list(findings, &count);
    for (size_t i = 0; i < count; i++) {
        const secg_claim_rule *rule = secg_claim_rule_at(i);
        cr_assert_str_eq(rule->id, list[i].rule);
        cr_expect_eq(!list[i].met, rule_names(rule, element), "without %s: %s is %s: %s", element,
                     rule->id, list[i].met ? "met" : "not met", list[i].evidence);
        unmet += !list[i].met;
    }
    secg_findings_free(findings);
    return unmet;
}

/* Every element in one place only, so that taking it away leaves none. */
static void make_whole(fixture *f)
{
    fixture_make(f);
    f->signal.placement = SECG_PLACEMENT_UNKNOWN;
    f->fact[FACT_RESTING_ECG].text[0] = '\0';
    cr_assert_eq(check_without(f, "nothing"), 0);
}

/* ---- elements of TEST.json ------------------------------------------------------------------------ */

static void clear(const secg_field *field, void *base)
{
    char *at = (char *)base + field->offset;
    secg_tri unknown = SECG_UNKNOWN;
    switch (field->type) {
    case SECG_FIELD_TEXT:
    case SECG_FIELD_DATE:
    case SECG_FIELD_MOMENT:
        memset(at, 0, field->size);
        break;
    case SECG_FIELD_TEXTS:
        memset(at, 0, (size_t)field->size * field->count);
        break;
    case SECG_FIELD_REAL:
        memset(at, 0, sizeof(float));
        break;
    case SECG_FIELD_TRI:
        memcpy(at, &unknown, sizeof unknown);
        break;
    default:
        secg_field_set_whole(field, at, 0);
    }
}

static void without_field(const secg_field *field, const char *name)
{
    fixture f;
    secg_test_file file;
    make_whole(&f);
    memset(&file, 0, sizeof file);
    file.order = f.order;
    clear(field, &file);
    f.order = file.order;
    check_without(&f, name);
}

static int without_fields(const secg_field *fields, const char *prefix)
{
    int count = 0;
    for (const secg_field *field = fields; field->name; field++) {
        char name[80];
        snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "." : "", field->name);
        if (field->type == SECG_FIELD_OBJECT)
            count += without_fields(field->fields, name);
        else if (field->type != SECG_FIELD_OTHER && strcmp(name, "protocol") != 0)
            without_field(field, name), count++;
    }
    return count;
}

Test(elements, of_the_order)
{
    cr_expect_geq(without_fields(secg_file_fields, ""), 45);
}

Test(elements, of_each_person)
{
    static const char *const role[] = {"performer", "supervisor"};
    for (int person = 0; person < 2; person++)
        for (const secg_field *field = secg_staff_fields; field->name; field++) {
            fixture f;
            char name[80];
            make_whole(&f);
            snprintf(name, sizeof name, "%s.%s", role[person], field->name);
            clear(field, &f.order.staff[person]);
            check_without(&f, name);
        }
}

/* ---- elements of the tracing and its course ---------------------------------------------------------- */

static void take(fixture *f, int fact)
{
    memmove(&f->fact[fact], &f->fact[fact + 1],
            (f->summary.facts - (size_t)fact - 1) * sizeof *f->fact);
    f->summary.facts--;
}

#define TAKE(name, ...)                                                                            \
    static void name(fixture *f)                                                                   \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }

TAKE(take_leads, f->signal.channels = 6; f->summary.leads = secg_signal_leads(&f->signal, f->lead))
TAKE(take_rest, f->stage[SUPINE].phase = f->stage[STANDING].phase = SECG_PHASE_NONE)
TAKE(take_rest_rate, f->summary.rest_bpm.why = SECG_WHY_NOISE)
TAKE(take_protocol, f->summary.protocol = NULL)
TAKE(take_stage_bp, take(f, FACT_BP_1))
TAKE(take_rest_bp, take(f, FACT_REST_BP))
TAKE(take_recovery_bp, take(f, FACT_RECOVERY_BP_2))
TAKE(take_stage_rate, f->stage[STAGE_1].bpm.why = SECG_WHY_NOISE)
TAKE(take_peak_rate, f->summary.peak_bpm.value.why = SECG_WHY_NOISE)
TAKE(take_rates, f->summary.rates = 0)
TAKE(take_rest_symptom, take(f, FACT_REST_SYMPTOM))
TAKE(take_exercise_symptom, take(f, FACT_PAIN))
TAKE(take_recovery_symptom, take(f, FACT_RECOVERY_SYMPTOM))
TAKE(take_st, f->stage[RECOVERY_2].st = NULL)
TAKE(take_beats, f->summary.total.beats = 0)
TAKE(take_stage, f->stage[STAGE_2].phase = SECG_PHASE_NONE)
TAKE(take_mets, f->stage[STAGE_2].mets.mets.why = SECG_WHY_NOT_ENTERED)
TAKE(take_peak_mets, f->summary.peak_mets.value.why = SECG_WHY_NOT_ENTERED)
TAKE(take_recovery, f->summary.recovery_end = SECG_NO_SAMPLE)
TAKE(take_posture, strcpy(f->fact[FACT_RECOVERY].label, "Recovery"))
TAKE(take_adverse, take(f, FACT_ADVERSE))
TAKE(take_end, f->summary.end = (secg_end)0)
TAKE(take_start, f->summary.start_unix_ms = SECG_NO_SAMPLE)
TAKE(take_tracing, f->summary.digest = 0)
TAKE(take_index, f->options.duplicates = NULL)
TAKE(take_seal, f->order.seal.is_signed = 0)
TAKE(take_exercise, f->summary.exercise_start = SECG_NO_SAMPLE)

static const struct element {
    const char *name;
    void (*take)(fixture *f);
} elements[] = {
    {"signal.leads", take_leads},
    {"stage.rest", take_rest},
    {"rate.rest", take_rest_rate},
    {"protocol", take_protocol},
    {"bp.stage", take_stage_bp},
    {"bp.rest", take_rest_bp},
    {"bp.recovery", take_recovery_bp},
    {"rate.stage", take_stage_rate},
    {"rate.peak", take_peak_rate},
    {"rate.second", take_rates},
    {"symptom.rest", take_rest_symptom},
    {"symptom.exercise", take_exercise_symptom},
    {"symptom.recovery", take_recovery_symptom},
    {"st", take_st},
    {"beats", take_beats},
    {"stage.exercise", take_stage},
    {"mets.stage", take_mets},
    {"mets.peak", take_peak_mets},
    {"recovery", take_recovery},
    {"posture", take_posture},
    {"adverse", take_adverse},
    {"end", take_end},
    {"start", take_start},
    {"tracing", take_tracing},
    {"index", take_index},
    {"seal", take_seal},
    {"exercise", take_exercise},
};

Test(elements, of_the_tracing_and_its_course)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
        fixture f;
        make_whole(&f);
        elements[i].take(&f);
        cr_expect_gt(check_without(&f, elements[i].name), 0, "%s", elements[i].name);
    }
}

/* Nothing that a rule names is left untested. */
Test(elements, each_name_is_known)
{
    static const char *const by_hand[] = {"bp.peak"}; /* with bp.stage: claim_test.c */
    const secg_claim_rule *rule;
    for (size_t i = 0; (rule = secg_claim_rule_at(i)); i++) {
        char list[240], *at = list;
        snprintf(list, sizeof list, "%s", rule->needs);
        for (char *name; (name = strtok_r(at, " ", &at));) {
            int known = strcmp(name, by_hand[0]) == 0 || strlen(name) == 3;
            for (size_t k = 0; k < sizeof elements / sizeof *elements; k++)
                known |= strcmp(elements[k].name, name) == 0;
            const char *dot = strchr(name, '.');
            for (const secg_field *f = secg_file_fields; f->name; f++)
                known |= dot ? strncmp(f->name, name, (size_t)(dot - name)) == 0
                             : strcmp(f->name, name) == 0;
            known |= strncmp(name, "performer.", 10) == 0 || strncmp(name, "supervisor.", 11) == 0;
            cr_expect(known, "%s needs %s", rule->id, name);
        }
    }
}
