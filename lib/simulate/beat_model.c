/* Every wave is a hump of compact support,
 *
 *     hump(x) = cos^2(pi x / 2) for |x| < 1, else 0,          x = (t - centre) / half width,
 *
 * instead of a Gaussian: onset and end of a wave, and with them QRS onset and J, are then exact
 * times, not the crossing of a threshold.  The hump and its slope are continuous; its spectrum
 * falls as 1/f^3, as that of a QRS does.
 *
 * A lead is a fixed linear combination of few humps, so that the leads have the low rank of a real
 * heart's field: five for the normal QRS (septal q, early right-left, main, basal, terminal), two
 * for P (right, left atrium), one skewed hump for T, and ST.  Humps next to the main one end
 * or peak where its slope is 0, at R: the R peak of lead II is therefore at exactly 0 ms.
 *
 * ST in V5, u = t - J:   -st_mv (0.9 + 0.1 u / 60 ms), risen from 0 by half a cosine in the last
 * 30 ms of the QRS and faded out by another under the T wave.  At J it is complete.
 *
 * Intervals: QT = 385 ms sqrt(RR / 1 s) (Bazett 1920), PR 160 ms at 60 bpm falling to 118 ms at
 * 180 bpm.  So P begins after T has ended up to 170 bpm, and fuses with it from there.  T takes
 * the later 80 % of the time from J to the end of QT at rest, 64 % at 170 bpm.
 *
 * Amplitudes are of our own choice, inside normal limits of adults, axis about 50 degrees. */
#include "simulate/beat_model.h"

#include <math.h>

#define HALF_PI   1.57079632679489661923
#define ST_RISE_S 0.030

enum { QRS_WAVES = 5, WIDE_WAVES = 2 };

typedef struct wave {
    double centre_s, half_s;
} wave;

static const wave qrs_wave[QRS_WAVES] = {
    {-0.028, 0.012}, {-0.020, 0.020}, {0, 0.026}, {0.020, 0.020}, {0.038, 0.016}};
static const wave wide_wave[WIDE_WAVES] = {{0, 0.055}, {0.045, 0.040}};

/* Amplitudes in mV of one lead.  Lead II takes part in the tables as a lead like any other;
 * III and the augmented leads follow from I and II, so that Einthoven's law holds for each wave. */
typedef struct lead_waves {
    double p_right, p_left, qrs[QRS_WAVES], t;
    double st;               /* per mV of depression in V5 */
    double upright;          /* gain of QRS when standing  */
    double wide[WIDE_WAVES]; /* ventricular beat           */
} lead_waves;

static const lead_waves table[SECG_MODEL_LEADS] = {
    /* I  */ {0.06, 0.05, {-0.06, 0.08, 0.75, -0.08, -0.03}, 0.22, -0.30, 0.88, {0.45, 0.25}},
    /* II */ {0.11, 0.07, {-0.08, 0.10, 1.10, -0.12, -0.06}, 0.28, -0.70, 1.05, {-1.10, -0.45}},
    /* V1 */ {0.06, -0.05, {0.00, 0.24, -0.60, -0.70, 0.02}, -0.05, 0.15, 0.95, {1.10, 0.50}},
    /* V2 */ {0.06, 0.02, {0.00, 0.38, -0.25, -1.45, -0.12}, 0.30, 0.00, 0.95, {1.40, 0.70}},
    /* V3 */ {0.05, 0.04, {0.00, 0.42, 0.60, -1.05, -0.15}, 0.40, -0.35, 0.95, {0.95, 0.50}},
    /* V4 */ {0.05, 0.05, {-0.04, 0.30, 1.35, -0.55, -0.14}, 0.42, -0.80, 0.92, {0.25, 0.25}},
    /* V5 */ {0.04, 0.05, {-0.09, 0.14, 1.50, -0.22, -0.10}, 0.35, -1.00, 0.92, {-0.50, -0.15}},
    /* V6 */ {0.04, 0.05, {-0.10, 0.10, 1.10, -0.08, -0.04}, 0.25, -0.75, 0.95, {-0.80, -0.30}}};

static double hump(double t, double centre, double half)
{
    double x = (t - centre) / half;
    if (!(fabs(x) < 1))
        return 0;
    double c = cos(HALF_PI * x);
    return c * c;
}

/* 0 before start, 1 after end, half a cosine between. */
static double smooth_step(double t, double start, double end)
{
    if (t <= start)
        return 0;
    if (t >= end)
        return 1;
    double s = sin(HALF_PI * (t - start) / (end - start));
    return s * s;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double qt_s(double bpm)
{
    return 0.385 * sqrt(clamp(60 / bpm, 0.24, 1.5));
}

secg_beat_form secg_beat_normal(double r_s, const secg_beat_conditions *c)
{
    const double qrs_start = -0.040, j = 0.054;
    double over_60 = clamp(c->bpm, 40, 220) - 60;
    double pr = 0.160 - 0.000350 * over_60, p = 0.100 - 0.000208 * over_60;
    double t_end = qrs_start + qt_s(c->bpm);
    double plateau = 0.20 + 0.16 * clamp((c->bpm - 75) / 95, 0, 1);
    return (secg_beat_form){.r_s = r_s,
                            .label = 'N',
                            .p_start = qrs_start - pr,
                            .p_end = qrs_start - pr + p,
                            .qrs_start = qrs_start,
                            .j = j,
                            .t_start = j + plateau * (t_end - j),
                            .t_peak = j + 0.68 * (t_end - j),
                            .t_end = t_end,
                            .st_mv = c->st_mv,
                            .upright = c->upright,
                            .p_gain = 1 + 0.5 * c->effort,
                            .qrs_gain = c->qrs_gain,
                            .t_gain = (1 - 0.12 * c->upright) * (1 - 0.15 * c->effort)};
}

secg_beat_form secg_beat_ventricular(double r_s, const secg_beat_conditions *c)
{
    const double qrs_start = -0.055, j = 0.085;
    double t_start = j - 0.010, t_end = qrs_start + 1.15 * qt_s(c->bpm) + 0.03;
    return (secg_beat_form){.r_s = r_s,
                            .label = 'V',
                            .p_start = qrs_start,
                            .p_end = qrs_start,
                            .qrs_start = qrs_start,
                            .j = j,
                            .t_start = t_start,
                            .t_peak = t_start + 0.6 * (t_end - t_start),
                            .t_end = t_end,
                            .qrs_gain = c->qrs_gain,
                            .t_gain = 1};
}

double secg_beat_begin_s(const secg_beat_form *beat)
{
    return beat->r_s + beat->p_start;
}

double secg_beat_end_s(const secg_beat_form *beat)
{
    return beat->r_s + beat->t_end;
}

void secg_beat_end_before(secg_beat_form *beat, double time_s)
{
    double least = beat->j + 0.060, end = time_s - beat->r_s;
    if (end >= beat->t_end)
        return;
    double part = (beat->t_peak - beat->t_start) / (beat->t_end - beat->t_start);
    beat->t_end = end > least ? end : least;
    beat->t_peak = beat->t_start + part * (beat->t_end - beat->t_start);
}

double secg_beat_isoelectric_s(const secg_beat_form *beat)
{
    return beat->r_s + 0.5 * (beat->p_end + beat->qrs_start);
}

/* T rises slowly (cos^4) and falls faster (cos^2), as real ones do. */
static double t_hump(const secg_beat_form *beat, double t)
{
    if (t >= beat->t_peak)
        return hump(t, beat->t_peak, beat->t_end - beat->t_peak);
    double rise = hump(t, beat->t_peak, beat->t_peak - beat->t_start);
    return rise * rise;
}

static double st_course(const secg_beat_form *beat, double t)
{
    return smooth_step(t, beat->j - ST_RISE_S, beat->j) * (0.9 + 0.1 * (t - beat->j) / 0.060) *
           (1 - smooth_step(t, beat->t_start, beat->t_end));
}

static void add_normal(const secg_beat_form *beat, double t, double *mv)
{
    double length = beat->p_end - beat->p_start, half = 0.4 * length;
    double right = beat->p_gain * hump(t, beat->p_start + half, half);
    double left = beat->p_gain * hump(t, beat->p_end - half, half);
    double qrs[QRS_WAVES], t_wave = beat->t_gain * t_hump(beat, t);
    double st = beat->st_mv != 0 ? beat->st_mv * st_course(beat, t) : 0;
    for (int w = 0; w < QRS_WAVES; w++)
        qrs[w] = beat->qrs_gain * hump(t, qrs_wave[w].centre_s, qrs_wave[w].half_s);
    for (int k = 0; k < SECG_MODEL_LEADS; k++) {
        const lead_waves *lead = &table[k];
        double sum = 0;
        for (int w = 0; w < QRS_WAVES; w++)
            sum += lead->qrs[w] * qrs[w];
        mv[k] += lead->p_right * right + lead->p_left * left + lead->t * t_wave + lead->st * st +
                 sum * (1 + beat->upright * (lead->upright - 1));
    }
}

/* No P wave; T points against the QRS, as it does when the ventricles repolarise in the order in
 * which they were activated from an ectopic place. */
static void add_ventricular(const secg_beat_form *beat, double t, double *mv)
{
    double first = beat->qrs_gain * hump(t, wide_wave[0].centre_s, wide_wave[0].half_s);
    double second = beat->qrs_gain * hump(t, wide_wave[1].centre_s, wide_wave[1].half_s);
    double t_wave = beat->t_gain * t_hump(beat, t);
    for (int k = 0; k < SECG_MODEL_LEADS; k++) {
        const double *wide = table[k].wide;
        mv[k] += wide[0] * first + wide[1] * second - 0.30 * (wide[0] + wide[1]) * t_wave;
    }
}

void secg_beat_add(const secg_beat_form *beat, double time_s, double *mv)
{
    double t = time_s - beat->r_s;
    if (t <= beat->p_start || t >= beat->t_end)
        return;
    if (beat->label == 'V')
        add_ventricular(beat, t, mv);
    else
        add_normal(beat, t, mv);
}

void secg_beats_at(const secg_beat_form *beats, size_t count, size_t *first, double time_s,
                   double *mv)
{
    const double longest_s = 1.0; /* no beat lasts longer after its R peak */
    for (int k = 0; k < SECG_MODEL_LEADS; k++)
        mv[k] = 0;
    while (*first < count && beats[*first].r_s < time_s - longest_s)
        ++*first;
    for (size_t i = *first; i < count && beats[i].r_s < time_s + longest_s; i++)
        secg_beat_add(&beats[i], time_s, mv);
}

void secg_all_leads(const double *eight, double *twelve)
{
    double one = eight[0], two = eight[1];
    twelve[0] = one;
    twelve[1] = two;
    twelve[2] = two - one;
    twelve[3] = -0.5 * (one + two);
    twelve[4] = one - 0.5 * two;
    twelve[5] = two - 0.5 * one;
    for (int k = 0; k < 6; k++)
        twelve[6 + k] = eight[2 + k];
}
