/* A site's own values: data/site.schema.json. */
#include "base/status.h"
#include "document/findings.h"
#include "document/json_read.h"

#include <string.h>

#define FORMAT "stressecg-site-1"

enum { MOST_BYTES = 1 << 20 };

#define LIMIT(member, low, high)                                                                   \
    {                                                                                              \
#member, offsetof(secg_claim_site, member), low, high                                      \
    }

const secg_site_limit secg_site_limits[] = {
    LIMIT(resting_s, 0, 3600),         LIMIT(bp_after_s, 0, 600),
    LIMIT(bp_stage_s, 0, 3600),        LIMIT(bp_interval_s, 30, 3600),
    LIMIT(peak_bp_before_s, 0, 3600),  LIMIT(peak_bp_after_s, 0, 3600),
    LIMIT(rate_missing_s, 1, 3600),    LIMIT(recovery_s, 0, 7200),
    LIMIT(sum_within_s, 0, 60),        LIMIT(gap_listed_s, 0, 600),
    LIMIT(gap_unexplained_s, 0, 3600), LIMIT(gap_note_s, 0, 3600),
    LIMIT(coverage_pct, 0, 100),       LIMIT(usable_pct, 0, 100),
    LIMIT(sign_within_h, 0, 8760),     {0},
};

/* domain.md 7: proposals, where no source gives a number. */
secg_claim_site secg_claim_site_defaults(void)
{
    return (secg_claim_site){.resting_s = 10,
                             .bp_after_s = 30,
                             .bp_stage_s = 120,
                             .bp_interval_s = 180,
                             .peak_bp_before_s = 180,
                             .peak_bp_after_s = 60,
                             .recovery_bps = 2,
                             .rate_missing_s = 60,
                             .recovery_s = 180,
                             .sum_within_s = 1,
                             .gap_listed_s = 2,
                             .gap_unexplained_s = 10,
                             .gap_note_s = 60,
                             .coverage_pct = 99,
                             .usable_pct = 90,
                             .sign_within_h = 72};
}

#define PLACE(member)                                                                              \
    .offset = (uint16_t)offsetof(secg_claim_site, member),                                         \
    .size = (uint16_t)sizeof(((secg_claim_site *)0)->member)
#define TEXTS(name, most)                                                                          \
    {                                                                                              \
#name, SECG_FIELD_TEXTS, .offset = (uint16_t)offsetof(secg_claim_site, name),              \
                                 .size = (uint16_t)sizeof(((secg_claim_site *)0)->name[0]),        \
                                 .count = most                                                     \
    }

static const secg_field others[] = {
    {.name = "format", .type = SECG_FIELD_OTHER},
    {"name", SECG_FIELD_TEXT, PLACE(name)},
    {"recovery_bps", SECG_FIELD_WHOLE, PLACE(recovery_bps), .high = 20},
    TEXTS(necessity, SECG_MAX_SITE_CODES),
    TEXTS(headers, SECG_MAX_SITE_CODES),
    TEXTS(locations, SECG_MAX_LOCATIONS),
    {0},
};

enum { LIMITS = sizeof secg_site_limits / sizeof *secg_site_limits };

/* The limits as fields; the rest stands in `others`. */
static void make_fields(secg_field fields[LIMITS])
{
    memset(fields, 0, LIMITS * sizeof *fields);
    for (size_t i = 0; secg_site_limits[i].name; i++)
        fields[i] = (secg_field){.name = secg_site_limits[i].name,
                                 .type = SECG_FIELD_REAL,
                                 .offset = (uint16_t)secg_site_limits[i].offset,
                                 .size = sizeof(float),
                                 .low = secg_site_limits[i].low,
                                 .high = secg_site_limits[i].high};
}

static secg_status read_root(secg_reader *r, json_t *root, secg_claim_site *site)
{
    secg_field limits[LIMITS];
    make_fields(limits);
    const char *format = json_string_value(json_object_get(root, "format"));
    if (!format || strcmp(format, FORMAT) != 0)
        return secg_read_fail(r, SECG_JSON_VALUE, "format is not \"" FORMAT "\"");
    secg_status status = secg_read_refuse_unknown(r, root, others, limits);
    if (status == SECG_OK)
        status = secg_read_fields(r, others, root, site);
    return status == SECG_OK ? secg_read_fields(r, limits, root, site) : status;
}

secg_status secg_claim_site_read(const char *path, secg_claim_site *site, secg_error *error)
{
    if (!path || !site)
        return secg_fail(error, SECG_E_ARGUMENT, "%s: NULL", path ? "site" : "path");
    *site = secg_claim_site_defaults();
    secg_reader r = {.path = path, .most_bytes = MOST_BYTES, .error = error};
    json_t *root;
    secg_status status = secg_read_json(&r, &root);
    if (status == SECG_OK)
        status = read_root(&r, root, site);
    secg_read_end(&r, root);
    return status;
}
