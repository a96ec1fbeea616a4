/* Runs the rules and keeps what they found. */
#include "base/status.h"
#include "document/claim_case.h"

#include <stdio.h>
#include <stdlib.h>

struct secg_findings {
    size_t count;
    secg_finding finding[];
};

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
    *finding = (secg_finding){.severity = rule->severity};
    snprintf(finding->rule, sizeof finding->rule, "%s", rule->id);
    snprintf(finding->title, sizeof finding->title, "%s", rule->title);
    finding->met = rule->check(c, finding) != 0;
    if (!finding->met)
        snprintf(finding->mend, sizeof finding->mend, "%s", rule->mend);
}

secg_findings *secg_claim_check(const secg_summary *summary, const secg_order *order,
                                secg_error *error)
{
    static const secg_order nothing_entered;
    if (!summary) {
        secg_fail(error, SECG_E_ARGUMENT, "summary: NULL");
        return NULL;
    }
    secg_findings *findings =
        malloc(sizeof *findings + secg_rule_count * sizeof *findings->finding);
    if (!findings) {
        secg_fail(error, SECG_E_MEMORY, "findings: no memory");
        return NULL;
    }
    secg_case c = {.summary = summary,
                   .order = order ? order : &nothing_entered,
                   .done = findings->finding,
                   .rate_hz = summary->signal->rate_hz};
    for (c.done_count = 0; c.done_count < secg_rule_count; c.done_count++)
        run(&secg_rules[c.done_count], &c, &findings->finding[c.done_count]);
    findings->count = secg_rule_count;
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
