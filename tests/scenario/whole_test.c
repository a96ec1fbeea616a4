/* Whole tests of every family, ending and drug.  Each file in tests/ holds what staff and devices do
 * and what the record must say, typed from the tables of domain.md.  A file is performed through the
 * C API, and what was recorded and saved is analysed by the command line: the first summary must say
 * what the file expects, and the second must be the same bytes. */
#include "plain_ecg.h"
#include "shared_data.h"

#include <criterion/parameterized.h>
#include <dirent.h>
#include <jansson.h>
#include <stressecg/io.h>
#include <stressecg/order.h>
#include <string.h>
#include <sys/wait.h>

enum { RATE_HZ = 100, LEADS = 2, BLOCK = 237 };

typedef struct whole {
    char name[64], folder[64];
    json_t *script;
    double bpm;
    secg_test_file file;
    secg_analyzer *ecg;
    secg_test *test;
    secg_record_writer *writer;
    json_t *loads, *prompts; /* events, as they came */
} whole;

/* ---- the course of a test ------------------------------------------------------------------------- */

static void note_load(whole *w, const secg_load *load)
{
    const struct {
        const char *key;
        float value;
    } row[] = {{"mph", load->speed_mph}, {"pct", load->grade_pct}, {"w", load->power_w}};
    json_t *to = json_object();
    json_object_set_new(to, "at", json_real(secg_seconds(load->sample, RATE_HZ)));
    json_object_set_new(to, "cause",
                        json_string(secg_load_cause_text((secg_load_cause)load->cause)));
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (!isnan(row[i].value))
            json_object_set_new(to, row[i].key, json_real((double)row[i].value));
    json_array_append_new(w->loads, to);
}

static void drain(whole *w)
{
    for (secg_event event; secg_test_poll(w->test, &event) == SECG_OK;)
        if (event.kind == SECG_EVENT_LOAD)
            note_load(w, &event.load);
        else if (event.kind == SECG_EVENT_PROMPT)
            json_array_append_new(
                w->prompts, json_pack("{s:f,s:s}", "at", secg_seconds(event.prompt.sample, RATE_HZ),
                                      "is", secg_prompt_text((secg_prompt_kind)event.prompt.kind)));
}

static void run_until(whole *w, double seconds)
{
    int64_t end = secg_sample_at(seconds, RATE_HZ);
    for (int64_t at; (at = secg_test_frames(w->test)) < end;) {
        int16_t counts[BLOCK * LEADS];
        int32_t wide[BLOCK * LEADS];
        size_t frames = end - at < BLOCK ? (size_t)(end - at) : BLOCK;
        for (size_t n = 0; n < frames; n++) {
            float mv[LEADS];
            plain_ecg(at + (int64_t)n, RATE_HZ, w->bpm, LEADS, mv);
            for (size_t k = 0; k < LEADS; k++)
                wide[n * LEADS + k] = counts[n * LEADS + k] = (int16_t)lrint(1000 * (double)mv[k]);
        }
        cr_assert_eq(secg_record_writer_put(w->writer, wide, frames, NULL), SECG_OK);
        for (size_t done = 0, taken; done < frames; done += taken) {
            cr_assert_geq(secg_test_push_i16(w->test, counts + done * LEADS, frames - done, &taken),
                          0);
            drain(w);
        }
    }
}

static double number(const json_t *step, size_t index)
{
    const json_t *value = json_array_get(step, index);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static const char *text(const json_t *step, size_t index)
{
    const char *value = json_string_value(json_array_get(step, index));
    return value ? value : "";
}

static secg_status correct(whole *w, int64_t now, const json_t *step)
{
    size_t count;
    const secg_fact *fact = secg_test_facts(w->test, &count);
    secg_fact_kind kind = secg_fact_find(text(step, 2));
    int32_t last = 0;
    for (size_t i = 0; i < count; i++)
        if (fact[i].kind == kind)
            last = (int32_t)i + 1;
    cr_assert_gt(last, 0);
    secg_fact again = fact[last - 1];
    again.systolic_mmhg = (int16_t)number(step, 3);
    again.diastolic_mmhg = (int16_t)number(step, 4);
    strcpy(again.by, "second reader");
    (void)now;
    return secg_test_correct(w->test, last, &again, NULL);
}

/* A step is [seconds, command, arguments ...]. */
static secg_status act(whole *w, const json_t *step)
{
    int64_t now = secg_test_frames(w->test);
    const char *command = text(step, 1);
    secg_test *test = w->test;
#define IS(name) (strcmp(command, name) == 0)
    if (IS("pretest"))
        return secg_test_pretest(test, now, text(step, 2));
    if (IS("start"))
        return secg_test_start(test, now);
    if (IS("advance"))
        return secg_test_advance(test, now);
    if (IS("go_to"))
        return secg_test_go_to(test, now, (size_t)number(step, 2));
    if (IS("hold"))
        return secg_test_hold(test, now, (int)number(step, 2));
    if (IS("pause"))
        return secg_test_pause(test, now, (int)number(step, 2));
    if (IS("set_load"))
        return secg_test_set_load(test, now, number(step, 2), number(step, 3), number(step, 4));
    if (IS("actual"))
        return secg_test_actual(test, now, number(step, 2), number(step, 3), number(step, 4));
    if (IS("fault"))
        return secg_test_fault(test, now, text(step, 2), text(step, 3));
    if (IS("emergency_stop"))
        return secg_test_emergency_stop(test, now, text(step, 2));
    if (IS("recover"))
        return secg_test_recover(test, now);
    if (IS("bp"))
        return secg_test_blood_pressure(test, now, (int)number(step, 2), (int)number(step, 3));
    if (IS("symptom"))
        return secg_test_symptom(test, now, secg_symptom_find(text(step, 2)), (int)number(step, 3),
                                 text(step, 4));
    if (IS("rpe"))
        return secg_test_rpe(test, now, number(step, 2), text(step, 3));
    if (IS("drug"))
        return secg_test_drug(test, now, text(step, 2), number(step, 3), text(step, 4),
                              text(step, 5));
    if (IS("correct"))
        return correct(w, now, step);
    if (IS("finish"))
        return secg_test_finish(test, now, secg_end_find(text(step, 2)), text(step, 3));
    return IS("record") ? SECG_OK : SECG_E_ARGUMENT;
#undef IS
}

static void perform(whole *w)
{
    size_t i;
    const json_t *step;
    json_array_foreach(json_object_get(w->script, "do"), i, step)
    {
        run_until(w, number(step, 0));
        const json_t *refused = json_array_get(step, json_array_size(step) - 1);
        secg_status want = json_is_false(refused) ? SECG_E_STATE : SECG_OK;
        cr_assert_eq(act(w, step), want, "%s: do[%zu] at %g s: %s", w->name, i, number(step, 0),
                     text(step, 1));
        drain(w);
    }
    while (secg_test_flush(w->test) == SECG_AGAIN)
        drain(w);
    drain(w);
}

/* ---- set-up --------------------------------------------------------------------------------------- */

static void path_in(const whole *w, const char *file, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", w->folder, file);
}

/* The script's head is a TEST.json without timeline. */
static void read_head(whole *w)
{
    char path[200];
    secg_error error = {0};
    path_in(w, "head.json", path, sizeof path);
    cr_assert_eq(json_dump_file(json_object_get(w->script, "test"), path, 0), 0);
    cr_assert_eq(secg_test_file_read(path, RATE_HZ, &w->file, &error), SECG_OK, "%s: %s", w->name,
                 error.text);
    cr_assert_not_null(w->file.table, "%s: no such protocol", w->name);
}

static secg_signal two_leads(void)
{
    secg_signal signal = {.rate_hz = RATE_HZ, .channels = LEADS};
    signal.channel[0] = (secg_channel){.lead = SECG_LEAD_II, .gain_per_mv = 1000};
    signal.channel[1] = (secg_channel){.lead = SECG_LEAD_V5, .gain_per_mv = 1000};
    return signal;
}

static void create(whole *w)
{
    secg_error error = {0};
    const secg_test_file *file = &w->file;
    secg_analyzer_config analyzer = {.signal = two_leads(), .mains_hz = file->mains_hz};
    secg_test_config test = {
        .protocol = file->table,
        .patient = {.age_years = secg_order_age_years(&file->order, file->start_unix_ms),
                    .weight_kg = file->order.patient.weight_kg,
                    .height_cm = file->order.patient.height_cm,
                    .sex = file->order.patient.sex[0]},
        .max_bpm_formula = file->max_bpm_formula[0] ? file->max_bpm_formula : NULL,
        .mets_formula = file->mets_formula[0] ? file->mets_formula : NULL,
        .max_bpm = file->max_bpm,
        .protocol_label = file->protocol_label[0] ? file->protocol_label : NULL,
        .target_pct = file->target_pct,
        .mets_convention = (uint8_t)file->mets_convention,
        .handrail = (uint8_t)file->handrail,
        .limits = file->limits,
        .start_unix_ms = file->start_unix_ms,
        .utc_offset_min = file->utc_offset_min,
        .max_minutes = 60};
    cr_assert_eq(secg_analyzer_create(&analyzer, &w->ecg, &error), SECG_OK, "%s", error.text);
    cr_assert_eq(secg_test_create(w->ecg, &test, &w->test, &error), SECG_OK, "%s", error.text);
    secg_record_writer_config writer = {.folder = w->folder,
                                        .name = "record",
                                        .signal = analyzer.signal,
                                        .start_unix_ms = file->start_unix_ms};
    cr_assert_eq(secg_record_writer_open(&writer, &w->writer, &error), SECG_OK, "%s", error.text);
}

/* ---- what is expected -------------------------------------------------------------------------------- */

#define PLACE_SIZE 300

static void expect(const char *place, const json_t *want, const json_t *got);

/* {"~": [value, within]}: a measured figure. */
static int is_near(const json_t *want, const json_t *got)
{
    double value = json_number_value(json_array_get(want, 0));
    return json_is_number(got) &&
           fabs(json_number_value(got) - value) <= json_number_value(json_array_get(want, 1));
}

static void expect_object(const char *place, const json_t *want, const json_t *got)
{
    const char *key;
    const json_t *value;
    const json_t *near = json_object_get(want, "~");
    if (near) {
        cr_expect(is_near(near, got), "%s: %g", place, json_number_value(got));
        return;
    }
    json_object_foreach((json_t *)want, key, value)
    {
        char inner[PLACE_SIZE];
        snprintf(inner, sizeof inner, "%s.%s", place, key);
        expect(inner, value, json_object_get(got, key));
    }
}

static void expect(const char *place, const json_t *want, const json_t *got)
{
    char inner[PLACE_SIZE];
    if (json_is_object(want))
        expect_object(place, want, got);
    else if (json_is_array(want)) {
        cr_expect_eq(json_array_size(want), json_array_size(got), "%s: %zu entries, not %zu", place,
                     json_array_size(got), json_array_size(want));
        for (size_t i = 0; i < json_array_size(want); i++) {
            snprintf(inner, sizeof inner, "%s[%zu]", place, i);
            expect(inner, json_array_get(want, i), json_array_get(got, i));
        }
    } else if (json_is_number(want))
        cr_expect(json_is_number(got) &&
                      fabs(json_number_value(want) - json_number_value(got)) < 0.00501,
                  "%s: %g, not %g", place, json_number_value(got), json_number_value(want));
    else
        cr_expect(json_equal(want, got), "%s: %s", place,
                  json_is_string(got) ? json_string_value(got) : "not as expected");
}

/* ---- both ways ---------------------------------------------------------------------------------------- */

static void save(whole *w)
{
    char path[200];
    size_t facts;
    secg_error error = {0};
    const secg_fact *fact = secg_test_facts(w->test, &facts);
    cr_assert_eq(secg_record_writer_close(w->writer, &error), SECG_OK, "%s", error.text);
    w->file.fact = malloc((facts + 1) * sizeof *fact);
    memcpy(w->file.fact, fact, facts * sizeof *fact);
    w->file.facts = facts;
    path_in(w, "test.json", path, sizeof path);
    cr_assert_eq(secg_test_file_write(path, RATE_HZ, &w->file, &error), SECG_OK, "%s: %s", w->name,
                 error.text);
}

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    cr_assert_not_null(root, "%s:%d: %s", path, error.line, error.text);
    return root;
}

static json_t *live_summary(whole *w)
{
    char path[200];
    secg_error error = {0};
    const secg_summary *summary = secg_test_summary(w->test, &error);
    cr_assert_not_null(summary, "%s", error.text);
    path_in(w, "live.json", path, sizeof path);
    cr_assert_eq(secg_summary_write_json(summary, &w->file.order, path, &error), SECG_OK, "%s",
                 error.text);
    return load(path);
}

static json_t *analyzed_summary(const whole *w)
{
    char command[1000], path[200];
    snprintf(
        command, sizeof command,
        "'%s' analyze '%s/record' --test '%s/test.json' --no-report -o '%s/out' >'%s/log' 2>&1",
        getenv("SECG_COMMAND"), w->folder, w->folder, w->folder, w->folder);
    int status = system(command);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s: see %s/log", w->name, w->folder);
    path_in(w, "out/summary.json", path, sizeof path);
    return load(path);
}

static void clean_up(whole *w)
{
    char command[200];
    secg_test_destroy(w->test);
    secg_analyzer_destroy(w->ecg);
    secg_test_file_free(&w->file);
    json_decref(w->loads);
    json_decref(w->prompts);
    json_decref(w->script);
    snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    if (system(command) != 0)
        cr_log_warn("%s stays behind", w->folder);
}

static void check_durations(const json_t *summary)
{
    const json_t *stage;
    size_t i;
    double sum = 0, end = 0;
    json_array_foreach(json_object_get(summary, "stages"), i, stage)
    {
        double start = json_number_value(json_object_get(stage, "start_s"));
        cr_expect_float_eq(start, end, 1e-9, "stages[%zu] begins at %g, not %g", i, start, end);
        end = json_number_value(json_object_get(stage, "end_s"));
        if (strcmp(json_string_value(json_object_get(stage, "phase")), "exercise") == 0)
            sum += end - start;
    }
    const json_t *times = json_object_get(summary, "times");
    cr_expect_float_eq(sum, json_number_value(json_object_get(times, "exercise_s")), 1e-6);
    cr_expect_float_eq(
        end, json_number_value(json_object_get(json_object_get(summary, "record"), "duration_s")),
        1e-9);
}

static void run_file(const char *path, const char *name)
{
    whole w = {.loads = json_array(), .prompts = json_array()};
    snprintf(w.name, sizeof w.name, "%s", name);
    strcpy(w.folder, "/tmp/secg-whole-XXXXXX");
    cr_assert_not_null(mkdtemp(w.folder));
    w.script = load(path);
    const json_t *bpm = json_object_get(w.script, "bpm");
    w.bpm = json_is_number(bpm) ? json_number_value(bpm) : 100;
    read_head(&w);
    create(&w);
    perform(&w);
    save(&w);
    json_t *live = live_summary(&w), *again = analyzed_summary(&w);
    expect(name, json_object_get(w.script, "expect"), live);
    check_durations(live);
    cr_expect(json_equal(live, again), "%s: the command line says something else", name);
    const json_t *loads = json_object_get(w.script, "loads");
    const json_t *prompts = json_object_get(w.script, "prompts");
    if (loads)
        expect("loads", loads, w.loads);
    if (prompts)
        expect("prompts", prompts, w.prompts);
    json_decref(live);
    json_decref(again);
    clean_up(&w);
}

struct file {
    char path[400], name[64];
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

ParameterizedTestParameters(whole, test)
{
    static struct file list[64];
    size_t count = 0;
    const char *folder = getenv("SECG_SCENARIOS");
    DIR *stream = folder ? opendir(folder) : NULL;
    for (struct dirent *entry; stream && (entry = readdir(stream)) && count < 64;) {
        size_t length = strlen(entry->d_name);
        if (length < 6 || length >= sizeof list->name ||
            strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        snprintf(list[count].path, sizeof list->path, "%s/%s", folder, entry->d_name);
        memcpy(list[count].name, entry->d_name, length + 1);
        count++;
    }
    if (stream)
        closedir(stream);
    qsort(list, count, sizeof *list, by_name);
    return cr_make_param_array(struct file, list, count);
}
ParameterizedTest(struct file *file, whole, test)
{
    run_file(file->path, file->name);
}

/* Each ending of domain.md 1.8 and each drug of 1.7 is among them. */
Test(whole, every_ending_and_every_drug_is_there)
{
    const char *folder = getenv("SECG_SCENARIOS");
    uint8_t seen[SECG_END_KINDS] = {0};
    size_t files = 0, drugs = 0;
    DIR *stream = opendir(folder);
    cr_assert_not_null(stream);
    for (struct dirent *entry; (entry = readdir(stream));) {
        char path[600];
        if (!strstr(entry->d_name, ".json"))
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        json_t *script = load(path);
        const char *end = NULL, *id = NULL;
        json_unpack(script, "{s:{s:{s:s}}}", "expect", "end", "reason", &end);
        json_unpack(script, "{s:{s:s}}", "test", "protocol", &id);
        cr_assert(end && id, "%s", path);
        seen[secg_end_find(end)] = 1;
        const secg_protocol *protocol = secg_protocol_find(id);
        drugs += protocol && protocol->modality == SECG_MODALITY_DRUG;
        files++;
        json_decref(script);
    }
    closedir(stream);
    for (int i = 1; i < SECG_END_KINDS; i++)
        cr_expect(seen[i], "no test ends by %s", secg_end_name((secg_end)i));
    cr_expect_geq(files, 12);
    cr_expect_geq(drugs, 5);
}
