/* stressecg simulate: a tracing with known truth, as a WFDB record. */
#include "annotate.h"
#include "truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct simulate_job {
    secg_simulation_config config;
    char folder[3500], name[64];
} simulate_job;

/* 2026-01-05 09:00 local time: a fixed start, so that the same seed gives the same files. */
#define SIMULATED_START_UNIX_MS INT64_C(1767603600000)

static int split_output(simulate_job *job, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t folder = slash ? (size_t)(slash - path) : 0;
    if (!*name || strlen(name) >= sizeof job->name || folder >= sizeof job->folder)
        return cli_fail(-1, "--output: \"%s\" is not DIR/NAME", path);
    if (slash)
        snprintf(job->folder, sizeof job->folder, "%.*s", (int)(folder ? folder : 1), path);
    else
        strcpy(job->folder, ".");
    strcpy(job->name, name);
    return 0;
}

static int write_record(const simulate_job *job, secg_simulation *simulation)
{
    enum { BLOCK = 2048 };
    static int16_t counts[BLOCK * SECG_MAX_CHANNELS];
    static int32_t wide[BLOCK * SECG_MAX_CHANNELS];
    const secg_signal *signal = secg_simulation_signal(simulation);
    const char *comment[] = {"simulated by stressecg; no patient"};
    secg_record_writer *writer;
    secg_error error = {0};
    secg_record_writer_config config = {.folder = job->folder,
                                        .name = job->name,
                                        .signal = *signal,
                                        .format = 16,
                                        .start_unix_ms = SIMULATED_START_UNIX_MS,
                                        .comment = comment,
                                        .comments = 1};
    if (secg_record_writer_open(&config, &writer, &error) != SECG_OK)
        return cli_fail(-1, "%s", error.text);
    cli_progress progress;
    cli_progress_begin(&progress, "simulate");
    secg_status status;
    double done = 0, all = (double)secg_simulation_frames(simulation);
    size_t got;
    while ((status = secg_simulation_read(simulation, counts, BLOCK, &got)) == SECG_OK && got > 0) {
        for (size_t i = 0; i < got * (size_t)signal->channels; i++)
            wide[i] = counts[i];
        if (secg_record_writer_put(writer, wide, got, &error) != SECG_OK)
            break;
        cli_progress_set(&progress, (done += (double)got) / all);
    }
    cli_progress_end(&progress);
    secg_status closed = secg_record_writer_close(writer, error.status == SECG_OK ? &error : NULL);
    if (error.status != SECG_OK || closed != SECG_OK)
        return cli_fail(-1, "%s", error.text);
    return 0;
}

static int write_beats(const simulate_job *job, const secg_simulation *simulation)
{
    char path[4096];
    size_t count;
    const secg_simulated_beat *beat = secg_simulation_beats(simulation, &count);
    secg_annotation *list = calloc(count ? count : 1, sizeof *list);
    if (!list)
        return cli_fail(-1, "no memory");
    for (size_t i = 0; i < count; i++)
        list[i] = (secg_annotation){.sample = beat[i].sample,
                                    .code = (int16_t)cli_beat_code(beat[i].label)};
    secg_error error = {0};
    int failed = cli_path(path, sizeof path, job->folder, job->name, "atr") < 0;
    if (!failed && secg_annotations_write(path, 0, list, count, &error) != SECG_OK)
        failed = 1, cli_error(&error);
    free(list);
    return failed ? -1 : 0;
}

static void set(char *text, size_t size, const char *value)
{
    snprintf(text, size, "%s", value);
}
#define SET(field, value) set(field, sizeof field, value)

static void invent_order(secg_order *o)
{
    SET(o->patient.name, "Simulated, Patient");
    SET(o->patient.id, "SIM-0001");
    SET(o->patient.birth_date, "1968-03-14");
    SET(o->patient.sex, "F");
    o->patient.height_cm = 168;
    o->patient.weight_kg = 70;
    SET(o->patient.medications, "none");
    SET(o->order.number, "SIM-ORDER-1");
    SET(o->order.provider, "Simulated Ordering Provider, MD");
    SET(o->order.indication, "chest pain on exertion");
    SET(o->order.icd10[0], "R07.9");
    SET(o->order.encounter_id, "SIM-ENC-1");
    SET(o->order.billing_code, "93017");
    SET(o->order.place_of_service, "11");
    o->order.in_person = SECG_YES;
    SET(o->facility.name, "Simulated Stress Laboratory");
    SET(o->facility.entity_id, "SIM-TIN-1");
    SET(o->authorization.payer_type, "Medicare");
    SET(o->authorization.plan_id, "SIM-PLAN-1");
    o->authorization.required = SECG_NO;
    o->preparation.history_taken = o->preparation.test_explained = o->preparation.consent =
        SECG_YES;
    SET(o->preparation.explained_at, "2026-01-05T08:40:00Z");
    SET(o->preparation.consent_at, "2026-01-05T08:44:00Z");
    SET(o->preparation.prepared_at, "2026-01-05T08:47:00Z");
    SET(o->preparation.hook_up_at, "2026-01-05T08:52:00Z");
    SET(o->preparation.hook_up_by, "Simulated Technologist");
    SET(o->preparation.skin_preparation, "shaved, abraded, alcohol");
    SET(o->equipment.ecg, "stressecg simulator");
    SET(o->equipment.ergometer, "simulated treadmill");
    SET(o->equipment.bp, "simulated sphygmomanometer");
    SET(o->equipment.software, "stressecg " SECG_VERSION_TEXT);
    o->staff_count = 2;
    SET(o->staff[0].name, "Simulated Technologist");
    SET(o->staff[0].credential, "CCT");
    SET(o->staff[0].entity_id, "SIM-TIN-1");
    o->staff[0].performed = 1;
    SET(o->staff[0].signed_at, "2026-01-05T09:45:00Z");
    SET(o->staff[1].name, "Simulated Physician");
    SET(o->staff[1].credential, "MD");
    SET(o->staff[1].entity_id, "SIM-TIN-2");
    o->staff[1].supervised = 1;
    SET(o->resting_ecg, "sinus rhythm, supine and standing, torso electrodes");
    o->placement = SECG_PLACEMENT_MASON_LIKAR;
}

static secg_fact stage_fact(const secg_simulated_stage *s, int index, double rate_hz)
{
    secg_fact f = secg_fact_make(SECG_FACT_STAGE, secg_sample_at(s->start_s, rate_hz));
    f.phase = (uint8_t)s->phase;
    f.stage = (int16_t)index;
    f.speed_mph = s->speed_mph;
    f.grade_pct = s->grade_pct;
    SET(f.label, s->label);
    return f;
}

static secg_fact symptom_fact(double time_s, double rate_hz, secg_symptom symptom, int grade,
                              const char *text)
{
    secg_fact f = secg_fact_make(SECG_FACT_SYMPTOM, secg_sample_at(time_s, rate_hz));
    f.code = (int16_t)symptom;
    f.grade = (int16_t)grade;
    SET(f.text, text);
    return f;
}

static secg_fact plain_fact(secg_fact_kind kind, double time_s, double rate_hz, int code,
                            const char *text)
{
    secg_fact f = secg_fact_make(kind, secg_sample_at(time_s, rate_hz));
    f.code = (int16_t)code;
    SET(f.text, text);
    return f;
}

/* What staff would have entered during the simulated test.  Recovery is one stage, whatever the
 * intervals at which the truth is known. */
static size_t invent_timeline(const secg_simulation *simulation, secg_fact *fact)
{
    size_t stages, n = 0;
    const secg_simulated_stage *s = secg_simulation_stages(simulation, &stages);
    double rate_hz = secg_simulation_signal(simulation)->rate_hz;
    double last_s = s[stages - 1].end_s;
    int exercise = 0, recovering = 0;
    for (size_t i = 0; i < stages; i++) {
        if (s[i].phase == SECG_PHASE_EXERCISE)
            fact[n++] = stage_fact(&s[i], exercise++, rate_hz);
        else if (s[i].phase == SECG_PHASE_PRETEST)
            fact[n++] = stage_fact(&s[i], -1, rate_hz);
        else if (!recovering++) {
            fact[n] = stage_fact(&s[i], -1, rate_hz);
            SET(fact[n].label, "Recovery");
            SET(fact[n++].text, "sitting on the stopped treadmill");
            fact[n++] =
                symptom_fact(s[i].start_s - 40, rate_hz, SECG_SYMPTOM_FATIGUE, 6, "legs tired");
            fact[n++] = symptom_fact(s[i].start_s + 200, rate_hz, SECG_SYMPTOM_NONE, -1, "");
        }
        if (s[i].systolic_mmhg > 0) {
            fact[n] =
                secg_fact_make(SECG_FACT_BLOOD_PRESSURE, secg_sample_at(s[i].bp_time_s, rate_hz));
            fact[n].systolic_mmhg = (int16_t)s[i].systolic_mmhg;
            fact[n++].diastolic_mmhg = (int16_t)s[i].diastolic_mmhg;
        }
    }
    fact[n++] = symptom_fact(s[0].start_s + 10, rate_hz, SECG_SYMPTOM_NONE, -1, "");
    fact[n++] = plain_fact(SECG_FACT_RESTING_ECG, s[0].start_s + 20, rate_hz, 0,
                           "sinus rhythm, supine, torso electrodes");
    fact[n++] = plain_fact(SECG_FACT_ADVERSE, last_s - 1, rate_hz, 1, "none");
    fact[n++] = plain_fact(SECG_FACT_END, last_s, rate_hz, SECG_END_FATIGUE,
                           "patient asked to stop, legs tired");
    return n;
}

static int by_sample(const void *a, const void *b)
{
    const secg_fact *x = a, *y = b;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/* Only where there is a test around the tracing: "steady" has no stages of exercise. */
static int write_test(const simulate_job *job, const secg_simulation *simulation)
{
    size_t stages;
    char path[4096];
    secg_simulation_stages(simulation, &stages);
    if (stages == 0 || strcmp(secg_simulation_protocol(simulation), "steady") == 0)
        return 0;
    secg_fact *fact = calloc(2 * stages + 16, sizeof *fact);
    if (!fact)
        return cli_fail(-1, "no memory");
    secg_test_file file = {.target_pct = 85,
                           .start_unix_ms = SIMULATED_START_UNIX_MS,
                           .mains_hz = job->config.mains_hz ? job->config.mains_hz : 60,
                           .fact = fact};
    file.facts = invent_timeline(simulation, fact);
    qsort(fact, file.facts, sizeof *fact, by_sample);
    invent_order(&file.order);
    SET(file.protocol, secg_simulation_protocol(simulation));
    SET(file.max_bpm_formula, "fox");
    secg_error error = {0};
    int failed = cli_path(path, sizeof path, job->folder, job->name, "test.json") < 0;
    if (!failed && secg_test_file_write(path, secg_simulation_signal(simulation)->rate_hz, &file,
                                        &error) != SECG_OK)
        failed = 1, cli_error(&error);
    free(fact);
    return failed ? -1 : 0;
}

static int simulate(const simulate_job *job)
{
    secg_simulation *simulation;
    secg_error error = {0};
    if (secg_simulation_create(&job->config, &simulation, &error) != SECG_OK)
        return cli_error(&error);
    char path[4096];
    int failed = cli_make_folder(job->folder) < 0 || write_record(job, simulation) < 0 ||
                 write_beats(job, simulation) < 0 || write_test(job, simulation) < 0 ||
                 cli_path(path, sizeof path, job->folder, job->name, "truth.json") < 0 ||
                 cli_truth_write(path, simulation, job->config.seed) < 0;
    size_t beats;
    secg_simulation_beats(simulation, &beats);
    double seconds =
        (double)secg_simulation_frames(simulation) / secg_simulation_signal(simulation)->rate_hz;
    char text[16];
    if (!failed)
        printf("%s/%s.hea: %s, %d leads, %g Hz, %zu beats\n", job->folder, job->name,
               secg_elapsed_text(seconds, text, sizeof text),
               (int)secg_simulation_signal(simulation)->channels,
               secg_simulation_signal(simulation)->rate_hz, beats);
    secg_simulation_destroy(simulation);
    return failed ? CLI_FAILED : CLI_OK;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"protocol", 'p', 1}, {"seed", 's', 1},
                                         {"rate", 'r', 1},     {"stages", 'n', 1},
                                         {"mains", 'm', 1},    {"duration", 'd', 1},
                                         {"bpm", 'b', 1},      {"peak-bpm", 'P', 1},
                                         {"st", 't', 1},       {"noise", 'x', 1},
                                         {"ectopy", 'e', 1},   {"eight", '8', 0},
                                         {"output", 'o', 1},   {0}};
    cli_arguments a = {.verb = &cli_simulate, .argc = argc, .argv = argv, .option = options};
    simulate_job job = {.config = {.seed = 1}};
    secg_simulation_config *c = &job.config;
    const char *output = NULL;
    int key, bad = 0;
    double v = 0;
    while ((key = cli_next_option(&a)) > 0) {
        switch (key) {
        case 'p':
            c->protocol = a.value;
            break;
        case 'o':
            output = a.value;
            break;
        case '8':
            c->eight_channels = 1;
            break;
        case 's':
            bad |= cli_number(&a, "--seed", 0, 9e15, &v);
            c->seed = (uint64_t)v;
            break;
        case 'r':
            bad |= cli_number(&a, "--rate", SECG_MIN_RATE_HZ, SECG_MAX_RATE_HZ, &c->rate_hz);
            break;
        case 'n':
            bad |= cli_number(&a, "--stages", 1, 20, &v);
            c->stages = (int32_t)v;
            break;
        case 'm':
            bad |= cli_number(&a, "--mains", 50, 60, &v);
            c->mains_hz = (int32_t)v;
            break;
        case 'd':
            bad |= cli_number(&a, "--duration", 10, 90000, &c->duration_s);
            break;
        case 'b':
            bad |= cli_number(&a, "--bpm", 20, 250, &c->rest_bpm);
            break;
        case 'P':
            bad |= cli_number(&a, "--peak-bpm", 20, 250, &c->peak_bpm);
            break;
        case 't':
            bad |= cli_number(&a, "--st", 0, 2, &v);
            c->st_peak_mv = v > 0 ? v : (double)NAN;
            break;
        case 'x':
            bad |= cli_number(&a, "--noise", 0, 20, &v);
            c->noise_scale = v > 0 ? v : -1;
            break;
        default:
            bad |= cli_number(&a, "--ectopy", 0, 0.5, &v);
            c->ectopy_scale = v > 0 ? v : -1;
            break;
        }
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 0, 0) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (!output)
        return cli_fail(CLI_USAGE, "--output DIR/NAME is missing");
    if (split_output(&job, output) < 0)
        return CLI_USAGE;
    return simulate(&job);
}

const cli_verb cli_simulate = {
    "simulate", "write a simulated stress test with known truth",
    "usage: stressecg simulate [options] -o DIR/NAME\n\n"
    "Writes a WFDB record DIR/NAME, its beats NAME.atr, the truth NAME.truth.json and what staff\n"
    "would have entered, NAME.test.json.\n\n"
    "  -p, --protocol ID  bruce (default), modified-bruce, steady, ...\n"
    "  -s, --seed N       everything random follows from it (1)\n"
    "  --rate HZ          sampling rate (500)\n"
    "  --stages N         exercise stages (4)\n"
    "  --bpm, --peak-bpm  heart rate at rest and at peak (65, 170)\n"
    "  --st MV            largest ST depression, at peak in V5 (0.20)\n"
    "  --noise X          all noise times X (1; 0: none)\n"
    "  --ectopy P         0: no ectopic beats; with --protocol steady: share of beats\n"
    "  --mains HZ         50 or 60 (60)\n"
    "  --duration S       of \"steady\" (60)\n"
    "  --eight            eight channels I II V1..V6 instead of twelve\n",
    run};
