/* Words that judge, domain.md 7.4.  The list is data: a version, and for each term what it is and
 * how hard it is.
 *
 * A term is found without regard to (ASCII) case, at word boundaries.  In a term
 *     a blank   is any run of blanks, line ends or hyphens
 *     *         at the end of a word: the word may go on
 *     #         at its end: not when a number stands in the same clause, since
 *               "ST depression 1.2 mm in V5" is a measurement and "ST changes" a question
 * Terms overlap ("significant", "significant ischemia"): at one place the hard one and then the
 * longest counts, and the search goes on behind it. */
#include <stressecg/claim.h>

#include <string.h>

#define VERSION "en-1"

enum { ASK = 0, HARD = 1 };

typedef struct term {
    const char *text;
    uint8_t hard;
    uint8_t resting_may; /* 1: belongs in the descriptor of the resting ECG                 */
    const char *rule;
} term;

static const char disease[] = "names a disease";
static const char result[] = "states a result";
static const char heading[] = "heads an interpretation";
static const char score[] = "scores or grades risk";
static const char advice[] = "advises";
static const char capacity[] = "judges capacity or adequacy";
static const char unmeasured[] = "change without a number";
static const char vague[] = "judges, or may be a fact";
static const char resting[] = "resting finding in exercise notes";

static const term terms[] = {
    {"ischemi*", HARD, 0, disease},
    {"ischaemi*", HARD, 0, disease},
    {"isch\xc3\xa6mi*", HARD, 0, disease},
    {"infarct*", HARD, 0, disease},
    {"significant st", HARD, 0, disease},
    {"significant cad", HARD, 0, disease},
    {"significant coronary", HARD, 0, disease},
    {"significant ischemi*", HARD, 0, disease},
    {"significant ischaemi*", HARD, 0, disease},
    {"prognos*", HARD, 0, score},
    {"positive for", HARD, 0, result},
    {"negative for", HARD, 0, result},
    {"positive test", HARD, 0, result},
    {"negative test", HARD, 0, result},
    {"positive study", HARD, 0, result},
    {"negative study", HARD, 0, result},
    {"positive stress", HARD, 0, result},
    {"negative stress", HARD, 0, result},
    {"test positive", HARD, 0, result},
    {"test negative", HARD, 0, result},
    {"test is positive", HARD, 0, result},
    {"test is negative", HARD, 0, result},
    {"test was positive", HARD, 0, result},
    {"test was negative", HARD, 0, result},
    {"study is positive", HARD, 0, result},
    {"study is negative", HARD, 0, result},
    {"study was positive", HARD, 0, result},
    {"study was negative", HARD, 0, result},
    {"normal study", HARD, 0, result},
    {"abnormal study", HARD, 0, result},
    {"normal stress test", HARD, 0, result},
    {"abnormal stress test", HARD, 0, result},
    {"consistent with", HARD, 0, result},
    {"suggestive of", HARD, 0, result},
    {"diagnostic of", HARD, 0, result},
    {"diagnostic for", HARD, 0, result},
    {"non diagnostic", HARD, 0, result},
    {"nondiagnostic", HARD, 0, result},
    {"equivocal", HARD, 0, result},
    {"cannot rule out", HARD, 0, result},
    {"impression:", HARD, 0, heading},
    {"conclusion:", HARD, 0, heading},
    {"interpretation:", HARD, 0, heading},
    {"diagnosis:", HARD, 0, heading},
    {"duke score", HARD, 0, score},
    {"duke treadmill score", HARD, 0, score},
    {"low risk", HARD, 0, score},
    {"intermediate risk", HARD, 0, score},
    {"high risk", HARD, 0, score},
    {"recommend* cath*", HARD, 0, advice},
    {"recommend* angiogra*", HARD, 0, advice},
    {"recommend* coronary angiogra*", HARD, 0, advice},
    {"recommend* cardiac cath*", HARD, 0, advice},
    {"chronotropic incompetence", HARD, 0, capacity},
    {"good functional capacity", HARD, 0, capacity},
    {"poor functional capacity", HARD, 0, capacity},
    {"adequate stress", HARD, 0, capacity},
    {"inadequate stress", HARD, 0, capacity},
    {"adequate diagnostic", HARD, 0, capacity},
    {"inadequate diagnostic", HARD, 0, capacity},
    {"significant", ASK, 0, vague},
    {"abnormal*", ASK, 0, vague},
    {"normal sinus rhythm", ASK, 1, vague},
    {"lbbb", ASK, 1, resting},
    {"rbbb", ASK, 1, resting},
    {"lvh", ASK, 1, resting},
    {"st change*#", ASK, 0, unmeasured},
    {"st depression*#", ASK, 0, unmeasured},
    {"st elevation*#", ASK, 0, unmeasured},
    {"st segment change*#", ASK, 0, unmeasured},
    {"st segment depression*#", ASK, 0, unmeasured},
    {"st segment elevation*#", ASK, 0, unmeasured},
};

const char *secg_wording_version(void)
{
    return VERSION;
}

/* ---- matching -------------------------------------------------------------------------------------- */

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Every byte of a character beyond ASCII counts as a letter. */
static int in_word(unsigned char c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c >= 0x80;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '-';
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_blanks(const char *text)
{
    while (is_blank(*text))
        text++;
    return text;
}

static const char *skip_word(const char *text)
{
    while (in_word((unsigned char)*text))
        text++;
    return text;
}

/* Length of the text that the term covers at this place; 0: it does not stand here. */
static size_t match(const char *text, const char *want)
{
    const char *at = text;
    for (; *want && *want != '#'; want++) {
        if (*want == '*') {
            at = skip_word(at);
        } else if (*want == ' ') {
            if (!is_blank(*at))
                return 0;
            at = skip_blanks(at);
        } else if (*want == ':') {
            at = skip_blanks(at);
            if (*at++ != ':')
                return 0;
        } else if (lower((unsigned char)*at++) != (unsigned char)*want) {
            return 0;
        }
    }
    int cut = at > text && in_word((unsigned char)at[-1]) && in_word((unsigned char)*at);
    return cut ? 0 : (size_t)(at - text);
}

/* A point between digits is part of a number; other marks end a clause. */
static int ends_clause(const char *text, const char *at)
{
    if (*at == '.')
        return !(at > text && is_digit(at[-1]) && is_digit(at[1]));
    return *at == '\0' || *at == ';' || *at == '\n' || *at == '!' || *at == '?';
}

/* A figure, which a lead's name ("V5") or a point ("J+80") is not. */
static int is_number(const char *text, const char *at)
{
    if (!is_digit(*at))
        return 0;
    return at == text || !(in_word((unsigned char)at[-1]) || at[-1] == '+' || at[-1] == '/');
}

static int has_number(const char *text, const char *hit)
{
    const char *from = hit;
    while (from > text && !ends_clause(text, from - 1))
        from--;
    for (; !ends_clause(text, from); from++)
        if (is_number(text, from))
            return 1;
    return 0;
}

static int stands(const term *t, const char *text, const char *at, secg_wording_field field,
                  size_t *length)
{
    if (field == SECG_WORDING_RESTING && t->resting_may)
        return 0;
    *length = match(at, t->text);
    if (*length == 0)
        return 0;
    return t->text[strlen(t->text) - 1] != '#' || !has_number(text, at);
}

static const term *best_at(const char *text, const char *at, secg_wording_field field,
                           size_t *longest)
{
    const term *best = NULL;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        size_t length;
        if (!stands(&terms[i], text, at, field, &length))
            continue;
        int harder = best && terms[i].hard != best->hard ? terms[i].hard : -1;
        if (!best || harder == 1 || (harder < 0 && length > *longest)) {
            best = &terms[i];
            *longest = length;
        }
    }
    return best;
}

static secg_wording_hit make_hit(const term *t, size_t offset, size_t length)
{
    secg_wording_hit hit = {.offset = offset, .length = length, .hard = t->hard};
    strncpy(hit.rule, t->rule, sizeof hit.rule - 1);
    return hit;
}

size_t secg_wording_check(const char *text, secg_wording_field field, secg_wording_hit *hits,
                          size_t room)
{
    size_t count = 0;
    if (field == SECG_WORDING_QUOTED)
        return 0;
    for (const char *at = text; at && *at;) {
        size_t length = 0;
        int inside = at > text && in_word((unsigned char)at[-1]);
        const term *t = inside ? NULL : best_at(text, at, field, &length);
        if (!t) {
            at++;
            continue;
        }
        if (hits && count < room)
            hits[count] = make_hit(t, (size_t)(at - text), length);
        count++;
        at += length;
    }
    return count;
}
