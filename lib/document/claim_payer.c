/* Rules on whose account the test runs (domain.md 7.2 N01 .. N03, 7.5 F08). */
#include "document/claim_case.h"
#include "document/clock.h"

#include <string.h>

/* Payers with which authorization is usual, domain.md 7.2 N02; as their names are written. */
#define PAYERS_VERSION "payers-1"
static const char *const asks_usually[] = {"aetna",     "cigna",  "unitedhealth", "united health",
                                           "uhc",       "humana", "ambetter",     "blue cross",
                                           "bluecross", "bcbs",   "anthem"};

static int is_usual_asker(const char *payer)
{
    for (size_t i = 0; i < sizeof asks_usually / sizeof *asks_usually; i++)
        if (secg_mentions(payer, asks_usually[i]))
            return 1;
    return 0;
}

/* ---- N01 prior authorization ----------------------------------------------------------------------- */

static const char *billed_code(const secg_case *c)
{
    return c->order->order.billing_code[0] ? c->order->order.billing_code : "93017";
}

static void check_scope(const secg_case *c, secg_finding *finding)
{
    int stated = 0, covered = 0;
    for (int i = 0; i < SECG_MAX_CODES; i++) {
        const char *code = c->order->authorization.codes[i];
        stated += code[0] != '\0';
        covered += code[0] && strcmp(code, billed_code(c)) == 0;
    }
    if (covered)
        return;
    secg_list(finding,
              stated ? "its codes leave %.11s out" : "whether it covers %.11s is not stated",
              billed_code(c));
    secg_weigh(finding, stated ? SECG_BLOCK : SECG_WARN);
}

static void check_dates(const secg_case *c, secg_finding *finding)
{
    secg_date from, to;
    int64_t day;
    int stated = secg_date_parse(c->order->authorization.valid_from, &from) &&
                 secg_date_parse(c->order->authorization.valid_to, &to);
    if (!stated || !secg_test_day(c, &day)) {
        secg_list(finding, stated ? "day of the test not stated" : "its dates are not stated");
        secg_weigh(finding, SECG_WARN);
    } else if (day < secg_date_days(from) || day > secg_date_days(to)) {
        secg_list(finding, "the day of the test is outside its dates");
        secg_weigh(finding, SECG_BLOCK);
    }
}

static int check_authorization(const secg_case *c, secg_finding *finding)
{
    secg_weigh_nothing(finding);
    if (secg_is_blank(c->order->authorization.number)) {
        secg_list(finding, "required, and no number");
        secg_weigh(finding, SECG_BLOCK);
    }
    check_scope(c, finding);
    check_dates(c, finding);
    if (c->order->authorization.units < 1) {
        secg_list(finding, "its units are not stated");
        secg_weigh(finding, SECG_WARN);
    }
    if (finding->evidence[0])
        return 0;
    finding->severity = SECG_BLOCK;
    secg_say(finding, "number, dates and %d unit%s for %.11s", (int)c->order->authorization.units,
             c->order->authorization.units == 1 ? "" : "s", billed_code(c));
    return 1;
}

SECG_RULE(n01)
{
    switch (c->order->authorization.required) {
    case SECG_NO:
        secg_say(finding, "stated: not required");
        return 1;
    case SECG_YES:
        return check_authorization(c, finding);
    case SECG_UNKNOWN:
        break;
    }
    finding->severity = SECG_WARN;
    secg_say(finding, "not stated whether it is required");
    return 0;
}

/* ---- N02, F08 payer -------------------------------------------------------------------------------- */

/* Medicare Advantage plans ask like commercial payers (domain.md 8, point 1). */
static int is_original_medicare(const char *payer)
{
    return secg_mentions(payer, "medicare") && !secg_mentions(payer, "advantage");
}

static int medicare_is_met(const secg_case *c, secg_finding *finding)
{
    int reason = secg_code_count(c) > 0;
    secg_say(finding, reason ? "Medicare; a coded reason is present"
                             : "Medicare: medical necessity needs a coded reason");
    return reason;
}

SECG_RULE(n02)
{
    const char *payer = c->order->authorization.payer_type;
    if (secg_is_blank(payer)) {
        secg_say(finding, "payer type not stated");
        return 0;
    }
    if (is_original_medicare(payer))
        return medicare_is_met(c, finding);
    if (c->order->authorization.required != SECG_UNKNOWN) {
        secg_say(finding, "payer type and authorization stated");
        return 1;
    }
    if (secg_mentions(payer, "medicaid"))
        secg_say(finding, "Medicaid: state-specific, and authorization is not stated");
    else
        secg_say(finding, "authorization is usual with %s and is not stated",
                 is_usual_asker(c->order->authorization.payer_name) ? "this payer (" PAYERS_VERSION
                                                                      ")"
                                                                    : "such a payer");
    return 0;
}

SECG_RULE(f08)
{
    if (secg_is_blank(c->order->authorization.payer_type))
        secg_list(finding, "payer type");
    if (secg_is_blank(c->order->authorization.plan_id))
        secg_list(finding, "plan id");
    if (c->order->authorization.required == SECG_UNKNOWN)
        secg_list(finding, "whether authorization is required");
    if (finding->evidence[0]) {
        secg_go_on(finding, ": not stated");
        return 0;
    }
    secg_say(finding, "payer type, plan and authorization stated");
    return 1;
}

/* ---- N03 the whole test ----------------------------------------------------------------------------- */

/* A part of the test that another entity bills needs the same authorization. */
static void check_part(const secg_case *c, const secg_staff *person, int number, int *others,
                       secg_finding *finding)
{
    const char *own = secg_performing_entity(c->order);
    if ((!person->supervised && !person->interprets) || strcmp(person->entity_id, own) == 0)
        return;
    ++*others;
    if (secg_is_blank(person->authorization))
        secg_list(finding, "person %d of another entity: authorization not stated", number);
    else if (strcmp(person->authorization, c->order->authorization.number) != 0)
        secg_list(finding, "person %d of another entity: another authorization", number);
}

SECG_RULE(n03)
{
    int others = 0;
    if (c->order->authorization.required != SECG_YES) {
        secg_say(finding, "no authorization is stated as required");
        return 1;
    }
    for (int i = 0; i < secg_people(c); i++)
        check_part(c, &c->order->staff[i], i + 1, &others, finding);
    if (finding->evidence[0])
        return 0;
    secg_say(finding,
             others ? "people of other entities: %d, under the same authorization"
                    : "people of other entities: %d",
             others);
    return 1;
}
