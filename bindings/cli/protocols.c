/* stressecg protocols: the catalogue, or one table. */
#include "cli.h"

#include <math.h>

static void print_catalogue(void)
{
    printf("%-22s %-8s %-10s %s\n", "id", "version", "modality", "name");
    const secg_protocol *protocol;
    for (size_t i = 0; (protocol = secg_protocol_at(i)); i++)
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

static int run(int argc, char **argv)
{
    cli_arguments a = {
        .verb = &cli_protocols, .argc = argc, .argv = argv, .option = (cli_option[]){{0}}};
    if (cli_next_option(&a) < 0 || (!a.done && cli_check_operands(&a, 0, 1) < 0))
        return CLI_USAGE;
    if (a.done)
        return CLI_OK;
    if (a.operands == 0) {
        print_catalogue();
        return CLI_OK;
    }
    const secg_protocol *protocol = secg_protocol_find(a.operand[0]);
    if (!protocol)
        return cli_fail(CLI_FAILED, "there is no protocol \"%s\"", a.operand[0]);
    print_protocol(protocol);
    return CLI_OK;
}

const cli_verb cli_protocols = {
    "protocols", "list the protocols, or print one table",
    "usage: stressecg protocols [ID]\n\n"
    "Lists the built-in protocols, or prints the table of one: stages, loads, METs.\n",
    run};
