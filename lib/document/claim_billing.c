/* Rules on the day, the place and what is sent along (domain.md 7.2 N11, N14, 7.5 F01, F03, F04). */
#include "document/claim_case.h"

#include <string.h>

/* ---- N11, N14 the same day --------------------------------------------------------------------------------- */

SECG_RULE(n11)
{
    const secg_duplicates *found = c->duplicates;
    if (!found) {
        finding->severity = SECG_INFORM;
        secg_say(finding, "no index was asked; encounter %s",
                 c->order->order.encounter_id[0] ? c->order->order.encounter_id : "not stated");
        return 0;
    }
    if (found->other_entity > 0)
        secg_say(finding, "%d of this patient and day by another entity", (int)found->other_entity);
    if (found->same_entity > 0)
        secg_say(finding, "%d more encounters of this patient and day by the same entity",
                 (int)found->same_entity);
    if (found->other_entity <= 0)
        finding->severity = finding->evidence[0] ? SECG_WARN : SECG_BLOCK;
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "none of this patient and day in the local index");
    return 1;
}

/* 93000, 93005 or 93010, with or without a modifier. */
static int is_resting_ecg(const char *code)
{
    return strncmp(code, "93000", 5) == 0 || strncmp(code, "93005", 5) == 0 ||
           strncmp(code, "93010", 5) == 0;
}

/* Modifiers that say "a service of its own". */
static int is_distinct(const char *code)
{
    static const char *const modifier[] = {"-59", "-XE", "-XS", "-XP", "-XU"};
    for (size_t i = 0; i < sizeof modifier / sizeof *modifier; i++)
        if (strstr(code, modifier[i]))
            return 1;
    return 0;
}

SECG_RULE(n14)
{
    int resting = 0;
    for (int i = 0; i < SECG_MAX_CODES; i++) {
        const char *code = c->order->order.same_day_codes[i];
        if (!is_resting_ecg(code))
            continue;
        resting++;
        if (!is_distinct(code) && c->order->order.same_day_ordered != SECG_YES)
            secg_list(finding, "%s without an order or modifier of its own", code);
    }
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "%d resting ECG code%s the same day", resting, resting == 1 ? "" : "s");
    return 1;
}

/* ---- F01 in person, F04 where and by whom, F03 what is sent ------------------------------------------------------ */

SECG_RULE(f01)
{
    static const char *const remote[] = {"95", "93", "GT", "GQ", "FQ"};
    const char *place = c->order->order.place_of_service;
    secg_weigh_nothing(finding);
    if (c->order->order.in_person != SECG_YES) {
        int known = c->order->order.in_person == SECG_NO;
        secg_list(finding, known ? "not in person" : "not stated whether it was in person");
        secg_weigh(finding, known ? SECG_BLOCK : SECG_WARN);
    }
    if (strcmp(place, "02") == 0 || strcmp(place, "10") == 0) {
        secg_list(finding, "place of service %s is telehealth", place);
        secg_weigh(finding, SECG_BLOCK);
    }
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < sizeof remote / sizeof *remote; k++)
            if (strcmp(c->order->order.modifiers[i], remote[k]) == 0) {
                secg_list(finding, "modifier %s is telehealth", remote[k]);
                secg_weigh(finding, SECG_BLOCK);
            }
    if (finding->evidence[0])
        return 0;
    finding->severity = SECG_BLOCK;
    secg_say(finding, "in person, no telehealth place or modifier");
    return 1;
}

SECG_RULE(f03)
{
    static const char *const not_ours[] = {"supervis",   "decision",   "interpret", "diagnos",
                                           "impression", "conclusion", "report",    "recommend",
                                           "assessment", "opinion"};
    int sections = 0;
    for (int i = 0; i < SECG_MAX_SECTIONS; i++) {
        const char *section = c->order->sections[i];
        sections += section[0] != '\0';
        for (size_t k = 0; k < sizeof not_ours / sizeof *not_ours; k++)
            if (secg_mentions(section, not_ours[k])) {
                secg_list(finding, "section %d belongs to 93016 or 93018", i + 1);
                break;
            }
    }
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "sections beside the record: %d, none of supervision or reading", sections);
    return 1;
}

static int is_known_place(const secg_case *c)
{
    if (!c->site->locations[0][0])
        return 1;
    for (int i = 0; i < SECG_MAX_LOCATIONS && c->site->locations[i][0]; i++)
        if (strcmp(c->site->locations[i], c->order->facility.location_id) == 0)
            return 1;
    return 0;
}

SECG_RULE(f04)
{
    const char *billing = secg_billing_entity(c->order), *own = secg_performing_entity(c->order);
    if (!own[0] || !billing[0])
        secg_list(finding, "the entity that performed or bills is not stated");
    else if (strcmp(own, billing) != 0)
        secg_list(finding, "performed by another entity than bills");
    if (!is_known_place(c))
        secg_list(finding, c->order->facility.location_id[0]
                               ? "the location is not one of the facility's"
                               : "the location is not stated");
    if (finding->evidence[0])
        return 0;
    secg_say(finding, "performed and billed by the same entity%s",
             c->site->locations[0][0] ? ", at a location of the facility" : "");
    return 1;
}
