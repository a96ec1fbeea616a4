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
 * the lesson, not out of the signal; it begins anew after a gap, where the electrode may have been
 * changed.
 *
 * Frequency: where mains is f + df, the complex amplitude a - j b turns by 2 pi df per second.
 * Its turn over each 50 ms, summed over the channels, moves f with a time constant of 4 s, held
 * within 1 % of nominal, and only as far as hum stands out of what noise puts into (a, b).
 *
 * Delay: none.  Settles: mu starts at 1/n, which is the least-squares fit so far, and ends at the
 * constant above: 1 % within 2 s for exact mains.  Precision: the phase is turned in double and
 * brought back to unit length every 50 ms; float amplitudes resolve 1e-7 of the hum. */
#include "dsp/mains.h"

#include "dsp/mains_loop.h"

#include <math.h>
#include <string.h>

#define TWO_PI 6.283185307179586

static const double settle_s = 1.5, slow_s = 0.25, spread_s = 2.0, first_s = 0.1;
static const double follow_s = 4.0, block_s = 0.05, reach = 0.01;
static const float spread_first_mv = 0.3f;

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

typedef double double_pair __attribute__((vector_size(16)));

/* A block of turns, each right to 1e-16, takes the length off 1 by less than a float can show. */
static void restore_length(secg_mains *m)
{
    double length = 1.5 - 0.5 * (m->cosine * m->cosine + m->sine * m->sine);
    m->cosine *= length;
    m->sine *= length;
}

static inline double_pair two_of(const float *x)
{
    return (double_pair){x[0], x[1]};
}

/* How far the amplitudes turned over the last block, and how much of that is hum: the channels two by
 * two, one after the other; what fills them up is 0. */
static void follow(secg_mains *m)
{
    double same = 0, across = 0, noise = 0;
    restore_length(m);
    for (size_t k = 0; k < m->channels; k += 2) {
        double_pair a = two_of(m->in_phase + k), b = two_of(m->quadrature + k);
        double_pair a0 = two_of(m->before_in_phase + k), b0 = two_of(m->before_quadrature + k);
        double_pair spread = two_of(m->spread + k);
        double_pair along = a * a0 + b * b0, aside = a * b0 - b * a0;
        double_pair square = spread * spread * (double)m->step;
        same = same + along[0] + along[1];
        across = across + aside[0] + aside[1];
        noise = noise + square[0] + square[1];
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

/* What four channels have learned. */
typedef struct lesson {
    secg_quad a, b, slow, spread, started;
} lesson;

static lesson recall(const secg_mains *m, size_t k)
{
    return (lesson){secg_quad_load(m->in_phase + k), secg_quad_load(m->quadrature + k),
                    secg_quad_load(m->slow + k), secg_quad_load(m->spread + k),
                    secg_quad_load(m->started + k)};
}

static void keep(secg_mains *m, size_t k, const lesson *l)
{
    secg_quad_store(m->in_phase + k, l->a);
    secg_quad_store(m->quadrature + k, l->b);
    secg_quad_store(m->slow + k, l->slow);
    secg_quad_store(m->spread + k, l->spread);
    secg_quad_store(m->started + k, l->started);
}

/* From how far y stands off its slow mean. */
static inline void learn(lesson *l, const secg_mains_phase *run, size_t n, float step_spread,
                         secg_quad d)
{
    secg_quad most = 2.0f * l->spread + SECG_MAINS_SPREAD_LEAST_MV;
    d = secg_quad_max(secg_quad_min(d, most), -most);
    l->spread += step_spread * (secg_quad_size(d) - l->spread);
    l->a += run->learn[n][0] * d;
    l->b += run->learn[n][1] * d;
}

/* Four channels of a run, any values: hum taken away, and the lesson learned. */
static void run_with_care(secg_mains *m, const secg_mains_phase *run, size_t k, const float *in,
                          float *out, size_t stride)
{
    const secg_quad gap = secg_quad_all(NAN);
    lesson l = recall(m, k);
    for (size_t n = 0; n < run->frames; n++, in += stride, out += stride) {
        secg_quad y = secg_quad_load(in) - l.a * run->now[n][0] - l.b * run->now[n][1];
        secg_quad_mask known = y - y == 0.0f, first = known & (l.started == 0.0f);
        l.slow = secg_quad_pick(first, y, l.slow);
        l.started = secg_quad_keep(known, secg_quad_all(1));
        secg_quad d = secg_quad_keep(known, y - l.slow);
        l.slow += m->step_slow * d;
        learn(&l, run, n, m->step_spread, d);
        secg_quad_store(out, secg_quad_pick(known, y, gap));
    }
    keep(m, k, &l);
}

static int is_known(const float *in, size_t frames, size_t stride, size_t lanes)
{
    secg_quad unlike_self = secg_quad_all(0);
    for (; frames > 0; frames--, in += stride)
        for (size_t k = 0; k < lanes; k += SECG_QUAD) {
            secg_quad x = secg_quad_load(in + k);
            unlike_self += x - x;
        }
    return secg_quad_all_set(unlike_self == 0.0f);
}

typedef float float_pair __attribute__((vector_size(8)));

/* Cosine and sine of each frame, and times the lesson's step, which shrinks at first. */
static void turn_over(secg_mains *m, secg_mains_phase *run)
{
    double_pair now = {m->cosine, m->sine};
    const double_pair by_cosine = {m->turn_cosine, m->turn_sine};
    const double_pair by_sine = {-m->turn_sine, m->turn_cosine};
    float step = 2 * m->step;
    for (size_t n = 0; n < run->frames; n++) {
        float_pair at = {(float)now[0], (float)now[1]}, learn = at * step;
        memcpy(run->now[n], &at, sizeof at);
        memcpy(run->learn[n], &learn, sizeof learn);
        now = (double_pair){now[0], now[0]} * by_cosine + (double_pair){now[1], now[1]} * by_sine;
        if (m->step > m->step_least) {
            m->step /= 1 + m->step;
            step = 2 * m->step;
        }
    }
    m->cosine = now[0];
    m->sine = now[1];
}

/* The leads of one column; 1: all of them known. */
static int take_column(secg_mains *m, const secg_mains_phase *run, size_t k, const float *in,
                       float *out, size_t stride)
{
    size_t left = secg_quad_filled(m->channels) - k, lanes = secg_wide_lanes(left);
    int is_plain = in != out || is_known(in, run->frames, stride, lanes);
    if (is_plain && SECG_WIDE(secg_mains_loop, left)(m, run, k, in, out, stride))
        return 1;
    for (size_t j = 0; j < lanes; j += SECG_QUAD)
        run_with_care(m, run, k + j, in + j, out + j, stride);
    return 0;
}

int secg_mains_take(secg_mains *m, const float *in, float *out, size_t frames, size_t stride)
{
    size_t filled = secg_quad_filled(m->channels);
    int known = 1;
    if (!m->active) {
        memmove(out, in, frames * stride * sizeof *in);
        return 0;
    }
    while (frames > 0) {
        secg_mains_phase run;
        run.frames = (size_t)(m->block_frames - m->frame);
        run.frames = run.frames < SECG_MAINS_RUN ? run.frames : SECG_MAINS_RUN;
        run.frames = run.frames < frames ? run.frames : frames;
        turn_over(m, &run);
        for (size_t k = 0; k < filled; k += secg_wide_lanes(filled - k))
            known &= take_column(m, &run, k, in + k, out + k, stride);
        in += run.frames * stride;
        out += run.frames * stride;
        frames -= run.frames;
        m->frame += (int)run.frames;
        if (m->frame == m->block_frames) {
            m->frame = 0;
            follow(m);
        }
    }
    return known;
}

void secg_mains_run(secg_mains *m, float *mv)
{
    secg_mains_take(m, mv, mv, 1, 0);
}

double secg_mains_hz(const secg_mains *m)
{
    return m->nominal_hz + m->offset_hz;
}
