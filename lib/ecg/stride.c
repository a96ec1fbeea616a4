/* Motion that the heart's rate has caught up with.  While strides and the heart go at different
 * rates, the levels of successive beats swing by the motion, at times t_i:
 *
 *     c(f) = sum_i u_i exp(2 pi j f t_i),     W(f) = mean over beats of exp(2 pi j f t_i),
 *
 * u as in ecg/spread.c.  A tone A cos(2 pi f t + phase) in the motion gives |c(f)| = A/2, and moves the
 * mean by up to A |W(f)|, A |W| / sqrt 2 rms.  Out of step |W| is next to nothing, and the tone can be
 * measured; in step |W| is 1 and it cannot be told from ST.  But motion goes on where the heart's rate
 * comes to pass it: the strongest tone of each average is kept, and what it may do in the present one,
 * by |W| of the present beats where that is over 0.3, widens sigma.  Times are seconds and not beats, so that a
 * tone stands still while the heart's rate runs; where that stands still, a tone as far on the other side
 * of it makes the same levels, so either is looked for.
 *
 * A tone is one where |c|^2, as a part of what the beats' own spread makes of noise, is over 4 in the
 * mean of the channels, 1 being usual and 2 the usual largest of all lines, |W| under 0.3, and no
 * multiple of the heart's rate within 0.15 Hz: a change of ST within the window leaks out beside those.
 * Lines: 0.8 .. 3.6 Hz, strides and steps of walking and running, two thirds of a resolution of 20 s apart.
 * Tones a line apart and less are one, kept at its largest.  A step is five lines, or one tone: tables
 * must not take longer for it, beats wait for them and the signal's history is short. */
#include "ecg/stride.h"

#include "ecg/stride_loop.h"

#include <stressecg/event.h>

#include <math.h>

enum { LINES = 81 };

static const float same_hz = 0.04f, first_hz = 0.8f, apart_hz = 0.035f, least_quotient = 4,
                   most_window = 0.3f, least_apart_hz = 0.15f;
static const double two_pi = 6.283185307179586;

void secg_stride_forget(secg_stride *s)
{
    for (int i = 0; i < SECG_STRIDE_TONES; i++)
        s->tone[i].sample = SECG_NO_SAMPLE;
}

/* exp(2 pi j f t) at the time of a beat, and so is the turn from a line to the next. */
static void turn_at(const secg_spread *s, int beat, float hz, float *turn)
{
    const secg_average *a = s->average;
    double t = (double)(a->chosen[0]->sample - a->chosen[beat]->sample) / a->grid.input_rate_hz;
    double turns = (double)hz * t;
    float angle = (float)(two_pi * (turns - floor(turns)));
    turn[0] = cosf(angle);
    turn[1] = sinf(angle);
}

void secg_stride_begin(secg_stride *s, int64_t sample, const secg_spread *spread)
{
    s->spread = spread;
    s->line = 0;
    s->most = least_quotient;
    s->now = (secg_stride_tone){.sample = sample};
    for (int i = 0; i < spread->average->count; i++) {
        float turn[2], step[2];
        turn_at(spread, i, first_hz, turn);
        turn_at(spread, i, apart_hz, step);
        s->turn[0][i] = turn[0], s->turn[1][i] = turn[1];
        s->step[0][i] = step[0], s->step[1][i] = step[1];
    }
}

/* |W| at one of the lines looked at. */
static float window_of(const secg_stride *s, const float *cosine, const float *sine)
{
    float re = 0, im = 0;
    int beats = s->spread->average->count;
    for (int i = 0; i < beats; i++) {
        re += cosine[i];
        im += sine[i];
    }
    return hypotf(re, im) / (float)beats;
}

/* Mean over the channels of |c|^2 by what it would be in noise without any tone. */
static float quotient(const secg_spread *s, const float *square)
{
    float sum = 0, channels = 0;
    for (size_t k = 0; k < s->leads; k++) {
        const secg_lead_source *lead = &s->lead[k];
        float alone = s->product[0][0][k];
        if (lead->channel < 0 || !(alone > 0))
            continue;
        sum += square[lead->channel] / alone;
        channels++;
    }
    return channels > 0 ? sum / channels : 0;
}

/* The multiple of the heart's rate that is nearest. */
static float nearest_hz(const secg_spread *s, float hz)
{
    float heart_hz = (float)(s->average->grid.input_rate_hz / s->rr_frames);
    return heart_hz * roundf(hz / heart_hz);
}

/* |c|^2 of each channel, and |W|. */
static void try_line(secg_stride *s, const float *square, float window)
{
    float hz = first_hz + apart_hz * (float)s->line++;
    float strength = quotient(s->spread, square), heart_hz = nearest_hz(s->spread, hz);
    if (!(strength > s->most) || !(window < most_window) || fabsf(hz - heart_hz) < least_apart_hz)
        return;
    s->most = strength;
    s->now.hz = hz;
    s->now.image_hz = 2 * heart_hz - hz;
    for (size_t k = 0; k < s->spread->average->grid.stride; k++)
        s->now.counts[k] = (int16_t)fminf(32767, 2 * sqrtf(square[k]) / SECG_GRID_MV);
}

/* In the place of the same tone, else of the oldest. */
static void keep_tone(secg_stride *s)
{
    secg_stride_tone *place = s->tone, *now = &s->now;
    for (int i = 0; i < SECG_STRIDE_TONES; i++) {
        secg_stride_tone *t = &s->tone[i];
        if (t->sample != SECG_NO_SAMPLE && fabsf(t->hz - now->hz) < same_hz) {
            for (size_t k = 0; k < SECG_STRIDE_MAX; k++)
                now->counts[k] = t->counts[k] > now->counts[k] ? t->counts[k] : now->counts[k];
            place = t;
            break;
        }
        place = t->sample < place->sample ? t : place;
    }
    *place = *now;
}

int secg_stride_step(secg_stride *s)
{
    secg_stride_turns lines;
    float square[SECG_STRIDE_LINES][SECG_STRIDE_MAX];
    size_t stride = s->spread->average->grid.stride, beats = (size_t)s->spread->average->count;
    for (size_t i = 0; i < beats; i += secg_wide_lanes(SECG_AVERAGE_BEATS - i))
        SECG_WIDE(secg_stride_turn_loop, SECG_AVERAGE_BEATS - i)(s, i, lines);
    for (size_t k = 0; k < stride; k += secg_wide_lanes(stride - k))
        SECG_WIDE(secg_stride_line_loop, stride - k)
    (s->spread->moved + k, beats, stride, lines, square[0] + k);
    for (int l = 0; l < SECG_STRIDE_LINES && s->line < LINES; l++)
        try_line(s, square[l], window_of(s, lines[l][0], lines[l][1]));
    if (s->line < LINES)
        return 0;
    if (s->now.hz > 0)
        keep_tone(s);
    return 1;
}

static float window_at(const secg_spread *s, float hz)
{
    float re = 0, im = 0, turn[2];
    int beats = s->average->count;
    for (int i = 0; i < beats; i++) {
        turn_at(s, i, hz, turn);
        re += turn[0];
        im += turn[1];
    }
    return hypotf(re, im) / (float)beats;
}

static float lead_mv(const secg_stride_tone *t, const secg_lead_source *l)
{
    float counts = l->channel >= 0 ? (float)t->counts[l->channel]
                                   : hypotf(l->from_i * (float)t->counts[l->channel_i],
                                            l->from_ii * (float)t->counts[l->channel_ii]);
    return counts * SECG_GRID_MV;
}

void secg_stride_widen(const secg_stride *stride, int tone, int64_t from, secg_spread *s)
{
    const secg_stride_tone *t = &stride->tone[tone];
    if (t->sample == SECG_NO_SAMPLE || t->sample < from)
        return;
    float window = fmaxf(window_at(s, t->hz), window_at(s, t->image_hz));
    if (!(window > most_window))
        return;
    for (size_t k = 0; k < s->leads; k++)
        s->locked[0][k] =
            fmaxf(s->locked[0][k], (float)sqrt(0.5) * window * lead_mv(t, &s->lead[k]));
}
