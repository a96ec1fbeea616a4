/* stressecg protocols: the catalogue, or one table. */
#include "cli.h"

#include <math.h>

static void print_catalogue(const secg_protocols *own)
{
    printf("%-22s %-8s %-10s %s\n", "id", "version", "modality", "name");
    const secg_protocol *protocol;
    for (size_t i = 0; (protocol = secg_protocols_at(own, i)); i++)
        printf("%-22s %-8s %-10s %s\n", protocol->id, protocol->version,
               secg_modality_text(protocol->modality), protocol->name);
}

static void print_number(const char *format, double value)
{
    if (isnan(value))
        printf("%8s", "-");
    else
        printf(format, value);
}

static void print_stage(const secg_protocol *protocol, const secg_protocol_stage *stage,
                        double clock_s)
{
    char text[16] = "open";
    if (stage->duration_s > 0)
        secg_elapsed_text(stage->duration_s, text, sizeof text);
    char clock[16];
    printf("%-12s %8s %9s", stage->label, text, secg_elapsed_text(clock_s, clock, sizeof clock));
    if (protocol->modality == SECG_MODALITY_TREADMILL) {
        print_number("%8.1f", (double)stage->speed_mph);
        print_number("%8.2f", (double)stage->speed_mph * 1.609344);
        print_number("%8.1f", (double)stage->grade_pct);
        secg_mets mets = secg_mets_treadmill((double)stage->speed_mph, (double)stage->grade_pct, 0);
        print_number("%8.1f", (double)mets.mets.value);
        printf("  %s%s", secg_mets_method_text(mets.method),
               mets.extrapolated ? " (extrapolated)" : "");
    } else if (protocol->modality == SECG_MODALITY_DRUG) {
        print_number("%8.2f", (double)stage->dose);
    } else {
        print_number("%8.0f", (double)stage->power_w);
    }
    if (stage->ramp_s > 0)
        printf("  rises to the next, anew each %g s", (double)stage->ramp_s);
    putchar('\n');
}

static void print_protocol(const secg_protocol *protocol)
{
    printf("%s (%s, version %s)\nsource: %s\n\n%-12s %8s %9s", protocol->name, protocol->id,
           protocol->version, protocol->source, "stage", "lasts", "begins");
    if (protocol->modality == SECG_MODALITY_TREADMILL)
        printf("%8s%8s%8s%8s  %s\n", "mph", "km/h", "grade %", "METs", "method");
    else if (protocol->modality == SECG_MODALITY_DRUG)
        printf("  dose, %s\n", protocol->dose_unit);
    else
        printf("%8s\n", "W");
    double clock_s = 0;
    for (size_t i = 0; i < protocol->stages; i++) {
        print_stage(protocol, &protocol->stage[i], clock_s);
        clock_s += protocol->stage[i].duration_s;
    }
}

static int print(const secg_protocols *own, const char *id)
{
    if (!id) {
        print_catalogue(own);
        return CLI_OK;
    }
    const secg_protocol *protocol = secg_protocols_find(own, id);
    if (!protocol)
        return cli_fail(CLI_FAILED, "there is no protocol \"%s\"", id);
    print_protocol(protocol);
    return CLI_OK;
}

static int run(int argc, char **argv)
{
    static const cli_option options[] = {{"protocols", 'p', 1}, {0}};
    cli_arguments a = {.verb = &cli_protocols, .argc = argc, .argv = argv, .option = options};
    const char *path = NULL;
    int key;
    while ((key = cli_next_option(&a)) > 0)
        path = a.value;
    if (key < 0 || (!a.done && cli_check_operands(&a, 0, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    secg_protocols own = {0};
    secg_error error = {0};
    if (path && secg_protocols_read(path, &own, &error) != SECG_OK) {
        cli_error(&error);
        return CLI_FAILED;
    }
    int result = print(&own, a.operands ? a.operand[0] : NULL);
    secg_protocols_free(&own);
    return result;
}

const cli_verb cli_protocols = {
    "protocols", "list the protocols, or print one table",
    "usage: stressecg protocols [--protocols FILE] [ID]\n\n"
    "Lists the protocols, or prints the table of one: stages, loads, METs.\n\n"
    "  --protocols FILE   with tables of your own (data/PROTOCOL.md), which stand for built-in "
    "ones\n"
    "                     of the same id\n",
    run};
