/* Rules on diagnosis codes (domain.md 7.2 N05, N06). */
#include "document/claim_case.h"
#include "document/icd10.h"

#include <string.h>

static int is_header(const secg_case *c, const char *code)
{
    for (int i = 0; i < SECG_MAX_SITE_CODES && c->site->headers[i][0]; i++)
        if (strcmp(c->site->headers[i], code) == 0)
            return 1;
    return secg_icd10_divided(code) != NULL;
}

static int is_accepted(const secg_case *c, const char *code)
{
    for (int i = 0; i < SECG_MAX_SITE_CODES && c->site->necessity[i][0]; i++)
        if (strncmp(code, c->site->necessity[i], strlen(c->site->necessity[i])) == 0)
            return 1;
    return 0;
}

static void check_forms(const secg_case *c, secg_finding *finding)
{
    for (int i = 0; i < SECG_MAX_CODES; i++) {
        const char *code = c->order->order.icd10[i];
        if (code[0] && !secg_icd10_is_code(code))
            secg_list(finding, "code %d is malformed", i + 1);
        else if (code[0] && is_header(c, code))
            secg_list(finding, "code %d is a heading, not billable", i + 1);
    }
    if (secg_code_count(c) == 0)
        secg_list(finding, "no code");
}

SECG_RULE(n05)
{
    int accepted = 0;
    check_forms(c, finding);
    if (finding->evidence[0])
        return 0;
    for (int i = 0; i < SECG_MAX_CODES; i++)
        accepted += is_accepted(c, c->order->order.icd10[i]);
    if (c->site->necessity[0][0] && accepted == 0) {
        finding->severity = SECG_WARN;
        secg_say(finding, "no code is on the site's necessity list");
        return 0;
    }
    secg_say(finding, "%d well formed, none a heading (%s)", secg_code_count(c),
             secg_icd10_version());
    if (c->site->necessity[0][0])
        secg_say(finding, "%d on the site's list", accepted);
    else
        secg_say(finding, "no payer's list is configured");
    return 1;
}

/* Says what a heading is divided into; the choice is the ordering provider's. */
SECG_RULE(n06)
{
    for (int i = 0; i < SECG_MAX_CODES; i++) {
        const char *code = c->order->order.icd10[i];
        const char *divided = code[0] ? secg_icd10_divided(code) : NULL;
        if (divided)
            secg_say(finding, "%s is divided into %s", code, divided);
        else if (code[0] && is_header(c, code))
            secg_say(finding, "code %d is a heading of the site's list", i + 1);
    }
    if (finding->evidence[0])
        return 0;
    int codes = secg_code_count(c);
    secg_say(finding, "no heading among %d code%s (%s)", codes, codes == 1 ? "" : "s",
             secg_icd10_version());
    return 1;
}
