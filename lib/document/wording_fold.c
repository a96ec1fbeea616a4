#include "document/wording_fold.h"

#include <string.h>

/* ---- characters ------------------------------------------------------------------------------------- */

enum { NONE = 0xfffd };

/* One character; *next: the byte behind it.  What is not UTF-8 is one byte of NONE. */
static uint32_t decode(const char *text, size_t at, size_t *next)
{
    const unsigned char *p = (const unsigned char *)text + at;
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    *next = at + 1;
    if (p[0] < 0x80)
        return p[0];
    int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : 1;
    uint32_t c = p[0] & (0x3fu >> more);
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return NONE;
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return NONE;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[more])
        return NONE;
    *next = at + 1 + (size_t)more;
    return c;
}

static int is_invisible(uint32_t c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff ||
           (c >= 0x300 && c <= 0x36f);
}

static int is_hyphen(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe63 || c == 0xff0d;
}

static int is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x2028;
}

/* Latin-1 and Latin Extended-A to base letters; '?' where there is none. */
static char base_letter(uint32_t c)
{
    static const char latin1[] = "aaaaaaeceeeeiiiidnooooo?ouuuuyps"
                                 "aaaaaaeceeeeiiiidnooooo?ouuuuypy";
    static const char extended[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
                                   "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuu"
                                   "wwyyyzzzzzzs";
    if (c >= 0xc0 && c <= 0xff)
        return latin1[c - 0xc0];
    if (c == 0x152 || c == 0x153)
        return 'e';
    if (c >= 0x100 && c < 0x100 + sizeof extended - 1)
        return extended[c - 0x100];
    return '?';
}

/* The folded letters of a character, at most three; "": it is no part of a word. */
static const char *fold(uint32_t c, char room[2])
{
    static const char *const ligature[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    room[1] = '\0';
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    if (c == 0x2019 || c == 0x2018 || c == 0x2bc || c == '`' || c == 0xb4)
        c = '\'';
    if (c >= 0xfb00 && c <= 0xfb06)
        return ligature[c - 0xfb00];
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'')
        room[0] = (char)c;
    else if (c >= 0xc0 && c < 0x180 && c != 0xd7 && c != 0xf7)
        room[0] = base_letter(c);
    else if (c >= 0x180 && c < 0x2000)
        room[0] = '?'; /* a letter of another script: part of a word, equal to none         */
    else
        room[0] = '\0';
    return room;
}

/* ---- words -------------------------------------------------------------------------------------------- */

/* Behind a hyphen that stands at the end of a line; the same place where there is none. */
static size_t behind_line_hyphen(const char *text, size_t at)
{
    size_t next, behind;
    if (!is_hyphen(decode(text, at, &next)))
        return at;
    while (text[next] == ' ' || text[next] == '\r')
        next++;
    if (text[next] != '\n')
        return at;
    for (behind = next + 1; text[behind] == ' ' || text[behind] == '\t';)
        behind++;
    return behind;
}

static void add_mark(const char *text, size_t at, size_t next, uint32_t c, secg_folded_word *word)
{
    uint32_t mark = 0;
    size_t unused;
    if (c == '.')
        mark = SECG_MARK_POINT;
    else if (c == ';' || c == '!' || c == '?')
        mark = SECG_MARK_CLAUSE;
    else if (c == ',')
        mark = SECG_MARK_COLON;
    else if (c == ':' || c == '=' || c == 0xff1a)
        mark = SECG_MARK_COLON | SECG_MARK_HEADING;
    else if (is_hyphen(c) && at > 0 && is_blank((unsigned char)text[at - 1]) &&
             is_blank(decode(text, next, &unused)))
        mark = SECG_MARK_COLON | SECG_MARK_HEADING;
    else if (is_hyphen(c) || c == '+')
        mark = SECG_MARK_MINUS;
    if ((mark & SECG_MARK_HEADING) && !(word->marks & SECG_MARK_HEADING))
        word->marks_at = next;
    word->marks |= mark;
}

static void take_letters(const char *text, size_t at, secg_folded_word *word)
{
    char room[2];
    size_t next;
    word->start = at;
    while (text[at]) {
        uint32_t c = decode(text, at, &next);
        const char *letters = fold(c, room);
        size_t joined = behind_line_hyphen(text, at);
        if (joined > at && text[joined]) {
            at = joined;
            continue;
        }
        if (!letters[0] && !is_invisible(c))
            break;
        for (; *letters && !is_invisible(c) && word->letters < SECG_FOLDED_LETTERS - 1; letters++)
            word->letter[word->letters++] = *letters;
        at = next;
    }
    word->letter[word->letters] = '\0';
    word->end = at;
}

int secg_folded_word_read(const char *text, size_t from, secg_folded_word *word)
{
    char room[2];
    size_t next;
    memset(word, 0, sizeof *word);
    for (size_t at = from; text[at]; at = next) {
        uint32_t c = decode(text, at, &next);
        if (fold(c, room)[0] && c != '\'' && c != 0x2018 && c != 0x2019 && c != '`') {
            take_letters(text, at, word);
            return 1;
        }
        add_mark(text, at, next, c, word);
    }
    word->marks |= SECG_MARK_CLAUSE;
    word->start = word->end = from + strlen(text + from);
    return 0;
}
