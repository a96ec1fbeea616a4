/* CPT codes from who did what, and the rule on the code that was entered (domain.md 7.3, 7.2 N12). */
#include "document/claim_case.h"

#include <stdio.h>
#include <string.h>

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
    } else if (!has_code(share, count, secg_billing_entity(c->order), code)) {
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
        secg_lack(c, finding, SECG_WHEN_EXERCISE, "no exercise or infusion was begun: no code");
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
