/* bench_bar [--json FILE] [--short] PART ...: puts the figures that the other programs wrote into
 * one file, and prints them as tables in Markdown beside what was aimed at and what others reach. */
#include "figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUES = 4, PEERS = 3, CELL = 256 };

typedef struct row {
    const char *what, *bar, *peer; /* peer: best figure published or measured elsewhere    */
    const char *path[VALUES];      /* the figures                                          */
    double limit[VALUES];          /* NaN: no bar                                          */
    int at_least;                  /* 1: the figure should be at least the limit, 0: most  */
    int decimals;
    const char *unit;
    const char *peer_path[VALUES]; /* below peers/NAME/                                    */
    int is_short;                  /* 1: also in the README's table                        */
} row;

#define NONE                                                                                       \
    {                                                                                              \
        NAN, NAN, NAN, NAN                                                                         \
    }
#define AT_5 "from_5_min/all/"
#define L0   "ds1/beats/lead_0/" AT_5
#define ALL  "ds1/beats/all_leads/" AT_5
#define NST  "nstdb/beats/all_leads/from_5_min/"
#define RUN  "treadmill/beats_in_window/all/"
#define SHOW "treadmill/displayed/all/"

static const row ROWS[] = {
    {"QRS, DS1, lead 0 alone, from 5 min: FP + FN",
     "<= 110",
     "200 (OSEA's best)",
     {L0 "qrs/errors"},
     {110},
     0,
     0,
     "",
     {AT_5 "qrs/errors"},
     1},
    {"the same from the first second",
     "<= 150",
     "260 offline, 300 streaming",
     {"ds1/beats/lead_0/from_0/all/qrs/errors"},
     {150},
     0,
     0,
     "",
     {"from_0/all/qrs/errors"},
     1},
    {"QRS, DS1, both leads, from 5 min: FP + FN",
     "<= 50",
     "-",
     {ALL "qrs/errors"},
     {50},
     0,
     0,
     "",
     {0},
     1},
    {"QRS, DS1, both leads, from the first second",
     "-",
     "-",
     {"ds1/beats/all_leads/from_0/all/qrs/errors"},
     NONE,
     0,
     0,
     "",
     {0},
     0},
    {"QRS, DS1, second lead alone, from 5 min",
     "-",
     "-",
     {"ds1/beats/second_lead/" AT_5 "qrs/errors"},
     NONE,
     0,
     0,
     "",
     {0},
     0},
    {"early QRS events, DS1, lead 0 / both: FP + FN",
     "-",
     "-",
     {"ds1/early_qrs/lead_0/" AT_5 "qrs/errors", "ds1/early_qrs/all_leads/" AT_5 "qrs/errors"},
     NONE,
     0,
     0,
     "",
     {0},
     0},
    {"118e24 / e12 / e06, both leads: FP + FN",
     "0 / <= 6 / <= 70",
     "0 / 17 / 166 offline, 0 / 103 / 517 streaming",
     {NST "118e24/qrs/errors", NST "118e12/qrs/errors", NST "118e06/qrs/errors"},
     {0, 6, 70},
     0,
     0,
     "",
     {0},
     1},
    {"R peak, DS1, lead 0, median of the record out, whole samples: rms / p95",
     "<= 8 / <= 5.6 ms",
     "10.5 / 5.6 ms (gqrs)",
     {L0 "r_peak_whole/rms_ms", L0 "r_peak_whole/p95_ms"},
     {8, 5.6},
     0,
     1,
     "ms",
     {AT_5 "r_peak_whole/rms_ms", AT_5 "r_peak_whole/p95_ms"},
     1},
    {"the same, with the part of a sample",
     "-",
     "-",
     {L0 "r_peak/rms_ms", L0 "r_peak/p95_ms"},
     NONE,
     0,
     1,
     "ms",
     {0},
     0},
    {"the same, both leads",
     "-",
     "-",
     {ALL "r_peak/rms_ms", ALL "r_peak/p95_ms"},
     NONE,
     0,
     1,
     "ms",
     {0},
     0},
    {"ventricular beats, DS1, both leads: Se / +P",
     ">= 96 / >= 98 %",
     "92.1 / 96.5 % (OSEA)",
     {ALL "veb/se_percent", ALL "veb/ppv_percent"},
     {96, 98},
     1,
     1,
     "%",
     {AT_5 "veb/se_percent", AT_5 "veb/ppv_percent"},
     1},
    {"ventricular beats, DS1, lead 0 alone: Se / +P",
     "-",
     "92.1 / 96.5 % (OSEA)",
     {L0 "veb/se_percent", L0 "veb/ppv_percent"},
     NONE,
     1,
     1,
     "%",
     {0},
     0},
    {"supraventricular beats, DS1, both leads: Se / +P",
     ">= 75 / >= 75 %",
     "none open and streaming",
     {ALL "sveb/se_percent", ALL "sveb/ppv_percent"},
     {75, 75},
     1,
     1,
     "%",
     {0},
     1},
    {"supraventricular beats, DS1, lead 0 alone: Se / +P",
     "-",
     "-",
     {L0 "sveb/se_percent", L0 "sveb/ppv_percent"},
     NONE,
     1,
     1,
     "%",
     {0},
     0},
    {"heart rate while running, 8 s windows: mean / p95 of errors",
     "<= 1 / <= 3 bpm",
     "1.8 / 7.9 (wqrs), 2.3 / 15.7 (gqrs)",
     {RUN "mae_bpm", RUN "p95_bpm"},
     {1, 3},
     0,
     2,
     "bpm",
     {0},
     1},
    {"the displayed rate (mean of 10 s) at the windows' ends",
     "-",
     "-",
     {SHOW "mae_bpm", SHOW "p95_bpm"},
     NONE,
     0,
     2,
     "bpm",
     {0},
     0},
    {"R peak to QRS event, DS1, both leads: p50 / p99 / longest",
     "longest <= 300 ms",
     "-",
     {"ds1/delay/all_leads/QRS/p50_ms", "ds1/delay/all_leads/QRS/p99_ms",
      "ds1/delay/all_leads/QRS/max_ms"},
     {NAN, NAN, 300},
     0,
     0,
     "ms",
     {0},
     1},
    {"R peak to BEAT event with its class: p50 / p99 / longest",
     "longest <= 1200 ms",
     "-",
     {"ds1/delay/all_leads/BEAT/p50_ms", "ds1/delay/all_leads/BEAT/p99_ms",
      "ds1/delay/all_leads/BEAT/max_ms"},
     {NAN, NAN, 1200},
     0,
     0,
     "ms",
     {0},
     1},
    {"first beat of a record reported, the latest of 22",
     "<= 3 s",
     "-",
     {"ds1/delay/all_leads/first_beat_s"},
     {3},
     0,
     2,
     "s",
     {0},
     0},
};

/* Rows of standard patterns: what a program measured, joined. */
typedef struct pattern_row {
    const char *what, *unit;
    const char *name[VALUES + 1];
} pattern_row;

static const pattern_row PATTERNS[] = {
    {"A1 / A2 / A3 / A4",
     "bpm",
     {"A1 ventricular bigeminy", "A2 slow alternating bigeminy", "A3 rapid alternating bigeminy",
      "A4 bidirectional"}},
    {"tall T, 1.2 mV, at 80 / 120 / 150 bpm",
     "bpm",
     {"tall T 1.2 mV at 80", "tall T 1.2 mV at 120", "tall T 1.2 mV at 150"}},
    {"drift, 4 mV triangle of 0.1 Hz", "bpm", {"drift 4 mV 0.1 Hz"}},
    {"mains, 100 uV, 50 / 60 Hz", "bpm", {"mains 100 uV 50 Hz", "mains 100 uV 60 Hz"}},
    {"pacer pulses before captured beats, +2 / -2 / +5 / -5 mV",
     "bpm",
     {"pacer +2 mV", "pacer -2 mV", "pacer +5 mV", "pacer -5 mV"}},
    {"range: 30 / 60 / 200 / 250 bpm",
     "bpm",
     {"range 30", "range 60, 0.5 mV", "range 200", "range 250"}},
    {"time of the step 80 to 120 / 80 to 40", "s", {"step 80 to 120", "step 80 to 40"}},
    {"not counted: 0.15 mV / 10 ms", "beats", {"0.15 mV pulses", "10 ms pulses of 1 mV"}},
    {"not counted: pacer pulses without capture, flagged / not",
     "beats",
     {"pacer +2 mV, flagged, no capture", "pacer +2 mV, no capture"}},
};

static const char *const PEER_NAME[PEERS] = {"gqrs", "wqrs", "osea"};

/* ---- cells ----------------------------------------------------------------------------------- */

static void append(char *cell, const char *before, double value, int decimals)
{
    size_t at = strlen(cell);
    if (fabs(value) < 0.5 * pow(10, -decimals))
        value = 0; /* no "-0.0" */
    if (isnan(value))
        snprintf(cell + at, CELL - at, "%s?", before);
    else
        snprintf(cell + at, CELL - at, "%s%.*f", before, decimals, value);
}

static void append_unit(char *cell, const char *unit)
{
    size_t at = strlen(cell);
    if (*unit)
        snprintf(cell + at, CELL - at, " %s", unit);
}

static int within(double value, double limit, int at_least)
{
    return isnan(limit) || (at_least ? value >= limit : fabs(value) <= limit);
}

/* "met", "not met", "-" without a bar, "not measured" where a figure is missing. */
static const char *verdict(const row *w, const double *value, int values)
{
    int bars = 0, met = 1;
    for (int i = 0; i < values; i++) {
        if (isnan(value[i]))
            return "not measured";
        bars += !isnan(w->limit[i]);
        met &= within(value[i], w->limit[i], w->at_least);
    }
    return bars == 0 ? "-" : met ? "met" : "**not met**";
}

static int read_values(const json_t *root, const char *const *path, double *value)
{
    int n = 0;
    for (; n < VALUES && path[n]; n++)
        value[n] = figures_get(root, path[n]);
    return n;
}

static void join(char *cell, const double *value, int values, int decimals, const char *unit)
{
    cell[0] = '\0';
    for (int i = 0; i < values; i++)
        append(cell, i ? " / " : "", value[i], decimals);
    append_unit(cell, unit);
}

/* What the peers' own annotation files give in this run; "-" where none do. */
static void peers_cell(const json_t *root, const row *w, char *cell)
{
    cell[0] = '\0';
    for (int p = 0; p < PEERS && w->peer_path[0]; p++) {
        for (int i = 0; i < VALUES && w->peer_path[i]; i++) {
            char path[160], before[32];
            snprintf(path, sizeof path, "ds1/peers/%s/%s", PEER_NAME[p], w->peer_path[i]);
            double value = figures_get(root, path);
            if (isnan(value) || (i == 0 && value == 0)) /* no file, or no such class */
                break;
            snprintf(before, sizeof before, i ? " / " : "%s%s ", cell[0] ? ", " : "", PEER_NAME[p]);
            append(cell, before, value, w->decimals);
        }
    }
    if (cell[0] == '\0')
        snprintf(cell, CELL, "-");
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void print_row(const json_t *root, const row *w, int is_short)
{
    double value[VALUES];
    char cell[CELL], peers[CELL];
    int values = read_values(root, w->path, value);
    join(cell, value, values, w->decimals, w->unit);
    peers_cell(root, w, peers);
    if (is_short)
        printf("| %s | %s | %s | %s |\n", w->what, w->bar, w->peer, cell);
    else
        printf("| %s | %s | %s | %s | %s | %s |\n", w->what, w->bar, w->peer, peers, cell,
               verdict(w, value, values));
}

static void print_bar(const json_t *root, int is_short)
{
    printf("%s", is_short ? "| what | aim | best peer | this version |\n|---|---|---|---|\n"
                          : "| what | bar | best peer | peers' files, this run | this version | |\n"
                            "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        if (!is_short || ROWS[i].is_short)
            print_row(root, &ROWS[i], is_short);
}

static void print_pattern(const json_t *root, const pattern_row *w)
{
    double worst[VALUES];
    row bar = {.limit = NONE};
    char limits[CELL], values[CELL], path[160];
    int n = 0, decimals = strcmp(w->unit, "beats") == 0 ? 0 : 1;
    for (; n < VALUES && w->name[n]; n++) {
        snprintf(path, sizeof path, "patterns/%s/worst_%s", w->name[n], w->unit);
        worst[n] = figures_get(root, path);
        snprintf(path, sizeof path, "patterns/%s/limit_%s", w->name[n], w->unit);
        bar.limit[n] = figures_get(root, path);
    }
    join(limits, bar.limit, n, 0, w->unit);
    join(values, worst, n, decimals, w->unit);
    printf("| %s | %s | %s | %s |\n", w->what, limits, values, verdict(&bar, worst, n));
}

static void print_patterns(const json_t *root)
{
    printf("\n| standard pattern, worst of four sample rates | limit | this version | |\n"
           "|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof PATTERNS / sizeof *PATTERNS; i++)
        print_pattern(root, &PATTERNS[i]);
}

static void print_sweep_cell(const json_t *root, const char *noise, const char *level,
                             const char *leads)
{
    static const char *const what[] = {"fn", "fp", "se_percent", "ppv_percent"};
    for (int i = 0; i < 4; i++) {
        char path[160];
        snprintf(path, sizeof path, "noise_sweep/%s/%s/%s/qrs/%s", noise, level, leads, what[i]);
        double value = figures_get(root, path);
        if (isnan(value))
            printf("%s?", i ? " / " : " ");
        else
            printf("%s%.*f", i ? " / " : " ", i < 2 ? 0 : 2, value);
    }
    printf(" |");
}

static void print_sweep(const json_t *root)
{
    static const char *const level[] = {"none", "24 dB", "18 dB", "12 dB", "6 dB", "0 dB", "-6 dB"};
    printf("\n| noise in DS1: FN / FP / Se %% / +P %% | em, lead 0 | em, both leads | ma, lead 0 | "
           "ma, both leads |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof level / sizeof *level; i++) {
        printf("| %s |", level[i]);
        print_sweep_cell(root, "em", level[i], "lead_0");
        print_sweep_cell(root, "em", level[i], "all_leads");
        print_sweep_cell(root, "ma", level[i], "lead_0");
        print_sweep_cell(root, "ma", level[i], "all_leads");
        printf("\n");
    }
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* Adds the parts' trees to one another, name by name. */
static int read_parts(json_t *root, char **path, int paths)
{
    for (int i = 0; i < paths; i++) {
        json_error_t error;
        json_t *part = json_load_file(path[i], 0, &error);
        if (!part)
            return fprintf(stderr, "%s: line %d: %s\n", path[i], error.line, error.text), -1;
        json_object_update_recursive(root, part);
        json_decref(part);
    }
    return 0;
}

int main(int argc, char **argv)
{
    json_t *root = json_object();
    const char *json = NULL;
    int is_short = 0, i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--json") == 0 && i + 1 < argc)
            json = argv[++i];
        else if (strcmp(argv[i], "--short") == 0)
            is_short = 1;
        else
            return fprintf(stderr, "%s: no such option\n", argv[i]), 2;
    }
    int failed = read_parts(root, argv + i, argc - i) < 0;
    if (!failed) {
        print_bar(root, is_short);
        if (!is_short) {
            print_patterns(root);
            print_sweep(root);
        }
        failed = figures_write(root, json) < 0;
    }
    json_decref(root);
    return failed;
}
