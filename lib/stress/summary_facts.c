/* Facts in order of time, and their corrections.  A corrected fact stays in the timeline; the summary
 * goes by what was entered instead, and lists both. */
#include "stress/summary_parts.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    const secg_dated *x = a, *y = b;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

/* In force: not corrected, and not a retraction, which says nothing else. */
static size_t list_in_force(const secg_test *test, const uint8_t *corrected, secg_dated *order)
{
    size_t count = 0;
    for (size_t i = 0; i < test->facts; i++) {
        size_t index = test->order[i];
        if (!corrected[index] && test->fact[index].kind != SECG_FACT_RETRACTION)
            order[count++] = (secg_dated){test->fact[index].sample, index, i};
    }
    return count;
}

static size_t list_corrections(const secg_test *test, uint8_t *corrected, secg_correction *list)
{
    size_t count = 0;
    for (size_t i = 0; i < test->facts; i++) {
        const secg_fact *fact = &test->fact[i];
        if (!fact->corrects)
            continue;
        corrected[fact->corrects - 1] = 1;
        list[count++] = (secg_correction){.original = test->fact[fact->corrects - 1],
                                          .correction = *fact,
                                          .number = fact->corrects};
    }
    return count;
}

void secg_summary_facts(const secg_test *test, secg_summary_room *room)
{
    secg_summary *summary = room->summary;
    summary->corrections = list_corrections(test, room->corrected, room->correction);
    summary->correction = room->correction;
    summary->facts = list_in_force(test, room->corrected, room->dated);
    summary->fact = room->fact;
    if (summary->facts > 0)
        qsort(room->dated, summary->facts, sizeof *room->dated, by_time);
    for (size_t i = 0; i < summary->facts; i++)
        room->fact[i] = test->fact[room->dated[i].index];
}
