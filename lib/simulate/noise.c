/* Six noises, each per electrode, so that a bad LL shows in II, III, aVF and, by a third, in the
 * chest leads, and every relation between leads holds:
 *
 *   white     the amplifier: 3 uV rms in a lead
 *   muscle    white noise through a second-order Butterworth high-pass at 20 Hz and low-pass at
 *             150 Hz (or 0.4 of the rate), 10 uV rms in a lead at rest, 60 uV at peak; its level
 *             comes and goes within seconds
 *   wander    breathing, 0.25 Hz at rest to 0.6 Hz, plus drift below 0.1 Hz
 *   motion    each step moves the electrode: the cadence and its second harmonic
 *   jolts     cable pulls and slips, Poisson in time, more in effort: 0.1 .. 0.5 mV that rise
 *             within 30 ms and relax with 0.2 .. 0.8 s
 *   mains     0.05 % off its nominal frequency (60 is 59.97 Hz), as mains are
 *
 * A lead is a difference of two electrodes, so its noise is sqrt(2) of theirs.  Levels are of our
 * own choice, in the range that exercise tracings show.
 *
 * Variance of the slow noise, for y1 = p y1 + x and y2 = p y2 + y1 and white x of variance 1:
 * (1 + p^2) / (1 - p^2)^3.  Muscle noise is scaled by the energy of its filters' response. */
#include "simulate/noise.h"

#include <math.h>
#include <string.h>

#define TWO_PI   6.28318530717958647693
#define WHITE_MV 0.0021
#define LIMBS    3

static void slow_design(double corner_hz, double rate_hz, double *pole, double *gain)
{
    double p = exp(-TWO_PI * corner_hz / rate_hz), q = 1 - p * p;
    *pole = p;
    *gain = sqrt(q * q * q / (1 + p * p));
}

static double slow_next(secg_slow_noise *s, secg_random *random, double pole, double gain)
{
    s->first = pole * s->first + gain * secg_random_gaussian(random);
    s->second = pole * s->second + s->first;
    return s->second;
}

/* Second-order Butterworth section by the bilinear transform, its corner prewarped. */
static secg_noise_biquad butterworth(double corner_hz, double rate_hz, int high)
{
    double k = tan(0.5 * TWO_PI * corner_hz / rate_hz), root2 = sqrt(2.0);
    double norm = 1 / (1 + root2 * k + k * k), b0 = high ? norm : k * k * norm;
    return (secg_noise_biquad){.b0 = b0,
                               .b1 = high ? -2 * b0 : 2 * b0,
                               .b2 = b0,
                               .a1 = 2 * (k * k - 1) * norm,
                               .a2 = (1 - root2 * k + k * k) * norm};
}

static double filter(secg_noise_biquad *f, double x)
{
    double y = f->b0 * x + f->z1;
    f->z1 = f->b1 * x - f->a1 * y + f->z2;
    f->z2 = f->b2 * x - f->a2 * y;
    return y;
}

/* 1 / rms of what white noise of variance 1 becomes behind both filters. */
static double muscle_gain(secg_noise_biquad high, secg_noise_biquad low, double rate_hz)
{
    double energy = 0;
    for (int n = 0; n < (int)rate_hz; n++) {
        double y = filter(&low, filter(&high, n == 0 ? 1.0 : 0.0));
        energy += y * y;
    }
    return 1 / sqrt(energy);
}

static void init_electrode(secg_noise *noise, secg_noise_electrode *e)
{
    secg_random *random = &noise->random;
    e->muscle_high = butterworth(20, noise->rate_hz, 1);
    e->muscle_low = butterworth(fmin(150, 0.4 * noise->rate_hz), noise->rate_hz, 0);
    e->breath_gain = secg_random_between(random, -1, 1);
    e->motion_gain = secg_random_between(random, 0.4, 1.4);
    e->motion_phase = secg_random_between(random, 0, TWO_PI);
    e->mains_gain = secg_random_between(random, 0.5, 1.5);
    e->mains_phase = secg_random_between(random, 0, 0.8);
    e->offset_keep = exp(-1 / (0.5 * noise->rate_hz));
}

void secg_noise_init(secg_noise *noise, uint64_t seed, double rate_hz, double mains_hz,
                     double scale)
{
    memset(noise, 0, sizeof *noise);
    noise->scale = scale;
    noise->rate_hz = rate_hz;
    noise->mains_hz = mains_hz < 0.45 * rate_hz ? 0.9995 * mains_hz : 0;
    noise->edge = 1 - exp(-1 / (0.012 * rate_hz));
    slow_design(0.3, rate_hz, &noise->slow_pole, &noise->slow_gain);
    slow_design(0.08, rate_hz, &noise->drift_pole, &noise->drift_gain);
    secg_random_init(&noise->random, seed, 2);
    noise->breath_phase = secg_random_between(&noise->random, 0, TWO_PI);
    noise->mains_phase = secg_random_between(&noise->random, 0, TWO_PI);
    for (int k = 0; k < SECG_ELECTRODES; k++)
        init_electrode(noise, &noise->electrode[k]);
    noise->muscle_gain =
        muscle_gain(noise->electrode[0].muscle_high, noise->electrode[0].muscle_low, rate_hz);
}

static void jolt(secg_noise *noise, secg_noise_electrode *e, double mv, double relax_s)
{
    e->offset_mv += secg_random_uniform(&noise->random) < 0.5 ? -mv : mv;
    e->offset_keep = exp(-1 / (relax_s * noise->rate_hz));
}

void secg_noise_shift(secg_noise *noise)
{
    for (int k = 0; k < SECG_ELECTRODES; k++)
        jolt(noise, &noise->electrode[k], secg_random_between(&noise->random, 0.05, 0.4), 1.5);
}

static double advance(double phase, double hz, double rate_hz)
{
    phase += TWO_PI * hz / rate_hz;
    return phase >= TWO_PI ? phase - TWO_PI : phase;
}

/* Multiplies a level so that it comes and goes; mean square 1 for noise z of variance 1. */
static double swell(double z)
{
    return exp(0.4 * z - 0.16);
}

static double muscle(secg_noise *noise, secg_noise_electrode *e, double effort)
{
    double level_mv = 0.007 + 0.036 * effort * effort;
    double swing =
        swell(slow_next(&e->muscle_level, &noise->random, noise->slow_pole, noise->slow_gain));
    double x = noise->muscle_gain * secg_random_gaussian(&noise->random);
    return level_mv * swing * filter(&e->muscle_low, filter(&e->muscle_high, x));
}

static double wander(secg_noise *noise, secg_noise_electrode *e, double effort)
{
    double drift = slow_next(&e->drift, &noise->random, noise->drift_pole, noise->drift_gain);
    return (0.03 + 0.11 * effort) * e->breath_gain * sin(noise->breath_phase) +
           (0.04 + 0.08 * effort) * drift;
}

/* On the torso the limb electrodes move less than those of the chest. */
static double motion(secg_noise *noise, secg_noise_electrode *e, const secg_noise_drive *drive)
{
    double level =
        swell(slow_next(&e->motion_level, &noise->random, noise->slow_pole, noise->slow_gain));
    if (drive->cadence_hz <= 0)
        return 0;
    double phase = noise->motion_phase + e->motion_phase;
    return 0.050 * drive->effort * e->motion_gain * level *
           (sin(phase) + 0.5 * sin(2 * phase + e->motion_phase));
}

static double jolts(secg_noise *noise, secg_noise_electrode *e, double effort)
{
    double per_s = 0.002 + 0.014 * effort;
    if (secg_random_uniform(&noise->random) < per_s / noise->rate_hz)
        jolt(noise, e, secg_random_between(&noise->random, 0.1, 0.2 + 0.3 * effort),
             secg_random_between(&noise->random, 0.2, 0.8));
    e->offset_mv *= e->offset_keep;
    e->jolt_mv += noise->edge * (e->offset_mv - e->jolt_mv);
    return e->jolt_mv;
}

static double mains(secg_noise *noise, secg_noise_electrode *e)
{
    double swing =
        swell(slow_next(&e->mains_level, &noise->random, noise->drift_pole, noise->drift_gain));
    if (noise->mains_hz <= 0)
        return 0;
    return 0.010 * e->mains_gain * swing * sin(noise->mains_phase + e->mains_phase);
}

void secg_noise_next(secg_noise *noise, const secg_noise_drive *drive, double *mv)
{
    for (int k = 0; k < SECG_ELECTRODES; k++) {
        secg_noise_electrode *e = &noise->electrode[k];
        double limb = k < LIMBS ? 0.6 : 1.0;
        double sum = WHITE_MV * secg_random_gaussian(&noise->random);
        sum += muscle(noise, e, drive->effort) + wander(noise, e, drive->effort);
        sum += limb * motion(noise, e, drive) + jolts(noise, e, drive->effort);
        mv[k] = noise->scale * (sum + mains(noise, e));
    }
    noise->breath_phase = advance(noise->breath_phase, drive->breath_hz, noise->rate_hz);
    noise->motion_phase = advance(noise->motion_phase, drive->cadence_hz, noise->rate_hz);
    noise->mains_phase = advance(noise->mains_phase, noise->mains_hz, noise->rate_hz);
}
