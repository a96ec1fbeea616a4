#include "document/verdict.h"

#include "base/status.h"

#include <stdio.h>
#include <stressecg/claim.h>
#include <string.h>

/* domain.md 1.8, "interpretive codes to refuse": SNOMED CT of CID 3208 and 3238, and DICOM. */
static const struct code {
    const char *code, *text;
} codes[] = {
    {"165084003", "CID 3208, the first result of a stress test"},
    {"165082004", "CID 3208, the second result of a stress test"},
    {"370367002", "CID 3208, the third result of a stress test"},
    {"304915008", "CID 3238, a treadmill score"},
    {"122753", "DCM, a stress test's conclusion"},
    {"122755", "DCM, a stress test's conclusion"},
    {"122756", "DCM, a stress test's conclusion"},
};

const char *secg_verdict_code_text(const char *code)
{
    for (size_t i = 0; code && i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].text;
    return NULL;
}

int secg_names_verdict(const char *name)
{
    static const char *const part[] = {
        "interpret", "impression", "conclusion", "diagnos", "verdict",    "result", "prognos",
        "risk",      "duke",       "isch",       "opinion", "assessment", "finding"};
    char lower[64];
    size_t length = strlen(name) < sizeof lower - 1 ? strlen(name) : sizeof lower - 1;
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
    lower[length] = '\0';
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        if (strstr(lower, part[i]))
            return 1;
    return 0;
}

/* ---- the gate of the exporters ------------------------------------------------------------------- */

static int is_code_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The first word of a text that is such a code: what it says; NULL: none. */
static const char *find_code(const char *text)
{
    char word[16];
    while (*text) {
        size_t length = 0;
        while (is_code_character(text[length]))
            length++;
        if (length > 0 && length < sizeof word) {
            memcpy(word, text, length);
            word[length] = '\0';
            const char *says = secg_verdict_code_text(word);
            if (says)
                return says;
        }
        text += length > 0 ? length : 1;
    }
    return NULL;
}

static secg_status look_at(const char *text, const char *place, size_t index, secg_error *error)
{
    const char *says = find_code(text);
    return says ? secg_fail(error, SECG_E_ARGUMENT,
                            "%s[%zu]: a verdict as a code (%s), which no export may carry", place,
                            index, says)
                : SECG_OK;
}

static secg_status look_at_facts(const secg_summary *summary, secg_error *error)
{
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < summary->facts; i++) {
        const secg_fact *fact = &summary->fact[i];
        const char *const text[] = {fact->text, fact->label, fact->unit};
        for (size_t k = 0; status == SECG_OK && k < sizeof text / sizeof *text; k++)
            status = look_at(text[k], "timeline", i, error);
    }
    for (size_t i = 0; status == SECG_OK && i < summary->stages; i++)
        status = look_at(summary->stage[i].label, "stages", i, error);
    if (status == SECG_OK)
        status = look_at(summary->end_text, "end", 0, error);
    return status == SECG_OK ? look_at(summary->protocol_label, "protocol_label", 0, error)
                             : status;
}

static secg_status look_at_codes(const char (*code)[12], size_t count, const char *place,
                                 secg_error *error)
{
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < count; i++)
        status = look_at(code[i], place, i, error);
    return status;
}

static secg_status look_at_order(const secg_order *o, secg_error *error)
{
    secg_status status = look_at_codes(o->order.icd10, SECG_MAX_CODES, "order.icd10", error);
    if (status == SECG_OK)
        status = look_at_codes(&o->order.billing_code, 1, "order.billing_code", error);
    if (status == SECG_OK)
        status =
            look_at_codes(o->order.same_day_codes, SECG_MAX_CODES, "order.same_day_codes", error);
    if (status == SECG_OK)
        status =
            look_at_codes(o->authorization.codes, SECG_MAX_CODES, "authorization.codes", error);
    for (size_t i = 0; status == SECG_OK && i < SECG_MAX_SECTIONS; i++)
        status = look_at(o->sections[i], "sections", i, error);
    if (status == SECG_OK)
        status = look_at(o->order.indication, "order.indication", 0, error);
    return status == SECG_OK ? look_at(o->resting_ecg, "resting_ecg", 0, error) : status;
}

secg_status secg_refuse_verdicts(const secg_summary *summary, const secg_order *order,
                                 secg_error *error)
{
    secg_status status = look_at_facts(summary, error);
    return status == SECG_OK && order ? look_at_order(order, error) : status;
}
