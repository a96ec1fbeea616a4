/* bench_patterns [--json FILE]: the heart-rate meter on the patterns of EC13 / IEC 60601-2-27, as
 * domain.md 2.5 lists them, at 125, 360, 500 and 1000 samples per second; each row's extremes beside
 * its limit: 10 % or 5 bpm, the greater; 11 s for a step; none for what is no QRS complex. */
#include "figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TWO_PI 6.283185307179586

static const double RATE_HZ[] = {125, 360, 500, 1000};
enum { RATES = sizeof RATE_HZ / sizeof *RATE_HZ };

static const double STEP_LIMIT_S = 11, SETTLED_S = 20;

/* ---- shapes, added to channel 0 ------------------------------------------------------------ */

static void add_mv(recording *r, size_t frame, double mv)
{
    r->counts[frame] += (int32_t)lround(1000 * mv);
}

/* Height of a shape, 0 .. 1, at x widths from its middle. */
typedef double shape(double x);

static double triangle(double x)
{
    return fmax(0, 1 - 2 * fabs(x));
}

static double hump(double x)
{
    return fabs(x) < 0.5 ? 0.5 * (1 + cos(TWO_PI * x)) : 0;
}

static void add_shape(recording *r, shape *form, double at_s, double width_s, double mv)
{
    double hz = r->signal.rate_hz;
    for (long n = lround((at_s - width_s) * hz); n <= lround((at_s + width_s) * hz); n++)
        if (n >= 0 && n < (long)r->frames)
            add_mv(r, (size_t)n, mv * form(((double)n / hz - at_s) / width_s));
}

static void add_normal(recording *r, double at_s, double mv)
{
    add_shape(r, hump, at_s - 0.16, 0.10, 0.12 * mv);
    add_shape(r, hump, at_s, 0.06, mv);
    add_shape(r, hump, at_s + 0.035, 0.04, -0.25 * mv);
    add_shape(r, hump, at_s + 0.26, 0.18, 0.25 * mv);
}

static void add_ventricular(recording *r, double at_s, double mv)
{
    add_shape(r, hump, at_s, 0.15, -1.4 * mv);
    add_shape(r, hump, at_s + 0.09, 0.10, 0.3 * mv);
    add_shape(r, hump, at_s + 0.30, 0.24, 0.5 * mv);
}

static void pulses(recording *r, double bpm, double width_s, double mv, double from_s, double to_s)
{
    for (double at = from_s; at < to_s; at += 60 / bpm)
        add_shape(r, triangle, at, width_s, mv);
}

/* ---- rows ------------------------------------------------------------------------------------ */

typedef enum { READS_RATE, STEPS, NOT_COUNTED } row_kind;

/* One row of the table; draw makes the tracing, with two numbers of the row's own. */
typedef struct row {
    const char *name;
    row_kind kind;
    double seconds, bpm; /* bpm: the right reading, after the step where there is one */
    void (*draw)(recording *r, const struct row *row);
    double a, b;
    double from_hz; /* rates below are left out: a pulse of 2 ms is no sample there */
} row;

static const double STEP_AT_S = 30.5;

static void draw_plain(recording *r, const row *w)
{
    pulses(r, w->bpm, w->a, w->b, 0.4, w->seconds);
}

/* Two kinds of complex in turn, a s after the normal and b s after the other one. */
static void draw_pairs(recording *r, const row *w)
{
    for (double at = 0.5; at < w->seconds; at += w->a) {
        add_normal(r, at, 1);
        at += w->b;
        add_ventricular(r, at, 1);
    }
}

static void draw_bidirectional(recording *r, const row *w)
{
    double mv = 1;
    for (double at = 0.5; at < w->seconds; at += w->a, mv = -mv)
        add_normal(r, at, mv);
}

static void draw_tall_t(recording *r, const row *w)
{
    for (double at = 0.5; at < w->seconds; at += 60 / w->bpm) {
        add_shape(r, triangle, at, 0.10, 1);
        add_shape(r, hump, at - 0.05 + 0.35 - 0.09, 0.18, w->a);
    }
}

static void draw_drift(recording *r, const row *w)
{
    pulses(r, w->bpm, 0.10, 0.5, 0.4, w->seconds);
    for (size_t n = 0; n < r->frames; n++) {
        double phase = fmod((double)n / r->signal.rate_hz * w->b, 1);
        add_mv(r, n, w->a * (2 * fabs(phase - 0.5) - 0.5));
    }
}

static void draw_mains(recording *r, const row *w)
{
    pulses(r, w->bpm, 0.10, 0.5, 0.4, w->seconds);
    for (size_t n = 0; n < r->frames; n++)
        add_mv(r, n, 0.5 * w->a * sin(TWO_PI * w->b * (double)n / r->signal.rate_hz));
}

/* A pacer pulse of 2 ms at most is one sample; a: its height, b: of the complexes (0: no capture). */
static void draw_pacer(recording *r, const row *w)
{
    for (double at = 0.5; at < w->seconds; at += 0.75) {
        if (w->b > 0)
            add_shape(r, triangle, at, 0.10, w->b);
        add_mv(r, (size_t)((at - 0.15) * r->signal.rate_hz), w->a);
    }
}

/* The same, seen and flagged by the front end. */
static void draw_flagged_pacer(recording *r, const row *w)
{
    draw_pacer(r, w);
    for (double at = 0.5; at < w->seconds; at += 0.75)
        numbers_add(&r->pacer_frame, floor((at - 0.15) * r->signal.rate_hz));
}

static void draw_step(recording *r, const row *w)
{
    pulses(r, w->a, 0.10, 1, 0.5, STEP_AT_S - 0.25);
    pulses(r, w->bpm, 0.10, 1, STEP_AT_S, w->seconds);
}

/* Pulses that are no QRS complexes: a s wide, b mV high; 2 uV of noise, for a flat line is an
 * electrode that is off. */
static void draw_no_qrs(recording *r, const row *w)
{
    uint64_t seed = 7;
    pulses(r, 80, w->a, w->b, 0.4, w->seconds);
    for (size_t n = 0; n < r->frames; n++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        add_mv(r, n, 0.002 * ((double)(seed >> 11) / 4503599627370496.0 - 1));
    }
}

static const row ROWS[] = {
    {"A1 ventricular bigeminy", READS_RATE, 32, 80, draw_pairs, 1.0, 0.5, 0},
    {"A2 slow alternating bigeminy", READS_RATE, 32, 60, draw_pairs, 1.25, 0.75, 0},
    {"A3 rapid alternating bigeminy", READS_RATE, 32, 120, draw_pairs, 0.58, 0.42, 0},
    {"A4 bidirectional", READS_RATE, 32, 90, draw_bidirectional, 60.0 / 90, 0, 0},
    {"tall T 1.2 mV at 80", READS_RATE, 32, 80, draw_tall_t, 1.2, 0, 0},
    {"tall T 1.2 mV at 120", READS_RATE, 32, 120, draw_tall_t, 1.2, 0, 0},
    {"tall T 1.2 mV at 150", READS_RATE, 32, 150, draw_tall_t, 1.2, 0, 0},
    {"drift 4 mV 0.1 Hz", READS_RATE, 62, 80, draw_drift, 4, 0.1, 0},
    {"mains 100 uV 50 Hz", READS_RATE, 32, 80, draw_mains, 0.1, 50, 0},
    {"mains 100 uV 60 Hz", READS_RATE, 32, 80, draw_mains, 0.1, 60, 0},
    {"pacer +2 mV", READS_RATE, 32, 80, draw_pacer, 2, 1, 300},
    {"pacer -2 mV", READS_RATE, 32, 80, draw_pacer, -2, 1, 300},
    {"pacer +5 mV", READS_RATE, 32, 80, draw_pacer, 5, 1, 300},
    {"pacer -5 mV", READS_RATE, 32, 80, draw_pacer, -5, 1, 300},
    {"range 30", READS_RATE, 62, 30, draw_plain, 0.10, 1, 0},
    {"range 60, 0.5 mV", READS_RATE, 32, 60, draw_plain, 0.10, 0.5, 0},
    {"range 120, 5 mV", READS_RATE, 32, 120, draw_plain, 0.12, 5, 0},
    {"range 200", READS_RATE, 32, 200, draw_plain, 0.07, 1, 0},
    {"range 250", READS_RATE, 32, 250, draw_plain, 0.07, 1, 0},
    {"step 80 to 120", STEPS, 62, 120, draw_step, 80, 0, 0},
    {"step 80 to 40", STEPS, 62, 40, draw_step, 80, 0, 0},
    {"0.15 mV pulses", NOT_COUNTED, 32, 0, draw_no_qrs, 0.10, 0.15, 0},
    {"10 ms pulses of 1 mV", NOT_COUNTED, 32, 0, draw_no_qrs, 0.010, 1, 240},
    {"pacer +2 mV, no capture", NOT_COUNTED, 32, 0, draw_pacer, 2, 0, 300},
    {"pacer +2 mV, flagged, no capture", NOT_COUNTED, 32, 0, draw_flagged_pacer, 2, 0, 300},
};
enum { ROW_COUNT = sizeof ROWS / sizeof *ROWS };

/* ---- reading the meter ------------------------------------------------------------------------ */

static double allowed_bpm(double bpm)
{
    return fmax(5, 0.1 * bpm);
}

/* Largest error from 20 s on, signed; no rate is an error of the whole of it. */
static double worst_reading(const seen *s, const row *w)
{
    double worst = 0;
    for (double at = SETTLED_S; at <= w->seconds - 2; at++) {
        double bpm = seen_rate_at(s, at), error = isnan(bpm) ? -w->bpm : bpm - w->bpm;
        if (fabs(error) > fabs(worst))
            worst = error;
    }
    return worst;
}

/* Seconds from the first complex of the new rate until the display is, and stays, within 10 %. */
static double step_time(const seen *s, const row *w)
{
    double settled = STEP_AT_S;
    for (size_t i = 0; i < s->rates; i++)
        if (s->rate[i].at_s > STEP_AT_S && !(fabs(s->rate[i].bpm - w->bpm) <= 0.1 * w->bpm))
            settled = i + 1 < s->rates ? s->rate[i + 1].at_s : INFINITY;
    return settled - STEP_AT_S;
}

/* One number per row and rate, of which the largest in size counts. */
static double measured(const seen *s, const row *w)
{
    return w->kind == READS_RATE ? worst_reading(s, w)
           : w->kind == STEPS    ? step_time(s, w)
                                 : (double)s->beats;
}

static double limit(const row *w)
{
    return w->kind == READS_RATE ? allowed_bpm(w->bpm) : w->kind == STEPS ? STEP_LIMIT_S : 0;
}

static const char *unit(const row *w)
{
    return w->kind == READS_RATE ? "bpm" : w->kind == STEPS ? "s" : "beats";
}

static int run_row(json_t *root, const row *w)
{
    double worst = 0;
    char path[128];
    for (int i = 0; i < RATES; i++) {
        if (RATE_HZ[i] < w->from_hz)
            continue;
        recording r = recording_blank(RATE_HZ[i], w->seconds);
        w->draw(&r, w);
        seen s = recording_analyse(&r, EVERY_LEAD);
        double x = measured(&s, w);
        snprintf(path, sizeof path, "patterns/%s/at_%g_hz", w->name, RATE_HZ[i]);
        figures_put(root, path, x);
        if (fabs(x) > fabs(worst))
            worst = x;
        seen_free(&s);
        recording_free(&r);
    }
    int met = fabs(worst) <= limit(w);
    printf("%-34s %8.0f %+10.2f %8.1f %-6s %s\n", w->name, w->bpm, worst, limit(w), unit(w),
           met ? "met" : "NOT MET");
    snprintf(path, sizeof path, "patterns/%s/worst_%s", w->name, unit(w));
    figures_put(root, path, worst);
    snprintf(path, sizeof path, "patterns/%s/limit_%s", w->name, unit(w));
    figures_put(root, path, limit(w));
    snprintf(path, sizeof path, "patterns/%s/met", w->name);
    figures_put_count(root, path, met);
    return met;
}

int main(int argc, char **argv)
{
    json_t *root = json_object();
    int has_json = argc > 2 && strcmp(argv[1], "--json") == 0, met = 0;
    printf("\nstandard patterns, worst of %d sample rates: error of the reading, time of the step, "
           "beats counted\n%-34s %8s %10s %8s\n",
           (int)RATES, "pattern", "bpm", "worst", "limit");
    for (int i = 0; i < ROW_COUNT; i++)
        met += run_row(root, &ROWS[i]);
    figures_put_count(root, "patterns/rows", ROW_COUNT);
    figures_put_count(root, "patterns/rows_met", met);
    int failed = figures_write(root, has_json ? argv[2] : NULL) < 0;
    json_decref(root);
    return failed;
}
