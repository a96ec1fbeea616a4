/* Which leads are shown where: in the standard order everywhere, the strips in the order asked
 * for, and the few that stand for all where there is little room. */
#include "report/book.h"

#include <stdio.h>

/* The frontal plane from left to right, then the chest; aVR turned round, so that it lies between
 * its neighbours as the others do. */
static const secg_lead cabrera[] = {SECG_LEAD_AVL, SECG_LEAD_I,   SECG_LEAD_AVR, SECG_LEAD_II,
                                    SECG_LEAD_AVF, SECG_LEAD_III, SECG_LEAD_V1,  SECG_LEAD_V2,
                                    SECG_LEAD_V3,  SECG_LEAD_V4,  SECG_LEAD_V5,  SECG_LEAD_V6};

static int standard_rank(secg_lead lead)
{
    return lead == SECG_LEAD_OTHER ? SECG_LEAD_COUNT : (int)lead;
}

static int cabrera_rank(secg_lead lead)
{
    for (size_t i = 0; i < sizeof cabrera / sizeof *cabrera; i++)
        if (cabrera[i] == lead)
            return (int)i - SECG_LEAD_COUNT;
    return standard_rank(lead);
}

/* By rank, those of one rank as they come. */
static void sort_by(const secg_summary *s, size_t leads, int (*rank_of)(secg_lead), size_t *order)
{
    int rank[SECG_MAX_LEADS];
    for (size_t k = 0; k < leads; k++) {
        int value = rank_of(s->lead[k].lead);
        size_t at = k;
        for (; at > 0 && rank[at - 1] > value; at--) {
            rank[at] = rank[at - 1];
            order[at] = order[at - 1];
        }
        rank[at] = value;
        order[at] = k;
    }
}

static secg_shown_lead shown(const secg_summary *s, size_t index, int inverted)
{
    secg_shown_lead lead = {.index = index, .sign = inverted ? -1 : 1};
    snprintf(lead.name, sizeof lead.name, "%s%.*s", inverted ? "-" : "",
             (int)sizeof s->lead[index].name, s->lead[index].name);
    return lead;
}

/* Of the leads wanted, those there are, up to `most`; then others in order, up to `least`. */
static size_t pick(const secg_book *book, const secg_lead *wanted, size_t count, size_t most,
                   size_t least, size_t *found)
{
    size_t picked = 0;
    for (size_t w = 0; w < count && picked < most; w++)
        for (size_t k = 0; k < book->leads; k++)
            if (book->summary->lead[book->lead[k]].lead == wanted[w]) {
                found[picked++] = book->lead[k];
                break;
            }
    for (size_t k = 0; k < book->leads && picked < least; k++) {
        int taken = 0;
        for (size_t i = 0; i < picked; i++)
            taken |= found[i] == book->lead[k];
        if (!taken)
            found[picked++] = book->lead[k];
    }
    return picked;
}

/* II by custom, else V5, else whatever comes first. */
static void choose_rhythm_lead(secg_book *book)
{
    static const secg_lead wanted[] = {SECG_LEAD_II, SECG_LEAD_MLII, SECG_LEAD_V5};
    size_t found[SECG_MAX_LEADS];
    if (pick(book, wanted, 3, 1, 1, found) > 0)
        book->rhythm_lead = shown(book->summary, found[0], 0);
}

size_t secg_book_few_leads(const secg_book *book, size_t count, secg_shown_lead *few)
{
    static const secg_lead wanted[] = {SECG_LEAD_II, SECG_LEAD_V5, SECG_LEAD_V1};
    size_t found[SECG_MAX_LEADS], least = count < book->leads ? count : book->leads;
    size_t picked = pick(book, wanted, 3, least, least, found);
    size_t kept = 0;
    for (size_t k = 0; k < book->leads; k++)
        for (size_t i = 0; i < picked; i++)
            if (found[i] == book->lead[k])
                few[kept++] = shown(book->summary, found[i], 0);
    return kept;
}

void secg_book_choose_leads(secg_book *book)
{
    const secg_summary *s = book->summary;
    size_t order[SECG_MAX_LEADS], leads = s->lead ? s->leads : 0;
    int is_cabrera = book->options->lead_order == SECG_LEADS_CABRERA;
    book->leads = leads < SECG_MAX_LEADS ? leads : SECG_MAX_LEADS;
    sort_by(s, book->leads, standard_rank, book->lead);
    sort_by(s, book->leads, is_cabrera ? cabrera_rank : standard_rank, order);
    for (size_t k = 0; k < book->leads; k++)
        book->strip_lead[k] =
            shown(s, order[k], is_cabrera && s->lead[order[k]].lead == SECG_LEAD_AVR);
    choose_rhythm_lead(book);
}
