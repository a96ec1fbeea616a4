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

static secg_shown_complexes of_stage(const secg_summary *s, int stage)
{
    const secg_stage_summary *row = &s->stage[stage];
    return (secg_shown_complexes){stage, row->end, row->complex, row->complex_mv};
}

static void show(const secg_summary *s, secg_rows *list, int stage)
{
    for (int i = 0; i < list->count; i++)
        if (list->shown[i].stage == stage)
            return;
    if (stage >= 0 && list->count < MAX_OVERVIEW)
        list->shown[list->count++] = of_stage(s, stage);
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

static secg_shown_complexes rest_of(const secg_summary *s)
{
    int rest = rest_stage(s);
    return rest >= 0 ? of_stage(s, rest) : (secg_shown_complexes){.stage = -1};
}

/* ---- the furthest ST ----------------------------------------------------------------------------- */

/* The extreme of the summary that is further from 0, and its lead; NULL: none was measured. */
static const secg_peak *furthest(const secg_summary *s, int *lead)
{
    const secg_peak *low = &s->st_lowest, *high = &s->st_highest;
    int has_low = low->value.why == SECG_MEASURED && s->st_lowest_lead >= 0;
    int has_high = high->value.why == SECG_MEASURED && s->st_highest_lead >= 0;
    if (!s->calibrated || (!has_low && !has_high))
        return NULL;
    int is_low = has_low && (!has_high || fabsf(low->value.value) >= fabsf(high->value.value));
    *lead = is_low ? s->st_lowest_lead : s->st_highest_lead;
    return is_low ? low : high;
}

/* The row whose own complexes are those of the extreme; -1: none. */
static int stage_of_table(const secg_summary *s, int64_t sample)
{
    for (size_t i = 0; i < s->stages; i++)
        for (size_t k = 0; has_complex(s, i) && k < s->leads; k++)
            if (s->stage[i].complex[k].samples > 0 && s->stage[i].complex[k].sample == sample)
                return (int)i;
    return -1;
}

static void show_furthest(const secg_summary *s, secg_rows *list)
{
    int lead;
    const secg_peak *peak = furthest(s, &lead);
    if (!peak)
        return;
    int stage = stage_of_table(s, peak->sample);
    const secg_complex_table *table =
        peak == &s->st_lowest ? &s->st_lowest_table : &s->st_highest_table;
    if (stage >= 0)
        show(s, list, stage);
    else if (table->complex && table->complex_mv && table->complex[lead].samples > 0 &&
             list->count < MAX_OVERVIEW)
        list->shown[list->count++] =
            (secg_shown_complexes){-1, table->sample, table->complex, table->complex_mv};
}

/* ---- lists --------------------------------------------------------------------------------------- */

static void sort_shown(secg_rows *list)
{
    for (int i = 1; i < list->count; i++)
        for (int at = i; at > 0 && list->shown[at - 1].sample > list->shown[at].sample; at--) {
            secg_shown_complexes shown = list->shown[at];
            list->shown[at] = list->shown[at - 1];
            list->shown[at - 1] = shown;
        }
}

secg_rows secg_rows_overview(const secg_summary *s)
{
    secg_rows list = {.rest = rest_of(s)};
    show(s, &list, list.rest.stage);
    show(s, &list, find_stage(s, SECG_PHASE_NONE, 1));
    show(s, &list, find_stage(s, SECG_PHASE_EXERCISE, 1));
    show_furthest(s, &list);
    show(s, &list, find_stage(s, SECG_PHASE_RECOVERY, 1));
    show(s, &list, find_stage(s, SECG_PHASE_RECOVERY, 0));
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
    secg_rows list = {.rest = rest_of(s)};
    for (size_t i = 0; i < s->stages && (size_t)list.count < most; i++) {
        if (!has_complex(s, i))
            continue;
        if (first > 0)
            first--;
        else
            list.shown[list.count++] = of_stage(s, (int)i);
    }
    return list;
}

void secg_rows_mark_text(const secg_summary *s, const secg_shown_complexes *shown, char *text,
                         size_t size)
{
    int lead;
    const secg_peak *peak = furthest(s, &lead);
    text[0] = '\0';
    if (shown->stage >= 0 && shown->stage == find_stage(s, SECG_PHASE_PRETEST, 1))
        secg_format_append(text, size, "rest");
    if (shown->stage >= 0 && shown->stage == find_stage(s, SECG_PHASE_EXERCISE, 1))
        secg_format_append(text, size, "peak");
    if (peak && (shown->stage < 0 || shown->stage == stage_of_table(s, peak->sample)))
        secg_format_append(text, size, "%smax ST %s", text[0] ? ", " : "", s->lead[lead].name);
}
