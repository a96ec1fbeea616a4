/* Line and column of values, against texts in which they can be seen. */
#include "document/json_position.h"

#include <criterion/criterion.h>
#include <string.h>

static secg_json_position find(const char *text, const secg_json_step *path, size_t steps,
                               secg_json_part part, int found)
{
    secg_json_position position;
    cr_expect_eq(secg_json_find(text, strlen(text), path, steps, part, &position), found, "%s",
                 text);
    return position;
}

static void expect(const char *text, const secg_json_step *path, size_t steps, int line, int column)
{
    secg_json_position at = find(text, path, steps, SECG_JSON_VALUE, 1);
    cr_expect(at.line == line && at.column == column, "%s: %d:%d, not %d:%d", text, at.line,
              at.column, line, column);
}

#define PATH(...)                                                                                  \
    (secg_json_step[]){__VA_ARGS__}, sizeof(secg_json_step[]){__VA_ARGS__} / sizeof(secg_json_step)
#define KEY(name)                                                                                  \
    {                                                                                              \
        .key = name                                                                                \
    }
#define AT(n)                                                                                      \
    {                                                                                              \
        .index = n                                                                                 \
    }

Test(position, values)
{
    expect("{\"a\": 1}", NULL, 0, 1, 1);
    expect("  {\"a\": 1}", PATH(KEY("a")), 1, 9);
    expect("{\n \"a\": [1,\n  2, {\"b\":\n\t7}]}", PATH(KEY("a"), AT(2), KEY("b")), 4, 2);
    expect("[[],{},\"]\",-1.5e3,null]", PATH(AT(4)), 1, 19);
    expect("{\"x\":{\"a\":1},\"a\":{\"a\":2}}", PATH(KEY("a"), KEY("a")), 1, 23);
}

Test(position, strings_do_not_mislead)
{
    expect("{\"t\": \"}, \\\"a\\\": 5\", \"a\": 6}", PATH(KEY("a")), 1, 27);
    expect("{\"t\": \"\\\\\", \"a\": 6}", PATH(KEY("a")), 1, 18);
    /* Columns count characters. */
    expect("{\"\xc3\xab\": \"\xe5\xb1\xb1\xf0\x9f\x99\x82\", \"a\": 6}", PATH(KEY("a")), 1, 18);
}

Test(position, escaped_keys)
{
    expect("{\"\\u0061b\": 6}", PATH(KEY("ab")), 1, 13);
    expect("{\"\\u00eb\": 6}", PATH(KEY("\xc3\xab")), 1, 12);
    expect("{\"\\ud83d\\ude42\": 6}", PATH(KEY("\xf0\x9f\x99\x82")), 1, 18);
    expect("{\"a\\\"\\n\": 6}", PATH(KEY("a\"\n")), 1, 11);
    find("{\"ab\": 6}", PATH(KEY("a")), SECG_JSON_VALUE, 0);
    find("{\"a\": 6}", PATH(KEY("ab")), SECG_JSON_VALUE, 0);
}

Test(position, a_key_that_stands_twice)
{
    expect("{\"a\": 1, \"b\": 2, \"a\": 3}", PATH(KEY("a")), 1, 23);
}

Test(position, the_key_itself)
{
    secg_json_step path[] = {KEY("a"), KEY("b")};
    secg_json_position at = find("{\"a\":\n  {\"b\": 1}}", path, 2, SECG_JSON_KEY, 1);
    cr_expect(at.line == 2 && at.column == 4, "%d:%d", at.line, at.column);
}

Test(position, what_is_missing_gives_the_last_place_reached)
{
    secg_json_step path[] = {KEY("a"), AT(7), KEY("b")};
    secg_json_position at = find("{\"a\": [1, 2]}", path, 3, SECG_JSON_VALUE, 0);
    cr_expect(at.line == 1 && at.column == 7, "%d:%d", at.line, at.column);
}

/* Not JSON, cut, or deeper than any stack: never past the end. */
Test(position, any_bytes)
{
    const char *text = "{\"a\": [1, {\"b\": \"\\ud83d\\ude42\\\"\"}, [[]]], \"c\": tr}";
    secg_json_step path[] = {KEY("a"), AT(1), KEY("b")};
    for (size_t cut = 0; cut <= strlen(text); cut++)
        for (int c = 0; c < 256; c += 3) {
            secg_json_position at;
            char copy[64];
            memcpy(copy, text, cut);
            if (cut > 0)
                copy[cut / 2] = (char)c;
            secg_json_find(copy, cut, path, 3, SECG_JSON_VALUE, &at);
            cr_expect_leq(at.offset, cut);
        }
    static char deep[200001];
    memset(deep, '[', 200000);
    secg_json_position at;
    cr_expect_eq(secg_json_find(deep, 200000, PATH(AT(1)), SECG_JSON_VALUE, &at), 0);
}
