/* An ECG by formula: sums of Gaussians and smooth steps, so that R, J, isoelectric and ST levels
 * are known without measuring.  Owes nothing to the library. */
#ifndef TESTS_ECG_ANALYTIC_H
#define TESTS_ECG_ANALYTIC_H

#include <math.h>
#include <stdint.h>

enum { ANALYTIC_LEADS = 8 };

typedef struct analytic_lead {
    double p, q, r, s, t, st, slope; /* mV; mV; ...; mV at J; mV/s */
} analytic_lead;

/* ST is complete to 1 %, and every QRS wave below 0.4 % of itself, from here on. */
#define ANALYTIC_J_S 0.047

static const analytic_lead analytic_leads[ANALYTIC_LEADS] = {
    {.08, -.06, .70, -.15, .20, -.05, .3}, {.12, -.10, 1.20, -.20, .30, -.12, .8},
    {.05, .0, .25, -.90, -.10, .08, -.4},  {.06, .0, .45, -1.5, .55, .10, .5},
    {.06, -.02, .9, -1.2, .50, .03, .2},   {.06, -.08, 1.5, -.7, .40, -.10, .6},
    {.06, -.12, 1.6, -.35, .35, -.20, .3}, {.05, -.12, 1.2, -.15, .25, -.15, .1}};

static inline double analytic_gauss(double t, double centre, double sigma)
{
    double z = (t - centre) / sigma;
    return exp(-0.5 * z * z);
}

static inline double analytic_step(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/* One beat at t seconds from its R peak. */
static inline double analytic_beat(const analytic_lead *l, double t, double rr_s)
{
    double q = sqrt(rr_s), pr = 0.09 + 0.07 * fmin(rr_s, 1), tc = 0.02 + 0.26 * q, ts = 0.042 * q;
    double segment = analytic_step((t - 0.035) / 0.005) * (1 - analytic_step((t - tc) / ts));
    return l->p * analytic_gauss(t, -pr, 0.018) + l->q * analytic_gauss(t, -0.022, 0.006) +
           l->r * analytic_gauss(t, 0, 0.009) + l->s * analytic_gauss(t, 0.022, 0.0075) +
           (l->st + l->slope * (t - ANALYTIC_J_S)) * segment + l->t * analytic_gauss(t, tc, ts);
}

static inline double analytic_wide_beat(const analytic_lead *l, double t)
{
    return 1.4 * l->r * analytic_gauss(t, 0.01, 0.03) - 0.8 * l->s * analytic_gauss(t, 0.06, 0.03) -
           0.6 * l->t * analytic_gauss(t, 0.25, 0.06);
}

/* Level `after_s` after J against the PR segment, neighbours' tails included. */
static inline double analytic_st(const analytic_lead *l, double after_s, double rr_s)
{
    double level = 0;
    for (int beat = -2; beat <= 2; beat++)
        level += analytic_beat(l, ANALYTIC_J_S + after_s - beat * rr_s, rr_s) -
                 analytic_beat(l, -0.052 - beat * rr_s, rr_s);
    return level;
}

/* A small generator of its own (xorshift), so that a seed says everything. */
static inline double analytic_uniform(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static inline double analytic_normal(uint64_t *seed)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += analytic_uniform(seed);
    return sum - 6;
}

#endif
