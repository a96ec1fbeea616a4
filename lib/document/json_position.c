/* A second, smaller reader of JSON: it skips values and compares keys, and never looks past the end
 * of the text, whatever stands in it.  One pass for each step of the path. */
#include "document/json_position.h"

#include <string.h>

typedef struct scanner {
    const char *text;
    size_t size, at;
} scanner;

static int peek(const scanner *s)
{
    return s->at < s->size ? (unsigned char)s->text[s->at] : -1;
}

static void skip_blanks(scanner *s)
{
    for (int c = peek(s); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(s))
        s->at++;
}

/* From the opening quote to behind the closing one. */
static void skip_string(scanner *s)
{
    s->at++;
    for (int c = peek(s); c >= 0 && c != '"'; c = peek(s))
        s->at += c == '\\' && s->at + 1 < s->size ? 2 : 1;
    if (s->at < s->size)
        s->at++;
}

static int ends_word(int c)
{
    return c < 0 || (c > 0 && strchr(" \t\r\n,:[]{}\"", c) != NULL);
}

static void skip_word(scanner *s)
{
    while (!ends_word(peek(s)))
        s->at++;
}

/* Nesting is counted, not followed by recursion, so depth costs nothing. */
static void skip_value(scanner *s)
{
    size_t depth = 0;
    do {
        skip_blanks(s);
        int c = peek(s);
        if (c < 0)
            return;
        if (c == '"') {
            skip_string(s);
        } else if (c == '{' || c == '[') {
            depth++;
            s->at++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return;
            depth--;
            s->at++;
        } else if (c == ',' || c == ':') {
            if (depth == 0)
                return;
            s->at++;
        } else {
            skip_word(s);
        }
    } while (depth > 0);
}

/* ---- keys ----------------------------------------------------------------------------------- */

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits at s->at; -1 and nothing taken when they are not there. */
static long hex_four(scanner *s)
{
    long value = 0;
    if (s->size - s->at < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        int digit = hex_digit((unsigned char)s->text[s->at + i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    s->at += 4;
    return value;
}

static size_t put_utf8(long code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const int lead[] = {0, 0xc0, 0xe0, 0xf0};
    for (size_t i = more; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[more] | code);
    return more + 1;
}

static long second_half(scanner *s, long first)
{
    scanner ahead = *s;
    if (ahead.size - ahead.at < 2 || memcmp(ahead.text + ahead.at, "\\u", 2) != 0)
        return first;
    ahead.at += 2;
    long second = hex_four(&ahead);
    if (second < 0xdc00 || second > 0xdfff)
        return first;
    *s = ahead;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/* One character of a string, unescaped, behind s->at; its bytes. */
static size_t take_character(scanner *s, char *out)
{
    static const char name[] = "\"\\/bfnrt", value[] = "\"\\/\b\f\n\r\t";
    out[0] = s->text[s->at++];
    if (out[0] != '\\' || s->at >= s->size)
        return 1;
    int escape = (unsigned char)s->text[s->at++];
    const char *at = escape ? strchr(name, escape) : NULL;
    if (at) {
        out[0] = value[at - name];
        return 1;
    }
    long code = escape == 'u' ? hex_four(s) : -1;
    if (code < 0) {
        out[0] = (char)escape;
        return 1;
    }
    return put_utf8(code >= 0xd800 && code <= 0xdbff ? second_half(s, code) : code, out);
}

/* Goes behind the string; whether it was `key`. */
static int take_key(scanner *s, const char *key)
{
    size_t matched = 0, length = strlen(key);
    int same = 1;
    s->at++;
    while (peek(s) >= 0 && peek(s) != '"') {
        char out[4];
        size_t bytes = take_character(s, out);
        same = same && bytes <= length - matched && memcmp(key + matched, out, bytes) == 0;
        matched += same ? bytes : 0;
    }
    if (s->at < s->size)
        s->at++;
    return same && matched == length;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static int take_mark(scanner *s, int mark)
{
    skip_blanks(s);
    if (peek(s) != mark)
        return 0;
    s->at++;
    skip_blanks(s);
    return 1;
}

static int step_to_key(scanner *s, const char *key, size_t *key_at)
{
    size_t found = 0;
    int any = 0;
    if (!take_mark(s, '{'))
        return 0;
    while (peek(s) == '"') {
        size_t start = s->at;
        int same = take_key(s, key);
        if (!take_mark(s, ':'))
            break;
        if (same) {
            found = s->at;
            *key_at = start;
            any = 1;
        }
        skip_value(s);
        if (!take_mark(s, ','))
            break;
    }
    if (any)
        s->at = found;
    return any;
}

static int step_to_index(scanner *s, size_t index)
{
    if (!take_mark(s, '['))
        return 0;
    for (size_t i = 0; i < index; i++) {
        skip_value(s);
        if (!take_mark(s, ','))
            return 0;
    }
    return peek(s) >= 0 && peek(s) != ']';
}

secg_json_position secg_json_position_at(const char *text, size_t size, size_t offset)
{
    secg_json_position position = {.offset = offset < size ? offset : size, .line = 1, .column = 1};
    for (size_t i = 0; i < position.offset; i++) {
        if (text[i] == '\n') {
            position.line++;
            position.column = 1;
        } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
            position.column++;
        }
    }
    return position;
}

int secg_json_find(const char *text, size_t size, const secg_json_step *path, size_t steps,
                   secg_json_part part, secg_json_position *position)
{
    scanner s = {text, size, 0};
    skip_blanks(&s);
    size_t reached = s.at, key_at = s.at;
    int found = 1;
    for (size_t i = 0; found && i < steps; i++) {
        found =
            path[i].key ? step_to_key(&s, path[i].key, &key_at) : step_to_index(&s, path[i].index);
        if (found)
            reached = s.at;
    }
    if (found && steps > 0 && path[steps - 1].key && part == SECG_JSON_KEY)
        reached = key_at;
    *position = secg_json_position_at(text, size, reached);
    return found;
}
