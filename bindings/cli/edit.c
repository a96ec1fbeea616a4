/* stressecg edit: a setting of a saved test, with an entry in its audit trail. */
#include "cli.h"

#include <stressecg/order.h>

#include <string.h>
#include <time.h>

enum { MOST_SETTINGS = 16 };

typedef struct edit_job {
    const char *path, *output, *protocols_path, *by, *when, *why;
    const char *setting[MOST_SETTINGS];
    size_t settings;
} edit_job;

/* Times in the file are seconds.  At the highest rate that there is they move by a quarter of a
 * millisecond at most, so that every recording finds the same samples again. */
#define EDIT_RATE_HZ ((double)SECG_MAX_RATE_HZ)

static secg_status apply(const edit_job *job, secg_test_file *file, secg_error *error)
{
    secg_status status = SECG_OK;
    for (size_t i = 0; status == SECG_OK && i < job->settings; i++) {
        const char *sign = strchr(job->setting[i], '=');
        char what[64];
        snprintf(what, sizeof what, "%.*s", (int)(sign - job->setting[i]), job->setting[i]);
        status = secg_test_file_edit(file, what, sign + 1, job->by, job->when, job->why, error);
    }
    return status;
}

static int edit(const edit_job *job)
{
    secg_error error = {0};
    secg_protocols own = {0};
    secg_test_file file = {0};
    secg_status status =
        job->protocols_path ? secg_protocols_read(job->protocols_path, &own, &error) : SECG_OK;
    if (status == SECG_OK)
        status = secg_test_file_read_with(job->path, EDIT_RATE_HZ, &own, &file, &error);
    if (status == SECG_OK)
        status = apply(job, &file, &error);
    if (status == SECG_OK)
        status = secg_test_file_write(job->output, EDIT_RATE_HZ, &file, &error);
    if (status != SECG_OK)
        cli_error(&error);
    else
        printf("%s: %zu changed, %zu in the audit trail\n", job->output, job->settings,
               file.order.edits);
    secg_test_file_free(&file);
    secg_protocols_free(&own);
    return status == SECG_OK ? CLI_OK : CLI_FAILED;
}

static int add_setting(edit_job *job, const char *value)
{
    if (!strchr(value, '='))
        return cli_fail(-1, "--set: \"%s\" is not NAME=VALUE", value);
    if (job->settings == MOST_SETTINGS)
        return cli_fail(-1, "--set: more than %d at once", MOST_SETTINGS);
    job->setting[job->settings++] = value;
    return 0;
}

static int check(edit_job *job)
{
    static char now[40];
    if (job->settings == 0)
        return cli_fail(-1, "--set NAME=VALUE is missing");
    if (!job->by)
        return cli_fail(-1, "--by NAME is missing");
    if (!job->output)
        return cli_fail(-1, "--output FILE is missing");
    if (!job->when)
        job->when = secg_clock_text((int64_t)time(NULL) * 1000, 0, 0, now, sizeof now);
    return 0;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"set", 's', 1},
                                         {"by", 'b', 1},
                                         {"when", 'w', 1},
                                         {"why", 'y', 1},
                                         {"output", 'o', 1},
                                         {"protocols", 'p', 1},
                                         {0}};
    cli_arguments a = {.verb = &cli_edit, .argc = argc, .argv = argv, .option = options};
    edit_job job = {0};
    int key, bad = 0;
    while ((key = cli_next_option(&a)) > 0) {
        switch (key) {
        case 's':
            bad |= add_setting(&job, a.value) < 0;
            break;
        case 'b':
            job.by = a.value;
            break;
        case 'w':
            job.when = a.value;
            break;
        case 'y':
            job.why = a.value;
            break;
        case 'p':
            job.protocols_path = a.value;
            break;
        default:
            job.output = a.value;
        }
    }
    if (key < 0 || bad || (!a.done && cli_check_operands(&a, 1, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    job.path = a.operand[0];
    return check(&job) < 0 ? CLI_USAGE : edit(&job);
}

const cli_verb cli_edit = {
    "edit", "change a setting of a saved test, with an audit trail",
    "usage: stressecg edit --set NAME=VALUE [--set ...] --by WHO [options] -o NEW.json "
    "TEST.json\n\n"
    "NAME: st_point, j_ms, protocol_label, max_bpm_formula, max_bpm, target_pct, mets_formula,\n"
    "mets_convention, handrail.  Every change is written into the audit trail: what, who, when, "
    "old\n"
    "and new value.  Then analyse the recording with NEW.json again.\n\n"
    "  --set NAME=VALUE   as in TEST.json (data/TEST.md); an empty VALUE takes the setting back\n"
    "  --by WHO           who makes the change\n"
    "  --when TIME        YYYY-MM-DDTHH:MM:SS+hh:mm; by default now\n"
    "  --why TEXT         the reason\n"
    "  --protocols FILE   tables of your own that TEST.json names\n"
    "  -o, --output FILE  the changed file; may be TEST.json itself\n",
    run};
