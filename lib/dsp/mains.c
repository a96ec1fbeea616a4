/* Mains hum taken away by subtracting it: an adaptive sinusoid for each channel, one frequency for
 * all.
 *
 *     hum_k[n] = a_k cos(theta_n) + b_k sin(theta_n),    theta_n = theta_{n-1} + 2 pi f / fs
 *     y_k = x_k - hum_k,    d_k = clip(y_k - slow_k),    (a_k, b_k) += 2 mu d_k (cos, sin)
 *
 * Why this and not a notch: with constant mu the two are the same filter (Widrow et al. 1975, a
 * notch of half width mu fs / 2 pi Hz), but here the step of a QRS can be limited before it
 * teaches.  d is clipped at twice its own mean size, so a QRS of 2 mV over 50 uV of noise
 * enters as 0.10 mV for 80 ms: with the time constant of 1.5 s it moves the hum by at most
 * 2 * 0.10 * 0.08 / 1.5 = 11 uV if it were all mains, and by the few per cent that a QRS holds at
 * 50 Hz, under 1 uV, in fact.  slow_k (one pole, 0.25 s) keeps electrode offset and wander out of
 * the lesson, not out of the signal.
 *
 * Frequency: where mains is f + df, the complex amplitude a - j b turns by 2 pi df per second.
 * Its turn over each 50 ms, summed over the channels, moves f with a time constant of 4 s, held
 * within 1 % of nominal, and only as far as hum stands out of what noise puts into (a, b).
 *
 * Delay: none.  Settles: mu starts at 1/n, which is the least-squares fit so far, and ends at the
 * constant above: 1 % within 2 s for exact mains.  Precision: the phase is turned in double and
 * brought back to unit length at each frame; float amplitudes resolve 1e-7 of the hum. */
#include "dsp/mains.h"

#include "base/quad.h"

#include <math.h>
#include <string.h>

#define TWO_PI 6.283185307179586

static const double settle_s = 1.5, slow_s = 0.25, spread_s = 2.0, first_s = 0.1;
static const double follow_s = 4.0, block_s = 0.05, reach = 0.01;
static const float spread_first_mv = 0.3f, spread_least_mv = 0.002f;

static void turn_at(secg_mains *m)
{
    double turn = TWO_PI * (m->nominal_hz + m->offset_hz) / m->rate_hz;
    m->turn_cosine = cos(turn);
    m->turn_sine = sin(turn);
}

void secg_mains_init(secg_mains *m, double rate_hz, size_t channels, double mains_hz)
{
    *m = (secg_mains){.channels = channels, .rate_hz = rate_hz, .nominal_hz = mains_hz};
    m->active = mains_hz > 0 && mains_hz * (1 + reach) < 0.48 * rate_hz;
    if (!m->active)
        return;
    m->cosine = 1;
    m->step_slow = (float)-expm1(-1 / (slow_s * rate_hz));
    m->step_spread = (float)-expm1(-1 / (spread_s * rate_hz));
    m->step_least = (float)(1 / (settle_s * rate_hz));
    m->step = (float)(1 / (first_s * rate_hz));
    m->block_frames = (int)ceil(block_s * rate_hz);
    for (size_t k = 0; k < channels; k++)
        m->spread[k] = spread_first_mv;
    turn_at(m);
}

static void turn(secg_mains *m)
{
    double c = m->cosine * m->turn_cosine - m->sine * m->turn_sine;
    double s = m->sine * m->turn_cosine + m->cosine * m->turn_sine;
    double length = 1.5 - 0.5 * (c * c + s * s);
    m->cosine = c * length;
    m->sine = s * length;
}

/* How far the amplitudes turned over the last block, and how much of that is hum. */
static void follow(secg_mains *m)
{
    double same = 0, across = 0, noise = 0;
    for (size_t k = 0; k < m->channels; k++) {
        double a = m->in_phase[k], b = m->quadrature[k];
        double a0 = m->before_in_phase[k], b0 = m->before_quadrature[k];
        same += a * a0 + b * b0;
        across += a * b0 - b * a0;
        noise += (double)m->spread[k] * m->spread[k] * m->step;
    }
    memcpy(m->before_in_phase, m->in_phase, sizeof m->in_phase);
    memcpy(m->before_quadrature, m->quadrature, sizeof m->quadrature);
    if (!(same > 0))
        return;
    double turned_hz = atan2(across, same) * m->rate_hz / (TWO_PI * m->block_frames);
    double trust = same / (same + 20 * noise);
    double offset = m->offset_hz + turned_hz * trust * block_s / follow_s;
    double most = reach * m->nominal_hz;
    m->offset_hz = fmin(fmax(offset, -most), most);
    turn_at(m);
}

/* Four channels: hum taken away in place, and the lesson learned. */
static void run_quad(secg_mains *m, size_t k, float *mv)
{
    secg_quad c = secg_quad_all((float)m->cosine), s = secg_quad_all((float)m->sine);
    secg_quad a = secg_quad_load(m->in_phase + k), b = secg_quad_load(m->quadrature + k);
    secg_quad slow = secg_quad_load(m->slow + k), spread = secg_quad_load(m->spread + k);
    secg_quad started = secg_quad_load(m->started + k);
    secg_quad y = secg_quad_load(mv) - a * c - b * s;
    secg_quad_mask known = y == y, first = known & (started == 0.0f);
    slow = secg_quad_pick(first, y, slow);
    started = secg_quad_pick(known, secg_quad_all(1), started);
    secg_quad d = secg_quad_keep(known, y - slow);
    slow += m->step_slow * d;
    secg_quad most = 2.0f * spread + spread_least_mv;
    d = secg_quad_pick(d > most, most, secg_quad_pick(d < -most, -most, d));
    spread += m->step_spread * (secg_quad_pick(d < 0.0f, -d, d) - spread);
    secg_quad_store(m->in_phase + k, a + 2 * m->step * c * d);
    secg_quad_store(m->quadrature + k, b + 2 * m->step * s * d);
    secg_quad_store(m->slow + k, slow);
    secg_quad_store(m->spread + k, spread);
    secg_quad_store(m->started + k, started);
    secg_quad_store(mv, y);
}

void secg_mains_run(secg_mains *m, float *mv)
{
    if (!m->active)
        return;
    for (size_t k = 0; k < m->channels; k += SECG_QUAD)
        run_quad(m, k, mv + k);
    turn(m);
    if (m->step > m->step_least)
        m->step /= 1 + m->step;
    if (++m->frame == m->block_frames) {
        m->frame = 0;
        follow(m);
    }
}

double secg_mains_hz(const secg_mains *m)
{
    return m->nominal_hz + m->offset_hz;
}
