#include "document/lead_keys.h"

#include <stdio.h>
#include <string.h>

static int is_taken(const secg_lead_keys *keys, const char *key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->key[i], key) == 0)
            return 1;
    return 0;
}

/* Names come from files; what is no ASCII text is shown as '?'. */
static void plain_name(const secg_lead_source *lead, char text[16])
{
    snprintf(text, 16, "%s", lead->name[0] ? lead->name : secg_lead_name(lead->lead));
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
            *c = '?';
}

secg_lead_keys secg_make_lead_keys(const secg_summary *summary)
{
    secg_lead_keys keys = {.count = 0};
    for (size_t k = 0; k < summary->leads && k < SECG_MAX_LEADS; k++) {
        char name[16], key[24];
        plain_name(&summary->lead[k], name);
        snprintf(key, sizeof key, "%s", name);
        for (unsigned number = 2; is_taken(&keys, key); number++)
            snprintf(key, sizeof key, "%s#%u", name, number % 1000);
        memcpy(keys.key[keys.count++], key, sizeof key);
    }
    return keys;
}
