/* Protocols of a site's own, and edits of a saved test. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/order.h>
#include <string.h>

static void write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    cr_assert_not_null(stream);
    cr_assert_eq(fwrite(text, 1, strlen(text), stream), strlen(text));
    fclose(stream);
}

static secg_status read_text(const char *text, secg_protocols *list, secg_error *error)
{
    char folder[64], path[128];
    fixture_path(folder, path, sizeof path, "mine.json");
    write_text(path, text);
    secg_status status = secg_protocols_read(path, list, error);
    fixture_forget(folder);
    return status;
}

static char *example(char *path, size_t size)
{
    snprintf(path, size, "%s/data/example.protocols.json", getenv("SECG_SOURCE"));
    return path;
}

Test(protocols, example_of_the_documentation)
{
    char path[500];
    secg_protocols list;
    secg_error error = {0};
    cr_assert_eq(secg_protocols_read(example(path, sizeof path), &list, &error), SECG_OK, "%s",
                 error.text);
    cr_assert_eq(list.count, 3);
    const secg_protocol *walk = secg_protocols_find(&list, "example-walk");
    cr_assert_not_null(walk);
    cr_expect_str_eq(walk->version, "2026-01");
    cr_expect_eq(walk->modality, SECG_MODALITY_TREADMILL);
    cr_expect_eq(walk->recovery_speed_mph, 1);
    cr_assert_eq(walk->stages, 4);
    cr_expect_float_eq((double)walk->stage[0].speed_mph, 3.2 / 1.609344, 1e-6, "km/h");
    cr_expect_eq(walk->stage[0].ramp_s, 10);
    cr_expect(isnan(walk->stage[0].bp_due_s));
    cr_expect_eq(walk->stage[1].bp_due_s, 45);
    cr_expect_eq(walk->stage[3].duration_s, 0, "open");
    cr_expect_eq(secg_protocol_check(walk, &error), SECG_OK, "%s", error.text);
    /* It adds, and it overrides. */
    cr_expect_str_eq(secg_protocols_find(&list, "who-25")->version, "site-2");
    cr_expect_eq(secg_protocols_find(&list, "bruce"), secg_protocol_find("bruce"));
    cr_expect_eq(secg_protocols_find(NULL, "who-25"), secg_protocol_find("who-25"));
    size_t built_in = 0, all = 0, who = 0;
    while (secg_protocol_at(built_in))
        built_in++;
    for (const secg_protocol *p; (p = secg_protocols_at(&list, all)); all++)
        who += strcmp(p->id, "who-25") == 0;
    cr_expect_eq(all, built_in + 2);
    cr_expect_eq(who, 1);
    secg_protocols_free(&list);
    cr_expect_null(list.protocol);
}

#define HEAD(modality)                                                                             \
    "{\"format\": \"stressecg-protocols-1\", \"protocols\": [\n {\"id\": \"x\", \"version\": "     \
    "\"1\", \"name\": \"X\", \"source\": \"s\", \"modality\": \"" modality "\",\n  "
#define WALK HEAD("treadmill") "\"stages\": [\n"

Test(protocols, every_mistake_has_its_line_and_reason)
{
    static const struct {
        const char *text, *place, *reason;
    } row[] = {
        {"", ":1:", "too early"},
        {"{\"format\": \"stressecg-protocols-2\"}", ":1:12: format", "not \"stressecg-protocols-1"},
        {"[]", ":1:1: ", "not an object"},
        {"{\"format\": \"stressecg-protocols-1\", \"protocols\": 3}", "protocols", "not a list"},
        {"{\"format\": \"stressecg-protocols-1\", \"protocol\": []}", ":1:", "no such name"},
        {WALK "{\"label\": \"1\", \"speed_mph\": 2, \"grade_pct\": 0}]}]}",
         ":4:1: protocols[0].stages[0]", "duration_s is missing"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2}]}]}", ":4:1:", "grade_pct"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2, \"grade_pct\": 120}]}]}",
         ":4:63: protocols[0].stages[0].grade_pct", "120 is outside -10 .. 50"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2, \"grade_pct\": 1, "
              "\"power_w\": 5}]}]}",
         "stages[0].power_w", "only for an ergometer"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2, \"speed_kmh\": 3, "
              "\"grade_pct\": 1}]}]}",
         "stages[0].speed_kmh", "twice"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2, \"grade_pct\": 1, "
              "\"bp_due_s\": 61}]}]}",
         "stages[0].bp_due_s", "more than the stage lasts"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed_mph\": 2, \"grade_pct\": 1, "
              "\"ramp_s\": 10}]}]}",
         "stages[0].ramp_s", "a stage to rise to"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"open\": true, \"speed_mph\": 2, "
              "\"grade_pct\": 1}]}]}",
         "stages[0].open", "no duration"},
        {WALK "{\"label\": \"1\", \"duration_s\": 60, \"speed\": 2}]}]}", "stages[0].speed",
         "no such name"},
        {WALK "]}]}", ":3:13: protocols[0].stages", "0 stages"},
        {WALK "7]}]}", ":4:1: protocols[0].stages[0]", "not an object"},
        {HEAD("swimming") "\"stages\": []}]}", "modality", "treadmill, bicycle, arm, drug"},
        {HEAD("drug") "\"stages\": []}]}", "dose_unit", "for drugs"},
        {HEAD("bicycle") "\"stages\": [{\"label\": \"1\", \"duration_s\": 60}]}]}", "stages[0]",
         "power_w is missing"},
        {HEAD("bicycle") "\"stages\": [{\"label\": \"1\", \"duration_s\": 60, \"power_w\": 5, "
                         "\"grade_pct\": 1}]}]}",
         "grade_pct", "only for a treadmill"},
        {HEAD("arm") "\"recovery_s\": -1, \"stages\": []}]}", "recovery_s", "outside"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_protocols list;
        secg_error error = {0};
        cr_expect_eq(read_text(row[i].text, &list, &error), SECG_E_FORMAT, "row %zu", i);
        cr_expect(strstr(error.text, "mine.json:"), "row %zu: %s", i, error.text);
        cr_expect(strstr(error.text, row[i].place), "row %zu: %s", i, error.text);
        cr_expect(strstr(error.text, row[i].reason), "row %zu: %s", i, error.text);
        cr_expect(list.protocol == NULL && list.count == 0);
    }
}

Test(protocols, an_id_stands_once)
{
    secg_protocols list;
    secg_error error = {0};
    const char *one = "{\"id\": \"a\", \"version\": \"1\", \"name\": \"A\", \"source\": \"\", "
                      "\"modality\": \"arm\", \"stages\": [{\"label\": \"1\", \"open\": true, "
                      "\"power_w\": 10}]}";
    char text[1000];
    snprintf(text, sizeof text, "{\"format\": \"stressecg-protocols-1\", \"protocols\": [%s,\n%s]}",
             one, one);
    cr_expect_eq(read_text(text, &list, &error), SECG_E_FORMAT);
    cr_expect(strstr(error.text, ":2:") && strstr(error.text, "stands twice"), "%s", error.text);
    cr_expect_eq(secg_protocols_read("/nonexistent/x.json", &list, &error), SECG_E_FILE);
    cr_expect_eq(secg_protocols_read(NULL, &list, &error), SECG_E_ARGUMENT);
}

/* Whatever the bytes: an error with its place, or a list that can be run. */
Test(protocols, any_byte_changed)
{
    char path[500];
    size_t size;
    char *text = fixture_contents(example(path, sizeof path), &size);
    for (size_t i = 0; i < size; i += 7) {
        static const char other[] = {'\0', '"', '9', '}', '[', '-', ' ', '\xff'};
        char was = text[i];
        secg_protocols list;
        secg_error error = {0};
        text[i] = other[i % sizeof other];
        secg_status status = read_text(text, &list, &error);
        cr_expect(status == SECG_OK ||
                      (status == SECG_E_FORMAT && strstr(error.text, "mine.json:")),
                  "byte %zu: %s", i, error.text);
        for (size_t k = 0; k < list.count; k++)
            cr_expect_eq(secg_protocol_check(&list.protocol[k], &error), SECG_OK, "byte %zu: %s", i,
                         error.text);
        secg_protocols_free(&list);
        text[i] = was;
    }
    free(text);
}

/* ---- a table that travels with the test ----------------------------------------------------------- */

Test(protocols, a_test_carries_its_table)
{
    char path[500], folder[64], mine[128];
    secg_protocols list;
    secg_error error = {0};
    cr_assert_eq(secg_protocols_read(example(path, sizeof path), &list, &error), SECG_OK);
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE, .protocol = "example-walk"}, again;
    file.table = secg_protocols_find(&list, "example-walk");
    fixture_path(folder, mine, sizeof mine, "t.json");
    cr_assert_eq(secg_test_file_write(mine, 500, &file, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_file_read(mine, 500, &again, &error), SECG_OK, "%s", error.text);
    cr_assert_not_null(again.table);
    cr_expect_str_eq(again.table->name, "Example walk");
    cr_assert_eq(again.table->stages, file.table->stages);
    cr_expect_eq(memcmp(again.table->stage[1].label, file.table->stage[1].label, 24), 0);
    for (size_t i = 0; i < again.table->stages; i++) {
        cr_expect_eq(again.table->stage[i].speed_mph, file.table->stage[i].speed_mph);
        cr_expect_eq(again.table->stage[i].duration_s, file.table->stage[i].duration_s);
        cr_expect_eq(again.table->stage[i].ramp_s, file.table->stage[i].ramp_s);
    }
    secg_test_file_free(&again);
    strcpy(file.protocol, "bruce");
    file.table = NULL;
    cr_assert_eq(secg_test_file_write(mine, 500, &file, &error), SECG_OK);
    cr_assert_eq(secg_test_file_read(mine, 500, &again, &error), SECG_OK);
    cr_expect_eq(again.table, secg_protocol_find("bruce"));
    cr_expect_null(again.own_table, "a built-in one is not repeated");
    secg_test_file_free(&again);
    secg_protocols_free(&list);
    fixture_forget(folder);
}

/* ---- edits ------------------------------------------------------------------------------------------ */

#define WHEN "2026-03-02T11:00:00-05:00"

Test(edit, the_trail_says_what_was_before)
{
    char folder[64], path[128];
    secg_error error = {0};
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE, .protocol = "bruce"}, again;
    static const struct {
        const char *what, *value, *old_value, *new_value;
    } row[] = {
        {"st_point", "J+60", "auto", "J+60"},
        {"j_ms", "52.5", "", "52.5"},
        {"j_ms", "automatic", "52.5", ""},
        {"protocol_label", "Bruce, ward 2", "", "Bruce, ward 2"},
        {"max_bpm_formula", "tanaka", "", "tanaka"},
        {"max_bpm", "151", "", "151.0"},
        {"target_pct", "80", "", "80.0"},
        {"mets_convention", "completed", "", "completed"},
        {"handrail", "held", "", "held"},
        {"handrail", "", "held", ""},
    };
    size_t rows = sizeof row / sizeof *row;
    setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < rows; i++)
        cr_assert_eq(secg_test_file_edit(&file, row[i].what, row[i].value, "Zo\xc3\xab", WHEN,
                                         "why", &error),
                     SECG_OK, "%s: %s", row[i].what, error.text);
    cr_expect_eq(file.st_point, SECG_ST_J60);
    cr_expect_eq(file.j_ms, 0);
    cr_expect_eq(file.max_bpm, 151);
    cr_expect_eq(file.mets_convention, SECG_METS_COMPLETED);
    cr_expect_eq(file.handrail, SECG_HANDRAIL_NOT_STATED);
    fixture_path(folder, path, sizeof path, "t.json");
    cr_assert_eq(secg_test_file_write(path, 500, &file, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_file_read(path, 500, &again, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(again.order.edits, rows);
    for (size_t i = 0; i < rows; i++) {
        const secg_edit *edit = &again.order.edit[i];
        cr_expect_str_eq(edit->what, row[i].what);
        cr_expect_str_eq(edit->old_value, row[i].old_value, "%s: %s", edit->what, edit->old_value);
        cr_expect_str_eq(edit->new_value, row[i].new_value, "%s: %s", edit->what, edit->new_value);
        cr_expect_str_eq(edit->by, "Zo\xc3\xab");
        cr_expect_str_eq(edit->when, WHEN);
        cr_expect_str_eq(edit->why, "why");
    }
    secg_test_file_free(&again);
    secg_test_file_free(&file);
    fixture_forget(folder);
}

Test(edit, what_is_wrong_changes_nothing)
{
    secg_test_file file = {.start_unix_ms = SECG_NO_SAMPLE};
    static const struct {
        const char *what, *value, *by, *when, *field;
    } row[] = {
        {"patient", "x", "a", WHEN, "what"},
        {"timeline", "x", "a", WHEN, "what"},
        {"st_point", "J+70", "a", WHEN, "st_point"},
        {"j_ms", "200", "a", WHEN, "j_ms"},
        {"j_ms", "fifty", "a", WHEN, "j_ms"},
        {"target_pct", "nan", "a", WHEN, "target_pct"},
        {"max_bpm_formula", "guess", "a", WHEN, "max_bpm_formula"},
        {"mets_formula", "fox", "a", WHEN, "mets_formula"},
        {"protocol_label", "0123456789012345678901234567890123456789012345678901234567890123", "a",
         WHEN, "protocol_label"},
        {"protocol_label", "\xff", "a", WHEN, "protocol_label"},
        {"st_point", "J", "", WHEN, "by"},
        {"st_point", "J", "a", "yesterday", "when"},
        {"st_point", "J", "a", "2026-03-02T11:00:00", "when"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        secg_error error = {0};
        cr_expect_eq(secg_test_file_edit(&file, row[i].what, row[i].value, row[i].by, row[i].when,
                                         NULL, &error),
                     SECG_E_ARGUMENT, "row %zu", i);
        cr_expect(strncmp(error.text, row[i].field, strlen(row[i].field)) == 0, "row %zu: %s", i,
                  error.text);
    }
    cr_expect_eq(file.order.edits, 0);
    cr_expect_eq(file.st_point, SECG_ST_AUTO);
    cr_expect_eq(file.protocol_label[0], 0);
    secg_test_file_free(&file);
}
