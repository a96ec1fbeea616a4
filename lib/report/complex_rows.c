#include "report/complex_rows.h"

#include "report/format.h"

#include <math.h>

enum { MAX_OVERVIEW = 4 };

static int has_complex(const secg_summary *s, size_t stage)
{
    const secg_stage_summary *row = &s->stage[stage];
    if (!row->complex || !row->complex_mv)
        return 0;
    for (size_t k = 0; k < s->leads; k++)
        if (row->complex[k].samples > 0)
            return 1;
    return 0;
}

static void show(secg_rows *list, int stage)
{
    for (int i = 0; i < list->count; i++)
        if (list->stage[i] == stage)
            return;
    if (stage >= 0 && list->count < MAX_OVERVIEW)
        list->stage[list->count++] = stage;
}

static int find_stage(const secg_summary *s, secg_phase phase, int last)
{
    int found = -1;
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase == phase && has_complex(s, i) && (last || found < 0))
            found = (int)i;
    return found;
}

static int rest_stage(const secg_summary *s)
{
    int rest = find_stage(s, SECG_PHASE_PRETEST, 1);
    for (int phase = SECG_PHASE_NONE; rest < 0 && phase <= SECG_PHASE_ENDED; phase++)
        rest = find_stage(s, (secg_phase)phase, 0);
    return rest;
}

/* The row of exercise or recovery, and its lead, whose ST level is furthest from 0; -1: none. */
static int furthest_st(const secg_summary *s, size_t *lead)
{
    int found = -1;
    float most = 0;
    for (size_t i = 0; i < s->stages; i++)
        for (size_t k = 0; k < s->leads && has_complex(s, i); k++) {
            const secg_st *st = &s->stage[i].complex[k].st;
            int in_test = s->stage[i].phase == SECG_PHASE_EXERCISE ||
                          s->stage[i].phase == SECG_PHASE_RECOVERY;
            if (!in_test || st->why != SECG_MEASURED || !(fabsf(st->level_mv) > most))
                continue;
            most = fabsf(st->level_mv);
            found = (int)i;
            *lead = k;
        }
    return found;
}

static void sort_shown(secg_rows *list)
{
    for (int i = 1; i < list->count; i++)
        for (int at = i; at > 0 && list->stage[at - 1] > list->stage[at]; at--) {
            int stage = list->stage[at];
            list->stage[at] = list->stage[at - 1];
            list->stage[at - 1] = stage;
        }
}

secg_rows secg_rows_overview(const secg_summary *s)
{
    size_t lead;
    secg_rows list = {.rest = rest_stage(s)};
    show(&list, list.rest);
    show(&list, find_stage(s, SECG_PHASE_NONE, 1));
    show(&list, find_stage(s, SECG_PHASE_EXERCISE, 1));
    show(&list, furthest_st(s, &lead));
    show(&list, find_stage(s, SECG_PHASE_RECOVERY, 1));
    show(&list, find_stage(s, SECG_PHASE_RECOVERY, 0));
    sort_shown(&list);
    return list;
}

size_t secg_rows_count(const secg_summary *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->stages; i++)
        count += (size_t)has_complex(s, i);
    return count;
}

secg_rows secg_rows_from(const secg_summary *s, size_t first, size_t most)
{
    secg_rows list = {.rest = rest_stage(s)};
    for (size_t i = 0; i < s->stages && (size_t)list.count < most; i++) {
        if (!has_complex(s, i))
            continue;
        if (first > 0)
            first--;
        else
            list.stage[list.count++] = (int)i;
    }
    return list;
}

void secg_rows_mark_text(const secg_summary *s, int stage, char *text, size_t size)
{
    size_t lead = 0;
    text[0] = '\0';
    if (stage == find_stage(s, SECG_PHASE_PRETEST, 1))
        secg_format_append(text, size, "rest");
    if (stage == find_stage(s, SECG_PHASE_EXERCISE, 1))
        secg_format_append(text, size, "peak");
    if (s->calibrated && stage == furthest_st(s, &lead))
        secg_format_append(text, size, "%smax ST %s", text[0] ? ", " : "", s->lead[lead].name);
}
