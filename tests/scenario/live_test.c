/* A test run live through the C API, its tracing written to disk meanwhile, its facts saved at the
 * end; then `stressecg analyze` on what was recorded.  Both summaries are the same bytes. */
#include "../../bindings/cli/annotate.h"
#include "shared_data.h"

#include <stressecg/simulate.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { BLOCK = 173 }; /* divides nothing */

typedef struct live {
    secg_simulation *simulation;
    secg_analyzer *ecg;
    secg_test *test;
    secg_record_writer *writer;
    secg_test_file file;
    int64_t stage_events;
} live;

static void drain(live *l)
{
    for (secg_event event; secg_test_poll(l->test, &event) == SECG_OK;)
        l->stage_events += event.kind == SECG_EVENT_STAGE;
}

/* Pushes and records up to a sample. */
static void run_until(live *l, int64_t end)
{
    size_t channels = (size_t)secg_simulation_signal(l->simulation)->channels;
    while (secg_test_frames(l->test) < end) {
        int16_t counts[BLOCK * SECG_MAX_CHANNELS];
        int32_t wide[BLOCK * SECG_MAX_CHANNELS];
        int64_t left = end - secg_test_frames(l->test);
        size_t got;
        cr_assert_eq(
            secg_simulation_read(l->simulation, counts, left < BLOCK ? (size_t)left : BLOCK, &got),
            SECG_OK);
        cr_assert_gt(got, 0);
        for (size_t i = 0; i < got * channels; i++)
            wide[i] = counts[i];
        cr_assert_eq(secg_record_writer_put(l->writer, wide, got, NULL), SECG_OK);
        for (size_t at = 0, taken; at < got; at += taken) {
            cr_assert_geq(secg_test_push_i16(l->test, counts + at * channels, got - at, &taken), 0);
            drain(l);
        }
    }
}

static void create(live *l, const char *folder)
{
    secg_simulation_config config = {.seed = 11, .stages = 2};
    cr_assert_eq(secg_simulation_create(&config, &l->simulation, NULL), SECG_OK);
    l->file =
        (secg_test_file){.start_unix_ms = INT64_C(1767603600000), .mains_hz = 60, .target_pct = 85};
    strcpy(l->file.protocol, "bruce");
    strcpy(l->file.max_bpm_formula, "tanaka");
    strcpy(l->file.order.patient.name, "Zoë Ångström 山田");
    strcpy(l->file.order.patient.birth_date, "1970-05-05");
    l->file.order.patient.weight_kg = 81.5f;
    l->file.order.placement = SECG_PLACEMENT_MASON_LIKAR;
    secg_signal signal = *secg_simulation_signal(l->simulation);
    secg_analyzer_config analyzer = {.signal = signal, .mains_hz = 60};
    secg_test_config test = {.protocol = secg_protocol_find("bruce"),
                             .max_bpm_formula = "tanaka",
                             .target_pct = 85,
                             .start_unix_ms = l->file.start_unix_ms,
                             .max_minutes = 30,
                             .patient = {.age_years = 55, .weight_kg = 81.5f}};
    test.patient.age_years = secg_order_age_years(&l->file.order, l->file.start_unix_ms);
    cr_expect_eq(test.patient.age_years, 55);
    secg_error error = {0};
    cr_assert_eq(secg_analyzer_create(&analyzer, &l->ecg, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_create(l->ecg, &test, &l->test, &error), SECG_OK, "%s", error.text);
    secg_record_writer_config writer = {
        .folder = folder, .name = "live", .signal = signal, .start_unix_ms = l->file.start_unix_ms};
    cr_assert_eq(secg_record_writer_open(&writer, &l->writer, &error), SECG_OK, "%s", error.text);
}

static void conduct(live *l)
{
    const int64_t s = 500;
    cr_assert_eq(secg_test_pretest(l->test, 0, "Supine"), SECG_OK);
    run_until(l, 60 * s + 1);
    cr_assert_eq(secg_test_pretest(l->test, secg_test_frames(l->test), "Standing"), SECG_OK);
    run_until(l, 100 * s);
    cr_assert_eq(secg_test_blood_pressure(l->test, secg_test_frames(l->test) - 3 * s, 121, 79),
                 SECG_OK);
    run_until(l, 120 * s + 77);
    cr_assert_eq(secg_test_start(l->test, secg_test_frames(l->test)), SECG_OK);
    run_until(l, 290 * s + 5);
    cr_assert_eq(secg_test_blood_pressure(l->test, secg_test_frames(l->test), 148, 82), SECG_OK);
    cr_assert_eq(secg_test_hold(l->test, secg_test_frames(l->test), 1), SECG_OK);
    run_until(l, 310 * s);
    cr_assert_eq(secg_test_hold(l->test, secg_test_frames(l->test), 0), SECG_OK);
    run_until(l, 400 * s + 321);
    cr_assert_eq(secg_test_symptom(l->test, secg_test_frames(l->test), SECG_SYMPTOM_DYSPNEA, 4,
                                   "short of breath"),
                 SECG_OK);
    cr_assert_eq(secg_test_advance(l->test, secg_test_frames(l->test)), SECG_OK);
    run_until(l, 450 * s + 9);
    cr_assert_eq(secg_test_rpe(l->test, secg_test_frames(l->test), 15, "6-20"), SECG_OK);
    cr_assert_eq(secg_test_recover(l->test, secg_test_frames(l->test)), SECG_OK);
    run_until(l, 600 * s);
    cr_assert_eq(secg_test_finish(l->test, secg_test_frames(l->test), SECG_END_FATIGUE, "legs"),
                 SECG_OK);
    run_until(l, 610 * s);
    while (secg_test_flush(l->test) == SECG_AGAIN)
        drain(l);
    drain(l);
}

static void same_bytes(const char *a_path, const char *b_path)
{
    FILE *a = fopen(a_path, "rb"), *b = fopen(b_path, "rb");
    cr_assert(a && b, "%s, %s", a_path, b_path);
    long at = 0;
    int x, y;
    do {
        x = fgetc(a);
        y = fgetc(b);
        at++;
    } while (x == y && x != EOF);
    cr_expect(x == EOF && y == EOF, "%s and %s differ at byte %ld", a_path, b_path, at);
    cr_expect_gt(at, 2000);
    fclose(a);
    fclose(b);
}

static size_t notes_with(const secg_annotation *list, size_t count, int64_t sample,
                         const char *text)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += list[i].code == SECG_ANN_NOTE && (sample < 0 || list[i].sample == sample) &&
                 strstr(list[i].aux, text) != NULL;
    return found;
}

static int pressures(const secg_summary *s)
{
    int count = 0;
    for (size_t i = 0; i < s->facts; i++)
        count += s->fact[i].kind == SECG_FACT_BLOOD_PRESSURE;
    return count;
}

/* Beats, stages, rhythm events and facts of the test stand in the annotation file. */
static void annotations_tell(const char *path, const secg_summary *s)
{
    secg_annotation *list;
    secg_error error = {0};
    size_t count, beat = 0;
    cr_assert_eq(secg_annotations_read(path, 0, &list, &count, &error), SECG_OK, "%s", error.text);
    for (size_t i = 0; i < count; i++)
        if (secg_annotation_is_beat(list[i].code)) {
            cr_assert_lt(beat, s->beats);
            cr_expect_eq(list[i].sample, s->beat[beat].sample);
            cr_expect_eq(list[i].code, cli_beat_code(s->beat[beat].label));
            beat++;
        }
    cr_expect_eq(beat, s->beats);
    for (size_t i = 0; i < s->stages; i++)
        if (s->stage[i].phase != SECG_PHASE_NONE)
            cr_expect_geq((int)notes_with(list, count, s->stage[i].start, s->stage[i].label), 1);
    for (size_t i = 0; i < s->rhythms; i++)
        cr_expect_geq((int)notes_with(list, count, s->rhythm[i].start,
                                      secg_rhythm_text((secg_rhythm_kind)s->rhythm[i].kind)),
                      1);
    cr_expect_eq((int)notes_with(list, count, -1, "rpe 15"), 1);
    cr_expect_eq((int)notes_with(list, count, -1, "mmHg"), pressures(s));
    cr_expect_eq((int)notes_with(list, count, -1, "end: "), 1);
    secg_annotations_free(list);
}

Test(live, analyze_of_the_recording_gives_the_same_bytes)
{
    char folder[] = "/tmp/secg-live-XXXXXX", path[4200], other[4200], command[13000];
    cr_assert_not_null(mkdtemp(folder));
    live l = {0};
    create(&l, folder);
    conduct(&l);
    /* Supine, standing, 1, 2 (delayed by the hold), 3 by hand, recovery; the end brings one too. */
    cr_expect_geq(l.stage_events, 6);
    secg_error error = {0};
    cr_assert_eq(secg_record_writer_close(l.writer, &error), SECG_OK, "%s", error.text);
    const secg_summary *summary = secg_test_summary(l.test, &error);
    cr_assert_not_null(summary);
    snprintf(path, sizeof path, "%s/live-summary.json", folder);
    cr_assert_eq(secg_summary_write_json(summary, &l.file.order, path, &error), SECG_OK, "%s",
                 error.text);
    cr_assert_eq(cli_save_summary_annotations(&(cli_annotation_place){"", folder, "live", "sec", 0},
                                              summary),
                 0);

    size_t facts;
    const secg_fact *fact = secg_test_facts(l.test, &facts);
    l.file.fact = malloc(facts * sizeof *fact);
    memcpy(l.file.fact, fact, facts * sizeof *fact);
    l.file.facts = facts;
    snprintf(path, sizeof path, "%s/live.test.json", folder);
    cr_assert_eq(secg_test_file_write(path, 500, &l.file, &error), SECG_OK, "%s", error.text);

    snprintf(command, sizeof command,
             "'%s' analyze '%s/live' --test '%s/live.test.json' --no-report -o '%s/again' "
             ">'%s/log' 2>&1",
             getenv("SECG_COMMAND"), folder, folder, folder, folder);
    int status = system(command);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "see %s/log", folder);
    snprintf(path, sizeof path, "%s/live-summary.json", folder);
    snprintf(other, sizeof other, "%s/again/summary.json", folder);
    same_bytes(path, other);
    snprintf(path, sizeof path, "%s/live.sec", folder);
    snprintf(other, sizeof other, "%s/again/live.sec", folder);
    same_bytes(path, other);
    annotations_tell(path, summary);

    free(l.file.fact);
    secg_test_destroy(l.test);
    secg_analyzer_destroy(l.ecg);
    secg_simulation_destroy(l.simulation);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        cr_log_warn("%s stays behind", folder);
}
