#include "document/claim_case.h"

#include "document/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------------------ */

static void append(secg_finding *finding, const char *lead, const char *format, va_list arguments)
{
    char text[sizeof finding->evidence];
    size_t used = strlen(finding->evidence), room = sizeof finding->evidence - used;
    int wanted = vsnprintf(text, sizeof text, format, arguments);
    int wrote = snprintf(finding->evidence + used, room, "%s%s", used ? lead : "", text);
    if (wanted < (int)sizeof text && wrote < (int)room)
        return;
    char *cut = finding->evidence + sizeof finding->evidence - 6;
    while (cut > finding->evidence && *cut != ' ')
        cut--;
    strcpy(cut, " ...");
}

void secg_say(secg_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append(finding, "; ", format, arguments);
    va_end(arguments);
}

void secg_list(secg_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append(finding, ", ", format, arguments);
    va_end(arguments);
}

void secg_go_on(secg_finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append(finding, "", format, arguments);
    va_end(arguments);
}

void secg_set_when(const secg_case *c, secg_finding *finding, uint32_t when)
{
    if (when & c->present)
        finding->now = 1;
    else if (when > c->present)
        finding->later = 1;
    else
        finding->lost = 1;
}

void secg_lack(const secg_case *c, secg_finding *finding, uint32_t when, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    append(finding, ", ", format, arguments);
    va_end(arguments);
    secg_set_when(c, finding, when);
}

void secg_weigh_nothing(secg_finding *finding)
{
    finding->severity = SECG_INFORM;
}

void secg_weigh(secg_finding *finding, secg_severity severity)
{
    if (severity > finding->severity)
        finding->severity = severity;
}

int secg_is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

int secg_mentions(const char *text, const char *word)
{
    for (; *text; text++) {
        size_t i = 0;
        while (word[i] && lower((unsigned char)text[i]) == lower((unsigned char)word[i]))
            i++;
        if (!word[i])
            return 1;
    }
    return 0;
}

/* ---- the course of the test ------------------------------------------------------------------------- */

int secg_did_exercise(const secg_case *c)
{
    return c->summary->exercise_start != SECG_NO_SAMPLE;
}

int64_t secg_samples(const secg_case *c, double seconds)
{
    return secg_sample_at(seconds, c->rate_hz);
}

int64_t secg_test_end(const secg_case *c)
{
    const secg_summary *s = c->summary;
    for (size_t i = s->facts; i > 0; i--)
        if (s->fact[i - 1].kind == SECG_FACT_END)
            return s->fact[i - 1].sample;
    if (s->recovery_end != SECG_NO_SAMPLE)
        return s->recovery_end;
    return secg_did_exercise(c) ? s->exercise_end : s->frames;
}

secg_phase secg_phase_of(const secg_case *c, int64_t sample)
{
    const secg_summary *s = c->summary;
    if (!secg_did_exercise(c) || sample < s->exercise_start)
        return SECG_PHASE_PRETEST;
    return sample < s->exercise_end ? SECG_PHASE_EXERCISE : SECG_PHASE_RECOVERY;
}

const secg_fact *secg_next_fact(const secg_case *c, secg_fact_kind kind, size_t from, size_t *index)
{
    for (size_t i = from; i < c->summary->facts; i++)
        if (c->summary->fact[i].kind == kind) {
            *index = i;
            return &c->summary->fact[i];
        }
    return NULL;
}

int secg_people(const secg_case *c)
{
    int32_t count = c->order->staff_count;
    return count < 0 ? 0 : count > SECG_MAX_STAFF ? SECG_MAX_STAFF : count;
}

int secg_code_count(const secg_case *c)
{
    int count = 0;
    for (int i = 0; i < SECG_MAX_CODES; i++)
        count += c->order->order.icd10[i][0] != '\0';
    return count;
}

int secg_test_day(const secg_case *c, int64_t *day)
{
    secg_moment start = {c->summary->start_unix_ms, c->summary->utc_offset_min};
    if (start.unix_ms == SECG_NO_SAMPLE)
        return 0;
    *day = secg_date_days(secg_moment_date(start));
    return 1;
}

const char *secg_performing_entity(const secg_order *order)
{
    for (int32_t i = 0; i < order->staff_count && i < SECG_MAX_STAFF; i++)
        if (order->staff[i].performed && order->staff[i].entity_id[0])
            return order->staff[i].entity_id;
    return order->facility.entity_id;
}

const char *secg_billing_entity(const secg_order *order)
{
    return order->facility.billing_entity_id[0] ? order->facility.billing_entity_id
                                                : order->facility.entity_id;
}

int secg_is_drug_test(const secg_case *c)
{
    return c->summary->protocol && c->summary->protocol->modality == SECG_MODALITY_DRUG;
}

secg_placement secg_case_placement(const secg_case *c)
{
    return c->summary->signal->placement != SECG_PLACEMENT_UNKNOWN ? c->summary->signal->placement
                                                                   : c->order->placement;
}

int secg_holds(const secg_case *c, const char *rule)
{
    for (size_t i = 0; i < c->done_count; i++)
        if (strcmp(c->done[i].rule, rule) == 0)
            return c->done[i].met || c->done[i].severity < SECG_BLOCK;
    return 0;
}
