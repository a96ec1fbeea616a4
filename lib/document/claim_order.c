/* Rules on what was ordered, who did it with what, and who signed when (domain.md 7.1 D01,
 * D15 .. D18, 7.5 F02, F05 .. F07). */
#include "document/claim_case.h"
#include "document/clock.h"

#include <string.h>

/* ---- D01 why it was ordered -------------------------------------------------------------------- */

SECG_RULE(d01)
{
    int text = !secg_is_blank(c->order->order.indication), codes = secg_code_count(c);
    if (!text)
        secg_list(finding, "no indication text");
    if (codes == 0)
        secg_list(finding, "no coded reason");
    if (text && codes)
        secg_say(finding, "indication stated, %d code%s", codes, codes == 1 ? "" : "s");
    return text && codes > 0;
}

/* ---- D15, F02, F06 signatures and dates --------------------------------------------------------------- */

static int test_start(const secg_case *c, secg_moment *start)
{
    *start = (secg_moment){c->summary->start_unix_ms, c->summary->utc_offset_min};
    return c->summary->start_unix_ms != SECG_NO_SAMPLE;
}

static int64_t test_end_unix_ms(const secg_case *c)
{
    return c->summary->start_unix_ms + (int64_t)(1000 * secg_seconds(secg_test_end(c), c->rate_hz));
}

static void check_signature(const secg_case *c, const secg_staff *person, int number,
                            secg_finding *finding)
{
    secg_moment start, at;
    if (secg_is_blank(person->name))
        secg_list(finding, "performing person %d: no name", number);
    if (secg_is_blank(person->credential))
        secg_list(finding, "performing person %d: no credential", number);
    if (!person->signed_at[0])
        secg_lack(c, finding, SECG_WHEN_AFTER, "performing person %d: not signed", number);
    else if (!secg_moment_parse(person->signed_at, &at))
        secg_list(finding, "performing person %d: malformed time", number);
    else if (!test_start(c, &start))
        secg_list(finding, "start of the test not stated");
    else if (at.unix_ms < test_end_unix_ms(c))
        secg_list(finding, "performing person %d: signed before the end of the test", number);
}

SECG_RULE(d15)
{
    int performing = 0, others = 0;
    for (int i = 0; i < secg_people(c); i++) {
        const secg_staff *person = &c->order->staff[i];
        if (!person->performed)
            continue;
        performing++;
        others += !person->interprets;
        check_signature(c, person, performing, finding);
    }
    if (performing == 0)
        secg_list(finding, "nobody is stated to have performed the test");
    else if (others == 0)
        secg_list(finding, "only the interpreting physician is stated to have performed it");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "%d with name, credential and time after the end", performing);
    return 1;
}

SECG_RULE(f02)
{
    int signers = 0, readers = 0;
    for (int i = 0; i < secg_people(c); i++)
        if (c->order->staff[i].signed_at[0]) {
            signers++;
            readers += c->order->staff[i].interprets;
        }
    if (signers == 0)
        secg_say(finding, "no signature of a reader");
    else
        secg_say(finding, "%d signed, %d of them will interpret", signers, readers);
    return signers == 0 || readers < signers;
}

static int same_day(secg_date a, secg_date b)
{
    return secg_date_days(a) == secg_date_days(b);
}

SECG_RULE(f06)
{
    secg_moment start, at;
    if (!test_start(c, &start)) {
        secg_say(finding, "start of the test not stated");
        return 0;
    }
    secg_moment end = {test_end_unix_ms(c), start.utc_offset_min};
    if (!same_day(secg_moment_date(start), secg_moment_date(end)))
        secg_list(finding, "begun and ended on different days");
    if (secg_moment_parse(c->order->preparation.hook_up_at, &at) &&
        (!same_day(secg_moment_date(at), secg_moment_date(start)) || at.unix_ms > end.unix_ms))
        secg_list(finding, "hook-up on another day, or after the test");
    double within_h = (double)c->site->sign_within_h;
    for (int i = 0; i < secg_people(c); i++)
        if (secg_moment_parse(c->order->staff[i].signed_at, &at) &&
            (double)(at.unix_ms - end.unix_ms) > within_h * 3600000)
            secg_list(finding, "person %d signed more than %.0f h after", i + 1, within_h);
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "one day, signatures within %.0f h", within_h);
    return 1;
}

/* ---- D16 .. D18, F05 equipment, patient, preparation ---------------------------------------------------- */

static int has_drug_lot(const secg_case *c)
{
    size_t at = 0;
    for (const secg_fact *f; (f = secg_next_fact(c, SECG_FACT_DRUG, at, &at)); at++)
        if (!secg_is_blank(f->text))
            return 1;
    return 0;
}

SECG_RULE(d16)
{
    int drug = secg_is_drug_test(c);
    if (secg_is_blank(c->order->equipment.ecg))
        secg_list(finding, "no ECG device");
    if (!drug && secg_is_blank(c->order->equipment.ergometer))
        secg_list(finding, "no treadmill or ergometer");
    if (drug && !has_drug_lot(c))
        secg_list(finding, "no lot of the drug");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "ECG device and %s stated; stressecg %s",
             drug ? "lot of the drug" : "ergometer", secg_version());
    return 1;
}

static int uses_sex(const char *formula)
{
    static const char *const of_sex[] = {"gulati", "sydo_m", "sydo_f", "fairbarn_m", "fairbarn_f"};
    for (size_t i = 0; i < sizeof of_sex / sizeof *of_sex; i++)
        if (strcmp(formula, of_sex[i]) == 0)
            return 1;
    return 0;
}

static int uses_weight(const secg_case *c)
{
    const secg_protocol *p = c->summary->protocol;
    for (size_t i = 0; i < c->summary->stages; i++) {
        secg_mets_method method = c->summary->stage[i].mets.method;
        if (method == SECG_METS_ACSM_LEG || method == SECG_METS_ACSM_ARM)
            return 1;
    }
    return p && p->modality == SECG_MODALITY_DRUG && strstr(p->dose_unit, "/kg") != NULL;
}

SECG_RULE(d17)
{
    const secg_summary *s = c->summary;
    int age = s->predicted_max_bpm.why == SECG_MEASURED, weight = uses_weight(c);
    int sex = age && uses_sex(s->max_bpm_formula);
    if (age && !c->order->patient.birth_date[0])
        secg_list(finding, "date of birth, used for the predicted maximum");
    if (weight && !(c->order->patient.weight_kg > 0))
        secg_list(finding, "weight, used for the workload");
    if (sex && !c->order->patient.sex[0])
        secg_list(finding, "sex, used for the predicted maximum");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, age || weight ? "every figure that a formula used is present"
                                    : "no formula used a figure of the patient");
    return 1;
}

SECG_RULE(d18)
{
    if (c->order->preparation.history_taken != SECG_YES)
        secg_list(finding, "safety history");
    if (c->order->preparation.test_explained != SECG_YES)
        secg_list(finding, "explanation of the test");
    if (c->order->preparation.consent != SECG_YES)
        secg_list(finding, "consent");
    if (finding->evidence[0]) {
        secg_go_on(finding, ": not stated as done");
        return 0;
    }
    secg_say(finding, "history, explanation and consent stated");
    return 1;
}

SECG_RULE(f05)
{
    secg_moment at;
    if (!secg_moment_parse(c->order->preparation.prepared_at, &at))
        secg_list(finding, "no time of the preparation");
    if (!secg_moment_parse(c->order->preparation.explained_at, &at))
        secg_list(finding, "no time of the explanation");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "times of preparation and explanation stated");
    return 1;
}

/* ---- F07 the lock ---------------------------------------------------------------------------------- */

SECG_RULE(f07)
{
    const secg_seal *seal = &c->order->seal;
    if (seal->altered)
        secg_say(finding, "it was signed, and something differs from what was signed");
    else if (!seal->is_signed)
        secg_say(finding, "the record is not closed");
    else
        secg_say(finding, "closed %.40s, digest %.16s..., %d addenda", seal->signed_at,
                 seal->digest, (int)seal->addenda);
    return seal->is_signed && !seal->altered;
}
