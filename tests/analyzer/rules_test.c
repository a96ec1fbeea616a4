/* The printed thresholds are those of domain.md 4, which the watch counts by. */
#include <criterion/criterion.h>
#include <stressecg/analyzer.h>
#include <string.h>

Test(rules, every_kind_has_one_with_its_figures)
{
    static const char *const figures[SECG_RHYTHM_KINDS] = {
        [SECG_RHYTHM_PVC] = "one V",           [SECG_RHYTHM_COUPLET] = "two V",
        [SECG_RHYTHM_RUN] = "3 or more V",     [SECG_RHYTHM_BIGEMINY] = "one other",
        [SECG_RHYTHM_TRIGEMINY] = "two other", [SECG_RHYTHM_SVE] = "fewer than 5",
        [SECG_RHYTHM_SVT_RUN] = "5 or more",   [SECG_RHYTHM_PAUSE] = "2000 ms",
        [SECG_RHYTHM_MISSED_BEAT] = "1.75",    [SECG_RHYTHM_BRADY] = "below 50 bpm",
        [SECG_RHYTHM_TACHY] = "above 120 bpm", [SECG_RHYTHM_IRREGULAR] = "30 s"};
    for (int kind = 1; kind < SECG_RHYTHM_KINDS; kind++) {
        char text[96];
        cr_expect_eq(secg_rhythm_rule_text((secg_rhythm_kind)kind, text, sizeof text), text);
        cr_expect_not_null(strstr(text, figures[kind]), "%s: \"%s\"",
                           secg_rhythm_text((secg_rhythm_kind)kind), text);
        cr_expect_lt(strlen(text), 95, "cut off");
    }
    char text[96];
    cr_expect_str_eq(secg_rhythm_rule_text((secg_rhythm_kind)0, text, sizeof text), "unknown");
}
