/* Findings, and the rules themselves, as JSON documents (data/findings.schema.json,
 * data/93017.rules.json). */
#include "document/claim_case.h"
#include "document/findings.h"
#include "document/json_build.h"

#include <string.h>

#define FORMAT       "stressecg-findings-1"
#define RULES_FORMAT "stressecg-rules-1"
#define FLAGS        (JSON_INDENT(2) | JSON_REAL_PRECISION(9))

static void put_when(secg_build *b, json_t *to, const secg_finding *f)
{
    json_t *list = secg_put(b, to, "obtain", json_array());
    if (f->now)
        secg_append(b, list, json_string("now"));
    if (f->later)
        secg_append(b, list, json_string("later"));
    if (f->lost)
        secg_append(b, list, json_string("lost"));
}

static void put_finding(secg_build *b, json_t *to, const secg_claim_rule *rule,
                        const secg_finding *f)
{
    secg_put_text(b, to, "rule", f->rule);
    secg_put_text(b, to, "origin", rule->origin);
    secg_put_text(b, to, "title", f->title);
    secg_put_text(b, to, "severity", secg_severity_text(f->severity));
    secg_put_flag(b, to, "met", f->met);
    secg_put_text(b, to, "evidence", f->evidence);
    secg_put_text(b, to, "where", rule->where);
    if (f->met)
        return;
    secg_put_text(b, to, "mend", f->mend);
    put_when(b, to, f);
}

static void put_site(secg_build *b, json_t *root, const secg_claim_site *site)
{
    json_t *to = secg_put(b, root, "site", json_object());
    secg_put_stated(b, to, "name", site->name);
    for (const secg_site_limit *limit = secg_site_limits; limit->name; limit++) {
        float value;
        memcpy(&value, (const char *)site + limit->offset, sizeof value);
        secg_put_real(b, to, limit->name, (double)value, 3);
    }
    secg_put_whole(b, to, "recovery_bps", site->recovery_bps);
}

char *secg_findings_json(const secg_findings *findings)
{
    secg_build b = {0};
    json_t *root = json_object();
    secg_severity worst = secg_findings_worst(findings);
    secg_put_text(&b, root, "format", FORMAT);
    secg_put_text(&b, root, "rules", secg_claim_rules_version());
    secg_put_text(&b, root, "words", secg_wording_version());
    secg_put_flag(&b, root, "during", findings->during);
    secg_put_text(&b, root, "worst", worst ? secg_severity_text(worst) : "none");
    put_site(&b, root, &findings->site);
    json_t *list = secg_put(&b, root, "findings", json_array());
    for (size_t i = 0; i < findings->count; i++)
        put_finding(&b, secg_append(&b, list, json_object()), secg_claim_rule_at(i),
                    &findings->finding[i]);
    char *text = root && !b.failed ? json_dumps(root, FLAGS) : NULL;
    json_decref(root);
    return text;
}

/* ---- rules ----------------------------------------------------------------------------------------- */

static void put_phases(secg_build *b, json_t *to, uint32_t when)
{
    static const char *const word[] = {"rest", "exercise", "recovery", "after"};
    json_t *list = secg_put(b, to, "when", json_array());
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (when & (1u << i))
            secg_append(b, list, json_string(word[i]));
}

static void put_needs(secg_build *b, json_t *to, const char *needs)
{
    json_t *list = secg_put(b, to, "needs", json_array());
    while (*needs) {
        size_t length = strcspn(needs, " ");
        secg_append(b, list, json_stringn(needs, length));
        needs += length + (needs[length] == ' ');
    }
}

static void put_rule(secg_build *b, json_t *to, const secg_claim_rule *rule)
{
    secg_put_text(b, to, "rule", rule->id);
    secg_put_text(b, to, "severity", secg_severity_text(rule->severity));
    secg_put_text(b, to, "origin", rule->origin);
    secg_put_text(b, to, "title", rule->title);
    secg_put_text(b, to, "where", rule->where);
    secg_put_text(b, to, "mend", rule->mend);
    put_needs(b, to, rule->needs);
    put_phases(b, to, rule->when);
}

char *secg_claim_rules_json(void)
{
    secg_build b = {0};
    const secg_claim_rule *rule;
    json_t *root = json_object();
    secg_put_text(&b, root, "format", RULES_FORMAT);
    secg_put_text(&b, root, "version", secg_claim_rules_version());
    json_t *list = secg_put(&b, root, "rules", json_array());
    for (size_t i = 0; (rule = secg_claim_rule_at(i)); i++)
        put_rule(&b, secg_append(&b, list, json_object()), rule);
    char *text = root && !b.failed ? json_dumps(root, FLAGS) : NULL;
    json_decref(root);
    return text;
}
