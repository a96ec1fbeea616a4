/* stressecg check: what the record of a test still lacks for CPT 93017. */
#include "sealed.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Beside those of every verb. */
enum { CHECK_BLOCKED = 3, CHECK_WARNED = 4 };

typedef struct check_job {
    const char *folder, *test_path, *site_path, *index_path, *tracing;
    int json, all, during, add;
} check_job;

typedef struct checked {
    secg_summary_file *summary;
    secg_test_file file;
    secg_claim_site site;
    secg_duplicates duplicates;
    secg_findings *findings;
} checked;

static int failed(const secg_error *error)
{
    cli_error(error);
    return -1;
}

/* ---- input ------------------------------------------------------------------------------- */

static int read_test(checked *c, const check_job *job, double rate_hz)
{
    char path[4096];
    secg_error error = {0};
    if (job->test_path)
        return secg_test_file_read(job->test_path, rate_hz, &c->file, &error) == SECG_OK
                   ? 0
                   : failed(&error);
    if (cli_path(path, sizeof path, job->folder, "test", "json") < 0)
        return -1;
    if (access(path, F_OK) != 0)
        return cli_fail(0, "note: there is no test.json in it; nothing is known of the order");
    return secg_test_file_read(path, rate_hz, &c->file, &error) == SECG_OK ? 0 : failed(&error);
}

static int read_inputs(checked *c, const check_job *job)
{
    char path[4096];
    secg_error error = {0};
    c->site = secg_claim_site_defaults();
    if (cli_path(path, sizeof path, job->folder, "summary", "json") < 0)
        return -1;
    if (secg_summary_read_json(path, &c->summary, &error) != SECG_OK)
        return failed(&error);
    if (job->site_path && secg_claim_site_read(job->site_path, &c->site, &error) != SECG_OK)
        return failed(&error);
    const secg_summary *summary = secg_summary_file_get(c->summary);
    if (read_test(c, job, summary->signal->rate_hz) < 0 ||
        cli_read_seal(job->folder, job->tracing, &c->file.order) < 0)
        return -1;
    return job->index_path
               ? cli_ask_index(job->index_path, summary, &c->file.order, job->add, &c->duplicates)
               : 0;
}

static int run_rules(checked *c, const check_job *job)
{
    secg_error error = {0};
    secg_claim_options options = {.site = &c->site,
                                  .duplicates = job->index_path ? &c->duplicates : NULL,
                                  .during = (uint8_t)job->during};
    c->findings =
        secg_claim_check(secg_summary_file_get(c->summary), &c->file.order, &options, &error);
    return c->findings ? 0 : failed(&error);
}

/* ---- output -------------------------------------------------------------------------------- */

static const char *state(const secg_finding *f)
{
    if (f->met)
        return "met";
    if (f->later && !f->now && !f->lost)
        return "later";
    return secg_severity_text(f->severity);
}

static void print_finding(const secg_finding *f)
{
    const secg_claim_rule *rule = NULL;
    for (size_t i = 0; (rule = secg_claim_rule_at(i)) && strcmp(rule->id, f->rule) != 0; i++)
        ;
    printf("%-4s %-7s %s\n     %s\n", f->rule, state(f), f->title, f->evidence);
    if (f->met)
        return;
    printf("     at: %s\n     mend: %s%s\n", rule ? rule->where : "", f->mend,
           f->lost && !f->now && !f->later ? " (it can no longer be obtained)" : "");
}

static void print_shares(const checked *c)
{
    secg_code_share share[8];
    size_t count = secg_claim_codes(secg_summary_file_get(c->summary), &c->file.order, share, 8);
    for (size_t i = 0; i < count && i < 8; i++) {
        printf("%s %s:", i ? ";" : "by who did what:",
               share[i].entity_id[0] ? share[i].entity_id : "entity not stated");
        for (int32_t k = 0; k < share[i].codes; k++)
            printf(" %s", share[i].code[k]);
    }
    if (count > 0)
        printf("\n");
}

static void print_table(const checked *c, const check_job *job)
{
    size_t count, met = 0, weight[SECG_BLOCK + 1] = {0}, later = 0;
    const secg_finding *list = secg_findings_list(c->findings, &count);
    for (size_t i = 0; i < count; i++) {
        int waits = !list[i].met && list[i].later && !list[i].now && !list[i].lost;
        met += list[i].met;
        later += (size_t)waits;
        weight[list[i].severity] += !list[i].met && !waits;
        if (!list[i].met || job->all)
            print_finding(&list[i]);
    }
    printf("%srules %s: %zu of %zu met; %zu block, %zu warn, %zu inform",
           met < count || job->all ? "\n" : "", secg_claim_rules_version(), met, count,
           weight[SECG_BLOCK], weight[SECG_WARN], weight[SECG_INFORM]);
    if (job->during)
        printf(", %zu later", later);
    printf("\n");
    print_shares(c);
}

static int print_text(char *text)
{
    if (!text)
        return cli_fail(CLI_FAILED, "no memory");
    printf("%s\n", text);
    free(text);
    return CLI_OK;
}

static int exit_code(const checked *c)
{
    switch (secg_findings_worst(c->findings)) {
    case SECG_BLOCK:
        return CHECK_BLOCKED;
    case SECG_WARN:
        return CHECK_WARNED;
    default:
        return CLI_OK;
    }
}

static int check(const check_job *job)
{
    checked c = {0};
    int code = CLI_FAILED;
    if (read_inputs(&c, job) == 0 && run_rules(&c, job) == 0) {
        code = exit_code(&c);
        if (!job->json)
            print_table(&c, job);
        else if (print_text(secg_findings_json(c.findings)) != CLI_OK)
            code = CLI_FAILED;
    }
    secg_findings_free(c.findings);
    secg_test_file_free(&c.file);
    secg_summary_file_free(c.summary);
    return code;
}

/* ---- the rules themselves -------------------------------------------------------------------- */

static int print_rules(void)
{
    const secg_claim_rule *rule;
    printf("rules %s, words %s\n", secg_claim_rules_version(), secg_wording_version());
    for (size_t i = 0; (rule = secg_claim_rule_at(i)); i++)
        printf("\n%-4s %-7s (%s) %s\n     at: %s\n     mend: %s\n", rule->id,
               secg_severity_text(rule->severity), rule->origin, rule->title, rule->where,
               rule->mend);
    return CLI_OK;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"test", 't', 1},   {"site", 's', 1},
                                         {"index", 'i', 1},  {"add", 'A', 0},
                                         {"record", 'R', 1}, {"json", 'j', 0},
                                         {"all", 'a', 0},    {"during", 'd', 0},
                                         {"rules", 'r', 0},  {0}};
    cli_arguments a = {.verb = &cli_check, .argc = argc, .argv = argv, .option = options};
    check_job job = {0};
    int key, rules = 0;
    while ((key = cli_next_option(&a)) > 0) {
        switch (key) {
        case 't':
            job.test_path = a.value;
            break;
        case 's':
            job.site_path = a.value;
            break;
        case 'i':
            job.index_path = a.value;
            break;
        case 'A':
            job.add = 1;
            break;
        case 'R':
            job.tracing = a.value;
            break;
        case 'j':
            job.json = 1;
            break;
        case 'a':
            job.all = 1;
            break;
        case 'd':
            job.during = 1;
            break;
        default:
            rules = 1;
        }
    }
    if (key < 0)
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (rules && cli_check_operands(&a, 0, 0) < 0)
        return CLI_USAGE;
    if (rules)
        return job.json ? print_text(secg_claim_rules_json()) : print_rules();
    if (cli_check_operands(&a, 1, 1) < 0)
        return CLI_USAGE;
    if (job.add && !job.index_path)
        return cli_fail(CLI_USAGE, "--add: without --index there is nothing to add to");
    job.folder = a.operand[0];
    return check(&job);
}

const cli_verb cli_check = {
    "check", "what a record still lacks for CPT 93017",
    "usage: stressecg check [options] DIR\n"
    "       stressecg check --rules [--json]\n\n"
    "DIR: what stressecg analyze left: summary.json, and test.json with the order.  Prints the "
    "rules\n"
    "that are not met: what is missing, where it belongs, how to mend it.  It edits nothing.\n\n"
    "  -t, --test FILE    the order, instead of DIR/test.json\n"
    "  -s, --site FILE    the site's own limits and lists (data/site.schema.json)\n"
    "  -i, --index FILE   the index of encounters, created when it is missing: is there another "
    "test\n"
    "                     of this patient and day?\n"
    "      --add          then adds this one to it\n"
    "  -R, --record PATH  where the tracing of a closed record lies, if not in DIR\n"
    "  -j, --json         print a JSON document instead (data/findings.schema.json)\n"
    "  -a, --all          print the rules that are met too\n"
    "  -d, --during       the test is going on: say what can still be obtained\n"
    "  -r, --rules        print the set of rules\n\n"
    "Exit codes: 0 nothing blocks or warns; 3 something blocks the claim; 4 warnings only;\n"
    "1 a file stood in the way; 2 wrong usage.\n",
    run};
