/* The index of encounters: finds a second test of the day, and holds nothing that names anybody. */
#include "document/fixture.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <stressecg/archive.h>
#include <string.h>
#include <sys/stat.h>

typedef struct store {
    char folder[64], path[128];
    secg_encounters *index;
    fixture record;
} store;

static void open_index(store *s)
{
    secg_error error = {0};
    cr_assert_eq((int)secg_encounters_open(s->path, &s->index, &error), (int)SECG_OK, "%s",
                 error.text);
}

static void make(store *s)
{
    fixture_path(s->folder, s->path, sizeof s->path, "encounters.db");
    fixture_make(&s->record);
    strcpy(s->record.order.patient.id, "MRN-4711");
    open_index(s);
}

static void done(store *s)
{
    secg_encounters_close(s->index);
    fixture_forget(s->folder);
}

static void add(store *s)
{
    secg_error error = {0};
    cr_assert_eq((int)secg_encounters_add(s->index, &s->record.summary, &s->record.order, &error),
                 (int)SECG_OK, "%s", error.text);
}

static void expect(store *s, int other, int same, const char *what)
{
    secg_duplicates got;
    secg_error error = {0};
    cr_assert_eq(
        (int)secg_encounters_find(s->index, &s->record.summary, &s->record.order, &got, &error),
        (int)SECG_OK, "%s", error.text);
    cr_expect(got.other_entity == other && got.same_entity == same, "%s: %d other, %d same", what,
              (int)got.other_entity, (int)got.same_entity);
}

#define ORDER s.record.order

Test(encounters, none_then_itself)
{
    store s;
    make(&s);
    expect(&s, 0, 0, "empty");
    add(&s);
    expect(&s, 0, 0, "an encounter is not its own duplicate");
    add(&s);
    expect(&s, 0, 0, "added twice");
    done(&s);
}

Test(encounters, same_patient_and_day)
{
    store s;
    make(&s);
    add(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    expect(&s, 0, 1, "same entity, by id and name");
    strcpy(ORDER.patient.name, "PATIENT  example");
    ORDER.patient.id[0] = '\0';
    expect(&s, 0, 1, "by name, words in another order");
    strcpy(ORDER.facility.entity_id, "TIN-9");
    expect(&s, 1, 0, "another entity");
    strcpy(ORDER.patient.id, "MRN-4711");
    ORDER.patient.birth_date[0] = '\0';
    expect(&s, 0, 0, "the number of another entity means nothing");
    done(&s);
}

Test(encounters, others_are_not_found)
{
    store s;
    make(&s);
    add(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    s.record.summary.start_unix_ms += INT64_C(86400000);
    expect(&s, 0, 0, "another day");
    s.record.summary.start_unix_ms -= INT64_C(86400000);
    strcpy(ORDER.patient.birth_date, "1968-03-15");
    strcpy(ORDER.patient.id, "MRN-4712");
    expect(&s, 0, 0, "another birth date");
    done(&s);
}

/* 93016 and 93018 are other services; 93015 holds the tracing. */
Test(encounters, codes)
{
    store s;
    make(&s);
    strcpy(ORDER.order.billing_code, "93018");
    add(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    expect(&s, 0, 0, "a reading is no second tracing");
    strcpy(ORDER.order.billing_code, "93015");
    strcpy(ORDER.order.encounter_id, "ENC-3");
    add(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    expect(&s, 0, 1, "93015");
    done(&s);
}

/* The day is that of the place's clocks. */
Test(encounters, day_of_the_place)
{
    store s;
    make(&s);
    s.record.summary.utc_offset_min = -300;
    s.record.summary.start_unix_ms =
        INT64_C(1767668400000); /* 2026-01-06T03:00Z, 22:00 on the 5th */
    add(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    s.record.summary.start_unix_ms = INT64_C(1767621600000); /* 2026-01-05T14:00Z */
    expect(&s, 0, 1, "morning and evening");
    done(&s);
}

Test(encounters, survives_and_drops)
{
    store s;
    secg_error error = {0};
    make(&s);
    add(&s);
    secg_encounters_close(s.index);
    open_index(&s);
    strcpy(ORDER.order.encounter_id, "ENC-2");
    expect(&s, 0, 1, "opened again");
    cr_expect_eq((int)secg_encounters_drop_before(s.index, 2026, &error), (int)SECG_OK);
    expect(&s, 0, 1, "of this year");
    cr_expect_eq((int)secg_encounters_drop_before(s.index, 2027, &error), (int)SECG_OK);
    expect(&s, 0, 0, "dropped");
    done(&s);
}

/* No text of the order stands in the files, in any form that a search would find. */
Test(encounters, names_nobody)
{
    static const char *const text[] = {"Example", "Patient", "example", "patient", "MRN",
                                       "4711",    "1968",    "ENC",     "TIN",     "2026-01"};
    store s;
    struct stat status;
    char key[160];
    make(&s);
    add(&s);
    secg_encounters_close(s.index);
    s.index = NULL;
    size_t size;
    char *all = fixture_contents(s.path, &size);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        for (size_t at = 0; at + strlen(text[i]) <= size; at++)
            cr_assert(memcmp(all + at, text[i], strlen(text[i])) != 0, "%s at %zu", text[i], at);
    free(all);
    snprintf(key, sizeof key, "%s.key", s.path);
    stat(s.path, &status);
    cr_expect_eq(status.st_mode & 0777, 0600);
    stat(key, &status);
    cr_expect_eq(status.st_mode & 0777, 0600);
    done(&s);
}

Test(encounters, another_key_or_another_file)
{
    store s;
    secg_error error = {0};
    secg_encounters *index;
    char key[160];
    make(&s);
    add(&s);
    secg_encounters_close(s.index);
    snprintf(key, sizeof key, "%s.key", s.path);
    remove(key);
    cr_expect_eq((int)secg_encounters_open(s.path, &index, &error), (int)SECG_E_FORMAT);
    cr_expect(!index && strstr(error.text, "another key"), "%s", error.text);
    FILE *file = fopen(s.path, "wb");
    for (int i = 0; i < 5000; i++)
        fputc('x', file);
    fclose(file);
    cr_expect_eq((int)secg_encounters_open(s.path, &index, &error), (int)SECG_E_FORMAT, "%s",
                 error.text);
    cr_expect_eq((int)secg_encounters_open("/nosuch/folder/x", &index, &error), (int)SECG_E_FILE);
    cr_expect_eq((int)secg_encounters_open(NULL, &index, &error), (int)SECG_E_ARGUMENT);
    s.index = NULL;
    done(&s);
}

Test(encounters, what_is_missing_is_named)
{
    store s;
    secg_error error = {0};
    make(&s);
    ORDER.order.encounter_id[0] = '\0';
    cr_expect_eq((int)secg_encounters_add(s.index, &s.record.summary, &ORDER, &error),
                 (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "encounter_id"), "%s", error.text);
    fixture_make(&s.record);
    ORDER.patient.birth_date[0] = '\0';
    cr_expect_eq((int)secg_encounters_add(s.index, &s.record.summary, &ORDER, &error),
                 (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "patient"), "%s", error.text);
    fixture_make(&s.record);
    s.record.summary.start_unix_ms = SECG_NO_SAMPLE;
    cr_expect_eq((int)secg_encounters_add(s.index, &s.record.summary, &ORDER, &error),
                 (int)SECG_E_ARGUMENT);
    cr_expect(strstr(error.text, "start"), "%s", error.text);
    done(&s);
}
