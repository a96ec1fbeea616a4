/* The wording guard, domain.md 7.4: finds the terms of wording_terms.c in a text.
 *
 * Terms overlap ("significant", "significant ischemia"): at one place the hard one and then the
 * longest counts, and the search goes on behind it. */
#include "document/wording_fold.h"
#include "document/wording_terms.h"

#include <stressecg/claim.h>
#include <string.h>

typedef secg_folded_word word;

/* ---- one word ---------------------------------------------------------------------------------------- */

/* `want` up to its end or a bar, with * at either end. */
static int is_word(const word *got, const char *want, size_t length)
{
    int open_front = length > 0 && want[0] == '*', open_end = length > 1 && want[length - 1] == '*';
    want += open_front;
    length -= (size_t)(open_front + open_end);
    if (length > got->letters)
        return 0;
    for (size_t i = 0; i <= (open_front ? got->letters - length : 0); i++)
        if (memcmp(got->letter + i, want, length) == 0 && (open_end || i + length == got->letters))
            return 1;
    return 0;
}

/* One of "a|b|c", which ends at a blank or the end. */
static int is_one_of(const word *got, const char *list)
{
    size_t length;
    for (;; list += length + 1) {
        length = strcspn(list, "| ");
        if (is_word(got, list, length))
            return 1;
        if (list[length] != '|')
            return 0;
    }
}

static int is_number(const word *got)
{
    return got->letters > 0 && got->letter[0] >= '0' && got->letter[0] <= '9';
}

/* Whether a word follows closely enough to belong to the same term: a point only after an
 * abbreviation ("pos. for"), for a sentence may end with any other word ("on the ECG. Normal gait"). */
static int follows(const word *before, const word *next, uint32_t allowed)
{
    uint32_t marks = next->marks & ~(uint32_t)(SECG_MARK_MINUS | SECG_MARK_HEADING);
    if (is_one_of(before, secg_wording_abbreviations))
        marks &= ~(uint32_t)SECG_MARK_POINT;
    return (marks & ~allowed) == 0;
}

/* ---- a term ------------------------------------------------------------------------------------------- */

static const char *next_part(const char *part)
{
    part += strcspn(part, " ");
    return *part ? part + 1 : part;
}

/* Bytes of text that the rest of a term covers, up to its end; 0: it does not stand here.  `at` is
 * the word just matched.  Terms have fewer than ten parts, which bounds the recursion. */
static size_t match_rest(const char *text, const word *at, const char *part);

static size_t match_link(const char *text, const word *at, const char *part, int most,
                         const char *links, uint32_t allowed)
{
    word next;
    size_t end = 0;
    if (!secg_folded_word_read(text, at->end, &next) || !follows(at, &next, allowed))
        return 0;
    if (is_one_of(&next, part))
        end = match_rest(text, &next, next_part(part));
    if (end == 0 && most > 0 && (!links || is_one_of(&next, links)))
        end = match_link(text, &next, part, most - 1, links, allowed);
    return end;
}

/* "!@": not a number; "!a|b": none of these. */
static int is_refused(const char *text, const word *at, const char *part)
{
    word next;
    if (!secg_folded_word_read(text, at->end, &next) || !follows(at, &next, 0))
        return 0;
    return part[1] == '@' ? is_number(&next) : is_one_of(&next, part + 1);
}

static size_t match_optional(const char *text, const word *at, const char *part)
{
    word next;
    size_t end = 0;
    if (secg_folded_word_read(text, at->end, &next) && follows(at, &next, 0) &&
        is_one_of(&next, part + 1))
        end = match_rest(text, &next, next_part(part));
    return end ? end : match_rest(text, at, next_part(part));
}

static size_t match_mark(const char *text, const word *at, const char *part)
{
    word next;
    secg_folded_word_read(text, at->end, &next);
    if (part[0] == '@')
        return next.letters > 0 && is_number(&next) && follows(at, &next, SECG_MARK_COLON)
                   ? next.end
                   : 0;
    return (next.marks & SECG_MARK_HEADING) && !(next.marks & SECG_MARK_POINT) ? next.marks_at : 0;
}

static size_t match_rest(const char *text, const word *at, const char *part)
{
    switch (part[0]) {
    case '\0':
    case '#':
        return at->end;
    case '?':
        return match_optional(text, at, part);
    case '~':
        return match_link(text, at, next_part(part), 2, NULL, 0);
    case '%':
        return match_link(text, at, next_part(part), 3, secg_wording_links, SECG_MARK_COLON);
    case ':':
    case '@':
        return match_mark(text, at, part);
    case '!':
        return is_refused(text, at, part) ? 0 : match_rest(text, at, next_part(part));
    default:
        return match_link(text, at, part, 0, NULL, 0);
    }
}

/* A clause is looked through so far to either side: it bounds the work. */
enum { LONGEST_CLAUSE = 500 };

/* ---- the clause around it ------------------------------------------------------------------------------- */

/* A point between digits is part of a number; other marks end a clause. */
static int ends_clause(const char *text, size_t at)
{
    char c = text[at];
    if (c == '.')
        return !(at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9' && text[at + 1] >= '0' &&
                 text[at + 1] <= '9');
    return c == '\0' || c == ';' || c == '\n' || c == '!' || c == '?';
}

/* A figure, which a lead's name ("V5") or a point ("J+80") is not; words begin with a letter there. */
static int has_number(const char *text, size_t hit)
{
    word next;
    size_t from = hit, to = hit;
    while (from > 0 && hit - from < LONGEST_CLAUSE && !ends_clause(text, from - 1))
        from--;
    while (to - hit < LONGEST_CLAUSE && !ends_clause(text, to))
        to++;
    for (; secg_folded_word_read(text, from, &next) && next.start < to; from = next.end) {
        char before = next.start > 0 ? text[next.start - 1] : ' ';
        if (is_number(&next) && before != '+' && before != '/')
            return 1;
    }
    return 0;
}

/* ---- a place in the text ----------------------------------------------------------------------------------- */

typedef struct place {
    const word *at, *before, *before_that; /* letters 0: none                              */
} place;

static size_t stands(const secg_wording_term *t, const char *text, const place *p,
                     secg_wording_field field)
{
    const char *part = t->text;
    if (field == SECG_WORDING_RESTING && t->resting_may)
        return 0;
    if (part[0] == '<') {
        if (is_one_of(p->before, part + 1) || is_one_of(p->before_that, part + 1))
            return 0;
        part = next_part(part);
    }
    if (!is_one_of(p->at, part))
        return 0;
    size_t end = match_rest(text, p->at, next_part(part));
    return end && t->text[strlen(t->text) - 1] == '#' && has_number(text, p->at->start) ? 0 : end;
}

static const secg_wording_term *best_at(const char *text, const place *p, secg_wording_field field,
                                        size_t *furthest)
{
    const secg_wording_term *best = NULL;
    for (size_t i = 0; i < secg_wording_term_count; i++) {
        const secg_wording_term *t = &secg_wording_terms[i];
        size_t end = best && best->hard && !t->hard ? 0 : stands(t, text, p, field);
        if (end && (!best || t->hard > best->hard || end > *furthest)) {
            best = t;
            *furthest = end;
        }
    }
    return best;
}

static secg_wording_hit make_hit(const secg_wording_term *t, size_t offset, size_t length)
{
    secg_wording_hit hit = {.offset = offset, .length = length, .hard = t->hard};
    strncpy(hit.rule, t->rule, sizeof hit.rule - 1);
    return hit;
}

size_t secg_wording_check(const char *text, secg_wording_field field, secg_wording_hit *hits,
                          size_t capacity)
{
    size_t count = 0, from = 0, end = 0;
    word ring[3] = {{0}};
    if (!text || field == SECG_WORDING_QUOTED)
        return 0;
    for (unsigned n = 0; secg_folded_word_read(text, from, &ring[n % 3]); n++) {
        place p = {&ring[n % 3], &ring[(n + 2) % 3], &ring[(n + 1) % 3]};
        const secg_wording_term *t = best_at(text, &p, field, &end);
        if (t && hits && count < capacity)
            hits[count] = make_hit(t, p.at->start, end - p.at->start);
        count += t != NULL;
        from = t && end > p.at->end ? end : p.at->end;
    }
    return count;
}
