/* The record without the person.  Everything is built up from nothing by what may stay, so that a
 * field that is added to the record one day is left out until somebody decides about it here. */
#include "base/status.h"
#include "document/codes.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/export.h>
#include <string.h>

enum { AGE_CAP_YEARS = 90 }; /* ages above 89 are one class (45 CFR 164.514(b)(2)(i)(C)) */
static const int64_t day_ms = 86400000;
static const char removed[] = "[removed]";

struct secg_deidentified {
    secg_summary summary;
    secg_order order;
    secg_signal signal;
    secg_lead_source lead[SECG_MAX_LEADS];
    secg_stage_summary *stage;
    secg_fact *fact;
    secg_protocol protocol;
    secg_protocol_stage *plan;
    size_t removed;
};

/* ---- words that may stay ---------------------------------------------------------------------- */

static int is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return 1;
    return 0;
}
#define IS_ONE_OF(text, list) is_one_of(text, list, sizeof list / sizeof *list)

/* "Recovery 2:00", as the summary makes it. */
static int is_recovery_label(const char *label)
{
    static const char word[] = "Recovery ";
    if (strncmp(label, word, sizeof word - 1) != 0)
        return 0;
    label += sizeof word - 1;
    return label[0] && strspn(label, "0123456789:") == strlen(label) && strlen(label) <= 8;
}

static int is_number(const char *label)
{
    return label[0] && strlen(label) <= 3 && strspn(label, "0123456789/") == strlen(label);
}

/* A table of the library's own tells nothing of a person; one of a site's, or made for one patient,
 * may. */
static int is_built_in(const secg_protocol *protocol)
{
    const secg_protocol *own = secg_protocol_find(protocol->id);
    if (!own || own->stages != protocol->stages || strcmp(own->name, protocol->name) != 0 ||
        strcmp(own->source, protocol->source) != 0 || strcmp(own->version, protocol->version) != 0)
        return 0;
    for (size_t i = 0; i < own->stages; i++)
        if (strcmp(own->stage[i].label, protocol->stage[i].label) != 0)
            return 0;
    return 1;
}

static int in_protocol(const char *label, const secg_protocol *protocol)
{
    for (size_t i = 0; protocol && i < protocol->stages; i++)
        if (strcmp(label, protocol->stage[i].label) == 0)
            return 1;
    return 0;
}

/* Labels are typed by staff, so only those that are a posture, a number, the protocol's or the
 * library's own stay. */
static int is_plain_label(const char *label, const secg_protocol *protocol)
{
    static const char *const known[] = {
        "",         "Supine",   "Standing",    "Sitting",    "Lying",     "Rest",
        "Resting",  "Upright",  "Warm-up",     "Exercise",   "Recovery",  "Hyperventilation",
        "Infusion", "Baseline", "Before test", "After test", "Recording", "Pre-test"};
    return IS_ONE_OF(label, known) || is_number(label) || is_recovery_label(label) ||
           in_protocol(label, protocol);
}

static void clean_label(secg_deidentified *d, char *label, size_t size, secg_phase phase)
{
    static const char *const names[] = {"Recorded", "Pre-test", "Exercise", "Recovery", "After"};
    label[size - 1] = '\0';
    if (is_plain_label(label, d->summary.protocol))
        return;
    memset(label, 0, size);
    snprintf(label, size, "%s", (unsigned)phase < 5 ? names[phase] : names[0]);
    d->removed++;
}

static int is_unit(const char *unit)
{
    static const char *const known[] = {"mg",        "ug",     "mcg",    "mL",        "ml",
                                        "g",         "W",      "%",      "ug/kg/min", "mcg/kg/min",
                                        "mg/kg/min", "mg/min", "ug/min", "mL/h"};
    return IS_ONE_OF(unit, known);
}

/* The loads and times of a table are what was done, and stay; its words do not. */
static void clean_protocol(secg_deidentified *d, const secg_protocol *from)
{
    static const char name[] = "Protocol of the site", id[] = "site";
    if (!from || is_built_in(from))
        return;
    d->protocol = *from;
    memset(d->protocol.id, 0, sizeof d->protocol.id);
    memset(d->protocol.version, 0, sizeof d->protocol.version);
    memset(d->protocol.name, 0, sizeof d->protocol.name);
    memset(d->protocol.source, 0, sizeof d->protocol.source);
    memset(d->protocol.dose_unit, 0, sizeof d->protocol.dose_unit);
    memcpy(d->protocol.id, id, sizeof id);
    memcpy(d->protocol.name, name, sizeof name);
    if (is_unit(from->dose_unit))
        snprintf(d->protocol.dose_unit, sizeof d->protocol.dose_unit, "%s", from->dose_unit);
    for (size_t i = 0; i < from->stages; i++) {
        d->plan[i] = from->stage[i];
        memset(d->plan[i].label, 0, sizeof d->plan[i].label);
        snprintf(d->plan[i].label, sizeof d->plan[i].label, "%zu", i + 1);
    }
    d->protocol.stage = d->plan;
    d->summary.protocol = &d->protocol;
    d->removed++;
}

/* ---- facts ------------------------------------------------------------------------------------ */

/* Agent, scale or unit: those that mean something; the memory behind them is cleared too. */
static void clean_word(secg_deidentified *d, char *word, size_t size, int is_known)
{
    char kept[32] = "";
    word[size - 1] = '\0';
    if (is_known)
        snprintf(kept, sizeof kept, "%s", word);
    else if (word[0])
        d->removed++;
    memset(word, 0, size);
    snprintf(word, size, "%s", kept);
}

static int is_scale(const char *scale)
{
    static const char *const known[] = {"6-20", "CR10"};
    return IS_ONE_OF(scale, known);
}

/* What is nothing but a text says that there was one. */
static void clean_fact(secg_deidentified *d, secg_fact *fact)
{
    int had_text = fact->text[0] != '\0';
    int is_text = fact->kind == SECG_FACT_NOTE || fact->kind == SECG_FACT_RESTING_ECG ||
                  fact->kind == SECG_FACT_ELECTRODES ||
                  (fact->kind == SECG_FACT_ADVERSE && fact->code != 1);
    d->removed += (size_t)had_text;
    memset(fact->text, 0, sizeof fact->text);
    memset(fact->by, 0, sizeof fact->by);
    memset(fact->lot, 0, sizeof fact->lot);
    if (had_text && is_text)
        memcpy(fact->text, removed, sizeof removed);
    if (fact->kind == SECG_FACT_STAGE)
        clean_label(d, fact->label, sizeof fact->label, (secg_phase)fact->phase);
    else if (fact->kind == SECG_FACT_DRUG)
        clean_word(d, fact->label, sizeof fact->label, secg_code_of_agent(fact->label) != NULL);
    else
        clean_word(d, fact->label, sizeof fact->label, is_scale(fact->label));
    if (fact->kind == SECG_FACT_DRUG && !fact->label[0])
        snprintf(fact->label, sizeof fact->label, "drug");
    clean_word(d, fact->unit, sizeof fact->unit, is_unit(fact->unit));
}

/* ---- the summary ------------------------------------------------------------------------------ */

static void clean_leads(secg_deidentified *d, const secg_summary *from)
{
    if (from->signal) {
        d->signal = *from->signal;
        for (int k = 0; k < SECG_MAX_CHANNELS; k++)
            memset(d->signal.channel[k].name, 0, sizeof d->signal.channel[k].name);
        d->summary.signal = &d->signal;
    }
    size_t leads = from->leads < SECG_MAX_LEADS ? from->leads : SECG_MAX_LEADS;
    for (size_t k = 0; from->lead && k < leads; k++) {
        d->lead[k] = from->lead[k];
        memset(d->lead[k].name, 0, sizeof d->lead[k].name);
        snprintf(d->lead[k].name, sizeof d->lead[k].name, "%s", secg_lead_name(from->lead[k].lead));
    }
    if (from->lead)
        d->summary.lead = d->lead;
}

/* A maximum predicted from an age gives the age away. */
static void clean_age(secg_summary *s)
{
    const secg_value none = {SECG_WHY_NOT_APPLICABLE, NAN, 0};
    if (s->patient.age_years > 0)
        s->patient.age_years = floorf(s->patient.age_years);
    if (s->patient.age_years < AGE_CAP_YEARS)
        return;
    s->patient.age_years = AGE_CAP_YEARS;
    s->predicted_max_bpm = s->target_bpm = s->percent_of_max = none;
    s->predicted_mets = s->percent_of_predicted_mets = none;
    s->rate_reserve_bpm = s->rate_reserve_used_pct = none;
}

static void clean_formula(secg_summary *s)
{
    char mets[sizeof s->mets_formula] = "";
    s->mets_formula[sizeof s->mets_formula - 1] = '\0';
    if (isfinite(secg_predicted_mets(s->mets_formula, 50)))
        snprintf(mets, sizeof mets, "%s", s->mets_formula);
    memcpy(s->mets_formula, mets, sizeof mets);
    char formula[sizeof s->max_bpm_formula] = "";
    s->max_bpm_formula[sizeof s->max_bpm_formula - 1] = '\0';
    if (isfinite(secg_predicted_max_bpm(s->max_bpm_formula, 50)))
        snprintf(formula, sizeof formula, "%s", s->max_bpm_formula);
    memcpy(s->max_bpm_formula, formula, sizeof formula);
}

/* A label typed for this test. */
static void clean_protocol_label(secg_deidentified *d)
{
    secg_summary *s = &d->summary;
    const char *name = s->protocol ? s->protocol->name : "";
    s->protocol_label[sizeof s->protocol_label - 1] = '\0';
    d->removed += strcmp(s->protocol_label, name) != 0;
    memset(s->protocol_label, 0, sizeof s->protocol_label);
    snprintf(s->protocol_label, sizeof s->protocol_label, "%s", name);
}

/* What was entered in error, by whom and why, is left out; what stands for it is among the facts. */
static void drop_corrections(secg_deidentified *d)
{
    d->removed += d->summary.corrections;
    d->summary.correction = NULL;
    d->summary.corrections = 0;
}

static void clean_summary(secg_deidentified *d, const secg_summary *from, int32_t shift_days)
{
    secg_summary *s = &d->summary;
    *s = *from;
    s->deidentified = 1;
    s->digest = 0;
    d->removed += s->end_text[0] != '\0';
    memset(s->end_text, 0, sizeof s->end_text);
    if (shift_days == 0 || s->start_unix_ms == SECG_NO_SAMPLE) {
        s->start_unix_ms = SECG_NO_SAMPLE;
        s->utc_offset_min = 0;
    } else {
        s->start_unix_ms += shift_days * day_ms;
    }
    drop_corrections(d);
    clean_protocol(d, from->protocol);
    clean_protocol_label(d);
    clean_age(s);
    clean_formula(s);
    clean_leads(d, from);
    for (size_t i = 0; i < from->stages; i++) {
        d->stage[i] = from->stage[i];
        clean_label(d, d->stage[i].label, sizeof d->stage[i].label, d->stage[i].phase);
    }
    for (size_t i = 0; i < from->facts; i++) {
        d->fact[i] = from->fact[i];
        clean_fact(d, &d->fact[i]);
    }
    s->stage = d->stage;
    s->fact = d->fact;
}

/* ---- the order -------------------------------------------------------------------------------- */

/* ICD-10-CM: a letter, a digit, a digit or A or B, then up to four after a point. */
static int is_icd10(const char *code)
{
    size_t length = strlen(code);
    if (length < 3 || length > 8 || !isupper((unsigned char)code[0]) ||
        !isdigit((unsigned char)code[1]) ||
        !(isdigit((unsigned char)code[2]) || code[2] == 'A' || code[2] == 'B'))
        return 0;
    if (length == 3)
        return 1;
    if (code[3] != '.' || length == 4)
        return 0;
    for (size_t i = 4; i < length; i++)
        if (!isdigit((unsigned char)code[i]) && !isupper((unsigned char)code[i]))
            return 0;
    return 1;
}

static int is_cpt(const char *code)
{
    return strlen(code) == 5 && strspn(code, "0123456789") == 5;
}

static void clean_staff(secg_order *to, const secg_order *from)
{
    to->staff_count = from->staff_count < SECG_MAX_STAFF ? from->staff_count : SECG_MAX_STAFF;
    for (int i = 0; i < to->staff_count; i++) {
        snprintf(to->staff[i].name, sizeof to->staff[i].name, "Staff %d", i + 1);
        to->staff[i].performed = from->staff[i].performed;
        to->staff[i].supervised = from->staff[i].supervised;
        to->staff[i].interprets = from->staff[i].interprets;
        if (from->staff[i].signed_at[0])
            snprintf(to->staff[i].signed_at, sizeof to->staff[i].signed_at, "(date removed)");
    }
}

static void clean_codes(secg_order *to, const secg_order *from)
{
    int count = 0;
    for (int i = 0; i < SECG_MAX_CODES; i++)
        if (is_icd10(from->order.icd10[i]))
            snprintf(to->order.icd10[count++], sizeof to->order.icd10[0], "%s",
                     from->order.icd10[i]);
    if (is_cpt(from->order.billing_code))
        snprintf(to->order.billing_code, sizeof to->order.billing_code, "%s",
                 from->order.billing_code);
}

static void clean_order(secg_order *to, const secg_order *from, const char *subject)
{
    snprintf(to->patient.name, sizeof to->patient.name, "De-identified");
    snprintf(to->patient.id, sizeof to->patient.id, "%s", subject ? subject : "");
    if (!from)
        return;
    if (strcmp(from->patient.sex, "M") == 0 || strcmp(from->patient.sex, "F") == 0)
        snprintf(to->patient.sex, sizeof to->patient.sex, "%s", from->patient.sex);
    to->patient.height_cm = from->patient.height_cm;
    to->patient.weight_kg = from->patient.weight_kg;
    to->authorization.required = from->authorization.required;
    to->preparation.history_taken = from->preparation.history_taken;
    to->preparation.test_explained = from->preparation.test_explained;
    to->preparation.consent = from->preparation.consent;
    to->placement = from->placement;
    to->seal.is_signed = from->seal.is_signed;
    to->seal.altered = from->seal.altered;
    clean_codes(to, from);
    clean_staff(to, from);
}

/* ---- the whole -------------------------------------------------------------------------------- */

static secg_status check(const secg_summary *summary, const secg_deidentify_options *options,
                         secg_error *error)
{
    if (!summary)
        return secg_fail(error, SECG_E_ARGUMENT, "summary: NULL");
    if (options && options->subject && strlen(options->subject) >= 64)
        return secg_fail(error, SECG_E_ARGUMENT, "options.subject: longer than 63 bytes");
    for (size_t i = 0; options && i < sizeof options->reserved; i++)
        if (options->reserved[i] != 0)
            return secg_fail(error, SECG_E_ARGUMENT, "options.reserved is not zero");
    return SECG_OK;
}

secg_deidentified *secg_deidentify(const secg_summary *summary, const secg_order *order,
                                   const secg_deidentify_options *options, secg_error *error)
{
    static const secg_deidentify_options none;
    if (check(summary, options, error) != SECG_OK)
        return NULL;
    options = options ? options : &none;
    secg_deidentified *d = calloc(1, sizeof *d);
    if (d) {
        d->stage = calloc(summary->stages + 1, sizeof *d->stage);
        d->fact = calloc(summary->facts + 1, sizeof *d->fact);
        d->plan = calloc((summary->protocol ? summary->protocol->stages : 0) + 1, sizeof *d->plan);
    }
    if (!d || !d->stage || !d->fact || !d->plan) {
        secg_deidentified_free(d);
        secg_fail(error, SECG_E_MEMORY, "no memory for a de-identified record");
        return NULL;
    }
    clean_order(&d->order, order, options->subject);
    clean_summary(d, summary, options->shift_days);
    return d;
}

void secg_deidentified_free(secg_deidentified *d)
{
    if (!d)
        return;
    free(d->stage);
    free(d->fact);
    free(d->plan);
    free(d);
}

const secg_summary *secg_deidentified_summary(const secg_deidentified *d)
{
    return &d->summary;
}

const secg_order *secg_deidentified_order(const secg_deidentified *d)
{
    return &d->order;
}

size_t secg_deidentified_removed(const secg_deidentified *d)
{
    return d->removed;
}
