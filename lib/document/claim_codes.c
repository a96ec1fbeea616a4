/* Rules on codes: diagnoses, what is billed and by whom, what else was billed that day (domain.md
 * 7.2 N05, N06, N11, N12, N14, 7.3, 7.5 F01, F03, F04). */
#include "document/claim_case.h"
#include "document/icd10.h"

#include <stdio.h>
#include <string.h>

/* ---- N05, N06 ICD-10 --------------------------------------------------------------------------------- */

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
    secg_say(finding, "no heading among %d codes (%s)", secg_code_count(c), secg_icd10_version());
    return 1;
}

/* ---- 7.3 who did what --------------------------------------------------------------------------------- */

enum { SUPERVISION = 1, TRACING = 2, READING = 4, ALL = 7 };

typedef struct actor {
    const char *entity;
    int parts;
} actor;

/* Adds a part to the entity, in order of first appearance. */
static void add_part(actor *list, size_t *count, const char *entity, int part)
{
    size_t i = 0;
    while (i < *count && strcmp(list[i].entity, entity) != 0)
        i++;
    if (i == *count)
        list[(*count)++] = (actor){entity, 0};
    list[i].parts |= part;
}

enum { MOST_ACTORS = 2 * SECG_MAX_STAFF + 1 };

static size_t find_actors(const secg_order *order, actor list[MOST_ACTORS])
{
    size_t count = 0;
    add_part(list, &count, secg_performing_entity(order), TRACING);
    for (int32_t i = 0; i < order->staff_count && i < SECG_MAX_STAFF; i++) {
        const secg_staff *person = &order->staff[i];
        if (person->supervised)
            add_part(list, &count, person->entity_id, SUPERVISION);
        if (person->interprets)
            add_part(list, &count, person->entity_id, READING);
    }
    return count;
}

static void add_code(secg_code_share *share, const char *code)
{
    snprintf(share->code[share->codes++], sizeof *share->code, "%s", code);
}

/* Entities that are not stated may differ: nothing is put together for them. */
static secg_code_share share_of(const actor *a)
{
    secg_code_share share = {.codes = 0};
    snprintf(share.entity_id, sizeof share.entity_id, "%s", a->entity);
    if (a->parts == ALL && a->entity[0]) {
        add_code(&share, "93015");
        return share;
    }
    if (a->parts & SUPERVISION)
        add_code(&share, "93016");
    if (a->parts & TRACING)
        add_code(&share, "93017");
    if (a->parts & READING)
        add_code(&share, "93018");
    return share;
}

static int was_begun(const secg_summary *summary)
{
    return summary->exercise_start != SECG_NO_SAMPLE;
}

size_t secg_claim_codes(const secg_summary *summary, const secg_order *order,
                        secg_code_share *share, size_t capacity)
{
    actor list[MOST_ACTORS];
    if (!summary || !order || !was_begun(summary))
        return 0;
    size_t count = find_actors(order, list);
    for (size_t i = 0; share && i < count && i < capacity; i++)
        share[i] = share_of(&list[i]);
    return count;
}

/* ---- N12 the code that was entered ---------------------------------------------------------------------- */

static const char *billing_entity(const secg_order *order)
{
    return order->facility.billing_entity_id[0] ? order->facility.billing_entity_id
                                                : order->facility.entity_id;
}

static void say_split(const secg_code_share *share, size_t count, secg_finding *finding)
{
    for (size_t i = 0; i < count; i++) {
        secg_say(finding, "%s: ", share[i].entity_id[0] ? share[i].entity_id : "entity not stated");
        for (int32_t k = 0; k < share[i].codes; k++)
            secg_go_on(finding, k ? " + %s" : "%s", share[i].code[k]);
    }
}

static int has_code(const secg_code_share *share, size_t count, const char *entity,
                    const char *code)
{
    for (size_t i = 0; i < count; i++)
        for (int32_t k = 0; k < share[i].codes && strcmp(share[i].entity_id, entity) == 0; k++)
            if (strcmp(share[i].code[k], code) == 0)
                return 1;
    return 0;
}

static int has_blank_entity(const secg_code_share *share, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!share[i].entity_id[0])
            return 1;
    return 0;
}

static int names_supervisor(const secg_case *c)
{
    for (int i = 0; i < secg_people(c); i++)
        if (c->order->staff[i].supervised && !secg_is_blank(c->order->staff[i].name))
            return 1;
    return 0;
}

static void check_entered(const secg_case *c, const secg_code_share *share, size_t count,
                          secg_finding *finding)
{
    const char *code = c->order->order.billing_code;
    int whole = strcmp(code, "93015") == 0, unknown = has_blank_entity(share, count);
    if (!code[0]) {
        secg_say(finding, "no code entered");
        secg_weigh(finding, SECG_WARN);
    } else if (!has_code(share, count, billing_entity(c->order), code)) {
        if (whole && !unknown)
            secg_say(finding, "93015 while supervision or interpretation is by another entity");
        else
            secg_say(finding, "%.11s does not follow from who did what", code);
        secg_weigh(finding, unknown ? SECG_WARN : SECG_BLOCK);
    } else if (unknown) {
        secg_say(finding, "entity ids are missing");
        secg_weigh(finding, SECG_WARN);
    }
}

static void check_circumstances(const secg_case *c, secg_finding *finding)
{
    const char *place = c->order->order.place_of_service;
    int hospital = strcmp(place, "21") == 0 || strcmp(place, "22") == 0 || strcmp(place, "23") == 0;
    if (!names_supervisor(c)) {
        secg_say(finding, "nobody is named as supervising");
        secg_weigh(finding, SECG_WARN);
    }
    if (hospital && strcmp(c->order->order.billing_code, "93015") == 0) {
        secg_say(finding, "93015 at place of service %s, where the parts are billed apart", place);
        secg_weigh(finding, SECG_WARN);
    }
}

SECG_RULE(n12)
{
    secg_code_share share[MOST_ACTORS];
    size_t count = secg_claim_codes(c->summary, c->order, share, MOST_ACTORS);
    if (count == 0) {
        secg_say(finding, "no exercise or infusion was begun: no code");
        secg_set_when(c, finding, SECG_WHEN_EXERCISE);
        return 0;
    }
    secg_weigh_nothing(finding);
    check_entered(c, share, count, finding);
    check_circumstances(c, finding);
    int met = finding->evidence[0] == '\0';
    if (met)
        finding->severity = SECG_BLOCK;
    say_split(share, count, finding);
    return met;
}

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
    secg_say(finding, "%d sections beside the record, none of supervision or reading", sections);
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
    const char *billing = billing_entity(c->order), *own = secg_performing_entity(c->order);
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
