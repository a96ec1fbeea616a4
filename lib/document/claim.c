/* Runs the rules and keeps what they found. */
#include "base/status.h"
#include "document/claim_case.h"
#include "document/findings.h"

#include <stdio.h>
#include <stdlib.h>

const char *secg_severity_text(secg_severity severity)
{
    switch (severity) {
    case SECG_INFORM:
        return "inform";
    case SECG_WARN:
        return "warn";
    case SECG_BLOCK:
        return "block";
    }
    return "unknown";
}

static void run(const secg_rule *rule, const secg_case *c, secg_finding *finding)
{
    *finding = (secg_finding){.severity = rule->about.severity};
    snprintf(finding->rule, sizeof finding->rule, "%s", rule->about.id);
    snprintf(finding->title, sizeof finding->title, "%s", rule->about.title);
    finding->met = rule->check(c, finding) != 0;
    if (finding->met) {
        finding->now = finding->later = finding->lost = 0;
        return;
    }
    if (!finding->now && !finding->later && !finding->lost)
        secg_set_when(c, finding, rule->about.when);
    snprintf(finding->mend, sizeof finding->mend, "%s", rule->about.mend);
}

/* The phase that the timeline is in, as a bit of secg_claim_rule.when. */
static uint32_t present(const secg_summary *summary, int during)
{
    uint32_t now = SECG_WHEN_REST;
    if (!during)
        return SECG_WHEN_AFTER;
    for (size_t i = 0; i < summary->facts; i++) {
        const secg_fact *f = &summary->fact[i];
        if (f->kind == SECG_FACT_END)
            return SECG_WHEN_AFTER;
        if (f->kind == SECG_FACT_STAGE && f->phase == SECG_PHASE_EXERCISE)
            now = SECG_WHEN_EXERCISE;
        if (f->kind == SECG_FACT_STAGE && f->phase == SECG_PHASE_RECOVERY)
            now = SECG_WHEN_RECOVERY;
    }
    return now;
}

static secg_status check_arguments(const secg_summary *summary, const secg_claim_options *options,
                                   secg_error *error)
{
    if (!summary)
        return secg_fail(error, SECG_E_ARGUMENT, "summary: NULL");
    for (size_t i = 0; options && i < sizeof options->reserved; i++)
        if (options->reserved[i])
            return secg_fail(error, SECG_E_ARGUMENT, "options: reserved[%zu] is not zero", i);
    return SECG_OK;
}

static void run_all(secg_findings *findings, const secg_summary *summary, const secg_order *order,
                    const secg_claim_options *options)
{
    secg_case c = {.summary = summary,
                   .order = order,
                   .site = &findings->site,
                   .duplicates = options->duplicates,
                   .done = findings->finding,
                   .rate_hz = summary->signal->rate_hz,
                   .present = present(summary, options->during)};
    for (c.done_count = 0; c.done_count < secg_rule_count; c.done_count++)
        run(&secg_rules[c.done_count], &c, &findings->finding[c.done_count]);
    findings->count = secg_rule_count;
}

secg_findings *secg_claim_check(const secg_summary *summary, const secg_order *order,
                                const secg_claim_options *options, secg_error *error)
{
    static const secg_order nothing_entered;
    static const secg_claim_options defaults;
    if (check_arguments(summary, options, error) != SECG_OK)
        return NULL;
    if (!options)
        options = &defaults;
    secg_findings *findings =
        malloc(sizeof *findings + secg_rule_count * sizeof *findings->finding);
    if (!findings) {
        secg_fail(error, SECG_E_MEMORY, "findings: no memory");
        return NULL;
    }
    findings->site = options->site ? *options->site : secg_claim_site_defaults();
    findings->during = options->during;
    run_all(findings, summary, order ? order : &nothing_entered, options);
    return findings;
}

void secg_findings_free(secg_findings *findings)
{
    free(findings);
}

const secg_finding *secg_findings_list(const secg_findings *findings, size_t *count)
{
    if (count)
        *count = findings ? findings->count : 0;
    return findings ? findings->finding : NULL;
}

secg_severity secg_findings_worst(const secg_findings *findings)
{
    secg_severity worst = (secg_severity)0;
    for (size_t i = 0; findings && i < findings->count; i++) {
        const secg_finding *f = &findings->finding[i];
        int due = f->now || f->lost || !findings->during;
        if (!f->met && due && f->severity > worst)
            worst = f->severity;
    }
    return worst;
}
