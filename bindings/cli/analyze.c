/* stressecg analyze: a recording to the documented record. */
#include "annotate.h"
#include "paged_memory.h"
#include "recording.h"
#include "sealed.h"
#include "st_rate.h"
#include "stage_table.h"
#include "truth.h"

#if CLI_HAVE_REPORT
#include <stressecg/report.h>
#endif

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct analyze_job {
    const char *path, *test_path, *truth_path, *folder, *protocols_path;
    cli_recording_options open;
    int mains_hz; /* -1: as TEST.json says, else looked for                   */
    int no_report, letter, svg, cabrera, no_disclosure;
    double png_dpi;    /* 0: no PNG                                              */
    int strip_columns; /* 0: 4                                                   */
    int fhir, aecg, deidentify, st_rate;
} analyze_job;

typedef struct analysis {
    cli_recording recording;
    secg_protocols protocols;
    secg_test_file file;
    int has_file;
    cli_truth truth;
    cli_paged_memory paged;
    secg_memory memory; /* what grows with the recording lies there */
    secg_analyzer *ecg;
    secg_test *test;
    const secg_summary *summary;
    secg_findings *findings;
    secg_deidentified *deidentified;
    /* What is written: the record, or the record without the person. */
    const secg_summary *written;
    const secg_order *order;
    const char *name;
} analysis;

static void free_analysis(analysis *a)
{
    secg_deidentified_free(a->deidentified);
    secg_findings_free(a->findings);
    secg_test_destroy(a->test);
    secg_analyzer_destroy(a->ecg);
    if (a->has_file)
        secg_test_file_free(&a->file);
    secg_protocols_free(&a->protocols);
    cli_truth_free(&a->truth);
    cli_recording_close(&a->recording);
}

/* ---- set-up ---------------------------------------------------------------------------- */

static int read_inputs(analysis *a, const analyze_job *job)
{
    secg_error error = {0};
    if (cli_recording_open(&a->recording, job->path, &job->open) < 0)
        return -1;
    a->file.start_unix_ms = SECG_NO_SAMPLE;
    if (job->protocols_path &&
        secg_protocols_read(job->protocols_path, &a->protocols, &error) != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    if (job->test_path) {
        if (secg_test_file_read_with(job->test_path, a->recording.signal.rate_hz, &a->protocols,
                                     &a->file, &error) != SECG_OK) {
            cli_error(&error);
            return -1;
        }
        a->has_file = 1;
    }
    if (job->truth_path && cli_truth_read(job->truth_path, &a->truth) < 0)
        return -1;
    if (a->file.start_unix_ms == SECG_NO_SAMPLE)
        a->file.start_unix_ms = a->recording.info->start_unix_ms;
    if (a->has_file && a->file.order.placement != SECG_PLACEMENT_UNKNOWN)
        a->recording.signal.placement = a->file.order.placement;
    return 0;
}

static int mains_hz(analysis *a, const analyze_job *job)
{
    if (job->mains_hz >= 0)
        return job->mains_hz;
    if (a->file.mains_hz > 0)
        return a->file.mains_hz;
    if (strcmp(secg_spectrum_engine(), "none") == 0)
        cli_fail(
            0, "note: built without a spectral engine, so mains is not looked for; give --mains 50 "
               "or 60 for a mains filter");
    return cli_recording_mains_hz(&a->recording);
}

static uint32_t minutes(const cli_recording *r)
{
    double length_s = r->info->frames > 0 ? (double)r->info->frames / r->signal.rate_hz : 86400;
    return (uint32_t)ceil(length_s / 60) + 1;
}

static secg_test_config test_config(const analysis *a)
{
    const secg_order *order = &a->file.order;
    secg_test_config config = {.start_unix_ms = a->file.start_unix_ms,
                               .utc_offset_min = a->file.utc_offset_min,
                               .max_minutes = minutes(&a->recording),
                               .target_pct = a->file.target_pct,
                               .replay = 1,
                               .memory = a->memory};
    if (a->has_file) {
        config.protocol = a->file.table;
        config.protocol_label = a->file.protocol_label[0] ? a->file.protocol_label : NULL;
        config.max_bpm = a->file.max_bpm;
        config.mets_formula = a->file.mets_formula[0] ? a->file.mets_formula : NULL;
        config.mets_convention = (uint8_t)a->file.mets_convention;
        config.handrail = (uint8_t)a->file.handrail;
        config.mets_of_actual = a->file.mets_of_actual;
        config.recovery_interval_s = a->file.recovery_interval_s;
        config.limits = a->file.limits;
        config.max_bpm_formula = a->file.max_bpm_formula[0] ? a->file.max_bpm_formula : NULL;
        config.patient.age_years = secg_order_age_years(order, a->file.start_unix_ms);
        config.patient.weight_kg = order->patient.weight_kg;
        config.patient.height_cm = order->patient.height_cm;
        config.patient.sex = order->patient.sex[0];
    }
    return config;
}

static int create(analysis *a, const analyze_job *job)
{
    secg_error error = {0};
    secg_analyzer_config config = {
        .signal = a->recording.signal, .mains_hz = mains_hz(a, job), .st_point = a->file.st_point};
    a->memory = cli_paged(&a->paged);
    secg_test_config test = test_config(a);
    if (a->has_file && a->file.protocol[0] && !test.protocol)
        return cli_fail(-1, "%s: protocol: there is no \"%s\"", job->test_path, a->file.protocol);
    if (secg_analyzer_create(&config, &a->ecg, &error) != SECG_OK ||
        secg_test_create(a->ecg, &test, &a->test, &error) != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    if (a->file.j_ms > 0 && secg_analyzer_override_j(a->ecg, a->file.j_ms) != SECG_OK)
        return cli_fail(-1, "%s: j_ms: %g is not accepted", job->test_path, (double)a->file.j_ms);
    for (size_t i = 0; i < a->file.facts; i++)
        if (secg_test_add(a->test, &a->file.fact[i], &error) != SECG_OK)
            return cli_fail(-1, "%s: timeline[%zu]: %s", job->test_path, i, error.text);
    return 0;
}

/* ---- the stream ------------------------------------------------------------------------ */

/* At 500 Hz nine minutes of signal, and some 130 kB of what is kept of it at 12 leads. */
enum { BLOCKS_PER_REST = 64 };

static void drain(secg_test *test)
{
    for (secg_event event; secg_test_poll(test, &event) == SECG_OK;)
        ;
}

static int push_block(analysis *a, size_t frames)
{
    const int32_t *at = a->recording.frames;
    size_t channels = (size_t)a->recording.signal.channels;
    for (size_t taken; frames > 0; frames -= taken, at += taken * channels) {
        secg_status status = secg_test_push_i32(a->test, at, frames, &taken);
        if (status < 0)
            return cli_fail(-1, "%s", secg_status_text(status));
        drain(a->test);
    }
    return 0;
}

static int stream(analysis *a)
{
    cli_progress progress;
    cli_progress_begin(&progress, "analyse");
    secg_error error = {0};
    secg_status status;
    size_t got;
    for (size_t block = 0;
         (status = cli_recording_read(&a->recording, CLI_BLOCK, &got, &error)) == SECG_OK;
         block++) {
        if (push_block(a, got) < 0)
            return -1;
        if (block % BLOCKS_PER_REST == BLOCKS_PER_REST - 1)
            a->memory.rest(a->memory.context);
        if (a->recording.info->frames > 0)
            cli_progress_set(&progress,
                             (double)secg_test_frames(a->test) / (double)a->recording.info->frames);
    }
    while (secg_test_flush(a->test) == SECG_AGAIN)
        drain(a->test);
    drain(a->test);
    cli_progress_end(&progress);
    if (status != SECG_END) {
        cli_error(&error);
        return -1;
    }
    if (secg_record_verify(a->recording.record, &error) == SECG_E_FORMAT)
        cli_fail(0, "note: %s", error.text);
    a->summary = secg_test_summary(a->test, &error);
    if (a->summary)
        return 0;
    cli_error(&error);
    return -1;
}

/* ---- what is left behind --------------------------------------------------------------- */

typedef struct tracing_source {
    cli_recording *recording;
} tracing_source;

static secg_status read_tracing(void *context, int64_t from, size_t frames, float *mv)
{
    cli_recording *r = ((tracing_source *)context)->recording;
    size_t channels = (size_t)r->signal.channels;
    secg_status status = secg_record_seek(r->record, from, NULL);
    while (frames > 0 && status == SECG_OK) {
        size_t got;
        status = cli_recording_read(r, frames, &got, NULL);
        if (status != SECG_OK)
            break;
        for (size_t i = 0; i < got * channels; i++)
            mv[i] = secg_counts_to_mv(&r->signal.channel[i % channels], r->frames[i]);
        mv += got * channels;
        frames -= got;
    }
    return frames == 0 ? SECG_OK : status;
}

/* A name of a record or a file can be a person's, so those of a de-identified record are ours. */
static int choose_written(analysis *a, const analyze_job *job)
{
    secg_error error = {0};
    a->written = a->summary;
    a->order = a->has_file ? &a->file.order : NULL;
    a->name = a->recording.info->name;
    if (!job->deidentify)
        return 0;
    a->deidentified = secg_deidentify(a->summary, a->order, NULL, &error);
    if (!a->deidentified) {
        cli_error(&error);
        return -1;
    }
    a->written = secg_deidentified_summary(a->deidentified);
    a->order = secg_deidentified_order(a->deidentified);
    a->name = "record";
    cli_fail(0, "note: %zu texts and labels removed; the tracing itself is not changed",
             secg_deidentified_removed(a->deidentified));
    return 0;
}

static int write_exports(analysis *a, const analyze_job *job)
{
    char path[4096];
    secg_error error = {0};
    tracing_source source = {&a->recording};
    secg_tracing tracing = {&source, read_tracing};
    secg_status status = SECG_OK;
    if (job->fhir && cli_path(path, sizeof path, job->folder, "fhir", "json") == 0)
        status = secg_export_fhir(a->written, a->order, path, &error);
    if (status == SECG_OK && job->aecg &&
        cli_path(path, sizeof path, job->folder, "aecg", "xml") == 0)
        status = secg_export_aecg(a->written, a->order, &tracing, path, &error);
    return status == SECG_OK ? 0 : (cli_error(&error), -1);
}

#if CLI_HAVE_REPORT
/* A de-identified report goes without them. */
static int read_addenda(const analysis *a, const analyze_job *job, secg_addendum **list,
                        size_t *count)
{
    *list = NULL;
    *count = 0;
    if (job->deidentify || !a->order || !a->order->seal.is_signed || a->order->seal.addenda <= 0)
        return 0;
    return cli_read_addenda(job->folder, (size_t)a->order->seal.addenda, list, count);
}

static secg_strip_layout strip_layout(int columns)
{
    return columns == 1   ? SECG_STRIPS_1_COLUMN
           : columns == 2 ? SECG_STRIPS_2_COLUMNS
                          : SECG_STRIPS_4_COLUMNS;
}

static int write_report(analysis *a, const analyze_job *job)
{
    char path[4096];
    secg_error error = {0};
    tracing_source source = {&a->recording};
    secg_report_options options = {.paper = job->letter ? SECG_PAPER_LETTER : SECG_PAPER_A4,
                                   .tracing = {.context = &source, .read = read_tracing},
                                   .record_name = a->name,
                                   .findings = a->has_file ? a->findings : NULL,
                                   .lead_order =
                                       job->cabrera ? SECG_LEADS_CABRERA : SECG_LEADS_STANDARD,
                                   .strip_layout = strip_layout(job->strip_columns),
                                   .disclosure_max_min = job->no_disclosure ? -1 : 0,
                                   .st_rate = (uint8_t)job->st_rate};
    secg_addendum *addenda;
    if (cli_path(path, sizeof path, job->folder, "report", "pdf") < 0 ||
        read_addenda(a, job, &addenda, &options.addenda) < 0)
        return -1;
    options.addendum = addenda;
    secg_status status = secg_report_write_pdf(a->written, a->order, &options, path, &error);
    if (cli_path(path, sizeof path, job->folder, "report", "") < 0) {
        free(addenda);
        return -1;
    }
    if (status == SECG_OK && job->svg)
        status = secg_report_write_svg(a->written, a->order, &options, path, &error);
    if (status == SECG_OK && job->png_dpi > 0)
        status = secg_report_write_png(a->written, a->order, &options, job->png_dpi, path, &error);
    free(addenda);
    if (status != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    return 0;
}
#else
static int write_report(analysis *a, const analyze_job *job)
{
    (void)a, (void)job;
    return cli_fail(0, "note: built without cairo, so there is no report.pdf");
}
#endif

static int write_tables(analysis *a, const analyze_job *job)
{
    char path[4096];
    secg_error error = {0};
    const char *folder = job->folder;
    if (cli_path(path, sizeof path, folder, "summary", "json") < 0)
        return -1;
    secg_status status = secg_summary_write_json(a->written, a->order, path, &error);
    if (status == SECG_OK && cli_path(path, sizeof path, folder, "stages", "csv") == 0)
        status = secg_summary_write_stages_csv(a->written, path, &error);
    if (status == SECG_OK && cli_path(path, sizeof path, folder, "beats", "csv") == 0)
        status = secg_summary_write_beats_csv(a->written, path, &error);
    if (status != SECG_OK) {
        cli_error(&error);
        return -1;
    }
    return cli_save_summary_annotations(
        &(cli_annotation_place){job->path, folder, a->name, "sec", a->recording.ticks_hz},
        a->written);
}

/* A closed record is not written again: this analysis must be the one that was signed. */
static int write_data(analysis *a, const analyze_job *job)
{
    secg_error error = {0};
    if (cli_make_folder(job->folder) < 0)
        return -1;
    if (job->deidentify) {
        if (cli_is_sealed(job->folder))
            return cli_fail(-1, "%s holds a closed record; give another folder", job->folder);
        if (write_tables(a, job) < 0)
            return -1;
    } else if (cli_is_sealed(job->folder)) {
        if (cli_compare_with_signed(a->summary, a->order, job->folder) < 0 ||
            cli_read_seal(job->folder, job->path, &a->file.order) < 0)
            return -1;
    } else if (write_tables(a, job) < 0 ||
               (a->has_file && cli_write_test(&a->file, a->test, job->folder) < 0)) {
        return -1;
    }
    a->findings = secg_claim_check(a->summary, &a->file.order, NULL, &error);
    return a->findings ? 0 : (cli_error(&error), -1);
}

static int analyze(const analyze_job *job)
{
    analysis a = {0};
    int failed = read_inputs(&a, job) < 0 || create(&a, job) < 0 || stream(&a) < 0 ||
                 choose_written(&a, job) < 0 || write_data(&a, job) < 0 ||
                 write_exports(&a, job) < 0 || (!job->no_report && write_report(&a, job) < 0);
    if (!failed) {
        cli_print_stage_table(a.written);
        if (job->st_rate)
            cli_print_st_rate(a.written);
        if (a.truth.stages)
            cli_truth_print(&a.truth, a.summary);
        printf("\n%s: summary.json, %sstages.csv, beats.csv, %s.sec%s%s%s\n", job->folder,
               a.has_file && !job->deidentify ? "test.json, " : "", a.name,
               job->fhir ? ", fhir.json" : "", job->aecg ? ", aecg.xml" : "",
               job->no_report || !CLI_HAVE_REPORT ? "" : ", report.pdf");
    }
    free_analysis(&a);
    return failed ? CLI_FAILED : CLI_OK;
}

/* "fhir", "aecg", or both with a comma between. */
static int read_exports(const char *list, analyze_job *job)
{
    while (*list) {
        size_t length = strcspn(list, ",");
        if (length == 4 && memcmp(list, "fhir", 4) == 0)
            job->fhir = 1;
        else if (length == 4 && memcmp(list, "aecg", 4) == 0)
            job->aecg = 1;
        else
            return cli_fail(-1, "--export: \"%.*s\" is not fhir or aecg", (int)length, list);
        list += length + (list[length] == ',');
    }
    return 0;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {
        {"test", 't', 1},          {"output", 'o', 1},  {"truth", 'T', 1},
        {"mains", 'm', 1},         {"gain", 'g', 1},    {"uncalibrated", 'u', 0},
        {"no-report", 'n', 0},     {"letter", 'l', 0},  {"svg", 'S', 0},
        {"png", 'P', 1},           {"cabrera", 'C', 0}, {"columns", 'c', 1},
        {"no-disclosure", 'D', 0}, {"export", 'e', 1},  {"deidentify", 'i', 0},
        {"protocols", 'p', 1},     {"st-rate", 'R', 0}, {0}};
    cli_arguments a = {.verb = &cli_analyze, .argc = argc, .argv = argv, .option = options};
    analyze_job job = {.mains_hz = -1};
    int key, bad = 0;
    double v = 0;
    while ((key = cli_next_option(&a)) > 0) {
        switch (key) {
        case 't':
            job.test_path = a.value;
            break;
        case 'o':
            job.folder = a.value;
            break;
        case 'T':
            job.truth_path = a.value;
            break;
        case 'm':
            bad |= cli_number(&a, "--mains", 0, 60, &v);
            job.mains_hz = (int)v;
            break;
        case 'g':
            bad |= cli_number(&a, "--gain", 1e-6, 1e12, &job.open.gain_per_mv);
            break;
        case 'u':
            job.open.allow_uncalibrated = 1;
            break;
        case 'n':
            job.no_report = 1;
            break;
        case 'S':
            job.svg = 1;
            break;
        case 'P':
            bad |= cli_number(&a, "--png", 36, 600, &job.png_dpi);
            break;
        case 'C':
            job.cabrera = 1;
            break;
        case 'c':
            bad |= cli_number(&a, "--columns", 1, 4, &v);
            job.strip_columns = (int)v;
            break;
        case 'e':
            bad |= read_exports(a.value, &job);
            break;
        case 'i':
            job.deidentify = 1;
            break;
        case 'D':
            job.no_disclosure = 1;
            break;
        case 'p':
            job.protocols_path = a.value;
            break;
        case 'R':
            job.st_rate = 1;
            break;
        default:
            job.letter = 1;
        }
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (job.mains_hz > 0 && job.mains_hz != 50 && job.mains_hz != 60)
        return cli_fail(CLI_USAGE, "--mains: %d is not 0, 50 or 60", job.mains_hz);
    if (job.strip_columns == 3)
        return cli_fail(CLI_USAGE, "--columns: 3 is not 1, 2 or 4");
    if (!job.folder)
        return cli_fail(CLI_USAGE, "--output DIR is missing");
    job.path = a.operand[0];
    return analyze(&job);
}

const cli_verb cli_analyze = {
    "analyze", "a recording to summary, tables, annotations and report",
    "usage: stressecg analyze [--test TEST.json] [options] -o DIR RECORD\n\n"
    "RECORD: a WFDB header (with or without .hea) or an audio file.  Writes to DIR: summary.json,\n"
    "test.json (FILE as it was read, for check and sign), stages.csv, beats.csv, RECORD.sec (WFDB\n"
    "annotations) and report.pdf.  Where DIR is the folder of a closed record of stressecg "
    "record,\n"
    "`verify` covers RECORD.sec too.\n\n"
    "  -t, --test FILE    what staff and devices know: patient, order, protocol, stage times, BP,\n"
    "                     symptoms, ... (described in data/TEST.md)\n"
    "  --protocols FILE   tables of your own (data/PROTOCOL.md) that FILE's protocol may name\n"
    "  -o, --output DIR   created when it is missing\n"
    "  --mains HZ         50, 60, or 0 for no mains filter; by default as FILE says, else looked "
    "for\n"
    "  --gain N           counts per mV, where the recording does not say\n"
    "  --uncalibrated     analyse an audio file without a gain: beats and rate, no millivolts\n"
    "  --export LIST      fhir (fhir.json, a FHIR R4 bundle), aecg (aecg.xml, HL7 aECG), or both\n"
    "  --deidentify       every file without names, numbers, dates and texts; RECORD.sec is "
    "called\n"
    "                     record.sec.  Tracings are not written, and not changed\n"
    "  --st-rate          print slope, index and loop of ST against heart rate, lead by lead,\n"
    "                     here and in the report\n"
    "  --truth FILE       NAME.truth.json of a simulation: print measured beside true\n"
    "  --no-report        leave report.pdf out\n"
    "  --letter           US Letter paper instead of A4\n"
    "  --svg              the report's pages as SVG too: report-001.svg, ...\n"
    "  --png DPI          the report's pages as PNG too, 36 to 600 pixels an inch\n"
    "  --cabrera          strips in the order aVL I -aVR II aVF III V1..V6\n"
    "  --columns N        strips of many leads in 4 columns, 2, or 1: ten seconds of each\n"
    "  --no-disclosure    leave the pages of the whole tracing out\n\n"
    "Memory does not grow with the recording: what must be kept of it lies in a nameless file of\n"
    "56 kB a minute (12 leads) in $TMPDIR, else /var/tmp, or in memory where that has no room.\n",
    run};
