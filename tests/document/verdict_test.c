/* No exporter carries a verdict as a code (domain.md 1.8), wherever it was entered, and a refused
 * file is not made.  The same digits as a number of a person or a thing are no code. */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdio.h>
#include <stressecg/export.h>
#include <string.h>
#include <unistd.h>

/* domain.md 1.8, the list that a 93017 document refuses. */
static const char *const codes[] = {"165084003", "370367002", "165082004", "304915008",
                                    "122753",    "122755",    "122756"};

static secg_status write_as(int format, const fixture *f, const char *path, secg_error *error)
{
    switch (format) {
    case 0:
        return secg_summary_write_json(&f->summary, &f->order, path, error);
    case 1:
        return secg_summary_write_stages_csv(&f->summary, path, error);
    case 2:
        return secg_summary_write_beats_csv(&f->summary, path, error);
    case 3:
        return secg_export_fhir(&f->summary, &f->order, path, error);
    default:
        return secg_export_aecg(&f->summary, &f->order, NULL, path, error);
    }
}

enum { FORMATS = 5 };

/* Formats that write no order: they take what is in the summary. */
static int has_order(int format)
{
    return format != 1 && format != 2;
}

static void expect_refusal(const fixture *f, int format, const char *place)
{
    char folder[64], path[128];
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "out");
    secg_status status = write_as(format, f, path, &error);
    if (status != SECG_E_UNSUPPORTED) {
        cr_expect_eq((int)status, (int)SECG_E_ARGUMENT, "format %d, %s: %d", format, place,
                     (int)status);
        cr_expect_eq(strncmp(error.text, place, strlen(place)), 0, "%s, not %s", error.text, place);
        cr_expect_neq(access(path, F_OK), 0, "format %d left a file", format);
    }
    fixture_forget(folder);
}

static void expect_written(const fixture *f, int format)
{
    char folder[64], path[128];
    secg_error error = {0};
    fixture_path(folder, path, sizeof path, "out");
    secg_status status = write_as(format, f, path, &error);
    cr_expect(status == SECG_OK || status == SECG_E_UNSUPPORTED, "format %d: %s", format,
              error.text);
    fixture_forget(folder);
}

struct place {
    const char *name;
    size_t offset, room; /* in the order, or in the fixture where of_test */
    int of_test;
};
#define OF_ORDER(name, field)                                                                      \
    {                                                                                              \
        name "[", offsetof(secg_order, field), sizeof((secg_order *)0)->field, 0                   \
    }
#define OF_TEST(name, field)                                                                       \
    {                                                                                              \
        name "[", offsetof(fixture, field), sizeof((fixture *)0)->field, 1                         \
    }

static void expect_refused_everywhere(const struct place *place, const char *code)
{
    fixture made;
    fixture_make(&made);
    char *text = (place->of_test ? (char *)&made : (char *)&made.order) + place->offset;
    snprintf(text, place->room, place->room > 24 ? "code %s, entered" : "%s", code);
    for (int format = 0; format < FORMATS; format++)
        if (place->of_test || has_order(format))
            expect_refusal(&made, format, place->name);
}

static const struct place places[] = {
    OF_ORDER("order.icd10", order.icd10[1]),
    OF_ORDER("order.billing_code", order.billing_code),
    OF_ORDER("order.same_day_codes", order.same_day_codes[0]),
    OF_ORDER("authorization.codes", authorization.codes[2]),
    OF_ORDER("order.indication", order.indication),
    OF_ORDER("sections", sections[0]),
    OF_ORDER("resting_ecg", resting_ecg),
    OF_TEST("timeline", fact[FACT_PAIN].text),
    OF_TEST("timeline", fact[FACT_SUPINE].label),
    OF_TEST("stages", stage[STAGE_2].label),
    OF_TEST("end", summary.end_text),
    OF_TEST("protocol_label", summary.protocol_label),
};

Test(verdict, refused_by_every_exporter)
{
    for (size_t at = 0; at < sizeof places / sizeof *places; at++)
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
            expect_refused_everywhere(&places[at], codes[i]);
}

Test(verdict, numbers_of_persons_and_things_pass)
{
    fixture f;
    fixture_make(&f);
    snprintf(f.order.patient.id, sizeof f.order.patient.id, "122753");
    snprintf(f.order.order.number, sizeof f.order.order.number, "165084003");
    snprintf(f.order.equipment.ecg, sizeof f.order.equipment.ecg, "cart, serial 122755");
    snprintf(f.order.resting_ecg, sizeof f.order.resting_ecg, "lead set 1227530, strip a122753");
    for (int format = 0; format < FORMATS; format++)
        expect_written(&f, format);
}
